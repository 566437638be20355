"""What may live here: recordings in GraphQL."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.field.evidence import Evidence
from graphql_schema.pages import After, Before, Connection, First, Last, Node, Page, global_id, value_id
from graphql_schema.scalars import Base64, Bytes, ClosingBytes, Sha256
from storage.field.evidence import queries as evidence_queries
from storage.field.recordings import operations, queries, rules
from storage.field.recordings.tables import RecordingState
from storage.record.actor import Verb
from storage.record.ledger.proofs.beacons import SignedBeacon
from storage.record.work import perform

labelled(RecordingState, description="How far a recording has come.")


MOST = 100
"""Recordings that are told of one inspection: an officer opens one a shift, as a rule."""


async def _by_ids(context: Context, ids: list[UUID]) -> Any:
    actor = context.signed_in()
    actor.require(Verb.RECORDING_READ)
    async with context.database.reading(actor.seeing(Verb.RECORDING_READ)) as sql:
        return await queries.recordings_by_ids(sql, ids=ids)


async def _chains(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.chains_of(sql, recording_ids=ids)


async def _closings(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.closings_of(sql, recording_ids=ids)


async def _evidence(context: Context, asked: list[tuple[UUID, Page]]) -> Any:
    """The pages of many recordings: one statement for each page that was asked of them, as a rule one."""
    found: list[tuple[tuple[UUID, Page], Any]] = []
    async with context.database.reading(context.signed_in()) as sql:
        for page in dict.fromkeys(page for _, page in asked):
            rows = await evidence_queries.pieces_of_recordings(
                sql, recording_ids=[id for id, one in asked if one == page], limit=page.limit, behind=page.key,
                backwards=page.backwards,
            )  # fmt: skip
            found += [((row["recording_id"], page), row) for row in rows]
    return found


chains_of = loaders.many(_chains, key=lambda row: row["recording_id"])


async def _of_inspections(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in().seeing(Verb.RECORDING_READ)) as sql:
        return await queries.recordings_of(sql, inspection_ids=ids, limit=MOST)


of_inspections = loaders.many(_of_inspections, key=lambda row: row["inspection_id"])
closing_of = loaders.one(_closings, key=lambda row: row["recording_id"])
evidence_of = loaders.many(_evidence, key=lambda pair: pair[0])
recording_by_id = loaders.one(_by_ids, key=lambda row: row["id"])


@strawberry.type(description="Numbers of a chain of which there is no original, from `first` to `last`, both included.")
class ChainGap:
    """Numbers of a chain of which there is no original."""

    chain: strawberry.Private[str]
    first: Bytes = strawberry.field(description="The first number.")
    last: Bytes = strawberry.field(description="The last number.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("gap", self.chain, self.first, self.last)


@strawberry.type(description="What one device signed in a recording, as the record holds it.")
class RecordingChain:
    """What one device signed in a recording."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    device: UUID = strawberry.field(description="The device.")
    count: Bytes = strawberry.field(description="Its highest number and one more.")
    last: Sha256 = strawberry.field(description="The SHA-256 of the statement of that number.")
    gaps: list[ChainGap] = strawberry.field(
        description="Never declared, lost or quarantined: a closing gives the reason for each of these numbers."
    )

    @classmethod
    def of(cls, row: Any) -> "RecordingChain":
        """Tell a row."""
        id = strawberry.ID(f"chain-{row['recording_id']}-{row['device_id']}")
        gaps = [ChainGap(chain=id, first=first, last=last) for first, last in row["gaps"]]
        return cls(id=id, device=row["device_id"], count=row["count"], last=row["last_hash"], gaps=gaps)


