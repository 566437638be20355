"""Every select of inspections, their officers and places; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.inspections.rules import Opening, Place, Standing
from storage.field.inspections.tables import Basis
from storage.record.actor import Actor
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.identity.queries import certificate_valid_on, holds_at
from storage.register.mines.queries import MineRow

_COLUMNS = (
    "id", "mine_id", "county", "office", "basis", "reason", "flags", "lead_id", "opened_by", "opened_at",
)  # fmt: skip
_INSPECTIONS = Listed(table="inspections", columns=_COLUMNS, key="opened_at")
_OF_IDS = f"SELECT {', '.join(_COLUMNS)} FROM inspections WHERE id = ANY ($1)"  # Our own names.
_OFFICERS = """
SELECT o.inspection_id, o.account_id, a.name, o.certificate_id, c.number, o.joined_at, o.device_id
FROM inspection_officers o
LEFT JOIN accounts a ON a.id = o.account_id LEFT JOIN certificates c ON c.id = o.certificate_id
WHERE o.inspection_id = ANY ($1) ORDER BY o.inspection_id, o.account_id
"""
_PLACES = """
SELECT inspection_id, id, ordinal, name, underground FROM inspection_places
WHERE inspection_id = ANY ($1) ORDER BY inspection_id, ordinal
"""
# Roles as they stand at $3: over a division that holds the county, over the office, or over the mine. Whoever stands in
# the register of the mine or acts for it is no officer there, whatever roles he holds (处罚法43).
_STANDINGS = f"""
WITH held AS (
  SELECT account_id, bool_or(role = 'LEAD') AS leads FROM role_grants g
  WHERE account_id = ANY ($1) AND role IN ('INSPECTOR', 'LEAD') AND {holds_at("$3")}
    AND ($4 LIKE division || '%' OR office = $5 OR mine_id = $6)
    AND NOT EXISTS (SELECT FROM persons p WHERE p.account_id = g.account_id AND p.mine_id = $6)
    AND NOT EXISTS (SELECT FROM role_grants o WHERE o.account_id = g.account_id AND o.mine_id = $6
                    AND o.role IN ('COMPANY_GROUP', 'MINE_PRINCIPAL', 'MINE_CLERK', 'MINER') AND {holds_at("$3", "o")})
  GROUP BY account_id
)
SELECT a.id, h.account_id IS NOT NULL AS inspects, coalesce(h.leads, false) AS leads, (
  {certificate_valid_on(account="a.id", day="$2", at="$3")}
) AS certificate_id
FROM accounts a LEFT JOIN held h ON h.account_id = a.id
WHERE a.id = ANY ($1) AND (a.closed_at IS NULL OR a.closed_at > $3)
"""


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection as it is read. `reason` is the plan's reference when the basis is PLANNED."""

    id: UUID
    mine_id: UUID
    county: str
    office: str
    basis: str
    reason: str
    flags: list[str]
    lead_id: UUID
    opened_by: UUID
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer of an inspection; name and certificate number are None where the reader does not see the account."""

    inspection_id: UUID
    account_id: UUID
    name: str | None
    certificate_id: UUID
    certificate_number: str | None
    joined_at: datetime | None
    device_id: UUID | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of an inspection."""

    inspection_id: UUID
    id: UUID
    ordinal: int
    name: str
    underground: bool


async def inspections_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
) -> list[InspectionRow]:
    """The inspections, newest first by (opened_at, id), at most `limit`, behind the given one; one statement."""
    statement = page_within(
        _INSPECTIONS, actor.reach, limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [InspectionRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def inspections_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[InspectionRow]:
    """Those of the inspections that the session's actor may see; one statement."""
    return [InspectionRow(*row) for row in await sql.fetch(_OF_IDS, list(ids))]


async def inspection_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> InspectionRow:
    """The inspection, or NotFound when the session's actor does not see one of that id."""
    found = await inspections_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def officers_of(sql: "asyncpg.Connection[Any]", inspection_ids: Sequence[UUID]) -> list[OfficerRow]:
    """The officers of many inspections, in one statement."""
    return [OfficerRow(*row) for row in await sql.fetch(_OFFICERS, list(inspection_ids))]


async def places_of(sql: "asyncpg.Connection[Any]", inspection_ids: Sequence[UUID]) -> list[PlaceRow]:
    """The places of many inspections, each in its order, in one statement."""
    return [PlaceRow(*row) for row in await sql.fetch(_PLACES, list(inspection_ids))]


async def opening_known(work: Work, id: UUID) -> tuple[Opening | None, InspectionRow | None]:
    """What an earlier act opened under this id, as far as this actor sees it."""
    found = await inspections_by_ids(work.sql, [id])
    if not found:
        return None, None
    row = found[0]
    officers, places = await officers_of(work.sql, [id]), await places_of(work.sql, [id])
    opening = Opening(
        id=row.id, mine_id=row.mine_id, basis=Basis(row.basis), reason=row.reason, lead_id=row.lead_id,
        officers=tuple(one.account_id for one in officers),
        places=tuple(Place(id=one.id, name=one.name, underground=one.underground) for one in places),
    )  # fmt: skip
    return opening, row


async def standings(work: Work, accounts: Sequence[UUID], *, mine: MineRow, day: date) -> dict[UUID, Standing]:
    """What stands behind each of these officers at this mine on that day; those not visible are left out."""
    rows = await work.sql.fetch(_STANDINGS, list(accounts), day, work.now, mine.county, mine.office, mine.id)
    return {
        row["id"]: Standing(account_id=row["id"], certificate_id=row["certificate_id"], inspects=row["inspects"],
                            leads=row["leads"])
        for row in rows
    }  # fmt: skip


async def officer_to_join(work: Work, inspection_id: UUID) -> OfficerRow | None:
    """The actor's own place among the officers, locked until the act is over."""
    locked = await work.sql.fetchval(
        "SELECT account_id FROM inspection_officers WHERE inspection_id = $1 AND account_id = $2 FOR UPDATE",
        inspection_id, work.actor.account_id,
    )  # fmt: skip
    if locked is None:
        return None
    return next(one for one in await officers_of(work.sql, [inspection_id]) if one.account_id == locked)


async def devices_of_others(work: Work, inspection_id: UUID) -> list[UUID]:
    """The devices on which the other officers of the inspection joined."""
    rows = await work.sql.fetch(
        "SELECT device_id FROM inspection_officers"
        " WHERE inspection_id = $1 AND account_id <> $2 AND device_id IS NOT NULL",
        inspection_id, work.actor.account_id,
    )  # fmt: skip
    return [row["device_id"] for row in rows]
