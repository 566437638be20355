"""What people read when a piece of evidence cannot be opened."""

SENTENCES: dict[str, tuple[str, str]] = {
    "NOT_HELD_YET": ("该证据尚未封存，暂不能打开。", "This piece has not been sealed yet: it cannot be opened."),
    "EVIDENCE_ERASED": (
        "该证据的原件已依法由两人销毁，不能打开；其证明和销毁记录仍在。",
        "The bytes of this piece were lawfully erased by two people: it cannot be opened. Its proof remains.",
    ),
    "PREVIEW_NOT_MADE": ("该证据没有预览图，或尚未生成。", "There is no preview of this piece, or not yet."),
}
