"""What may live here: cuts of power and explosives, and the restart after a stop, in GraphQL."""

from datetime import datetime
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


@strawberry.input(description="The step: notify mine of cut.")
class NotifyMineOfCutInput:
    """The step: notify mine of cut."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="How it was handed over.")


@strawberry.type(description="What came of it: notify mine of cut.")
class NotifyMineOfCutPayload:
    """What came of it: notify mine of cut."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: notify supplier of cut.")
class NotifySupplierOfCutInput:
    """The step: notify supplier of cut."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="Which supplier, by which paper.")


@strawberry.type(description="What came of it: notify supplier of cut.")
class NotifySupplierOfCutPayload:
    """What came of it: notify supplier of cut."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: ask restart.")
class AskRestartInput:
    """The step: ask restart."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(description="What was rectified.")


@strawberry.type(description="What came of it: ask restart.")
class AskRestartPayload:
    """What came of it: ask restart."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: hold acceptance.")
class HoldAcceptanceInput:
    """The step: hold acceptance."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    outcome: StepOutcome = strawberry.field(description="PASSED or FAILED.")
    words: str = strawberry.field(default="", description="What was found.")
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="Pieces of evidence of this mine.")


@strawberry.type(description="What came of it: hold acceptance.")
class HoldAcceptancePayload:
    """What came of it: hold acceptance."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: sign restart.")
class SignRestartInput:
    """The step: sign restart."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="What is said of it.")


@strawberry.type(description="What came of it: sign restart.")
class SignRestartPayload:
    """What came of it: sign restart."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: agree to restart.")
class AgreeToRestartInput:
    """The step: agree to restart."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="What is said of it.")


@strawberry.type(description="What came of it: agree to restart.")
class AgreeToRestartPayload:
    """What came of it: agree to restart."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: approve restart.")
class ApproveRestartInput:
    """The step: approve restart."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    words: str = strawberry.field(default="", description="What is said of it.")


@strawberry.type(description="What came of it: approve restart.")
class ApproveRestartPayload:
    """What came of it: approve restart."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The step: announce measure.")
class AnnounceMeasureInput:
    """The step: announce measure."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    measure_id: UUID = strawberry.field(description="The UUID of the measure.")
    outcome: StepOutcome = strawberry.field(description="STOP or RESTART.")
    words: str = strawberry.field(description="Where.")
    at: datetime | None = strawberry.field(default=None, description="When it was; now if left out.")


@strawberry.type(description="What came of it: announce measure.")
class AnnounceMeasurePayload:
    """What came of it: announce measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type
class MeasureRestartMutation:
    """Steps of measures."""

    @mutation(
        access=needs(Verb.MEASURE_ORDER),
        description="Notify the mine 24 hours before power is cut (安法70).",
    )
    async def notify_mine_of_cut(
        self, info: Info, input: Annotated[NotifyMineOfCutInput, strawberry.argument(description="The step.")]
    ) -> NotifyMineOfCutPayload | None:
        asked = Asked(id=input.id, kind=Turn.MINE_NOTIFIED, words=input.words)
        return NotifyMineOfCutPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_ORDER),
        description="Notify the supplier in writing to cut power or explosives (安法70).",
    )
    async def notify_supplier_of_cut(
        self, info: Info, input: Annotated[NotifySupplierOfCutInput, strawberry.argument(description="The step.")]
    ) -> NotifySupplierOfCutPayload | None:
        asked = Asked(id=input.id, kind=Turn.SUPPLIER_NOTIFIED, words=input.words)
        return NotifySupplierOfCutPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_REPORT),
        description="Apply to restart after a stop to rectify, as the mine (条例48).",
    )
    async def ask_restart(
        self, info: Info, input: Annotated[AskRestartInput, strawberry.argument(description="The step.")]
    ) -> AskRestartPayload | None:
        asked = Asked(id=input.id, kind=Turn.RESTART_ASKED, words=input.words)
        return AskRestartPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_RECHECK),
        description="Record the acceptance of an application to restart (条例48).",
    )
    async def hold_acceptance(
        self, info: Info, input: Annotated[HoldAcceptanceInput, strawberry.argument(description="The step.")]
    ) -> HoldAcceptancePayload | None:
        asked = Asked(
            id=input.id, kind=Turn.ACCEPTANCE_HELD, outcome=input.outcome, words=input.words,
            evidence=tuple(input.evidence_ids),
        )  # fmt: skip
        return HoldAcceptancePayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_APPROVE),
        description="Sign a restart as the head of the department: the first signature (条例48).",
    )
    async def sign_restart(
        self, info: Info, input: Annotated[SignRestartInput, strawberry.argument(description="The step.")]
    ) -> SignRestartPayload | None:
        asked = Asked(id=input.id, kind=Turn.RESTART_SIGNED, words=input.words)
        return SignRestartPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_APPROVE),
        description="Agree to a restart for the mine safety administration: the second signature (条例48).",
    )
    async def agree_to_restart(
        self, info: Info, input: Annotated[AgreeToRestartInput, strawberry.argument(description="The step.")]
    ) -> AgreeToRestartPayload | None:
        asked = Asked(id=input.id, kind=Turn.RESTART_AGREED, words=input.words)
        return AgreeToRestartPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_RESTART),
        description="Approve a restart as the head of the government: the third signature (条例48).",
    )
    async def approve_restart(
        self, info: Info, input: Annotated[ApproveRestartInput, strawberry.argument(description="The step.")]
    ) -> ApproveRestartPayload | None:
        asked = Asked(id=input.id, kind=Turn.RESTART_APPROVED, words=input.words)
        return ApproveRestartPayload(measure=await take(info, input.measure_id, asked))

    @mutation(
        access=needs(Verb.MEASURE_FOLLOW),
        description="Record that a stop or a restart was announced to the public (条例49).",
    )
    async def announce_measure(
        self, info: Info, input: Annotated[AnnounceMeasureInput, strawberry.argument(description="The step.")]
    ) -> AnnounceMeasurePayload | None:
        asked = Asked(id=input.id, kind=Turn.ANNOUNCED, outcome=input.outcome, words=input.words, at=input.at)
        return AnnounceMeasurePayload(measure=await take(info, input.measure_id, asked))


AREA = Area(mutation=MeasureRestartMutation)
