"""Opens the one pool of connections and puts each transaction under the sight of its actor."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy.exc
from sqlalchemy import Connection, PoolProxiedConnection, QueuePool
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.record.actor import Actor
from storage.record.problems import BadInput, Problem, TryAgain, problem_of_constraint
from storage.record.spans import UNMEASURED, Spans

# A row met by two acts, a wait that was too long, a server that went away: the caller may simply come again.
_PASSING = (
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.DeadlockDetectedError,
    asyncpg.exceptions.SerializationError,
    asyncpg.exceptions.QueryCanceledError,
    asyncpg.exceptions.CannotConnectNowError,
    asyncpg.exceptions.AdminShutdownError,
    asyncpg.exceptions.CrashShutdownError,
    asyncpg.exceptions.ConnectionDoesNotExistError,
    asyncpg.exceptions.TooManyConnectionsError,
    asyncpg.exceptions.DiskFullError,  # The act is undone whole; whoever runs the server is told by its log.
    asyncpg.exceptions.InternalClientError,  # What asyncpg says when the server takes its leave amid a call.
    sqlalchemy.exc.TimeoutError,
    ConnectionError,
    TimeoutError,
)

# PostgreSQL holds every character but U+0000, which JSON can write: whoever sends it is told so, wherever he did.
_NO_TEXT = (asyncpg.exceptions.CharacterNotInRepertoireError, asyncpg.exceptions.UntranslatableCharacterError)

# A page of a list is read along an index in its order (scopes.py). Where the planner believes that few rows match, it
# would rather gather them all by bitmap and sort; where it is wrong (one division, all old), that is thousands.
_BEGIN_READING = "BEGIN READ ONLY; SET LOCAL enable_bitmapscan = off; "


@dataclass(frozen=True, slots=True)
class PoolUse:
    """Connections in use, and the most there may be."""

    busy: int
    size: int


class Database:
    """A pool on one role. `url` is plain `postgresql://…`; the driver is always asyncpg.

    `gathers`: what is read may be gathered by bitmap, as an index of words is read; lists are not (see above).
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        pool_timeout: float = 5,
        spans: Spans = UNMEASURED,
        gathers: bool = False,
    ) -> None:
        self.spans = spans
        self.begin_reading = "BEGIN READ ONLY; " if gathers else _BEGIN_READING
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://" + url.split("://", 1)[1],
            # BEGIN and COMMIT are ours alone, so that they carry the actor's sight and nobody else commits.
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_pre_ping=False,
            # Each transaction ends itself, or its connection is thrown away: there is nothing left to roll back.
            pool_reset_on_return=None,
            hide_parameters=True,  # Else an error quotes the values of its statement, and a log keeps them.
            connect_args={"server_settings": {"application_name": "pithead"}, "timeout": 5},
        )

    async def close(self) -> None:
        await self.engine.dispose()

    def pool_use(self) -> "PoolUse":
        """How many connections are lent out, of how many."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)  # noqa: S101 # It is made above, and no other has a size.
        return PoolUse(busy=pool.checkedout(), size=pool.size())

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[AsyncConnection, "asyncpg.Connection[Any]"]]:
        """A connection of the pool, outside any transaction, as SQLAlchemy's and as asyncpg's.

        It is taken from the pool and given back without SQLAlchemy's own context manager, which costs three times as
        much: a task of its own for each return, so that a cancellation cannot stop it. Here nothing is awaited on
        the way back, so nothing can.
        """
        lent = await self.engine.raw_connection()
        try:
            if _driver(lent).is_closed():
                # The server was restarted while it lay in the pool; nothing was asked yet, so nobody need notice.
                lent.invalidate()
                lent = await self.engine.raw_connection()
            raw = _driver(lent)
            yield AsyncConnection(self.engine, Connection(self.engine.sync_engine, connection=lent)), raw
        finally:
            lent.close()

    @asynccontextmanager
    async def transaction(
        self, actor: Actor, *, read_only: bool = False
    ) -> AsyncIterator[tuple[AsyncConnection, "asyncpg.Connection[Any]"]]:
        """One transaction in which the row policies know the actor. Commits at the end, rolls back on any exception."""
        async with told_as_problems(), self.connection() as (connection, raw):
            begin = (self.begin_reading if read_only else "BEGIN; ") + sight_of(actor)
            try:
                await raw.execute(begin)  # Within the try: cut off here, the server may have begun all the same.
                yield connection, raw
                await raw.execute("COMMIT")
            except BaseException:
                await roll_back(connection, raw)
                raise

    @asynccontextmanager
    async def reading(self, actor: Actor) -> AsyncIterator["asyncpg.Connection[Any]"]:
        """One read session: what this actor may see, and nothing written."""
        with self.spans.within("sql", "read"):
            async with self.transaction(actor, read_only=True) as (_, raw):
                yield raw


def _driver(lent: PoolProxiedConnection) -> "asyncpg.Connection[Any]":
    """asyncpg's own connection, below the pool's and the adapter's wrappers."""
    return lent.driver_connection  # type: ignore[return-value] # SQLAlchemy types the driver's own as Any | None.


