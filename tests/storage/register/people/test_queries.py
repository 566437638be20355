"""Tests of reading people of mines: who sees whom, in how many statements, and who works at a moment."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from storage.migrations import versions
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.clock import SHANGHAI
from storage.register.people import operations, queries, workplaces
from storage.register.people.rules import number_mark
from storage.register.people.tables import ExamCategory, PostKind, ShiftKind
from tests.counting import statements_of
from tests.sites import NOW, PANZHOU, ZHONGSHAN, Site
from tests.storage.register.people.test_operations import JANUARY, JUNE, Crew, certificate, crew_of, everything_of
from tests.storage.register.people.test_rules import number_of

TODAY = date(2026, 11, 24)


async def names(site: Site, actor: Actor, **given: Any) -> list[str]:
    async with site.database.reading(actor) as sql:
        found = await queries.people_visible_to(sql, actor, **{"day": TODAY, "limit": 50, **given})
    return [one.name for one in found]


async def test_each_scope_sees_the_people_of_its_mines_and_no_others(site: Site) -> None:
    crew = await crew_of(site)
    await crew.person("近")
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    await crew.acts(operations.register_person, administrator, mine_id=site.far_mine, name="远")
    for actor, seen in (
        (await site.person(Role.INSPECTOR, county=PANZHOU), ["近"]),
        (await site.person(Role.INSPECTOR, county=None, office="GZ-2"), ["远"]),
        (await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine), ["近"]),
        (await site.person(Role.AUDITOR, division="52"), ["近", "远"]),
        (await site.person(Role.MINER, county=None, mine_id=site.mine), []),
        (await site.person(Role.EXPERT, county=PANZHOU), []),
    ):
        assert sorted(await names(site, actor)) == sorted(seen)
        async with site.database.reading(actor) as sql:  # Without any filter of the query, the policies show as much.
            plain = [row["name"] for row in await sql.fetch("SELECT name FROM persons")]
        assert sorted(plain) == sorted(seen)


async def test_plain_selects_of_a_stranger_find_no_row_of_any_table(site: Site) -> None:
    await everything_of(await crew_of(site))
    for role in (Role.INSPECTOR, Role.MINER):
        stranger = await site.person(role, county=ZHONGSHAN)
        async with site.database.reading(stranger) as sql:
            for table in ("persons", "posts", "qualifications", "workplaces", "shifts", "assignments"):
                assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_a_miner_sees_himself_alone_once_he_is_linked(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    other = await crew.person("同事")
    await crew.takes(other.id, PostKind.WORKER)
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine, certificate=None)
    async with site.database.reading(miner) as sql:
        assert await queries.own_persons(sql, miner) == []
    await crew.acts(operations.link_account, person_id=ids["person"], account_id=miner.account_id)
    async with site.database.reading(miner) as sql:
        assert [one.id for one in await queries.own_persons(sql, miner)] == [ids["person"]]
        assert [one.person_id for one in await queries.posts_of(sql, [ids["person"], other.id])] == [ids["person"]]
        assert len(await queries.qualifications_of(sql, [ids["person"]])) == 1
        assert await sql.fetchval("SELECT count(*) FROM persons") == 1


def test_the_policies_let_those_roles_read_people_that_hold_the_verb() -> None:
    (folder,) = versions.__path__
    readers = {role.value for role in Role if Verb.PERSON_READ in ROLE_VERBS[role]}
    text = next(Path(folder).glob("*people_of_mines.py")).read_text(encoding="utf-8")
    listed = text.split("_READERS = (")[1].split(")")[0]
    assert {part.strip().strip('"') for part in listed.split(",") if part.strip()} == readers


async def test_people_are_found_by_post_category_and_expiry(site: Site) -> None:
    crew = await crew_of(site)
    manager, former, worker = await crew.person("甲"), await crew.person("乙"), await crew.person("丙")
    await crew.takes(manager.id, PostKind.MINE_MANAGER)
    await crew.takes(former.id, PostKind.MINE_MANAGER, date(2020, 1, 1), date(2025, 12, 31))
    await crew.takes(worker.id, PostKind.WORKER)
    expired = certificate()
    await crew.acts(operations.add_qualification, person_id=manager.id, facts=expired)
    await crew.acts(operations.add_qualification, person_id=worker.id, facts=expired)
    renewed = certificate(valid_from=date(2026, 1, 2), valid_to=date(2032, 1, 1))
    await crew.acts(operations.add_qualification, person_id=worker.id, facts=renewed)
    seen = crew.clerk
    assert await names(site, seen, post=PostKind.MINE_MANAGER) == ["甲"]
    assert await names(site, seen, post=PostKind.MINE_MANAGER, day=date(2025, 1, 1)) == ["乙"]
    assert await names(site, seen, category=ExamCategory.PRINCIPAL) == ["甲"]
    assert await names(site, seen, category=ExamCategory.WORKER) == ["丙"]
    assert await names(site, seen, category=ExamCategory.WORKER, post=PostKind.MINE_MANAGER) == []
    assert await names(site, seen, expiring_before=TODAY) == ["甲"]
    assert await names(site, seen, mine_id=site.far_mine) == []
    async with site.database.reading(seen) as sql:
        held = await queries.post_on(sql, mine_id=site.mine, kind=PostKind.MINE_MANAGER, day=date(2025, 12, 31))
    assert [one.person_id for one in held] == [former.id]


async def test_the_same_number_at_another_mine_is_shown_to_whoever_sees_both(site: Site) -> None:
    crew, mark = await crew_of(site), number_mark(number_of("52020219850314123"), key=b"key")
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    here = await crew.person(number=mark)
    there = await crew.acts(operations.register_person, administrator, mine_id=site.far_mine, name="张三", number=mark)
    for actor, seen in ((administrator, [(here.id, there.id)]), (crew.clerk, [])):
        async with site.database.reading(actor) as sql:
            assert [(of, one.id) for of, one in await queries.elsewhere(sql, [here.id])] == seen


async def on_shift(crew: Crew, hour: int, minute: int = 0, day: int = 24) -> int:
    """How many are assigned at this time of Shanghai of a day in November 2026."""
    moment = datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)
    async with crew.site.database.reading(crew.clerk) as sql:
        return len(await queries.on_shift(sql, mine_id=crew.site.mine, moment=moment))


async def test_a_shift_that_passes_midnight_belongs_to_the_day_on_which_it_began(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)  # Nights from 22:00 to 06:00.
    assert [await on_shift(crew, *time) for time in ((21, 59), (22, 0), (0, 0), (5, 59), (6, 0))] == [0, 1, 1, 1, 0]
    await crew.acts(workplaces.end_shift, assignment_id=ids["assignment"], last_day=date(2026, 11, 23))
    assert [await on_shift(crew, 5), await on_shift(crew, 22), await on_shift(crew, 5, day=25)] == [1, 0, 0]


async def test_nobody_works_in_a_shift_or_at_a_workplace_that_is_no_more(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    assert await on_shift(crew, 23) == 1
    await crew.acts(workplaces.close_workplace, workplace_id=ids["workplace"], last_day=JUNE)
    assert await on_shift(crew, 23) == 0
    morning = await crew.acts(
        workplaces.define_shift, mine_id=site.mine, kind=ShiftKind.MORNING, starts=480, ends=960, from_day=JANUARY
    )
    assert morning.starts == 480
    async with site.database.reading(crew.clerk) as sql:
        assert await queries.on_shift(sql, mine_id=site.mine, moment=NOW, workplace_id=uuid4()) == []


async def test_a_list_is_one_statement_whatever_it_holds(site: Site) -> None:
    crew = await crew_of(site)
    auditor = await site.person(Role.AUDITOR, division="52")
    await names(site, auditor)
    heard = statements_of(site.database)
    await site.database.engine.dispose()
    await names(site, auditor)
    for number in range(30):
        await crew.person(f"人{number:02d}")
    heard.clear()
    assert len(await names(site, auditor, limit=20, post=None, mine_id=site.mine)) == 20
    assert len(heard) == 1
