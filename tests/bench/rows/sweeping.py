"""The sweep over a hundred thousand open clocks of findings, measures, exams and cases, against one count of them.

The sweep asks, in the very words and the transaction in which it takes its batches, which clocks ran out and which an
older law gave its end; of 100,000 that are open a hundredth ran out. The other side counts the open ones along the
same indexes, in a transaction of the same kind. What is told of a clock comes once in its life and is no part of this.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.sweeping import KINDS
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.law import BUILT_IN
from storage.record.work import Work, perform
from tests.bench import site
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter
from tests.bench.site import COUNTY, INSPECTION, MINE, OFFICE, OPENED, Officer

SWEEP = "sweep over 100,000 open deadlines : one count of them"
OPEN, DUE = 100_000, 1_000
ROUNDS, TURNS = 9, 20
NOW = datetime(2026, 11, 20, tzinfo=UTC)
ONE = UUID(int=1)

_MATTERS = (
    """INSERT INTO findings (id, inspection_id, mine_id, county, office, kind, severity, fact, measured, clause,
         measure_basis, penalty_basis, producing, unsafe, marks, flags, seen_at, recorded_by, recorded_at)
       SELECT lpad(to_hex(n), 32, '0')::uuid, $1, $2, $3, $4, 'SYSTEMS_BELOW_STANDARD', 'GENERAL', '样例事实', '{}', '',
         '', '', false, false, '{}', '{}', $6, $5, $6 FROM generate_series(0, $7 * 3 / 8 - 1) n""",
    """INSERT INTO measures (id, inspection_id, mine_id, county, office, kind, article, paper, danger, urgent, safe,
         reason, decision, mine_before, state, ordered_by, ordered_at, recorded_at)
       SELECT lpad(to_hex(n), 32, '0')::uuid, $1, $2, $3, $4, 'CORRECT_ON_SITE', '', '', false, false, false, '样例',
         '', 'PRODUCING', 'OPEN', $5, $6, $6 FROM generate_series(0, $7 / 40 - 1) n""",
    """INSERT INTO cases (id, mine_id, county, office, cause, simple, inspection_id, state, steps, opened_by, opened_at)
       SELECT lpad(to_hex(n), 32, '0')::uuid, $2, $3, $4, '样例', false, $1, 'INVESTIGATING', 1, $5, $6
       FROM generate_series(0, $7 / 40 - 1) n""",
)
_EXAM = (
    "INSERT INTO persons (id, name, mine_id, county, office, registered_at, sample)"
    " VALUES ($1, '矿工', $2, $3, $4, $5, true)",
    "INSERT INTO exams (id, inspection_id, mine_id, county, office, way, reason, pass_mark, paper_length, held_by,"
    " held_at, recorded_at) VALUES ($1, $7, $2, $3, $4, 'BY_HAND', '样例', 80, 20, $6, $5, $5)",
    "INSERT INTO exam_sittings (id, exam_id, mine_id, county, office, person_id, category, attempt, medium, asked,"
    " chosen, correct, total, score, passed, flags, sat_at, recorded_by, recorded_at)"
    " VALUES ($1, $1, $2, $3, $4, $1, 'WORKER', 1, 'PAPER', '{}', '{}', 0, 20, 0, false, '{}', $5, $6, $5)",
)
# Of each kind a quarter of the open ones and twice as many that were met; a hundredth of the open ones ran out.
_NUMBERED = """(SELECT n, CASE WHEN n % 3 > 0 THEN $1::timestamptz END AS met,
  $1::timestamptz + make_interval(days => CASE WHEN n % 300 = 0 THEN -(n / 300 % 15) - 1 ELSE 1 + n % 300 END) AS over
  FROM generate_series(0, 3 * $2 / 4 - 1) n) numbered"""
_CLOCKS = (
    f"""INSERT INTO finding_defects (finding_id, code, article, due_at, made_good_at)
        SELECT lpad(to_hex(n / 2), 32, '0')::uuid, (ARRAY['NO_EVIDENCE', 'NOT_CONFIRMED'])[1 + n % 2], '', over, met
        FROM {_NUMBERED} WHERE $3::bigint > 0""",
    f"""INSERT INTO measure_deadlines (measure_id, key, number, article, start, ends, ends_at, alarm, provisional,
          met_at, law)
        SELECT lpad(to_hex(n / 30), 32, '0')::uuid, 'recheck', n % 30, '', $1::date, over::date, over, over::date,
          false, met, $3 FROM {_NUMBERED}""",
    f"""INSERT INTO exam_consequences (id, exam_id, sitting_id, mine_id, county, office, person_id, category, kind,
          article, ordered_at, due, alarm, provisional, questions, met_at, outcome, over_at, law)
        SELECT gen_random_uuid(), e.id, e.id, e.mine_id, e.county, e.office, e.id, 'WORKER', 'RETRAIN', '', $1,
          over::date, over::date, false, '{{}}', met, CASE WHEN met IS NOT NULL THEN 'RETRAINED' END, over, $3
        FROM {_NUMBERED}, exams e""",
    f"""INSERT INTO case_clocks (case_id, key, subject, mine_id, county, office, start_at, ends, alarm, over_at, met_at,
          law)
        SELECT c.id, 'decision', gen_random_uuid(), c.mine_id, c.county, c.office, $1, over::date, over::date, over,
          met, $3 FROM {_NUMBERED} JOIN cases c ON c.id = lpad(to_hex(n / 30), 32, '0')::uuid""",
)
_COUNT = "SELECT {} AS open".format(
    " + ".join(
        f"(SELECT count(*) FROM {kind.table} WHERE {kind.met} IS NULL AND {kind.over} > '0001-01-01')" for kind in KINDS
    )
)


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Findings, measures, an exam and cases with as many open clocks of each, and twice as many that were met."""
    await site.seed(sql, officers=1)
    officer = Officer(0).actor.account_id
    for statement in _MATTERS:
        await sql.execute(statement, INSPECTION, MINE, COUNTY, OFFICE, officer, OPENED, OPEN, timeout=120)
    for statement, given in zip(_EXAM, ((), (officer, INSPECTION), (officer,)), strict=True):
        await sql.execute(statement, ONE, MINE, COUNTY, OFFICE, OPENED, *given)
    for statement in _CLOCKS:
        await sql.execute(statement, NOW, OPEN, BUILT_IN.edition, timeout=120)
    await sql.execute("VACUUM ANALYZE")


