"""What a mine reads of what it was told in an inspection: findings, measures, papers; never what stays in the agency.

What they lack, whom it is for to bring that, and what the agency may still propose, is the agency's own affair.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from storage.casework.cases.showing import at_his_mines
from storage.record.actor import Actor
from storage.record.scopes import Listed, page_within

ARTICLE_OF_FINDINGS: Final = "安全生产法第六十八条、行政处罚法第四十四条"
"""Findings are written down and signed by whoever answers for the mine; who is to be fined is told the facts."""
ARTICLE_OF_PAPERS: Final = "安全生产法第六十八条、行政处罚法第六十一条"
"""Papers are handed over or served; those within the agency are not among them."""


@dataclass(frozen=True, slots=True)
class OwnFinding:
    """A finding as the mine reads it."""

    id: UUID
    inspection_id: UUID
    mine_id: UUID
    kind: str
    severity: str
    fact: str
    measured: list[str]
    clause: str
    measure_basis: str
    unsafe: bool
    seen_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class OwnMeasure:
    """A measure as the mine reads it."""

    id: UUID
    inspection_id: UUID
    mine_id: UUID
    kind: str
    article: str
    paper: str
    danger: bool
    reason: str
    days: int | None
    state: str
    ordered_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """A paper as the mine reads it: issued, and none that stays within the agency."""

    id: UUID
    mine_id: UUID
    subject_kind: str
    subject_id: UUID
    form: str
    number: str | None
    digest: bytes
    issued_at: datetime


def _listed(table: str, row: type, key: str) -> Listed:
    return Listed(table=table, columns=tuple(field.name for field in fields(row)), key=key)


_FINDINGS = _listed("findings", OwnFinding, "seen_at")
_MEASURES = _listed("measures", OwnMeasure, "ordered_at")
_PAPERS = _listed("papers", OwnPaper, "issued_at")
_TIES = """
SELECT measure_id, finding_id FROM measure_findings WHERE {} = ANY ($1::uuid[]) ORDER BY measure_id, finding_id
"""
_Place = tuple[datetime, UUID] | None


async def own_findings(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, limit: int, behind: _Place = None, backwards: bool = False
) -> list[OwnFinding]:
    """A page of what was found at the actor's mines, newest first."""
    statement = page_within(_FINDINGS, at_his_mines(actor).reach, limit=limit, behind=behind, backwards=backwards)
    return [OwnFinding(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def own_measures(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, limit: int, behind: _Place = None, backwards: bool = False
) -> list[OwnMeasure]:
    """A page of what was ordered at the actor's mines, newest first."""
    statement = page_within(_MEASURES, at_his_mines(actor).reach, limit=limit, behind=behind, backwards=backwards)
    return [OwnMeasure(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def own_papers(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, limit: int, behind: _Place = None, backwards: bool = False
) -> list[OwnPaper]:
    """A page of the papers for the actor's mines, newest first."""
    statement = page_within(
        _PAPERS, at_his_mines(actor).reach, limit=limit, behind=behind, backwards=backwards,
        where={"state = 'ISSUED' AND NOT internal": ()},
    )  # fmt: skip
    return [OwnPaper(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def measures_on(sql: "asyncpg.Connection[Any]", findings: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Measure and finding, of many findings in one statement."""
    return [tuple(row) for row in await sql.fetch(_TIES.format("finding_id"), list(findings))]


async def findings_under(sql: "asyncpg.Connection[Any]", measures: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Measure and finding, of many measures in one statement."""
    return [tuple(row) for row in await sql.fetch(_TIES.format("measure_id"), list(measures))]
