"""Tests of steps that the law wants of two officers: whom they name, who stands for them; each named by its article."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.after import Closed, ClosingGround, Urged
from storage.casework.cases.bodies.deciding import Served
from storage.casework.cases.bodies.facts import DefectKind, MadeGood, StatementTaken
from storage.casework.cases.bodies.notice import (
    DefenceWaived,
    HearingAsked,
    HearingHeld,
    HearingNotified,
    HearingOffered,
)
from storage.casework.cases.bodies.opening import OfficersAssigned, RecusalAsked, RecusalDecided
from storage.casework.cases.clocks import deadlines_of
from storage.casework.cases.defects import Defect, all_defects, open_defects
from storage.casework.cases.history import AnyStep
from storage.casework.cases.steps import Officer, ServiceWay, StepKind
from storage.record.law import BUILT_IN
from tests.factories.cases import BY_HAND, STOP, WAN, CaseFile, at, confirming, delivered

pytestmark = pytest.mark.quick

ARTICLE = "行政处罚法第四十二条、第五十五条"


@pytest.fixture
def case() -> CaseFile:
    """Investigated, with a fine that was weighed; nobody confirms unless told to."""
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)
    case.confirms = False
    return case


def only(case: CaseFile) -> Defect:
    """The one thing that is wrong."""
    (found,) = open_defects(case.history, case.law)
    return found


def confirm(case: CaseFile, step: AnyStep, *officers: Officer) -> None:
    for one in officers:
        case.take(confirming(step.id), by=one.account, officers=(one,))


def _hear(case: CaseFile) -> tuple[AnyStep, AnyStep]:
    """A hearing for which nobody is named: its notice and what was held."""
    case.confirms = True
    case.notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    case.take(HearingAsked())
    case.confirms = False
    told = case.take(HearingNotified(hearing_at=at(2025, 9, 26), place="一楼", chair=case.chair, delivery=BY_HAND),
                     officers=())  # fmt: skip
    confirm(case, told, *case.officers)
    case.on(2025, 9, 26)
    return told, case.take(HearingHeld(notified=told.id, came=True, agents=1), by=case.chair, officers=())


def _offer(case: CaseFile) -> AnyStep:
    confirm(case, case.notify(STOP), case.officers[1])
    return case.take(HearingOffered(delivery=BY_HAND), officers=())


NAMING_NOBODY: dict[str, Callable[[CaseFile], AnyStep]] = {
    "notice": lambda case: case.notify(STOP, officers=()),
    "hearing offer": _offer,
    "hearing": lambda case: _hear(case)[1],
}


@pytest.mark.parametrize("what", NAMING_NOBODY)
def test_42_a_step_of_two_that_names_nobody_is_kept_and_no_decision_rests_on_it(case: CaseFile, what: str) -> None:
    step = NAMING_NOBODY[what](case)
    found = only(case)
    assert (found.step, found.kind, found.article) == (step.id, DefectKind.NOT_CONFIRMED, ARTICLE)
    assert (found.since, found.due) == (step.at, step.at + timedelta(hours=24))
    assert set(found.who) == {one.account for one in case.officers}, "whoever is of the team may stand for it"
    (told,) = (one for one in case.all_missing() if one.code == "RESTS_ON_DEFECT")
    assert (told.step, told.due) == (step.id, found.due)
    assert ARTICLE in told.article
    assert ARTICLE in str(told.problem.parameters["article"])
    (clock,) = (one for one in deadlines_of(case.history, case.law)
                if (one.key, one.subject, one.met_at) == ("defect_made_good", step.id, None))  # fmt: skip
    assert clock.deadline is not None
    assert clock.deadline.over_at() == found.due
    confirm(case, step, case.officers[0])
    assert only(case).who == (case.officers[1].account,), "one is not two"
    assert "RESTS_ON_DEFECT" in case.missing()
    confirm(case, step, case.officers[1])
    assert open_defects(case.history, case.law) == ()
    assert "RESTS_ON_DEFECT" not in case.missing()


def test_42_a_step_of_two_that_names_only_whoever_entered_it_waits_for_the_second(case: CaseFile) -> None:
    lead, second = case.officers
    step = case.notify(STOP, officers=(lead,))
    assert only(case).who == (second.account,)
    assert case.refusal(confirming(step.id), by=lead.account, party=None, officers=(lead,)) == "CONFIRMED_BY_ANOTHER"
    confirm(case, step, second)
    assert open_defects(case.history, case.law) == ()


def test_42_a_step_of_two_that_names_one_twice_names_one(case: CaseFile) -> None:
    lead, second = case.officers
    step = case.notify(STOP, officers=(lead, lead))
    assert only(case).kind is DefectKind.NOT_CONFIRMED
    confirm(case, step, second)
    assert open_defects(case.history, case.law) == ()


def test_42_what_one_did_alone_is_done_anew_by_two(case: CaseFile) -> None:
    alone = case.notify(STOP, officers=case.officers[:1])
    anew = case.on(2025, 9, 12).notify(STOP)
    assert {one.step for one in open_defects(case.history, case.law)} == {alone.id, anew.id}
    confirm(case.on(2025, 9, 13), anew, case.officers[1])
    assert open_defects(case.history, case.law) == ()
    good = {one.step: one.made_good_at for one in all_defects(case.history, case.law)}
    assert good[alone.id] == good[anew.id] == at(2025, 9, 13)


def test_42_a_notice_to_another_party_makes_good_none_of_this_one(case: CaseFile) -> None:
    alone = case.notify(STOP, officers=case.officers[:1])
    confirm(case, case.notify(STOP, case.person), case.officers[1])
    assert only(case).step == alone.id


def test_42_a_notice_by_post_after_one_by_one_officer_takes_its_place(case: CaseFile) -> None:
    alone = case.notify(STOP, officers=case.officers[:1])
    posted = replace(case.notice(STOP), delivery=delivered(ServiceWay.POST))
    case.on(2025, 9, 12).take(posted, officers=())
    assert open_defects(case.history, case.law) == ()
    assert {one.step: one.made_good_at for one in all_defects(case.history, case.law)}[alone.id] == case.now


def test_61_what_the_post_delivers_is_no_act_of_two_officers(case: CaseFile) -> None:
    case.take(replace(case.notice(STOP), delivery=delivered(ServiceWay.POST)), officers=())
    assert open_defects(case.history, case.law) == ()


def test_42_61_a_service_by_one_holds_up_the_end_of_the_case_until_two_stand_for_it() -> None:
    case = CaseFile(at(2025, 9, 10))
    decision = case.small()
    case.confirms = False
    served = case.take(Served(decision=decision.id, delivery=BY_HAND), officers=())
    case.pay(decision, WAN)
    closing = Closed(ground=ClosingGround.DONE, report="已履行")
    assert case.refusal(closing) == "RESTS_ON_DEFECT"
    confirm(case, served, *case.officers)
    assert case.refusal(closing) == "PARTY_UNDECIDED", "the other party is next"


def test_54_of_the_law_of_compulsion_a_demand_in_hand_is_of_two() -> None:
    case = CaseFile(at(2025, 9, 10))
    decision = case.small()
    case.serve(decision)
    case.confirms = False
    urged = case.on(2025, 10, 20).take(Urged(decision=decision.id, delivery=BY_HAND), officers=())
    assert only(case).step == urged.id


def test_42_a_fact_that_too_few_kept_is_looked_at_again_by_two_who_each_stand_for_it(case: CaseFile) -> None:
    taken = case.take(StatementTaken(of="矿长", signed=True), officers=())
    assert only(case).kind is DefectKind.TOO_FEW_OFFICERS
    again = case.take(MadeGood(step=taken.id, defect=DefectKind.TOO_FEW_OFFICERS, how="两人重新询问"))
    assert only(case).step == again.id, "named by one alone, the second is only named"
    confirm(case, again, case.officers[1])
    assert open_defects(case.history, case.law) == ()


def test_42_55_nobody_who_had_no_certificate_on_the_day_of_a_step_or_has_none_today_confirms_it(case: CaseFile) -> None:
    lead, second = case.officers
    lapsed = replace(second, certificate=None)
    step = case.notify(STOP, officers=(lead, lapsed))
    asks = confirming(step.id)
    assert case.refusal(asks, by=second.account, officers=(second,)) == "OFFICER_NOT_CERTIFIED", "on that day"
    case.history = replace(case.history, steps=case.history.steps[:-1])
    step = case.notify(STOP, officers=(lead, second))
    asks = confirming(step.id)
    for named in ((lapsed,), (), (lead,)):
        assert case.refusal(asks, by=second.account, officers=named) == "OFFICER_NOT_CERTIFIED", "today"
    confirm(case, step, second)
    assert open_defects(case.history, case.law) == ()


def test_42_whoever_entered_a_step_without_a_certificate_is_none_of_its_two(case: CaseFile) -> None:
    lead, second = case.officers
    third = Officer(account=uuid4(), certificate=uuid4())
    case.take(OfficersAssigned(reason="补充"), officers=(lead, second, third))
    step = case.notify(STOP, officers=(replace(lead, certificate=None), second))
    confirm(case, step, second)
    assert only(case).step == step.id
    confirm(case, step, third)
    assert open_defects(case.history, case.law) == ()


def test_43_nobody_who_was_recused_confirms(case: CaseFile) -> None:
    second = case.officers[1]
    step = case.notify(STOP)
    asked = case.take(RecusalAsked(officer=second.account, reason="亲属"))
    case.on(2025, 9, 11).take(RecusalDecided(asked=asked.id, granted=True, reason="属实"))
    refused = case.refusal(confirming(step.id), by=second.account, party=None, officers=(second,))
    assert refused == "OFFICER_RECUSED"
    assert only(case).who == (), "nobody is left until the head assigns another"
    third = Officer(account=uuid4(), certificate=uuid4())
    case.take(OfficersAssigned(reason="回避"), officers=(case.officers[0], third))
    assert only(case).who == (third.account,)
    confirm(case, step, third)
    assert open_defects(case.history, case.law) == ()


def test_43_what_a_recused_officer_entered_is_stood_for_by_two_others(case: CaseFile) -> None:
    lead, second = case.officers
    third = Officer(account=uuid4(), certificate=uuid4())
    asked = case.take(RecusalAsked(officer=lead.account, reason="亲属"))
    case.on(2025, 9, 11).take(RecusalDecided(asked=asked.id, granted=True, reason="属实"))
    case.take(OfficersAssigned(reason="回避"), officers=(second, third))
    taken = case.take(StatementTaken(of="矿长", signed=True), by=lead.account)
    assert [one.kind.value for one in open_defects(case.history, case.law)] == ["NOT_CONFIRMED", "OFFICER_RECUSED"]
    confirm(case, taken, second)
    again = MadeGood(step=taken.id, defect=DefectKind.OFFICER_RECUSED, how="两人重新询问")
    good = case.take(again, by=second.account, officers=(second, third))
    confirm(case, good, third)
    assert open_defects(case.history, case.law) == ()


def test_the_steps_of_two_are_data_of_the_law_and_end_with_the_text_that_says_so(case: CaseFile) -> None:
    listed = BUILT_IN.parameter("steps_of_two", date(2025, 9, 10))
    assert isinstance(listed.value, tuple)
    assert set(listed.value) <= {one.value for one in StepKind}
    assert listed.article == ARTICLE
    case.notify(STOP, officers=())
    assert only(case).kind is DefectKind.NOT_CONFIRMED
    left = tuple(one for one in listed.value if one != "NOTICE_SERVED")
    case.law = BUILT_IN.with_changes([replace(listed, value=left)], {})
    assert open_defects(case.history, case.law) == ()


def test_what_the_party_itself_does_is_no_step_of_two(case: CaseFile) -> None:
    confirm(case, case.notify(STOP), case.officers[1])
    case.take(DefenceWaived(signed=True), officers=())
    assert open_defects(case.history, case.law) == ()
