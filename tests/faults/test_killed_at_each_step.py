"""Each of the seven steps of a piece dies by kill -9, and both servers too: it ends sealed once, with its receipt."""

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.embedded.postgres import DatabaseAddresses, EmbeddedPostgres
from api.embedded.store import EmbeddedStore
from api.worker import LedgerWorker, SealingWorker
from storage.field.evidence.operations import Declared, Piece
from storage.field.evidence.tables import EvidenceState
from storage.migrations.run import migrate
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.bundles import verify_bundle
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.sequencer import open_log
from storage.record.objects import Objects, StoreAddress
from storage.record.problems import TryAgain
from tests.api.running import wait_until
from tests.factories.evidence import bundle_of, complete, declare, send, signed_put
from tests.factories.field import PHOTO, Scene, make_scene
from tests.factories.ledger import looking
from tests.faults.driver import STEPS
from tests.servers import ROOT, passable_folder

ORIGIN = "ledger.pithead.example/faults"
BODY = PHOTO * 2_000
SENTINEL = "sentinel"
SINCE = 1_577_836_800_000


class House:
    """Two servers that may be killed, and what stands in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder / "postgres", log=lambda _: None)
        self.weed = EmbeddedStore(folder / "store", log=lambda _: None)
        self.keys = KeyFolder(folder / "keys")
        self.database: DatabaseAddresses
        self.store: StoreAddress

    def start(self) -> None:
        self.database, self.store = self.postgres.start(), self.weed.start()

    def kill_servers(self) -> None:
        """Both at once, as a power failure would; then they come up again by themselves."""
        self.postgres.process.kill()
        self.weed.process.kill()
        self.start()

        wait_until(self._reads, what="the first object after a crash")

    def _reads(self) -> bool:
        objects = Objects(self.store)
        try:
            return objects.whole(SENTINEL) == BODY
        except TryAgain:
            return False
        finally:
            objects.close()

    def stop(self) -> None:
        self.weed.stop()
        self.postgres.stop()

    def drive(self, scene: Scene, item: Declared, step: str, how: str) -> int:
        """Runs the step in a process of its own; how it ended."""
        case = {
            "api": self.database.api, "worker": self.database.worker, "store": asdict(self.store),
            "county": scene.county, "recording": str(scene.recording_id), "device": str(scene.phone.id),
            "maker": str(scene.phone.owner_id), "body": BODY.hex(), "id": str(item.id),
            "statement": item.statement.hex(), "signature": item.signature.hex(),
        }  # fmt: skip
        (self.folder / "case.json").write_text(json.dumps(case))
        command = [sys.executable, "-m", "tests.faults.driver", str(self.folder), step, how]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode < 0, done.stderr
        return done.returncode

    async def come_to(self, scene: Scene, item: Declared, step: str) -> None:
        """All steps before this one, undisturbed."""
        record, workers, objects = self.open()
        reached = STEPS.index(step)
        if reached > STEPS.index("put"):
            (piece,) = await declare(record, scene, [item])
            assert send(signed_put(objects, piece), BODY) == 200
        if reached > STEPS.index("received"):
            await complete(record, objects, scene, [item.id])
        if reached > STEPS.index("sealed"):
            assert await SealingWorker(workers, objects, timedelta(seconds=30)).turn()
        await self.close(record, workers, objects)

    async def go_on(self, scene: Scene, item: Declared) -> Piece:
        """What the phone does when it gets no answer, and what the workers do when they start again."""
        record, workers, objects = self.open()
        (piece,) = await declare(record, scene, [item])
        if piece.state is EvidenceState.DECLARED:
            assert send(signed_put(objects, piece), BODY) in (200, 412)
        (state,) = await complete(record, objects, scene, [item.id])
        assert state in (EvidenceState.RECEIVED, EvidenceState.SEALED)
        while await SealingWorker(workers, objects, timedelta(seconds=30), lease=timedelta(0)).turn():
            pass
        ledger = LedgerWorker(workers, objects, self.keys, keep_for=timedelta(seconds=30), between_checkpoints=0)
        while await ledger.turn():
            pass
        data = await bundle_of(record, scene, piece, self.keys)
        verdict = verify_bundle(data, original=io.BytesIO(BODY), trust=self.keys.public())
        assert verdict.status is Status.VERIFIED, verdict.summary
        assert verdict.complete, verdict.summary
        await self.close(record, workers, objects)
        return piece

    def open(self) -> tuple[Database, Database, Objects]:
        return Database(self.database.api), Database(self.database.worker), Objects(self.store)

    async def close(self, record: Database, workers: Database, objects: Objects) -> None:
        await record.close()
        await workers.close()
        objects.close()

    async def traces(self, piece: Piece) -> dict[str, int]:
        """How often each kind of entry speaks of the piece."""
        async with looking(self.database.superuser) as sql:
            rows = await sql.fetch(
                "SELECT kind, count(*) FROM entries e JOIN payloads p ON p.entry_id = e.id"
                " JOIN positions USING (entry_id) WHERE subject = $1 GROUP BY kind", piece.id,
            )  # fmt: skip
        return {kind.removeprefix("evidence."): times for kind, times in rows}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Servers of this module's own, since they are killed."""
    with passable_folder() as folder:
        built = House(folder)
        built.start()
        migrate(built.database.owner, months_ahead=1)
        built.keys.create_missing(SINCE, origin=ORIGIN)
        objects = Objects(built.store)
        objects.client.put_object(Bucket=built.store.bucket, Key=SENTINEL, Body=BODY)
        objects.close()
        asyncio.run(begin(built.database.worker))
        yield built
        built.stop()


