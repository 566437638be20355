"""What the closed lists of disclosures are called, in Chinese and English."""

from storage.record.glossary import credit_labels

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "DisclosureKind": {
        "PENALTY": ("行政处罚", "Penalty"),
        "RESULT": ("监督检查结果", "Result of an inspection"),
        "COMMITMENT": ("安全生产承诺", "Safety commitment"),
        "BREACH": ("违反承诺", "Broken commitment"),
        "BLACKLISTING": ("列入严重失信名单", "Blacklisting"),
        "LICENCE": ("安全生产许可", "Safety licence"),
        "LIST": ("名单、目录", "List"),
        "FIGURES": ("统计数据", "Figures"),
        "EXPOSURE": ("典型案例曝光", "Exposed case"),
    },
    "DisclosureState": {
        "SHOWN": ("公示中", "Shown"),
        "DISPUTED": ("公示中（有争议）", "Shown, disputed"),
        "WITHDRAWN": ("已撤回", "Withdrawn"),
        "REPAIRED": ("已信用修复", "Repaired"),
        "EXPIRED": ("公示期满", "Expired"),
    },
    "EventKind": {
        "PUBLISHED": ("公示", "Published"),
        "CORRECTED": ("更正", "Corrected"),
        "DISPUTED": ("标注争议", "Disputed"),
        "REPAIRED": ("信用修复", "Repaired"),
        "WITHDRAWN": ("撤回", "Withdrawn"),
        "EXPIRED": ("期满", "Expired"),
        "RESTORED": ("恢复公示", "Restored"),
    },
    "SourceKind": {
        "DECISION": ("行政处罚决定", "Decision on a penalty"),
        "INSPECTION": ("现场检查", "Inspection"),
        "COMMITMENT": ("安全生产承诺书", "Safety commitment"),
        "BREACH": ("不履行承诺", "Breach of a commitment"),
        "LISTING": ("列入严重失信主体名单的决定", "Decision on a blacklisting"),
    },
    "MetAs": {
        "PUBLISHED": ("已公示", "Published"),
        "WITHHELD": ("不予公示", "Withheld"),
        "FELL": ("决定已失效", "The decision fell"),
    },
    "PenaltyClass": {
        "SLIGHT": ("轻微", "Slight"),
        "ORDINARY": ("一般", "Ordinary"),
        "GRAVE": ("严重", "Grave"),
    },
    "WithdrawalGround": {
        "DECISION_FELL": ("决定被撤销、变更或者确认违法、无效", "The decision was revoked, changed or void"),
        "PUBLISHED_IN_ERROR": ("公示有误", "Published in error"),
        "HARMS_SOMEBODY": ("损害他人权益", "It harms somebody"),
    },
    "WithholdingGround": {
        "NO_SOCIAL_IMPACT": ("没有一定社会影响", "No social impact"),
        "STATE_SECRET": ("国家秘密", "State secret"),
        "COMMERCIAL_SECRET_OR_PRIVACY": ("商业秘密或者个人隐私", "Commercial secret or privacy"),
        "INTERNAL_MATTER": ("内部事务信息或者案卷信息", "Internal matter or case file"),
        "SLIGHT_PENALTY": ("轻微处罚，依规定不公示", "Slight penalty, not published by default"),
    },
    "Unpublishable": {
        "KIND": ("该类事项没有公开目录", "no list says how this kind is made public"),
        "NOT_ON_THE_LIST": ("不在公开目录之内", "it is not on the list of what may be public"),
        "NOT_WRITABLE": ("含有不能书写的字符", "it holds what can be written in no JSON"),
        "TOO_LONG": ("内容过长", "it is too long"),
        "FELL": ("决定已经失效", "the decision fell"),
        "NO_PENALTY": ("没有给予行政处罚", "no penalty was imposed"),
        "MISSING": ("缺少必需的内容", "it is missing"),
        "AGE_UNKNOWN": ("须先确认当事人已成年", "an officer says first that the person is of age"),
        "NOT_A_UNIT": ("统一社会信用代码有误", "the credit code is none"),
        "LACKING": ("尚有待补正的问题", "a finding lacks something still"),
        "HARMED": ("该版本损害他人权益", "this edition harmed somebody"),
    },
    "TakenOutFor": {
        "NOT_ON_THE_LIST": ("不在公开目录之内", "Not on the list of what may be public"),
        "PERSON": ("自然人姓名，只公开姓氏", "Name of a person: only the family name is shown"),
        "THIRD_PERSON": ("涉及第三人", "Of a third person"),
        "ACCOUNT": ("账户信息", "Account"),
        "WORDED_ANEW": ("为公开另行表述", "Worded anew for the public"),
        "LEADS_TO_A_REPORTER": ("可能指向举报人", "May lead to a reporter"),
    },
    "PersonalData": {
        "IDENTITY_OR_ACCOUNT_NUMBER": ("证件号码或者账号", "Identity or account number"),
        "TELEPHONE": ("电话号码", "Telephone"),
        "ADDRESS": ("住址", "Address"),
        "MAIL": ("电子邮箱", "Mail address"),
        "HEALTH": ("健康信息", "Health"),
        "NAME": ("姓名", "Name"),
    },
}

LABELS |= credit_labels.LABELS
