"""Tests of the sweep over the clocks of reports and retaliation: what ran out is told once, one level up."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.miners.refusals import examining
from storage.miners.refusals.retaliating import Examined
from storage.miners.refusals.tables import RetaliationStepKind as Revenge
from storage.miners.sweeping import KINDS, record_overruns
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.work import perform
from storage.register.mines.queries import UPPER, upper_of
from tests.factories.refusals import Ground, ground_of
from tests.sites import NOW, Site

DAY = timedelta(days=1)


@pytest.fixture
async def ground(site: Site, workers: Database) -> Ground:
    return await ground_of(site, workers)


async def sweep(ground: Ground, at: datetime) -> int:
    return await perform(ground.workers, keeper(), at, record_overruns, limit=50)


async def told(ground: Ground) -> list[tuple[str, Any]]:
    rows = await ground.site.rows.fetch(
        "SELECT p.payload, p.county, p.office, p.mine_id FROM payloads p JOIN entries e ON e.id = p.entry_id"
        " WHERE e.kind = 'retaliation.clock_overrun' ORDER BY e.at, e.id"
    )
    return [(json.loads(row["payload"])["data"]["key"], tuple(row)[1:]) for row in rows]


async def examines(ground: Ground, matter: Any, kind: Revenge, at: datetime) -> None:
    step = Examined(id=uuid4(), kind=kind, words="调取了考勤和工资记录")
    await perform(
        ground.site.database, ground.verification, at, examining.examine_retaliation, retaliation_id=matter,
        examined=step,
    )  # fmt: skip


async def test_20_nobody_who_looks_into_revenge_in_time_is_told_once_of_each_clock_one_level_up(ground: Ground) -> None:
    await ground.suffers()
    assert await sweep(ground, NOW + 2 * DAY) == 0
    up = ("5202", None, None)
    for _ in range(2):
        await sweep(ground, NOW + 4 * DAY)
        assert await told(ground) == [("retaliation_looked_into", up)]
    await sweep(ground, NOW + 17 * DAY)
    assert await told(ground) == [("retaliation_looked_into", up), ("retaliation_answered", up)]


async def test_20_a_step_in_time_meets_its_clock_and_a_late_one_takes_nothing_back(ground: Ground) -> None:
    in_time, late = (await ground.suffers()).id, (await ground.suffers()).id
    await examines(ground, in_time, Revenge.LOOKED_INTO, NOW + DAY)
    await sweep(ground, NOW + 4 * DAY)
    assert len(await told(ground)) == 1
    for kind in (Revenge.LOOKED_INTO, Revenge.NOT_ESTABLISHED):
        await examines(ground, late, kind, NOW + 5 * DAY)
    await examines(ground, in_time, Revenge.NOT_ESTABLISHED, NOW + 5 * DAY)
    await sweep(ground, NOW + 30 * DAY)
    assert len(await told(ground)) == 1
    met = await ground.site.rows.fetchval("SELECT count(*) FROM retaliation_deadlines WHERE met_at IS NOT NULL")
    assert met == 4


async def test_the_sweep_finds_its_rows_along_an_index(site: Site) -> None:
    await site.rows.execute("SET enable_seqscan = off")
    await site.rows.execute("SET enable_sort = off")
    for kind in KINDS[-2:]:
        for statement, first, which in ((kind.ran_out, NOW, "overrun"), (kind.outdated, 1, "law")):
            plan = "\n".join(row[0] for row in await site.rows.fetch(f"EXPLAIN {statement}", first, 10))
            assert f"ix_{kind.table}_{which}" in plan, plan


@pytest.mark.parametrize(("county", "upper"), [("520281", "5202"), ("5202", "52"), ("52", "52")])
async def test_the_division_above_is_the_same_in_python_and_in_sql(site: Site, county: str, upper: str) -> None:
    assert upper_of(county) == upper
    assert await site.rows.fetchval(f"SELECT {UPPER} FROM (VALUES ($1::text)) d(county)", county) == upper
