"""Puts one worker process together: its role, its store, its turns, its heartbeat, and how it ends."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from api import keeping, stamping, sweeping, telling
from api.describing import DescribingWorker
from api.keeping import KeepingWorker, ScrubbingWorker
from api.reporting import batches
from api.reporting.batches import ReportingWorker
from api.stamping import StampingWorker
from api.sweeping import DisclosingWorker, SweepingWorker
from api.telling import FollowingWorker, SendingWorker, TellingOfMonths
from api.ways import Ways, open_channels
from api.worker import AbandonedUploads, Bell, Heart, LedgerWorker, SealingWorker, Stop, run
from storage.record.database import Database
from storage.record.fitness import must_be_a_plain_role, must_be_migrated
from storage.record.ledger import bell, sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects, StoreAddress

log = logging.getLogger("pithead.worker")


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker process is told, as plain values; `keys` only for the ledger's and the keeper's."""

    name: str
    database_url: str
    store: StoreAddress
    keys: KeyFolder | None = None
    ledger_retention: timedelta = timedelta(days=3_653)
    floor: timedelta | None = None
    scrub_pace: int = keeping.PACE
    ways: Ways | None = None
    """By which ways the teller tells; None for the duty page alone."""
    timestamp_url: str | None = None
    """The authority of time that stamps ask; None for stamps without."""
    sandbox: bool = False
    """Whether people act by clocks that their calls ask for: then the sweeper's is that of the last of them."""


async def work(worker: Worker) -> None:
    """Works until SIGTERM or SIGINT; then ends its batch, gives back what it holds, and closes."""
    stop = Stop()
    stop.listen()
    async with _opened(worker) as (database, objects):
        heart = Heart(database, worker.name)
        turns = await _turns(worker, database, objects, stop, heart)
        if worker.name == "keeping":
            turns += _sweep(database, objects, stop, by_the_record=worker.sandbox)
            turns += _stamp(worker, database, objects, stop, heart)
        await asyncio.gather(*turns, heart.beat(stop))
    log.info("stopped")


@asynccontextmanager
async def _opened(worker: Worker) -> AsyncIterator[tuple[Database, Objects]]:
    database, objects = Database(worker.database_url), Objects(worker.store)
    try:
        await must_be_a_plain_role(database)
        await must_be_migrated(database)
        yield database, objects
    finally:
        await database.close()
        objects.close()


async def _turns(
    worker: Worker, database: Database, objects: Objects, stop: Stop, heart: Heart
) -> list[Coroutine[Any, Any, None]]:
    if worker.name == "ledger" and worker.keys is not None:
        await sequencer.open_log(database, origin=worker.keys.public()["origin"])
        return [run(LedgerWorker(database, objects, worker.keys, worker.ledger_retention), stop, heart=heart)]
    if worker.name == "telling":
        return _tell(worker, database, stop, heart)
    if worker.name == "keeping":
        os.nice(10)  # It always has something to read; whoever seals or answers goes first.
        scrubber = ScrubbingWorker(database, objects, pace=worker.scrub_pace, go_on=lambda: not stop.asked)
        keeper = KeepingWorker(database, objects)
        return [run(each, stop, idle=keeping.IDLE, heart=heart) for each in (keeper, scrubber)]
    if worker.name == "describing":
        reports = run(ReportingWorker(database, objects), stop, idle=batches.IDLE, heart=heart)
        return [_describe(DescribingWorker(database, objects), stop, heart), reports]
    sealing = SealingWorker(database, objects, worker.floor, go_on=lambda: not stop.asked)
    abandoned = AbandonedUploads(database, objects)
    return [run(sealing, stop, heart=heart), run(abandoned, stop, idle=abandoned.between, heart=heart)]


def _sweep(database: Database, objects: Objects, stop: Stop, *, by_the_record: bool) -> list[Coroutine[Any, Any, None]]:
    """The sweeper, with a heart of its own: what it counts is not the keeper's."""
    heart = Heart(database, "sweeping")
    return [
        run(SweepingWorker(database, by_the_record=by_the_record), stop, idle=sweeping.IDLE, heart=heart),
        run(
            DisclosingWorker(database, objects, by_the_record=by_the_record),
            stop,
            idle=sweeping.BETWEEN_DAYS,
            heart=heart,
        ),
        heart.beat(stop),
    ]


def _stamp(
    worker: Worker, database: Database, objects: Objects, stop: Stop, heart: Heart
) -> list[Coroutine[Any, Any, None]]:
    """The stamper, with the keeper's heart; none where this process was given no keys."""
    if worker.keys is None:
        return []
    stamper = StampingWorker(
        database, objects, partial(worker.keys.signer, "stamp"), worker.timestamp_url, by_the_record=worker.sandbox
    )
    return [run(stamper, stop, idle=stamping.IDLE, heart=heart)]


def _tell(worker: Worker, database: Database, stop: Stop, heart: Heart) -> list[Coroutine[Any, Any, None]]:
    """Following, sending and the months, and a heart that counts the alarms that nobody takes.

    The ledger's bell wakes the follower, and the follower's turns wake the senders; polling is the safety net.
    """
    rung, made, alarms = Bell(), Bell(), Heart(database, "alarms")
    following = FollowingWorker(database, after=made.ring)
    return [
        run(following, stop, idle=telling.IDLE, heart=heart, bell=rung),
        _hear(worker.database_url, rung, stop),
        _send(database, worker.ways or Ways(), stop, heart, made),
        run(months := TellingOfMonths(database), stop, idle=months.between, heart=heart),
        alarms.beat(stop),
    ]


async def _hear(url: str, rung: Bell, stop: Stop) -> None:
    """Listens to the ledger until the end is asked for."""
    hearing = asyncio.create_task(bell.listen(url, rung.ring))
    try:
        while not stop.asked:
            await stop.wait(3_600.0)
    finally:
        hearing.cancel()
        await asyncio.wait({hearing})


async def _send(database: Database, ways: Ways, stop: Stop, heart: Heart, made: Bell) -> None:
    async with open_channels(ways) as channels:
        sending = SendingWorker(database, channels)
        await asyncio.gather(
            *(run(sending, stop, idle=telling.IDLE, heart=heart, bell=made) for _ in range(telling.LANES))
        )


async def _describe(describing: DescribingWorker, stop: Stop, heart: Heart) -> None:
    try:
        await run(describing, stop, idle=0.5, heart=heart)
    finally:
        describing.close()
