"""What may live here: inspections in GraphQL: the list, opening one, joining it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.field.recordings import Recording, recordings_of
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.register import mines
from storage.field.inspections import operations, queries
from storage.field.inspections.queries import InspectionRow, OfficerRow, PlaceRow
from storage.field.inspections.rules import Opening, Place
from storage.field.inspections.tables import Basis, InspectionFlag
from storage.record.actor import Verb
from storage.record.work import perform

labelled(Basis, description="Why an inspection is opened: by the plan, or for a stated reason.")
labelled(InspectionFlag, description="What the record shows of an opening that was not refused for it.")


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[InspectionRow]:
    actor = context.signed_in()
    actor.require(Verb.INSPECTION_READ)
    async with context.database.reading(actor.seeing(Verb.INSPECTION_READ)) as sql:
        return await queries.inspections_by_ids(sql, ids)


async def _officers(context: Context, ids: list[UUID]) -> Iterable[OfficerRow]:
    async with context.database.reading(context.signed_in().seeing(Verb.INSPECTION_READ)) as sql:
        return await queries.officers_of(sql, ids)


async def _places(context: Context, ids: list[UUID]) -> Iterable[PlaceRow]:
    async with context.database.reading(context.signed_in().seeing(Verb.INSPECTION_READ)) as sql:
        return await queries.places_of(sql, ids)


inspection_by_id = loaders.one(_by_ids, key=lambda row: row.id)
officers_of = loaders.many(_officers, key=lambda row: row.inspection_id)
places_of = loaders.many(_places, key=lambda row: row.inspection_id)


@strawberry.type(description="An officer of one inspection.")
class InspectionOfficer:
    """An officer of one inspection."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    account_id: UUID = strawberry.field(description="His account.")
    name: str | None = strawberry.field(description="His name; null where you do not see the account.")
    certificate_number: str | None = strawberry.field(description="The certificate that was valid when it was opened.")
    lead: bool = strawberry.field(description="Whether he leads the inspection.")
    joined_at: datetime | None = strawberry.field(description="When he joined on his own device; null until then.")
    device_id: UUID | None = strawberry.field(description="The device on which he joined.")

    @classmethod
    def of(cls, row: OfficerRow, *, lead_id: UUID) -> "InspectionOfficer":
        """Tell a row."""
        return cls(
            id=strawberry.ID(f"officer-{row.inspection_id}-{row.account_id}"), account_id=row.account_id,
            name=row.name, certificate_number=row.certificate_number, lead=row.account_id == lead_id,
            joined_at=row.joined_at, device_id=row.device_id,
        )  # fmt: skip


