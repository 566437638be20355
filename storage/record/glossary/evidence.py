"""What people read when a piece of evidence is refused."""

SENTENCES: dict[str, tuple[str, str]] = {
    "ALREADY_DELIVERED": (
        "{evidence} 的原件已经送达（{state}），没有遗失。",
        "The bytes of {evidence} have arrived ({state}): nothing of it is lost.",
    ),
    "BATCH_EMPTY": ("这一批里没有任何内容。", "There is nothing in this batch."),
    "BATCH_TOO_LARGE": ("一批最多 {limit} 件。", "One batch takes at most {limit} items."),
    "EVIDENCE_CONFLICT": ("该编号已对应其他内容。", "This id stands for other bytes already."),
    "MEDIA_TYPE_NOT_TAKEN": ("不接收该类型的文件：{type}。", "Files of this type are not taken: {type}."),
    "NOT_IN_PARTS": (
        "不超过 {limit} 字节的文件一次上传，不分段。",
        "A file of at most {limit} bytes is sent in one request, not in parts.",
    ),
    "NOT_UPLOADED": ("文件尚未上传。", "The file has not been uploaded yet."),
    "NOT_YOURS_TO_GIVE_UP": (
        "只有取证人或者本次检查的执法人员才能报告 {evidence} 遗失（行政处罚法第四十七条）。",
        "Only its maker or an officer of the inspection reports {evidence} as lost (行政处罚法 Art. 47).",
    ),
    "PAGE_OUT_OF_RANGE": (
        "一页为 1 至 {limit} 段，并从该文件的某一段之后开始。",
        "A page is 1 to {limit} parts long and begins after a part of the file.",
    ),
    "PARTS_DIFFER": (
        "分段摘要与已签名的声明不符；该文件应有 {count} 段。",
        "These are not the parts that the statement signs for; the file has {count}.",
    ),
    "PART_MISSING": ("第 {number} 段尚未完整上传。", "Part {number} has not been uploaded whole."),
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
    "TAKEOVER_MALFORMED": ("移交接收单不合规范：{reason}。", "The takeover paper is malformed: {reason}."),
    "TAKEOVER_SIGNATURE_WRONG": (
        "移交接收单的签名与设备密钥不符。",
        "The device's key did not sign the takeover paper.",
    ),
    "UNSEALED_DECLARED": ("已申报，原件尚未送达", "declared; the bytes have not arrived"),
    "UNSEALED_ERASED": ("已依法销毁", "lawfully erased"),
    "UNSEALED_LOST": ("已报遗失：{reason}", "reported lost: {reason}"),
    "UNSEALED_QUARANTINED": ("已隔离，不作为证据：{reason}", "quarantined, no evidence: {reason}"),
    "UNSEALED_RECEIVED": ("已接收，尚未封存", "received, not sealed yet"),
    "UNSEALED_SEALED": ("已封存，凭证尚未签发", "sealed; its receipt is not signed yet"),
    "UPLOAD_NOT_BEGUN": (
        "该文件没有进行中的分段上传，请重新开始。",
        "No upload in parts is under way for this file; begin it again.",
    ),
}
