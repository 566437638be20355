"""The sentences of the Problems of a commitment's clauses."""

SENTENCES: dict[str, tuple[str, str]] = {
    "BOUND_IN_ANOTHER_UNIT": (
        "承诺条款“{title}”的单位是“{unit}”，应为“{wanted}”，无法比较宽严（实施意见三（六）1）。",
        "The clause “{title}” is counted in “{unit}” where “{wanted}” is asked for, so that they cannot be compared"
        " (policy 三(六)1).",
    ),
    "LOOSER_THAN_THE_TEMPLATE": (
        "承诺条款“{title}”比现行条款宽松；企业只能高于、不能低于（实施意见三（四）2）。",
        "The clause “{title}” asks for less than the one that stands; a company may promise more, never less"
        " (policy 三(四)2).",
    ),
    "YEAR_OVER": (
        "{year} 年已经结束，不能再作出该年度的承诺（实施意见三（六）2）。",
        "The year {year} is over, and nobody promises what is past (policy 三(六)2).",
    ),
    "TEMPLATE_NOT_APPROVED": (
        "{year} 年的承诺模板尚未批准（实施意见三（六）1）。",
        "No template of commitments is approved for {year} yet (policy 三(六)1).",
    ),
    "TEMPLATE_DECIDED": (
        "该版本已经批准或者退回，不再变更；需要修改的，另行起草新版本。",
        "This version was approved or rejected before and is never changed; another version says something else.",
    ),
    "TEMPLATE_OVERTAKEN": (
        "该年度已批准第 {version} 版，不能再批准更早的版本。",
        "Version {version} of the year is approved; an earlier one would never hold.",
    ),
    "CLAUSE_DECIDED": (
        "该条款已经采纳或者退回，不再变更。",
        "This clause was adopted or rejected before and is never changed.",
    ),
    "CLAUSE_OVERTAKEN": (
        "起草之后，本矿已采纳同一条款的另一稿；请对照现行条款重新起草。",
        "Another draft of this clause was adopted since this one was made; draft it anew against that.",
    ),
    "PROMISE_TAKES_TWO": (
        "起草的人不能自己决定，须由另一人决定。",
        "Whoever drafted it may not decide it: another person does.",
    ),
}
