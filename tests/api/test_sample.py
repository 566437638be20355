"""Tests of the sample mines and people."""

import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api.embedded.postgres import DatabaseAddresses
from api.sample import NotInProduction, load_samples
from api.sample_people import PASSWORD, PEOPLE, SAMPLE_SIGN_INS, banner
from storage.alerts.alerts.queries import heads_of
from storage.alerts.rosters import queries as rosters
from storage.alerts.rosters.rules import Seat, Standing, on_duty
from storage.field.inspections import operations
from storage.record.actor import Actor, Grant, Reach, Role, keeper
from storage.record.database import Database
from storage.record.work import Work, perform
from storage.register.identity import queries as people
from storage.register.identity.operations import the_founding
from storage.register.identity.passwords import Passwords
from storage.register.mines import queries as mines
from storage.register.mines.rules import is_credit_code
from tests.sites import Site, opening

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
async def empty(database: DatabaseAddresses) -> AsyncIterator[Database]:
    """A database in which nobody stands yet."""
    made = Database(database.api, pool_size=2)
    yield made
    await made.close()


@pytest.fixture
async def worker(database: DatabaseAddresses) -> AsyncIterator[Database]:
    """The same database as the workers see it, who tell of alarms."""
    made = Database(database.worker, pool_size=2)
    yield made
    await made.close()


@pytest.fixture(scope="module")
def cheap() -> Passwords:
    """Argon2id at its least cost."""
    return Passwords(memory_kib=64, time_cost=1)


async def test_a_second_start_adds_nothing(empty: Database, cheap: Passwords) -> None:
    first = await load_samples(empty, NOW, passwords=cheap)
    assert first > 30
    assert await load_samples(empty, NOW, passwords=cheap) == 0


async def test_what_is_loaded_is_marked_as_sample_and_left_a_trace(empty: Database, cheap: Passwords) -> None:
    await load_samples(empty, NOW, passwords=cheap)
    everyone = Reach(everything=True)
    actor = Actor(account_id=the_founding().account_id, session_id=None, device_id=None, grants=(), reach=everyone)
    async with empty.reading(actor) as sql:
        found = await mines.mines_visible_to(sql, actor, limit=100)
        accounts = await people.accounts_visible_to(sql, actor, limit=100)
        kinds = {
            row["kind"]: row["count"] for row in await sql.fetch("SELECT kind, count(*) FROM entries GROUP BY kind")
        }
    assert len(found) == 12
    assert len({mine.county for mine in found}) == 12
    assert all(mine.sample and mine.name.endswith("煤矿（示例）") for mine in found)
    assert len(accounts) == len(SAMPLE_SIGN_INS)
    assert all(account.sample and account.name.endswith("（示例）") for account in accounts)
    assert (kinds["mine.registered"], kinds["office.registered"], kinds["certificate.issued"]) == (12, 3, 4)
    assert kinds["account.opened"] == len(SAMPLE_SIGN_INS)


