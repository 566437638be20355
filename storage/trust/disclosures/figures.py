"""Selects behind the public site's figures, on a session of the role `pithead_public`."""

from typing import Any

import asyncpg

_DIVISIONS = "SELECT code, name FROM divisions ORDER BY code"
_MINES = """
SELECT mine_id, max(changed_at) AS changed_at FROM public_rows WHERE mine_id IS NOT NULL GROUP BY mine_id
ORDER BY mine_id LIMIT $1
"""


async def names_of_divisions(sql: "asyncpg.Connection[Any]") -> dict[str, str]:
    """The divisions of Guizhou by their code; one statement."""
    return {row["code"]: row["name"] for row in await sql.fetch(_DIVISIONS)}


async def mines_shown(sql: "asyncpg.Connection[Any]", *, limit: int) -> "list[asyncpg.Record]":
    """The mines of which anything is shown, with when that last changed; one statement."""
    return await sql.fetch(_MINES, limit)
