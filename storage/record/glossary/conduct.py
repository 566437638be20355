"""The sentences of the Problems of conduct, each with its article, and of what officers left undone."""

SENTENCES: dict[str, tuple[str, str]] = {
    "CONDUCT_CONFLICT": ("该编号已用于另一事项。", "The id is taken by another matter."),
    "CONDUCT_STEP_CONFLICT": ("该编号已用于另一步骤。", "The id is taken by another step."),
    "CONDUCT_OF_NOBODY": ("没有这个账号，事项须针对一名执法人员。", "No such account: a matter is about one officer."),
    "CONDUCT_GROUND_UNKNOWN": (
        "{day} 的清单中没有 {ground} 这一情形。",
        "The closed list of {day} has no ground {ground} for this.",
    ),
    "CONDUCT_GROUND_MISSING": (
        "应当写明清单中的情形（{article}）。",
        "A ground of the closed list must be named ({article}).",
    ),
    "HANDLED_BY_ONESELF": (
        "本人不得提出、办理或者决定涉及自己的事项（{article}）。",
        "Nobody proposes, handles or decides what is about himself ({article}).",
    ),
    "HANDLED_BELOW": (
        "涉及机关负责人的事项由上级或者监督机构办理（{article}）。",
        "What is about the head is dealt with above, or by supervision ({article}).",
    ),
    "NOT_YOURS_TO_SAY": (
        "说明和申辩只能由本人作出，撤回只能由提出人作出。",
        "Only the one whom it is about answers, and only who opened it withdraws it.",
    ),
    "RECUSAL_BY_STRANGER": (
        "回避由当事人或者执法人员本人提出（{article}）。",
        "Recusal is asked by the party or by the officer himself ({article}).",
    ),
    "NOT_OF_THE_TEAM": (
        "{account} 没有参加该项工作，无须回避（行政处罚法第四十三条）。",
        "{account} takes no part in it, so there is nothing to be recused from (行政处罚法43).",
    ),
    "NO_SUCH_CONDUCT_STEP": ("{kind} 没有 {step} 这一步骤。", "A matter {kind} has no step {step}."),
    "MATTER_SETTLED": ("该事项已经结束（{state}）。", "The matter has ended ({state})."),
    "OFFICER_NOT_HEARD": (
        "尚未听取本人的说明和申辩，期限至 {until}（{article}）。",
        "He was not heard, and may still speak until {until} ({article}).",
    ),
    "OFFICER_NOT_TOLD": (
        "尚未将事实和依据告知本人（{article}）。",
        "He was not told of the facts and the basis ({article}).",
    ),
    "FINDING_NOT_MADE": (
        "没有待第二人确认的认定，或者已有一项待确认。",
        "No finding waits for a second person, or one waits already.",
    ),
    "FOUND_BY_ONE_PERSON": (
        "认定须由两人作出，不得由同一人确认（{article}）。",
        "Two persons find; nobody confirms his own finding ({article}).",
    ),
    "NOT_PASSED_ON": ("问责建议尚未移送。", "The proposal was not passed on yet."),
    "COMPLAINT_NOT_ACCEPTED": (
        "投诉尚未受理，或者已经延长过（{article}）。",
        "The complaint was not accepted yet, or was extended before ({article}).",
    ),
    "OFFICER_RECUSED": (
        "{account} 已经回避，不得参与（{article}）。",
        "{account} was recused and takes no part in it ({article}).",
    ),
}
