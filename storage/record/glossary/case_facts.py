"""The sentences of who stands for what was kept in a case, and who sets it aside."""

SENTENCES: dict[str, tuple[str, str]] = {
    "CONFIRMED_BY_ANOTHER": (
        "只有参与该步骤或者承办案件而尚未确认的执法人员本人可以确认（{article}）。",
        "Only an officer of the step or of the team who has not confirmed it yet confirms it ({article}).",
    ),
    "SET_ASIDE_BY_ENTERER": (
        "录入该步骤的人员不得认定其当时没有收到（{article}）。",
        "Whoever entered that it was received does not set it aside ({article}).",
    ),
}
