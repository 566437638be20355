"""The library of findings: each kind in the law's own wording, with its three bases (finding, measure, penalty)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is: a violation or hazard, or one of the major hazards of 条例36."""

    GENERAL = "GENERAL"
    MAJOR = "MAJOR"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKind:
    """One kind. `fine` names the parameters of its fine on the unit (least, most), `fine_uncorrected` those after a
    term to correct ran out, `fine_person` and `fine_person_uncorrected` those on the persons who answer for it.
    """

    key: str
    title: str
    severity: Severity
    clause: str
    measure: str
    penalty: str
    in_force_from: date
    in_force_to: date | None = None
    fine: str = ""
    fine_uncorrected: str = ""
    fine_person: str = ""
    fine_person_uncorrected: str = ""

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day (Asia/Shanghai)."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


REGULATION = date(2024, 5, 1)
_MEASURE = "煤矿安全生产条例第四十四条第一款第二项、安全生产法第六十五条第一款第二项"
_MEASURE_OF_HAZARDS = "煤矿安全生产条例第三十六条、第四十四条第一款第三项，安全生产法第六十五条第一款第三项"
_NUMERALS = (
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
    "十六",
    "十七",
)

_MAJOR = (
    ("OVER_CAPACITY", "超能力、超强度或者超定员组织生产"),
    ("GAS_OVER_LIMIT", "瓦斯超限作业"),
    ("OUTBURST_UNPREVENTED", "突出矿井未按照规定实施防突措施"),
    ("GAS_DRAINAGE_MISSING", "突出矿井、高瓦斯矿井未按照规定建立瓦斯抽采系统，或者系统不能正常运行"),
    ("VENTILATION_UNRELIABLE", "通风系统不完善、不可靠"),
    ("BEYOND_BOUNDARY", "超层、越界开采"),
    ("WATER_UNPREVENTED", "有严重水患，未采取有效措施"),
    ("ROCKBURST_UNPREVENTED", "有冲击地压危险，未采取有效措施"),
    ("SELF_IGNITION_UNPREVENTED", "自然发火严重，未采取有效措施"),
    ("OBSOLETE_EQUIPMENT", "使用应当淘汰的危及生产安全的设备、工艺"),
    ("MONITORING_MISSING", "未按照规定建立监控与通讯系统，或者系统不能正常运行"),
    ("OPEN_PIT_SLOPE", "露天煤矿边坡角大于设计最大值或者边坡发生严重变形，未采取有效措施"),
    ("SINGLE_POWER_SUPPLY", "未按照规定采用双回路供电系统"),
    ("PRODUCING_WHILE_BUILDING", "新建煤矿边建设边生产，改扩建期间在改扩建区域生产，或者其他区域的生产超出设计规定的范围和规模"),
    ("CONTRACTED_OUT", "整体承包后未重新取得或者变更安全生产许可证而生产，或者再次转包，或者将井下采掘工作面和井巷维修作业外包"),
    ("NOBODY_ANSWERABLE", "改制、合并、分立期间未明确安全生产责任人和机构，或者之后未重新取得或者变更安全生产许可证"),
    ("OTHER_MAJOR", "有其他重大事故隐患"),
)  # fmt: skip

# key, title, clause, penalty, fine, fine uncorrected, fine on persons uncorrected.
_BY_SAFETY_LAW = (
    ("NO_SAFETY_STAFF", "未按照规定设置安全生产管理机构并配备安全生产管理人员", "条例第六十二条第一项", "九十七条第一项"),
    ("MANAGERS_NOT_EXAMINED", "主要负责人和安全生产管理人员未按照规定经考核合格并持续保持相应水平和能力", "条例第六十二条第二项", "九十七条第二项"),
    ("TRAINING_MISSING", "未按照规定进行安全生产教育和培训、如实告知，或者未如实记录", "条例第六十二条第三项", "九十七条第三项、第四项"),
    ("OPERATORS_UNQUALIFIED", "特种作业人员未取得相应资格上岗作业", "条例第六十二条第四项", "九十七条第七项"),
    ("DANGEROUS_WORK_UNATTENDED", "进行危险作业，未采取专门安全技术措施并安排专门人员进行现场安全管理", "条例第六十二条第五项", "一百零一条第三项"),
    ("HAZARDS_UNMANAGED", "未建立并落实风险分级管控和隐患排查治理制度，或者重大事故隐患排查治理情况未按照规定报告", "条例第六十二条第六项", "一百零一条第四项、第五项"),
    ("NO_EMERGENCY_PLAN", "未按照规定制定应急救援预案或者未定期组织演练", "条例第六十二条第七项", "九十七条第六项"),
)  # fmt: skip
_LISTED = (
    ("RULES_UNKEPT", "未按照规定制定并落实全员安全生产责任制和领导带班等安全生产规章制度"),
    ("POSTS_EMPTY", "未按照规定为煤矿配备矿长等人员和机构，或者未按照规定设立救护队"),
    ("SYSTEMS_BELOW_STANDARD", "主要生产系统、安全设施不符合煤矿安全规程和国家标准或者行业标准"),
    ("NO_SPECIAL_DESIGN", "未按照规定编制专项设计"),
    ("NOT_APPRAISED", "未按照规定进行瓦斯等级、冲击地压、煤层自燃倾向性和煤尘爆炸性鉴定"),
    ("OPEN_PIT_DISTANCE", "露天煤矿边坡与重要建筑物、构筑物之间安全距离不符合规定，或者未保持边坡稳定"),
    ("RECKLESS_COMMAND", "违章指挥或者强令冒险作业、违反规程"),
)
_OBSTRUCTION = (
    ("HAZARDS_HIDDEN", "隐瞒存在的事故隐患以及其他安全问题", "煤矿安全生产条例第三十七条第一款"),
    ("SEALS_BROKEN", "擅自启封或者使用被查封、扣押的设施、设备、器材", "煤矿安全生产条例第四十四条第一款"),
    ("OBSTRUCTED", "有其他拒绝、阻碍监督检查行为", "煤矿安全生产条例第三十七条第一款"),
)


