"""What may live here: the ledger as a client follows it: what changed behind a cursor, and the hint to ask again."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, cast
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import signed_in
from graphql_schema.area import Area, query, subscription
from graphql_schema.context import Info, Ring
from graphql_schema.errors import Code, coded
from graphql_schema.pages import Connection, Edge, Page, PageInfo, global_id, place_cursor, place_of
from graphql_schema.scalars import Position
from storage.record.ledger import changes as ledger
from storage.record.ledger.changes import BEGINNING, GONE, LARGEST, Place

# Subjects that can be asked for again by `node`, by the noun of the entry's kind.
_NODES = {
    "account": "Account",
    "case": "Case",
    "device": "Device",
    "evidence": "Evidence",
    "hold": "Hold",
    "inspection": "Inspection",
    "mine": "Mine",
    "person": "Person",
    "recording": "Recording",
    "retention": "Evidence",
}

Behind = Annotated[
    str | None,
    strawberry.argument(description="The cursor behind which to start: of a change, of a page's end or of the log."),
]


Ahead = Annotated[str | None, strawberry.argument(description="The cursor before which to end; only with `last`.")]
Many = Annotated[int | None, strawberry.argument(description="How many at most: 0 to 5,000; 50 if neither is given.")]


@strawberry.type(description="One entry of the ledger: that something was done, never what was said.")
class Change:
    """One entry of the ledger."""

    id: strawberry.ID = strawberry.field(description="The id of the entry; inclusion proofs go by it.")
    kind: str = strawberry.field(description="What was done, e.g. `evidence.sealed`; kinds are added, never renamed.")
    subject_id: UUID = strawberry.field(description="To what it was done, by its id in the record.")
    subject: strawberry.ID | None = strawberry.field(
        default=None, description="To what it was done, as `node(id:)` takes it; null if it is no node."
    )
    position: Position = strawberry.field(description="Where the entry stands in the ledger.")
    at: datetime = strawberry.field(description="When it was done, by the API's clock.")
    gone: bool = strawberry.field(
        description="Whether the subject's bytes were lawfully deleted: whoever holds a copy deletes it too."
    )


class Seen:
    """An edge and its node in one: a row, whose parts are made as they are read, since a page has thousands.

    Most who ask want neither ids nor cursors of each. No resolver makes them: it would cost more than they do.
    """

    __slots__ = ("_row",)

    def __init__(self, row: ledger.Change) -> None:
        self._row = row

    cursor = property(lambda self: place_cursor(self._row.place))
    node = property(lambda self: self)
    id = property(lambda self: str(self._row.id))
    kind = property(attrgetter("_row.kind"))
    subject_id = property(attrgetter("_row.subject"))
    position = property(attrgetter("_row.position"))
    at = property(attrgetter("_row.at"))
    gone = property(lambda self: self._row.kind in GONE)

    @property
    def subject(self) -> strawberry.ID | None:
        """The subject as `node` takes it."""
        kind = _NODES.get(self._row.kind.split(".")[0])
        return global_id(kind, self._row.subject) if kind else None


_cursor = lru_cache(maxsize=64)(place_cursor)
"""The same few places are told to thousands."""


@strawberry.type(description="Up to where the ledger has grown: a hint to read `changes(after:)` again, and no more.")
class LogHead:
    """Up to where the ledger has grown."""

    id: strawberry.ID = strawberry.field(description="The same for every head: a cache keeps the newest.")
    position: Position | None = strawberry.field(description="The position of the newest entry; null before the first.")
    cursor: str = strawberry.field(description="The cursor of that place, for `changes(after:)`.")
    frames: strawberry.Private[dict[object, bytes] | None] = None

    @classmethod
    def of(cls, place: Place, ring: Ring | None = None) -> "LogHead":
        """Tell a place in the log."""
        return cls(
            id=strawberry.ID("log-head"), position=Position(place[1]) if place[1] >= 0 else None,
            cursor=_cursor(place), frames=ring.frames if ring else None,
        )  # fmt: skip


def _connection(found: ledger.Changes, asked: Page) -> Connection[Change]:
    edges = cast(list[Edge[Change]], [Seen(row) for row in found.rows])
    end, known = place_cursor(found.end), asked.key is not None
    info = PageInfo(
        has_next_page=known if asked.backwards else found.more,
        has_previous_page=found.more if asked.backwards else known,
        # Where nothing was seen, the cursor is the end of what was looked at: whoever goes on from it misses nothing.
        start_cursor=end if asked.backwards else (edges[0].cursor if edges else None),
        end_cursor=(edges[-1].cursor if edges else None) if asked.backwards else end,
    )
    return Connection(edges=edges, page_info=info)


@strawberry.type
class ChangeQuery:
    """What changed."""

    @query(
        access=signed_in,
        price_share=5,
        description="The entries of the ledger about what you may see, oldest first. With `first`, go on from "
        "`pageInfo.endCursor` while `hasNextPage` holds, also past a page without edges: nothing is missed, whatever "
        "the time between two calls. With `last`, the newest, and back from `startCursor`. What is selected below "
        "costs a fifth of the list price (docs/limits.md).",
    )
    async def changes(
        self, info: Info, first: Many = None, after: Behind = None, last: Many = None, before: Ahead = None
    ) -> Connection[Change] | None:
        asked = pages.page(first, after, last, before, largest=LARGEST, key=place_of)
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            if asked.backwards:
                found = await ledger.changes_visible_before(sql, actor, before=asked.key, limit=asked.size)
            else:
                place = asked.key or BEGINNING
                found = await ledger.changes_visible_to(sql, actor, after=place, limit=asked.size)
        return _connection(found, asked)

    @query(access=signed_in, description="Where the ledger ends now: read what you need, then follow from here.")
    async def log_head(self, info: Info) -> LogHead | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return LogHead.of(await ledger.head_of_log(sql))


@strawberry.type
class ChangeSubscription:
    """What may be followed."""

    @subscription(
        access=signed_in,
        description="A hint each time the ledger has grown by something that you may see. It comes at once where "
        "there is something behind `after`, or without `after`. Hints may be joined; your own acts need not ring.",
    )
    async def changed(
        self,
        info: Info,
        after: Behind = None,
        every: Annotated[
            int | None,
            strawberry.argument(description="Also after so many seconds of silence, 1 to 3,600; else never."),
        ] = None,
    ) -> AsyncIterator[LogHead | None]:
        if every is not None and not 1 <= every <= 3_600:
            raise coded(Code.BAD_INPUT, "every must be 1 to 3600.", field="every")
        after = info.context.last_seen or after
        place = None if after is None else place_of(after)
        async for ring in info.context.means.ring_keeper().follow(info.context.signed_in(), after=place, every=every):
            yield LogHead.of(ring.place, ring)


AREA = Area(query=ChangeQuery, subscription=ChangeSubscription)
