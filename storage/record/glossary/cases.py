"""The sentences of the Problems of cases, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "STEP_IN_FUTURE": ("步骤的时间晚于现在（{article}）。", "The step lies in the future ({article})."),
    "STEP_BACKDATED": (
        "执法行为的时间早于前一执法行为，或者不是当下作出（{article}）。",
        "An act of law cannot be dated before the one that stands before it ({article}).",
    ),
    "STEP_UNKNOWN": (
        "所引用的步骤不在本案之中，或者种类不符（{article}）。",
        "The step that is named is not of this case, or of another kind ({article}).",
    ),
    "PARTY_NOT_OF_CASE": ("未指明本案当事人（{article}）。", "The step names no party of this case ({article})."),
    "CONDUCT_NOT_OF_CASE": (
        "未指明本案的违法行为（{article}）。",
        "The step names no conduct of this case ({article}).",
    ),
    "NOT_STATED": ("缺少法定内容：{part}（{article}）。", "What the law asks for is not stated: {part} ({article})."),
    "CASE_NOT_PROPOSED": ("尚未呈批立案（{article}）。", "The case has not been proposed ({article})."),
    "CASE_ALREADY_OPEN": ("本案已经呈批或者已有立案决定（{article}）。", "The case is open already ({article})."),
    "CASE_NOT_REGISTERED": ("尚未立案（{article}）。", "The case is not registered ({article})."),
    "CASE_ENDED": (
        "案件已经结案，只再记录事实（{article}）。",
        "The case is closed; only facts are still kept ({article}).",
    ),
    "LIMITATION_OVER": (
        "违法行为终了于 {ended}，追究时效至 {last}，发现时已过时效（{article}）。",
        "The conduct ended on {ended}; limitation ran out on {last}, before it was discovered ({article}).",
    ),
    "OFFICERS_TOO_FEW": (
        "执法人员 {officers} 人，不得少于 {needed} 人（{article}）。",
        "{officers} officers are too few: at least {needed} act together ({article}).",
    ),
    "OFFICER_NOT_CERTIFIED": (
        "{account} 当日没有有效的行政执法证件（{article}）。",
        "{account} holds no certificate that is valid on the day ({article}).",
    ),
    "PIECE_UNKNOWN": (
        "证据 {piece} 不属于该煤矿，或者您看不到（{article}）。",
        "The piece {piece} is not of this mine, or you do not see it ({article}).",
    ),
    "PIECE_OF_ANOTHER_KIND": (
        "证据 {piece} 不是所称的 {medium}（{article}）。",
        "The piece {piece} is not {medium} ({article}).",
    ),
    "HEAD_UNKNOWN": ("{account} 不是机关负责人（{article}）。", "{account} is no head of the agency ({article})."),
    "RECUSAL_OF_ONESELF": (
        "被申请回避的人不能决定自己的回避（{article}）。",
        "Nobody decides on his own recusal ({article}).",
    ),
    "RECUSAL_ALREADY_DECIDED": ("该回避申请已有决定（{article}）。", "The recusal was decided before ({article})."),
    "DEFECT_UNKNOWN": ("该步骤没有这一未补正的瑕疵（{article}）。", "The step has no such open defect ({article})."),
    "NO_SUCH_FACT": ("该步骤不是可以排除的证据（{article}）。", "What is to be set aside is no fact ({article})."),
    "KEEPING_NOT_APPROVED": (
        "先行登记保存未经负责人批准（{article}）。",
        "Registering and keeping evidence needs the head's approval ({article}).",
    ),
    "KEEPING_NOT_LISTED": (
        "未当场交付先行登记保存清单（{article}）。",
        "The list of what is kept was not handed over ({article}).",
    ),
    "KEEPING_ALREADY_DECIDED": (
        "先行登记保存的证据已有处理决定（{article}）。",
        "What becomes of it was decided before ({article}).",
    ),
    "SEIZURE_NOT_APPROVED": (
        "查封、扣押未经负责人批准，也不属情况紧急（{article}）。",
        "A seizure that is not urgent needs the head's approval first ({article}).",
    ),
    "SEIZURE_FLAWED": (
        "查封、扣押未当场告知、交付决定书和清单或者制作笔录：{part}（{article}）。",
        "A seizure lacks what must be done on the spot: {part} ({article}).",
    ),
    "APPROVAL_TOO_LATE": (
        "紧急查封、扣押应在 {last} 前补办批准，逾期应当解除（{article}）。",
        "An urgent seizure had to be approved by {last}; it must be released ({article}).",
    ),
    "SEIZURE_OVER": ("查封、扣押已经期满或者解除（{article}）。", "The seizure ran out or was released ({article})."),
    "SEIZURE_EXTENDED_TWICE": ("查封、扣押只能延长一次（{article}）。", "A seizure is extended only once ({article})."),
    "EXTENSION_NOT_TOLD": (
        "延长期限未书面告知当事人并说明理由（{article}）。",
        "The party was not told the reasons in writing ({article}).",
    ),
    "TEST_NOT_BELIEVABLE": ("检测期间有误（{article}）。", "The days of the test cannot be right ({article})."),
    "INVESTIGATION_NOT_ENDED": ("调查尚未终结（{article}）。", "The investigation is not ended ({article})."),
    "NOTHING_PROVEN": ("没有查明违法事实的证据（{article}）。", "No fact of the case is in evidence ({article})."),
    "DISCRETION_NOT_SUGGESTED": (
        "未载明裁量基准建议幅度（{article}）。",
        "The range of the discretion standard is not stated ({article}).",
    ),
    "DISCRETION_UPSIDE_DOWN": (
        "裁量幅度下限高于上限（{article}）。",
        "The least of the range is more than its most ({article}).",
    ),
    "STANDARD_DEPARTED": (
        "裁量基准给出的是{tier}，{least} 元至 {most} 元；偏离须说明理由（{article}）。",
        "The standard gives {tier}, {least} to {most} yuan; another choice needs its reason ({article}).",
    ),
    "TIER_WITHOUT_GROUND": (
        "没有法定的{tier}情形（{article}）。",
        "None of the grounds that the law lists for {tier} is there ({article}).",
    ),
    "CIRCUMSTANCE_CONTRADICTED": (
        "案卷显示与所述情形（{circumstance}）相反（{article}）。",
        "The record shows the contrary of {circumstance} ({article}).",
    ),
    "BREACH_NOT_STANDING": (
        "记录中没有认定该行为不履行安全生产承诺（{article}）。",
        "No breach on record says that this conduct broke a promise ({article}).",
    ),
    "RIGHTS_NOT_TOLD": (
        "告知书未告知陈述、申辩权利（{article}）。",
        "The notice does not tell the right to state and defend ({article}).",
    ),
    "HEAVIER_AFTER_DEFENCE": (
        "因当事人申辩而给予更重的处罚（{article}）。",
        "The penalty is heavier after the party defended itself ({article}).",
    ),
    "HEAVIER_THAN_NOTIFIED": (
        "处罚重于所告知的内容（{article}）。",
        "The penalty is heavier than what the party was told ({article}).",
    ),
    "NOTICE_MISSING": (
        "未告知拟作出的处罚内容及事实、理由、依据（{article}）。",
        "The party was not given notice ({article}).",
    ),
    "DEFENCE_TIME_RUNS": (
        "陈述、申辩期限至 {last}，尚未届满（{article}）。",
        "The party may defend itself until {last} ({article}).",
    ),
    "DEFENCE_NOT_EXAMINED": ("陈述、申辩未经复核（{article}）。", "A defence has not been examined ({article})."),
    "OBJECTION_NOT_EXAMINED": (
        "被检查单位提出的异议 {answer} 尚未书面复核答复（{article}）。",
        "Objection {answer} of the mine has no written answer ({article}).",
    ),
    "DEFENCE_ALREADY_EXAMINED": ("该陈述、申辩已经复核（{article}）。", "The defence was examined before ({article})."),
    "WAIVER_NOT_SIGNED": ("放弃权利没有书面签名（{article}）。", "A right is given up in writing only ({article})."),
    "HEARING_NOT_OFFERED": ("应当告知听证权利而未告知（{article}）。", "A hearing must be offered ({article})."),
    "HEARING_TIME_RUNS": (
        "申请听证期限至 {last}，尚未届满（{article}）。",
        "The party may ask for a hearing until {last} ({article}).",
    ),
    "HEARING_ASKED_TOO_LATE": (
        "申请听证期限至 {last}，已经届满（{article}）。",
        "A hearing had to be asked for by {last} ({article}).",
    ),
    "HEARING_NOT_ASKED": ("没有应当举行的听证（{article}）。", "No hearing is due ({article})."),
    "HEARING_NOT_HELD": (
        "当事人申请听证而未举行（{article}）。",
        "The hearing that was asked for has not been held ({article}).",
    ),
    "HEARING_TOLD_TOO_LATE": (
        "应当最迟于 {last} 通知听证的时间、地点（{article}）。",
        "Time and place had to be told by {last} ({article}).",
    ),
    "CHAIR_INVESTIGATED": ("听证主持人是本案调查人员（{article}）。", "The chair investigated this case ({article})."),
    "CHAIR_NOT_NAMED": (
        "听证不是由所通知的主持人主持（{article}）。",
        "The hearing was not held by the chair who was named ({article}).",
    ),
    "HEARING_BEFORE_ITS_TIME": (
        "听证早于所通知的时间（{article}）。",
        "The hearing lies before the time that was told ({article}).",
    ),
    "AGENTS_TOO_MANY": (
        "代理人 {agents} 人，最多 {most} 人（{article}）。",
        "{agents} agents are more than {most} ({article}).",
    ),
    "HEARING_RECORD_OPEN": (
        "听证笔录未签名，也未注明拒签（{article}）。",
        "The record is neither signed, nor is the refusal noted ({article}).",
    ),
    "RIGHTS_IGNORED": (
        "当事人在期限内已经申辩或者申请听证，决定未予处理，应当撤销（{article}）。",
        "Defence or hearing was asked for in time and passed over; the decision must be revoked ({article}).",
    ),
    "REVIEW_NOT_SUBMITTED": (
        "没有待审核的处罚建议（{article}）。",
        "No draft of this party is under review ({article}).",
    ),
    "REVIEW_BEFORE_HEARING": (
        "听证、申辩尚未结束即提请法制审核（{article}）。",
        "Review comes after hearing and defence ({article}).",
    ),
    "REVIEWER_INVESTIGATED": (
        "法制审核人员是本案调查人员（{article}）。",
        "The reviewer investigated this case ({article}).",
    ),
    "REVIEWER_NOT_QUALIFIED": (
        "初次从事法制审核的人员没有法律职业资格（{article}）。",
        "A first-time reviewer needs the national legal professional qualification ({article}).",
    ),
    "REVIEW_NOT_WHOLE": ("法制审核未覆盖全部内容（{article}）。", "The review does not cover every point ({article})."),
    "NOTE_NOT_BOUND": (
        "审核意见应写明内容，并对应文书的页码或音像的秒数（{article}）。",
        "A note says something, at a page of a paper or at a second of a film or sound ({article}).",
    ),
    "NOTE_ELSEWHERE": (
        "审核意见所指 {named} 不属于本案（{article}）。",
        "What the note names, {named}, is none of this case ({article}).",
    ),
    "NOTE_BEHIND_THE_END": (
        "该音像仅 {last} 秒，没有第 {second} 秒（{article}）。",
        "The film or sound ends at second {last}, before second {second} ({article}).",
    ),
    "SOUND_WITHOUT_TRANSCRIPT": (
        "录音 {piece} 尚无文字记录，不能提请法制审核（{article}）。",
        "The sound {piece} goes to legal review with what is said in it ({article}).",
    ),
    "REVIEW_MISSING": ("未经法制审核（{article}）。", "Legal review is missing ({article})."),
    "REVIEW_NOT_PASSED": ("法制审核未通过（{article}）。", "Legal review did not pass the draft ({article})."),
    "REVIEW_OUTDATED": (
        "法制审核后案情有变化，应当重新审核（{article}）。",
        "The case has changed since it was reviewed ({article}).",
    ),
    "HEAVIER_THAN_REVIEWED": (
        "处罚重于所审核的内容（{article}）。",
        "The penalty is heavier than what was reviewed ({article}).",
    ),
    "DELIBERATION_MISSING": ("应当集体讨论而未讨论（{article}）。", "The heads must deliberate together ({article})."),
    "DELIBERATION_ALONE": ("集体讨论只有一人（{article}）。", "One head alone does not deliberate ({article})."),
    "RECORDING_MISSING": (
        "步骤 {step} 应当有音像记录（{medium}）而没有，也未说明原因（{article}）。",
        "The step {step} should be recorded ({medium}); it is not, and no reason is given ({article}).",
    ),
    "RESTS_ON_DEFECT": (
        "步骤 {step} 的瑕疵（{defect}）尚未补正（{article}）。",
        "The step {step} has an open defect ({defect}) ({article}).",
    ),
    "FINDING_UNKNOWN": (
        "该煤矿没有编号为 {finding} 的问题隐患（{article}）。",
        "No finding {finding} was made at this mine ({article}).",
    ),
    "SEIZURE_UNKNOWN": (
        "该煤矿没有编号为 {measure} 的查封扣押措施（{article}）。",
        "No order {measure} to seal or seize was given at this mine ({article}).",
    ),
    "MEASURE_NAMED_TWICE": (
        "本案已有查封扣押步骤引用该措施（{article}）。",
        "A seizure of this case names the order already ({article}).",
    ),
    "HELD_BY_MEASURE": (
        "该财物由现场措施 {measure} 查封扣押，批准、延期和解除在该措施中办理（{article}）。",
        "The things are held by the order {measure}: it is approved, extended and lifted there ({article}).",
    ),
    "RESTS_ON_MEASURE": (
        "查封扣押所依据的现场措施 {measure} 尚缺 {lacks}（{article}）。",
        "The order {measure} by which things are held still lacks {lacks} ({article}).",
    ),
    "RESTS_ON_FINDING": (
        "所依据的问题隐患 {finding} 尚缺 {lacks}，应在 {due} 前补正（{article}）。",
        "The finding {finding} still lacks {lacks}, to be made good by {due} ({article}).",
    ),
    "TIME_LIMIT_OVER": ("办案期限已于 {last} 届满（{article}）。", "The case had to be decided by {last} ({article})."),
    "ALREADY_DECIDED": (
        "对该当事人的该违法行为已有决定（{article}）。",
        "It was decided for this party before ({article}).",
    ),
    "SECOND_FINE": (
        "对同一当事人的同一个违法行为给予两次以上罚款（{article}）。",
        "A second fine on one party for one act ({article}).",
    ),
    "NO_BASIS": (
        "处罚没有依据，或者依据在行为时尚未施行（{article}）。",
        "The penalty has no basis that was in force ({article}).",
    ),
    "OUTSIDE_THE_LAW": (
        "罚款不在应当适用的法律幅度 {least} 元至 {most} 元之内（{article}）。",
        "The fine lies outside the range of the law that applies, {least} to {most} yuan ({article}).",
    ),
    "DEPARTURE_WITHOUT_REASON": (
        "罚款偏离裁量基准建议而未说明理由（{article}）。",
        "The fine departs from the suggested range without a reason ({article}).",
    ),
    "STOP_LACKING": ("须并处停产整顿，缺{part}（{article}）。", "The stop beside it lacks {part} ({article})."),
    "DAILY_PENALTY_WITHOUT_GROUND": (
        "按日连续处罚须已罚款、已责令改正且拒不改正（{article}）。",
        "A daily penalty needs a fine, an order to correct and a refusal ({article}).",
    ),
    "DAILY_PENALTY_TOO_LARGE": (
        "按日连续处罚最多 {days} 日、{most} 元（{article}）。",
        "A daily penalty is at most {days} days, {most} yuan ({article}).",
    ),
    "TRANSFER_RUNS": (
        "案件正在移送，不得以行政处罚代替移送（{article}）。",
        "The case is being transferred: a fine does not take its place ({article}).",
    ),
    "NO_PENALTY_WITH_SANCTION": (
        "不予处罚决定载有处罚，或者处罚决定没有处罚内容（{article}）。",
        "Outcome and sanctions contradict each other ({article}).",
    ),
    "ON_THE_SPOT_TOO_MUCH": (
        "当场处罚限于警告或者 {most} 元以下罚款（{article}）。",
        "On the spot: a warning, or a fine of at most {most} yuan ({article}).",
    ),
    "ON_THE_SPOT_NOT_HEARD": (
        "当场处罚未告知并听取申辩，或者未当场交付决定书（{article}）。",
        "The party was not heard on the spot, or was not handed the form ({article}).",
    ),
    "ELECTRONIC_SERVICE_WITHOUT_CONSENT": (
        "未签订确认书而以电子方式送达（{article}）。",
        "Electronic service needs the party's signed consent ({article}).",
    ),
    "SERVICE_UNPROVEN": ("送达缺少证明：{part}（{article}）。", "The service lacks its proof: {part} ({article})."),
    "SERVED_BEFORE_NOTICE_ENDS": (
        "公告期至 {last}，期满视为送达（{article}）。",
        "A public notice counts as served at the end of {last} ({article}).",
    ),
    "NOT_SERVED": ("决定书尚未送达（{article}）。", "The decision has not been served ({article})."),
    "ALREADY_SERVED": ("决定书已经送达（{article}）。", "The decision was served before ({article})."),
    "CASH_NOT_ALLOWED": ("不得当场收缴现金（{article}）。", "Officers may not take this in cash ({article})."),
    "DECISION_NOT_IN_FORCE": ("该决定已不再有效（{article}）。", "The decision is no longer in force ({article})."),
    "NO_FINE_OWED": ("该决定没有未缴罚款（{article}）。", "No fine of this decision is owed ({article})."),
    "INSTALMENTS_UNEVEN": (
        "分期缴纳的数额或者日期有误（{article}）。",
        "The parts do not make up what is owed ({article}).",
    ),
    "SURCHARGE_TOO_MUCH": (
        "加处罚款最多 {most} 元（{article}）。",
        "The surcharge has grown to {most} yuan at most ({article}).",
    ),
    "PAYMENT_TIME_RUNS": (
        "缴款期限至 {last}，尚未届满（{article}）。",
        "The fine may be paid until {last} ({article}).",
    ),
    "NOT_URGED": (
        "申请法院强制执行前未催告（{article}）。",
        "No demand was served before asking the court ({article}).",
    ),
    "DEMAND_RUNS": ("催告期至 {last}，尚未届满（{article}）。", "The demand runs until {last} ({article})."),
    "REMEDIES_RUN": (
        "复议、诉讼期限尚未届满，或者复议、诉讼正在进行（{article}）。",
        "Reconsideration or suit is still open, or runs ({article}).",
    ),
    "COURT_ASKED_TOO_LATE": (
        "申请法院强制执行的期限至 {last}，已经届满（{article}）。",
        "The court had to be asked by {last} ({article}).",
    ),
    "COURT_ASKED_TWICE": ("已经申请法院强制执行（{article}）。", "The court was asked before ({article})."),
    "OUTCOME_ALREADY_KNOWN": ("该复议或者诉讼已有结果（{article}）。", "The outcome came before ({article})."),
    "CORRECTION_OF_SUBSTANCE": (
        "补正不能更改处罚内容（{article}）。",
        "A correction mends a slip of the pen, never the substance ({article}).",
    ),
    "ALREADY_REVOKED": ("该决定已经撤销（{article}）。", "The decision was revoked before ({article})."),
    "TRANSFER_OUT_OF_ORDER": (
        "移送步骤颠倒：应当先有 {first}（{article}）。",
        "The transfer lacks the step that comes first: {first} ({article}).",
    ),
    "TRANSFER_TWICE": ("移送已经进行（{article}）。", "The transfer stands already ({article})."),
    "OPEN_HAZARD": ("仍有隐患未整改销号：{open} 项（{article}）。", "{open} hazards are still open ({article})."),
    "NOT_PERFORMED": ("决定尚未履行完毕（{article}）。", "A decision has not been performed ({article})."),
    "PRINCIPAL_UNDECIDED": ("对主要负责人尚未决定（{article}）。", "Its principal is undecided ({article})."),
    "PARTY_UNDECIDED": ("仍有当事人未作决定（{article}）。", "A party has not been decided on ({article})."),
    "THINGS_STILL_HELD": (
        "仍有登记保存或者查封、扣押的财物未处理（{article}）。",
        "Things are still kept or seized ({article}).",
    ),
    "REMEDY_RUNNING": ("复议或者诉讼正在进行（{article}）。", "A reconsideration or suit is running ({article})."),
    "STILL_DECIDABLE": ("案件仍可作出决定（{article}）。", "The case can still be decided ({article})."),
    "SPOT_NOT_REPORTED": (
        "当场处罚未报所属机关备案（{article}）。",
        "The decision on the spot was not reported for filing ({article}).",
    ),
    "NOT_CLOSED": ("尚未结案，不能归档（{article}）。", "Only a closed case is archived ({article})."),
    "ALREADY_ARCHIVED": ("案件已经归档（{article}）。", "The case was archived before ({article})."),
    "DECISION_NOT_SERVED": (
        "处罚决定送达后，当事人方可取得案卷（{article}）。",
        "The party has the file once the decision is served on it ({article}).",
    ),
    "CASE_PACK_TOO_LARGE": (
        "案卷过大（条目、文书或者字节数 {there}），一个包最多 {most}。",
        "The file is too large ({there} entries, papers or bytes); one pack holds {most}.",
    ),
    "WITHHELD_SECOND_VOLUME": (
        "归入副卷：审核、讨论、审批和线索材料不随正卷提供",
        "of the second volume: reviews, deliberations, approvals and leads do not go with the main volume",
    ),
    "WITHHELD_OTHER_PARTY": (
        "涉及其他当事人，不向本单位提供（行政处罚法第五十条）",
        "about another party, and not given to this one (行政处罚法 Art. 50)",
    ),
    "WITHHELD_NOT_FOR_PARTY": (
        "归入副卷、涉及其他当事人或者已依法删除，不向本单位提供",
        "of the second volume, about another party, or erased by law: not given to this party",
    ),
    "WITHHELD_ERASED": (
        "依法删除，账本中仅存其摘要",
        "erased by law; its digest alone stands in the ledger",
    ),
    "STEP_CONFLICT": (
        "该编号已有其他内容，请使用新的编号。",
        "This id already holds other content; use a new id.",
    ),
    "FINED_ELSEWHERE": (
        "该当事人已因同一问题在另案被罚款（行政处罚法第二十九条）。",
        "This party was fined for the same finding in another case (行政处罚法 Art. 29).",
    ),
}
