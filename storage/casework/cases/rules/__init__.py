"""The law over cases: `must_be_lawful` asks whether a step may be taken; a rule for each kind of step."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from storage.casework.cases import problems
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules import (
    closing,
    decision,
    hearing,
    payment,
    registration,
    remedies,
    review,
    serving,
    things,
    transfer,
)
from storage.casework.cases.rules.officers import must_not_be_recused, party_of
from storage.casework.cases.steps import Officer, StepKind
from storage.record.law import Law

Rule = Callable[[Any, History, Law, datetime], None]

RULES: dict[StepKind, Rule] = {
    StepKind.PROPOSED: registration.proposed,
    StepKind.REGISTERED: registration.registered,
    StepKind.NOT_REGISTERED: registration.not_registered,
    StepKind.SCOPE_WIDENED: registration.scope_widened,
    StepKind.OFFICERS_ASSIGNED: registration.officers_assigned,
    StepKind.RECUSAL_ASKED: registration.recusal_asked,
    StepKind.RECUSAL_DECIDED: registration.recusal_decided,
    StepKind.STATEMENT_TAKEN: things.fact,
    StepKind.EVIDENCE_ADDED: things.fact,
    StepKind.NOTED: things.fact,
    StepKind.RECORDED: things.recorded,
    StepKind.MADE_GOOD: things.made_good,
    StepKind.EXCLUDED: things.excluded,
    StepKind.APPROVED: things.approved,
    StepKind.REGISTER_KEPT: things.register_kept,
    StepKind.KEEPING_DECIDED: things.keeping_decided,
    StepKind.SEIZED: things.seized,
    StepKind.SEIZURE_EXTENDED: things.seizure_extended,
    StepKind.SENT_FOR_TEST: things.sent_for_test,
    StepKind.RELEASED: things.released,
    StepKind.CORRECTION_ORDERED: things.correction_ordered,
    StepKind.CORRECTION_CHECKED: things.correction_checked,
    StepKind.INVESTIGATION_ENDED: hearing.investigation_ended,
    StepKind.DISCRETION_SUGGESTED: hearing.discretion_suggested,
    StepKind.NOTICE_SERVED: hearing.notice_served,
    StepKind.HEARING_OFFERED: hearing.hearing_offered,
    StepKind.DEFENCE_RECEIVED: hearing.defence_received,
    StepKind.DEFENCE_WAIVED: hearing.defence_waived,
    StepKind.DEFENCE_EXAMINED: hearing.defence_examined,
    StepKind.HEARING_ASKED: hearing.hearing_asked,
    StepKind.HEARING_WAIVED: hearing.hearing_waived,
    StepKind.HEARING_NOTIFIED: hearing.hearing_notified,
    StepKind.HEARING_HELD: hearing.hearing_held,
    StepKind.REVIEW_SUBMITTED: review.review_submitted,
    StepKind.REVIEW_RETURNED: review.review_returned,
    StepKind.REVIEW_PASSED: review.review_passed,
    StepKind.DELIBERATED: review.deliberated,
    StepKind.DECIDED: decision.decided,
    StepKind.DECIDED_ON_THE_SPOT: decision.decided_on_the_spot,
    StepKind.SPOT_REPORTED: decision.spot_reported,
    StepKind.SERVICE_CONFIRMED: serving.service_confirmed,
    StepKind.SERVED: serving.served,
    StepKind.PAID: payment.paid,
    StepKind.CASH_HANDED_IN: payment.cash_handed_in,
    StepKind.INSTALMENTS_GRANTED: payment.instalments_granted,
    StepKind.SURCHARGE_ORDERED: payment.surcharge_ordered,
    StepKind.URGED: payment.urged,
    StepKind.COURT_ASKED: payment.court_asked,
    StepKind.COURT_RULED: payment.court_ruled,
    StepKind.EXECUTED: payment.executed,
    StepKind.RECONSIDERATION_FILED: remedies.filed,
    StepKind.RECONSIDERATION_FORWARDED: remedies.reconsideration_forwarded,
    StepKind.SUIT_FILED: remedies.filed,
    StepKind.ANSWERED: remedies.answered,
    StepKind.OUTCOME_RECEIVED: remedies.outcome_received,
    StepKind.CORRECTED: remedies.corrected,
    StepKind.REVOKED: remedies.revoked,
    StepKind.PUBLISHED: remedies.filed,
    StepKind.WITHDRAWN_FROM_PUBLIC: remedies.filed,
    StepKind.TRANSFER_STARTED: transfer.transfer_started,
    StepKind.TRANSFER_EVIDENCE_KEPT: transfer.transfer_step,
    StepKind.TRANSFER_REPORTED: transfer.transfer_reported,
    StepKind.TRANSFER_DECIDED: transfer.transfer_decided,
    StepKind.TRANSFER_DRAWN_UP: transfer.transfer_step,
    StepKind.TRANSFER_HANDED_OVER: transfer.transfer_step,
    StepKind.TRANSFER_ANSWERED: transfer.transfer_step,
    StepKind.TRANSFER_OBJECTED: transfer.transfer_objected,
    StepKind.TRANSFER_GOODS_HANDED_OVER: transfer.transfer_goods_handed_over,
    StepKind.PASSED_ON: transfer.passed_on,
    StepKind.PASSED_ON_RECEIVED: transfer.passed_on_received,
    StepKind.CIRCULAR_ISSUED: closing.told,
    StepKind.INTERVIEW_HELD: closing.told,
    StepKind.CLOSED: closing.closed,
    StepKind.ARCHIVED: closing.archived,
}

_K = StepKind
OPENS = frozenset({_K.PROPOSED, _K.DECIDED_ON_THE_SPOT})
FACTS = frozenset(
    {
        _K.RECUSAL_ASKED,
        _K.STATEMENT_TAKEN,
        _K.EVIDENCE_ADDED,
        _K.NOTED,
        _K.RECORDED,
        _K.SEIZED,
        _K.RELEASED,
        _K.KEEPING_DECIDED,
        _K.CORRECTION_CHECKED,
        _K.DEFENCE_RECEIVED,
        _K.HEARING_ASKED,
        _K.SERVICE_CONFIRMED,
        _K.PAID,
        _K.CASH_HANDED_IN,
        _K.COURT_RULED,
        _K.EXECUTED,
        _K.RECONSIDERATION_FILED,
        _K.SUIT_FILED,
        _K.OUTCOME_RECEIVED,
        _K.PUBLISHED,
        _K.WITHDRAWN_FROM_PUBLIC,
        _K.TRANSFER_ANSWERED,
        _K.PASSED_ON_RECEIVED,
    }
)
"""Steps that say what happened, or give things back: kept also when the case is not registered, or has ended."""
AFTER_THE_END = frozenset(
    {
        _K.ARCHIVED,
        _K.ANSWERED,
        _K.RECONSIDERATION_FORWARDED,
        _K.CORRECTED,
        _K.REVOKED,
        _K.MADE_GOOD,
        _K.APPROVED,
    }
)
"""Acts that a closed case can still ask for."""
BEFORE_REGISTRATION = (
    OPENS
    | FACTS
    | frozenset(
        {
            _K.REGISTERED,
            _K.NOT_REGISTERED,
            _K.OFFICERS_ASSIGNED,
            _K.RECUSAL_DECIDED,
            _K.APPROVED,
            _K.REGISTER_KEPT,
            _K.SEIZURE_EXTENDED,
            _K.SENT_FOR_TEST,
            _K.MADE_GOOD,
            _K.EXCLUDED,
            _K.CORRECTION_ORDERED,
            _K.TRANSFER_STARTED,
            _K.TRANSFER_EVIDENCE_KEPT,
            _K.TRANSFER_REPORTED,
            _K.TRANSFER_DECIDED,
            _K.TRANSFER_DRAWN_UP,
            _K.TRANSFER_HANDED_OVER,
            _K.TRANSFER_OBJECTED,
            _K.TRANSFER_GOODS_HANDED_OVER,
            _K.PASSED_ON,
            _K.CIRCULAR_ISSUED,
            _K.INTERVIEW_HELD,
            _K.ARCHIVED,
        }
    )
)
"""What does not wait for the registration."""
DONE_HERE = frozenset(
    {
        _K.REGISTERED,
        _K.NOT_REGISTERED,
        _K.SCOPE_WIDENED,
        _K.OFFICERS_ASSIGNED,
        _K.RECUSAL_DECIDED,
        _K.MADE_GOOD,
        _K.EXCLUDED,
        _K.APPROVED,
        _K.SEIZURE_EXTENDED,
        _K.INVESTIGATION_ENDED,
        _K.DISCRETION_SUGGESTED,
        _K.REVIEW_SUBMITTED,
        _K.REVIEW_RETURNED,
        _K.REVIEW_PASSED,
        _K.DELIBERATED,
        _K.DECIDED,
        _K.INSTALMENTS_GRANTED,
        _K.SURCHARGE_ORDERED,
        _K.COURT_ASKED,
        _K.CORRECTED,
        _K.REVOKED,
        _K.TRANSFER_DECIDED,
        _K.CLOSED,
        _K.ARCHIVED,
    }
)
"""Acts that are done by entering them: their time is now, and cannot be dated back."""


def must_be_lawful(step: AnyStep, history: History, law: Law, now: datetime) -> None:
    """Raises the Problem, named after the fact, that keeps this step from being taken now; pure."""
    _must_be_timely(step, now)
    _must_stand_in_its_place(step, history)
    if step.kind not in OPENS and step.party is not None:
        party_of(step, history)
    if step.kind not in FACTS:
        hand = Officer(account=step.by, certificate=None)
        must_not_be_recused((hand,), history, now)  # Whoever enters it acts now, whenever it is said to have been.
        must_not_be_recused(step.officers, history, step.at)
    RULES[step.kind](step, history, law, now)


def _must_be_timely(step: AnyStep, now: datetime) -> None:
    if step.at > now:
        raise unlawful(problems.StepInFuture)
    if step.kind in DONE_HERE and step.at != now:
        raise unlawful(problems.StepBackdated)


def _must_stand_in_its_place(step: AnyStep, history: History) -> None:
    """处罚法54: a case begins by a proposal or a decision on the spot; after its end only what the end asks for."""
    if (step.kind in OPENS) is bool(history.steps):
        raise unlawful(problems.CaseAlreadyOpen if history.steps else problems.CaseNotProposed)
    if history.ended is not None and step.kind not in FACTS | AFTER_THE_END:
        raise unlawful(problems.CaseEnded)
    if step.kind not in BEFORE_REGISTRATION and history.registered is None and not history.simple:
        raise unlawful(problems.CaseNotRegistered)
