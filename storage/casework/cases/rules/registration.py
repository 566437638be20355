"""What the law says of opening a case: proposal, registration, limitation, scope, recusal (处罚法36, 43, 54)."""

from collections.abc import Iterable
from datetime import date, datetime

from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import DecidedOnTheSpot
from storage.casework.cases.bodies.opening import (
    NotRegistered,
    OfficersAssigned,
    Proposed,
    RecusalAsked,
    RecusalDecided,
    Registered,
    ScopeWidened,
)
from storage.casework.cases.history import History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_act_together, must_state
from storage.casework.cases.steps import Conduct, Step
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of


def must_be_within_limitation(conducts: Iterable[Conduct], *, discovered: date, law: Law, on: date) -> None:
    """处罚法36: two years from the end of the conduct to its discovery; five with danger to life and harm."""
    for conduct in conducts:
        if conduct.ended_on is None:
            continue
        key = "limitation_of_harm" if conduct.life_or_health and conduct.harm else "limitation"
        last = deadline_of(law, key, conduct.ended_on, on=on).unmoved
        if discovered > last:
            raise unlawful(problems.LimitationOver, ended=conduct.ended_on.isoformat(), last=last.isoformat())


def must_be_new(body: Proposed | DecidedOnTheSpot | ScopeWidened, history: History) -> None:
    """处罚法54: what is added takes the place of nothing: each party and conduct has an id of its own."""
    for named, known in ((body.parties, history.parties), (body.conducts, history.conducts)):
        ids = [one.id for one in named]
        if len(set(ids)) < len(ids) or known.keys() & set(ids):
            raise problems.StepConflict()


def proposed(step: Step[Proposed], history: History, law: Law, now: datetime) -> None:
    """立案呈批: names what happened and who it is about."""
    must_state(cause=step.body.cause, parties=step.body.parties, conducts=step.body.conducts)
    must_be_new(step.body, history)


def registered(step: Step[Registered], history: History, law: Law, now: datetime) -> None:
    """处罚法54, 36, 42: once, within the limitation, with at least two officers who investigate."""
    proposal = _open_proposal(history)
    must_act_together(history.team, history, law, step.at)
    must_be_within_limitation(
        history.conducts.values(), discovered=proposal.body.discovered_on, law=law, on=day_of(step.at)
    )


def not_registered(step: Step[NotRegistered], history: History, law: Law, now: datetime) -> None:
    """处罚法54: with the reason."""
    _open_proposal(history)
    must_state(reason=step.body.reason)


def scope_widened(step: Step[ScopeWidened], history: History, law: Law, now: datetime) -> None:
    """处罚法54, 36: what is added is within the limitation too."""
    must_state(reason=step.body.reason, added=(*step.body.parties, *step.body.conducts))
    must_be_new(step.body, history)
    must_be_within_limitation(step.body.conducts, discovered=day_of(step.at), law=law, on=day_of(step.at))


def officers_assigned(step: Step[OfficersAssigned], history: History, law: Law, now: datetime) -> None:
    """处罚法42, 43."""
    must_act_together(step.officers, history, law, step.at)


def recusal_asked(step: Step[RecusalAsked], history: History, law: Law, now: datetime) -> None:
    """处罚法43: a fact."""


def recusal_decided(step: Step[RecusalDecided], history: History, law: Law, now: datetime) -> None:
    """处罚法43: once, on a request, and not by whom it is about."""
    asked = history.named(step.body.asked, RecusalAsked)
    if step.by == asked.body.officer:
        raise unlawful(problems.RecusalOfOneself)
    if any(one.body.asked == asked.id for one in history.of(RecusalDecided)):
        raise unlawful(problems.RecusalAlreadyDecided)


def _open_proposal(history: History) -> Step[Proposed]:
    proposal = history.last(Proposed)
    if proposal is None:
        raise unlawful(problems.CaseNotProposed)
    if history.registered or history.of(NotRegistered):
        raise unlawful(problems.CaseAlreadyOpen)
    return proposal
