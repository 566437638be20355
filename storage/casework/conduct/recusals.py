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
# Of many procedures at once: by the inspection that each comes from, and by the findings that it rests on.
_BY_ORIGIN = """
WITH origins AS (
  SELECT i AS origin, i AS inspection FROM unnest($1::uuid[]) i
  UNION ALL SELECT f.id, f.inspection_id FROM findings f WHERE f.id = ANY ($2::uuid[])
), subjects AS (
  SELECT o.origin, o.inspection AS subject FROM origins o
  UNION ALL SELECT o.origin, s.id FROM origins o JOIN schemes s ON s.inspection_id = o.inspection
)
SELECT o.origin, m.officer_id, min(m.decided_at) AS since
FROM subjects o JOIN conduct_matters m ON m.subject_id = o.subject AND m.kind = 'RECUSAL' AND m.granted
GROUP BY o.origin, m.officer_id
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


async def recused_by_origin(
    sql: "asyncpg.Connection[Any]", *, inspections: Iterable[UUID], findings: Iterable[UUID]
) -> Mapping[UUID, Recused]:
    """Who was recused from each of these inspections, and from those of these findings; one statement."""
    found: dict[UUID, dict[UUID, datetime]] = {}
    for row in await sql.fetch(_BY_ORIGIN, list(inspections), list(findings)):
        found.setdefault(row["origin"], {})[row["officer_id"]] = row["since"]
    return found


def together(origins: Iterable[UUID], by_origin: Mapping[UUID, Recused]) -> Recused:
    """Who was recused from any of these, each since the first time."""
    found: dict[UUID, datetime] = {}
    for origin in origins:
        for account, since in by_origin.get(origin, {}).items():
            found[account] = min(since, found.get(account, since))
    return found
