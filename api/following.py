"""Tells those who follow the log that it has grown: one reading for all who see the same, whatever their number."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from graphql_schema.context import Ring
from storage.record.actor import Actor, Grant, stranger
from storage.record.database import Database
from storage.record.ledger import bell, changes
from storage.record.ledger.changes import BEGINNING, Place
from storage.record.problems import Problem

_log = logging.getLogger(__name__)

GATHER: Final = 0.1
"""Seconds between two hints: the first of a burst comes at once, since it may be an alarm; the rest as one."""
PAUSE: Final = 1.0
"""Seconds until it is tried again when the log could not be read."""
AT_ONCE: Final = 2
"""How many readings run side by side: the pool is there for requests."""

Sight: TypeAlias = tuple[Grant, ...]


@dataclass(eq=False, slots=True)
class _Ear:
    """One who follows; only the newest ring matters, so a slow one never makes a queue."""

    newest: Ring | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, ring: Ring) -> None:
        self.newest = ring
        self.woken.set()


@dataclass(eq=False, slots=True)
class _Circle:
    """All who see the same, and up to where they were told; `actor` has their roles and is none of them."""

    actor: Actor
    told: Place
    ears: set[_Ear] = field(default_factory=set)


class Follower:
    """Who listens to the log for one process; `run` is a task of its lifespan.

    People with the same roles and reach form one circle: after a batch the log is read once for each circle, and an
    entry that none of its roles may see rings nobody there. Entries that one sees only as their maker do not ring.
    """

    def __init__(self, database: Database, url: str) -> None:
        self._database = database
        self._url = url
        self._circles: dict[Sight, _Circle] = {}
        self._rung = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(bell.listen(self._url, self._rung.set))
            both.create_task(self._tell())

    async def follow(self, actor: Actor, *, after: Place | None, every: float | None) -> AsyncIterator[Ring]:
        """Rings for this actor; see graphql_schema.context.Rings."""
        ear = _Ear()
        circle = await self._joined(actor, ear)
        try:
            first = await self._first(actor, after)
            if first is not None:
                yield first
            while True:
                try:
                    await asyncio.wait_for(ear.woken.wait(), every)
                except TimeoutError:
                    yield Ring(circle.told)
                    continue
                ear.woken.clear()
                if ear.newest is not None:
                    yield ear.newest
        finally:
            self._leave(circle, ear)

    async def _joined(self, actor: Actor, ear: _Ear) -> _Circle:
        circle = self._circles.get(actor.grants)
        if circle is None:
            head = await self._head(actor)
            # While the head was read, another of the same sight may have made the circle. It reads as nobody of them:
            # what one sees as its maker only is none of the others' business.
            nobody = replace(actor, account_id=stranger().account_id, session_id=None, device_id=None)
            circle = self._circles.setdefault(actor.grants, _Circle(nobody, head))
        circle.ears.add(ear)
        return circle

    def _leave(self, circle: _Circle, ear: _Ear) -> None:
        circle.ears.discard(ear)
        if not circle.ears and self._circles.get(circle.actor.grants) is circle:
            del self._circles[circle.actor.grants]

    async def _head(self, actor: Actor) -> Place:
        async with self._database.reading(actor) as sql:
            return await changes.head_of_log(sql)

    async def _first(self, actor: Actor, after: Place | None) -> Ring | None:
        if after is None:
            return Ring(await self._head(actor))
        async with self._database.reading(actor) as sql:
            found = await changes.changes_visible_to(sql, actor, after=after, limit=1)
        return Ring(found.head) if found.rows or found.more else None

    async def _tell(self) -> None:
        few = asyncio.Semaphore(AT_ONCE)
        while True:
            await self._rung.wait()
            self._rung.clear()
            await asyncio.gather(*(self._tell_circle(circle, few) for circle in list(self._circles.values())))
            await asyncio.sleep(GATHER)

    async def _tell_circle(self, circle: _Circle, few: asyncio.Semaphore) -> None:
        async with few:
            try:
                async with self._database.reading(circle.actor) as sql:
                    found = await changes.changes_visible_to(sql, circle.actor, after=circle.told, limit=1)
            except Exception as failed:
                # Nobody was told, so it is tried again; whatever went wrong, the others are told all the same.
                known = isinstance(failed, Problem)
                _log.warning("the log could not be read for those who follow it", exc_info=None if known else failed)
                await asyncio.sleep(PAUSE)
                self._rung.set()
                return
        circle.told = max(found.head, circle.told, BEGINNING)
        if found.rows or found.more:
            ring = Ring(circle.told)
            for ear in circle.ears:
                ear.tell(ring)
