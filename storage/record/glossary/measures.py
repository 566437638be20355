"""The sentences of the Problems of measures, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "PREVIOUS_NOT_RECHECKED": (
        "上一次检查发现的问题还有 {count} 项没有核实（{article}）。",
        "{count} findings of earlier inspections were not looked at again ({article}).",
    ),
    "MEASURE_KIND_UNKNOWN": (
        "{day} 的法律没有“{kind}”这一措施，法无授权不可为（实施意见三（十四）1）。",
        "The law of {day} gives no measure {kind} (policy 三(十四)1).",
    ),
    "MEASURE_CONFLICT": (
        "该编号已用于其他措施；什么也没有改变。",
        "The id is taken by another measure; nothing was changed.",
    ),
    "MEASURE_STEP_CONFLICT": (
        "该编号已用于其他步骤；什么也没有改变。",
        "The id of the step is taken by other content; nothing was changed.",
    ),
    "MEASURE_WITHOUT_FINDING": (
        "措施应当针对检查发现的问题隐患（{article}）。",
        "A measure answers what a check found ({article}).",
    ),
    "FINDING_OF_ANOTHER_MINE": (
        "问题隐患 {finding} 不是该煤矿的，或者尚未上传（煤矿安全生产条例第四十四条）。",
        "Finding {finding} is not of this mine, or not known yet (条例 Art. 44).",
    ),
    "TERM_MISSING": (
        "责令限期改正应当写明期限（煤矿安全生产条例第四十四条第一款第二项）。",
        "An order to correct by a term names the term (条例 Art. 44(2)).",
    ),
    "STOP_WITHOUT_DECISION": (
        "停产整顿是行政处罚，应当写明处罚决定书文号（行政处罚法第六十三条、煤矿安全生产条例第六十四条）。",
        "A stop to rectify is a penalty and names its decision (行政处罚法 Art. 63, 条例 Art. 64).",
    ),
    "CUT_CONDITION_MISSING": (
        "不具备停止供电、停止供应民用爆炸物品的条件：{condition}（安全生产法第七十条）。",
        "What 安全生产法 Art. 70 asks for is not there: {condition}.",
    ),
    "STEP_NOT_OF_THIS_MEASURE": (
        "“{kind}”没有这一步骤：{step}（煤矿安全生产条例第四十四条、安全生产法第六十五条）。",
        "A measure of the kind {kind} has no step {step} (条例 Art. 44, 安法 Art. 65).",
    ),
    "MEASURE_ENDED": (
        "该措施已经了结（{state}），不能再作决定（行政强制法第二十八条、煤矿安全生产条例第四十五条）。",
        "The measure has ended ({state}); nothing more is decided in it (强制法 Art. 28, 条例 Art. 45).",
    ),
    "MEASURE_RESTS_ON_DEFECT": (
        "措施的欠缺尚未补正，不得据以作出决定（{article}）。",
        "The order lacks what the law asks for, and nothing rests on it before ({article}).",
    ),
    "MEASURE_APPROVAL_LACKING": (
        "未经机关负责人批准（{article}）。",
        "The head of the agency has not approved it ({article}).",
    ),
    "MEASURE_APPROVAL_GIVEN": (
        "负责人已经作出决定（行政强制法第十八条）。",
        "The head has decided on it before (强制法 Art. 18).",
    ),
    "APPROVED_BY_THE_OFFICER": (
        "作出或者确认措施的执法人员不得自己批准（行政强制法第十八条）。",
        "Whoever ordered or confirmed it does not approve it (强制法 Art. 18).",
    ),
    "HEAD_COUNT_NOT_ZERO": (
        "井下清点人数为 {below}，不为零不得解除撤人命令（煤矿安全生产条例第四十四条）。",
        "The head count below is {below}: a withdrawal is not lifted before it is zero (条例 Art. 44).",
    ),
    "MEASURE_NOT_CORRECTED": (
        "没有两人签字、认定已整改的复查意见（{article}）。",
        "No re-check signed by two officers found it corrected ({article}).",
    ),
    "MEASURE_SECOND_OFFICER_NEEDED": (
        "应当由另一名执法人员签字（行政处罚法第四十二条）。",
        "Another officer signs (行政处罚法 Art. 42).",
    ),
    "FOLLOWER_NOT_OF_THE_COUNTY": (
        "专人 {account} 应当是县级监管部门的在职人员（实施意见三（十一）1）。",
        "The follower, {account}, must be an open account of the county's department (policy 三(十一)1).",
    ),
    "HANDED_ON_WITHOUT_REASON": (
        "更换专人应当说明原因并移交（实施意见三（十一）1）。",
        "Handing it on to another takes a reason (policy 三(十一)1).",
    ),
    "EXTENSION_NOT_ASKED": (
        "煤矿没有待决定的延期申请（煤矿安全生产条例第四十四条）。",
        "The mine asked for no extension that is undecided (条例 Art. 44).",
    ),
    "EXTENSION_SHORTENS": (
        "延期后的最后一日应当晚于 {ends}（煤矿安全生产条例第四十四条）。",
        "The new last day must be later than {ends} (条例 Art. 44).",
    ),
    "GOODS_HELD_TOO_LONG": (
        "查封扣押期满前可以延长一次，最迟至 {latest}（行政强制法第二十五条）。",
        "Goods are held longer once, before the term is over, until {latest} at most (强制法 Art. 25).",
    ),
    "MEASURE_GROUND_MISSING": (
        "应当写明理由（行政强制法第二十五条、第二十八条）。",
        "The ground is stated (强制法 Arts. 25, 28).",
    ),
    "MINE_NOT_NOTIFIED": (
        "停止供电应当提前二十四小时通知煤矿（安全生产法第七十条）。",
        "The mine is told of the power cut 24 hours before (安法 Art. 70).",
    ),
    "CUT_TOO_EARLY": (
        "最早 {earliest} 方可停止供电（安全生产法第七十条、行政强制法第四十三条）。",
        "Power is not cut before {earliest} (安法 Art. 70, 强制法 Art. 43).",
    ),
    "RESTART_NOT_ASKED": (
        "煤矿没有待验收的恢复生产申请（煤矿安全生产条例第四十八条）。",
        "The mine has not applied to restart (条例 Art. 48).",
    ),
    "ACCEPTANCE_NOT_PASSED": (
        "最近一次恢复生产申请没有验收合格（煤矿安全生产条例第四十八条）。",
        "No acceptance of the latest application was passed (条例 Art. 48).",
    ),
    "SIGNATURE_OUT_OF_ORDER": (
        "三方依次签字，不得跳过，现在应当由 {next} 签（煤矿安全生产条例第四十八条）。",
        "Three sign in order; the next is {next} (条例 Art. 48).",
    ),
    "SIGNED_BY_ONE_PERSON_TWICE": (
        "同一人不得签两次（煤矿安全生产条例第四十八条）。",
        "Nobody signs twice (条例 Art. 48).",
    ),
    "WRONG_HAND": (
        "这一步骤应当由 {hand} 作出（{article}）。",
        "This step is for {hand} to take ({article}).",
    ),
    "HAZARD_NOT_MAJOR": (
        "只有重大事故隐患才督办、移交（煤矿安全生产条例第四十五条、第五十四条）。",
        "Only major hazards are supervised and handed over (条例 Arts. 45, 54).",
    ),
    "SUPERVISION_LEVEL_UNKNOWN": (
        "{day} 没有“{level}”这一督办级别（煤矿安全生产条例第四十五条）。",
        "There is no level of supervision {level} on {day} (条例 Art. 45).",
    ),
    "SUPERVISED_BEFORE": (
        "已按这一级别督办（煤矿安全生产条例第四十五条）。",
        "It is supervised at this level (条例 Art. 45).",
    ),
    "HAZARD_NOT_SUPERVISED": (
        "重大事故隐患应当先纳入督办，方可销号（煤矿安全生产条例第四十五条）。",
        "A major hazard is closed out only from under supervision (条例 Art. 45).",
    ),
    "HANDED_OVER_BEFORE": (
        "已经移交或者签收（实施意见三（三）3）。",
        "It was handed over or received before (policy 三(三)3).",
    ),
    "NOT_HANDED_OVER": ("没有移交，无从签收（实施意见三（三）3）。", "Nothing was handed over (policy 三(三)3)."),
    "RECEIVED_BY_THE_GIVER": (
        "移交人不得自己签收（实施意见三（三）3）。",
        "Whoever handed it over does not receive it (policy 三(三)3).",
    ),
    "HANDOVER_NOT_RECEIVED": (
        "监管部门尚未签收移交（煤矿安全生产条例第五十四条、实施意见三（三）3）。",
        "The department has not receipted the hand-over (条例 Art. 54, policy 三(三)3).",
    ),
    "HAZARD_NOT_TRACKED": (
        "已满一个月未跟踪调度（实施意见三（三）3）。",
        "A month has passed and nobody tracked it (policy 三(三)3).",
    ),
    "NOT_VERIFIED_ON_SITE": (
        "销号前应当现场核查：两名执法人员、井下、有证据、在复查之后（实施意见三（三）3）。",
        "Close-out takes a verification on site after the re-check: two officers, underground, evidence (三(三)3).",
    ),
}
