"""Every select of refusals and of what stands around them; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.miners.refusals.conditions import Condition
from storage.miners.refusals.rules import Around, Asked, RefusalStepConflict, Step, named_findings
from storage.miners.refusals.tables import DangerKind, RefusalState, RefusalStepKind
from storage.record.actor import Actor, Verb
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.people.tables import ShiftKind


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A refusal as everybody reads it who may: the condition, and until when it stands."""

    id: UUID
    mine_id: UUID
    county: str
    office: str
    workplace_id: UUID | None
    place: str
    day: date
    shift: ShiftKind
    clause: str
    clause_key: str
    danger: DangerKind | None
    since: date
    made_at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How far a refusal is, and how many reports it has: for officers alone."""

    id: UUID
    state: RefusalState
    reports: int


_COLUMNS = tuple(field.name for field in fields(RefusalRow))
_LISTED = ", ".join(f"r.{name}" for name in _COLUMNS)
_REFUSALS = Listed(table="refusals", columns=_COLUMNS, key="made_at")
_STEP = (
    "s.refusal_id, s.id, s.ordinal, s.kind, s.at, s.by_id, s.certificate_id, s.words, s.officers, s.inspection_id,"
    " s.scheme_id, s.findings, s.measure_id"
)
_STEPS = f"SELECT {_STEP} FROM refusal_steps s WHERE s.refusal_id = ANY ($1::uuid[]) ORDER BY s.refusal_id, s.ordinal"
_STEP_OF_ID = f"SELECT {_STEP} FROM refusal_steps s WHERE s.id = $1"
_SAME_PLACE = f"""
SELECT {_LISTED} FROM refusals r
WHERE r.mine_id = $1 AND r.place_key = $2 AND r.day = $3 AND r.shift = $4 AND r.lifted_at IS NULL
FOR NO KEY UPDATE
"""
# What stands on a day: all that is not lifted and was made for that day or before it, and nothing of a past day once
# it was lifted.
_STANDING = "lifted_at IS NULL AND day <= {}"
_ON_THE_DAY = "day = {}"
# A miner without another hand at his mine reads what concerns the places at which he works; one without a workplace of
# the register concerns everybody.
_ASSIGNED = """(workplace_id IS NULL OR EXISTS (
  SELECT FROM assignments a JOIN persons p ON p.id = a.person_id
  WHERE p.account_id = {} AND a.workplace_id = refusals.workplace_id AND a.from_day <= refusals.day
    AND (a.to_day IS NULL OR a.to_day >= refusals.day)))"""
_NAMED_MINES = """
SELECT mine_id FROM inspections WHERE id = $1
UNION ALL SELECT mine_id FROM schemes WHERE id = $2
UNION ALL SELECT mine_id FROM measures WHERE id = $3
"""
_AROUND = """
SELECT ARRAY(SELECT account_id FROM inspection_officers WHERE inspection_id = $1) AS inspectors,
  (SELECT CASE WHEN bool_and(closed_at IS NOT NULL) THEN max(closed_at) END FROM recordings
   WHERE inspection_id = $1) AS over_at,
  ARRAY(SELECT id FROM findings WHERE inspection_id = ANY ($2::uuid[])) AS found,
  ARRAY(SELECT finding_id FROM measure_findings WHERE measure_id = $3) AS answered,
  ARRAY(SELECT finding_id FROM measure_findings WHERE measure_id = ANY ($4::uuid[])) AS ordered,
  (SELECT count(*) FROM measures m WHERE m.closed_at IS NULL AND (m.id = ANY ($4::uuid[]) OR EXISTS (
    SELECT FROM measure_findings f WHERE f.measure_id = m.id AND f.finding_id = ANY ($5::uuid[])))) AS open_orders
