"""The keeper's operations that carry out an approved erasure: lease, remove from the store, record; all repeatable."""

import re
from datetime import timedelta

import asyncpg

from storage.field.evidence.tables import EvidenceState
from storage.field.facts import operations as facts
from storage.field.keeping import rules
from storage.record.derived import remove_derived
from storage.record.objects import Objects
from storage.record.work import Work

LEASE = timedelta(minutes=5)
_NAME = re.compile(r"evidence/[0-9a-f]{32}")
_LEASE = """
UPDATE erasures x SET retry_at = $2, attempts = x.attempts + 1
FROM (
  SELECT id FROM erasures WHERE approved_at IS NOT NULL AND erased_at IS NULL AND retry_at <= $1
  ORDER BY retry_at LIMIT $3 FOR UPDATE SKIP LOCKED
) due, evidence e
WHERE x.id = due.id AND e.id = x.evidence_id
RETURNING x.id, x.evidence_id, x.mine_id, x.county, x.office, x.article, x.reason, x.proposed_by, x.approved_by,
  x.attempts, e.object_name, e.object_version, e.sha256, e.size,
  (SELECT f.object_name FROM facts f WHERE f.evidence_id = e.id) AS derived_name
"""


class StillThere(RuntimeError):
    """Something of an erased piece is left in the store."""


async def lease_erasures(work: Work, *, limit: int, lease: timedelta = LEASE) -> "list[asyncpg.Record]":
    """Takes approved erasures that are not carried out; a killed keeper's are taken again after the lease."""
    return await work.sql.fetch(_LEASE, work.now, work.now + lease, limit)


def remove(objects: Objects, erasure: "asyncpg.Record") -> None:
    """Removes every version of the piece, of the statement beside it and of all that was made from it.

    The first two bear the piece's random name, alone or followed by a dot; its preview has a name of its own.
    StillLocked if the store refuses: then the lock outlasts what the record knows, and somebody must look. Safe to
    repeat.
    """
    name = erasure["object_name"]
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a piece: what would go is not known")
    for one in objects.versions(name):
        # No hold is wanted, as the approval made sure; one that a killed keeper left behind goes here.
        if not one.marker and objects.is_held(one.name, one.version):
            objects.hold(one.name, one.version, on=False)
        objects.remove(one.name, one.version)
    left = objects.versions(name)
    if left:
        raise StillThere(f"{name}: {len(left)} versions are left")
    if erasure["derived_name"] is not None:
        remove_derived(objects, erasure["derived_name"])


async def record_erased(work: Work, *, erasure: "asyncpg.Record") -> None:
    """ERASED; the row stays. The entry evidence.erased, with its inclusion proof, is the certificate of deletion."""
    state = await work.sql.fetchval("SELECT state FROM evidence WHERE id = $1 FOR UPDATE", erasure["evidence_id"])
    if state == EvidenceState.ERASED:
        return
    await work.sql.execute("UPDATE evidence SET state = 'ERASED' WHERE id = $1", erasure["evidence_id"])
    await work.sql.execute(
        "UPDATE keepings SET erased_at = $2, follow_at = NULL, wanted_since = NULL WHERE evidence_id = $1",
        erasure["evidence_id"], work.now,
    )  # fmt: skip
    await facts.forget(work, evidence_id=erasure["evidence_id"])
    await work.sql.execute("UPDATE erasures SET erased_at = $2, retry_at = NULL WHERE id = $1", erasure["id"], work.now)
    work.record(
        "evidence.erased", erasure["evidence_id"], county=erasure["county"], office=erasure["office"],
        mine_id=erasure["mine_id"],
        data={
            "erasure": str(erasure["id"]), "article": erasure["article"], "reason": erasure["reason"],
            "proposed_by": str(erasure["proposed_by"]), "approved_by": str(erasure["approved_by"]),
            "sha256": erasure["sha256"].hex(), "size": erasure["size"], "object": erasure["object_name"],
            "version": erasure["object_version"],
        },
    )  # fmt: skip


async def release(work: Work, *, erasure: "asyncpg.Record") -> None:
    """Gives an erasure back after a fault, to be tried again after a wait that doubles up to an hour."""
    await work.sql.execute(
        "UPDATE erasures SET retry_at = $2 WHERE id = $1 AND erased_at IS NULL",
        erasure["id"], work.now + rules.wait_after(erasure["attempts"]),
    )  # fmt: skip
