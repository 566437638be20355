"""What people read when a recording (执法全过程记录) cannot be opened or closed."""

SENTENCES: dict[str, tuple[str, str]] = {
    "BEACON_NOT_VALID": ("时间信标无效：{reason}。", "The beacon is not valid: {reason}."),
    "CLOSING_CONTRADICTS": (
        "结束单与记录不符：{reason}（行政处罚法第四十七条）。",
        "The closing says otherwise than the record: {reason} (行政处罚法 Art. 47).",
    ),
    "CLOSING_MALFORMED": ("结束单格式不合规范：{reason}。", "The closing is malformed: {reason}."),
    "CLOSING_NOT_SIGNED": (
        "尚无第一名执法人员签名的结束单。",
        "There is no closing to co-sign: one officer signs first.",
    ),
    "CLOSING_SIGNATURE_WRONG": (
        "结束单的签名与本人设备密钥不符，或者结束单已经更新。",
        "Your device did not sign the closing that stands now.",
    ),
    "COSIGNER_NOT_ANOTHER": (
        "须由另一名执法人员用其本人的设备签名（行政处罚法第四十二条；相同：{same}）。",
        "Another officer co-signs, by a device of his own (行政处罚法 Art. 42; same: {same}).",
    ),
    "RECORDING_ALREADY_CLOSED": ("该记录已由两名执法人员结束。", "Two officers have closed this recording."),
    "RECORDING_CONFLICT": ("该编号已对应另一份记录。", "This id stands for another recording already."),
}
