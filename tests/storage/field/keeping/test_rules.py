"""Tests of the rules of keeping: months of the calendar, longest terms, and what lets a piece go."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.field.evidence.rules import TRANSITIONS
from storage.field.evidence.tables import EvidenceState
from storage.field.keeping import rules
from storage.field.keeping.rules import Kept
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN
from storage.record.law.periods import months_after
from storage.record.problems import BadInput

pytestmark = pytest.mark.quick

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
FREE = Kept(EvidenceState.SEALED, NOW, NOW, held=False, hold_wanted=False, erasing=False)


def shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (shanghai(2026, 1, 15, 9), shanghai(2026, 7, 16)),
        (shanghai(2026, 8, 31, 23, 59), shanghai(2027, 3, 1)),
        (shanghai(2027, 8, 31), shanghai(2028, 3, 1)),
        (shanghai(2026, 12, 31), shanghai(2027, 7, 1)),
        (shanghai(2026, 8, 28), shanghai(2027, 3, 1)),
        # Four in the afternoon in London is already the next day in Shanghai.
        (datetime(2026, 1, 15, 16, 0, tzinfo=UTC), shanghai(2026, 7, 17)),
        (datetime(2026, 1, 15, 15, 59, tzinfo=UTC), shanghai(2026, 7, 16)),
    ],
)
def test_six_months_end_with_the_day_of_the_same_number_or_the_last_of_the_month(
    start: datetime, end: datetime
) -> None:
    assert rules.floor_ends(start, BUILT_IN) == end


@given(some.integers(0, 60 * 366 * 86_400), some.integers(0, 480))
def test_a_period_of_months_ends_at_a_midnight_of_shanghai_and_never_early(seconds: int, months: int) -> None:
    start = NOW + timedelta(seconds=seconds)
    end = months_after(start, months).astimezone(SHANGHAI)
    assert end.time() == time()
    last, first = end.date() - DAY, start.astimezone(SHANGHAI).date()
    assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == months
    assert last.day == first.day or (last.day < first.day and (last + DAY).day == 1)


def test_a_floor_that_is_set_replaces_the_months_and_ends_on_a_whole_second() -> None:
    start = NOW + timedelta(milliseconds=1)
    assert rules.floor_ends(start, BUILT_IN, timedelta(seconds=5)) == NOW + 6 * SECOND
    assert rules.floor_ends(NOW, BUILT_IN, timedelta(seconds=5)) == NOW + 5 * SECOND


def test_a_term_must_outlast_all_others_and_now() -> None:
    rules.must_be_longer(NOW + SECOND, law=BUILT_IN, now=NOW, known=[NOW - DAY])
    for until, known in ((NOW, []), (NOW + DAY, [NOW + DAY]), (NOW + DAY, [NOW, NOW + 2 * DAY])):
        with pytest.raises(rules.RetentionNotLonger):
            rules.must_be_longer(until, law=BUILT_IN, now=NOW, known=known)


def test_a_term_ends_within_thirty_years() -> None:
    last = months_after(NOW, 360)
    assert last.astimezone(SHANGHAI).date() == date(2056, 11, 25)
    rules.must_be_longer(last, law=BUILT_IN, now=NOW, known=[])
    with pytest.raises(rules.RetentionTooLong) as refusal:
        rules.must_be_longer(last + SECOND, law=BUILT_IN, now=NOW, known=[])
    assert refusal.value.parameters == {"years": 30}


def test_what_is_kept_for_ever_is_locked_anew_when_half_is_left() -> None:
    assert rules.longer_for_ever(NOW + 6 * DAY, NOW, 10 * DAY) is None
    assert rules.longer_for_ever(NOW + 5 * DAY, NOW, 10 * DAY) == NOW + 10 * DAY
    assert rules.longer_for_ever(NOW - DAY, NOW, 10 * DAY) == NOW + 10 * DAY


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"state": EvidenceState.QUARANTINED}, rules.EvidenceNotKept),
        ({"state": EvidenceState.ERASED}, rules.EvidenceNotKept),
        ({"state": EvidenceState.DECLARED}, rules.EvidenceNotKept),
        ({"held": True}, rules.EvidenceHeld),
        ({"hold_wanted": True}, rules.EvidenceHeld),
        ({"erasing": True}, rules.ErasureApprovedAlready),
        ({"retain_until": NOW + SECOND}, rules.EvidenceRetained),
        ({"retained_until": NOW + SECOND}, rules.EvidenceRetained),
    ],
)
def test_every_single_fact_keeps_a_piece_from_going(
    change: dict[str, object], problem: type[rules.EvidenceHeld]
) -> None:
    rules.must_be_erasable(FREE, now=NOW)
    with pytest.raises(problem):
        rules.must_be_erasable(replace(FREE, **change), now=NOW)  # type: ignore[arg-type] # Each is a field of it.


def test_one_person_is_not_two() -> None:
    one = uuid4()
    rules.must_be_another(one, uuid4())
    with pytest.raises(rules.ErasureNeedsTwoPeople):
        rules.must_be_another(one, UUID(str(one)))


def test_a_hold_is_open_until_lifted_and_a_case_holds_its_own() -> None:
    rules.must_be_open(None, case_id=None)
    with pytest.raises(rules.HoldAlreadyLifted):
        rules.must_be_open(NOW, case_id=None)
    with pytest.raises(rules.HoldOfCase):
        rules.must_be_open(None, case_id=uuid4())


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_a_reason_says_something_and_not_too_much(text: str) -> None:
    rules.must_be_reasoned(article="a", reason="x" * 500)
    with pytest.raises(BadInput):
        rules.must_be_reasoned(article="a", reason=text)
    with pytest.raises(BadInput):
        rules.must_be_reasoned(article=text, reason="a")


def test_a_worker_waits_longer_each_time_up_to_an_hour() -> None:
    waits = [rules.wait_after(attempts) for attempts in range(20)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


def test_only_what_is_sealed_can_be_erased_and_nothing_comes_back() -> None:
    assert [state for state, ways in TRANSITIONS.items() if EvidenceState.ERASED in ways] == [EvidenceState.SEALED]
    assert TRANSITIONS[EvidenceState.ERASED] == frozenset()
