"""Tests of sealing: re-read, lock, read back, commit, receipt; each step dies and is done again."""

import asyncio
import io
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from api.worker import LedgerWorker, SealingWorker
from storage.field.evidence import sealing
from storage.field.evidence.operations import Piece
from storage.field.evidence.rules import Quarantine
from storage.record import multipart
from storage.record.actor import keeper
from storage.record.clock import whole_ms
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.bundles import verify_bundle
from storage.record.ledger.proofs.statements import parts_root
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from storage.record.work import perform
from tests.factories.evidence import bundle_of, complete, declare, declared, send, signed_put
from tests.factories.field import PHOTO, Scene, make_scene
from tests.factories.ledger import looking

FLOOR = timedelta(minutes=1)


class World:
    """One test's record, store and keys, and its workers."""

    def __init__(self, record: Database, workers: Database, objects: Objects, keys: KeyFolder, superuser: str) -> None:
        self.record, self.objects, self.keys, self.superuser = record, objects, keys, superuser
        self.workers = workers

    def sealer(self, objects: Objects | None = None) -> SealingWorker:
        """A worker whose leases run out at once, as if those of the one before it had."""
        return SealingWorker(self.workers, objects or self.objects, FLOOR, lease=timedelta(0))

    def ledger(self) -> LedgerWorker:
        return LedgerWorker(self.workers, self.objects, self.keys, keep_for=FLOOR, between_checkpoints=0)

    async def act(self, operation: Any, **arguments: Any) -> Any:
        """One act of the workers."""
        return await perform(self.workers, keeper(), datetime.now(UTC), operation, **arguments)

    async def row(self, piece: Piece) -> "asyncpg.Record":
        async with looking(self.superuser) as sql:
            return await sql.fetchrow("SELECT * FROM evidence WHERE id = $1", piece.id)

    async def kept(self, piece: Piece) -> "asyncpg.Record":
        async with looking(self.superuser) as sql:
            return await sql.fetchrow("SELECT * FROM keepings WHERE evidence_id = $1", piece.id)

    async def entries(self, kind: str) -> int:
        async with looking(self.superuser) as sql:
            return int(await sql.fetchval("SELECT count(*) FROM entries WHERE kind = $1", kind))

    async def uploaded(self, scene: Scene, *bodies: bytes) -> list[Piece]:
        """Pieces whose bytes were sent by their signed requests."""
        pieces = await declared(self.record, scene, *bodies)
        for piece, body in zip(pieces, bodies or (PHOTO,), strict=True):
            assert send(signed_put(self.objects, piece), body) == 200
        await complete(self.record, self.objects, scene, [piece.id for piece in pieces])
        return pieces

    async def put_by_hand(self, scene: Scene, stored: bytes, **statement: Any) -> Piece:
        """A piece under whose name the store holds these bytes, whatever its statement says."""
        (piece,) = await declare(self.record, scene, [scene.item(**statement)])
        self.objects.client.put_object(
            Bucket=self.objects.address.bucket, Key=piece.object_name, Body=stored, Metadata=piece.beside
        )
        await complete(self.record, self.objects, scene, [piece.id])
        return piece


@pytest.fixture
def world(record: Database, workers: Database, objects: Objects, keys: KeyFolder, database: DatabaseAddresses) -> World:
    return World(record, workers, objects, keys, database.superuser)


async def must_verify(world: World, scene: Scene, piece: Piece, body: bytes) -> None:
    """The whole bundle of a sealed piece verifies against the server's keys, original included."""
    data = await bundle_of(world.record, scene, piece, world.keys)
    verdict = verify_bundle(data, original=io.BytesIO(body), trust=world.keys.public())
    assert verdict.status is Status.VERIFIED, verdict.summary
    assert verdict.complete, verdict.summary


