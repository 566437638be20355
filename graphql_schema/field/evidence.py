"""What may live here: evidence in GraphQL: declaring, completing, and how far each piece has come."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.field import keeping
from graphql_schema.field.evidence_takeovers import Lost, Takeover, TakeoverInput, takeover_of
from graphql_schema.field.evidence_uploads import EvidenceParts, Upload
from graphql_schema.field.facts import EvidenceFacts, facts_field
from graphql_schema.field.keeping import Erasure, Hold, Retention
from graphql_schema.pages import Node, global_id
from graphql_schema.scalars import Base64, Bytes, Sha256
from storage.field.evidence import losses, operations, queries, rules
from storage.field.evidence.operations import Declared, Piece
from storage.field.evidence.rules import Flag, Quarantine, UploadAs
from storage.field.evidence.tables import EvidenceState, Grade
from storage.field.keeping.tables import Damage
from storage.record import problems
from storage.record.actor import Verb
from storage.record.clock import to_ms
from storage.record.ledger.proofs.receipts import declare_receipt
from storage.record.work import perform

enum(Grade, description="What a piece can prove about its making.")
enum(Flag, description="A fact about a piece that is kept and shown, never refused.", name="EvidenceFlag")
enum(Quarantine, description="Why bytes are kept apart and are no evidence.", name="QuarantineReason")


async def _by_ids(context: Context, ids: list[UUID]) -> Any:
    actor = context.signed_in()
    actor.require(Verb.EVIDENCE_READ)
    async with context.database.reading(actor.seeing(Verb.EVIDENCE_READ)) as sql:
        return await queries.pieces_by_ids(sql, ids=ids)


async def _receipts(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in().seeing(Verb.EVIDENCE_READ)) as sql:
        return await queries.receipts_of(sql, ids=ids)


piece_by_id = loaders.one(_by_ids, key=lambda row: row["id"])
receipt_of = loaders.one(_receipts, key=lambda row: row["evidence_id"])


@strawberry.type(description="One piece of evidence: a photo, film or sound.")
class Evidence(Node):
    """One piece of evidence."""

    uuid: UUID = strawberry.field(description="The id that the phone made.")
    recording_id: UUID = strawberry.field(description="The recording that it belongs to.")
    device_id: UUID = strawberry.field(description="The device that signed its statement.")
    maker_id: UUID = strawberry.field(description="The account of the officer who answers for it.")
    seq: Bytes = strawberry.field(description="Its number in the chain of its device in the recording, from 0.")
    state: EvidenceState = strawberry.field(description="How far it has come.")
    grade: Grade = strawberry.field(description="What it can prove about its making.")
    flags: list[Flag] = strawberry.field(description="Facts that stand against its claims, sorted by name.")
    sha256: Sha256 = strawberry.field(description="The digest of the whole file that the device signed.")
    size: Bytes = strawberry.field(description="Bytes of the file.")
    media_type: str = strawberry.field(description="The media type that the device declared.")
    declared_at: datetime = strawberry.field(description="When the signed statement reached the server.")
    received_at: datetime | None = strawberry.field(description="When the bytes had reached the store.")
    sealed_at: datetime | None = strawberry.field(description="When the re-read, locked bytes were sealed.")
    quarantine_reason: Quarantine | None = strawberry.field(description="Why it is no evidence, if it is not.")
    lost_at: datetime | None = strawberry.field(description="When it was reported lost, if it ever was.")
    lost_reason: str | None = strawberry.field(description="The reason that was given for it.")

    @strawberry.field(  # type: ignore[untyped-decorator] # Strawberry types its decorator for plain functions only.
        description="The sealed receipt as canonical JSON in base64url; null until it is signed."
    )
    async def receipt(self, info: Info) -> Base64 | None:
        row = await receipt_of(info.context, self.uuid)
        return Base64(row["receipt"]) if row else None

    @derived(description="From whom, how and when it was taken over; null for what was signed by whoever took it.")
    async def takeover(self, info: Info) -> Takeover | None:
        row = await takeover_of(info.context, self.uuid)
        return Takeover.of(row) if row else None

    @derived(description="How long it is kept; null until it is sealed.")
    async def retention(self, info: Info) -> Retention | None:
        row = await keeping.retention_of(info.context, self.uuid)
        return Retention.of(row) if row else None

    @derived(description="What is wrong with the stored bytes, if anything is; what was sealed stays sealed.")
    async def damaged(self, info: Info) -> Damage | None:
        row = await keeping.retention_of(info.context, self.uuid)
        return Damage(row["damage"]) if row and row["damage"] else None

    @derived(description="The newest 100 holds that reach it, open or lifted, newest first.")
    async def holds(self, info: Info) -> list[Hold]:
        return [Hold.of(row) for row in await keeping.holds_on(info.context, self.uuid)]

    @derived(description="Its lawful end, if one was proposed.")
    async def erasure(self, info: Info) -> Erasure | None:
        row = await keeping.erasure_of(info.context, self.uuid)
        return Erasure.of(row) if row else None

    @derived(description="What the sealed file says of itself; null until it is looked at, and once it is erased.")
    async def facts(self, info: Info) -> EvidenceFacts | None:
        return await facts_field(info.context, self.uuid)

    @classmethod
    def of(cls, row: Any) -> "Evidence":
        """Tell a row."""
        reason = row["quarantine_reason"]
        return cls(
            id=global_id("Evidence", row["id"]), uuid=row["id"], recording_id=row["recording_id"],
            device_id=row["device_id"], maker_id=row["maker_id"], seq=row["seq"], state=EvidenceState(row["state"]),
            grade=Grade(row["grade"]), flags=[Flag(flag) for flag in row["flags"]], sha256=row["sha256"],
            size=row["size"], media_type=row["media_type"], declared_at=row["declared_at"],
            received_at=row["received_at"], sealed_at=row["sealed_at"],
            quarantine_reason=Quarantine(reason) if reason else None, lost_at=row["lost_at"],
            lost_reason=row["lost_reason"],
        )  # fmt: skip


async def piece(context: Context, id: UUID) -> Evidence | None:
    """Fetch the node of a UUID."""
    row = await piece_by_id(context, id)
    return Evidence.of(row) if row else None


@strawberry.type(description="The answer to one item of a batch.")
class DeclaredItem:
    """The answer to one item of a batch."""

    uuid: UUID = strawberry.field(description="The id of the item as it was sent.")
    state: EvidenceState | None = strawberry.field(default=None, description="How far it has come; null if refused.")
    known: bool = strawberry.field(default=False, description="It had been declared before, with the same bytes.")
    receipt: Base64 | None = strawberry.field(
        default=None, description="The declared receipt, canonical JSON: it will stand in the log within 60 s."
    )
    upload: Upload | None = strawberry.field(
        default=None, description="How to send the bytes; null once the store has them, and for a file in parts."
    )
    parts: EvidenceParts | None = strawberry.field(
        default=None, description="The parts in which to send it by `beginUpload`; null once the store has the bytes."
    )
    problem: Problem | None = strawberry.field(default=None, description="Why this item was refused.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"declared-{self.uuid}")


@strawberry.input(description="One signed statement.")
class DeclareEvidenceItem:
    """One signed statement."""

    id: UUID = strawberry.field(description="Made by the phone; the same id with the same bytes is the same piece.")
    statement: Base64 = strawberry.field(description="The canonical bytes of the statement, at most 1 KB.")
    signature: Base64 = strawberry.field(description="The device's signature over them, 64 bytes.")
    takeover: TakeoverInput | None = strawberry.field(
        default=None, description="From whom, how and when, if the file was taken over from somebody else."
    )

    def told(self) -> Declared:
        """The item as storage takes it."""
        return Declared(self.id, self.statement, self.signature, self.takeover.told() if self.takeover else None)


@strawberry.input(description="A batch of signed statements, at most 100; each is answered by itself.")
class DeclareEvidenceInput:
    """A batch of signed statements."""

    recording_id: UUID = strawberry.field(description="The recording that all of them belong to.")
    device_id: UUID = strawberry.field(description="The device that signed all of them: one of your own.")
    items: list[DeclareEvidenceItem] = strawberry.field(description="In the order of the chain.")
    upload_as: UploadAs = strawberry.field(
        default=UploadAs.PUT, description="How files of at most 16 MiB will be sent; larger ones always go in parts."
    )


@strawberry.type(description="What came of a batch, in its order.")
class DeclareEvidencePayload:
    """What came of a batch."""

    items: list[DeclaredItem] | None = strawberry.field(default=None, description="One answer an item.")
    problem: Problem | None = problem_field()


@strawberry.type(description="The answer to one piece that was said to be uploaded.")
class CompletedItem:
    """The answer to one piece that was said to be uploaded."""

    uuid: UUID = strawberry.field(description="The id of the piece.")
    state: EvidenceState | None = strawberry.field(default=None, description="How far it has come; null if refused.")
    problem: Problem | None = strawberry.field(default=None, description="Why it cannot be received yet.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"completed-{self.uuid}")


@strawberry.input(description="Pieces whose bytes the store has, at most 100.")
class CompleteEvidenceInput:
    """Pieces whose bytes the store has."""

    ids: list[UUID] = strawberry.field(description="The ids that the phone made.")


@strawberry.type(description="What came of completing, in the order of the ids.")
class CompleteEvidencePayload:
    """What came of completing."""

    items: list[CompletedItem] | None = strawberry.field(default=None, description="One answer an id.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of giving pieces up.")
class ReportUndeliveredPayload:
    """What came of giving pieces up."""

    evidence: list[Evidence] | None = strawberry.field(default=None, description="The pieces as they are now.")
    problem: Problem | None = problem_field()


@strawberry.type
class EvidenceQuery:
    """What may be read of evidence."""

    @query(access=needs(Verb.EVIDENCE_READ), description="Pieces by the ids that the phone made, null where unseen.")
    async def evidence(
        self,
        info: Info,
        ids: Annotated[list[UUID], strawberry.argument(description="At most 100.")],
    ) -> list[Evidence | None] | None:
        rules.must_be_a_batch(len(ids))
        rows = {row["id"]: row for row in await _by_ids(info.context, ids)}
        return [Evidence.of(rows[id]) if id in rows else None for id in ids]


@strawberry.type
class EvidenceMutation:
    """Acts on evidence."""

    @mutation(access=needs(Verb.EVIDENCE_DECLARE), description="Proof before payload: declare signed statements.")
    async def declare_evidence(
        self, info: Info, input: Annotated[DeclareEvidenceInput, strawberry.argument(description="The batch.")]
    ) -> DeclareEvidencePayload | None:
        context = info.context
        answers = await perform(
            context.database, context.signed_in(), context.now(), operations.declare_evidence,
            recording_id=input.recording_id, device_id=input.device_id,
            items=[item.told() for item in input.items],
            largest=context.means.largest_file,
        )  # fmt: skip
        pairs = zip(input.items, answers, strict=True)
        told = [_declared(context, item.id, answer, input.upload_as) for item, answer in pairs]
        return DeclareEvidencePayload(items=told)

    @mutation(access=needs(Verb.EVIDENCE_DECLARE), description="Say that bytes were sent; the store is asked for each.")
    async def complete_evidence(
        self, info: Info, input: Annotated[CompleteEvidenceInput, strawberry.argument(description="Which.")]
    ) -> CompleteEvidencePayload | None:
        context, actor, ids = info.context, info.context.signed_in(), input.ids
        async with context.database.reading(actor) as sql:
            plan = await operations.plan_receipt(sql, actor, ids=ids)
        store = context.means.store()
        arrivals = await store.aside(operations.look_for_bytes, store, plan)
        answers = await perform(
            context.database, actor, context.now(), operations.record_receipt, ids=ids, arrivals=arrivals
        )
        told = [_completed(context, id, answer) for id, answer in zip(ids, answers, strict=True)]
        return CompleteEvidencePayload(items=told)

    @mutation(access=needs(Verb.EVIDENCE_REPORT_LOST), description="Say that declared bytes never come, and why.")
    async def report_undelivered(self, info: Info, input: Lost) -> ReportUndeliveredPayload | None:
        context = info.context
        rows = await perform(
            context.database, context.signed_in(), context.now(), losses.report_undelivered,
            evidence_ids=input.evidence_ids, reason=input.reason,
        )  # fmt: skip
        return ReportUndeliveredPayload(evidence=[Evidence.of(row) for row in rows])


def _declared(context: Context, id: UUID, answer: Piece | problems.Problem, upload_as: UploadAs) -> DeclaredItem:
    if isinstance(answer, problems.Problem):
        return DeclaredItem(uuid=id, problem=Problem.of(answer, context=context, at=str(id)))
    at, means = to_ms(answer.declared_at), context.means
    # What was declared before, perhaps before the key changed, gets the receipt that it got then.
    promise = means.promise_key_at(at) if answer.known else means.promise_key()
    receipt = declare_receipt(
        promise, evidence=str(answer.id), statement=answer.statement, entry=str(answer.entry_id),
        at=at,
    )  # fmt: skip
    # Sorted keys and plain text make this the canonical form: every value is ASCII text or a whole number.
    told = Base64(orjson.dumps(receipt, option=orjson.OPT_SORT_KEYS))
    upload, parts = _ways(context, answer, upload_as) if answer.state in rules.WAITING else (None, None)
    return DeclaredItem(
        uuid=id, state=answer.state, known=answer.known, receipt=told, upload=upload, parts=parts
    )  # fmt: skip


def _ways(context: Context, piece: Piece, upload_as: UploadAs) -> tuple[Upload | None, EvidenceParts | None]:
    """How the bytes travel: one signed request, or parts."""
    if rules.comes_in_parts(piece.size):
        return None, EvidenceParts.of(piece.size)
    store = context.means.store()
    sign = store.sign_form if upload_as is UploadAs.POST else store.sign_put
    signed = sign(
        piece.object_name, sha256=piece.sha256, size=piece.size, media_type=piece.media_type, beside=piece.beside
    )
    return Upload.of(signed), None


def _completed(context: Context, id: UUID, answer: EvidenceState | problems.Problem) -> CompletedItem:
    if isinstance(answer, problems.Problem):
        return CompletedItem(uuid=id, problem=Problem.of(answer, context=context, at=str(id)))
    return CompletedItem(uuid=id, state=answer)


AREA = Area(query=EvidenceQuery, mutation=EvidenceMutation, nodes={"Evidence": piece})
