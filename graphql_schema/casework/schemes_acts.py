"""What may live here: the acts on inspection schemes in GraphQL, on their items, on law talks and classes of mines."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, identity, mutation
from graphql_schema.casework.schemes import LawTalk, Scheme, SchemeItem
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.field.inspections import InspectionPlaceInput
from storage.casework.schemes import operations, recording
from storage.casework.schemes.rules import Draft, Item
from storage.casework.schemes.tables import Cause, ItemOutcome, Manner, MineClass, MineClassification, Side
from storage.field.inspections.rules import Place
from storage.record.actor import Verb
from storage.record.work import perform, perform_once

_OPERATION_ID = "Made by the client; the same id again is the same act."
_OWN_ID = "Made by the client; the same id with the same content is the same act."
_SCHEME_ID = "The UUID of the scheme."


@strawberry.input(description="One thing to check.")
class SchemeItemInput:
    """One thing to check."""

    id: UUID = strawberry.field(description="Made by the client.")
    power: str = strawberry.field(description="The key of the power that it rests on.")
    text: str = strawberry.field(description="What to check, 1 to 500 characters.")
    side: Side = strawberry.field(description="Papers or workplaces.")
    underground: bool = strawberry.field(description="Underground, else on the surface.")
    manner: Manner = strawberry.field(description="By its kind, or by measuring.")
    officer_id: UUID = strawberry.field(description="The account of the officer who answers for it.")
    why: str = strawberry.field(default="", description="What it comes from.")


@strawberry.input(description="A scheme to draft.")
class DraftSchemeInput:
    """A scheme to draft."""

    id: UUID = strawberry.field(description=_OWN_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    cause: Cause = strawberry.field(description="What opens the inspection.")
    reference: str = strawberry.field(description="The plan, the report, the decision, 1 to 500 characters.")
    scheduled_for: date = strawberry.field(description="The day, of Asia/Shanghai.")
    lead_id: UUID = strawberry.field(description="The account of the lead, one of the team.")
    officer_ids: list[UUID] = strawberry.field(description="The accounts of the team, yours among them.")
    items: list[SchemeItemInput] = strawberry.field(description="What to check, 1 to 100.")

    def draft(self) -> Draft:
        """The scheme as storage takes it."""
        items = tuple(
            Item(id=one.id, power=one.power, text=one.text, side=one.side, underground=one.underground,
                 manner=one.manner, officer_id=one.officer_id, why=one.why)
            for one in self.items
        )  # fmt: skip
        return Draft(
            id=self.id, mine_id=self.mine_id, cause=self.cause, reference=self.reference, lead_id=self.lead_id,
            scheduled_for=self.scheduled_for, officers=tuple(self.officer_ids), items=items,
        )  # fmt: skip


@strawberry.input(description="A scheme to approve.")
class ApproveSchemeInput:
    """A scheme to approve."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    scheme_id: UUID = strawberry.field(description=_SCHEME_ID)


@strawberry.input(description="A scheme to send back.")
class ReturnSchemeInput:
    """A scheme to send back."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    scheme_id: UUID = strawberry.field(description=_SCHEME_ID)
    reason: str = strawberry.field(description="Why, 1 to 500 characters.")


@strawberry.input(description="An approved scheme whose inspection is opened.")
class OpenBySchemeInput:
    """An approved scheme whose inspection is opened."""

    scheme_id: UUID = strawberry.field(description=_SCHEME_ID)
    inspection_id: UUID = strawberry.field(description="The id of the inspection, made by the phone.")
    places: list[InspectionPlaceInput] = strawberry.field(description="The places that it covers.")


@strawberry.input(description="An open inspection that carries out a scheme.")
class LinkSchemeInput:
    """An open inspection that carries out a scheme."""

    scheme_id: UUID = strawberry.field(description=_SCHEME_ID)
    inspection_id: UUID = strawberry.field(description="The UUID of the inspection, of which you are an officer.")


@strawberry.input(description="An answer to an item.")
class AnswerSchemeItemInput:
    """An answer to an item."""

    item_id: UUID = strawberry.field(description="The UUID of the item, which is allotted to you.")
    outcome: ItemOutcome = strawberry.field(description="Whether it was checked.")
    answer: str = strawberry.field(description="What you saw, or why it was not checked, 1 to 500 characters.")


@strawberry.input(description="A talk on the law that was held.")
class RecordLawTalkInput:
    """A talk on the law that was held."""

    id: UUID = strawberry.field(description=_OWN_ID)
    inspection_id: UUID = strawberry.field(description="The UUID of the inspection.")
    starts_at: datetime = strawberry.field(description="When it began.")
    ends_at: datetime = strawberry.field(description="When it ended.")
    speaker: str = strawberry.field(description="Who spoke, 1 to 80 characters.")
    listeners: int = strawberry.field(description="How many listened, 1 to 10,000.")
    topics: str = strawberry.field(description="What about, 1 to 500 characters.")


@strawberry.input(description="How a mine is classed.")
class ClassifyMineInput:
    """How a mine is classed."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    mine_class: MineClass = strawberry.field(description="Its class.")
    from_day: date = strawberry.field(description="From which day on, of Asia/Shanghai.")
    reason: str = strawberry.field(description="Why, 1 to 500 characters.")


