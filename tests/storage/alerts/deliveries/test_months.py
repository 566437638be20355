"""Tests of what the ledger is told of deliveries: each month once, by a digest that a changed row betrays."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.sending import Sender
from storage.alerts.deliveries import months
from storage.alerts.deliveries.tables import DeliveryMonth
from storage.record.actor import keeper
from storage.record.clock import SHANGHAI
from storage.record.database import Database
from storage.record.work import perform
from tests.factories.alerts import Watch, watch_of
from tests.sites import Site


@pytest.fixture
async def watch(site: Site, workers: Database) -> Watch:
    watch = await watch_of(site, workers)
    await watch.alarms()
    await watch.climbs()
    await Sender(workers, {}, lambda: watch.began).turn()
    return watch


def behind(moment: datetime) -> datetime:
    """The first minute of the month that follows, in Guizhou."""
    return (moment.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0) + timedelta(days=32)).replace(day=1)


async def told(watch: Watch, now: datetime) -> DeliveryMonth | None:
    return await perform(watch.workers, keeper(), now.astimezone(UTC), months.tell_month)


async def test_a_month_that_is_over_is_told_once_with_the_digest_of_all_its_attempts(watch: Watch) -> None:
    over = behind(watch.began)
    assert await told(watch, over) is None, "a day's grace"
    month = await told(watch, over + months.GRACE)
    assert month is not None
    assert (month.month, month.attempts) == (
        f"{watch.began.astimezone(SHANGHAI):%Y-%m}", await watch.site.counted("deliveries"),
    )  # fmt: skip
    assert await told(watch, over + months.GRACE) is None
    assert (await watch.site.entries()).count("deliveries.told") == 1


async def test_a_delivery_that_was_changed_later_no_longer_gives_the_digest(watch: Watch) -> None:
    over = behind(watch.began)
    month = await told(watch, over + months.GRACE)
    assert month is not None
    begins = (over - timedelta(days=1)).replace(day=1)
    async with watch.workers.reading(keeper()) as sql:
        assert (await months.digest_between(sql, begins, over))[1] == month.digest
    await watch.site.rows.execute("SET session_replication_role = replica")
    await watch.site.rows.execute("UPDATE deliveries SET outcome = 'ACCEPTED'")
    async with watch.workers.reading(keeper()) as sql:
        assert (await months.digest_between(sql, begins, over))[1] != month.digest


async def test_a_month_without_any_attempt_is_told_too(watch: Watch) -> None:
    over = behind(watch.began)
    await told(watch, over + months.GRACE)
    empty = await told(watch, behind(over) + months.GRACE)
    assert empty is not None
    assert empty.attempts == 0


async def test_where_nothing_was_ever_sent_no_month_is_told(site: Site, workers: Database) -> None:
    watch = await watch_of(site, workers)
    assert await told(watch, behind(watch.began) + months.GRACE) is None
