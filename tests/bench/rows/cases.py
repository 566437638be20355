"""Cases: the sweep over a hundred thousand open clocks against one count of them, and what a timeline asks for.

The sweep looks for clocks whose alarm has come, page by page, among 100,000 that are open, a hundredth of them due;
the other side counts the open ones along the same index. Both read as the workers do. The timeline is the first page
of a case with 300 steps, 60 papers and 200 pieces, and of one with 3 of each: the number of statements counts.
"""

import os
import time
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from graphql_schema import schema
from graphql_schema.context import Context
from graphql_schema.executor import Executor, Request
from storage.casework.cases import queries
from storage.record.actor import Actor, Grant, Reach, Role, keeper, reach_of
from storage.record.database import Database
from tests.bench import site
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter
from tests.bench.site import COUNTY, MINE, OFFICE, OPENED, Officer
from tests.counting import statements_of

SWEEP = "sweep over 100,000 open deadlines : one count of them"
TIMELINE = "statements to open a timeline of 300 steps, 60 papers, 200 pieces : of 3 each"
OPEN, DUE, PAGE = 100_000, 1_000, 500
ROUNDS, TURNS = 9, 20
DAY = date(2026, 11, 1)
LONG, SHORT = UUID(int=300), UUID(int=3)

_CASES = """
INSERT INTO cases (id, mine_id, county, office, cause, simple, state, steps, opened_by, opened_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, $1, $2, $3, '样例', false, 'INVESTIGATING', 1, $4, $5
FROM generate_series(1, $6::int) n
"""
# Ten clocks a case, twice as many met as open; a hundredth of the open ones has come to its alarm.
_CLOCKS = """
INSERT INTO case_clocks (case_id, key, subject, mine_id, county, office, start_at, ends, alarm, over_at, met_at)
SELECT lpad(to_hex(1 + n / 30), 32, '0')::uuid, 'defence', gen_random_uuid(), $1, $2, $3, $4::timestamptz, alarm, alarm,
       $4::timestamptz, CASE WHEN n % 3 > 0 THEN $4::timestamptz END
FROM (SELECT n, CASE WHEN n % 300 = 0 THEN $5::date - (n % 60) ELSE $5::date + 1 + n % 300 END AS alarm
      FROM generate_series(0, 3 * $6::int - 1) n) numbered
"""
_STEPS = """
INSERT INTO case_steps (id, case_id, ordinal, kind, at, by_id, officers, body, recorded_at, entry_id)
SELECT gen_random_uuid(), $1, n, 'NOTED', $2, $3, '[]',
       '{"evidence":[],"words":"现场所见"}', $2::timestamptz + n * interval '1 s', gen_random_uuid()
FROM generate_series(0, $4::int - 1) n
"""
_EVIDENCE = """
INSERT INTO evidence (id, recording_id, device_id, maker_id, mine_id, county, office, seq, statement_hash, sha256, size,
  media_type, grade, flags, object_name, state, declared_at, declared_entry_id, receipted, attempts)
SELECT gen_random_uuid(), $1, $2, $3, $4, $5, $6, n, sha256(n::text::bytea), sha256(n::text::bytea), 1, 'image/jpeg',
       'SIGNED_AT_CAPTURE', '{}', 'bench-' || n, 'DECLARED', $7::timestamptz + n * interval '1 s', gen_random_uuid(),
       false, 0
FROM generate_series(1, $8::int) n
"""
_PIECES = """
INSERT INTO case_pieces (step_id, evidence_id, case_id)
SELECT s.id, e.id, s.case_id FROM (SELECT id, case_id, row_number() OVER (ORDER BY ordinal) AS r FROM case_steps
  WHERE case_id = $1) s JOIN (SELECT id, row_number() OVER (ORDER BY seq) AS r FROM evidence) e ON e.r = s.r
"""
_PAPERS = """
INSERT INTO papers (id, subject_kind, subject_id, mine_id, county, office, form, version, internal, state, written,
  drafted_by, drafted_at, body, digest, issued_by, issued_at, issued_entry_id)
SELECT gen_random_uuid(), 'CASE', $1, $2, $3, $4, '案件延期审批表', '2017', true, 'ISSUED', '{}', $5, $6, b, sha256(b),
  $5, $6::timestamptz + n * interval '1 s', gen_random_uuid()
FROM generate_series(1, $7::int) n, convert_to('{"n":' || n || '}', 'UTF8') b
"""
_COUNT = "SELECT count(*) FROM case_clocks WHERE met_at IS NULL AND alarm > '0001-01-01'"
_DOCUMENT = """query ($id: UUID!) { case(id: $id) { cause state mine { name } }
  caseTimeline(id: $id, first: 100) { edges { node { kind what at position seconds node { __typename
    ... on CaseStep { officers { accountId } body evidenceIds papers { form paper { number } } }
    ... on Evidence { sha256 state } ... on Paper { form number issuedAt } } } } } }"""


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Ten thousand cases with their clocks; one has 300 steps, 60 papers, 200 pieces, mixed in time; one 3 of each."""
    await site.seed(sql, officers=1)
    officer = Officer(0)
    account = officer.actor.account_id
    await sql.execute(_CASES, MINE, COUNTY, OFFICE, account, OPENED, OPEN // 10)
    await sql.execute(_CLOCKS, MINE, COUNTY, OFFICE, OPENED, DAY, OPEN, timeout=120)
    for case, steps in ((LONG, 300), (SHORT, 3)):
        await sql.execute(_STEPS, case, OPENED, account, steps)
    await sql.execute(_EVIDENCE, officer.recording_id, officer.device_id, account, MINE, COUNTY, OFFICE, OPENED, 200)
    for case, papers in ((LONG, 60), (SHORT, 3)):
        await sql.execute(_PIECES, case)
        await sql.execute(_PAPERS, case, MINE, COUNTY, OFFICE, account, OPENED, papers)
    await sql.execute("VACUUM ANALYZE case_clocks")


async def measure_sweep(ground: Ground) -> list[Figure]:
    """The whole sweep against the count, in turn."""
    workers = Database((await ground.seeded("cases", seed)).worker, pool_size=1)
    sweeps: list[float] = []
    counts: list[float] = []
    try:
        with Meter(os.getpid(), ground.pid) as meter:
            for number in range(ROUNDS + 1):
                swept = counted = 0.0
                for _ in range(TURNS):
                    swept, counted = swept + await _sweep(workers), counted + await _count(workers)
                if number:  # The first round warms caches and is not counted.
                    sweeps.append(swept / TURNS)
                    counts.append(counted / TURNS)
    finally:
        await workers.close()
    sides = [
        Side(name, "ms", tuple(one * 1e3 for one in each)) for name, each in (("sweep", sweeps), ("count", counts))
    ]
    remarks = (f"{DUE:,} of {OPEN:,} due, {PAGE} a page", f"CPU of both sides: {meter}")
    return [Figure(SWEEP, ratios(sweeps, counts), tuple(sides), remarks)]


async def measure_timeline(ground: Ground) -> list[Figure]:
    """Statements of one request for the case and its first page, at both lengths."""
    address = (await ground.seeded("cases", seed)).api
    counts = {case: await _statements(address, case) for case in (LONG, SHORT)}
    sides = tuple(
        Side(f"{steps} entries", "statements", (float(counts[case]),)) for case, steps in ((LONG, 300), (SHORT, 3))
    )
    return [Figure(TIMELINE, (counts[LONG] / counts[SHORT],), sides)]


async def _statements(address: str, case: UUID) -> int:
    database, executor = Database(address, pool_size=1), Executor(schema.build())
    heard = statements_of(database)
    grants = (Grant(Role.AUDITOR, Reach(everything=True)),)
    reader = Actor(account_id=UUID(int=7), session_id=None, device_id=None, grants=grants, reach=reach_of(grants))
    try:
        for _ in range(2):  # The first connection learns the types.
            heard.clear()
            context = Context(reader, database, lambda: datetime.now(UTC))
            answer = await executor.answer(Request(_DOCUMENT, variables={"id": str(case)}), context)
            assert answer.data is not None, answer.errors
            assert len(answer.data["caseTimeline"]["edges"]) == (100 if case == LONG else 9), answer.errors
        return len(heard)
    finally:
        await database.close()


async def _sweep(workers: Database) -> float:
    begun, found, behind = time.perf_counter(), 0, None
    async with workers.reading(keeper()) as sql:
        while page := await queries.clocks_due(sql, DAY, limit=PAGE, behind=behind):
            found, behind = found + len(page), page[-1]
    assert found == DUE, found
    return time.perf_counter() - begun


async def _count(workers: Database) -> float:
    begun = time.perf_counter()
    async with workers.reading(keeper()) as sql:
        found = await sql.fetchval(_COUNT)
    assert found == OPEN, found
    return time.perf_counter() - begun
