"""The sentences of the Problems of commitments, before and after they are signed."""

SENTENCES: dict[str, tuple[str, str]] = {
    "CLAUSE_NOT_PROMISED": (
        "本矿该年度没有承诺条款 {clause}（实施意见三（六）1）。",
        "The mine promises no clause {clause} in that year (policy 三(六)1).",
    ),
    "EVIDENCE_NOT_SEALED": (
        "证据 {evidence} 不是本矿已封存、您可以查看的证据。",
        "Piece {evidence} is no sealed piece of this mine that you see.",
    ),
    "COMMITMENT_TOO_LONG": (
        "承诺书内容过长，不得超过 {most} 字节。",
        "Clauses and answers together are longer than a commitment may be: {most} bytes.",
    ),
    "ANSWERS_OPEN": (
        "自查评价尚未完成，以下条款没有填报：{titles}（实施意见三（六）1）。",
        "The self-evaluation is not complete; nothing is said of: {titles} (policy 三(六)1).",
    ),
    "PREVIEW_STALE": (
        "预览之后，条款、填报内容、姓名名称或重要事项已有变化，请重新预览。",
        "Clauses, answers, names or material facts have changed since it was shown: look at it anew, then sign.",
    ),
    "ALREADY_SIGNED": (
        "预览之后本矿该年度的承诺书已经签署。",
        "A commitment of this mine and year was signed since this one was laid.",
    ),
    "ALREADY_SEALED": ("该承诺书已加盖企业印章。", "The company's seal stands beside this commitment already."),
    "COMMITMENT_OVER": ("该承诺书已失效：{cause}。", "The commitment no longer stands: {cause}."),
}
