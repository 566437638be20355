"""The ledger: how fast the sequencer integrates a queue, and what a proof costs as the log grows.

The sequencer is measured alone, as the worker runs it: one batch after the other until the queue is empty. A proof is
what a receipt and the public pages need: the tiles of one position in one statement, then the audit path. Its two
sides are trees of different size, read through the same role and pool, at random positions.
"""

import os
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from storage.record import ids
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.ledger.proofs import merkle
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter

SEQUENCER = "sequencer"
PROOF = "proof, 10^6 : 10^4 entries"
PROOF_ROWS = "rows read for a proof at 10^6 entries"
ROUNDS = 7
QUEUE = 100_000
SIZES = (10_000, 100_000, 1_000_000)
PROOFS = 300
_AT_ONCE = 50_000


async def seed_queue(sql: "asyncpg.Connection[Any]") -> None:
    """An open log, and entries that wait for their positions, queued by the table of entries itself."""
    now = datetime.now(UTC)
    made = [(ids.new_id(to_ms(now) + number // 100), sha256(str(number).encode()).digest()) for number in range(QUEUE)]
    await sql.copy_records_to_table(
        "entries", columns=["id", "kind", "digest", "at"],
        records=[(id, "evidence.declared", digest, now) for id, digest in made],
    )  # fmt: skip
    await _open_log(sql, 0, size=0, root=merkle.EMPTY_ROOT)


async def seed_trees(sql: "asyncpg.Connection[Any]") -> None:
    """A log for each size, grown by the pure tree: tiles and head as the sequencer would have left them."""
    for log, size in enumerate(SIZES):
        tiles: dict[merkle.TileKey, bytes] = {}
        root = merkle.EMPTY_ROOT
        for start in range(0, size, _AT_ONCE):
            count = min(_AT_ONCE, size - start)
            leaves = (merkle.leaf_hash(sha256(str(start + number).encode()).digest()) for number in range(count))
            edge = {key: tiles[key] for key in merkle.edge_tiles(start)}
            _, root, changed = merkle.extend(start, leaves, edge)
            tiles |= changed
        await sql.copy_records_to_table(
            "tiles", columns=["log", "level", "index", "hashes"],
            records=[(log, level, index, hashes) for (level, index), hashes in tiles.items()],
        )  # fmt: skip
        await _open_log(sql, log, size=size, root=root)


async def measure_sequencer(ground: Ground) -> list[Figure]:
    """The whole queue, each round on a fresh copy."""
    seeded = await ground.seeded("queue", seed_queue)
    meter, rounds = Meter(os.getpid(), ground.pid), []
    for _ in range(ROUNDS):
        async with ground.clone(seeded) as addresses:
            database = Database(addresses.worker, pool_size=1)
            try:
                with meter:
                    rounds.append(await _drain(database))
            finally:
                await database.close()
    side = Side("sequencer", "entries/s", tuple(rounds), meter)
    return [Figure(SEQUENCER, tuple(rounds), (side,), (f"a queue of {QUEUE:,} in batches of {sequencer.BATCH:,}",))]


async def measure_proofs(ground: Ground) -> list[Figure]:
    """Proofs at each size in turn; the time of one, and how many rows it read."""
    addresses = await ground.seeded("trees", seed_trees)
    database = Database(addresses.api, pool_size=1)
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    positions = random.Random(1)
    try:
        with Meter(os.getpid(), ground.pid) as meter:
            for number in range(ROUNDS + 1):
                asked = [tuple(positions.randrange(size) for size in SIZES) for _ in range(PROOFS)]
                took = await _prove(database, asked)
                if number:  # The first round warms caches and is not counted.
                    for size, seconds in zip(SIZES, took, strict=True):
                        times[size].append(seconds)
    finally:
        await database.close()
    sides = [Side(f"{size:,} entries", "µs a proof", tuple(t * 1e6 for t in times[size])) for size in SIZES]
    remark = f"CPU of all sizes: {meter}"
    read = {size: [len(merkle.inclusion_tiles(at, size)) for at in range(0, size, size // 1_000)] for size in SIZES}
    rows = "; ".join(f"{size:,}: {sum(counts) / len(counts):.1f} rows, most {max(counts)}"
                     for size, counts in read.items())  # fmt: skip
    return [
        Figure(PROOF, ratios(times[SIZES[-1]], times[SIZES[0]]), tuple(sides), (remark,)),
        Figure(PROOF_ROWS, (float(max(read[SIZES[-1]])),), (), (rows,)),
    ]


async def _drain(database: Database) -> float:
    """Entries a second until the queue is empty."""
    begun, taken = time.perf_counter(), 0
    while count := await sequencer.sequence(database):
        taken += count
    assert taken == QUEUE, taken
    return taken / (time.perf_counter() - begun)


async def _prove(database: Database, asked: Sequence[tuple[int, ...]]) -> list[float]:
    """Seconds that one proof takes at each size, as medians: its rows in one statement, and the path made from them."""
    grants = (Grant(Role.AUDITOR, Reach(everything=True)),)
    reader = Actor(account_id=UUID(int=7), session_id=None, device_id=None, grants=grants, reach=reach_of(grants))
    took: list[list[float]] = [[] for _ in SIZES]
    async with database.reading(reader) as sql:
        roots = [await sql.fetchval("SELECT root FROM tree_head WHERE log = $1", log) for log in range(len(SIZES))]
        for positions in asked:
            # One of each size in turn, so that what slows the machine down meets all of them.
            for log, (size, position) in enumerate(zip(SIZES, positions, strict=True)):
                begun = time.perf_counter()
                tiles = await sequencer.load_tiles(sql, log, merkle.inclusion_tiles(position, size))
                path = merkle.inclusion_proof(position, size, tiles)
                took[log].append(time.perf_counter() - begun)
                leaf = merkle.leaf_hash(sha256(str(position).encode()).digest())
                assert merkle.verify_inclusion(leaf, position, size, path, roots[log]), "the proof proves nothing"
    return [median(each) for each in took]


async def _open_log(sql: "asyncpg.Connection[Any]", log: int, *, size: int, root: bytes) -> None:
    await sql.execute(
        "INSERT INTO tree_head (log, origin, size, root) VALUES ($1, $2, $3, $4)", log, f"bench/{log}", size, root
    )
