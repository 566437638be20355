"""Tests of accounts, roles and certificates: who may what, and that a refused act leaves no trace."""

import asyncio
import importlib
import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.record.actor import NEVER_ONE_PERSON, Actor, Grant, Reach, Role
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform_once
from storage.register.identity import operations, queries, rules
from storage.register.identity.operations import Founder, the_founding
from tests.factories.people import NOON, PASSWORD, THE_THREE, People, cheap_door

SYSTEM, SECURITY, AUDIT = THE_THREE


async def refused(people: People, problem: type[Problem], actor: Actor, operation: Any, **given: Any) -> None:
    """Expects the Problem, and that nothing was recorded."""
    before = await people.entries()
    with pytest.raises(problem):
        await people.act(actor, operation, **given)
    assert await people.entries() == before


async def test_the_register_is_founded_once_with_three_people(people: People) -> None:
    known = await people.door.passwords.hash(PASSWORD)
    founders = [Founder(role, f"other-{n}", "某", known) for n, role in enumerate(THE_THREE)]
    assert await people.entries("account.opened") == 3
    assert await people.entries("role.granted") == 3
    await refused(people, rules.RegisterAlreadyFounded, the_founding(), operations.found_register,
                  administrators=founders)  # fmt: skip


async def test_two_first_starts_found_one_register(record: Any) -> None:
    outcomes = await asyncio.gather(
        *(People(record, cheap_door()).found() for _ in range(2)), return_exceptions=True
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in outcomes) == ["People", "RegisterAlreadyFounded"]


async def test_the_founders_must_be_the_three(record: Any) -> None:
    people = People(record, cheap_door())
    known = await people.door.passwords.hash(PASSWORD)
    two = [Founder(SYSTEM, "one", "甲", known), Founder(SECURITY, "two", "乙", known)]
    await refused(people, BadInput, the_founding(), operations.found_register, administrators=two)


async def test_an_account_is_opened_without_any_role(people: People) -> None:
    account = await people.opens("li.si")
    actor = await people.actor("li.si")
    assert actor.account_id == account.id
    assert actor.grants == ()
    assert await people.entries("account.opened") == 4


async def test_only_the_system_administrator_opens_accounts(people: People) -> None:
    given = {"login": "x.y", "name": "某", "password": await people.door.passwords.hash(PASSWORD), "county": "520281"}
    for actor in (
        await people.administrator(SECURITY),
        await people.administrator(AUDIT),
        await people.someone("officer"),
    ):
        await refused(people, NotAllowed, actor, operations.open_account, **given)


async def test_nobody_opens_an_account_outside_his_reach(people: People) -> None:
    over_one_county = Grant(SYSTEM, Reach(counties=frozenset({"520281"})))
    actor = Actor(uuid4(), None, None, (over_one_county,), over_one_county.reach)
    given = {"login": "x.y", "name": "某", "password": await people.door.passwords.hash(PASSWORD)}
    for county in ("520203", "5202", "52"):
        await refused(people, NotAllowed, actor, operations.open_account, county=county, **given)
    await refused(people, BadInput, actor, operations.open_account, **given)
    await refused(people, NotAllowed, actor, operations.open_account, office="GZ-01", **given)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"login": "li.si"}, rules.LoginTaken),
        ({"login": "ab"}, BadInput),
        ({"login": "a b c"}, BadInput),
        ({"name": " "}, BadInput),
        ({"name": "a\nb"}, BadInput),
        ({"county": "529999"}, NotFound),
        ({"office": "nowhere"}, NotFound),
        ({"mine_id": uuid4()}, NotFound),
    ],
)
async def test_an_account_is_refused(people: People, given: dict[str, Any], problem: type[Problem]) -> None:
    await people.opens("li.si")
    actor = await people.administrator(SYSTEM)
    known = await people.door.passwords.hash(PASSWORD)
    whole = {"login": "wang.wu", "name": "王五", "county": "520281", "password": known} | given
    await refused(people, problem, actor, operations.open_account, **whole)


async def test_the_same_operation_id_opens_one_account_and_keeps_no_password(people: People) -> None:
    actor, id = await people.administrator(SYSTEM), uuid4()

    async def again(work: Any, subject: Any) -> Any:
        return await queries.account_seen(work, subject)

    opened = []
    for _ in range(2):
        known = await people.door.passwords.hash(PASSWORD)
        assert PASSWORD not in repr(known)
        assert known.text not in repr(known)
        opened.append(
            await perform_once(people.database, actor, NOON, id, again, operations.open_account, login="li.si",
                               name="李四", county="520281", password=known)
        )  # fmt: skip
    assert opened[0].id == opened[1].id
    assert await people.entries("account.opened") == 4


