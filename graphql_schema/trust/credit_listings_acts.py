"""What may live here: the acts on entries of the blacklist in GraphQL: propose, tell, answer, decide, withdraw."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.trust.credit_acts import OPERATION_ID, WORDS
from graphql_schema.trust.credit_listings import Blacklisting
from graphql_schema.trust.disclosures import WordedInput
from graphql_schema.trust.disclosures_acts import digest_bytes
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.trust.credit import listings, queries
from storage.trust.credit.listing_rules import Proposal
from storage.trust.credit.tables import ListingFault, ListingGround
from storage.trust.disclosures.operations import Wording

_ID = "The UUID of the entry."


@strawberry.input(description="Who is to be listed, on which penalty and ground.")
class ProposeBlacklistingInput:
    """Who is to be listed."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    decision_id: UUID = strawberry.field(description="The UUID of the step of a served penalty of your agency.")
    ground: ListingGround = strawberry.field(description="The ground.")
    words: str = strawberry.field(description=f"Why; the public reads it if it is entered. {WORDS}")
    person_id: UUID | None = strawberry.field(
        default=None, description="The UUID of a person in the register of that mine; null: the mine itself."
    )
    consequence_id: UUID | None = strawberry.field(
        default=None, description="The UUID of the approved proposal that followed breaches, if it comes from one."
    )

    def proposal(self) -> Proposal:
        """The proposal as storage takes it."""
        return Proposal(
            decision=self.decision_id, ground=self.ground, words=self.words, person=self.person_id,
            consequence=self.consequence_id,
        )  # fmt: skip


@strawberry.input(description="The party is told beforehand.")
class TellBlacklistingInput:
    """The party is told."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    blacklisting_id: UUID = strawberry.field(description=_ID)
    how: str = strawberry.field(description=f"How the notice reached it, {WORDS}")
    evidence_id: UUID | None = strawberry.field(default=None, description="The UUID of its sealed receipt.")


@strawberry.input(description="What the party says to a proposed entry, once.")
class AnswerBlacklistingInput:
    """What the party says."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    blacklisting_id: UUID = strawberry.field(description=_ID)
    words: str = strawberry.field(description=f"What it says, {WORDS}")
    evidence_ids: list[UUID] = strawberry.field(
        default_factory=list, description="The UUIDs of sealed pieces of this mine, 50 at most."
    )
    heard: bool = strawberry.field(default=False, description="You are an officer and take down what it said.")


@strawberry.input(description="The decision on an entry, by another than who proposed it.")
class DecideBlacklistingInput:
    """The decision on an entry."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    blacklisting_id: UUID = strawberry.field(description=_ID)
    enter: bool = strawberry.field(description="Whether it is entered, and public from then on.")
    words: str = strawberry.field(description=f"Why, for the party: {WORDS}")
    digest: str | None = strawberry.field(
        default=None, description="Of an entry: the digest of the preview that you saw, in hexadecimal."
    )
    worded: list[WordedInput] = strawberry.field(default_factory=list, description="As the preview had them.")
    of_age: bool = strawberry.field(default=False, description="Of a person: you say that he is no minor.")


@strawberry.input(description="An entry that should not have been is taken back.")
class WithdrawBlacklistingInput:
    """An entry is taken back."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    blacklisting_id: UUID = strawberry.field(description=_ID)
    fault: ListingFault = strawberry.field(description="Why; the public reads it.")
    words: str = strawberry.field(description=f"In words, for the party: {WORDS}")


@strawberry.type(description="What came of proposing an entry.")
class ProposeBlacklistingPayload:
    """What came of proposing."""

    blacklisting: Blacklisting | None = strawberry.field(default=None, description="The entry.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of telling the party.")
class TellBlacklistingPayload:
    """What came of telling."""

    blacklisting: Blacklisting | None = strawberry.field(default=None, description="The entry.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of answering.")
class AnswerBlacklistingPayload:
    """What came of answering."""

    blacklisting: Blacklisting | None = strawberry.field(default=None, description="The entry.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding an entry.")
class DecideBlacklistingPayload:
    """What came of deciding."""

    blacklisting: Blacklisting | None = strawberry.field(default=None, description="The entry.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of taking an entry back.")
class WithdrawBlacklistingPayload:
    """What came of taking it back."""

    blacklisting: Blacklisting | None = strawberry.field(default=None, description="The entry.")
    problem: Problem | None = problem_field()


@strawberry.type
class BlacklistMutation:
    """Acts on entries of the blacklist."""

    @mutation(
        access=needs(Verb.BLACKLIST_PROPOSE),
        description="Propose a mine or a person for the blacklist, on a penalty of your own agency.",
    )
    async def propose_blacklisting(
        self, info: Info, input: Annotated[ProposeBlacklistingInput, strawberry.argument(description="The proposal.")]
    ) -> ProposeBlacklistingPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.listing_again,
            listings.propose_listing, proposal=input.proposal(),
        )  # fmt: skip
        return ProposeBlacklistingPayload(blacklisting=Blacklisting.of(row))

    @mutation(access=needs(Verb.BLACKLIST_TELL), description="Say that the party was told; its time to answer begins.")
    async def tell_blacklisting(
        self, info: Info, input: Annotated[TellBlacklistingInput, strawberry.argument(description="How.")]
    ) -> TellBlacklistingPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.listing_again,
            listings.tell_party, listing_id=input.blacklisting_id, how=input.how, piece=input.evidence_id,
        )  # fmt: skip
        return TellBlacklistingPayload(blacklisting=Blacklisting.of(row))

    @mutation(access=signed_in, description="Say what you, or your mine, say to it; or take down what the party says.")
    async def answer_blacklisting(
        self, info: Info, input: Annotated[AnswerBlacklistingInput, strawberry.argument(description="The answer.")]
    ) -> AnswerBlacklistingPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.listing_again,
            listings.answer_listing, listing_id=input.blacklisting_id, words=input.words,
            evidence=tuple(input.evidence_ids), heard=input.heard,
        )  # fmt: skip
        return AnswerBlacklistingPayload(blacklisting=Blacklisting.of(row))

    @mutation(
        access=needs(Verb.BLACKLIST_DECIDE),
        description="Decide an entry that another proposed, once the party was heard or its time is over.",
    )
    async def decide_blacklisting(
        self, info: Info, input: Annotated[DecideBlacklistingInput, strawberry.argument(description="The decision.")]
    ) -> DecideBlacklistingPayload | None:
        context = info.context
        wording = Wording(anew={one.member: one.text for one in input.worded}, of_age=input.of_age)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.listing_again,
            listings.decide_listing, listing_id=input.blacklisting_id, enter=input.enter, words=input.words,
            digest=digest_bytes(input.digest) if input.digest is not None else None, wording=wording,
        )  # fmt: skip
        return DecideBlacklistingPayload(blacklisting=Blacklisting.of(row))

    @mutation(
        access=needs(Verb.BLACKLIST_WITHDRAW),
        description="Take back an entry whose penalty fell, or that was wrong. It is shown no more.",
    )
    async def withdraw_blacklisting(
        self,
        info: Info,
        input: Annotated[WithdrawBlacklistingInput, strawberry.argument(description="Which.")],
    ) -> WithdrawBlacklistingPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.listing_again,
            listings.withdraw_listing, listing_id=input.blacklisting_id, fault=input.fault, words=input.words,
        )  # fmt: skip
        return WithdrawBlacklistingPayload(blacklisting=Blacklisting.of(row))


AREA = Area(mutation=BlacklistMutation)
