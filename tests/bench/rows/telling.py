"""Alerts that climb, and a phone that comes back: the sweep over open alerts, and a delta of five thousand changes.

The sweep asks, in its very words, which of 100,000 open climbs are due; a hundredth is, and one batch of them is taken.
The other side counts the open ones along the same index. The delta is the whole query by GraphQL, encoded, against
one prepared statement that gives the same JSON; the statements of it are counted for one change and for 5,000.
"""

import gc
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from graphql_schema import schema
from graphql_schema.context import Context
from graphql_schema.executor import Executor, Request
from storage.alerts.alerts import queries
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.work import Work, perform
from tests.bench import site
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.site import COUNTY, MINE, OFFICE, Officer
from tests.counting import statements_of

SWEEP = "sweep over 100,000 open alerts : one count of them"
DELTA = "delta of 5,000 changes by GraphQL : one prepared SQL"
STATEMENTS = "statements of a delta of 5,000 changes : of 1"
OPEN, ROUNDS, TURNS, CHANGES = 100_000, 9, 20, 5_000
NOW = datetime(2026, 11, 20, tzinfo=UTC)
_INCIDENTS = """
INSERT INTO incidents (id, kind, subject, cause, county, office, mine_id, urgent, drill, happened_at, raised_at, joined)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'WITHDRAWAL_ORDERED', gen_random_uuid(), gen_random_uuid(), $1, $2, $3, true,
  false, $4, $4, 0 FROM generate_series(1, $5::int) n
"""
_CLIMBS = """
INSERT INTO climbs (id, incident_id, chain, county, began_at, round, rung, next_at)
SELECT gen_random_uuid(), id, 'DEPARTMENT', county, raised_at, 0, 1,
  $1::timestamptz + make_interval(mins => CASE WHEN n % 100 = 0 THEN -1 ELSE 5 + n % 600 END)
FROM (SELECT *, row_number() OVER (ORDER BY id)::int AS n FROM incidents) numbered
"""
_COUNT = "SELECT count(*) FROM climbs WHERE taken_at IS NULL AND next_at IS NOT NULL AND next_at > '0001-01-01'"
_DOCUMENT = (
    "query ($first: Int) { changes(first: $first) { edges { node { kind subjectId position at } }"
    " pageInfo { hasNextPage endCursor } } }"
)
# The same page as JSON, cut and sorted by PostgreSQL, under the same policies; a cursor is the last position in plain.
_PREPARED = """
SELECT json_build_object('data', json_build_object('changes', json_build_object(
  'edges', json_agg(json_build_object('node', json_build_object('kind', kind, 'subjectId', subject,
    'position', position::text,
    'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) ORDER BY log, position),
  'pageInfo', json_build_object('hasNextPage', count(*) > $2, 'endCursor', max(position)::text))))::text
FROM (
  SELECT p.log, p.position, e.kind, e.at, y.subject
  FROM positions p JOIN entries e ON e.id = p.entry_id JOIN payloads y ON y.entry_id = p.entry_id
  WHERE (p.log, p.position) > (0, -1) AND e.kind LIKE 'inspection.%' AND y.county = ANY ($1)
  ORDER BY p.log, p.position LIMIT $2
) found
"""


async def seed_alerts(sql: "asyncpg.Connection[Any]") -> None:
    """A hundred thousand incidents with one open climb each."""
    await site.seed(sql, officers=1)
    await sql.execute(_INCIDENTS, COUNTY, OFFICE, MINE, NOW, OPEN, timeout=120)
    await sql.execute(_CLIMBS, NOW, timeout=120)
    await sql.execute("VACUUM ANALYZE")


async def seed_changes(sql: "asyncpg.Connection[Any]") -> None:
    """The officers; changes are made by acts."""
    await site.seed(sql, officers=2)


