"""The sentences of the Problems of refusals and of retaliation, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "REFUSAL_STEP_CONFLICT": (
        "该编号已用于其他内容；什么也没有改变。",
        "The id is taken by other content; nothing was changed.",
    ),
    "REFUSAL_OVER": ("该拒绝入井已于 {at} 解除。", "The refusal was lifted at {at}."),
    "CHECK_NEEDS_TWO": (
        "拒绝入井须由至少 {needed} 名执法人员到现场核查并各自确认，现有 {count} 名（{article}）。",
        "At least {needed} officers check a refusal on site, each by his own act; there are {count} ({article}).",
    ),
    "CHECKED_ALREADY": (
        "您已经确认过核查，或者核查已有结论；什么也没有改变。",
        "You have checked it, or it was concluded already; nothing was changed.",
    ),
    "CHECK_OF_ANOTHER_MINE": (
        "所指的检查、方案或者措施不属于本矿（煤矿安全生产条例第四十四条）。",
        "The inspection, scheme or measure is not of this mine (煤矿安全生产条例 Art. 44).",
    ),
    "INSPECTION_OVER_BEFORE": (
        "该检查在提出拒绝入井之前已经结束，不能作为本次核查（{article}）。",
        "The inspection was over before what is refused was said: it cannot have checked it ({article}).",
    ),
    "NOT_YET_CHECKED": (
        "两名执法人员到现场核查之前，不得作出结论，也不得解除（{article}）。",
        "It is neither concluded nor lifted before two officers were there ({article}).",
    ),
    "NOT_OF_THE_CHECK": (
        "只有到现场核查的执法人员才能确认核查或者作出结论（{article}）。",
        "Only the officers who were there say what the check came to ({article}).",
    ),
    "FINDING_NOT_OF_THE_CHECK": (
        "问题隐患 {finding} 不是这次核查发现的（煤矿安全生产条例第四十四条）。",
        "Finding {finding} does not come from this check (煤矿安全生产条例 Art. 44).",
    ),
    "NOT_SUBSTANTIATED": (
        "尚未查实，不能关联措施（煤矿安全生产条例第四十四条）。",
        "It was not found true, so no order follows it (煤矿安全生产条例 Art. 44).",
    ),
    "ORDER_OF_OTHER_FINDINGS": (
        "该措施没有针对查实的问题隐患（煤矿安全生产条例第四十四条）。",
        "The measure answers none of what was found true (煤矿安全生产条例 Art. 44).",
    ),
    "ORDER_LEAVES_FINDINGS": (
        "还有 {count} 项查实的问题隐患没有措施；须写明理由（{article}）。",
        "{count} findings that were true have no order yet: say why ({article}).",
    ),
    "REFUSAL_WITHOUT_ORDER": (
        "查实的问题须先下达措施并完成整改，才能解除（{article}）。",
        "What was found true is lifted only after an order was carried out ({article}).",
    ),
    "ORDER_STILL_OPEN": (
        "还有 {count} 项措施没有办结，该地点继续拒绝入井（{article}）。",
        "Orders about it that are still open: {count}. The place stays refused ({article}).",
    ),
    "LIFTED_BY_CHECKER": (
        "参加核查的人员不得决定解除（{article}）。",
        "Whoever checked the place does not lift the refusal ({article}).",
    ),
    "SOONER_THAN_CHOSEN": (
        "举报人选择在日常检查中核查；只有危及生命并写明理由，才能提前行动，举报人会看到。",
        "The reporter chose a routine check: sooner is only for danger to life, said in words, and he reads it.",
    ),
    "NOT_WAITING": (
        "该举报没有在等待日常检查；什么也没有改变。",
        "The report does not wait for a routine check; nothing was changed.",
    ),
    "RETALIATION_STEP_CONFLICT": (
        "该编号已用于其他内容；什么也没有改变。",
        "The id is taken by other content; nothing was changed.",
    ),
    "RETALIATION_OVER": (
        "该事项已有结论；新的举报另行受理。",
        "It was concluded; a further report opens a matter of its own.",
    ),
    "RETALIATION_NOT_LOOKED_INTO": (
        "着手核查之前不能作出结论（{article}）。",
        "Nobody concludes what he did not look into ({article}).",
    ),
    "RETALIATION_WITHOUT_CASE": (
        "查实打击报复的，须对本矿立案（{article}）。",
        "Retaliation that was established is followed by a case of this mine ({article}).",
    ),
}
