"""What may live here: the court pack in GraphQL: originals and proofs that leave the record, each time by an act."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.scalars import Base64
from storage.field.evidence import packing
from storage.field.evidence.packing import Opened, OpenedRecording
from storage.field.evidence.tables import EvidenceState, Grade
from storage.record.actor import Verb
from storage.record.ledger.proofs.canonical import canonical
from storage.record.work import perform


@strawberry.type(description="A recording of a pack.")
class PackRecording:
    """A recording of a pack."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The recording.")
    closing: Base64 | None = strawberry.field(description="RECORDING.closing.json; null while it is not closed.")
    proof: Base64 | None = strawberry.field(description="RECORDING.closed.json; null until the log shows the entry.")

    @classmethod
    def of(cls, opened: OpenedRecording, keys: Any) -> "PackRecording":
        """Tell a recording."""
        return cls(
            id=strawberry.ID(f"pack-recording-{opened.id}"), uuid=opened.id,
            closing=Base64(opened.file) if opened.file else None,
            proof=Base64(packing.proof_file(opened.proof, keys=keys)) if opened.proof else None,
        )  # fmt: skip


@strawberry.type(description="A piece of a pack: sealed, with its bundle and its original; or without, and why.")
class PackPiece:
    """A piece of a pack."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The piece.")
    state: EvidenceState = strawberry.field(description="How far it has come.")
    grade: Grade = strawberry.field(description="What it can prove about its making.")
    name: str = strawberry.field(description="The name of its original in the pack.")
    statement: Base64 = strawberry.field(description="The bytes that its device signed.")
    bundle: Base64 | None = strawberry.field(description="NAME.pithead.json; null without a sealed original.")
    takeover: Base64 | None = strawberry.field(description="NAME.takeover.json, if it was taken over.")
    url: str | None = strawberry.field(description="Where its original is given out for 15 minutes; null without one.")
    reason: str | None = strawberry.field(description="Why there is no sealed original, for people.")

    @classmethod
    def of(cls, row: Any, context: Context, keys: Any) -> "PackPiece":
        """Tell a row."""
        packed, paper, means = packing.is_packed(row), packing.takeover_file(row), context.means
        bundle = packing.bundle_of(row, promise=means.promise_key_at, keys=keys) if packed else None
        place = (row["object_name"], row["object_version"])
        return cls(
            id=strawberry.ID(f"pack-piece-{row['id']}"), uuid=row["id"], state=EvidenceState(row["state"]),
            grade=Grade(row["grade"]), name=packing.name_of(row), statement=Base64(row["statement"]),
            bundle=Base64(bundle) if bundle else None, takeover=Base64(paper) if packed and paper else None,
            url=means.store().sign_get(*place, media_type=row["media_type"], seconds=packing.GIVEN_FOR)
            if packed else None,
            reason=None if packed else packing.reason_unsealed(row),
        )  # fmt: skip

    @classmethod
    def all_of(cls, rows: Iterable[Any], context: Context, keys: Any) -> "list[PackPiece]":
        """Tell the rows of a page that belong in a pack."""
        return [cls.of(row, context, keys) for row in rows if packing.is_packed(row) or packing.is_listed(row)]


@strawberry.input(description="What to open: one recording, or all of an inspection; page by page.")
class OpenPackInput:
    """What to open."""

    recording_id: UUID | None = strawberry.field(default=None, description="A recording; or else:")
    inspection_id: UUID | None = strawberry.field(default=None, description="An inspection, with all its recordings.")
    first: int = strawberry.field(default=packing.LARGEST_PAGE, description="Pieces in one answer, 1 to 100.")
    after: str | None = strawberry.field(default=None, description="The cursor of the page before.")


@strawberry.type(description="What came of opening: each page is an entry of its own in the ledger.")
class OpenPackPayload:
    """What came of opening."""

    recordings: list[PackRecording] | None = strawberry.field(default=None, description="In the order of opening.")
    pieces: list[PackPiece] | None = strawberry.field(default=None, description="Oldest first.")
    keys: Base64 | None = strawberry.field(default=None, description="The keys document, as the bundles have it.")
    digest: str | None = strawberry.field(default=None, description="SHA-256 of the list, as the entry names it.")
    end_cursor: str | None = strawberry.field(default=None, description="Where the next page begins; null at the end.")
    problem: Problem | None = problem_field()

    @classmethod
    def of(cls, opened: Opened, context: Context) -> "OpenPackPayload":
        """Tell a page."""
        keys = context.means.public_keys().document()
        last = opened.pieces[-1] if opened.more else None
        return cls(
            recordings=[PackRecording.of(one, keys) for one in opened.recordings],
            pieces=PackPiece.all_of(opened.pieces, context, keys), keys=Base64(canonical(keys)),
            digest=opened.digest, end_cursor=pages.cursor((last["declared_at"], last["id"])) if last else None,
        )  # fmt: skip


def place_of(after: str | None) -> tuple[datetime, UUID] | None:
    """Where a page begins; raises BAD_CURSOR for what is no cursor of a page."""
    key = pages.key_of(after) if after is not None else None
    return (key[0], key[1]) if key is not None and isinstance(key[0], datetime) else None


@strawberry.type
class PackMutation:
    """Opening packs."""

    @mutation(access=needs(Verb.EVIDENCE_OPEN), description="Open a court pack: originals, proofs, what is missing.")
    async def open_pack(
        self, info: Info, input: Annotated[OpenPackInput, strawberry.argument(description="What to open.")]
    ) -> OpenPackPayload | None:
        context = info.context
        opened = await perform(
            context.database, context.signed_in(), context.now(), packing.open_pack,
            recording_id=input.recording_id, inspection_id=input.inspection_id, first=input.first,
            behind=place_of(input.after),
        )  # fmt: skip
        return OpenPackPayload.of(opened, context)


AREA = Area(mutation=PackMutation)
