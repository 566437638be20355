"""A served case with sealed photos, the officers who expose it, and the acts that they take."""

import io
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from PIL import Image

from api.rendering import DecodedApart
from storage.casework.cases.bodies.facts import EvidenceAdded
from storage.record.actor import Actor, Role
from storage.record.objects import Objects
from storage.record.work import perform
from storage.trust.exposures import operations, pictures
from storage.trust.exposures.pictures import Laid, Made, Rendered
from storage.trust.exposures.queries import ExposureRow
from storage.trust.exposures.rules import Asked, Photo, Words
from tests.factories.disclosures import Publishing, served
from tests.sites import Site

WORDS = Words(
    title="甲煤矿瓦斯超限仍组织作业",
    facts="检查时，1201综采工作面回风流瓦斯浓度达到百分之一点二，未停止作业、未撤出人员。",
    handling="责令立即停止作业，依法给予罚款。",
    lesson="瓦斯超限必须立即停电、撤人、处理。",
)
REGION = Asked(left=1_000, top=1_000, width=2_000, height=1_500)


def photo_bytes(*, size: tuple[int, int] = (160, 120), format: str = "JPEG", **saved: Any) -> bytes:
    """A picture of no place, with some contrast in every tile."""
    made = Image.linear_gradient("L").resize(size)
    other = Image.radial_gradient("L").resize(size)
    written = io.BytesIO()
    Image.merge("RGB", (made, other, made.transpose(Image.Transpose.ROTATE_180))).save(written, format, **saved)
    return written.getvalue()


@dataclass(slots=True)
class Exposing:
    """A case that may be exposed, its drafter and its approver, the store, and who decodes."""

    case: Publishing
    drafter: Actor
    head: Actor
    objects: Objects
    renderer: pictures.Renderer = field(default_factory=DecodedApart)

    @property
    def site(self) -> Site:
        return self.case.site

    async def photo(
        self, body: bytes | None = None, *, state: str = "SEALED", media_type: str = "image/jpeg", named: bool = True,
        stored: bytes | None = None,
    ) -> UUID:  # fmt: skip
        """A piece of the inspection with its bytes in the store; `named` by a step of the case."""
        data = body if body is not None else photo_bytes()
        id = await self.case.desk.check.piece(media_type)
        kept = data if stored is None else stored
        self.objects.put_locked(f"evidence/{id.hex}", kept, until=None, media_type=media_type)
        found = self.objects.find(f"evidence/{id.hex}")
        version = found.version if found else None
        await self.site.rows.execute("ALTER TABLE evidence DISABLE TRIGGER USER")
        await self.site.rows.execute(
            "UPDATE evidence SET state = $2, sha256 = $3, size = $4, object_name = $5, object_version = $6,"
            " sniffed_type = $7 WHERE id = $1",
            id, state, sha256(data).digest(), len(data), f"evidence/{id.hex}", version, media_type,
        )  # fmt: skip
        await self.site.rows.execute("ALTER TABLE evidence ENABLE TRIGGER USER")
        if named:
            await self.name(id)
        return id

    async def name(self, id: UUID) -> None:
        """A step of the case names the piece."""
        step = await self.site.rows.fetchval(
            "SELECT id FROM case_steps WHERE case_id = $1 AND kind = $2", self.case.desk.id, EvidenceAdded.kind.value
        )
        await self.site.put("case_pieces", step_id=step, evidence_id=id, case_id=self.case.desk.id)

    def rendered(self, body: bytes, media_type: str = "image/jpeg") -> Rendered:
        """The rendition of these bytes, as the decoding child makes it."""
        with TemporaryFile() as file:
            file.write(body)
            file.flush()
            found = self.renderer.render(file, media_type)
        assert found is not None
        return found

    async def laid(self, photos: list[Photo], *, by: Actor | None = None, **given: Any) -> tuple[Laid, ...]:
        """The pictures laid down."""
        usual: dict[str, Any] = {"case_id": self.case.desk.id, "photos": photos, "nobody_recognisable": True}
        return await perform(
            self.site.database, by or self.drafter, self.case.now, pictures.lay_pictures, **(usual | given)
        )

    async def made(self, photos: list[Photo], **given: Any) -> tuple[Made, ...]:
        """The pictures in the store."""
        return await pictures.make_pictures(self.objects, self.renderer, await self.laid(photos, **given))

    async def draft(
        self, *photos: Photo, by: Actor | None = None, made: tuple[Made, ...] | None = None, **given: Any
    ) -> ExposureRow:
        """A draft over these photos."""
        found = made if made is not None else (await self.made(list(photos), by=by) if photos else ())
        usual: dict[str, Any] = {
            "case_id": self.case.desk.id, "words": WORDS, "made": found, "nobody_recognisable": True,
        }  # fmt: skip
        return await perform(
            self.site.database, by or self.drafter, self.case.now, operations.draft_exposure, **(usual | given)
        )

    async def approve(
        self, row: ExposureRow, *, by: Actor | None = None, digest: bytes | None = None, at: datetime | None = None
    ) -> ExposureRow:
        """The draft published."""
        return await perform(
            self.site.database, by or self.head, at or self.case.now, operations.approve_exposure, exposure_id=row.id,
            digest=row.digest if digest is None else digest,
        )  # fmt: skip

    async def shown(self, *regions: Asked) -> ExposureRow:
        """One photo with these regions covered, published."""
        photo = Photo(evidence_id=await self.photo(), regions=regions or (REGION,), alt="工作面瓦斯传感器")
        return await self.approve(await self.draft(photo))


async def exposing(site: Site, objects: Objects) -> Exposing:
    """A served case, an inspector who drafts and a head who approves."""
    case = await served(site)
    return Exposing(case, await site.person(Role.INSPECTOR), await site.person(Role.AGENCY_HEAD), objects)
