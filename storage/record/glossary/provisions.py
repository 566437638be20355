"""The sentences of the Problems of provisions."""

SENTENCES: dict[str, tuple[str, str]] = {
    "PARAMETER_UNKNOWN": (
        "没有哪条规则使用“{key}”这一数值，录入不会产生效果。",
        "No rule asks for a parameter called {key}: entered, it would change nothing.",
    ),
    "NOTHING_TO_END": (
        "该日没有名为“{key}”的事项，无可废止。",
        "Nothing called {key} stands on that day, so there is nothing to end.",
    ),
    "PROVISION_DECIDED": (
        "该修订已经审定；要再改，请另行起草。",
        "This draft was decided before; draft another to change it again.",
    ),
    "DECIDED_BY_THE_DRAFTER": (
        "起草人不得审定自己起草的修订，须由另一人审定。",
        "Whoever drafted it may not decide it: a second person does.",
    ),
}
