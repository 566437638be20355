"""Gives entries their positions: one batch, one transaction, and none is ever skipped."""

import logging
from dataclasses import dataclass
from typing import Any

import asyncpg

from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger.proofs import merkle

BATCH = 1_000
CHANNEL = "pithead_ledger"
_log = logging.getLogger(__name__)

# The digest is the entry's own and not the queue's, and what is no entry, or has its position, is passed over: one
# false row, whoever could write it, would else stop the log for ever or take a position.
_TAKE = """
WITH gone AS (
  DELETE FROM unsequenced WHERE entry_id IN (SELECT entry_id FROM unsequenced ORDER BY entry_id LIMIT $1)
  RETURNING entry_id
)
SELECT g.entry_id, e.digest, EXISTS (SELECT FROM positions p WHERE p.entry_id = g.entry_id) AS placed
FROM gone g LEFT JOIN entries e ON e.id = g.entry_id ORDER BY g.entry_id
"""


class LogNotOpened(RuntimeError):
    """The database was migrated and no log begun yet: `open_log` comes first."""


@dataclass(frozen=True, slots=True)
class Head:
    """The tree as it stands: which log, under which origin, how large, and its root."""

    log: int
    origin: str
    size: int
    root: bytes


async def open_log(database: Database, *, origin: str) -> Head:
    """Begins the first log if there is none. `origin` names it to everyone for ever (C2SP checkpoint)."""
    async with database.transaction(keeper()) as (_, sql):
        await sql.execute(
            "INSERT INTO tree_head (log, origin, size, root) VALUES (0, $1, 0, $2) ON CONFLICT DO NOTHING",
            origin, merkle.EMPTY_ROOT,
        )  # fmt: skip
        return await head(sql)


async def head(sql: "asyncpg.Connection[Any]") -> Head:
    """The newest log's head."""
    row = await sql.fetchrow("SELECT log, origin, size, root FROM tree_head ORDER BY log DESC LIMIT 1")
    if row is None:
        raise LogNotOpened()
    return Head(*row)


async def sequence(database: Database) -> int:
    """Integrates one batch and says how many entries it held; 0 when the queue was empty.

    Any worker may run it and two cannot at once: the second waits for the locked head. An entry whose act has not
    committed yet is not seen and comes in a later batch; one that is seen is taken in this transaction or not at all.
    """
    async with database.transaction(keeper()) as (_, sql):
        # Locking the head writes; an idle worker that looks twenty times a second should not.
        if not await sql.fetchval("SELECT EXISTS (SELECT FROM unsequenced)"):
            return 0
        row = await sql.fetchrow("SELECT log, size FROM tree_head ORDER BY log DESC LIMIT 1 FOR UPDATE")
        if row is None:
            raise LogNotOpened()
        log, size = row
        queued = await sql.fetch(_TAKE, BATCH)
        taken = [row for row in queued if row["digest"] is not None and not row["placed"]]
        if len(taken) < len(queued):
            _log.error(
                "%d rows of the queue name no entry that waits: somebody else wrote them", len(queued) - len(taken)
            )
        if not taken:
            return 0
        tiles = await load_tiles(sql, log, merkle.edge_tiles(size))
        grown = merkle.extend(size, [merkle.leaf_hash(entry[1]) for entry in taken], tiles)
        await sql.execute(
            "INSERT INTO positions (log, position, entry_id)"
            " SELECT $1, $2 + n - 1, entry_id FROM unnest($3::uuid[]) WITH ORDINALITY AS t(entry_id, n)",
            log, size, [entry[0] for entry in taken],
        )  # fmt: skip
        await _keep_tiles(sql, log, grown.changed_tiles)
        await sql.execute("UPDATE tree_head SET size = $2, root = $3 WHERE log = $1", log, grown.size, grown.root)
        # Once a batch, never in an act: NOTIFY takes a lock of the whole database at commit.
        await sql.execute(f"NOTIFY {CHANNEL}")
        return len(taken)


async def load_tiles(
    sql: "asyncpg.Connection[Any]", log: int, keys: list[merkle.TileKey]
) -> dict[merkle.TileKey, bytes]:
    """The tiles of these (level, index), in one statement."""
    if not keys:
        return {}
    rows = await sql.fetch(
        "SELECT t.level, t.index, t.hashes FROM unnest($2::smallint[], $3::bigint[]) AS k(level, index)"
        " JOIN tiles t ON t.log = $1 AND t.level = k.level AND t.index = k.index",
        log, [level for level, _ in keys], [index for _, index in keys],
    )  # fmt: skip
    return {(level, index): hashes for level, index, hashes in rows}


async def _keep_tiles(sql: "asyncpg.Connection[Any]", log: int, changed: dict[merkle.TileKey, bytes]) -> None:
    await sql.execute(
        "INSERT INTO tiles (log, level, index, hashes)"
        " SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])"
        " ON CONFLICT (log, level, index) DO UPDATE SET hashes = excluded.hashes",
        log, [level for level, _ in changed], [index for _, index in changed], list(changed.values()),
    )  # fmt: skip
