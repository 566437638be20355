"""Tells whether what the API stands on is well: database, clock, queue, workers, keeping, store, disk."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from storage.field.keeping import queries
from storage.record import heartbeats
from storage.record.actor import stranger
from storage.record.database import Database
from storage.record.heartbeats import Heartbeat
from storage.record.objects import Objects

LONGEST_LOOK = 1.5
"""Seconds: whoever asks is answered within two, whatever hangs."""
REMEMBERED = 1.0
LONGEST_QUEUE = 10_000
"""Entries waiting for their position; an hour of a busy province is less."""
LONGEST_SILENCE = timedelta(minutes=5)
"""A keeper that has not counted for so long is not there, or cannot write."""
LONGEST_PAUSE = timedelta(seconds=60)
"""A worker tells every few seconds that it lives; so long a silence means that it is not there."""
LONGEST_LAG = {"sealing": timedelta(minutes=15), "ledger": timedelta(minutes=5)}
"""How long the oldest piece may wait for being sealed, or for its receipt."""
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

    One look answers all who ask within a second: the page is open to everyone, and each look takes one connection of
    the pool and two calls to the store.
    """

    database: Database
    objects: Objects
    data: Path | None = None
    disk_least: int = 0
    _look: asyncio.Task[list[Part]] | None = field(default=None, init=False)
    _fresh_until: float = field(default=0.0, init=False)
    _asking: asyncio.Future[None] | None = field(default=None, init=False)
    """The question to the store that has no answer yet: it holds a thread, so no second one is asked beside it."""
    _leaving: bool = field(default=False, init=False)

    def leave(self) -> None:
        """From now on we are not ready: whoever sends requests here should stop, while the last ones are answered."""
        self._leaving = True

    async def look(self) -> list[Part]:
        """What was seen of each part, at most a second ago."""
        if self._leaving:
            return [Part("process", False, "stopping: the last requests are being answered")]
        if self._look is None or (self._look.done() and time.monotonic() > self._fresh_until):
            self._look = asyncio.create_task(self._look_anew())
        return await asyncio.shield(self._look)

    async def _look_anew(self) -> list[Part]:
        looks: dict[str, Callable[[], Awaitable[list[Part]]]] = {
            "database": self._database, "store": self._store, "disk": self._disk,
        }  # fmt: skip
        found = await asyncio.gather(*(_bounded(name, look) for name, look in looks.items()))
        self._fresh_until = time.monotonic() + REMEMBERED
        return [part for parts in found for part in parts]

    async def _database(self) -> list[Part]:
        """All that the database tells, over one connection."""
        async with self.database.reading(stranger()) as sql:
            now = await sql.fetchval("SELECT clock_timestamp()")
            apart = abs(datetime.now(UTC) - now)
            waiting = await heartbeats.queued(sql)
            upkeep = await queries.upkeep(sql)
            beats = await heartbeats.beats(sql)
        return [
            Part("database", apart <= CLOCKS_APART, f"its clock is {apart.total_seconds():.3f} s from ours"),
            Part("queue", waiting <= LONGEST_QUEUE, f"{waiting} entries wait for their position"),
            _keeping(upkeep),
            *(_alarms(beat, now) if beat.worker == "alarms" else _worker(beat, now) for beat in beats),
        ]

    async def _store(self) -> list[Part]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self.objects.aside(self.objects.require_fit))
            self._asking.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        await asyncio.shield(self._asking)
        return [Part("store", True, "versioning and object lock are on")]

    async def _disk(self) -> list[Part]:
        if self.data is None:
            return []
        free = (await asyncio.to_thread(shutil.disk_usage, self.data)).free
        told = f"{free >> 20} MiB free, {self.disk_least >> 20} wanted"
        return [Part("disk", free >= self.disk_least, told)]


def _keeping(row: "asyncpg.Record | None") -> Part:
    """What the keeper counted. What is stuck or damaged is told, and no reason to close: it would stay closed."""
    if row is None or row["looked_at"] is None:
        return Part("keeping", True, "the keeper has not looked yet")
    since = datetime.now(UTC) - row["looked_at"]
    counts = f"{row['late']} late, {row['stuck']} stuck, {row['damaged']} damaged, {row['facts_stuck']} facts stuck"
    detail = f"{counts}; looked {since.total_seconds():.0f} s ago"
    return Part("keeping", since <= LONGEST_SILENCE and not row["late"], detail)


def _worker(beat: Heartbeat, now: datetime) -> Part:
    """Whether a worker lives and keeps up. One that never ran here has told nothing, and is not asked for."""
    silent = now - beat.beat_at
    lag = now - beat.oldest_at if beat.oldest_at is not None else timedelta(0)
    most = LONGEST_LAG.get(beat.worker)
    well = silent <= LONGEST_PAUSE and (most is None or lag <= most)
    waits = f"{beat.waiting} wait, the oldest for {max(lag.total_seconds(), 0):.0f} s"
    return Part(f"{beat.worker} worker", well, f"{waits}; told so {silent.total_seconds():.0f} s ago")


def _alarms(beat: Heartbeat, now: datetime) -> Part:
    """Alarms that nobody takes. They are told, and no reason to close: the API is how somebody takes them."""
    since = now - beat.oldest_at if beat.oldest_at is not None else timedelta(0)
    told = f"{beat.waiting} climbed their whole ladder and nobody takes them"
    return Part("alarms", True, told + (f"; the oldest for {since.total_seconds():.0f} s" if beat.waiting else ""))


async def _bounded(name: str, look: Callable[[], Awaitable[list[Part]]]) -> list[Part]:
    try:
        return await asyncio.wait_for(look(), LONGEST_LOOK)
    except TimeoutError:
        return [Part(name, False, f"no answer within {LONGEST_LOOK:g} s")]
    except Exception as fault:
        # The kind of fault is told, its text is not: it may hold an address or a name.
        return [Part(name, False, type(fault).__name__)]
