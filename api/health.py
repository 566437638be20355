"""Tells whether what the API stands on is well: database, clock, queue, store, keeping."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage.field.keeping import queries
from storage.record.actor import stranger
from storage.record.database import Database
from storage.record.objects import Objects

LONGEST_LOOK = 3.0
LONGEST_QUEUE = 10_000
"""Entries waiting for their position; an hour of a busy province is less."""
LONGEST_SILENCE = timedelta(minutes=5)
"""A keeper that has not counted for so long is not there, or cannot write."""
CLOCKS_APART = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must be well, and what was seen."""

    name: str
    well: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Health:
    """Looks at each part by itself, each within its time."""

    database: Database
    objects: Objects

    async def look(self) -> list[Part]:
        looks: dict[str, Callable[[], Awaitable[Part]]] = {
            "database": self._database,
            "queue": self._queue,
            "store": self._store,
            "keeping": self._keeping,
        }
        return list(await asyncio.gather(*(_bounded(name, look) for name, look in looks.items())))

    async def _database(self) -> Part:
        async with self.database.reading(stranger()) as sql:
            now = await sql.fetchval("SELECT clock_timestamp()")
        apart = abs(datetime.now(UTC) - now)
        return Part("database", apart <= CLOCKS_APART, f"its clock is {apart.total_seconds():.3f} s from ours")

    async def _queue(self) -> Part:
        async with self.database.reading(stranger()) as sql:
            waiting = await sql.fetchval(
                "SELECT count(*) FROM (SELECT FROM unsequenced LIMIT $1) AS waiting", LONGEST_QUEUE + 1
            )
        return Part("queue", waiting <= LONGEST_QUEUE, f"{waiting} entries wait for their position")

    async def _keeping(self) -> Part:
        """What the keeper counted. What is stuck or damaged is told, and no reason to close: it would stay closed."""
        async with self.database.reading(stranger()) as sql:
            row = await queries.upkeep(sql)
        if row is None or row["looked_at"] is None:
            return Part("keeping", True, "the keeper has not looked yet")
        since = datetime.now(UTC) - row["looked_at"]
        counts = f"{row['late']} late, {row['stuck']} stuck, {row['damaged']} damaged"
        detail = f"{counts}; looked {since.total_seconds():.0f} s ago"
        return Part("keeping", since <= LONGEST_SILENCE and not row["late"], detail)

    async def _store(self) -> Part:
        await self.objects.aside(self.objects.require_fit)
        return Part("store", True, "versioning and object lock are on")


async def _bounded(name: str, look: Callable[[], Awaitable[Part]]) -> Part:
    try:
        return await asyncio.wait_for(look(), LONGEST_LOOK)
    except Exception as fault:
        # The kind of fault is told, its text is not: it may hold an address or a name.
        return Part(name, False, type(fault).__name__)
