"""Every select of findings; takes the actor, returns what it may see; and the small writes that tell what they did."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.conduct.recusals import Recused, recused_from
from storage.casework.findings.rules import Earlier, Fact, FindingConflict
from storage.record.actor import Actor
from storage.record.clock import SHANGHAI, day_of
from storage.record.law import Law
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.provisions import queries as provisions


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as it is read."""

    id: UUID
    inspection_id: UUID
    place_id: UUID | None
    mine_id: UUID
    county: str
    office: str
    kind: str
    severity: str
    fact: str
    measured: list[str]
    clause: str
    measure_basis: str
    penalty_basis: str
    producing: bool
    unsafe: bool
    marks: list[str]
    flags: list[str]
    repeats: UUID | None
    seen_at: datetime
    recorded_by: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands around a finding: the inspection's scope, officers, places, evidence asked for, recusals, law."""

    county: str
    office: str
    mine_id: UUID
    officers: tuple[UUID, ...]
    places: tuple[UUID, ...]
    evidence: tuple[UUID, ...]
    recused: Recused
    law: Law


_COLUMNS = tuple(field.name for field in fields(FindingRow))
_FINDINGS = Listed(table="findings", columns=_COLUMNS, key="seen_at")
_OF_IDS = f"SELECT {', '.join(_COLUMNS)} FROM findings WHERE id = ANY ($1::uuid[])"
_TO_CHANGE = f"SELECT {', '.join(_COLUMNS)} FROM findings WHERE id = $1 FOR UPDATE"
_GROUND = """
SELECT i.county, i.office, i.mine_id,
  ARRAY(SELECT o.account_id FROM inspection_officers o WHERE o.inspection_id = i.id) AS officers,
  ARRAY(SELECT p.id FROM inspection_places p WHERE p.inspection_id = i.id) AS places,
  ARRAY(SELECT e.id FROM evidence e JOIN recordings r ON r.id = e.recording_id
        WHERE r.inspection_id = i.id AND e.id = ANY ($2::uuid[])) AS evidence
FROM inspections i WHERE i.id = $1
"""
_EARLIER = """
SELECT id, kind, seen_at, severity = 'MAJOR' AND producing AS counts FROM findings
WHERE mine_id = $1 AND seen_at < $3 AND (kind = $2 OR (severity = 'MAJOR' AND producing))
ORDER BY seen_at DESC LIMIT 200
"""
_EVIDENCE_OF = """
SELECT finding_id, evidence_id FROM finding_evidence WHERE finding_id = ANY ($1::uuid[])
ORDER BY attached_at, evidence_id
"""
_ADD_EVIDENCE = """
INSERT INTO finding_evidence (finding_id, evidence_id, attached_at) SELECT $1, unnest($2::uuid[]), $3
ON CONFLICT DO NOTHING RETURNING evidence_id
"""
_ADD_CONFIRMATION = """
INSERT INTO finding_confirmations (finding_id, account_id, certificate_id, confirmed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (finding_id, account_id) DO UPDATE SET certificate_id = EXCLUDED.certificate_id,
  confirmed_at = EXCLUDED.confirmed_at WHERE finding_confirmations.certificate_id IS NULL
RETURNING account_id
"""
_SUPPORT = """
SELECT (SELECT count(*) FROM finding_evidence WHERE finding_id = $1) AS evidence,
       (SELECT count(certificate_id) FROM finding_confirmations WHERE finding_id = $1) AS certified
"""
_CONFIRMATIONS = """
SELECT c.finding_id, c.account_id, a.name, c.certificate_id, c.confirmed_at
FROM finding_confirmations c LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.finding_id = ANY ($1::uuid[]) ORDER BY c.confirmed_at, c.account_id
"""
_DEFECTS = """
SELECT finding_id, code, article, due_at, made_good_at, made_good_by FROM finding_defects
WHERE finding_id = ANY ($1::uuid[]) ORDER BY finding_id, code COLLATE "C"
"""
_END_DEFECTS = """
UPDATE finding_defects SET made_good_at = $3, made_good_by = $4
WHERE finding_id = $1 AND made_good_at IS NULL AND code <> ALL ($2::text[]) RETURNING code
"""


_OF_KINDS = f"""
SELECT {", ".join(_COLUMNS)} FROM findings WHERE mine_id = $1 AND kind = ANY ($2::text[]) AND seen_at >= $3
ORDER BY seen_at DESC, id DESC LIMIT 500
"""


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """Who stands for a finding."""

    finding_id: UUID
    account_id: UUID
    name: str | None
    certificate_id: UUID | None
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class DefectRow:
    """What a finding lacks or lacked."""

    finding_id: UUID
    code: str
    article: str
    due_at: datetime
    made_good_at: datetime | None
    made_good_by: UUID | None


