"""Tests of deadlines on the worked cases of the law: each names its article and its days."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN, Deadline, Runs, YearNotPublished, deadline_of
from storage.record.law.deadlines import enforceable_from, first_day_after, within

pytestmark = pytest.mark.quick


def ends(key: str, start: date | datetime, count: int | None = None) -> Deadline:
    return deadline_of(BUILT_IN, key, start, count=count)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type] # Year to minute.


def test_a_hearing_may_be_asked_for_until_the_fifth_working_day_over_a_holiday_with_made_days() -> None:
    found = ends("hearing_request", date(2024, 9, 27))  # 处罚法64(1), 85
    assert found.ends == date(2024, 10, 10)
    assert found.counted == (
        date(2024, 9, 29), date(2024, 9, 30), date(2024, 10, 8), date(2024, 10, 9), date(2024, 10, 10)
    )  # fmt: skip
    assert (found.article, found.count, found.unit) == ("行政处罚法第六十四条", 5, "working days")


def test_what_is_served_by_public_notice_counts_from_the_later_day_and_so_does_payment() -> None:
    served = ends("public_notice", date(2026, 1, 19))  # 民诉法95
    assert (served.unmoved, served.ends, served.settled) == (date(2026, 2, 18), date(2026, 2, 24), False)
    assert ends("payment", served.ends).ends == date(2026, 3, 11)  # 处罚法67


def test_seven_whole_working_days_lie_between_the_notice_of_a_hearing_and_the_hearing() -> None:
    found = ends("hearing_notice", date(2025, 10, 20))  # 处罚法64(2)
    assert found.ends == date(2025, 10, 9)
    assert found.counted[0] == date(2025, 10, 10)
    assert found.counted[-1] == date(2025, 10, 17)


@pytest.mark.parametrize(
    ("registered", "decided"),
    [(date(2026, 2, 11), date(2026, 2, 27)), (date(2024, 2, 7), date(2024, 2, 22))],
)
def test_registered_evidence_is_decided_within_seven_working_days(registered: date, decided: date) -> None:
    assert ends("registered_evidence_decision", registered).ends == decided  # 处罚法56, 85


def test_a_penalty_on_a_unit_is_published_within_seven_working_days() -> None:
    assert ends("penalty_published", date(2025, 9, 26)).ends == date(2025, 10, 13)  # 安法78


def test_a_revoked_penalty_is_withdrawn_from_the_public_within_three_working_days() -> None:
    assert ends("withdrawal_of_disclosure", date(2026, 2, 13)).ends == date(2026, 2, 25)  # 处罚法48, 85


def test_a_stop_and_a_restart_are_announced_within_five_working_days() -> None:
    assert ends("stop_announced", date(2026, 2, 13)).ends == date(2026, 2, 27)  # 条例49
    assert ends("restart_announced", date(2024, 10, 12)).ends == date(2024, 10, 18)


def test_the_fifteenth_day_of_payment_in_a_holiday_moves_to_the_next_working_day() -> None:
    found = ends("payment", date(2025, 9, 18))  # 处罚法67
    assert (found.unmoved, found.ends) == (date(2025, 10, 3), date(2025, 10, 9))


def test_the_ninety_days_of_a_case_do_not_move_but_warn_on_the_last_working_day() -> None:
    found = ends("decision", date(2025, 11, 20))  # 处罚法60
    assert (found.ends, found.alarm) == (date(2026, 2, 18), date(2026, 2, 14))


def test_the_day_of_seizure_is_the_first_of_thirty_and_the_extension_follows_it() -> None:
    found = ends("seizure", date(2026, 1, 20))  # 强制法25
    assert (found.ends, found.alarm) == (date(2026, 2, 18), date(2026, 2, 14))
    assert ends("seizure_extension", found.ends).ends == date(2026, 3, 20)


def test_an_urgent_seizure_is_approved_within_twenty_four_hours_holiday_or_not() -> None:
    found = ends("urgent_measure_report", at(2025, 10, 1, 14, 20))  # 强制法19
    assert found.over_at() == at(2025, 10, 2, 14, 20)
    assert not found.is_over(at(2025, 10, 2, 14, 19))
    assert found.is_over(at(2025, 10, 2, 14, 20))


def test_power_is_cut_neither_at_night_nor_in_the_holiday_after_the_notice_unless_in_an_emergency() -> None:
    noticed = ends("power_cut_notice", at(2026, 2, 16, 9, 0))  # 安法70, 强制法43
    assert noticed.over_at() == at(2026, 2, 17, 9, 0)
    assert enforceable_from(BUILT_IN, noticed.over_at(), urgent=False) == at(2026, 2, 24, 6, 0)
    assert enforceable_from(BUILT_IN, noticed.over_at(), urgent=True) == at(2026, 2, 17, 9, 0)
    assert enforceable_from(BUILT_IN, at(2026, 3, 2, 23, 0), urgent=False) == at(2026, 3, 3, 6, 0)
    assert enforceable_from(BUILT_IN, at(2026, 3, 2, 3, 0), urgent=False) == at(2026, 3, 2, 6, 0)


def test_a_transfer_to_the_police_is_decided_in_three_calendar_days_and_handed_over_in_a_day() -> None:
    found = ends("transfer_decision", date(2025, 9, 30))  # 移送规定5
    assert (found.ends, found.alarm) == (date(2025, 10, 3), date(2025, 9, 30))
    assert ends("transfer_handover", at(2025, 10, 3, 10, 0)).over_at() == at(2025, 10, 4, 10, 0)


def test_a_review_that_came_to_the_agency_is_forwarded_in_five_working_days_over_the_new_year() -> None:
    assert ends("review_forwarding", date(2025, 12, 30)).ends == date(2026, 1, 7)  # 复议法32


def test_a_direct_suit_ends_at_the_end_of_a_shorter_month_and_a_made_workday_does_not_move_it() -> None:
    found = ends("suit_direct", date(2025, 8, 31))  # 行诉法46, 民法典202
    assert (found.ends, found.unmoved) == (date(2026, 2, 28), date(2026, 2, 28))


def test_the_court_is_asked_within_three_months_and_after_ten_working_days_from_the_demand() -> None:
    suit = ends("suit_direct", date(2025, 3, 10))  # 强制法53, 54, 69
    assert suit.ends == date(2025, 9, 10)
    court = ends("court_application", suit.ends)
    assert court.ends == date(2025, 12, 10)
    assert first_day_after(ends("demand", date(2025, 11, 20))) == date(2025, 12, 5)
    assert first_day_after(ends("demand", date(2025, 11, 25))) <= court.ends
    assert first_day_after(ends("demand", date(2025, 11, 26))) > court.ends


def test_other_results_and_requests_for_information_take_twenty_working_days() -> None:
    assert ends("other_result_published", date(2025, 12, 25)).ends == date(2026, 1, 23)  # 公开条例26
    asked = ends("information_answer", date(2026, 1, 28))  # 公开条例33
    assert asked.ends == date(2026, 3, 3)
    assert ends("information_answer_extension", asked.ends).ends == date(2026, 3, 31)


def test_a_licence_is_decided_by_the_rule_and_warned_of_by_the_regulation() -> None:
    assert ends("licence_change_filed", date(2025, 9, 25)).ends == date(2025, 10, 15)  # 实施办法20
    regulation = ends("licence_decision_regulation", date(2026, 1, 5))  # 许可证条例7
    assert (regulation.ends, regulation.alarm) == (date(2026, 2, 19), date(2026, 2, 14))
    assert ends("licence_decision_rule", date(2026, 1, 5)).ends == date(2026, 3, 13)  # 实施办法15


def test_twice_producing_with_major_hazards_counts_within_three_months_to_the_day() -> None:
    first = date(2025, 7, 15)  # 条例70(2)
    assert within(BUILT_IN, "producing_with_major_hazards", start=first, day=date(2025, 10, 15))
    assert not within(BUILT_IN, "producing_with_major_hazards", start=first, day=date(2025, 10, 16))


def test_limitation_runs_two_years_or_five_with_harm() -> None:
    ended = date(2022, 3, 1)  # 处罚法36
    assert not within(BUILT_IN, "limitation", start=ended, day=date(2024, 3, 2))
    assert deadline_of(BUILT_IN, "limitation_of_harm", ended, on=date(2024, 3, 2)).ends == date(2027, 3, 1)


def test_working_days_are_never_guessed_beyond_the_published_calendar() -> None:
    last = max(BUILT_IN.calendar.years)
    with pytest.raises(YearNotPublished):
        ends("hearing_request", date(last, 12, 30))
    beyond = ends("payment", date(last, 12, 25))
    assert (beyond.provisional, beyond.ends) == (True, date(last + 1, 1, 9))


def test_days_that_officials_enter_make_a_year_known() -> None:
    year = max(BUILT_IN.calendar.years) + 1
    changed = BUILT_IN.with_changes((), {date(year, 1, 1): False})
    assert deadline_of(changed, "hearing_request", date(year - 1, 12, 31)).ends > date(year, 1, 1)


_STARTS = st.dates(date(2024, 6, 1), date(2026, 6, 1))
_PERIODS = sorted(key for key, many in BUILT_IN.parameters.items() if many[0].runs and many[0].unit != "hours")
_HELD = st.sampled_from(_PERIODS)


@given(key=_HELD, start=_STARTS)
def test_every_period_ends_after_its_start_in_order_and_explains_its_days(key: str, start: date) -> None:
    found = deadline_of(BUILT_IN, key, start, on=date(2026, 11, 1))
    runs = BUILT_IN.parameter(key, date(2026, 11, 1)).runs
    assert (found.ends < start) == (runs is Runs.BEFORE)
    assert found.alarm <= found.ends
    assert found.ends >= found.unmoved
    assert found.provisional or BUILT_IN.calendar.is_working(found.alarm)
    if found.unit == "working days":
        assert len(found.counted) == found.count
        assert all(BUILT_IN.calendar.is_working(day) for day in found.counted)
    if runs is Runs.PARTY and not found.provisional:
        assert BUILT_IN.calendar.is_working(found.ends)


@given(key=_HELD, start=_STARTS)
def test_a_later_start_never_ends_earlier(key: str, start: date) -> None:
    on = date(2026, 11, 1)
    one, next_ = (deadline_of(BUILT_IN, key, day, on=on) for day in (start, start + timedelta(days=1)))
    assert one.ends <= next_.ends
