"""What may live here: correction, re-check and supervision of hazards in GraphQL."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.casework.measures import Measure
from graphql_schema.casework.measures_acts import take
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from storage.casework.measures.history import Asked
from storage.casework.measures.tables import StepOutcome, Turn
from storage.record.actor import Verb


@strawberry.input(description="The step: ask extension.")
class AskExtensionInput:
    """The step: ask extension."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    until: date = strawberry.field(description="The last day that is asked for.")
    words: str = strawberry.field(description="Why.")


@strawberry.type(description="What came of it: ask extension.")
class AskExtensionPayload:
    """What came of it: ask extension."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: grant extension.")
class GrantExtensionInput:
    """The step: grant extension."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    until: date = strawberry.field(description="The new last day.")
    words: str = strawberry.field(description="Why.")


@strawberry.type(description="What came of it: grant extension.")
class GrantExtensionPayload:
    """What came of it: grant extension."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: refuse extension.")
class RefuseExtensionInput:
    """The step: refuse extension."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="Why.")


@strawberry.type(description="What came of it: refuse extension.")
class RefuseExtensionPayload:
    """What came of it: refuse extension."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: report correction.")
class ReportCorrectionInput:
    """The step: report correction."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="What was done.")
    at: datetime | None = strawberry.field(default=None, description="When it was; now if left out.")


@strawberry.type(description="What came of it: report correction.")
class ReportCorrectionPayload:
    """What came of it: report correction."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: recheck measure.")
class RecheckMeasureInput:
    """The step: recheck measure."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    outcome: StepOutcome = strawberry.field(description="CORRECTED, NOT_CORRECTED or REFUSED.")
    words: str = strawberry.field(default="", description="What was seen.")
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="Pieces of evidence of this mine.")
    at: datetime | None = strawberry.field(default=None, description="When it was; now if left out.")


@strawberry.type(description="What came of it: recheck measure.")
class RecheckMeasurePayload:
    """What came of it: recheck measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: sign recheck.")
class SignRecheckInput:
    """The step: sign recheck."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    recheck_id: UUID = strawberry.field(description="The step that is signed.")


@strawberry.type(description="What came of it: sign recheck.")
class SignRecheckPayload:
    """What came of it: sign recheck."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: supervise hazard.")
class SuperviseHazardInput:
    """The step: supervise hazard."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="A key of `supervisionLevels`.")


@strawberry.type(description="What came of it: supervise hazard.")
class SuperviseHazardPayload:
    """What came of it: supervise hazard."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: hand over hazard.")
class HandOverHazardInput:
    """The step: hand over hazard."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="To which department, by which letter.")


@strawberry.type(description="What came of it: hand over hazard.")
class HandOverHazardPayload:
    """What came of it: hand over hazard."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: receive hazard.")
class ReceiveHazardInput:
    """The step: receive hazard."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="What is said of it.")


@strawberry.type(description="What came of it: receive hazard.")
class ReceiveHazardPayload:
    """What came of it: receive hazard."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: track hazard.")
class TrackHazardInput:
    """The step: track hazard."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="How far it has come.")
    at: datetime | None = strawberry.field(default=None, description="When it was; now if left out.")


@strawberry.type(description="What came of it: track hazard.")
class TrackHazardPayload:
    """What came of it: track hazard."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: verify on site.")
class VerifyOnSiteInput:
    """The step: verify on site."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    outcome: StepOutcome = strawberry.field(description="CORRECTED or NOT_CORRECTED.")
    words: str = strawberry.field(description="What was seen.")
    place_id: UUID = strawberry.field(description="A place of an inspection of this mine; underground.")
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="Pieces of evidence of this mine.")
    at: datetime | None = strawberry.field(default=None, description="When it was; now if left out.")


@strawberry.type(description="What came of it: verify on site.")
class VerifyOnSitePayload:
    """What came of it: verify on site."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: sign verification.")
class SignVerificationInput:
    """The step: sign verification."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    verification_id: UUID = strawberry.field(description="The step that is signed.")


