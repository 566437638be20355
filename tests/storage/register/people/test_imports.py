"""Tests of entering sheets of people: all or nothing, once, and in as many statements for 2,000 rows as for one."""

import pytest

from storage.record.actor import Role
from storage.record.problems import NotAllowed, NotFound
from storage.record.sheets import Imported, Outcome
from storage.register.people import importing, operations
from tests.counting import statements_of
from tests.sites import NOW, Site, credit_code
from tests.storage.register.people.test_importing import HEADERS
from tests.storage.register.people.test_operations import Crew, crew_of
from tests.storage.register.people.test_rules import number_of


def line(number: int) -> str:
    """A row of a person with a number, a post and a certificate."""
    identity = number_of(f"5202021985031{number:04d}")
    return f"人{number:04d},{identity},WORKER,,20240101,,TRAINING,P{number},矿,20240101,20270101"


async def entered(crew: Crew, *lines: str, skip: bool = False) -> list[Imported]:
    rows = importing.read_people("\n".join([HEADERS, *lines]), key=b"key")
    answers: list[Imported] = await crew.acts(
        operations.import_people, credit_code=credit_code(1), rows=rows, skip_refused=skip
    )
    return answers


def told(answers: list[Imported]) -> list[str]:
    return [one.outcome.value for one in answers]


async def test_two_thousand_rows_take_as_many_statements_as_one(site: Site) -> None:
    crew = await crew_of(site)
    heard = statements_of(site.database)
    await entered(crew, line(0))  # Opens the connection, which asks the database a few things of its own.
    counts = []
    for lines in ([line(1)], [line(number) for number in range(2, 2_002)], [line(1)]):
        heard.clear()
        await entered(crew, *lines)
        counts.append(len(heard))
    assert counts == [8, 8, 4], heard
    assert (await crew.counts())["persons"] == 2_002
    assert len(await site.entries()) == 3 * 2_002


async def test_one_refused_row_keeps_all_out_unless_it_is_skipped(site: Site) -> None:
    crew = await crew_of(site)
    lines = (line(1), "甲,,门卫,,2024-01-01,,,,,,", line(2))
    before = await crew.counts()
    assert told(await entered(crew, *lines)) == ["CREATED", "REFUSED", "CREATED"]
    assert await crew.counts() == before
    assert told(await entered(crew, *lines, skip=True)) == ["CREATED", "REFUSED", "CREATED"]
    assert told(await entered(crew, *lines, skip=True)) == ["UNCHANGED", "REFUSED", "UNCHANGED"]
    assert (await crew.counts())["persons"] == 2


async def test_a_sheet_again_changes_nothing_and_leaves_no_trace(site: Site) -> None:
    crew = await crew_of(site)
    lines = [line(number) for number in range(5)] + [
        "王五,,矿长,,2024-01-01,2026-06-30,,,,,",
        "乙,,班组长,,2024-01-01,,,,,,",
    ]
    assert set(told(await entered(crew, *lines))) == {"CREATED"}
    before = await crew.counts()
    assert set(told(await entered(crew, *lines))) == {"UNCHANGED"}
    assert await crew.counts() == before


async def test_what_comes_later_is_filled_in(site: Site) -> None:
    crew = await crew_of(site)
    await entered(crew, "张三,,班组长,,2024-01-01,,,,,,")
    numbered = f"张三,{number_of('52020219850314123')},班组长,,2024-01-01,2026-06-30,,,,,"
    assert told(await entered(crew, numbered)) == ["CHANGED"]
    assert told(await entered(crew, numbered)) == ["UNCHANGED"]
    assert await site.entries() == ["person.registered", "post.taken", "person.numbered", "post.left"]


async def test_a_dry_run_says_the_same_and_stores_nothing(site: Site) -> None:
    crew = await crew_of(site)
    rows = importing.read_people("\n".join([HEADERS, line(1), "甲,,门卫,,2024-01-01,,,,,,"]), key=b"key")
    before = await crew.counts()
    tried = await importing.tried(site.database, crew.clerk, NOW, credit_code=credit_code(1), rows=rows)
    assert [one.outcome for one in tried] == [Outcome.CREATED, Outcome.REFUSED]
    assert await crew.counts() == before


async def test_nobody_else_enters_or_tries_a_sheet(site: Site) -> None:
    crew = await crew_of(site)
    before = await crew.counts()
    rows = importing.read_people("\n".join([HEADERS, line(1)]), key=b"key")
    for role in (Role.INSPECTOR, Role.MINER, Role.AUDITOR, Role.SECURITY_ADMINISTRATOR):
        actor = await site.person(role, mine_id=site.mine)
        with pytest.raises(NotAllowed):
            await crew.acts(operations.import_people, actor, credit_code=credit_code(1), rows=rows)
        with pytest.raises(NotAllowed):
            await importing.tried(site.database, actor, NOW, credit_code=credit_code(1), rows=rows)
    stranger = await site.person(Role.MINE_CLERK, county=None, mine_id=site.far_mine)
    with pytest.raises(NotFound):
        await crew.acts(operations.import_people, stranger, credit_code=credit_code(1), rows=rows)
    assert await crew.counts() == before
