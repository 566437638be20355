"""Tests of the worker that makes the store follow and erases: it repeats after any death."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from botocore.exceptions import ClientError

from api.health import Health, Part
from api.keeping import KeepingWorker
from storage.field.evidence.opening import Opened, open_evidence
from storage.field.facts.rules import EvidenceErased
from storage.field.keeping import erasing, operations, rules
from storage.field.keeping.rules import Subject
from storage.field.keeping.tables import SubjectKind
from storage.record.actor import Role
from storage.record.derived import put_derived
from storage.record.objects import Objects, StillLocked, VersionGone
from tests.factories.keeping import BASIS, Archive, piece

LATER = timedelta(days=400)
SECOND, SHORTLY = timedelta(seconds=1), timedelta(seconds=2)


class Killed(BaseException):
    """The keeper is killed: nothing in it catches this."""


async def settled(archive: Archive, id: UUID) -> bool:
    """Is what is wanted of a piece what the record says is applied, and what the store says?"""
    kept, pinned = await archive.kept(id), await archive.pinned(id)
    objects = archive.objects
    return (
        kept["wanted_since"] is None
        and kept["held"] is kept["wanted"] is objects.is_held(*pinned)
        and kept["retained_until"] == kept["retain_until"] == objects.locked_until(*pinned)
    )


async def test_the_store_follows_holds_and_terms_and_the_record_says_so(archive: Archive) -> None:
    id, head = await archive.sealed(), archive.actor(Role.AGENCY_HEAD)
    assert await settled(archive, id)
    hold = await archive.holds(piece(id))
    until = rules.whole_seconds(datetime.now(UTC) + LATER)
    await archive.act(head, operations.extend_retention, subject=piece(id), until=until, **BASIS)
    assert not await settled(archive, id)
    assert await archive.keeper.turn() is True
    assert await settled(archive, id)
    assert archive.objects.locked_until(*await archive.pinned(id)) == until
    assert archive.objects.is_held(*await archive.pinned(id))
    await archive.act(head, operations.lift_hold, hold_id=hold, reason="结案")
    await archive.keeper.turn()
    assert await settled(archive, id)
    assert await archive.keeper.turn() is False


async def test_one_of_two_holds_lifted_leaves_the_other(archive: Archive) -> None:
    id = await archive.sealed()
    first = await archive.holds(piece(id))
    await archive.holds(Subject(SubjectKind.INSPECTION, archive.scene.inspection_id))
    await archive.keeper.turn()
    await archive.act(archive.actor(Role.ARCHIVIST), operations.lift_hold, hold_id=first, reason="结案")
    await archive.keeper.turn()
    assert await settled(archive, id)
    assert (await archive.kept(id))["held"] is True


@pytest.mark.parametrize("step", ["hold", "lock", "is_held", "locked_until"])
@pytest.mark.parametrize("after", [False, True])
async def test_killed_before_or_after_any_call_it_follows_when_it_comes_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    id = await archive.sealed()
    await archive.holds(piece(id))
    until = datetime.now(UTC) + LATER
    head = archive.actor(Role.AGENCY_HEAD)
    await archive.act(head, operations.extend_retention, subject=piece(id), until=until, **BASIS)
    real: Callable[..., Any] = getattr(Objects, step)

    def dies(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise Killed

    short = KeepingWorker(archive.workers, archive.objects, lease=timedelta())
    with monkeypatch.context() as patch:
        patch.setattr(Objects, step, dies)
        with pytest.raises(Killed):
            await short.turn()
    assert not await settled(archive, id)
    await short.turn()
    assert await settled(archive, id)


async def test_a_hold_lifted_while_the_store_was_told_is_followed_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await archive.sealed()
    hold = await archive.holds(piece(id))
    real = KeepingWorker._act

    async def late(self: KeepingWorker, operation: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        if operation.__name__ == "record_applied" and (await archive.kept(id))["wanted"]:
            head = archive.actor(Role.AGENCY_HEAD)
            await archive.act(head, operations.lift_hold, hold_id=hold, reason="结案")
        return await real(self, operation, **arguments)

    monkeypatch.setattr(KeepingWorker, "_act", late)
    await archive.keeper.turn()
    kept = await archive.kept(id)
    assert (kept["held"], kept["wanted"], kept["wanted_since"] is not None) == (True, False, True)
    await archive.keeper.turn()
    assert await settled(archive, id)


async def test_what_is_kept_for_ever_is_locked_ahead_again_and_again(archive: Archive) -> None:
    id = await archive.sealed()
    await archive.holds(piece(id), permanent=True)
    keeper = KeepingWorker(archive.workers, archive.objects, ahead=LATER)
    await keeper.turn()
    first = await archive.kept(id)
    assert first["retained_until"] > datetime.now(UTC) + LATER - timedelta(minutes=1)
    assert first["follow_at"] == first["retain_until"] - LATER / 2
    assert await keeper.turn() is False
    assert await archive.entries("retention.extended") == 1
    await archive.rows.execute("UPDATE keepings SET follow_at = now() WHERE evidence_id = $1", id)
    further = KeepingWorker(archive.workers, archive.objects, ahead=3 * LATER)
    await further.turn()
    assert (await archive.kept(id))["retained_until"] > first["retained_until"] + LATER
    assert await settled(archive, id)
    assert await archive.entries("retention.extended") == 2


async def test_the_store_itself_refuses_to_shorten_or_remove(archive: Archive) -> None:
    id = await archive.sealed()
    name, version = await archive.pinned(id)
    client, bucket = archive.objects.client, archive.objects.address.bucket
    for mode in ("COMPLIANCE", "GOVERNANCE"):
        with pytest.raises(ClientError, match=r"AccessDenied|Forbidden|403"):
            client.put_object_retention(
                Bucket=bucket, Key=name, VersionId=version, BypassGovernanceRetention=True,
                Retention={"Mode": mode, "RetainUntilDate": datetime.now(UTC) + SECOND},
            )  # fmt: skip
    with pytest.raises(StillLocked):
        archive.objects.remove(name, version)
    assert b"".join(archive.objects.read(name, version))


async def erased(archive: Archive, id: UUID) -> UUID:
    """Proposed and approved, as if the dates were past, by the record's clock."""
    after = datetime.now(UTC) + LATER
    archivist, head = archive.actor(Role.ARCHIVIST), archive.actor(Role.AGENCY_HEAD, phone=1)
    proposal = await archive.act(archivist, operations.propose_erasure, evidence_id=id, now=after, **BASIS)
    await archive.act(head, operations.approve_erasure, erasure_id=proposal["id"], now=after)
    await archive.rows.execute("UPDATE erasures SET retry_at = now()")
    found: UUID = proposal["id"]
    return found


