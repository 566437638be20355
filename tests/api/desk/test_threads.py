"""Tests of threads at a desk: the order in which they are read."""

import pytest

from api.desk.acts import came
from api.desk.threads import Opened

pytestmark = pytest.mark.quick


def opened(id: str, hour: str, *, office: bool = False, identity: bool = False) -> Opened:
    return Opened(id=id, office=office, hour=hour, identity=identity, said=None)


def test_what_the_office_says_by_its_hour_stands_behind_the_urgent_filing_of_that_hour() -> None:
    thread = [
        opened("reply", "2026-11-29T13:00:00Z", office=True),
        opened("later", "2026-11-29T15:00:00Z"),
        opened("identity", "2026-11-29T13:07:00Z", identity=True),
        opened("filing", "2026-11-29T13:07:00Z"),
        opened("next", "2026-11-29T14:00:00Z", office=True),
    ]
    assert [one.id for one in sorted(thread, key=Opened.order)] == ["filing", "identity", "reply", "next", "later"]


def test_an_urgent_report_came_at_its_minute_and_any_other_within_its_hour() -> None:
    told = {"hour": "2026-11-29T05:07:00Z"}
    assert came(told | {"urgent": True}) == "2026-11-29T05:07:00Z"
    assert came(told | {"urgent": False}) == "2026-11-29 13:00–14:00"
