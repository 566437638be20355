"""Every select of templates: what is approved is public; drafts are read by whoever makes or decides them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.templates.rules import Clause, Promised, clauses_in, clauses_in_force
from storage.promises.templates.tables import OwnClause, Template
from storage.record.actor import Actor, Verb
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work

_TEMPLATE = ", ".join(Template.model_fields)
_OWN = Listed(table="own_clauses", columns=tuple(OwnClause.model_fields), key="drafted_at")
_OF_YEAR = f"SELECT {_TEMPLATE} FROM templates WHERE year = $1 AND approved ORDER BY version DESC LIMIT 1"
# What follows another stands in its place: of each key only the last one holds.
_STANDING = """
SELECT {columns} FROM own_clauses o WHERE o.mine_id = $1 AND o.year = $2 AND o.approved
  AND NOT EXISTS (SELECT FROM own_clauses n WHERE n.replaces = o.id AND n.approved)
"""
_FOR_MINE = f"""
SELECT t.id, t.version, t.clauses,
  ARRAY(SELECT s.clause FROM ({_STANDING.format(columns="o.clause, o.key")}) s ORDER BY s.key) AS own
FROM templates t WHERE t.year = $2 AND t.approved ORDER BY t.version DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class YearOfMine:
    """What a mine promises in a year: the template's version, and the clauses as they hold for it."""

    template_id: UUID
    version: int
    promised: list[Promised]


def clauses_of(row: Template) -> list[Clause]:
    """The clauses of a template's row."""
    return list(clauses_in(row.clauses))


def clause_of_row(row: OwnClause) -> Clause:
    """The clause of an own clause's row."""
    return clauses_in(row.clause)[0]


async def templates_visible_to(
    sql: "asyncpg.Connection[Any]",
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    year: int | None = None,
) -> list[Template]:
    """Versions of templates, newest first by (drafted_at, id), of one year or of all; one statement."""
    way, beyond = ("ASC", ">") if backwards else ("DESC", "<")
    rows = await sql.fetch(
        f"SELECT {_TEMPLATE} FROM templates WHERE ($1::timestamptz IS NULL OR (drafted_at, id) {beyond} ($1, $2))"
        f" AND ($3::integer IS NULL OR year = $3) ORDER BY drafted_at {way}, id {way} LIMIT {limit:d}",
        *(behind or (None, None)), year,
    )  # fmt: skip
    return [Template(**dict(row)) for row in rows]


async def templates_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Template]:
    """Those of the templates that the session's actor sees; one statement."""
    rows = await sql.fetch(f"SELECT {_TEMPLATE} FROM templates WHERE id = ANY ($1)", list(ids))
    return [Template(**dict(row)) for row in rows]


async def template_of_year(sql: "asyncpg.Connection[Any]", year: int) -> Template | None:
    """The year's template: the highest version that is approved."""
    row = await sql.fetchrow(_OF_YEAR, year)
    return Template(**dict(row)) if row is not None else None


async def last_version(sql: "asyncpg.Connection[Any]", year: int) -> int:
    """The highest version that was drafted for a year, 0 before the first."""
    return int(await sql.fetchval("SELECT coalesce(max(version), 0) FROM templates WHERE year = $1", year))


async def template_to_decide(work: Work, id: UUID) -> Template:
    """The template, locked until the act is over; NotFound out of sight."""
    found: Template | None = await work.rows.get(Template, id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


async def template_again(work: Work, id: UUID) -> Template:
    """What a replay answers: the template as it stands today."""
    found = await templates_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def own_clauses_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    year: int | None = None,
) -> list[OwnClause]:
    """The own clauses of mines, decided or not, newest first by (drafted_at, id); one statement."""
    statement = page_within(
        _OWN, actor.reach_of(Verb.TEMPLATE_READ), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None, only={"year": year} if year is not None else None,
    )  # fmt: skip
    return [OwnClause(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def own_clauses_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[OwnClause]:
    """Those of the own clauses that the session's actor sees; one statement."""
    columns = ", ".join(OwnClause.model_fields)
    rows = await sql.fetch(f"SELECT {columns} FROM own_clauses WHERE id = ANY ($1)", list(ids))
    return [OwnClause(**dict(row)) for row in rows]


async def standing_of(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int, key: str) -> OwnClause | None:
    """The own clause of this key that a mine has adopted and that none has followed."""
    columns = ", ".join(f"o.{name}" for name in OwnClause.model_fields)
    row = await sql.fetchrow(f"{_STANDING.format(columns=columns)} AND o.key = $3", mine_id, year, key)
    return OwnClause(**dict(row)) if row is not None else None


async def own_clause_to_decide(work: Work, id: UUID) -> OwnClause:
    """The own clause, locked until the act is over; NotFound out of sight."""
    found: OwnClause | None = await work.rows.get(OwnClause, id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


async def own_clause_again(work: Work, id: UUID) -> OwnClause:
    """What a replay answers: the own clause as it stands today."""
    found = await own_clauses_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def clauses_for(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int) -> YearOfMine | None:
    """What a mine promises in a year, for whoever asks; one statement. None while no template is approved."""
    row = await sql.fetchrow(_FOR_MINE, mine_id, year)
    if row is None:
        return None
    own = [clause for one in row["own"] for clause in clauses_in(one)]
    return YearOfMine(row["id"], row["version"], clauses_in_force(clauses_in(row["clauses"]), own))
