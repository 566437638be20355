"""Tests of people in GraphQL: each field, each mutation, and that passwords and tokens stay where they belong."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from graphql_schema.pages import global_id
from graphql_schema.scalars import read_base64, write_base64
from graphql_schema.schema import build
from storage.record.actor import Role
from storage.record.ledger.proofs import beacons
from storage.record.ledger.proofs.beacons import SignedBeacon
from storage.register.identity import rules
from tests.factories.people import PASSWORD, THE_THREE, People, new_key, ran, sign
from tests.graphql_schema.register.conftest import Voice

SYSTEM, SECURITY, AUDIT = THE_THREE
SESSION = """session { id accountId accountUuid deviceId accessToken accessTokenExpiresAt refreshToken
  refreshTokenExpiresAt beacons { beacon: value key signature until } }"""
ACCOUNTS = """query($first: Int, $after: String) { accounts(first: $first, after: $after) {
  edges { cursor node { id uuid login name county office mineId openedAt closedAt sample
    grants { id uuid role division office mineId grantedAt validTo withdrawnAt }
    certificates { id number validFrom validTo withdrawnAt } } }
  pageInfo { hasNextPage endCursor } } }"""


async def test_whoever_signs_in_can_ask_who_he_is(voice: Voice, people: People) -> None:
    await people.grants(await people.opens("li.si", name="李四"), Role.INSPECTOR)
    session = (await voice.acts("signIn", SESSION, login="li.si", password=PASSWORD))["session"]
    assert session["deviceId"] is None
    assert session["beacons"] == []
    actor = await voice.tokens.authenticate(f"Bearer {session['accessToken']}")
    assert actor is not None
    viewer = """{ viewer { id roles name passwordMustChange certificate { number } device { id }
      account { login grants { role } } devices { edges { node { id } } } } }"""
    told = (await voice.asks(viewer, actor))["data"]["viewer"]
    assert told == {
        "id": session["accountId"], "roles": ["INSPECTOR"], "name": "李四", "passwordMustChange": False,
        "certificate": None, "device": None, "account": {"login": "li.si", "grants": [{"role": "INSPECTOR"}]},
        "devices": {"edges": []},
    }  # fmt: skip


async def test_a_wrong_password_is_a_problem_and_no_session(voice: Voice, people: People) -> None:
    await people.opens("li.si")
    for login in ("li.si", "nobody.here"):
        payload = await voice.acts("signIn", SESSION, login=login, password="wrong-words-here")
        assert payload == {"session": None, "problem": {"code": "SIGN_IN_FAILED"}}


async def test_a_sign_that_no_text_of_the_record_holds_is_the_callers_error_and_no_incident(voice: Voice) -> None:
    payload = await voice.acts("signIn", SESSION, login="li\0si", password=PASSWORD)
    assert payload == {"session": None, "problem": {"code": "BAD_INPUT"}}


async def test_a_session_is_renewed_and_a_used_token_ends_it(voice: Voice, people: People) -> None:
    await people.opens("li.si")
    first = (await voice.acts("signIn", SESSION, login="li.si", password=PASSWORD))["session"]
    second = (await voice.acts("refresh", SESSION, refreshToken=first["refreshToken"]))["session"]
    assert second["id"] == first["id"]
    assert second["refreshToken"] != first["refreshToken"]
    used = await voice.acts("refresh", SESSION, refreshToken=first["refreshToken"])
    assert used == {"session": None, "problem": {"code": "SESSION_ENDED"}}
    people.passes(seconds=15)
    assert await voice.tokens.authenticate(f"Bearer {second['accessToken']}") is None


async def test_a_phone_enrols_renews_and_signs_in_with_its_key(voice: Voice, people: People) -> None:
    await people.grants(await people.opens("li.si"), Role.INSPECTOR)
    session = (await voice.acts("signIn", SESSION, login="li.si", password=PASSWORD))["session"]
    actor = await voice.tokens.authenticate(f"Bearer {session['accessToken']}")
    assert actor is not None
    key = new_key()
    device = await people.enrols(actor, key)
    nonce = b"n" * 16
    message = rules.signed_to_refresh(token=session["refreshToken"], nonce=nonce)
    renewed = (
        await voice.acts("refresh", SESSION, refreshToken=session["refreshToken"], nonce=write_base64(nonce),
                         signature=write_base64(sign(key, "refresh", message)))
    )["session"]  # fmt: skip
    assert renewed["deviceId"] == str(device.id)
    assert len(renewed["beacons"]) == 10
    challenge = read_base64((await voice.asks("{ signInChallenge }"))["data"]["signInChallenge"])
    message = rules.signed_to_sign_in(challenge=challenge, device_id=device.id, login="li.si")
    proof = {"deviceId": str(device.id), "challenge": write_base64(challenge),
             "signature": write_base64(sign(key, "challenge", message))}  # fmt: skip
    again = (await voice.acts("signIn", SESSION, login="li.si", password=PASSWORD, device=proof))["session"]
    assert again["deviceId"] == str(device.id)
    one = again["beacons"][0]
    signed = SignedBeacon(read_base64(one["beacon"]), one["key"], read_base64(one["signature"]))
    assert beacons.verify_beacon(signed, keys=voice.keys).device == str(device.id)


async def test_the_administrators_open_grant_withdraw_and_issue(voice: Voice, people: People) -> None:
    system, security = await people.administrator(SYSTEM), await people.administrator(SECURITY)
    given = {"operationId": str(uuid4()), "login": "li.si", "name": "李四", "password": PASSWORD, "county": "520281"}
    opened = (await voice.acts("openAccount", "account { uuid login }", system, **given))["account"]
    assert (await voice.acts("openAccount", "account { uuid login }", system, **given))["account"] == opened
    whom = opened["uuid"]
    grant = {"operationId": str(uuid4()), "accountId": whom, "role": "LEAD", "division": "520281"}
    granted = (await voice.acts("grantRole", "grant { uuid role division }", security, **grant))["grant"]
    assert (granted["role"], granted["division"]) == ("LEAD", "520281")
    certificate = {"operationId": str(uuid4()), "accountId": whom, "number": "GZ-1001", "validFrom": "2026-01-01",
                   "validTo": "2028-01-01"}  # fmt: skip
    issued = await voice.acts("issueCertificate", "certificate { number validTo }", security, **certificate)
    assert issued["certificate"] == {"number": "GZ-1001", "validTo": "2028-01-01"}
    withdrawal = {"operationId": str(uuid4()), "grantId": granted["uuid"], "reason": "调离"}
    for _ in range(2):
        told = await voice.acts("withdrawRole", "grant { withdrawnAt }", security, **withdrawal)
        assert told["grant"]["withdrawnAt"]
    assert await people.entries("role.withdrawn") == 1
    opened_at = await people.is_in("li.si")
    told = await voice.asks("{ viewer { passwordMustChange roles } }", await people.again(opened_at.session_id))
    assert told["data"]["viewer"] == {"passwordMustChange": True, "roles": []}


async def test_problems_of_the_register_are_told_by_code(voice: Voice, people: People) -> None:
    system, security = await people.administrator(SYSTEM), await people.administrator(SECURITY)
    account = await people.opens("li.si")
    opening = {"operationId": str(uuid4()), "login": "li.si", "name": "李四", "county": "520281"}
    weak = await voice.acts("openAccount", "account { id }", system, password="short", **opening)
    taken = await voice.acts("openAccount", "account { id }", system, password=PASSWORD, **opening)
    itself = {"operationId": str(uuid4()), "accountId": str(security.account_id), "role": "LEAD", "division": "52"}
    own = await voice.acts("grantRole", "grant { id }", security, **itself)
    system_too = itself | {"accountId": str(account.id), "role": "SYSTEM_ADMINISTRATOR"}
    denied = await voice.acts("grantRole", "grant { id }", system, **system_too)
    codes = [one["problem"]["code"] for one in (weak, taken, own, denied)]
    assert codes == ["PASSWORD_TOO_WEAK", "LOGIN_TAKEN", "NOBODY_SERVES_HIMSELF", "NOT_ALLOWED"]


async def test_accounts_are_listed_by_name_in_a_fixed_number_of_statements(voice: Voice, people: People) -> None:
    for n in range(4):
        await people.grants(await people.opens(f"n{n}.x", name=f"{n}"), Role.INSPECTOR)
    auditor = await people.administrator(AUDIT)
    counts, shown = [], []
    await voice.asks(ACCOUNTS, auditor, first=1)  # What opening a connection costs is no matter of the list.
    for first in (2, 50):
        before = ran(people.database)
        answer = await voice.asks(ACCOUNTS, auditor, first=first)
        counts.append(ran(people.database) - before)
        shown.append(len(answer["data"]["accounts"]["edges"]))
    assert shown == [2, 7]
    # One each for accounts, roles and certificates, each in a read session of BEGIN and COMMIT.
    assert counts == [9, 9]
    page = (await voice.asks(ACCOUNTS, auditor, first=2))["data"]["accounts"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["0", "1"]
    assert page["edges"][0]["node"]["grants"][0]["role"] == "INSPECTOR"
    rest = (await voice.asks(ACCOUNTS, auditor, first=50, after=page["pageInfo"]["endCursor"]))["data"]["accounts"]
    assert len(rest["edges"]) == 5
    assert not rest["pageInfo"]["hasNextPage"]


async def test_an_account_is_a_node_for_its_owner_and_its_readers_only(voice: Voice, people: People) -> None:
    clerk, near, far = (
        await people.opens("clerk"),
        await people.opens("near"),
        await people.opens("far", county="520302"),
    )
    await people.grants(clerk, Role.MINE_CLERK)
    await people.grants(near, Role.LEAD)
    own, reader = await people.actor("clerk"), await people.actor("near")
    text = "query($id: ID!) { node(id: $id) { ... on Account { login } } }"

    async def asked(actor: Any, account: Any) -> Any:
        return (await voice.asks(text, actor, id=global_id("Account", account.id)))["data"]["node"]

    assert await asked(own, clerk) == {"login": "clerk"}
    assert await asked(own, near) is None
    assert await asked(reader, clerk) == {"login": "clerk"}
    assert await asked(reader, far) is None


async def test_whoever_reads_no_accounts_gets_no_list(voice: Voice, people: People) -> None:
    clerk = await people.someone("clerk", Role.MINE_CLERK)
    answer = await voice.asks("{ accounts { edges { node { id } } } }", clerk)
    assert answer["data"]["accounts"] is None
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_one_session_signs_out_and_then_is_over(voice: Voice, people: People) -> None:
    await people.opens("li.si")
    opened, other = await people.is_in("li.si"), await people.is_in("li.si")
    actor = await people.again(opened.session_id)
    told = await voice.acts("signOut", "session", actor)
    assert told == {"session": global_id("OpenSession", opened.session_id), "problem": None}
    assert (await voice.acts("signOut", "session", actor))["problem"]["code"] == "SESSION_ENDED"
    assert (await people.again(other.session_id)).account_id == opened.account_id


async def test_the_password_changes_and_all_sign_out(voice: Voice, people: People) -> None:
    await people.opens("li.si")
    actor = await people.actor("li.si")
    await people.is_in("li.si")
    wrong = await voice.acts("changePassword", "ended", actor, current="not-the-one", password="a-good-new-one-7")
    assert wrong["problem"]["code"] == "PASSWORD_WRONG"
    right = await voice.acts("changePassword", "ended", actor, current=PASSWORD, password="a-good-new-one-7")
    assert right == {"ended": 1, "problem": None}
    assert await voice.acts("signOutEverywhere", "ended", actor) == {"ended": 1, "problem": None}
    people.passes(seconds=1)
    told = await voice.acts("signIn", SESSION, login="li.si", password=PASSWORD)
    assert told["problem"]["code"] == "SIGN_IN_FAILED"


@pytest.mark.parametrize(
    "input",
    [
        {"login": "li.si", "password": "secret-of-mine", "extra": 1},
        {"login": 7, "password": "secret-of-mine"},
        {"password": "secret-of-mine"},
        {"login": "li.si", "password": ["secret-of-mine"]},
        {"login": "li.si", "password": "secret-of-mine", "device": {"challenge": "?"}},
    ],
)
async def test_no_error_and_no_log_quotes_a_password(
    voice: Voice, input: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = "mutation($input: SignInInput!) { signIn(input: $input) { problem { code message } } }"
    answer = await voice.asks(text, input=input)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert "secret-of-mine" not in repr(answer)
    assert "secret-of-mine" not in caplog.text


async def test_a_fault_of_ours_logs_no_password(voice: Voice, people: People, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    voice.means = replace(voice.means, door=None)
    text = "mutation($input: SignInInput!) { signIn(input: $input) { problem { code } } }"
    answer = await voice.asks(text, input={"login": "li.si", "password": "secret-of-mine"})
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret-of-mine" not in repr(answer) + caplog.text


async def test_tokens_are_told_by_sign_in_and_refresh_only() -> None:
    telling = {
        name
        for name, kind in build()._schema.type_map.items()
        for field in getattr(kind, "fields", {})
        if "token" in field.lower() and not name.startswith("__") and name != "Mutation"
    }
    assert telling == {"OpenSession", "RefreshInput"}


async def test_a_token_outlives_nothing(voice: Voice, people: People) -> None:
    await people.opens("li.si")
    session = (await voice.acts("signIn", SESSION, login="li.si", password=PASSWORD))["session"]
    people.now += timedelta(minutes=10)
    assert await voice.tokens.authenticate(f"Bearer {session['accessToken']}") is None
