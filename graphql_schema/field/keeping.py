"""What may live here: keeping in GraphQL: how long evidence stays, who holds it, and how it lawfully ends."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import Node, global_id
from storage.field.keeping import operations, queries
from storage.field.keeping.rules import Subject
from storage.field.keeping.tables import Damage, SubjectKind
from storage.record.actor import Verb
from storage.record.work import perform_once

enum(Damage, description="What the scrubber found wrong with a sealed piece.", name="EvidenceDamage")
enum(SubjectKind, description="What a hold or a term is laid on; all its pieces, those to come too.", name="KeptKind")

_OPERATION_ID = "Made by the client; the same id again is the same act."
_ARTICLE = "The article that it rests on, 1 to 200 characters."
_REASON = "Why, 1 to 500 characters."


async def _retentions(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.retention_of(sql, ids=ids)


async def _holds(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.holds_on(sql, ids=ids)


async def _erasures(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.erasures_of(sql, ids=ids)


retention_of = loaders.one(_retentions, key=lambda row: row["evidence_id"])
holds_on = loaders.many(_holds, key=lambda row: row["piece_id"])
erasure_of = loaders.one(_erasures, key=lambda row: row["evidence_id"])


@strawberry.type(description="How long a sealed piece is kept: what is wanted, and what the store applies.")
class Retention:
    """How long a sealed piece is kept."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    until: datetime = strawberry.field(description="Until when it is to be kept at the least; never moved back.")
    applied_until: datetime = strawberry.field(description="Until when the store locks it against every hand.")
    held: bool = strawberry.field(description="Whether a hold forbids that it goes, whatever the dates.")
    applied_held: bool = strawberry.field(description="Whether the store applies a hold.")
    scrubbed_at: datetime = strawberry.field(description="When the stored bytes were last read again.")
    damaged_at: datetime | None = strawberry.field(description="Since when it is known to be damaged.")
    erased_at: datetime | None = strawberry.field(description="When its bytes were erased.")

    @classmethod
    def of(cls, row: Any) -> "Retention":
        """Tell a row."""
        return cls(
            id=global_id("Retention", row["evidence_id"]), until=row["retain_until"],
            applied_until=row["retained_until"], held=row["hold_wanted"], applied_held=row["held"],
            scrubbed_at=row["scrubbed_at"], damaged_at=row["damaged_at"], erased_at=row["erased_at"],
        )  # fmt: skip


def _subject_of(row: Any) -> tuple[SubjectKind, UUID]:
    """What a hold or a term is laid on."""
    return next((kind, id) for kind in SubjectKind if (id := row[f"{kind.value.lower()}_id"]) is not None)


@strawberry.type(description="A duty to keep that ends only when it is lifted (冻结).")
class Hold(Node):
    """A duty to keep that ends only when it is lifted."""

    uuid: UUID = strawberry.field(description="Its UUID.")
    kind: SubjectKind = strawberry.field(description="What it is laid on.")
    subject_id: UUID = strawberry.field(description="The UUID of what it is laid on.")
    case_id: UUID | None = strawberry.field(description="The case that placed it and alone lifts it, if one did.")
    article: str = strawberry.field(description="The article that it rests on.")
    reason: str = strawberry.field(description="Why it was placed.")
    permanent: bool = strawberry.field(description="Whether the law asks for keeping for ever (永久).")
    placed_by: strawberry.ID = strawberry.field(description="The account that placed it.")
    placed_at: datetime = strawberry.field(description="When it was placed.")
    lifted_at: datetime | None = strawberry.field(description="When it was lifted; null while it is open.")
    lift_reason: str | None = strawberry.field(description="Why it was lifted.")

    @classmethod
    def of(cls, row: Any) -> "Hold":
        """Tell a row."""
        kind, subject_id = _subject_of(row)
        return cls(
            id=global_id("Hold", row["id"]), uuid=row["id"], kind=kind, subject_id=subject_id, case_id=row["case_id"],
            article=row["article"], reason=row["reason"], permanent=row["permanent"],
            placed_by=global_id("Account", row["placed_by"]), placed_at=row["placed_at"], lifted_at=row["lifted_at"],
            lift_reason=row["lift_reason"],
        )  # fmt: skip