async def findings_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    inspection_id: UUID | None = None,
) -> list[FindingRow]:
    """A page of the findings within the actor's reach, newest seen first, optionally of one mine or inspection."""
    statement = page_within(
        _FINDINGS, actor.reach, limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
        only={"inspection_id": inspection_id} if inspection_id is not None else None,
    )  # fmt: skip
    return [FindingRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def findings_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[FindingRow]:
    """Those of the findings that the session's actor may see; one statement."""
    return [FindingRow(*row) for row in await sql.fetch(_OF_IDS, list(ids))]


async def of_kinds(
    sql: "asyncpg.Connection[Any]", mine_id: UUID, kinds: Sequence[str], *, since: date
) -> list[FindingRow]:
    """The findings of these kinds at a mine since a day, newest first, that the session's actor sees; one statement."""
    begins = datetime.combine(since, time(), SHANGHAI)
    return [FindingRow(*row) for row in await sql.fetch(_OF_KINDS, mine_id, list(kinds), begins)]


async def finding_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> FindingRow:
    """The finding, or NotFound when the session's actor does not see one of that id."""
    found = await findings_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def evidence_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Finding and piece, of many findings in one statement."""
    return [(row["finding_id"], row["evidence_id"]) for row in await sql.fetch(_EVIDENCE_OF, list(ids))]


async def confirmations_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[ConfirmationRow]:
    """Who stands for each of many findings, in one statement."""
    return [ConfirmationRow(*row) for row in await sql.fetch(_CONFIRMATIONS, list(ids))]


async def defects_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[DefectRow]:
    """What each of many findings lacks or lacked, in one statement."""
    return [DefectRow(*row) for row in await sql.fetch(_DEFECTS, list(ids))]


async def ground_of(work: Work, inspection_id: UUID, *, evidence: Sequence[UUID]) -> Ground:
    """What stands around findings of this inspection, and which of these pieces are its own; NotFound out of sight."""
    row = await work.sql.fetchrow(_GROUND, inspection_id, list(evidence))
    if row is None:
        raise NotFound()
    return Ground(
        county=row["county"], office=row["office"], mine_id=row["mine_id"], officers=tuple(row["officers"]),
        places=tuple(row["places"]), evidence=tuple(row["evidence"]),
        recused=await recused_from(work.sql, inspection_id), law=await provisions.law_of(work.sql),
    )  # fmt: skip


async def recorded_before(work: Work, fact: Fact) -> FindingRow | None:
    """What an earlier act recorded under this id: the same fact of the same officer, or FindingConflict."""
    found = await findings_by_ids(work.sql, [fact.id])
    if not found:
        return None
    row = found[0]
    same = (row.inspection_id, row.kind, row.fact, row.measured, row.seen_at, row.place_id, row.recorded_by) == (
        fact.inspection_id, fact.kind, fact.fact.strip(), [one.told() for one in fact.measured], fact.seen_at,
        fact.place_id, work.actor.account_id,
    )  # fmt: skip
    if not same:
        raise FindingConflict()
    return row


async def earlier_at_the_mine(work: Work, mine_id: UUID, fact: Fact) -> list[Earlier]:
    """The latest findings at the mine that were seen before: of the same kind, or producing with a major hazard."""
    return [
        Earlier(id=row["id"], kind=row["kind"], day=day_of(row["seen_at"]),
                producing_with_major_hazard=row["counts"])
        for row in await work.sql.fetch(_EARLIER, mine_id, fact.kind, fact.seen_at)
    ]  # fmt: skip


async def finding_to_change(work: Work, id: UUID) -> FindingRow:
    """The finding, locked until the act is over; NotFound out of sight."""
    row = await work.sql.fetchrow(_TO_CHANGE, id)
    if row is None:
        raise NotFound()
    return FindingRow(*row)


async def add_evidence(work: Work, finding_id: UUID, evidence: Sequence[UUID]) -> list[UUID]:
    """Those of the pieces that were not attached yet, attached now."""
    return [row["evidence_id"] for row in await work.sql.fetch(_ADD_EVIDENCE, finding_id, list(evidence), work.now)]


async def add_confirmation(work: Work, finding_id: UUID, certificate_id: UUID) -> bool:
    """Whether the actor stands for it anew, or now with a certificate that he lacked when he recorded it."""
    return await work.sql.fetchval(
        _ADD_CONFIRMATION, finding_id, work.actor.account_id, certificate_id, work.now
    ) is not None  # fmt: skip


async def support_of(work: Work, finding_id: UUID) -> tuple[int, int]:
    """How many pieces are attached, and how many officers with a certificate stand for it."""
    row = await work.sql.fetchrow(_SUPPORT, finding_id)
    return (row["evidence"], row["certified"]) if row else (0, 0)


async def end_defects(work: Work, finding_id: UUID, *, keep: Sequence[str]) -> list[str]:
    """The codes of open defects that are ended now: all but `keep`."""
    rows = await work.sql.fetch(_END_DEFECTS, finding_id, list(keep), work.now, work.actor.account_id)
    return [row["code"] for row in rows]
