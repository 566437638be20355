"""The only writers of facts: laid out when a piece is sealed, filled by the describing worker; all repeatable."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.facts import findings, likeness, queries, rules
from storage.field.facts.findings import Findings
from storage.field.facts.tables import FactFlag
from storage.record.derived import PREFIX, put_derived
from storage.record.ledger.proofs.statements import Statement
from storage.record.objects import Objects
from storage.record.work import Work

LEASE = timedelta(minutes=2)
"""How long one worker may hold a piece, besides the time that fetching its bytes takes."""
SLOWEST = 8 * 1024 * 1024
"""Bytes a second that a fetch makes at the least."""
LONGEST_WAIT = timedelta(hours=1)
STUCK_AFTER = 10
"""Attempts after which a piece is shown as stuck; it goes on being tried."""

_LEASE = """
UPDATE facts f SET attempts = f.attempts + 1, retry_at = $1::timestamptz + $2 + e.size / $4 * interval '1 second'
FROM (SELECT evidence_id FROM facts WHERE retry_at <= $1 ORDER BY retry_at LIMIT $3 FOR UPDATE SKIP LOCKED) due,
  evidence e, statements s
WHERE f.evidence_id = due.evidence_id AND e.id = f.evidence_id AND s.evidence_id = f.evidence_id
RETURNING f.evidence_id, f.mine_id, f.county, f.office, f.sha256, f.object_name AS preview_name, f.attempts, e.size,
  e.object_name, e.object_version, e.sniffed_type, s.statement
"""
_RECORD = """
UPDATE facts SET retry_at = NULL, maker = $2, described_at = $3, entry_id = $4, digest = $5, flags = $6, not_read = $7,
  width = $8, height = $9, orientation = $10, camera = $11, exif_time = $12, exif_offset = $13, taken_at = $14,
  gps_time = $15, latitude = $16, longitude = $17, length_ms = $18, likeness = $19, band_0 = $20, band_1 = $21,
  band_2 = $22, band_3 = $23
WHERE evidence_id = $1
"""
_PREVIEW = """
INSERT INTO previews (evidence_id, mine_id, county, office, object_name, object_version, media_type, width, height,
  size, sha256, made_at)
SELECT evidence_id, mine_id, county, office, object_name, $2, $3, $4, $5, $6, $7, $8 FROM facts WHERE evidence_id = $1
ON CONFLICT (evidence_id) DO UPDATE SET object_version = excluded.object_version, width = excluded.width,
  height = excluded.height, size = excluded.size, sha256 = excluded.sha256, made_at = excluded.made_at
"""
# Serializes the moments in which likenesses are looked up and filed: of two that come together, the second sees the
# first. A lock by name, held for a few milliseconds: there is no row that all pieces have in common.
_ONE_AFTER_THE_OTHER = "SELECT pg_advisory_xact_lock(hashtext('pithead.facts.likeness'))"


async def await_facts(work: Work, *, pieces: "Sequence[asyncpg.Record]") -> None:
    """Lays out the rows of pieces that are sealed in this transaction, so that no sealed piece is ever overlooked."""
    await work.sql.execute(
        "INSERT INTO facts (evidence_id, mine_id, county, office, sha256, object_name, retry_at, attempts, flags,"
        " not_read) SELECT *, $7, 0, '{}', '{}' FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[],"
        " $5::bytea[], $6::text[]) ON CONFLICT DO NOTHING",
        *([piece[column] for piece in pieces] for column in ("id", "mine_id", "county", "office", "sha256")),
        [f"{PREFIX}{secrets.token_hex(16)}" for _ in pieces], work.now,
    )  # fmt: skip


async def lease_undescribed(work: Work, *, limit: int, lease: timedelta = LEASE) -> "list[asyncpg.Record]":
    """Takes pieces whose facts are wanted, the longest waiting first; a killed worker's are taken again later."""
    return await work.sql.fetch(_LEASE, work.now, lease, limit, SLOWEST)


async def release(work: Work, *, piece: "asyncpg.Record") -> None:
    """Gives a piece back after a fault, to be tried again after a wait that doubles up to an hour."""
    wait = min(timedelta(seconds=2 ** min(piece["attempts"], 12)), LONGEST_WAIT)
    await work.sql.execute(
        "UPDATE facts SET retry_at = $2 WHERE evidence_id = $1 AND retry_at IS NOT NULL",
        piece["evidence_id"], work.now + wait,
    )  # fmt: skip


