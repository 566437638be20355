"""What may live here: what may be read of a year's clauses in GraphQL: by version, a mine's own, and as they hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, open_to_all
from graphql_schema.area import Area, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from graphql_schema.promises.templates_clauses import CommitmentClause
from storage.promises.templates import queries, tables
from storage.promises.templates.proposal import proposal_for
from storage.promises.templates.rules import must_be_a_year_to_promise
from storage.record.actor import Verb, stranger
from storage.record.clock import day_of

_DECIDED = "Whether it was approved; null until it is decided. From then on nothing of it changes."


@strawberry.type(description="One version of a year's clauses; the highest that was approved is the year's template.")
class CommitmentTemplate(Node):
    """One version of a year's clauses."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    year: int = strawberry.field(description="The year.")
    version: int = strawberry.field(description="Which version of that year, from 1.")
    clauses: list[CommitmentClause] = strawberry.field(description="Its clauses, in order.")
    note: str = strawberry.field(description="What the drafter says of it.")
    drafted_by: strawberry.ID = strawberry.field(description="The account that drafted it.")
    drafted_at: datetime = strawberry.field(description="When it was drafted.")
    approved: bool | None = strawberry.field(description=_DECIDED)
    decided_by: strawberry.ID | None = strawberry.field(description="The account that decided it, another one.")
    decided_at: datetime | None = strawberry.field(description="When it was decided.")
    decision_note: str | None = strawberry.field(description="What the decider said of it.")

    @classmethod
    def of(cls, row: tables.Template) -> "CommitmentTemplate":
        """Tell a row."""
        return cls(
            id=global_id("CommitmentTemplate", row.id), uuid=row.id, year=row.year, version=row.version,
            clauses=[CommitmentClause.of(one) for one in queries.clauses_of(row)], note=row.note,
            drafted_by=global_id("Account", row.drafted_by), drafted_at=row.drafted_at, approved=row.approved,
            decided_by=global_id("Account", row.decided_by) if row.decided_by else None, decided_at=row.decided_at,
            decision_note=row.decision_note,
        )  # fmt: skip


