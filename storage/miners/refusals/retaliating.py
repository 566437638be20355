"""What the law asks where a miner is hindered or punished for refusing or reporting: pure rules and clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from storage.miners.refusals.rules import RetaliationNotLookedInto, RetaliationOver, RetaliationWithoutCase
from storage.miners.refusals.tables import RetaliationStepKind
from storage.record.clock import day_of
from storage.record.law import Law, YearNotPublished, deadline_of
from storage.record.problems import BadInput

ARTICLE = "煤矿安全生产条例第二十条、安全生产法第五十四条、实施意见三（六）2"
LEAST_WORDS, LONGEST_WORDS = 4, 2_000
_CONCLUDED = (RetaliationStepKind.ESTABLISHED, RetaliationStepKind.NOT_ESTABLISHED)
MET_BY: Mapping[str, tuple[RetaliationStepKind, ...]] = {
    "retaliation_looked_into": (RetaliationStepKind.LOOKED_INTO,), "retaliation_answered": _CONCLUDED,
}  # fmt: skip
"""Its clocks, and by which step each is met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A step as somebody asks for it."""

    id: UUID
    kind: RetaliationStepKind
    words: str
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step as it was taken."""

    id: UUID
    ordinal: int
    kind: RetaliationStepKind
    at: datetime
    by_id: UUID | None = None
    words: str = ""
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One of its two clocks; `ends` and `over_at` are None while a year is not published that decides them."""

    key: str
    article: str
    start: date
    ends: date | None
    over_at: datetime | None
    alarm: date | None
    met_at: datetime | None


def must_be_well_formed(examined: Examined) -> None:
    """Every step says something; only revenge that was established names a case: BadInput."""
    if not LEAST_WORDS <= len(examined.words.strip()) <= LONGEST_WORDS:
        raise BadInput(field="words", reason=f"{LEAST_WORDS}-{LONGEST_WORDS}")
    if examined.kind is RetaliationStepKind.REPORTED:
        raise BadInput(field="kind", reason="of a report alone")
    if examined.case_id is not None and examined.kind is not RetaliationStepKind.ESTABLISHED:
        raise BadInput(field="caseId", reason="ESTABLISHED")


def must_be_takeable(steps: Sequence[Taken], examined: Examined, *, case_of_the_mine: bool) -> None:
    """Looked into, then concluded, once; what was established has its case (条例20)."""
    kinds = {one.kind for one in steps}
    if kinds & set(_CONCLUDED):
        raise RetaliationOver()
    if examined.kind in _CONCLUDED and RetaliationStepKind.LOOKED_INTO not in kinds:
        raise RetaliationNotLookedInto(article=ARTICLE)
    if examined.kind is RetaliationStepKind.ESTABLISHED and not case_of_the_mine:
        raise RetaliationWithoutCase(article=ARTICLE)


def clocks_of(steps: Sequence[Taken], law: Law) -> list[Clock]:
    """The clocks that run against the authority from the report on."""
    start = day_of(steps[0].at)
    return [clock_of(law, key, start, met_at=_met(steps, *kinds)) for key, kinds in MET_BY.items()]


def clock_of(law: Law, key: str, start: date, *, met_at: datetime | None = None) -> Clock:
    """One of them, begun on a day."""
    article = law.parameter(key, start).article
    try:
        found = deadline_of(law, key, start)
    except YearNotPublished:
        return Clock(key=key, article=article, start=start, ends=None, over_at=None, alarm=None, met_at=met_at)
    return Clock(
        key=key, article=article, start=start, ends=found.ends, over_at=found.over_at(), alarm=found.alarm,
        met_at=met_at,
    )  # fmt: skip


def _met(steps: Sequence[Taken], *kinds: RetaliationStepKind) -> datetime | None:
    return next((one.at for one in steps if one.kind in kinds), None)
