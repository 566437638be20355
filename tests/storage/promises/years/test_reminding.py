"""Tests of reminders and of the sweep: who has not signed is told ahead of the day and behind it, once each."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.promises.breaches.rules import ANSWERED, DECIDED
from storage.promises.commitments.ending import end_commitments
from storage.promises.sweeping import KINDS, OVERDUE, record_overruns
from storage.promises.years.comparing import SIGNING_REMINDERS
from storage.record.actor import Role, keeper
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.work import perform
from storage.register.mines.tables import MineState
from tests.factories.breaches import YEAR, approve_template, broken_of, lead_mine, sign
from tests.sites import NOW, PANZHOU, Site

BEFORE, AHEAD, LAST, LATE = (
    datetime(YEAR, month, day, 4, tzinfo=UTC) for month, day in ((1, 20), (1, 21), (1, 31), (2, 1))
)


async def sweep(workers: Database, at: datetime, limit: int = 50) -> int:
    return await perform(workers, keeper(), at, record_overruns, limit=limit)


async def reminded(site: Site) -> list[tuple[Any, bool]]:
    rows = await site.rows.fetch("SELECT mine_id, overdue FROM signing_reminders ORDER BY reminded_at, id")
    return [(row["mine_id"], row["overdue"]) for row in rows]


async def test_who_has_not_signed_is_reminded_ahead_and_behind_once_each(site: Site, workers: Database) -> None:
    await approve_template(site)
    assert await sweep(workers, BEFORE) == 0
    both = {site.mine, site.far_mine}
    for at, times in ((AHEAD, 1), (LAST, 1), (LATE, 2), (NOW, 2)):
        await sweep(workers, at)
        found = await reminded(site)
        assert {mine for mine, _ in found} == both  # The third is closed.
        assert len(found) == 2 * times
    assert [overdue for _, overdue in await reminded(site)] == [False, False, True, True]
    assert (await site.entries()).count("commitment.reminded") == 4


async def test_who_is_late_already_is_not_told_first_that_he_will_be(site: Site, workers: Database) -> None:
    await approve_template(site)
    await sweep(workers, LATE)
    assert [overdue for _, overdue in await reminded(site)] == [True, True]
    assert await sweep(workers, NOW) == 0


async def test_nobody_is_reminded_without_a_template_nor_who_signed_or_stands_still(
    site: Site, workers: Database
) -> None:
    await sweep(workers, LATE)
    assert await reminded(site) == []
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    await lead_mine(site, site.mine, principal)
    signed = await sign(site, principal, at=BEFORE)
    await site.rows.execute("UPDATE mines SET state = $1 WHERE id = $2", MineState.SUSPENDED.value, site.far_mine)
    await sweep(workers, LATE)
    assert await reminded(site) == []
    await site.put("commitment_endings", commitment_id=signed, mine_id=site.mine, county=PANZHOU, office="GZ-1",
                   cause="PRINCIPAL_CHANGED", ended_at=LATE)  # fmt: skip
    await sweep(workers, LATE)
    assert await reminded(site) == [(site.mine, True)]


async def test_a_mine_is_reminded_once_the_record_says_that_its_commitment_ended(site: Site, workers: Database) -> None:
    broken = await broken_of(site)
    await sweep(workers, NOW)
    assert (site.mine, True) not in await reminded(site)
    await site.rows.execute("UPDATE posts SET to_day = $1, ended_at = $2", (NOW - timedelta(days=2)).date(), NOW)
    assert await perform(workers, keeper(), NOW, end_commitments, limit=10) == 1
    await sweep(workers, NOW)
    assert (site.mine, True) in await reminded(site)
    ended = await site.rows.fetchrow("SELECT commitment_id, cause FROM commitment_endings")
    assert ended is not None
    assert tuple(ended) == (broken.commitment, "PRINCIPAL_CHANGED")


async def test_the_leads_and_heads_of_its_county_and_office_are_told_too(site: Site, workers: Database) -> None:
    await approve_template(site)
    told = [
        await site.person(Role.LEAD), await site.person(Role.AGENCY_HEAD, county=None, office="GZ-1"),
    ]  # fmt: skip
    await site.person(Role.INSPECTOR)
    await site.person(Role.LEAD, county="520201")
    await sweep(workers, LATE)
    row = await site.rows.fetchrow("SELECT officers FROM signing_reminders WHERE mine_id = $1", site.mine)
    assert row is not None
    assert set(row["officers"]) == {one.account_id for one in told}


async def test_batches_go_on_where_one_ended(site: Site, workers: Database) -> None:
    await approve_template(site)
    assert [await sweep(workers, LATE, limit=1) for _ in range(3)] == [1, 1, 0]


async def test_the_rows_are_what_the_entries_say(site: Site, workers: Database) -> None:
    await approve_template(site)
    await site.person(Role.LEAD)
    await sweep(workers, AHEAD)

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    assert [one async for one in comparing.differences(page, SIGNING_REMINDERS)] == []


async def told_of(site: Site) -> list[str]:
    rows = await site.rows.fetch(
        "SELECT p.payload FROM payloads p JOIN entries e ON e.id = p.entry_id WHERE e.kind = 'breach.clock_overrun'"
        " ORDER BY e.at, e.id"
    )
    return [key for row in rows for key in (ANSWERED, DECIDED) if key.encode() in bytes(row["payload"])]


async def overdue_at(site: Site, at: datetime) -> int:
    return len(await site.rows.fetch(OVERDUE, 50, at))


async def test_a_breach_nobody_answers_or_decides_is_told_once_of_each_clock(site: Site, workers: Database) -> None:
    broken = await broken_of(site)
    silent, answered = await broken.finds(), await broken.finds(key="CLAUSE_SYSTEM")
    await broken.answers(answered.id)
    await sweep(workers, NOW + timedelta(days=5))
    assert await told_of(site) == []
    for _ in range(2):
        await sweep(workers, NOW + timedelta(days=20))
        assert await told_of(site) == [ANSWERED]
    await sweep(workers, NOW + timedelta(days=30))
    assert await told_of(site) == [ANSWERED, DECIDED]
    payload = await site.rows.fetchval(
        "SELECT p.payload FROM payloads p JOIN entries e ON e.id = p.entry_id WHERE e.kind = 'breach.clock_overrun'"
        " LIMIT 1"
    )
    assert str(broken.check.lead.account_id).encode() in bytes(payload)  # Whoever found it is told.
    overdue = await overdue_at(site, NOW + timedelta(days=30))
    broken.now += timedelta(days=30)
    for one in (silent, answered):
        await broken.decides(one.id)
    # The mine's own time binds no officer: of both clocks that ran out one was counted.
    assert await overdue_at(site, NOW + timedelta(days=30)) == overdue - 1


@pytest.mark.quick
def test_every_kind_of_clock_has_a_name_of_its_own() -> None:
    assert len({(one.entry, one.table) for one in KINDS}) == len(KINDS)
