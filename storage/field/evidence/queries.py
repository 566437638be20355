"""Every select over evidence; takes the actor, returns what it may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence import rules
from storage.record.actor import Verb
from storage.record.problems import NotFound
from storage.record.work import Work

UNSEALED = "SELECT received_at FROM evidence WHERE state = 'RECEIVED' LIMIT $1"
"""Since when pieces wait for their seal."""
UNRECEIPTED = "SELECT sealed_at FROM evidence WHERE state = 'SEALED' AND NOT receipted LIMIT $1"
"""Since when sealed pieces wait for their receipt."""

_CHAIN = """
SELECT r.mine_id, r.county, r.office, r.not_before, d.owner_id, d.algorithm, d.public_key, d.enrolled_at, d.valid_to,
       LEAST(d.lost_at, d.revoked_at) AS gone_at, d.kind, coalesce(c.closed_at, r.closed_at) AS closed_at,
       c.last_seq, c.last_hash,
       EXISTS (SELECT FROM inspection_officers o WHERE o.inspection_id = r.inspection_id AND o.account_id = $3)
         AS is_officer
FROM chains c JOIN recordings r ON r.id = c.recording_id JOIN devices d ON d.id = c.device_id
WHERE c.recording_id = $1 AND c.device_id = $2 FOR UPDATE OF c
"""
_BEGIN_CHAIN = """
INSERT INTO chains (recording_id, device_id, count, last_seq, last_hash)
SELECT r.id, d.id, 0, -1, $4 FROM recordings r, devices d WHERE r.id = $1 AND d.id = $2 AND d.owner_id = $3
ON CONFLICT DO NOTHING
"""
_KNOWN = """
SELECT e.id, e.recording_id, e.device_id, e.seq, e.statement_hash, e.sha256, e.size, e.media_type, e.state,
       e.object_name, e.declared_at, e.declared_entry_id, e.grade, t.paper, s.signature
FROM evidence e JOIN statements s ON s.evidence_id = e.id LEFT JOIN takeovers t ON t.evidence_id = e.id
WHERE e.id = ANY ($1) OR (e.recording_id = $2 AND e.device_id = $3 AND e.seq = ANY ($4))
"""
_COLUMNS = """
e.id, e.recording_id, e.device_id, e.maker_id, e.mine_id, e.county, e.office, e.seq, e.statement_hash, e.sha256, e.size,
e.media_type, e.grade, e.flags, e.captured_at, e.object_name, e.object_version, e.state, e.declared_at, e.received_at,
e.sealed_at, e.quarantined_at, e.quarantine_reason, e.lost_at, e.lost_reason
"""
_MEDIA = "SELECT id, media_type FROM evidence WHERE id = ANY ($1::uuid[]) AND ($2::uuid IS NULL OR mine_id = $2)"


@dataclass(frozen=True, slots=True)
class OpenChain:
    """A locked chain with all that the rules of declaring need."""

    recording_id: UUID
    mine_id: UUID
    county: str
    office: str
    not_before: datetime
    is_officer: bool
    """Whether the actor is one of the officers of the inspection."""
    device: rules.Device
    last: rules.Link
    closed_at: datetime | None
    """When two officers closed the recording: what is declared now is kept, and flagged."""


async def chain_to_extend(work: Work, *, recording_id: UUID, device_id: UUID) -> OpenChain | None:
    """The chain of one of the actor's own devices in a visible recording, locked; begun if there was none."""
    row = await work.sql.fetchrow(_CHAIN, recording_id, device_id, work.actor.account_id)
    if row is None:
        await work.sql.execute(_BEGIN_CHAIN, recording_id, device_id, work.actor.account_id, bytes(32))
        row = await work.sql.fetchrow(_CHAIN, recording_id, device_id, work.actor.account_id)
    if row is None or row["owner_id"] != work.actor.account_id:
        return None
    device = rules.Device(
        id=device_id, owner_id=row["owner_id"], algorithm=row["algorithm"], public_key=row["public_key"],
        enrolled_at=row["enrolled_at"], valid_to=row["valid_to"], gone_at=row["gone_at"], kind=row["kind"],
    )  # fmt: skip
    return OpenChain(
        recording_id=recording_id, mine_id=row["mine_id"], county=row["county"], office=row["office"],
        not_before=row["not_before"], is_officer=row["is_officer"], device=device,
        last=rules.Link(row["last_seq"], row["last_hash"]), closed_at=row["closed_at"],
    )  # fmt: skip


