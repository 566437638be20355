"""Every piece and what of it must lie in the store, in the order in which a store lists names."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence.sealing import STUCK_AFTER
from storage.field.evidence.tables import EvidenceState

_KEPT = (EvidenceState.RECEIVED, EvidenceState.SEALED, EvidenceState.QUARANTINED)
_ROWS = """
SELECT id, object_name, object_version, state FROM evidence ORDER BY object_name COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece by its object's name. `version` is None while nothing has been received."""

    id: UUID
    name: str
    version: str | None
    state: EvidenceState

    @property
    def is_kept(self) -> bool:
        """Whether the store must have this version."""
        return self.state in _KEPT


async def pieces_by_name(sql: "asyncpg.Connection[Any]", *, at_once: int = 1_000) -> AsyncIterator[Piece]:
    """Every piece, by name in the order of bytes; the server sorts, and few are held here at a time."""
    async for row in sql.cursor(_ROWS, prefetch=at_once):
        yield Piece(row["id"], row["object_name"], row["object_version"], EvidenceState(row["state"]))


async def states_of(sql: "asyncpg.Connection[Any]", ids: list[UUID]) -> dict[UUID, EvidenceState]:
    """How far these have come by now."""
    rows = await sql.fetch("SELECT id, state FROM evidence WHERE id = ANY ($1)", ids)
    return {row["id"]: EvidenceState(row["state"]) for row in rows}


async def stuck_pieces(sql: "asyncpg.Connection[Any]", *, limit: int) -> "list[asyncpg.Record]":
    """Pieces whose bytes came and that could not be sealed though it was tried often: id, attempts, received_at."""
    return await sql.fetch(
        "SELECT id, attempts, received_at FROM evidence WHERE state = 'RECEIVED' AND attempts >= $1"
        " ORDER BY received_at LIMIT $2",
        STUCK_AFTER, limit,
    )  # fmt: skip
