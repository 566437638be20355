"""What each value of a closed list is called, in Chinese and English."""

from enum import StrEnum

from storage.record.glossary import case_labels

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "Role": {
        "INSPECTOR": ("执法人员", "Inspector"),
        "LEAD": ("带队负责人", "Lead officer"),
        "LEGAL_REVIEWER": ("法制审核人员", "Legal reviewer"),
        "HEARING_CHAIR": ("听证主持人", "Hearing chair"),
        "DUTY_OFFICER": ("值班人员", "Duty officer"),
        "RESIDENT_SUPERVISOR": ("驻矿安监员", "Resident supervisor"),
        "EXPERT": ("专家", "Expert"),
        "AGENCY_HEAD": ("机关负责人", "Head of agency"),
        "ARCHIVIST": ("档案管理员", "Archivist"),
        "REPORT_INTAKE": ("举报受理人员", "Report intake"),
        "REPORT_VERIFICATION": ("举报核查人员", "Report verification"),
        "REPORT_REWARD": ("举报奖励人员", "Report reward"),
        "REPORT_CUSTODIAN": ("举报身份保管人", "Report custodian"),
        "COMPANY_GROUP": ("上级企业", "Parent company"),
        "MINE_PRINCIPAL": ("煤矿主要负责人", "Principal of the mine"),
        "MINE_CLERK": ("煤矿经办人", "Clerk of the mine"),
        "MINER": ("矿工", "Miner"),
        "AUDITOR": ("审计人员", "Auditor"),
        "SYSTEM_ADMINISTRATOR": ("系统管理员", "System administrator"),
        "SECURITY_ADMINISTRATOR": ("安全管理员", "Security administrator"),
        "AUDIT_ADMINISTRATOR": ("审计管理员", "Audit administrator"),
    },
    "ProvisionKind": {
        "PARAMETER": ("法定数值或清单", "Number or list of the law"),
        "DAY": ("日历", "Day of the calendar"),
    },
    "Severity": {
        "GENERAL": ("一般问题或隐患", "Violation or hazard"),
        "MAJOR": ("重大事故隐患", "Major hazard"),
    },
    "FindingFlag": {
        "REPEATED": ("同类型问题重复出现", "The same kind was found here before"),
        "CLOSURE_TO_BE_PROPOSED": (
            "三个月内两次以上带重大隐患生产，应当提请关闭",
            "Twice in three months: closure is to be proposed",
        ),
        "WITHDRAWAL_DUE": ("无法保证安全，应当责令撤出作业人员", "People are to be withdrawn"),
        "CLOCK_AHEAD": ("手机时间超前", "The phone's clock was ahead"),
    },
    "Shortcoming": {
        "NO_EVIDENCE": ("尚无证据", "No evidence yet"),
        "NOT_CONFIRMED": ("持证执法人员不足两人", "Fewer than two certified officers stand for it"),
    },
    "MineState": {
        "PRODUCING": ("生产", "Producing"),
        "BUILDING": ("建设", "Under construction"),
        "STOPPED": ("停产停建", "Stopped"),
        "SUSPENDED": ("证照暂扣", "Licence suspended"),
        "CLOSED": ("关闭", "Closed"),
    },
    "Disaster": {
        "GAS_OUTBURST": ("煤与瓦斯突出", "Coal and gas outburst"),
        "HIGH_GAS": ("高瓦斯", "High gas"),
        "WATER": ("水害", "Water"),
        "FIRE": ("火灾", "Fire"),
        "COAL_DUST": ("煤尘爆炸", "Coal dust explosion"),
        "ROCK_BURST": ("冲击地压", "Rock burst"),
        "ROOF": ("顶板", "Roof fall"),
    },
    "Basis": {
        "PLANNED": ("计划检查", "Planned"),
        "REASONED": ("非计划检查", "For a stated reason"),
    },
    "InspectionFlag": {
        "NO_PLACE_UNDERGROUND": ("未安排井下地点", "No place underground"),
        "NO_PLACE_ON_SURFACE": ("未安排井上地点", "No place on the surface"),
        "MINE_IS_CLOSED": ("煤矿已关闭", "The mine is closed"),
    },
    "PaperState": {
        "DRAFT": ("草稿", "Draft"),
        "ISSUED": ("已制发", "Issued"),
    },
    "PaperSubject": {
        "MINE": ("煤矿", "Mine"),
        "INSPECTION": ("检查", "Inspection"),
        "SCHEME": ("检查方案", "Scheme"),
        "EXAM": ("考试", "Exam"),
        "FINDING": ("问题隐患", "Finding"),
        "MEASURE": ("处理措施", "Measure"),
        "CASE": ("案件", "Case"),
    },
    "SignedWay": {
        "KEY": ("设备密钥签名", "By the key of a device"),
        "HAND": ("屏幕手写签名", "By hand on the glass"),
        "INK": ("纸质签名拍照", "In ink on the printed paper"),
    },
    "FieldKind": {
        "LINE": ("单行", "Line"),
        "TEXT": ("正文", "Text"),
        "DAY": ("日期", "Day"),
        "MOMENT": ("时间", "Moment"),
        "CHOICE": ("选择", "Choice"),
        "TABLE": ("表格", "Table"),
    },
    "Capacity": {
        "OFFICER": ("执法人员", "Officer"),
        "CLERK": ("记录人", "Clerk"),
        "CHAIR": ("主持人", "Chair"),
        "MEMBER": ("出席人员", "Member"),
        "REVIEWER": ("审核人", "Reviewer"),
        "APPROVER": ("审批人", "Approver"),
        "PARTY": ("当事人", "Party"),
        "WITNESS": ("见证人", "Witness"),
    },
    "EvidenceState": {
        "DECLARED": ("已申报", "Declared"),
        "RECEIVED": ("已接收", "Received"),
        "SEALED": ("已封存", "Sealed"),
        "QUARANTINED": ("已隔离", "Quarantined"),
        "LOST": ("已报遗失", "Reported lost"),
        "ERASED": ("已销毁", "Erased"),
    },
    "RecordingState": {
        "OPEN": ("记录中", "Open"),
        "SIGNED": ("一人已签，待第二人签名", "Signed by one officer, to be co-signed"),
        "CLOSED": ("已结束", "Closed"),
    },
    "Grade": {
        "SIGNED_AT_CAPTURE": ("拍摄时签名", "Signed at capture"),
        "SIGNED_AT_DOCK": ("采集站签名", "Signed at the dock"),
        "TAKEN_OVER": ("移交接收", "Taken over"),
    },
    "PostKind": {
        "PRINCIPAL": ("主要负责人", "Principal"),
        "ACTUAL_CONTROLLER": ("实际控制人", "Actual controller"),
        "MINE_MANAGER": ("矿长", "Mine manager"),
        "CHIEF_ENGINEER": ("总工程师", "Chief engineer"),
        "DEPUTY_SAFETY": ("安全副矿长", "Deputy manager for safety"),
        "DEPUTY_PRODUCTION": ("生产副矿长", "Deputy manager for production"),
        "DEPUTY_MECHANICAL": ("机电副矿长", "Deputy manager for machinery and power"),
        "DEPUTY_VENTILATION": ("通风副矿长", "Deputy manager for ventilation"),
        "DEPUTY_OTHER": ("其他副矿长", "Other deputy manager"),
        "SAFETY_MANAGER": ("安全生产管理人员", "Safety manager"),
        "SPECIAL_OPERATOR": ("特种作业人员", "Special operator"),
        "TEAM_LEADER": ("班组长", "Team leader"),
        "WORKER": ("一般从业人员", "Worker"),
    },
    "Craft": {
        "UNDERGROUND_ELECTRICIAN": ("井下电气作业", "Underground electrician"),
        "BLASTER": ("爆破工", "Blaster"),
        "SAFETY_MONITORING": ("安全监测监控作业", "Safety monitoring"),
        "GAS_INSPECTOR": ("瓦斯检查工", "Gas inspector"),
        "SAFETY_INSPECTOR": ("安全检查工", "Safety inspector"),
        "HOIST_OPERATOR": ("提升机操作工", "Hoist operator"),
        "SHEARER_OPERATOR": ("采煤机操作工", "Shearer operator"),
        "ROADHEADER_OPERATOR": ("掘进机操作工", "Roadheader operator"),
        "GAS_DRAINAGE": ("瓦斯抽采作业", "Gas drainage"),
        "OUTBURST_PREVENTION": ("防突作业", "Outburst prevention"),
        "WATER_EXPLORATION": ("探放水作业", "Water exploration and drainage"),
    },
    "QualificationKind": {
        "KNOWLEDGE_AND_ABILITY": ("安全生产知识和管理能力考核合格证", "Safety knowledge and management ability"),
        "SPECIAL_OPERATION": ("特种作业操作证", "Special operation certificate"),
        "SAFETY_ENGINEER": ("注册安全工程师", "Registered safety engineer"),
        "TRAINING": ("安全培训合格证", "Safety training certificate"),
    },
    "ExamCategory": {
        "PRINCIPAL": ("主要负责人", "Principal"),
        "MANAGER": ("安全生产管理人员", "Safety manager"),
        "SPECIAL_OPERATOR": ("特种作业人员", "Special operator"),
        "WORKER": ("其他从业人员", "Worker"),
    },
    "PostFlag": {
        "OVERLAPS": ("与本人其他任职重叠", "Overlaps another post of the same person"),
    },
    "Validity": {
        "NOT_YET_VALID": ("尚未生效", "Not yet valid"),
        "VALID": ("有效", "Valid"),
        "EXPIRES_SOON": ("即将到期", "Expires soon"),
        "EXPIRED": ("已过期", "Expired"),
        "WITHDRAWN": ("已注销", "Withdrawn"),
    },
    "WorkplaceKind": {
        "COAL_FACE": ("采煤工作面", "Coal face"),
        "HEADING": ("掘进工作面", "Heading"),
        "ROADWAY": ("巷道", "Roadway"),
        "CHAMBER": ("硐室", "Chamber"),
        "SHAFT": ("井筒", "Shaft"),
        "CONTROL_ROOM": ("调度室", "Control room"),
        "SURFACE": ("地面", "Surface"),
    },
    "ShiftKind": {
        "MORNING": ("早班", "Morning shift"),
        "MIDDLE": ("中班", "Middle shift"),
        "NIGHT": ("夜班", "Night shift"),
    },
    "Outcome": {
        "CREATED": ("新增", "Created"),
        "CHANGED": ("更改", "Changed"),
        "UNCHANGED": ("不变", "Unchanged"),
        "REFUSED": ("拒绝", "Refused"),
    },
    "Damage": {
        "BYTES_DIFFER": ("内容与封存时不一致", "The bytes differ from those sealed"),
        "LOCK_SHORTER": ("存储锁短于记录", "The lock is shorter than recorded"),
        "STATEMENT_DIFFERS": ("所附声明不一致", "The statement stored with it differs"),
        "UNREADABLE": ("无法读取", "The store cannot read it"),
        "VERSION_GONE": ("封存的版本缺失", "The sealed version is gone"),
    },
    "SubjectKind": {
        "EVIDENCE": ("证据", "A piece of evidence"),
        "RECORDING": ("执法记录", "A recording"),
        "INSPECTION": ("检查", "An inspection"),
    },
    "Cause": {
        "PLAN": ("年度、月度计划", "The plan"),
        "REPORT": ("举报", "A report"),
        "ALARM": ("监测预警", "An alarm"),
        "ACCIDENT": ("事故", "An accident"),
        "RECHECK": ("复查", "A re-check"),
        "CLOSER_WATCH": ("经决定重点监管", "A reasoned decision to watch the mine closer"),
    },
    "Side": {
        "PAPERS": ("查资料", "Papers"),
        "PLACES": ("查作业场所", "Workplaces"),
    },
    "Manner": {
        "QUALITATIVE": ("定性", "By its kind"),
        "QUANTITATIVE": ("定量", "By measuring"),
    },
    "ItemOutcome": {
        "CHECKED": ("已检查", "Checked"),
        "NOT_CHECKED": ("未检查", "Not checked"),
    },
    "MineClass": {
        "A": ("A类", "Class A, the safest"),
        "B": ("B类", "Class B"),
        "C": ("C类", "Class C"),
        "D": ("D类", "Class D"),
    },
    "QuestionKind": {
        "SINGLE_CHOICE": ("单项选择题", "Single choice"),
        "MULTIPLE_CHOICE": ("多项选择题", "Multiple choice"),
        "TRUE_FALSE": ("判断题", "True or false"),
    },
    "ExamWay": {
        "DRAWN": ("抽签产生", "Drawn by lot"),
        "BY_HAND": ("人工指定", "Chosen by hand"),
    },
    "Medium": {
        "PHONE": ("手机", "On a phone"),
        "PAPER": ("纸质", "On paper"),
    },
    "SittingFlag": {
        "NOT_DRAWN": ("未被抽中", "Was not drawn"),
        "NOT_IN_CATEGORY": ("当日不属于该类人员", "Held no post of this category on the day"),
        "SAID_ABSENT": ("已登记缺考", "Was recorded as absent"),
        "SAT_BEFORE": ("此前已经考过", "Sat before"),
        "OTHER_PAPER": ("不是抽定的试卷", "Not the paper that was drawn"),
        "MARKED_BY_HAND": ("人工评分", "Marked by hand"),
        "RECORDED_BY_ANOTHER": ("登记人不是本次检查人员", "Recorded by no officer of the inspection"),
        "NO_RESIT_DUE": ("没有应补考事项", "No resit was due"),
        "RESIT_LATE": ("逾期补考", "The resit came late"),
    },
    "ConsequenceKind": {
        "RETRAIN_OR_MOVE": ("重新培训或调整岗位", "Retraining or another post"),
        "RETRAIN": ("重新学习培训", "Retraining"),
        "RESIT": ("补考", "Resit"),
        "LOSE_QUALIFICATION": ("取消任职资格", "Loss of the qualification of the post"),
    },
    "ConsequenceOutcome": {
        "RETRAINED": ("已重新培训", "Retrained"),
        "MOVED": ("已调整岗位", "Moved to another post"),
        "RESAT_PASSED": ("补考合格", "Resit passed"),
        "RESAT_FAILED": ("补考不合格", "Resit failed"),
        "QUALIFICATION_ENDED": ("已取消任职资格", "The qualification is ended"),
        "NOT_CONFIRMED": ("未予确认", "Not confirmed"),
    },
    "DeviceKind": {
        "PHONE": ("手机", "Phone"),
        "DOCK": ("采集站", "Dock"),
    },
}


LABELS |= case_labels.LABELS


def label(value: StrEnum, language: str) -> str:
    """What a value of a closed list is called in `zh` or `en` (anything else: zh); never raises."""
    chinese, english = LABELS.get(type(value).__name__, {}).get(value.value, (value.value, value.value))
    return english if language == "en" else chinese
