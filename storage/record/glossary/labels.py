"""What each value of a closed list is called, in Chinese and English."""

from enum import StrEnum

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
    "Damage": {
        "BYTES_DIFFER": ("内容与封存时不一致", "The bytes differ from those sealed"),
        "LOCK_SHORTER": ("存储锁短于记录", "The lock is shorter than recorded"),
        "STATEMENT_DIFFERS": ("所附声明不一致", "The statement beside it differs"),
        "STATEMENT_GONE": ("所附声明缺失", "The statement beside it is gone"),
        "UNREADABLE": ("无法读取", "The store cannot read it"),
        "VERSION_GONE": ("封存的版本缺失", "The sealed version is gone"),
    },
    "SubjectKind": {
        "EVIDENCE": ("证据", "A piece of evidence"),
        "RECORDING": ("执法记录", "A recording"),
        "INSPECTION": ("检查", "An inspection"),
    },
    "DeviceKind": {
        "PHONE": ("手机", "Phone"),
        "DOCK": ("采集站", "Dock"),
    },
}


def label(value: StrEnum, language: str) -> str:
    """What a value of a closed list is called in `zh` or `en` (anything else: zh); never raises."""
    chinese, english = LABELS.get(type(value).__name__, {}).get(value.value, (value.value, value.value))
    return english if language == "en" else chinese
