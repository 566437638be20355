"""The overview of a county's mines: a thousand mines with sixty clauses each, against the one statement behind it.

The overview is the whole query by GraphQL, encoded; the other side is the very statement of `years/queries.py`, whose
rows PostgreSQL hands over as one JSON text. Its statements are counted for one mine and for a thousand.
"""

import gc
import time
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from graphql_schema import schema
from graphql_schema.context import Context
from graphql_schema.executor import Executor, Request
from storage.promises.years import queries
from storage.record.clock import day_of
from storage.record.database import Database
from tests.bench import site
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.site import COUNTY, OFFICE, OPENED, Officer
from tests.counting import statements_of

OVERVIEW = "overview of 1,000 mines x 60 clauses by GraphQL : its one prepared SQL"
STATEMENTS = "statements of an overview of 1,000 mines : of 1"
MINES, CLAUSES, ROUNDS, YEAR = 1_000, 60, 9, 2026
NOW = datetime(2026, 11, 20, tzinfo=UTC)
_DOCUMENT = """
query ($first: Int) { commitmentOverview(year: 2026, first: $first) { edges { node {
  uuid name county state status cause signed { way digest signedAt } kept notYet late notMet broken undecided } }
  pageInfo { hasNextPage endCursor } } }
"""
_ID = "lpad(to_hex({}), 32, '0')::uuid"
_MINE = _ID.format("n + 1000000")
_SIGNED = """{columns} SELECT {id}, {more} {mine}, $1, $2, 2026, {one}, $3, sha256(d.content), d.content, '{{}}',
  sha256(d.content), 1, 'a', '1' FROM generate_series(1, $4::int) n, (SELECT convert_to(jsonb_build_object(
    'clauses', (SELECT jsonb_agg(jsonb_build_object('key', 'CLAUSE_' || k, 'own', false, 'field',
        (ARRAY['SYSTEM', 'PEOPLE', 'DISASTER', 'MAIN_SYSTEM', 'INVESTMENT'])[1 + k % 5]))
      FROM generate_series(1, $5::int) k),
    'answers', (SELECT jsonb_agg(jsonb_build_object('key', 'CLAUSE_' || k, 'outcome',
        (ARRAY['MET', 'MET', 'NOT_YET', 'MET'])[1 + k % 4],
        'by_day', CASE WHEN k % 4 = 2 THEN '2026-12-0' || 1 + k % 9 END))
      FROM generate_series(1, $5::int) k))::text, 'UTF8') AS content) d"""
_BESIDE = "mine_id, county, office, year, template_id, principal, digest, content, disasters, pdf_sha256, pdf_size," \
          " object_name, object_version"  # fmt: skip
# Of each mine one commitment that stands, and of every third a breach that does.
_ROWS = (
    f"""INSERT INTO mines (id, name, credit_code, county, office, supervisor, state, disasters, latitude, longitude,
          registered_at, sample)
        SELECT {_MINE}, '样例煤矿' || n, 'X' || n, $1, $2, '5202', 'PRODUCING', '{{}}', 257000000, 1046000000,
          '2026-01-01', true FROM generate_series(1, $4::int) n WHERE $3::uuid IS NOT NULL AND $5::int > 0""",
    f"""INSERT INTO persons (id, name, mine_id, county, office, account_id, registered_at, sample)
        SELECT {_MINE}, '矿长', {_MINE}, $1, $2, $3, '2026-01-01', true FROM generate_series(1, $4::int) n
        WHERE $5::int > 0""",
    f"""INSERT INTO posts (id, person_id, mine_id, county, office, kind, flags, from_day, recorded_at)
        SELECT {_MINE}, {_MINE}, {_MINE}, $1, $2, 'PRINCIPAL', '{{}}', '2020-01-01', '2026-01-01'
        FROM generate_series(1, $4::int) n WHERE $3::uuid IS NOT NULL AND $5::int > 0""",
    _SIGNED.format(
        columns=f"INSERT INTO commitment_previews (id, nonce, laid_at, {_BESIDE})", id=_MINE, mine=_MINE,
        one=_ID.format("1"), more="sha256('x'), '2026-01-02',",
    ),
    _SIGNED.format(
        columns=f"INSERT INTO commitments (id, preview_id, way, scan, signed_at, entry_id, {_BESIDE})", id=_MINE,
        mine=_MINE, one=_ID.format("1"), more=f"{_MINE}, 'INK', sha256('x'), '2026-01-02', {_MINE},",
    ),
    f"""INSERT INTO breaches (id, mine_id, county, office, commitment_id, year, key, clause_digest, title, source,
          source_id, day, findings, words, found_by, found_at, stands, decided_by, decided_at)
        SELECT {_MINE}, {_MINE}, $1, $2, {_MINE}, 2026, 'CLAUSE_4', sha256('x'), '样例', 'FINDING', {_MINE},
          '2026-05-01', '{{}}', '样例', $3, '2026-05-01', true, {_ID.format("2")}, '2026-06-01'
        FROM generate_series(1, $4::int) n WHERE n % 3 = 0 AND $5::int > 0""",
)  # fmt: skip


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """A county of a thousand mines, each with a signed commitment of sixty clauses."""
    await site.seed(sql, officers=1)
    officer = Officer(0).actor.account_id
    await sql.execute(
        "INSERT INTO accounts (id, login, name, opened_at, sample)"
        f" VALUES ({_ID.format('2')}, 'head', '局长', $1, true)",
        OPENED,
    )
    await sql.execute(
        "INSERT INTO templates (id, year, version, clauses, note, drafted_by, drafted_at, approved, decided_by,"
        f" decided_at, decision_note) VALUES ({_ID.format('1')}, 2026, 1, '[]', '', $1, $2, true, {_ID.format('2')},"
        " $2, '')",
        officer, OPENED,
    )  # fmt: skip
    for statement in _ROWS:
        await sql.execute(statement, COUNTY, OFFICE, officer, MINES, CLAUSES, timeout=120)
    await sql.execute("VACUUM ANALYZE")


