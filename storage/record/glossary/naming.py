"""Which parameters of Problems are codes of closed lists, so that sentences say them in words; codes stay beside."""

SOMEBODY = ("该人员", "that person")
PEOPLE = ("account", "officer", "person")
"""Parameters that name a person by an id, which says nothing to people; the id itself stays beside."""
BOUNDS = ("应在 {least} 至 {most} 之间", "from {least} to {most}")
"""What an input takes: signs of a text, or a number."""
UNSEEN = (
    "含有看不见或者改变书写方向的字符（{sign}），请删去",
    "it holds a sign that nobody sees or that turns the writing ({sign}); remove it",
)
"""What no text may hold that others read."""

SUMS: frozenset[tuple[str, str]] = frozenset(
    {
        ("DAILY_PENALTY_TOO_LARGE", "most"),
        ("ON_THE_SPOT_TOO_MUCH", "most"),
        ("OUTSIDE_THE_LAW", "least"),
        ("OUTSIDE_THE_LAW", "most"),
        ("STANDARD_DEPARTED", "least"),
        ("STANDARD_DEPARTED", "most"),
        ("SURCHARGE_TOO_MUCH", "most"),
    }
)
"""Code and parameter → sums in fen, which sentences say in yuan."""

NAMED: dict[tuple[str, str], str] = {
    ("ALREADY_DELIVERED", "state"): "EvidenceState",
    ("BOUND_IN_ANOTHER_UNIT", "unit"): "Counted",
    ("BOUND_IN_ANOTHER_UNIT", "wanted"): "Counted",
    ("CIRCUMSTANCE_CONTRADICTED", "circumstance"): "Circumstance",
    ("COMMITMENT_OVER", "cause"): "EndCause",
    ("CONSEQUENCE_NEEDS_OTHER_HAND", "kind"): "ConsequenceKind",
    ("LISTING_NOT_GROUNDED", "reason"): "Ungrounded",
    ("NOT_LISTED", "state"): "ListingState",
    ("NOT_PUBLISHABLE", "reason"): "Unpublishable",
    ("NOT_REPAIRABLE", "reason"): "Excluded",
    ("OBLIGATIONS_OPEN", "obstacle"): "Obstacle",
    ("REPAIR_UNPROVEN", "part"): "RepairPart",
    ("NOT_SHOWN", "state"): "DisclosureState",
    ("ANSWER_UNFIT", "part"): "AnswerPart",
    ("LIST_OF_ANOTHER_LEVEL", "kind"): "ListKind",
    ("EVIDENCE_NOT_KEPT", "state"): "EvidenceState",
    ("PHOTO_NOT_USABLE", "reason"): "Unusable",
    ("REGIONS_UNFIT", "reason"): "UnfitRegion",
    ("MEASURE_ENDED", "state"): "MeasureState",
    ("NOT_STATED", "part"): "Part",
    ("PIECE_OF_ANOTHER_KIND", "medium"): "RecordingMedium",
    ("RECORDING_MISSING", "medium"): "RecordingMedium",
    ("RESTS_ON_DEFECT", "defect"): "DefectKind",
    ("RESTS_ON_FINDING", "lacks"): "Shortcoming",
    ("REWARD_NOT_DUE", "reason"): "RewardLack",
    ("SEIZURE_FLAWED", "part"): "Part",
    ("SERVICE_UNPROVEN", "part"): "Part",
    ("SIGNATURE_INCOMPLETE", "way"): "SignedWay",
    ("SIGNATURE_OUT_OF_ORDER", "next"): "Hand",
    ("STANDARD_DEPARTED", "tier"): "DiscretionGround",
    ("STOP_LACKING", "part"): "Part",
    ("STEP_NOT_OF_THIS_MEASURE", "step"): "Turn",
    ("STEP_OUT_OF_TURN", "state"): "ReportStepKind",
    ("TIER_WITHOUT_GROUND", "tier"): "DiscretionGround",
    ("TRANSFER_OUT_OF_ORDER", "first"): "StepKind",
    ("WRONG_HAND", "hand"): "Hand",
}
"""Code and parameter → the list in `labels.py` or below that says what its values are called."""

PARTS: dict[str, tuple[str, str]] = {
    "added": ("追加的内容", "what is added"),
    "answer": ("复核答复", "the answer"),
    "basis": ("罚款依据", "the range of the fine"),
    "cause": ("案由", "the cause"),
    "conducts": ("违法行为", "the conducts"),
    "crime": ("涉嫌罪名", "the crime"),
    "discovered": ("发现日期", "the day of discovery"),
    "evidence_or_gap": ("音像记录或者缺失的理由", "the recording, or the reason of the gap"),
    "facts": ("事实", "the facts"),
    "first": ("首日", "the first day"),
    "fine": ("不低于零的罚款金额", "a fine not below zero"),
    "grounds": ("理由和依据", "the grounds"),
    "how": ("如何补正、如何执行", "how"),
    "items": ("物品清单", "the items"),
    "matter": ("事项", "the matter"),
    "notes": ("审核意见", "the notes"),
    "number": ("文书编号", "the number"),
    "opinion": ("意见", "the opinion"),
    "outcome": ("处理结果", "the outcome"),
    "papers": ("所附材料", "the papers"),
    "papers_handed_over": ("当场交付决定书和清单", "handing over the papers"),
    "parties": ("当事人", "the parties"),
    "parts": ("各期数额和日期", "the parts"),
    "pay_to": ("缴款处", "where to pay"),
    "place": ("地点", "the place"),
    "proof": ("送达凭证", "the proof"),
    "published_on, reason": ("公告日期和原因", "the day and reason of the public notice"),
    "reason": ("理由", "the reason"),
    "reasons_told": ("当场告知理由、依据和权利", "telling the reasons"),
    "receipt": ("回执", "the receipt"),
    "receiver": ("收件人", "the receiver"),
    "record_signed": ("现场笔录签名", "the signed record"),
    "days": ("整顿时限", "the days of the stop"),
    "stop": ("责令停产整顿", "the order to stop production and rectify"),
    "terms": ("整顿内容", "what is to be put right"),
    "remedies": ("救济途径和期限", "the remedies"),
    "report": ("报告", "the report"),
    "right": ("更正后的内容", "the right words"),
    "sanctions": ("处罚内容", "the sanctions"),
    "sum": ("大于零的金额", "a sum above zero"),
    "standard": ("裁量基准条目", "the item of the standard"),
    "to": ("受理单位", "to whom"),
    "what": ("责令改正的内容", "what is to be corrected"),
    "witness": ("见证人", "the witness"),
    "words": ("内容", "the words"),
    "wrong": ("原内容", "the wrong words"),
}
"""What the law asks to be stated or done, by the field that would say it."""
