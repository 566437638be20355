"""Supervision of major hazards (督办): its levels, who supervises at each, and what must be so before close-out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standard(StrEnum):
    """One thing that must be so before a hazard is struck off (销号标准)."""

    RECEIVED = "RECEIVED"
    RECHECK_SIGNED = "RECHECK_SIGNED"
    TRACKED = "TRACKED"
    VERIFIED_ON_SITE = "VERIFIED_ON_SITE"


STANDARD_ARTICLES: Mapping[Standard, str] = {
    Standard.RECEIVED: "煤矿安全生产条例第五十四条、实施意见三（三）3",
    Standard.RECHECK_SIGNED: "实施意见三（十一）1",
    Standard.TRACKED: "实施意见三（三）3",
    Standard.VERIFIED_ON_SITE: "实施意见三（三）3",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionLevel:
    """One level. `settled` is False where the text leaves it to the departments and the project chose a default."""

    key: str
    title: str
    who: str
    standards: tuple[Standard, ...]
    article: str = "煤矿安全生产条例第四十五条、实施意见三（三）3"
    in_force_from: date = date(2024, 5, 1)
    in_force_to: date | None = None
    settled: bool = False
    note: str = "督办范围、要求和销号标准由各级部门明确；贵州的分级标准未见原文，暂按此执行。"

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day (Asia/Shanghai)."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


_ALWAYS = (Standard.RECEIVED, Standard.RECHECK_SIGNED, Standard.VERIFIED_ON_SITE)

LEVELS: Mapping[str, SupervisionLevel] = {
    one.key: one
    for one in (
        SupervisionLevel(key="COUNTY", title="县级督办", who="县级煤矿安全监管部门", standards=_ALWAYS),
        SupervisionLevel(
            key="CITY", title="市级督办", who="市级煤矿安全监管部门", standards=(*_ALWAYS, Standard.TRACKED)
        ),
        SupervisionLevel(
            key="PROVINCE", title="省级督办", who="省级煤矿安全监管部门", standards=(*_ALWAYS, Standard.TRACKED)
        ),
    )
}  # fmt: skip


def levels_on(day: date) -> dict[str, SupervisionLevel]:
    """The levels in force on a day, by key."""
    return {key: one for key, one in LEVELS.items() if one.holds(day)}
