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

WORDS: dict[str, tuple[str, str]] = {
    "nav_requests": ("申请和报错", "Requests"),
    "requests_title": ("信息公开申请和报错", "Requests and reported errors"),
    "requests_lead": (
        "任何人都可以报告公示内容的错误，或者申请公开政府信息，不需要账号。每一件的期限和进展在此公开；内容只在答复后、经另行表述才公开。",
        "Anybody may report an error in what is published, or ask for information, without an account. The time of each"
        " runs in public here; what was asked is public only once it was answered and worded for the public.",
    ),
    "request_new": ("提出申请或者报错", "Ask, or report an error"),
    "request_by_receipt": ("凭回执查询答复", "Read an answer by its receipt"),
    "requests_none": ("目前还没有申请。", "Nothing was asked yet."),
    "request_number": ("编号", "Number"),
    "request_filed_on": ("收到", "Filed"),
    "request_due_on": ("答复期限", "Due"),
    "request_state": ("状态", "State"),
    "request_days_left": ("还有{days}天", "{days} days left"),
    "request_overdue": ("已逾期", "Overdue"),
    "request_answered_late": ("逾期答复", "Answered late"),
    "request_due_stands": ("期限中止", "The time stands still"),
    "request_due_unknown": (
        "期限跨入节假日安排尚未公布的年份，公布后即可算出",
        "The last day falls into a year whose holidays are not published yet",
    ),
    "request_extended": ("已延长一次", "Extended once"),
    "request_closed_on": ("答复日期", "Answered on"),
    "request_grounds": ("不予公开的依据", "Refused by"),
    "request_question": ("所问", "What was asked"),
    "request_answer": ("答复", "The answer"),
    "request_private": (
        "内容没有公开：答复由申请人凭回执查阅。",
        "What was asked is not public: whoever asked reads the answer by his receipt.",
    ),
    "request_about": ("所涉公示", "About this disclosure"),
    "requests_all": ("全部", "In all"),
    "requests_answered": ("已答复", "Answered"),
    "requests_late": ("逾期答复", "Answered late"),
    "requests_overdue": ("逾期未答复", "Overdue"),
    "requests_older": ("更早的申请", "Older"),
    "form_kind": ("您要做什么", "What is it about"),
    "form_error": ("报告公示内容的错误", "An error in something published"),
    "form_information": ("申请公开政府信息", "Information that I ask for"),
    "form_disclosure": ("哪一条公示（永久网址或者编号）", "Which one (its permalink, or the id in it)"),
    "form_disclosure_hint": ("只在报错时填写", "Only for an error"),
    "form_agency": ("向哪个机关申请", "Which agency is asked"),
    "form_agency_hint": (
        "报错由公示机关办理，不用选择",
        "An error goes to the agency that published it",
    ),
    "form_words": ("内容", "What is wrong, or what you want to know"),
    "form_words_hint": (
        "请写明是哪一项、错在哪里，或者需要什么信息。不要写身份证号等个人信息。最多5000字。",
        "Say which part and what is wrong with it, or which information you want. Leave out numbers of identity. At"
        " most 5,000 signs.",
    ),
    "form_contact": ("姓名和联系方式（可以不填）", "Your name and how to be reached (may be left empty)"),
    "form_contact_hint": (
        "只有承办人员能调取，每次调取留痕，答复六个月后删除。法律要求信息公开申请写明姓名（政府信息公开条例第二十九条），报错不要求。",
        "Only the officers who answer can open it, each time leaving a trace; it is erased six months after the answer."
        " By law a request for information names who asks (Regulation on Open Government Information art. 29); an error"
        " need not.",
    ),
    "form_send": ("提交", "Send"),
    "form_kept": ("您写的内容仍在下面。", "What you wrote is still here."),
    "filed_title": ("已收到", "We have it"),
    "filed_number": ("编号（公开）", "Number (public)"),
    "filed_receipt": ("回执（只显示这一次）", "Receipt (shown this once)"),
    "filed_keep": (
        "请抄下或者打印回执。只有凭它才能查阅答复和补正；任何人不能替您找回，也不要给别人看。",
        "Write the receipt down or print it. It alone opens the answer; nobody can find it again for you. Show it to"
        " nobody.",
    ),
    "filed_follow": ("查看进展", "Follow its clock"),
    "receipt_title": ("凭回执查询", "Read by receipt"),
    "receipt_label": ("回执（32位，空格可有可无）", "Receipt (32 signs; gaps do not matter)"),
    "receipt_open": ("查询", "Open"),
    "receipt_unknown": (
        "没有找到。请核对回执：共八组，每组四位。",
        "Nothing was found. Check the receipt: eight groups of four signs.",
    ),
    "request_of_nothing": (
        "没有这样的公示或者机关：请核对永久网址，或者重新选择机关。已撤下的公示不能再报错。",
        "There is no such disclosure or agency: check the permalink, or choose the agency again.",
    ),
    "own_title": ("您的申请", "Your request"),
    "own_words": ("您写的内容", "What you wrote"),
    "own_steps": ("经过", "What happened"),
    "own_clarify": ("补正", "Say what is meant"),
    "own_clarify_lead": (
        "请回答上面的问题。答复期限自收到补正之日起计算。",
        "Answer what you were asked; the time begins anew with it.",
    ),
    "report_error": ("报告这一条的错误", "Report an error in this"),
}
"""What the pages of requests say."""