async def test_what_was_received_is_sealed_once_and_its_receipt_verifies_offline(world: World) -> None:
    scene = await make_scene(world.superuser)
    bodies = [PHOTO, PHOTO + b"2", PHOTO * 900]
    pieces = await world.uploaded(scene, *bodies)
    assert await world.sealer().turn()
    assert not await world.sealer().turn()
    while await world.ledger().turn():
        pass
    for piece, body in zip(pieces, bodies, strict=True):
        row = await world.row(piece)
        assert (row["state"], row["sniffed_type"], row["receipted"]) == ("SEALED", "image/jpeg", True)
        kept = await world.kept(piece)
        assert kept["retain_until"] == kept["retained_until"]
        assert world.objects.locked_until(piece.object_name, row["object_version"]) == kept["retained_until"]
        assert world.objects.open(piece.object_name, row["object_version"]).metadata == piece.beside
        await must_verify(world, scene, piece, body)
    assert await world.entries("evidence.sealed") == 3


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
async def test_dead_after_any_step_the_same_steps_run_again_and_seal_once(world: World, steps: int) -> None:
    scene = await make_scene(world.superuser)
    (piece,) = await world.uploaded(scene)
    (held,) = await world.act(sealing.lease_received, limit=1, lease=timedelta(0))
    until = datetime.now(UTC) + FLOOR
    done = [
        lambda: sealing.re_read(world.objects, held),
        lambda: world.objects.lock(piece.object_name, held["object_version"], until),
        lambda: sealing.lock(world.objects, held, until=until),
        lambda: sealing.must_be_locked(world.objects, held, until=until),
    ]
    for step in done[: steps - 1]:
        step()
    assert await world.sealer().turn()
    assert (await world.row(piece))["state"] == "SEALED"
    # The one that was thought dead wakes up and goes on: it finds the piece finished and leaves it so.
    for step in done[steps - 1 :]:
        step()
    for _ in range(2):
        await world.act(sealing.record_sealed, locked=[sealing.Locked(held, "image/jpeg", until, until)])
    await world.act(sealing.record_quarantined, piece=held, reason=Quarantine.HASH_DIFFERS, sniffed=None)
    await world.act(sealing.release, id=piece.id, attempts=3)
    while await world.ledger().turn():
        pass
    assert await world.entries("evidence.sealed") == 1
    assert await world.entries("evidence.quarantined") == 0
    await must_verify(world, scene, piece, PHOTO)


@pytest.mark.parametrize(
    ("body", "statement", "reason"),
    [
        (PHOTO + b"more", {}, Quarantine.SIZE_DIFFERS),
        (PHOTO[:-1], {}, Quarantine.SIZE_DIFFERS),
        (PHOTO[:-1] + b"!", {}, Quarantine.HASH_DIFFERS),
        (PHOTO, {"parts_root": "5" * 64}, Quarantine.PARTS_DIFFER),
        (b"\x89PNG\r\n\x1a\n rest", {"body": b"\x89PNG\r\n\x1a\n rest"}, Quarantine.TYPE_DIFFERS),
        (b"<svg/>", {"body": b"<svg/>"}, Quarantine.TYPE_NOT_TAKEN),
    ],
)
async def test_bytes_that_are_not_what_was_signed_are_kept_apart_with_their_reason(
    world: World, body: bytes, statement: dict[str, Any], reason: Quarantine
) -> None:
    scene = await make_scene(world.superuser)
    piece = await world.put_by_hand(scene, body, **statement)
    assert await world.sealer().turn()
    row = await world.row(piece)
    assert (row["state"], row["quarantine_reason"], row["sealed_entry_id"]) == ("QUARANTINED", reason, None)
    assert world.objects.locked_until(piece.object_name, row["object_version"]) is None
    assert b"".join(world.objects.read(piece.object_name, row["object_version"])) == body
    assert (await world.entries("evidence.quarantined"), await world.entries("evidence.sealed")) == (1, 0)
    while await world.ledger().turn():
        pass
    assert not (await world.row(piece))["receipted"]


class VanishingStore(Objects):
    """A store from which a version goes between the re-read and the lock."""

    def lock(self, name: str, version: str, until: datetime) -> None:
        self.client.delete_object(Bucket=self.address.bucket, Key=name, VersionId=version)
        super().lock(name, version, until)


class ForgetfulStore(Objects):
    """A store that says yes to a lock and keeps none."""

    def lock(self, name: str, version: str, until: datetime) -> None:
        pass


async def test_a_version_that_went_before_its_lock_is_quarantined_as_gone(world: World) -> None:
    scene = await make_scene(world.superuser)
    (piece,) = await world.uploaded(scene)
    store = VanishingStore(world.objects.address, threads=2)
    assert await world.sealer(store).turn()
    store.close()
    row = await world.row(piece)
    assert (row["state"], row["quarantine_reason"]) == ("QUARANTINED", "VERSION_GONE")
    assert await world.entries("evidence.sealed") == 0


async def test_a_version_that_went_before_the_re_read_is_quarantined_as_gone(world: World) -> None:
    scene = await make_scene(world.superuser)
    (piece,) = await world.uploaded(scene)
    version = (await world.row(piece))["object_version"]
    world.objects.client.delete_object(Bucket=world.objects.address.bucket, Key=piece.object_name, VersionId=version)
    assert await world.sealer().turn()
    assert (await world.row(piece))["quarantine_reason"] == "VERSION_GONE"


