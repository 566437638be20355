"""What a decision still asks for: its fine, payments and surcharge, the time for remedies and for the court; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.casework.cases.bodies.after import (
    Executed,
    InstalmentsGranted,
    OutcomeReceived,
    Paid,
    ReconsiderationFiled,
    Result,
    SuitFiled,
    SurchargeOrdered,
)
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, Served
from storage.casework.cases.bodies.notice import DefenceReceived, HearingAsked, NoticeServed
from storage.casework.cases.history import FELL, AnyStep, History
from storage.casework.cases.sanctions import FINES, NEEDS_NOTHING_DONE, fine_in
from storage.casework.cases.steps import SanctionKind, Step
from storage.record.clock import day_of
from storage.record.law import Deadline, Law, deadline_of
from storage.record.law.money import Stay, surcharge

Ruling = Step[Decided | DecidedOnTheSpot]


@dataclass(frozen=True, slots=True)
class Owed:
    """What one decision's fine has come to on a day: all in fen; `due` is the last day of its last part."""

    fine: int
    paid: int
    surcharge: int
    due: date

    @property
    def left(self) -> int:
        """What of the fine is not paid."""
        return max(0, self.fine - self.paid)


def served_at(ruling: Ruling, history: History) -> datetime | None:
    """When it reached the party; one made on the spot was handed over there."""
    if isinstance(ruling.body, DecidedOnTheSpot):
        return ruling.at
    return next((one.at for one in history.of(Served) if one.body.decision == ruling.id), None)


def filings_of(ruling: Ruling, history: History) -> tuple[Step[ReconsiderationFiled | SuitFiled], ...]:
    """Reconsiderations and suits against it."""
    return tuple(one for one in history.of(ReconsiderationFiled, SuitFiled) if one.body.decision == ruling.id)


def outcome_of(filing: AnyStep, history: History) -> Step[OutcomeReceived] | None:
    """How it ended."""
    return next((one for one in history.of(OutcomeReceived) if one.body.filed == filing.id), None)


def runs_of(ruling: Ruling, history: History) -> tuple[AnyStep, ...]:
    """Reconsiderations and suits against it that have not ended."""
    return tuple(one for one in filings_of(ruling, history) if outcome_of(one, history) is None)


def standing_fine(ruling: Ruling, history: History) -> int:
    """The fine as decided, or as a reconsideration or suit changed it."""
    fine = fine_in(ruling.body.sanctions)
    for filing in filings_of(ruling, history):
        outcome = outcome_of(filing, history)
        if outcome is not None and outcome.body.result is Result.CHANGED:
            fine = outcome.body.fine
    return fine


def parts_of(ruling: Ruling, history: History, law: Law) -> tuple[tuple[date, int], ...]:
    """The days and sums in which the fine is due: as granted, else all within fifteen days of service (处罚法67)."""
    granted = [one for one in history.of(InstalmentsGranted) if one.body.decision == ruling.id]
    fine, served = standing_fine(ruling, history), served_at(ruling, history)
    if granted:
        already = fine - sum(part.sum for part in granted[-1].body.parts)
        first = ((day_of(granted[-1].at), already),) if already > 0 else ()
        return first + tuple((part.due_on, part.sum) for part in granted[-1].body.parts)
    return ((deadline_of(law, "payment", served).ends, fine),) if served and fine else ()


def owed(ruling: Ruling, history: History, law: Law, on: date) -> Owed:
    """Fine, payments and surcharge on a day (处罚法72, 73; 强制法45): none grows while a remedy runs."""
    payments = [one for one in history.of(Paid) if one.body.decision == ruling.id and day_of(one.at) <= on]
    parts, stays = parts_of(ruling, history, law), _stays(ruling, history)
    fine, grown, up_to = standing_fine(ruling, history), 0, 0
    for due, part in parts:
        up_to += part
        paid_on = _paid_on(payments, up_to)
        if part > 0:
            grown += surcharge(law, fine=part, due=due, until=max(due, min(on, paid_on or on)), stays=stays).sum
    return Owed(
        fine, sum(one.body.sum for one in payments), min(grown, fine), max((due for due, _ in parts), default=on)
    )


