"""Every select over recordings; takes the actor, returns what it may see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.ledger.proofs.closings import Closing
from storage.record.problems import NotFound
from storage.record.work import Work

_COLUMNS = "id, inspection_id, mine_id, county, office, opened_by, device_id, not_before, opened_at, closed_at"
# Gaps as a closing tells them: the numbers without a statement, and those whose piece was lost or quarantined.
_CHAINS = """
SELECT c.recording_id, c.device_id, c.last_seq + 1 AS count, c.last_hash, ARRAY(
  SELECT ARRAY[g.first, g.last] FROM (
    SELECT coalesce(lag(s.seq) OVER w, -1) + 1 AS first, s.seq - 1 AS last FROM (
      SELECT e.seq FROM evidence e WHERE e.recording_id = c.recording_id AND e.device_id = c.device_id
        AND e.state NOT IN ('LOST', 'QUARANTINED')
      UNION ALL SELECT c.last_seq + 1
    ) s WINDOW w AS (ORDER BY s.seq)
  ) g WHERE g.first <= g.last ORDER BY g.first
) AS gaps
FROM chains c WHERE c.recording_id = ANY ($1) AND c.last_seq >= 0 ORDER BY c.recording_id, c.device_id
"""
_SEALED_IN_GAP = """
SELECT e.device_id, e.seq
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS g(device_id, first, last)
JOIN evidence e ON e.recording_id = $1 AND e.device_id = g.device_id AND e.seq BETWEEN g.first AND g.last
WHERE e.state IN ('SEALED', 'ERASED') ORDER BY e.device_id, e.seq LIMIT 1
"""
_CLOSINGS = """
SELECT DISTINCT ON (recording_id) id, recording_id, closing, closer_id, device_id, algorithm, public_key, signature,
  signed_at, cosigner_id, cosigner_device_id, file, closed_at, closed_entry_id
FROM closings WHERE recording_id = ANY ($1) ORDER BY recording_id, signed_at DESC, id DESC
"""


async def inspection_to_record(work: Work, *, inspection_id: UUID) -> "asyncpg.Record | None":
    """The visible inspection, and whether the actor is one of its officers."""
    return await work.sql.fetchrow(
        "SELECT i.id, i.mine_id, i.county, i.office, EXISTS (SELECT FROM inspection_officers o"
        " WHERE o.inspection_id = i.id AND o.account_id = $2) AS is_officer FROM inspections i WHERE i.id = $1",
        inspection_id, work.actor.account_id,
    )  # fmt: skip


async def recording_by_id(sql: "asyncpg.Connection[Any]", *, id: UUID) -> "asyncpg.Record | None":
    """The visible recording of this id."""
    return await sql.fetchrow(f"SELECT {_COLUMNS}, beacon FROM recordings WHERE id = $1", id)


async def recording_that_stands(sql: "asyncpg.Connection[Any]", *, id: UUID) -> "asyncpg.Record":
    """The same; NotFound where there is none, or it is out of sight."""
    found = await recording_by_id(sql, id=id)
    if found is None:
        raise NotFound()
    return found


async def recordings_by_ids(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Visible recordings of these ids, for loaders."""
    return await sql.fetch(f"SELECT {_COLUMNS} FROM recordings WHERE id = ANY ($1)", ids)


async def recordings_of(
    sql: "asyncpg.Connection[Any]", *, inspection_ids: Sequence[UUID], limit: int
) -> "list[asyncpg.Record]":
    """The first recordings of each of these inspections, oldest first, in one statement."""
    return await sql.fetch(
        f"SELECT r.* FROM unnest($1::uuid[]) AS w(id) CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM recordings"
        " WHERE inspection_id = w.id ORDER BY opened_at, id LIMIT $2) r",
        inspection_ids, limit,
    )  # fmt: skip


async def recording_to_close(work: Work, *, id: UUID) -> "asyncpg.Record | None":
    """The visible recording, locked with its chains, and whether the actor is an officer of its inspection.

    The chains are locked first: whoever declares holds a chain when it comes to the recording.
    """
    await work.sql.execute("SELECT FROM chains WHERE recording_id = $1 ORDER BY device_id FOR UPDATE", id)
    return await work.sql.fetchrow(
        f"SELECT {_COLUMNS}, EXISTS (SELECT FROM inspection_officers o WHERE o.inspection_id = r.inspection_id"
        " AND o.account_id = $2) AS is_officer FROM recordings r WHERE r.id = $1 FOR UPDATE OF r",
        id, work.actor.account_id,
    )  # fmt: skip


async def chains_of(sql: "asyncpg.Connection[Any]", *, recording_ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Each device's chain in these recordings: count, last hash, and the gaps that a closing must explain."""
    return await sql.fetch(_CHAINS, recording_ids)


async def sealed_in_gap(work: Work, *, closing: Closing) -> tuple[UUID, int] | None:
    """A piece that this closing calls missing although its original is sealed, if there is one."""
    gaps = closing.gaps
    row = await work.sql.fetchrow(
        _SEALED_IN_GAP, UUID(closing.recording), [UUID(gap.device) for gap in gaps], [gap.first for gap in gaps],
        [gap.last for gap in gaps],
    )  # fmt: skip
    return (row["device_id"], row["seq"]) if row is not None else None


async def closings_of(sql: "asyncpg.Connection[Any]", *, recording_ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The newest closing of each of these recordings, if it has one."""
    return await sql.fetch(_CLOSINGS, recording_ids)


async def newest_closing(sql: "asyncpg.Connection[Any]", *, recording_id: UUID) -> "asyncpg.Record | None":
    """The newest closing of one recording."""
    found = await closings_of(sql, recording_ids=[recording_id])
    return found[0] if found else None
