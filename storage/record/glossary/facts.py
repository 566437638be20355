"""What people read when a piece of evidence cannot be opened."""

SENTENCES: dict[str, tuple[str, str]] = {
    "NOT_HELD_YET": ("该证据尚未封存，暂不能打开。", "This piece has not been sealed yet: it cannot be opened."),
    "PREVIEW_NOT_MADE": ("该证据没有预览图，或尚未生成。", "There is no preview of this piece, or not yet."),
}
