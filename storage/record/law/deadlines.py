"""Deadlines that explain themselves: article, start, days counted, end, alarm; pure, in the days of Asia/Shanghai."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from storage.record.clock import SHANGHAI, day_of
from storage.record.law.calendars import Calendar, YearNotPublished
from storage.record.law.laws import Law
from storage.record.law.parameters import Parameter, Runs
from storage.record.law.periods import months_later

WORKING_DAYS, DAYS, HOURS, MONTHS, YEARS = "working days", "days", "hours", "months", "years"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One period as it runs in one matter. `ends` is its last day; with hours, `ends_at` is the last moment.

    `counted` are the days of a period in working days, in order. `unmoved` is the last day as counted, where a day off
    moved it. `alarm` is the last working day on which whoever is bound can still act. `provisional` is True where the
    holidays around the end are not published yet: the end may move, and nobody guesses.
    """

    key: str
    article: str
    start: date
    unit: str
    count: int
    ends: date
    ends_at: datetime | None = None
    alarm: date
    unmoved: date
    counted: tuple[date, ...] = ()
    provisional: bool = False
    settled: bool = True
    note: str = ""

    def is_over(self, now: datetime) -> bool:
        """Whether the last moment is past: the end of the last day in Asia/Shanghai, or `ends_at`."""
        return now >= self.over_at()

    def over_at(self) -> datetime:
        """The moment at which it is too late."""
        return self.ends_at or datetime.combine(self.ends + timedelta(days=1), time(), SHANGHAI)


def deadline_of(
    law: Law, key: str, start: datetime | date, *, on: date | None = None, count: int | None = None
) -> Deadline:
    """The period `key` as the law of the day `on` (else of the start) gives it, begun at `start`.

    `count` replaces the number where an act sets it within the law (a term that an order gives).
    A period in working days that runs into a year without a published calendar is YearNotPublished.
    """
    day = day_of(start) if isinstance(start, datetime) else start
    parameter = law.parameter(key, on or day)
    if parameter.runs is None or not isinstance(parameter.value, int):
        raise TypeError(f"{key} is no period")
    number = parameter.value if count is None else count
    if parameter.unit == HOURS:
        if not isinstance(start, datetime):
            raise TypeError(f"{key} runs by the hour from a moment, not from a day")
        return _hours(parameter, start, number)
    counted: tuple[date, ...] = ()
    if parameter.runs is Runs.BEFORE:
        last, counted = _before(law.calendar, parameter, day, number)
    elif parameter.unit == WORKING_DAYS:
        counted = law.calendar.working_days_after(day, number)
        last = counted[-1]
    else:
        last = _last_day(parameter, day, number)
    moved, provisional = last, False
    try:
        moves = parameter.runs in (Runs.PARTY, Runs.SERVICE)
        moved = law.calendar.next_working_day(last) if moves else last
        alarm = law.calendar.last_working_day(moved)
    except YearNotPublished:
        provisional, alarm = True, moved
    return Deadline(
        key=key, article=parameter.article, start=day, unit=parameter.unit, count=number, ends=moved, alarm=alarm,
        unmoved=last, counted=counted, provisional=provisional, settled=parameter.settled, note=parameter.note,
    )  # fmt: skip


def first_day_after(deadline: Deadline) -> date:
    """The first day on which may be done what had to wait for its end (催告: after ten working days)."""
    return deadline.ends + timedelta(days=1)


def within(law: Law, key: str, *, start: date, day: date) -> bool:
    """Whether `day` lies within the period that begins on `start`; its last day is within, days off do not move it."""
    return start <= day <= deadline_of(law, key, start).unmoved


def enforceable_from(law: Law, moment: datetime, *, urgent: bool) -> datetime:
    """When what may begin at `moment` may be enforced: neither at night nor on a day off, unless urgent (强制法43).

    The text says statutory holidays; days off that make up for one are kept free with them: the project's choice.
    """
    local = moment.astimezone(SHANGHAI)
    night, dawn = (law.number(key, local.date()) for key in ("enforcement_night_from", "enforcement_night_to"))
    if urgent:
        return local
    if local.hour >= night:
        local = datetime.combine(local.date() + timedelta(days=1), time(dawn), SHANGHAI)
    local = max(local, datetime.combine(local.date(), time(dawn), SHANGHAI))
    while not law.calendar.is_working(local.date()) and law.calendar.days.get(local.date()) is not None:
        local = datetime.combine(local.date() + timedelta(days=1), time(dawn), SHANGHAI)
    return local


def _hours(parameter: Parameter, start: datetime, count: int) -> Deadline:
    """Hours run through nights and holidays."""
    ends_at = start + timedelta(hours=count)
    last = day_of(ends_at)
    return Deadline(
        key=parameter.key, article=parameter.article, start=day_of(start), unit=HOURS, count=count,
        ends=last, ends_at=ends_at, alarm=last, unmoved=last, provisional=False, settled=parameter.settled,
        note=parameter.note,
    )  # fmt: skip


def _last_day(parameter: Parameter, day: date, count: int) -> date:
    if parameter.unit == DAYS:
        return day + timedelta(days=count - parameter.first_day_counts)
    if parameter.unit in (MONTHS, YEARS):
        return months_later(day, count * (12 if parameter.unit == YEARS else 1))
    raise TypeError(f"{parameter.key} has no unit of time")


def _before(working: Calendar, parameter: Parameter, event: date, count: int) -> tuple[date, tuple[date, ...]]:
    """The last day for a notice: so many whole days between it and the event, neither of them counted."""
    if parameter.unit == WORKING_DAYS:
        between = working.working_days_before(event, count)
        return between[-1] - timedelta(days=1), between[::-1]
    return event - timedelta(days=count + 1), ()