async def pieces_in_the_way(
    work: Work, *, chain: OpenChain, ids: Sequence[UUID], seqs: Sequence[int]
) -> "list[asyncpg.Record]":
    """Pieces that already hold one of these ids, or one of these numbers of the chain, as far as they are visible."""
    return await work.sql.fetch(_KNOWN, ids, chain.recording_id, chain.device.id, seqs)


async def pieces_to_receive(
    sql: "asyncpg.Connection[Any]", *, maker_id: UUID, ids: Sequence[UUID], lock: bool = False
) -> "list[asyncpg.Record]":
    """The maker's own pieces of these ids, in their order; those that are not his are simply missing."""
    return await sql.fetch(
        f"SELECT {_COLUMNS} FROM unnest($1::uuid[]) WITH ORDINALITY AS w(id, ordinal) JOIN evidence e ON e.id = w.id"
        f" WHERE e.maker_id = $2 ORDER BY w.ordinal{' FOR UPDATE OF e' if lock else ''}",
        ids, maker_id,
    )  # fmt: skip


async def piece_to_upload(
    sql: "asyncpg.Connection[Any]", *, maker_id: UUID, id: UUID, lock: bool = False
) -> "asyncpg.Record":
    """The maker's own piece with its signed statement, and the upload in parts that is under way for it.

    NotFound alike where there is none and where it is somebody else's.
    """
    found: list[asyncpg.Record] = await sql.fetch(
        f"SELECT {_COLUMNS}, s.statement, s.signature, d.algorithm, d.public_key, u.upload_id, u.parts"
        " FROM evidence e JOIN statements s ON s.evidence_id = e.id JOIN devices d ON d.id = e.device_id"
        " LEFT JOIN evidence_uploads u ON u.evidence_id = e.id AND u.ended_at IS NULL"
        f" WHERE e.id = $1 AND e.maker_id = $2{' FOR UPDATE OF e' if lock else ''}",
        id, maker_id,
    )  # fmt: skip
    if not found:
        raise NotFound()
    first: asyncpg.Record = found[0]
    return first


async def uploads_begun_before(
    sql: "asyncpg.Connection[Any]", *, before: datetime, limit: int
) -> "list[asyncpg.Record]":
    """For the workers: uploads in parts that never ended, the oldest first."""
    return await sql.fetch(
        "SELECT u.evidence_id, u.upload_id, u.begun_at, e.object_name, e.mine_id, e.county, e.office"
        " FROM evidence_uploads u JOIN evidence e ON e.id = u.evidence_id"
        " WHERE u.ended_at IS NULL AND u.begun_at < $1 ORDER BY u.begun_at LIMIT $2",
        before, limit,
    )  # fmt: skip


async def known_uploads(sql: "asyncpg.Connection[Any]", *, upload_ids: Sequence[str]) -> set[str]:
    """For the workers: which of the store's uploads belong to a piece."""
    rows = await sql.fetch("SELECT upload_id FROM evidence_uploads WHERE upload_id = ANY ($1)", upload_ids)
    return {row["upload_id"] for row in rows}


