"""The unit of work: one act, one transaction, its entries, and the memory of acts that came before."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.record.actor import Actor
from storage.record.clock import whole_ms
from storage.record.database import Database
from storage.record.ledger import entries
from storage.record.problems import OperationIdReused

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Work:
    """What an operation holds while it acts. Nobody commits but `perform`."""

    actor: Actor
    now: datetime
    sql: "asyncpg.Connection[Any]"
    connection: AsyncConnection
    operation_id: UUID | None = None
    pending: list[entries.Entry] = field(default_factory=list)
    dated: bool = False
    """Whether its entries hide when they really were: the database's clock is told `now`, too."""
    _rows: AsyncSession | None = None

    @property
    def rows(self) -> AsyncSession:
        """SQLModel rows of this transaction, for acts that are rare; frequent ones use `sql`."""
        if self._rows is None:
            self._rows = AsyncSession(bind=self.connection, expire_on_commit=False, autoflush=False)
        return self._rows

    def record(
        self,
        kind: str,
        subject: UUID,
        *,
        data: dict[str, Any] | None = None,
        county: str | None = None,
        office: str | None = None,
        mine_id: UUID | None = None,
        entry_id: UUID | None = None,
        public: bool = False,
    ) -> UUID:
        """Leaves the trace: an entry of this kind, stored with the act or not at all. Returns the entry's id.

        One that anybody may read whole (`public`) does not say from which device.
        """
        entry = entries.compose(
            kind=kind, subject=subject, at=self.now, actor_id=self.actor.account_id,
            device_id=None if public else self.actor.device_id,
            data=data or {}, county=county, office=office, mine_id=mine_id, entry_id=entry_id,
        )  # fmt: skip
        self.pending.append(entry)
        return entry.id

    async def settle(self) -> None:
        """Writes the rows and the trace, in that order, before the commit."""
        if self._rows is not None:
            await self._rows.flush()
        if self.pending:
            await entries.append(self.sql, self.pending, dated=self.dated)
        if self.operation_id is not None and self.pending:
            await self.sql.execute(
                "UPDATE acts SET subject = $3 WHERE actor_id = $1 AND operation_id = $2",
                self.actor.account_id, self.operation_id, self.pending[0].subject,
            )  # fmt: skip


def input_digest(*parts: Any) -> bytes:
    """SHA-256 over what was asked, to tell a replay from another act under the same operation id.

    The same in every process: sets and mappings are told in sorted order, and what cannot be told is a TypeError.
    A field of a dataclass that does not show itself (`repr=False`) is a secret, salted anew each time: it is left out.
    """
    return hashlib.sha256(_told(parts).encode()).digest()


def _told(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        value = {"": type(value).__name__} | {one.name: getattr(value, one.name) for one in fields(value) if one.repr}
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{_told(name)}:{_told(item)}" for name, item in value.items())) + "}"
    if isinstance(value, (set, frozenset)):
        return "<" + ",".join(sorted(map(_told, value))) + ">"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_told, value)) + "]"
    if isinstance(value, Enum):
        return repr(value.value)
    if value is None or isinstance(value, (str, bytes, int, float, UUID, date, timedelta)):
        return repr(value)
    raise TypeError(f"{type(value).__name__} cannot be told from another of its kind: pass it as something plain")


async def perform(
    database: Database,
    actor: Actor,
    now: datetime,
    operation: Callable[Concatenate[Work, P], Awaitable[R]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Runs one operation as one transaction: all of it with its trace, or nothing."""
    with database.spans.within("act", operation.__name__):
        async with database.transaction(actor) as (connection, raw):
            work = Work(actor=actor, now=whole_ms(now), sql=raw, connection=connection)
            outcome = await operation(work, *args, **kwargs)
            await work.settle()
            return outcome


async def perform_once(
    database: Database,
    actor: Actor,
    now: datetime,
    operation_id: UUID,
    again: Callable[[Work, UUID], Awaitable[R]],
    operation: Callable[Concatenate[Work, P], Awaitable[R]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """The same, once per (actor, operation id).

    A twin waits for the first and then re-reads its subject by `again` under today's rights. The same id with other
    input is OperationIdReused. A Problem stores nothing, not even the id: the act may be tried again.
    """
    digest = input_digest(operation.__name__, args, sorted(kwargs.items()))
    with database.spans.within("act", operation.__name__):
        async with database.transaction(actor) as (connection, raw):
            work = Work(actor=actor, now=whole_ms(now), sql=raw, connection=connection, operation_id=operation_id)
            known = await _known_act(work, digest)
            if known is not None:
                if known["input_digest"] != digest:
                    raise OperationIdReused()
                if known["subject"] is not None:
                    return await again(work, known["subject"])
                # The act that came before left no trace, since all was so already: it is asked again.
            outcome = await operation(work, *args, **kwargs)
            await work.settle()
            return outcome


async def _known_act(work: Work, digest: bytes) -> "asyncpg.Record | None":
    """Inserts the act first, so that a twin waits here; answers with the earlier act if there is one."""
    key = (work.actor.account_id, work.operation_id)
    inserted = await work.sql.fetchval(
        "INSERT INTO acts (actor_id, operation_id, input_digest, at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING true",
        *key, digest, work.now,
    )  # fmt: skip
    if inserted:
        return None
    return await work.sql.fetchrow(
        "SELECT input_digest, subject FROM acts WHERE actor_id = $1 AND operation_id = $2", *key
    )
