"""Lists: the newest fifty of ten thousand rows against the newest fifty of a million.

Two readers, because an index on time alone serves only one of them: a provincial auditor who sees everything, and an
inspector of a county that holds 1 % of the inspections, all of them older than everybody else's. Each reads through
his own session, row policies on; a round is many readings of each size in turn, and its number the median of them.
"""

import os
import time
from datetime import UTC, datetime
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from graphql_schema import schema
from graphql_schema.context import Context
from graphql_schema.executor import Executor, Request
from storage.field.inspections import queries
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.database import Database
from tests.bench import site
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter
from tests.bench.site import MINE, OFFICE, Officer

SEES_ALL = "newest 50 inspections, sees everything, 10^6 : 10^4 rows"
SEES_LITTLE = "newest 50 inspections, sees 1 % all old, 10^6 : 10^4 rows"
ROUNDS = 9
READINGS = 200
SMALL, LARGE = 10_000, 1_000_000
PAGE = 50

_DOCUMENT = (
    "{ inspections(first: 50) { edges { cursor node { id uuid basis reason openedAt flags mine { name } } }"
    " pageInfo { hasNextPage endCursor } } }"
)
_GRANTS = {
    SEES_ALL: (Grant(Role.AUDITOR, Reach(everything=True)),),
    SEES_LITTLE: (Grant(Role.INSPECTOR, Reach(counties=frozenset({"520181"}))),),
}
# One row a minute into the past; the oldest hundredth is of one county and one office, the rest spread over others.
_ROWS = """
INSERT INTO inspections (id, mine_id, county, office, basis, reason, lead_id, opened_by, opened_at, flags)
SELECT gen_random_uuid(), $1,
       CASE WHEN old THEN '520181' ELSE (ARRAY['520281', '520204', '520201', '520303'])[1 + n % 4] END,
       CASE WHEN old THEN 'GZ-OLD' ELSE $2 END, 'PLANNED', '2026-' || n, $3, $3,
       timestamptz '2026-11-01' - n * interval '1 minute', '{}'
FROM (SELECT n, n > 0.99 * $4::bigint AS old FROM generate_series(1, $4::bigint) n) numbered
"""


async def seed_small(sql: "asyncpg.Connection[Any]") -> None:
    """Ten thousand inspections."""
    await _seed(sql, SMALL)


async def seed_large(sql: "asyncpg.Connection[Any]") -> None:
    """A million inspections."""
    await _seed(sql, LARGE)


async def measure(ground: Ground) -> list[Figure]:
    """Both readers at both sizes."""
    small = Database((await ground.seeded("small", seed_small)).api, pool_size=1)
    large = Database((await ground.seeded("large", seed_large)).api, pool_size=1)
    try:
        return [await _compared(ground, row, small, large) for row in _GRANTS]
    finally:
        await small.close()
        await large.close()


async def _compared(ground: Ground, row: str, small: Database, large: Database) -> Figure:
    grants = _GRANTS[row]
    reader = Actor(account_id=UUID(int=7), session_id=None, device_id=None, grants=grants, reach=reach_of(grants))
    whole: dict[Database, list[float]] = {small: [], large: []}
    alone: dict[Database, list[float]] = {small: [], large: []}
    with Meter(os.getpid(), ground.pid) as meter:
        for number in range(ROUNDS + 1):
            # One reading of each in turn, so that what slows the machine down meets both.
            taken = [(await _read(small, reader), await _read(large, reader)) for _ in range(READINGS)]
            if number:  # The first round warms caches and is not counted.
                for database, readings in zip((small, large), zip(*taken, strict=True), strict=True):
                    whole[database].append(median(session for session, _ in readings))
                    alone[database].append(median(statement for _, statement in readings))
    sides = [
        Side(f"{name} rows", "ms a reading", tuple(seconds * 1e3 for seconds in whole[each]))
        for name, each in ((f"{LARGE:,}", large), (f"{SMALL:,}", small))
    ]
    sides += [
        Side("the statement alone", "time ratio", ratios(alone[large], alone[small])),
        Side("the statement alone, large", "ms", tuple(seconds * 1e3 for seconds in alone[large])),
    ]
    by_graphql = [f"{await _asked(database, reader):.2f}" for database in (large, small)]
    remarks = (f"CPU of both sides: {meter}", f"by GraphQL {' and '.join(by_graphql)} ms a page")
    return Figure(row, ratios(whole[large], whole[small]), tuple(sides), remarks)


async def _asked(database: Database, reader: Actor) -> float:
    """Milliseconds of the same page by GraphQL in this process: seven fields a row, the mine by loader."""
    executor, took = Executor(schema.build()), []
    for _ in range(READINGS // 4):
        context = Context(reader, database, lambda: datetime.now(UTC))
        begun = time.perf_counter()
        answer = await executor.answer(Request(_DOCUMENT), context)
        took.append(time.perf_counter() - begun)
        assert answer.data is not None, answer.errors
        assert len(answer.data["inspections"]["edges"]) == PAGE, answer.errors
    return median(took) * 1e3


async def _read(database: Database, reader: Actor) -> tuple[float, float]:
    """Seconds of one reading: the whole session from the pool to COMMIT, and the statement alone."""
    begun = time.perf_counter()
    async with database.reading(reader) as sql:
        asked = time.perf_counter()
        rows = await queries.inspections_visible_to(sql, reader, limit=PAGE)
        answered = time.perf_counter()
    assert len(rows) == PAGE, len(rows)
    return time.perf_counter() - begun, answered - asked


async def _seed(sql: "asyncpg.Connection[Any]", rows: int) -> None:
    await site.seed(sql, officers=1)
    await sql.execute("INSERT INTO offices (code, name, sample) VALUES ('GZ-OLD', '监察执法二处', true)")
    await sql.execute(_ROWS, MINE, OFFICE, Officer(0).actor.account_id, rows, timeout=300)
