"""The law of a moment: what stands in the code, overlaid by what officials changed since, with its calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from storage.record.law.calendars import PUBLISHED, Calendar
from storage.record.law.dated import D, Ended, by_key, standing
from storage.record.law.discretion import STANDARDS, Standard, keys_of
from storage.record.law.forms import Form, forms_of_the_code
from storage.record.law.library import FINDING_KINDS, MARKS, FindingKind
from storage.record.law.numbers import (
    conduct,
    credit,
    disclosure,
    evidence,
    exams,
    fines,
    hazards,
    inspection,
    lists,
    marks,
    penalty,
    promises,
    remedies,
    signing,
    workers,
)
from storage.record.law.parameters import NotInForce, Parameter
from storage.record.law.powers import POWERS, Power


@dataclass(frozen=True, slots=True)
class Law:
    """Parameters, items and calendar; pure. Of two that hold on a day, the one in force later holds (后法优于前法)."""

    parameters: Mapping[str, tuple[Parameter, ...]]
    calendar: Calendar
    changes: int = 0
    """How many changes officials approved."""
    kinds: Mapping[str, tuple[FindingKind | Ended, ...]] = field(default_factory=dict)
    powers: Mapping[str, tuple[Power | Ended, ...]] = field(default_factory=dict)
    standards: Mapping[str, tuple[Standard | Ended, ...]] = field(default_factory=dict)
    forms: Mapping[str, tuple[Form | Ended, ...]] = field(default_factory=dict)

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

    def kind(self, key: str, on: date) -> FindingKind | None:
        """The kind of finding as the library of a day has it."""
        return standing(self.kinds.get(key, ()), on)

    def kinds_on(self, on: date) -> dict[str, FindingKind]:
        """The library of a day, by key."""
        return _standing(self.kinds, on)

    def power(self, key: str, on: date) -> Power | None:
        """The item of the powers-and-duties list as it stands on a day."""
        return standing(self.powers.get(key, ()), on)

    def powers_on(self, on: date) -> list[Power]:
        """The list as it stands on a day, in its order."""
        return list(_standing(self.powers, on).values())

    def standard(self, kind: str | None, basis: str, on: date) -> Standard | None:
        """The item of the discretion standard for a fine on this basis, of this kind; the nearest one on that day."""
        found = (standing(self.standards.get(key, ()), on) for key in keys_of(kind, basis))
        return next((one for one in found if one is not None), None)

    def standards_on(self, on: date) -> list[Standard]:
        """The discretion standard as it stands on a day."""
        return list(_standing(self.standards, on).values())

    def forms_on(self, on: date) -> dict[str, Form]:
        """The paper forms in force on a day, by name; before the first day of all, those of that day."""
        return _standing(self.forms, max(on, FIRST_FORMS))

    def form_of(self, name: str, version: str) -> Form:
        """The form in the version by which a paper was drafted; LookupError for none."""
        held = (one for one in self.forms.get(name, ()) if isinstance(one, Form) and one.version == version)
        found = next(held, None)
        if found is None:
            raise LookupError(f"{name} {version}")
        return found

    def marks(self, on: date) -> dict[str, tuple[str, ...]]:
        """五假五超三瞒三不, as they stand on a day (三(十))."""
        return {name: self.listed(key, on) for name, key in MARKS.items()}

    def with_changes(self, parameters: Iterable[Parameter], days: Mapping[date, bool]) -> "Law":
        """The law with approved changes: later ones of a key stand behind earlier ones; days as in Calendar."""
        return replace(
            self,
            parameters=by_key((*(one for many in self.parameters.values() for one in many), *parameters)),
            calendar=self.calendar.with_days(days),
        )

    def with_items(
        self,
        *,
        kinds: Iterable[FindingKind | Ended] = (),
        powers: Iterable[Power | Ended] = (),
        standards: Iterable[Standard | Ended] = (),
        forms: Iterable[Form | Ended] = (),
    ) -> "Law":
        """The law with approved versions of items, later ones behind earlier ones."""
        return replace(
            self, kinds=_overlaid(self.kinds, kinds), powers=_overlaid(self.powers, powers),
            standards=_overlaid(self.standards, standards), forms=_overlaid(self.forms, forms),
        )  # fmt: skip


def _overlaid(held: Mapping[str, tuple[D, ...]], more: Iterable[D]) -> Mapping[str, tuple[D, ...]]:
    return by_key((*(one for many in held.values() for one in many), *more))


def _standing(held: Mapping[str, tuple[D | Ended, ...]], on: date) -> dict[str, D]:
    found = ((key, standing(versions, on)) for key, versions in held.items())
    return {key: one for key, one in found if one is not None}


PARAMETERS: tuple[Parameter, ...] = (
    *inspection.PARAMETERS, *evidence.PARAMETERS, *penalty.PARAMETERS, *fines.PARAMETERS, *remedies.PARAMETERS,
    *hazards.PARAMETERS, *disclosure.PARAMETERS, *workers.PARAMETERS, *exams.PARAMETERS, *conduct.PARAMETERS,
    *credit.PARAMETERS, *promises.PARAMETERS, *marks.PARAMETERS, *signing.PARAMETERS, *lists.PARAMETERS,
)  # fmt: skip
"""All that the code knows; what officials approved comes from `register/provisions`."""

FIRST_FORMS = min(one.in_force_from for one in forms_of_the_code())
BUILT_IN = Law(by_key(PARAMETERS), PUBLISHED).with_items(
    kinds=FINDING_KINDS.values(), powers=POWERS, standards=STANDARDS, forms=forms_of_the_code()
)
"""What the code knows without any provision."""
