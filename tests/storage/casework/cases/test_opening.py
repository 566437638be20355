"""Tests of opening a case: proposal, registration, limitation, officers, recusal; each named after its article."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from storage.casework.cases import problems
from storage.casework.cases.bodies.facts import CorrectionOrdered, EvidenceAdded, Noted
from storage.casework.cases.bodies.notice import InvestigationEnded
from storage.casework.cases.bodies.opening import (
    NotRegistered,
    OfficersAssigned,
    Proposed,
    RecusalAsked,
    RecusalDecided,
    Registered,
    ScopeWidened,
)
from storage.casework.cases.steps import Officer
from tests.factories.cases import CaseFile, at

pytestmark = pytest.mark.quick


@pytest.fixture
def case() -> CaseFile:
    return CaseFile(at(2025, 9, 10))


def test_54_nothing_but_facts_is_done_before_the_case_is_registered(case: CaseFile) -> None:
    assert case.refusal(Registered()) == "CASE_NOT_PROPOSED"
    case.propose()
    assert case.refusal(InvestigationEnded(facts="事实")) == "CASE_NOT_REGISTERED"
    assert case.refusal(case.notice()) == "CASE_NOT_REGISTERED"
    case.take(EvidenceAdded(name="照片", proves="事实", evidence=(uuid4(),)))
    case.take(Registered())
    assert case.refusal(Registered()) == "CASE_ALREADY_OPEN"
    assert case.refusal(NotRegistered(reason="轻微")) == "CASE_ALREADY_OPEN"


def test_54_a_proposal_says_what_happened_and_who_did_it(case: CaseFile) -> None:
    bare = Proposed(cause=" ", discovered_on=date(2025, 9, 1), parties=(case.unit,), conducts=(case.conduct,))
    assert case.refusal(bare) == "NOT_STATED"
    assert case.refusal(replace(bare, cause="案由", parties=())) == "NOT_STATED"
    assert case.refusal(replace(bare, cause="案由", conducts=())) == "NOT_STATED"


def test_54_a_case_that_is_not_registered_keeps_facts_and_takes_no_act(case: CaseFile) -> None:
    case.propose()
    assert case.refusal(NotRegistered(reason="")) == "NOT_STATED"
    case.take(NotRegistered(reason="没有违法事实"))
    assert case.refusal(InvestigationEnded(facts="事实")) == "CASE_ENDED"
    case.take(Noted(words="当事人来信"))


def test_36_a_conduct_that_ended_two_years_before_it_was_found_is_not_registered(case: CaseFile) -> None:
    case.on(2024, 3, 5)
    old = replace(case.conduct, began_on=date(2022, 1, 1), ended_on=date(2022, 3, 1))
    case.conduct = old
    case.propose(discovered_on=date(2024, 3, 2))
    assert case.refusal(Registered()) == "LIMITATION_OVER"


def test_36_the_last_day_of_the_limitation_still_counts(case: CaseFile) -> None:
    case.on(2024, 3, 5)
    case.conduct = replace(case.conduct, ended_on=date(2022, 3, 2))
    case.propose(discovered_on=date(2024, 3, 2))
    assert case.refusal(Registered()) == ""


@pytest.mark.parametrize(("danger", "harm", "refused"), [(True, True, ""), (True, False, "X"), (False, True, "X")])
def test_36_danger_to_life_with_harm_is_pursued_for_five_years(
    case: CaseFile, danger: bool, harm: bool, refused: str
) -> None:
    case.on(2027, 3, 3)
    case.conduct = replace(case.conduct, ended_on=date(2022, 3, 1), life_or_health=danger, harm=harm)
    case.propose(discovered_on=date(2027, 3, 1))
    assert case.refusal(Registered()) == ("LIMITATION_OVER" if refused else "")


def test_36_a_conduct_that_goes_on_is_not_barred(case: CaseFile) -> None:
    case.conduct = replace(case.conduct, began_on=date(2020, 1, 1), ended_on=None)
    case.propose()
    assert case.refusal(Registered()) == ""


def test_42_one_officer_registers_no_case(case: CaseFile) -> None:
    case.officers = case.officers[:1]
    case.propose()
    assert case.refusal(Registered()) == "OFFICERS_TOO_FEW"
    case.take(
        OfficersAssigned(reason="补充人员"), officers=(*case.officers, Officer(account=uuid4(), certificate=uuid4()))
    )
    case.take(Registered())


def test_42_the_same_officer_twice_is_one(case: CaseFile) -> None:
    case.officers = (case.officers[0], case.officers[0])
    case.propose()
    assert case.refusal(Registered()) == "OFFICERS_TOO_FEW"


def test_42_an_expired_certificate_registers_no_case(case: CaseFile) -> None:
    case.officers = (case.officers[0], replace(case.officers[1], certificate=None))
    case.propose()
    assert case.refusal(Registered()) == "OFFICER_NOT_CERTIFIED"


def test_43_a_recused_officer_does_nothing_more_and_the_case_needs_another(case: CaseFile) -> None:
    case.register()
    case.take(EvidenceAdded(name="照片", proves="事实", evidence=(uuid4(),)))
    asked = case.take(RecusalAsked(officer=case.officers[1].account, reason="近亲属"))
    case.take(InvestigationEnded(facts="回避决定前不停止调查"))  # 处罚法43(3)
    case.on(2025, 9, 11).take(RecusalDecided(asked=asked.id, granted=True, reason="属实"))
    assert case.refusal(RecusalDecided(asked=asked.id, granted=False, reason="再议")) == "RECUSAL_ALREADY_DECIDED"
    assert case.refusal(InvestigationEnded(facts="事实")) == "OFFICER_RECUSED"
    assert "OFFICERS_TOO_FEW" in case.missing()
    assert case.refusal(OfficersAssigned(reason="换人")) == "OFFICER_RECUSED"
    case.officers = (case.officers[0], Officer(account=uuid4(), certificate=uuid4()))
    case.take(OfficersAssigned(reason="换人"))
    assert "OFFICERS_TOO_FEW" not in case.missing()


def test_43_a_refused_recusal_changes_nothing(case: CaseFile) -> None:
    case.register()
    asked = case.take(RecusalAsked(officer=case.officers[1].account, reason="无理由"))
    case.take(RecusalDecided(asked=asked.id, granted=False, reason="不属实"))
    assert case.refusal(InvestigationEnded(facts="事实")) == ""


def test_54_scope_grows_only_by_what_is_within_the_limitation(case: CaseFile) -> None:
    case.register()
    assert case.refusal(ScopeWidened(reason="查明")) == "NOT_STATED"
    old = replace(case.conduct, id=uuid4(), ended_on=date(2023, 9, 9))
    assert case.refusal(ScopeWidened(reason="查明", conducts=(old,))) == "LIMITATION_OVER"
    case.take(ScopeWidened(reason="查明", conducts=(replace(old, ended_on=date(2023, 9, 10)),)))
    assert len(case.history.conducts) == 2


def test_47_no_step_lies_in_the_future_and_what_is_done_here_is_done_now(case: CaseFile) -> None:
    case.propose()
    assert case.refusal(Registered(), at=at(2025, 9, 11)) == "STEP_IN_FUTURE"
    assert case.refusal(Registered(), at=at(2025, 9, 9)) == "STEP_BACKDATED"
    case.take(Noted(words="昨日所见"), at=at(2025, 9, 9))


def test_44_a_step_about_a_party_names_one_of_the_case(case: CaseFile) -> None:
    case.investigate()
    assert case.refusal(case.notice(), party=uuid4()) == "PARTY_NOT_OF_CASE"
    assert case.refusal(case.notice(), party=None) == "PARTY_NOT_OF_CASE"
    assert case.refusal(case.notice(conducts=(uuid4(),))) == "CONDUCT_NOT_OF_CASE"


def test_43_nobody_decides_on_his_own_recusal(case: CaseFile) -> None:
    case.register()
    asked = case.take(RecusalAsked(officer=case.head, reason="近亲属"))
    own = RecusalDecided(asked=asked.id, granted=False, reason="无利害关系")
    assert case.refusal(own) == "RECUSAL_OF_ONESELF"
    case.take(own, by=uuid4())


def test_43_who_was_recused_stays_so_since_the_first_time_whatever_is_asked_again(case: CaseFile) -> None:
    case.register()
    officer = case.officers[1].account
    first, again = (case.take(RecusalAsked(officer=officer, reason="近亲属")) for _ in range(2))
    case.on(2025, 9, 11).take(RecusalDecided(asked=first.id, granted=True, reason="属实"))
    case.on(2025, 9, 20).take(RecusalDecided(asked=again.id, granted=True, reason="属实"))
    between = CorrectionOrdered(what="整改", due_on=date(2025, 10, 1))
    assert case.refusal(between, at=at(2025, 9, 19, 18)) == "OFFICER_RECUSED"
    before = replace(case.history, recused_before={officer: at(2025, 9, 30)})
    assert before.recused[officer] == at(2025, 9, 11)


def test_54_what_is_added_takes_the_place_of_nothing(case: CaseFile) -> None:
    case.register()
    other = replace(case.conduct, name="别的行为", finding=uuid4())
    for added in ({"conducts": (other,)}, {"parties": (case.unit,)}):
        with pytest.raises(problems.StepConflict):
            case.take(ScopeWidened(reason="查明", **added))
    new = replace(other, id=uuid4())
    with pytest.raises(problems.StepConflict):
        case.take(ScopeWidened(reason="查明", conducts=(new, new)))
    assert case.history.conducts[case.conduct.id] == case.conduct


def test_43_whoever_was_recused_enters_no_act_of_law_as_done_before(case: CaseFile) -> None:
    case.register()
    asked = case.take(RecusalAsked(officer=case.officers[0].account, reason="近亲属"))
    case.on(2025, 9, 20).take(RecusalDecided(asked=asked.id, granted=True, reason="属实"))
    ordered, before = CorrectionOrdered(what="整改", due_on=date(2025, 10, 1)), at(2025, 9, 20, 9)
    case.on(2025, 9, 20, 18)
    assert case.refusal(ordered, at=before) == "OFFICER_RECUSED"
    case.confirms = False
    case.take(ordered, at=before, by=case.officers[1].account)  # What both did before the decision stands.
    case.take(Noted(words="当日所见"), at=before)
