"""A matter of conduct as a list of steps, and what follows from them alone; pure, nothing here asks the database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind, MatterState


@dataclass(frozen=True, slots=True, kw_only=True)
class Complainant:
    """Who complained; told to nobody but those who handle it."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a matter is opened with. `words` are the facts, the reason or the complaint; `grounds` of the closed lists.

    `as_of` is the size of a shown checkpoint; left out, the newest.
    """

    id: UUID
    kind: MatterKind
    officer_id: UUID
    words: str
    about: About
    subject_id: UUID | None = None
    mine_id: UUID | None = None
    reference: str = ""
    grounds: tuple[str, ...] = ()
    evidence: tuple[UUID, ...] = ()
    as_of: int | None = None
    complainant: Complainant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step as somebody asks for it; `at` only where it is a fact that was before."""

    id: UUID
    kind: ConductTurn
    words: str = ""
    at: datetime | None = None
    outcome: ConductOutcome | None = None
    grounds: tuple[str, ...] = ()
    organ: str = ""
    subject_id: UUID | None = None
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step as it was taken."""

    id: UUID
    kind: ConductTurn
    at: datetime
    recorded_at: datetime
    by: UUID
    words: str
    outcome: ConductOutcome | None = None
    grounds: tuple[str, ...] = ()
    organ: str = ""
    subject_id: UUID | None = None
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that was kept of one matter, OPENED the first."""

    kind: MatterKind
    officer_id: UUID
    steps: tuple[Step, ...]

    def of(self, *kinds: ConductTurn) -> tuple[Step, ...]:
        """The steps of these kinds."""
        return tuple(step for step in self.steps if step.kind in kinds)

    def last(self, *kinds: ConductTurn) -> Step | None:
        """The last step of these kinds."""
        found = self.of(*kinds)
        return found[-1] if found else None


_ENDS = {
    ConductTurn.CONFIRMED: MatterState.SETTLED,
    ConductTurn.OUTCOME_RECORDED: MatterState.SETTLED,
    ConductTurn.REPLIED: MatterState.SETTLED,
    ConductTurn.DECIDED: MatterState.SETTLED,
    ConductTurn.WITHDRAWN: MatterState.WITHDRAWN,
}
_STATES = {
    ConductTurn.ACCOUNT_GIVEN: MatterState.HEARD,
    ConductTurn.ANSWERED: MatterState.HEARD,
    ConductTurn.HEARD: MatterState.HEARD,
    ConductTurn.TOLD: MatterState.TOLD,
    ConductTurn.FOUND: MatterState.FOUND,
    ConductTurn.NOT_CONFIRMED: MatterState.HEARD,
    ConductTurn.PASSED_ON: MatterState.PASSED_ON,
    ConductTurn.RECEIVED: MatterState.RECEIVED,
    ConductTurn.ACCEPTED: MatterState.ACCEPTED,
    ConductTurn.EXTENDED: MatterState.ACCEPTED,
}
_HEARINGS = (ConductTurn.ACCOUNT_GIVEN, ConductTurn.ANSWERED, ConductTurn.HEARD)
_AHEAD = (MatterState.FOUND, MatterState.PASSED_ON, MatterState.RECEIVED)


def ended(history: History) -> Step | None:
    """The step that ended the matter."""
    return history.last(*_ENDS)


def state_of(history: History) -> MatterState:
    """Where it stands; what is said late does not lead it back."""
    if (end := ended(history)) is not None:
        return _ENDS[end.kind]
    state = MatterState.OPEN
    for step in history.steps[1:]:
        if step.kind not in _HEARINGS or state not in _AHEAD:
            state = _STATES[step.kind]
    return state


def finding(history: History) -> Step | None:
    """The finding that a second person is still to confirm."""
    last = history.last(ConductTurn.FOUND, ConductTurn.CONFIRMED, ConductTurn.NOT_CONFIRMED)
    return last if last is not None and last.kind is ConductTurn.FOUND else None


def was_granted(history: History) -> Step | None:
    """The decision by which he was recused."""
    decided = history.last(ConductTurn.DECIDED)
    return decided if decided is not None and decided.outcome is ConductOutcome.GRANTED else None
