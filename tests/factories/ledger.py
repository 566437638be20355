"""Makes entries for tests, and looks at a database past every policy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.ledger.proofs import merkle
from storage.record.work import Work, perform

NOW = datetime(2026, 12, 1, 4, tzinfo=UTC)


def somebody() -> Actor:
    """An actor with no role at all."""
    return Actor(uuid4(), None, None, ())


async def leave_entries(work: Work, *, count: int = 1, subject: UUID | None = None) -> UUID:
    """An operation that does nothing but leave its trace; gives the subject."""
    subject = subject or uuid4()
    for number in range(count):
        work.record("test.done", subject, data={"number": number})
    return subject


async def append(database: Database, count: int, *, each: int = 1000) -> None:
    """So many entries, in acts of at most `each`."""
    for start in range(0, count, each):
        await perform(database, somebody(), NOW, leave_entries, count=min(each, count - start))


_KILL = """
CREATE OR REPLACE FUNCTION kill() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.01); RETURN NULL; END $$
"""


@asynccontextmanager
async def killed_at(superuser: str, moment: str) -> AsyncIterator[None]:
    """Within it, whoever comes to this statement ("BEFORE INSERT ON table") loses its server process at once."""
    kind = "CONSTRAINT TRIGGER" if "DEFERRED" in moment else "TRIGGER"
    table = moment.split(" ON ")[1].split()[0]
    async with looking(superuser) as sql:
        await sql.execute(f"{_KILL}; CREATE {kind} kill {moment} FOR EACH ROW EXECUTE FUNCTION kill()")
        try:
            yield
        finally:
            await sql.execute(f"DROP TRIGGER kill ON {table}")


@asynccontextmanager
async def looking(url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A plain connection of this role."""
    sql = await asyncpg.connect(url)
    try:
        yield sql
    finally:
        await sql.close()


async def count(url: str, table: str) -> int:
    """How many rows a table has for this role."""
    async with looking(url) as sql:
        return int(await sql.fetchval(f"SELECT count(*) FROM {table}"))


async def log_of(url: str) -> tuple[list[int], list[bytes], int, bytes]:
    """Positions and digests in their order, and the head's size and root."""
    async with looking(url) as sql:
        rows = await sql.fetch(
            "SELECT p.position, e.digest FROM positions p JOIN entries e ON e.id = p.entry_id ORDER BY p.position"
        )
        size, root = await sql.fetchrow("SELECT size, root FROM tree_head")
    return [row[0] for row in rows], [row[1] for row in rows], size, root


def naive_root(digests: list[bytes]) -> bytes:
    """RFC 6962 §2.1, as it is written there."""
    if not digests:
        return merkle.EMPTY_ROOT
    if len(digests) == 1:
        return merkle.leaf_hash(digests[0])
    split = 1 << (len(digests) - 1).bit_length() - 1
    return merkle.node_hash(naive_root(digests[:split]), naive_root(digests[split:]))


@asynccontextmanager
async def statements_of(database: Database) -> AsyncIterator[list[str]]:
    """The SQL statements that a pool of one connection runs meanwhile, BEGIN and COMMIT among them."""
    texts: list[str] = []

    def note(query: Any) -> None:
        texts.append(query.query)

    async with database.connection() as (_, raw):
        raw.add_query_logger(note)
    try:
        yield texts
    finally:
        await asyncio.sleep(0)  # The driver tells of a statement in the turn of the loop after it.
        async with database.connection() as (_, raw):
            raw.remove_query_logger(note)
