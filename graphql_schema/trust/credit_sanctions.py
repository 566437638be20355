"""What may live here: joint sanctions in GraphQL: what other agencies are asked, and what they answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.trust.credit import OfMine, account
from graphql_schema.trust.credit_acts import OPERATION_ID, WORDS
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.trust.credit import queries, sanctions, tables
from storage.trust.credit.listing_rules import Asked
from storage.trust.credit.tables import SanctioningAgency

labelled(SanctioningAgency, description="Who is asked to act on an entry of the blacklist.")


@strawberry.type(description="What another agency was asked to do about an entry, and what it answered.")
class JointSanction(Node):
    """What another agency was asked."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    blacklisting_id: strawberry.ID = strawberry.field(description="The entry.")
    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    agency: SanctioningAgency = strawberry.field(description="Who was asked.")
    named: str | None = strawberry.field(description="Of any other: its name.")
    asked: str = strawberry.field(description="What it is asked to do.")
    basis: str = strawberry.field(description="By which text.")
    due_on: date = strawberry.field(description="By when it answers.")
    asked_by: strawberry.ID = strawberry.field(description="Who asked.")
    asked_at: datetime = strawberry.field(description="When.")
    done: bool | None = strawberry.field(description="Whether it was done; null until it answers.")
    answer: str | None = strawberry.field(description="What was done, or why not.")
    answered_on: date | None = strawberry.field(description="The day of the answer.")
    answered_by: strawberry.ID | None = strawberry.field(description="Who kept it.")

    @classmethod
    def of(cls, row: tables.Sanction) -> "JointSanction":
        """Tell a row."""
        same = ("named", "asked", "basis", "due_on", "asked_at", "done", "answer", "answered_on")
        told: dict[str, Any] = {name: getattr(row, name) for name in same}
        return cls(
            id=global_id("JointSanction", row.id), uuid=row.id, agency=SanctioningAgency(row.agency),
            blacklisting_id=global_id("Blacklisting", row.listing_id), mine_id=global_id("Mine", row.mine_id),
            asked_by=global_id("Account", row.asked_by), answered_by=account(row.answered_by), **told,
        )  # fmt: skip


async def _sanctions(context: Context, ids: list[UUID]) -> Iterable[tables.Sanction]:
    actor = context.signed_in()
    actor.require(Verb.SANCTION_READ)
    async with context.database.reading(actor.seeing(Verb.SANCTION_READ)) as sql:
        return await queries.sanctions_by_ids(sql, ids)


async def _of_listings(context: Context, ids: list[UUID]) -> Iterable[tables.Sanction]:
    """Nothing for whoever does not read them: the party of an entry."""
    async with context.database.reading(context.signed_in().seeing(Verb.SANCTION_READ)) as sql:
        return await queries.sanctions_of(sql, ids)


sanction_by_id = loaders.one(_sanctions, key=lambda row: row.id)
sanctions_of_listing = loaders.many(_of_listings, key=lambda row: row.listing_id)


async def sanction(context: Context, id: UUID) -> JointSanction | None:
    """Fetch the node of a UUID."""
    row = await sanction_by_id(context, id)
    return JointSanction.of(row) if row else None


@strawberry.input(description="What another agency is asked about an entry that stands.")
class AskSanctionInput:
    """What another agency is asked."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    blacklisting_id: UUID = strawberry.field(description="The UUID of the entry.")
    agency: SanctioningAgency = strawberry.field(description="Who is asked.")
    named: str = strawberry.field(default="", description="Of OTHER: its name, 1 to 100 characters.")
    asked: str = strawberry.field(description=f"What it is asked to do, {WORDS}")
    basis: str = strawberry.field(description=f"By which text, {WORDS}")
    due_on: date = strawberry.field(description="By when it answers, from today on.")

    def request(self) -> Asked:
        """What is asked, as storage takes it."""
        return Asked(agency=self.agency, named=self.named, asked=self.asked, basis=self.basis, due_on=self.due_on)


@strawberry.input(description="What an agency answered.")
class AnswerSanctionInput:
    """What an agency answered."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    sanction_id: UUID = strawberry.field(description="The UUID of what was asked.")
    done: bool = strawberry.field(description="Whether it was done.")
    words: str = strawberry.field(description=f"What was done, or why not: {WORDS}")
    answered_on: date = strawberry.field(description="The day of the answer: from that of the question to today.")


@strawberry.type(description="What came of asking an agency.")
class AskSanctionPayload:
    """What came of asking."""

    sanction: JointSanction | None = strawberry.field(default=None, description="What was asked.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of keeping an answer.")
class AnswerSanctionPayload:
    """What came of keeping an answer."""

    sanction: JointSanction | None = strawberry.field(default=None, description="What was answered.")
    problem: Problem | None = problem_field()


@strawberry.type
class SanctionQuery:
    """Reading joint sanctions."""

    @query(access=needs(Verb.SANCTION_READ), description="What other agencies were asked, newest first.")
    async def joint_sanctions(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
        overdue: Annotated[bool, strawberry.argument(description="Only what stands unanswered past its day.")] = False,
    ) -> Connection[JointSanction] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.SANCTION_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.sanctions_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id,
                overdue_at=info.context.now() if overdue else None,
            )  # fmt: skip
        return pages.connection(rows, page, node=JointSanction.of, key=lambda row: (row.asked_at, row.id))


@strawberry.type
class SanctionMutation:
    """Acts on joint sanctions."""

    @mutation(access=needs(Verb.SANCTION_ASK), description="Ask another agency to act on an entry that stands.")
    async def ask_sanction(
        self, info: Info, input: Annotated[AskSanctionInput, strawberry.argument(description="What is asked.")]
    ) -> AskSanctionPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.sanction_again,
            sanctions.ask_sanction, listing_id=input.blacklisting_id, asked=input.request(),
        )  # fmt: skip
        return AskSanctionPayload(sanction=JointSanction.of(row))

    @mutation(access=needs(Verb.SANCTION_ANSWER), description="Keep what an agency answered; late it is kept as well.")
    async def answer_sanction(
        self, info: Info, input: Annotated[AnswerSanctionInput, strawberry.argument(description="What it answered.")]
    ) -> AnswerSanctionPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.sanction_again,
            sanctions.answer_sanction, sanction_id=input.sanction_id, done=input.done, words=input.words,
            on=input.answered_on,
        )  # fmt: skip
        return AnswerSanctionPayload(sanction=JointSanction.of(row))


AREA = Area(query=SanctionQuery, mutation=SanctionMutation, nodes={"JointSanction": sanction})
