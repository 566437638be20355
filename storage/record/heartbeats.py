"""How the workers tell, in one row each, that they live and what waits for them; open to all, since it names nothing.

The API may not count pieces without an actor who may see them, and a worker listens on no port: so the workers write
what they count, and whoever asks the API reads it here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

MOST = 10_001
"""What waits is counted up to here: beyond it is too much anyway."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What one kind of worker told last: since when it runs, failed turns, what waits and since when the oldest."""

    worker: str
    beat_at: datetime
    started_at: datetime
    faults: int
    waiting: int
    oldest_at: datetime | None


NAMES = ("ledger", "sealing", "describing", "keeping", "sweeping", "telling")
"""The workers; what waits for the keeper stands in `upkeep`. Of the sweeper overdue clocks are counted."""


async def beat(
    sql: "asyncpg.Connection[Any]",
    *,
    worker: str,
    now: datetime,
    started_at: datetime,
    faults: int,
    waits: str | None = None,
) -> None:
    """Tells that a worker lives, and counts what waits for it: `waits` selects the moments of it, at most $1, as of $2.

    Some of them wait whatever the time is, and do not name it.
    """
    waiting, oldest = 0, None
    if waits is not None:
        row = await sql.fetchrow(f"SELECT count(*)::int, min(at) FROM ({waits}) AS waiting (at)",
                                 *((MOST, now) if "$2" in waits else (MOST,)))  # fmt: skip
        waiting, oldest = (row[0], row[1]) if row is not None else (0, None)
    await sql.execute(
        "INSERT INTO heartbeats (worker, beat_at, started_at, faults, waiting, oldest_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (worker) DO UPDATE SET beat_at = $2, started_at = $3,"
        " faults = $4, waiting = $5, oldest_at = $6",
        worker, now, started_at, faults, waiting, oldest,
    )  # fmt: skip


async def beats(sql: "asyncpg.Connection[Any]") -> list[Heartbeat]:
    """What each kind of worker told last."""
    rows = await sql.fetch(
        "SELECT worker, beat_at, started_at, faults, waiting, oldest_at FROM heartbeats ORDER BY worker"
    )
    return [Heartbeat(*row) for row in rows]


async def queued(sql: "asyncpg.Connection[Any]") -> int:
    """Entries that wait for their position, counted up to MOST."""
    return int(await sql.fetchval("SELECT count(*) FROM (SELECT FROM unsequenced LIMIT $1) AS waiting", MOST))
