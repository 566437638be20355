"""The sentences of the Problems of credit."""

SENTENCES: dict[str, tuple[str, str]] = {
    "NOT_REPAIRABLE": (
        "不能通过信用修复停止公示：{reason}（{article}）。",
        "Its showing does not end by repair of credit: {reason} ({article}).",
    ),
    "REPAIR_TOO_EARLY": (
        "最短公示期至 {day}，期满后方可申请信用修复（{article}）。",
        "The shortest period of showing runs until {day}; repair is asked for after it ({article}).",
    ),
    "REPAIR_UNPROVEN": (
        "缺少{part}（{article}）。",
        "This is missing: {part} ({article}).",
    ),
    "OBLIGATIONS_OPEN": (
        "相关义务尚未履行完毕：{obstacle}（{article}）。",
        "Something is still owed: {obstacle} ({article}).",
    ),
    "REPAIR_ASKED_BEFORE": (
        "该事项已有申请正在办理。",
        "A request about this waits for its decision.",
    ),
    "REPAIR_EXAMINED": ("该申请已经审查。", "The request was examined before."),
    "REPAIR_NOT_EXAMINED": (
        "须先由一名执法人员审查，再由另一人决定（{article}）。",
        "One officer examines it before another decides ({article}).",
    ),
    "REPAIR_DECIDED": ("该申请已经作出决定，不可更改。", "The request was decided; the decision stands."),
    "NOTHING_GRANTED": (
        "没有准予的决定可以撤销，或者已经撤销。",
        "Nothing was granted that could be taken back, or it was taken back before.",
    ),
    "CREDIT_TAKES_TWO": (
        "申请、审查、提出或者准予的人不能再作决定，须由另一人办理（{article}）。",
        "Whoever asked, examined, proposed or granted does not decide as well: another does ({article}).",
    ),
    "LISTING_NOT_GROUNDED": (
        "现有记录不足以支持该列入情形：{reason}（{article}）。",
        "The record does not carry this ground: {reason} ({article}).",
    ),
    "LISTED_BEFORE": (
        "该对象已依据同一决定列入或者拟列入。",
        "The same subject is listed, or proposed, on the same decision.",
    ),
    "LISTING_DECIDED": ("是否列入已经决定，不可更改。", "The entry was decided; the decision stands."),
    "PARTY_NOT_TOLD": (
        "尚未告知当事人，或者当事人陈述、申辩的期限（{day}）未过（{article}）。",
        "The party was not told beforehand, or its time to answer runs until {day} ({article}).",
    ),
    "PARTY_TOLD": ("已经告知当事人。", "The party was told before."),
    "PARTY_ANSWERED": ("当事人已经陈述、申辩，内容不可更改。", "The party has answered; what it said stands."),
    "NOT_THE_PARTY": (
        "只有登记的煤矿主要负责人或者本人可以陈述、申辩和申请（{article}）。",
        "Only the principal whom the register names, or the person himself, answers and asks ({article}).",
    ),
    "NOT_LISTED": ("现不在名单之内（{state}）。", "There is no entry that stands: {state}."),
    "REMOVAL_TOO_EARLY": (
        "列入未满十二个月（至 {day}），不能申请提前移出（{article}）。",
        "Nobody leaves the list before twelve months are over, on {day} ({article}).",
    ),
    "REMOVAL_ASKED_BEFORE": (
        "已有提前移出的申请正在办理。",
        "A request to leave the list waits for its decision.",
    ),
    "REMOVAL_DECIDED": ("该申请已经作出决定，不可更改。", "The request was decided; the decision stands."),
    "SANCTION_ANSWERED": ("该单位已经反馈。", "The agency has answered."),
    "ANSWER_DAY_OUTSIDE": (
        "反馈日期应在 {least} 至 {most} 之间。",
        "The day of the answer lies from {least} to {most}.",
    ),
}
