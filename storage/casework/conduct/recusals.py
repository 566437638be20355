"""The one rule of recusal (处罚法43) that every procedure shares, and the query of who was recused from what."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.problems import Problem

ARTICLE = "行政处罚法第四十三条"

Recused = Mapping[UUID, datetime]
"""Who was recused, and since when."""

# A recusal from a scheme holds in the inspection that carries it out; one from an inspection in its exams.
_FROM = """
SELECT m.officer_id, min(m.decided_at) AS since FROM conduct_matters m
WHERE m.kind = 'RECUSAL' AND m.granted AND m.subject_id = ANY (
  $1::uuid[] || ARRAY(SELECT s.id FROM schemes s WHERE s.inspection_id = ANY ($1::uuid[])))
GROUP BY m.officer_id
"""
_OF_CASES = """
SELECT c.id, m.officer_id, min(m.decided_at) AS since
FROM cases c LEFT JOIN schemes s ON s.inspection_id = c.inspection_id
JOIN conduct_matters m ON m.subject_id = c.inspection_id OR m.subject_id = s.id
WHERE c.id = ANY ($1::uuid[]) AND m.kind = 'RECUSAL' AND m.granted GROUP BY c.id, m.officer_id
"""


class OfficerRecused(Problem):
    """An officer who was recused takes no part in an act of law (处罚法43; parameters: account, article)."""


def is_recused(account: UUID, recused: Recused, at: datetime) -> bool:
    """Whether he had been recused by then: until the decision the inquiry goes on (处罚法43)."""
    since = recused.get(account)
    return since is not None and since <= at


def must_not_be_recused(accounts: Iterable[UUID], recused: Recused, at: datetime) -> None:
    """处罚法43: from the decision on, whoever was recused takes no part in an act of law; else OfficerRecused."""
    for account in accounts:
        if is_recused(account, recused, at):
            raise OfficerRecused(account=str(account), article=ARTICLE)


async def recused_from(sql: "asyncpg.Connection[Any]", *subjects: UUID) -> Recused:
    """Who was recused from an inspection, a scheme or an exam (of an exam: name its inspection too); one statement."""
    return {row["officer_id"]: row["since"] for row in await sql.fetch(_FROM, list(subjects))}


async def recused_from_cases(sql: "asyncpg.Connection[Any]", cases: Iterable[UUID]) -> Mapping[UUID, Recused]:
    """Who was recused from the inspections that these cases come from; one statement."""
    found: dict[UUID, dict[UUID, datetime]] = {}
    for row in await sql.fetch(_OF_CASES, list(cases)):
        found.setdefault(row["id"], {})[row["officer_id"]] = row["since"]
    return found
