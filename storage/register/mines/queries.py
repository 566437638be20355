"""Every select of mines, divisions and branch offices; each returns what its actor may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import Actor
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.mines.tables import MineState

_COLUMNS = (
    "id", "name", "credit_code", "county", "office", "supervisor", "state", "disasters", "latitude", "longitude",
    "registered_at", "sample",
)  # fmt: skip
_MINES = Listed(table="mines", columns=_COLUMNS, key="name", downward=False, mine="id")


UPPER = "left(county, greatest(length(county) - 2, 2))"
"""The code of the division above that of a column `county`, as SQL; the province is above itself."""


def upper_of(county: str) -> str:
    """The same of one code: the county's city, the city's province (GB/T 2260: two digits a level)."""
    return county[: max(len(county) - 2, 2)]


@dataclass(frozen=True, slots=True)
class MineRow:
    """A mine as it is read. Position: WGS-84, degrees × 10^7; divisions: GB/T 2260."""

    id: UUID
    name: str
    credit_code: str
    county: str
    office: str
    supervisor: str
    state: str
    disasters: list[str]
    latitude: int
    longitude: int
    registered_at: datetime
    sample: bool


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division of Guizhou (GB/T 2260) with the one that contains it."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A branch office (监察执法处)."""

    code: str
    name: str
    sample: bool


async def mines_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[str, UUID] | None = None,
    backwards: bool = False,
    county: str | None = None,
    state: MineState | None = None,
) -> list[MineRow]:
    """The mines by (name, id), at most `limit`, behind the given one; one statement."""
    statement = page_within(
        _MINES, actor.reach, limit=limit, behind=behind, backwards=backwards,
        along=("county", county) if county is not None else None,
        only={"state": state.value} if state is not None else None,
    )  # fmt: skip
    return [MineRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def mines_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[MineRow]:
    """Those of the mines that the session's actor may see; one statement."""
    columns = ", ".join(_COLUMNS)
    rows = await sql.fetch(f"SELECT {columns} FROM mines WHERE id = ANY ($1)", list(ids))  # Our own names.
    return [MineRow(*row) for row in rows]


async def mine_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> MineRow:
    """The mine, or NotFound when the session's actor does not see one of that id."""
    found = await mines_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def mine_to_change(work: Work, id: UUID) -> MineRow:
    """The mine, locked until the act is over; NotFound out of sight."""
    columns = ", ".join(_COLUMNS)
    row = await work.sql.fetchrow(f"SELECT {columns} FROM mines WHERE id = $1 FOR UPDATE", id)  # Our own names.
    if row is None:
        raise NotFound()
    return MineRow(*row)


async def change_state(work: Work, id: UUID, state: MineState) -> None:
    """Writes what a mine is doing."""
    await work.sql.execute("UPDATE mines SET state = $2 WHERE id = $1", id, state.value)


async def mine_of_credit_code(sql: "asyncpg.Connection[Any]", code: str) -> MineRow | None:
    """The mine of that credit code, if the session's actor sees it."""
    columns = ", ".join(_COLUMNS)
    row = await sql.fetchrow(f"SELECT {columns} FROM mines WHERE credit_code = $1", code)  # Our own names.
    return MineRow(*row) if row is not None else None


async def mines_of_credit_codes(
    sql: "asyncpg.Connection[Any]", codes: Sequence[str], *, lock: bool = False
) -> list[MineRow]:
    """The mines of these credit codes, as far as the session's actor sees them, locked if they may be changed."""
    columns = ", ".join(_COLUMNS)
    rows = await sql.fetch(
        f"SELECT {columns} FROM mines WHERE credit_code = ANY ($1)"  # Our own names.
        f"{' ORDER BY id FOR NO KEY UPDATE' if lock else ''}",
        codes,
    )
    return [MineRow(*row) for row in rows]


async def divisions(sql: "asyncpg.Connection[Any]", codes: Iterable[str] | None = None) -> list[DivisionRow]:
    """The divisions of Guizhou by code, all 98 or those asked for; everybody who is signed in reads them."""
    wanted = list(codes) if codes is not None else None
    rows = await sql.fetch(
        "SELECT code, name, parent FROM divisions WHERE $1::text[] IS NULL OR code = ANY ($1) ORDER BY code", wanted
    )
    return [DivisionRow(*row) for row in rows]


async def offices(sql: "asyncpg.Connection[Any]", codes: Iterable[str] | None = None) -> list[OfficeRow]:
    """The branch offices by code, all or those asked for; everybody who is signed in reads them."""
    wanted = list(codes) if codes is not None else None
    rows = await sql.fetch(
        "SELECT code, name, sample FROM offices WHERE $1::text[] IS NULL OR code = ANY ($1) ORDER BY code", wanted
    )
    return [OfficeRow(*row) for row in rows]
