"""Every sentence that people read, in Chinese and English."""

SENTENCES = {
    "NOT_FOUND": {"zh": "没有找到。", "en": "Nothing was found."},
    "NOT_ALLOWED": {"zh": "您无权执行此操作。", "en": "This is not yours to do."},
    "UNAUTHENTICATED": {"zh": "请先登录。", "en": "Sign in first."},
    "BAD_INPUT": {"zh": "输入有误。", "en": "The input is not right."},
    "OPERATION_ID_REUSED": {"zh": "操作编号已被使用。", "en": "The operation id was used before."},
}


def sentence(code: str, language: str, **parameters: str | int) -> str:
    """Return the sentence for a code."""
    return SENTENCES[code][language].format(**parameters)
