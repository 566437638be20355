"""The sentences of the Problems of protected reports."""

SENTENCES: dict[str, tuple[str, str]] = {
    "RECEIPT_NOT_KNOWN": (
        "凭证打不开任何举报。请核对每一组后重试。",
        "The receipt opens nothing. Check each group and try again.",
    ),
    "RESERVATION_OVER": (
        "预留的编号已过期或者已用过，尚未提交任何内容。请重新开始。",
        "The reserved locator has ended or was used; nothing was filed. Begin again.",
    ),
    "MESSAGE_ID_REUSED": ("同一消息编号已用于其他内容。", "The same message id came before with other bytes."),
    "WORK_NEEDED": (
        "现在提交的人很多，您的设备须先完成一次计算（{bits} 位），约两秒。",
        "So much comes in that your device first has to do a piece of work ({bits} bits), about two seconds.",
    ),
    "TOO_MANY_TRIES": (
        "一小时内从同一处来的尝试过多，请稍后再试。",
        "Too many tries came from one place within the hour; come back later.",
    ),
    "RECIPIENTS_CHANGED": (
        "接收人的密钥已变更，请重新取得接收人后再发送。",
        "A recipient's key is no more in use: ask for the recipients again and send anew.",
    ),
    "NOT_WRAPPED_FOR_ALL": (
        "并非每一位有权的接收人和您本人都能打开所发内容。",
        "Not every competent recipient and you yourself could open what was sent.",
    ),
    "NOBODY_RECEIVES": (
        "对该矿有权受理的机关尚无人备有密钥，请拨打 12350。",
        "Nobody who is competent for this mine has a key yet; call 12350.",
    ),
    "MESSAGE_TOO_LARGE": (
        "内容超出上限（{most}）或者未按规定补齐。",
        "It is larger than one takes ({most}), or not padded.",
    ),
    "FILE_UNFIT": ("附件不完整、未先行发送或者重复。", "A file is not whole, was not sent before, or is named twice."),
    "KEY_NOT_YOURS": ("该密钥不是您的，或者已停用。", "The key is not yours, or no more in use."),
    "NOT_THE_SAME_PERSON": (
        "同一举报的受理、核查、奖励不得由一人经手，您已经手另一环节。",
        "Intake, verification and reward of one report are never one person: you had another part in it.",
    ),
    "SECOND_PERSON_NEEDED": (
        "申请打开身份的人不得自行批准。",
        "Whoever asks to open an identity never releases it himself.",
    ),
    "STEP_OUT_OF_TURN": (
        "举报现为“{state}”，不能办理这一步。",
        "The report is at “{state}”; this step does not begin there.",
    ),
    "NO_IDENTITY": (
        "该举报没有可打开的身份，或者已为您打开。",
        "There is no identity to open, or it was released already.",
    ),
}
