"""The sentences of the Problems of inspections, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "TOO_FEW_OFFICERS": (
        "执法人员只有 {officers} 人，不得少于 {needed} 人（行政处罚法第四十二条）。",
        "{officers} officers are too few: at least {needed} inspect together (行政处罚法 Art. 42).",
    ),
    "OFFICER_UNKNOWN": (
        "找不到执法人员 {account}，或者其账号已经关闭。",
        "There is no officer {account} that you may see, or the account is closed.",
    ),
    "OFFICER_WITHOUT_COMPETENCE": (
        "{account} 不是对该煤矿有管辖权的执法人员（{article}）。",
        "{account} is no officer who is competent for this mine ({article}).",
    ),
    "CERTIFICATE_NOT_VALID": (
        "{account} 在 {day} 没有有效的行政执法证件（{article}）。",
        "{account} holds no enforcement certificate that is valid on {day} ({article}).",
    ),
    "LEAD_NOT_AMONG_OFFICERS": (
        "带队负责人不在执法人员之中（实施意见三（十四）4）。",
        "The lead is not one of the officers (policy 三(十四)4).",
    ),
    "LEAD_WITHOUT_ROLE": (
        "{account} 没有带队负责人的角色（实施意见三（十四）4）。",
        "{account} does not hold the role of a lead officer (policy 三(十四)4).",
    ),
    "OPENER_NOT_AMONG_OFFICERS": (
        "只有参加检查的执法人员才能开启检查（行政处罚法第四十二条）。",
        "Only one of the inspecting officers opens an inspection (行政处罚法 Art. 42).",
    ),
    "BASIS_NOT_STATED": (
        "未写明检查依据：计划检查写明计划文号，非计划检查写明理由，不少于 {least} 个字（实施意见三（十四）1）。",
        "The basis is not stated: the plan or the reason, in {least} characters or more (policy 三(十四)1).",
    ),
    "PLACES_NOT_STATED": (
        "至少写明一处检查地点，每处都有名称（安全生产法第六十八条）。",
        "State at least one place, each with its name (安全生产法 Art. 68).",
    ),
    "MINE_CLOSED": (
        "该煤矿已经关闭，不列入年度监督检查计划（对煤矿安全生产条例第四十三条的理解）；有理由的检查仍可开启。",
        "This mine is closed and in no plan (our reading of 煤矿安全生产条例 Art. 43): only one with a reason opens.",
    ),
    "INSPECTION_CONFLICT": (
        "该编号的检查已有其他内容，请使用新的编号。",
        "An inspection of this id already holds other content; use a new id.",
    ),
    "NOT_AN_OFFICER": (
        "只有本次检查的执法人员才能加入检查、开启或结束记录（行政处罚法第四十二条）。",
        "Only officers of this inspection join it, open its recordings and close them (行政处罚法 Art. 42).",
    ),
    "DEVICE_OF_ANOTHER_OFFICER": (
        "该设备已由另一名执法人员用于本次检查，每人使用自己的设备。",
        "Another officer is using this device in this inspection; each uses his own.",
    ),
    "ALREADY_JOINED": (
        "您已用另一台设备加入该检查。",
        "You have already joined this inspection on another device.",
    ),
}
