"""Every select over facts; takes the actor's session, returns what it may see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.facts import likeness
from storage.record.work import Work

MOST_ALIKE = 20
"""Likenesses kept for one piece, nearest first: a picture of a wall resembles every wall."""
UNDESCRIBED = "SELECT retry_at FROM facts WHERE retry_at IS NOT NULL LIMIT $1"
"""Since when pieces wait to be described."""

_FACTS = """
SELECT f.evidence_id, f.maker, f.described_at, f.flags, f.not_read, f.width, f.height, f.orientation, f.camera,
  f.exif_time, f.exif_offset, f.taken_at, f.gps_time, f.latitude, f.longitude, f.length_ms, f.digest,
  p.width AS preview_width, p.height AS preview_height,
  EXISTS (SELECT FROM lookalikes l WHERE l.evidence_id = f.evidence_id OR l.other_id = f.evidence_id) AS looks_like
FROM facts f LEFT JOIN previews p ON p.evidence_id = f.evidence_id
WHERE f.evidence_id = ANY ($1) AND f.described_at IS NOT NULL
"""

# A row of `lookalikes` is seen by whoever sees one of its two pieces; the other is named only to those who see it too.
_ALIKE = """
SELECT a.evidence_id, a.other_id, a.distance FROM (
  SELECT evidence_id, other_id, distance FROM lookalikes WHERE evidence_id = ANY ($1)
  UNION ALL
  SELECT other_id, evidence_id, distance FROM lookalikes WHERE other_id = ANY ($1)
) a JOIN evidence asked ON asked.id = a.evidence_id JOIN evidence other ON other.id = a.other_id
ORDER BY a.evidence_id, a.distance, a.other_id
"""

# Two ways to be alike, each along its own indexes: the same bytes, or hashes that share a band within one bit.
_SAME = """
SELECT evidence_id, 0 AS distance FROM facts WHERE sha256 = $1 AND described_at IS NOT NULL AND evidence_id <> $2
UNION
SELECT evidence_id, distance FROM (
  SELECT evidence_id, bit_count((likeness # $3)::bit(64)) AS distance FROM facts
  WHERE (band_0 = ANY ($4) OR band_1 = ANY ($5) OR band_2 = ANY ($6) OR band_3 = ANY ($7))
    AND described_at IS NOT NULL AND evidence_id <> $2
) near WHERE distance <= $8
ORDER BY distance, evidence_id LIMIT $9
"""


async def facts_of(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The facts of visible pieces, as far as they have been described."""
    return await sql.fetch(_FACTS, ids)


async def lookalikes_of(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Visible pieces that look like these, nearest first: evidence_id, other_id, distance."""
    return await sql.fetch(_ALIKE, ids)


async def preview_of(sql: "asyncpg.Connection[Any]", *, evidence_id: UUID) -> "asyncpg.Record | None":
    """Where the preview of a visible piece lies, if there is one: object name, version and media type."""
    return await sql.fetchrow(
        "SELECT object_name, object_version, media_type FROM previews WHERE evidence_id = $1", evidence_id
    )


async def alike(work: Work, *, evidence_id: UUID, sha256: bytes, hash: int | None) -> list[tuple[UUID, int]]:
    """Described pieces of the whole system that show the same as this one, with their distance in bits."""
    rows = await work.sql.fetch(
        _SAME, sha256, evidence_id, likeness.signed(hash or 0), *likeness.probes(hash), likeness.NEAR, MOST_ALIKE
    )
    nearest = {row["evidence_id"]: row["distance"] for row in reversed(rows)}
    return sorted(nearest.items(), key=lambda one: (one[1], one[0]))
