"""When a penalty stops being shown by repair of credit (令36; 令58 before): pure rules, each with its article."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from storage.casework.cases.bodies.after import SurchargeOrdered
from storage.casework.cases.bodies.facts import CorrectionChecked, CorrectionOrdered
from storage.casework.cases.history import History
from storage.casework.cases.rulings import Ruling, left_to_execute, owed
from storage.casework.cases.steps import Sanction, SanctionKind
from storage.record.clock import day_of
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of
from storage.record.law.parameters import NotInForce
from storage.record.problems import BadInput
from storage.trust.credit import problems
from storage.trust.credit.tables import Repair
from storage.trust.disclosures.rules import PenaltyClass, class_of
from storage.trust.disclosures.tables import DisclosureKind

ORDER_36 = "信用修复管理办法（国家发展和改革委员会令第36号）"
ORDER_58 = "失信行为纠正后的信用信息修复管理办法（试行）（国家发展和改革委员会令第58号）"
DECIDED = "repair_decided_in"
LEAST_WORDS, LONGEST_WORDS = 4, 2_000
MOST_PIECES = 50
_DAY_OF_36 = date(2026, 4, 1)


class Obstacle(StrEnum):
    """What the record knows that the party still owes."""

    FINE_UNPAID = "FINE_UNPAID"
    PENALTY_NOT_CARRIED_OUT = "PENALTY_NOT_CARRIED_OUT"
    CORRECTION_OPEN = "CORRECTION_OPEN"
    MEASURE_OPEN = "MEASURE_OPEN"
    BAR_RUNS = "BAR_RUNS"


class RepairPart(StrEnum):
    """What a request must bring."""

    PROOF = "PROOF"
    PLEDGE = "PLEDGE"


class Excluded(StrEnum):
    """Why repair does not apply at all."""

    NO_PENALTY = "NO_PENALTY"
    NOT_SHOWN = "NOT_SHOWN"
    FELL = "FELL"
    SHUT_DOWN = "SHUT_DOWN"
    BARRED_FOR_LIFE = "BARRED_FOR_LIFE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a party brings: its words, proof of correction (sealed pieces, closed measures) and its pledge."""

    words: str
    proof: tuple[UUID, ...] = ()
    measures: tuple[UUID, ...] = ()
    pledge: str = ""
    pledge_piece: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How a penalty stands for its party: its class, by which text, until when it cannot be repaired, what is owed."""

    grade: PenaltyClass
    article: str
    shortest: Deadline | None
    obstacles: tuple[Obstacle, ...]
    excluded: Excluded | None = None


def article_on(day: date) -> str:
    """The text by which a decision of that day is repaired: that of its own day (令36 says nothing of older ones)."""
    return ORDER_36 if day >= _DAY_OF_36 else ORDER_58


def outlook(
    ruling: Ruling, history: History, law: Law, *, today: date, open_measures: int, shown: bool = True
) -> Outlook:
    """令36: the shortest period by the class of the penalty, from the decision; what is due; what is never repaired."""
    grade, day = class_of(ruling, law), day_of(ruling.at)
    excluded = Excluded.NOT_SHOWN if not shown else excluded_by(ruling, history)
    return Outlook(
        grade=grade, article=article_on(day), shortest=shortest(grade, law, day), excluded=excluded,
        obstacles=obstacles_of(ruling, history, law, today=today, open_measures=open_measures),
    )  # fmt: skip


def shortest(grade: PenaltyClass, law: Law, day: date) -> Deadline | None:
    """The shortest period; none for slight penalties, nor where no text gave one then."""
    if grade is PenaltyClass.SLIGHT:
        return None
    try:
        return deadline_of(law, f"repair_{grade.value.lower()}", day)
    except NotInForce:
        return None


def excluded_by(ruling: Ruling, history: History) -> Excluded | None:
    """令36 art. 2: what a text says is never repaired; and what fell is withdrawn, not repaired."""
    sanctions: Sequence[Sanction] = ruling.body.sanctions
    if ruling.id in history.fallen:
        return Excluded.FELL
    if any(one.kind is SanctionKind.SHUT_DOWN for one in sanctions):
        return Excluded.SHUT_DOWN
    if any(one.kind is SanctionKind.BARRED and one.days == 0 for one in sanctions):
        return Excluded.BARRED_FOR_LIFE
    return None


def obstacles_of(
    ruling: Ruling, history: History, law: Law, *, today: date, open_measures: int
) -> tuple[Obstacle, ...]:
    """令36 art. 3: corrected, and every duty of the decision done, as far as the record knows."""
    money = owed(ruling, history, law, today)
    ordered = sum(one.body.sum for one in history.of(SurchargeOrdered) if one.body.decision == ruling.id)
    found = {
        Obstacle.FINE_UNPAID: money.paid < money.fine + ordered,
        Obstacle.PENALTY_NOT_CARRIED_OUT: bool(left_to_execute(ruling, history) - {SanctionKind.BARRED}),
        Obstacle.CORRECTION_OPEN: bool(corrections_open(history)),
        Obstacle.MEASURE_OPEN: open_measures > 0,
        Obstacle.BAR_RUNS: any(today <= day_of(ruling.at) + timedelta(days=one.days) for one in _bars(ruling)),
    }
    return tuple(one for one, holds in found.items() if holds)


def corrections_open(history: History) -> tuple[UUID, ...]:
    """Orders to correct of the case that no re-check found followed."""
    done = {one.body.ordered for one in history.of(CorrectionChecked) if one.body.corrected}
    return tuple(one.id for one in history.of(CorrectionOrdered) if one.id not in done)


def must_be_a_penalty(kind: DisclosureKind) -> None:
    """An entry of the blacklist has its own way out; nothing else is a matter of credit."""
    if kind is not DisclosureKind.PENALTY:
        raise problems.NotRepairable(reason=Excluded.NO_PENALTY.value, article=ORDER_36)


def must_be_repairable(found: Outlook, *, today: date) -> None:
    """Not excluded; the shortest period over; nothing owed."""
    if found.excluded is not None:
        raise problems.NotRepairable(reason=found.excluded.value, article=found.article)
    if found.shortest is not None and today <= found.shortest.ends:
        raise problems.RepairTooEarly(day=found.shortest.ends.isoformat(), article=found.shortest.article)
    if found.obstacles:
        raise problems.ObligationsOpen(obstacle=found.obstacles[0].value, article=found.article)


def must_be_proven(request: Request, *, closed: Collection[UUID], by_principal: bool, article: str) -> None:
    """Proof of correction, and a pledge: the principal's own words, or a sealed paper that is signed.

    Raises BadInput, RepairUnproven.
    """
    must_have_words(request.words)
    for name, ids in (("proof", request.proof), ("measures", request.measures)):
        if not len(set(ids)) == len(ids) <= MOST_PIECES:
            raise BadInput(field=name, reason=f"<= {MOST_PIECES}, no one twice")
    if not set(request.measures) <= set(closed) or not (request.proof or request.measures):
        raise problems.RepairUnproven(part=RepairPart.PROOF.value, article=article)
    spoken = bool(request.pledge.strip())
    if spoken == (request.pledge_piece is not None) or (spoken and not by_principal):
        raise problems.RepairUnproven(part=RepairPart.PLEDGE.value, article=article)
    if spoken:
        must_have_words(request.pledge, "pledge")
    if request.pledge_piece in request.proof:
        raise problems.RepairUnproven(part=RepairPart.PLEDGE.value, article=article)


def must_be_examinable(repair: Repair) -> None:
    """Once, and before it is decided."""
    if repair.decided_at is not None:
        raise problems.RepairDecided()
    if repair.examined_at is not None:
        raise problems.RepairExamined()


def must_be_decidable(repair: Repair, *, decider: UUID) -> None:
    """After another examined it; neither who asked nor who examined decides."""
    if repair.decided_at is not None:
        raise problems.RepairDecided()
    if repair.examined_at is None:
        raise problems.RepairNotExamined(article=repair.article)
    must_be_another(decider, repair.examined_by, repair.asked_by, article=repair.article)


def must_be_granted(*, granted: bool | None, restored: bool, by: UUID, decider: UUID | None, article: str) -> None:
    """What was granted, and still holds, is taken back by another than who granted it."""
    if not granted or restored:
        raise problems.NothingGranted()
    must_be_another(by, decider, article=article)


def must_not_have_fallen(*, fell: bool) -> None:
    """What was revoked or changed meanwhile is not shown again as it was."""
    if fell:
        raise problems.NotRepairable(reason=Excluded.FELL.value, article=ORDER_36)


def must_be_another(account: UUID, *others: UUID | None, article: str) -> None:
    """Two people."""
    if account in others:
        raise problems.CreditTakesTwo(article=article)


def must_have_words(words: str, field: str = "words") -> None:
    """Every step says something; else BadInput."""
    if not LEAST_WORDS <= len(words.strip()) <= LONGEST_WORDS:
        raise BadInput(field=field, reason=f"{LEAST_WORDS}-{LONGEST_WORDS}")


def clock_of(law: Law, key: str, start: date) -> Deadline | None:
    """A clock from the day on which it begins; None while nobody knows the days that decide its end."""
    try:
        return deadline_of(law, key, start)
    except (YearNotPublished, NotInForce):
        return None


def _bars(ruling: Ruling) -> tuple[Sanction, ...]:
    return tuple(one for one in ruling.body.sanctions if one.kind is SanctionKind.BARRED and one.days > 0)
