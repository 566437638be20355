"""Selects behind the public site's figures, on a session of the role `pithead_public`."""

from typing import Any

import asyncpg

_MEANS = """
SELECT year, count(*)::float8 / count(DISTINCT mine_id) AS mean FROM public_rows
WHERE county = $1 AND mine_id IS NOT NULL GROUP BY year
"""
_DIVISIONS = "SELECT code, name FROM divisions ORDER BY code"
_MINES = """
SELECT mine_id, max(changed_at) AS changed_at FROM public_rows WHERE mine_id IS NOT NULL GROUP BY mine_id
ORDER BY mine_id LIMIT $1
"""


async def means_of(sql: "asyncpg.Connection[Any]", county: str) -> dict[int, float]:
    """How many are shown a year of each mine of which any is, on the average of its county; one statement."""
    return {row["year"]: row["mean"] for row in await sql.fetch(_MEANS, county)}


async def names_of_divisions(sql: "asyncpg.Connection[Any]") -> dict[str, str]:
    """The divisions of Guizhou by their code; one statement."""
    return {row["code"]: row["name"] for row in await sql.fetch(_DIVISIONS)}


async def mines_shown(sql: "asyncpg.Connection[Any]", *, limit: int) -> "list[asyncpg.Record]":
    """The mines of which anything is shown, with when that last changed; one statement."""
    return await sql.fetch(_MINES, limit)
