"""Tests of the stamping worker: what was signed is stamped by itself, and what cannot be holds up nothing else."""

from functools import partial

import pytest

from api.stamping import StampingWorker
from storage.promises.commitments.signing import Given
from storage.promises.keys.tables import SigningWay
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.signatures import Signer
from storage.record.objects import Objects
from tests.factories.signing import Signing, signing_of
from tests.factories.templates import promises_of
from tests.sites import Site

INK = Given(way=SigningWay.INK, scan=bytes(32))


@pytest.fixture
async def desk(site: Site, objects: Objects) -> Signing:
    return await signing_of(await promises_of(site), objects)


async def levels(desk: Signing) -> list[str]:
    rows = await desk.promises.site.rows.fetch("SELECT level FROM commitment_stamps ORDER BY level")
    return [row["level"] for row in rows]


async def test_what_was_signed_is_stamped_and_what_was_superseded_ends(
    desk: Signing, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    worker = StampingWorker(workers, objects, partial(keys.signer, "stamp"))
    assert not await worker.turn()
    await desk.signs(await desk.lays(), INK)
    assert await worker.turn()
    await desk.signs(await desk.lays(), INK)
    assert await worker.turn()
    assert not await worker.turn()
    assert await levels(desk) == ["B-B", "B-B"]
    entries = await desk.promises.site.entries()
    assert (entries.count("commitment.stamped"), entries.count("commitment.ended")) == (2, 1)


async def test_without_its_authority_of_time_a_stamp_says_nothing_of_its_moment_and_is_tried_later(
    desk: Signing, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    await desk.signs(await desk.lays(), INK)
    worker = StampingWorker(workers, objects, partial(keys.signer, "stamp"), "http://127.0.0.1:9/none")
    assert await worker.turn()
    assert not await worker.turn()
    assert await levels(desk) == ["B-B"]


async def test_a_pdf_that_cannot_be_stamped_holds_up_no_other(
    desk: Signing, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    first = await desk.signs(await desk.lays(), INK)
    await desk.promises.site.rows.execute("ALTER TABLE commitments DISABLE TRIGGER USER")
    await desk.promises.site.rows.execute("UPDATE commitments SET object_name = 'derived/gone' WHERE id = $1", first.id)
    await desk.signs(await desk.lays(), INK)
    worker = StampingWorker(workers, objects, partial(keys.signer, "stamp"))
    assert await worker.turn()
    assert not await worker.turn()
    assert await levels(desk) == ["B-B"]


async def test_a_stamps_key_that_is_out_of_reach_withholds_no_ending(
    desk: Signing, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    def gone() -> Signer:
        raise FileNotFoundError("stamp")

    await desk.signs(await desk.lays(), INK)
    await desk.signs(await desk.lays(), INK)
    worker = StampingWorker(workers, objects, gone)
    with pytest.raises(FileNotFoundError):
        await worker.turn()
    assert (await desk.promises.site.entries()).count("commitment.ended") == 1
    assert await levels(desk) == []
