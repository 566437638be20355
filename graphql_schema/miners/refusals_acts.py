"""What may live here: the steps of refusals in GraphQL: sending officers, checking, concluding, ordering, lifting."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.miners.refusals import Refusal
from storage.miners.refusals import checking, operations
from storage.miners.refusals.rules import Asked
from storage.miners.refusals.tables import RefusalStepKind
from storage.record.actor import Verb
from storage.record.work import perform

_OWN_ID = "Made by the client; the same id with the same content is the same act."
_REFUSAL = "The UUID of the refusal."
_AS_IT_STANDS = "The refusal as it stands then."


async def _take(info: Info, refusal_id: UUID, asked: Asked) -> Refusal:
    context = info.context
    row = await perform(
        context.database, context.signed_in(), context.now(), operations.take_step, refusal_id=refusal_id, asked=asked
    )
    return Refusal.of(row)


@strawberry.input(description="Two officers or more are sent to the place.")
class OrderRefusalCheckInput:
    """Two officers or more are sent to the place."""

    id: UUID = strawberry.field(description=_OWN_ID)
    refusal_id: UUID = strawberry.field(description=_REFUSAL)
    officer_ids: list[UUID] = strawberry.field(description="Their accounts, the lead first.")
    words: str = strawberry.field(description="What they are to look at, 4 to 500 characters; never who refused.")
    inspection_id: UUID | None = strawberry.field(
        default=None, description="Opens their inspection under this id at once, if you are one of them."
    )
    scheme_id: UUID | None = strawberry.field(default=None, description="The scheme of the mine that holds the check.")


@strawberry.type(description="What came of ordering a check.")
class OrderRefusalCheckPayload:
    """What came of ordering a check."""

    refusal: Refusal | None = strawberry.field(default=None, description=_AS_IT_STANDS)
    problem: Problem | None = problem_field()


@strawberry.input(description="You were at the place: each officer says so by his own act.")
class RecordRefusalCheckInput:
    """You were at the place."""

    id: UUID = strawberry.field(description=_OWN_ID)
    refusal_id: UUID = strawberry.field(description=_REFUSAL)
    inspection_id: UUID = strawberry.field(description="The inspection of which you are an officer.")
    words: str = strawberry.field(description="What you saw, 4 to 500 characters.")


@strawberry.type(description="What came of recording a check.")
class RecordRefusalCheckPayload:
    """What came of recording a check."""

    refusal: Refusal | None = strawberry.field(default=None, description=_AS_IT_STANDS)
    problem: Problem | None = problem_field()


@strawberry.input(description="What the check came to: with findings it was true, without it says why not.")
class ConcludeRefusalCheckInput:
    """What the check came to."""

    id: UUID = strawberry.field(description=_OWN_ID)
    refusal_id: UUID = strawberry.field(description=_REFUSAL)
    finding_ids: list[UUID] = strawberry.field(
        default_factory=list, description="The findings of the check that show it; none: it was not found true."
    )
    words: str = strawberry.field(default="", description="Why it was not found true, 4 to 500 characters.")

    def asked(self) -> Asked:
        """The step as storage takes it."""
        kind = RefusalStepKind.SUBSTANTIATED if self.finding_ids else RefusalStepKind.UNSUBSTANTIATED
        return Asked(id=self.id, kind=kind, words=self.words, findings=tuple(self.finding_ids))


@strawberry.type(description="What came of concluding a check.")
class ConcludeRefusalCheckPayload:
    """What came of concluding a check."""

    refusal: Refusal | None = strawberry.field(default=None, description=_AS_IT_STANDS)
    problem: Problem | None = problem_field()


@strawberry.input(description="The order to the mine that answers what was found true.")
class NameRefusalOrderInput:
    """The order to the mine."""

    id: UUID = strawberry.field(description=_OWN_ID)
    refusal_id: UUID = strawberry.field(description=_REFUSAL)
    measure_id: UUID = strawberry.field(description="The measure.")
    words: str = strawberry.field(
        default="", description="Why something that was found true has no order, 4 to 500 characters; else empty."
    )


@strawberry.type(description="What came of naming an order.")
class NameRefusalOrderPayload:
    """What came of naming an order."""

    refusal: Refusal | None = strawberry.field(default=None, description=_AS_IT_STANDS)
    problem: Problem | None = problem_field()


@strawberry.input(description="The decision that the place is refused no longer.")
class LiftRefusalInput:
    """The decision that the place is refused no longer."""

    id: UUID = strawberry.field(description=_OWN_ID)
    refusal_id: UUID = strawberry.field(description=_REFUSAL)
    words: str = strawberry.field(description="Why, 4 to 500 characters.")


@strawberry.type(description="What came of lifting a refusal.")
class LiftRefusalPayload:
    """What came of lifting a refusal."""

    refusal: Refusal | None = strawberry.field(default=None, description=_AS_IT_STANDS)
    problem: Problem | None = problem_field()


@strawberry.type
class RefusalMutation:
    """Acts on refusals."""

    @mutation(access=needs(Verb.REFUSAL_ORDER), description="Send two officers or more to a place that is refused.")
    async def order_refusal_check(
        self, info: Info, input: Annotated[OrderRefusalCheckInput, strawberry.argument(description="Whom, for what.")]
    ) -> OrderRefusalCheckPayload | None:
        context, asked = info.context, Asked(
            id=input.id, kind=RefusalStepKind.CHECK_ORDERED, words=input.words, officers=tuple(input.officer_ids),
            inspection_id=input.inspection_id, scheme_id=input.scheme_id,
        )  # fmt: skip
        row = await perform(
            context.database, context.signed_in(), context.now(), checking.order_check, refusal_id=input.refusal_id,
            asked=asked,
        )  # fmt: skip
        return OrderRefusalCheckPayload(refusal=Refusal.of(row))

    @mutation(access=needs(Verb.REFUSAL_CHECK), description="Say that you were at the place, and what you saw.")
    async def record_refusal_check(
        self, info: Info, input: Annotated[RecordRefusalCheckInput, strawberry.argument(description="The check.")]
    ) -> RecordRefusalCheckPayload | None:
        asked = Asked(id=input.id, kind=RefusalStepKind.CHECKED, words=input.words, inspection_id=input.inspection_id)
        return RecordRefusalCheckPayload(refusal=await _take(info, input.refusal_id, asked))

    @mutation(access=needs(Verb.REFUSAL_CHECK), description="Say what the check of two officers came to, once.")
    async def conclude_refusal_check(
        self, info: Info, input: Annotated[ConcludeRefusalCheckInput, strawberry.argument(description="The outcome.")]
    ) -> ConcludeRefusalCheckPayload | None:
        return ConcludeRefusalCheckPayload(refusal=await _take(info, input.refusal_id, input.asked()))

    @mutation(access=needs(Verb.REFUSAL_CHECK), description="Name the order to the mine that answers it.")
    async def name_refusal_order(
        self, info: Info, input: Annotated[NameRefusalOrderInput, strawberry.argument(description="The order.")]
    ) -> NameRefusalOrderPayload | None:
        asked = Asked(id=input.id, kind=RefusalStepKind.ORDERED, measure_id=input.measure_id, words=input.words)
        return NameRefusalOrderPayload(refusal=await _take(info, input.refusal_id, asked))

    @mutation(
        access=needs(Verb.REFUSAL_DECIDE),
        description="Lift a refusal: after the check, by none of the checkers, with no order about it open.",
    )
    async def lift_refusal(
        self, info: Info, input: Annotated[LiftRefusalInput, strawberry.argument(description="The decision.")]
    ) -> LiftRefusalPayload | None:
        asked = Asked(id=input.id, kind=RefusalStepKind.LIFTED, words=input.words)
        return LiftRefusalPayload(refusal=await _take(info, input.refusal_id, asked))


AREA = Area(mutation=RefusalMutation)
