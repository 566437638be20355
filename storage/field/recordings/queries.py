"""Every select over recordings; takes the actor, returns what it may see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.problems import NotFound
from storage.record.work import Work

_COLUMNS = "id, inspection_id, mine_id, county, office, opened_by, device_id, not_before, opened_at"


async def inspection_to_record(work: Work, *, inspection_id: UUID) -> "asyncpg.Record | None":
    """The visible inspection, and whether the actor is one of its officers."""
    return await work.sql.fetchrow(
        "SELECT i.id, i.mine_id, i.county, i.office, EXISTS (SELECT FROM inspection_officers o"
        " WHERE o.inspection_id = i.id AND o.account_id = $2) AS is_officer FROM inspections i WHERE i.id = $1",
        inspection_id, work.actor.account_id,
    )  # fmt: skip


async def recording_by_id(sql: "asyncpg.Connection[Any]", *, id: UUID) -> "asyncpg.Record | None":
    """The visible recording of this id."""
    return await sql.fetchrow(f"SELECT {_COLUMNS}, beacon FROM recordings WHERE id = $1", id)


async def recording_that_stands(sql: "asyncpg.Connection[Any]", *, id: UUID) -> "asyncpg.Record":
    """The same; NotFound where there is none, or it is out of sight."""
    found = await recording_by_id(sql, id=id)
    if found is None:
        raise NotFound()
    return found


async def recordings_by_ids(sql: "asyncpg.Connection[Any]", *, ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Visible recordings of these ids, for loaders."""
    return await sql.fetch(f"SELECT {_COLUMNS} FROM recordings WHERE id = ANY ($1)", ids)


async def recordings_of(
    sql: "asyncpg.Connection[Any]", *, inspection_ids: Sequence[UUID], limit: int
) -> "list[asyncpg.Record]":
    """The first recordings of each of these inspections, oldest first, in one statement."""
    return await sql.fetch(
        f"SELECT r.* FROM unnest($1::uuid[]) AS w(id) CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM recordings"
        " WHERE inspection_id = w.id ORDER BY opened_at, id LIMIT $2) r",
        inspection_ids, limit,
    )  # fmt: skip
