"""The sentences of the Problems of publishing, correcting and taking down."""

SENTENCES: dict[str, tuple[str, str]] = {
    "NOT_PUBLISHABLE": (
        "不能公开：{member}，{reason}（行政处罚法第四十八条、第五十条）。",
        "This cannot be made public: {member}, {reason} (行政处罚法48, 50).",
    ),
    "PERSONAL_DATA_FOUND": (
        "文字中有不得公开的内容：{where}；请为公开另行表述（行政处罚法第五十条，个人信息保护法第二十八条）。",
        "The text holds what must not be public: {where}; word it anew for the public (行政处罚法50,"
        " Personal Information Protection Law art. 28).",
    ),
    "COPY_STALE": (
        "拟公开的内容与预览不一致，现摘要为 {digest}；请重新预览。",
        "What would be published is no longer what was previewed; its digest is {digest} now. Preview it again.",
    ),
    "ALREADY_PUBLISHED": (
        "该事项已经公示；需要变更的，作更正。",
        "This was published before; what follows is a correction.",
    ),
    "NOT_SERVED_YET": (
        "决定书尚未送达当事人，不得先行公示（行政处罚法第六十一条）。",
        "The decision has not reached its party, who does not read of himself in public first (行政处罚法61).",
    ),
    "PUBLISHED_BY_ITS_AUTHOR": (
        "起草、作出决定或者制发文书的人不能公示，须由另一名执法人员办理。",
        "Whoever drafted or made the decision does not publish it: another officer does.",
    ),
    "NOTHING_TO_CORRECT": (
        "按现有记录生成的内容与公示的内容相同，无需更正。",
        "The copy that the record gives today is the one that is shown.",
    ),
    "NOTHING_DISPUTED": (
        "没有正在进行的行政复议或者行政诉讼，或者已经标注争议。",
        "No reconsideration or suit against it is open, or it is shown as disputed already.",
    ),
    "NOT_SHOWN": (
        "该事项现不公示（{state}）。",
        "It is not shown: {state}.",
    ),
    "STILL_SHOWN": (
        "该事项正在公示，无需恢复。",
        "It is shown: there is nothing to restore.",
    ),
    "WITHDRAWAL_UNREASONED": (
        "撤回应当公开说明理由；决定没有被撤销、变更的，不能以此为由（行政处罚法第四十八条）。",
        "A withdrawal says why in public, and no decision that stands is said to have fallen (行政处罚法48).",
    ),
    "REPAIR_STANDS": (
        "该事项因信用修复停止公示，只能由信用修复或者名单管理的决定恢复。",
        "It stopped being shown by a decision on credit: only such a decision shows it again.",
    ),
    "DUTY_ANSWERED": (
        "该事项已经决定不予公示。",
        "That this stays unpublished was decided before.",
    ),
}
