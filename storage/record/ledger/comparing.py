"""How a table is held against the entries that speak of its rows: page by page, every row with its entries at once."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.ledger.proofs.entries import Entry, EntryMalformed

PAGE = 500
"""Rows held at a time."""

Expected = Mapping[str, Any]
"""Columns and what the entries say must stand in them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table whose rows each begin with an entry of kind `made_by` and are changed only under `changed_by`.

    `expected` says, from a row's entries in their order (the first is the one that made it), what must stand in it.
    """

    table: str
    made_by: str
    expected: Callable[[Sequence[Entry]], Expected]
    changed_by: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """Expressions beside the table's own columns, over the alias `t`."""
    key: str = "id"
    """The column that the entries have as their subject; no two rows share it."""
    derived: Callable[[Mapping[str, Any]], Expected] = lambda row: {}
    """What must stand in columns because of what stands in others of the same row."""
    made_if: str = ""
    """A member that the entry's data has only where it makes a row of this table."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that no entry made (`column` is empty), or a column of it that is not what its entries say."""

    table: str
    id: UUID
    column: str = ""


def _page(comparison: Comparison) -> str:
    more = "".join(f", {column}" for column in comparison.columns)
    return f"""
SELECT t.*{more}, ARRAY(
    SELECT y.payload FROM payloads y JOIN entries e ON e.id = y.entry_id
    WHERE y.subject = t.{comparison.key} AND e.kind = ANY ($3::text[]) ORDER BY e.at, e.kind <> ($3::text[])[1], e.id
  ) AS said
FROM {comparison.table} t WHERE t.{comparison.key} > $1 ORDER BY t.{comparison.key} LIMIT $2
"""


async def differences(
    page: Callable[[str, tuple[Any, ...]], Any], comparison: Comparison, *, size: int = PAGE
) -> AsyncIterator[Difference]:
    """Every difference of one table. `page` runs one statement in a read session of its own and returns its rows.

    A row comes in one statement with its entries, so that an act in between cannot make them differ. The one that
    made it comes first: of two acts in one millisecond the ids do not tell which was earlier.
    """
    kinds = [comparison.made_by, *comparison.changed_by]
    after = UUID(int=0)
    while True:
        rows: Sequence[asyncpg.Record] = await page(_page(comparison), (after, size, kinds))
        for row in rows:
            for difference in _differences_of(comparison, row):
                yield difference
        if len(rows) < size:
            return
        after = rows[-1][comparison.key]


def _differences_of(comparison: Comparison, row: "asyncpg.Record") -> list[Difference]:
    try:
        said = [Entry.decode(payload) for payload in row["said"]]
        made = next((one for one in said if one.kind == comparison.made_by), None)
        if made is None or made.subject != str(row[comparison.key]):
            return [Difference(comparison.table, row[comparison.key])]
        # An act of whoever reported is dated to its hour, which can lie before what made the row.
        expected = {
            **comparison.expected([made, *(one for one in said if one is not made)]),
            **comparison.derived(dict(row)),
        }
    except (EntryMalformed, KeyError, ValueError, TypeError):
        # An entry that cannot be read is told where entries are looked at; here it speaks for nothing.
        return [Difference(comparison.table, row[comparison.key])]
    return [
        Difference(comparison.table, row[comparison.key], column)
        for column, value in expected.items()
        if _plain(row[column]) != _plain(value)
    ]


def _plain(value: Any) -> Any:
    """A value as both sides have it: ids as text, bytes as hex, lists without their order."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return sorted(str(_plain(item)) for item in value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def moment(ms: int) -> datetime:
    """The time that an entry tells in milliseconds."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)


def last_of(said: Sequence[Entry], *kinds: str) -> Entry | None:
    """The last of these entries that is of one of the kinds."""
    return next((one for one in reversed(said) if one.kind in kinds), None)


def time_of(said: Sequence[Entry], *kinds: str) -> datetime | None:
    """When the last of these kinds was; None if it never was."""
    found = last_of(said, *kinds)
    return None if found is None else moment(found.at)