def _majors() -> tuple[FindingKind, ...]:
    return tuple(
        FindingKind(
            key=key, title=title, severity=Severity.MAJOR, clause=f"煤矿安全生产条例第三十六条第{numeral}项",
            measure=_MEASURE_OF_HAZARDS, penalty="煤矿安全生产条例第六十四条", in_force_from=REGULATION,
            fine="fine_major_hazard_unit", fine_person="fine_major_hazard_principal",
        )
        for (key, title), numeral in zip(_MAJOR, _NUMERALS, strict=True)
    )  # fmt: skip


def _generals() -> tuple[FindingKind, ...]:
    by_safety_law = (
        FindingKind(
            key=key, title=title, severity=Severity.GENERAL, clause=f"煤矿安全生产{clause}", measure=_MEASURE,
            penalty=f"安全生产法第{penalty}", in_force_from=REGULATION, fine="fine_safety_law_unit",
            fine_uncorrected="fine_safety_law_uncorrected_unit",
            fine_person_uncorrected="fine_safety_law_uncorrected_person",
        )
        for key, title, clause, penalty in _BY_SAFETY_LAW
    )  # fmt: skip
    listed = (
        FindingKind(
            key=key, title=title, severity=Severity.GENERAL, clause=f"煤矿安全生产条例第六十三条第{numeral}项",
            measure=_MEASURE, penalty="煤矿安全生产条例第六十三条", in_force_from=REGULATION, fine="fine_listed",
            fine_uncorrected="fine_listed_uncorrected_unit", fine_person_uncorrected="fine_listed_uncorrected_person",
        )
        for (key, title), numeral in zip(_LISTED, _NUMERALS, strict=False)
    )  # fmt: skip
    obstruction = (
        FindingKind(
            key=key, title=title, severity=Severity.GENERAL, clause=clause, measure=_MEASURE,
            penalty=f"煤矿安全生产条例第六十六条第{numeral}项", in_force_from=REGULATION,
            fine_uncorrected="fine_obstruction_unit", fine_person_uncorrected="fine_obstruction_person",
        )
        for (key, title, clause), numeral in zip(_OBSTRUCTION, _NUMERALS, strict=False)
    )  # fmt: skip
    unlicensed = FindingKind(
        key="NO_LICENCE", title="未依法取得安全生产许可证等擅自进行煤矿生产，或者关闭的煤矿擅自恢复生产",
        severity=Severity.GENERAL, clause="煤矿安全生产条例第六十一条", measure=_MEASURE,
        penalty="煤矿安全生产条例第六十一条", in_force_from=REGULATION, fine="fine_no_licence",
    )  # fmt: skip
    hazard = FindingKind(
        key="HAZARD_NOT_REMOVED", title="未采取措施消除事故隐患", severity=Severity.GENERAL,
        clause="安全生产法第四十一条第二款", measure=_MEASURE_OF_HAZARDS, penalty="安全生产法第一百零二条",
        in_force_from=date(2021, 9, 1), fine="fine_hazard_unit",
        fine_person_uncorrected="fine_hazard_uncorrected_person",
    )  # fmt: skip
    return (*by_safety_law, *listed, *obstruction, unlicensed, hazard)


FINDING_KINDS: Mapping[str, FindingKind] = {one.key: one for one in (*_majors(), *_generals())}
"""Every kind that the code knows, by its key."""


MARKS: Mapping[str, str] = {
    "五假": "marks_five_fakes",
    "五超": "marks_five_excesses",
    "三瞒": "marks_three_concealments",
    "三不": "marks_three_refusals",
}
"""五假五超三瞒三不 (三(十)): what a finding may be marked as besides its kind, and the parameter that lists each."""
