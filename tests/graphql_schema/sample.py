"""What may live here: a small area over rows in memory, written as every area is, for the tests of the base."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, open_to_all, signed_in
from graphql_schema.area import Area, mutation, query, subscription
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node
from graphql_schema.scalars import Base64, Bytes, Money, Position, Sha256
from graphql_schema.schema import AREAS, build
from storage.record.actor import Actor, Grant, Reach, Role, Verb
from storage.record.problems import BadInput, NotFound, NotSignedIn

VERB = Verb.INSPECTION_OPEN
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def someone(*roles: Role) -> Actor:
    """Return a signed-in actor with these roles."""
    grants = tuple(Grant(role, Reach(everything=True)) for role in roles)
    return Actor(account_id=uuid.uuid4(), session_id=uuid.uuid4(), device_id=None, grants=grants)


@dataclass(frozen=True)
class Row:
    """A row of the sample list."""

    id: UUID
    at: datetime
    owner_id: UUID
    size: int


@dataclass
class Shelf:
    """Stands where the database does: rows, and what was asked of them."""

    rows: list[Row] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def visible(self, page: pages.Page) -> list[Row]:
        """Return the newest rows next to a key, as a keyset query does."""
        self.asked.append("list")
        ordered = sorted(self.rows, key=lambda row: (row.at, row.id), reverse=not page.backwards)
        if page.key is not None:
            place = page.key
            ordered = [row for row in ordered if ((row.at, row.id) > place) == page.backwards and row.id != place[1]]
        return ordered[: page.limit]

    def by_ids(self, ids: list[UUID]) -> list[Row]:
        """Return the rows of these ids."""
        self.asked.append("by ids")
        return [row for row in self.rows if row.id in ids]


def shelf(count: int) -> Shelf:
    """Return a shelf with `count` rows, two of which share each time."""
    owner = uuid.uuid4()
    made = [Row(uuid.uuid4(), NOON + timedelta(milliseconds=n // 2), owner, 2**40 + n) for n in range(count)]
    return Shelf(made)


def context(actor: Actor | None = None, *, database: Shelf | None = None, language: str = "zh") -> Context:
    """Return the context of one request at noon."""
    return Context(actor, database or shelf(0), lambda: NOON, language="en" if language == "en" else "zh")


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[Row]:
    return context.database.by_ids(ids)


row_by_id = loaders.one(_by_ids, key=lambda row: row.id)


@strawberry.type(description="A thing on the shelf.")
class Piece(Node):
    """A thing on the shelf."""

    size: Bytes = strawberry.field(description="How large it is.")
    row_id: strawberry.Private[UUID]

    @strawberry.field(description="The same thing, asked for again by its id.")
    async def again(self, info: Info) -> "Piece | None":
        row = await row_by_id(info.context, self.row_id)
        return Piece.of(row) if row else None

    @classmethod
    def of(cls, row: Row) -> "Piece":
        """Tell a row."""
        return cls(id=pages.global_id("Piece", row.id), size=Bytes(row.size), row_id=row.id)


async def piece(context: Context, id: UUID) -> Piece | None:
    """Fetch the node of a UUID."""
    row = await row_by_id(context, id)
    return Piece.of(row) if row else None


@strawberry.input(description="What to put on the shelf.")
class PutPieceInput:
    """What to put on the shelf."""

    sizes: list[Bytes] = strawberry.field(description="How large each is.")
    digest: Sha256 | None = strawberry.field(default=None, description="A digest.")
    data: Base64 | None = strawberry.field(default=None, description="Bytes.")
    price: Money | None = strawberry.field(default=None, description="An amount.")
    position: Position | None = strawberry.field(default=None, description="A position.")
    at: datetime | None = strawberry.field(default=None, description="A time.")
    fail: str | None = strawberry.field(default=None, description="What shall go wrong.")


@strawberry.type(description="What came of it.")
class PutPiecePayload:
    """What came of it."""

    piece: Piece | None = strawberry.field(default=None, description="What was put there.")
    problem: Problem | None = problem_field()


@strawberry.type
class SampleQuery:
    """Fields that read."""

    @query(access=signed_in, description="The pieces, newest first.")
    async def pieces(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Piece] | None:
        page = pages.page(first, after, last, before)
        rows = info.context.database.visible(page)
        return pages.connection(rows, page, node=Piece.of)

    @query(access=needs(VERB), description="Only for whoever holds the verb.")
    async def secret(self, info: Info) -> str | None:
        info.context.database.asked.append("secret")
        return "kept"

    @query(access=open_to_all, description="Fails in a way that is chosen.")
    async def failing(
        self, info: Info, how: Annotated[str, strawberry.argument(description="Which way.")] = "crash"
    ) -> int | None:
        if how == "problem":
            raise NotFound(kind="piece")
        if how == "signed out":
            raise NotSignedIn
        if how == "slow":
            await asyncio.sleep(30)
        if how == "large":
            return 2**40
        raise RuntimeError("postgresql://owner:hunter2@10.0.0.1/record")


@strawberry.type
class SampleMutation:
    """Fields that act."""

    @mutation(access=needs(VERB), description="Put a piece on the shelf.")
    async def put_piece(
        self, info: Info, input: Annotated[PutPieceInput, strawberry.argument(description="What to put there.")]
    ) -> PutPiecePayload | None:
        info.context.database.asked.append("put")
        if input.fail == "problem" or not input.sizes:
            raise BadInput(field="sizes", reason="none")
        if input.fail == "crash":
            raise RuntimeError("password=hunter2")
        row = Row(uuid.uuid4(), NOON, info.context.signed_in().account_id, input.sizes[0])
        info.context.database.rows.append(row)
        return PutPiecePayload(piece=Piece.of(row))


@strawberry.type(description="A number that was counted.")
class Counted:
    """A number that was counted; one that is shared was made for all who count to the same."""

    id: strawberry.ID = strawberry.field(description="Which.")
    frames: strawberry.Private[dict[object, bytes] | None] = None
    cursor: strawberry.Private[str]

    @strawberry.field(description="The number; each time that it is executed is noted.")
    def number(self, info: Info) -> int:
        info.context.database.asked.append(f"number {self.id}")
        return int(self.id)


SHARED: dict[int, dict[object, bytes]] = {}


@strawberry.type
class SampleSubscription:
    """Fields that are followed."""

    @subscription(access=signed_in, description="Count from 0.")
    async def counted(
        self,
        info: Info,
        to: Annotated[int, strawberry.argument(description="How far; beyond it, wait.")] = 3,
        ends: Annotated[bool, strawberry.argument(description="Whether it ends there.")] = True,
        shared: Annotated[bool, strawberry.argument(description="Whether others see the same.")] = False,
        fail: Annotated[str | None, strawberry.argument(description="What shall go wrong at the end.")] = None,
    ) -> AsyncIterator[Counted | None]:
        begun = int(info.context.last_seen or -1) + 1
        for number in range(begun, to):
            frames = SHARED.setdefault(number, {}) if shared else None
            yield Counted(id=strawberry.ID(str(number)), frames=frames, cursor=str(number))
        if fail is not None:
            raise NotFound() if fail == "problem" else RuntimeError("password=hunter2")
        if not ends:
            await asyncio.sleep(30)


AREA = Area(query=SampleQuery, subscription=SampleSubscription, mutation=SampleMutation, nodes={"Piece": piece})

SCHEMA = build((*AREAS, AREA))
"""The whole schema with the samples beside it, built once for all who ask it: that takes half a second."""
