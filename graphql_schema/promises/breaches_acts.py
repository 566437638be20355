"""What may live here: the acts on breaches in GraphQL: found, answered, decided, corrected, and what follows."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.promises.breaches import Breach, BreachConsequence
from storage.promises.breaches import consequences, operations, queries
from storage.promises.breaches.rules import Answer, Proposed
from storage.promises.breaches.tables import BreachConsequenceKind, BreachConsequenceOf, BreachSource
from storage.record.actor import Verb
from storage.record.work import perform_once

_OPERATION_ID = "Made by the client; the same id again is the same act."
_BREACH_ID = "The UUID of the breach."
_WORDS = "4 to 2,000 characters."


@strawberry.input(description="A promised clause that was found not kept, and what shows it.")
class FindBreachInput:
    """A promised clause that was found not kept."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    key: str = strawberry.field(description="The key of the clause, as it was signed for the year of the source.")
    source: BreachSource = strawberry.field(description="What shows it; of an inspection you are an officer.")
    source_id: UUID = strawberry.field(description="The UUID of that finding, refusal or inspection.")
    findings: list[UUID] = strawberry.field(
        default_factory=list, description="Of an inspection: the UUIDs of its findings by which it shows."
    )
    words: str = strawberry.field(description=f"What was found, {_WORDS}")


@strawberry.input(description="What the mine's principal says to a breach, once.")
class AnswerBreachInput:
    """What the mine says to a breach."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    breach_id: UUID = strawberry.field(description=_BREACH_ID)
    accepts: bool = strawberry.field(description="Whether the mine accepts it; else it objects.")
    words: str = strawberry.field(description=f"What is corrected, or why it objects; {_WORDS}")
    correct_by: date | None = strawberry.field(default=None, description="Of what it accepts: by when it corrects.")
    evidence_ids: list[UUID] = strawberry.field(
        default_factory=list, description="The UUIDs of sealed pieces of this mine that you see, 50 at most."
    )

    def answer(self) -> Answer:
        """The answer as storage takes it."""
        return Answer(
            accepts=self.accepts, words=self.words, correct_by=self.correct_by, evidence=tuple(self.evidence_ids)
        )


@strawberry.input(description="The decision on a breach, by another officer than its finder.")
class DecideBreachInput:
    """The decision on a breach."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    breach_id: UUID = strawberry.field(description=_BREACH_ID)
    stands: bool = strawberry.field(description="Whether it stands; else it is withdrawn.")
    words: str = strawberry.field(description=f"Why, {_WORDS}")


@strawberry.input(description="An officer saw that the clause is kept again.")
class CorrectBreachInput:
    """The clause is kept again."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    breach_id: UUID = strawberry.field(description=_BREACH_ID)
    words: str = strawberry.field(description=f"What was seen, {_WORDS}")


@strawberry.input(description="What is to follow breaches that stand at one mine.")
class ProposeBreachConsequenceInput:
    """What is to follow breaches."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    kind: BreachConsequenceKind = strawberry.field(description="What is to follow.")
    against: BreachConsequenceOf = strawberry.field(description="Whom it concerns.")
    breaches: list[UUID] = strawberry.field(description="The UUIDs of the breaches, 1 to 50.")
    words: str = strawberry.field(description=f"Why, {_WORDS}")

    def proposed(self) -> Proposed:
        """The proposal as storage takes it."""
        return Proposed(kind=self.kind, against=self.against, breaches=tuple(self.breaches), words=self.words)


