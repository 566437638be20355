"""The second composition root: the workers that sequence, sign and seal; a clock starts them, operations act."""

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import asyncpg

from storage.alerts.alerts.queries import UNTAKEN
from storage.alerts.deliveries.queries import UNSENT
from storage.field.evidence import queries as evidence
from storage.field.evidence import rules, sealing, uploading
from storage.field.evidence.rules import Quarantine
from storage.field.facts import queries as facts
from storage.field.keeping import rules as keeping_rules
from storage.record import heartbeats
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.law import BUILT_IN, Law
from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.checkpoints import DatabaseBehind, Shown
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects, VersionGone
from storage.record.problems import TryAgain
from storage.record.work import perform
from storage.register.identity import sessions
from storage.register.identity.rules import Limits
from storage.register.provisions import queries as provisions
from storage.trust.sweeping import OVERDUE

log = logging.getLogger("pithead.worker")

IDLE = 0.05
"""Seconds between two looks at an empty queue; PostgreSQL answers such a look in well under a millisecond."""
AFTER_A_FAULT = 2.0
BEHIND = 30.0
AT_ONCE = 8
"""Pieces that one worker seals side by side: most of a photo's time is waiting for the store to write through."""
_WAITS = {
    "alarms": UNTAKEN,
    "ledger": evidence.UNRECEIPTED,
    "sealing": evidence.UNSEALED,
    "describing": facts.UNDESCRIBED,
    "sweeping": OVERDUE,
    "telling": UNSENT,
}


class Worker(Protocol):
    """Whatever takes turns."""

    async def turn(self) -> bool:
        """One round; True when there may be more to do at once."""
        ...


