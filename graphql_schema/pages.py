"""What may live here: Relay's nodes, ids, cursors and connections, as every list of every area uses them."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar
from uuid import UUID

import strawberry
from graphql import GraphQLError

from graphql_schema.access import ACCESS, signed_in
from graphql_schema.context import Context, Info
from graphql_schema.errors import Code, coded
from graphql_schema.scalars import read_base64, write_base64

LARGEST_PAGE: Final = 100
USUAL_PAGE: Final = 50
T = TypeVar("T")
Row = TypeVar("Row")
Key: TypeAlias = tuple[datetime | str, UUID]
Fetch: TypeAlias = Callable[[Context, UUID], Awaitable[Any]]

First: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many at most, from the start: 0 to 100; 50 if neither is given.")
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The cursor behind which to start; only with `first`.")
]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many at most, from the end: 0 to 100; not with `first`.")
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The cursor before which to end; only with `last`.")
]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# The first byte of a name's cursor; that of a time before the year 9999 is another one.
_NAMED: Final = b"\xff"
_PLACED: Final = b"\xfe"
_LATEST_MS: Final = 253_402_300_799_999  # The last millisecond of the year 9999, the last that Python can tell.


@strawberry.interface(description="A thing that has an id of its own and can be asked for again by it.")
class Node:
    """Relay's Node: global object identification."""

    id: strawberry.ID = strawberry.field(description="The opaque id of the thing, unique among all kinds.")


def global_id(kind: str, id: UUID) -> strawberry.ID:
    """Return the opaque id of the thing `id` of the GraphQL type `kind`."""
    return strawberry.ID(write_base64(UUID(int=id.int).bytes + kind.encode()))


def value_id(kind: str, *value: object) -> strawberry.ID:
    """Return the id of what is nothing but its value, for caches: equal values have equal ids."""
    digest = hashlib.sha256(repr(value).encode()).hexdigest()[:24]
    return strawberry.ID(f"{kind}-{digest}")


def kind_and_id(text: str) -> tuple[str, UUID]:
    """Return the GraphQL type and the UUID of an opaque id, or raise BAD_ID."""
    try:
        data = read_base64(text)
        kind = data[16:].decode("ascii")
    except (GraphQLError, UnicodeDecodeError):
        raise coded(Code.BAD_ID, "This is no id that was given out here.") from None
    if len(data) <= 16 or not kind.isalnum():
        raise coded(Code.BAD_ID, "This is no id that was given out here.")
    return kind, UUID(bytes=data[:16])


def node_query(nodes: Mapping[str, Fetch]) -> type:
    """Return the root type with `node(id: ID!): Node`; `nodes` says how each GraphQL type is fetched by UUID.

    An id that was never given out, and one whose thing is unknown or unseen, are both null: whoever asks
    learns nothing from the difference.
    """

    async def node(
        info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The opaque id.")]
    ) -> Node | None:
        try:
            kind, uuid = kind_and_id(id)
        except GraphQLError:
            return None
        fetch = nodes.get(kind)
        found: Node | None = await fetch(info.context, uuid) if fetch is not None else None
        return found

    field = strawberry.field(
        resolver=node, description="A thing by its id; null if unknown or not visible.", metadata={ACCESS: signed_in}
    )
    return strawberry.type(type("NodeQuery", (), {"node": field, "__annotations__": {}}))


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = strawberry.field(description="Whether more follow behind this page.")
    has_previous_page: bool = strawberry.field(description="Whether others stand before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge; null on an empty page.")


@strawberry.type(description="One item of a page, with its place in the list.")
class Edge(Generic[T]):
    """Relay's edge."""

    node: T = strawberry.field(description="The item.")
    cursor: str = strawberry.field(description="Its place in the list; opaque.")


@strawberry.type(description="A page of a list, newest first unless its field says otherwise.")
class Connection(Generic[T]):
    """Relay's connection."""

    edges: list[Edge[T]] = strawberry.field(description="The items of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")


@dataclass(frozen=True, slots=True)
class Page:
    """What was asked for: at most `size` rows next to the key `key` (None: from that end of the list).

    A list has one order, which its field names: by time or by name, and then by id. `backwards` asks for the rows
    before the key, nearest first: the query then turns both its comparison and its order, and `connection` turns the
    rows round again.
    """

    size: int
    key: Any = None
    backwards: bool = False

    @property
    def limit(self) -> int:
        """How many rows the query fetches: one more than are shown, which tells whether more follow."""
        return self.size + 1