async def test_a_role_is_granted_and_withdrawn(people: People) -> None:
    account = await people.opens("li.si", county="520281")
    grant = await people.grants(account, Role.INSPECTOR, division="5202")
    opened = await people.is_in("li.si")
    actor = await people.again(opened.session_id)
    assert actor.roles == {Role.INSPECTOR}
    assert {"5202", "520281", "520203"} <= actor.reach.counties
    assert "520302" not in actor.reach.counties
    security = await people.administrator(SECURITY)
    await people.act(security, operations.withdraw_role, grant_id=grant.id, reason="调离")
    assert (await people.again(opened.session_id)).grants == ()
    await refused(
        people, rules.RoleAlreadyWithdrawn, security, operations.withdraw_role, grant_id=grant.id, reason="调离"
    )
    assert await people.entries("role.withdrawn") == 1


async def test_a_division_resolves_to_its_counties(people: People) -> None:
    account = await people.opens("li.si", county="52")
    await people.grants(account, Role.AUDITOR, division="52")
    assert (await people.actor("li.si")).reach.everything
    other = await people.opens("wang.wu")
    await people.grants(other, Role.INSPECTOR, division="520281")
    assert (await people.actor("wang.wu")).reach == Reach(counties=frozenset({"520281"}))


async def test_a_grant_ends_with_its_validity(people: People) -> None:
    account = await people.opens("li.si")
    await people.grants(account, Role.EXPERT, valid_to=NOON + timedelta(hours=1))
    opened = await people.is_in("li.si")
    assert (await people.again(opened.session_id)).roles == {Role.EXPERT}
    people.passes(hours=2)
    assert (await people.again(opened.session_id)).roles == set()


@pytest.mark.parametrize("group", NEVER_ONE_PERSON, ids=lambda group: "+".join(sorted(group)))
async def test_hands_that_must_stay_apart_are_never_one_person(people: People, group: frozenset[Role]) -> None:
    account = await people.opens("li.si")
    first, *others = sorted(group)
    grant = await people.grants(account, first)
    security = await people.administrator(SECURITY)
    for other in others:
        await refused(people, rules.HandsMustStayApart, security, operations.grant_role, account_id=account.id,
                      role=other, division="520281")  # fmt: skip
    await people.act(security, operations.withdraw_role, grant_id=grant.id, reason="改任")
    await people.grants(account, others[0])


async def test_two_grants_at_the_same_moment_do_not_join_hands(people: People) -> None:
    security = await people.administrator(SECURITY)
    for turn in range(5):
        account = await people.opens(f"twin-{turn}")
        outcomes = await asyncio.gather(
            *(
                people.act(security, operations.grant_role, account_id=account.id, role=role, division="520281")
                for role in (Role.REPORT_INTAKE, Role.REPORT_VERIFICATION, Role.REPORT_REWARD)
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(one, rules.HandsMustStayApart) for one in outcomes) == 2


async def test_the_database_itself_keeps_hands_apart(people: People) -> None:
    account = await people.opens("li.si")
    await people.grants(account, Role.REPORT_INTAKE)

    async def add(work: Any) -> None:
        await work.sql.execute(
            "INSERT INTO role_grants (id, account_id, role, division, granted_at) VALUES ($1, $2, $3, '52', $4)",
            uuid4(), account.id, Role.REPORT_REWARD, work.now,
        )  # fmt: skip

    with pytest.raises(rules.HandsMustStayApart):
        await people.act(await people.administrator(SECURITY), add)


async def test_nobody_grants_himself_and_nobody_beyond_his_reach(people: People) -> None:
    security = await people.administrator(SECURITY)
    await refused(people, rules.NobodyServesHimself, security, operations.grant_role, account_id=security.account_id,
                  role=Role.LEAD, division="52")  # fmt: skip
    over_the_city = await people.someone("city-security", SECURITY, county="5202")
    account = await people.opens("li.si")
    for beyond in ({"division": "52"}, {"division": "5203"}, {"division": "520302"}):
        await refused(people, rules.GrantBeyondReach, over_the_city, operations.grant_role, account_id=account.id,
                      role=Role.LEAD, **beyond)  # fmt: skip
    await people.act(over_the_city, operations.grant_role, account_id=account.id, role=Role.LEAD, division="520203")
    far = await people.opens("far", county="520302")
    await refused(people, NotFound, over_the_city, operations.grant_role, account_id=far.id, role=Role.LEAD,
                  division="520203")  # fmt: skip


async def test_only_the_security_administrator_grants_withdraws_and_issues(people: People) -> None:
    account = await people.opens("li.si")
    grant = await people.grants(account, Role.LEGAL_REVIEWER)
    for actor in (
        await people.administrator(SYSTEM),
        await people.administrator(AUDIT),
        await people.someone("officer"),
    ):
        await refused(people, NotAllowed, actor, operations.grant_role, account_id=account.id, role=Role.LEAD,
                      division="520281")  # fmt: skip
        await refused(people, NotAllowed, actor, operations.withdraw_role, grant_id=grant.id, reason="没有理由")
        await refused(people, NotAllowed, actor, operations.issue_certificate, account_id=account.id, number="GZ-1001",
                      valid_from=date(2026, 1, 1), valid_to=date(2028, 1, 1))  # fmt: skip


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, BadInput),
        ({"division": "520281", "office": "GZ-01"}, BadInput),
        ({"division": "529999"}, NotFound),
        ({"office": "nowhere"}, NotFound),
        ({"mine_id": uuid4()}, NotFound),
        ({"division": "520281", "valid_to": NOON}, BadInput),
        ({"division": "520281", "role": Role.INSPECTOR}, rules.RoleAlreadyGranted),
    ],
)
async def test_a_grant_is_refused(people: People, given: dict[str, Any], problem: type[Problem]) -> None:
    account = await people.opens("li.si")
    await people.grants(account, Role.INSPECTOR)
    security = await people.administrator(SECURITY)
    await refused(
        people, problem, security, operations.grant_role, **({"account_id": account.id, "role": Role.LEAD} | given)
    )


