"""The scrubber's operations: reads stored bytes again for ever, and tells what is damaged or does not belong there."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence import sealing
from storage.field.keeping import rules
from storage.field.keeping.queries import OPEN_HOLD
from storage.field.keeping.tables import Damage
from storage.record.clock import to_ms
from storage.record.objects import Objects, Version, VersionGone
from storage.record.work import Work

LEASE = timedelta(minutes=2)
"""How long a look may take, besides the time that reading at the given pace takes."""

_LEASE = """
UPDATE keepings k SET scrub_at = $2::timestamptz + e.size / $3::bigint * interval '2 seconds'
FROM (
  SELECT evidence_id FROM keepings WHERE scrub_at <= $1 AND erasing_at IS NULL
  ORDER BY scrub_at LIMIT 1 FOR UPDATE SKIP LOCKED
) due, evidence e, devices d, statements s
WHERE k.evidence_id = due.evidence_id AND e.id = due.evidence_id AND d.id = e.device_id AND s.evidence_id = e.id
RETURNING k.evidence_id, k.mine_id, k.county, k.office, k.retained_until, k.held, k.scrub_attempts, e.sha256, e.size,
  e.object_name, e.object_version, d.public_key, d.algorithm, s.statement, s.signature
"""
_SCRUBBED = f"""
UPDATE keepings k SET scrubbed_at = $2, scrub_at = $3, scrub_attempts = 0, damage = $4::text,
  damaged_at = CASE WHEN $4::text IS NULL THEN NULL WHEN damage = $4::text THEN damaged_at ELSE $2 END,
  wanted_since = CASE WHEN $5 OR held <> {OPEN_HOLD} THEN coalesce(wanted_since, $2) ELSE wanted_since END,
  follow_at = CASE WHEN $5 OR held <> {OPEN_HOLD} THEN $2 ELSE follow_at END
WHERE evidence_id = $1
"""


class Interrupted(RuntimeError):
    """The scrubber was asked to end amid a long file; it is read again later."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at a piece found. `held` is whether the store holds it; `strays` do not belong."""

    damage: Damage | None
    strays: tuple[Version, ...]
    held: bool


async def lease_oldest(work: Work, *, pace: int, lease: timedelta = LEASE) -> "asyncpg.Record | None":
    """Takes the piece whose turn came first; `pace` is in bytes a second."""
    return await work.sql.fetchrow(_LEASE, work.now, work.now + lease, pace)


def look(
    objects: Objects, piece: "asyncpg.Record", *, now: datetime, pace: int, go_on: Callable[[], bool] = lambda: True
) -> Finding:
    """Reads the pinned version and all that stands around it; locks again what lost its lock."""
    name, version = piece["object_name"], piece["object_version"]
    there = objects.versions(name)
    strays = tuple(one for one in there if (one.name, one.version) != (name, version))
    try:
        held = objects.is_held(name, version)
        opened = objects.open(name, version)
        digest, size = sha256(), 0
        for chunk in paced(opened.chunks, pace=pace, go_on=go_on):
            digest.update(chunk)
            size += len(chunk)
    except VersionGone:
        return Finding(Damage.VERSION_GONE, strays, held=piece["held"])
    if (digest.digest(), size) != (piece["sha256"], piece["size"]):
        return Finding(Damage.BYTES_DIFFER, strays, held)
    if opened.metadata != sealing.beside(piece):
        return Finding(Damage.STATEMENT_DIFFERS, strays, held)
    return Finding(_unlocked(objects, piece, now), strays, held)


def paced(
    chunks: Iterator[bytes], *, pace: int, go_on: Callable[[], bool], sleep: Callable[[float], None] = time.sleep
) -> Iterator[bytes]:
    """The chunks at no more than `pace` bytes a second; Interrupted as soon as `go_on` says no."""
    began, read = time.monotonic(), 0
    for chunk in chunks:
        yield chunk
        read += len(chunk)
        while (ahead := read / pace - (time.monotonic() - began)) > 0:
            if not go_on():
                raise Interrupted
            sleep(min(ahead, 0.2))


