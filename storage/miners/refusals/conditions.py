"""What is refused and why, in plain: the one thing of a report that a mine ever learns; pure."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from storage.miners.refusals.rules import LONGEST_WORDS
from storage.miners.refusals.tables import DangerKind
from storage.record.problems import BadInput
from storage.register.people.tables import ShiftKind

LONGEST_PLACE, LONGEST_KEY = 100, 80
AHEAD, BACK = timedelta(days=31), timedelta(days=7)
"""So far before and after today a shift may be refused: a house limit against slips of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is refused and why, in plain: all that the mine ever learns."""

    mine_id: UUID
    place: str
    day: date
    shift: ShiftKind
    since: date
    workplace_id: UUID | None = None
    clause: str = ""
    clause_key: str = ""
    danger: DangerKind | None = None

    @property
    def place_key(self) -> str:
        """By what two refusals are of one place."""
        if self.workplace_id is not None:
            return str(self.workplace_id)
        return "".join(unicodedata.normalize("NFKC", self.place).casefold().split())


def must_be_a_condition(condition: Condition, *, today: date) -> None:
    """A place, and a clause or a danger; sizes are limits of the house: BadInput."""
    for field, value, most in (
        ("place", condition.place, LONGEST_PLACE), ("clause", condition.clause, LONGEST_WORDS),
        ("clauseKey", condition.clause_key, LONGEST_KEY),
    ):  # fmt: skip
        if len(value) > most or not value.isprintable():
            raise BadInput(field=field, reason=f"<= {most}")
    if not condition.place_key:
        raise BadInput(field="place", reason=f"1-{LONGEST_PLACE}")
    if condition.danger is None and not (condition.clause.strip() or condition.clause_key):
        raise BadInput(field="danger", reason="clause or danger")
    if not today - BACK <= condition.day <= today + AHEAD:
        raise BadInput(field="day", reason=f"-{BACK.days} - +{AHEAD.days} d")
    if condition.since > condition.day:
        raise BadInput(field="since", reason="<= day")
