"""What the law says of reconsideration and suit, of correcting and of revoking (复议法; 行诉法; 处罚法48, 75)."""

from datetime import datetime

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import (
    Answered,
    Corrected,
    OutcomeReceived,
    Published,
    ReconsiderationFiled,
    ReconsiderationForwarded,
    Revoked,
    SuitFiled,
    WithdrawnFromPublic,
)
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot
from storage.casework.cases.history import History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_follow, must_state
from storage.casework.cases.rules.serving import decision_in_force
from storage.casework.cases.rulings import outcome_of
from storage.casework.cases.steps import Step
from storage.record.law import Law


def filed(
    step: Step[ReconsiderationFiled | SuitFiled | Published | WithdrawnFromPublic],
    history: History,
    law: Law,
    now: datetime,
) -> None:
    """复议法20; 行诉法45, 46: whether it came in time is for the organ or court to say; it is kept."""
    history.named(step.body.decision, Decided, DecidedOnTheSpot)


def reconsideration_forwarded(step: Step[ReconsiderationForwarded], history: History, law: Law, now: datetime) -> None:
    """复议法32: an application that came to the agency."""
    application = history.named(step.body.filed, ReconsiderationFiled)
    if not application.body.through_agency:
        raise unlawful(problems.StepUnknown)
    must_follow(step, application)


def answered(step: Step[Answered], history: History, law: Law, now: datetime) -> None:
    """复议法48, 54; 行诉法67: late shows, and has its price there."""
    must_follow(step, history.named(step.body.filed, ReconsiderationFiled, SuitFiled))


def outcome_received(step: Step[OutcomeReceived], history: History, law: Law, now: datetime) -> None:
    """复议法61 ff.: how it ended, once."""
    filing = history.named(step.body.filed, ReconsiderationFiled, SuitFiled)
    if outcome_of(filing, history) is not None:
        raise unlawful(problems.OutcomeAlreadyKnown)
    must_state(fine=step.body.fine >= 0)


def corrected(step: Step[Corrected], history: History, law: Law, now: datetime) -> None:
    """A slip of the pen, never the penalty: the sums of the decision are not touched."""
    decision = decision_in_force(step, history)
    must_state(wrong=step.body.wrong, right=step.body.right)
    sums = {str(one.sum // 100) for one in decision.body.sanctions if one.sum}
    plain = step.body.wrong.replace(",", "").replace(" ", "")
    if step.body.wrong == step.body.right or any(one in plain for one in sums):
        raise unlawful(problems.CorrectionOfSubstance)


def revoked(step: Step[Revoked], history: History, law: Law, now: datetime) -> None:
    """处罚法75: the agency takes back what it should not have decided."""
    decision = history.named(step.body.decision, Decided, DecidedOnTheSpot)
    if decision.id in history.fallen:
        raise unlawful(problems.AlreadyRevoked)
    must_state(reason=step.body.reason)
