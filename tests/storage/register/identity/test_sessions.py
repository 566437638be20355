"""Tests of sign-in, refresh and passwords: equal refusals, limits that stay, tokens that show theft."""

import asyncio
import statistics
import threading
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.actor import Role, at_the_door, keeper
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.problems import BadInput
from storage.record.work import perform
from storage.register.identity import operations, queries, rules, sessions
from storage.register.identity.passwords import AT_ONCE, PasswordHash, Passwords
from storage.register.identity.sessions import DeviceProof, Door, Opened
from tests.factories.people import PASSWORD, People, cheap_door, new_key, sign

WRONG = "some-other-words-7"


async def ended(people: People, opened: Opened) -> str | None:
    """Why a session ended, or None while it is open."""
    async with people.database.reading(at_the_door()) as sql:
        reason: str | None = await sql.fetchval("SELECT end_reason FROM sessions WHERE id = $1", opened.session_id)
    return reason


async def with_phone(people: People, login: str = "officer") -> tuple[Opened, Any]:
    """A session that is a phone's, and the phone's key."""
    await people.grants(await people.opens(login), Role.INSPECTOR)
    opened, key = await people.is_in(login), new_key()
    await people.enrols(await people.again(opened.session_id), key)
    return opened, key


async def test_the_right_password_opens_a_session(people: People) -> None:
    await people.opens("li.si")
    opened = await people.is_in(" Li.Si ")
    assert (await people.again(opened.session_id)).account_id == opened.account_id
    assert opened.refresh_token not in repr(opened)
    async with people.database.reading(at_the_door()) as sql:
        stored = await sql.fetchrow("SELECT * FROM sessions WHERE id = $1", opened.session_id)
    assert opened.refresh_token.encode() not in bytes(repr(dict(stored)), "utf-8")
    assert stored["token_hash"] == rules.token_hash(opened.refresh_token)


async def test_unknown_names_and_wrong_passwords_are_one_problem_and_leave_no_entry(people: People) -> None:
    await people.opens("li.si")
    before = await people.entries()
    told = []
    for login, password in (("li.si", WRONG), ("nobody.here", PASSWORD), ("", PASSWORD), ("x" * 500, WRONG)):
        with pytest.raises(rules.SignInFailed) as refusal:
            await people.is_in(login, password)
        told.append((str(refusal.value), refusal.value.parameters))
    assert len(set(map(repr, told))) == 1
    assert await people.entries() == before


