"""The acts by which sessions begin and go on: sign-in, refresh and change of password, with their limits."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from uuid import UUID

from storage.record import ids
from storage.record.actor import Actor, at_the_door
from storage.record.clock import to_ms, whole_ms
from storage.record.database import Database
from storage.record.ledger.proofs import signatures
from storage.record.problems import Problem
from storage.record.work import Work, perform
from storage.register.devices import queries as devices
from storage.register.devices import rules as device_rules
from storage.register.devices.tables import Device
from storage.register.identity import operations, queries, rules
from storage.register.identity.passwords import Passwords
from storage.register.identity.tables import Session

_COUNT = """
INSERT INTO attempts (key, failures, window_from) VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN attempts.window_from <= $3 THEN 1 ELSE least(attempts.failures + 1, 1000000) END,
  window_from = CASE WHEN attempts.window_from <= $3 THEN $2 ELSE attempts.window_from END
RETURNING failures, window_from
"""


@dataclass(frozen=True, slots=True)
class Door:
    """What sign-in needs beside the database, made once at start: `secret` is 32 bytes that the API's host keeps."""

    passwords: Passwords
    secret: bytes = field(repr=False)
    limits: rules.Limits = field(default_factory=rules.Limits)


@dataclass(frozen=True, slots=True)
class DeviceProof:
    """A device's signature over a challenge that was given out here: 64 raw bytes, kind "challenge"."""

    device_id: UUID
    challenge: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as it was opened or renewed. The refresh token is shown here once and stored nowhere."""

    account_id: UUID
    session_id: UUID
    device_id: UUID | None
    refresh_token: str = field(repr=False)
    expires_at: datetime


async def sign_in(
    database: Database,
    door: Door,
    now: datetime,
    *,
    login: str,
    password: str,
    address: str,
    proof: DeviceProof | None = None,
) -> Opened:
    """Opens a session: SignInFailed, TooManyAttempts, DeviceUnproven, or BadInput for an old challenge.

    Three steps, so that no transaction is open while Argon2 computes and a refused attempt still counts: the attempt
    is counted first and taken back when it succeeds. An unknown name takes each step that a known one takes.
    """
    name = login.strip().lower()
    device = None if proof is None else await _proven_device(database, door, now, login=name, proof=proof)
    keys = rules.attempt_keys(door.secret, login=name, address=address, device_id=device.id if device else None)
    await _admit(database, door, now, keys)
    known = await queries.known_at_the_door(database, name)
    if not await door.passwords.matches(known.password if known else None, password) or known is None:
        raise rules.SignInFailed()
    if proof is not None and (device is None or device.owner_id != known.account_id):
        raise rules.DeviceUnproven()
    return await perform(
        database, at_the_door(), now, open_session, door=door, known=known, device_id=device.id if device else None,
        keys=keys,
    )  # fmt: skip


async def open_session(
    work: Work, *, door: Door, known: queries.Known, device_id: UUID | None, keys: tuple[bytes, bytes]
) -> Opened:
    """The last step of sign-in: checks again what stood before Argon2 took its time, then opens the session."""
    await queries.must_still_open(work, known)
    work.actor = replace(work.actor, account_id=known.account_id, device_id=device_id)
    session_id = ids.new_id(to_ms(work.now))
    token = rules.new_token(door.secret, session_id)
    work.rows.add(
        Session(
            id=session_id, account_id=known.account_id, device_id=device_id, token_hash=rules.token_hash(token),
            opened_at=work.now, renewed_at=work.now, expires_at=work.now + rules.SESSION_DAYS,
        )
    )  # fmt: skip
    await _take_back(work, keys)
    work.record("session.opened", session_id, data={"account": str(known.account_id)})
    return Opened(known.account_id, session_id, device_id, token, work.now + rules.SESSION_DAYS)


async def refresh(
    database: Database, door: Door, now: datetime, *, token: str, nonce: bytes = b"", signature: bytes = b""
) -> Opened:
    """Renews a session (mechanisms of trust §1): SessionEnded or NonceAlreadyUsed if it cannot be.

    A refusal may have ended the whole session, and that must stay: so the act returns its Problem, and it is raised
    here, after the commit.
    """
    outcome = await perform(
        database, at_the_door(), now, renew_session, door=door, token=token, nonce=nonce, signature=signature
    )  # fmt: skip
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


async def renew_session(work: Work, *, door: Door, token: str, nonce: bytes, signature: bytes) -> Opened | Problem:
    """Rotates the token; the previous one, signed by the device, gives a new successor in place of a lost one."""
    session_id = rules.session_of_token(door.secret, token)
    session = None if session_id is None else await queries.session_to_renew(work, session_id)
    if session is None or session.ended_at is not None or session.expires_at <= work.now:
        return rules.SessionEnded()
    device = None if session.device_id is None else await devices.device_at_the_door(work.sql, session.device_id)
    if device is not None and not device_rules.may_sign_at(device, work.now):
        return rules.SessionEnded()
    given = rules.token_hash(token)
    lost = given == session.previous_hash
    if given != session.token_hash and not (lost and device is not None and len(session.nonces) < rules.NONCES):
        return await _revoke(work, session, "TOKEN_REUSED")
    if device is not None and not _is_signed(device, token=token, nonce=nonce, signature=signature):
        return await _revoke(work, session, "SIGNATURE_WRONG")
    if lost and rules.token_hash(nonce.hex()) in session.nonces:
        return rules.NonceAlreadyUsed()
    return await _rotate(work, door, session, previous=given, nonce=nonce, lost=lost)


async def _rotate(work: Work, door: Door, session: Session, *, previous: bytes, nonce: bytes, lost: bool) -> Opened:
    token = rules.new_token(door.secret, session.id)
    expires_at = work.now + rules.SESSION_DAYS
    nonces = [*(session.nonces if lost else []), rules.token_hash(nonce.hex())]
    await work.sql.execute(
        "UPDATE sessions SET token_hash = $2, previous_hash = $3, nonces = $4, renewed_at = $5, expires_at = $6"
        " WHERE id = $1",
        session.id, rules.token_hash(token), previous, nonces, work.now, expires_at,
    )  # fmt: skip
    return Opened(session.account_id, session.id, session.device_id, token, expires_at)


async def _revoke(work: Work, session: Session, reason: str) -> Problem:
    """Ends the family of tokens. The entry names the owner, who is told; its actor is nobody: it is unknown."""
    await work.sql.execute(
        "UPDATE sessions SET ended_at = $2, end_reason = $3 WHERE id = $1", session.id, work.now, reason
    )  # fmt: skip
    work.record("session.revoked", session.id, data={"account": str(session.account_id), "reason": reason})
    return rules.SessionEnded()


def _is_signed(device: Device, *, token: str, nonce: bytes, signature: bytes) -> bool:
    message = rules.signed_to_refresh(token=token, nonce=nonce)
    fits = rules.NONCE_LEAST <= len(nonce) <= rules.NONCE_MOST
    return fits and signatures.verify(device.algorithm, device.public_key, "refresh", message, signature)


async def change_password(
    database: Database, door: Door, actor: Actor, now: datetime, *, current: str, password: str, address: str
) -> int:
    """Changes the actor's own password and ends his other sessions; how many ended.

    PasswordWrong, PasswordTooWeak or TooManyAttempts. Wrong guesses count like those of sign-in, or a stolen access
    token could try passwords without end.
    """
    login, known = await queries.password_of(database, actor)
    keys = rules.attempt_keys(door.secret, login=login, address=address, device_id=actor.session_id)
    await _admit(database, door, now, keys)
    if not await door.passwords.matches(known, current) or known is None:
        raise rules.PasswordWrong()
    await perform(database, at_the_door(), now, _take_back, keys)
    rules.must_be_strong(password, login=login)
    fresh = await door.passwords.hash(password)
    return await perform(database, actor, now, operations.replace_password, known=known, password=fresh)


async def forget_attempts(work: Work, *, before: datetime) -> int:
    """Removes what was counted in windows that began before; the workers' role only. How many were removed.

    Alone among the acts it leaves no entry: what it removes are hashes that no longer limit anybody.
    """
    return len(await work.sql.fetch("DELETE FROM attempts WHERE window_from < $1 RETURNING true", before))


async def _proven_device(
    database: Database, door: Door, now: datetime, *, login: str, proof: DeviceProof
) -> Device | None:
    """The device of this login that signed the challenge and may still sign, or None. It takes no password yet.

    Another person's device never counts: each would bring guesses of its own at this login's password.
    """
    rules.must_be_fresh(door.secret, proof.challenge, now)
    async with database.reading(at_the_door()) as sql:
        device = await devices.device_of_login(sql, proof.device_id, login)
    if device is None or not device_rules.may_sign_at(device, now):
        return None
    message = rules.signed_to_sign_in(challenge=proof.challenge, device_id=proof.device_id, login=login)
    signed = signatures.verify(device.algorithm, device.public_key, "challenge", message, proof.signature)
    return device if signed else None


async def _admit(database: Database, door: Door, now: datetime, keys: tuple[bytes, bytes]) -> None:
    """Counts the attempt in a transaction of its own; TooManyAttempts beyond a limit, whatever the password is."""
    wait = await perform(database, at_the_door(), now, _count, keys, door.limits)
    if wait > 0:
        raise rules.TooManyAttempts(seconds=wait)


async def _count(work: Work, keys: tuple[bytes, bytes], limits: rules.Limits) -> int:
    """Counts one attempt under each key; the seconds to wait, or 0. The address first, everywhere: so none deadlock.

    What comes from an address that is refused already counts against no account: one stranger would otherwise lock
    everybody out, and leave a row for each name that he makes up.
    """
    account, address = keys
    for key, most in ((address, limits.address), (account, limits.account)):
        row = await work.sql.fetchrow(_COUNT, key, work.now, work.now - limits.window)
        if row is not None and row["failures"] > most:
            opens: datetime = row["window_from"] + limits.window
            return ceil((opens - work.now).total_seconds())
    return 0


async def _take_back(work: Work, keys: tuple[bytes, bytes]) -> None:
    """The attempt was none: the account's count begins anew, the address gets back what it was charged, no more."""
    account, address = keys
    for key in (address, account):
        await work.sql.execute(
            "UPDATE attempts SET failures = CASE WHEN $2 THEN 0 ELSE greatest(failures - 1, 0) END WHERE key = $1",
            key, key == account,
        )  # fmt: skip


def new_challenge(door: Door, now: datetime) -> bytes:
    """What a device signs to prove itself at sign-in, within two minutes; nothing is stored."""
    return rules.new_challenge(door.secret, whole_ms(now))
