"""Tests of what the law gives together (条例63, 64): the fine with its stop, the unit with its principal."""

from dataclasses import replace
from uuid import uuid4

import pytest

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import Closed, ClosingGround, Executed
from storage.casework.cases.bodies.deciding import DecisionOutcome
from storage.casework.cases.bodies.facts import EvidenceAdded
from storage.casework.cases.bodies.notice import InvestigationEnded
from storage.casework.cases.bodies.opening import ScopeWidened
from storage.casework.cases.steps import Sanction, SanctionKind
from tests.factories.cases import STOP, STOP_ORDER, WAN, CaseFile, at, fine

pytestmark = pytest.mark.quick

DONE = Closed(ground=ClosingGround.DONE, report="已执行完毕")


@pytest.fixture
def case() -> CaseFile:
    return CaseFile(at(2025, 9, 10))


@pytest.mark.parametrize(
    ("sanctions", "part"),
    [
        ((fine(50),), "stop"),
        ((fine(30, "fine_listed_uncorrected_unit"),), "stop"),
        ((replace(STOP_ORDER, terms=" "), fine(50)), "terms"),
        ((replace(STOP_ORDER, days=0), fine(50)), "days"),
    ],
)
def test_63_64_of_the_regulation_a_fine_is_not_given_without_its_stop(
    case: CaseFile, sanctions: tuple[Sanction, ...], part: str
) -> None:
    case.investigate()
    with pytest.raises(problems.StopLacking) as refused:
        case.notify(sanctions)
    assert refused.value.parameters["part"] == part
    case.suggest(sanctions)
    case.notify(STOP)
    case.waive(hearing=True)
    case.review(STOP)
    case.deliberate()
    found = [one.problem for one in case.all_missing(draft=case.draft(sanctions))]
    assert [one.parameters["part"] for one in found if isinstance(one, problems.StopLacking)] == [part]


@pytest.mark.parametrize("named", [False, True])
def test_64_of_the_regulation_a_unit_is_not_fined_without_its_principal(named: bool) -> None:
    case = CaseFile(at(2025, 9, 10))
    if not named:
        case.person = case.unit
    case.ready_for_stop()
    decision = case.decide(STOP)
    case.serve(decision)
    case.pay(decision, 50 * WAN)
    case.take(Executed(decision=decision.id, sanction=SanctionKind.STOPPED, how="已停产"))
    assert case.refusal(DONE) == ("PARTY_UNDECIDED" if named else "PRINCIPAL_UNDECIDED")
    if not named:  # 立案 left him out: he is added, and decided on.
        case.person = CaseFile(case.now).person
        case.take(ScopeWidened(reason="追究主要负责人", parties=(case.person,)), party=None, officers=())
    case.fine_the_principal()
    case.take(DONE)


def test_64_of_the_regulation_another_conduct_of_the_principal_does_not_answer_for_this_one() -> None:
    case = CaseFile(at(2025, 9, 10))
    other = replace(case.conduct, id=uuid4(), name="违章指挥")
    case.register(conducts=(case.conduct, other))
    case.take(EvidenceAdded(name="瓦斯监测记录", proves="超限生产", evidence=(uuid4(),)))
    case.take(InvestigationEnded(facts="事实清楚"))
    case.take(case.draft((), outcome=DecisionOutcome.NO_FAULT, pay_to="", conducts=(other.id,)),
              party=case.person.id, officers=())  # fmt: skip
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)
    case.notify(STOP)
    case.waive(hearing=True)
    case.review()
    case.deliberate()
    decision = case.decide(STOP)
    case.serve(decision)
    case.pay(decision, 50 * WAN)
    case.take(Executed(decision=decision.id, sanction=SanctionKind.STOPPED, how="已停产"))
    case.serve(case.history.decisions(case.person.id)[0])
    assert case.refusal(DONE) == "PRINCIPAL_UNDECIDED"