async def test_a_certificate_is_valid_on_its_days(people: People) -> None:
    account = await people.opens("li.si")
    security = await people.administrator(SECURITY)
    given = {"account_id": account.id, "valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}
    await people.act(security, operations.issue_certificate, number="GZ-1001", **given)
    async with people.database.reading(security) as sql:
        for day, valid in ((date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 12, 31), True),
                           (date(2027, 1, 1), False)):  # fmt: skip
            select = queries.certificate_valid_on(account="$1::uuid", day="$2::date", at="$3::timestamptz")
            assert (await sql.fetchval(select, account.id, day, NOON) is not None) == valid
    other = await people.opens("wang.wu")
    await refused(people, rules.CertificateNumberTaken, security, operations.issue_certificate,
                  number="GZ-1001", **(given | {"account_id": other.id}))  # fmt: skip
    await refused(people, BadInput, security, operations.issue_certificate, number="GZ-1002",
                  **(given | {"valid_to": date(2025, 1, 1)}))  # fmt: skip


async def test_the_list_shows_the_reach_and_nothing_foreign(people: People) -> None:
    for login, county in (("a.one", "520281"), ("b.two", "520281"), ("c.three", "520203"), ("d.four", "520302")):
        await people.opens(login, county=county)
    reader = await people.someone("lead", Role.LEAD, county="520281")
    async with people.database.reading(reader) as sql:
        seen = await queries.accounts_visible_to(sql, reader, limit=100)
        assert {one.login for one in seen} == {"a.one", "b.two", "lead"}
        # Without any filter of the query the row policies show the same, and of what hangs on accounts no more either.
        assert await sql.fetchval("SELECT count(*) FROM accounts") == 3
        assert await sql.fetchval("SELECT count(*) FROM role_grants") == 1
        assert await sql.fetchval("SELECT count(*) FROM passwords") == 1
        assert await sql.fetchval("SELECT count(*) FROM sessions WHERE account_id <> $1", reader.account_id) == 0
        assert await sql.fetchval("SELECT count(*) FROM attempts") == 0


async def test_the_list_goes_on_behind_a_key_in_one_statement(people: People) -> None:
    for n in range(5):
        await people.opens(f"n{n}.x", name=f"{n}")
    actor = await people.administrator(SYSTEM)
    async with people.database.reading(actor) as sql:
        first = await queries.accounts_visible_to(sql, actor, limit=3)
        rest = await queries.accounts_visible_to(sql, actor, limit=100, behind=(first[-1].name, first[-1].id))
        back = await queries.accounts_visible_to(sql, actor, limit=2, behind=(rest[0].name, rest[0].id), backwards=True)
    assert [one.name for one in first] == ["0", "1", "2"]
    assert len(rest) == 5
    assert [one.name for one in back] == ["2", "1"]


def test_the_database_and_the_code_name_the_same_hands() -> None:
    step = importlib.import_module("storage.migrations.versions.20261124_who_sees_what")
    assert {frozenset(re.findall(r"[A-Z_]+", group)) for group in step.HANDS_APART} == set(NEVER_ONE_PERSON)
