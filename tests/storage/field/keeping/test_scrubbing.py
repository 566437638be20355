"""Tests of the scrubber: it finds what is damaged or does not belong, says it once, and keeps to its pace."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.keeping import ScrubbingWorker
from storage.field.keeping import operations, scrubbing
from storage.record.actor import Role
from storage.record.objects import Objects
from storage.record.problems import TryAgain
from tests.factories.field import PHOTO
from tests.factories.keeping import Archive, piece


async def repin(archive: Archive, id: UUID, body: bytes | None) -> None:
    """Pins the row to a version that the test made of other bytes (None: to one that is gone), past every trigger."""
    name, _ = await archive.pinned(id)
    put = archive.objects.client.put_object(
        Bucket=archive.objects.address.bucket, Key=name, Body=body or b"", Metadata=archive.beside[id]
    )
    if body is None:
        archive.objects.remove(name, put["VersionId"])
    async with archive.rows.transaction():
        await archive.rows.execute("SET LOCAL session_replication_role = replica")
        await archive.rows.execute("UPDATE evidence SET object_version = $2 WHERE id = $1", id, put["VersionId"])


async def test_a_whole_piece_is_found_whole_and_comes_to_the_end_of_the_queue(archive: Archive) -> None:
    first, second = await archive.sealed(), await archive.sealed()
    await archive.rows.execute("UPDATE keepings SET scrub_at = '2000-01-01'")
    before = await archive.entries()
    kept = [await archive.scrub(first, again=timedelta(days=1)), await archive.kept(second)]
    assert [row["damage"] for row in kept] == [None, None]
    assert kept[0]["scrub_at"] > datetime.now(UTC) > kept[1]["scrub_at"]
    assert await archive.entries() == before


@pytest.mark.parametrize(
    ("body", "damage"), [(PHOTO[::-1], "BYTES_DIFFER"), (PHOTO + b"x", "BYTES_DIFFER"), (None, "VERSION_GONE")]
)
async def test_other_bytes_or_none_are_damage_told_once(
    archive: Archive, caplog: pytest.LogCaptureFixture, body: bytes | None, damage: str
) -> None:
    id = await archive.sealed()
    pinned = await archive.value("object_version", id)
    await repin(archive, id, body)
    # The version that was truly pinned is locked, so that it stays as a stray that is not removed.
    with caplog.at_level(logging.CRITICAL):
        for _ in range(2):
            kept = await archive.scrub(id)
            assert (kept["damage"], kept["damaged_at"] is not None) == (damage, True)
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert [await archive.entries(kind) for kind in ("evidence.damaged", "evidence.stray_removed")] == [1, 0]
    assert await archive.value("state", id) == "SEALED"
    async with archive.rows.transaction():
        await archive.rows.execute("SET LOCAL session_replication_role = replica")
        await archive.rows.execute("UPDATE evidence SET object_version = $2 WHERE id = $1", id, pinned)
    assert (await archive.scrub(id))["damage"] is None
    assert await archive.entries("evidence.recovered") == 1


async def test_a_later_put_and_a_delete_marker_are_told_and_removed(archive: Archive) -> None:
    id = await archive.sealed()
    name, version = await archive.pinned(id)
    client, bucket = archive.objects.client, archive.objects.address.bucket
    client.put_object(Bucket=bucket, Key=name, Body=b"a second PUT through the same URL")
    client.delete_object(Bucket=bucket, Key=name)
    assert len(archive.objects.versions(name)) == 3
    kept = await archive.scrub(id)
    assert kept["damage"] is None
    (left,) = archive.objects.versions(name)
    assert left.version == version
    assert await archive.entries("evidence.stray_removed") == 2
    await archive.scrub(id)
    assert await archive.entries("evidence.stray_removed") == 2


class Killed(BaseException):
    """The scrubber is killed: nothing in it catches this."""


async def test_killed_before_the_removal_it_has_told_and_removes_when_it_comes_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await archive.sealed()
    name, _ = await archive.pinned(id)
    archive.objects.client.put_object(Bucket=archive.objects.address.bucket, Key=name, Body=b"stray")

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Objects, "remove", dies)
        with pytest.raises(Killed):
            await archive.scrub(id)
    assert await archive.entries("evidence.stray_removed") == 1
    assert (await archive.scrub(id))["damage"] is None
    assert len(archive.objects.versions(name)) == 1


async def test_a_lost_or_short_lock_is_told_and_locked_again(archive: Archive) -> None:
    id = await archive.sealed()
    longer = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    await archive.rows.execute("UPDATE keepings SET retain_until = $1, retained_until = $1", longer)
    assert (await archive.scrub(id))["damage"] == "LOCK_SHORTER"
    assert archive.objects.locked_until(*await archive.pinned(id)) == longer
    assert (await archive.scrub(id))["damage"] is None
    assert [await archive.entries(kind) for kind in ("evidence.damaged", "evidence.recovered")] == [1, 1]


async def test_a_statement_that_is_not_the_devices_own_is_damage(archive: Archive) -> None:
    id = await archive.sealed()
    async with archive.rows.transaction():
        await archive.rows.execute("SET LOCAL session_replication_role = replica")
        await archive.rows.execute("UPDATE statements SET signature = $2 WHERE evidence_id = $1", id, bytes(64))
    assert (await archive.scrub(id))["damage"] == "STATEMENT_DIFFERS"


async def test_a_hold_that_the_store_lost_is_put_on_again(archive: Archive) -> None:
    id = await archive.sealed()
    await archive.holds(piece(id))
    await archive.keeper.turn()
    archive.objects.hold(*await archive.pinned(id), on=False)
    assert (await archive.scrub(id))["wanted_since"] is not None
    await archive.keeper.turn()
    assert archive.objects.is_held(*await archive.pinned(id))


async def test_a_piece_that_a_working_store_cannot_read_is_damaged_after_ten_tries(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await archive.sealed()

    def fails(*_: Any) -> Iterator[bytes]:
        raise TryAgain()

    monkeypatch.setattr(Objects, "open", fails)
    for _ in range(9):
        assert (await archive.scrub(id))["damage"] is None
    assert (await archive.scrub(id))["damage"] == "UNREADABLE"
    await archive.scrub(id)
    assert await archive.entries("evidence.damaged") == 1


async def test_a_store_that_is_away_damages_nothing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await archive.sealed()

    def fails(*_: Any) -> Any:
        raise TryAgain()

    monkeypatch.setattr(Objects, "open", fails)
    monkeypatch.setattr(Objects, "require_fit", fails)
    with pytest.raises(TryAgain):
        await archive.scrub(id)
    assert (await archive.kept(id))["scrub_attempts"] == 0


async def test_two_scrubbers_never_take_the_same_piece(archive: Archive) -> None:
    await archive.sealed()
    await archive.rows.execute("UPDATE keepings SET scrub_at = '2000-01-01'")
    worker = ScrubbingWorker(archive.workers, archive.objects)
    taken = [await worker._act(scrubbing.lease_oldest, pace=worker.pace, lease=worker.lease) for _ in range(2)]
    assert [one is not None for one in taken] == [True, False]


async def test_a_piece_whose_erasure_was_approved_is_missed_by_nobody(archive: Archive) -> None:
    id, after = await archive.sealed(), datetime.now(UTC) + timedelta(days=400)
    archivist, head = archive.actor(Role.ARCHIVIST), archive.actor(Role.AGENCY_HEAD, phone=1)
    worker = archive.scrubber()
    await archive.rows.execute("UPDATE keepings SET scrub_at = '2000-01-01'")
    leased = await worker._act(scrubbing.lease_oldest, pace=worker.pace)
    given: dict[str, Any] = {"evidence_id": id, "article": "a", "reason": "b", "now": after}
    proposal = await archive.act(archivist, operations.propose_erasure, **given)
    await archive.act(head, operations.approve_erasure, erasure_id=proposal["id"], now=after)
    await worker._scrub({**leased, "object_version": "gone"})  # type: ignore[arg-type] # As good as a row.
    assert await archive.entries("evidence.damaged") == 0


@pytest.mark.quick
def test_it_keeps_to_its_pace_and_ends_when_asked() -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        time.sleep(seconds / 100)

    chunks = [bytes(1000)] * 3
    began = time.monotonic()
    read = list(scrubbing.paced(iter(chunks), pace=100_000, go_on=lambda: True))
    assert read == chunks
    assert time.monotonic() - began >= 0.03
    with pytest.raises(scrubbing.Interrupted):
        list(scrubbing.paced(iter(chunks), pace=1, go_on=lambda: not slept, sleep=sleep))
    assert slept == [0.2]
