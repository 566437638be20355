"""What may live here: retaliation in GraphQL: what was reported, its clocks, and what verification found."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.defects import law_of
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, value_id
from storage.miners.refusals import examining, retaliating
from storage.miners.refusals.examining import RetaliationRow
from storage.miners.refusals.retaliating import Clock, Examined, Taken
from storage.miners.refusals.tables import RetaliationStepKind
from storage.record.actor import Verb
from storage.record.work import perform


async def _steps(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, Taken]]:
    async with context.database.reading(context.signed_in().seeing(Verb.RETALIATION_READ)) as sql:
        found = await examining.steps_of_retaliations(sql, ids)
    return [(id, step) for id, steps in found.items() for step in steps]


steps_of = loaders.many(_steps, key=lambda row: row[0])


@strawberry.type(description="One step of a matter of retaliation.")
class RetaliationStep:
    """One step of it."""

    uuid: UUID = strawberry.field(description="The id of the step.")
    kind: RetaliationStepKind = strawberry.field(description="Which step.")
    at: datetime = strawberry.field(description="When; of the report the minute of the alarm.")
    by_id: UUID | None = strawberry.field(description="The account that took it; null of the report.")
    words: str = strawberry.field(description="What was said.")
    case_id: UUID | None = strawberry.field(description="The case that answers it.")

    @identity
    def step_id(self) -> strawberry.ID:
        return strawberry.ID(f"retaliation-step-{self.uuid}")

    @classmethod
    def of(cls, row: Taken) -> "RetaliationStep":
        """Tell a step."""
        same = ("kind", "at", "by_id", "words", "case_id")
        return cls(uuid=row.id, **{name: getattr(row, name) for name in same})


@strawberry.type(description="A clock that runs against the authority in a matter of retaliation.")
class RetaliationClock:
    """A clock of it."""

    key: str = strawberry.field(description="Which.")
    article: str = strawberry.field(description="The article that asks for it.")
    start: date = strawberry.field(description="From which day.")
    ends: date | None = strawberry.field(description="The last day; null while the calendar of its year is missing.")
    alarm: date | None = strawberry.field(description="The last working day on which one can still act.")
    met_at: datetime | None = strawberry.field(description="When it was met; null while it runs.")

    @identity
    def clock_id(self) -> strawberry.ID:
        return value_id("retaliation-clock", self.key, self.start, self.met_at)

    @classmethod
    def of(cls, row: Clock) -> "RetaliationClock":
        """Tell a clock."""
        return cls(key=row.key, article=row.article, start=row.start, ends=row.ends, alarm=row.alarm, met_at=row.met_at)


@strawberry.type(
    description="An obstruction, or revenge on whoever refused or reported; never of whose report it comes."
)
class Retaliation:
    """A matter of retaliation."""

    uuid: UUID = strawberry.field(description="Its id.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    state: RetaliationStepKind = strawberry.field(description="Where it stands.")
    reported_at: datetime = strawberry.field(description="The minute of the alarm.")

    @identity
    def retaliation_id(self) -> strawberry.ID:
        return strawberry.ID(f"retaliation-{self.uuid}")

    @derived(description="Its steps, the oldest first.")
    async def steps(self, info: Info) -> list[RetaliationStep]:
        return [RetaliationStep.of(step) for _, step in await steps_of(info.context, self.uuid)]

    @derived(description="The clocks that run against the authority.")
    async def clocks(self, info: Info) -> list[RetaliationClock]:
        steps = [step for _, step in await steps_of(info.context, self.uuid)]
        law = await law_of(info.context)
        return [RetaliationClock.of(one) for one in retaliating.clocks_of(steps, law)] if steps else []

    @classmethod
    def of(cls, row: RetaliationRow) -> "Retaliation":
        """Tell a row."""
        return cls(uuid=row.id, mine_id=row.mine_id, state=row.state, reported_at=row.reported_at)


@strawberry.input(description="A step in a matter of retaliation.")
class ExamineRetaliationInput:
    """A step in a matter of retaliation."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    retaliation_id: UUID = strawberry.field(description="The UUID of the matter.")
    kind: RetaliationStepKind = strawberry.field(description="LOOKED_INTO, ESTABLISHED or NOT_ESTABLISHED.")
    words: str = strawberry.field(description="What was looked at, or found; the reporter reads it.")
    case_id: UUID | None = strawberry.field(default=None, description="Established: the case of the mine.")

    def examined(self) -> Examined:
        """The step as storage takes it."""
        return Examined(id=self.id, kind=self.kind, words=self.words, case_id=self.case_id)


@strawberry.type(description="What came of a step in a matter of retaliation.")
class ExamineRetaliationPayload:
    """What came of it."""

    retaliation: Retaliation | None = strawberry.field(default=None, description="The matter as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type
class RetaliationQuery:
    """Reading matters of retaliation."""

    @query(
        access=needs(Verb.RETALIATION_READ),
        description="Matters of retaliation, newest first: of your county for verification, else one level up.",
    )
    async def retaliations(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Retaliation] | None:
        page = pages.page(first, after, last, before)
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.RETALIATION_READ)) as sql:
            rows = await examining.retaliations_visible_to(
                sql, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(rows, page, node=Retaliation.of, key=lambda row: (row.reported_at, row.id))


@strawberry.type
class RetaliationMutation:
    """Acts on matters of retaliation."""

    @mutation(
        access=needs(Verb.RETALIATION_EXAMINE),
        description="Look into a matter of retaliation, and say what it was; what is established has its case.",
    )
    async def examine_retaliation(
        self, info: Info, input: Annotated[ExamineRetaliationInput, strawberry.argument(description="The step.")]
    ) -> ExamineRetaliationPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), examining.examine_retaliation,
            retaliation_id=input.retaliation_id, examined=input.examined(),
        )  # fmt: skip
        return ExamineRetaliationPayload(retaliation=Retaliation.of(row))


AREA = Area(query=RetaliationQuery, mutation=RetaliationMutation)
