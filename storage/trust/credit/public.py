"""What anybody reads of credit beside the copies, on a session of the role `pithead_public`: numbers without names."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg


async def people_listed_at(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> int:
    """How many people who are listed hold a post at a mine, as the worker counted last; one statement."""
    found: int | None = await sql.fetchval("SELECT people FROM public_listed WHERE mine_id = $1", mine_id)
    return found or 0


async def changes_of(sql: "asyncpg.Connection[Any]") -> int:
    """How often any of these numbers moved: pages that show one are the same as long as this is; one statement."""
    return int(await sql.fetchval("SELECT coalesce(sum(changes), 0)::bigint FROM public_listed"))


async def copies_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The copies of those of these disclosures that are shown; one statement, none for none."""
    if not ids:
        return {}
    rows = await sql.fetch("SELECT id, content FROM public_rows WHERE id = ANY ($1::uuid[])", list(ids))
    return {row["id"]: row["content"] for row in rows}
