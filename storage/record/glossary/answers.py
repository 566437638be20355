"""The sentences of the Problems of answers, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "ANSWER_CONFLICT": (
        "该编号已用于其他内容；什么也没有改变。",
        "The id is taken by other content; nothing was changed.",
    ),
    "ALREADY_COUNTERSIGNED": (
        "该项已由被检查单位签字确认；仍然可以提出异议（安全生产法第六十八条）。",
        "The mine stands for this already; an objection is still taken (安全生产法 Art. 68).",
    ),
    "ANSWER_EVIDENCE_UNKNOWN": (
        "证据 {evidence} 不在本矿的记录之中（行政处罚法第四十五条、第四十六条）。",
        "Evidence {evidence} is not of this mine's record (行政处罚法 Art. 45, 46).",
    ),
    "PAPER_ITEM_UNKNOWN": (
        "该文书没有“{item}”这一项（安全生产法第六十八条）。",
        "The paper has no item {item} (安全生产法 Art. 68).",
    ),
    "NOT_AN_OBJECTION": (
        "签字确认没有提出需要复核的内容（行政处罚法第四十五条）。",
        "A countersignature raises nothing to examine (行政处罚法 Art. 45).",
    ),
    "OBJECTION_ALREADY_EXAMINED": (
        "该异议已经书面答复（行政处罚法第四十五条）。",
        "The objection has its written answer already (行政处罚法 Art. 45).",
    ),
    "EXAMINED_BY_TELLER": (
        "对自己认定、确认或者告知的内容提出的异议，由他人复核（行政处罚法第四十三条、第四十五条）。",
        "Nobody who told or stands for what is objected to examines the objection (行政处罚法 Art. 43, 45).",
    ),
}
