"""Tells whether what the API stands on is well: database, clock, queue, store, keeping."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.field.keeping import queries
from storage.record.actor import stranger
from storage.record.database import Database
from storage.record.objects import Objects

LONGEST_LOOK = 3.0
REMEMBERED = 1.0
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


@dataclass(slots=True)
class Health:
    """Looks at each part by itself, each within its time.

    One look answers all who ask within a second: the page is open to everyone, and each look takes two connections of
    the pool and three calls to the store.
    """

    database: Database
    objects: Objects
    _look: asyncio.Task[list[Part]] | None = field(default=None, init=False)
    _fresh_until: float = field(default=0.0, init=False)

    async def look(self) -> list[Part]:
        """What was seen of each part, at most a second ago."""
        if self._look is None or (self._look.done() and time.monotonic() > self._fresh_until):
            self._look = asyncio.create_task(self._look_anew())
        return await asyncio.shield(self._look)

    async def _look_anew(self) -> list[Part]:
        looks: dict[str, Callable[[], Awaitable[Part]]] = {
            "database": self._database,
            "queue": self._queue,
            "store": self._store,
            "keeping": self._keeping,
        }
        parts = list(await asyncio.gather(*(_bounded(name, look) for name, look in looks.items())))
        self._fresh_until = time.monotonic() + REMEMBERED
        return parts

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
        counts = f"{row['late']} late, {row['stuck']} stuck, {row['damaged']} damaged, {row['facts_stuck']} facts stuck"
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
