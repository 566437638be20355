"""Tests of the sequencer: positions 0…n−1, once each, whatever is killed, late or twice."""

import asyncio
import random
import time
from uuid import uuid4

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ids import new_id
from storage.record.ledger import entries, sequencer
from storage.record.ledger.sequencer import BATCH, LogNotOpened, sequence
from storage.record.problems import TryAgain
from tests.conftest import ORIGIN
from tests.factories.ledger import NOW, append, count, killed_at, log_of, looking, naive_root, somebody

MOMENTS = {
    "the queue": "BEFORE DELETE ON unsequenced",
    "the positions": "BEFORE INSERT ON positions",
    "the tiles": "BEFORE INSERT OR UPDATE ON tiles",
    "the head": "BEFORE UPDATE ON tree_head",
    "the commit": "AFTER INSERT ON positions DEFERRABLE INITIALLY DEFERRED",
}


async def must_be_whole(database: DatabaseAddresses, expected: int) -> None:
    """Positions are 0…n−1, every entry has one, the queue is empty, and the root is that of RFC 6962."""
    positions, digests, size, root = await log_of(database.superuser)
    assert positions == list(range(expected))
    assert size == expected
    assert root == naive_root(digests)
    assert await count(database.superuser, "entries") == expected
    assert await count(database.superuser, "unsequenced") == 0


async def drain(workers: Database) -> None:
    while await sequence(workers):
        pass


async def test_an_empty_queue_is_left_alone_without_a_write(workers: Database, database: DatabaseAddresses) -> None:
    async with looking(database.superuser) as sql:
        before = await sql.fetchval("SELECT pg_current_wal_insert_lsn()")
        row = await sql.fetchrow("SELECT xmax, ctid FROM tree_head")
        assert await sequence(workers) == 0
        assert await sql.fetchrow("SELECT xmax, ctid FROM tree_head") == row
        assert before is not None


async def test_a_batch_takes_a_thousand_and_the_next_one_goes_on(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await append(record, BATCH + 5)
    assert [await sequence(workers) for _ in range(3)] == [BATCH, 5, 0]
    await must_be_whole(database, BATCH + 5)


async def test_false_rows_in_the_queue_neither_stop_the_log_nor_enter_it(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await append(record, 3)
    await drain(workers)
    await append(record, 2)
    async with looking(database.superuser) as sql:
        placed = await sql.fetchval("SELECT entry_id FROM positions LIMIT 1")
        queued = "INSERT INTO unsequenced (entry_id, digest) VALUES ($1, $2)"
        for entry in (placed, uuid4()):
            await sql.execute(queued, entry, bytes(32))
        await sql.execute("UPDATE unsequenced SET digest = $1", bytes(32))
    assert await sequence(workers) == 2
    await must_be_whole(database, 5)


async def test_an_entry_written_past_every_operation_is_queued_and_the_queue_is_written_by_nobody(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    for role in (database.api, database.worker):
        async with looking(role) as sql:
            await sql.execute("SELECT set_config('pithead.reach', 'all', false)")
            enter = "INSERT INTO entries (id, kind, digest, at) VALUES ($1, 'mine.changed', $2, now())"
            await sql.executemany(enter, [(uuid4(), bytes(32)), (new_id(to_ms(NOW)), bytes(32))])
            for act in ("INSERT INTO unsequenced (entry_id, digest) VALUES (gen_random_uuid(), '')",
                        "UPDATE unsequenced SET digest = ''"):  # fmt: skip
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await sql.execute(act)
    async with looking(database.api) as sql:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.execute("DELETE FROM unsequenced")
    assert await sequence(workers) == 4
    await must_be_whole(database, 4)


async def test_a_log_that_was_not_opened_takes_no_entry(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    async with looking(database.superuser) as sql:
        await sql.execute("DELETE FROM tree_head")
    await append(record, 1)
    with pytest.raises(LogNotOpened):
        await sequence(workers)
    assert (await sequencer.open_log(workers, origin=ORIGIN)).size == 0
    assert (await sequencer.open_log(workers, origin="another.example/log")).origin == ORIGIN
    await drain(workers)
    await must_be_whole(database, 1)


@pytest.mark.parametrize("size", [3, 300])
async def test_a_batch_killed_at_any_statement_leaves_nothing_and_is_taken_whole_later(
    record: Database, workers: Database, database: DatabaseAddresses, size: int
) -> None:
    await append(record, size)
    await sequence(workers)
    before = await log_of(database.superuser)
    await append(record, size)
    for name, moment in MOMENTS.items():
        async with killed_at(database.superuser, moment):
            with pytest.raises(TryAgain):
                await sequence(workers)
        assert await log_of(database.superuser) == before, name
        assert await count(database.superuser, "unsequenced") == size
    assert await sequence(workers) == size
    await must_be_whole(database, 2 * size)


async def write_slowly(record: Database, chance: random.Random, acts: int) -> int:
    """Acts that leave one to three entries and then take their time before they commit; every seventh gives up."""
    written, writer = 0, somebody()
    for number in range(acts):
        made = [
            entries.compose(
                kind="test.done", subject=uuid4(), at=NOW, actor_id=writer.account_id, device_id=None, data={}
            )
            for _ in range(chance.randint(1, 3))
        ]
        try:
            async with record.transaction(writer) as (_, sql):
                await entries.append(sql, made)
                await asyncio.sleep(chance.random() * 0.02)
                if number % 7 == 6:
                    raise KeyError
            written += len(made)
        except KeyError:
            pass
    return written


@pytest.mark.parametrize("seed", [1, 2])
async def test_eight_slow_writers_and_two_sequencers_skip_nothing_and_repeat_nothing(
    workers: Database, database: DatabaseAddresses, seed: int
) -> None:
    wide = Database(database.api, pool_size=8)
    writing = asyncio.gather(*(write_slowly(wide, random.Random(seed * 10 + number), 14) for number in range(8)))

    async def sequence_meanwhile() -> None:
        while not writing.done():
            await sequence(workers)
            await asyncio.sleep(0)

    _, _, written = await asyncio.gather(sequence_meanwhile(), sequence_meanwhile(), writing)
    await drain(workers)
    await must_be_whole(database, sum(written))
    await wide.close()


async def test_an_old_snapshot_neither_stops_the_queue_nor_leaves_it_swollen(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    async with looking(database.superuser) as old:
        await old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM unsequenced")
        took: list[float] = []
        for _ in range(10):
            await append(record, 1_000)
            begun = time.perf_counter()
            assert await sequence(workers) == 1_000
            took.append(time.perf_counter() - begun)
        # Dead rows cannot go while the snapshot stands; they may make a batch slower, not many times slower.
        assert min(took[-3:]) < 10 * sorted(took)[4]
        await old.execute("ROLLBACK")
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT size FROM tree_head") == 10_000
        await sql.execute("VACUUM unsequenced")
        assert await sql.fetchval("SELECT pg_relation_size('unsequenced')") <= 64 * 1024
