"""Makes sealed pieces for tests by the product's own acts, in a scene with the people who keep them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from api.embedded.postgres import DatabaseAddresses
from api.keeping import KeepingWorker, ScrubbingWorker
from api.worker import SealingWorker
from storage.field.evidence import operations as evidence
from storage.field.keeping import operations, queries
from storage.field.keeping.rules import Subject
from storage.field.keeping.tables import SubjectKind
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.objects import Objects, Stored
from storage.record.work import perform
from tests.factories.field import PHOTO, Scene, make_scene

MINUTE = timedelta(minutes=1)
BASIS: dict[str, Any] = {"article": "行政处罚法第四十七条", "reason": "案件需要"}


@dataclass(slots=True)
class Archive:
    """A scene whose pieces are sealed, and the workers that keep them; `rows` is the superuser's connection."""

    scene: Scene
    record: Database
    workers: Database
    objects: Objects
    rows: "asyncpg.Connection[Any]"
    keeper: KeepingWorker = field(init=False)
    seq: int = 0
    beside: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """What the store keeps with the bytes of each piece."""

    def __post_init__(self) -> None:
        self.keeper = KeepingWorker(self.workers, self.objects, between_counts=0.0)

    def actor(self, role: Role, *, phone: int = 0) -> Actor:
        """One of the two people of the scene, in this role."""
        return self.scene.actor(self.scene.phones[phone], role=role)

    async def declared(self, body: bytes = PHOTO, **changes: Any) -> UUID:
        """A piece that was declared and nothing more."""
        item = self.scene.item(body=body, seq=self.seq, **changes)
        self.seq += 1
        answers = await perform(
            self.record, self.scene.actor(), self.scene.now, evidence.declare_evidence,
            recording_id=self.scene.recording_id, device_id=self.scene.phone.id, items=[item],
        )  # fmt: skip
        assert isinstance(answers[0], evidence.Piece), answers
        self.beside[item.id] = answers[0].beside
        return item.id

    async def received(self, body: bytes = PHOTO) -> UUID:
        """A piece whose bytes are in the store and wait for the seal."""
        id = await self.declared(body)
        name = await self.value("object_name", id)
        put = self.objects.client.put_object(
            Bucket=self.objects.address.bucket, Key=name, Body=body, Metadata=self.beside[id]
        )
        arrival = evidence.Arrival(id, name, Stored(put["VersionId"], len(body)))
        await perform(self.record, self.scene.actor(), self.scene.now, evidence.record_receipt, ids=[id],
                      arrivals=[arrival])  # fmt: skip
        return id

    async def sealed(self, body: bytes = PHOTO, *, floor: timedelta = MINUTE) -> UUID:
        """A sealed piece, locked for `floor` from now."""
        id = await self.received(body)
        await SealingWorker(self.workers, self.objects, floor).turn()
        assert await self.value("state", id) == "SEALED"
        return id

    async def value(self, column: str, id: UUID) -> Any:
        """A column of the evidence row."""
        return await self.rows.fetchval(f"SELECT {column} FROM evidence WHERE id = $1", id)

    async def kept(self, id: UUID) -> "asyncpg.Record":
        """The keeping of a piece, past every policy."""
        row = await self.rows.fetchrow(f"SELECT k.*, {queries.OPEN_HOLD} AS wanted FROM keepings k WHERE"
                                       " evidence_id = $1", id)  # fmt: skip
        assert row is not None
        return row

    async def pinned(self, id: UUID) -> tuple[str, str]:
        """Name and version of a piece in the store."""
        return await self.value("object_name", id), await self.value("object_version", id)

    async def act(self, actor: Actor, operation: Any, *, now: datetime | None = None, **arguments: Any) -> Any:
        """One act by this person."""
        return await perform(self.record, actor, now or datetime.now(UTC), operation, **arguments)

    async def holds(self, subject: Subject, actor: Actor | None = None, **given: Any) -> UUID:
        """Places a hold."""
        head = actor or self.actor(Role.AGENCY_HEAD)
        row = await self.act(head, operations.place_hold, subject=subject, **(BASIS | given))
        id: UUID = row["id"]
        return id

    async def entries(self, kind: str | None = None) -> int:
        """How many entries the record holds, of one kind if given."""
        return int(await self.rows.fetchval("SELECT count(*) FROM entries WHERE $1::text IS NULL OR kind = $1", kind))

    def scrubber(self, **given: Any) -> ScrubbingWorker:
        """A scrubber for which every piece is due again at once."""
        return ScrubbingWorker(self.workers, self.objects, **({"again": timedelta()} | given))

    async def scrub(self, id: UUID, **given: Any) -> "asyncpg.Record":
        """One look at this piece, whose turn it is made."""
        await self.rows.execute("UPDATE keepings SET scrub_at = '2000-01-01' WHERE evidence_id = $1", id)
        await self.scrubber(**given).turn()
        return await self.kept(id)


def piece(id: UUID | None = None) -> Subject:
    """A piece as the subject of a hold."""
    return Subject(SubjectKind.EVIDENCE, id or uuid4())


async def make_archive(database: DatabaseAddresses, record: Database, workers: Database, objects: Objects) -> Archive:
    """An archive without a piece yet."""
    scene = await make_scene(database.superuser)
    return Archive(scene, record, workers, objects, await asyncpg.connect(database.superuser))
