"""Every select of signing keys, of who checked them, and of what was agreed upon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.keys.tables import Agreement, KeyPurpose, PasskeyChallenge, SigningKey
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.people import queries as people

_KEY = ", ".join(f"k.{name}" for name in SigningKey.model_fields)
_KEYS = f"""
SELECT {_KEY}, c.entry_id AS checked, c.checked_by, c.checked_at, e.ended_at, e.reason
FROM signing_keys k LEFT JOIN signing_key_checks c ON c.key_id = k.id
LEFT JOIN signing_key_endings e ON e.key_id = k.id
"""
_AGREEMENT = ", ".join(Agreement.model_fields)
_COUNTER = "SELECT coalesce(max(counter), 0) FROM commitments WHERE key_id = $1"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key with the entry by which an officer saw whose it is, and with its end."""

    key: SigningKey
    checked: UUID | None
    checked_by: UUID | None
    checked_at: Any
    ended_at: Any
    reason: str | None


async def key_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> KeyRow:
    """The key, or NotFound out of sight."""
    found = await sql.fetch(f"{_KEYS} WHERE k.id = $1", id)
    if not found:
        raise NotFound()
    return _row(found[0])


async def keys_of_mine(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> list[KeyRow]:
    """All keys of a mine, the newest first, ended ones too; one statement."""
    rows = await sql.fetch(f"{_KEYS} WHERE k.mine_id = $1 ORDER BY k.registered_at DESC, k.id DESC", mine_id)
    return [_row(row) for row in rows]


async def credentials_of(
    sql: "asyncpg.Connection[Any]", mine_id: UUID, account_id: UUID, purpose: KeyPurpose
) -> Sequence[bytes]:
    """The ids of the passkeys that somebody has already for a mine."""
    rows = await sql.fetch(
        "SELECT credential_id FROM signing_keys WHERE mine_id = $1 AND account_id = $2 AND purpose = $3"
        " AND credential_id IS NOT NULL ORDER BY registered_at",
        mine_id, account_id, purpose.value,
    )  # fmt: skip
    return [row[0] for row in rows]


async def counter_of(sql: "asyncpg.Connection[Any]", key: SigningKey) -> int:
    """The highest count that a passkey has told, at its registration or with a signature."""
    return max(key.counter, int(await sql.fetchval(_COUNTER, key.id)))


async def challenge_of(work: Work, id: UUID) -> PasskeyChallenge:
    """The challenge that the actor asked for; NotFound for another's."""
    row = await work.sql.fetchrow("SELECT * FROM passkey_challenges WHERE id = $1", id)
    if row is None:
        raise NotFound()
    return PasskeyChallenge(**dict(row))


async def is_answered(work: Work, challenge_id: UUID) -> bool:
    """Whether a passkey was registered by this challenge."""
    return bool(
        await work.sql.fetchval("SELECT EXISTS (SELECT FROM signing_keys WHERE challenge_id = $1)", challenge_id)
    )


async def agreement_with(sql: "asyncpg.Connection[Any]", mine_id: UUID, principal: UUID) -> Agreement | None:
    """The agreement on signatures with somebody for a mine."""
    row = await sql.fetchrow(
        f"SELECT {_AGREEMENT} FROM signing_agreements WHERE mine_id = $1 AND principal = $2", mine_id, principal
    )
    return Agreement(**dict(row)) if row is not None else None


async def agreements_of_mine(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> list[Agreement]:
    """All agreements of a mine, the newest first."""
    rows = await sql.fetch(
        f"SELECT {_AGREEMENT} FROM signing_agreements WHERE mine_id = $1 ORDER BY agreed_at DESC, id", mine_id
    )
    return [Agreement(**dict(row)) for row in rows]


async def agreement_again(work: Work, id: UUID) -> Agreement:
    """What a replay answers."""
    row = await work.sql.fetchrow(f"SELECT {_AGREEMENT} FROM signing_agreements WHERE id = $1", id)
    if row is None:
        raise NotFound()
    return Agreement(**dict(row))


async def key_again(work: Work, id: UUID) -> KeyRow:
    """What a replay answers: the key as it stands today."""
    return await key_of_id(work.sql, id)


async def principal_of(sql: "asyncpg.Connection[Any]", mine_id: UUID, on: date) -> UUID | None:
    """The account of whoever is the mine's principal on a day by the register of its people."""
    return await people.principal_account(sql, mine_id, on)


def _row(row: "asyncpg.Record") -> KeyRow:
    told = dict(row)
    beside = [told.pop(name) for name in ("checked", "checked_by", "checked_at", "ended_at", "reason")]
    return KeyRow(SigningKey(**told), *beside)
