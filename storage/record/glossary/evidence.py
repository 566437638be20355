"""The sentences of the Problems of evidence."""

SENTENCES: dict[str, tuple[str, str]] = {
    "BATCH_TOO_LARGE": ("一次最多提交 {limit} 件。", "One call takes {limit} items at most."),
    "STATEMENT_MALFORMED": (
        "签名陈述不是规范格式：{reason}。原件未改动，请保留在设备上。",
        "The signed statement is not canonical: {reason}. Keep the original on the device.",
    ),
    "SIGNATURE_WRONG": (
        "签名与该设备的密钥不符。",
        "The device's key did not sign this statement.",
    ),
    "STATEMENT_OF_ANOTHER": (
        "签名陈述中的 {member} 与本次提交不符。",
        "The statement names another {member} than this call.",
    ),
    "DEVICE_NOT_VALID": (
        "该设备在拍摄前已挂失、注销或过期。",
        "The device was lost, revoked or expired before this was made.",
    ),
    "MEDIA_TYPE_NOT_TAKEN": (
        "不接收类型为 {type} 的文件：只接收照片、影像和录音。",
        "{type} is not taken: only photos, films and sound are.",
    ),
    "SIZE_OVER_LIMIT": ("文件超过上限 {limit} 字节。", "The file is larger than {limit} bytes."),
    "EVIDENCE_CONFLICT": (
        "该编号已属于另一件证据，请使用新的编号。",
        "This id already stands for other bytes; use a new id.",
    ),
    "SEQUENCE_TAKEN": (
        "该设备在本条记录中的第 {seq} 号已属于另一份陈述。",
        "Number {seq} of this device's chain already stands for another statement.",
    ),
    "NOT_UPLOADED": ("存储中还没有该证据的文件。", "The store holds no bytes for this piece yet."),
}
