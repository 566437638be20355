"""The keeper's operations that make the store follow what is wanted: locks that grow, holds on and off; repeatable."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from storage.field.keeping import rules
from storage.field.keeping.queries import OPEN_HOLD
from storage.record.clock import to_ms
from storage.record.objects import Objects
from storage.record.work import Work

LEASE = timedelta(seconds=60)

_PERMANENT = OPEN_HOLD.replace("h.lifted_at IS NULL", "h.lifted_at IS NULL AND h.permanent")
_LEASE = """
UPDATE keepings k SET follow_at = $2, attempts = k.attempts + 1
FROM (
  SELECT evidence_id FROM keepings WHERE follow_at <= $1 AND erasing_at IS NULL
  ORDER BY follow_at LIMIT $3 FOR UPDATE SKIP LOCKED
) due WHERE k.evidence_id = due.evidence_id RETURNING k.evidence_id
"""
# A statement of its own: holds that were committed while the first one waited for its locks are seen here.
_OWED = f"""
SELECT k.evidence_id, k.mine_id, k.county, k.office, k.retain_until, k.retained_until, k.attempts, k.erasing_at,
  {OPEN_HOLD} AS hold_wanted, {_PERMANENT} AS permanent, e.object_name, e.object_version
FROM keepings k JOIN evidence e ON e.id = k.evidence_id WHERE k.evidence_id = ANY ($1)
"""
_APPLIED = f"""
UPDATE keepings k SET retained_until = n.applied, held = $3, attempts = 0,
  wanted_since = CASE WHEN n.owed THEN coalesce(k.wanted_since, $4) END,
  follow_at = CASE WHEN n.owed THEN $4 WHEN n.permanent THEN k.retain_until - $5::interval END
FROM (
  SELECT p.*, (p.retain_until > p.applied AND p.retain_until > $4) OR p.hold_wanted <> $3 AS owed FROM (
    SELECT k.evidence_id, k.retain_until, greatest(k.retained_until, $2) AS applied, {OPEN_HOLD} AS hold_wanted,
      {_PERMANENT} AS permanent
    FROM keepings k WHERE k.evidence_id = $1
  ) p
) n WHERE k.evidence_id = n.evidence_id
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """One piece for which the store is to follow."""

    evidence_id: UUID
    object_name: str
    object_version: str
    retain_until: datetime
    retained_until: datetime
    hold_wanted: bool
    attempts: int


class NotApplied(RuntimeError):
    """The store took a lock or a hold and does not show it when asked."""


async def lease_owed(work: Work, *, limit: int, ahead: timedelta, lease: timedelta = LEASE) -> list[Owed]:
    """Takes pieces for which something is owed; those kept for ever first get their next stretch of `ahead`.

    A keeper that was killed gives nothing back: its pieces are taken again when their lease has run out.
    """
    taken = await work.sql.fetch(_LEASE, work.now, work.now + lease, limit)
    rows = await work.sql.fetch(_OWED, [row["evidence_id"] for row in taken])
    return [
        Owed(
            evidence_id=row["evidence_id"], object_name=row["object_name"], object_version=row["object_version"],
            retain_until=await _lengthened(work, row, ahead), retained_until=row["retained_until"],
            hold_wanted=row["hold_wanted"], attempts=row["attempts"],
        )
        for row in rows
    ]  # fmt: skip


async def _lengthened(work: Work, row: "asyncpg.Record", ahead: timedelta) -> datetime:
    """Until when the piece is to be kept: longer than before if it is kept for ever and its lock wears out."""
    until: datetime = row["retain_until"]
    longer = rules.longer_for_ever(until, work.now, ahead) if row["permanent"] else None
    if longer is None:
        return until
    await work.sql.execute(
        "UPDATE keepings SET retain_until = $2, wanted_since = coalesce(wanted_since, $3) WHERE evidence_id = $1",
        row["evidence_id"], longer, work.now,
    )  # fmt: skip
    work.record(
        "retention.extended", row["evidence_id"], county=row["county"], office=row["office"], mine_id=row["mine_id"],
        data={"evidence": str(row["evidence_id"]), "until": to_ms(longer), "reason": "permanent hold"},
    )  # fmt: skip
    return longer


def follow(objects: Objects, piece: Owed, *, now: datetime) -> datetime:
    """Makes the store follow and reads it back; until when the piece is locked afterwards. Safe to repeat.

    A hold goes on before a lock is lengthened and off after it, so that no moment has less than was wanted.
    """
    name, version = piece.object_name, piece.object_version
    if piece.hold_wanted:
        objects.hold(name, version, on=True)
    applied = piece.retained_until
    if piece.retain_until > max(now, applied):
        objects.lock(name, version, piece.retain_until)
        shown = objects.locked_until(name, version)
        if shown is None or shown < piece.retain_until:
            raise NotApplied(f"{name} {version}: locked until {shown}, not {piece.retain_until}")
        applied = piece.retain_until
    if not piece.hold_wanted and objects.is_held(name, version):
        objects.hold(name, version, on=False)
    if objects.is_held(name, version) is not piece.hold_wanted:
        raise NotApplied(f"{name} {version}: the hold is not as wanted ({piece.hold_wanted})")
    return applied


async def record_applied(work: Work, *, evidence_id: UUID, applied: datetime, held: bool, ahead: timedelta) -> None:
    """Writes down what the store applies. What was wanted in the meantime stays owed and is followed at once."""
    await work.sql.execute("SELECT FROM keepings WHERE evidence_id = $1 FOR UPDATE", evidence_id)
    await work.sql.execute(_APPLIED, evidence_id, applied, held, work.now, ahead / 2)


async def release(work: Work, *, evidence_id: UUID, attempts: int, gone: bool = False) -> None:
    """Gives a piece back after a fault. One whose version is gone is shown to the scrubber at once."""
    await work.sql.execute(
        "UPDATE keepings SET follow_at = $2, scrub_at = CASE WHEN $3 THEN least(scrub_at, $4) ELSE scrub_at END"
        " WHERE evidence_id = $1 AND follow_at IS NOT NULL",
        evidence_id, work.now + rules.wait_after(attempts), gone, work.now,
    )  # fmt: skip


_COUNT = """
UPDATE upkeep SET looked_at = $1,
  late = (SELECT count(*) FROM keepings WHERE follow_at IS NOT NULL AND erasing_at IS NULL AND damaged_at IS NULL
    AND wanted_since <= $2),
  stuck = (SELECT count(*) FROM evidence WHERE state = 'RECEIVED' AND attempts >= $3)
    + (SELECT count(*) FROM keepings WHERE follow_at IS NOT NULL AND attempts >= $3)
    + (SELECT count(*) FROM erasures WHERE approved_at IS NOT NULL AND erased_at IS NULL AND attempts >= $3),
  damaged = (SELECT count(*) FROM keepings WHERE damaged_at IS NOT NULL AND erased_at IS NULL),
  facts_stuck = (SELECT count(*) FROM facts WHERE retry_at IS NOT NULL AND attempts >= $3)
WHERE id = 1
"""


async def record_upkeep(work: Work) -> None:
    """Counts what is late, stuck (also of facts) and damaged, for `/readyz`, whose reader sees no piece himself.

    A damaged piece is not late besides: the store cannot follow for bytes that it does not have.
    """
    await work.sql.execute(_COUNT, work.now, work.now - rules.LATE, rules.STUCK_AFTER)
