"""What the law says of service: each lawful way with its proof (处罚法61; 民诉法87–95)."""

from datetime import datetime

from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, Served, ServiceConfirmed
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.paperwork import must_be_served_on_paper
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_follow
from storage.casework.cases.rulings import ignored, served_at
from storage.casework.cases.steps import Delivery, ServiceWay, Step
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of


def must_be_served_lawfully(step: AnyStep, delivery: Delivery, history: History, law: Law) -> None:
    """The way is one of the law, with what proves it; `at` is not before the paper counts as served."""
    if not delivery.proof.strip():
        raise unlawful(problems.ServiceUnproven, part="proof")
    match delivery.way:
        case ServiceWay.DIRECT | ServiceWay.ENTRUSTED if not delivery.receiver.strip():
            raise unlawful(problems.ServiceUnproven, part="receiver")
        case ServiceWay.LEFT if not (delivery.witness.strip() or delivery.filmed):
            raise unlawful(problems.ServiceUnproven, part="witness")
        case ServiceWay.ELECTRONIC:
            _must_have_consented(step, history)
        case ServiceWay.PUBLIC_NOTICE:
            _must_have_been_published(step, delivery, law)


def service_confirmed(step: Step[ServiceConfirmed], history: History, law: Law, now: datetime) -> None:
    """处罚法61: what the party put on paper is a fact; only a signed one is consent."""


def served(step: Step[Served], history: History, law: Law, now: datetime) -> None:
    """处罚法59, 61: a decision in force, on paper, once; one that passed over a right is revoked instead."""
    decision = decision_in_force(step, history)
    must_follow(step, decision)
    if served_at(decision, history) is not None:
        raise unlawful(problems.AlreadyServed)
    must_not_have_ignored(decision, history, law)
    must_be_served_on_paper(step, history)
    must_be_served_lawfully(step, step.body.delivery, history, law)


def decision_in_force(step: AnyStep, history: History) -> Step[Decided | DecidedOnTheSpot]:
    """The decision that the step names: of its party, and not fallen."""
    decision = history.named(step.body.decision, Decided, DecidedOnTheSpot)
    if step.party is not None and decision.party != step.party:
        raise unlawful(problems.PartyNotOfCase)
    if decision.id in history.fallen:
        raise unlawful(problems.DecisionNotInForce)
    return decision


def must_not_have_ignored(decision: Step[Decided | DecidedOnTheSpot], history: History, law: Law) -> None:
    """处罚法45, 63: nothing is done by a decision that passed over a defence or a request for a hearing."""
    if ignored(decision, history, law):
        raise unlawful(problems.RightsIgnored)


def _must_have_consented(step: AnyStep, history: History) -> None:
    consents = [one for one in history.of(ServiceConfirmed, party=step.party) if one.at <= step.at]
    if not consents or not (consents[-1].body.electronic and consents[-1].body.signed):
        raise unlawful(problems.ElectronicServiceWithoutConsent)


def _must_have_been_published(step: AnyStep, delivery: Delivery, law: Law) -> None:
    if delivery.published_on is None or not delivery.reason.strip():
        raise unlawful(problems.ServiceUnproven, part="published_on, reason")
    last = deadline_of(law, "public_notice", delivery.published_on).ends
    if day_of(step.at) < last:
        raise unlawful(problems.ServedBeforeNoticeEnds, last=last.isoformat())
