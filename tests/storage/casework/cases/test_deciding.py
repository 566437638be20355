"""Tests of legal review, deliberation and decision; each named after its article."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.after import OutcomeReceived, Result, Revoked, SuitFiled
from storage.casework.cases.bodies.deciding import (
    DecisionOutcome,
    Deliberated,
    ReviewPassed,
    ReviewPoint,
    ReviewReturned,
    ReviewSubmitted,
)
from storage.casework.cases.bodies.facts import CorrectionChecked, CorrectionOrdered, EvidenceAdded
from storage.casework.cases.bodies.notice import HearingAsked, HearingOffered, InvestigationEnded
from storage.casework.cases.bodies.opening import Registered
from storage.casework.cases.history import History, Lacking
from storage.casework.cases.sanctions import range_for
from storage.casework.cases.steps import Conduct, Sanction, SanctionKind
from storage.record.law import BUILT_IN
from storage.record.law.discretion import DiscretionGround
from tests.factories.cases import (
    BY_HAND,
    SMALL,
    SMALL_OF_PERSONS,
    STOP,
    WAN,
    WITH_SMALL_OF_PERSONS,
    CaseFile,
    at,
    fine,
)

pytestmark = pytest.mark.quick


@pytest.fixture
def case() -> CaseFile:
    return CaseFile(at(2025, 9, 10))


def before_review(case: CaseFile) -> CaseFile:
    case.investigate()
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)
    case.notify(STOP)
    case.waive(hearing=True)
    return case


def passed(submitted: object, **changes: object) -> ReviewPassed:
    usual = ReviewPassed(submitted=submitted.id, checked=tuple(ReviewPoint), reviewed_before=True)  # type: ignore[attr-defined] # A step.
    return replace(usual, **changes)  # type: ignore[arg-type] # Each names its field.


def test_58_heard_and_not_reviewed_is_not_decided(case: CaseFile) -> None:
    before_review(case)  # T34 (ii)
    assert case.refusal(case.draft(STOP)) == "REVIEW_MISSING"
    case.take(ReviewSubmitted(sanctions=STOP, papers="案卷"))
    assert case.refusal(case.draft(STOP)) == "REVIEW_MISSING"


def test_58_the_reviewer_is_no_investigator(case: CaseFile) -> None:
    submitted = before_review(case).take(ReviewSubmitted(sanctions=STOP, papers="案卷"))
    assert case.refusal(passed(submitted), by=case.officers[0].account) == "REVIEWER_INVESTIGATED"
    notes = ReviewReturned(submitted=submitted.id, notes="第三页")
    assert case.refusal(notes, by=case.officers[0].account) == "REVIEWER_INVESTIGATED"


def test_58_a_first_time_reviewer_needs_the_qualification(case: CaseFile) -> None:
    submitted = before_review(case).take(ReviewSubmitted(sanctions=STOP, papers="案卷"))
    assert case.refusal(passed(submitted, reviewed_before=False)) == "REVIEWER_NOT_QUALIFIED"
    case.take(passed(submitted, reviewed_before=False, qualification="A2018520000"))


def test_58_a_review_covers_every_point(case: CaseFile) -> None:
    submitted = before_review(case).take(ReviewSubmitted(sanctions=STOP, papers="案卷"))
    assert case.refusal(passed(submitted, checked=tuple(ReviewPoint)[:-1])) == "REVIEW_NOT_WHOLE"


def test_58_what_was_sent_back_is_submitted_again(case: CaseFile) -> None:
    submitted = before_review(case).take(ReviewSubmitted(sanctions=STOP, papers="案卷"))
    case.take(ReviewReturned(submitted=submitted.id, notes="录像第12秒地点不清"))
    assert case.refusal(case.draft(STOP)) == "REVIEW_NOT_PASSED"
    assert case.refusal(passed(submitted)) == "REVIEW_NOT_SUBMITTED"
    case.review()
    case.deliberate()
    case.decide(STOP)


def test_58_review_comes_after_the_hearing(case: CaseFile) -> None:
    case.investigate()
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)
    case.notify(STOP)
    case.waive()
    case.take(HearingOffered(delivery=BY_HAND))
    case.take(HearingAsked())
    assert case.refusal(ReviewSubmitted(sanctions=STOP, papers="案卷")) == "REVIEW_BEFORE_HEARING"


def test_58_what_changes_after_the_review_makes_it_stale(case: CaseFile) -> None:
    before_review(case)
    case.review()
    case.take(EvidenceAdded(name="补充", proves="事实", evidence=(uuid4(),)))
    assert case.refusal(case.draft(STOP)) == "REVIEW_OUTDATED"
    case.review()
    case.deliberate()
    case.decide(STOP)


def test_58_no_heavier_than_reviewed(case: CaseFile) -> None:
    before_review(case)
    case.review(STOP)
    case.deliberate()
    assert case.refusal(case.draft(STOP)) == ""
    case.take(ReviewSubmitted(sanctions=(fine(50),), papers="案卷"))
    assert "HEAVIER_THAN_REVIEWED" in case.missing(draft=case.draft(STOP))


@pytest.mark.parametrize("flag", ["public_interest", "many_relations"])
def test_58_public_interest_or_many_relations_ask_for_review_of_a_small_fine_too(case: CaseFile, flag: str) -> None:
    case.investigate(**{flag: True})
    case.suggest()
    case.notify()
    case.waive()
    assert case.missing() == ["REVIEW_MISSING"]


def test_57_what_is_serious_is_decided_by_the_heads_together(case: CaseFile) -> None:
    before_review(case)
    assert case.refusal(Deliberated(heads=(case.head, uuid4()), opinion="同意"), officers=()) == "REVIEW_MISSING"
    case.review()
    assert case.refusal(case.draft(STOP)) == "DELIBERATION_MISSING"
    assert case.refusal(Deliberated(heads=(case.head, case.head), opinion="同意"), officers=()) == "DELIBERATION_ALONE"
    case.deliberate()
    case.decide(STOP)


def test_57_a_complex_case_is_deliberated_whatever_the_fine(case: CaseFile) -> None:
    case.investigate(complex=True)
    case.suggest()
    case.notify()
    case.waive()
    assert case.missing() == ["DELIBERATION_MISSING"]


def test_57_no_decision_before_the_investigation_is_ended(case: CaseFile) -> None:
    case.register()
    assert case.refusal(case.draft()) == "INVESTIGATION_NOT_ENDED"


def test_60_the_ninetieth_day_is_the_last(case: CaseFile) -> None:
    case.on(2025, 11, 20)
    case.investigate()
    case.suggest()
    case.notify()
    case.waive()
    assert case.on(2026, 2, 19, 0, 0).refusal(case.draft()) == "TIME_LIMIT_OVER"  # T17
    case.on(2026, 2, 18, 23, 59).decide()


def test_29_one_act_one_fine_for_one_party(case: CaseFile) -> None:
    case.small()
    assert "SECOND_FINE" in case.missing(draft=case.draft())
    warning = case.draft((Sanction(kind=SanctionKind.WARNING),), pay_to="")
    assert "ALREADY_DECIDED" in case.missing(draft=warning)


def test_29_the_unit_and_the_person_responsible_are_fined_apart(case: CaseFile) -> None:
    case.law, his = WITH_SMALL_OF_PERSONS, (fine(0.5, SMALL_OF_PERSONS),)
    case.small()
    case.suggest(his, party=case.person)
    case.notify(his, party=case.person)
    case.waive(case.person)
    case.decide(his, party=case.person)


def test_29_two_fines_for_one_act_in_one_decision_are_two(case: CaseFile) -> None:
    two = (fine(0.5), fine(0.5, "fine_hazard_unit"))
    case.investigate()
    case.suggest(two, least=1, most=2 * WAN)
    case.notify(two)
    case.waive()
    assert "SECOND_FINE" in case.missing(draft=case.draft(two))


def test_29_a_revoked_fine_makes_room_for_another_with_its_own_notice(case: CaseFile) -> None:
    decision = case.small()
    case.take(Revoked(decision=decision.id, reason="适用法律错误"))
    assert case.refusal(case.draft()) == "NOTICE_MISSING"
    case.notify()
    case.waive()
    case.decide()


def test_29_what_was_revoked_and_is_annulled_by_the_court_afterwards_begins_one_new_round_and_not_two(
    case: CaseFile,
) -> None:
    decision = case.small()
    filed = case.take(SuitFiled(decision=decision.id, court="法院", filed_on=date(2025, 9, 10)))
    case.take(Revoked(decision=decision.id, reason="适用法律错误"))
    case.notify()
    case.take(OutcomeReceived(filed=filed.id, result=Result.REVOKED, decided_on=date(2025, 9, 10)))
    assert "NOTICE_MISSING" not in case.missing()


def test_40_a_finding_of_another_conduct_stops_nobody_else(case: CaseFile) -> None:
    lacks, sound = uuid4(), uuid4()
    case.conduct = replace(case.conduct, finding=sound)
    other = Conduct(id=uuid4(), name="违章指挥", clause="条例第三十条", began_on=date(2025, 8, 1), finding=lacks)
    due = at(2025, 9, 3)
    case.history = History(lacking=(Lacking(finding=lacks, code="NO_EVIDENCE", due=due),))
    case.propose(conducts=(case.conduct, other))
    case.take(Registered())
    case.take(EvidenceAdded(name="瓦斯监测记录", proves="超限生产", evidence=(uuid4(),)))
    case.take(InvestigationEnded(facts="事实清楚"))
    assert "RESTS_ON_FINDING" in case.missing()  # Nobody knows yet what the unit will be told of.
    case.suggest()
    case.notify()
    case.waive()
    case.take(case.notice((fine(0.5),), conducts=(other.id,)), party=case.person.id)
    (found,) = [one for one in case.all_missing(case.person) if one.code == "RESTS_ON_FINDING"]
    assert (found.finding, found.due) == (lacks, due)
    assert case.refusal(case.draft(conducts=(case.conduct.id, other.id))) == "RESTS_ON_FINDING"
    assert case.missing() == []
    case.decide()


def test_29_no_fine_names_a_conduct_that_the_decision_does_not(case: CaseFile) -> None:
    other = Conduct(id=uuid4(), name="违章指挥", clause="条例第三十条", began_on=date(2025, 8, 1))
    case.propose(conducts=(case.conduct, other))
    case.take(Registered())
    case.take(EvidenceAdded(name="瓦斯监测记录", proves="超限生产", evidence=(uuid4(),)))
    case.take(InvestigationEnded(facts="事实清楚"))
    case.suggest((fine(50), replace(fine(1), conduct=other.id)))
    case.notify((replace(fine(1), conduct=other.id),))
    case.waive()
    stray = replace(fine(1), basis="fine_major_hazard_unit", conduct=other.id)
    assert "CONDUCT_NOT_OF_CASE" in case.missing(draft=case.draft((stray,)))


def test_34_the_suggested_range_is_never_overridden_in_silence(case: CaseFile) -> None:
    case.investigate()
    case.suggest(least=WAN // 2, most=WAN * 8 // 10)
    case.notify()
    case.waive()
    assert case.refusal(case.draft()) == "DEPARTURE_WITHOUT_REASON"
    case.decide(departure="两年内第二次同类违法")


def test_34_no_fine_without_the_standard(case: CaseFile) -> None:
    case.investigate()
    case.notify()
    case.waive()
    assert case.refusal(case.draft()) == "DISCRETION_NOT_SUGGESTED"
    case.suggest(ground=DiscretionGround.NONE)
    assert case.refusal(case.draft()) == "DEPARTURE_WITHOUT_REASON"


def test_34_a_range_runs_upwards(case: CaseFile) -> None:
    case.investigate()
    assert case.refusal(replace(case.weighed(SMALL[0]), least=2, most=1)) == "DISCRETION_UPSIDE_DOWN"


def stop_of(case: CaseFile, wan: float, ground: DiscretionGround = DiscretionGround.PLAIN) -> list[str]:
    sanctions = (STOP[0], fine(wan, "fine_major_hazard_unit"))
    case.suggest(sanctions, ground=ground)
    case.notify(sanctions)
    case.waive(hearing=True)
    case.review(sanctions)
    case.deliberate()
    return case.missing(draft=case.draft(sanctions, departure="个案情节"))


@pytest.mark.parametrize(("wan", "refused"), [(49.9, True), (50, False), (200, False), (200.1, True)])
def test_64_of_the_regulation_a_fine_lies_within_its_range(case: CaseFile, wan: float, refused: bool) -> None:
    case.investigate()
    assert stop_of(case, wan) == (["OUTSIDE_THE_LAW"] if refused else [])


def test_32_a_fine_below_the_range_is_mitigated_by_its_ground(case: CaseFile) -> None:
    case.investigate()
    assert stop_of(case, 30, DiscretionGround.MITIGATED) == []


def test_38_no_fine_on_a_basis_that_did_not_yet_hold(case: CaseFile) -> None:
    weighed = case.weighed(STOP[1])
    case.conduct = replace(case.conduct, began_on=date(2024, 4, 1), ended_on=date(2024, 4, 30))
    case.investigate()
    assert case.refusal(weighed) == "NO_BASIS"
    assert "NO_BASIS" in case.missing(draft=case.draft(STOP))


def changed(least: int, most: int) -> CaseFile:
    """The range of 条例64 as a text in force from 2025-09-05 has it: after the conduct, before the decision."""
    parameters = [
        replace(BUILT_IN.parameter(f"fine_major_hazard_unit_{end}", date(2025, 1, 1)), value=wan * WAN,
                in_force_from=date(2025, 9, 5))
        for end, wan in (("least", least), ("most", most))
    ]  # fmt: skip
    return CaseFile(at(2025, 9, 10), law=BUILT_IN.with_changes(parameters, {}))


def test_37_old_conduct_is_judged_by_the_law_of_its_day_when_the_new_one_is_heavier() -> None:
    case = changed(100, 300)
    case.investigate()
    assert stop_of(case, 60) == []
    found = range_for(case.law, "fine_major_hazard_unit", case.conduct, date(2025, 9, 10))
    assert found is not None
    assert (found.least, found.most, found.law_of) == (50 * WAN, 200 * WAN, date(2025, 9, 1))


def test_37_old_conduct_is_judged_by_the_new_law_when_it_is_lighter() -> None:
    case = changed(20, 100)
    case.investigate()
    assert stop_of(case, 60) == []
    case = changed(20, 100)
    case.investigate()
    assert stop_of(case, 101) == ["OUTSIDE_THE_LAW"]


def test_37_conduct_that_goes_on_is_judged_by_the_law_of_today() -> None:
    case = changed(100, 300)
    case.conduct = replace(case.conduct, ended_on=None)
    case.investigate()
    assert stop_of(case, 60) == ["OUTSIDE_THE_LAW"]


def test_33_no_penalty_is_a_decision_without_notice_and_without_sanction(case: CaseFile) -> None:
    case.investigate()
    none = case.draft((), outcome=DecisionOutcome.SLIGHT, pay_to="")
    assert case.refusal(replace(none, sanctions=(Sanction(kind=SanctionKind.WARNING),))) == "NO_PENALTY_WITH_SANCTION"
    assert case.refusal(case.draft(())) == "NOTICE_MISSING"
    case.take(none, officers=())


def test_59_a_decision_says_all_that_it_must(case: CaseFile) -> None:
    case.investigate()
    case.suggest()
    case.notify()
    case.waive()
    for empty in ("facts", "grounds", "remedies", "pay_to"):
        change: dict[str, Any] = {empty: ""}
        assert case.refusal(case.draft(**change)) == "NOT_STATED", empty
    assert case.refusal(case.draft(conducts=())) == "CONDUCT_NOT_OF_CASE"


def test_42_who_was_recused_decides_nothing(case: CaseFile) -> None:
    from storage.casework.cases.bodies.opening import RecusalAsked, RecusalDecided

    case.investigate()
    asked = case.take(RecusalAsked(officer=case.head, reason="利害关系"))
    case.take(RecusalDecided(asked=asked.id, granted=True, reason="属实"), by=uuid4())
    assert case.refusal(case.draft()) == "OFFICER_RECUSED"


def daily(days: int, wan: float) -> tuple[Sanction, ...]:
    return (Sanction(kind=SanctionKind.DAILY_FINE, sum=int(wan * WAN), days=days),)


def fined_and_ordered(*, fined: bool = True, ordered: bool = True, refused: bool = True) -> CaseFile:
    case = CaseFile(at(2025, 3, 3))
    case.conduct = replace(case.conduct, ended_on=None)
    case.investigate()
    if fined:
        case.suggest((fine(2),))
        case.notify((fine(2),))
        case.waive()
        case.decide((fine(2),))
    order = case.take(CorrectionOrdered(what="恢复监测", due_on=date(2025, 3, 10))) if ordered else None
    case.on(2025, 3, 13)
    if order is not None:
        case.take(CorrectionChecked(ordered=order.id, corrected=not refused, refused=refused))
    case.take(InvestigationEnded(facts="拒不改正"))
    return case


def asks_for_days(case: CaseFile, days: int, wan: float) -> list[str]:
    sanctions = daily(days, wan)
    case.suggest(sanctions)
    case.notify(sanctions)
    case.waive(hearing=True)
    case.review(sanctions)
    case.deliberate()
    return case.missing(draft=case.draft(sanctions))


def test_112_the_fine_may_be_repeated_for_each_of_ten_days() -> None:
    assert asks_for_days(fined_and_ordered(), 10, 20) == []  # T35
    assert asks_for_days(fined_and_ordered(), 11, 22) == ["DAILY_PENALTY_TOO_LARGE"]
    assert asks_for_days(fined_and_ordered(), 10, 21) == ["DAILY_PENALTY_TOO_LARGE"]


@pytest.mark.parametrize("lacks", ["fined", "ordered", "refused"])
def test_112_no_daily_penalty_without_fine_order_and_refusal(lacks: str) -> None:
    assert asks_for_days(fined_and_ordered(**{lacks: False}), 5, 10) == ["DAILY_PENALTY_WITHOUT_GROUND"]
