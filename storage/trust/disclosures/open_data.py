"""Everything that is shown as comma-separated values, written by the database itself, stretch by stretch."""

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
# What a spreadsheet takes for a formula, in either width, also behind spaces or a sign that it drops.
_COMPUTED = r"^\s*[=+@＝＋＠|%\-－]|^[\t\r\n]"


def _column(name: str) -> str:
    kind = TYPES[name]
    if kind == "text":
        return f"CASE WHEN {name} ~ '{_COMPUTED}' THEN '''' || {name} ELSE {name} END"
    if kind == "timestamp":
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    return f"encode({name}, 'hex')" if kind == "hex" else name


_CSV = f"SELECT {', '.join(map(_column, COLUMNS))} FROM public_rows WHERE seq > $1 AND seq <= $2 ORDER BY seq"


async def csv_between(sql: "asyncpg.Connection[Any]", *, after: int, up_to: int) -> bytes:
    """The rows of the next places behind `after`, but none behind `up_to`; one statement."""
    parts: list[bytes] = []

    async def keep(data: bytes) -> None:
        parts.append(data)

    await sql.copy_from_query(_CSV, after, min(after + PLACES, up_to), output=keep, format="csv")
    return b"".join(parts)
