"""What may live here: the acts on a year's clauses in GraphQL: drafting and deciding, of the province and of a mine."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.promises.templates import CommitmentTemplate, OwnClause
from graphql_schema.promises.templates_clauses import CommitmentClauseInput
from storage.promises.templates import operations, queries, tightening
from storage.record.actor import Verb
from storage.record.work import perform_once

_OPERATION_ID = "Made by the client; the same id again is the same act."
_NOTE = "What you say of it, up to 1,000 characters."


@strawberry.input(description="The next version of a year's clauses.")
class DraftTemplateInput:
    """The next version of a year's clauses."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    year: int = strawberry.field(description="This year or the next.")
    clauses: list[CommitmentClauseInput] = strawberry.field(
        description="All its clauses, 1 to 100, no key twice, each of the five fields spoken of."
    )
    note: str = strawberry.field(default="", description=_NOTE)


@strawberry.input(description="A version to approve or reject.")
class DecideTemplateInput:
    """A version to approve or reject."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    template_id: UUID = strawberry.field(description="The UUID of the version.")
    approve: bool = strawberry.field(description="True approves, false rejects.")
    note: str = strawberry.field(default="", description=_NOTE)


@strawberry.input(description="A clause of a mine's own.")
class DraftOwnClauseInput:
    """A clause of a mine's own."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    year: int = strawberry.field(description="This year or the next.")
    clause: CommitmentClauseInput = strawberry.field(description="What it says: stricter than what stands, or new.")
    note: str = strawberry.field(default="", description=_NOTE)


@strawberry.input(description="A clause of the mine's own to adopt or reject.")
class DecideOwnClauseInput:
    """A clause of the mine's own to adopt or reject."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    clause_id: UUID = strawberry.field(description="The UUID of the own clause.")
    adopt: bool = strawberry.field(description="True adopts, false rejects.")
    note: str = strawberry.field(default="", description=_NOTE)


@strawberry.type(description="What came of drafting.")
class DraftTemplatePayload:
    """What came of drafting."""

    template: CommitmentTemplate | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding.")
class DecideTemplatePayload:
    """What came of deciding."""

    template: CommitmentTemplate | None = strawberry.field(default=None, description="The version, decided.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of drafting.")
class DraftOwnClausePayload:
    """What came of drafting."""

    own_clause: OwnClause | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding.")
class DecideOwnClausePayload:
    """What came of deciding."""

    own_clause: OwnClause | None = strawberry.field(default=None, description="The own clause, decided.")
    problem: Problem | None = problem_field()


@strawberry.type
class TemplateMutation:
    """Acts on a year's clauses."""

    @mutation(access=needs(Verb.TEMPLATE_DRAFT), description="Draft the next version of a year's clauses.")
    async def draft_template(
        self, info: Info, input: Annotated[DraftTemplateInput, strawberry.argument(description="The clauses.")]
    ) -> DraftTemplatePayload | None:
        context, clauses = info.context, tuple(one.clause() for one in input.clauses)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.template_again,
            operations.draft_template, year=input.year, clauses=clauses, note=input.note,
        )  # fmt: skip
        return DraftTemplatePayload(template=CommitmentTemplate.of(row))

    @mutation(
        access=needs(Verb.TEMPLATE_APPROVE),
        description="Approve or reject what another person drafted; from then on nothing of it changes.",
    )
    async def decide_template(
        self, info: Info, input: Annotated[DecideTemplateInput, strawberry.argument(description="The decision.")]
    ) -> DecideTemplatePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.template_again,
            operations.decide_template, template_id=input.template_id, approve=input.approve, note=input.note,
        )  # fmt: skip
        return DecideTemplatePayload(template=CommitmentTemplate.of(row))

    @mutation(access=needs(Verb.TEMPLATE_TIGHTEN), description="Draft a clause of a mine's own; it binds nobody yet.")
    async def draft_own_clause(
        self, info: Info, input: Annotated[DraftOwnClauseInput, strawberry.argument(description="The clause.")]
    ) -> DraftOwnClausePayload | None:
        context, clause = info.context, input.clause.clause()
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.own_clause_again,
            tightening.draft_own_clause, mine_id=input.mine_id, year=input.year, clause=clause, note=input.note,
        )  # fmt: skip
        return DraftOwnClausePayload(own_clause=OwnClause.of(row))

    @mutation(
        access=needs(Verb.TEMPLATE_ADOPT),
        description="Adopt or reject, as the principal, a clause that another person drafted for your mine.",
    )
    async def decide_own_clause(
        self, info: Info, input: Annotated[DecideOwnClauseInput, strawberry.argument(description="The decision.")]
    ) -> DecideOwnClausePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.own_clause_again,
            tightening.decide_own_clause, clause_id=input.clause_id, adopt=input.adopt, note=input.note,
        )  # fmt: skip
        return DecideOwnClausePayload(own_clause=OwnClause.of(row))


AREA = Area(mutation=TemplateMutation)
