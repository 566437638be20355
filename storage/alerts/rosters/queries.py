"""Every select of duty rosters; each returns what its actor may see, the workers all."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from storage.alerts.rosters.rules import ANSWERING, Handover, Roster, Seat
from storage.alerts.rosters.tables import Away, DutyAbsence, DutyHandover, DutyPlan
from storage.record.problems import NotFound
from storage.record.work import Work

MOST_PLANS = 100
# One round of indexed looks a seat: the plan of now, the one that ended last, the newest hand-over. Who is away and
# whose desk is awake is asked of the handful of people who come into question.
_ROSTERS = """
SELECT s.county, s.office, p.accounts AS planned, p.begins_at, b.accounts AS before,
  h.id, h.from_id, h.to_id, h.given_at, h.taken_at
FROM unnest($1::text[], $2::text[]) AS s(county, office)
LEFT JOIN LATERAL (
  SELECT accounts, begins_at FROM duty_plans d
  WHERE (d.county = s.county OR d.office = s.office) AND d.ends_at > $3 AND d.begins_at <= $3
  ORDER BY d.planned_at DESC, d.id DESC LIMIT 1
) p ON true
LEFT JOIN LATERAL (
  SELECT accounts FROM duty_plans d
  WHERE (d.county = s.county OR d.office = s.office) AND d.ends_at <= coalesce(p.begins_at, $3)
  ORDER BY d.ends_at DESC, d.planned_at DESC, d.id DESC LIMIT 1
) b ON true
LEFT JOIN LATERAL (
  SELECT id, from_id, to_id, given_at, taken_at FROM duty_handovers d
  WHERE (d.county = s.county OR d.office = s.office) AND d.given_at <= $3 ORDER BY d.given_at DESC, d.id DESC LIMIT 1
) h ON true
"""
_AWAY = """
SELECT DISTINCT ON (account_id) account_id, away FROM duty_absences
WHERE account_id = ANY ($1) AND since <= $2 AND (until IS NULL OR until > $2) AND (ended_at IS NULL OR ended_at > $2)
ORDER BY account_id, away DESC
"""
_FIT = """
SELECT DISTINCT g.account_id FROM role_grants g JOIN accounts a ON a.id = g.account_id
WHERE g.account_id = ANY ($1) AND g.role = ANY ($2) AND (g.withdrawn_at IS NULL OR g.withdrawn_at > $3)
  AND (g.valid_to IS NULL OR g.valid_to > $3) AND ($4 LIKE g.division || '%' OR g.office = $5)
  AND (a.closed_at IS NULL OR a.closed_at > $3)
