"""The closed list of measures on site: article, paper, who approves, what it does to the mine, how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Approval(StrEnum):
    """Whose approval a measure needs: nobody's, the head's (in urgency made up), or the head's before anything."""

    NOBODY = "NOBODY"
    HEAD_OR_URGENT = "HEAD_OR_URGENT"
    HEAD_BEFORE = "HEAD_BEFORE"


class Ends(StrEnum):
    """What ends a measure: a signed re-check, the head's leave after it, his lifting for a ground, or the restart."""

    RECHECK = "RECHECK"
    LEAVE = "LEAVE"
    LIFTING = "LIFTING"
    RESTART = "RESTART"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureKind:
    """One kind. `protects`: in danger it is kept whatever is lacking. `recorded`: full sound and picture are required.

    `mine_state` is what the register says of the mine while it stands; empty where it changes nothing. `of_goods`: it
    runs for the term of a seizure. `cuts`: it enforces a stop that was refused (安法70). `of_people`: it ends no sooner
    than nobody is below.
    """

    key: str
    title: str
    article: str
    paper: str
    approval: Approval
    approval_article: str = ""
    ends: Ends
    protects: bool = False
    needs_term: bool = False
    recorded: bool = False
    of_goods: bool = False
    cuts: bool = False
    of_people: bool = False
    stops: bool = False
    mine_state: str = ""
    in_force_from: date
    in_force_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day (Asia/Shanghai)."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


REGULATION = date(2024, 5, 1)
ON_THE_SPOT, TO_CORRECT = "现场处理措施决定书", "责令限期整改指令书"
_CUT_PAPER = "停止供电（供应民用爆炸物品）决定书"
_ACTS, _HAZARDS, _GOODS = (
    f"煤矿安全生产条例第四十四条第一款第{numeral}项、安全生产法第六十五条第一款第{numeral}项"
    for numeral in ("二", "三", "四")
)  # fmt: skip
_CUT, _COMPULSION = "安全生产法第七十条", "行政强制法第十八条、第十九条"


def _on_site(key: str, title: str, article: str, *, ends: Ends = Ends.RECHECK, **more: bool | str) -> MeasureKind:
    return MeasureKind(
        key=key, title=title, article=article, paper=TO_CORRECT if more.get("needs_term") else ON_THE_SPOT,
        approval=Approval.NOBODY, ends=ends, in_force_from=REGULATION, **more,  # type: ignore[arg-type]
    )  # fmt: skip


MEASURE_KINDS: Mapping[str, MeasureKind] = {
    one.key: one
    for one in (
        _on_site("CORRECT_ON_SITE", "当场予以纠正", _ACTS),
        _on_site("CORRECT_BY_TERM", "责令限期改正", _ACTS, needs_term=True),
        _on_site("REMOVE_HAZARD", "责令立即排除事故隐患", _HAZARDS, protects=True),
        _on_site("WITHDRAW_PEOPLE", "责令从危险区域内撤出作业人员", _HAZARDS, ends=Ends.LEAVE, protects=True,
                 of_people=True),
        _on_site("STOP_PRODUCTION", "责令暂时停产", _HAZARDS, ends=Ends.LEAVE, protects=True, stops=True,
                 mine_state="STOPPED"),
        _on_site("STOP_EQUIPMENT", "责令停止使用相关设施、设备", _HAZARDS, ends=Ends.LEAVE, protects=True, stops=True),
        *(
            MeasureKind(
                key=key, title=title, article=_GOODS, paper="查封扣押决定书", approval=Approval.HEAD_OR_URGENT,
                approval_article=_COMPULSION, ends=Ends.LIFTING, recorded=True, of_goods=True,
                in_force_from=REGULATION,
            )
            for key, title in (("SEAL", "查封设施、设备、器材"), ("SEIZE", "扣押设施、设备、器材"))
        ),
        *(
            MeasureKind(
                key=key, title=title, article=_CUT, paper=_CUT_PAPER, approval=Approval.HEAD_BEFORE,
                approval_article=_CUT, ends=Ends.LEAVE, recorded=True, cuts=True, in_force_from=date(2021, 9, 1),
            )
            for key, title in (("CUT_POWER", "停止供电"), ("CUT_EXPLOSIVES", "停止供应民用爆炸物品"))
        ),
        MeasureKind(
            key="STOP_TO_RECTIFY", title="责令停产整顿", paper="行政处罚决定书", approval=Approval.HEAD_BEFORE,
            article="煤矿安全生产条例第六十三条、第六十四条、第七十三条", ends=Ends.RESTART, stops=True,
            approval_article="行政处罚法第五十七条", mine_state="SUSPENDED", in_force_from=REGULATION,
        ),
    )
}  # fmt: skip
"""Every measure that the law gives, by its key; whatever is not among them nobody may order (三(十四)1)."""

RECORDING_ARTICLE = "国办发〔2018〕118号（全过程音像记录）"


def measures_on(day: date) -> dict[str, MeasureKind]:
    """The measures in force on a day, by key."""
    return {key: one for key, one in MEASURE_KINDS.items() if one.holds(day)}