@strawberry.type(description="A rule that keeps longer than the floor; the longest wins.")
class RetentionTerm:
    """A rule that keeps longer than the floor."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    kind: SubjectKind = strawberry.field(description="What it is laid on.")
    subject_id: UUID = strawberry.field(description="The UUID of what it is laid on.")
    until: datetime = strawberry.field(description="Until when.")
    article: str = strawberry.field(description="The article that it rests on.")
    reason: str = strawberry.field(description="Why.")

    @classmethod
    def of(cls, row: Any) -> "RetentionTerm":
        """Tell a row."""
        kind, subject_id = _subject_of(row)
        return cls(
            id=global_id("RetentionTerm", row["id"]), kind=kind, subject_id=subject_id, until=row["until"],
            article=row["article"], reason=row["reason"],
        )  # fmt: skip


@strawberry.type(description="The lawful end of a piece (销毁): proposed by one person, approved by another.")
class Erasure:
    """The lawful end of a piece."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="Its UUID.")
    evidence_id: UUID = strawberry.field(description="The UUID of the piece.")
    article: str = strawberry.field(description="The article that it rests on.")
    reason: str = strawberry.field(description="Why.")
    proposed_by: strawberry.ID = strawberry.field(description="The account that proposed it.")
    proposed_at: datetime = strawberry.field(description="When it was proposed.")
    approved_by: strawberry.ID | None = strawberry.field(description="The account that approved it: never the same.")
    approved_at: datetime | None = strawberry.field(description="When it was approved: from then on nothing stops it.")
    erased_at: datetime | None = strawberry.field(
        description="When nothing of it was left in the store; its entry is the certificate of deletion."
    )

    @classmethod
    def of(cls, row: Any) -> "Erasure":
        """Tell a row."""
        approver = row["approved_by"]
        return cls(
            id=global_id("Erasure", row["id"]), uuid=row["id"], evidence_id=row["evidence_id"], article=row["article"],
            reason=row["reason"], proposed_by=global_id("Account", row["proposed_by"]), proposed_at=row["proposed_at"],
            approved_by=global_id("Account", approver) if approver else None, approved_at=row["approved_at"],
            erased_at=row["erased_at"],
        )  # fmt: skip


@strawberry.input(description="What to hold.")
class PlaceHoldInput:
    """What to hold."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    kind: SubjectKind = strawberry.field(description="What it is laid on.")
    subject_id: UUID = strawberry.field(description="The UUID of what it is laid on.")
    article: str = strawberry.field(description=_ARTICLE)
    reason: str = strawberry.field(description=_REASON)
    permanent: bool = strawberry.field(default=False, description="Whether it is to be kept for ever (永久).")


@strawberry.type(description="What came of holding.")
class PlaceHoldPayload:
    """What came of holding."""

    hold: Hold | None = strawberry.field(default=None, description="The open hold.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A hold to lift.")
class LiftHoldInput:
    """A hold to lift."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    hold_id: UUID = strawberry.field(description="The UUID of the hold.")
    reason: str = strawberry.field(description=_REASON)


@strawberry.type(description="What came of lifting.")
class LiftHoldPayload:
    """What came of lifting."""

    hold: Hold | None = strawberry.field(default=None, description="The lifted hold.")
    problem: Problem | None = problem_field()


@strawberry.input(description="What to keep longer.")
class ExtendRetentionInput:
    """What to keep longer."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    kind: SubjectKind = strawberry.field(description="What it is laid on.")
    subject_id: UUID = strawberry.field(description="The UUID of what it is laid on.")
    until: datetime = strawberry.field(description="Until when: later than all that is known, within thirty years.")
    article: str = strawberry.field(description=_ARTICLE)
    reason: str = strawberry.field(description=_REASON)


@strawberry.type(description="What came of keeping longer.")
class ExtendRetentionPayload:
    """What came of keeping longer."""

    term: RetentionTerm | None = strawberry.field(default=None, description="The new rule.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A piece that is past its dates.")
class ProposeErasureInput:
    """A piece that is past its dates."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    evidence_id: UUID = strawberry.field(description="The UUID of the piece.")
    article: str = strawberry.field(description=_ARTICLE)
    reason: str = strawberry.field(description=_REASON)


