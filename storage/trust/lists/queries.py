"""Every select of lists and figures; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import Actor, Reach
from storage.record.law import forms
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.trust.disclosures.tables import SourceKind
from storage.trust.lists.rules import PROVINCE, Agency
from storage.trust.lists.tables import ListKind


@dataclass(frozen=True, slots=True)
class ListRow:
    """One version of a list."""

    id: UUID
    series: UUID
    kind: str
    county: str
    office: str
    version: int
    as_of: date
    next_by: date | None
    content: bytes = field(repr=False)
    digest: bytes
    taken_out: str
    note: str
    drafted_by: UUID
    drafted_at: datetime
    approved: bool | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_note: str | None


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """Figures as they were published."""

    id: UUID
    series: UUID
    edition: int
    county: str
    office: str
    year: int
    quarter: int | None
    content: bytes = field(repr=False)
    digest: bytes
    due_on: date | None
    counted_by: UUID
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What there is of one list of an agency: when it was last approved, and whether a draft waits."""

    kind: str
    version: int | None
    as_of: date | None
    waiting: int


_LIST = tuple(one.name for one in fields(ListRow))
_LISTED = ", ".join(_LIST)
_FIGURES = tuple(one.name for one in fields(FiguresRow))
_COUNTED = ", ".join(_FIGURES)
_LISTS = Listed(table="lists", columns=_LIST, key="drafted_at", mine="id")
_EDITIONS = Listed(table="figures", columns=_FIGURES, key="counted_at", mine="id")
_BY_IDS = f"SELECT {_LISTED} FROM lists WHERE id = ANY ($1::uuid[])"
_TO_DECIDE = f"SELECT {_LISTED} FROM lists WHERE id = $1 FOR UPDATE"
_NEXT = "SELECT coalesce(max(version), 0) + 1 FROM lists WHERE series = $1"
_APPROVED = "SELECT coalesce(max(version), 0) FROM lists WHERE series = $1 AND approved"
_NEXT_EDITION = "SELECT coalesce(max(edition), 0) + 1 FROM figures WHERE series = $1"
_HELD = """
SELECT kind, max(version) FILTER (WHERE approved) AS version, max(as_of) FILTER (WHERE approved) AS as_of,
  count(*) FILTER (WHERE approved IS NULL) AS waiting
FROM lists WHERE county = $1 AND office = $2 GROUP BY kind
"""
_DUE = "SELECT max(next_by) FROM lists WHERE series = $1 AND approved"
_SHOWN = """
SELECT e.content FROM disclosures d JOIN disclosure_editions e ON e.disclosure_id = d.id AND e.edition = d.edition
WHERE d.source_kind = $1 AND d.source_id = $2
"""
_NAME_OF = "SELECT (SELECT name FROM divisions WHERE code = $1) AS division, (SELECT name FROM offices WHERE code = $2)"
# Whoever stands in the register: their names are in nothing that somebody wrote for a list.
_NAMED = "SELECT DISTINCT name FROM persons WHERE length(name) > 1 AND strpos($1, name) > 0 ORDER BY name LIMIT 20"


async def lists_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    kind: ListKind | None = None,
) -> list[ListRow]:
    """A page of versions within reach, newest first; one statement."""
    page = page_within(
        _LISTS, _without_mines(actor), limit=limit, behind=behind, backwards=backwards,
        only={"kind": kind.value} if kind else None,
    )  # fmt: skip
    return [ListRow(*row) for row in await sql.fetch(page.text, *page.arguments)]


async def lists_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[ListRow]:
    """Those of the versions that the session's actor sees; one statement."""
    return [ListRow(*row) for row in await sql.fetch(_BY_IDS, list(ids))]


async def list_again(work: Work, id: UUID) -> ListRow:
    """What a replay answers."""
    found = await lists_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def list_to_decide(work: Work, id: UUID) -> ListRow:
    """The version, locked until the act is over; NotFound out of sight."""
    row = await work.sql.fetchrow(_TO_DECIDE, id)
    if row is None:
        raise NotFound()
    return ListRow(*row)


async def next_version(work: Work, series: UUID) -> int:
    """The number of the next draft; two at once meet at the constraint."""
    version: int = await work.sql.fetchval(_NEXT, series)
    return version


async def approved_version(work: Work, series: UUID) -> int:
    """The newest version that was approved; 0 for none."""
    version: int = await work.sql.fetchval(_APPROVED, series)
    return version


async def next_edition(work: Work, series: UUID) -> int:
    """The number of the next edition of figures."""
    edition: int = await work.sql.fetchval(_NEXT_EDITION, series)
    return edition


async def due_of(work: Work, series: UUID) -> date | None:
    """By when the next version was due, as the last one said; None where there is none, or it had no rhythm."""
    found: date | None = await work.sql.fetchval(_DUE, series)
    return found


async def shown_content(work: Work, kind: SourceKind, series: UUID) -> bytes | None:
    """The copy that was published last."""
    found: bytes | None = await work.sql.fetchval(_SHOWN, kind.value, series)
    return found


async def held_by(sql: "asyncpg.Connection[Any]", agency: Agency) -> dict[ListKind, Held]:
    """What there is of each list of an agency; one statement."""
    rows = await sql.fetch(_HELD, agency.county, agency.office)
    return {ListKind(row["kind"]): Held(*row) for row in rows}


async def figures_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[FiguresRow]:
    """A page of figures within reach, newest first; one statement."""
    page = page_within(_EDITIONS, _without_mines(actor), limit=limit, behind=behind, backwards=backwards)
    return [FiguresRow(*row) for row in await sql.fetch(page.text, *page.arguments)]


async def figures_again(work: Work, id: UUID) -> FiguresRow:
    """What a replay answers."""
    row = await work.sql.fetchrow(f"SELECT {_COUNTED} FROM figures WHERE id = $1", id)
    if row is None:
        raise NotFound()
    return FiguresRow(*row)


async def name_of(sql: "asyncpg.Connection[Any]", agency: Agency, on: date) -> str:
    """What an agency is called; NotFound for a division or office that is none."""
    row = await sql.fetchrow(_NAME_OF, agency.county, agency.office)
    if row is None or row["division"] is None or (agency.office and row[1] is None):
        raise NotFound()
    if agency.office:
        return f"{forms.set_on(on).agency_of(agency.office).name}{row[1]}"
    return f"{row['division'] if agency.county != PROVINCE else '贵州省'}煤矿安全监管部门"


async def named_in(sql: "asyncpg.Connection[Any]", text: str) -> tuple[str, ...]:
    """People of the register, as far as the session's actor sees them, whose names stand in a text; one statement."""
    return tuple(row["name"] for row in await sql.fetch(_NAMED, "".join(text.split()))) if text else ()


def _without_mines(actor: Actor) -> Reach:
    """A list is an agency's and no mine's: whoever reaches mines alone sees none."""
    return replace(actor.reach, mines=frozenset())
