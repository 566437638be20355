"""What the closed lists of commitments are called, in Chinese and English."""

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "ClauseField": {
        "SYSTEM": ("安全管理制度和安全生产责任制", "Systems and responsibility"),
        "PEOPLE": ("从业人员素质", "People's competence"),
        "DISASTER": ("重大灾害治理", "Major disasters"),
        "MAIN_SYSTEM": ("主要系统安全可靠", "Main systems"),
        "INVESTMENT": ("安全投入", "Investment in safety"),
    },
    "ConditionKind": {
        "NUMBER": ("数值", "Number"),
        "YES_NO": ("是否", "Yes or no"),
        "DATE": ("日期", "Day"),
        "LIST": ("清单", "List"),
    },
    "Unit": {
        "PIECES": ("处（项）", "Pieces"),
        "PERSONS": ("人", "Persons"),
        "TIMES": ("次", "Times"),
        "MINUTES": ("分钟", "Minutes"),
        "HOURS": ("小时", "Hours"),
        "DAYS": ("日", "Days"),
        "WORKING_DAYS": ("工作日", "Working days"),
        "HUNDREDTHS_OF_PERCENT": ("百分之一个百分点（0.01%）", "Hundredths of a per cent (0.01 %)"),
        "CENTIMETRES": ("厘米", "Centimetres"),
        "CENTIMETRES_PER_SECOND": ("厘米每秒", "Centimetres per second"),
        "CUBIC_METRES_PER_MINUTE": ("立方米每分钟", "Cubic metres per minute"),
        "KILOPASCALS": ("千帕", "Kilopascals"),
        "TONNES": ("吨", "Tonnes"),
        "YUAN": ("元", "Yuan"),
        "FEN_PER_TONNE": ("分每吨", "Fen per tonne"),
    },
    "AnswerOutcome": {
        "MET": ("已达到", "Met"),
        "NOT_YET": ("尚未达到，限期达到", "Not yet, but by a day"),
        "NOT_MET": ("未达到", "Not met"),
    },
    "ClauseStanding": {
        "OPEN": ("未填报", "Nothing is said of it"),
        "MET": ("已达到", "Met"),
        "NOT_YET": ("尚未达到，未到期", "Not yet, and the day has not passed"),
        "DAY_PASSED": ("到期未报达到", "The day has passed"),
        "NOT_MET": ("未达到", "Not met"),
    },
    "SigningWay": {
        "KEY": ("设备密钥", "Key of a device"),
        "PASSKEY": ("通行密钥", "Passkey"),
        "TOKEN": ("CA数字证书", "Token of a CA"),
        "INK": ("手写签名扫描件（证明力较低）", "Ink, scanned (the lower level)"),
    },
    "KeyPurpose": {
        "SIGNATURE": ("主要负责人签名", "The principal's signature"),
        "SEAL": ("企业印章", "The company's seal"),
    },
    "IdentitySeen": {
        "IDENTITY_CARD": ("居民身份证", "Identity card"),
        "OTHER_DOCUMENT": ("其他有效身份证件", "Another identity document"),
        "KNOWN_IN_PERSON": ("本人熟识", "Known in person"),
    },
    "EndCause": {
        "SUPERSEDED": ("已由新的承诺书取代", "Superseded by a later one"),
        "PRINCIPAL_CHANGED": ("主要负责人已变更", "Another is the principal"),
        "FACTS_CHANGED": ("灾害类型等重要事项已变更", "Material facts have changed"),
    },
    "ContradictionKind": {
        "FINDING": ("检查发现", "Finding"),
        "REFUSAL": ("拒绝入井", "Refusal to descend"),
    },
    "CommitmentStatus": {
        "SIGNED": ("已签订", "Signed"),
        "UNSIGNED": ("未签订", "Not signed"),
        "OVERDUE": ("逾期未签订", "Overdue"),
        "NOT_ASKED": ("不在生产建设，无需签订", "Neither producing nor building: none is asked"),
    },
    "PromiseStanding": {
        "KEPT": ("已履行", "Kept"),
        "NOT_YET": ("承诺限期达到，未到期", "Not yet, and the day has not passed"),
        "LATE": ("承诺期限已过", "Its day has passed"),
        "NOT_MET": ("自认未达到", "Not met, as the mine says"),
        "BROKEN": ("未履行", "Broken"),
    },
    "ClauseChange": {
        "NEW": ("新增", "New"),
        "GONE": ("取消", "Gone"),
        "STRICTER": ("更严", "Stricter"),
        "LOOSER": ("更宽", "Looser"),
        "OTHERWISE": ("另有规定", "Otherwise"),
        "REWORDED": ("条件相同，文字有变", "Reworded, the condition is the same"),
        "SAME": ("相同", "Same"),
    },
    "BreachSource": {
        "FINDING": ("检查发现", "Finding"),
        "REFUSAL": ("拒绝入井", "Refusal to descend"),
        "INSPECTION": ("现场检查", "Inspection"),
    },
    "BreachState": {
        "FOUND": ("待煤矿答复", "Found"),
        "ANSWERED": ("煤矿已答复", "Answered"),
        "STANDS": ("已认定", "Stands"),
        "WITHDRAWN": ("已撤回", "Withdrawn"),
        "CORRECTED": ("已认定并已改正", "Corrected"),
    },
    "BreachConsequenceKind": {
        "TALK": ("约谈", "Talk"),
        "NOTICE": ("通报", "Notice"),
        "BLACKLIST_PROPOSAL": ("提出纳入失信联合惩戒的建议", "Proposal for the blacklist"),
    },
    "BreachConsequenceOf": {
        "COMPANY": ("煤矿企业", "The company"),
        "PRINCIPAL": ("主要负责人", "The principal"),
    },
    "Wanted": {
        "PHOTO": ("照片", "Photo"),
        "FILM": ("视频", "Film"),
        "PAPER": ("文件", "Paper"),
        "MEASUREMENT": ("监测数据", "Measurement"),
        "REGISTER": ("台账", "Register"),
    },
}
LABELS["UnsignedCause"] = {"NEVER_SIGNED": ("未签订过", "Never signed")} | LABELS["EndCause"]
LABELS["Counted"] = LABELS["Unit"] | LABELS["ConditionKind"]
"""In what a condition is counted: its unit, or its kind where it has none."""
