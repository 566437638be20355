"""Cases: what a timeline asks for, with 300 steps of which 200 name a piece, and with 3: its first page.

What counts is the number of statements.
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

TIMELINE = "statements to open a timeline, 300 : 3 entries"
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
       '{"evidence":[],"words":"现场所见"}', $2, gen_random_uuid()
FROM generate_series(0, $4::int - 1) n
"""
_EVIDENCE = """
INSERT INTO evidence (id, recording_id, device_id, maker_id, mine_id, county, office, seq, statement_hash, sha256, size,
  media_type, grade, flags, object_name, state, declared_at, declared_entry_id, receipted, attempts)
SELECT gen_random_uuid(), $1, $2, $3, $4, $5, $6, n, sha256(n::text::bytea), sha256(n::text::bytea), 1, 'image/jpeg',
       'SIGNED_AT_CAPTURE', '{}', 'bench-' || n, 'DECLARED', $7, gen_random_uuid(), false, 0
FROM generate_series(1, $8::int) n
"""
_PIECES = """
INSERT INTO case_pieces (step_id, evidence_id, case_id)
SELECT s.id, e.id, s.case_id FROM (SELECT id, case_id, row_number() OVER (ORDER BY ordinal) AS r FROM case_steps
  WHERE case_id = $1) s JOIN (SELECT id, row_number() OVER (ORDER BY seq) AS r FROM evidence) e ON e.r = s.r
"""
_DOCUMENT = """query ($id: UUID!) { case(id: $id) { cause state mine { name } }
  caseTimeline(id: $id, first: 100) { edges { node { kind at officers { accountId } body position evidenceIds } } } }"""


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Ten thousand cases; one of them with 300 steps and 200 pieces, one with 3 of each."""
    await site.seed(sql, officers=1)
    officer = Officer(0)
    account = officer.actor.account_id
    await sql.execute(_CASES, MINE, COUNTY, OFFICE, account, OPENED, CASES)
    for case, steps in ((LONG, 300), (SHORT, 3)):
        await sql.execute(_STEPS, case, OPENED, account, steps)
    await sql.execute(_EVIDENCE, officer.recording_id, officer.device_id, account, MINE, COUNTY, OFFICE, OPENED, 200)
    for case in (LONG, SHORT):
        await sql.execute(_PIECES, case)
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
            assert len(answer.data["caseTimeline"]["edges"]) == min(100, case.int), answer.errors
        return len(heard)
    finally:
        await database.close()
