"""What may live here: inspection schemes in GraphQL, with proposals, burden, defects; the acts are in schemes_acts."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import asyncpg
import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.defects import ShownDefect, law_of
from graphql_schema.enums import labelled
from graphql_schema.field.inspections import Inspection, inspection
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.register import mines
from storage.casework.schemes import proposing, queries, rules
from storage.casework.schemes import tables as rows
from storage.casework.schemes.tables import Cause, ItemOutcome, Manner, MineClass, Side
from storage.field.inspections.queries import InspectionRow
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import Parameter
from storage.record.law.powers import Power
from storage.register.mines import queries as mine_queries
from storage.register.mines.tables import Disaster, MineState

for kind, name, told in (
    (Cause, "InspectionCause", "What opens an inspection: the plan, or what no cap may ever refuse."),
    (Side, "SchemeSide", "What is looked at: papers or workplaces."),
    (Manner, "SchemeManner", "How it is judged: by its kind, or by measuring."),
    (ItemOutcome, "SchemeItemOutcome", "What became of an item."),
    (MineClass, "MineClass", "How safe a mine is held to be, A the safest."),
):
    labelled(kind, name=name, description=told)

Row = TypeVar("Row")
OfMine = Annotated[UUID | None, strawberry.argument(description="Only of this mine.")]


def _by(
    select: Callable[["asyncpg.Connection[Any]", list[UUID]], Awaitable[Iterable[Row]]],
) -> Callable[[Context, list[UUID]], Awaitable[Iterable[Row]]]:
    """A question of this area: asked with the sight of the roles that may read schemes."""

    async def ask(context: Context, ids: list[UUID]) -> Iterable[Row]:
        actor = context.signed_in()
        actor.require(Verb.SCHEME_READ)
        async with context.database.reading(actor.seeing(Verb.SCHEME_READ)) as sql:
            return await select(sql, ids)

    return ask


scheme_by_id = loaders.one(_by(queries.schemes_by_ids), key=lambda row: row.id)
scheme_of = loaders.one(_by(queries.schemes_of_inspections), key=lambda row: row.inspection_id)
items_of = loaders.many(_by(queries.items_of), key=lambda row: row.scheme_id)
talks_of = loaders.many(_by(queries.talks_of), key=lambda row: row.inspection_id)


@strawberry.type(
    description="One item of the powers-and-duties list (权责清单): what may be checked, by which article."
)
class EnforcementPower:
    """One item of the powers-and-duties list."""

    key: str = strawberry.field(description="Its key, as items of schemes cite it.")
    name: str = strawberry.field(description="What may be checked.")
    article: str = strawberry.field(description="The duty that is checked.")
    ground: str = strawberry.field(description="Why officers may enter, read papers and ask.")
    handling: str = strawberry.field(description="How what is found is dealt with.")
    in_force_from: date = strawberry.field(description="The first day on which it holds.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("power", self.key, self.in_force_from)

    @classmethod
    def of(cls, power: Power) -> "EnforcementPower":
        """Tell a power."""
        return cls(
            key=power.key, name=power.name, article=power.article, ground=power.ground, handling=power.handling,
            in_force_from=power.in_force_from,
        )  # fmt: skip


@strawberry.type(
    description="An item that a scheme should have, from the mine's state, disasters and earlier findings."
)
class SchemeProposal:
    """An item that a scheme should have."""

    power: str = strawberry.field(description="The key of the power.")
    text: str = strawberry.field(description="What to check.")
    side: Side = strawberry.field(description="Papers or workplaces.")
    underground: bool = strawberry.field(description="Underground, else on the surface.")
    manner: Manner = strawberry.field(description="By its kind, or by measuring.")
    why: str = strawberry.field(description="The disaster, the state or the finding that it comes from; empty: always.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("proposal", self.power, self.text, self.why)

    @classmethod
    def of(cls, one: proposing.Proposal) -> "SchemeProposal":
        """Tell a proposal."""
        return cls(
            power=one.power, text=one.text, side=one.side, underground=one.underground, manner=one.manner, why=one.why
        )


@strawberry.type(description="One thing to check, and the officer who answers for it.")
class SchemeItem:
    """One thing to check."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The id that the client made.")
    power: str = strawberry.field(description="The key of the power that it rests on.")
    text: str = strawberry.field(description="What to check.")
    side: Side = strawberry.field(description="Papers or workplaces.")
    underground: bool = strawberry.field(description="Underground, else on the surface.")
    manner: Manner = strawberry.field(description="By its kind, or by measuring.")
    why: str = strawberry.field(description="What it comes from.")
    officer_id: UUID = strawberry.field(description="The account of the officer who answers for it.")
    outcome: ItemOutcome | None = strawberry.field(description="What became of it; null until he says so.")
    answer: str | None = strawberry.field(description="What he saw, or why it was not checked.")
    answered_at: datetime | None = strawberry.field(description="When he said so.")

    @classmethod
    def of(cls, row: rows.SchemeItem) -> "SchemeItem":
        """Tell a row."""
        return cls(
            id=global_id("SchemeItem", row.id), uuid=row.id, power=row.power, text=row.text, side=Side(row.side),
            underground=row.underground, manner=Manner(row.manner), why=row.why, officer_id=row.officer_id,
            outcome=ItemOutcome(row.outcome) if row.outcome else None, answer=row.answer, answered_at=row.answered_at,
        )  # fmt: skip


