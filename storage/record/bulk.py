"""Adds and changes many rows of one table in one statement, whatever their number."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson
from sqlmodel import SQLModel


async def add_rows(sql: "asyncpg.Connection[Any]", rows: Sequence[SQLModel]) -> None:
    """Inserts rows of one table; nothing to do for none."""
    if not rows:
        return
    table, columns = _table_of(rows[0])
    listed = ", ".join(columns)
    await sql.execute(
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM jsonb_populate_recordset(NULL::{table}, $1::jsonb)",
        _told(rows, columns),
    )


async def change_rows(sql: "asyncpg.Connection[Any]", rows: Sequence[SQLModel], *columns: str) -> None:
    """Writes these columns of rows of one table, found by their `id`; nothing to do for none."""
    if not rows:
        return
    table, _ = _table_of(rows[0])
    changed = ", ".join(f"{column} = new.{column}" for column in columns)
    await sql.execute(
        f"UPDATE {table} SET {changed} FROM jsonb_populate_recordset(NULL::{table}, $1::jsonb) new"
        f" WHERE {table}.id = new.id",
        _told(rows, ["id", *columns]),
    )


def _table_of(row: SQLModel) -> tuple[str, list[str]]:
    table = type(row).__table__  # type: ignore[attr-defined] # SQLModel adds it to each table.
    return str(table.name), [column.name for column in table.columns]


def _told(rows: Sequence[SQLModel], columns: Sequence[str]) -> str:
    # Bytes travel as PostgreSQL writes them; a day, a moment and an id as ISO 8601 and RFC 9562 do.
    told = [{name: _plain(getattr(row, name)) for name in columns} for row in rows]
    return orjson.dumps(told, default=str).decode()


def _plain(value: Any) -> Any:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value
