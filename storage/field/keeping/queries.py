"""Every select over keeping; what a person reads is what row security shows to him."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from storage.field.evidence.tables import EvidenceState
from storage.field.keeping.rules import Kept, Subject
from storage.field.keeping.tables import SubjectKind
from storage.record.problems import NotFound
from storage.record.work import Work

LARGEST_LIST = 100

OPEN_HOLD: Final = """EXISTS (SELECT FROM holds h WHERE h.lifted_at IS NULL AND (h.evidence_id = k.evidence_id
  OR h.recording_id = k.recording_id OR h.inspection_id = k.inspection_id))"""
"""Whether a hold is wanted on the keeping `k`."""
_PLACES: Final = {
    SubjectKind.EVIDENCE: "SELECT id, mine_id, county, office FROM evidence WHERE id = $1",
    SubjectKind.RECORDING: "SELECT id, mine_id, county, office FROM recordings WHERE id = $1",
    SubjectKind.INSPECTION: "SELECT id, mine_id, county, office FROM inspections WHERE id = $1",
}
_PIECES: Final = {
    SubjectKind.EVIDENCE: "e.id = $1",
    SubjectKind.RECORDING: "e.recording_id = $1",
    SubjectKind.INSPECTION: "e.recording_id IN (SELECT id FROM recordings WHERE inspection_id = $1)",
}
HOLD: Final = (
    "h.id, h.evidence_id, h.recording_id, h.inspection_id, h.case_id, h.mine_id, h.county, h.office, h.article,"
    " h.reason, h.permanent, h.placed_by, h.placed_at, h.lifted_by, h.lifted_at, h.lift_reason"
)
ERASURE: Final = (
    "id, evidence_id, mine_id, county, office, article, reason, proposed_by, proposed_at, approved_by, approved_at,"
    " erased_at"
)


async def place_of(work: Work, *, subject: Subject) -> "asyncpg.Record":
    """Mine, county and office of a visible subject; NotFound otherwise."""
    return _found(await work.sql.fetchrow(_PLACES[subject.kind], subject.id))


async def pieces_to_change(work: Work, *, subject: Subject) -> "list[asyncpg.Record]":
    """The pieces of a subject in any state, their rows locked in the order of ids: id, state.

    Sealing locks the same row before it asks which holds and terms reach a piece. So whoever comes second sees what
    the first one did, and no piece slips between a hold and its seal.
    """
    return await work.sql.fetch(
        f"SELECT e.id, e.state FROM evidence e WHERE {_PIECES[subject.kind]} ORDER BY e.id FOR NO KEY UPDATE",
        subject.id,
    )


async def pieces_to_hold(work: Work, *, ids: Sequence[UUID], case_id: UUID) -> "list[asyncpg.Record]":
    """Those of these pieces that a case does not hold yet and that can be kept; their rows locked, in order of ids."""
    return await work.sql.fetch(
        "SELECT e.id, e.mine_id, e.county, e.office FROM evidence e"
        " WHERE e.id = ANY ($1) AND e.state NOT IN ('QUARANTINED', 'ERASED')"
        " AND NOT EXISTS (SELECT FROM keepings k WHERE k.evidence_id = e.id AND k.erasing_at IS NOT NULL)"
        " AND NOT EXISTS (SELECT FROM holds h WHERE h.evidence_id = e.id AND h.case_id = $2 AND h.lifted_at IS NULL)"
        " ORDER BY e.id FOR NO KEY UPDATE OF e",
        list(ids), case_id,
    )  # fmt: skip


async def keepings_of(work: Work, *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """What is wanted of these pieces now, for an operation that has locked them."""
    return await work.sql.fetch(
        "SELECT evidence_id, retain_until, erasing_at FROM keepings WHERE evidence_id = ANY ($1)", ids
    )


async def longest_term(work: Work, *, subject: Subject) -> Any:
    """The latest end of the terms that were laid on this very subject, or None."""
    return await work.sql.fetchval(
        f"SELECT max(until) FROM retention_terms WHERE {subject.kind.value.lower()}_id = $1", subject.id
    )


async def hold_to_lift(work: Work, *, id: UUID) -> "asyncpg.Record":
    """A visible hold, locked; NotFound otherwise."""
    return _found(await work.sql.fetchrow(f"SELECT {HOLD} FROM holds h WHERE h.id = $1 FOR UPDATE", id))


async def hold_by_id(work: Work, id: UUID) -> "asyncpg.Record":
    """The visible hold of this id; NotFound otherwise."""
    return _found(await work.sql.fetchrow(f"SELECT {HOLD} FROM holds h WHERE h.id = $1", id))


async def visible_hold(sql: "asyncpg.Connection[Any]", *, id: UUID) -> "asyncpg.Record | None":
    """The visible hold of this id, for nodes."""
    return await sql.fetchrow(f"SELECT {HOLD} FROM holds h WHERE h.id = $1", id)


async def erasure_by_id(work: Work, id: UUID, *, lock: bool = False) -> "asyncpg.Record":
    """The visible erasure of this id, locked if asked; NotFound otherwise."""
    return _found(
        await work.sql.fetchrow(f"SELECT {ERASURE} FROM erasures WHERE id = $1{' FOR UPDATE' if lock else ''}", id)
    )


async def term_by_id(work: Work, id: UUID) -> "asyncpg.Record":
    """The visible term of this id; NotFound otherwise."""
    return _found(
        await work.sql.fetchrow(
            "SELECT id, evidence_id, recording_id, inspection_id, until, article, reason, set_by, set_at"
            " FROM retention_terms WHERE id = $1",
            id,
        )
    )


async def piece_to_erase(work: Work, *, evidence_id: UUID) -> Kept:
    """One visible piece with its rows locked, as the rules of erasing need it; NotFound otherwise.

    Two statements: the holds are looked for after the lock is held, so that one placed in the meantime is seen. What
    the store has not followed yet counts as held: nobody knows what a worker is putting there at this moment.
    """
    row = await work.sql.fetchrow("SELECT id, state FROM evidence WHERE id = $1 FOR NO KEY UPDATE", evidence_id)
    if row is None:
        raise NotFound()
    kept = await work.sql.fetchrow(
        "SELECT k.retain_until, k.retained_until, k.held OR k.wanted_since IS NOT NULL AS held, k.erasing_at,"
        f" {OPEN_HOLD} AS wanted FROM keepings k"
        " WHERE k.evidence_id = $1",
        evidence_id,
    )
    state = EvidenceState(row["state"])
    if kept is None:
        return Kept(state, work.now, work.now, held=False, hold_wanted=False, erasing=False)
    return Kept(
        state, kept["retain_until"], kept["retained_until"], held=kept["held"], hold_wanted=kept["wanted"],
        erasing=kept["erasing_at"] is not None,
    )  # fmt: skip


async def retention_of(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """How visible sealed pieces are kept: what is wanted, what is applied, and damage."""
    return await sql.fetch(
        f"SELECT k.evidence_id, k.retain_until, k.retained_until, k.held, {OPEN_HOLD} AS hold_wanted, k.scrubbed_at,"
        " k.damaged_at, k.damage, k.erased_at FROM keepings k WHERE k.evidence_id = ANY ($1)",
        ids,
    )


async def holds_on(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The newest holds that reach each of these visible pieces, open or lifted: `piece_id` and the hold's columns."""
    return await sql.fetch(
        "SELECT e.id AS piece_id, r.* FROM evidence e JOIN recordings g ON g.id = e.recording_id CROSS JOIN LATERAL ("
        f"SELECT {HOLD} FROM holds h WHERE h.evidence_id = e.id OR h.recording_id = e.recording_id"
        " OR h.inspection_id = g.inspection_id ORDER BY h.placed_at DESC, h.id DESC LIMIT $2) r WHERE e.id = ANY ($1)",
        ids, LARGEST_LIST,
    )  # fmt: skip


async def erasures_of(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The erasures of these visible pieces."""
    return await sql.fetch(f"SELECT {ERASURE} FROM erasures WHERE evidence_id = ANY ($1)", ids)


COUNTED = ("late", "stuck", "damaged", "facts_stuck")
"""What the keeper counts, by what is wrong with a piece."""


async def upkeep(sql: "asyncpg.Connection[Any]") -> "asyncpg.Record | None":
    """What the keeper counted when it last looked."""
    return await sql.fetchrow(f"SELECT {', '.join(COUNTED)}, looked_at FROM upkeep WHERE id = 1")  # Our own names.


def _found(row: "asyncpg.Record | None") -> "asyncpg.Record":
    if row is None:
        raise NotFound()
    return row