@strawberry.type(description="A clause that a mine adds for a year: stricter than the template's of its key, or new.")
class OwnClause(Node):
    """A clause that a mine adds for a year."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    year: int = strawberry.field(description="The year.")
    clause: CommitmentClause = strawberry.field(description="What it says.")
    replaces: strawberry.ID | None = strawberry.field(description="The own clause in whose place it stands, if any.")
    note: str = strawberry.field(description="What the drafter says of it.")
    drafted_by: strawberry.ID = strawberry.field(description="The account that drafted it.")
    drafted_at: datetime = strawberry.field(description="When it was drafted.")
    adopted: bool | None = strawberry.field(description="Whether the principal adopted it; null until he decided.")
    decided_by: strawberry.ID | None = strawberry.field(description="The account that decided it, another one.")
    decided_at: datetime | None = strawberry.field(description="When it was decided.")
    decision_note: str | None = strawberry.field(description="What was said of it then.")

    @classmethod
    def of(cls, row: tables.OwnClause) -> "OwnClause":
        """Tell a row."""
        return cls(
            id=global_id("OwnClause", row.id), uuid=row.id, mine_id=global_id("Mine", row.mine_id), year=row.year,
            clause=CommitmentClause.of(queries.clause_of_row(row)), note=row.note,
            replaces=global_id("OwnClause", row.replaces) if row.replaces else None,
            drafted_by=global_id("Account", row.drafted_by), drafted_at=row.drafted_at, adopted=row.approved,
            decided_by=global_id("Account", row.decided_by) if row.decided_by else None, decided_at=row.decided_at,
            decision_note=row.decision_note,
        )  # fmt: skip


@strawberry.type(description="A clause as it holds for one mine.")
class PromisedClause:
    """A clause as it holds for one mine."""

    clause: CommitmentClause = strawberry.field(description="What must hold.")
    own: bool = strawberry.field(description="Whether it is the mine's own, stricter than the template's or new.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("promised", self.own, repr(self.clause))


@strawberry.type(description="What a mine promises in a year, by the template that is approved today.")
class PromisesOfMine:
    """What a mine promises in a year."""

    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    year: int = strawberry.field(description="The year.")
    version: int = strawberry.field(description="The version of the year's template.")
    clauses: list[PromisedClause] = strawberry.field(description="The clauses; new ones of the mine's own come last.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("promises", self.mine_id, self.year, self.version)


async def _templates(context: Context, ids: list[UUID]) -> Iterable[tables.Template]:
    actor = context.signed_in()
    actor.require(Verb.TEMPLATE_READ)
    async with context.database.reading(actor.seeing(Verb.TEMPLATE_READ)) as sql:
        return await queries.templates_by_ids(sql, ids)


async def _own_clauses(context: Context, ids: list[UUID]) -> Iterable[tables.OwnClause]:
    actor = context.signed_in()
    actor.require(Verb.TEMPLATE_READ)
    async with context.database.reading(actor.seeing(Verb.TEMPLATE_READ)) as sql:
        return await queries.own_clauses_by_ids(sql, ids)


template_by_id = loaders.one(_templates, key=lambda row: row.id)
own_clause_by_id = loaders.one(_own_clauses, key=lambda row: row.id)


async def template(context: Context, id: UUID) -> CommitmentTemplate | None:
    """Fetch the node of a UUID."""
    row = await template_by_id(context, id)
    return CommitmentTemplate.of(row) if row else None


async def own_clause(context: Context, id: UUID) -> OwnClause | None:
    """Fetch the node of a UUID."""
    row = await own_clause_by_id(context, id)
    return OwnClause.of(row) if row else None


Year = Annotated[int, strawberry.argument(description="The year.")]
OfYear = Annotated[int | None, strawberry.argument(description="Only of this year.")]
OfMine = Annotated[UUID, strawberry.argument(description="The UUID of the mine.")]


@strawberry.type
class TemplateQuery:
    """What a year's commitments say."""

    @query(access=needs(Verb.TEMPLATE_READ), description="Versions of the years' clauses, newest first.")
    async def commitment_templates(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        year: OfYear = None,
    ) -> Connection[CommitmentTemplate] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.TEMPLATE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.templates_visible_to(
                sql, limit=page.limit, behind=page.key, backwards=page.backwards, year=year
            )
        return pages.connection(rows, page, node=CommitmentTemplate.of, key=lambda row: (row.drafted_at, row.id))

    @query(
        access=needs(Verb.TEMPLATE_DRAFT),
        description="Clauses from which a year's template may be drafted, as the implementing opinions give them. They"
        " are a proposal and no template: nothing holds by them.",
    )
    async def commitment_proposal(self, info: Info, year: Year) -> list[CommitmentClause] | None:
        must_be_a_year_to_promise(year, day_of(info.context.now()))
        return [CommitmentClause.of(one) for one in proposal_for(year)]

    @query(access=needs(Verb.TEMPLATE_READ), description="The own clauses of mines within reach, newest first.")
    async def own_clauses(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: Annotated[UUID | None, strawberry.argument(description="Only of this mine.")] = None,
        year: OfYear = None,
    ) -> Connection[OwnClause] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.TEMPLATE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.own_clauses_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id, year=year
            )
        return pages.connection(rows, page, node=OwnClause.of, key=lambda row: (row.drafted_at, row.id))

    @query(
        access=open_to_all,
        description="What a mine promises in a year, clause by clause, for whoever asks: no account is needed. Null"
        " while no template of the year is approved. A mine that is not known has no clauses of its own.",
    )
    async def clauses_for(self, info: Info, mine_id: OfMine, year: Year) -> PromisesOfMine | None:
        async with info.context.database.reading(stranger()) as sql:
            found = await queries.clauses_for(sql, mine_id, year)
        if found is None:
            return None
        promised = [PromisedClause(clause=CommitmentClause.of(one.clause), own=one.own) for one in found.promised]
        return PromisesOfMine(
            mine_id=global_id("Mine", mine_id), year=year, version=found.version, clauses=promised
        )  # fmt: skip


AREA = Area(
    query=TemplateQuery, nodes={"CommitmentTemplate": template, "OwnClause": own_clause},
    types=(CommitmentTemplate, OwnClause),
)  # fmt: skip