def _unlocked(objects: Objects, piece: "asyncpg.Record", now: datetime) -> Damage | None:
    """Whether it is locked as long as the record says; if not it is locked again, and it is told."""
    until, name, version = piece["retained_until"], piece["object_name"], piece["object_version"]
    if until <= now:
        return None
    shown = objects.locked_until(name, version)
    if shown is not None and shown >= until:
        return None
    objects.lock(name, version, until)
    return Damage.LOCK_SHORTER


def removable(objects: Objects, strays: Sequence[Version], *, now: datetime) -> list[Version]:
    """The strays that no lock keeps; delete markers never have one."""
    return [one for one in strays if one.marker or not _is_locked(objects, one, now)]


def _is_locked(objects: Objects, one: Version, now: datetime) -> bool:
    until = objects.locked_until(one.name, one.version)
    return objects.is_held(one.name, one.version) or (until is not None and until > now)


async def record_strays(work: Work, *, piece: "asyncpg.Record", strays: Sequence[Version]) -> None:
    """Leaves a trace of each stray *before* it is removed: nothing leaves the store without one.

    A scrubber that is killed before the removal finds the stray again and says so again.
    """
    for one in strays:
        work.record(
            "evidence.stray_removed", piece["evidence_id"], county=piece["county"], office=piece["office"],
            mine_id=piece["mine_id"],
            data={"object": one.name, "version": one.version, "size": one.size, "stored_at": to_ms(one.stored_at),
                  "delete_marker": one.marker},
        )  # fmt: skip


def remove_strays(objects: Objects, strays: Sequence[Version]) -> None:
    """Removes them; safe to repeat."""
    for one in strays:
        objects.remove(one.name, one.version)


async def record_scrubbed(work: Work, *, piece: "asyncpg.Record", finding: Finding, again: timedelta) -> Damage | None:
    """Writes down the look; a new finding leaves one entry, evidence.damaged, and its end another, evidence.recovered.

    The state stays SEALED: what was sealed stays sealed, the damage is shown. Answers a damage that is new.
    """
    known = await _locked(work, piece["evidence_id"])
    if known is None:
        return None
    await work.sql.execute(
        _SCRUBBED, piece["evidence_id"], work.now, work.now + again, finding.damage, finding.held != known["held"]
    )
    if finding.damage == known["damage"]:
        return None
    told = {"damage": finding.damage.value} if finding.damage else {"was": known["damage"]}
    _tell(work, piece, "evidence.damaged" if finding.damage else "evidence.recovered", told)
    return finding.damage


async def record_unread(work: Work, *, piece: "asyncpg.Record") -> Damage | None:
    """The store answers, and yet cannot read this piece: after ten tries that is damage. Answers it when it is new."""
    known = await _locked(work, piece["evidence_id"])
    if known is None:
        return None
    tries = known["scrub_attempts"] + 1
    is_damage = tries >= rules.STUCK_AFTER and known["damage"] is None
    await work.sql.execute(
        "UPDATE keepings SET scrub_attempts = $2, scrub_at = $3,"
        " damage = CASE WHEN $4 THEN 'UNREADABLE' ELSE damage END,"
        " damaged_at = CASE WHEN $4 THEN $5 ELSE damaged_at END WHERE evidence_id = $1",
        piece["evidence_id"], tries, work.now + rules.wait_after(tries), is_damage, work.now,
    )  # fmt: skip
    if not is_damage:
        return None
    _tell(work, piece, "evidence.damaged", {"damage": Damage.UNREADABLE.value})
    return Damage.UNREADABLE


async def _locked(work: Work, evidence_id: UUID) -> "asyncpg.Record | None":
    """The keeping, locked; None once its erasure was approved, for then nothing is missed any more."""
    return await work.sql.fetchrow(
        "SELECT damage, held, scrub_attempts FROM keepings WHERE evidence_id = $1 AND erasing_at IS NULL FOR UPDATE",
        evidence_id,
    )


def _tell(work: Work, piece: "asyncpg.Record", kind: str, told: dict[str, Any]) -> None:
    work.record(
        kind, piece["evidence_id"], county=piece["county"], office=piece["office"], mine_id=piece["mine_id"],
        data={**told, "object": piece["object_name"], "version": piece["object_version"]},
    )  # fmt: skip
