"""Every clock that runs in a case: of what, since when, to when, and whether it was kept; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from storage.casework.cases.bodies.after import (
    Answered,
    CashHandedIn,
    CourtAsked,
    OutcomeReceived,
    Paid,
    PaymentWay,
    Published,
    ReconsiderationFiled,
    ReconsiderationForwarded,
    SuitFiled,
    Urged,
    WithdrawnFromPublic,
)
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, Served
from storage.casework.cases.bodies.facts import CorrectionChecked, CorrectionOrdered, RegisterKept, Seized
from storage.casework.cases.bodies.notice import (
    DefenceReceived,
    DefenceWaived,
    HearingAsked,
    HearingNotified,
    HearingOffered,
    HearingWaived,
    NoticeServed,
)
from storage.casework.cases.bodies.transfer import (
    TransferAnswered,
    TransferDecided,
    TransferGoodsHandedOver,
    TransferHandedOver,
    TransferObjected,
    TransferReported,
)
from storage.casework.cases.defects import all_defects
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.holding import end_of_holding, end_of_seizure, extension_of, seized_here
from storage.casework.cases.missing import time_limit
from storage.casework.cases.rulings import (
    Ruling,
    court_window,
    is_performed,
    owed,
    parts_of,
    runs_of,
    served_at,
)
from storage.casework.cases.sanctions import fine_in
from storage.casework.cases.steps import PartyKind
from storage.record.clock import day_of
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of

LAPSING = frozenset(
    {"defence", "hearing_request", "review_application", "suit_direct", "suit_after_review", "transfer_objection"}
)
"""Clocks that bind nobody: whoever lets them run out has not used a right, and nothing is overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One clock. Without a `deadline` the holidays of `year` are not published yet, and nobody guesses.

    `met_at` is when what it asks for was done, or when it no longer had to be.
    """

    key: str
    subject: UUID
    party: UUID | None
    start: datetime
    deadline: Deadline | None
    year: int | None = None
    met_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether it was met too late."""
        return self.met_at is not None and self.deadline is not None and self.deadline.is_over(self.met_at)


def deadlines_of(history: History, law: Law) -> tuple[Running, ...]:
    """Every clock of the case, in the order of their starts."""
    found = [
        *_of_defects(history, law), *_of_things(history, law), *_of_notice(history, law), *_of_case(history, law),
        *(one for ruling in _rulings(history) for one in _of_ruling(ruling, history, law)),
        *_of_remedies(history, law), *_of_transfer(history, law),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.start, one.key)))


def _known(step: AnyStep, deadline: Deadline, *, met: AnyStep | None, start: datetime | None = None) -> Running:
    """A clock whose end is known."""
    return Running(
        key=deadline.key, subject=step.id, party=step.party, start=start or step.at, deadline=deadline,
        met_at=met.at if met else None,
    )  # fmt: skip


def _plain(
    step: AnyStep, law: Law, key: str, met: AnyStep | datetime | None, *, start: datetime | None = None
) -> Running:
    """The clock of one parameter, from the step or from another moment."""
    at = met if met is None or isinstance(met, datetime) else met.at
    try:
        deadline, year = deadline_of(law, key, start or step.at), None
    except YearNotPublished as unknown:
        deadline, year = None, int(unknown.parameters["year"])
    return Running(
        key=key, subject=step.id, party=step.party, start=start or step.at, deadline=deadline, year=year, met_at=at
    )


def _first(steps: Iterable[AnyStep], *, behind: AnyStep, history: History) -> AnyStep | None:
    """The first of the steps that was kept after another."""
    return next((one for one in steps if history.place(one) > history.place(behind)), None)


def _of_defects(history: History, law: Law) -> Iterator[Running]:
    for defect in all_defects(history, law):
        key = "urgent_measure_report" if defect.kind.value == "NOT_APPROVED" else "defect_made_good"
        yield _plain(history.by_id[defect.step], law, key, defect.made_good_at)


def _of_things(history: History, law: Law) -> Iterator[Running]:
    for kept in history.of(RegisterKept):
        yield _plain(kept, law, "registered_evidence_decision", end_of_holding(kept, history))
    for seized in seized_here(history):
        over, extended = end_of_holding(seized, history), extension_of(seized, history)
        first = end_of_seizure(seized, history, law, extended=False)
        yield _known(seized, first, met=extended or over)
        if extended is not None:
            longer = end_of_seizure(seized, history, law)
            yield _known(extended, longer, met=over)
    for ordered in history.of(CorrectionOrdered):
        checks = [one for one in history.of(CorrectionChecked) if one.body.ordered == ordered.id]
        due = datetime.combine(ordered.body.due_on, datetime.min.time(), ordered.at.tzinfo)
        yield _plain(ordered, law, "recheck", checks[0] if checks else None, start=max(due, ordered.at))


def _of_notice(history: History, law: Law) -> Iterator[Running]:
    for notice in history.of(NoticeServed):
        answers = history.of(DefenceReceived, DefenceWaived, party=notice.party)
        yield _plain(notice, law, "defence", _first(answers, behind=notice, history=history))
    for offer in history.of(HearingOffered):
        asked = history.of(HearingAsked, HearingWaived, party=offer.party)
        yield _plain(offer, law, "hearing_request", _first(asked, behind=offer, history=history))
    for told in history.of(HearingNotified):
        yield _plain(told, law, "hearing_notice", told, start=told.body.hearing_at)


