"""The keeper's two workers: one makes the store follow what is wanted and erases, one reads stored bytes again.

They run in a process of their own, at low priority: reading again never ends and must not slow a seal, and a store
that refuses to follow must not stop one.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from storage.field.keeping import erasing, following, rules, scrubbing
from storage.field.keeping.following import Owed
from storage.record.actor import keeper
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.law.periods import months_after
from storage.record.objects import Objects, VersionGone
from storage.record.problems import TryAgain
from storage.record.work import perform
from storage.register.provisions import queries as provisions

log = logging.getLogger("pithead.keeping")

IDLE = 0.25
"""Seconds between two turns; of small pieces the scrubber so reads at most four a second."""
AT_ONCE = 8
PACE = 8 * 1024 * 1024
"""Bytes a second that the scrubber reads at the most: a terabyte in a day and a half."""
SCRUB_AGAIN = timedelta(days=1)
"""A piece is not read twice within this time, however small the record is."""


@dataclass(slots=True)
class KeepingWorker:
    """Makes locks and holds in the store follow what is wanted, and carries out approved erasures; holds no key."""

    database: Database
    objects: Objects
    ahead: timedelta | None = None
    """How far the lock of what is kept for ever reaches beyond today; None is what the law's parameter says."""
    lease: timedelta = following.LEASE
    between_counts: float = 5.0
    _counted_at: float = field(default=float("-inf"), init=False)

    async def turn(self) -> bool:
        """One round; True when something was found to do."""
        ahead = await self._ahead()
        pieces = await self._act(following.lease_owed, limit=AT_ONCE, ahead=ahead, lease=self.lease)
        await asyncio.gather(*(self._follow(piece) for piece in pieces))
        erasures = await self._act(erasing.lease_erasures, limit=AT_ONCE)
        await asyncio.gather(*(self._erase(erasure) for erasure in erasures))
        if time.monotonic() - self._counted_at >= self.between_counts:
            await self._act(following.record_upkeep)
            self._counted_at = time.monotonic()
        return bool(pieces or erasures)

    async def _ahead(self) -> timedelta:
        if self.ahead:
            return self.ahead
        now = datetime.now(UTC)
        async with self.database.reading(keeper()) as sql:
            law = await provisions.law_of(sql)
        return months_after(now, law.number("permanent_lock_ahead", day_of(now))) - now

    async def _follow(self, piece: Owed) -> None:
        """Follows for one piece; a fault gives it back and never takes the others with it."""
        try:
            applied = await self.objects.aside(following.follow, self.objects, piece, now=datetime.now(UTC))
            await self._act(
                following.record_applied, evidence_id=piece.evidence_id, applied=applied, held=piece.hold_wanted,
                ahead=await self._ahead(),
            )  # fmt: skip
        except Exception as fault:
            _warn(fault, piece.attempts, f"evidence {piece.evidence_id}: the store does not follow")
            gone = isinstance(fault, VersionGone)
            await self._act(following.release, evidence_id=piece.evidence_id, attempts=piece.attempts, gone=gone)

    async def _erase(self, erasure: "asyncpg.Record") -> None:
        try:
            await self.objects.aside(erasing.remove, self.objects, erasure)
            await self._act(erasing.record_erased, erasure=erasure)
        except Exception as fault:
            _warn(fault, erasure["attempts"], f"erasure {erasure['id']} is not carried out")
            await self._act(erasing.release, erasure=erasure)

    async def _act(self, operation: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        return await perform(self.database, keeper(), datetime.now(UTC), operation, **arguments)


@dataclass(frozen=True, slots=True)
class ScrubbingWorker:
    """Reads the piece again whose turn came first, at a bounded pace, for ever."""

    database: Database
    objects: Objects
    pace: int = PACE
    again: timedelta = SCRUB_AGAIN
    lease: timedelta = scrubbing.LEASE
    go_on: Callable[[], bool] = lambda: True
    """Asked while it reads: a film of hours must not delay the end of the process."""

    async def turn(self) -> bool:
        """One look at one piece. Always False: between two pieces there is a pause."""
        piece = await self._act(scrubbing.lease_oldest, pace=self.pace, lease=self.lease)
        if piece is not None:
            try:
                await self._scrub(piece)
            except scrubbing.Interrupted:
                pass  # Its lease runs out, and it is read again.
            except TryAgain:
                await self._unread(piece)
        return False

    async def _scrub(self, piece: "asyncpg.Record") -> None:
        objects = self.objects
        finding = await objects.aside(
            scrubbing.look, objects, piece, now=datetime.now(UTC), pace=self.pace, go_on=self.go_on
        )
        if finding.strays:
            log.warning("evidence %s: %s versions do not belong", piece["evidence_id"], len(finding.strays))
            strays = await objects.aside(scrubbing.removable, objects, finding.strays, now=datetime.now(UTC))
            await self._act(scrubbing.record_strays, piece=piece, strays=strays)
            await objects.aside(scrubbing.remove_strays, objects, strays)
        self._shout(piece, await self._act(scrubbing.record_scrubbed, piece=piece, finding=finding, again=self.again))

    async def _unread(self, piece: "asyncpg.Record") -> None:
        """The store failed while it read: whether it answers at all tells a broken piece from a store that is away."""
        await self.objects.aside(self.objects.require_fit)
        self._shout(piece, await self._act(scrubbing.record_unread, piece=piece))

    def _shout(self, piece: "asyncpg.Record", damage: str | None) -> None:
        if damage is not None:
            log.critical("evidence %s is damaged: %s", piece["evidence_id"], damage)

    async def _act(self, operation: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        return await perform(self.database, keeper(), datetime.now(UTC), operation, **arguments)


def _warn(fault: Exception, attempts: int, what: str) -> None:
    """A failed attempt is a warning, a stuck one an error that somebody must look at."""
    level = logging.ERROR if attempts >= rules.STUCK_AFTER else logging.WARNING
    log.log(level, "%s (attempt %s): %s", what, attempts, fault, exc_info=not isinstance(fault, TryAgain))