@strawberry.input(description="The decision on what is to follow, by another person.")
class DecideBreachConsequenceInput:
    """The decision on what is to follow."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    consequence_id: UUID = strawberry.field(description="The UUID of the proposal.")
    approve: bool = strawberry.field(description="Whether it is approved.")
    words: str = strawberry.field(description=f"Why, {_WORDS}")


@strawberry.type(description="What came of finding a breach.")
class FindBreachPayload:
    """What came of finding a breach."""

    breach: Breach | None = strawberry.field(default=None, description="The breach.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of answering a breach.")
class AnswerBreachPayload:
    """What came of answering a breach."""

    breach: Breach | None = strawberry.field(default=None, description="The breach.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding a breach.")
class DecideBreachPayload:
    """What came of deciding a breach."""

    breach: Breach | None = strawberry.field(default=None, description="The breach.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of finding a breach corrected.")
class CorrectBreachPayload:
    """What came of finding a breach corrected."""

    breach: Breach | None = strawberry.field(default=None, description="The breach.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of proposing what follows.")
class ProposeBreachConsequencePayload:
    """What came of proposing what follows."""

    consequence: BreachConsequence | None = strawberry.field(default=None, description="What was proposed.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding what follows.")
class DecideBreachConsequencePayload:
    """What came of deciding what follows."""

    consequence: BreachConsequence | None = strawberry.field(default=None, description="What was decided.")
    problem: Problem | None = problem_field()


@strawberry.type
class BreachMutation:
    """Acts on breaches."""

    @mutation(access=needs(Verb.BREACH_FIND), description="Say of a promised clause that it was not kept.")
    async def find_breach(
        self, info: Info, input: Annotated[FindBreachInput, strawberry.argument(description="What was found.")]
    ) -> FindBreachPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.breach_again,
            operations.find_breach, mine_id=input.mine_id, key=input.key, source=input.source,
            source_id=input.source_id, words=input.words, findings_named=tuple(input.findings),
        )  # fmt: skip
        return FindBreachPayload(breach=Breach.of(row))

    @mutation(access=needs(Verb.BREACH_ANSWER), description="Say what your mine has to say to a breach.")
    async def answer_breach(
        self, info: Info, input: Annotated[AnswerBreachInput, strawberry.argument(description="The answer.")]
    ) -> AnswerBreachPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.breach_again,
            operations.answer_breach, breach_id=input.breach_id, answer=input.answer(),
        )  # fmt: skip
        return AnswerBreachPayload(breach=Breach.of(row))

    @mutation(
        access=needs(Verb.BREACH_DECIDE),
        description="Decide on a breach that another found, once the mine has answered or its time is over. What stands"
        " is public.",
    )
    async def decide_breach(
        self, info: Info, input: Annotated[DecideBreachInput, strawberry.argument(description="The decision.")]
    ) -> DecideBreachPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.breach_again,
            operations.decide_breach, breach_id=input.breach_id, stands=input.stands, words=input.words,
        )  # fmt: skip
        return DecideBreachPayload(breach=Breach.of(row))

    @mutation(access=needs(Verb.BREACH_DECIDE), description="Say that a clause is kept again. The breach stays.")
    async def correct_breach(
        self, info: Info, input: Annotated[CorrectBreachInput, strawberry.argument(description="What was seen.")]
    ) -> CorrectBreachPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.breach_again,
            operations.correct_breach, breach_id=input.breach_id, words=input.words,
        )  # fmt: skip
        return CorrectBreachPayload(breach=Breach.of(row))

    @mutation(
        access=needs(Verb.BREACH_PROPOSE),
        description="Propose what is to follow breaches that stand. A proposal for the blacklist lists nobody.",
    )
    async def propose_breach_consequence(
        self, info: Info,
        input: Annotated[ProposeBreachConsequenceInput, strawberry.argument(description="The proposal.")],
    ) -> ProposeBreachConsequencePayload | None:  # fmt: skip
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.consequence_again,
            consequences.propose_consequence, mine_id=input.mine_id, proposed=input.proposed(),
        )  # fmt: skip
        return ProposeBreachConsequencePayload(consequence=BreachConsequence.of(row))

    @mutation(access=needs(Verb.BREACH_IMPOSE), description="Decide what another proposed to follow breaches.")
    async def decide_breach_consequence(
        self, info: Info,
        input: Annotated[DecideBreachConsequenceInput, strawberry.argument(description="The decision.")],
    ) -> DecideBreachConsequencePayload | None:  # fmt: skip
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.consequence_again,
            consequences.decide_consequence, consequence_id=input.consequence_id, approve=input.approve,
            words=input.words,
        )  # fmt: skip
        return DecideBreachConsequencePayload(consequence=BreachConsequence.of(row))


AREA = Area(mutation=BreachMutation)
