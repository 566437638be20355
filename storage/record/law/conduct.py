"""The closed lists of grounds: on which an officer is exempt, held to account, or recused; each with its article."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class GroundOf(StrEnum):
    """What a ground speaks for."""

    EXEMPTION = "EXEMPTION"
    ACCOUNTABILITY = "ACCOUNTABILITY"
    RECUSAL = "RECUSAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One ground. `settled` is False where the text gives the principle and the project the wording."""

    key: str
    of: GroundOf
    title: str
    article: str
    in_force_from: date
    in_force_to: date | None = None
    settled: bool = True
    note: str = ""

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day (Asia/Shanghai)."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


_OPINIONS, _SAFETY, _SERVANTS, _PENALTIES = date(2020, 1, 1), date(2021, 9, 1), date(2019, 6, 1), date(2021, 7, 15)
_NINETY = "安全生产法第九十条第一款"
_PRINCIPLE = "实施意见三（十七）只定尽职免责的原则，情形由本项目归纳，须由机关的免责办法确认。"


def _exempt(key: str, title: str) -> Ground:
    return Ground(
        key=key, of=GroundOf.EXEMPTION, title=title, article="实施意见三（十七）", in_force_from=_OPINIONS,
        settled=False, note=_PRINCIPLE,
    )  # fmt: skip


def _account(key: str, title: str, article: str, since: date = _SAFETY) -> Ground:
    return Ground(key=key, of=GroundOf.ACCOUNTABILITY, title=title, article=article, in_force_from=since)


def _recuse(key: str, title: str, article: str, since: date) -> Ground:
    return Ground(key=key, of=GroundOf.RECUSAL, title=title, article=article, in_force_from=since)


GROUNDS: tuple[Ground, ...] = (
    _exempt("DUTY_DONE", "已按照权力和责任清单、检查方案和分工依法履行职责"),
    _exempt("ORDERED_AND_REFUSED", "已依法发现并责令处理，煤矿拒不执行"),
    _exempt("HIDDEN_BY_MINE", "煤矿蓄意隐瞒、造假，按照规定的程序和方法检查不能发现"),
    _exempt("REPORTED_UP", "已依法报告或者提出处理意见，未被采纳"),
    _exempt("NOT_HIS_ITEM", "不属于其职责或者分工"),
    Ground(
        key="ORDER_FROM_ABOVE",
        of=GroundOf.EXEMPTION,
        title="已提出改正或者撤销的意见，上级要求立即执行（明显违法的除外）",
        article="公务员法第六十条",
        in_force_from=_SERVANTS,
    ),
    _account("APPROVED_UNFIT", "对不符合法定安全生产条件的事项批准或者验收通过", f"{_NINETY}第一项"),
    _account("UNLICENSED_LEFT", "发现未依法取得批准、验收擅自活动或者接到举报后不予处理", f"{_NINETY}第二项"),
    _account("BREACH_LEFT", "发现不再具备安全生产条件不撤销批准，或者发现违法行为不查处", f"{_NINETY}第三项"),
    _account("MAJOR_HAZARD_LEFT", "在监督检查中发现重大事故隐患，不依法及时处理", f"{_NINETY}第四项"),
    _account("PENALTY_UNLAWFUL", "违法实施行政处罚", "行政处罚法第七十六条", _PENALTIES),
    _account("PARTY_HARMED", "违法实行检查或者执行措施，给当事人造成损害", "行政处罚法第八十一条", _PENALTIES),
    _account("BREACH_NOT_STOPPED", "对应当制止和处罚的违法行为不制止、不处罚", "行政处罚法第八十三条", _PENALTIES),
    _recuse("DIRECT_INTEREST", "与案件有直接利害关系", "行政处罚法第四十三条", _PENALTIES),
    _recuse("OTHER_RELATION", "有其他关系可能影响公正执法", "行政处罚法第四十三条", _PENALTIES),
    _recuse("KIN", "涉及与本人有亲属关系人员的利害关系", "公务员法第七十六条", _SERVANTS),
)  # fmt: skip


def grounds_on(on: date, of: GroundOf | None = None) -> Mapping[str, Ground]:
    """The grounds that hold on a day, of one list or of all."""
    return {one.key: one for one in GROUNDS if one.holds(on) and (of is None or one.of is of)}