@dataclass(slots=True)
class Stop:
    """Asked by SIGTERM or SIGINT; a worker ends between two steps, never within one."""

    _asked: asyncio.Event = field(default_factory=asyncio.Event)

    def listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked.set)

    def ask(self) -> None:
        self._asked.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    async def wait(self, seconds: float) -> None:
        """Returns after this time, or at once when the end is asked for."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), seconds)

    async def wait_unless(self, woken: asyncio.Event, seconds: float) -> None:
        """The same, and at once when the event is set, which is taken back."""
        both = [asyncio.ensure_future(self._asked.wait()), asyncio.ensure_future(woken.wait())]
        try:
            await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in both:
                one.cancel()
        woken.clear()


@dataclass(slots=True)
class Bell:
    """Wakes whoever sleeps between two turns; rings that come meanwhile are one."""

    _woken: set[asyncio.Event] = field(default_factory=set)

    def ring(self) -> None:
        for one in self._woken:
            one.set()

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """An event that is set at each ring."""
        woken = asyncio.Event()
        self._woken.add(woken)
        try:
            yield woken
        finally:
            self._woken.discard(woken)


@dataclass(slots=True)
class LedgerWorker:
    """Sequences the queue, shows checkpoints, signs receipts. Alone reads the ledger and the receipt key.

    The keys are read anew for each checkpoint, so that a rotation needs no restart.
    """

    database: Database
    objects: Objects
    keys: KeyFolder
    keep_for: timedelta
    between_checkpoints: float = 0.5
    """Seconds: each checkpoint stays in the store for years, so a busy log shows a few and not hundreds."""
    between_forgettings: float = 3_600.0
    """Seconds: failed sign-ins are counted by the quarter of an hour, and a few old rows cost nothing."""
    _seen: Shown | None = field(default=None, init=False)
    _forgot_at: float = field(default=float("-inf"), init=False)
    _showed_at: float = field(default=float("-inf"), init=False)
    _owing: bool = field(default=True, init=False)
    """There may be sealed pieces under the checkpoint seen last that have no receipt yet."""

    async def turn(self) -> bool:
        """One round; True when there may be more to do at once."""
        taken = await sequencer.sequence(self.database)
        # However full the queue: what was declared is promised to stand under a checkpoint within a minute.
        if time.monotonic() - self._showed_at < self.between_checkpoints:
            return taken > 0
        shown = await self._show()
        if shown is not None and self._owing:
            self._owing = await self._sign_receipts(shown) == sealing.RECEIPTS_AT_ONCE
        await self._forget()  # Last: whatever becomes of it, the log has gone on.
        return taken > 0 or (shown is not None and self._owing)

    async def _forget(self) -> None:
        """The counts of failed sign-ins that limit nobody any more; here, since this worker is always there."""
        if time.monotonic() - self._forgot_at < self.between_forgettings:
            return
        now = datetime.now(UTC)
        before = now - Limits().window
        await perform(self.database, keeper(), now, sessions.forget_attempts, before=before)
        self._forgot_at = time.monotonic()

    async def _show(self) -> Shown | None:
        now, before = datetime.now(UTC), self._seen
        self._seen = await checkpoints.show_head(
            self.database, self.objects, self.keys, now=now, keep_until=now + self.keep_for, seen=before
        )
        if self._seen != before:
            self._showed_at, self._owing = time.monotonic(), True
        return self._seen

    async def _sign_receipts(self, shown: Shown) -> int:
        signer = self.keys.signer("receipt")
        return await perform(
            self.database, keeper(), datetime.now(UTC), sealing.sign_receipts, shown=shown, signer=signer
        )


@dataclass(frozen=True, slots=True)
class SealingWorker:
    """Re-reads what has arrived, locks it, reads the lock back and seals it; holds no key at all."""

    database: Database
    objects: Objects
    floor: timedelta | None = None
    """What every piece is locked for at the least; None is what the law says (months of the calendar)."""
    lease: timedelta = sealing.LEASE
    go_on: Callable[[], bool] = lambda: True
    """Asked while it reads: a film of hours must not delay the end of the process."""
    _ready: "list[tuple[sealing.Locked, asyncio.Future[None]]]" = field(default_factory=list, init=False)
    _recording: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def turn(self) -> bool:
        """One round; True when pieces were found."""
        under_way: set[asyncio.Task[None]] = set()
        found = False
        try:
            while True:
                # A place that is free is taken at once: a film of hours holds up no photo.
                if (room := AT_ONCE - len(under_way)) and (self.go_on() or not found):
                    pieces = await self._lease(room)
                    found = found or bool(pieces)
                    law = await self._law() if pieces else BUILT_IN
                    under_way |= {asyncio.create_task(self._finish(piece, law)) for piece in pieces}
                if not under_way:
                    return found
                over, under_way = await asyncio.wait(
                    under_way, timeout=IDLE if room else None, return_when=asyncio.FIRST_COMPLETED
                )
                for task in over:
                    task.result()
        finally:
            for task in under_way:
                task.cancel()

    async def _lease(self, room: int) -> "list[asyncpg.Record]":
        return await perform(
            self.database, keeper(), datetime.now(UTC), sealing.lease_received, limit=room, lease=self.lease
        )

    async def _law(self) -> Law:
        async with self.database.reading(keeper()) as sql:
            return await provisions.law_of(sql)

    async def _finish(self, piece: "asyncpg.Record", law: Law) -> None:
        """Seals or quarantines one piece; a fault gives it back and never takes the others with it."""
        try:
            await self._seal(piece, law)
        except VersionGone:
            await self._act(sealing.record_quarantined, piece=piece, reason=Quarantine.VERSION_GONE, sniffed=None)
        except sealing.Interrupted:
            await self._act(sealing.give_back, id=piece["id"])
        except Exception as fault:
            quiet = isinstance(fault, TryAgain)
            log.warning("evidence %s: attempt %s failed: %s", piece["id"], piece["attempts"], fault, exc_info=not quiet)
            await self._act(sealing.release, id=piece["id"], attempts=piece["attempts"])

    async def _seal(self, piece: "asyncpg.Record", law: Law) -> None:
        objects = self.objects
        reading = await objects.aside(sealing.re_read, objects, piece, go_on=self.go_on)
        reason = sealing.reason_against(piece, reading)
        if reason is not None:
            await objects.aside(sealing.keep_apart, objects, piece, until=datetime.now(UTC) + sealing.QUARANTINE)
            await self._act(sealing.record_quarantined, piece=piece, reason=reason, sniffed=reading.sniffed)
            return
        until = keeping_rules.floor_ends(datetime.now(UTC), law, self.floor)
        await objects.aside(sealing.lock, objects, piece, until=until)
        applied = await objects.aside(sealing.must_be_locked, objects, piece, until=until)
        await self._record(sealing.Locked(piece, reading.sniffed, until, applied))

    async def _record(self, locked: sealing.Locked) -> None:
        """Seals with whatever else is ready: while one act is committed, the next pieces gather for another."""
        sealed = asyncio.get_running_loop().create_future()
        self._ready.append((locked, sealed))
        async with self._recording:
            batch = self._ready.copy()
            self._ready.clear()
            await self._commit(batch)
        await sealed

    async def _commit(self, batch: "Sequence[tuple[sealing.Locked, asyncio.Future[None]]]") -> None:
        """One act for all of them; if it fails, one for each, so that one that cannot be sealed holds up no other."""
        if not batch:
            return
        try:
            await self._act(sealing.record_sealed, locked=[one for one, _ in batch])
        except BaseException as fault:
            if isinstance(fault, Exception) and len(batch) > 1:
                for one in batch:
                    await self._commit([one])
                return
            for _, sealed in batch:
                sealed.set_exception(fault)
        else:
            for _, sealed in batch:
                sealed.set_result(None)

    async def _act(self, operation: Callable[..., Awaitable[Any]], **arguments: Any) -> None:
        await perform(self.database, keeper(), datetime.now(UTC), operation, **arguments)


@dataclass(frozen=True, slots=True)
class AbandonedUploads:
    """Throws away the parts of uploads that were not completed in their time, and those that no piece knows of."""

    database: Database
    objects: Objects
    life: timedelta = rules.UPLOAD_LIFE
    between: float = 3600.0
    """Seconds between two looks."""
    at_once: int = 100

    async def turn(self) -> bool:
        """One round; True when there may be more to do at once."""
        before, objects = datetime.now(UTC) - self.life, self.objects
        async with self.database.reading(keeper()) as sql:
            uploads = await uploading.uploads_to_abort(sql, before=before, limit=self.at_once)
        for upload in uploads:
            if await objects.aside(uploading.abort_in_store, objects, upload):
                await perform(self.database, keeper(), datetime.now(UTC), uploading.record_aborted, upload=upload)
        await self._abort_orphans(before)
        return len(uploads) == self.at_once

    async def _abort_orphans(self, before: datetime) -> None:
        found = await self.objects.aside(uploading.begun_in_store, self.objects, before=before)
        async with self.database.reading(keeper()) as sql:
            known = await uploading.known_uploads(sql, upload_ids=[one.upload_id for one in found])
        orphans = [one for one in found if one.upload_id not in known]
        await self.objects.aside(uploading.abort_orphans, self.objects, orphans)


@dataclass(slots=True)
class Heart:
    """Tells every few seconds, in a row of its own, that a worker lives and what waits for it.

    It beats beside the turns and not between them: a film of hours is one turn. A heart that cannot tell is only
    logged; the silence says the rest.
    """

    database: Database
    worker: str
    between: float = 5.0
    faults: int = 0

    async def beat(self, stop: Stop) -> None:
        started_at = datetime.now(UTC)
        while not stop.asked:
            try:
                async with self.database.transaction(keeper()) as (_, sql):
                    await heartbeats.beat(
                        sql,
                        worker=self.worker,
                        now=datetime.now(UTC),
                        started_at=started_at,
                        faults=self.faults,
                        waits=_WAITS.get(self.worker),
                    )
            except Exception as fault:
                log.warning("the heartbeat of %s was not written: %s", self.worker, type(fault).__name__)
            await stop.wait(self.between)


async def run(
    worker: Worker, stop: Stop, *, idle: float = IDLE, heart: Heart | None = None, bell: Bell | None = None
) -> None:
    """Turns until asked to stop; a bell ends a pause. A fault is logged and tried again: a worker that gives up would
    lose nothing, and nobody would notice."""
    with (bell or Bell()).heard() as woken:
        await _run(worker, stop, idle, heart, woken)


async def _run(worker: Worker, stop: Stop, idle: float, heart: Heart | None, woken: asyncio.Event) -> None:
    while not stop.asked:
        try:
            busy = await worker.turn()
        except DatabaseBehind as behind:
            log.critical("this database never signs: %s", behind)
            await stop.wait(BEHIND)
        except Exception as fault:
            if heart is not None:
                heart.faults += 1
            log.error("a turn failed: %s", fault, exc_info=not isinstance(fault, TryAgain))
            await stop.wait(AFTER_A_FAULT)
        else:
            await (stop.wait(0) if busy else stop.wait_unless(woken, idle))
