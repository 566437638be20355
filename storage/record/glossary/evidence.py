"""What people read when a piece of evidence is refused."""

SENTENCES: dict[str, tuple[str, str]] = {
    "BATCH_EMPTY": ("这一批里没有任何内容。", "There is nothing in this batch."),
    "BATCH_TOO_LARGE": ("一批最多 {limit} 件。", "One batch takes at most {limit} items."),
    "DEVICE_NOT_VALID": (
        "该设备在拍摄之前已挂失、吊销或过期。",
        "The device was lost, revoked or expired before this was made.",
    ),
    "EVIDENCE_CONFLICT": ("该编号已对应其他内容。", "This id stands for other bytes already."),
    "MEDIA_TYPE_NOT_TAKEN": ("不接收该类型的文件：{type}。", "Files of this type are not taken: {type}."),
    "NOT_UPLOADED": ("文件尚未上传。", "The file has not been uploaded yet."),
    "SEQUENCE_TAKEN": (
        "该设备的第 {seq} 号已对应另一份声明。",
        "Number {seq} of this device stands for another statement already.",
    ),
    "SIGNATURE_WRONG": ("签名与设备密钥不符。", "The device's key did not sign this statement."),
    "SIZE_OVER_LIMIT": ("文件超过上限 {limit} 字节。", "The file is larger than {limit} bytes."),
    "STATEMENT_MALFORMED": ("声明格式不合规范：{reason}。", "The statement is malformed: {reason}."),
    "STATEMENT_OF_ANOTHER": (
        "声明中的 {member} 与本次提交不符。",
        "The statement's {member} is not that of this call.",
    ),
}
