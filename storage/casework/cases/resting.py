"""The select of what a case rests on: what its findings say, what they still lack, and which promises they break."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases.history import Found, Lacking
from storage.casework.findings.rules import Broken
from storage.record.clock import from_ms

_FOUND = """
SELECT f.id, f.kind, f.severity = 'MAJOR' AS major, f.producing, f.repeats IS NOT NULL AS repeats, d.code, d.due_at,
  (SELECT jsonb_agg(jsonb_build_array(p.breach_id, p.year, p.key, p.title,
     (extract(epoch FROM p.stood_at) * 1000)::bigint) ORDER BY p.stood_at, p.breach_id)
   FROM broken_promises p WHERE p.finding_id = f.id) AS broken
FROM findings f LEFT JOIN finding_defects d ON d.finding_id = f.id AND d.made_good_at IS NULL
WHERE f.id = ANY ($1::uuid[]) ORDER BY f.id, d.code
"""


async def found_of(
    sql: "asyncpg.Connection[Any]", findings: Sequence[UUID]
) -> tuple[dict[UUID, Found], dict[UUID, list[Lacking]]]:
    """What these findings say, and what they still lack, by finding; one statement."""
    told = await sql.fetch(_FOUND, list(findings))
    lacking: dict[UUID, list[Lacking]] = {}
    for row in told:
        if row["code"] is not None:
            lacking.setdefault(row["id"], []).append(Lacking(row["id"], row["code"], row["due_at"]))
    return {row["id"]: _found(row) for row in told}, lacking


def _found(row: "asyncpg.Record") -> Found:
    broken = tuple(
        Broken(breach=UUID(id), year=year, key=key, title=title, at=from_ms(at))
        for id, year, key, title, at in row["broken"] or ()
    )
    return Found(row["kind"], row["major"], row["producing"], row["repeats"], broken)
