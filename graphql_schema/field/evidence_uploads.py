"""What may live here: how evidence travels to the store, in one request or in parts, in GraphQL."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import value_id
from graphql_schema.scalars import Bytes, PartHashes
from storage.field.evidence import operations, rules, uploading
from storage.field.evidence.rules import UploadAs
from storage.field.evidence.tables import EvidenceState
from storage.field.evidence.uploading import SignedPart, Transfer
from storage.record.actor import Verb
from storage.record.ledger.proofs.statements import PART_SIZE
from storage.record.presigning import SignedRequest
from storage.record.work import perform

enum(EvidenceState, description="How far a piece has come; only forward.")
enum(UploadAs, description="How a file that travels in one request is sent.")


@strawberry.type(description="A field of the form that an upload by POST sends.")
class UploadField:
    """A field of a form."""

    name: str = strawberry.field(description="Its name.")
    value: str = strawberry.field(description="Its value, exactly.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("field", self.name, self.value)


@strawberry.type(description="One signed request to the store: it takes exactly the declared bytes, within one hour.")
class Upload:
    """One signed request to the store."""

    method: str = strawberry.field(description="PUT with the bytes as body, or POST of a multipart/form-data form.")
    url: str = strawberry.field(description="Where to.")
    headers: list[str] = strawberry.field(
        description="Each as one line, `name: value`; send all of them exactly so: they are part of the signature."
    )
    fields: list[UploadField] = strawberry.field(
        description="For POST: all fields, in this order; the bytes come last, as `file`. Empty for PUT."
    )

    @identity
    def id(self) -> strawberry.ID:
        return value_id("upload", self.url, *(one.value for one in self.fields))

    @classmethod
    def of(cls, request: SignedRequest) -> "Upload":
        """Tell a signed request."""
        return cls(
            method=request.method, url=request.url,
            headers=[f"{name}: {value}" for name, value in request.headers],
            fields=[UploadField(name=name, value=value) for name, value in request.fields],
        )  # fmt: skip


@strawberry.type(description="The equal parts in which a file of more than 16 MiB is sent; the last may be shorter.")
class EvidenceParts:
    """The equal parts of a large file."""

    size: Bytes = strawberry.field(description="Bytes of each part but the last: 8 MiB.")
    count: int = strawberry.field(description="How many parts; they are counted from 1.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("parts", self.size, self.count)

    @classmethod
    def of(cls, size: int) -> "EvidenceParts":
        """Tell the parts of a file of so many bytes."""
        return cls(size=Bytes(PART_SIZE), count=rules.count_of_parts(size))


@strawberry.type(description="A run of parts that the store holds.")
class PartRange:
    """A run of parts that the store holds."""

    first: int = strawberry.field(description="Its first part, from 1.")
    last: int = strawberry.field(description="Its last part, included.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("range", self.first, self.last)


@strawberry.type(description="One part of a file, and the request that sends it.")
class EvidencePart:
    """One part of a file, and the request that sends it."""

    number: int = strawberry.field(description="From 1.")
    size: Bytes = strawberry.field(description="Its bytes.")
    upload: Upload = strawberry.field(description="It takes exactly the bytes of this part, within one hour.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("part", self.number, self.upload.url)

    @classmethod
    def of(cls, part: SignedPart) -> "EvidencePart":
        """Tell a signed part."""
        return cls(number=part.number, size=Bytes(part.size), upload=Upload.of(part.request))


@strawberry.type(description="How far the upload of a file in parts is, by the store's own list.")
class UploadStatus:
    """How far the upload of a file in parts is."""

    uuid: strawberry.Private[UUID]
    state: EvidenceState = strawberry.field(description="How far the piece has come.")
    parts: EvidenceParts = strawberry.field(description="Its parts.")
    begun: bool = strawberry.field(description="An upload is under way; if not, and the bytes are missing, begin it.")
    held: list[PartRange] = strawberry.field(description="The parts that need not be sent again, in order.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"upload-status-{self.uuid}")


@strawberry.input(description="A declared file of more than 16 MiB that is to be sent in parts.")
class BeginUploadInput:
    """A declared file that is to be sent in parts."""

    evidence_id: UUID = strawberry.field(description="The id that the phone made.")
    parts: PartHashes = strawberry.field(description="Their hashes: the very list that the statement's root is over.")


@strawberry.type(description="What came of beginning an upload; again, it is the same upload.")
class BeginUploadPayload:
    """What came of beginning an upload."""

    state: EvidenceState | None = strawberry.field(default=None, description="How far the piece has come.")
    parts: EvidenceParts | None = strawberry.field(default=None, description="Its parts: ask `partUrls` for requests.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A file whose parts the store has.")
class CompleteUploadInput:
    """A file whose parts the store has."""

    evidence_id: UUID = strawberry.field(description="The id that the phone made.")


@strawberry.type(description="What came of completing an upload; again, it is the same answer.")
class CompleteUploadPayload:
    """What came of completing an upload."""

    state: EvidenceState | None = strawberry.field(default=None, description="How far the piece has come.")
    problem: Problem | None = problem_field()


@strawberry.type
class UploadQuery:
    """What may be read of uploads in parts."""

    @query(access=needs(Verb.EVIDENCE_DECLARE), description="Requests for the parts of one's own piece, in order.")
    async def part_urls(
        self,
        info: Info,
        evidence_id: Annotated[UUID, strawberry.argument(description="The id that the phone made.")],
        first: Annotated[int, strawberry.argument(description="How many, at most 100.")] = rules.LARGEST_PAGE,
        after: Annotated[int, strawberry.argument(description="Begin after this part; 0 for the first.")] = 0,
    ) -> list[EvidencePart] | None:
        transfer = await _transfer(info.context, evidence_id)
        signed = uploading.sign_parts(info.context.means.store(), transfer, first=first, after=after)
        return [EvidencePart.of(part) for part in signed]

    @query(access=needs(Verb.EVIDENCE_DECLARE), description="What the store holds of one's own piece, to resume from.")
    async def upload_status(
        self,
        info: Info,
        evidence_id: Annotated[UUID, strawberry.argument(description="The id that the phone made.")],
    ) -> UploadStatus | None:
        transfer, store = await _transfer(info.context, evidence_id), info.context.means.store()
        holding = await store.aside(uploading.look_for_parts, store, transfer)
        held = [PartRange(first=first, last=last) for first, last in uploading.ranges_held(transfer, holding)]
        begun = transfer.upload_id is not None and not holding.lost
        return UploadStatus(
            uuid=evidence_id, state=transfer.state, parts=EvidenceParts.of(transfer.size), begun=begun, held=held
        )


@strawberry.type
class UploadMutation:
    """Acts on uploads in parts."""

    @mutation(access=needs(Verb.EVIDENCE_DECLARE), description="Begin to send a large file; again, go on with it.")
    async def begin_upload(
        self, info: Info, input: Annotated[BeginUploadInput, strawberry.argument(description="Which, and its parts.")]
    ) -> BeginUploadPayload | None:
        context, actor, store = info.context, info.context.signed_in(), info.context.means.store()
        async with context.database.reading(actor) as sql:
            plan = await uploading.plan_upload(sql, actor, evidence_id=input.evidence_id, parts=input.parts)
        id = await store.aside(uploading.begin_in_store, store, plan)
        done = await perform(
            context.database, actor, context.now(), uploading.record_upload, plan=plan, upload_id=id
        )  # fmt: skip
        return BeginUploadPayload(state=done.state, parts=EvidenceParts.of(done.size))

    @mutation(access=needs(Verb.EVIDENCE_DECLARE), description="Say that all parts were sent; the store is asked.")
    async def complete_upload(
        self, info: Info, input: Annotated[CompleteUploadInput, strawberry.argument(description="Which.")]
    ) -> CompleteUploadPayload | None:
        context, store, id = info.context, info.context.means.store(), input.evidence_id
        transfer = await _transfer(context, id)
        arrivals = await store.aside(uploading.complete_in_store, store, transfer)
        state = await perform(
            context.database, context.signed_in(), context.now(), operations.record_one_receipt, id=id,
            arrivals=arrivals,
        )  # fmt: skip
        return CompleteUploadPayload(state=state)


async def _transfer(context: Context, evidence_id: UUID) -> Transfer:
    actor = context.signed_in()
    async with context.database.reading(actor) as sql:
        return await uploading.transfer_of(sql, actor, evidence_id=evidence_id)


AREA = Area(query=UploadQuery, mutation=UploadMutation)
