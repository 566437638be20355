"""Tests of who answers at a minute: plans, hand-overs, absence, silence."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.alerts.rosters import rules
from storage.alerts.rosters.rules import Chain, Handover, Roster, Seat, on_duty
from storage.alerts.rosters.tables import Away
from storage.record.problems import BadInput

pytestmark = pytest.mark.quick

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
SEAT = Seat(county="520281")
HOUR = timedelta(hours=1)


def told(roster: Roster) -> list[UUID]:
    return [one.account_id for one in on_duty(roster, now=NOW)]


def handed(*, given_at: datetime, taken: bool) -> Handover:
    return Handover(id=UUID(int=9), from_id=A, to_id=B, given_at=given_at, taken_at=NOW if taken else None)


def test_the_plan_of_the_minute_says_who_answers_and_in_which_order() -> None:
    assert told(Roster(seat=SEAT, planned=(A, B), begins_at=NOW - HOUR)) == [A, B]


def test_whoever_had_the_shift_before_stands_behind_its_first_while_nobody_spoke_of_handing_over() -> None:
    assert told(Roster(seat=SEAT, planned=(B, C), begins_at=NOW - HOUR, before=(A,))) == [B, A, C]


def test_a_shift_that_was_given_and_not_taken_is_still_with_the_giver() -> None:
    roster = Roster(seat=SEAT, planned=(B, C), begins_at=NOW, before=(A,), handover=handed(given_at=NOW, taken=False))
    assert told(roster) == [A, B, C]


def test_whoever_took_the_shift_stands_first_and_the_giver_is_free() -> None:
    roster = Roster(seat=SEAT, planned=(C, B), begins_at=NOW, before=(A,), handover=handed(given_at=NOW, taken=True))
    assert told(roster) == [B, C]


def test_a_hand_over_of_an_earlier_shift_says_nothing_of_this_one() -> None:
    old = handed(given_at=NOW - HOUR * 6, taken=True)
    assert told(Roster(seat=SEAT, planned=(C,), begins_at=NOW - HOUR, before=(B,), handover=old)) == [C, B]


def test_where_nobody_is_planned_whoever_had_it_last_stays() -> None:
    assert told(Roster(seat=SEAT, before=(A, B))) == [A, B]
    assert told(Roster(seat=SEAT)) == []


def test_the_absent_stand_in_the_order_with_their_reason() -> None:
    roster = Roster(seat=SEAT, planned=(A, B), begins_at=NOW, away={A: Away.UNDERGROUND})
    assert [(one.account_id, one.passed_over) for one in on_duty(roster, now=NOW)] == [(A, Away.UNDERGROUND), (B, None)]


@pytest.mark.parametrize(("seconds", "silent"), [(0, False), (60, False), (61, True)])
def test_a_duty_page_is_silent_after_sixty_seconds(seconds: int, silent: bool) -> None:
    roster = Roster(seat=SEAT, planned=(A,), awake={A: NOW - timedelta(seconds=seconds)})
    assert on_duty(roster, now=NOW)[0].silent is silent


def test_a_duty_page_that_was_never_there_is_silent() -> None:
    assert rules.is_silent(None, now=NOW)


people = st.lists(st.sampled_from([A, B, C, UUID(int=4)]), unique=True, max_size=4)


@given(planned=people, before=people, given_at=st.integers(-10, 2), taken=st.booleans(), spoken=st.booleans())
def test_everybody_planned_is_told_once_and_somebody_is_told_if_anybody_ever_was(
    planned: list[UUID], before: list[UUID], given_at: int, taken: bool, spoken: bool
) -> None:
    handover = handed(given_at=NOW + given_at * HOUR, taken=taken) if spoken else None
    roster = Roster(seat=SEAT, planned=planned, begins_at=NOW if planned else None, before=before, handover=handover)
    order = told(roster)
    assert len(order) == len(set(order))
    assert set(planned) <= set(order)
    assert bool(order) == bool(planned or before or handover)


def test_a_seat_is_a_division_or_an_office() -> None:
    assert (Seat(county="52").chain, Seat(office="GZ-1").chain) == (Chain.DEPARTMENT, Chain.OFFICE)
    for county, office in ((None, None), ("52", "GZ-1")):
        with pytest.raises(BadInput):
            Seat(county, office)


@pytest.mark.parametrize(("accounts", "begins", "ends"), [
    ([], 0, 1), ([A, A], 0, 1), ([UUID(int=one) for one in range(13)], 0, 1), ([A], 1, 1), ([A], 0, 24 * 40 + 1),
    ([A], -3, 0),
])  # fmt: skip
def test_what_is_no_plan_is_bad_input(accounts: list[UUID], begins: int, ends: int) -> None:
    with pytest.raises(BadInput):
        rules.must_be_a_plan(accounts, begins_at=NOW + begins * HOUR, ends_at=NOW + ends * HOUR, now=NOW)


def test_the_limits_of_a_plan_hold() -> None:
    rules.must_be_a_plan([A], begins_at=NOW, ends_at=NOW + timedelta(days=40), now=NOW)
    rules.must_be_an_absence(NOW, NOW + timedelta(days=400))
    with pytest.raises(BadInput):
        rules.must_be_an_absence(NOW, NOW)
