"""What may live here: the steps of every measure in GraphQL: approval, head count, follower, lifting, close-out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.casework.measures import Measure
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from storage.casework.measures import operations
from storage.casework.measures.history import Asked
from storage.casework.measures.tables import Turn
from storage.record.actor import Verb
from storage.record.work import perform


async def take(info: Info, measure_id: UUID, asked: Asked) -> Measure:
    """Take a step and tell the measure as it stands then."""
    context = info.context
    row = await perform(
        context.database, context.signed_in(), context.now(), operations.take_step, measure_id=measure_id, asked=asked
    )
    return Measure.of(row)


@strawberry.input(description="The step: confirm measure.")
class ConfirmMeasureInput:
    """The step: confirm measure."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")


@strawberry.type(description="What came of it: confirm measure.")
class ConfirmMeasurePayload:
    """What came of it: confirm measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: name finding.")
class NameFindingInput:
    """The step: name finding."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    finding_id: UUID = strawberry.field(description="The finding.")


@strawberry.type(description="What came of it: name finding.")
class NameFindingPayload:
    """What came of it: name finding."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: approve measure.")
class ApproveMeasureInput:
    """The step: approve measure."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="What the head says of it.")


@strawberry.type(description="What came of it: approve measure.")
class ApproveMeasurePayload:
    """What came of it: approve measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: disapprove measure.")
class DisapproveMeasureInput:
    """The step: disapprove measure."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="Why.")


@strawberry.type(description="What came of it: disapprove measure.")
class DisapproveMeasurePayload:
    """What came of it: disapprove measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: record people told.")
class RecordPeopleToldInput:
    """The step: record people told."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="How they were told.")
    at: datetime | None = strawberry.field(default=None, description="When it was; now if left out.")


@strawberry.type(description="What came of it: record people told.")
class RecordPeopleToldPayload:
    """What came of it: record people told."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: record head count.")
class RecordHeadCountInput:
    """The step: record head count."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    number: int = strawberry.field(description="How many are below.")
    words: str = strawberry.field(default="", description="How they were counted.")
    at: datetime | None = strawberry.field(default=None, description="When it was; now if left out.")


@strawberry.type(description="What came of it: record head count.")
class RecordHeadCountPayload:
    """What came of it: record head count."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: name follower.")
class NameFollowerInput:
    """The step: name follower."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    account_id: UUID = strawberry.field(description="The account, of the county's department.")
    words: str = strawberry.field(default="", description="Why it is handed on.")


@strawberry.type(description="What came of it: name follower.")
class NameFollowerPayload:
    """What came of it: name follower."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: lift measure.")
class LiftMeasureInput:
    """The step: lift measure."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="The ground.")


@strawberry.type(description="What came of it: lift measure.")
class LiftMeasurePayload:
    """What came of it: lift measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: close out measure.")
class CloseOutMeasureInput:
    """The step: close out measure."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="What is said of it.")


@strawberry.type(description="What came of it: close out measure.")
class CloseOutMeasurePayload:
    """What came of it: close out measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type
class MeasureActMutation:
    """Steps of measures."""

    @mutation(
        access=needs(Verb.MEASURE_ORDER),
        description="Stand for a measure as another officer of its inspection.",
    )
    async def confirm_measure(
        self, info: Info, input: Annotated[ConfirmMeasureInput, strawberry.argument(description="The step.")]
    ) -> ConfirmMeasurePayload | None:
        asked = Asked(id=input.id, kind=Turn.CONFIRMED)
        return ConfirmMeasurePayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_ORDER),
        description="Name a finding that the measure answers and that was not known when it was ordered.",
    )
    async def name_finding(
        self, info: Info, input: Annotated[NameFindingInput, strawberry.argument(description="The step.")]
    ) -> NameFindingPayload | None:
        asked = Asked(id=input.id, kind=Turn.FINDING_NAMED, subject_id=input.finding_id)
        return NameFindingPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_APPROVE),
        description="Approve a measure, as the head of the agency (强制法18, 19; 安法70).",
    )
    async def approve_measure(
        self, info: Info, input: Annotated[ApproveMeasureInput, strawberry.argument(description="The step.")]
    ) -> ApproveMeasurePayload | None:
        asked = Asked(id=input.id, kind=Turn.APPROVED, words=input.words)
        return ApproveMeasurePayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_APPROVE),
        description="Disapprove a measure: it is lifted at once (强制法19).",
    )
    async def disapprove_measure(
        self, info: Info, input: Annotated[DisapproveMeasureInput, strawberry.argument(description="The step.")]
    ) -> DisapproveMeasurePayload | None:
        asked = Asked(id=input.id, kind=Turn.DISAPPROVED, words=input.words)
        return DisapproveMeasurePayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_TELL),
        description="Record that the people below were told, and how.",
    )
    async def record_people_told(
        self, info: Info, input: Annotated[RecordPeopleToldInput, strawberry.argument(description="The step.")]
    ) -> RecordPeopleToldPayload | None:
        asked = Asked(id=input.id, kind=Turn.TOLD, words=input.words, at=input.at)
        return RecordPeopleToldPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_TELL),
        description="Record a head count below; a withdrawal ends with none left.",
    )
    async def record_head_count(
        self, info: Info, input: Annotated[RecordHeadCountInput, strawberry.argument(description="The step.")]
    ) -> RecordHeadCountPayload | None:
        asked = Asked(id=input.id, kind=Turn.HEADS_COUNTED, number=input.number, words=input.words, at=input.at)
        return RecordHeadCountPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_FOLLOW),
        description="Name who follows an order, or hand it on to another (三(十一)1).",
    )
    async def name_follower(
        self, info: Info, input: Annotated[NameFollowerInput, strawberry.argument(description="The step.")]
    ) -> NameFollowerPayload | None:
        asked = Asked(id=input.id, kind=Turn.FOLLOWER_NAMED, subject_id=input.account_id, words=input.words)
        return NameFollowerPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_APPROVE),
        description="Lift a measure: 审查同意 of who may go back (安法65), or for a ground (强制法28).",
    )
    async def lift_measure(
        self, info: Info, input: Annotated[LiftMeasureInput, strawberry.argument(description="The step.")]
    ) -> LiftMeasurePayload | None:
        asked = Asked(id=input.id, kind=Turn.LIFTED, words=input.words)
        return LiftMeasurePayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_FOLLOW),
        description="Close a measure out (销号).",
    )
    async def close_out_measure(
        self, info: Info, input: Annotated[CloseOutMeasureInput, strawberry.argument(description="The step.")]
    ) -> CloseOutMeasurePayload | None:
        asked = Asked(id=input.id, kind=Turn.CLOSED_OUT, words=input.words)
        return CloseOutMeasurePayload(measure=await take(info, input.measure_id, asked))


AREA = Area(mutation=MeasureActMutation)
