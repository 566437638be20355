"""What an officer did and left undone (履职): told from the ledger and the rows of every area, entered by nobody."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.conduct.queries import MatterRow
from storage.casework.conduct.tables import MatterKind
from storage.record.actor import Actor, Verb
from storage.record.clock import SHANGHAI, day_of, to_ms
from storage.record.law import PARAMETERS, Runs
from storage.record.problems import BadInput, NotFound
from storage.record.scopes import Statement

MOST_DAYS = 366
MOST_UNDONE = 500
_BESIDES = ["session", "password"]
"""How somebody signs in is no part of his duty; and complaints, whose entries belong nowhere, stand in no record."""
_OF_AGENCIES = sorted({one.key for one in PARAMETERS if one.runs is Runs.AGENCY})
"""The periods that bind officers; those that bind a party are not theirs to keep."""


class Undone(StrEnum):
    """What he left undone, or should have made good."""

    ITEM_NOT_ANSWERED = "ITEM_NOT_ANSWERED"
    MEASURE_OVERDUE = "MEASURE_OVERDUE"
    MEASURE_NOT_CONFIRMED = "MEASURE_NOT_CONFIRMED"
    FINDING_DEFECT = "FINDING_DEFECT"
    INSPECTION_NOT_JOINED = "INSPECTION_NOT_JOINED"
    CASE_OVERDUE = "CASE_OVERDUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of Asia/Shanghai, both counted."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < MOST_DAYS:
            raise BadInput(field="to", reason=f"<= {MOST_DAYS}")

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that he did: the entry that it left."""

    id: UUID
    kind: str
    at: datetime
    subject: UUID
    mine_id: UUID | None
    position: int | None


@dataclass(frozen=True, slots=True)
class Allotted:
    """What was given to him in the period, and how much of it he answered."""

    inspections: int
    items: int
    answered: int
    followed: int


@dataclass(frozen=True, slots=True)
class Omission:
    """One thing left undone. `key` names a period of the law, where the record holds no article."""

    code: Undone
    subject: UUID
    article: str
    key: str
    since: datetime
    due: datetime | None


_DEEDS = """
SELECT e.id, e.kind, e.at, y.subject, y.mine_id,
  (SELECT max(p.position) FROM positions p WHERE p.entry_id = e.id) AS position
FROM payloads y JOIN entries e ON e.id = y.entry_id WHERE {wanted} ORDER BY y.entry_id {way} LIMIT {limit}
"""
_COUNTS = """
SELECT e.kind, count(*) AS count FROM payloads y JOIN entries e ON e.id = y.entry_id
WHERE {wanted} GROUP BY e.kind ORDER BY e.kind COLLATE "C"
"""
_ALLOTTED = """
SELECT (SELECT count(*) FROM inspection_officers o JOIN inspections i ON i.id = o.inspection_id
        WHERE o.account_id = $1 AND i.opened_at >= $2 AND i.opened_at < $3),
  count(*), count(i.answered_at),
  (SELECT count(DISTINCT s.measure_id) FROM measure_steps s WHERE s.kind = 'FOLLOWER_NAMED' AND s.subject_id = $1
     AND s.recorded_at >= $2 AND s.recorded_at < $3)
FROM scheme_items i JOIN schemes s ON s.id = i.scheme_id
WHERE i.officer_id = $1 AND s.approved_at >= $2 AND s.approved_at < $3
"""
# Every part begins at an index over the account, or over what is open; none walks a table.
_UNDONE = f"""
SELECT 'ITEM_NOT_ANSWERED', i.id, '实施意见三（十四）4', '', s.approved_at, NULL::timestamptz
FROM scheme_items i JOIN schemes s ON s.id = i.scheme_id
WHERE i.officer_id = $1 AND i.outcome IS NULL AND s.approved_at IS NOT NULL AND s.scheduled_for < $3
UNION ALL
SELECT 'MEASURE_OVERDUE', d.measure_id, d.article, d.key, d.start::timestamptz, d.ends_at
FROM measure_steps f JOIN measure_deadlines d ON d.measure_id = f.measure_id
WHERE f.kind = 'FOLLOWER_NAMED' AND f.subject_id = $1 AND d.met_at IS NULL AND d.ends_at <= $2
  AND d.key <> 'defect_made_good' AND NOT EXISTS (SELECT FROM measure_steps l WHERE l.measure_id = f.measure_id
    AND l.kind = 'FOLLOWER_NAMED' AND l.ordinal > f.ordinal)
UNION ALL
SELECT 'MEASURE_NOT_CONFIRMED', m.id, d.article, d.key, m.recorded_at, d.ends_at
FROM measure_deadlines d JOIN measures m ON m.id = d.measure_id
WHERE m.ordered_by = $1 AND d.key = 'defect_made_good' AND d.met_at IS NULL AND d.ends_at <= $2
UNION ALL
SELECT 'FINDING_DEFECT', f.id, d.article, d.code, f.recorded_at, d.due_at
FROM finding_defects d JOIN findings f ON f.id = d.finding_id
WHERE f.recorded_by = $1 AND d.made_good_at IS NULL AND d.due_at <= $2
UNION ALL
SELECT 'INSPECTION_NOT_JOINED', i.id, '行政处罚法第四十二条', '', i.opened_at, NULL
FROM inspection_officers o JOIN inspections i ON i.id = o.inspection_id
WHERE o.account_id = $1 AND o.joined_at IS NULL
UNION ALL
SELECT 'CASE_OVERDUE', k.case_id, '', k.key, k.start_at, k.over_at
FROM case_clocks k CROSS JOIN LATERAL (
  SELECT s.officers FROM case_steps s WHERE s.case_id = k.case_id AND s.kind IN ('PROPOSED', 'OFFICERS_ASSIGNED')
  ORDER BY s.ordinal DESC LIMIT 1) team
WHERE k.met_at IS NULL AND k.over_at <= $2 AND k.key = ANY ($4::text[])
  AND position($1::uuid::text IN team.officers) > 0
ORDER BY 5, 1, 2 LIMIT {MOST_UNDONE}
"""