class Counting(Passwords):
    """Counts the verifications that really run."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, time_cost=1)
        self.ran: list[float] = []

    def _verify(self, known: PasswordHash, password: str) -> bool:
        begun = time.perf_counter()
        try:
            return super()._verify(known, password)
        finally:
            self.ran.append(time.perf_counter() - begun)


async def test_both_refusals_run_one_verification_and_the_same_statements(people: People) -> None:
    await people.opens("li.si")
    counting = Counting()
    people.door = Door(counting, people.door.secret)
    for login in ("li.si", "nobody.here"):
        counting.ran.clear()
        with pytest.raises(rules.SignInFailed):
            await people.is_in(login, WRONG)
        assert len(counting.ran) == 1
    counting.close()


async def test_both_refusals_take_the_same_time(people: People) -> None:
    await people.opens("li.si")
    costly = Passwords(memory_kib=16_384, time_cost=2)
    known = await costly.hash(PASSWORD)
    async with people.database.transaction(await people.actor("li.si")) as (_, sql):
        await sql.execute("UPDATE passwords SET hash = $1", known.text)
    people.door = Door(costly, people.door.secret, rules.Limits(account=1000, address=1000))
    took: dict[str, list[float]] = {"li.si": [], "nobody.here": []}
    for _ in range(15):
        for login, times in took.items():
            begun = time.process_time()
            with pytest.raises(rules.SignInFailed):
                await people.is_in(login, WRONG)
            times.append(time.process_time() - begun)
    costly.close()
    one, other = (statistics.median(times) for times in took.values())
    # Without its hash a refusal would take a hundredth; what a busy machine adds to one of them is a twentieth.
    assert 0.8 < one / other < 1.25


async def test_never_more_than_two_hashes_are_computed_at_once() -> None:
    running, most, both = 0, 0, threading.Barrier(AT_ONCE, timeout=20)

    class Watched(Passwords):
        def _verify(self, known: PasswordHash, password: str) -> bool:
            nonlocal running, most
            running += 1
            most = max(most, running)
            both.wait()  # Two there are, however slow the machine is;
            time.sleep(0.01)  # a third would come meanwhile.
            running -= 1
            return False

    passwords = Watched(memory_kib=8, time_cost=1)
    await asyncio.gather(*(passwords.matches(None, "x") for _ in range(12)))
    passwords.close()
    assert most == AT_ONCE


async def test_failures_count_though_sign_in_fails_and_the_window_opens_again(people: People) -> None:
    await people.opens("li.si")
    people.door = cheap_door(account=3)
    for _ in range(3):
        with pytest.raises(rules.SignInFailed):
            await people.is_in("li.si", WRONG)
    people.passes(minutes=5)
    with pytest.raises(rules.TooManyAttempts) as refusal:
        await people.is_in("li.si", PASSWORD)
    assert refusal.value.parameters == {"seconds": 600}
    people.passes(minutes=10)
    assert await people.is_in("li.si", PASSWORD)


async def test_an_unknown_name_is_limited_like_a_known_one(people: People) -> None:
    people.door = cheap_door(account=2)
    for problem in (rules.SignInFailed, rules.SignInFailed, rules.TooManyAttempts):
        with pytest.raises(problem):
            await people.is_in("nobody.here", WRONG)


async def test_an_address_is_limited_over_all_names_and_success_gives_back_only_its_own_attempt(people: People) -> None:
    await people.opens("li.si")
    people.door = cheap_door(address=3)
    for n in range(2):
        with pytest.raises(rules.SignInFailed):
            await people.is_in(f"guess.{n}", WRONG)
    assert await people.is_in("li.si")
    with pytest.raises(rules.SignInFailed):
        await people.is_in("guess.x", WRONG)
    with pytest.raises(rules.TooManyAttempts):
        await people.is_in("li.si")


async def test_guesses_at_the_same_moment_are_all_counted(people: People) -> None:
    await people.opens("li.si")
    people.door = cheap_door(account=4)
    outcomes = await asyncio.gather(*(people.is_in("li.si", WRONG) for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(one, rules.SignInFailed) for one in outcomes) == 4


async def test_no_login_or_address_stands_in_the_attempts(people: People) -> None:
    with pytest.raises(rules.SignInFailed):
        await people.is_in("nobody.here", WRONG)
    async with people.database.reading(at_the_door()) as sql:
        rows = await sql.fetch("SELECT key FROM attempts")
    assert all(len(row["key"]) == 16 for row in rows)


async def test_a_phone_that_proves_itself_is_not_locked_out_by_a_strangers_guesses(people: People) -> None:
    _, key = await with_phone(people)
    device_id = next(iter(people.keys))
    people.door = cheap_door(account=2)
    for _ in range(3):
        with pytest.raises((rules.SignInFailed, rules.TooManyAttempts)):
            await people.is_in("officer", WRONG)
    challenge = sessions.new_challenge(people.door, people.now)
    message = rules.signed_to_sign_in(challenge=challenge, device_id=device_id, login="officer")
    opened = await people.is_in("officer", proof=DeviceProof(device_id, challenge, sign(key, "challenge", message)))
    assert opened.device_id == device_id


async def test_another_persons_device_brings_no_guesses_of_its_own(people: People) -> None:
    await people.opens("victim")
    _, key = await with_phone(people)
    device_id = next(iter(people.keys))
    people.door = cheap_door(account=2)
    challenge = sessions.new_challenge(people.door, people.now)
    message = rules.signed_to_sign_in(challenge=challenge, device_id=device_id, login="victim")
    proof = DeviceProof(device_id, challenge, sign(key, "challenge", message))
    for _ in range(2):
        with pytest.raises(rules.SignInFailed):
            await people.is_in("victim", WRONG)
    with pytest.raises(rules.TooManyAttempts):
        await people.is_in("victim", WRONG, proof=proof)
    people.passes(minutes=15)
    challenge = sessions.new_challenge(people.door, people.now)
    message = rules.signed_to_sign_in(challenge=challenge, device_id=device_id, login="victim")
    with pytest.raises(rules.DeviceUnproven):
        await people.is_in("victim", proof=DeviceProof(device_id, challenge, sign(key, "challenge", message)))


async def test_the_workers_forget_what_was_counted_long_ago(people: People, database: DatabaseAddresses) -> None:
    with pytest.raises(rules.SignInFailed):
        await people.is_in("nobody.here", WRONG)
    worker = Database(database.worker, pool_size=1)
    for later, forgotten in ((timedelta(0), 0), (timedelta(minutes=1), 2)):
        before = people.now + later
        assert await perform(worker, keeper(), people.now, sessions.forget_attempts, before=before) == forgotten
    await worker.close()


async def test_a_device_that_does_not_prove_itself_opens_nothing(people: People) -> None:
    _, key = await with_phone(people)
    device_id = next(iter(people.keys))
    challenge = sessions.new_challenge(people.door, people.now)
    message = rules.signed_to_sign_in(challenge=challenge, device_id=device_id, login="officer")
    before = await people.entries()
    for signature in (sign(new_key(), "challenge", message), sign(key, "refresh", message), b"", bytes(64)):
        with pytest.raises(rules.DeviceUnproven):
            await people.is_in("officer", proof=DeviceProof(device_id, challenge, signature))
    with pytest.raises(rules.SignInFailed):
        await people.is_in("officer", WRONG, proof=DeviceProof(device_id, challenge, sign(key, "challenge", message)))
    assert await people.entries() == before
    people.passes(minutes=3)
    for stale in (challenge, bytes(40), b""):
        with pytest.raises(BadInput):
            await people.is_in("officer", proof=DeviceProof(device_id, stale, sign(key, "challenge", message)))


async def test_each_refresh_rotates_the_token_and_a_desk_has_no_grace(people: People) -> None:
    await people.opens("li.si")
    first = await people.is_in("li.si")
    second = await people.renews(first, None)
    third = await people.renews(second, None)
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    with pytest.raises(rules.SessionEnded):
        await people.renews(second, None)
    assert await ended(people, first) == "TOKEN_REUSED"
    assert await people.entries("session.revoked") == 1
    with pytest.raises(rules.SessionEnded):
        await people.renews(third, None)
    assert await queries.actor_of_session(people.database, first.session_id, now=people.now) is None
    assert await people.entries("session.revoked") == 1


async def test_a_lost_answer_is_made_good_and_the_lost_token_is_void(people: People) -> None:
    first, key = await with_phone(people)
    lost = await people.renews(first, key)
    again = await people.renews(first, key)
    assert again.session_id == first.session_id
    assert await ended(people, first) is None
    later = await people.renews(again, key)
    assert await ended(people, first) is None
    with pytest.raises(rules.SessionEnded):
        await people.renews(lost, key)
    assert await ended(people, first) == "TOKEN_REUSED"
    with pytest.raises(rules.SessionEnded):
        await people.renews(later, key)


async def test_a_captured_request_is_not_answered_twice(people: People) -> None:
    first, key = await with_phone(people)
    nonce = bytes(range(16))
    lost = await people.renews(first, key, nonce=nonce)
    with pytest.raises(rules.NonceAlreadyUsed):
        await people.renews(first, key, nonce=nonce)
    other = await people.renews(first, key)
    with pytest.raises(rules.NonceAlreadyUsed):
        await people.renews(first, key, nonce=nonce)
    assert await ended(people, first) is None
    assert (await people.renews(other, key)).refresh_token != lost.refresh_token


async def test_a_token_of_long_ago_ends_the_family_even_if_it_is_signed(people: People) -> None:
    first, key = await with_phone(people)
    second = await people.renews(first, key)
    await people.renews(second, key)
    with pytest.raises(rules.SessionEnded):
        await people.renews(first, key)
    assert await ended(people, first) == "TOKEN_REUSED"


@pytest.mark.parametrize("how", ["missing", "another key", "another kind", "another token", "short nonce"])
async def test_a_wrong_signature_ends_the_family(people: People, how: str) -> None:
    opened, key = await with_phone(people)
    nonce = b"n" * (4 if how == "short nonce" else 16)
    signer = new_key() if how == "another key" else key
    token = "AAAA" if how == "another token" else opened.refresh_token
    message = rules.signed_to_refresh(token=token, nonce=nonce)
    signature = b"" if how == "missing" else sign(signer, "challenge" if how == "another kind" else "refresh", message)
    with pytest.raises(rules.SessionEnded):
        await sessions.refresh(
            people.database, people.door, people.now, token=opened.refresh_token, nonce=nonce, signature=signature
        )
    assert await ended(people, opened) == "SIGNATURE_WRONG"
    assert await people.entries("session.revoked") == 1


async def test_a_token_that_was_never_given_out_ends_nothing(people: People) -> None:
    await people.opens("li.si")
    opened = await people.is_in("li.si")
    data = from_base64url(opened.refresh_token)
    forged = to_base64url(data[:20] + bytes([data[20] ^ 1]) + data[21:])
    for token in (forged, "", "nonsense!", opened.refresh_token + "A", opened.refresh_token[:-4]):
        with pytest.raises(rules.SessionEnded):
            await sessions.refresh(people.database, people.door, people.now, token=token)
    assert await ended(people, opened) is None


async def test_two_refreshes_at_once_never_give_two_tokens_that_open(people: People) -> None:
    first, key = await with_phone(people)
    given = await asyncio.gather(*(people.renews(first, key) for _ in range(4)))
    alive = 0
    for one in given:
        async with people.database.reading(at_the_door()) as sql:
            alive += await sql.fetchval(
                "SELECT count(*) FROM sessions WHERE token_hash = $1", rules.token_hash(one.refresh_token)
            )
    assert alive == 1


async def test_a_session_ends_after_thirty_days_without_use(people: People) -> None:
    await people.opens("li.si")
    opened = await people.is_in("li.si")
    people.passes(days=29)
    opened = await people.renews(opened, None)
    people.passes(days=29)
    opened = await people.renews(opened, None)
    people.passes(days=31)
    with pytest.raises(rules.SessionEnded):
        await people.renews(opened, None)


async def test_signing_out_everywhere_ends_every_session_of_one_person(people: People) -> None:
    await people.opens("li.si")
    await people.opens("wang.wu")
    first, second, other = await people.is_in("li.si"), await people.is_in("li.si"), await people.is_in("wang.wu")
    before = await people.entries("session.closed")
    assert await people.act(await people.again(first.session_id), operations.sign_out_everywhere) == 2
    assert await people.entries("session.closed") == before + 2
    assert await ended(people, second) == "SIGNED_OUT"
    assert await ended(people, other) is None


async def test_signing_out_ends_this_session_and_no_other(people: People) -> None:
    await people.opens("li.si")
    this, other = await people.is_in("li.si"), await people.is_in("li.si")
    actor, before = await people.again(this.session_id), await people.entries("session.closed")
    assert await people.act(actor, operations.sign_out) == this.session_id
    assert (await ended(people, this), await ended(people, other)) == ("SIGNED_OUT", None)
    with pytest.raises(rules.SessionEnded):
        await people.act(actor, operations.sign_out)
    assert await people.entries("session.closed") == before + 1


async def test_a_changed_password_ends_the_other_sessions(people: People) -> None:
    await people.opens("li.si")
    kept, other = await people.is_in("li.si"), await people.is_in("li.si")
    actor = await people.again(kept.session_id)
    given = {"current": PASSWORD, "password": WRONG, "address": "192.0.2.1"}
    assert await sessions.change_password(people.database, people.door, actor, people.now, **given) == 1
    assert await ended(people, kept) is None
    assert await ended(people, other) == "PASSWORD_CHANGED"
    assert await people.entries("password.changed") == 1
    with pytest.raises(rules.SignInFailed):
        await people.is_in("li.si")
    assert await people.is_in("li.si", WRONG)


async def test_nobody_is_behind_an_unknown_session(people: People) -> None:
    assert await queries.actor_of_session(people.database, UUID(int=7), now=people.now) is None