async def carried_out(archive: Archive, id: UUID) -> None:
    """The keeper turns until the store's lock has run out and the piece is gone."""
    for _ in range(100):
        await archive.keeper.turn()
        if await archive.value("state", id) == "ERASED":
            return
        await archive.rows.execute("UPDATE erasures SET retry_at = now() WHERE erased_at IS NULL")
        await asyncio.sleep(0.1)
    raise AssertionError("it was never erased")


async def test_an_erased_piece_leaves_its_row_and_its_certificate_and_nothing_in_the_store(archive: Archive) -> None:
    id = await archive.sealed(floor=SHORTLY)
    name, _ = await archive.pinned(id)
    preview = await archive.rows.fetchval("SELECT object_name FROM facts WHERE evidence_id = $1", id)
    put_derived(archive.objects, preview, b"small", media_type="image/jpeg")
    await erased(archive, id)
    await carried_out(archive, id)
    assert archive.objects.versions(name) == archive.objects.versions(preview) == []
    assert await archive.rows.fetchval("SELECT count(*) FROM facts") == 0
    row = await archive.rows.fetchrow("SELECT erased_at, retry_at FROM erasures")
    assert row is not None
    assert row["erased_at"] is not None
    assert (await archive.kept(id))["erased_at"] is not None
    for what in Opened:
        with pytest.raises(EvidenceErased):
            await archive.act(archive.actor(Role.ARCHIVIST), open_evidence, id=id, what=what)
    assert await archive.entries("evidence.erased") == 1
    assert await archive.rows.fetchval("SELECT count(*) FROM statements WHERE evidence_id = $1", id) == 1
    await archive.keeper.turn()
    assert await archive.entries("evidence.erased") == 1