@strawberry.type(description="The class of a mine from a day on.")
class MineClassed:
    """The class of a mine from a day on."""

    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    mine_class: MineClass = strawberry.field(description="Its class.")
    from_day: date = strawberry.field(description="From which day on.")
    reason: str = strawberry.field(description="Why.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"class-{self.mine_id}-{self.from_day}-{self.mine_class.value}")

    @classmethod
    def of(cls, row: MineClassification) -> "MineClassed":
        """Tell a row."""
        return cls(mine_id=row.mine_id, mine_class=MineClass(row.mine_class), from_day=row.from_day, reason=row.reason)


@strawberry.type(description="What came of drafting.")
class DraftSchemePayload:
    """What came of drafting."""

    scheme: Scheme | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of approving.")
class ApproveSchemePayload:
    """What came of approving."""

    scheme: Scheme | None = strawberry.field(default=None, description="The approved scheme.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of sending back.")
class ReturnSchemePayload:
    """What came of sending back."""

    scheme: Scheme | None = strawberry.field(default=None, description="The scheme as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of opening.")
class OpenBySchemePayload:
    """What came of opening."""

    scheme: Scheme | None = strawberry.field(default=None, description="The scheme with its inspection.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of linking.")
class LinkSchemePayload:
    """What came of linking."""

    scheme: Scheme | None = strawberry.field(default=None, description="The scheme with its inspection.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of answering.")
class AnswerSchemeItemPayload:
    """What came of answering."""

    item: SchemeItem | None = strawberry.field(default=None, description="The item with its answer.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of recording a talk.")
class RecordLawTalkPayload:
    """What came of recording a talk."""

    law_talk: LawTalk | None = strawberry.field(default=None, description="The talk.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of classing a mine.")
class ClassifyMinePayload:
    """What came of classing a mine."""

    classed: MineClassed | None = strawberry.field(default=None, description="The class.")
    problem: Problem | None = problem_field()


@strawberry.type
class SchemeMutation:
    """Acts on schemes."""

    @mutation(
        access=needs(Verb.SCHEME_DRAFT), description="Draft a scheme for an inspection of which you are a member."
    )
    async def draft_scheme(
        self, info: Info, input: Annotated[DraftSchemeInput, strawberry.argument(description="The scheme.")]
    ) -> DraftSchemePayload | None:
        context, draft = info.context, input.draft()
        row = await perform(context.database, context.signed_in(), context.now(), operations.draft_scheme, draft=draft)
        return DraftSchemePayload(scheme=Scheme.of(row))

    @mutation(access=needs(Verb.SCHEME_APPROVE), description="Approve (审定) what a member of your team drafted.")
    async def approve_scheme(
        self, info: Info, input: Annotated[ApproveSchemeInput, strawberry.argument(description="Which.")]
    ) -> ApproveSchemePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.scheme_again,
            operations.approve_scheme, scheme_id=input.scheme_id,
        )  # fmt: skip
        return ApproveSchemePayload(scheme=Scheme.of(row))

    @mutation(access=needs(Verb.SCHEME_APPROVE), description="Send a draft of your team back, with your reason.")
    async def return_scheme(
        self, info: Info, input: Annotated[ReturnSchemeInput, strawberry.argument(description="Which, and why.")]
    ) -> ReturnSchemePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.scheme_again,
            operations.return_scheme, scheme_id=input.scheme_id, reason=input.reason,
        )  # fmt: skip
        return ReturnSchemePayload(scheme=Scheme.of(row))

    @mutation(access=needs(Verb.INSPECTION_OPEN), description="Open the inspection that an approved scheme is for.")
    async def open_by_scheme(
        self, info: Info, input: Annotated[OpenBySchemeInput, strawberry.argument(description="Which, and where.")]
    ) -> OpenBySchemePayload | None:
        context = info.context
        places = tuple(Place(id=one.id, name=one.name, underground=one.underground) for one in input.places)
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.open_by_scheme,
            scheme_id=input.scheme_id, inspection_id=input.inspection_id, places=places,
        )  # fmt: skip
        return OpenBySchemePayload(scheme=Scheme.of(row))

    @mutation(access=needs(Verb.SCHEME_RECORD), description="Say that your open inspection carries out a scheme.")
    async def link_scheme(
        self, info: Info, input: Annotated[LinkSchemeInput, strawberry.argument(description="Which.")]
    ) -> LinkSchemePayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.link_scheme, scheme_id=input.scheme_id,
            inspection_id=input.inspection_id,
        )  # fmt: skip
        return LinkSchemePayload(scheme=Scheme.of(row))

    @mutation(access=needs(Verb.SCHEME_RECORD), description="Answer for an item that is allotted to you.")
    async def answer_scheme_item(
        self, info: Info, input: Annotated[AnswerSchemeItemInput, strawberry.argument(description="The answer.")]
    ) -> AnswerSchemeItemPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), recording.answer_item, item_id=input.item_id,
            outcome=input.outcome, answer=input.answer,
        )  # fmt: skip
        return AnswerSchemeItemPayload(item=SchemeItem.of(row))

    @mutation(access=needs(Verb.SCHEME_RECORD), description="Record a talk on the law; a short one is kept too.")
    async def record_law_talk(
        self, info: Info, input: Annotated[RecordLawTalkInput, strawberry.argument(description="The talk.")]
    ) -> RecordLawTalkPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), recording.record_talk, id=input.id,
            inspection_id=input.inspection_id, starts_at=input.starts_at, ends_at=input.ends_at,
            speaker=input.speaker, listeners=input.listeners, topics=input.topics,
        )  # fmt: skip
        return RecordLawTalkPayload(law_talk=LawTalk.of(row))

    @mutation(access=needs(Verb.SCHEME_CLASSIFY), description="Class a mine from a day on.")
    async def classify_mine(
        self, info: Info, input: Annotated[ClassifyMineInput, strawberry.argument(description="Which, and why.")]
    ) -> ClassifyMinePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, recording.class_again,
            recording.classify_mine, mine_id=input.mine_id, mine_class=input.mine_class, from_day=input.from_day,
            reason=input.reason,
        )  # fmt: skip
        return ClassifyMinePayload(classed=MineClassed.of(row))


AREA = Area(mutation=SchemeMutation)
