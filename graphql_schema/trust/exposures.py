"""What may live here: exposures in GraphQL as the agency reads them: typical cases drafted for the public."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from storage.record.actor import Verb
from storage.trust.exposures import queries
from storage.trust.exposures.queries import ExposureRow, PictureRow
from storage.trust.exposures.tables import ExposureState

labelled(ExposureState, description="How far an exposure has come.")


@strawberry.type(description="A covered picture of an exposure. What is covered of it stands in the exposure's copy.")
class ExposurePicture:
    """A covered picture."""

    exposure: strawberry.Private[UUID]
    ordinal: int = strawberry.field(description="Its place, from 0.")
    evidence_id: UUID = strawberry.field(description="The UUID of the piece that it was made of.")
    original: str = strawberry.field(description="SHA-256 of the original, in hexadecimal.")
    root: str = strawberry.field(description="The root of its tree of tiles, in hexadecimal.")
    sha256: str = strawberry.field(description="SHA-256 of the covered picture, a PNG, in hexadecimal.")
    size: int = strawberry.field(description="Bytes of the covered picture.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("exposure-picture", self.exposure, self.ordinal)

    @classmethod
    def of(cls, row: PictureRow) -> "ExposurePicture":
        """Tell a row."""
        return cls(
            exposure=row.exposure_id, ordinal=row.ordinal, evidence_id=row.evidence_id, original=row.original.hex(),
            root=row.root.hex(), sha256=row.sha256.hex(), size=row.size,
        )  # fmt: skip


@strawberry.type(description="A typical case as an officer worded it for the public; another approves it.")
class Exposure(Node):
    """A typical case worded for the public."""

    uuid: UUID = strawberry.field(description="The UUID.")
    case_id: UUID = strawberry.field(description="The UUID of the case.")
    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    state: ExposureState = strawberry.field(description="How far it has come.")
    content: str = strawberry.field(description="Exactly what would be public, or is: canonical JSON (RFC 8785).")
    digest: str = strawberry.field(description="Its SHA-256, in hexadecimal: approving names it.")
    drafted_by: strawberry.ID = strawberry.field(description="The account that drafted it.")
    drafted_at: datetime = strawberry.field(description="When.")
    decided_by: strawberry.ID | None = strawberry.field(description="The account that approved or dropped it.")
    decided_at: datetime | None = strawberry.field(description="When.")
    disclosure_id: UUID | None = strawberry.field(description="The UUID of its disclosure: /d/{uuid} shows it.")

    @derived(description="Its covered pictures, in their order.")
    async def pictures(self, info: Info) -> list[ExposurePicture]:
        return [ExposurePicture.of(row) for row in await pictures_of(info.context, self.uuid)]

    @classmethod
    def of(cls, row: ExposureRow) -> "Exposure":
        """Tell a row."""
        return cls(
            id=global_id("Exposure", row.id), uuid=row.id, case_id=row.case_id,
            mine_id=global_id("Mine", row.mine_id), state=ExposureState(row.state), content=row.content.decode(),
            digest=row.digest.hex(), drafted_by=global_id("Account", row.drafted_by), drafted_at=row.drafted_at,
            decided_by=global_id("Account", row.decided_by) if row.decided_by else None, decided_at=row.decided_at,
            disclosure_id=row.disclosure_id,
        )  # fmt: skip


async def _exposures(context: Context, ids: list[UUID]) -> Iterable[ExposureRow]:
    actor = context.signed_in()
    actor.require(Verb.EXPOSURE_READ)
    async with context.database.reading(actor.seeing(Verb.EXPOSURE_READ)) as sql:
        return await queries.exposures_by_ids(sql, ids)


async def _pictures(context: Context, ids: list[UUID]) -> Iterable[PictureRow]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.pictures_of(sql, ids)


exposure_by_id = loaders.one(_exposures, key=lambda row: row.id)
pictures_of = loaders.many(_pictures, key=lambda row: row.exposure_id)


async def exposure(context: Context, id: UUID) -> Exposure | None:
    """Fetch the node of a UUID."""
    row = await exposure_by_id(context, id)
    return Exposure.of(row) if row else None


_State = Annotated[ExposureState | None, strawberry.argument(description="Only in this state.")]
_Mine = Annotated[UUID | None, strawberry.argument(description="Only of this mine.")]


@strawberry.type
class ExposureQuery:
    """What the agency reads of its exposures."""

    @query(access=needs(Verb.EXPOSURE_READ), description="The exposures within your reach, newest first.")
    async def exposures(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: _Mine = None, state: _State = None,
    ) -> Connection[Exposure] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.EXPOSURE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.exposures_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id, state=state
            )
        return pages.connection(rows, page, node=Exposure.of, key=lambda row: (row.drafted_at, row.id))


AREA = Area(query=ExposureQuery, nodes={"Exposure": exposure}, types=(Exposure,))