def _of_case(history: History, law: Law) -> Iterator[Running]:
    if history.registered is None:
        return
    decided = {one.party: one for one in history.decisions()}
    done = history.ended or (
        max(decided.values(), key=lambda one: one.at) if decided.keys() >= history.parties.keys() else None
    )
    limit = time_limit(history, law)
    if limit is not None:
        yield _known(history.registered, limit, met=done)


def _rulings(history: History) -> tuple[Ruling, ...]:
    return history.of(Decided, DecidedOnTheSpot)


def _of_ruling(ruling: Ruling, history: History, law: Law) -> Iterator[Running]:
    """Service, disclosure, payment, the party's remedies and the court, of one decision."""
    fell = history.fallen.get(ruling.id)
    served = next((one for one in history.of(Served) if one.body.decision == ruling.id), None)
    published = next((one for one in history.of(Published) if one.body.decision == ruling.id), None)
    if isinstance(ruling.body, Decided):
        yield _plain(ruling, law, "service_of_absent", served or fell)
    party = history.parties.get(ruling.party) if ruling.party else None
    if party is not None and party.kind is PartyKind.UNIT and ruling.body.sanctions:
        yield _plain(ruling, law, "penalty_published", published or fell)
    if published is not None and fell is not None:
        gone = next((one for one in history.of(WithdrawnFromPublic) if one.body.decision == ruling.id), None)
        yield _plain(ruling, law, "withdrawal_of_disclosure", gone, start=fell.at)
    at = served_at(ruling, history)
    if at is not None:
        yield from _of_served(ruling, at, fell, history, law)


def _of_served(ruling: Ruling, at: datetime, fell: AnyStep | None, history: History, law: Law) -> Iterator[Running]:
    filed = [one for one in history.of(ReconsiderationFiled, SuitFiled) if one.body.decision == ruling.id]
    first = filed[0] if filed else None
    yield _plain(ruling, law, "review_application", first or fell, start=at)
    if isinstance(ruling.body, Decided):
        yield _plain(ruling, law, "suit_direct", first or fell, start=at)
    if fine_in(ruling.body.sanctions):
        paid = _paid_up(ruling, history, law)
        for due, _ in parts_of(ruling, history, law)[-1:]:
            yield _known(ruling, _until(law, due, at), met=paid or fell, start=at)
    asked = next((one for one in history.of(CourtAsked) if one.body.decision == ruling.id), None)
    for urged in (one for one in history.of(Urged) if one.body.decision == ruling.id):
        yield _plain(urged, law, "demand", asked or fell)
    open_yet = runs_of(ruling, history)
    window = None if open_yet else court_window(ruling, history, law)
    latest = max((one.at for one in history), default=at)
    if window is not None and not is_performed(ruling, history, law, day_of(latest)):
        yield _known(ruling, window, met=asked or fell, start=at)


def _until(law: Law, due: date, served: datetime) -> Deadline:
    """The payment's deadline: that of the law, or the last day of the parts that were granted."""
    plain = deadline_of(law, "payment", served)
    if plain.ends == due:
        return plain
    return deadline_of(law, "payment", served, count=(due - day_of(served)).days)


def _paid_up(ruling: Ruling, history: History, law: Law) -> AnyStep | None:
    payments = [one for one in history.of(Paid) if one.body.decision == ruling.id]
    last = payments[-1] if payments else None
    return last if last is not None and not owed(ruling, history, law, day_of(last.at)).left else None


def _of_remedies(history: History, law: Law) -> Iterator[Running]:
    outcomes = {one.body.filed: one for one in history.of(OutcomeReceived)}
    for filed in history.of(ReconsiderationFiled, SuitFiled):
        answer = next((one for one in history.of(Answered) if one.body.filed == filed.id), None)
        met = answer or outcomes.get(filed.id)
        if isinstance(filed.body, SuitFiled):
            yield _plain(filed, law, "suit_answer", met)
            continue
        yield _plain(filed, law, "review_reply_simple" if filed.body.simple else "review_reply", met)
        if filed.body.through_agency:
            sent = next((one for one in history.of(ReconsiderationForwarded) if one.body.filed == filed.id), None)
            yield _plain(filed, law, "review_forwarding", sent)
        outcome = outcomes.get(filed.id)
        if outcome is not None:
            sued = _first(history.of(SuitFiled), behind=outcome, history=history)
            yield _plain(outcome, law, "suit_after_review", sued)
    for cash in (one for one in history.of(Paid) if one.body.way is PaymentWay.CASH):
        handed = next((one for one in history.of(CashHandedIn) if one.body.paid == cash.id), None)
        yield _plain(cash, law, "cash_handed_in", handed)


def _of_transfer(history: History, law: Law) -> Iterator[Running]:
    for reported in history.of(TransferReported):
        decided = _first(history.of(TransferDecided), behind=reported, history=history)
        yield _plain(reported, law, "transfer_decision", decided)
    for decided in (one for one in history.of(TransferDecided) if one.body.approved):
        handed = _first(history.of(TransferHandedOver), behind=decided, history=history)
        yield _plain(decided, law, "transfer_handover", handed)
    for handed in history.of(TransferHandedOver):
        answer = _first(history.of(TransferAnswered), behind=handed, history=history)
        yield _plain(handed, law, "transfer_police_decision", answer)
    for answer in history.of(TransferAnswered):
        if answer.body.opened and history.of(Seized):
            goods = _first(history.of(TransferGoodsHandedOver), behind=answer, history=history)
            yield _plain(answer, law, "transfer_of_goods", goods)
        elif not answer.body.opened:
            objected = _first(history.of(TransferObjected), behind=answer, history=history)
            yield _plain(answer, law, "transfer_objection", objected)