async def test_a_lock_that_the_store_does_not_show_seals_nothing_and_is_tried_again_later(world: World) -> None:
    scene = await make_scene(world.superuser)
    (piece,) = await world.uploaded(scene)
    store = ForgetfulStore(world.objects.address, threads=2)
    for attempt in (1, 2, 3):
        begun = datetime.now(UTC)
        assert await world.sealer(store).turn()
        ended = datetime.now(UTC)
        row, wait = await world.row(piece), timedelta(seconds=2**attempt)
        assert (row["state"], row["attempts"], row["leased_until"]) == ("RECEIVED", attempt, None)
        assert whole_ms(begun) + wait <= row["retry_at"] <= ended + wait
        async with looking(world.superuser) as sql:  # Later than this machine may take to look again.
            await sql.execute("UPDATE evidence SET retry_at = retry_at + interval '1 hour'")
        assert not await world.sealer(store).turn()
        async with looking(world.superuser) as sql:
            await sql.execute("UPDATE evidence SET retry_at = received_at")
    store.close()
    assert await world.entries("evidence.sealed") == 0
    assert await world.sealer().turn()
    assert (await world.row(piece))["state"] == "SEALED"


async def test_the_version_that_was_pinned_is_sealed_whatever_came_later_under_its_name(world: World) -> None:
    scene = await make_scene(world.superuser)
    (piece,) = await world.uploaded(scene)
    pinned = (await world.row(piece))["object_version"]
    world.objects.client.put_object(Bucket=world.objects.address.bucket, Key=piece.object_name, Body=b"later")
    world.objects.client.delete_object(Bucket=world.objects.address.bucket, Key=piece.object_name)
    assert await world.sealer().turn()
    row = await world.row(piece)
    assert (row["state"], row["object_version"]) == ("SEALED", pinned)
    assert b"".join(world.objects.read(piece.object_name, pinned)) == PHOTO


async def test_two_workers_at_once_take_each_piece_once(world: World) -> None:
    scene = await make_scene(world.superuser)
    await world.uploaded(scene, *(PHOTO + bytes([number]) for number in range(6)))
    one, other = (SealingWorker(world.workers, world.objects, FLOOR) for _ in range(2))
    while any(await asyncio.gather(one.turn(), other.turn())):
        pass
    assert await world.entries("evidence.sealed") == 6
    async with looking(world.superuser) as sql:
        assert await sql.fetchval("SELECT max(attempts) FROM evidence WHERE state = 'SEALED'") == 1


async def test_a_leased_piece_is_left_alone_until_its_lease_ends_which_grows_with_its_size(world: World) -> None:
    scene = await make_scene(world.superuser)
    (piece,) = await world.uploaded(scene)
    now = whole_ms(datetime.now(UTC))

    async def lease(at: datetime) -> int:
        return len(await perform(world.workers, keeper(), at, sealing.lease_received, limit=4))

    assert await lease(now) == 1
    assert await lease(now + sealing.LEASE - timedelta(seconds=1)) == 0
    assert await lease(now + sealing.LEASE + timedelta(seconds=1)) == 1
    assert (await world.row(piece))["attempts"] == 2
    large = (await declare(world.record, scene, [scene.item(seq=1, prev="1" * 64, size=sealing.SLOWEST * 2)]))[0]
    async with looking(world.superuser) as sql:
        receive = "UPDATE evidence SET state = 'RECEIVED', object_version = 'v', received_at = $1, retry_at = $1"
        await sql.execute(f"{receive} WHERE id = $2", now, large.id)
    assert await lease(now) == 1
    row = await world.row(large)
    assert timedelta(seconds=1.9) < row["leased_until"] - now - sealing.LEASE < timedelta(seconds=2.1)


async def test_bytes_without_the_statement_that_was_signed_for_them_are_kept_apart(world: World) -> None:
    scene = await make_scene(world.superuser)
    pieces = await declared(world.record, scene, PHOTO, PHOTO)
    for piece, beside in zip(pieces, ({}, {"statement": "other"}), strict=True):
        world.objects.client.put_object(
            Bucket=world.objects.address.bucket, Key=piece.object_name, Body=PHOTO, Metadata=beside
        )
        await complete(world.record, world.objects, scene, [piece.id])
        assert await world.sealer().turn()
        row = await world.row(piece)
        assert (row["state"], row["quarantine_reason"]) == ("QUARANTINED", Quarantine.STATEMENT_DIFFERS)


