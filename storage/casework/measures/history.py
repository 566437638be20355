"""A measure as a list of steps, and what follows from them alone: pure, nothing here asks the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from storage.casework.measures.tables import Hand, MeasureState, StepOutcome, Turn
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.library import Severity
from storage.record.law.measures import MeasureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is ordered. `danger`: life is in danger now; `urgent`: goods cannot wait for the head (强制法19).

    `days` is the term to correct, `approver_id` the head who is said to have approved, `enforces` the stop that was
    refused, `decision` the number of the penalty decision, `safe` that the cut itself endangers nobody (安法70).
    """

    id: UUID
    inspection_id: UUID
    kind: str
    reason: str
    ordered_at: datetime
    findings: tuple[UUID, ...] = ()
    danger: bool = False
    urgent: bool = False
    safe: bool = False
    days: int | None = None
    decision: str = ""
    approver_id: UUID | None = None
    enforces: UUID | None = None

    @property
    def day(self) -> date:
        """The day in Asia/Shanghai whose law it is."""
        return day_of(self.ordered_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step as somebody asks for it; `at` only where it is a fact that was before."""

    id: UUID
    kind: Turn
    at: datetime | None = None
    subject_id: UUID | None = None
    until: date | None = None
    number: int | None = None
    outcome: StepOutcome | None = None
    words: str = ""
    place_id: UUID | None = None
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step as it was taken."""

    id: UUID
    kind: Turn
    hand: Hand
    at: datetime
    recorded_at: datetime
    by: UUID
    certificate_id: UUID | None = None
    subject_id: UUID | None = None
    until: date | None = None
    number: int | None = None
    outcome: StepOutcome | None = None
    words: str = ""
    place_id: UUID | None = None
    underground: bool = False
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A finding that the measure answers."""

    id: UUID
    severity: Severity
    unsafe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known of one measure; `steps` in the order in which the server took them, ORDERED the first.

    `recorded`: the inspection has a recording. `follower_left`: the account that follows it is closed.
    """

    kind: MeasureKind
    order: Order
    steps: tuple[Step, ...]
    findings: tuple[Named, ...] = ()
    officers: frozenset[UUID] = frozenset()
    recorded: bool = False
    follower_left: bool = False

    def of(self, *kinds: Turn) -> tuple[Step, ...]:
        """The steps of these kinds."""
        return tuple(step for step in self.steps if step.kind in kinds)

    def last(self, *kinds: Turn) -> Step | None:
        """The last step of these kinds."""
        found = self.of(*kinds)
        return found[-1] if found else None

    def prefixes(self) -> "Iterator[History]":
        """The history as it was after each of its steps; a finding that was named later was not known before."""
        for count in range(1, len(self.steps) + 1):
            later = {step.subject_id for step in self.steps[count:] if step.kind is Turn.FINDING_NAMED}
            known = tuple(one for one in self.findings if one.id not in later)
            yield replace(self, steps=self.steps[:count], findings=known)


ENDINGS = {
    Turn.DISAPPROVED: MeasureState.DISAPPROVED,
    Turn.LIFTED: MeasureState.LIFTED,
    Turn.CLOSED_OUT: MeasureState.CLOSED_OUT,
    Turn.RESTART_APPROVED: MeasureState.RESTARTED,
}
"""The steps that end a measure."""


def ended(history: History) -> Step | None:
    """The step that ended the measure."""
    return history.last(*ENDINGS)


def state_of(history: History, law: Law) -> MeasureState:
    """Where it stands; corrected only when two officers signed that it is."""
    if (end := ended(history)) is not None:
        return ENDINGS[end.kind]
    if is_corrected(history, law):
        return MeasureState.CORRECTED
    last = history.last(Turn.CORRECTION_REPORTED, Turn.RECHECKED)
    if last is None:
        return MeasureState.OPEN
    found_wanting = last.kind is Turn.RECHECKED and last.outcome is not StepOutcome.CORRECTED
    return MeasureState.NOT_CORRECTED if found_wanting else MeasureState.REPORTED


def standing_for(history: History) -> frozenset[UUID]:
    """The officers of the inspection who stand for the order with a certificate (处罚法42, 55)."""
    told = history.of(Turn.ORDERED, Turn.CONFIRMED)
    return frozenset(step.by for step in told if step.certificate_id is not None) & history.officers


def is_confirmed(history: History, law: Law) -> bool:
    """Whether enough of them do."""
    return len(standing_for(history)) >= law.number("officers_per_inspection", history.order.day)


def approval(history: History) -> Step | None:
    """What the head said of it."""
    return history.last(Turn.APPROVED, Turn.DISAPPROVED)


def below(history: History, now: datetime) -> int | None:
    """How many are still below by the latest count of anybody but the mine; None before the first.

    What arrives late is put in its place by when it was counted; of two counts of one moment the larger holds.
    """
    counts = [
        step for step in history.of(Turn.HEADS_COUNTED)
        if step.hand is not Hand.MINE and step.number is not None and history.order.ordered_at <= step.at <= now
    ]  # fmt: skip
    return max(counts, key=lambda step: (step.at, step.number)).number if counts else None


def _signed(history: History, fact: Step, signature: Turn, law: Law) -> bool:
    """Whether enough officers with certificates stand for a fact: whoever recorded it and those who signed it."""
    hands = {fact.by} if fact.certificate_id is not None else set()
    hands |= {step.by for step in history.of(signature) if step.subject_id == fact.id and step.certificate_id}
    return len(hands) >= law.number("officers_per_inspection", day_of(fact.at))


def rechecks(history: History, law: Law) -> tuple[Step, ...]:
    """The re-checks that two officers signed, by when they were."""
    found = [one for one in history.of(Turn.RECHECKED) if _signed(history, one, Turn.RECHECK_SIGNED, law)]
    return tuple(sorted(found, key=lambda one: one.at))


def is_corrected(history: History, law: Law) -> bool:
    """Whether the latest re-check of all found it corrected, and is signed (三(十一)1)."""
    every, signed = sorted(history.of(Turn.RECHECKED), key=lambda one: one.at), rechecks(history, law)
    return bool(signed) and signed[-1].id == every[-1].id and signed[-1].outcome is StepOutcome.CORRECTED


def refusal(history: History, law: Law) -> Step | None:
    """The signed re-check that found the order refused, while it is the latest."""
    signed = rechecks(history, law)
    return signed[-1] if signed and signed[-1].outcome is StepOutcome.REFUSED else None


def is_verified(history: History, law: Law) -> bool:
    """三(三)3 现场核查: the latest was underground, with evidence, signed by two officers, after the re-check."""
    found = sorted(history.of(Turn.VERIFIED), key=lambda one: one.at)
    if not found or not is_corrected(history, law):
        return False
    last = found[-1]
    return (
        last.outcome is StepOutcome.CORRECTED and last.underground and bool(last.evidence)
        and last.at >= rechecks(history, law)[-1].at and _signed(history, last, Turn.VERIFICATION_SIGNED, law)
    )  # fmt: skip


def level_of(history: History) -> str:
    """The level at which it is supervised; empty while it is not."""
    placed = history.last(Turn.SUPERVISED)
    return placed.words if placed is not None else ""


def is_major(history: History) -> bool:
    """Whether it answers a major hazard."""
    return any(one.severity is Severity.MAJOR for one in history.findings)


def acceptance(history: History) -> Step | None:
    """The acceptance of the latest application to restart, if it was held."""
    asked = history.last(Turn.RESTART_ASKED)
    held = history.last(Turn.ACCEPTANCE_HELD)
    if asked is None or held is None or history.steps.index(held) < history.steps.index(asked):
        return None
    return held


SIGNATURES: Sequence[tuple[Turn, Hand]] = (
    (Turn.RESTART_SIGNED, Hand.DEPARTMENT),
    (Turn.RESTART_AGREED, Hand.OFFICE),
    (Turn.RESTART_APPROVED, Hand.GOVERNMENT),
)
"""条例48: 部门主要负责人签字, 矿山安全监察机构审核同意, 本级人民政府主要负责人批准; in this order."""


def signatures(history: History) -> tuple[Step, ...]:
    """Those that were given to the latest acceptance."""
    held = acceptance(history)
    after = history.steps[history.steps.index(held) :] if held is not None else ()
    return tuple(step for step in after if step.kind in {kind for kind, _ in SIGNATURES})


def stands(history: History) -> bool:
    """Whether it binds the mine: it has not ended."""
    return ended(history) is None
