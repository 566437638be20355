"""Composes entries and appends them with the act that they trace."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record import ids
from storage.record.actor import KEEPER_ID
from storage.record.clock import to_ms
from storage.record.ledger.proofs import entries as proofs
from storage.record.ledger.proofs.canonical import canonical

# The queue is not named: the table of entries itself puts what enters it there (trigger `queued`).
_APPEND = """
WITH fresh AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[],
    $7::text[], $8::text[], $9::uuid[]) AS t(id, kind, subject, digest, salt, payload, county, office, mine_id)
), entered AS (
  INSERT INTO entries (id, kind, digest, at) SELECT id, kind, digest, $10 FROM fresh
)
INSERT INTO payloads (entry_id, subject, actor_id, salt, payload, county, office, mine_id)
SELECT id, subject, $11, salt, payload, county, office, mine_id FROM fresh
"""

_BY_PEOPLE = "JOIN entries e ON e.id = q.entry_id JOIN payloads y ON y.entry_id = e.id WHERE y.actor_id <> $1"
_LAST_ACT = f"""
SELECT coalesce((SELECT min(e.at) FROM unsequenced q {_BY_PEOPLE}),
  (SELECT e.at FROM positions q {_BY_PEOPLE} ORDER BY q.log DESC, q.position DESC LIMIT 1))
"""


# Of what a reporter filed nothing may tell when he did: the database's own clock is told the hour of the batch, too.
_APPEND_DATED = _APPEND.replace(
    "digest, at) SELECT id, kind, digest, $10", "digest, at, database_at) SELECT id, kind, digest, $10, $10"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry before it is stored: its salted digest enters the tree, payload and salt stay apart."""

    id: UUID
    kind: str
    subject: UUID
    actor_id: UUID
    at: datetime
    salt: bytes
    payload: bytes
    digest: bytes
    county: str | None
    office: str | None
    mine_id: UUID | None


def compose(
    *,
    kind: str,
    subject: UUID,
    at: datetime,
    actor_id: UUID,
    device_id: UUID | None,
    data: dict[str, Any],
    county: str | None = None,
    office: str | None = None,
    mine_id: UUID | None = None,
    entry_id: UUID | None = None,
) -> Entry:
    """Builds the canonical payload, its fresh salt and its digest; `entry_id` where a row had to know it before."""
    at_ms = to_ms(at)
    id = entry_id or ids.new_id(at_ms)
    payload = _encode(id=id, kind=kind, at=at_ms, actor=actor_id, device=device_id, subject=subject, data=data)
    salt = secrets.token_bytes(32)
    return Entry(
        id=id, kind=kind, subject=subject, actor_id=actor_id, at=at, salt=salt, payload=payload,
        digest=proofs.digest(salt, payload), county=county, office=office, mine_id=mine_id,
    )  # fmt: skip


async def append(connection: "asyncpg.Connection[Any]", entries: Sequence[Entry], *, dated: bool = False) -> None:
    """Stores all entries of one act in one statement, whatever their number; `dated` hides when it really was."""
    first = entries[0]
    await connection.execute(
        _APPEND_DATED if dated else _APPEND,
        [entry.id for entry in entries],
        [entry.kind for entry in entries],
        [entry.subject for entry in entries],
        [entry.digest for entry in entries],
        [entry.salt for entry in entries],
        [entry.payload for entry in entries],
        [entry.county for entry in entries],
        [entry.office for entry in entries],
        [entry.mine_id for entry in entries],
        first.at,
        first.actor_id,
    )


def _encode(
    *, id: UUID, kind: str, at: int, actor: UUID, device: UUID | None, subject: UUID, data: dict[str, Any]
) -> bytes:
    """The payload as proofs.entries.Entry reads it; it is ours, so it is not read back each time."""
    payload = {
        "v": proofs.VERSION, "id": str(id), "kind": kind, "at": at, "actor": str(actor), "subject": str(subject),
        "data": data,
    }  # fmt: skip
    return canonical(payload | ({"device": str(device)} if device else {}))


async def last_acted_at(sql: "asyncpg.Connection[Any]") -> datetime | None:
    """By the clock of the API, when a person last did anything; of what waits for its position the earliest."""
    at: datetime | None = await sql.fetchval(_LAST_ACT, KEEPER_ID)
    return at
