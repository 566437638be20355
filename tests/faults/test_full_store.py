"""The disk of the store fills up amid the work: nothing is stored half or lost, and with room again all is sealed."""

import asyncio
import io
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.embedded.postgres import DatabaseAddresses
from api.phone.shift import main_shift
from api.worker import LedgerWorker, SealingWorker
from storage.field.evidence.tables import EvidenceState
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.bundles import verify_bundle
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from storage.record.problems import TryAgain
from tests.api.running import wait_until
from tests.factories import media
from tests.factories.evidence import bundle_of, complete, declare, send, signed_put
from tests.factories.field import PHOTO, Scene, make_scene
from tests.factories.ledger import looking
from tests.faults.full import SmallStore
from tests.journeys.running import OFFICERS, running_service
from tests.servers import Servers, passable_folder
from tests.storage.field.evidence.sending import Sending, film, hashes

FLOOR, FAILED = timedelta(minutes=1), 1
BEFORE, AMID = PHOTO * 1_000, PHOTO * 1_001
TRACES = "SELECT kind, count(*) FROM entries n JOIN payloads p ON p.entry_id = n.id WHERE p.subject = $1 GROUP BY kind"


@pytest.fixture
def small() -> Iterator[SmallStore]:
    with passable_folder() as folder:
        made = SmallStore(folder / "store")
        yield made
        made.server.stop()


async def turns(record: Database, workers: Database, objects: Objects, keys: KeyFolder, superuser: str) -> None:
    """Sealing and receipts, as far as they come; the waits after faults are cut short."""
    async with looking(superuser) as sql:
        await sql.execute("UPDATE evidence SET retry_at = received_at, leased_until = NULL WHERE state = 'RECEIVED'")
    for worker in (
        SealingWorker(workers, objects, FLOOR),
        LedgerWorker(workers, objects, keys, keep_for=FLOOR, between_checkpoints=0),
    ):
        with suppress(TryAgain):
            while await worker.turn():
                pass


async def rows(superuser: str, scene: Scene) -> dict[bytes, Any]:
    async with looking(superuser) as sql:
        found = await sql.fetch("SELECT * FROM evidence WHERE recording_id = $1", scene.recording_id)
        return {row["sha256"]: dict(row) | {"traces": dict(await sql.fetch(TRACES, row["id"]))} for row in found}


async def test_what_finds_no_room_is_refused_whole_and_what_was_acknowledged_is_sealed_once_there_is_room(
    record: Database, workers: Database, database: DatabaseAddresses, keys: KeyFolder, small: SmallStore
) -> None:
    objects, scene = Objects(small.address), await make_scene(database.superuser)
    items = scene.chain([BEFORE, AMID])
    before, amid = await declare(record, scene, items)
    filmed = scene.item(body=film(), type="video/mp4", seq=2, prev=sha256(items[-1].statement).hexdigest())
    phone = Sending(scene, record, objects, scene.actor(), promise=keys.signer("promise"))
    assert send(signed_put(objects, before), BEFORE) == 200
    assert await complete(record, objects, scene, [before.id]) == [EvidenceState.RECEIVED]
    (answer,) = await phone.declare(filmed)
    assert answer["problem"] is None, answer
    small.fill(small.address)

    assert send(signed_put(objects, amid), AMID) == 500
    assert objects.versions(amid.object_name) == [], "half a photo"
    assert (await phone.begin(filmed.id, hashes(film())))["problem"] is None
    assert await phone.send_part(filmed.id, 1) == 500
    assert (await phone.status(filmed.id))["held"] == [], "half a part"
    (told,) = await complete(record, objects, scene, [amid.id])
    assert told is not EvidenceState.RECEIVED
    assert (await phone.complete(filmed.id))["problem"]["code"] == "PART_MISSING"
    await turns(record, workers, objects, keys, database.superuser)
    states = {piece["id"]: piece for piece in (await rows(database.superuser, scene)).values()}
    assert states[amid.id]["state"] == states[filmed.id]["state"] == "DECLARED"
    assert states[before.id]["state"] in ("RECEIVED", "SEALED")
    assert not states[before.id]["receipted"], "a receipt names a checkpoint, which found no room"
    assert b"".join(objects.read(before.object_name, states[before.id]["object_version"])) == BEFORE

    await asyncio.to_thread(objects.close)
    small.give_room()
    objects = phone.objects = Objects(small.address)
    await asyncio.to_thread(settled, small)
    assert send(signed_put(objects, amid), AMID) == 200
    await complete(record, objects, scene, [amid.id])
    for number in (1, 2, 3):
        assert await phone.send_part(filmed.id, number) == 200
    assert (await phone.complete(filmed.id))["problem"] is None
    await turns(record, workers, objects, keys, database.superuser)
    for piece in (await rows(database.superuser, scene)).values():
        assert (piece["state"], piece["receipted"], piece["quarantine_reason"]) == ("SEALED", True, None), piece
        once = {kind: times for kind, times in piece["traces"].items() if kind != "evidence.upload_begun"}
        assert once == {"evidence.declared": 1, "evidence.received": 1, "evidence.sealed": 1}
        assert len(objects.versions(piece["object_name"])) == 1
    data = await bundle_of(record, scene, amid, keys)
    assert verify_bundle(data, original=io.BytesIO(AMID), trust=keys.public()).status is Status.VERIFIED
    objects.close()


def settled(small: SmallStore) -> None:
    """The first write after a start may come before the store knows its own volumes."""
    wait_until(lambda: small.takes(b"x" * 3_000_000), what="room in the store")


async def test_a_shift_that_meets_a_full_store_says_why_keeps_all_and_ends_sealed_once_there_is_room(
    servers: Servers, template: DatabaseAddresses, small: SmallStore
) -> None:
    with tempfile.TemporaryDirectory(prefix="pithead-full-") as scratch:
        folder = Path(scratch)
        (folder / "photos").mkdir()
        for number in range(3):
            picture = media.jpeg(media.scene(number, (320, 240)))
            (folder / "photos" / f"{number}.jpg").write_bytes(picture)
        (folder / "photos" / "film.mp4").write_bytes(film())
        async with running_service(replace(servers, store=small.address), template, folder) as service:
            small.fill(service.store)
            said: list[str] = []
            assert await asyncio.to_thread(take, service.url, folder, said) == FAILED
            assert "HTTP 500" in "\n".join(said), said
            copies = [path for path in (folder / "phones").glob("**/originals/*") if path.is_file()]
            assert len(copies) == 4, "the phone keeps what the store did not take"
            small.give_room()
            await asyncio.to_thread(settled, small)
            assert await asyncio.to_thread(take, service.url, folder, said) == 0, said[-8:]
            assert said[-1].startswith("4 files, 4 sealed"), said[-1]
            sealed = "SELECT count(*) FROM entries WHERE kind = 'evidence.sealed'"
            assert await service.count(sealed) == 4


def take(url: str, folder: Path, said: list[str]) -> int:
    return main_shift(
        url=url, root=folder / "photos", folder=folder / "phones", people=OFFICERS, language="en", say=said.append,
        into=folder / "out",
    )  # fmt: skip
