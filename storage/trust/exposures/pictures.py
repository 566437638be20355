"""Makes covered pictures of sealed photos in three steps: laid down, made, and kept by the act that drafts them."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol
from uuid import UUID

from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.derived import PREFIX, put_derived
from storage.record.ledger.proofs import pictures, rasters
from storage.record.ledger.proofs.pictures import Grid, Region
from storage.record.ledger.proofs.rasters import Raster
from storage.record.objects import Objects
from storage.record.work import Work
from storage.trust.disclosures.sources import scope_of
from storage.trust.exposures import gathering, problems, queries, rules
from storage.trust.exposures.problems import Unusable
from storage.trust.exposures.rules import Photo, Piece
from storage.trust.exposures.tables import ExposureObject

MEDIA_TYPE = "image/png"
LARGEST_PHOTO = 64 * 1024 * 1024
"""Bytes of an original that is fetched and decoded for the public."""
AT_ONCE = 2
"""Photos of one draft that are decoded side by side: each takes a process and the memory of its pixels."""


class Renderer(Protocol):
    """Who decodes hostile pictures, apart from all that is kept here."""

    def render(self, file: BinaryIO, media_type: str) -> "Rendered | None":
        """The rendition of a photo; None where it cannot be decoded."""

    def pack(self, raster: Raster) -> bytes | None:
        """Plain pixels as a PNG; None where that fails."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendition, and by what its original was reduced."""

    raster: Raster
    reduced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A photo whose covered picture may be made, and the name under which it goes to the store."""

    photo: Photo
    piece: Piece
    object_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A covered picture in the store; its secret and what hangs on it are new each time, so no act is told by them."""

    photo: Photo
    original: bytes = field(repr=False)
    reduced: int = field(repr=False)
    width: int = field(repr=False)
    height: int = field(repr=False)
    regions: tuple[Region, ...] = field(repr=False)
    secret: bytes = field(repr=False)
    root: bytes = field(repr=False)
    values: tuple[bytes, ...] = field(repr=False)
    hints: bytes = field(repr=False)
    sha256: bytes = field(repr=False)
    size: int = field(repr=False)
    object_name: str = field(repr=False)
    object_version: str = field(repr=False)


async def lay_pictures(
    work: Work, *, case_id: UUID, photos: Sequence[Photo], nobody_recognisable: bool
) -> tuple[Laid, ...]:
    """Lays the names of the pictures down before any bytes go to the store: so what is killed in between is found.

    Raises NotFound, NotAllowed, CaseNotOver, PeopleNotCovered, PictureWithoutWords, RegionsUnfit, PhotoNotUsable.
    """
    found = await gathering.looked_at(work.sql, case_id)
    work.actor.require(Verb.EXPOSURE_DRAFT, **scope_of(found.mine))
    rules.must_be_photos(photos, nobody_recognisable=nobody_recognisable)
    pieces = await usable(work, case_id, [one.evidence_id for one in photos], found.excluded)
    laid = tuple(
        Laid(photo=photo, piece=piece, object_name=f"{PREFIX}{secrets.token_hex(16)}")
        for photo, piece in zip(photos, pieces, strict=True)
    )
    await add_rows(work.sql, [
        ExposureObject(object_name=one.object_name, case_id=case_id, laid_by=work.actor.account_id, laid_at=work.now)
        for one in laid
    ])  # fmt: skip
    return laid


async def usable(work: Work, case_id: UUID, ids: Sequence[UUID], excluded: frozenset[UUID]) -> list[Piece]:
    """The pieces of these ids, each usable; PhotoNotUsable."""
    known, found = await queries.pieces_of(work.sql, case_id, ids), list[Piece]()
    for id in ids:
        piece, steps = known.get(id, (None, ()))
        rules.must_be_usable(id, piece, excluded=set(steps) <= excluded)
        if piece is not None:
            found.append(piece)
    return found


async def make_pictures(objects: Objects, renderer: Renderer, laid: Sequence[Laid]) -> tuple[Made, ...]:
    """Decodes, covers and stores each; only to be repeated, never to be undone. PhotoNotUsable, RegionsUnfit."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def made(at: int, one: Laid) -> Made:
        async with turns:
            return await objects.aside(_make, objects, renderer, at, one)

    return tuple(await asyncio.gather(*(made(at, one) for at, one in enumerate(laid))))


def _make(objects: Objects, renderer: Renderer, at: int, laid: Laid) -> Made:
    piece = laid.piece
    with TemporaryFile() as file:
        _fetch(objects, piece, file)
        rendered = renderer.render(file, piece.media_type or "")
    if rendered is None:
        raise problems.PhotoNotUsable(evidence=str(piece.id), reason=Unusable.NOT_READ.value)
    plain = rendered.raster
    regions, secret = (
        rules.regions_of(at, laid.photo.regions, Grid(plain.width, plain.height)),
        secrets.token_bytes(pictures.SECRET),
    )
    proven, covered = pictures.proven(plain, regions, secret), pictures.covered(plain, regions)
    body = renderer.pack(covered)
    # What is published is read again as anybody will: it shows the covered pixels, and nothing besides.
    if body is None or len(body) > rasters.LARGEST or rasters.read(body) != covered:
        raise problems.PhotoNotUsable(evidence=str(piece.id), reason=Unusable.NOT_READ.value)
    version = put_derived(objects, laid.object_name, body, media_type=MEDIA_TYPE)
    return Made(
        photo=laid.photo, original=piece.sha256, reduced=rendered.reduced, width=plain.width, height=plain.height,
        regions=regions, secret=secret, root=proven.root, values=proven.values, hints=proven.hints,
        sha256=sha256(body).digest(), size=len(body), object_name=laid.object_name, object_version=version,
    )  # fmt: skip


def _fetch(objects: Objects, piece: Piece, file: BinaryIO) -> None:
    """The sealed bytes, held against their digest once more: nothing is made of any others."""
    if piece.size > LARGEST_PHOTO:
        raise problems.PhotoNotUsable(evidence=str(piece.id), reason=Unusable.TOO_LARGE.value)
    found = sha256()
    for part in objects.read(piece.object_name, piece.object_version or ""):
        found.update(part)
        file.write(part)
    file.flush()
    if found.digest() != piece.sha256:
        raise problems.PhotoNotUsable(evidence=str(piece.id), reason=Unusable.DIFFERS.value)
