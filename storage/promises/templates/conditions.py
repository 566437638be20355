"""What a clause demands, as a machine can check it, and which of two demands is the stricter: pure."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from storage.promises.templates.tables import ConditionKind, Unit
from storage.record.problems import BadInput, Problem

LARGEST_BOUND = 2**31 - 1
"""What every client can count to."""
MOST_ITEMS, LONGEST_ITEM = 50, 100
T = TypeVar("T", int, date)


class BoundInAnotherUnit(Problem):
    """Two conditions that are counted in different units cannot be compared.

    Parameters: clause, title, title_en, unit, wanted.
    """


class LooserThanTheTemplate(Problem):
    """A mine's own clause asks for less than the one that stands (parameters: clause, title, title_en)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition. Of each kind only its own members are given; `least` and `most` both stand for a range.

    The items of `holds` must all be there, none of `lacks` may be.
    """

    kind: ConditionKind
    unit: Unit | None = None
    least: int | None = None
    most: int | None = None
    yes: bool | None = None
    not_before: date | None = None
    not_after: date | None = None
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


_MEMBERS: dict[ConditionKind, tuple[str, ...]] = {
    ConditionKind.NUMBER: ("unit", "least", "most"),
    ConditionKind.YES_NO: ("yes",),
    ConditionKind.DATE: ("not_before", "not_after"),
    ConditionKind.LIST: ("holds", "lacks"),
}


def must_be_a_condition(condition: Condition) -> None:
    """What its kind asks for and nothing else, with bounds in order; else BadInput."""
    for kind, members in _MEMBERS.items():
        given = [name for name in members if getattr(condition, name) not in (None, ())]
        if kind is not condition.kind and given:
            raise BadInput(field=given[0], reason=condition.kind.value)
    _CHECKS[condition.kind](condition)


def is_met_by_all_of(ours: Condition, theirs: Condition) -> bool:
    """Whether whatever meets `theirs` meets `ours` too; both are of one kind and unit."""
    if ours.kind is ConditionKind.NUMBER:
        return _within((theirs.least, theirs.most), (ours.least, ours.most))
    if ours.kind is ConditionKind.DATE:
        return _within((theirs.not_before, theirs.not_after), (ours.not_before, ours.not_after))
    if ours.kind is ConditionKind.LIST:
        return set(theirs.holds) >= set(ours.holds) and set(theirs.lacks) >= set(ours.lacks)
    return theirs.yes is ours.yes


def stricter(theirs: Condition, ours: Condition, **named: str) -> bool:
    """Whether `theirs` asks for more than `ours`; False where it asks for the same. `named` says of which clause.

    Raises BoundInAnotherUnit where they cannot be compared, LooserThanTheTemplate where it asks for less in any way.
    """
    mine, wanted = theirs.unit or theirs.kind, ours.unit or ours.kind
    if theirs.kind is not ours.kind or theirs.unit is not ours.unit:
        raise BoundInAnotherUnit(**named, unit=mine.value, wanted=wanted.value)
    if not is_met_by_all_of(ours, theirs):
        raise LooserThanTheTemplate(**named)
    return not is_met_by_all_of(theirs, ours)


def _within(inner: tuple[T | None, T | None], outer: tuple[T | None, T | None]) -> bool:
    low = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    return low and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def _number(one: Condition) -> None:
    _must(one.unit is not None, "unit", "a unit")
    _must(one.least is not None or one.most is not None, "least", "least, most")
    bounds = [bound for bound in (one.least, one.most) if bound is not None]
    _must(all(0 <= bound <= LARGEST_BOUND for bound in bounds), "least", f"0-{LARGEST_BOUND}")
    _must(bounds == sorted(bounds), "most", ">= least")


def _yes_no(one: Condition) -> None:
    _must(one.yes is not None, "yes", "true, false")


def _date(one: Condition) -> None:
    days = [day for day in (one.not_before, one.not_after) if day is not None]
    _must(bool(days), "notAfter", "notBefore, notAfter")
    _must(days == sorted(days), "notAfter", ">= notBefore")


def _list(one: Condition) -> None:
    items = [*one.holds, *one.lacks]
    _must(1 <= len(set(items)) == len(items) <= MOST_ITEMS, "holds", f"1-{MOST_ITEMS} items, no one twice")
    sound = all(1 <= len(item.strip()) == len(item) <= LONGEST_ITEM and item.isprintable() for item in items)
    _must(sound, "holds", f"1-{LONGEST_ITEM}")


_CHECKS = {
    ConditionKind.NUMBER: _number,
    ConditionKind.YES_NO: _yes_no,
    ConditionKind.DATE: _date,
    ConditionKind.LIST: _list,
}


def _must(sound: bool, field: str, reason: str) -> None:
    if not sound:
        raise BadInput(field=field, reason=reason)