"""


async def rosters_of(
    sql: "asyncpg.Connection[Any]", seats: Sequence[Seat], *, now: datetime, besides: Iterable[UUID] = ()
) -> dict[Seat, Roster]:
    """Who answers for each of these seats at this minute, as far as the session's actor sees; three statements.

    Of the people `besides` it is told, too, whether they are away and awake.
    """
    asked = list(dict.fromkeys(seats))
    rows = await sql.fetch(_ROSTERS, [one.county for one in asked], [one.office for one in asked], now)
    people = {*besides, *(id for row in rows for id in _people(row))}
    away = {row["account_id"]: Away(row["away"]) for row in await sql.fetch(_AWAY, list(people), now)}
    awake = {
        row["account_id"]: row["seen_at"]
        for row in await sql.fetch(
            "SELECT account_id, seen_at FROM desk_signs WHERE account_id = ANY ($1)", list(people)
        )
    }
    return {
        Seat(row["county"], row["office"]): Roster(
            seat=Seat(row["county"], row["office"]), planned=row["planned"] or (), begins_at=row["begins_at"],
            before=row["before"] or (), handover=_handover(row), away=away, awake=awake,
        )
        for row in rows
    }  # fmt: skip


async def roster_of(sql: "asyncpg.Connection[Any]", seat: Seat, *, now: datetime) -> Roster:
    """The roster of one seat."""
    return (await rosters_of(sql, [seat], now=now))[seat]


async def plans_of(sql: "asyncpg.Connection[Any]", seat: Seat, *, after: datetime) -> list[DutyPlan]:
    """The plans of a seat that end after a moment, the next first, 100 at most; one statement."""
    rows = await sql.fetch(
        "SELECT * FROM duty_plans WHERE (county = $1 OR office = $2) AND ends_at > $3"
        f" ORDER BY ends_at, planned_at, id LIMIT {MOST_PLANS}",
        seat.county, seat.office, after,
    )  # fmt: skip
    return [DutyPlan(**dict(row)) for row in rows]


async def handovers_untaken(sql: "asyncpg.Connection[Any]", seat: Seat, *, now: datetime) -> list[DutyHandover]:
    """The shifts of a seat that were handed over within a day and that nobody took, the newest first."""
    rows = await sql.fetch(
        "SELECT * FROM duty_handovers WHERE (county = $1 OR office = $2) AND given_at > $3 AND taken_at IS NULL"
        f" ORDER BY given_at DESC, id DESC LIMIT {MOST_PLANS}",
        seat.county, seat.office, now - timedelta(days=1),
    )  # fmt: skip
    return [DutyHandover(**dict(row)) for row in rows]


async def fit_for(work: Work, seat: Seat, accounts: Sequence[UUID]) -> set[UUID]:
    """Which of these accounts may answer for the seat: open, with a fitting role over it."""
    roles = [role.value for role in ANSWERING]
    rows = await work.sql.fetch(_FIT, list(accounts), roles, work.now, seat.county, seat.office)
    return {row["account_id"] for row in rows}


async def plan_known(work: Work, id: UUID) -> DutyPlan | None:
    """What was planned under this id, as far as the actor sees it."""
    row = await work.sql.fetchrow("SELECT * FROM duty_plans WHERE id = $1", id)
    return None if row is None else DutyPlan(**dict(row))


async def handover_known(work: Work, id: UUID) -> DutyHandover | None:
    """The hand-over of this id, as far as the actor sees it."""
    row = await work.sql.fetchrow("SELECT * FROM duty_handovers WHERE id = $1", id)
    return None if row is None else DutyHandover(**dict(row))


async def handover_to_take(work: Work, id: UUID) -> DutyHandover:
    """The same, locked if it was given to the actor; NotFound if unseen."""
    await work.sql.execute("SELECT FROM duty_handovers WHERE id = $1 FOR NO KEY UPDATE", id)
    found = await handover_known(work, id)
    if found is None:
        raise NotFound()
    return found


async def absence_known(work: Work, id: UUID) -> DutyAbsence | None:
    """The absence of this id, as far as the actor sees it."""
    row = await work.sql.fetchrow("SELECT * FROM duty_absences WHERE id = $1", id)
    return None if row is None else DutyAbsence(**dict(row))


async def underground_of(work: Work, account_id: UUID) -> DutyAbsence | None:
    """Since when the account is underground, locked; None if it is not."""
    row = await work.sql.fetchrow(
        "SELECT * FROM duty_absences WHERE account_id = $1 AND away = 'UNDERGROUND' AND ended_at IS NULL"
        " ORDER BY since DESC LIMIT 1 FOR NO KEY UPDATE",
        account_id,
    )  # fmt: skip
    return None if row is None else DutyAbsence(**dict(row))


async def belongs(work: Work, account_id: UUID) -> dict[str, Any]:
    """Where the account belongs, as verbs and entries take it; NotFound if the actor does not see it."""
    row = await work.sql.fetchrow("SELECT county, office FROM accounts WHERE id = $1", account_id)
    if row is None:
        raise NotFound()
    return {"county": row["county"], "office": row["office"]}


def _people(row: "asyncpg.Record") -> list[UUID]:
    named = [row["from_id"], row["to_id"]] if row["id"] is not None else []
    return [*(row["planned"] or ()), *(row["before"] or ()), *named]


def _handover(row: "asyncpg.Record") -> Handover | None:
    if row["id"] is None:
        return None
    return Handover(
        id=row["id"], from_id=row["from_id"], to_id=row["to_id"], given_at=row["given_at"], taken_at=row["taken_at"]
    )  # fmt: skip