@pytest.mark.parametrize("step", ["versions", "is_held", "remove"])
async def test_an_erasure_killed_anywhere_is_carried_out_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    id = await archive.sealed(floor=SHORTLY)
    await erased(archive, id)
    while archive.objects.locked_until(*await archive.pinned(id)) > datetime.now(UTC):  # noqa: ASYNC110 # Its clock.
        await asyncio.sleep(0.1)
    real: Callable[..., Any] = getattr(Objects, step)

    def dies(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Objects, step, dies)
        leased = await archive.keeper._act(erasing.lease_erasures, limit=1, lease=timedelta())
        with pytest.raises((Killed, StillLocked)):
            await archive.objects.aside(erasing.remove, archive.objects, leased[0])
    assert await archive.value("state", id) == "SEALED"
    await carried_out(archive, id)
    assert await archive.entries("evidence.erased") == 1


async def test_while_the_store_still_locks_it_an_erasure_waits(archive: Archive) -> None:
    id = await archive.sealed()
    await erased(archive, id)
    await archive.keeper.turn()
    row = await archive.rows.fetchrow("SELECT attempts, retry_at > now() AS waits FROM erasures")
    assert row is not None
    assert (row["attempts"], row["waits"], await archive.value("state", id)) == (1, True, "SEALED")


def test_a_name_that_is_no_piece_is_never_emptied(objects: Objects) -> None:
    for name in ("", "evidence/", "evidence/00", "log/checkpoint"):
        with pytest.raises(ValueError, match="no name of a piece"):
            erasing.remove(objects, {"object_name": name})  # type: ignore[arg-type] # As good as a row.


async def keeping_of(health: Health) -> Part:
    """What `/readyz` says of keeping, looked at anew."""
    return next(part for part in await health._look_anew() if part.name == "keeping")


async def test_readyz_shows_what_is_late_stuck_and_damaged(archive: Archive) -> None:
    id = await archive.sealed()
    health = Health(archive.record, archive.objects)
    assert (await keeping_of(health)).detail == "the keeper has not looked yet"
    await archive.holds(piece(id))
    await archive.rows.execute(
        "UPDATE keepings SET wanted_since = now() - interval '2 hours', follow_at = now() + interval '1 hour',"
        " attempts = 10"
    )
    await archive.keeper.turn()
    part = await keeping_of(health)
    assert not part.well
    assert part.detail.startswith("1 late, 1 stuck, 0 damaged")
    await archive.rows.execute("UPDATE keepings SET damaged_at = now(), damage = 'VERSION_GONE'")
    await archive.keeper.turn()
    part = await keeping_of(health)
    assert part.well
    assert part.detail.startswith("0 late, 1 stuck, 1 damaged, 0 facts stuck")
    await archive.rows.execute("UPDATE facts SET attempts = 10 WHERE retry_at IS NOT NULL")
    await archive.keeper.turn()
    part = await keeping_of(health)
    assert part.well
    assert part.detail.startswith("0 late, 1 stuck, 1 damaged, 1 facts stuck")
    await archive.rows.execute("UPDATE upkeep SET looked_at = now() - interval '1 hour'")
    assert not (await keeping_of(health)).well


async def test_a_fault_gives_one_piece_back_and_leaves_the_others(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = await archive.sealed(), await archive.sealed()
    await archive.holds(Subject(SubjectKind.RECORDING, archive.scene.recording_id))
    name, _ = await archive.pinned(broken)
    real = Objects.hold

    def fails(self: Objects, name_: str, version: str, *, on: bool) -> None:
        if name_ == name:
            raise VersionGone(name_)
        real(self, name_, version, on=on)

    monkeypatch.setattr(Objects, "hold", fails)
    await archive.keeper.turn()
    assert await settled(archive, whole)
    kept = await archive.kept(broken)
    assert (kept["held"], kept["attempts"]) == (False, 1)
    assert kept["follow_at"] > datetime.now(UTC)
    assert kept["scrub_at"] <= datetime.now(UTC)
