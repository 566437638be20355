"""What the law says of paying, putting off, surcharges, demands and the court (处罚法66–73; 强制法45, 53, 54)."""

from datetime import datetime

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import (
    CashGround,
    CashHandedIn,
    CourtAsked,
    CourtRuled,
    Executed,
    InstalmentsGranted,
    Paid,
    PaymentWay,
    SurchargeOrdered,
    Urged,
)
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot
from storage.casework.cases.history import History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_follow, must_state
from storage.casework.cases.rules.serving import (
    decision_in_force,
    must_be_served_lawfully,
    must_not_have_ignored,
)
from storage.casework.cases.rulings import (
    Ruling,
    court_window,
    end_of_remedies,
    is_performed,
    left_to_execute,
    owed,
    parts_of,
    runs_of,
    served_at,
)
from storage.casework.cases.steps import Step
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of


def paid(step: Step[Paid], history: History, law: Law, now: datetime) -> None:
    """处罚法67–69: what the bank received is a fact; officers take cash only where the law lets them."""
    decision = history.named(step.body.decision, Decided, DecidedOnTheSpot)
    must_state(sum=step.body.sum > 0)  # Less than nothing would take back what the party paid.
    if step.body.way is PaymentWay.BANK:
        return
    small = step.body.sum <= law.number("cash_on_the_spot", day_of(step.at))
    on_the_spot = isinstance(decision.body, DecidedOnTheSpot)
    allowed = {
        CashGround.SMALL: on_the_spot and small,
        CashGround.HARD_LATER: on_the_spot,
        CashGround.REMOTE_AND_ASKED: True,
    }
    if step.body.cash_ground is None or not allowed[step.body.cash_ground]:
        raise unlawful(problems.CashNotAllowed)


def cash_handed_in(step: Step[CashHandedIn], history: History, law: Law, now: datetime) -> None:
    """处罚法71: a fact; late shows."""
    must_follow(step, history.named(step.body.paid, Paid))


def instalments_granted(step: Step[InstalmentsGranted], history: History, law: Law, now: datetime) -> None:
    """处罚法66: for hardship, on application: the parts make up what is left, each on a day to come."""
    decision = _served(step, history)
    must_state(reason=step.body.reason, parts=step.body.parts)
    left, days = owed(decision, history, law, day_of(step.at)).left, [part.due_on for part in step.body.parts]
    if not left:
        raise unlawful(problems.NoFineOwed)
    if (
        sum(part.sum for part in step.body.parts) != left
        or any(part.sum <= 0 for part in step.body.parts)
        or days != sorted(set(days))
        or days[0] < day_of(step.at)
    ):
        raise unlawful(problems.InstalmentsUneven)


def surcharge_ordered(step: Step[SurchargeOrdered], history: History, law: Law, now: datetime) -> None:
    """处罚法72, 73; 强制法45: no more than has grown, and never more than the fine."""
    decision = _served(step, history)
    before = sum(one.body.sum for one in history.of(SurchargeOrdered) if one.body.decision == decision.id)
    most = owed(decision, history, law, day_of(step.at)).surcharge - before
    if not 0 < step.body.sum <= most:
        raise unlawful(problems.SurchargeTooMuch, most=max(0, most))


def urged(step: Step[Urged], history: History, law: Law, now: datetime) -> None:
    """强制法54: in writing, of what is not done after its time."""
    decision = _served(step, history)
    must_not_have_ignored(decision, history, law)
    if is_performed(decision, history, law, day_of(step.at)):
        raise unlawful(problems.NoFineOwed)
    due = [day for day, _ in parts_of(decision, history, law)]
    if due and day_of(step.at) <= due[0] and not left_to_execute(decision, history):
        raise unlawful(problems.PaymentTimeRuns, last=due[0].isoformat())
    must_be_served_lawfully(step, step.body.delivery, history, law)


def court_asked(step: Step[CourtAsked], history: History, law: Law, now: datetime) -> None:
    """强制法53, 54: after the remedies and ten working days of the demand, within three months."""
    decision = _served(step, history)
    must_not_have_ignored(decision, history, law)
    if is_performed(decision, history, law, day_of(step.at)):
        raise unlawful(problems.NoFineOwed)
    if any(one.body.decision == decision.id for one in history.of(CourtAsked)):
        raise unlawful(problems.CourtAskedTwice)
    remedies = end_of_remedies(decision, history, law)
    if runs_of(decision, history) or remedies is None or not remedies.is_over(step.at):
        raise unlawful(problems.RemediesRun)
    demands = [one for one in history.of(Urged) if one.body.decision == decision.id]
    if not demands:
        raise unlawful(problems.NotUrged)
    window = court_window(decision, history, law)
    if window is not None and window.is_over(step.at):
        raise unlawful(problems.CourtAskedTooLate, last=window.ends.isoformat())
    demand = deadline_of(law, "demand", demands[0].at)
    if not demand.is_over(step.at):
        raise unlawful(problems.DemandRuns, last=demand.ends.isoformat())


def court_ruled(step: Step[CourtRuled], history: History, law: Law, now: datetime) -> None:
    """强制法56–58: a fact."""
    history.named(step.body.asked, CourtAsked)


def executed(step: Step[Executed], history: History, law: Law, now: datetime) -> None:
    """处罚法66: a fact."""
    history.named(step.body.decision, Decided, DecidedOnTheSpot)


def _served(step: Step[InstalmentsGranted | SurchargeOrdered | Urged | CourtAsked], history: History) -> Ruling:
    decision = decision_in_force(step, history)
    served = served_at(decision, history)
    if served is None:
        raise unlawful(problems.NotServed)
    if step.at < served:
        raise unlawful(problems.StepBackdated)
    return decision
