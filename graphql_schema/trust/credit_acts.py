"""What may live here: the acts on repair of credit in GraphQL: ask, examine, decide, restore."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.trust.credit import CreditRepair
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.trust.credit import operations, queries
from storage.trust.credit.rules import Request
from storage.trust.credit.tables import FraudGround

OPERATION_ID = "Made by the client; the same id again is the same act."
WORDS = "4 to 2,000 characters."
_ID = "The UUID of the request."


@strawberry.input(description="The party of a shown penalty asks that it is shown no more.")
class AskRepairInput:
    """A request for repair of credit."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    disclosure_id: UUID = strawberry.field(description="The UUID of the permalink.")
    words: str = strawberry.field(description=f"What was corrected, {WORDS}")
    proof_ids: list[UUID] = strawberry.field(
        default_factory=list, description="The UUIDs of sealed pieces of this mine that prove it, 50 at most."
    )
    measure_ids: list[UUID] = strawberry.field(
        default_factory=list, description="The UUIDs of closed orders on site that prove it, 50 at most."
    )
    pledge: str = strawberry.field(
        default="", description=f"The principal's pledge in his own words, {WORDS} Only he himself gives it so."
    )
    pledge_id: UUID | None = strawberry.field(
        default=None, description="Or the UUID of a sealed piece: the pledge as he signed it on paper."
    )

    def request(self) -> Request:
        """The request as storage takes it."""
        return Request(
            words=self.words, proof=tuple(self.proof_ids), measures=tuple(self.measure_ids), pledge=self.pledge,
            pledge_piece=self.pledge_id,
        )  # fmt: skip


@strawberry.input(description="What an officer found of a request.")
class ExamineRepairInput:
    """What an officer found of a request."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    repair_id: UUID = strawberry.field(description=_ID)
    favoured: bool = strawberry.field(description="Whether it should be granted.")
    words: str = strawberry.field(description=f"Why, within the agency: {WORDS}")


@strawberry.input(description="The decision on a request, by another than who examined it.")
class DecideRepairInput:
    """The decision on a request."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    repair_id: UUID = strawberry.field(description=_ID)
    grant: bool = strawberry.field(description="Whether it is granted.")
    words: str = strawberry.field(description=f"Why, for the party: {WORDS}")


@strawberry.input(description="A repair that fraud got is taken back.")
class RestoreRepairInput:
    """A repair is taken back."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    repair_id: UUID = strawberry.field(description=_ID)
    ground: FraudGround = strawberry.field(description="The ground; the public reads it.")
    words: str = strawberry.field(description=f"In words, for the party: {WORDS}")


@strawberry.type(description="What came of asking for repair.")
class AskRepairPayload:
    """What came of asking."""

    repair: CreditRepair | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of examining a request.")
class ExamineRepairPayload:
    """What came of examining."""

    repair: CreditRepair | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding a request.")
class DecideRepairPayload:
    """What came of deciding."""

    repair: CreditRepair | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of taking a repair back.")
class RestoreRepairPayload:
    """What came of taking it back."""

    repair: CreditRepair | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type
class CreditMutation:
    """Acts on repair of credit."""

    @mutation(
        access=signed_in,
        description="Ask that a penalty of your mine is shown no more. For a person an officer hands it in.",
    )
    async def ask_repair(
        self, info: Info, input: Annotated[AskRepairInput, strawberry.argument(description="The request.")]
    ) -> AskRepairPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.repair_again,
            operations.ask_repair, disclosure_id=input.disclosure_id, request=input.request(),
        )  # fmt: skip
        return AskRepairPayload(repair=CreditRepair.of(row, context))

    @mutation(access=needs(Verb.REPAIR_EXAMINE), description="Say what you found of a request, before another decides.")
    async def examine_repair(
        self, info: Info, input: Annotated[ExamineRepairInput, strawberry.argument(description="What was found.")]
    ) -> ExamineRepairPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.repair_again,
            operations.examine_repair, repair_id=input.repair_id, favoured=input.favoured, words=input.words,
        )  # fmt: skip
        return ExamineRepairPayload(repair=CreditRepair.of(row, context))

    @mutation(
        access=needs(Verb.REPAIR_DECIDE),
        description="Decide a request that another examined. What is granted is shown and shared no more from then on.",
    )
    async def decide_repair(
        self, info: Info, input: Annotated[DecideRepairInput, strawberry.argument(description="The decision.")]
    ) -> DecideRepairPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.repair_again,
            operations.decide_repair, repair_id=input.repair_id, grant=input.grant, words=input.words,
        )  # fmt: skip
        return DecideRepairPayload(repair=CreditRepair.of(row, context))

    @mutation(
        access=needs(Verb.REPAIR_RESTORE),
        description="Take back what fraud got, of which another decided: the penalty is shown again.",
    )
    async def restore_repair(
        self, info: Info, input: Annotated[RestoreRepairInput, strawberry.argument(description="Which, and why.")]
    ) -> RestoreRepairPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.repair_again,
            operations.restore_repair, repair_id=input.repair_id, ground=input.ground, words=input.words,
        )  # fmt: skip
        return RestoreRepairPayload(repair=CreditRepair.of(row, context))


AREA = Area(mutation=CreditMutation)
