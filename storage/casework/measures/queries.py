"""Every select of measures; takes the actor, returns what it may see; and the small writes that tell what they did."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.measures.history import Asked, History, Named, Order, Step
from storage.casework.measures.rules import MeasureConflict
from storage.casework.measures.steps import MeasureStepConflict
from storage.casework.measures.tables import Hand, StepOutcome, Turn
from storage.record.actor import Actor
from storage.record.law.library import Severity
from storage.record.law.measures import MEASURE_KINDS
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work

_LEFT_UNCHECKED = """
SELECT count(*) FROM measures m JOIN inspections i ON i.id = m.inspection_id
WHERE m.mine_id = $1 AND m.closed_at IS NULL AND m.inspection_id <> $2
  AND i.opened_at < (SELECT n.opened_at FROM inspections n WHERE n.id = $2)
  AND NOT EXISTS (SELECT FROM measure_steps s WHERE s.measure_id = m.id AND s.kind IN ('RECHECKED', 'VERIFIED')
                  AND s.at >= (SELECT n.opened_at FROM inspections n WHERE n.id = $2))
"""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as it is read."""

    id: UUID
    inspection_id: UUID
    mine_id: UUID
    county: str
    office: str
    kind: str
    article: str
    paper: str
    danger: bool
    urgent: bool
    safe: bool
    reason: str
    days: int | None
    decision: str
    approver_id: UUID | None
    enforces: UUID | None
    mine_before: str
    state: str
    ordered_at: datetime
    ordered_by: UUID
    recorded_at: datetime
    closed_at: datetime | None


_COLUMNS = tuple(field.name for field in fields(MeasureRow))
_MEASURES = Listed(table="measures", columns=_COLUMNS, key="ordered_at")
_OF_IDS = f"SELECT {', '.join(_COLUMNS)} FROM measures WHERE id = ANY ($1::uuid[])"
_TO_CHANGE = f"SELECT {', '.join(_COLUMNS)} FROM measures WHERE id = $1 FOR UPDATE"
_STEPS = """
SELECT measure_id, id, kind, hand, at, recorded_at, recorded_by, certificate_id, subject_id, until_day, number, outcome,
  words, place_id, underground, evidence FROM measure_steps WHERE measure_id = ANY ($1::uuid[])
ORDER BY measure_id, ordinal
"""
_FINDINGS = """
SELECT m.measure_id, f.id, f.severity, f.unsafe FROM measure_findings m JOIN findings f ON f.id = m.finding_id
WHERE m.measure_id = ANY ($1::uuid[]) ORDER BY f.id
"""
_AROUND = """
SELECT m.id,
  ARRAY(SELECT o.account_id FROM inspection_officers o WHERE o.inspection_id = m.inspection_id) AS officers,
  EXISTS (SELECT FROM recordings r WHERE r.inspection_id = m.inspection_id) AS recorded,
  coalesce((SELECT a.closed_at IS NOT NULL FROM measure_steps s JOIN accounts a ON a.id = s.subject_id
            WHERE s.measure_id = m.id AND s.kind = 'FOLLOWER_NAMED' ORDER BY s.ordinal DESC LIMIT 1), false) AS gone
FROM measures m WHERE m.id = ANY ($1::uuid[])
"""
_WITHDRAWALS_DUE = """
SELECT f.id FROM findings f WHERE f.unsafe AND NOT EXISTS (
  SELECT FROM measure_findings x JOIN measures m ON m.id = x.measure_id
  WHERE x.finding_id = f.id AND m.kind = 'WITHDRAW_PEOPLE')
ORDER BY f.seen_at DESC, f.id DESC LIMIT $1
"""
_OVERDUE = """
SELECT measure_id, key, number, ends_at FROM measure_deadlines WHERE met_at IS NULL AND ends_at <= $1
ORDER BY ends_at, measure_id LIMIT $2
"""
_DEADLINES = """
SELECT measure_id, key, number, article, start, ends, ends_at, alarm, provisional, note, met_at
FROM measure_deadlines WHERE measure_id = ANY ($1::uuid[]) ORDER BY start, key COLLATE "C", number
"""


@dataclass(frozen=True, slots=True)
class MeasureDeadlineRow:
    """A deadline of a measure as it is read."""

    measure_id: UUID
    key: str
    number: int
    article: str
    start: Any
    ends: Any
    ends_at: datetime | None
    alarm: Any
    provisional: bool
    note: str | None
    met_at: datetime | None