async def test_bytes_that_a_browser_would_unpack_into_others_are_kept_apart(world: World) -> None:
    scene = await make_scene(world.superuser)
    for told, state, reason in (("deflate", "QUARANTINED", Quarantine.ENCODED), ("identity", "SEALED", None)):
        (piece,) = await declared(world.record, scene, PHOTO)
        request = world.objects.sign_put(
            piece.object_name, sha256=piece.sha256, size=piece.size, media_type=piece.media_type, beside=piece.beside
        )
        told_so = replace(request, headers=(*request.headers, ("content-encoding", told)))
        assert await asyncio.to_thread(send, told_so, PHOTO) == 200
        await complete(world.record, world.objects, scene, [piece.id])
        assert await world.sealer().turn()
        row = await world.row(piece)
        assert (row["state"], row["quarantine_reason"]) == (state, reason)
        scene = await make_scene(world.superuser)


async def test_the_parts_of_a_large_file_are_read_as_they_were_signed(world: World) -> None:
    scene = await make_scene(world.superuser)
    for size in (2**23, 2**23 + 1):
        body = (PHOTO * (size // len(PHOTO) + 1))[:size]
        name = f"evidence/parts-{scene.mine_id.hex}-{size}"
        put = world.objects.client.put_object(Bucket=world.objects.address.bucket, Key=name, Body=body)
        row = {"object_name": name, "object_version": put["VersionId"], "size": len(body)}
        reading = sealing.re_read(world.objects, row)  # type: ignore[arg-type] # As a row.
        assert reading.parts_root.hex() == scene.statement(body=body).parts_root
        assert reading.size == size


async def test_a_receipt_waits_for_a_checkpoint_that_covers_its_entry(world: World) -> None:
    scene = await make_scene(world.superuser)
    ledger = world.ledger()
    (piece,) = await world.uploaded(scene)
    await ledger.turn()
    await world.sealer().turn()
    ledger.between_checkpoints = 600  # The entry gets its position, and no checkpoint yet.
    await ledger.turn()
    assert not (await world.row(piece))["receipted"]
    ledger.between_checkpoints = 0
    await ledger.turn()
    assert (await world.row(piece))["receipted"]
    await must_verify(world, scene, piece, PHOTO)


async def test_a_receipt_signed_after_a_rotation_is_by_the_new_key(world: World) -> None:
    scene = await make_scene(world.superuser)
    ledger = world.ledger()
    (piece,) = await world.uploaded(scene)
    await ledger.turn()
    world.keys.rotate("receipt", int(datetime.now(UTC).timestamp() * 1000))
    await world.sealer().turn()
    while await ledger.turn():
        pass
    await must_verify(world, scene, piece, PHOTO)


async def test_the_root_of_the_parts_is_the_one_that_the_store_tells_of_equal_parts(world: World) -> None:
    scene = await make_scene(world.superuser)
    body = (PHOTO * (2**24 // len(PHOTO) + 1))[: 2**24 + 5]
    for size, told in ((2**23, True), (6 * 2**20, False)):  # As a device counts, and as somebody else cut it.
        name, client = f"evidence/cut-{scene.mine_id.hex}-{size}", world.objects.client
        cuts = [body[at : at + size] for at in range(0, len(body), size)]
        upload = multipart.begin(world.objects, name, media_type="video/mp4")
        for number, part in enumerate(cuts, 1):
            checksum = b64encode(sha256(part).digest()).decode()
            client.upload_part(
                Bucket=world.objects.address.bucket, Key=name, UploadId=upload, PartNumber=number, Body=part,
                ChecksumSHA256=checksum,
            )  # fmt: skip
        held = multipart.held(world.objects, name, upload)
        version = multipart.complete(
            world.objects, name, upload, parts=held, hashes=[sha256(part).digest() for part in cuts]
        )
        root = parts_root(sha256(part).digest() for part in cuts)
        opened = world.objects.open(name, version)
        assert opened.checksum == f"{b64encode(root).decode()}-3"
        row = {"object_name": name, "object_version": version, "size": len(body)}
        reading = sealing.re_read(world.objects, row)  # type: ignore[arg-type] # As a row.
        assert (reading.sha256, reading.size) == (sha256(body).digest(), len(body))
        assert (reading.parts_root.hex() == scene.statement(body=body).parts_root) is told


@pytest.mark.parametrize("checksum", ["", "-3", "AAAA-3", f"{'A' * 43}=", f"{'A' * 43}=-2", f"{'!' * 43}=-3"])
def test_what_tells_no_root_is_no_reason_not_to_make_one(checksum: str) -> None:
    assert sealing._root_by_store(checksum, 2**24 + 5) is None
    assert sealing._root_by_store(f"{'A' * 43}=-3", 2**24 + 5) == bytes(32)
