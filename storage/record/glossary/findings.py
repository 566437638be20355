"""The sentences of the Problems of findings, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "FINDING_KIND_UNKNOWN": (
        "{day} 的问题隐患库中没有“{kind}”这一类（实施意见三（十五））。",
        "The library of {day} has no kind {kind} (policy 三(十五)).",
    ),
    "FINDING_CONFLICT": (
        "该编号已用于其他内容；什么也没有改变。",
        "The id is taken by other content; nothing was changed.",
    ),
    "EVIDENCE_OF_ANOTHER_INSPECTION": (
        "证据 {evidence} 不是本次检查取得的，或者尚未申报；先申报，再附上（行政处罚法第四十六条）。",
        "Evidence {evidence} is not of this inspection, or not declared yet (行政处罚法 Art. 46).",
    ),
    "PLACE_OF_ANOTHER_INSPECTION": (
        "地点 {place} 不在本次检查的地点之内（安全生产法第六十八条）。",
        "Place {place} is not one of this inspection (安全生产法 Art. 68).",
    ),
}
