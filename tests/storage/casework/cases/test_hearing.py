"""Tests of notice, defence and hearing; each named after its article."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.deciding import Served
from storage.casework.cases.bodies.facts import CorrectionOrdered, EvidenceAdded, Excluded
from storage.casework.cases.bodies.notice import (
    DefenceExamined,
    DefenceReceived,
    DefenceWaived,
    HearingAsked,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingWaived,
)
from storage.casework.cases.bodies.opening import RecusalAsked, RecusalDecided
from storage.casework.cases.steps import Officer, Sanction, SanctionKind
from tests.factories.cases import BY_HAND, STOP, WAN, CaseFile, at, fine

pytestmark = pytest.mark.quick


@pytest.fixture
def case() -> CaseFile:
    case = CaseFile(at(2024, 9, 20))
    case.conduct = replace(case.conduct, began_on=case.now.date(), ended_on=None)
    case.investigate()
    return case


def test_44_no_decision_before_the_notice(case: CaseFile) -> None:
    case.suggest()
    assert case.refusal(case.draft()) == "NOTICE_MISSING"


def test_44_a_notice_says_what_why_and_which_rights(case: CaseFile) -> None:
    assert case.refusal(case.notice(rights_told=False)) == "RIGHTS_NOT_TOLD"
    assert case.refusal(case.notice(facts="")) == "NOT_STATED"
    assert case.refusal(case.notice(grounds=" ")) == "NOT_STATED"
    assert case.refusal(case.notice(())) == "NOT_STATED"
    assert case.refusal(case.notice(), at=at(2024, 9, 19)) == "STEP_BACKDATED"


def test_44_no_decision_while_the_party_may_still_defend_itself(case: CaseFile) -> None:
    case.suggest()
    case.on(2024, 9, 27).notify()
    assert case.on(2024, 10, 10, 23, 59).refusal(case.draft()) == "DEFENCE_TIME_RUNS"
    case.on(2024, 10, 11, 0, 0).decide()


def test_62_rights_are_given_up_in_writing(case: CaseFile) -> None:
    case.suggest()
    case.notify()
    assert case.refusal(DefenceWaived(signed=False)) == "WAIVER_NOT_SIGNED"
    case.take(DefenceWaived(signed=True))
    case.decide()


def test_45_each_defence_is_examined_and_answered(case: CaseFile) -> None:
    case.suggest()
    case.notify()
    defence = case.take(DefenceReceived(words="不属实"))
    case.take(DefenceWaived(signed=True))
    assert case.refusal(case.draft()) == "DEFENCE_NOT_EXAMINED"
    answer = DefenceExamined(defence=defence.id, accepted=False, answer="经复核，事实清楚")
    assert case.refusal(replace(answer, answer="")) == "NOT_STATED"
    assert case.refusal(answer, party=case.person.id) == "PARTY_NOT_OF_CASE"
    case.take(answer)
    assert case.refusal(answer) == "DEFENCE_ALREADY_EXAMINED"
    case.decide()


def test_45_a_defence_never_makes_it_heavier(case: CaseFile) -> None:
    case.suggest(least=1, most=10 * WAN)
    case.notify()
    defence = case.take(DefenceReceived(words="不属实"))
    case.take(DefenceExamined(defence=defence.id, accepted=False, answer="不采纳"))
    case.take(DefenceWaived(signed=True))
    heavier = (fine(2),)
    assert case.refusal(case.draft(heavier)) == "HEAVIER_AFTER_DEFENCE"
    assert case.refusal(case.notice(heavier)) == "HEAVIER_AFTER_DEFENCE"
    assert case.refusal(case.notice(heavier, new_facts="新的事实")) == "HEAVIER_AFTER_DEFENCE", "nothing new was kept"
    case.take(EvidenceAdded(name="新记录", proves="还有超员", evidence=(uuid4(),)))
    assert case.refusal(case.notice(heavier)) == "HEAVIER_AFTER_DEFENCE"
    case.take(case.notice(heavier, new_facts="新的事实"))
    case.take(DefenceWaived(signed=True))
    case.decide(heavier)


def test_44_nothing_heavier_and_nothing_else_than_what_was_told(case: CaseFile) -> None:
    case.suggest(least=1, most=10 * WAN)
    case.notify()
    case.waive()
    assert case.refusal(case.draft((fine(1.1),))) == "HEAVIER_THAN_NOTIFIED"
    suspended = Sanction(kind=SanctionKind.LICENCE_SUSPENDED, days=30)
    assert case.refusal(case.draft((fine(1), suspended))) == "HEAVIER_THAN_NOTIFIED"
    case.decide((fine(0.9),))


@pytest.mark.parametrize(
    ("sanctions", "unit", "heard"),
    [
        ((fine(2.99),), True, False),
        ((fine(3),), True, True),
        ((fine(0.99),), False, False),
        ((fine(1),), False, True),
        ((Sanction(kind=SanctionKind.CONFISCATION, sum=3 * WAN),), True, True),
        ((Sanction(kind=SanctionKind.STOPPED),), True, True),
        ((Sanction(kind=SanctionKind.SHUT_DOWN),), True, True),
        ((Sanction(kind=SanctionKind.LICENCE_REVOKED),), True, True),
        ((Sanction(kind=SanctionKind.DOWNGRADED),), True, True),
        ((Sanction(kind=SanctionKind.BARRED),), False, True),
        ((Sanction(kind=SanctionKind.LICENCE_SUSPENDED, days=30),), True, False),
        ((Sanction(kind=SanctionKind.WARNING),), True, False),
    ],
)
def test_63_a_hearing_is_offered_for_what_weighs(
    case: CaseFile, sanctions: tuple[Sanction, ...], unit: bool, heard: bool
) -> None:
    party = case.unit if unit else case.person
    case.notify(sanctions, party)
    assert ("HEARING_NOT_OFFERED" in case.missing(party)) is heard


def test_63_stop_and_half_a_million_without_the_right_to_be_heard_is_refused(case: CaseFile) -> None:
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)  # T34 (i)
    case.notify(STOP)
    case.waive()

    assert case.refusal(case.draft(STOP)) == "HEARING_NOT_OFFERED"


def test_64_a_hearing_asked_for_on_the_sixth_working_day_over_a_holiday_with_made_days_is_refused(
    case: CaseFile,
) -> None:
    case.on(2024, 9, 27).notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    assert case.on(2024, 10, 11, 0, 0).refusal(HearingAsked()) == "HEARING_ASKED_TOO_LATE"
    case.take(HearingAsked(), at=at(2024, 10, 10, 23, 59))
    assert "HEARING_NOT_HELD" in case.missing()


def test_64_the_fifth_working_day_counts_made_days_and_not_holidays(case: CaseFile) -> None:
    case.on(2024, 9, 27).notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    assert "HEARING_TIME_RUNS" in case.on(2024, 10, 10, 12, 0).missing()
    assert "HEARING_TIME_RUNS" not in case.on(2024, 10, 11, 0, 0).missing()


def test_64_a_request_in_a_year_without_a_calendar_is_taken_while_it_is_surely_in_time() -> None:
    case = CaseFile(at(2026, 12, 28))
    case.conduct = replace(case.conduct, ended_on=None)
    case.investigate()
    case.notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    assert "YEAR_NOT_PUBLISHED" in case.missing()
    assert case.on(2027, 1, 3).refusal(HearingAsked()) == "YEAR_NOT_PUBLISHED without article"
    case.take(HearingAsked(), at=at(2027, 1, 2))


def test_64_the_hearing_is_told_seven_whole_working_days_before(case: CaseFile) -> None:
    case.on(2025, 9, 30).notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    told = HearingNotified(hearing_at=at(2025, 10, 20, 9), place="一楼", chair=case.chair, delivery=BY_HAND)
    assert case.refusal(told) == "HEARING_NOT_ASKED"
    case.take(HearingAsked())
    assert case.on(2025, 10, 10).refusal(told) == "HEARING_TOLD_TOO_LATE"
    case.on(2025, 10, 9).take(told)


def test_64_the_chair_is_no_investigator_and_not_recused(case: CaseFile) -> None:
    case.notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    case.take(HearingAsked())
    told = HearingNotified(
        hearing_at=at(2024, 10, 25, 9), place="一楼", chair=case.officers[1].account, delivery=BY_HAND
    )
    assert case.refusal(told) == "CHAIR_INVESTIGATED"
    asked = case.take(RecusalAsked(officer=case.chair, reason="利害关系"))
    case.take(RecusalDecided(asked=asked.id, granted=True, reason="属实"))
    assert case.refusal(replace(told, chair=case.chair)) == "OFFICER_RECUSED"


def test_64_the_hearing_is_held_by_its_chair_at_its_time_with_two_agents_at_most_and_a_record(case: CaseFile) -> None:
    case.notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    case.take(HearingAsked())
    told = case.take(HearingNotified(hearing_at=at(2024, 10, 25, 9), place="一楼", chair=case.chair, delivery=BY_HAND))
    held = HearingHeld(notified=told.id, came=True, agents=2)
    chaired = {"by": case.chair, "officers": ()}
    assert case.refusal(held, **chaired) == "HEARING_BEFORE_ITS_TIME"
    case.on(2024, 10, 25)
    assert case.refusal(held) == "CHAIR_NOT_NAMED"
    assert case.refusal(replace(held, agents=3), **chaired) == "AGENTS_TOO_MANY"
    assert case.refusal(replace(held, record_signed=False), **chaired) == "HEARING_RECORD_OPEN"
    assert case.refusal(replace(held, notified=uuid4()), **chaired) == "STEP_UNKNOWN"
    case.take(replace(held, record_signed=False, refusal="拒绝签名"), **chaired)
    assert "HEARING_NOT_HELD" not in case.missing()
    assert case.refusal(held, **chaired) == "HEARING_NOT_ASKED"


def test_64_whoever_stays_away_has_given_the_hearing_up(case: CaseFile) -> None:
    case.notify(STOP)
    case.take(HearingOffered(delivery=BY_HAND))
    case.take(HearingAsked())
    told = case.take(HearingNotified(hearing_at=at(2024, 10, 25, 9), place="一楼", chair=case.chair, delivery=BY_HAND))
    case.on(2024, 10, 25).take(HearingHeld(notified=told.id, came=False), by=case.chair, officers=())
    assert "HEARING_NOT_HELD" not in case.missing()


def test_63_a_hearing_is_given_up_in_writing_only(case: CaseFile) -> None:
    case.notify(STOP)
    assert case.refusal(HearingWaived(signed=True)) == "HEARING_NOT_OFFERED"
    case.take(HearingOffered(delivery=BY_HAND))
    assert case.refusal(HearingWaived(signed=False)) == "WAIVER_NOT_SIGNED"
    case.take(HearingWaived(signed=True))
    assert {"HEARING_TIME_RUNS", "HEARING_NOT_OFFERED"}.isdisjoint(case.missing())


def test_45_63_a_request_that_came_in_time_and_was_kept_after_the_decision_undoes_it() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest()
    case.notify()
    case.on(2025, 9, 19)
    decision = case.decide()
    case.on(2025, 9, 22).take(DefenceReceived(words="九月十五日已寄出"), at=at(2025, 9, 15))
    assert case.refusal(Served(decision=decision.id, delivery=BY_HAND)) == "RIGHTS_IGNORED"


def test_45_what_was_entered_late_and_did_not_come_then_is_set_aside_by_two_others() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest()
    case.notify()
    case.on(2025, 9, 19)
    decision = case.decide()
    said = case.on(2025, 9, 22).take(DefenceReceived(words="据称已寄出"), at=at(2025, 9, 15))
    asked = case.take(HearingAsked(), at=at(2025, 9, 15))
    others = tuple(Officer(account=uuid4(), certificate=uuid4()) for _ in range(2))
    for late in (said, asked):
        aside = Excluded(step=late.id, reason="收发登记簿当日没有记载")
        assert case.refusal(aside) == "SET_ASIDE_BY_ENTERER"
        assert case.refusal(aside, officers=others) == "SET_ASIDE_BY_ENTERER", "whoever entered it takes no part"
        assert case.refusal(aside, officers=others[:1], by=others[0].account) == "OFFICERS_TOO_FEW"
        assert case.refusal(Served(decision=decision.id, delivery=BY_HAND)) == "RIGHTS_IGNORED"
        case.take(aside, officers=others, by=others[0].account)
    case.serve(decision)


def test_45_what_came_before_the_decision_is_never_set_aside(case: CaseFile) -> None:
    case.suggest()
    case.notify()
    said = case.take(DefenceReceived(words="不属实"))
    others = tuple(Officer(account=uuid4(), certificate=uuid4()) for _ in range(2))
    aside = Excluded(step=said.id, reason="没有收到")
    assert case.refusal(aside, officers=others, by=others[0].account) == "NO_SUCH_FACT"


def test_112_no_order_to_correct_is_entered_as_given_before_yesterday(case: CaseFile) -> None:
    order = CorrectionOrdered(what="整改", due_on=at(2024, 12, 1).date())
    assert case.refusal(order, at=case.now - timedelta(hours=25)) == "STEP_BACKDATED"
    case.take(order, at=case.now - timedelta(hours=20))


def test_45_a_defence_that_came_late_undoes_nothing() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest()
    case.notify()
    case.on(2025, 9, 22)
    decision = case.decide()
    case.take(DefenceReceived(words="迟到的申辩"), at=at(2025, 9, 18))
    case.serve(decision)
