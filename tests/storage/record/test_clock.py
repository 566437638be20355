"""Tests of how moments become what rows, papers and the law go by."""

from datetime import UTC, date, datetime

from storage.record.clock import day_of


def test_the_day_of_law_is_that_of_shanghai() -> None:
    assert day_of(datetime(2026, 11, 24, 15, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert day_of(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == date(2026, 11, 25)