"""


async def refusals_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    standing_on: date | None = None,
) -> list[RefusalRow]:
    """A page of refusals within the actor's reach, newest first; only of a mine, only what stands on a day."""
    statement = page_within(
        _REFUSALS, actor.reach, limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
        where={_STANDING: (standing_on,)} if standing_on is not None else None,
    )  # fmt: skip
    return [_refusal(row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def refusals_at(sql: "asyncpg.Connection[Any]", actor: Actor, *, day: date, limit: int = 100) -> list[RefusalRow]:
    """What stands on a day at the actor's mines, or is meant for that day: the conditions alone, newest first.

    The mine's own people read all of it; a miner what concerns the places at which he works. One statement.
    """
    own, whole = actor.seeing(Verb.REFUSAL_READ_OWN), Verb.PERSON_PLACE
    where: dict[str, tuple[Any, ...]] = {f"({_STANDING} OR {_ON_THE_DAY})": (day, day)}
    if not actor.may(whole):
        where[_ASSIGNED] = (actor.account_id,)
    statement = page_within(_REFUSALS, own.reach, limit=limit, where=where)
    return [_refusal(row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def refusals_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[RefusalRow]:
    """Those of the refusals that the session's actor may see; one statement."""
    rows = await sql.fetch(f"SELECT {_LISTED} FROM refusals r WHERE r.id = ANY ($1::uuid[])", list(ids))
    return [_refusal(row) for row in rows]


async def for_clauses(
    sql: "asyncpg.Connection[Any]", mine_id: UUID, keys: Sequence[str], *, since: date
) -> list[RefusalRow]:
    """What was refused at a mine since a day for these clauses of its commitment, newest first; one statement."""
    rows = await sql.fetch(
        f"SELECT {_LISTED} FROM refusals r WHERE r.mine_id = $1 AND r.clause_key = ANY ($2::text[]) AND r.day >= $3"
        " ORDER BY r.day DESC, r.id LIMIT 500",
        mine_id, list(keys), since,
    )  # fmt: skip
    return [_refusal(row) for row in rows]


async def refusal_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> RefusalRow:
    """The refusal; NotFound if unseen."""
    found = await refusals_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def refusal_to_change(work: Work, id: UUID) -> RefusalRow:
    """The same, locked until the act is over."""
    row = await work.sql.fetchrow(f"SELECT {_LISTED} FROM refusals r WHERE r.id = $1 FOR NO KEY UPDATE", id)
    if row is None:
        raise NotFound()
    return _refusal(row)


async def refusal_of_place(work: Work, condition: Condition) -> RefusalRow | None:
    """The refusal that stands for this place, day and shift, locked; None if there is none."""
    row = await work.sql.fetchrow(
        _SAME_PLACE, condition.mine_id, condition.place_key, condition.day, condition.shift.value
    )
    return None if row is None else _refusal(row)


async def steps_of_refusals(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """The steps of many refusals in their order; one statement."""
    found: dict[UUID, list[Step]] = {id: [] for id in ids}
    for row in await sql.fetch(_STEPS, list(ids)):
        found[row["refusal_id"]].append(_step(row))
    return found


async def standings_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[StandingRow]:
    """How far many refusals are; one statement."""
    rows = await sql.fetch("SELECT id, state, reports FROM refusal_standings WHERE id = ANY ($1::uuid[])", list(ids))
    return [StandingRow(row["id"], RefusalState(row["state"]), row["reports"]) for row in rows]


async def taken_before(work: Work, refusal_id: UUID, asked: Asked) -> bool:
    """Whether this step was taken under this id: the same by the same person, or RefusalStepConflict."""
    row = await work.sql.fetchrow(_STEP_OF_ID, asked.id)
    if row is None:
        return False
    step = _step(row)
    names = ("kind", "officers", "inspection_id", "scheme_id", "findings", "measure_id")
    same = all(getattr(step, name) == getattr(asked, name) for name in names) and step.words == asked.words.strip()
    if not same or row["refusal_id"] != refusal_id or step.by_id != work.actor.account_id:
        raise RefusalStepConflict()
    return True


async def around(work: Work, row: RefusalRow, steps: Sequence[Step], asked: Asked) -> Around:
    """What stands around a step that is asked for; NotFound for what it names out of sight. Two statements."""
    named = [asked.inspection_id, asked.scheme_id, asked.measure_id]
    mines = [each["mine_id"] for each in await work.sql.fetch(_NAMED_MINES, *named)]
    if len(mines) < sum(one is not None for one in named):  # One that is seen does not stand for one that is not.
        raise NotFound()
    checked = [one.inspection_id for one in steps if one.kind is RefusalStepKind.CHECKED]
    orders = [one.measure_id for one in steps if one.measure_id is not None]
    findings = list(named_findings(steps))
    (found,) = await work.sql.fetch(_AROUND, asked.inspection_id, checked, asked.measure_id, orders, findings)
    return Around(
        mine_id=row.mine_id, named_mines=frozenset(mines), inspectors=frozenset(found["inspectors"]),
        over_at=found["over_at"],
        found=frozenset(found["found"]), answered=frozenset(found["answered"]), ordered=frozenset(found["ordered"]),
        open_orders=found["open_orders"],
    )  # fmt: skip


async def place_name(work: Work, condition: Condition) -> str:
    """What the register calls the place of a condition; NotFound for a workplace that is not of the mine."""
    if condition.workplace_id is None:
        return condition.place.strip()
    name = await work.sql.fetchval(
        "SELECT name FROM workplaces WHERE id = $1 AND mine_id = $2", condition.workplace_id, condition.mine_id
    )
    if name is None:
        raise NotFound()
    return str(name)


def _refusal(row: "asyncpg.Record") -> RefusalRow:
    told = dict(row)
    told["shift"] = ShiftKind(told["shift"])
    told["danger"] = DangerKind(told["danger"]) if told["danger"] is not None else None
    return RefusalRow(**told)


def _step(row: "asyncpg.Record") -> Step:
    return Step(
        id=row["id"], ordinal=row["ordinal"], kind=RefusalStepKind(row["kind"]), at=row["at"], by_id=row["by_id"],
        certificate_id=row["certificate_id"], words=row["words"], officers=tuple(row["officers"]),
        inspection_id=row["inspection_id"], scheme_id=row["scheme_id"], findings=tuple(row["findings"]),
        measure_id=row["measure_id"],
    )  # fmt: skip