async def measure(ground: Ground) -> list[Figure]:
    """The look of one sweep against the count, in turn."""
    workers = Database((await ground.seeded("clocks", seed)).worker, pool_size=1)
    sweeps: list[float] = []
    counts: list[float] = []
    try:
        with Meter(os.getpid(), ground.pid) as meter:
            for number in range(ROUNDS + 1):
                swept = counted = 0.0
                for _ in range(TURNS):
                    swept += await _timed(workers, _look, DUE)
                    counted += await _timed(workers, _count, OPEN)
                if number:  # The first round warms caches and is not counted.
                    sweeps.append(swept / TURNS)
                    counts.append(counted / TURNS)
    finally:
        await workers.close()
    sides = [
        Side(name, "ms", tuple(one * 1e3 for one in each)) for name, each in (("sweep", sweeps), ("count", counts))
    ]
    remarks = (f"{DUE:,} of {OPEN:,} ran out, of {len(KINDS)} kinds in equal parts", f"CPU of both sides: {meter}")
    return [Figure(SWEEP, ratios(sweeps, counts), tuple(sides), remarks)]


async def _timed(workers: Database, side: Any, expected: int) -> float:
    begun = time.perf_counter()
    found = await perform(workers, keeper(), NOW + timedelta(hours=1), side)
    assert found == expected, found
    return time.perf_counter() - begun


async def _look(work: Work) -> int:
    found = 0
    for kind in KINDS:
        found += len(await work.sql.fetch(kind.ran_out, work.now, DUE, *kind.again(work.now)))
        if kind.renewed:
            found += len(await work.sql.fetch(kind.outdated, BUILT_IN.edition, DUE, *kind.again(work.now)))
    return found


async def _count(work: Work) -> int:
    return int(await work.sql.fetchval(_COUNT))