def end_of_remedies(ruling: Ruling, history: History, law: Law) -> Deadline | None:
    """The end of the time in which the party can still go against it; None until it is served.

    After a reconsideration 15 days (行诉法45); else the later of 60 days and 6 months (复议法20, 行诉法46). What was
    decided on the spot goes to reconsideration first (复议法23).
    """
    served = served_at(ruling, history)
    if served is None:
        return None
    ended = [outcome for one in filings_of(ruling, history) if (outcome := outcome_of(one, history)) is not None]
    if ended:
        return deadline_of(law, "suit_after_review", ended[-1].at)
    review = deadline_of(law, "review_application", served)
    if isinstance(ruling.body, DecidedOnTheSpot):
        return review
    return max(review, deadline_of(law, "suit_direct", served), key=lambda one: one.ends)


def court_window(ruling: Ruling, history: History, law: Law) -> Deadline | None:
    """Three months from the end of the remedies, or of a fine that was put off (强制法53, 处罚法72)."""
    ended = end_of_remedies(ruling, history, law)
    if ended is None:
        return None
    granted = [one.body for one in history.of(InstalmentsGranted) if one.body.decision == ruling.id]
    last = max((part.due_on for one in granted for part in one.parts), default=ended.ends)
    return deadline_of(law, "court_application", max(last, ended.ends))


def is_performed(ruling: Ruling, history: History, law: Law, on: date) -> bool:
    """Whether nothing of it is left to do: served, fine and ordered surcharge paid, the other penalties carried out."""
    if served_at(ruling, history) is None:
        return False
    ordered = sum(one.body.sum for one in history.of(SurchargeOrdered) if one.body.decision == ruling.id)
    money = owed(ruling, history, law, on)
    return money.paid >= money.fine + ordered and not left_to_execute(ruling, history)


def left_to_execute(ruling: Ruling, history: History) -> frozenset[SanctionKind]:
    """Penalties other than fines and warnings that were not carried out."""
    done = {one.body.sanction for one in history.of(Executed) if one.body.decision == ruling.id}
    asked = {one.kind for one in ruling.body.sanctions} - set(FINES) - set(NEEDS_NOTHING_DONE)
    return frozenset(asked - done)


def ignored(ruling: Ruling, history: History, law: Law) -> tuple[AnyStep, ...]:
    """Defences and requests for a hearing that came in time and were kept only after it was decided.

    The record takes them, and with them the decision cannot be carried out: it passed over a right of the party.
    What two officers set aside, since it did not come then, is not among them.
    """
    place = history.place(ruling)
    late = (one for one in history.steps[place:] if isinstance(one.body, DefenceReceived | HearingAsked))
    return tuple(
        one for one in late
        if one.party == ruling.party and one.at < ruling.at and one.id not in history.excluded
        and not _is_late_defence(one, history, law)
    )  # fmt: skip


def _is_late_defence(step: AnyStep, history: History, law: Law) -> bool:
    told = [one for one in history.of(NoticeServed, party=step.party) if one.at <= step.at]
    if isinstance(step.body, HearingAsked):
        return False  # A late one is never kept as such.
    return not told or deadline_of(law, "defence", told[-1].at).is_over(step.at)


def _paid_on(payments: Sequence[Step[Paid]], enough: int) -> date | None:
    paid = 0
    for one in sorted(payments, key=lambda one: one.at):
        paid += one.body.sum
        if paid >= enough:
            return day_of(one.at)
    return None


def _stays(ruling: Ruling, history: History) -> tuple[Stay, ...]:
    found = []
    for filing in filings_of(ruling, history):
        outcome = outcome_of(filing, history)
        if outcome is None or outcome.body.result not in FELL:
            found.append(Stay(filing.body.filed_on, outcome.body.decided_on if outcome else None))
    return tuple(found)
