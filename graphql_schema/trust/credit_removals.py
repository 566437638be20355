"""What may live here: leaving the blacklist early in GraphQL: asked, decided, undone where fraud got it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, mutation
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import Node, global_id
from graphql_schema.trust.credit import account
from graphql_schema.trust.credit_acts import OPERATION_ID, WORDS
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.trust.credit import queries, removals, tables
from storage.trust.credit.tables import FraudGround

_ID = "The UUID of the request."


@strawberry.type(description="A request to leave the blacklist early: asked, decided, taken back.")
class BlacklistRemoval(Node):
    """A request to leave early."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    blacklisting_id: strawberry.ID = strawberry.field(description="The entry.")
    words: str = strawberry.field(description="What the party says.")
    proof_ids: list[strawberry.ID] = strawberry.field(description="Its sealed proof.")
    received: bool = strawberry.field(description="Whether an officer took it down.")
    asked_by: strawberry.ID = strawberry.field(description="Who asked.")
    asked_at: datetime = strawberry.field(description="When.")
    due_on: date | None = strawberry.field(description="The last day for the decision; late is told only.")
    granted: bool | None = strawberry.field(description="Whether it was granted; null until it is decided.")
    decision: str | None = strawberry.field(description="Why.")
    decided_by: strawberry.ID | None = strawberry.field(description="Who decided.")
    decided_at: datetime | None = strawberry.field(description="When.")
    restored_for: FraudGround | None = strawberry.field(description="Why it was taken back.")
    restoration: str | None = strawberry.field(description="In words.")
    restored_by: strawberry.ID | None = strawberry.field(description="Who took it back.")
    restored_at: datetime | None = strawberry.field(description="When.")

    @classmethod
    def of(cls, row: tables.Removal) -> "BlacklistRemoval":
        """Tell a row."""
        same = (
            "words", "received", "asked_at", "due_on", "granted", "decision", "decided_at", "restoration",
            "restored_at",
        )  # fmt: skip
        told: dict[str, Any] = {name: getattr(row, name) for name in same}
        return cls(
            id=global_id("BlacklistRemoval", row.id), uuid=row.id, asked_by=global_id("Account", row.asked_by),
            blacklisting_id=global_id("Blacklisting", row.listing_id), decided_by=account(row.decided_by),
            proof_ids=[global_id("Evidence", one) for one in row.proof], restored_by=account(row.restored_by),
            restored_for=FraudGround(row.restored_for) if row.restored_for else None, **told,
        )  # fmt: skip


async def _removals(context: Context, ids: list[UUID]) -> Iterable[tables.Removal]:
    async with context.database.reading(_reader(context)) as sql:
        return await queries.removals_by_ids(sql, ids)


async def _of_listings(context: Context, ids: list[UUID]) -> Iterable[tables.Removal]:
    async with context.database.reading(_reader(context)) as sql:
        return await queries.removals_of(sql, ids)


def _reader(context: Context) -> Any:
    actor = context.signed_in()
    return actor.seeing(Verb.BLACKLIST_READ if actor.may(Verb.BLACKLIST_READ) else Verb.BLACKLIST_READ_OWN)


removal_by_id = loaders.one(_removals, key=lambda row: row.id)
removals_of_listing = loaders.many(_of_listings, key=lambda row: row.listing_id)


async def removal(context: Context, id: UUID) -> BlacklistRemoval | None:
    """Fetch the node of a UUID."""
    row = await removal_by_id(context, id)
    return BlacklistRemoval.of(row) if row else None


@strawberry.input(description="The party asks to leave the blacklist early, after twelve months.")
class AskBlacklistRemovalInput:
    """A request to leave early."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    blacklisting_id: UUID = strawberry.field(description="The UUID of the entry.")
    words: str = strawberry.field(description=f"What was corrected since, {WORDS}")
    proof_ids: list[UUID] = strawberry.field(
        default_factory=list, description="The UUIDs of sealed pieces of this mine, 50 at most."
    )
    received: bool = strawberry.field(default=False, description="You are an officer and take down what was brought.")


@strawberry.input(description="The decision on a request to leave early, by another than who handed it in.")
class DecideBlacklistRemovalInput:
    """The decision on a request to leave early."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    removal_id: UUID = strawberry.field(description=_ID)
    grant: bool = strawberry.field(description="Whether it is granted.")
    words: str = strawberry.field(description=f"Why, for the party: {WORDS}")


@strawberry.input(description="A removal that fraud got is taken back: the entry stands again, three years from now.")
class RestoreBlacklistingInput:
    """A removal is taken back."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    removal_id: UUID = strawberry.field(description=_ID)
    ground: FraudGround = strawberry.field(description="The ground; the public reads it.")
    words: str = strawberry.field(description=f"In words, for the party: {WORDS}")


@strawberry.type(description="What came of asking to leave early.")
class AskBlacklistRemovalPayload:
    """What came of asking."""

    removal: BlacklistRemoval | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding a request to leave early.")
class DecideBlacklistRemovalPayload:
    """What came of deciding."""

    removal: BlacklistRemoval | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of taking a removal back.")
class RestoreBlacklistingPayload:
    """What came of taking it back."""

    removal: BlacklistRemoval | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type
class RemovalMutation:
    """Acts on leaving the blacklist early."""

    @mutation(access=signed_in, description="Ask to leave the blacklist early, or take down that the party asks.")
    async def ask_blacklist_removal(
        self, info: Info, input: Annotated[AskBlacklistRemovalInput, strawberry.argument(description="The request.")]
    ) -> AskBlacklistRemovalPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.removal_again,
            removals.ask_removal, listing_id=input.blacklisting_id, words=input.words, proof=tuple(input.proof_ids),
            received=input.received,
        )  # fmt: skip
        return AskBlacklistRemovalPayload(removal=BlacklistRemoval.of(row))

    @mutation(
        access=needs(Verb.BLACKLIST_DECIDE),
        description="Decide on leaving early. Who leaves is shown no more from that minute on.",
    )
    async def decide_blacklist_removal(
        self, info: Info,
        input: Annotated[DecideBlacklistRemovalInput, strawberry.argument(description="The decision.")],
    ) -> DecideBlacklistRemovalPayload | None:  # fmt: skip
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.removal_again,
            removals.decide_removal, removal_id=input.removal_id, grant=input.grant, words=input.words,
        )  # fmt: skip
        return DecideBlacklistRemovalPayload(removal=BlacklistRemoval.of(row))

    @mutation(
        access=needs(Verb.BLACKLIST_RESTORE),
        description="Take back a removal that fraud got, of which another decided: listed again, for three years.",
    )
    async def restore_blacklisting(
        self, info: Info, input: Annotated[RestoreBlacklistingInput, strawberry.argument(description="Which, and why.")]
    ) -> RestoreBlacklistingPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.removal_again,
            removals.restore_listing, removal_id=input.removal_id, ground=input.ground, words=input.words,
        )  # fmt: skip
        return RestoreBlacklistingPayload(removal=BlacklistRemoval.of(row))


AREA = Area(mutation=RemovalMutation, nodes={"BlacklistRemoval": removal})
