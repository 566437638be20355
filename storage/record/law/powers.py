"""The powers-and-duties list (权责清单): what may be checked, by whom, on what ground, how it is dealt with; dated.

Nothing outside this list is checked (policy 三(十四)1). The general ground is 安全生产法65, 煤矿安全生产条例44 for the
departments of local governments and 58 for the mine safety administration; each power adds the duty that is checked.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Holder(StrEnum):
    """Who holds a power (监管主体)."""

    DEPARTMENT = "DEPARTMENT"
    SAFETY_ADMINISTRATION = "SAFETY_ADMINISTRATION"


BOTH = (Holder.DEPARTMENT, Holder.SAFETY_ADMINISTRATION)
GROUND = "安全生产法第六十五条，煤矿安全生产条例第四十四条、第五十八条"
"""Why officers may enter, read papers and ask (设定依据), beside what each power names."""
HANDLING = "当场纠正或者要求限期改正；事故隐患责令立即排除；依法应当处罚的依法处罚"
"""How what is found is dealt with (处理方式), unless a power says otherwise."""
_SINCE = date(2024, 5, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One item of the list. `in_force_to` is the last day, None while it stands."""

    key: str
    name: str
    article: str
    holders: tuple[Holder, ...] = BOTH
    ground: str = GROUND
    handling: str = HANDLING
    in_force_from: date = _SINCE
    in_force_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day (Asia/Shanghai)."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


POWERS: tuple[Power, ...] = (
    Power(key="RESPONSIBILITY", name="全员安全生产责任制和规章制度的建立与落实",
          article="煤矿安全生产条例第十八条、第十九条"),
    Power(key="QUALIFICATION", name="主要负责人、安全生产管理人员考核，从业人员培训，特种作业人员持证",
          article="煤矿安全生产条例第二十一条，煤矿安全培训规定第三十九条"),
    Power(key="EXAMINATION", name="对各类人员的现场考试",
          article="煤矿安全培训规定第四十条、第四十一条，实施意见三（十二）4"),
    Power(key="STAFFING", name="矿长、总工程师、副矿长和专门防治机构的配备", article="煤矿安全生产条例第二十二条"),
    Power(key="LEADERS_BELOW", name="领导带班下井", article="煤矿安全生产条例第二十三条"),
    Power(key="PEOPLE_BELOW", name="井下限员、工作时间和劳动防护用品", article="煤矿安全生产条例第二十四条"),
    Power(key="EQUIPMENT", name="安全设备的使用、检测、维修和淘汰设备",
          article="煤矿安全生产条例第二十五条",
          handling=HANDLING + "；对有根据认为不符合标准的设施、设备、器材予以查封或者扣押"),
    Power(key="SYSTEMS", name="主要生产系统和防灾系统、设施", article="煤矿安全生产条例第二十六条"),
    Power(key="VENTILATION", name="安全出口、独立通风、安全监控、供配电、运送人员等系统",
          article="煤矿安全生产条例第二十七条"),
    Power(key="EMERGENCY", name="应急救援预案、演练和救护队", article="煤矿安全生产条例第二十九条"),
    Power(key="BOUNDARY", name="开采范围和保安煤柱", article="煤矿安全生产条例第三十条"),
    Power(key="CAPACITY", name="超能力、超强度、超定员组织生产", article="煤矿安全生产条例第三十一条"),
    Power(key="DISASTERS", name="灾害治理、年度灾害预防和处理计划、专项设计",
          article="煤矿安全生产条例第三十二条、第三十三条"),
    Power(key="DANGEROUS_WORK", name="石门揭煤、探放水、贯通、动火等危险作业的专门措施",
          article="煤矿安全生产条例第三十四条"),
    Power(key="HAZARDS", name="安全风险分级管控和事故隐患排查治理", article="煤矿安全生产条例第三十五条"),
    Power(key="MAJOR_HAZARDS", name="重大事故隐患及其治理", article="煤矿安全生产条例第三十六条、第四十五条",
          handling="责令立即停止受影响区域生产、建设；无法保证安全的责令撤出作业人员；依法责令停产整顿并处罚"),
    Power(key="FUNDS", name="安全生产费用的提取和使用", article="煤矿安全生产条例第三十八条"),
    Power(key="DATA", name="电子数据联网上传的真实、准确和完整", article="煤矿安全生产条例第五十七条"),
    Power(key="LICENCE", name="安全生产许可证和降低安全生产条件",
          article="煤矿企业安全生产许可证实施办法，实施意见三（八）3"),
    Power(key="RESTART", name="停产整顿期间的整改和恢复生产", article="煤矿安全生产条例第四十八条",
          holders=(Holder.DEPARTMENT,)),
    Power(key="RECHECK", name="上次检查发现问题整改情况的核实",
          article="实施意见三（十四）3，煤矿安全生产条例第四十四条"),
    Power(key="COMMITMENT", name="安全生产承诺的签订和履行", article="实施意见三（六）1、2"),
)  # fmt: skip