@strawberry.type(description="What came of proposing.")
class ProposeErasurePayload:
    """What came of proposing."""

    erasure: Erasure | None = strawberry.field(default=None, description="The proposal.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A proposal to approve.")
class ApproveErasureInput:
    """A proposal to approve."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    erasure_id: UUID = strawberry.field(description="The UUID of the erasure.")


@strawberry.type(description="What came of approving.")
class ApproveErasurePayload:
    """What came of approving."""

    erasure: Erasure | None = strawberry.field(default=None, description="The approved erasure.")
    problem: Problem | None = problem_field()


async def _once(context: Context, operation_id: UUID, again: Any, operation: Any, **arguments: Any) -> Any:
    actor = context.signed_in()
    return await perform_once(
        context.database, actor, context.now(), operation_id, again, operation, **arguments
    )  # fmt: skip


@strawberry.type
class KeepingMutation:
    """Acts of keeping."""

    @mutation(access=needs(Verb.HOLD_PLACE), description="Forbid that pieces go until the hold is lifted.")
    async def place_hold(
        self, info: Info, input: Annotated[PlaceHoldInput, strawberry.argument(description="What, and why.")]
    ) -> PlaceHoldPayload | None:
        row = await _once(
            info.context, input.operation_id, queries.hold_by_id, operations.place_hold,
            subject=Subject(input.kind, input.subject_id), article=input.article, reason=input.reason,
            permanent=input.permanent,
        )  # fmt: skip
        return PlaceHoldPayload(hold=Hold.of(row))

    @mutation(access=needs(Verb.HOLD_LIFT), description="End a hold; others on the same pieces stay.")
    async def lift_hold(
        self, info: Info, input: Annotated[LiftHoldInput, strawberry.argument(description="Which, and why.")]
    ) -> LiftHoldPayload | None:
        row = await _once(
            info.context, input.operation_id, queries.hold_by_id, operations.lift_hold, hold_id=input.hold_id,
            reason=input.reason,
        )  # fmt: skip
        return LiftHoldPayload(hold=Hold.of(row))

    @mutation(access=needs(Verb.RETENTION_EXTEND), description="Keep pieces longer; the longest rule wins.")
    async def extend_retention(
        self, info: Info, input: Annotated[ExtendRetentionInput, strawberry.argument(description="What, how long.")]
    ) -> ExtendRetentionPayload | None:
        row = await _once(
            info.context, input.operation_id, queries.term_by_id, operations.extend_retention,
            subject=Subject(input.kind, input.subject_id), until=input.until, article=input.article,
            reason=input.reason,
        )  # fmt: skip
        return ExtendRetentionPayload(term=RetentionTerm.of(row))

    @mutation(access=needs(Verb.ERASURE_PROPOSE), description="Propose that a piece past its dates is erased.")
    async def propose_erasure(
        self, info: Info, input: Annotated[ProposeErasureInput, strawberry.argument(description="Which, and why.")]
    ) -> ProposeErasurePayload | None:
        row = await _once(
            info.context, input.operation_id, queries.erasure_by_id, operations.propose_erasure,
            evidence_id=input.evidence_id, article=input.article, reason=input.reason,
        )  # fmt: skip
        return ProposeErasurePayload(erasure=Erasure.of(row))

    @mutation(access=needs(Verb.ERASURE_APPROVE), description="Approve an erasure that another person proposed.")
    async def approve_erasure(
        self, info: Info, input: Annotated[ApproveErasureInput, strawberry.argument(description="Which.")]
    ) -> ApproveErasurePayload | None:
        row = await _once(
            info.context, input.operation_id, queries.erasure_by_id, operations.approve_erasure,
            erasure_id=input.erasure_id,
        )  # fmt: skip
        return ApproveErasurePayload(erasure=Erasure.of(row))


async def hold(context: Context, id: UUID) -> Hold | None:
    """Fetch the node of a UUID."""
    context.signed_in().require(Verb.EVIDENCE_READ)
    async with context.database.reading(context.signed_in()) as sql:
        row = await queries.visible_hold(sql, id=id)
    return Hold.of(row) if row else None


AREA = Area(mutation=KeepingMutation, nodes={"Hold": hold}, types=(Hold,))
