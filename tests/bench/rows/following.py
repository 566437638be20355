"""Subscriptions: from an urgent fact's commit to a frame on a thousand sockets, and what a socket costs in memory.

The fact is an entry within everybody's reach. It is committed here, given its position by the sequencer, as its worker
does it, and told by a whole API process. The other side is a bare WebSocket server with the same settings that sends
the very same frame to as many sockets of the same clients when it is told to.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from api.embedded.ports import free_ports
from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.work import Work, perform
from tests.bench import served, site
from tests.bench.client import Client
from tests.bench.ears import Ear, all_heard, framed
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.site import COUNTY, MINE, OFFICE, Officer
from tests.servers import ROOT

FRAME = "urgent fact committed to frame on 1,000 subscriptions, p99 : bare server's frame to them"
MEMORY = "API's memory of an open subscription"
SOCKETS, EACH, MANY, ROUNDS = 1_000, 10, 4_000, 15
_FOLLOW = "subscription { changed { position cursor } }"


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Officers of one county, ten sockets each at the most."""
    await site.seed(sql, officers=MANY // EACH)


async def measure_frame(ground: Ground) -> list[Figure]:
    """Each round one fact, and one frame of the bare server."""
    seeded = await ground.seeded("following", seed)
    ours, bare = [], []
    async with ground.clone(seeded) as addresses, served.api(ground, addresses.api) as api, _bare() as port:
        api_database, workers = Database(addresses.api, pool_size=1), Database(addresses.worker, pool_size=1)
        await sequencer.open_log(workers, origin="bench/following")
        following = await _subscribed(api, SOCKETS)
        held = [await Ear.opened(port) for _ in range(SOCKETS)]
        try:
            for number in range(ROUNDS + 1):
                told = await _fact(api_database, workers, following)
                frame = following[0].last[2:] if following[0].last[1] < 126 else following[0].last[4:]
                sent = await _frame(held, frame)
                if number:  # The first round warms both and is not counted.
                    ours.append(told)
                    bare.append(sent)
                await asyncio.sleep(0.3)
        finally:
            for ear in (*following, *held):
                ear.close()
            await api_database.close()
            await workers.close()
    sides = (
        Side("fact to the 990th frame", "ms", tuple(one * 1e3 for one in ours)),
        Side("bare server to the 990th frame", "ms", tuple(one * 1e3 for one in bare)),
    )
    return [Figure(FRAME, ratios(ours, bare), sides, (f"{SOCKETS:,} sockets of {SOCKETS // EACH} people, one scope",))]


async def measure_memory(ground: Ground) -> list[Figure]:
    """What the process grew by, once a thousand sockets had warmed it, for each further one."""
    seeded = await ground.seeded("following", seed)
    async with ground.clone(seeded) as addresses, served.api(ground, addresses.api) as api:
        workers = Database(addresses.worker, pool_size=1)
        await sequencer.open_log(workers, origin="bench/following")
        await workers.close()
        first = await _subscribed(api, SOCKETS)
        before = _resident(api.pid)
        more = await _subscribed(api, MANY - SOCKETS, begin=SOCKETS // EACH)
        grown = (_resident(api.pid) - before) / (MANY - SOCKETS)
        for ear in (*first, *more):
            ear.close()
    remark = f"{MANY:,} sockets, each with one subscription; the growth from the {SOCKETS:,}th on"
    return [Figure(MEMORY, (grown / 1_000,), (), (remark,))]


async def _subscribed(api: served.Api, count: int, *, begin: int = 0) -> list[Ear]:
    """Sockets past their name and the first frame of their subscription."""
    found = []
    for number in range(count):
        ear = await Ear.opened(api.port)
        token = api.token(Officer(begin + number // EACH))
        await ear.ask(
            framed(orjson.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        )
        first = await ear.ask(framed(orjson.dumps({"type": "subscribe", "id": "1", "payload": {"query": _FOLLOW}})))
        assert b'"next"' in first, first
        found.append(ear)
    return found


async def _fact(database: Database, workers: Database, ears: list[Ear]) -> float:
    """Seconds from the commit of one act to the frame that 99 of a hundred have."""
    await perform(database, _officer(), datetime.now(UTC), _ordered)
    begun = time.perf_counter()
    await sequencer.sequence(workers)
    return (await all_heard(ears, since=begun))[len(ears) * 99 // 100 - 1]


async def _frame(ears: list[Ear], frame: bytes) -> float:
    begun = time.perf_counter()
    ears[0].say(orjson.loads(frame))
    return (await all_heard(ears, since=begun))[len(ears) * 99 // 100 - 1]


async def _ordered(work: Work) -> None:
    work.record(
        "measure.ordered", uuid4(), data={"kind": "WITHDRAW_PEOPLE"}, county=COUNTY, office=OFFICE, mine_id=MINE
    )


def _officer() -> Actor:
    return Officer(0).actor


def _resident(pid: int) -> int:
    """Bytes that a process holds in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4_096


@asynccontextmanager
async def _bare() -> AsyncIterator[int]:
    """The bare server, on this port."""
    (port,) = free_ports(1)
    process = await asyncio.to_thread(
        lambda: subprocess.Popen([sys.executable, "-m", "tests.bench.bare_sockets", str(port)], cwd=ROOT)
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                (await Client.connect(port)).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "the bare server does not answer"
                await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)
