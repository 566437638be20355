"""Tests of the ladder and of who may take an alert: pure."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.alerts.alerts import rules
from storage.alerts.alerts.kinds import AGAIN, LADDER
from storage.alerts.alerts.tables import Climb
from storage.alerts.rosters.rules import Chain

pytestmark = pytest.mark.quick

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def climb(**changes: Any) -> Climb:
    return Climb(
        id=UUID(int=1), incident_id=UUID(int=2), chain=Chain.DEPARTMENT, county="520281", began_at=NOW, round=0,
        rung=0, next_at=NOW, **changes,
    )  # fmt: skip


def test_the_ladder_goes_up_minute_by_minute_and_begins_anew() -> None:
    rung, began_at, due = 0, NOW, []
    for _ in range(len(LADDER) + 1):
        rung, began_at, at = rules.next_of(began_at=began_at, rung=rung, now=NOW)
        due.append((rung, (at - NOW) // timedelta(minutes=1)))
    assert due == [(1, 1), (2, 3), (3, 7), (4, 15), (0, 30), (1, 31)]


@given(late=st.integers(0, 10_000), rung=st.integers(0, len(LADDER) - 1))
def test_no_round_begins_before_now_and_none_is_later_than_its_wait(late: int, rung: int) -> None:
    now = NOW + timedelta(minutes=late)
    following, began_at, due = rules.next_of(began_at=NOW, rung=rung, now=now)
    if following:
        assert (began_at, due) == (NOW, NOW + LADDER[following].after)
    else:
        assert due == began_at == max(now, NOW + LADDER[-1].after + AGAIN)


def test_nobody_takes_what_is_not_his_or_what_another_has() -> None:
    with pytest.raises(rules.AlertNotYours):
        rules.must_be_free([])
    with pytest.raises(rules.AlertTaken):
        rules.must_be_free([climb(), climb(taken_by=UUID(int=7), taken_at=NOW)])
    rules.must_be_free([climb()])


def test_what_is_over_is_taken_by_nobody() -> None:
    rules.must_be_open(None)
    with pytest.raises(rules.AlertEnded):
        rules.must_be_open(NOW)
