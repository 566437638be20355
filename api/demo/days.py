"""What may live here: the days on which a story is played, by the law's calendar, and the clocks that it is played by.

A story that takes months is played as the past: it began so many working days ago that it is over today. The other
direction does not always work: the holidays of a year are published in the autumn before it, so that from September on
a story that began today would run into a year of which nobody knows the working days. What depends on the time of this
machine holds with the past too: workers seal what was declared before, and the server's keys, the sample people and
their certificates begin in a development system as long before it as the sandbox lets a clock go back.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import httpx

from api.sample_people import BEFORE
from storage.record.clock import SHANGHAI, day_of
from storage.record.law import Law, YearNotPublished

HEADER = "Pithead-Sandbox"
_LAST_ACT = time(10, 0)
"""By then the last day's acts are done, and a day of which this hour is past can be one of the story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The days of the story, in its order."""

    prepared: date
    opened: date
    found: date
    proposed: date
    registered: date
    ended: date
    noticed: date
    defended: date
    asked: date
    told: date
    corrected: date
    too_early: date
    """The last day on which the law lets no hearing be held that was notified on `told`."""
    heard: date
    submitted: date
    returned: date
    passed: date
    decided: date
    served: date
    paid: date
    filed: date
    answered: date
    upheld: date
    closed: date


_PACE = {
    "opened": 1, "found": 1, "proposed": 1, "registered": 1, "ended": 3, "noticed": 1, "defended": 2, "asked": 1,
    "told": 1, "corrected": 5,
}  # fmt: skip
"""Working days from one day of the story to the next, up to the hearing."""
_AFTER = {"submitted": 1, "returned": 1, "passed": 1, "decided": 1, "served": 1}
"""The same from the hearing on. Then the fine is paid, on the last working day of its term."""
_AT_LAST = {"filed": 3, "answered": 3, "upheld": 20, "closed": 1}
"""The same from the payment on."""


def dates_from(first: date, law: Law) -> Dates:
    """The story that is prepared on the first working day from `first` on; YearNotPublished."""
    days = {"prepared": law.calendar.next_working_day(first)}
    _go_on(days, _PACE, days["prepared"], law)
    days |= _of_the_hearing(days["told"], law)
    _go_on(days, _AFTER, days["heard"], law)
    term = law.number("payment", days["served"])
    days["paid"] = law.calendar.last_working_day(days["served"] + timedelta(days=term - 1))
    _go_on(days, _AT_LAST, days["paid"], law)
    return Dates(**days)


def _go_on(days: dict[str, date], pace: dict[str, int], day: date, law: Law) -> None:
    for name, count in pace.items():
        day = days[name] = law.calendar.nth_working_day_after(day, count)


def the_newest_past(now: datetime, law: Law) -> Dates:
    """The latest story that is over now, in years whose holidays are published; YearNotPublished if there is none."""
    today = day_of(now - timedelta(hours=_LAST_ACT.hour))
    unknown: YearNotPublished | None = None
    for back in range(60, BEFORE.days - 1):
        try:
            dates = dates_from(today - timedelta(days=back), law)
        except YearNotPublished as year:
            unknown = year
        else:
            if dates.closed <= today:
                return dates
    raise unknown or YearNotPublished(year=today.year)


def one_day(today: date, law: Law) -> Dates:
    """All on one day, but the hearing, which is announced.

    Where the holidays up to its day are not published it is some day, and the server says why it cannot be announced.
    """
    days = {one.name: today for one in fields(Dates)}
    try:
        return Dates(**days | _of_the_hearing(today, law))
    except YearNotPublished:
        return Dates(**days | {"too_early": today, "heard": today + timedelta(days=20)})


def _of_the_hearing(told: date, law: Law) -> dict[str, date]:
    """So many whole working days lie between the day of the notice and that of the hearing."""
    between = law.calendar.working_days_after(told, law.number("hearing_notice", told) + 1)
    return {"too_early": between[-2], "heard": between[-1]}


class Clock(Protocol):
    """What time it is for the server, as far as the story can say so."""

    @property
    def passes(self) -> bool:
        """Whether days can be made to pass."""

    def __call__(self) -> datetime:
        """The time that the server sees."""

    def on(self, moment: datetime) -> None:
        """It becomes this moment; time never goes back. Where days do not pass, nothing happens."""

    def begin(self, law: Law) -> Dates:
        """The days of a story that begins now; YearNotPublished."""


class Today:
    """This machine's time, of which nothing can be changed: a plain development server."""

    passes = False

    def __call__(self) -> datetime:
        """Now."""
        return datetime.now(UTC)

    def on(self, moment: datetime) -> None:
        """Days take their time."""

    def begin(self, law: Law) -> Dates:
        """Everything today."""
        return one_day(day_of(self()), law)


class Sandbox:
    """The clock that each call asks the sandbox for (docs/native.md): it runs as fast as this machine's, but elsewhere.

    A day begins for the story when it comes to it, and the last one is over today.
    """

    passes = True

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._ahead = -BEFORE

    def __call__(self) -> datetime:
        """Now, as the server will see it."""
        return self._now() + self._ahead

    def on(self, moment: datetime) -> None:
        """It becomes this moment, unless the story is later already."""
        self._ahead = max(self._ahead, moment - self._now())

    def begin(self, law: Law) -> Dates:
        """The latest days that are over."""
        return the_newest_past(self._now(), law)

    def asks(self, request: httpx.Request) -> None:
        """Says the time in a call of the API; httpx calls this before it sends."""
        if request.url.path == "/graphql":
            request.headers[HEADER] = f"clock={self._ahead // timedelta(milliseconds=1)}"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of Guizhou."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)
