"""Tests of sheets of mines: found by credit code, changed with a trace of what stood before, all or nothing."""

import json
from typing import Any

import pytest

from storage.record.actor import Actor, Role
from storage.record.problems import NotAllowed
from storage.record.sheets import Imported
from storage.record.work import perform
from storage.register.mines import importing, operations
from tests.counting import statements_of
from tests.sites import NOW, Site, credit_code

_CHANGE = "SELECT payload FROM payloads JOIN entries ON id = entry_id WHERE kind = 'mine.changed'"
_MINE = "SELECT name, state, latitude FROM mines WHERE credit_code = $1"
HEADERS = "煤矿名称,统一社会信用代码,县级代码,监察执法处,直接监管主体,状态,灾害类型,纬度,经度"


def line(number: int, **changes: str) -> str:
    """A row of a mine that is new."""
    cells = {
        "name": f"新煤矿{number}", "code": credit_code(1_000 + number), "county": "520281", "office": "GZ-1",
        "supervisor": "5202", "state": "生产", "disasters": "高瓦斯、水害", "lat": "25.7123456", "lon": "104.6",
    }  # fmt: skip
    return ",".join((cells | changes).values())


async def entered(site: Site, actor: Actor, *lines: str, skip: bool = False) -> list[str]:
    rows = importing.read_mines("\n".join([HEADERS, *lines]))
    answers: list[Imported] = await perform(
        site.database, actor, NOW, operations.import_mines, rows=rows, skip_refused=skip
    )
    return [one.problem.code if one.problem else one.outcome.value for one in answers]


async def administrator(site: Site) -> Actor:
    return await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")


async def test_a_sheet_enters_mines_once_and_changes_what_differs(site: Site) -> None:
    actor = await administrator(site)
    assert await entered(site, actor, line(1), line(2)) == ["CREATED", "CREATED"]
    assert await entered(site, actor, line(1), line(2)) == ["UNCHANGED", "UNCHANGED"]
    changed = line(2, state="证照暂扣", disasters="水害;高瓦斯", name="改名煤矿")
    assert await entered(site, actor, line(1), changed) == ["UNCHANGED", "CHANGED"]
    assert await site.entries() == ["mine.registered", "mine.registered", "mine.changed"]
    row = await site.rows.fetchrow(
        "SELECT payload FROM payloads JOIN entries ON id = entry_id WHERE kind = 'mine.changed'"
    )
    data: dict[str, Any] = json.loads(row["payload"])["data"]
    assert data == {"name": ["新煤矿2", "改名煤矿"], "state": ["PRODUCING", "SUSPENDED"]}
    stands = await site.rows.fetchrow(_MINE, credit_code(1_002))
    assert tuple(stands) == ("改名煤矿", "SUSPENDED", 257_123_456)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "91350100M000100Y44"}, "CREDIT_CODE_WRONG"),
        ({"code": credit_code(1_001)}, "CREDIT_CODE_TAKEN"),
        ({"code": credit_code(1), "county": "520201"}, "MINE_NOT_MOVABLE"),
        ({"county": "110101"}, "COUNTY_UNKNOWN"),
        ({"supervisor": "5203"}, "SUPERVISOR_ELSEWHERE"),
        ({"office": "GZ-9"}, "OFFICE_UNKNOWN"),
        ({"state": "放假"}, "BAD_INPUT"),
        ({"lat": "0", "lon": "0"}, "POSITION_OUTSIDE_GUIZHOU"),
        ({"lat": "NaN"}, "BAD_INPUT"),
        ({"name": ""}, "BAD_INPUT"),
    ],
)
async def test_a_bad_row_keeps_the_sheet_out_and_is_named(site: Site, changes: dict[str, str], code: str) -> None:
    actor, lines = await administrator(site), (line(1), line(2, **changes))
    assert await entered(site, actor, *lines) == ["CREATED", code]
    assert (await site.entries(), await site.counted("mines")) == ([], 3)
    assert await entered(site, actor, *lines, skip=True) == ["CREATED", code]
    assert await site.entries() == ["mine.registered"]


async def test_two_thousand_mines_take_as_many_statements_as_one(site: Site) -> None:
    actor = await administrator(site)
    heard = statements_of(site.database)
    await entered(site, actor, line(0))
    counts = []
    for lines in ([line(1)], [line(number) for number in range(2, 1_502)]):
        heard.clear()
        assert set(await entered(site, actor, *lines)) == {"CREATED"}
        counts.append(len(heard))
    assert counts == [5, 5], heard


async def test_nobody_else_enters_or_tries_a_sheet_of_mines(site: Site) -> None:
    rows = importing.read_mines("\n".join([HEADERS, line(1)]))
    for role in set(Role) - {Role.SYSTEM_ADMINISTRATOR}:
        actor = await site.person(role, division="52")
        with pytest.raises(NotAllowed):
            await perform(site.database, actor, NOW, operations.import_mines, rows=rows)
        with pytest.raises(NotAllowed):
            await importing.tried(site.database, actor, NOW, rows)
    assert (await site.entries(), await site.counted("mines")) == ([], 3)


async def test_an_administrator_of_one_county_is_refused_the_rows_of_another(site: Site) -> None:
    actor = await site.person(Role.SYSTEM_ADMINISTRATOR, county="520201")
    assert await entered(site, actor, line(1)) == ["NOT_ALLOWED"]
    assert await site.entries() == []
