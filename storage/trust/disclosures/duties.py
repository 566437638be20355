"""What must be published by when, as it follows from the numbers of the law; pure."""

from dataclasses import dataclass
from datetime import date, datetime

from storage.record.clock import day_of
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """That it is to be published: since when, by which article, and by when, if the calendar of that year is known."""

    start_at: datetime
    article: str
    deadline: Deadline | None

    @property
    def due_on(self) -> date | None:
        """The last day."""
        return self.deadline.ends if self.deadline else None

    @property
    def over_at(self) -> datetime | None:
        """The moment from which it is late."""
        return self.deadline.over_at() if self.deadline else None


def duty_of(law: Law, key: str, start: datetime) -> Duty:
    """The duty that a number of the law makes of a moment."""
    article = law.parameter(key, day_of(start)).article
    try:
        return Duty(start_at=start, article=article, deadline=deadline_of(law, key, start))
    except YearNotPublished:
        return Duty(start_at=start, article=article, deadline=None)
