"""Tests of what each actor sees of mines."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.record.actor import Actor, Reach, Role
from storage.record.problems import NotFound
from storage.register.mines import queries
from storage.register.mines.tables import MineState
from tests.sites import PANZHOU, ZHONGSHAN, Site


async def names(site: Site, actor: Actor, **asked: object) -> list[str]:
    async with site.database.reading(actor) as sql:
        rows = await queries.mines_visible_to(sql, actor, **{"limit": 50, **asked})  # type: ignore[arg-type] # As asked.
    return [row.name for row in rows]


def of(reach: Reach) -> Actor:
    return Actor(account_id=uuid4(), session_id=None, device_id=None, grants=(), reach=reach)


async def test_each_scope_shows_its_own_mines_and_no_other(site: Site) -> None:
    seen = {
        "everything": await names(site, of(Reach(everything=True))),
        "county": await names(site, of(Reach(counties=frozenset({PANZHOU})))),
        "office": await names(site, of(Reach(offices=frozenset({"GZ-2"})))),
        "mine": await names(site, of(Reach(mines=frozenset({site.mine})))),
        "nothing": await names(site, of(Reach())),
    }
    assert {scope: sorted(found) for scope, found in seen.items()} == {
        "everything": sorted(["甲煤矿", "乙煤矿", "丙煤矿"]),
        "county": sorted(["甲煤矿", "乙煤矿"]),
        "office": ["丙煤矿"],
        "mine": ["甲煤矿"],
        "nothing": [],
    }


async def test_a_mine_reached_by_two_scopes_is_listed_once(site: Site) -> None:
    reach = Reach(counties=frozenset({PANZHOU, ZHONGSHAN}), offices=frozenset({"GZ-1"}), mines=frozenset({site.mine}))
    assert len(await names(site, of(reach))) == 3


async def test_row_security_shows_nothing_foreign_without_the_querys_own_filter(site: Site) -> None:
    for reach, expected in (
        (Reach(everything=True), 3),
        (Reach(counties=frozenset({PANZHOU})), 2),
        (Reach(offices=frozenset({"GZ-2"})), 1),
        (Reach(mines=frozenset({site.closed_mine})), 1),
        (Reach(), 0),
    ):
        async with site.database.reading(of(reach)) as sql:
            assert await sql.fetchval("SELECT count(*) FROM mines") == expected


async def test_a_county_and_a_state_narrow_the_list_and_never_widen_it(site: Site) -> None:
    everything, county = of(Reach(everything=True)), of(Reach(counties=frozenset({PANZHOU})))
    assert await names(site, everything, county=ZHONGSHAN) == ["丙煤矿"]
    assert await names(site, everything, state=MineState.CLOSED) == ["乙煤矿"]
    assert await names(site, county, county=PANZHOU, state=MineState.PRODUCING) == ["甲煤矿"]
    assert await names(site, county, county=ZHONGSHAN) == []


async def test_pages_join_without_gap_or_double_both_ways(site: Site) -> None:
    for number in range(20):
        await site.add_mine(uuid4(), name=f"庚煤矿{number % 3}", county=PANZHOU, office="GZ-1", state=MineState.STOPPED)
    reach = Reach(counties=frozenset({PANZHOU}), offices=frozenset({"GZ-1"}))
    walked = {False: await walk(site, of(reach), backwards=False), True: await walk(site, of(reach), backwards=True)}
    assert len(walked[False]) == len(set(walked[False])) == 22
    assert walked[True] == walked[False][::-1]


async def walk(site: Site, actor: Actor, *, backwards: bool) -> list[UUID]:
    found: list[UUID] = []
    behind = None
    while True:
        async with site.database.reading(actor) as sql:
            rows = await queries.mines_visible_to(sql, actor, limit=4, behind=behind, backwards=backwards)
        found += [row.id for row in rows]
        if len(rows) < 4:
            return found
        behind = (rows[-1].name, rows[-1].id)


async def test_mines_by_ids_are_those_that_the_actor_sees(site: Site) -> None:
    actor = await site.person(Role.INSPECTOR)
    async with site.database.reading(actor) as sql:
        rows = await queries.mines_by_ids(sql, [site.mine, site.far_mine, uuid4()])
        with pytest.raises(NotFound):
            await queries.mine_of_id(sql, site.far_mine)
    assert [row.id for row in rows] == [site.mine]


async def test_divisions_and_offices_are_read_by_everybody_and_changed_by_nobody(site: Site) -> None:
    async with site.database.reading(of(Reach())) as sql:
        divisions, offices = await queries.divisions(sql), await queries.offices(sql)
        assert await queries.divisions(sql, ["520281", "110101"]) == [queries.DivisionRow("520281", "盘州市", "5202")]
    assert (len(divisions), [one.code for one in offices]) == (98, ["GZ-1", "GZ-2"])
    async with site.database.transaction(of(Reach(everything=True))) as (_, raw):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("UPDATE divisions SET name = 'x'")
