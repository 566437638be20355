"""Tests of what each actor sees of inspections, and of what seeing it costs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.field.inspections import operations, queries
from storage.record.actor import Actor, Reach, Role
from storage.record.database import sight_of
from storage.record.scopes import page_within
from storage.record.work import perform
from tests.sites import NOW, PANZHOU, SHUICHENG, ZHONGSHAN, Site, opening

MANY = 20_000
# The oldest 1 % lie in Panzhou under office GZ-1; all newer ones elsewhere.
_SEED = """
INSERT INTO inspections (id, mine_id, county, office, basis, reason, flags, lead_id, opened_by, opened_at)
SELECT gen_random_uuid(), CASE WHEN n <= $1 / 100 THEN $2::uuid ELSE $3::uuid END,
  CASE WHEN n <= $1 / 100 THEN '520281' WHEN n % 2 = 0 THEN '520201' ELSE '520204' END,
  CASE WHEN n <= $1 / 100 THEN 'GZ-1' ELSE 'GZ-2' END, 'PLANNED', '计划', '{}', $4, $4,
  $5::timestamptz + n * interval '3 minutes'
FROM generate_series(1, $1::int) n
"""


def of(reach: Reach) -> Actor:
    return Actor(account_id=uuid4(), session_id=None, device_id=None, grants=(), reach=reach)


async def seed(site: Site, many: int = MANY) -> None:
    someone = await site.person()
    start = datetime(2020, 1, 1, tzinfo=UTC)
    await site.rows.execute(_SEED, many, site.mine, site.far_mine, someone.account_id, start)
    await site.rows.execute("ANALYZE inspections")


def reaches(site: Site) -> dict[str, Reach]:
    return {
        "everything": Reach(everything=True),
        "one percent, all old": Reach(counties=frozenset({PANZHOU})),
        "one office": Reach(offices=frozenset({"GZ-1"})),
        "one mine": Reach(mines=frozenset({site.mine})),
        "two counties, an office and a mine": Reach(
            counties=frozenset({PANZHOU, ZHONGSHAN}), offices=frozenset({"GZ-1"}), mines=frozenset({site.mine})
        ),
        "nothing": Reach(),
    }


async def page(
    site: Site, actor: Actor, *, limit: int = 50, behind: tuple[datetime, UUID] | None = None, backwards: bool = False
) -> list[queries.InspectionRow]:
    async with site.database.reading(actor) as sql:
        return await queries.inspections_visible_to(sql, actor, limit=limit, behind=behind, backwards=backwards)


async def test_each_scope_sees_what_a_plain_select_would_show_it(site: Site) -> None:
    await seed(site, 2_000)
    for name, reach in reaches(site).items():
        actor = of(reach)
        async with site.database.reading(actor) as sql:
            plain = await sql.fetch("SELECT id FROM inspections ORDER BY opened_at DESC, id DESC LIMIT 50")
        assert [row.id for row in await page(site, actor)] == [row["id"] for row in plain], name


async def test_row_security_shows_nothing_foreign_without_the_querys_own_filter(site: Site) -> None:
    await seed(site, 1_000)
    for name, expected in {"everything": 1_000, "one percent, all old": 10, "one office": 10, "nothing": 0}.items():
        async with site.database.reading(of(reaches(site)[name])) as sql:
            assert await sql.fetchval("SELECT count(*) FROM inspections") == expected


async def test_the_newest_fifty_read_few_pages_whoever_asks_and_however_deep(site: Site) -> None:
    await seed(site)
    for name, reach in reaches(site).items():
        for days in (None, 0.3, 1, 20):
            behind = None if days is None else (datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days), UUID(int=0))
            touched, scanned = await cost(site, of(reach), behind)
            assert touched < 400, (name, days, touched)
            assert scanned <= 51 * 4, (name, days, scanned)


async def cost(site: Site, actor: Actor, behind: tuple[datetime, UUID] | None) -> tuple[int, int]:
    """Pages touched and the most rows that any one scan of the table read and threw away or kept."""
    statement = page_within(queries._INSPECTIONS, actor.reach, limit=51, behind=behind)
    async with site.database.reading(actor) as sql:
        told = await sql.fetchval("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement.text, *statement.arguments)
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    rows = [
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in walk(plan)
        if node.get("Relation Name") == "inspections"
    ]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], int(max(rows, default=0))


def walk(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = node.get("Plans", [])
    return [node, *(one for plan in below for one in walk(plan))]


@pytest.mark.parametrize("backwards", [False, True])
async def test_pages_join_without_gap_or_double(site: Site, backwards: bool) -> None:
    await seed(site, 1_000)
    actor = of(reaches(site)["two counties, an office and a mine"])
    found: list[queries.InspectionRow] = []
    behind = None
    while rows := await page(site, actor, limit=97, behind=behind, backwards=backwards):
        found += rows
        behind = (rows[-1].opened_at, rows[-1].id)
    keys = [(row.opened_at, row.id) for row in found]
    assert keys == sorted(set(keys), reverse=not backwards)
    assert {row.county for row in found} == {PANZHOU, ZHONGSHAN}
    assert len(found) == 505


async def test_the_list_of_one_mine_stays_within_reach(site: Site) -> None:
    await seed(site, 1_000)
    for reach, expected in ((Reach(everything=True), 50), (Reach(counties=frozenset({SHUICHENG})), 50),
                            (Reach(counties=frozenset({PANZHOU})), 0), (Reach(), 0)):  # fmt: skip
        actor = of(reach)
        async with site.database.reading(actor) as sql:
            rows = await queries.inspections_visible_to(sql, actor, limit=50, mine_id=site.far_mine)
        assert len(rows) == expected
        assert {row.county for row in rows} <= ({SHUICHENG} if not reach.everything else {SHUICHENG, ZHONGSHAN})


async def test_officers_and_places_of_many_inspections_are_one_statement_each(site: Site) -> None:
    lead, inspector = await site.person(Role.LEAD), await site.person(Role.INSPECTOR)
    asked = [opening(site, [lead, inspector]) for _ in range(5)]
    for one in asked:
        await perform(site.database, lead, NOW, operations.open_inspection, opening=one)
    async with site.database.reading(lead) as sql:
        officers = await queries.officers_of(sql, [one.id for one in asked])
        places = await queries.places_of(sql, [one.id for one in asked])
    assert len(officers) == len(places) == 10
    assert [one.name for one in places if one.inspection_id == asked[0].id] == ["调度室", "1201综采工作面"]
    assert all(one.name and one.certificate_number for one in officers)
    far = of(Reach(counties=frozenset({ZHONGSHAN})))
    async with site.database.reading(far) as sql:
        assert await queries.officers_of(sql, [one.id for one in asked]) == []
        assert await queries.places_of(sql, [one.id for one in asked]) == []


async def test_the_next_actor_on_a_connection_sees_nothing_of_the_last(site: Site) -> None:
    await seed(site, 100)
    async with site.database.connection() as (_, raw):
        await raw.execute("BEGIN; " + sight_of(of(Reach(everything=True))))
        assert await raw.fetchval("SELECT count(*) FROM inspections") == 100
        await raw.execute("COMMIT")
        assert await raw.fetchval("SELECT count(*) FROM inspections") == 0