async def measure_delta(ground: Ground) -> list[Figure]:
    """The whole query against the statement, in turn, and how many statements it costs."""
    async with ground.clone(await ground.seeded("delta", seed_changes)) as addresses:
        database, workers = Database(addresses.api, pool_size=1), Database(addresses.worker, pool_size=1)
        heard = statements_of(database)
        try:
            await sequencer.open_log(workers, origin="bench/delta")
            for _ in range(CHANGES // 1_000):
                await perform(database, Officer(1).actor, NOW, _opened)
                await sequencer.sequence(workers)
            sql = await asyncpg.connect(addresses.superuser)
            await sql.execute("VACUUM ANALYZE")
            await sql.close()
            return await _delta(database, heard)
        finally:
            await database.close()
            await workers.close()


async def _delta(database: Database, heard: list[str]) -> list[Figure]:
    executor, ours, bare = Executor(schema.build()), [], []
    # As the API does after its start, and for both sides.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    for number in range(ROUNDS + 1):
        asked, by_graphql = await _by_graphql(executor, database, CHANGES)
        told, by_sql = await _by_sql(database)
        assert orjson.loads(asked)["data"]["changes"]["edges"] == orjson.loads(told)["data"]["changes"]["edges"]
        if number:  # The first round warms caches and is not counted.
            ours.append(by_graphql)
            bare.append(by_sql)
    counts = []
    for first in (1, CHANGES):
        heard.clear()
        await _by_graphql(executor, database, first)
        counts.append(len(heard))
    sides = (
        Side("GraphQL, encoded", "ms", tuple(one * 1e3 for one in ours)),
        Side("prepared SQL", "ms", tuple(one * 1e3 for one in bare)),
    )
    remark = f"statements with the session's own: {counts[0]} for 1, {counts[1]} for {CHANGES:,}"
    return [
        Figure(DELTA, ratios(ours, bare), sides, (remark,)),
        Figure(STATEMENTS, (counts[1] / counts[0],), (), (remark,)),
    ]


async def _by_graphql(executor: Executor, database: Database, first: int) -> tuple[bytes, float]:
    context = Context(Officer(0).actor, database, lambda: datetime.now(UTC))
    begun = time.perf_counter()
    answer = await executor.answer(Request(_DOCUMENT, {"first": first}), context)
    body = orjson.dumps(answer.body())
    took = time.perf_counter() - begun
    assert answer.data is not None, answer.errors
    assert len(answer.data["changes"]["edges"]) == first, answer.errors
    return body, took


async def _by_sql(database: Database) -> tuple[str, float]:
    begun = time.perf_counter()
    async with database.reading(Officer(0).actor) as sql:
        told: str = await sql.fetchval(_PREPARED, [COUNTY], CHANGES)
    return told, time.perf_counter() - begun


async def _opened(work: Work) -> None:
    for _ in range(1_000):
        work.record("inspection.opened", uuid4(), county=COUNTY, office=OFFICE, mine_id=MINE)


async def measure_sweep(ground: Ground) -> list[Figure]:
    """One look for what is due against the count, in turn."""
    workers = Database((await ground.seeded("alerts", seed_alerts)).worker, pool_size=1)
    sweeps, counts = [], []
    try:
        for number in range(ROUNDS + 1):
            swept = counted = 0.0
            for _ in range(TURNS):
                swept += await _timed(workers, _due)
                counted += await _timed(workers, _count)
            if number:  # The first round warms caches and is not counted.
                sweeps.append(swept / TURNS)
                counts.append(counted / TURNS)
    finally:
        await workers.close()
    sides = (
        Side("sweep", "ms", tuple(one * 1e3 for one in sweeps)), Side("count", "ms", tuple(one * 1e3 for one in counts))
    )  # fmt: skip
    return [Figure(SWEEP, ratios(sweeps, counts), sides, (f"{OPEN // 100:,} of {OPEN:,} are due, 100 taken",))]


async def _timed(workers: Database, side: Any) -> float:
    begun = time.perf_counter()
    await perform(workers, keeper(), NOW + timedelta(seconds=1), side)
    return time.perf_counter() - begun


async def _due(work: Work) -> None:
    assert len(await queries.climbs_due(work, limit=100)) == 100


async def _count(work: Work) -> None:
    assert await work.sql.fetchval(_COUNT) == OPEN
