"""The deadlines that run in a measure, told from its steps and the law; pure, kept as rows only for the sweep."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from storage.casework.measures import history, supervision
from storage.casework.measures.history import History
from storage.casework.measures.tables import StepOutcome, Turn
from storage.record.clock import day_of
from storage.record.law import Law, YearNotPublished, deadline_of
from storage.record.law.measures import Approval, Ends
from storage.record.law.money import days_of_daily_penalty


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One deadline of one measure. `ends` is None while a year is not published that decides it."""

    key: str
    number: int = 1
    article: str
    start: date
    ends: date | None
    ends_at: datetime | None
    alarm: date | None
    provisional: bool
    note: str
    met_at: datetime | None


def clocks_of(h: History, law: Law, *, now: datetime) -> list[Clock]:
    """Every deadline that runs or ran in it."""
    return [*_of_the_order(h, law), *_of_correction(h, law), *_of_tracking(h, law, now), *_of_restart(h, law)]


def last_day(h: History, law: Law) -> date:
    """The last day to correct, or to hold goods, as it stands after what was granted."""
    granted = h.last(Turn.EXTENSION_GRANTED)
    day = h.order.day
    if granted is not None and granted.until is not None:
        return granted.until
    if h.kind.of_goods:
        return deadline_of(law, "seizure", day).ends
    return deadline_of(law, "correction_term", day, count=h.order.days).ends


def days_that_may_be_added(h: History, law: Law, *, fined: bool) -> tuple[date, ...]:
    """安法112: the days for which the fine may be repeated; only of who was fined, ordered to correct, and refused.

    An order that lacks its officers or finding carries no penalty before that is made good.
    """
    refused = history.refusal(h, law)
    if not fined or refused is None or h.kind.ends is not Ends.RECHECK or not history.is_confirmed(h, law):
        return ()
    return days_of_daily_penalty(ordered=h.order.day, rechecked=day_of(refused.at))


def _clock(
    law: Law, key: str, start: datetime | date, *, met_at: datetime | None, number: int = 1, count: int | None = None,
    until: date | None = None,
) -> Clock:  # fmt: skip
    day = day_of(start) if isinstance(start, datetime) else start
    parameter = law.parameter(key, day)
    same = {"key": key, "number": number, "article": parameter.article, "start": day, "met_at": met_at,
            "note": parameter.note}  # fmt: skip
    try:
        if until is not None:
            count = (until - day).days + parameter.first_day_counts
        found = deadline_of(law, key, start, count=count)
    except YearNotPublished:
        return Clock(ends=None, ends_at=None, alarm=None, provisional=True, **same)  # type: ignore[arg-type]
    return Clock(
        ends=found.ends, ends_at=found.over_at(), alarm=found.alarm, provisional=found.provisional,
        **same,  # type: ignore[arg-type]
    )  # fmt: skip


def _first_when(h: History, holds: Callable[[History], bool]) -> datetime | None:
    """When the server took the step with which it first held."""
    return next((one.steps[-1].recorded_at for one in h.prefixes() if holds(one)), None)


def _end(h: History) -> datetime | None:
    end = history.ended(h)
    return None if end is None else end.recorded_at


def _of_the_order(h: History, law: Law) -> Iterable[Clock]:
    ordered = h.steps[0]
    good = _first_when(h, lambda one: bool(one.findings) and history.is_confirmed(one, law))
    yield _clock(law, "defect_made_good", ordered.recorded_at, met_at=good or _end(h))
    if h.kind.approval is not Approval.NOBODY:
        decided = history.approval(h)
        yield _clock(
            law, "urgent_measure_report", h.order.ordered_at, met_at=None if decided is None else decided.recorded_at
        )
    if h.kind.of_goods:
        granted = h.last(Turn.EXTENSION_GRANTED)
        until = None if granted is None else granted.until
        yield _clock(law, "seizure", h.order.day, met_at=_end(h), until=until)


def _of_correction(h: History, law: Law) -> Iterable[Clock]:
    """The term to correct, and a re-check after each report, or after the term when there was none (三(十一)1)."""
    corrected = _first_when(h, lambda one: history.is_corrected(one, law)) or _end(h)
    reports = h.of(Turn.CORRECTION_REPORTED)
    starts: list[datetime | date] = [step.recorded_at for step in reports]
    if h.kind.needs_term and h.order.days is not None:
        granted = h.last(Turn.EXTENSION_GRANTED)
        met = reports[0].recorded_at if reports else corrected
        term = _clock(law, "correction_term", h.order.day, met_at=met, count=h.order.days,
                      until=None if granted is None else granted.until)  # fmt: skip
        yield term
        starts = starts or ([term.ends] if term.ends is not None else [])
    for number, start in enumerate(starts, 1):
        after = [
            step.recorded_at for step in h.of(Turn.RECHECK_SIGNED)
            if not isinstance(start, datetime) or step.recorded_at >= start
        ]  # fmt: skip
        yield _clock(law, "recheck", start, met_at=min(after, default=_end(h)), number=number)


def _of_tracking(h: History, law: Law, now: datetime) -> Iterable[Clock]:
    parameter_of = law.parameter
    for month in supervision.months(h, law, now, ahead=True):
        parameter = parameter_of("supervision_tracking", month.start)
        yield Clock(
            key="supervision_tracking", number=month.number, article=parameter.article, start=month.start,
            ends=month.ends, ends_at=month.over_at, alarm=month.alarm, provisional=False, note=parameter.note,
            met_at=month.tracked_at or _end(h),
        )  # fmt: skip


def _of_restart(h: History, law: Law) -> Iterable[Clock]:
    """条例48, 49: acceptance in 20 days of each application; the stop and the restart are announced."""
    if h.kind.ends is not Ends.RESTART:
        return
    asked = h.of(Turn.RESTART_ASKED)
    for number, step in enumerate(asked, 1):
        held = [one.recorded_at for one in h.of(Turn.ACCEPTANCE_HELD) if one.recorded_at >= step.recorded_at]
        yield _clock(law, "restart_acceptance", step.recorded_at, met_at=min(held, default=None), number=number)
    yield _clock(law, "stop_announced", h.order.day, met_at=announced(h, StepOutcome.STOP))
    restarted = h.last(Turn.RESTART_APPROVED)
    if restarted is not None:
        met = announced(h, StepOutcome.RESTART)
        yield _clock(law, "restart_announced", day_of(restarted.at), met_at=met)


def announced(h: History, what: StepOutcome) -> datetime | None:
    """When the stop, or the restart, was announced to the public."""
    return next((step.at for step in h.of(Turn.ANNOUNCED) if step.outcome is what), None)
