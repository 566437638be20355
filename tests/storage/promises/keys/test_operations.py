"""Tests of the acts on keys: who registers, who checks, each once; whatever is refused leaves nothing behind."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from storage.promises.keys import operations, rules
from storage.promises.keys.tables import IdentitySeen, KeyPurpose
from storage.record.actor import ROLE_VERBS, Role, Verb
from storage.record.objects import Objects
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import Work
from tests.factories.authenticators import PARTY, Authenticator
from tests.factories.signing import PAPER, Signing, appoint, signing_of
from tests.factories.templates import promises_of
from tests.sites import Site

TABLES = ("entries", "signing_keys", "signing_key_checks", "signing_key_endings", "signing_agreements")
SEEN = IdentitySeen.IDENTITY_CARD


@pytest.fixture
async def desk(site: Site, objects: Objects) -> Signing:
    return await signing_of(await promises_of(site), objects)


async def refused(desk: Signing, problem: type[Problem] | tuple[type[Problem], ...], act: Any) -> None:
    before = [await desk.promises.site.counted(name) for name in TABLES]
    with pytest.raises(problem):
        await act
    assert [await desk.promises.site.counted(name) for name in TABLES] == before


async def test_a_passkey_answers_the_challenge_that_its_holder_asked_for_once_and_soon(desk: Signing) -> None:
    asked = await desk.acts(operations.ask_for_passkey, mine_id=desk.promises.site.mine)
    given = desk.passkey.create(asked.challenge)
    act: dict[str, Any] = {"challenge_id": asked.id, "attestation": given, "party": PARTY}
    await refused(desk, NotFound, desk.acts(operations.register_passkey, desk.officer, **act))
    await refused(desk, NotFound, desk.acts(operations.register_passkey, **act | {"challenge_id": uuid4()}))
    await desk.acts(operations.register_passkey, **act)
    await refused(desk, rules.ChallengeUsed, desk.acts(operations.register_passkey, **act))
    second = await desk.acts(operations.ask_for_passkey, mine_id=desk.promises.site.mine)
    same: dict[str, Any] = {**act, "challenge_id": second.id, "attestation": desk.passkey.create(second.challenge)}
    await refused(desk, rules.KeyKnown, desk.acts(operations.register_passkey, **same))
    late = await desk.acts(operations.ask_for_passkey, mine_id=desk.promises.site.mine)
    desk.promises.now += timedelta(minutes=15)
    other: dict[str, Any] = {**act, "challenge_id": late.id, "attestation": Authenticator().create(late.challenge)}
    await refused(desk, rules.ChallengeOver, desk.acts(operations.register_passkey, **other))
    entries = await desk.promises.site.entries()
    assert (entries.count("commitment.passkey_asked"), entries.count("commitment.key_registered")) == (3, 1)


async def test_a_device_is_ones_own_and_a_seals_key_is_no_principals(desk: Signing) -> None:
    mine = desk.promises.site.mine
    of_another: dict[str, Any] = {"mine_id": mine, "device_id": desk.officer.device_id, "purpose": KeyPurpose.SIGNATURE}
    await refused(desk, NotFound, desk.acts(operations.register_device_key, **of_another))
    own = of_another | {"device_id": desk.principal.device_id, "purpose": KeyPurpose.SEAL}
    await refused(desk, NotAllowed, desk.acts(operations.register_device_key, **own))
    key = await desk.registers_device()
    again: dict[str, Any] = {"mine_id": mine, "device_id": key.key.device_id, "purpose": KeyPurpose.SIGNATURE}
    await refused(desk, rules.KeyKnown, desk.acts(operations.register_device_key, **again))


async def test_an_officer_checks_a_key_once_and_never_his_own_nor_a_former_principals(desk: Signing) -> None:
    key, site = await desk.registers_passkey(), desk.promises.site
    both = await site.person(Role.MINE_PRINCIPAL, Role.INSPECTOR, county="520281", mine_id=site.mine)
    check: dict[str, Any] = {"key_id": key.key.id, "seen": SEEN}
    await refused(desk, NotAllowed, desk.acts(operations.check_key, **check))
    await site.rows.execute("UPDATE posts SET to_day = '2026-11-20', ended_at = now() WHERE id = $1", desk.post)
    await refused(desk, rules.KeyOfFormerPrincipal, desk.acts(operations.check_key, desk.officer, **check))
    await appoint(desk.promises, both)
    his = await desk.registers_passkey(by=both, passkey=Authenticator())
    own: dict[str, Any] = {"key_id": his.key.id, "seen": SEEN}
    await refused(desk, rules.KeyCheckTakesTwo, desk.acts(operations.check_key, both, **own))
    agreement: dict[str, Any] = {"mine_id": site.mine, "principal": both.account_id, "paper": PAPER}
    await refused(desk, rules.KeyCheckTakesTwo, desk.acts(operations.record_agreement, both, **agreement))
    checked = await desk.acts(operations.check_key, desk.officer, **own)
    assert (checked.checked_by, checked.checked is not None) == (desk.officer.account_id, True)
    await refused(desk, rules.KeyAlreadyChecked, desk.acts(operations.check_key, desk.officer, **own))
    await desk.acts(operations.end_key, desk.officer, key_id=his.key.id, reason="交接")
    await refused(desk, rules.KeyOver, desk.acts(operations.check_key, desk.officer, **own))


async def test_an_agreement_is_made_once_with_whoever_is_the_principal(desk: Signing) -> None:
    site = desk.promises.site
    given: dict[str, Any] = {"mine_id": site.mine, "principal": desk.principal.account_id, "paper": PAPER}
    await refused(desk, NotAllowed, desk.acts(operations.record_agreement, **given))
    for change, problem in (({"principal": uuid4()}, rules.NotThePrincipal), ({"paper": b"x"}, BadInput),
                            ({"mine_id": site.far_mine}, (NotAllowed, NotFound))):  # fmt: skip
        await refused(desk, problem, desk.acts(operations.record_agreement, desk.officer, **given | change))
    await desk.agrees()
    await refused(desk, rules.AgreedAlready, desk.agrees())


async def test_the_database_itself_lets_no_principal_check_his_key_or_agree_with_himself(desk: Signing) -> None:
    key = await desk.registers_passkey()

    async def vouches(work: Work, *, table: str, **own: Any) -> None:
        row = {"mine_id": desk.promises.site.mine, "county": "520281", "office": "GZ-1", "entry_id": uuid4(), **own}
        places = ", ".join(f"${at}" for at in range(1, len(row) + 1))
        await work.sql.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())

    who, now = desk.principal.account_id, desk.promises.now
    checks: dict[str, Any] = {"key_id": key.key.id, "seen": "IDENTITY_CARD", "checked_by": who, "checked_at": now}
    agrees: dict[str, Any] = {"id": uuid4(), "principal": who, "paper": bytes(32), "recorded_by": who, "agreed_at": now}
    for table, row in (("signing_key_checks", checks), ("signing_agreements", agrees)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await desk.acts(vouches, table=table, **row)
        assert await desk.promises.site.counted(table) == 0


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_with_keys_what_its_verbs_say_and_nothing_else(desk: Signing, role: Role) -> None:
    site, verbs = desk.promises.site, ROLE_VERBS[role]
    key = await desk.registers_passkey()
    person = await site.person(role, county="520281", mine_id=site.mine)
    far = await site.person(role, county="520204")
    denied = (NotAllowed, NotFound)
    for who in (person, far):
        check = desk.acts(operations.check_key, who, key_id=key.key.id, seen=SEEN)
        if who is person and Verb.COMMITMENT_CHECK_KEY in verbs:
            await check
        else:
            await refused(desk, denied, check)
        asked = desk.acts(operations.ask_for_passkey, who, mine_id=site.mine)
        problems = rules.NotThePrincipal if who is person and Verb.COMMITMENT_SIGN in verbs else denied
        await refused(desk, problems, asked)
        if who is far or Verb.COMMITMENT_CHECK_KEY not in verbs:
            await refused(desk, denied, desk.acts(operations.end_key, who, key_id=key.key.id, reason="测试"))