async def measure(ground: Ground) -> list[Figure]:
    """The whole query against the statement, in turn, and how many statements it costs."""
    database = Database((await ground.seeded("overview", seed)).api, pool_size=1)
    heard = statements_of(database)
    executor, ours, bare = Executor(schema.build()), list[float](), list[float]()
    # As the API does after its start, and for both sides.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    try:
        for number in range(ROUNDS + 1):
            told, by_graphql = await _by_graphql(executor, database, MINES)
            rows, by_sql = await _by_sql(database)
            assert [one["node"]["uuid"] for one in told] == [one["id"] for one in rows]
            # The first mine is the site's own, which signed nothing.
            assert sum(told[1]["node"][name] for name in ("kept", "notYet", "late", "broken")) == CLAUSES
            if number:  # The first round warms caches and is not counted.
                ours.append(by_graphql)
                bare.append(by_sql)
        counts = [await _counted(executor, database, heard, first) for first in (1, MINES)]
    finally:
        await database.close()
    sides = (
        Side("GraphQL, encoded", "ms", tuple(one * 1e3 for one in ours)),
        Side("prepared SQL", "ms", tuple(one * 1e3 for one in bare)),
    )
    remark = f"statements with the session's own: {counts[0]} for 1, {counts[1]} for {MINES:,}"
    return [
        Figure(OVERVIEW, ratios(ours, bare), sides, (remark,)),
        Figure(STATEMENTS, (counts[1] / counts[0],), (), (remark,)),
    ]


async def _by_graphql(executor: Executor, database: Database, first: int) -> tuple[list[Any], float]:
    context = Context(Officer(0).actor, database, lambda: NOW)
    begun = time.perf_counter()
    answer = await executor.answer(Request(_DOCUMENT, {"first": first}), context)
    body = orjson.dumps(answer.body())
    took = time.perf_counter() - begun
    assert answer.data is not None, answer.errors
    edges: list[Any] = orjson.loads(body)["data"]["commitmentOverview"]["edges"]
    assert len(edges) == first
    return edges, took


async def _by_sql(database: Database) -> tuple[list[Any], float]:
    actor = Officer(0).actor
    text, arguments = queries.overview_statement(actor, year=YEAR, today=day_of(NOW), limit=MINES)
    begun = time.perf_counter()
    async with database.reading(actor) as sql:
        told = await sql.fetchval(f"SELECT json_agg(row_to_json(o))::text FROM ({text}) o", *arguments)
    took = time.perf_counter() - begun
    rows: list[Any] = orjson.loads(told)
    return rows, took


async def _counted(executor: Executor, database: Database, heard: list[str], first: int) -> int:
    heard.clear()
    await _by_graphql(executor, database, first)
    return len(heard)