async def test_a_start_that_was_killed_halfway_is_completed_by_the_next(
    empty: Database, cheap: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_of_all = PEOPLE
    monkeypatch.setattr("api.sample.PEOPLE", people_of_all[:3])
    before = await load_samples(empty, NOW, passwords=cheap)
    monkeypatch.setattr("api.sample.PEOPLE", people_of_all)
    after = await load_samples(empty, NOW, passwords=cheap)
    assert after > 0
    assert await load_samples(empty, NOW, passwords=cheap) == 0
    assert before > after


@pytest.mark.parametrize(("county", "login"), [("5202", "duty.liupanshui"), ("52", "duty.guizhou")])
@pytest.mark.parametrize("days", [0, 400])
async def test_what_climbs_a_level_up_comes_to_somebody_on_duty_and_to_a_head_however_late(
    empty: Database, cheap: Passwords, worker: Database, county: str, login: str, days: int
) -> None:
    await load_samples(empty, NOW, passwords=cheap)
    answers = await people.known_at_the_door(empty, login)
    now, seat = NOW + timedelta(days=days), Seat(county=county)

    async def around(work: Work) -> tuple[list[Standing], Sequence[UUID]]:
        standing = on_duty(await rosters.roster_of(work.sql, seat, now=now), now=now)
        return standing, (await heads_of(work, [seat]))[seat]

    standing, heads = await perform(worker, keeper(), now, around)
    assert answers is not None
    assert [one.account_id for one in standing] == [answers.account_id]
    assert len(heads) == (2 if county == "5202" else 1)


async def test_every_sample_person_can_sign_in(empty: Database, cheap: Passwords) -> None:
    await load_samples(empty, NOW, passwords=cheap)
    for one in SAMPLE_SIGN_INS:
        known = await people.known_at_the_door(empty, one.login)
        assert known is not None
        assert await cheap.matches(known.password, one.password)


async def test_the_first_two_sample_people_can_open_an_inspection(empty: Database, cheap: Passwords) -> None:
    await load_samples(empty, NOW, passwords=cheap)
    lead, inspector = [await officer(empty, one.login) for one in SAMPLE_SIGN_INS[:2]]
    async with empty.reading(lead) as sql:
        mine = next(one for one in await mines.mines_visible_to(sql, lead, limit=50) if one.state == "PRODUCING")
    asked = opening(Site(empty, None, mine=mine.id), [lead, inspector])
    opened = await perform(empty, lead, NOW, operations.open_inspection, opening=asked)
    assert opened.lead_id == lead.account_id


async def officer(database: Database, login: str) -> Actor:
    known = await people.known_at_the_door(database, login)
    assert known is not None
    reach = Reach(counties=frozenset({"520281"}), offices=frozenset({"SAMPLE-1"}))
    grants = (Grant(Role.LEAD, reach),)
    return Actor(account_id=known.account_id, session_id=None, device_id=None, grants=grants, reach=reach)


async def test_a_sample_mine_has_a_well_formed_credit_code_that_can_be_no_real_units(
    empty: Database, cheap: Passwords
) -> None:
    await load_samples(empty, NOW, passwords=cheap)
    everyone = Reach(everything=True)
    actor = Actor(account_id=the_founding().account_id, session_id=None, device_id=None, grants=(), reach=everyone)
    async with empty.reading(actor) as sql:
        rows = await sql.fetch("SELECT credit_code FROM mines")
        divisions = await sql.fetch("SELECT code FROM divisions")
    codes = [row["credit_code"] for row in rows]
    assert codes
    assert all(is_credit_code(code) for code in codes)
    assert not {code[2:6] for code in codes} & {row["code"][:4] for row in divisions}


async def test_a_register_that_others_founded_is_left_alone(site: Site, cheap: Passwords) -> None:
    await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    assert await load_samples(site.database, NOW, passwords=cheap) == 0
    assert await site.counted("accounts") == 1


async def test_production_refuses_people_with_known_passwords(empty: Database, cheap: Passwords) -> None:
    with pytest.raises(NotInProduction):
        await load_samples(empty, NOW, production=True, passwords=cheap)
    assert await people.known_at_the_door(empty, SAMPLE_SIGN_INS[0].login) is None


@pytest.mark.quick
def test_the_banner_names_every_sign_in_and_what_to_try_next() -> None:
    told = "\n".join(banner("http://localhost:8700"))
    assert PASSWORD in told
    assert "pithead phone photo" in told
    assert "pass-phrase of their keys for reports is the same" in told
    assert all(one.login in told and one.may[0] in told and one.may[1] in told for one in SAMPLE_SIGN_INS)


def test_the_field_client_waits_for_no_database_driver_and_no_server() -> None:
    heavy = "{'sqlalchemy', 'asyncpg', 'boto3', 'strawberry', 'starlette', 'PIL'}"
    program = f"import sys, api.cli, api.sample_people; print(sorted({heavy} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
