"""The law of a moment: what stands in the code, overlaid by what officials changed since, with its calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from storage.record.law.calendars import PUBLISHED, Calendar
from storage.record.law.numbers import (
    conduct,
    disclosure,
    evidence,
    exams,
    fines,
    hazards,
    inspection,
    penalty,
    remedies,
    workers,
)
from storage.record.law.parameters import NotInForce, Parameter


@dataclass(frozen=True, slots=True)
class Law:
    """Parameters and calendar; pure. Of two that hold on a day, the one in force later holds (后法优于前法)."""

    parameters: Mapping[str, tuple[Parameter, ...]]
    calendar: Calendar
    changes: int = 0
    """How many changes officials approved."""

    @property
    def edition(self) -> int:
        """Grows with each year whose holidays come with the code, and with each change that officials approve: what
        was derived by a smaller one is to be derived anew.
        """
        return max(PUBLISHED.years) * 1_000_000 + self.changes

    def parameter(self, key: str, on: date) -> Parameter:
        """The parameter as it stands on a day (Asia/Shanghai), or NotInForce."""
        holding = [one for one in self.parameters.get(key, ()) if one.holds(on)]
        if not holding:
            raise NotInForce(f"{key} on {on}")
        return max(reversed(holding), key=lambda one: one.in_force_from)

    def number(self, key: str, on: date) -> int:
        """The value of a parameter that is a number; NotInForce, or TypeError when it is a list."""
        value = self.parameter(key, on).value
        if not isinstance(value, int):
            raise TypeError(f"{key} is a list, not a number")
        return value

    def listed(self, key: str, on: date) -> tuple[str, ...]:
        """The value of a parameter that is a closed list; NotInForce, or TypeError when it is a number."""
        value = self.parameter(key, on).value
        if isinstance(value, int):
            raise TypeError(f"{key} is a number, not a list")
        return value

    def in_force(self, on: date) -> tuple[Parameter, ...]:
        """All parameters that hold on a day, by key."""
        held = (key for key, many in sorted(self.parameters.items()) if any(one.holds(on) for one in many))
        return tuple(self.parameter(key, on) for key in held)

    def with_changes(self, parameters: Iterable[Parameter], days: Mapping[date, bool]) -> "Law":
        """The law with approved changes: later ones of a key stand behind earlier ones; days as in Calendar."""
        return replace(
            self,
            parameters=_by_key((*(one for many in self.parameters.values() for one in many), *parameters)),
            calendar=self.calendar.with_days(days),
        )


def _by_key(parameters: Iterable[Parameter]) -> dict[str, tuple[Parameter, ...]]:
    found: dict[str, tuple[Parameter, ...]] = {}
    for one in parameters:
        found[one.key] = (*found.get(one.key, ()), one)
    return found


PARAMETERS: tuple[Parameter, ...] = (
    *inspection.PARAMETERS, *evidence.PARAMETERS, *penalty.PARAMETERS, *fines.PARAMETERS, *remedies.PARAMETERS,
    *hazards.PARAMETERS, *disclosure.PARAMETERS, *workers.PARAMETERS, *exams.PARAMETERS, *conduct.PARAMETERS,
)  # fmt: skip
"""All that the code knows; what officials approved comes from `register/provisions`."""

BUILT_IN = Law(_by_key(PARAMETERS), PUBLISHED)