async def ask_again(work: Work, *, limit: int = 1_000) -> int:
    """Asks for the facts of pieces that an older maker described, some at a time; says how many."""
    rows = await work.sql.fetch(
        "UPDATE facts SET retry_at = $1, attempts = 0 WHERE evidence_id IN (SELECT evidence_id FROM facts"
        " WHERE maker < $2 AND retry_at IS NULL LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING evidence_id",
        work.now, rules.MAKER, limit,
    )  # fmt: skip
    return len(rows)


def keep_preview(objects: Objects, piece: "asyncpg.Record", found: Findings) -> str | None:
    """Stores the preview under the name that the piece's row gives; returns its version. Safe to repeat."""
    if found.preview is None:
        return None
    return put_derived(objects, piece["preview_name"], found.preview.body, media_type=findings.PREVIEW_TYPE)


async def record_facts(work: Work, *, piece: "asyncpg.Record", found: Findings, preview_version: str | None) -> bool:
    """The facts with their flags, likenesses and entry; False when another worker had recorded them meanwhile."""
    id = piece["evidence_id"]
    if not await work.sql.fetchval("SELECT retry_at IS NOT NULL FROM facts WHERE evidence_id = $1 FOR UPDATE", id):
        return False
    flags = sorted(flag.value for flag in rules.flags_of(found, Statement.decode(piece["statement"])))
    entry_id = work.record(
        "evidence.described", id, county=piece["county"], office=piece["office"], mine_id=piece["mine_id"],
        data={"digest": found.digest.hex(), "maker": rules.MAKER, "flags": flags},
    )  # fmt: skip
    await work.sql.execute(_RECORD, id, rules.MAKER, work.now, entry_id, found.digest, flags, *_columns(found))
    await _file_preview(work, id, found, preview_version)
    await _file_likenesses(work, id, piece["sha256"], found)
    return True


async def forget(work: Work, *, evidence_id: UUID) -> None:
    """Drops all that was derived from a piece that was lawfully erased; its entries keep digests only."""
    for statement in (
        "DELETE FROM lookalikes WHERE evidence_id = $1 OR other_id = $1",
        "DELETE FROM previews WHERE evidence_id = $1",
        "DELETE FROM facts WHERE evidence_id = $1",
    ):
        await work.sql.execute(statement, evidence_id)


async def is_forgotten(work: Work, *, piece: "asyncpg.Record") -> bool:
    """Whether the piece was erased while it was being described: its preview must go after it."""
    known = await work.sql.fetchval("SELECT true FROM facts WHERE evidence_id = $1", piece["evidence_id"])
    return known is None


def _columns(found: Findings) -> tuple[Any, ...]:
    hash = found.likeness
    return (
        sorted(f"{part}:{why}" for part, why in found.not_read.items()), found.width, found.height, found.orientation,
        found.camera, found.time, found.offset, found.taken_at, found.gps_time, found.latitude, found.longitude,
        found.length_ms, None if hash is None else likeness.signed(hash), *likeness.bands(hash),
    )  # fmt: skip


async def _file_preview(work: Work, id: UUID, found: Findings, version: str | None) -> None:
    preview = found.preview
    if preview is None or version is None:
        await work.sql.execute("DELETE FROM previews WHERE evidence_id = $1", id)
        return
    await work.sql.execute(
        _PREVIEW, id, version, findings.PREVIEW_TYPE, preview.width, preview.height, len(preview.body),
        sha256(preview.body).digest(), work.now,
    )  # fmt: skip


async def _file_likenesses(work: Work, id: UUID, digest: bytes, found: Findings) -> None:
    await work.sql.execute(_ONE_AFTER_THE_OTHER)
    pairs = await queries.alike(work, evidence_id=id, sha256=digest, hash=found.likeness)
    await work.sql.execute("DELETE FROM lookalikes WHERE evidence_id = $1", id)
    await work.sql.execute(
        "INSERT INTO lookalikes (evidence_id, other_id, distance) SELECT $1, t.id, t.distance"
        " FROM unnest($2::uuid[], $3::int[]) AS t(id, distance) WHERE NOT EXISTS (SELECT FROM lookalikes l"
        " WHERE l.evidence_id = t.id AND l.other_id = $1) ON CONFLICT DO NOTHING",
        id, [pair[0] for pair in pairs], [pair[1] for pair in pairs],
    )  # fmt: skip


def shown_flags(flags: list[str], *, looks_like: bool) -> list[FactFlag]:
    """The flags of a row with the one that depends on other rows, sorted by name."""
    return sorted({FactFlag(flag) for flag in flags} | ({FactFlag.LOOKS_LIKE} if looks_like else set()))


def is_stuck(piece: "asyncpg.Record") -> bool:
    """Whether a piece was tried so often that somebody must look."""
    return bool(piece["attempts"] >= STUCK_AFTER)
