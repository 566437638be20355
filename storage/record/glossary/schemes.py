"""The sentences of the Problems of inspection schemes, each with its article, and of what was not prepared."""

SENTENCES: dict[str, tuple[str, str]] = {
    "SCHEME_CONFLICT": ("该编号已用于另一份检查方案。", "The id is taken by another scheme."),
    "ITEM_OUTSIDE_POWERS": (
        "权责清单在 {day} 没有 {power} 这一事项，不得检查（实施意见三（十四）1）。",
        "The powers-and-duties list has no {power} on {day}: nothing outside it is checked (policy 三(十四)1).",
    ),
    "ITEM_OF_NOBODY": (
        "检查内容分给了 {account}，他不是检查组成员（实施意见三（十四）4）。",
        "An item is allotted to {account}, who is not of the team (policy 三(十四)4).",
    ),
    "DRAFTER_NOT_OF_THE_TEAM": (
        "检查方案由检查组成员拟订（实施意见三（十四）4）。",
        "A scheme is drafted by a member of the team that carries it out (policy 三(十四)4).",
    ),
    "SCHEME_ONE_SIDED": (
        "检查方案缺少：{missing}。查资料和查作业场所、定性和定量、井上和井下应当结合（实施意见三（十四）3）。",
        "The scheme lacks {missing}: papers and places, kind and measure, surface and underground belong together"
        " (policy 三(十四)3).",
    ),
    "TOO_MANY_CHECKS": (
        "{year} 年对该煤矿的检查已达 {count} 次（含已安排），上限 {most} 次，不能再安排计划检查（{article}）。",
        "The mine has {count} checks in {year}, scheduled ones among them; the cap is {most}, so no further planned"
        " check is scheduled ({article}).",
    ),
    "NOT_THE_LEAD": (
        "检查方案由带队负责人审定（实施意见三（十四）4）。",
        "Only the lead of the team approves its scheme (policy 三(十四)4).",
    ),
    "SCHEME_NEEDS_TWO_PEOPLE": (
        "带队负责人不能审定自己拟订的方案，应由其他成员拟订（实施意见三（十四）4）。",
        "The lead approves what another member drafted, never his own draft (policy 三(十四)4).",
    ),
    "SCHEME_DECIDED": ("该检查方案已经审定或者退回。", "The scheme was approved or returned before."),
    "SCHEME_NOT_APPROVED": (
        "该检查方案尚未审定，不能据以开始检查（实施意见三（十四）4）。",
        "The scheme is not approved, so no inspection is opened by it (policy 三(十四)4).",
    ),
    "SCHEME_CARRIED_OUT": (
        "该检查方案或者该次检查已经另有对应。",
        "The scheme belongs to an inspection already, or the inspection to a scheme.",
    ),
    "NOT_YOUR_ITEM": (
        "该检查内容由分工的执法人员负责（实施意见三（十四）4）。",
        "The officer to whom an item is allotted answers for it, and nobody else (policy 三(十四)4).",
    ),
    "ITEM_ANSWERED": ("该检查内容已经答复，内容不同。", "The item was answered before, otherwise."),
    "LAW_TALK_CONFLICT": ("该编号已用于另一次普法宣传。", "The id is taken by another law talk."),
    "SCHEME_MISSING": (
        "本次检查没有检查方案（实施意见三（十四）2、4）。",
        "This inspection has no scheme (policy 三(十四)2, 4).",
    ),
    "SCHEME_NOT_YET_APPROVED": (
        "本次检查的方案没有审定（实施意见三（十四）4）。",
        "The scheme of this inspection is not approved (policy 三(十四)4).",
    ),
    "SCHEME_APPROVED_LATE": (
        "本次检查的方案在检查开始之后才审定（实施意见三（十四）4）。",
        "The scheme of this inspection was approved after the inspection was opened (policy 三(十四)4).",
    ),
    "SCHEME_SIDE_MISSING": (
        "检查方案没有覆盖全部方面（实施意见三（十四）3）。",
        "The scheme does not cover all sides (policy 三(十四)3).",
    ),
    "LAW_TALK_MISSING": (
        "本次检查没有普法宣传记录（实施意见三（十二）1）。",
        "No law talk is recorded for this inspection (policy 三(十二)1).",
    ),
    "LAW_TALK_SHORT": (
        "普法宣传不足半小时（实施意见三（十二）1）。",
        "The law talk was shorter than half an hour (policy 三(十二)1).",
    ),
}
