"""The sentences of the Problems of papers (执法文书), each with its article, and the words that stand on every paper."""

PRINTED: dict[str, str | tuple[str, ...]] = {
    "digest": "文书摘要 SHA-256：",
    "page": ("第 ", " 页　共 ", " 页"),
    "sign": "（签名）：",
    "seal": "（印章）",
    "ordinal": "序号",
}
"""What the template says by itself; papers are Chinese whoever reads them."""

WAYS: dict[str, str] = {
    "KEY": "本人设备密钥签名",
    "HAND": "屏幕手写签名",
    "INK": "纸质文书签名（照片存证）",
    "REFUSED": "拒绝签名",
}
"""How a signature was given, as it is shown beside it."""

REFUSED = "REFUSED"
REFUSED_BY = "（{name}拒绝签名）"

SENTENCES: dict[str, tuple[str, str]] = {}
