"""The sentences of the Problems of requests, as the asker and the officer read them."""

SENTENCES: dict[str, tuple[str, str]] = {
    "REQUEST_CLOSED": ("该申请已经答复。", "This request was answered before."),
    "REQUEST_FILED_BEFORE": (
        "这份表格已经提交过，请使用当时的回执查询。",
        "This form was sent before: use the receipt that was given for it.",
    ),
    "REQUEST_FORM_OVER": (
        "表格已失效或者提交过快，请重新打开后提交。内容没有丢失。",
        "The form is too old, or was sent too fast. Open it again and send it; what you wrote is kept below.",
    ),
    "REQUEST_UNCLEAR": (
        "已请申请人补正，尚未补正（政府信息公开条例第三十条）。",
        "It was asked what is meant, and that is not said yet (Regulation on Open Government Information art. 30).",
    ),
    "ASKED_BEFORE": (
        "只能一次性告知补正，此前已经告知（政府信息公开条例第三十条）。",
        "What is unclear is asked once (Regulation on Open Government Information art. 30).",
    ),
    "TOO_LATE_TO_ASK": (
        "告知补正的期限已于 {until} 届满，按现有内容答复（政府信息公开条例第三十条）。",
        "It could be asked until {until}; it is answered as it reads (Regulation on Open Government Information"
        " art. 30).",
    ),
    "NOTHING_ASKED": ("目前没有需要您补正的内容。", "Nothing waits for your answer."),
    "CONSULTED_BEFORE": (
        "已经征求过第三方意见，或者无须征求（政府信息公开条例第三十二条）。",
        "A third party was asked before, or need not be (Regulation on Open Government Information art. 32).",
    ),
    "NOBODY_CONSULTED": ("没有正在征求意见的第三方。", "No third party was asked who could be heard."),
    "EXTENDED_BEFORE": (
        "只能延长一次，且限于信息公开申请（政府信息公开条例第三十三条）。",
        "Only information has its time extended, and once (Regulation on Open Government Information art. 33).",
    ),
    "EXTENSION_TOO_LATE": (
        "答复期限已过或者正在中止，不能延长（政府信息公开条例第三十三条）。",
        "The time is over, or stands still (Regulation on Open Government Information art. 33).",
    ),
    "ANSWER_UNFIT": (
        "答复方式与申请不符：{part}；不予公开的须有依据（政府信息公开条例第三十六条）。",
        "This does not answer what was asked: {part}; a refusal names its article (Regulation on Open Government"
        " Information art. 36).",
    ),
    "NOTHING_WAS_CORRECTED": (
        "收到报错后公示内容没有更正或者撤下；请先更正，或者说明为何无误。",
        "Nothing was corrected or taken down since the report: correct it first, or say why it is right.",
    ),
    "ASKER_STILL_HAS_TIME": (
        "没有告知补正，不能视为放弃申请（政府信息公开条例第三十条）。",
        "It was not asked what is meant, so nothing was given up (Regulation on Open Government Information art. 30).",
    ),
    "NO_CONTACT_KEPT": (
        "申请人没有留下联系方式，或者已经到期删除。",
        "No contact was left, or it was erased by its time.",
    ),
}
