"""Every select of papers, what was signed on them and their PDFs; each returns what its actor may see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.papers.tables import PaperSubject
from storage.record.problems import NotFound
from storage.record.work import Work

MOST = 100
"""Papers of one subject that are told at once."""
_COLUMNS = (
    "id, subject_kind, subject_id, mine_id, county, office, form, version, internal, state, written, drafted_by,"
    " drafted_at, number, body, digest, issued_by, issued_at, step_id"
)
# The tables whose rows papers are about; each has mine_id, county and office, and its own row security.
_TABLES = {
    PaperSubject.CASE: "cases", PaperSubject.EXAM: "exams", PaperSubject.FINDING: "findings",
    PaperSubject.INSPECTION: "inspections", PaperSubject.MEASURE: "measures", PaperSubject.SCHEME: "schemes",
}  # fmt: skip
_NEXT = """
INSERT INTO paper_series AS s (mark, word, year, last) VALUES ($1, $2, $3, 1)
ON CONFLICT (mark, word, year) DO UPDATE SET last = s.last + 1 RETURNING last
"""
_OF_SUBJECTS = f"""
SELECT p.* FROM unnest($1::uuid[]) AS w(id) CROSS JOIN LATERAL (
  SELECT {_COLUMNS} FROM papers WHERE subject_id = w.id AND subject_kind = $2 ORDER BY drafted_at, id LIMIT {MOST}
) p
"""
_OF_STEPS = f"""
SELECT {_COLUMNS} FROM papers WHERE step_id = ANY ($1::uuid[])
UNION ALL
SELECT {_COLUMNS.replace("step_id", "n.step_id")} FROM papers JOIN (
  SELECT s.id AS step_id, jsonb_array_elements_text(s.body::jsonb -> 'papers')::uuid AS paper_id FROM case_steps s
  WHERE s.id = ANY ($1::uuid[]) AND s.kind IN ('CLOSED', 'ARCHIVED')) n ON n.paper_id = papers.id
WHERE papers.step_id IS DISTINCT FROM n.step_id
ORDER BY drafted_at, id LIMIT 2000
"""
_SIGNATURES = """
SELECT id, paper_id, place, way, name, account_id, statement, device_id, algorithm, public_key, signature, evidence_id,
  recorded_by, signed_at FROM paper_signatures WHERE paper_id = ANY ($1) ORDER BY paper_id, signed_at, id
"""
_REFUSALS = """
SELECT id, paper_id, place, name, reason, witness, evidence_id, recorded_by, refused_at
FROM paper_refusals WHERE paper_id = ANY ($1) ORDER BY paper_id, refused_at, id
"""


async def subject_of(sql: "asyncpg.Connection[Any]", kind: PaperSubject, id: UUID) -> "asyncpg.Record":
    """Mine, county and office of what a paper is about; NotFound where the session's actor sees no such thing."""
    if kind is PaperSubject.MINE:
        statement = "SELECT id AS mine_id, county, office FROM mines WHERE id = $1"
    else:
        statement = f"SELECT mine_id, county, office FROM {_TABLES[kind]} WHERE id = $1"
    row: asyncpg.Record | None = await sql.fetchrow(statement, id)
    if row is None:
        raise NotFound()
    return row


async def papers_of(
    sql: "asyncpg.Connection[Any]", kind: PaperSubject, subject_ids: Sequence[UUID]
) -> "list[asyncpg.Record]":
    """The first papers of each of these subjects, oldest first; one statement."""
    return await sql.fetch(_OF_SUBJECTS, list(subject_ids), kind.value)


async def papers_of_steps(sql: "asyncpg.Connection[Any]", steps: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The papers that stand for these steps or that these rest on, each with its step, oldest first; one statement."""
    return await sql.fetch(_OF_STEPS, list(steps))


async def papers_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Those of these papers that the session's actor sees; one statement."""
    return await sql.fetch(f"SELECT {_COLUMNS} FROM papers WHERE id = ANY ($1)", list(ids))


async def paper_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> "asyncpg.Record":
    """The paper; NotFound if unseen."""
    found = await papers_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def paper_to_change(work: Work, id: UUID) -> "asyncpg.Record | None":
    """The paper, locked, if the actor sees it."""
    return await work.sql.fetchrow(f"SELECT {_COLUMNS} FROM papers WHERE id = $1 FOR UPDATE", id)


async def paper_to_sign(work: Work, id: UUID) -> "asyncpg.Record":
    """The same; NotFound if unseen."""
    found = await paper_to_change(work, id)
    if found is None:
        raise NotFound()
    return found


async def next_ordinal(work: Work, *, mark: str, word: str, year: int) -> int:
    """The next number of a series: its row is locked until the act is over, and a rollback gives it back."""
    found: int = await work.sql.fetchval(_NEXT, mark, word, year)
    return found


async def signatures_of(sql: "asyncpg.Connection[Any]", paper_ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """What was signed on these papers, in one statement."""
    return await sql.fetch(_SIGNATURES, list(paper_ids))


async def refusals_of(sql: "asyncpg.Connection[Any]", paper_ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """Who would not sign these papers, in one statement."""
    return await sql.fetch(_REFUSALS, list(paper_ids))


async def name_of(sql: "asyncpg.Connection[Any]", account_id: UUID) -> str:
    """The name of an account that the session's actor sees, his own first of all."""
    found: str | None = await sql.fetchval("SELECT name FROM accounts WHERE id = $1", account_id)
    if found is None:
        raise NotFound()
    return found


async def print_of(sql: "asyncpg.Connection[Any]", paper_id: UUID, shows: bytes) -> "asyncpg.Record | None":
    """The PDF of a paper that shows exactly this, if one was made."""
    return await sql.fetchrow(
        "SELECT paper_id, shows, maker, object_name, object_version, size, sha256, stamped_sha256, made_at"
        " FROM paper_prints WHERE paper_id = $1 AND shows = $2",
        paper_id, shows,
    )  # fmt: skip


async def prints_of(sql: "asyncpg.Connection[Any]", paper_ids: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The newest PDF of each of these papers, in one statement."""
    return await sql.fetch(
        "SELECT DISTINCT ON (paper_id) paper_id, shows, size, sha256, stamped_sha256, made_at FROM paper_prints"
        " WHERE paper_id = ANY ($1) ORDER BY paper_id, made_at DESC, shows",
        list(paper_ids),
    )