@strawberry.type(
    description="What belongs to a recording, signed by one officer, and by a second one once it is closed."
)
class RecordingClosing:
    """What belongs to a recording, signed by its officers."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    closing: ClosingBytes = strawberry.field(description="The canonical bytes that both sign (docs/protocol.md §9).")
    closer_id: UUID = strawberry.field(description="The account of the officer who signed first.")
    signed_at: datetime = strawberry.field(description="When the server took his signature.")
    cosigner_id: UUID | None = strawberry.field(description="The account of the officer who co-signed.")
    closed_at: datetime | None = strawberry.field(description="When it was co-signed: then the recording closed.")
    file: Base64 | None = strawberry.field(description="The closing with both signatures, as a court pack has it.")

    @classmethod
    def of(cls, row: Any) -> "RecordingClosing":
        """Tell a row."""
        return cls(
            id=strawberry.ID(f"closing-{row['id']}"), closing=ClosingBytes(row["closing"]), closer_id=row["closer_id"],
            signed_at=row["signed_at"], cosigner_id=row["cosigner_id"], closed_at=row["closed_at"],
            file=Base64(row["file"]) if row["file"] else None,
        )  # fmt: skip


@strawberry.type(description="A recording of the whole enforcement process (执法全过程记录) in one inspection.")
class Recording(Node):
    """A recording of the whole enforcement process in one inspection."""

    uuid: UUID = strawberry.field(description="The id that the phone made.")
    opened_at: datetime = strawberry.field(description="When the server took it.")
    not_before: datetime = strawberry.field(description="The time in the beacon: it cannot have begun earlier.")
    closed_at: datetime | None = strawberry.field(description="When two officers had closed it.")

    @derived(description="Open, signed by one officer, or closed by two.")
    async def state(self, info: Info) -> RecordingState:
        signed = self.closed_at is not None or await closing_of(info.context, self.uuid) is not None
        return rules.state_of(closed=self.closed_at is not None, signed=signed)

    @derived(description="One chain for each device that signed something in it, by device.")
    async def chains(self, info: Info) -> list[RecordingChain]:
        return [RecordingChain.of(row) for row in await chains_of(info.context, self.uuid)]

    @derived(description="The newest closing that an officer signed.")
    async def closing(self, info: Info) -> RecordingClosing | None:
        row = await closing_of(info.context, self.uuid)
        return RecordingClosing.of(row) if row else None

    @derived(description="Its pieces, oldest first by the time at which they were declared.")
    async def evidence(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Evidence]:
        info.context.signed_in().require(Verb.EVIDENCE_READ)
        page = pages.page(first, after, last, before)
        rows = [row for _, row in await evidence_of(info.context, (self.uuid, page))]
        return pages.connection(rows, page, node=Evidence.of, key=lambda row: (row["declared_at"], row["id"]))

    @classmethod
    def of(cls, row: Any) -> "Recording":
        """Tell a row."""
        return cls(
            id=global_id("Recording", row["id"]),
            uuid=row["id"],
            opened_at=row["opened_at"],
            not_before=row["not_before"],
            closed_at=row["closed_at"],
        )


async def recordings_of(context: Context, inspection_id: UUID) -> list[Recording]:
    """The first recordings of an inspection, oldest first."""
    context.signed_in().require(Verb.RECORDING_READ)
    return [Recording.of(row) for row in await of_inspections(context, inspection_id)]


async def recording(context: Context, id: UUID) -> Recording | None:
    """Fetch the node of a UUID."""
    row = await recording_by_id(context, id)
    return Recording.of(row) if row else None


@strawberry.input(description="A beacon as it was handed out.")
class BeaconInput:
    """A beacon as it was handed out."""

    beacon: Base64 = strawberry.field(description="The canonical bytes.")
    key: str = strawberry.field(description="The id of the promise key that signed it.")
    signature: Base64 = strawberry.field(description="The signature, 64 bytes.")


@strawberry.input(description="A recording to open.")
class OpenRecordingInput:
    """A recording to open."""

    id: UUID = strawberry.field(description="Made by the phone; the same id again is the same recording.")
    inspection_id: UUID = strawberry.field(description="The inspection that it belongs to.")
    beacon: BeaconInput = strawberry.field(description="The newest beacon that this device held when it began.")


@strawberry.type(description="What came of opening a recording.")
class OpenRecordingPayload:
    """What came of opening a recording."""

    recording: Recording | None = strawberry.field(default=None, description="The open recording.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A recording to close, with what belongs to it.")
class CloseRecordingInput:
    """A recording to close."""

    recording_id: UUID = strawberry.field(description="The recording.")
    closing: ClosingBytes = strawberry.field(description="The canonical bytes (docs/protocol.md §9), at most 128 KB.")
    signature: Base64 = strawberry.field(description="Your device's signature over them, of kind closing, 64 bytes.")


@strawberry.type(description="What came of closing; the recording is closed once another officer has co-signed.")
class CloseRecordingPayload:
    """What came of closing."""

    recording: Recording | None = strawberry.field(default=None, description="The recording.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A closing to co-sign: the newest one of its recording.")
class CosignClosingInput:
    """A closing to co-sign."""

    recording_id: UUID = strawberry.field(description="The recording.")
    signature: Base64 = strawberry.field(description="Your device's signature over the closing, of kind cosign.")


@strawberry.type(description="What came of co-signing.")
class CosignClosingPayload:
    """What came of co-signing."""

    recording: Recording | None = strawberry.field(default=None, description="The closed recording.")
    problem: Problem | None = problem_field()


@strawberry.type
class RecordingQuery:
    """What may be read of recordings."""

    @query(
        access=needs(Verb.RECORDING_READ), description="A recording by the id that the phone made.", name="recording"
    )
    async def recording_of_id(
        self, info: Info, id: Annotated[UUID, strawberry.argument(description="The id that the phone made.")]
    ) -> Recording | None:
        return await recording(info.context, id)


@strawberry.type
class RecordingMutation:
    """Acts on recordings."""

    @mutation(access=needs(Verb.RECORDING_OPEN), description="Open a recording on a beacon, offline or not.")
    async def open_recording(
        self, info: Info, input: Annotated[OpenRecordingInput, strawberry.argument(description="What to open.")]
    ) -> OpenRecordingPayload | None:
        context, beacon = info.context, input.beacon
        signed = SignedBeacon(value=beacon.beacon, key=beacon.key, signature=beacon.signature)
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.open_recording,
            id=input.id, inspection_id=input.inspection_id, beacon=signed, keys=context.means.public_keys(),
        )  # fmt: skip
        return OpenRecordingPayload(recording=Recording.of(row))

    @mutation(access=needs(Verb.RECORDING_CLOSE), description="Sign what belongs to a recording, as its first officer.")
    async def close_recording(
        self, info: Info, input: Annotated[CloseRecordingInput, strawberry.argument(description="What to close.")]
    ) -> CloseRecordingPayload | None:
        context, id = info.context, input.recording_id
        await perform(
            context.database, context.signed_in(), context.now(), operations.close_recording,
            recording_id=id, closing=input.closing, signature=input.signature,
        )  # fmt: skip
        return CloseRecordingPayload(recording=await recording(context, id))

    @mutation(access=needs(Verb.RECORDING_CLOSE), description="Co-sign the closing, as another officer: it is closed.")
    async def cosign_closing(
        self, info: Info, input: Annotated[CosignClosingInput, strawberry.argument(description="What to co-sign.")]
    ) -> CosignClosingPayload | None:
        context, id = info.context, input.recording_id
        await perform(
            context.database, context.signed_in(), context.now(), operations.cosign_closing,
            recording_id=id, signature=input.signature,
        )  # fmt: skip
        return CosignClosingPayload(recording=await recording(context, id))


AREA = Area(query=RecordingQuery, mutation=RecordingMutation, nodes={"Recording": recording}, types=(Recording,))