async def officer_whose_record(sql: "asyncpg.Connection[Any]", actor: Actor, account_id: UUID) -> None:
    """His record is read by himself, by his head and by supervision; NotFound, NotAllowed; one statement."""
    row = await sql.fetchrow("SELECT county, office, mine_id FROM accounts WHERE id = $1", account_id)
    if row is None:
        raise NotFound()
    if account_id != actor.account_id:
        actor.require(Verb.CONDUCT_READ, county=row["county"], office=row["office"], mine_id=row["mine_id"])


def must_be_his_to_read(actor: Actor, matter: MatterRow) -> None:
    """What stood on record is read by the one whom it is about and by whoever may read his record, of an exemption."""
    if matter.kind != MatterKind.EXEMPTION:
        raise NotFound()
    if matter.officer_id != actor.account_id:
        actor.require(Verb.CONDUCT_READ, mine_id=matter.mine_id, county=matter.county, office=matter.office)


async def deeds_of(
    sql: "asyncpg.Connection[Any]",
    account_id: UUID,
    period: Period,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[Deed]:
    """What he did in the period, newest first; one statement along his entries, which are sorted by their ids."""
    statement = Statement()
    wanted = _within(statement, account_id, period)
    return await _page(sql, statement, wanted, limit=limit, behind=behind, backwards=backwards)


async def deeds_as_of(
    sql: "asyncpg.Connection[Any]",
    matter: MatterRow,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[Deed]:
    """What stood on record of him, at the mine that the matter is about, up to the checkpoint that it names.

    A matter opened before anything was shown looks at what was recorded before it.
    """
    statement = Statement()
    wanted = [f"y.actor_id = {statement.put(matter.officer_id)}", _duties(statement)]
    if matter.mine_id is not None:
        wanted.append(f"y.mine_id = {statement.put(matter.mine_id)}")
    if matter.as_of is None:
        wanted.append(f"y.entry_id < {statement.put(_first_id(matter.opened_at))}")
    else:
        log, size = statement.put(matter.log, "smallint"), statement.put(matter.as_of, "bigint")
        wanted.append(f"EXISTS (SELECT FROM positions q WHERE q.entry_id = y.entry_id"
                      f" AND (q.log < {log} OR (q.log = {log} AND q.position < {size})))")  # fmt: skip
    return await _page(sql, statement, wanted, limit=limit, behind=behind, backwards=backwards)


async def counts_of(sql: "asyncpg.Connection[Any]", account_id: UUID, period: Period) -> list[tuple[str, int]]:
    """How often he did what; one statement."""
    statement = Statement()
    text = _COUNTS.format(wanted=" AND ".join(_within(statement, account_id, period)))
    return [(row["kind"], row["count"]) for row in await sql.fetch(text, *statement.arguments)]


async def allotted_to(sql: "asyncpg.Connection[Any]", account_id: UUID, period: Period) -> Allotted:
    """What was given to him in the period; one statement."""
    row = await sql.fetchrow(_ALLOTTED, account_id, period.start, period.end)
    return Allotted(*(row or (0, 0, 0, 0)))


async def undone_by(sql: "asyncpg.Connection[Any]", account_id: UUID, *, now: datetime) -> list[Omission]:
    """What he leaves undone now, the oldest first, at most 500; one statement."""
    rows = await sql.fetch(_UNDONE, account_id, now, day_of(now), _OF_AGENCIES)
    return [Omission(Undone(row[0]), *row[1:]) for row in rows]


def _within(statement: Statement, account_id: UUID, period: Period) -> list[str]:
    first, last = (statement.put(_first_id(at)) for at in (period.start, period.end))
    return [f"y.actor_id = {statement.put(account_id)}", f"y.entry_id >= {first}", f"y.entry_id < {last}",
            f"e.id >= {first}", f"e.id < {last}", _duties(statement)]  # fmt: skip


def _duties(statement: Statement) -> str:
    return (
        f"split_part(e.kind, '.', 1) <> ALL ({statement.put(_BESIDES, 'text[]')})"
        " AND (e.kind NOT LIKE 'conduct.%' OR coalesce(y.county, y.office) IS NOT NULL)"
    )


def _first_id(at: datetime) -> UUID:
    """The id before all ids of entries of that moment: they begin with their milliseconds."""
    return UUID(int=to_ms(at) << 80)


async def _page(
    sql: "asyncpg.Connection[Any]",
    statement: Statement,
    wanted: list[str],
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None,
    backwards: bool,
) -> list[Deed]:
    if behind is not None:
        wanted.append(f"y.entry_id {'>' if backwards else '<'} {statement.put(behind[1])}")
    way = "ASC" if backwards else "DESC"
    text = _DEEDS.format(wanted=" AND ".join(wanted), way=way, limit=limit)
    return [Deed(*row) for row in await sql.fetch(text, *statement.arguments)]
