"""What people read when evidence cannot be held, kept longer or erased."""

SENTENCES: dict[str, tuple[str, str]] = {
    "ERASURE_APPROVED_ALREADY": ("该销毁已经批准。", "This erasure was approved already."),
    "ERASURE_NEEDS_TWO_PEOPLE": (
        "提出销毁的人不能批准该销毁。",
        "Whoever proposed an erasure cannot approve it.",
    ),
    "ERASURE_PROPOSED_ALREADY": ("该证据的销毁已经提出。", "The erasure of this piece was proposed already."),
    "ERASURE_UNDER_WAY": (
        "该证据的销毁已经批准，不能再冻结或延长保存。",
        "The erasure of this piece was approved: it can no longer be held or kept longer.",
    ),
    "EVIDENCE_HELD": ("该证据处于冻结保存状态，不得销毁。", "This piece is held and cannot be erased."),
    "EVIDENCE_NOT_KEPT": (
        "该证据当前状态（{state}）下没有可保存的内容。",
        "There is nothing to keep of a piece in the state {state}.",
    ),
    "EVIDENCE_RETAINED": ("该证据须保存至 {until}。", "This piece is to be kept until {until}."),
    "HOLD_ALREADY_LIFTED": ("该冻结已经解除。", "This hold was lifted already."),
    "HOLD_OF_CASE": ("该冻结因案件设立，随案件结束解除。", "A case placed this hold; the end of the case lifts it."),
    "RETENTION_NOT_LONGER": (
        "保存期限只能延长；目前已保存至 {until}。",
        "Retention is only ever extended; it lasts until {until} already.",
    ),
    "RETENTION_TOO_LONG": (
        "定期保存最长 {years} 年；永久保存请设立永久冻结。",
        "A term lasts at most {years} years; to keep for ever, place a permanent hold.",
    ),
}