@strawberry.type(description="What came of it: sign verification.")
class SignVerificationPayload:
    """What came of it: sign verification."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type
class MeasureCorrectionMutation:
    """Steps of measures."""

    @mutation(
        access=needs(Verb.MEASURE_REPORT),
        description="Ask for more time to correct, as the mine.",
    )
    async def ask_extension(
        self, info: Info, input: Annotated[AskExtensionInput, strawberry.argument(description="The step.")]
    ) -> AskExtensionPayload | None:
        asked = Asked(id=input.id, kind=Turn.EXTENSION_ASKED, until=input.until, words=input.words)
        return AskExtensionPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_APPROVE),
        description="Grant more time to correct, or hold goods longer once (强制法25).",
    )
    async def grant_extension(
        self, info: Info, input: Annotated[GrantExtensionInput, strawberry.argument(description="The step.")]
    ) -> GrantExtensionPayload | None:
        asked = Asked(id=input.id, kind=Turn.EXTENSION_GRANTED, until=input.until, words=input.words)
        return GrantExtensionPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_APPROVE),
        description="Refuse more time to correct.",
    )
    async def refuse_extension(
        self, info: Info, input: Annotated[RefuseExtensionInput, strawberry.argument(description="The step.")]
    ) -> RefuseExtensionPayload | None:
        asked = Asked(id=input.id, kind=Turn.EXTENSION_REFUSED, words=input.words)
        return RefuseExtensionPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_REPORT),
        description="Report as the mine what was done to correct.",
    )
    async def report_correction(
        self, info: Info, input: Annotated[ReportCorrectionInput, strawberry.argument(description="The step.")]
    ) -> ReportCorrectionPayload | None:
        asked = Asked(id=input.id, kind=Turn.CORRECTION_REPORTED, words=input.words, at=input.at)
        return ReportCorrectionPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_RECHECK),
        description="Record a re-check (三(十一)1); it counts once another officer signs it.",
    )
    async def recheck_measure(
        self, info: Info, input: Annotated[RecheckMeasureInput, strawberry.argument(description="The step.")]
    ) -> RecheckMeasurePayload | None:
        asked = Asked(
            id=input.id, kind=Turn.RECHECKED, outcome=input.outcome, words=input.words,
            evidence=tuple(input.evidence_ids), at=input.at,
        )  # fmt: skip
        return RecheckMeasurePayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_RECHECK),
        description="Sign another officer's re-check (复查意见书).",
    )
    async def sign_recheck(
        self, info: Info, input: Annotated[SignRecheckInput, strawberry.argument(description="The step.")]
    ) -> SignRecheckPayload | None:
        asked = Asked(id=input.id, kind=Turn.RECHECK_SIGNED, subject_id=input.recheck_id)
        return SignRecheckPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_FOLLOW),
        description="Place a major hazard under supervision (督办; 条例45).",
    )
    async def supervise_hazard(
        self, info: Info, input: Annotated[SuperviseHazardInput, strawberry.argument(description="The step.")]
    ) -> SuperviseHazardPayload | None:
        asked = Asked(id=input.id, kind=Turn.SUPERVISED, words=input.words)
        return SuperviseHazardPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_FOLLOW),
        description="Hand a major hazard over to the department, as the branch office (条例54).",
    )
    async def hand_over_hazard(
        self, info: Info, input: Annotated[HandOverHazardInput, strawberry.argument(description="The step.")]
    ) -> HandOverHazardPayload | None:
        asked = Asked(id=input.id, kind=Turn.HANDED_OVER, words=input.words)
        return HandOverHazardPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_FOLLOW),
        description="Receipt a hazard that the branch office handed over, as the department.",
    )
    async def receive_hazard(
        self, info: Info, input: Annotated[ReceiveHazardInput, strawberry.argument(description="The step.")]
    ) -> ReceiveHazardPayload | None:
        asked = Asked(id=input.id, kind=Turn.HANDOVER_RECEIVED, words=input.words)
        return ReceiveHazardPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_FOLLOW),
        description="Track a supervised hazard, each month (三(三)3).",
    )
    async def track_hazard(
        self, info: Info, input: Annotated[TrackHazardInput, strawberry.argument(description="The step.")]
    ) -> TrackHazardPayload | None:
        asked = Asked(id=input.id, kind=Turn.TRACKED, words=input.words, at=input.at)
        return TrackHazardPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_RECHECK),
        description="Record the verification on site before close-out; it counts once another officer signs it.",
    )
    async def verify_on_site(
        self, info: Info, input: Annotated[VerifyOnSiteInput, strawberry.argument(description="The step.")]
    ) -> VerifyOnSitePayload | None:
        asked = Asked(
            id=input.id, kind=Turn.VERIFIED, outcome=input.outcome, words=input.words,
            place_id=input.place_id, evidence=tuple(input.evidence_ids), at=input.at,
        )  # fmt: skip
        return VerifyOnSitePayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_RECHECK),
        description="Sign another officer's verification on site.",
    )
    async def sign_verification(
        self, info: Info, input: Annotated[SignVerificationInput, strawberry.argument(description="The step.")]
    ) -> SignVerificationPayload | None:
        asked = Asked(id=input.id, kind=Turn.VERIFICATION_SIGNED, subject_id=input.verification_id)
        return SignVerificationPayload(measure=await take(info, input.measure_id, asked))


AREA = Area(mutation=MeasureCorrectionMutation)