async def begin(url: str) -> None:
    database = Database(url, pool_size=1)
    await open_log(database, origin=ORIGIN)
    await database.close()


async def sealed_once(house: House, step: str, how: str, *, servers_too: bool) -> None:
    scene = await make_scene(house.database.superuser)
    item = scene.item(body=BODY)
    await house.come_to(scene, item, step)
    await asyncio.to_thread(house.drive, scene, item, step, how)
    if servers_too:
        house.kill_servers()
    if how == "after":
        await must_be_kept(house, item, step)
    piece = await house.go_on(scene, item)
    assert await house.traces(piece) == {"declared": 1, "received": 1, "sealed": 1}
    async with looking(house.database.superuser) as sql:
        counts: Any = await sql.fetchrow(
            "SELECT (SELECT count(*) FROM evidence WHERE recording_id = $1),"
            " (SELECT count(*) FROM receipts WHERE evidence_id = $2),"
            " (SELECT count(*) = max(position) + 1 FROM positions)", scene.recording_id, piece.id,
        )  # fmt: skip
    assert tuple(counts) == (1, 1, True)


async def must_be_kept(house: House, item: Declared, step: str) -> None:
    """What was committed, or answered by the store, before the death is there after it."""
    reached = STEPS.index(step)
    expected = (
        "DECLARED" if reached < STEPS.index("received") else "RECEIVED" if reached < STEPS.index("sealed") else "SEALED"
    )
    async with looking(house.database.superuser) as sql:
        row = await sql.fetchrow("SELECT state, object_name, receipted FROM evidence WHERE id = $1", item.id)
    assert row["state"] == expected
    assert row["receipted"] is (step == "receipt")
    objects = Objects(house.store)
    assert objects.whole(row["object_name"]) == (None if step == "declare" else BODY)
    objects.close()


@pytest.mark.parametrize("how", ["within", "after"])
@pytest.mark.parametrize("step", STEPS)
async def test_a_process_killed_at_a_step_loses_nothing_and_seals_once(house: House, step: str, how: str) -> None:
    await sealed_once(house, step, how, servers_too=False)


@pytest.mark.parametrize("step", STEPS)
async def test_servers_killed_right_after_a_step_keep_what_they_acknowledged(house: House, step: str) -> None:
    await sealed_once(house, step, "after", servers_too=True)