async def roll_back(connection: AsyncConnection, raw: "asyncpg.Connection[Any]") -> None:
    """Ends a failed transaction; a connection that cannot even do that is thrown away, never returned to the pool."""
    try:
        await raw.execute("ROLLBACK")
    except BaseException as failure:
        raw.terminate()  # At once: a task that is cancelled twice must not wait for a server that does not answer.
        await connection.invalidate()
        if not isinstance(failure, Exception):
            raise


def sight_of(actor: Actor) -> str:
    """The statement that tells the row policies who acts, for this transaction only (`set_config(…, true)`).

    The values are ids, division and office codes: they are checked to hold nothing but letters, digits, `-` and `_`
    (a receipt's locator, which may be words, stands in hexadecimal), so that they may stand in the text and travel in
    one round trip with BEGIN.
    """
    reach = "door" if actor.door else "receipt" if actor.receipt else "all" if actor.reach.everything else "some"
    settings = {
        "pithead.actor": str(actor.account_id),
        "pithead.reach": reach,
        "pithead.counties": _joined(actor.reach.counties),
        "pithead.offices": _joined(actor.reach.offices),
        "pithead.mines": _joined(actor.reach.mines),
        "pithead.place": actor.place.encode().hex(),
    }
    return "SELECT " + ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())


def _joined(values: frozenset[str] | frozenset[UUID]) -> str:
    texts = sorted(str(value) for value in values)
    for text in texts:
        if not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in text):
            raise ValueError(f"a reach may not hold {text!r}")
    return ",".join(texts)


@asynccontextmanager
async def told_as_problems() -> AsyncIterator[None]:
    """Turns what the database refuses into the Problem that it means; what means none stays a fault of ours."""
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        cause = _driver_error(error)
        problem = problem_of_constraint(getattr(cause, "constraint_name", None))
        if problem is not None:
            raise problem() from error
        if isinstance(cause, _NO_TEXT):
            raise BadInput(field="input", reason="no U+0000 in a text") from error
        if is_passing(error):
            raise TryAgain() from error
        raise


def is_passing(error: BaseException) -> bool:
    """Whether the same act may do well a moment later: it is no fault of what it was about."""
    cause = _driver_error(error)
    return isinstance(cause, (*_PASSING, TryAgain)) or _is_closed(cause)


def _is_closed(cause: BaseException) -> bool:
    """asyncpg has one exception for a connection that is closed and for one that is used wrongly: our own fault."""
    return isinstance(cause, asyncpg.exceptions.InterfaceError) and "closed" in str(cause)


def _driver_error(error: BaseException) -> BaseException:
    """asyncpg's own exception, from below SQLAlchemy's two wrappers."""
    original = getattr(error, "orig", None)
    if original is None:
        return error
    cause: BaseException = original.__cause__ or original
    return cause
