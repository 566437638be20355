"""Every select over the ledger that the public may ask for; nothing beyond the newest shown checkpoint is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.checkpoints import Shown
from storage.record.ledger.proofs import merkle
from storage.record.problems import BadInput, NotFound


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an entry stands in the log: its digest, its position, and the path to the checkpoint's root."""

    digest: bytes
    position: int
    proof: list[bytes]
    checkpoint: Shown


async def shown_checkpoint(sql: "asyncpg.Connection[Any]") -> Shown:
    """The newest shown checkpoint; NotFound while nothing has been shown."""
    shown = await checkpoints.newest_shown(sql)
    if shown is None:
        raise NotFound()
    return shown


async def inclusion_of(sql: "asyncpg.Connection[Any]", *, entry_id: UUID) -> Inclusion:
    """The proof for one entry against the newest shown checkpoint; its tiles are read in one statement, O(log n)."""
    shown = await shown_checkpoint(sql)
    row = await sql.fetchrow(
        "SELECT p.position, e.digest FROM positions p JOIN entries e ON e.id = p.entry_id"
        " WHERE p.entry_id = $1 AND p.log = $2 AND p.position < $3",
        entry_id, shown.log, shown.size,
    )  # fmt: skip
    if row is None:
        raise NotFound()
    keys = merkle.inclusion_tiles(row["position"], shown.size)
    tiles = await sequencer.load_tiles(sql, shown.log, keys)
    proof = merkle.inclusion_proof(row["position"], shown.size, tiles)
    return Inclusion(row["digest"], row["position"], proof, shown)


async def proofs_of(sql: "asyncpg.Connection[Any]", shown: Shown, positions: Sequence[int]) -> dict[int, list[bytes]]:
    """The paths of many positions to the root of one shown checkpoint; their tiles are read in one statement."""
    keys = {key for one in positions for key in merkle.inclusion_tiles(one, shown.size)}
    tiles = await sequencer.load_tiles(sql, shown.log, sorted(keys))
    return {one: merkle.inclusion_proof(one, shown.size, tiles) for one in positions}


async def consistency_between(sql: "asyncpg.Connection[Any]", *, old: int, new: int) -> list[bytes]:
    """The proof that the log of `new` entries begins with the log of `old` entries."""
    shown = await shown_checkpoint(sql)
    if not 0 < old <= new <= shown.size:
        raise BadInput(field="old", reason=f"0 < old <= new <= {shown.size}")
    tiles = await sequencer.load_tiles(sql, shown.log, merkle.consistency_tiles(old, new))
    return merkle.consistency_proof(old, new, tiles)


async def tile(sql: "asyncpg.Connection[Any]", *, level: int, index: int, width: int) -> bytes:
    """A tile of the shown tree, cut to the width that was asked for; NotFound beyond the checkpoint."""
    shown = await shown_checkpoint(sql)
    there = (shown.size >> merkle.HEIGHT * level) - index * merkle.WIDTH
    if not 1 <= width <= min(merkle.WIDTH, there):
        raise NotFound()
    tiles = await sequencer.load_tiles(sql, shown.log, [(level, index)])
    return tiles[level, index][: width * merkle.HASH_SIZE]


async def bundle(sql: "asyncpg.Connection[Any]", *, index: int, width: int) -> bytes:
    """The digests beside a tile of level 0 (C2SP tlog-tiles entry bundle); NotFound beyond the checkpoint."""
    shown = await shown_checkpoint(sql)
    if not 1 <= width <= min(merkle.WIDTH, shown.size - index * merkle.WIDTH):
        raise NotFound()
    first = index * merkle.WIDTH
    rows = await sql.fetch(
        "SELECT e.digest FROM positions p JOIN entries e ON e.id = p.entry_id"
        " WHERE p.log = $1 AND p.position >= $2 AND p.position < $3 ORDER BY p.position",
        shown.log, first, first + width,
    )  # fmt: skip
    return merkle.entry_bundle(row[0] for row in rows)
