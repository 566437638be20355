"""What may live here: facts of sealed pieces in GraphQL, and the act of opening one."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, mutation
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import value_id
from graphql_schema.scalars import Sha256
from storage.field.evidence import opening
from storage.field.evidence.opening import Opened
from storage.field.facts import operations, queries
from storage.field.facts.tables import FactFlag, Part, Why
from storage.record.actor import Verb
from storage.record.work import perform

enum(Part, description="What of a piece is read by itself.", name="FactPart")
enum(Why, description="Why a part could not be read.", name="NotReadReason")
enum(FactFlag, description="What a file itself says against what was declared.", name="EvidenceFactFlag")
enum(Opened, description="What of a piece is opened.", name="OpenedEvidence")

_SCALE = 10_000_000


async def _facts(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.facts_of(sql, ids=ids)


async def _lookalikes(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.lookalikes_of(sql, ids=ids)


facts_of = loaders.one(_facts, key=lambda row: row["evidence_id"])
lookalikes_of = loaders.many(_lookalikes, key=lambda row: row["evidence_id"])


@strawberry.type(description="A part that could not be read, and why.")
class NotRead:
    """A part that could not be read."""

    what: Part = strawberry.field(description="Which part.")
    why: Why = strawberry.field(description="Why.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("not-read", self.what, self.why)


@strawberry.type(description="Where a file says that it was made; WGS-84, as it is written there.")
class FilePosition:
    """Where a file says that it was made."""

    latitude: float = strawberry.field(description="Degrees; may lie off the globe, which is flagged.")
    longitude: float = strawberry.field(description="Degrees; may lie off the globe, which is flagged.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("position", self.latitude, self.longitude)


@strawberry.type(description="A piece that looks the same.")
class Lookalike:
    """A piece that looks the same."""

    uuid: UUID = strawberry.field(description="Its id; pieces that you may not see are not named.")
    distance: int = strawberry.field(description="In how many of 64 bits the two pictures differ; 0 also for one file.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("lookalike", self.uuid, self.distance)


@strawberry.type(description="What a sealed file says of itself, read after sealing; it changes nothing of the piece.")
class EvidenceFacts:
    """What a sealed file says of itself."""

    uuid: strawberry.Private[UUID]
    described_at: datetime = strawberry.field(description="When it was read.")
    maker: int = strawberry.field(description="The version of what read it.")
    digest: Sha256 = strawberry.field(description="SHA-256 over the canonical facts; its entry in the ledger holds it.")
    flags: list[FactFlag] = strawberry.field(description="What it says against what was declared, sorted by name.")
    not_read: list[NotRead] = strawberry.field(description="What could not be read, and why.")
    width: int | None = strawberry.field(description="Pixels, as stored.")
    height: int | None = strawberry.field(description="Pixels, as stored.")
    orientation: int | None = strawberry.field(description="1 to 8, as EXIF has it: how to turn what is stored.")
    camera: str | None = strawberry.field(description="Maker and model.")
    taken_at: datetime | None = strawberry.field(description="The file's own time; Asia/Shanghai where it has no zone.")
    exif_time: str | None = strawberry.field(description="The file's own time as it is written there.")
    exif_offset: str | None = strawberry.field(description="Its zone as it is written there.")
    gps_time: str | None = strawberry.field(description="The satellites' date and time, UTC, as it is written there.")
    position: FilePosition | None = strawberry.field(description="The file's own position.")
    length_ms: float | None = strawberry.field(description="Milliseconds of a film or a sound.")
    preview_width: int | None = strawberry.field(description="Pixels of the preview; null while there is none.")
    preview_height: int | None = strawberry.field(description="Pixels of the preview; null while there is none.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"facts-{self.uuid}")

    @derived(description="Pieces that look the same, nearest first, as far as you may see them; at most 20.")
    async def looks_like(self, info: Info) -> list[Lookalike]:
        rows = await lookalikes_of(info.context, self.uuid)
        return [Lookalike(uuid=row["other_id"], distance=row["distance"]) for row in rows[: queries.MOST_ALIKE]]

    @classmethod
    def of(cls, row: Any) -> "EvidenceFacts":
        """Tell a row."""
        same = ("described_at", "maker", "digest", "width", "height", "orientation", "camera", "taken_at", "exif_time",
                "exif_offset", "gps_time", "length_ms", "preview_width", "preview_height")  # fmt: skip
        return cls(
            uuid=row["evidence_id"], flags=operations.shown_flags(row["flags"], looks_like=row["looks_like"]),
            not_read=[_not_read(one) for one in row["not_read"]], position=_position(row),
            **{name: row[name] for name in same},
        )  # fmt: skip


def _not_read(told: str) -> NotRead:
    what, _, why = told.partition(":")
    return NotRead(what=Part(what), why=Why(why))


def _position(row: Any) -> FilePosition | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return FilePosition(latitude=row["latitude"] / _SCALE, longitude=row["longitude"] / _SCALE)


async def facts_field(context: Context, id: UUID) -> EvidenceFacts | None:
    """The facts of a piece, or None while nobody has looked at it."""
    row = await facts_of(context, id)
    return EvidenceFacts.of(row) if row else None


@strawberry.input(description="Which piece to open, and what of it.")
class OpenEvidenceInput:
    """Which piece to open."""

    id: UUID = strawberry.field(description="The id that the phone made.")
    what: Opened = strawberry.field(description="The original bytes, or the small picture made of them.")


@strawberry.type(description="Where the bytes are for a minute; that they were asked for stands in the ledger.")
class OpenEvidencePayload:
    """Where the bytes are for a minute."""

    url: str | None = strawberry.field(default=None, description="A signed address, good for 60 seconds.")
    problem: Problem | None = problem_field()


@strawberry.type
class FactsMutation:
    """Acts that look at evidence."""

    @mutation(access=needs(Verb.EVIDENCE_OPEN), description="Open a piece: protected bytes leave only by this act.")
    async def open_evidence(
        self, info: Info, input: Annotated[OpenEvidenceInput, strawberry.argument(description="Which.")]
    ) -> OpenEvidencePayload | None:
        context = info.context
        opened = await perform(
            context.database, context.signed_in(), context.now(), opening.open_evidence, id=input.id, what=input.what
        )
        url = context.means.store().sign_get(
            opened.object_name, opened.object_version, media_type=opened.media_type, seconds=opening.SECONDS
        )
        return OpenEvidencePayload(url=url)


AREA = Area(mutation=FactsMutation)
