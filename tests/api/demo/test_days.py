"""The days of a story by the law's calendar, on whatever day of a year it is played; the clock that each call says."""

from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from api.demo.days import Dates, Sandbox, Today, at, dates_from, one_day, the_newest_past
from api.sample_people import BEFORE
from api.sandbox import asked_in
from storage.record.law import BUILT_IN, Law, YearNotPublished

pytestmark = pytest.mark.quick
LAST = max(BUILT_IN.calendar.years)
YEAR = [date(LAST, 1, 1) + timedelta(days=number) for number in range(365)]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def in_order(dates: Dates) -> bool:
    return all(one < other for one, other in pairwise(astuple(dates)))


@pytest.mark.parametrize("day", YEAR[::5], ids=str)
def test_a_story_that_is_over_can_be_played_on_any_day_of_a_year(day: date) -> None:
    dates = the_newest_past(noon(day), BUILT_IN)
    assert in_order(dates)
    assert dates.closed <= day
    assert day - dates.closed < timedelta(days=20), "the newest, but for the holidays in between"
    assert noon(day) - BEFORE < at(dates.prepared, 0), "no call asks for a clock that goes further back"


def test_it_ends_in_the_last_year_of_which_the_holidays_are_published() -> None:
    assert the_newest_past(noon(date(LAST + 1, 3, 1)), BUILT_IN).closed.year == LAST
    with pytest.raises(YearNotPublished):
        the_newest_past(noon(date(LAST + 3, 1, 1)), BUILT_IN)


@pytest.mark.parametrize("first", YEAR[:240:7], ids=str)
def test_the_days_keep_the_terms_of_the_law(first: date) -> None:
    law, dates = BUILT_IN, dates_from(first, BUILT_IN)
    between = law.calendar.working_days_before(dates.heard, law.number("hearing_notice", dates.told))
    assert between[-1] > dates.told
    assert law.calendar.nth_working_day_after(dates.told, 1) == between[-1]
    assert dates.asked <= law.calendar.nth_working_day_after(
        dates.noticed, law.number("hearing_request", dates.noticed)
    )
    assert dates.paid < dates.served + timedelta(days=law.number("payment", dates.served))
    assert dates.filed <= dates.served + timedelta(days=law.number("review_application", dates.served))
    assert all(law.calendar.is_working(day) for day in astuple(dates))


def test_one_day_announces_the_hearing_and_guesses_nothing_where_no_holidays_are_published() -> None:
    dates = one_day(date(2026, 3, 2), BUILT_IN)
    assert (dates.opened, dates.closed, dates.heard) == (date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 12))
    unpublished: Law = replace(BUILT_IN, calendar=replace(BUILT_IN.calendar, years=frozenset()))
    assert one_day(date(2026, 3, 2), unpublished).heard > date(2026, 3, 2)


def test_the_clock_of_the_sandbox_goes_forward_and_is_said_to_the_api_alone() -> None:
    machine = noon(date(2026, 11, 28))
    clock = Sandbox(lambda: machine)
    clock.on(at(date(2026, 3, 2), 9))
    assert clock() == at(date(2026, 3, 2), 9)
    clock.on(at(date(2026, 3, 1), 9))
    assert clock() == at(date(2026, 3, 2), 9)
    call, upload = httpx.Request("POST", "http://here/graphql"), httpx.Request("PUT", "http://here/bucket/name")
    clock.asks(call)
    clock.asks(upload)
    assert machine + timedelta(milliseconds=asked_in(call.headers["pithead-sandbox"]).clock) == clock()
    assert "pithead-sandbox" not in upload.headers


def test_where_no_day_passes_the_clock_is_this_machines() -> None:
    clock = Today()
    clock.on(at(date(2100, 1, 1), 9))
    assert clock().year < 2100
    assert not clock.passes
