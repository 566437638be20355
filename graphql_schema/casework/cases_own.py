"""What may live here: what a mine reads of its own cases."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.casework import cases  # noqa: F401 # Its enums are named here.
from graphql_schema.context import Context, Info
from graphql_schema.pages import After, Before, Connection, First, Last
from graphql_schema.scalars import Position
from storage.casework.cases import showing
from storage.casework.cases.showing import SHOWN, OwnStep
from storage.casework.cases.steps import StepKind
from storage.record.actor import Verb


async def _steps(context: Context, ids: list[UUID]) -> Iterable[OwnStep]:
    actor = context.signed_in()
    actor.require(Verb.CASE_READ_OWN)
    async with context.database.reading(showing.at_his_mines(actor)) as sql:
        return await showing.own_steps(sql, ids)


steps_of = loaders.many(_steps, key=lambda row: row.case_id)


@strawberry.type(description="A step of a case that the law gives its party to read.")
class OwnCaseStep:
    """A step that the mine reads."""

    uuid: UUID = strawberry.field(description="Its id in the record.")
    kind: StepKind = strawberry.field(description="What kind of step.")
    article: str = strawberry.field(description="The article that gives it to the party.")
    at: datetime = strawberry.field(description="When it was done, or reached the party.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")
    body: str = strawberry.field(description="What it says, as canonical JSON: the same as in its entry.")
    entry_id: UUID = strawberry.field(description="Its entry in the ledger; inclusion proofs go by it.")
    position: Position | None = strawberry.field(description="The entry's place in the ledger, once it has one.")

    @identity
    def own_id(self) -> strawberry.ID:
        return strawberry.ID(f"own-case-step-{self.uuid}")

    @classmethod
    def of(cls, row: OwnStep) -> "OwnCaseStep":
        """Tell a row."""
        kind = StepKind(row.kind)
        return cls(
            uuid=row.id, kind=kind, article=SHOWN[kind], at=row.at, recorded_at=row.recorded_at, body=row.body,
            entry_id=row.entry_id, position=None if row.position is None else Position(row.position),
        )  # fmt: skip


@strawberry.type(description="A case as the mine reads it that it is against: what it was told, said, and got.")
class OwnCase:
    """A case as its mine reads it."""

    uuid: UUID = strawberry.field(description="Its id in the record.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    cause: str = strawberry.field(description="The cause of the case (案由).")
    simple: bool = strawberry.field(description="Whether it was decided on the spot.")
    opened_at: datetime = strawberry.field(description="When it was opened.")

    @identity
    def own_id(self) -> strawberry.ID:
        return strawberry.ID(f"own-case-{self.uuid}")

    @derived(description="The steps that the law gives the unit to read, in their order.")
    async def steps(self, info: Info) -> list[OwnCaseStep]:
        return [OwnCaseStep.of(row) for row in await steps_of(info.context, self.uuid)]

    @classmethod
    def of(cls, row: showing.OwnCase) -> "OwnCase":
        """Tell a row."""
        return cls(uuid=row.id, mine_id=row.mine_id, cause=row.cause, simple=row.simple, opened_at=row.opened_at)


@strawberry.type
class OwnCaseQuery:
    """Cases as their mines read them."""

    @query(
        access=needs(Verb.CASE_READ_OWN),
        description="The cases against your mine of which it was told, newest first; never what stays in the agency.",
    )
    async def own_cases(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[OwnCase] | None:
        page, actor = pages.page(first, after, last, before), showing.at_his_mines(info.context.signed_in())
        async with info.context.database.reading(actor) as sql:
            rows = await showing.own_cases(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(rows, page, node=OwnCase.of, key=lambda row: (row.opened_at, row.id))


AREA = Area(query=OwnCaseQuery)