async def pieces_to_give_up(work: Work, *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Visible pieces of these ids, locked, and whether the actor is an officer of their inspection."""
    return await work.sql.fetch(
        f"SELECT {_COLUMNS}, EXISTS (SELECT FROM recordings r JOIN inspection_officers o"
        " ON o.inspection_id = r.inspection_id WHERE r.id = e.recording_id AND o.account_id = $2) AS is_officer"
        " FROM evidence e WHERE e.id = ANY ($1) ORDER BY e.id FOR UPDATE OF e",
        ids, work.actor.account_id,
    )  # fmt: skip


async def pieces_of_recordings(
    sql: "asyncpg.Connection[Any]",
    *,
    recording_ids: Sequence[UUID],
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> "list[asyncpg.Record]":
    """The pieces of each of these recordings, oldest first by (declared_at, id), behind the given one, in one go."""
    way, beyond = ("DESC", "<") if backwards else ("ASC", ">")
    after = f" AND (e.declared_at, e.id) {beyond} ($3::timestamptz, $4::uuid)" if behind else ""
    return await sql.fetch(
        f"SELECT p.* FROM unnest($1::uuid[]) AS w(id) CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM evidence e"
        f" WHERE e.recording_id = w.id{after} ORDER BY e.declared_at {way}, e.id {way} LIMIT $2) p",
        recording_ids, limit, *(behind or ()),
    )  # fmt: skip


async def takeovers_of(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The signed papers of visible pieces that were taken over."""
    return await sql.fetch("SELECT evidence_id, paper, signature FROM takeovers WHERE evidence_id = ANY ($1)", ids)


async def pieces_by_ids(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Visible pieces of these ids, for loaders and nodes."""
    return await sql.fetch(f"SELECT {_COLUMNS} FROM evidence e WHERE e.id = ANY ($1)", ids)


async def media_of(work: Work, pieces: Sequence[UUID], *, mine_id: UUID | None = None) -> dict[UUID, str]:
    """Those of the pieces that the actor sees, of this mine where one is named, with their media types.

    Whoever names a piece in an act asks here; nothing is asked for none.
    """
    rows = await work.sql.fetch(_MEDIA, list(pieces), mine_id) if pieces else []
    return {row["id"]: row["media_type"] for row in rows}


async def receipts_of(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The sealed receipts of visible pieces: evidence id and the receipt's bytes."""
    return await sql.fetch("SELECT evidence_id, receipt FROM receipts WHERE evidence_id = ANY ($1)", ids)


async def recordings_to_pack(
    work: Work, *, recording_id: UUID | None, inspection_id: UUID | None
) -> "list[asyncpg.Record]":
    """The visible recording, or those of the inspection, oldest first, each with what closed it."""
    return await work.sql.fetch(
        "SELECT r.id, r.county, r.office, r.mine_id, k.file, k.closed_entry_id FROM recordings r"
        " LEFT JOIN closings k ON k.recording_id = r.id AND k.closed_at IS NOT NULL"
        " WHERE r.id = $1 OR r.inspection_id = $2 ORDER BY r.opened_at, r.id",
        recording_id, inspection_id,
    )  # fmt: skip


async def pieces_to_pack(
    work: Work, *, recording_ids: Sequence[UUID], limit: int, behind: tuple[datetime, UUID] | None
) -> "list[asyncpg.Record]":
    """The pieces of these recordings, oldest first by (declared_at, id), with all that stands beside each."""
    after = " AND (e.declared_at, e.id) > ($3::timestamptz, $4::uuid)" if behind else ""
    return await work.sql.fetch(
        f"SELECT {_COLUMNS}, e.declared_entry_id, s.statement, s.signature, t.paper, t.signature AS paper_signature,"
        " x.receipt FROM evidence e JOIN statements s ON s.evidence_id = e.id"
        " LEFT JOIN takeovers t ON t.evidence_id = e.id LEFT JOIN receipts x ON x.evidence_id = e.id"
        f" WHERE e.recording_id = ANY ($1){after} ORDER BY e.declared_at, e.id LIMIT $2",
        recording_ids, limit, *(behind or ()),
    )  # fmt: skip


async def payload_of(work: Work, *, entry_id: UUID) -> "asyncpg.Record | None":
    """What a visible entry says, and its salt."""
    return await work.sql.fetchrow("SELECT payload, salt FROM payloads WHERE entry_id = $1", entry_id)


READ = Verb.EVIDENCE_READ
"""What a list or a node of evidence asks of its reader."""
