"""What may live here: the acts of lists and figures in GraphQL: draft, decide, publish."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.trust.disclosures_acts import digest_bytes
from graphql_schema.trust.lists import PublishedFigures, PublishedList, agency_of
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.trust.disclosures.copies.lists import Item
from storage.trust.lists import operations, queries
from storage.trust.lists.tables import ListKind

_OPERATION_ID = "Made by the client; the same id again is the same act."
_NOTE = "Why: 1 to 1,000 characters."
_DIVISION = "The division whose department it is: two, four or six digits."
_OFFICE = "Or the code of the branch office."


@strawberry.input(description="One line of a drafted list; which members it has depends on its kind.")
class ListItemInput:
    """One line of a drafted list."""

    name: str = strawberry.field(description="The name: of a document, a unit, an expert, a way.")
    number: str | None = strawberry.field(default=None, description="Its number.")
    text: str | None = strawberry.field(default=None, description="What is said of it.")
    article: str | None = strawberry.field(default=None, description="The article.")
    day: date | None = strawberry.field(default=None, description="Its day: issued on, or valid until.")
    credit_code: str | None = strawberry.field(default=None, description="The credit code of a unit.")
    county: str | None = strawberry.field(default=None, description="The county of a unit, six digits.")

    def item(self) -> Item:
        """What storage takes."""
        return Item(
            name=self.name, number=self.number, text=self.text, article=self.article, day=self.day,
            credit_code=self.credit_code, county=self.county,
        )  # fmt: skip


@strawberry.input(description="The next version of a list.")
class DraftListInput:
    """The next version of a list."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    kind: ListKind = strawberry.field(description="What it lists.")
    division: str | None = strawberry.field(default=None, description=_DIVISION)
    office: str | None = strawberry.field(default=None, description=_OFFICE)
    items: list[ListItemInput] | None = strawberry.field(
        default=None, description="The lines; null for what the record knows and gathers itself."
    )
    note: str = strawberry.field(description=_NOTE)


@strawberry.input(description="What is said to a draft.")
class DecideListInput:
    """What is said to a draft."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    list_id: UUID = strawberry.field(description="The UUID of the version.")
    approve: bool = strawberry.field(description="Approving publishes it by the same act.")
    note: str = strawberry.field(description=_NOTE)


@strawberry.input(description="Figures of a quarter or year, as they were previewed.")
class PublishFiguresInput:
    """Figures of a quarter or year."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    year: int = strawberry.field(description="The year.")
    quarter: int | None = strawberry.field(default=None, description="The quarter, 1 to 4; null for the whole year.")
    division: str | None = strawberry.field(default=None, description=_DIVISION)
    office: str | None = strawberry.field(default=None, description=_OFFICE)
    digest: str = strawberry.field(description="The digest of the preview that you saw, in hexadecimal.")


@strawberry.type(description="What came of drafting.")
class DraftListPayload:
    """What came of drafting."""

    list: PublishedList | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding.")
class DecideListPayload:
    """What came of deciding."""

    list: PublishedList | None = strawberry.field(default=None, description="The version as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of publishing figures.")
class PublishFiguresPayload:
    """What came of publishing figures."""

    figures: PublishedFigures | None = strawberry.field(default=None, description="What was published.")
    problem: Problem | None = problem_field()


@strawberry.type
class ListMutation:
    """Acts of lists and figures."""

    @mutation(access=needs(Verb.LIST_DRAFT), description="Draft the next version of a list; nothing of it is public.")
    async def draft_list(
        self, info: Info, input: Annotated[DraftListInput, strawberry.argument(description="What.")]
    ) -> DraftListPayload | None:
        context = info.context
        items = None if input.items is None else [one.item() for one in input.items]
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.list_again,
            operations.draft_list, kind=input.kind, agency=agency_of(input.division, input.office), items=items,
            note=input.note,
        )  # fmt: skip
        return DraftListPayload(list=PublishedList.of(row))

    @mutation(
        access=needs(Verb.LIST_APPROVE),
        description="Approve a draft of somebody else, which publishes it; or turn it down.",
    )
    async def decide_list(
        self, info: Info, input: Annotated[DecideListInput, strawberry.argument(description="What.")]
    ) -> DecideListPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.list_again,
            operations.decide_list, list_id=input.list_id, approve=input.approve, note=input.note,
        )  # fmt: skip
        return DecideListPayload(list=PublishedList.of(row))

    @mutation(access=needs(Verb.DISCLOSURE_PUBLISH), description="Publish the figures that were previewed.")
    async def publish_figures(
        self, info: Info, input: Annotated[PublishFiguresInput, strawberry.argument(description="What.")]
    ) -> PublishFiguresPayload | None:
        context, digest = info.context, digest_bytes(input.digest)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.figures_again,
            operations.publish_figures, agency=agency_of(input.division, input.office), year=input.year,
            quarter=input.quarter, digest=digest,
        )  # fmt: skip
        return PublishFiguresPayload(figures=PublishedFigures.of(row))


AREA = Area(mutation=ListMutation)