@strawberry.type(description="A place that an inspection covers.")
class InspectionPlace:
    """A place that an inspection covers."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The id that the phone made; statements name it as `site`.")
    name: str = strawberry.field(description="What the place is called.")
    underground: bool = strawberry.field(description="Underground (井下), else on the surface (井上).")

    @classmethod
    def of(cls, row: PlaceRow) -> "InspectionPlace":
        """Tell a row."""
        return cls(id=strawberry.ID(f"place-{row.id}"), uuid=row.id, name=row.name, underground=row.underground)


@strawberry.type(description="An inspection of one mine by two or more officers.")
class Inspection(Node):
    """An inspection of one mine."""

    row: strawberry.Private[InspectionRow]
    uuid: UUID = strawberry.field(description="The id that the phone made.")
    basis: Basis = strawberry.field(description="By the plan, or for a stated reason.")
    reason: str = strawberry.field(description="The plan's reference, or the reason.")
    flags: list[InspectionFlag] = strawberry.field(description="What the record shows of it and did not refuse.")
    opened_at: datetime = strawberry.field(description="When the server took it.")

    @derived(description="The inspected mine; null where you no longer see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return await mines.mine(info.context, self.row.mine_id)

    @derived(description="Its officers, the lead among them.")
    async def officers(self, info: Info) -> list[InspectionOfficer]:
        rows = await officers_of(info.context, self.row.id)
        return [InspectionOfficer.of(row, lead_id=self.row.lead_id) for row in rows]

    @derived(description="The places that it covers, in the order in which they were stated.")
    async def places(self, info: Info) -> list[InspectionPlace]:
        return [InspectionPlace.of(row) for row in await places_of(info.context, self.row.id)]

    @derived(description="Its first 100 recordings, oldest first.")
    async def recordings(self, info: Info) -> list[Recording]:
        return await recordings_of(info.context, self.row.id)

    @classmethod
    def of(cls, row: InspectionRow) -> "Inspection":
        """Tell a row."""
        return cls(
            id=global_id("Inspection", row.id), row=row, uuid=row.id, basis=Basis(row.basis), reason=row.reason,
            flags=[InspectionFlag(one) for one in row.flags], opened_at=row.opened_at,
        )  # fmt: skip


async def inspection(context: Context, id: UUID) -> Inspection | None:
    """Fetch the node of a UUID."""
    row = await inspection_by_id(context, id)
    return Inspection.of(row) if row else None


@strawberry.input(description="A place that the inspection covers.")
class InspectionPlaceInput:
    """A place that the inspection covers."""

    id: UUID = strawberry.field(description="Made by the phone; statements name it as `site`.")
    name: str = strawberry.field(description="What the place is called, 1 to 100 characters.")
    underground: bool = strawberry.field(description="Underground (井下), else on the surface (井上).")


@strawberry.input(description="An inspection to open.")
class OpenInspectionInput:
    """An inspection to open."""

    id: UUID = strawberry.field(description="Made by the phone; the same id with the same content is the same act.")
    mine_id: UUID = strawberry.field(description="The mine.")
    basis: Basis = strawberry.field(description="By the plan, or for a stated reason.")
    reason: str = strawberry.field(description="The plan's reference, or the reason in at least 4 characters.")
    lead_id: UUID = strawberry.field(description="The account of the lead, one of the officers.")
    officer_ids: list[UUID] = strawberry.field(
        description="The accounts of all officers, two or more, yours among them."
    )
    places: list[InspectionPlaceInput] = strawberry.field(description="The places, on the surface and underground.")

    def opening(self) -> Opening:
        """The opening as storage takes it."""
        places = tuple(Place(id=one.id, name=one.name, underground=one.underground) for one in self.places)
        return Opening(
            id=self.id, mine_id=self.mine_id, basis=self.basis, reason=self.reason, lead_id=self.lead_id,
            officers=tuple(self.officer_ids), places=places,
        )  # fmt: skip


@strawberry.type(description="What came of opening an inspection.")
class OpenInspectionPayload:
    """What came of opening an inspection."""

    inspection: Inspection | None = strawberry.field(default=None, description="The open inspection.")
    problem: Problem | None = problem_field()


@strawberry.input(description="An inspection to join.")
class JoinInspectionInput:
    """An inspection to join."""

    inspection_id: UUID = strawberry.field(description="The inspection that names you as an officer.")


@strawberry.type(description="What came of joining an inspection.")
class JoinInspectionPayload:
    """What came of joining an inspection."""

    inspection: Inspection | None = strawberry.field(default=None, description="The inspection that you have joined.")
    problem: Problem | None = problem_field()


@strawberry.type
class InspectionQuery:
    """The list of inspections."""

    @query(access=needs(Verb.INSPECTION_READ), description="The inspections that you may see, newest first.")
    async def inspections(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        mine_id: Annotated[UUID | None, strawberry.argument(description="Only of this mine.")] = None,
    ) -> Connection[Inspection] | None:
        page = pages.page(first, after, last, before)
        actor = info.context.signed_in().seeing(Verb.INSPECTION_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.inspections_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id
            )
        return pages.connection(rows, page, node=Inspection.of, key=lambda row: (row.opened_at, row.id))


@strawberry.type
class InspectionMutation:
    """Acts on inspections."""

    @mutation(access=needs(Verb.INSPECTION_OPEN), description="Open an inspection; you have joined it with that.")
    async def open_inspection(
        self, info: Info, input: Annotated[OpenInspectionInput, strawberry.argument(description="What to open.")]
    ) -> OpenInspectionPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.open_inspection, opening=input.opening()
        )
        return OpenInspectionPayload(inspection=Inspection.of(row))

    @mutation(access=needs(Verb.INSPECTION_JOIN), description="Join an inspection on your own device.")
    async def join_inspection(
        self, info: Info, input: Annotated[JoinInspectionInput, strawberry.argument(description="What to join.")]
    ) -> JoinInspectionPayload | None:
        context, id = info.context, input.inspection_id
        await perform(
            context.database, context.signed_in(), context.now(), operations.join_inspection, inspection_id=id
        )
        return JoinInspectionPayload(inspection=await inspection(context, id))


AREA = Area(
    query=InspectionQuery, mutation=InspectionMutation, nodes={"Inspection": inspection}, types=(Inspection,)
)  # fmt: skip
