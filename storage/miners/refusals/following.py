"""What becomes of a report that refuses: for its reporter by receipt, and for verification officers who look after him.

Nothing here is stored that would tie a report to a person: due days are derived, and changes of posts are those of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from storage.miners.refusals import rules
from storage.miners.refusals.rules import RefusalStepConflict
from storage.record.actor import Actor
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work

MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class FilingRow:
    """What became of one report: a refusal, a matter of retaliation, or it waits."""

    report_id: UUID
    mine_id: UUID
    county: str
    office: str
    refusal_id: UUID | None
    retaliation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Told:
    """One step as the reporter reads it: of what, which, when, and what was said; never who else reported."""

    of: str
    kind: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task for officers on site."""

    id: UUID
    mine_id: UUID
    county: str
    office: str
    words: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class PostChange:
    """Somebody's post at a mine began or ended; whoever looks at it knows no more of a reporter than before."""

    mine_id: UUID
    person_id: UUID
    name: str
    what: str
    began: date | None
    ended: date | None
    recorded_at: datetime


_FILING = "report_id, mine_id, county, office, refusal_id, retaliation_id"
_TO_CHANGE = f"SELECT {_FILING} FROM refusal_filings WHERE report_id = $1 FOR NO KEY UPDATE"
_WAITING = f"""
SELECT {_FILING} FROM refusal_filings WHERE refusal_id IS NULL AND retaliation_id IS NULL
  AND ($2::uuid IS NULL OR report_id > $2) ORDER BY report_id LIMIT $1
"""
# JOINED is left out: whoever joined, or was joined by others, learns of nobody.
_STEPS = """
SELECT 'REFUSAL' AS of, s.kind, s.at, CASE WHEN s.by_id IS NULL THEN '' ELSE s.words END AS words, s.ordinal AS place
FROM refusal_filings f JOIN refusal_steps s ON s.refusal_id = f.refusal_id
WHERE f.report_id = $1 AND s.kind <> 'JOINED'
UNION ALL
SELECT 'RETALIATION', s.kind, s.at, s.words, s.ordinal
FROM refusal_filings f JOIN retaliation_steps s ON s.retaliation_id = f.retaliation_id WHERE f.report_id = $1
UNION ALL
SELECT 'LATER', CASE WHEN c.sooner THEN 'SOONER' ELSE 'TASK_GIVEN' END, c.at, c.danger, -1
FROM later_checks c WHERE c.report_id = $1
ORDER BY 3, 1, 5
"""
_BEGAN = """
SELECT coalesce(r.made_at, t.reported_at) AS at FROM refusal_filings f
LEFT JOIN refusals r ON r.id = f.refusal_id LEFT JOIN retaliations t ON t.id = f.retaliation_id WHERE f.report_id = $1
"""
_TASKS = Listed(
    table="check_tasks", columns=("id", "mine_id", "county", "office", "words", "ordered_at"), key="ordered_at"
)
# Posts and workplaces alike: a transfer to a worse place is revenge as much as a lost post (条例20).
_CHANGES = """
SELECT * FROM (
  SELECT o.mine_id, o.person_id, p.name, o.kind AS what, CASE WHEN o.from_day >= $2 THEN o.from_day END AS began,
    CASE WHEN o.ended_at IS NOT NULL THEN o.to_day END AS ended, greatest(o.recorded_at, o.ended_at) AS recorded_at
  FROM posts o JOIN persons p ON p.id = o.person_id
  WHERE o.mine_id = $1 AND (o.from_day >= $2 OR (o.ended_at IS NOT NULL AND o.to_day >= $2))
  UNION ALL
  SELECT a.mine_id, a.person_id, p.name, w.name, CASE WHEN a.from_day >= $2 THEN a.from_day END,
    CASE WHEN a.ended_at IS NOT NULL THEN a.to_day END, greatest(a.recorded_at, a.ended_at)
  FROM assignments a JOIN persons p ON p.id = a.person_id JOIN workplaces w ON w.id = a.workplace_id
  WHERE a.mine_id = $1 AND (a.from_day >= $2 OR (a.ended_at IS NOT NULL AND a.to_day >= $2))
) c ORDER BY recorded_at DESC, person_id LIMIT $3
"""
_TOUCHED = """
SELECT EXISTS (SELECT FROM refusal_filings f WHERE f.mine_id = $1)
"""


async def filing_to_change(work: Work, report_id: UUID) -> FilingRow:
    """What became of a report, locked; NotFound if unseen."""
    row = await work.sql.fetchrow(_TO_CHANGE, report_id)
    if row is None:
        raise NotFound()
    return FilingRow(*row)


async def waiting(sql: "asyncpg.Connection[Any]", *, limit: int, behind: UUID | None = None) -> list[FilingRow]:
    """The reports that refuse and wait for a routine check, in the order of their random ids; one statement."""
    return [FilingRow(*row) for row in await sql.fetch(_WAITING, limit, behind)]


async def ordered_before(work: Work, id: UUID, report_id: UUID) -> bool:
    """Whether this was done under this id for this report by the same person; else RefusalStepConflict."""
    row = await work.sql.fetchrow("SELECT report_id, by_id FROM later_checks WHERE id = $1", id)
    if row is not None and tuple(row) != (report_id, work.actor.account_id):
        raise RefusalStepConflict()
    return row is not None


async def steps_of(sql: "asyncpg.Connection[Any]", report_id: UUID) -> list[Told]:
    """Every step of what this report made, joined or waits for, in order, as its reporter reads it; one statement.

    The session's actor is the reporter of it, or a verification officer; for anybody else it is empty.
    """
    rows = await sql.fetch(_STEPS, report_id)
    return [Told(row["of"], row["kind"], row["at"], row["words"]) for row in rows]


async def follow_ups_of(sql: "asyncpg.Connection[Any]", law: Law, report_id: UUID) -> tuple[date, ...]:
    """The days on which its reporter is asked how he fares (R1 定期回访); none where it waits. One statement."""
    at = await sql.fetchval(_BEGAN, report_id)
    return () if at is None else rules.follow_ups(law, day_of(at))


async def tasks_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[TaskRow]:
    """A page of the tasks for officers on site within the actor's reach, newest first; one statement."""
    statement = page_within(_TASKS, actor.reach, limit=limit, behind=behind, backwards=backwards)
    return [TaskRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def post_changes(sql: "asyncpg.Connection[Any]", *, mine_id: UUID, today: date, law: Law) -> Sequence[PostChange]:
    """Whose post or workplace at a mine changed within the time in which its reporters are asked, newest first.

    Of all its people, since nobody knows who reported; of no mine without a report that refuses or tells of revenge.
    """
    if not await sql.fetchval(_TOUCHED, mine_id):
        return []
    longest = max(int(one) for one in law.listed("report_follow_ups", today))
    rows = await sql.fetch(_CHANGES, mine_id, today - timedelta(days=longest), MOST_CHANGES)
    return [PostChange(*row) for row in rows]
