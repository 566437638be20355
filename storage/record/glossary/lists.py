"""The sentences of the Problems of lists and figures."""

SENTENCES: dict[str, tuple[str, str]] = {
    "LIST_TAKES_TWO": (
        "起草人不能审批自己起草的名单，须由另一人办理。",
        "Whoever drafted a list does not decide it: another person does.",
    ),
    "LIST_DECIDED": ("该版本已经审批。", "This version was decided before."),
    "LIST_OVERTAKEN": (
        "第 {version} 版已经公布，请重新起草。",
        "Version {version} was published meanwhile; draft it anew.",
    ),
    "LIST_OF_ANOTHER_LEVEL": (
        "“{kind}”由省级汇总公布，或者所选机关有误。",
        "“{kind}” is the province's to publish, or no agency keeps it for that place.",
    ),
    "PERIOD_NOT_OVER": (
        "统计期间至 {until} 尚未结束。",
        "The period lasts until {until} and is not over.",
    ),
}
