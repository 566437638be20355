"""Files of reports on their way from the filing to the store: planned, put, recorded; and out again at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.objects import Objects
from storage.record.work import Work

MEDIA_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """One file whose batch came and whose bytes are not in the store yet."""

    id: UUID
    object_name: str
    body: bytes


async def files_to_store(sql: "asyncpg.Connection[Any]", *, limit: int) -> list[OnItsWay]:
    """Some of them, at random: the times in the store tell no order either."""
    rows = await sql.fetch(
        "SELECT f.id, f.object_name, b.body FROM report_files f JOIN filing_files b ON b.id = f.id"
        " WHERE f.object_version IS NULL ORDER BY random() LIMIT $1",
        limit,
    )
    return [OnItsWay(*row) for row in rows]


def put(objects: Objects, file: OnItsWay) -> str:
    """Puts one into the store under its random name and returns its version; safe to repeat. Blocking."""
    objects.put_locked(file.object_name, file.body, until=None, media_type=MEDIA_TYPE)
    stored = objects.find(file.object_name)
    if stored is None:
        raise RuntimeError("the store kept nothing of what it took")
    return stored.version


async def record_stored(work: Work, *, id: UUID, version: str) -> None:
    """That it lies there; the bytes that waited go. No entry: the message's names it."""
    await work.sql.execute("UPDATE report_files SET object_version = $2 WHERE id = $1", id, version)
    await work.sql.execute("DELETE FROM filing_files WHERE id = $1", id)


async def files_of(sql: "asyncpg.Connection[Any]", reports: Sequence[UUID]) -> list[tuple[str, str | None]]:
    """Names and versions of the files of reports that are erased."""
    rows = await sql.fetch("SELECT object_name, object_version FROM report_files WHERE report_id = ANY ($1)", reports)
    return [(row[0], row[1]) for row in rows]


def remove(objects: Objects, files: Sequence[tuple[str, str | None]]) -> None:
    """Takes files out of the store, every version of them. Blocking; safe to repeat."""
    for name, _ in files:
        for version in objects.versions(name):
            objects.remove(version.name, version.version)