async def measures_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    inspection_id: UUID | None = None,
    open_only: bool = False,
) -> list[MeasureRow]:
    """A page of the measures within the actor's reach, newest first; of one mine or inspection, or those that stand."""
    statement = page_within(
        _MEASURES, actor.reach, limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
        only={"inspection_id": inspection_id} if inspection_id is not None else None,
        where={"closed_at IS NULL": ()} if open_only else None,
    )  # fmt: skip
    return [MeasureRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def measures_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[MeasureRow]:
    """Those of the measures that the session's actor may see; one statement."""
    return [MeasureRow(*row) for row in await sql.fetch(_OF_IDS, list(ids))]


async def measure_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> MeasureRow:
    """The measure, or NotFound when the session's actor does not see one of that id."""
    found = await measures_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def left_unchecked(work: Work, measure: MeasureRow) -> int:
    """How many open orders of earlier inspections of the mine nobody looked at again since this inspection opened."""
    found: int = await work.sql.fetchval(_LEFT_UNCHECKED, measure.mine_id, measure.inspection_id)
    return found


async def measure_to_change(work: Work, id: UUID) -> MeasureRow:
    """The measure, locked until the act is over; NotFound out of sight."""
    row = await work.sql.fetchrow(_TO_CHANGE, id)
    if row is None:
        raise NotFound()
    return MeasureRow(*row)


async def histories_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> dict[UUID, History]:
    """All that is known of each of many measures, in four statements."""
    steps: dict[UUID, list[Step]] = {}
    for row in await sql.fetch(_STEPS, list(ids)):
        steps.setdefault(row["measure_id"], []).append(_step(row))
    named: dict[UUID, list[Named]] = {}
    for row in await sql.fetch(_FINDINGS, list(ids)):
        one = Named(id=row["id"], severity=Severity(row["severity"]), unsafe=row["unsafe"])
        named.setdefault(row["measure_id"], []).append(one)
    around = {row["id"]: row for row in await sql.fetch(_AROUND, list(ids))}
    return {
        row.id: History(
            kind=MEASURE_KINDS[row.kind], order=_order(row, named.get(row.id, [])), steps=tuple(steps[row.id]),
            findings=tuple(named.get(row.id, [])), officers=frozenset(around[row.id]["officers"]),
            recorded=around[row.id]["recorded"], follower_left=around[row.id]["gone"],
        )
        for row in await measures_by_ids(sql, ids)
    }  # fmt: skip


def _step(row: "asyncpg.Record") -> Step:
    return Step(
        id=row["id"], kind=Turn(row["kind"]), hand=Hand(row["hand"]), at=row["at"], recorded_at=row["recorded_at"],
        by=row["recorded_by"], certificate_id=row["certificate_id"], subject_id=row["subject_id"],
        until=row["until_day"], number=row["number"], outcome=row["outcome"] and StepOutcome(row["outcome"]),
        words=row["words"], place_id=row["place_id"], underground=row["underground"],
        evidence=tuple(UUID(one) for one in row["evidence"]),
    )  # fmt: skip


def _order(row: MeasureRow, named: Sequence[Named]) -> Order:
    # A phone's clock may be ahead: no order was given later than the server took it.
    return Order(
        id=row.id, inspection_id=row.inspection_id, kind=row.kind, reason=row.reason,
        ordered_at=min(row.ordered_at, row.recorded_at), findings=tuple(one.id for one in named), danger=row.danger,
        urgent=row.urgent, safe=row.safe, days=row.days, decision=row.decision, approver_id=row.approver_id,
        enforces=row.enforces,
    )  # fmt: skip


async def withdrawals_due(sql: "asyncpg.Connection[Any]", *, limit: int) -> list[UUID]:
    """The findings beside which people cannot be kept safe and for which no withdrawal was ordered, newest first."""
    return [row["id"] for row in await sql.fetch(_WITHDRAWALS_DUE, limit)]


async def overdue(sql: "asyncpg.Connection[Any]", *, now: datetime, limit: int) -> list[tuple[UUID, str, int]]:
    """The deadlines that ran out unmet, the longest first: what the sweep tells people of."""
    rows = await sql.fetch(_OVERDUE, now, limit)
    return [(row["measure_id"], row["key"], row["number"]) for row in rows]


async def deadlines_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[MeasureDeadlineRow]:
    """The deadlines of each of many measures, in one statement."""
    return [MeasureDeadlineRow(*row) for row in await sql.fetch(_DEADLINES, list(ids))]


async def ordered_before(work: Work, order: Order) -> MeasureRow | None:
    """What an earlier act ordered under this id: the same by the same officer, or MeasureConflict."""
    found = await measures_by_ids(work.sql, [order.id])
    if not found:
        return None
    row = found[0]
    same = ("inspection_id", "kind", "ordered_at", "danger", "urgent", "safe", "days", "approver_id", "enforces")
    if (
        any(getattr(row, name) != getattr(order, name) for name in same)
        or (row.reason, row.decision) != (order.reason.strip(), order.decision.strip())
        or row.ordered_by != work.actor.account_id
    ):
        raise MeasureConflict()
    return row


_STEP_OF_ID = _STEPS.replace("measure_id = ANY ($1::uuid[])", "id = $1")


async def taken_before(work: Work, measure_id: UUID, asked: Asked) -> bool:
    """Whether this step was taken under this id: the same by the same person, or MeasureStepConflict."""
    row = await work.sql.fetchrow(_STEP_OF_ID, asked.id)
    if row is None:
        return False
    step = _step(row)
    told = Asked(
        id=step.id, kind=step.kind, at=asked.at, subject_id=step.subject_id, until=step.until, number=step.number,
        outcome=step.outcome, words=step.words, place_id=step.place_id, evidence=step.evidence,
    )  # fmt: skip
    asked_so = replace(asked, words=asked.words.strip())
    if told != asked_so or row["measure_id"] != measure_id or step.by != work.actor.account_id:
        raise MeasureStepConflict()
    return True
