"""Tests of surcharges and daily penalties on the worked cases of the law."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.law import BUILT_IN
from storage.record.law.money import Stay, days_of_daily_penalty, surcharge

pytestmark = pytest.mark.quick

DUE = date(2025, 10, 9)
YUAN = 100


def test_eleven_days_late_cost_three_per_cent_each_the_day_of_payment_counted() -> None:
    found = surcharge(BUILT_IN, fine=500_000 * YUAN, due=DUE, until=date(2025, 10, 20))  # 处罚法72(1)
    assert (found.days, found.sum, found.capped) == (11, 165_000 * YUAN, False)


def test_a_surcharge_ends_at_the_fine() -> None:
    before = surcharge(BUILT_IN, fine=500_000 * YUAN, due=DUE, until=date(2025, 11, 11))  # 强制法45
    assert (before.days, before.sum) == (33, 495_000 * YUAN)
    for day in (date(2025, 11, 12), date(2026, 11, 12)):
        found = surcharge(BUILT_IN, fine=500_000 * YUAN, due=DUE, until=day)
        assert (found.sum, found.capped) == (500_000 * YUAN, True)


def test_no_surcharge_grows_while_a_review_runs() -> None:
    stay = Stay(date(2025, 3, 27), date(2025, 5, 26))  # 处罚法73
    found = surcharge(BUILT_IN, fine=200_000 * YUAN, due=date(2025, 3, 17), until=date(2025, 6, 5), stays=[stay])
    assert (found.days, found.sum) == (19, 114_000 * YUAN)


def test_who_pays_in_time_pays_no_surcharge() -> None:
    assert surcharge(BUILT_IN, fine=500_000 * YUAN, due=DUE, until=DUE).sum == 0


def test_the_sum_may_be_repeated_from_the_day_after_the_order_to_the_recheck() -> None:
    days = days_of_daily_penalty(ordered=date(2025, 3, 3), rechecked=date(2025, 3, 13))  # 安法112
    assert (days[0], days[-1], len(days)) == (date(2025, 3, 4), date(2025, 3, 13), 10)


@given(fine=st.integers(1, 10**12), late=st.integers(0, 400), stay=st.integers(0, 400))
def test_a_surcharge_never_exceeds_the_fine_and_a_stay_never_makes_it_dearer(fine: int, late: int, stay: int) -> None:
    until = date.fromordinal(DUE.toordinal() + late)
    plain = surcharge(BUILT_IN, fine=fine, due=DUE, until=until)
    stayed = surcharge(
        BUILT_IN, fine=fine, due=DUE, until=until, stays=[Stay(date.fromordinal(DUE.toordinal() + stay))]
    )
    assert 0 <= stayed.sum <= plain.sum <= fine
