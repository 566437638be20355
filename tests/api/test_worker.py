"""Tests of what the ledger's worker does by the clock, beside the log."""

from datetime import UTC, datetime, timedelta

from api.embedded.postgres import DatabaseAddresses
from api.worker import LedgerWorker
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects
from tests.factories.ledger import looking


async def test_the_ledger_worker_forgets_once_an_hour_which_failed_sign_ins_limit_nobody_any_more(
    database: DatabaseAddresses, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    worker = LedgerWorker(workers, objects, keys, keep_for=timedelta(minutes=1), between_checkpoints=0)
    now = datetime.now(UTC)

    async def fail(key: bytes, at: datetime) -> None:
        await sql.execute("INSERT INTO attempts (key, failures, window_from) VALUES ($1, 1, $2)", key, at)

    async with looking(database.superuser) as sql:
        await fail(b"old", now - timedelta(minutes=16))
        await fail(b"new", now - timedelta(minutes=14))
        await worker.turn()
        assert await sql.fetchval("SELECT array_agg(key) FROM attempts") == [b"new"]
        await fail(b"old", now - timedelta(minutes=16))
        await worker.turn()
        assert await sql.fetchval("SELECT count(*) FROM attempts") == 2


async def test_a_log_without_an_entry_gives_the_ledger_worker_nothing_to_do_at_once(
    workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    worker = LedgerWorker(workers, objects, keys, keep_for=timedelta(minutes=1), between_checkpoints=0)
    assert [await worker.turn() for _ in range(2)] == [False, False]
