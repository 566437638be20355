"""The sentences of the Problems of recordings and evidence."""

SENTENCES: dict[str, tuple[str, str]] = {
    "BATCH_TOO_LARGE": (
        "一次必须提交 1 至 {limit} 项。",
        "One call takes 1 to {limit} items.",
    ),
    "BEACON_NOT_VALID": (
        "信标无效（{reason}）。请联网同步一次后再开启记录。",
        "The beacon is not valid ({reason}). Sync once, then open the recording again.",
    ),
    "DEVICE_NEEDED": (
        "请用已登记的设备登录后再操作。",
        "Sign in with an enrolled device first.",
    ),
    "DEVICE_NOT_VALID": (
        "该设备在此之前已挂失、撤销或过期，不能再作为证据来源。",
        "The device was lost, revoked or expired before this was made.",
    ),
    "EVIDENCE_CONFLICT": (
        "此编号已用于另一份证据。手机上的原件请保留，换用新编号重新申报。",
        "This id stands for other bytes. Keep the original and declare it again under a new id.",
    ),
    "MEDIA_TYPE_NOT_TAKEN": (
        "不接收 {type} 类型的文件，只接收照片、视频和录音。",
        "{type} is not taken as evidence: only photos, films and sound are.",
    ),
    "NOT_OF_INSPECTION": (
        "只有本次检查的执法人员才能开启记录（行政处罚法第四十二条）。",
        "Only officers of this inspection open its recordings (行政处罚法 Art. 42).",
    ),
    "NOT_UPLOADED": (
        "文件还没有上传完成，手机上的原件请保留。",
        "The bytes have not arrived yet; keep the original.",
    ),
    "RECORDING_CONFLICT": (
        "此编号已用于另一段记录。",
        "This id stands for another recording.",
    ),
    "SEQUENCE_TAKEN": (
        "本设备的第 {seq} 号陈述已经申报过，内容不同。",
        "Number {seq} of this device's chain stands for another statement.",
    ),
    "SIGNATURE_WRONG": (
        "签名与登记的设备密钥不符。",
        "The signature is not one of the enrolled device key.",
    ),
    "SIZE_OVER_LIMIT": (
        "文件过大，最多 {limit} 字节。",
        "The file is too large: at most {limit} bytes.",
    ),
    "STATEMENT_MALFORMED": (
        "陈述格式不正确（{reason}）。",
        "The statement is malformed ({reason}).",
    ),
    "STATEMENT_OF_ANOTHER": (
        "陈述中的 {member} 与本次申报不一致。",
        "The statement's {member} is not the one of this call.",
    ),
}
