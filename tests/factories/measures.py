"""Measures for tests: told by steps alone, without a database, and ordered in an inspection under way."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.casework.measures import operations, steps
from storage.casework.measures.history import Asked, History, Named, Order, Step
from storage.casework.measures.queries import MeasureRow
from storage.casework.measures.steps import FACTS, HANDS, Taker
from storage.casework.measures.tables import Hand, StepOutcome, Turn
from storage.record.actor import Actor
from storage.record.law import BUILT_IN, Law
from storage.record.law.library import Severity
from storage.record.law.measures import MEASURE_KINDS
from storage.record.work import perform
from tests.factories.casework import Check
from tests.sites import NOW

ORDERED_AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)  # A Monday, 10:00 in Shanghai.
ONE, TWO, HEAD, CLERK, OFFICE, MAYOR, STRANGER, BOTH = (UUID(int=number) for number in range(1, 9))
"""Two officers, the head of the department, the mine's clerk, the branch office's head, government's head, an officer
of no part in it, and one who acts for department and office."""
SOON = NOW + timedelta(milliseconds=1)
"""After an order of the time of the tests: entries of one millisecond have no order."""
HANDS_OF = {
    CLERK: frozenset({Hand.MINE}), OFFICE: frozenset({Hand.OFFICE}), MAYOR: frozenset({Hand.GOVERNMENT}),
    BOTH: frozenset({Hand.DEPARTMENT, Hand.OFFICE}),
}  # fmt: skip
CERTIFIED = {ONE, TWO, STRANGER}


def named(*, severity: Severity = Severity.GENERAL, unsafe: bool = False) -> Named:
    """A finding."""
    return Named(id=uuid4(), severity=severity, unsafe=unsafe)


@dataclass(slots=True)
class Tale:
    """One measure as it is told step by step; every step goes through the rules."""

    history: History
    now: datetime = ORDERED_AT
    law: Law = BUILT_IN

    def takes(self, kind: Turn, by: UUID, *, underground: bool = False, follows: bool = True, **asked: Any) -> Step:
        """Takes a step as the rules allow it, or raises their Problem and leaves all as it was."""
        given = Asked(id=uuid4(), kind=kind, **asked)
        hands = HANDS_OF.get(by, frozenset({Hand.DEPARTMENT}))
        hand = next(one for one in Hand if one in hands)
        certificate = uuid4() if by in CERTIFIED else None
        taker = Taker(account=by, hands=hands, certificate_id=certificate, names_one_of_the_county=follows)
        steps.must_be_well_formed(given)
        steps.must_be_takeable(self.history, given, taker=taker, law=self.law, now=self.now)
        at = min(given.at or self.now, self.now) if kind in FACTS else self.now
        step = Step(
            id=given.id, kind=kind, hand=HANDS[kind][0] if kind in HANDS else hand, at=at, recorded_at=self.now, by=by,
            certificate_id=certificate, subject_id=given.subject_id, until=given.until, number=given.number,
            outcome=given.outcome, words=given.words, underground=underground, evidence=given.evidence,
        )  # fmt: skip
        self.history = replace(self.history, steps=(*self.history.steps, step))
        return step

    def passes(self, **time: float) -> "Tale":
        """Time passes."""
        self.now += timedelta(**time)
        return self

    def confirmed(self) -> "Tale":
        """The second officer stands for the order."""
        self.takes(Turn.CONFIRMED, TWO)
        return self

    def approved(self) -> "Tale":
        """The head approves."""
        self.takes(Turn.APPROVED, HEAD)
        return self

    def rechecked(self, outcome: StepOutcome = StepOutcome.CORRECTED) -> "Tale":
        """Two officers re-check and sign."""
        fact = self.takes(Turn.RECHECKED, ONE, outcome=outcome)
        self.takes(Turn.RECHECK_SIGNED, TWO, subject_id=fact.id)
        return self

    def verified(self, outcome: StepOutcome = StepOutcome.CORRECTED) -> "Tale":
        """Two officers look underground, with evidence."""
        fact = self.takes(Turn.VERIFIED, ONE, outcome=outcome, words="井下现场", underground=True,
                          evidence=(uuid4(),))  # fmt: skip
        self.takes(Turn.VERIFICATION_SIGNED, TWO, subject_id=fact.id)
        return self


def tale(key: str, *findings: Named, by: UUID = ONE, hand: Hand = Hand.DEPARTMENT, **order: Any) -> Tale:
    """A measure as one officer ordered it."""
    known = findings or (named(),)
    given: dict[str, Any] = {
        "reason": "四个字以上",
        "ordered_at": ORDERED_AT,
        "findings": tuple(each.id for each in known),
    }
    ordered = Step(
        id=uuid4(), kind=Turn.ORDERED, hand=hand, at=ORDERED_AT, recorded_at=ORDERED_AT, by=by,
        certificate_id=uuid4() if by in CERTIFIED else None,
    )  # fmt: skip
    told = Order(id=uuid4(), inspection_id=uuid4(), kind=key, **(given | order))
    return Tale(History(kind=MEASURE_KINDS[key], order=told, steps=(ordered,), findings=known,
                        officers=frozenset({ONE, TWO}), recorded=True))  # fmt: skip


def major(*, unsafe: bool = False) -> Named:
    """A major hazard."""
    return named(severity=Severity.MAJOR, unsafe=unsafe)


@dataclass(slots=True)
class Ordered:
    """A measure in the database, on which people act at times of their own."""

    check: Check
    id: UUID

    async def takes(self, actor: Actor, kind: Turn, *, at: datetime = SOON, **asked: Any) -> MeasureRow:
        """One step of one person."""
        given = Asked(id=asked.pop("id", uuid4()), kind=kind, at=asked.pop("was", None), **asked)
        row: MeasureRow = await perform(
            self.check.site.database, actor, at, operations.take_step, measure_id=self.id, asked=given
        )
        return row

    async def rechecked(self, outcome: StepOutcome = StepOutcome.CORRECTED, *, at: datetime = SOON) -> MeasureRow:
        """Both officers re-check and sign."""
        id = uuid4()
        await self.takes(self.check.lead, Turn.RECHECKED, id=id, outcome=outcome, at=at)
        return await self.takes(self.check.inspector, Turn.RECHECK_SIGNED, subject_id=id, at=at)


def order_of(check: Check, key: str, *findings: UUID, **given: Any) -> Order:
    """An order of this inspection."""
    usual: dict[str, Any] = {"id": uuid4(), "reason": "回风流甲烷超限", "ordered_at": NOW} | given
    return Order(inspection_id=check.id, kind=key, findings=findings, **usual)


async def orders(check: Check, key: str, *findings: UUID, by: Actor | None = None, **given: Any) -> Ordered:
    """A measure that was ordered, by the lead unless told otherwise."""
    order = order_of(check, key, *findings, **given)
    await check.acts(by or check.lead, operations.order_measure, order=order)
    return Ordered(check, order.id)
