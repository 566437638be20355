"""How a year's clauses differ from those of the year before, and what its answers give to begin from; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.templates.conditions import BoundInAnotherUnit, LooserThanTheTemplate
from storage.promises.templates.rules import Clause, digest_of, must_be_no_looser
from storage.promises.templates.tables import ConditionKind


class ClauseChange(StrEnum):
    """What became of a clause since the year before."""

    NEW = "NEW"
    GONE = "GONE"
    STRICTER = "STRICTER"
    LOOSER = "LOOSER"
    OTHERWISE = "OTHERWISE"
    REWORDED = "REWORDED"
    SAME = "SAME"


@dataclass(frozen=True, slots=True)
class Before:
    """What was said of a clause the year before."""

    outcome: AnswerOutcome
    words: str
    measure: str | None
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """A clause of this year beside that of the year before, and what was said of that one.

    `begins` is what the clerk may begin from: nothing where more or something else is asked, since what was met then
    says nothing of it, and nothing of what was late or not met.
    """

    change: ClauseChange
    clause: Clause | None
    before: Clause | None
    said: Before | None
    begins: AnswerOutcome | None


def renewed(clauses: Sequence[Clause], before: Sequence[Clause], said: Mapping[str, Before]) -> list[Renewed]:
    """This year's clauses in their order, then those that are gone."""
    earlier = {one.key: one for one in before}
    found = [_renewed(one, earlier.pop(one.key, None), said.get(one.key)) for one in clauses]
    return found + [Renewed(ClauseChange.GONE, None, one, said.get(one.key), None) for one in earlier.values()]


def change_of(clause: Clause, before: Clause) -> ClauseChange:
    """How a clause differs from that of its key in the year before: in what it asks, not in how it says so."""
    if digest_of(clause) == digest_of(before):
        return ClauseChange.SAME
    more, less = _no_looser(clause, before), _no_looser(before, clause)
    if more and less:
        return ClauseChange.REWORDED
    if more or less:
        return ClauseChange.STRICTER if more else ClauseChange.LOOSER
    return ClauseChange.OTHERWISE


def _renewed(clause: Clause, before: Clause | None, said: Before | None) -> Renewed:
    if before is None:
        return Renewed(ClauseChange.NEW, clause, None, None, None)
    change = change_of(clause, before)
    # A day that was kept last year says nothing of the day that is asked for this year.
    looser = change is ClauseChange.LOOSER and clause.condition.kind is not ConditionKind.DATE
    kept = looser or change in (ClauseChange.SAME, ClauseChange.REWORDED)
    met = said is not None and said.outcome is AnswerOutcome.MET
    return Renewed(change, clause, before, said, AnswerOutcome.MET if kept and met else None)


def _no_looser(theirs: Clause, ours: Clause) -> bool:
    try:
        must_be_no_looser(theirs, ours)
    except (BoundInAnotherUnit, LooserThanTheTemplate):
        return False
    return True
