"""What the law says of major hazards under supervision (督办): placing, handing over, tracking, close-out; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from storage.casework.measures import history
from storage.casework.measures.history import Asked, History
from storage.casework.measures.tables import Hand, Turn
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of
from storage.record.law.supervision import STANDARD_ARTICLES, Standard, levels_on
from storage.record.problems import Problem

ARTICLE_OF_HANDOVER = STANDARD_ARTICLES[Standard.RECEIVED]
ARTICLE_OF_SUPERVISION = "煤矿安全生产条例第四十五条"


class HazardNotMajor(Problem):
    """Only major hazards are supervised and handed over (条例45, 54)."""


class SupervisionLevelUnknown(Problem):
    """No level of supervision of that day has this key (条例45; parameters: level, day)."""


class SupervisedBefore(Problem):
    """The hazard is supervised at this level already."""


class HazardNotSupervised(Problem):
    """A major hazard is struck off only from under supervision (条例45)."""


class HandedOverBefore(Problem):
    """The hazard was handed over, or received, before."""


class NotHandedOver(Problem):
    """There is nothing handed over to receive (三(三)3)."""


class ReceivedByTheGiver(Problem):
    """A receipt is given by another person than who handed over (三(三)3)."""


class HandoverNotReceived(Problem):
    """The department has not receipted what the branch office found and ordered (条例54; 三(三)3)."""


class HazardNotTracked(Problem):
    """Nobody tracked it though a month has passed (三(三)3)."""


class NotVerifiedOnSite(Problem):
    """No on-site verification of the result: two officers, underground, with evidence (三(三)3)."""


def must_be_placeable(h: History, asked: Asked, *, on: date) -> None:
    """条例45: a major hazard, at a level of that day, higher or lower than before but not the same again."""
    if not history.is_major(h):
        raise HazardNotMajor()
    if asked.words not in levels_on(on):
        raise SupervisionLevelUnknown(level=asked.words, day=on.isoformat())
    if history.level_of(h) == asked.words:
        raise SupervisedBefore()


def must_be_handable(h: History, kind: Turn, *, by: UUID) -> None:
    """条例54, 三(三)3: handed over once by the branch office, receipted once by another person."""
    if not history.is_major(h):
        raise HazardNotMajor()
    given = h.last(Turn.HANDED_OVER)
    if kind is Turn.HANDED_OVER:
        if given is not None:
            raise HandedOverBefore()
        return
    if given is None:
        raise NotHandedOver()
    if h.of(Turn.HANDOVER_RECEIVED):
        raise HandedOverBefore()
    if given.by == by:
        raise ReceivedByTheGiver()


def must_be_supervised(h: History) -> None:
    """条例45: every major hazard is supervised until it is gone; else HazardNotSupervised."""
    if not history.level_of(h):
        raise HazardNotSupervised()


def must_meet_standards(h: History, law: Law, *, now: datetime) -> None:
    """三(三)3 销号标准: all that the level asks for; of a measure that is not supervised nothing."""
    refusals = {
        Standard.RECEIVED: HandoverNotReceived, Standard.RECHECK_SIGNED: NotVerifiedOnSite,
        Standard.TRACKED: HazardNotTracked, Standard.VERIFIED_ON_SITE: NotVerifiedOnSite,
    }  # fmt: skip
    for standard in unmet(h, law, now=now):
        raise refusals[standard]()


def unmet(h: History, law: Law, *, now: datetime) -> list[Standard]:
    """The standards of the level that are not met, in their order."""
    placed = h.last(Turn.SUPERVISED)
    if placed is None:
        return []
    met = {
        Standard.RECEIVED: not is_of_the_office(h) or bool(h.of(Turn.HANDOVER_RECEIVED)),
        Standard.RECHECK_SIGNED: history.is_corrected(h, law),
        Standard.TRACKED: bool(h.of(Turn.TRACKED)) or not any(one.is_missed(now) for one in months(h, law, now)),
        Standard.VERIFIED_ON_SITE: history.is_verified(h, law),
    }
    # What the level asked for on the day on which it was placed is what is asked for (处罚法37 speaks the same way).
    return [one for one in levels_on(day_of(placed.at))[placed.words].standards if not met[one]]


def is_of_the_office(h: History) -> bool:
    """Whether the branch office ordered it or handed it over: then the department receipts it."""
    ordered = h.steps[0].hand is Hand.OFFICE if h.steps else False
    return ordered or bool(h.of(Turn.HANDED_OVER))


@dataclass(frozen=True, slots=True)
class Month:
    """One month of tracking: its last day, the moment at which it is over, and when it was tracked in it."""

    number: int
    start: date
    ends: date
    over_at: datetime
    alarm: date
    tracked_at: datetime | None

    def is_missed(self, now: datetime) -> bool:
        """Whether it is over and nobody tracked in it."""
        return self.tracked_at is None and now >= self.over_at


def months(h: History, law: Law, now: datetime, *, ahead: bool = False) -> list[Month]:
    """三(三)3 每月跟踪调度: the months since it was placed or handed over, up to the one that runs or that ended it.

    With `ahead` also the one behind a month that was tracked before it was over.
    """
    begun = h.of(Turn.SUPERVISED, Turn.HANDED_OVER)
    end = history.ended(h)
    until = now if end is None else min(now, end.at)
    found: list[Month] = []
    while begun and (not found or found[-1].over_at <= until or (ahead and end is None and found[-1].tracked_at)):
        number = len(found) + 1
        one = deadline_of(law, "supervision_tracking", day_of(begun[0].at), count=number)
        after = found[-1].over_at if found else begun[0].at
        tracked = [step.at for step in h.of(Turn.TRACKED) if after <= step.at < one.over_at()]
        found.append(Month(number, one.start, one.ends, one.over_at(), one.alarm, min(tracked, default=None)))
    return found
