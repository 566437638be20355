"""What may live here: refusals to descend in GraphQL: the condition for whoever may read it, the rest for officers."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.pages import After, Before, Connection, First, Last
from graphql_schema.register import mines
from storage.miners.refusals import queries
from storage.miners.refusals.queries import RefusalRow, StandingRow
from storage.miners.refusals.rules import Step
from storage.miners.refusals.tables import DangerKind, RefusalState, RefusalStepKind
from storage.record.actor import Verb
from storage.register.people.tables import ShiftKind

Day = Annotated[date, strawberry.argument(description="The day in Asia/Shanghai.")]
OnDay = Annotated[
    date | None, strawberry.argument(description="Only what stands on this day: not lifted, for this day or before.")
]
OfMine = Annotated[UUID | None, strawberry.argument(description="Only of this mine, by its UUID.")]


async def _standings(context: Context, ids: list[UUID]) -> Iterable[StandingRow]:
    async with context.database.reading(context.signed_in().seeing(Verb.REFUSAL_READ)) as sql:
        return await queries.standings_of(sql, ids)


async def _steps(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, Step]]:
    async with context.database.reading(context.signed_in().seeing(Verb.REFUSAL_READ)) as sql:
        found = await queries.steps_of_refusals(sql, ids)
    return [(id, step) for id, steps in found.items() for step in steps]


standing_of = loaders.one(_standings, key=lambda row: row.id)
steps_of = loaders.many(_steps, key=lambda row: row[0])


@strawberry.type(description="One step of a refusal, for officers; a step without an account came of a report.")
class RefusalStep:
    """One step of a refusal."""

    uuid: UUID = strawberry.field(description="The id of the step.")
    ordinal: int = strawberry.field(description="Its place, from 0.")
    kind: RefusalStepKind = strawberry.field(description="Which step.")
    at: datetime = strawberry.field(description="When; of a report the minute of the alarm.")
    by_id: UUID | None = strawberry.field(description="The account that took it; null where it came of a report.")
    words: str = strawberry.field(description="What was said; of a report its danger and clause.")
    officer_ids: list[UUID] = strawberry.field(description="The accounts that are sent.")
    inspection_id: UUID | None = strawberry.field(description="The inspection in which it was checked.")
    scheme_id: UUID | None = strawberry.field(description="The scheme that it is checked by.")
    finding_ids: list[UUID] = strawberry.field(description="What was found true.")
    measure_id: UUID | None = strawberry.field(description="The order to the mine.")

    @identity
    def step_id(self) -> strawberry.ID:
        return strawberry.ID(f"refusal-step-{self.uuid}")

    @classmethod
    def of(cls, row: Step) -> "RefusalStep":
        """Tell a step."""
        return cls(
            uuid=row.id, ordinal=row.ordinal, kind=row.kind, at=row.at, by_id=row.by_id, words=row.words,
            officer_ids=list(row.officers), inspection_id=row.inspection_id, scheme_id=row.scheme_id,
            finding_ids=list(row.findings), measure_id=row.measure_id,
        )  # fmt: skip


@strawberry.type(description="A place that is refused for a shift. Nothing of it says who refused, or how many did.")
class RefusedPlace:
    """The condition, as everybody reads it who may."""

    uuid: UUID = strawberry.field(description="The id of the refusal.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    workplace_id: UUID | None = strawberry.field(description="The workplace of the register, if it is one.")
    place: str = strawberry.field(description="The place.")
    day: date = strawberry.field(description="The day in Asia/Shanghai.")
    shift: ShiftKind = strawberry.field(description="The shift.")
    clause: str = strawberry.field(description="The clause of the commitment that is not met, in words.")
    clause_key: str | None = strawberry.field(description="The key of that clause.")
    danger: DangerKind | None = strawberry.field(description="The danger.")
    since: date = strawberry.field(description="Since when it is so.")
    made_at: datetime = strawberry.field(description="The minute of the alarm.")
    lifted_at: datetime | None = strawberry.field(description="When it was lifted; null while the place is refused.")

    @identity
    def refused_id(self) -> strawberry.ID:
        return strawberry.ID(f"refused-place-{self.uuid}")

    @classmethod
    def of(cls, row: RefusalRow) -> "RefusedPlace":
        """Tell a row."""
        same = ("mine_id", "workplace_id", "place", "day", "shift", "clause", "danger", "since", "made_at", "lifted_at")
        return cls(uuid=row.id, clause_key=row.clause_key or None, **{name: getattr(row, name) for name in same})


@strawberry.type(description="A refusal as officers read it: the condition, how far it is, how many reports it has.")
class Refusal:
    """A refusal as officers read it."""

    uuid: UUID = strawberry.field(description="Its id.")
    condition: RefusedPlace = strawberry.field(description="What the mine reads, and nothing more.")

    @identity
    def refusal_id(self) -> strawberry.ID:
        return strawberry.ID(f"refusal-{self.uuid}")

    @derived(description="The mine; null where you do not see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return await mines.mine(info.context, self.condition.mine_id)

    @derived(description="Where it stands; null where that is not for you.")
    async def state(self, info: Info) -> RefusalState | None:
        row = await standing_of(info.context, self.uuid)
        return row.state if row else None

    @derived(description="How many reports say it; null where that is not for you.")
    async def reports(self, info: Info) -> int | None:
        row = await standing_of(info.context, self.uuid)
        return row.reports if row else None

    @derived(description="Its steps, the oldest first.")
    async def steps(self, info: Info) -> list[RefusalStep]:
        return [RefusalStep.of(step) for _, step in await steps_of(info.context, self.uuid)]

    @classmethod
    def of(cls, row: RefusalRow) -> "Refusal":
        """Tell a row."""
        return cls(uuid=row.id, condition=RefusedPlace.of(row))


@strawberry.type
class RefusalQuery:
    """Reading refusals."""

    @query(access=needs(Verb.REFUSAL_READ), description="Refusals within your reach, newest first.")
    async def refusals(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None, standing_on: OnDay = None,
    ) -> Connection[Refusal] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.REFUSAL_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.refusals_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id,
                standing_on=standing_on,
            )  # fmt: skip
        return pages.connection(rows, page, node=Refusal.of, key=lambda row: (row.made_at, row.id))

    @query(
        access=needs(Verb.REFUSAL_READ_OWN),
        description="What is refused at your mine on a day, 100 at most; a miner reads what concerns his places.",
    )
    async def refusals_at(self, info: Info, day: Day) -> list[RefusedPlace] | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor.seeing(Verb.REFUSAL_READ_OWN)) as sql:
            return [RefusedPlace.of(row) for row in await queries.refusals_at(sql, actor, day=day)]


AREA = Area(query=RefusalQuery)
