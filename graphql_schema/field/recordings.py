"""What may live here: recordings in GraphQL."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import Node, global_id
from graphql_schema.scalars import Base64
from storage.field.recordings import operations, queries
from storage.record.actor import Verb
from storage.record.ledger.proofs.beacons import SignedBeacon
from storage.record.work import perform


async def _by_ids(context: Context, ids: list[UUID]) -> Any:
    actor = context.signed_in()
    actor.require(Verb.RECORDING_READ)
    async with context.database.reading(actor.seeing(Verb.RECORDING_READ)) as sql:
        return await queries.recordings_by_ids(sql, ids=ids)


recording_by_id = loaders.one(_by_ids, key=lambda row: row["id"])


@strawberry.type(description="A recording of the whole enforcement process (执法全过程记录) in one inspection.")
class Recording(Node):
    """A recording of the whole enforcement process in one inspection."""

    uuid: UUID = strawberry.field(description="The id that the phone made.")
    opened_at: datetime = strawberry.field(description="When the server took it.")
    not_before: datetime = strawberry.field(description="The time in the beacon: it cannot have begun earlier.")

    @classmethod
    def of(cls, row: Any) -> "Recording":
        """Tell a row."""
        return cls(
            id=global_id("Recording", row["id"]),
            uuid=row["id"],
            opened_at=row["opened_at"],
            not_before=row["not_before"],
        )


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


AREA = Area(mutation=RecordingMutation, nodes={"Recording": recording}, types=(Recording,))