@strawberry.type(description="A talk on the law before an inspection.")
class LawTalk:
    """A talk on the law before an inspection."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The id that the client made.")
    starts_at: datetime = strawberry.field(description="When it began.")
    ends_at: datetime = strawberry.field(description="When it ended.")
    speaker: str = strawberry.field(description="Who spoke.")
    listeners: int = strawberry.field(description="How many listened.")
    topics: str = strawberry.field(description="What about.")

    @classmethod
    def of(cls, row: rows.LawTalk) -> "LawTalk":
        """Tell a row."""
        return cls(
            id=global_id("LawTalk", row.id), uuid=row.id, starts_at=row.starts_at, ends_at=row.ends_at,
            speaker=row.speaker, listeners=row.listeners, topics=row.topics,
        )  # fmt: skip


@strawberry.type(
    description="What is checked at a mine, where, by whom, on what power; drafted by one, approved by the lead."
)
class Scheme(Node):
    """What is checked at a mine."""

    row: strawberry.Private[rows.Scheme]
    uuid: UUID = strawberry.field(description="The id that the client made.")
    cause: Cause = strawberry.field(description="What opens the inspection.")
    reference: str = strawberry.field(description="The plan, the report, the decision.")
    scheduled_for: date = strawberry.field(description="The day, of Asia/Shanghai.")
    lead_id: UUID = strawberry.field(description="The account of the lead, who approves.")
    officer_ids: list[UUID] = strawberry.field(description="The accounts of the team.")
    mine_state: MineState = strawberry.field(description="What the mine was doing when it was drafted.")
    disasters: list[Disaster] = strawberry.field(description="The disasters that it faced then.")
    mine_class: MineClass | None = strawberry.field(description="Its class then, if it had one.")
    counted: int = strawberry.field(description="Checks of that year then, scheduled ones among them.")
    drafted_by: UUID = strawberry.field(description="The account that drafted it.")
    drafted_at: datetime = strawberry.field(description="When it was drafted.")
    returned_at: datetime | None = strawberry.field(description="When the lead sent it back.")
    returned_reason: str | None = strawberry.field(description="Why he did.")
    approved_at: datetime | None = strawberry.field(description="When the lead approved it.")

    @classmethod
    def of(cls, row: rows.Scheme) -> "Scheme":
        """Tell a row."""
        return cls(
            id=global_id("Scheme", row.id), row=row, uuid=row.id, cause=Cause(row.cause), reference=row.reference,
            scheduled_for=row.scheduled_for, lead_id=row.lead_id, officer_ids=row.officers,
            mine_state=MineState(row.mine_state), disasters=[Disaster(one) for one in row.disasters],
            mine_class=MineClass(row.mine_class) if row.mine_class else None, counted=row.counted,
            drafted_by=row.drafted_by, drafted_at=row.drafted_at, returned_at=row.returned_at,
            returned_reason=row.returned_reason, approved_at=row.approved_at,
        )  # fmt: skip

    @derived(description="The mine; null where you no longer see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return await mines.mine(info.context, self.row.mine_id)

    @derived(description="Its items, in their order.")
    async def items(self, info: Info) -> list[SchemeItem]:
        return [SchemeItem.of(row) for row in await items_of(info.context, self.uuid)]

    @derived(description="The inspection that carries it out; null until there is one.")
    async def inspection(self, info: Info) -> Inspection | None:
        id = self.row.inspection_id
        return await inspection(info.context, id) if id else None


async def scheme(context: Context, id: UUID) -> Scheme | None:
    """Fetch the node of a UUID."""
    row = await scheme_by_id(context, id)
    return Scheme.of(row) if row else None


@strawberry.type(description="A cap on checks, with its article; unsettled ones are the project's default.")
class CheckCap:
    """A cap on checks."""

    most: int = strawberry.field(description="So many in a year.")
    article: str = strawberry.field(description="By which text.")
    settled: bool = strawberry.field(description="Whether the text gives the number, or the project chose it.")
    note: str = strawberry.field(description="What is open about it.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("cap", self.most, self.article)

    @classmethod
    def of(cls, one: Parameter | None) -> "CheckCap | None":
        """Tell a parameter that is a number."""
        if one is None or not isinstance(one.value, int):
            return None
        return cls(most=one.value, article=one.article, settled=one.settled, note=one.note)


@strawberry.type(description="One check that is counted, and what opened it.")
class CountedCheck:
    """One check that is counted."""

    inspection_id: UUID = strawberry.field(description="The UUID of the inspection.")
    opened_at: datetime = strawberry.field(description="When it was opened.")
    planned: bool = strawberry.field(description="Whether it was planned: those alone count for the cap of the class.")
    cause: Cause | None = strawberry.field(description="What opened it, where a scheme says so.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"counted-{self.inspection_id}")


@strawberry.type(description="How often a mine was checked in a year, with the sources, and the caps that hold.")
class BurdenMeter:
    """How often a mine was checked in a year."""

    year: int = strawberry.field(description="The year.")
    total: int = strawberry.field(description="All checks, whatever opened them.")
    planned: int = strawberry.field(description="The planned ones among them.")
    scheduled: int = strawberry.field(description="Approved planned schemes that are not carried out yet.")
    mine_class: MineClass | None = strawberry.field(description="The class of the mine on the day.")
    cap: CheckCap | None = strawberry.field(description="The cap on all checks.")
    class_cap: CheckCap | None = strawberry.field(description="The cap on planned checks of the class.")
    checks: list[CountedCheck] = strawberry.field(description="What was counted, oldest first.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("burden", self.year, [one.inspection_id for one in self.checks], self.scheduled)

    @classmethod
    def of(cls, burden: rules.Burden) -> "BurdenMeter":
        """Tell a burden."""
        return cls(
            year=burden.year, total=burden.total, planned=burden.planned, scheduled=burden.scheduled,
            mine_class=burden.mine_class, cap=CheckCap.of(burden.cap), class_cap=CheckCap.of(burden.class_cap),
            checks=[CountedCheck(inspection_id=one.inspection_id, opened_at=one.opened_at, planned=one.planned,
                                 cause=one.cause) for one in burden.checks],
        )  # fmt: skip


@strawberry.type(
    description="How an inspection was prepared, and what is wrong with that; nothing of it refused the inspection."
)
class InspectionPreparation:
    """How an inspection was prepared."""

    row: strawberry.Private[InspectionRow]

    @classmethod
    def of(cls, row: InspectionRow) -> "InspectionPreparation":
        """Tell of an inspection."""
        return cls(row=row)

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"preparation-{self.row.id}")

    @derived(description="The inspection.")
    def inspection(self) -> Inspection:
        return Inspection.of(self.row)

    @derived(description="The scheme that it carries out; null without one.")
    async def scheme(self, info: Info) -> Scheme | None:
        row = await scheme_of(info.context, self.row.id)
        return Scheme.of(row) if row else None

    @derived(description="The law talks, oldest first.")
    async def law_talks(self, info: Info) -> list[LawTalk]:
        return [LawTalk.of(row) for row in await talks_of(info.context, self.row.id)]

    @derived(description="What is wrong, by which article, who makes it good and until when.")
    async def defects(self, info: Info) -> list[ShownDefect]:
        context, row = info.context, await scheme_of(info.context, self.row.id)
        items = await items_of(context, row.id) if row else []
        facts = rules.Preparation(
            lead_id=self.row.lead_id, opened_at=self.row.opened_at, has_scheme=row is not None,
            approved_at=row.approved_at if row else None,
            talks=[(one.starts_at, one.ends_at) for one in await talks_of(context, self.row.id)],
            missing=rules.missing_sides([queries.item_facts(one) for one in items]) if row else (),
        )  # fmt: skip
        return [ShownDefect.of(one, context.language) for one in rules.defects_of(await law_of(context), facts)]


@strawberry.type
class SchemeQuery:
    """Lists of schemes."""

    @query(access=needs(Verb.SCHEME_READ), description="The schemes that you may see, newest first.")
    async def schemes(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
    ) -> Connection[Scheme] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.SCHEME_READ)
        async with info.context.database.reading(actor) as sql:
            found = await queries.schemes_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id
            )
        return pages.connection(found, page, node=Scheme.of, key=lambda row: (row.drafted_at, row.id))

    @query(access=needs(Verb.SCHEME_READ), description="The inspections without a scheme, newest first.")
    async def inspections_without_scheme(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
    ) -> Connection[InspectionPreparation] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.SCHEME_READ)
        async with info.context.database.reading(actor) as sql:
            found = await queries.inspections_without_scheme(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id
            )
        return pages.connection(found, page, node=InspectionPreparation.of, key=lambda row: (row.opened_at, row.id))

    @query(access=needs(Verb.SCHEME_READ), description="How one inspection was prepared; null if you do not see it.")
    async def inspection_preparation(
        self, info: Info, inspection_id: Annotated[UUID, strawberry.argument(description="The UUID of the inspection.")]
    ) -> InspectionPreparation | None:
        found = await inspection(info.context, inspection_id)
        return InspectionPreparation.of(found.row) if found else None

    @query(access=needs(Verb.SCHEME_READ), description="What a scheme for this mine should have, on a day.")
    async def scheme_proposals(
        self,
        info: Info,
        mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")],
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[SchemeProposal] | None:
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.SCHEME_READ)) as sql:
            mine = await mine_queries.mine_of_id(sql, mine_id)
            earlier = await queries.findings_of_last_inspection(sql, mine_id)
        law = await law_of(info.context)
        disasters, day = [Disaster(one) for one in mine.disasters], on or day_of(info.context.now())
        found = proposing.proposed_for(MineState(mine.state), disasters, earlier, law=law, on=day)
        return [SchemeProposal.of(one) for one in found]

    @query(access=needs(Verb.SCHEME_READ), description="How often a mine was checked in the year of a day.")
    async def burden_meter(
        self,
        info: Info,
        mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")],
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> BurdenMeter | None:
        law, day = await law_of(info.context), on or day_of(info.context.now())
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.SCHEME_READ)) as sql:
            await mine_queries.mine_of_id(sql, mine_id)
            return BurdenMeter.of(await queries.burden_of(sql, law, mine_id=mine_id, day=day))

    @query(access=needs(Verb.MINE_READ), description="The powers-and-duties list (权责清单) on a day.")
    async def enforcement_powers(
        self,
        info: Info,
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[EnforcementPower] | None:
        held = (await law_of(info.context)).powers_on(on or day_of(info.context.now()))
        return [EnforcementPower.of(one) for one in held]


AREA = Area(query=SchemeQuery, nodes={"Scheme": scheme}, types=(Scheme,))
