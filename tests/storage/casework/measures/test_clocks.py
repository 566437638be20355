"""Tests of the deadlines of measures, and of what they lack."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from storage.casework.measures import clocks, lacks, supervision
from storage.casework.measures.clocks import Clock
from storage.casework.measures.tables import Hand, Lacking, StepOutcome, Turn
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN
from tests.factories.measures import CLERK, HEAD, MAYOR, OFFICE, ONE, ORDERED_AT, Tale, major, named, tale

pytestmark = pytest.mark.quick

K = Turn


def running(told: Tale) -> dict[tuple[str, int], Clock]:
    return {(one.key, one.number): one for one in clocks.clocks_of(told.history, BUILT_IN, now=told.now)}


def lacking(told: Tale) -> set[Lacking]:
    return {one.code for one in lacks.lacks_of(told.history, BUILT_IN, now=told.now)}


def day(told: Tale, key: str, number: int = 1) -> Any:
    return running(told)[key, number].ends


def test_a_withdrawal_says_what_it_lacks_by_article_and_who_brings_it() -> None:
    told = tale("WITHDRAW_PEOPLE", named(unsafe=True))
    found = {one.code: one for one in lacks.lacks_of(told.history, BUILT_IN, now=told.now)}
    assert set(found) == {
        Lacking.MEASURE_NOT_CONFIRMED, Lacking.PEOPLE_NOT_TOLD, Lacking.HEAD_COUNT_NOT_ZERO, Lacking.NO_FOLLOWER,
        Lacking.NOT_CORRECTED, Lacking.RECHECK_NOT_SIGNED,
    }  # fmt: skip
    assert found[Lacking.MEASURE_NOT_CONFIRMED].due_at == ORDERED_AT + timedelta(hours=24)
    assert found[Lacking.HEAD_COUNT_NOT_ZERO].article == "煤矿安全生产条例第四十四条"
    assert found[Lacking.NOT_CORRECTED].hand is Hand.MINE
    told.takes(K.TOLD, ONE, words="调度电话，全部采掘面")
    told.takes(K.HEADS_COUNTED, ONE, number=0)
    told.confirmed().rechecked().takes(K.FOLLOWER_NAMED, HEAD, subject_id=ONE)
    assert lacking(told) == {Lacking.LIFTING_DUE}
    told.takes(K.LIFTED, HEAD)
    assert lacking(told) == set()


def test_an_order_without_a_finding_and_an_inspection_without_a_recording_show() -> None:
    told = tale("SEAL", urgent=True)
    told.history = replace(told.history, findings=(), recorded=False)
    assert {Lacking.NO_FINDING, Lacking.NOT_RECORDED, Lacking.NOT_APPROVED} <= lacking(told)
    assert running(told)["urgent_measure_report", 1].ends_at == ORDERED_AT + timedelta(hours=24)
    told.passes(hours=2).approved()
    assert Lacking.NOT_APPROVED not in lacking(told)
    assert running(told)["urgent_measure_report", 1].met_at == told.now


def test_compulsion_law_25_the_seizure_runs_from_the_day_itself_and_as_long_as_it_was_extended() -> None:
    told = tale("SEAL", urgent=True).approved()
    assert day(told, "seizure") == date(2025, 10, 14)
    told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 11, 10), words="情况复杂")
    assert day(told, "seizure") == date(2025, 11, 10)


def test_the_defect_is_met_when_finding_and_officers_are_there_and_not_before() -> None:
    told = tale("WITHDRAW_PEOPLE")
    (finding,) = told.history.findings
    told.passes(hours=1).confirmed()
    told.passes(hours=1).takes(K.FINDING_NAMED, ONE, subject_id=finding.id)
    assert running(told)["defect_made_good", 1].met_at == ORDERED_AT + timedelta(hours=2)


def test_the_term_to_correct_moves_off_a_holiday_and_with_an_extension() -> None:
    told = tale("CORRECT_BY_TERM", days=16)  # 2025-10-01 is off: the next working day is 10-09.
    assert day(told, "correction_term") == date(2025, 10, 9)
    assert day(told, "recheck") == date(2025, 10, 19)  # Ten days from its end, where nobody reported.
    told.takes(K.EXTENSION_ASKED, CLERK, until=date(2025, 10, 15), words="设备未到")
    told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 10, 15), words="同意")
    assert day(told, "correction_term") == date(2025, 10, 15)
    told.passes(days=5).takes(K.CORRECTION_REPORTED, CLERK, words="已整改")
    assert running(told)["correction_term", 1].met_at == told.now
    assert day(told, "recheck") == date(2025, 9, 30)
    told.passes(days=1).rechecked(StepOutcome.NOT_CORRECTED)
    assert running(told)["recheck", 1].met_at == told.now
    told.passes(days=1).takes(K.CORRECTION_REPORTED, CLERK, words="再次整改")
    assert running(told)["recheck", 2].met_at is None


def test_policy_3_3_each_month_without_tracking_shows_and_a_track_counts_for_its_own_month_only() -> None:
    told = tale("CORRECT_BY_TERM", major(), days=10, hand=Hand.OFFICE)
    told.takes(K.HANDED_OVER, OFFICE, words="盘州市能源局")
    told.passes(days=40)  # The first month is over.
    assert [month.is_missed(told.now) for month in supervision.months(told.history, BUILT_IN, told.now)] == [
        True,
        False,
    ]
    told.takes(K.TRACKED, OFFICE, words="整改过半")
    told.passes(days=40)
    months = supervision.months(told.history, BUILT_IN, told.now)
    assert [month.is_missed(told.now) for month in months] == [True, False, False]
    assert [month.ends for month in months] == [date(2025, 10, 15), date(2025, 11, 15), date(2025, 12, 15)]
    missed = [one for one in lacks.lacks_of(told.history, BUILT_IN, now=told.now)
              if one.code is Lacking.MONTH_NOT_TRACKED and one.due_at and one.due_at <= told.now]  # fmt: skip
    assert len(missed) == 1
    assert {Lacking.NOT_SUPERVISED, Lacking.HANDOVER_NOT_RECEIVED} <= lacking(told)


def test_regulation_54_a_hazard_of_the_branch_office_is_to_be_handed_over() -> None:
    told = tale("STOP_PRODUCTION", major(), hand=Hand.OFFICE)
    assert Lacking.NOT_HANDED_OVER in lacking(told)
    assert Lacking.NOT_HANDED_OVER not in lacking(tale("STOP_PRODUCTION", major()))


def test_regulation_48_the_acceptance_is_held_in_20_days_and_then_the_next_signature_is_due() -> None:
    told = tale("STOP_TO_RECTIFY", decision="一号", approver_id=HEAD).confirmed().approved()
    told.takes(K.RESTART_ASKED, CLERK, words="整改完毕")
    assert day(told, "restart_acceptance") == date(2025, 10, 5)  # Calendar days, through the holidays.
    assert Lacking.ACCEPTANCE_DUE in lacking(told)
    told.takes(K.ACCEPTANCE_HELD, ONE, outcome=StepOutcome.PASSED)
    for kind, by, hand in (
        (K.RESTART_SIGNED, HEAD, Hand.DEPARTMENT), (K.RESTART_AGREED, OFFICE, Hand.OFFICE),
        (K.RESTART_APPROVED, MAYOR, Hand.GOVERNMENT),
    ):  # fmt: skip
        due = [one for one in lacks.lacks_of(told.history, BUILT_IN, now=told.now) if one.code is Lacking.SIGNATURE_DUE]
        assert [one.hand for one in due] == [hand]
        told.takes(kind, by)
    assert running(told)["restart_acceptance", 1].met_at is not None


def test_regulation_49_stop_and_restart_are_announced_in_five_working_days() -> None:
    told = tale("STOP_TO_RECTIFY", decision="一号", approver_id=HEAD).confirmed().approved()
    told.history = replace(
        told.history, order=replace(told.history.order, ordered_at=datetime(2026, 2, 13, 9, tzinfo=SHANGHAI))
    )  # fmt: skip
    assert day(told, "stop_announced") == date(2026, 2, 27)  # T11.
    told.takes(K.RESTART_ASKED, CLERK, words="整改完毕")
    told.takes(K.ACCEPTANCE_HELD, ONE, outcome=StepOutcome.PASSED)
    told.now = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    for kind, by in ((K.RESTART_SIGNED, HEAD), (K.RESTART_AGREED, OFFICE), (K.RESTART_APPROVED, MAYOR)):
        told.takes(kind, by)
    assert day(told, "restart_announced") == date(2026, 3, 9)
    assert lacking(told) == {Lacking.NOT_ANNOUNCED}
    for what in (StepOutcome.STOP, StepOutcome.RESTART):
        told.takes(K.ANNOUNCED, HEAD, outcome=what, words="贵州日报")
    assert lacking(told) == set()


def test_a_deadline_in_a_year_that_is_not_published_is_no_guess_and_stops_no_act() -> None:
    told = tale("STOP_TO_RECTIFY", decision="一号", approver_id=HEAD)
    told.history = replace(
        told.history, order=replace(told.history.order, ordered_at=datetime(2026, 12, 30, 9, tzinfo=SHANGHAI))
    )  # fmt: skip
    found = running(told)["stop_announced", 1]
    assert (found.ends, found.ends_at, found.provisional) == (None, None, True)


def test_safety_law_70_a_cut_shows_who_is_to_be_told_and_is_lifted_at_once_when_fixed() -> None:
    told = tale("CUT_POWER", major(), danger=True, safe=True).confirmed().approved()
    assert {Lacking.MINE_NOT_NOTIFIED, Lacking.SUPPLIER_NOT_NOTIFIED} <= lacking(told)
    told.rechecked()
    due = [one for one in lacks.lacks_of(told.history, BUILT_IN, now=told.now) if one.code is Lacking.LIFTING_DUE]
    assert [one.article for one in due] == ["安全生产法第七十条"]


def test_safety_law_112_the_fine_is_repeated_for_the_days_after_the_order_to_the_recheck_that_found_refusal() -> None:
    told = tale("CORRECT_BY_TERM", days=3).confirmed().passes(days=10).rechecked(StepOutcome.REFUSED)
    days = clocks.days_that_may_be_added(told.history, BUILT_IN, fined=True)
    assert (len(days), days[0], days[-1]) == (10, date(2025, 9, 16), date(2025, 9, 25))  # T35.
    assert clocks.days_that_may_be_added(told.history, BUILT_IN, fined=False) == ()
    alone = tale("CORRECT_BY_TERM", days=3).passes(days=10).rechecked(StepOutcome.REFUSED)
    assert clocks.days_that_may_be_added(alone.history, BUILT_IN, fined=True) == ()
    told.rechecked(StepOutcome.NOT_CORRECTED)
    assert clocks.days_that_may_be_added(told.history, BUILT_IN, fined=True) == ()
    stop = tale("STOP_PRODUCTION").confirmed().rechecked(StepOutcome.REFUSED)
    assert clocks.days_that_may_be_added(stop.history, BUILT_IN, fined=True) == ()


def test_a_follower_who_left_shows() -> None:
    told = tale("CORRECT_BY_TERM", days=3)
    told.takes(K.FOLLOWER_NAMED, HEAD, subject_id=ONE)
    told.history = replace(told.history, follower_left=True)
    assert Lacking.FOLLOWER_LEFT in lacking(told)
