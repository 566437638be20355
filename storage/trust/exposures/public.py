"""Every select of what the public sees of exposures, on a session of the role `pithead_public`."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.ledger.proofs import pictures as proofs


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an exposure that is shown: its digest, what proves it, where it lies; never its original."""

    sha256: bytes
    size: int
    proof: bytes = field(repr=False)
    hints: bytes = field(repr=False)
    object_name: str = field(repr=False)
    object_version: str = field(repr=False)


_PICTURE = """
SELECT sha256, size, proof, hints, object_name, object_version FROM public_pictures
WHERE disclosure_id = $1 AND ordinal = $2
"""
_EXPOSURES = """
SELECT id, seq, content FROM public_rows WHERE kind = 'EXPOSURE' AND ($2::bigint IS NULL OR seq < $2)
ORDER BY seq DESC LIMIT $1
"""


async def picture_of(sql: "asyncpg.Connection[Any]", id: UUID, ordinal: int) -> Picture | None:
    """A picture while its disclosure is shown; the database itself shows no other. One statement."""
    row = await sql.fetchrow(_PICTURE, id, ordinal)
    return Picture(*row) if row is not None else None


async def exposures(sql: "asyncpg.Connection[Any]", *, limit: int, before: int | None = None) -> "list[asyncpg.Record]":
    """A page of what is exposed, newest first, with the copies; one statement."""
    return await sql.fetch(_EXPOSURES, limit, before)


def bundle_of(picture: Picture, body: bytes, disclosure: bytes, ordinal: int) -> bytes:
    """The file that proves a picture to anybody offline."""
    values = [picture.proof[at : at + 32] for at in range(0, len(picture.proof), 32)]
    return proofs.bundle(disclosure=disclosure, ordinal=ordinal, picture=body, values=values, hints=picture.hints)
