"""What may live here: mines in GraphQL, with the divisions and branch offices that supervise them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, derived, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.register.mines import operations, queries
from storage.register.mines.queries import DivisionRow, MineRow, OfficeRow
from storage.register.mines.rules import MineFacts
from storage.register.mines.tables import Disaster, MineState

labelled(MineState, description="What a mine is doing.")
labelled(Disaster, description="A disaster that a mine is known to face.")


async def _mines(context: Context, ids: list[UUID]) -> Iterable[MineRow]:
    actor = context.signed_in()
    actor.require(Verb.MINE_READ)
    async with context.database.reading(actor.seeing(Verb.MINE_READ)) as sql:
        return await queries.mines_by_ids(sql, ids)


async def _divisions(context: Context, codes: list[str]) -> Iterable[DivisionRow]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.divisions(sql, codes)


async def _offices(context: Context, codes: list[str]) -> Iterable[OfficeRow]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.offices(sql, codes)


mine_by_id = loaders.one(_mines, key=lambda row: row.id)
division_by_code = loaders.one(_divisions, key=lambda row: row.code)
office_by_code = loaders.one(_offices, key=lambda row: row.code)


@strawberry.type(description="An administrative division of Guizhou (GB/T 2260).")
class Division:
    """An administrative division of Guizhou."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    code: str = strawberry.field(description="Two, four or six digits: province, city, county.")
    name: str = strawberry.field(description="Its Chinese name.")
    parent: str | None = strawberry.field(
        description="The code of the division that contains it; null for the province."
    )

    @classmethod
    def of(cls, row: DivisionRow) -> "Division":
        """Tell a row."""
        return cls(id=strawberry.ID(f"division-{row.code}"), code=row.code, name=row.name, parent=row.parent)


@strawberry.type(description="A branch office (监察执法处) of the mine safety administration.")
class Office:
    """A branch office."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    code: str = strawberry.field(description="Its code.")
    name: str = strawberry.field(description="Its Chinese name.")
    sample: bool = strawberry.field(description="Whether it was invented to try the service out.")

    @classmethod
    def of(cls, row: OfficeRow) -> "Office":
        """Tell a row."""
        return cls(id=strawberry.ID(f"office-{row.code}"), code=row.code, name=row.name, sample=row.sample)


@strawberry.type(description="A coal mine with its one direct supervisor (煤矿安全生产条例40).")
class Mine(Node):
    """A coal mine."""

    row: strawberry.Private[MineRow]
    uuid: UUID = strawberry.field(description="Its id in the record.")
    name: str = strawberry.field(description="Its Chinese name.")
    credit_code: str = strawberry.field(description="Its unified social credit code (GB 32100-2015).")
    state: MineState = strawberry.field(description="What it is doing.")
    disasters: list[Disaster] = strawberry.field(description="The disasters that it is known to face.")
    latitude: int = strawberry.field(description="WGS-84, degrees × 10^7.")
    longitude: int = strawberry.field(description="WGS-84, degrees × 10^7.")
    registered_at: datetime = strawberry.field(description="When it was entered into the register.")
    sample: bool = strawberry.field(description="Whether it was invented to try the service out.")

    @derived(description="The county in which it lies.")
    async def county(self, info: Info) -> Division | None:
        found = await division_by_code(info.context, self.row.county)
        return Division.of(found) if found else None

    @derived(description="Its direct supervisor: the county, its city or the province (煤矿安全生产条例40).")
    async def supervisor(self, info: Info) -> Division | None:
        found = await division_by_code(info.context, self.row.supervisor)
        return Division.of(found) if found else None

    @derived(description="The branch office that inspects it for the state.")
    async def office(self, info: Info) -> Office | None:
        found = await office_by_code(info.context, self.row.office)
        return Office.of(found) if found else None

    @classmethod
    def of(cls, row: MineRow) -> "Mine":
        """Tell a row."""
        return cls(
            id=global_id("Mine", row.id), row=row, uuid=row.id, name=row.name, credit_code=row.credit_code,
            state=MineState(row.state), disasters=[Disaster(one) for one in row.disasters], latitude=row.latitude,
            longitude=row.longitude, registered_at=row.registered_at, sample=row.sample,
        )  # fmt: skip


async def mine(context: Context, id: UUID) -> Mine | None:
    """Fetch the node of a UUID."""
    row = await mine_by_id(context, id)
    return Mine.of(row) if row else None


@strawberry.input(description="A mine to enter into the register.")
class RegisterMineInput:
    """A mine to enter into the register."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    name: str = strawberry.field(description="Its Chinese name, 1 to 100 characters.")
    credit_code: str = strawberry.field(description="Its unified social credit code, 18 characters.")
    county: str = strawberry.field(description="The six digits of its county (GB/T 2260).")
    office: str = strawberry.field(description="The code of its branch office.")
    supervisor: str = strawberry.field(description="The code of the division that supervises it and contains it.")
    state: MineState = strawberry.field(description="What it is doing.")
    disasters: list[Disaster] = strawberry.field(description="The disasters that it is known to face, none twice.")
    latitude: int = strawberry.field(description="WGS-84, degrees × 10^7, inside Guizhou.")
    longitude: int = strawberry.field(description="WGS-84, degrees × 10^7, inside Guizhou.")

    def facts(self) -> MineFacts:
        """The facts as storage takes them."""
        return MineFacts(
            name=self.name, credit_code=self.credit_code, county=self.county, office=self.office,
            supervisor=self.supervisor, state=self.state, disasters=tuple(self.disasters), latitude=self.latitude,
            longitude=self.longitude,
        )  # fmt: skip


@strawberry.type(description="What came of registering a mine.")
class RegisterMinePayload:
    """What came of registering a mine."""

    mine: Mine | None = strawberry.field(default=None, description="The registered mine.")
    problem: Problem | None = problem_field()


@strawberry.type
class MineQuery:
    """Lists of the register."""

    @query(access=needs(Verb.MINE_READ), description="The mines that you may see, by name.")
    async def mines(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        county: Annotated[str | None, strawberry.argument(description="Only of this county.")] = None,
        state: Annotated[MineState | None, strawberry.argument(description="Only in this state.")] = None,
    ) -> Connection[Mine] | None:
        page = pages.page(first, after, last, before, by_name=True)
        actor = info.context.signed_in().seeing(Verb.MINE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.mines_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, county=county, state=state
            )
        return pages.connection(rows, page, node=Mine.of, key=lambda row: (row.name, row.id))

    @query(access=signed_in, description="The divisions of Guizhou by code: the province, its cities and counties.")
    async def divisions(self, info: Info) -> list[Division] | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return [Division.of(row) for row in await queries.divisions(sql)]

    @query(access=signed_in, description="The branch offices by code.")
    async def offices(self, info: Info) -> list[Office] | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return [Office.of(row) for row in await queries.offices(sql)]


@strawberry.type
class MineMutation:
    """Acts on the register of mines."""

    @mutation(access=needs(Verb.MINE_REGISTER), description="Enter a mine into the register.")
    async def register_mine(
        self, info: Info, input: Annotated[RegisterMineInput, strawberry.argument(description="The mine.")]
    ) -> RegisterMinePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.mine_again,
            operations.register_mine, facts=input.facts(),
        )  # fmt: skip
        return RegisterMinePayload(mine=Mine.of(row))


AREA = Area(query=MineQuery, mutation=MineMutation, nodes={"Mine": mine}, types=(Mine,))
