"""Every select of addresses, sends and attempts; each returns what its actor may see, the workers all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries import rules
from storage.alerts.deliveries.rules import Taken, Target
from storage.alerts.deliveries.tables import Address, Delivery, Send
from storage.record.actor import at_the_door
from storage.record.database import Database
from storage.record.problems import NotFound
from storage.record.work import Work

MOST = 500
UNSENT = "SELECT due_at FROM sends WHERE state = 'WAITING' AND due_at <= $2 LIMIT $1"
"""The moments since which somebody is to be told, at $2."""
# What somebody took meanwhile, or what is over, is needless: it is settled by the same statement, and not sent.
_TAKE = """
WITH due AS (
  SELECT s.id FROM sends s
  WHERE s.state = 'WAITING' AND s.due_at <= $1 AND (s.leased_until IS NULL OR s.leased_until < $1)
  ORDER BY s.urgent DESC, s.due_at, s.id LIMIT $2 FOR UPDATE SKIP LOCKED
), looked AS (
  SELECT d.id, i.ended_at IS NOT NULL OR a.read_at IS NOT NULL OR EXISTS (
    SELECT FROM climbs c WHERE c.incident_id = a.incident_id AND c.chain = a.chain AND c.taken_at IS NOT NULL
  ) AS needless
  FROM due d JOIN sends s ON s.id = d.id JOIN alerts a ON a.id = s.alert_id JOIN incidents i ON i.id = a.incident_id
)
UPDATE sends s SET
  state = CASE WHEN l.needless THEN 'NEEDLESS' ELSE 'WAITING' END,
  settled_at = CASE WHEN l.needless THEN $1::timestamptz END,
  leased_until = CASE WHEN l.needless THEN NULL ELSE $1::timestamptz + $3::interval END,
  attempts = s.attempts + CASE WHEN l.needless THEN 0 ELSE 1 END
FROM looked l WHERE s.id = l.id
RETURNING s.id, s.account_id, s.channel, s.urgent, s.drill, s.attempts, l.needless
"""
_ADDRESSES = """
SELECT id, account_id, channel, service, target, secret FROM addresses
WHERE account_id = ANY ($1) AND closed_at IS NULL ORDER BY account_id, channel, kept_at, id
"""

_CALL = """
SELECT id, alert_id, account_id FROM sends WHERE id = $1 AND channel = 'CALL' AND attempts > 0 AND made_at > $2
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A telephone call that was made: of which alert, and to whom."""

    id: UUID
    alert_id: UUID
    account_id: UUID


async def sends_to_take(work: Work, *, limit: int, lease: Any) -> list[Taken]:
    """Sends that are due, urgent ones first, held for one attempt each; three statements, whatever their number."""
    rows = [row for row in await work.sql.fetch(_TAKE, work.now, limit, lease) if not row["needless"]]
    people = list({row["account_id"] for row in rows})
    addresses = await work.sql.fetch(_ADDRESSES, people) if people else []
    signs = await work.sql.fetch("SELECT account_id, seen_at FROM desk_signs WHERE account_id = ANY ($1)", people)
    seen = {row["account_id"]: row["seen_at"] for row in signs}
    return [
        Taken(
            id=row["id"], account_id=row["account_id"], channel=Channel(row["channel"]), urgent=row["urgent"],
            drill=row["drill"], attempt=row["attempts"], desk_seen_at=seen.get(row["account_id"]),
            addresses=[(one["id"], _target(one)) for one in addresses
                       if (one["account_id"], one["channel"]) == (row["account_id"], row["channel"])],
        )
        for row in rows
    ]  # fmt: skip


async def call_made(database: Database, id: UUID, *, now: datetime) -> Call | None:
    """The call that this send made within the hour, and whom it called; None else. Nobody has signed in here."""
    async with database.reading(at_the_door()) as sql:
        row = await sql.fetchrow(_CALL, id, now - rules.CALL_LIFE)
    return None if row is None else Call(row["id"], row["alert_id"], row["account_id"])


async def addresses_of(sql: "asyncpg.Connection[Any]", account_id: UUID) -> list[Address]:
    """The open addresses of an account, as its owner sees them; one statement."""
    rows = await sql.fetch(
        "SELECT * FROM addresses WHERE account_id = $1 AND closed_at IS NULL ORDER BY kept_at, id", account_id
    )
    return [Address(**dict(row)) for row in rows]


async def address_to_close(work: Work, id: UUID) -> Address:
    """The actor's own address, locked; NotFound else."""
    row = await work.sql.fetchrow(
        "SELECT * FROM addresses WHERE id = $1 AND account_id = $2 FOR UPDATE", id, work.actor.account_id
    )
    if row is None:
        raise NotFound()
    return Address(**dict(row))


async def sends_of(sql: "asyncpg.Connection[Any]", alert_ids: Sequence[UUID]) -> list[Send]:
    """What was to be sent of these alerts, in its order; one statement."""
    rows = await sql.fetch(
        f"SELECT * FROM sends WHERE alert_id = ANY ($1) ORDER BY alert_id, made_at, id LIMIT {MOST}", list(alert_ids)
    )
    return [Send(**dict(row)) for row in rows]


async def deliveries_of(sql: "asyncpg.Connection[Any]", send_ids: Sequence[UUID]) -> list[Delivery]:
    """Every attempt of these sends, in its order; one statement."""
    rows = await sql.fetch(
        f"SELECT * FROM deliveries WHERE send_id = ANY ($1) ORDER BY send_id, attempt, id LIMIT {MOST}", list(send_ids)
    )
    return [Delivery(**dict(row)) for row in rows]


def _target(row: "asyncpg.Record") -> Target:
    return Target(channel=Channel(row["channel"]), target=row["target"], service=row["service"], secret=row["secret"])
