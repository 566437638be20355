"""What may live here: matters of conduct in GraphQL, with steps, deadlines, grounds; the acts are in conduct_acts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import signed_in
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.casework.conduct_duty import Deed
from graphql_schema.context import Context, Info
from graphql_schema.defects import law_of
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.scalars import Position
from storage.casework.conduct import clocks, duty, queries
from storage.casework.conduct import history as matters
from storage.casework.conduct.history import History
from storage.casework.conduct.queries import MatterRow
from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind, MatterState
from storage.record.clock import day_of
from storage.record.law import conduct as law_of_conduct
from storage.record.law.conduct import Ground, GroundOf

for kind, name, told in (
    (MatterKind, "ConductMatterKind", "What is dealt with: 尽职免责, 问责建议, a complaint, 回避."),
    (About, "ConductAbout", "What a matter of conduct is about."),
    (ConductTurn, "ConductStepKind", "What became of a matter of conduct."),
    (ConductOutcome, "ConductOutcome", "What was found, decided or replied."),
    (MatterState, "ConductMatterState", "Where a matter of conduct stands."),
    (GroundOf, "ConductGroundOf", "What a ground speaks for."),
):
    labelled(kind, name=name, description=told)


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[MatterRow]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.matters_by_ids(sql, ids)


async def _steps(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, matters.Step]]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.steps_of(sql, ids)


matter_by_id = loaders.one(_by_ids, key=lambda row: row.id)
steps_of = loaders.many(_steps, key=lambda row: row[0])


@strawberry.type(description="A ground of a closed list, with its article; unsettled ones are the project's wording.")
class ConductGround:
    """A ground of a closed list."""

    key: str = strawberry.field(description="Its key, as inputs take it.")
    of: GroundOf = strawberry.field(description="What it speaks for.")
    title: str = strawberry.field(description="The ground in words.")
    article: str = strawberry.field(description="By which text.")
    in_force_from: date = strawberry.field(description="The first day on which it holds.")
    settled: bool = strawberry.field(description="Whether the text gives the wording.")
    note: str = strawberry.field(description="What is open about it.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("ground", self.key, self.in_force_from)

    @classmethod
    def of_law(cls, one: Ground) -> "ConductGround":
        """Tell a ground."""
        same = ("key", "of", "title", "article", "in_force_from", "settled", "note")
        return cls(**{name: getattr(one, name) for name in same})


@strawberry.type(description="A step of a matter; it is never changed.")
class ConductStep:
    """A step of a matter."""

    uuid: UUID = strawberry.field(description="Its id.")
    kind: ConductTurn = strawberry.field(description="What was done.")
    at: datetime = strawberry.field(description="When it was done.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")
    recorded_by: UUID = strawberry.field(description="The account that took it.")
    words: str = strawberry.field(description="What was said.")
    outcome: ConductOutcome | None = strawberry.field(description="What was found, decided or replied.")
    grounds: list[str] = strawberry.field(description="The keys of its grounds.")
    organ: str = strawberry.field(description="The organ to which it was passed on.")
    subject_id: UUID | None = strawberry.field(description="The finding that it confirms or does not.")
    evidence_ids: list[UUID] = strawberry.field(description="The pieces of evidence that it names.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("ConductStep", self.uuid)

    @classmethod
    def of(cls, step: matters.Step) -> "ConductStep":
        """Tell a step."""
        same = ("kind", "at", "recorded_at", "words", "outcome", "organ", "subject_id")
        return cls(
            uuid=step.id, recorded_by=step.by, grounds=list(step.grounds), evidence_ids=list(step.evidence),
            **{name: getattr(step, name) for name in same},
        )  # fmt: skip


@strawberry.type(description="A deadline that runs or ran in a matter.")
class ConductDeadline:
    """A deadline of a matter."""

    key: str = strawberry.field(description="The parameter of the law that it is.")
    article: str = strawberry.field(description="Its article.")
    ends: date | None = strawberry.field(description="Its last day; null while the year's holidays are not published.")
    alarm: date | None = strawberry.field(description="The last working day on which one can still act.")
    settled: bool = strawberry.field(description="Whether the text gives the number, or the project chose it.")
    note: str = strawberry.field(description="What is open about it.")
    met_at: datetime | None = strawberry.field(description="When it was met; null until then.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("conduct-deadline", self.key, self.ends, self.met_at)

    @classmethod
    def of(cls, clock: clocks.Clock) -> "ConductDeadline":
        """Tell a clock."""
        one = clock.deadline
        return cls(
            key=clock.key, article=clock.article, ends=one.ends if one else None, alarm=one.alarm if one else None,
            settled=one.settled if one else False, note=one.note if one else "", met_at=clock.met_at,
        )  # fmt: skip


@strawberry.type(description="A matter about the conduct of one officer.")
class ConductMatter(Node):
    """A matter about the conduct of one officer."""

    row: strawberry.Private[MatterRow]
    uuid: UUID = strawberry.field(description="The id that the client made.")
    kind: MatterKind = strawberry.field(description="What is dealt with.")
    officer_id: UUID = strawberry.field(description="The account of the officer.")
    mine_id: UUID | None = strawberry.field(description="The UUID of the mine, where it is about one.")
    about: About = strawberry.field(description="What it is about.")
    subject_id: UUID | None = strawberry.field(description="The UUID of what it is about, where the record holds it.")
    reference: str = strawberry.field(description="What it is about, in words or by a number.")
    as_of: Position | None = strawberry.field(
        description="Of an exemption: the size of the checkpoint up to which the record is looked at."
    )
    state: MatterState = strawberry.field(description="Where it stands.")
    granted: bool = strawberry.field(description="Of a recusal: whether he is recused.")
    decided_at: datetime | None = strawberry.field(description="Since when.")
    opened_by: UUID = strawberry.field(description="The account that opened it.")
    opened_at: datetime = strawberry.field(description="When it was opened.")

    @derived(description="Its steps, in their order.")
    async def steps(self, info: Info) -> list[ConductStep]:
        return [ConductStep.of(step) for _, step in await steps_of(info.context, self.uuid)]

    @derived(description="The deadlines that run or ran in it.")
    async def deadlines(self, info: Info) -> list[ConductDeadline]:
        steps = tuple(step for _, step in await steps_of(info.context, self.uuid))
        history = History(kind=self.kind, officer_id=self.officer_id, steps=steps)
        return [ConductDeadline.of(one) for one in clocks.clocks_of(history, await law_of(info.context))]

    @classmethod
    def of(cls, row: MatterRow) -> "ConductMatter":
        """Tell a row."""
        same = ("officer_id", "mine_id", "subject_id", "reference", "granted", "decided_at", "opened_by", "opened_at")
        return cls(
            id=global_id("ConductMatter", row.id), row=row, uuid=row.id, kind=MatterKind(row.kind),
            about=About(row.about), state=MatterState(row.state),
            as_of=None if row.as_of is None else Position(row.as_of),
            **{name: getattr(row, name) for name in same},
        )  # fmt: skip


async def matter(context: Context, id: UUID) -> ConductMatter | None:
    """Fetch the node of a UUID."""
    row = await matter_by_id(context, id)
    return ConductMatter.of(row) if row else None


@strawberry.type
class ConductQuery:
    """Matters of conduct, and the grounds on which they are found."""

    @query(
        access=signed_in,
        description="The matters that you may see, newest first: those about you (no complaint), those that you"
        " opened, the recusals within your reach, and as head or supervision all others.",
    )
    async def conduct_matters(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        kind: Annotated[MatterKind | None, strawberry.argument(description="Only of this kind.")] = None,
        officer_id: Annotated[UUID | None, strawberry.argument(description="Only about this account.")] = None,
        open_only: Annotated[bool, strawberry.argument(description="Only what has not ended.")] = False,
    ) -> Connection[ConductMatter] | None:  # fmt: skip
        page = pages.page(first, after, last, before)
        async with info.context.database.reading(info.context.signed_in()) as sql:
            rows = await queries.matters_visible_to(
                sql, limit=page.limit, behind=page.key, backwards=page.backwards, kind=kind, officer_id=officer_id,
                open_only=open_only,
            )  # fmt: skip
        return pages.connection(rows, page, node=ConductMatter.of, key=lambda row: (row.opened_at, row.id))

    @query(
        access=signed_in,
        description="Of a matter that you may see: what stood on record of the officer, at its mine, up to the"
        " checkpoint that it names; newest first.",
    )
    async def conduct_on_record(
        self, info: Info, matter_id: Annotated[UUID, strawberry.argument(description="The UUID of the matter.")],
        first: First = None, after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[Deed] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            row = await queries.matter_of_id(sql, matter_id)
            duty.must_be_his_to_read(actor, row)
            found = await duty.deeds_as_of(
                sql, row, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(found, page, node=Deed.of)

    @query(access=signed_in, description="The grounds of the closed lists on a day, with their articles.")
    def conduct_grounds(
        self, info: Info,
        of: Annotated[GroundOf | None, strawberry.argument(description="Only of this list.")] = None,
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[ConductGround] | None:  # fmt: skip
        found = law_of_conduct.grounds_on(on or day_of(info.context.now()), of)
        return [ConductGround.of_law(one) for one in found.values()]


AREA = Area(query=ConductQuery, nodes={"ConductMatter": matter}, types=(ConductMatter,))
