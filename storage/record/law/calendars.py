"""Working days: weekends, statutory holidays and the days that are made workdays for them, as published each year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chinese_calendar import constants as published

from storage.record.problems import Problem


class YearNotPublished(Problem):
    """The holidays of that year are not yet published, so its working days cannot be counted (parameter: year)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """`days` says of the days that differ from Monday to Friday whether they are workdays; pure.

    `years` are those whose holidays are published; any other day is YearNotPublished, never a guess by the day of the
    week.
    """

    days: Mapping[date, bool]
    years: frozenset[int]

    def knows(self, day: date) -> bool:
        """Whether the holidays of its year are published."""
        return day.year in self.years

    def is_working(self, day: date) -> bool:
        """Whether it is a working day, made ones included."""
        if not self.knows(day):
            raise YearNotPublished(year=day.year)
        return self.days.get(day, day.weekday() < 5)

    def working_days_after(self, day: date, count: int) -> tuple[date, ...]:
        """The next so many working days; `day` itself is not counted."""
        following = self._working(day, timedelta(days=1))
        return tuple(next(following) for _ in range(count))

    def working_days_before(self, day: date, count: int) -> tuple[date, ...]:
        """The last so many working days before `day`, which is not counted; the latest first."""
        preceding = self._working(day, timedelta(days=-1))
        return tuple(next(preceding) for _ in range(count))

    def nth_working_day_after(self, day: date, count: int) -> date:
        """The last of them."""
        return self.working_days_after(day, count)[-1]

    def next_working_day(self, day: date) -> date:
        """The day itself when it is one, else the first after it."""
        return day if self.is_working(day) else self.nth_working_day_after(day, 1)

    def last_working_day(self, day: date) -> date:
        """The day itself when it is one, else the last before it."""
        return day if self.is_working(day) else self.working_days_before(day, 1)[0]

    def with_days(self, days: Mapping[date, bool]) -> "Calendar":
        """With days that officials entered; a year counts as published as soon as one of its days is entered."""
        return replace(self, days={**self.days, **days}, years=self.years | {day.year for day in days})

    def _working(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_working(day):
                yield day


PUBLISHED = Calendar(
    days={**dict.fromkeys(published.holidays, False), **dict.fromkeys(published.workdays, True)},
    years=frozenset(day.year for day in published.holidays),
)
"""The years that the package `chinesecalendar` knows, from the State Council's notices."""
