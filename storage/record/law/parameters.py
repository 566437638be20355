"""What a number or closed list of the law is: its article, the days it is in force, and how a period of it runs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NotInForce(LookupError):
    """No text gives this parameter on that day: a rule asked for what it may not apply."""


class Runs(StrEnum):
    """Whose period it is, and with that what becomes of a last day that is a day off.

    Where the texts are silent (处罚法, 强制法) the choices are the project's, each shown with its deadline.
    """

    PARTY = "PARTY"
    """To pay, to ask for a hearing, to apply for review: a last day off moves to the next working day (民诉法85)."""
    AGENCY = "AGENCY"
    """To decide, to publish: never moves; the alarm is on the last working day not after it."""
    SERVICE = "SERVICE"
    """Until something counts as served: moves, in favour of the party whose time begins with it."""
    BEFORE = "BEFORE"
    """At least so many whole days between a notice and what it announces; neither end is counted."""
    BARRED = "BARRED"
    """Nothing may be done before it is over: what it allows may be done from the next day on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value as one text gives it. `in_force_to` is the last day, None while the text stands.

    `settled` is False where the project chose a default: then `note` says what is open, and whoever shows the value
    shows that too. Periods have a unit of time and `runs`; `first_day_counts` is the exception to 民诉法85.
    """

    key: str
    value: int | tuple[str, ...]
    unit: str
    article: str
    in_force_from: date
    in_force_to: date | None = None
    settled: bool = True
    note: str = ""
    runs: Runs | None = None
    first_day_counts: bool = False

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day (Asia/Shanghai)."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)
