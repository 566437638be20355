"""What anybody reads of lists and figures, on a session of the role `pithead_public`: copies alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from storage.record.glossary.labels import LABELS
from storage.trust.lists.tables import ListKind

LARGEST_PAGE = 100
MOST_SHEETS = 60


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list that is shown, without its lines. `next_by` is by when its next version is due."""

    id: UUID
    kind: str
    agency: str
    county: str
    version: int
    as_of: date
    next_by: date | None
    late: bool
    many: int

    def is_overdue(self, today: date) -> bool:
        """Whether the next version should be there by now."""
        return self.next_by is not None and today > self.next_by


# Which list it is stands in the title: few rows are opened, whatever is shown besides. A page is told newest first.
_SHOWN = """
SELECT r.id, r.agency, r.county, r.day, r.late, c.told ->> 'list' AS kind, (c.told ->> 'version')::int AS version,
  (c.told ->> 'next_by')::date AS next_by, jsonb_array_length(c.told -> 'items') AS many
FROM (
  SELECT id, seq, agency, county, day, late, content FROM public_rows
  WHERE kind = 'LIST' AND ($1::text IS NULL OR title LIKE '%' || $1) AND ($2::text IS NULL OR county LIKE $2 || '%')
  ORDER BY seq DESC LIMIT $3
) r CROSS JOIN LATERAL (SELECT convert_from(r.content, 'UTF8')::jsonb AS told OFFSET 0) c
ORDER BY r.county, r.agency, r.seq DESC
"""
_ONE = "SELECT content FROM public_rows WHERE id = $1 AND kind = 'LIST'"
_SHEETS = f"""
SELECT id, late, due_on, content FROM public_rows
WHERE kind = 'FIGURES' AND ($1::text IS NULL OR county LIKE $1 || '%') ORDER BY seq DESC LIMIT {MOST_SHEETS}
"""


async def lists_shown(
    sql: "asyncpg.Connection[Any]", *, kind: ListKind | None = None, region: str | None = None,
    limit: int = LARGEST_PAGE,
) -> list[ShownList]:  # fmt: skip
    """The lists that are shown, of one kind or region or of all; one statement."""
    ends = f"：{LABELS['ListKind'][kind.value][0]}" if kind else None
    rows = await sql.fetch(_SHOWN, ends, region, min(limit, LARGEST_PAGE))
    return [
        ShownList(row["id"], row["kind"], row["agency"], row["county"], row["version"], row["day"], row["next_by"],
                  row["late"], row["many"])
        for row in rows
    ]  # fmt: skip


async def list_shown(sql: "asyncpg.Connection[Any]", id: UUID) -> dict[str, Any] | None:
    """The copy of a list that is shown; None for any other id. One statement."""
    content = await sql.fetchval(_ONE, id)
    return None if content is None else orjson.loads(content)


async def figures_shown(sql: "asyncpg.Connection[Any]", *, region: str | None = None) -> list[dict[str, Any]]:
    """The figures that are shown, the newest first, each with its permalink; one statement."""
    return [
        {"id": str(row["id"]), "late": row["late"], "due_on": row["due_on"] and row["due_on"].isoformat(),
         "copy": orjson.loads(row["content"])}
        for row in await sql.fetch(_SHEETS, region)
    ]  # fmt: skip
