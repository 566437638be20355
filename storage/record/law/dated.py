"""What stands when: versions of one item of the law, each from a day on, the last of which may end it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """One version of an item; `in_force_to` is its last day, None while it stands."""

    @property
    def key(self) -> str:
        """The item's key."""

    @property
    def in_force_from(self) -> date:
        """The first day."""

    @property
    def in_force_to(self) -> date | None:
        """The last day."""


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A version that says only that there is no such item from this day on, by this article."""

    key: str
    article: str
    in_force_from: date
    in_force_to: date | None = None


def standing(versions: Sequence[D | Ended], on: date) -> D | None:
    """The version that holds on a day: the one in force later, of one day the one approved later; None if it ended."""
    holding = [
        one for one in versions if one.in_force_from <= on and (one.in_force_to is None or on <= one.in_force_to)
    ]
    found = max(reversed(holding), key=lambda one: one.in_force_from, default=None)
    return None if isinstance(found, Ended) else found


def by_key(items: Iterable[D]) -> dict[str, tuple[D, ...]]:
    """The versions of each key, in the order in which they were approved."""
    found: dict[str, tuple[D, ...]] = {}
    for one in items:
        found[one.key] = (*found.get(one.key, ()), one)
    return found
