"""Everything that is shown as comma-separated values, stretch by stretch, and the columns that its lines have."""

from collections.abc import Mapping
from typing import Any, Final

import asyncpg

PLACES: Final = 5_000
"""So many places of the stream are one chunk: no more rows, since a place holds one at the most."""
TYPES: Final[Mapping[str, str]] = {
    "id": "uuid", "seq": "integer", "kind": "code", "title": "text", "party": "text", "credit_code": "text",
    "mine": "text", "mine_id": "uuid", "agency": "text", "county": "code", "number": "text", "day": "date",
    "amount": "integer", "disputed": "boolean", "edition": "integer", "published_at": "timestamp",
    "changed_at": "timestamp", "late": "boolean", "due_on": "date", "shown_until": "date", "digest": "hex",
}  # fmt: skip
COLUMNS: Final = tuple(TYPES)
"""In the order of the database's own function `public_row_line`, which writes a line with its row."""
_LINES = """
SELECT convert_to(coalesce(string_agg(line, '' ORDER BY seq), ''), 'UTF8') FROM public_rows WHERE seq > $1 AND seq <= $2
"""


async def csv_between(sql: "asyncpg.Connection[Any]", *, after: int, up_to: int) -> bytes:
    """The rows of the next places behind `after`, but none behind `up_to`: their lines, which were written with them,
    a cell that a spreadsheet would compute behind an apostrophe; one statement."""
    found: bytes = await sql.fetchval(_LINES, after, min(after + PLACES, up_to))
    return found
