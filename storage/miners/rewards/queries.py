"""Every select of rewards and of what they rest on; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries as cases
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot
from storage.casework.cases.rulings import served_at, standing_fine
from storage.miners.rewards.rules import ClaimNotSigned, Ground, first_known
from storage.miners.rewards.tables import Payout, RewardGrade, RewardState
from storage.record.actor import Actor
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work


@dataclass(frozen=True, slots=True)
class RewardRow:
    """A reward as it is read; what its reporter said of the payee is for the payer."""

    id: UUID
    report_id: UUID
    case_id: UUID
    mine_id: UUID
    county: str
    office: str
    grade: RewardGrade
    fine: int
    percent: int
    sharers: int
    amount: int
    hands: list[UUID]
    state: RewardState
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    words: str | None
    payout: Payout | None
    payee: str | None
    signature: bytes | None
    claimed_hour: datetime | None
    paid_by: UUID | None
    paid_at: datetime | None
    paid_how: str | None


_COLUMNS = tuple(field.name for field in fields(RewardRow))
_REWARDS = Listed(table="rewards", columns=_COLUMNS, key="proposed_at")
_LISTED = ", ".join(_COLUMNS)
_OF_ID = f"SELECT {_LISTED} FROM rewards WHERE id = $1"
# A report is of a case by the inspection in which it was verified, or by the refusal that it made or joined, whose
# findings the case rests on or in whose check it began.
_REPORTS_OF_A_CASE = """
WITH rested AS (
  SELECT DISTINCT f.finding_id FROM case_fines f WHERE f.case_id = $1 AND f.fell_at IS NULL
), told AS (
  SELECT s.report_id FROM report_steps s JOIN cases c ON c.inspection_id = s.inspection_id WHERE c.id = $1
  UNION
  SELECT t.report_id FROM refusal_filings t JOIN refusal_steps s ON s.refusal_id = t.refusal_id
  WHERE s.findings && ARRAY(SELECT finding_id FROM rested)
    OR s.inspection_id = (SELECT inspection_id FROM cases WHERE id = $1)
)
SELECT r.id, r.hour, EXISTS (SELECT FROM report_steps s WHERE s.report_id = r.id AND s.kind = 'SUBSTANTIATED')
  AS substantiated, t.report_id IS NOT NULL AS of_the_case, r.mine_id, r.county, r.office
FROM reports r LEFT JOIN told t ON t.report_id = r.id WHERE r.id = $2 OR t.report_id IS NOT NULL
"""
_HANDS = "SELECT DISTINCT by_id FROM report_steps WHERE report_id = $1"
_GIVEN = """
SELECT coalesce(sum(amount), 0)::bigint FROM rewards WHERE case_id = $1 AND report_id <> $2 AND state <> 'REJECTED'
"""
# What the authority knew before from another side: a finding on which the fine rests, the case itself.
_KNOWN = """
SELECT (SELECT min(f.recorded_at) FROM findings f WHERE f.id IN (
    SELECT finding_id FROM case_fines WHERE case_id = $1 AND fell_at IS NULL)) AS found,
  (SELECT opened_at FROM cases WHERE id = $1) AS opened
"""


async def rewards_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    state: RewardState | None = None,
) -> list[RewardRow]:
    """A page of rewards within the actor's reach, newest first, only in one state; one statement."""
    statement = page_within(
        _REWARDS, actor.reach, limit=limit, behind=behind, backwards=backwards,
        only={"state": state.value} if state is not None else None,
    )  # fmt: skip
    return [_reward(row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def rewards_of(sql: "asyncpg.Connection[Any]", report_id: UUID) -> list[RewardRow]:
    """The rewards of one report, for whoever opened it by its receipt; one statement."""
    rows = await sql.fetch(f"SELECT {_LISTED} FROM rewards WHERE report_id = $1 ORDER BY proposed_at, id", report_id)
    return [_reward(row) for row in rows]


async def reward_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> RewardRow:
    """The reward; NotFound if unseen."""
    row = await sql.fetchrow(_OF_ID, id)
    if row is None:
        raise NotFound()
    return _reward(row)


async def reward_known(work: Work, id: UUID) -> RewardRow | None:
    """The same, or None."""
    row = await work.sql.fetchrow(_OF_ID, id)
    return None if row is None else _reward(row)


async def reward_to_change(work: Work, id: UUID) -> RewardRow:
    """The same, locked until the act is over."""
    row = await work.sql.fetchrow(f"{_OF_ID} FOR NO KEY UPDATE", id)
    if row is None:
        raise NotFound()
    return _reward(row)


async def claim_key_of(work: Work, report_id: UUID) -> bytes:
    """The claim key of the actor's own report; ClaimNotSigned where there is none for him."""
    found = await work.sql.fetchval("SELECT claim_key FROM report_receipts WHERE report_id = $1", report_id)
    if found is None:
        raise ClaimNotSigned()
    return bytes(found)


async def ground_of(work: Work, *, report_id: UUID, case_id: UUID) -> tuple[Ground, dict[str, Any]]:
    """What a proposal rests on, and its scope; NotFound for a report or case out of sight."""
    file = await cases.file_of(work.sql, case_id)
    reports = await work.sql.fetch(_REPORTS_OF_A_CASE, case_id, report_id)
    own = next((row for row in reports if row["id"] == report_id), None)
    if own is None or own["mine_id"] != file.row.mine_id:
        raise NotFound()
    (known,) = await work.sql.fetch(_KNOWN, case_id)
    rulings = file.history.of(Decided, DecidedOnTheSpot)
    ground = Ground(
        substantiated=own["substantiated"], of_the_case=own["of_the_case"], hour=own["hour"],
        rivals=tuple(row["hour"] for row in reports if row["substantiated"] and row["of_the_case"]) or (own["hour"],),
        known_at=first_known((known["found"], known["opened"])),
        fine=sum(standing_fine(one, file.history) for one in rulings),
        given=await work.sql.fetchval(_GIVEN, case_id, report_id),
        served=bool(rulings) and all(served_at(one, file.history) for one in rulings),
        hands=frozenset(row["by_id"] for row in await work.sql.fetch(_HANDS, report_id)),
    )  # fmt: skip
    scope: dict[str, Any] = {"mine_id": own["mine_id"], "county": own["county"], "office": own["office"]}
    return ground, scope


def _reward(row: "asyncpg.Record | Sequence[Any]") -> RewardRow:
    told = dict(zip(_COLUMNS, tuple(row), strict=True))
    told["grade"], told["state"] = RewardGrade(told["grade"]), RewardState(told["state"])
    told["payout"] = Payout(told["payout"]) if told["payout"] is not None else None
    return RewardRow(**told)
