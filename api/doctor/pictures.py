"""Holds the pictures that anybody may have against what the record committed to: the very bytes, one after another."""

from hashlib import sha256
from uuid import UUID

from api.doctor.findings import Look
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.objects import Objects, VersionGone
from storage.trust.exposures import queries
from storage.trust.exposures.queries import PictureRow

PAGE = 50


async def published_agree(database: Database, objects: Objects) -> Look:
    """Each published picture lies in the store with the digest that its entry names; few are held at a time."""
    look, count = Look("pictures"), 0
    after = (UUID(int=0), -1)
    while True:
        async with database.reading(keeper()) as sql:
            rows = await queries.pictures_shown(sql, after=after, limit=PAGE)
        for row in rows:
            await _look_at(objects, row, look)
        count += len(rows)
        if len(rows) < PAGE:
            break
        after = (rows[-1].exposure_id, rows[-1].ordinal)
    look.seen = f"{count} published pictures"
    return look


async def _look_at(objects: Objects, row: PictureRow, look: Look) -> None:
    try:
        found = await objects.aside(_digest, objects, row)
    except VersionGone:
        found = b""
    if found != row.sha256:
        look.find(
            f"picture {row.ordinal + 1} of exposure {row.exposure_id} is {'another' if found else 'gone'} in the store",
            why="the public is shown something else than what was approved, or nothing",
            do="withdraw the exposure and draft it anew; find out who holds a key of the store",
        )


def _digest(objects: Objects, row: PictureRow) -> bytes:
    found = sha256()
    for part in objects.read(row.object_name, row.object_version):
        found.update(part)
    return found.digest()
