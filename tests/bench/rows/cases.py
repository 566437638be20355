"""Cases: what opening a timeline asks for.

What counts is the number of statements: those of the first page of a case with 300 steps, 60 papers and 200 pieces,
and of one with 3 of each.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from graphql_schema import schema
from graphql_schema.context import Context
from graphql_schema.executor import Executor, Request
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.database import Database
from tests.bench import site
from tests.bench.figures import Figure, Side
from tests.bench.ground import Ground
from tests.bench.site import COUNTY, MINE, OFFICE, OPENED, Officer
from tests.counting import statements_of

TIMELINE = "statements to open a timeline of 300 steps, 60 papers, 200 pieces : of 3 each"
CASES = 10_000
LONG, SHORT = UUID(int=300), UUID(int=3)

_CASES = """
INSERT INTO cases (id, mine_id, county, office, cause, simple, state, steps, opened_by, opened_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, $1, $2, $3, '样例', false, 'INVESTIGATING', 1, $4, $5
FROM generate_series(1, $6::int) n
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
_DOCUMENT = """query ($id: UUID!) { case(id: $id) { cause state mine { name } }
  caseTimeline(id: $id, first: 100) { edges { node { kind what at position seconds node { __typename
    ... on CaseStep { officers { accountId } body evidenceIds papers { form paper { number } } }
    ... on Evidence { sha256 state } ... on Paper { form number issuedAt } } } } } }"""


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Ten thousand cases; one has 300 steps, 60 papers, 200 pieces, mixed in time; one 3 of each."""
    await site.seed(sql, officers=1)
    officer = Officer(0)
    account = officer.actor.account_id
    await sql.execute(_CASES, MINE, COUNTY, OFFICE, account, OPENED, CASES)
    for case, steps in ((LONG, 300), (SHORT, 3)):
        await sql.execute(_STEPS, case, OPENED, account, steps)
    await sql.execute(_EVIDENCE, officer.recording_id, officer.device_id, account, MINE, COUNTY, OFFICE, OPENED, 200)
    for case, papers in ((LONG, 60), (SHORT, 3)):
        await sql.execute(_PIECES, case)
        await sql.execute(_PAPERS, case, MINE, COUNTY, OFFICE, account, OPENED, papers)
    await sql.execute("VACUUM ANALYZE case_steps")


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
