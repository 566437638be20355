"""One step of a piece's way in a process of its own, which kills itself within the step or right behind it.

Run as `python -m tests.faults.driver FOLDER STEP within|after`: what it needs is read from FOLDER/case.json.
"""

import asyncio
import http.client
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from uuid import UUID

from storage.field.evidence import operations, sealing
from storage.field.evidence.operations import Arrival, Declared
from storage.record.actor import Actor, Grant, Reach, Role, keeper
from storage.record.database import Database
from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects, StoreAddress
from storage.record.work import Work, perform

STEPS = ("declare", "put", "received", "re-read", "lock", "sealed", "receipt")
FLOOR = timedelta(seconds=30)


def die() -> NoReturn:
    """No handler runs, nothing is flushed, no answer is sent."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class Case:
    """What FOLDER/case.json says, opened."""

    def __init__(self, folder: Path, *, within: bool) -> None:
        told = json.loads((folder / "case.json").read_text())
        self.within = within
        self.record, self.workers = Database(told["api"], pool_size=1), Database(told["worker"], pool_size=1)
        self.objects, self.keys = Objects(StoreAddress(**told["store"])), KeyFolder(folder / "keys")
        reach = Reach(counties=frozenset({told["county"]}))
        self.recording, self.device = UUID(told["recording"]), UUID(told["device"])
        self.actor = Actor(UUID(told["maker"]), None, self.device, (Grant(Role.INSPECTOR, reach),), reach)
        self.body = bytes.fromhex(told["body"])
        statement, signature = bytes.fromhex(told["statement"]), bytes.fromhex(told["signature"])
        self.item = Declared(UUID(told["id"]), statement, signature)

    async def act(self, operation: Any, *, dies: bool = False, workers: bool = False, **arguments: Any) -> Any:
        """One act; one that dies does so with everything written, before its commit or after it."""

        async def to_the_death(work: Work) -> Any:
            outcome = await operation(work, **arguments)
            if dies and self.within:
                await work.settle()
                die()
            return outcome

        database, actor = (self.workers, keeper()) if workers else (self.record, self.actor)
        outcome = await perform(database, actor, datetime.now(UTC), to_the_death)
        if dies:
            die()
        return outcome

    async def declare(self, *, dies: bool = False) -> Any:
        answers = await self.act(
            operations.declare_evidence, dies=dies, recording_id=self.recording, device_id=self.device,
            items=[self.item],
        )  # fmt: skip
        return answers[0]

    async def put(self) -> None:
        piece = await self.declare()
        request = self.objects.sign_put(
            piece.object_name,
            sha256=piece.sha256,
            size=piece.size,
            media_type=piece.media_type,
            beside=piece.beside,
        )
        where = urlsplit(request.url)
        line = http.client.HTTPConnection(where.netloc, timeout=10)
        line.putrequest(request.method, f"{where.path}?{where.query}", skip_accept_encoding=True)
        for name, value in request.headers:
            line.putheader(name, value)
        line.endheaders()
        line.send(self.body[: len(self.body) // 2])
        if self.within:
            die()
        line.send(self.body[len(self.body) // 2 :])
        assert line.getresponse().status == 200
        die()

    async def receive(self) -> None:
        async with self.record.reading(self.actor) as sql:
            plan = await operations.plan_receipt(sql, self.actor, ids=[self.item.id])
        arrivals: list[Arrival] = operations.look_for_bytes(self.objects, plan)
        await self.act(operations.record_receipt, dies=True, ids=[self.item.id], arrivals=arrivals)

    async def seal(self, step: str) -> None:
        (piece,) = await self.act(sealing.lease_received, workers=True, limit=1, lease=timedelta(0))
        if step == "re-read" and self.within:
            next(self.objects.read(piece["object_name"], piece["object_version"]))
            die()
        reading = sealing.re_read(self.objects, piece)
        assert sealing.reason_against(piece, reading) is None
        if step == "re-read":
            die()
        until = datetime.now(UTC) + FLOOR
        if step == "lock" and self.within:
            self.objects.lock(piece["object_name"], piece["object_version"], until)
            die()
        sealing.lock(self.objects, piece, until=until)
        applied = sealing.must_be_locked(self.objects, piece, until=until)
        if step == "lock":
            die()
        await self.act(
            sealing.record_sealed, dies=True, workers=True,
            locked=[sealing.Locked(piece, reading.sniffed, until, applied)],
        )  # fmt: skip

    async def sign(self) -> None:
        while await sequencer.sequence(self.workers):
            pass
        now = datetime.now(UTC)
        shown = await checkpoints.show_head(self.workers, self.objects, self.keys, now=now, keep_until=now + FLOOR)
        assert shown is not None
        signer = self.keys.signer("receipt")
        await self.act(sealing.sign_receipts, dies=True, workers=True, shown=shown, signer=signer)


async def run(case: Case, step: str) -> None:
    """Comes to the step and dies in it."""
    if step == "declare":
        await case.declare(dies=True)
    elif step == "put":
        await case.put()
    elif step == "received":
        await case.receive()
    elif step == "receipt":
        await case.sign()
    else:
        await case.seal(step)


if __name__ == "__main__":
    asyncio.run(run(Case(Path(sys.argv[1]), within=sys.argv[3] == "within"), sys.argv[2]))
