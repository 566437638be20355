"""What a scheme should look at, from a mine's state, its disasters and what was found before; data and pure rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from storage.casework.schemes.rules import PreviousFinding
from storage.casework.schemes.tables import Manner, Side
from storage.record.law import Law
from storage.register.mines.tables import Disaster, MineState


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item that the drafter may take over; `why` says what of the mine it comes from."""

    power: str
    text: str
    side: Side
    underground: bool
    manner: Manner
    why: str = ""


_PAPERS, _PLACES, _KIND, _MEASURE = Side.PAPERS, Side.PLACES, Manner.QUALITATIVE, Manner.QUANTITATIVE

ALWAYS: tuple[Proposal, ...] = (
    Proposal("RESPONSIBILITY", "查阅全员安全生产责任制及考核记录", _PAPERS, False, _KIND),
    Proposal("QUALIFICATION", "核对主要负责人、安全管理人员考核和特种作业人员持证", _PAPERS, False, _MEASURE),
    Proposal("LEADERS_BELOW", "核对领导带班下井登记与人员位置监测记录", _PAPERS, False, _MEASURE),
    Proposal("PEOPLE_BELOW", "清点井下作业人数，与限员标准比对", _PLACES, True, _MEASURE),
    Proposal("DATA", "调度室比对安全监控、人员位置监测上传数据与现场实测", _PLACES, False, _MEASURE),
    Proposal("VENTILATION", "现场检查安全出口、通风设施和供电系统", _PLACES, True, _KIND),
    Proposal("EXAMINATION", "抽取各类人员考试", _PLACES, False, _MEASURE),
)
"""Whatever the mine: papers and places, surface and underground, kind and measure (实施意见三（十四）3)."""

BY_DISASTER: dict[Disaster, tuple[Proposal, ...]] = {
    Disaster.GAS_OUTBURST: (
        Proposal("DISASTERS", "查阅区域防突措施效果检验和防突预测资料", _PAPERS, False, _MEASURE),
        Proposal("DANGEROUS_WORK", "现场检查石门揭煤、掘进工作面防突措施执行", _PLACES, True, _MEASURE),
    ),
    Disaster.HIGH_GAS: (
        Proposal("DISASTERS", "查阅瓦斯抽采达标评判资料", _PAPERS, False, _MEASURE),
        Proposal("VENTILATION", "实测采掘工作面、回风巷瓦斯浓度和风量", _PLACES, True, _MEASURE),
    ),
    Disaster.WATER: (
        Proposal("DISASTERS", "查阅水文地质类型报告和老空水查明资料", _PAPERS, False, _KIND),
        Proposal("DANGEROUS_WORK", "现场检查探放水钻孔、排水能力", _PLACES, True, _MEASURE),
    ),
    Disaster.FIRE: (
        Proposal("DISASTERS", "现场检查防灭火措施和一氧化碳浓度", _PLACES, True, _MEASURE),
    ),
    Disaster.COAL_DUST: (
        Proposal("SYSTEMS", "现场检查防尘供水、隔爆设施", _PLACES, True, _KIND),
    ),
    Disaster.ROCK_BURST: (
        Proposal("DISASTERS", "查阅冲击危险性评价，现场检查卸压和限员管理", _PLACES, True, _MEASURE),
    ),
    Disaster.ROOF: (
        Proposal("SYSTEMS", "现场检查支护质量和顶板离层监测", _PLACES, True, _MEASURE),
    ),
}  # fmt: skip
"""What each disaster asks to be looked at (煤矿安全生产条例32-34)."""

BY_STATE: dict[MineState, tuple[Proposal, ...]] = {
    MineState.PRODUCING: (Proposal("CAPACITY", "比对产量、销量、用电量与核定能力", _PAPERS, False, _MEASURE),),
    MineState.BUILDING: (Proposal("DISASTERS", "比对施工与批复的安全设施设计", _PLACES, True, _KIND),),
    MineState.STOPPED: (Proposal("RESTART", "检查停产停建期间有无擅自组织生产、建设", _PLACES, True, _KIND),),
    MineState.SUSPENDED: (Proposal("LICENCE", "检查证照暂扣期间有无组织生产", _PLACES, True, _KIND),),
    MineState.CLOSED: (Proposal("LICENCE", "检查有无擅自启封、出煤", _PLACES, False, _KIND),),
}
"""What each state of a mine asks to be looked at."""


def proposed_for(
    state: MineState, disasters: Collection[Disaster], open_findings: Sequence[PreviousFinding], *, law: Law, on: date
) -> list[Proposal]:
    """What to propose: earlier findings first (三（十四）3), then disasters, state, and what is always looked at.

    Only what the powers-and-duties list has on the day, so that whoever takes all of it stays within the law.
    """
    found = [
        Proposal("RECHECK", f"核实：{one.text}"[:500], _PLACES, True, _KIND, why=str(one.id)) for one in open_findings
    ]
    for disaster in Disaster:
        if disaster in disasters:
            found += [_because(one, disaster.value) for one in BY_DISASTER[disaster]]
    found += [_because(one, state.value) for one in BY_STATE[state]] + list(ALWAYS)
    return [one for one in found if law.power(one.power, on) is not None]


def _because(one: Proposal, why: str) -> Proposal:
    return Proposal(one.power, one.text, one.side, one.underground, one.manner, why)