def page(
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    *,
    largest: int = LARGEST_PAGE,
    by_name: bool = False,
    key: Callable[..., Any] | None = None,
) -> Page:
    """Read the arguments of a list, or raise BAD_INPUT or BAD_CURSOR; `by_name` if names sort it, not times.

    `key` reads cursors that are neither.
    """
    if (first is not None or after is not None) and (last is not None or before is not None):
        raise coded(Code.BAD_INPUT, "first and after do not go with last and before.", field="last")
    if before is not None and last is None:
        raise coded(Code.BAD_INPUT, "before needs last.", field="last")
    name, asked, place = ("first", first, after) if last is None else ("last", last, before)
    size = USUAL_PAGE if asked is None else asked
    if not 0 <= size <= largest:
        raise coded(Code.BAD_INPUT, f"{name} must be 0 to {largest}.", field=name)
    read = key or partial(key_of, by_name=by_name)
    found = None if place is None else read(place, field="before" if name == "last" else "after")
    return Page(size, found, backwards=name == "last")


def cursor(key: Key) -> str:
    """Return the opaque cursor of a row by its key: time in ms since 1970 (8 bytes) or name, id (16), check (3)."""
    place, id = key
    if isinstance(place, str):
        data = _NAMED + place.encode() + UUID(int=id.int).bytes
    else:
        data = ((place - _EPOCH) // timedelta(milliseconds=1)).to_bytes(8, "big", signed=True) + UUID(int=id.int).bytes
    return write_base64(data + _check(data))


def place_cursor(place: tuple[int, int]) -> str:
    """Return the opaque cursor of a place in the ledger: log (2 bytes), position + 1 (8), check (3)."""
    data = _PLACED + place[0].to_bytes(2, "big") + (place[1] + 1).to_bytes(8, "big")
    return write_base64(data + _check(data))


def place_of(text: str, *, field: str = "after") -> tuple[int, int]:
    """Return the log and position of a place's cursor, or raise BAD_CURSOR."""
    try:
        data = read_base64(text)
    except GraphQLError:
        data = b""
    log, position = int.from_bytes(data[1:3], "big"), int.from_bytes(data[3:11], "big")
    if len(data) != 14 or data[:1] != _PLACED or data[-3:] != _check(data[:-3]) or log > 2**15 - 1 or position > 2**63:
        raise coded(Code.BAD_CURSOR, "This is no cursor that was given out here.", field=field)
    return log, position - 1


def key_of(text: str, *, field: str = "after", by_name: bool = False) -> Key:
    """Return the key of a cursor, or raise BAD_CURSOR, also for the cursor of a list that is sorted otherwise.

    The check finds what was never a cursor. It is no secret: a cursor only says where to start, and what may be
    seen from there is asked of storage each time.
    """
    try:
        data = read_base64(text)
        if data[-3:] == _check(data[:-3]):
            place, id = data[:-19], UUID(bytes=data[-19:-3])
            return (_name_of(place) if by_name else _time_of(place)), id
    except (GraphQLError, ValueError):
        pass
    raise coded(Code.BAD_CURSOR, "This is no cursor that was given out here.", field=field)


def _name_of(place: bytes) -> str:
    if not place.startswith(_NAMED):
        raise ValueError("not the cursor of a name")
    return place[len(_NAMED) :].decode()


def _time_of(place: bytes) -> datetime:
    ms = int.from_bytes(place, "big", signed=True)
    if len(place) != 8 or not 0 <= ms <= _LATEST_MS:
        raise ValueError("not the cursor of a time")
    return _EPOCH + timedelta(milliseconds=ms)


def _check(data: bytes) -> bytes:
    return hashlib.sha256(b"pithead/cursor/1\n" + data).digest()[:3]


def _key_of_row(row: Any) -> Key:
    return row.at, row.id


def connection(
    rows: Iterable[Row],
    page: Page,
    *,
    node: Callable[[Row], T],
    key: Callable[[Row], Key] = _key_of_row,
) -> Connection[T]:
    """Build a page from rows that were fetched with `limit=page.limit`; `node` turns a row into its GraphQL type.

    `key` reads off a row what the list is sorted by: (time, id); as it stands, its attributes `at` and `id`.
    """
    fetched: Sequence[Row] = list(rows)
    shown = fetched[: page.size]
    edges = [Edge(node=node(row), cursor=cursor(key(row))) for row in (reversed(shown) if page.backwards else shown)]
    more, known = len(fetched) > page.size, page.key is not None
    info = PageInfo(
        has_next_page=known if page.backwards else more,
        has_previous_page=more if page.backwards else known,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info)
