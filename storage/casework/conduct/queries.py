"""Every select of matters of conduct, their steps and who complained; each under its actor's sight."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.conduct.history import Complainant, History, Opening, Step
from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind
from storage.record.problems import NotFound
from storage.record.scopes import Statement
from storage.record.work import Work
from storage.register.identity.queries import holds_at


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter as it is read."""

    id: UUID
    kind: str
    officer_id: UUID
    mine_id: UUID | None
    county: str | None
    office: str | None
    about: str
    subject_id: UUID | None
    reference: str
    log: int | None
    as_of: int | None
    state: str
    steps: int
    granted: bool
    decided_at: datetime | None
    opened_by: UUID
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """What a matter is about, where that stands in the record: its scope, and who takes part in it."""

    mine_id: UUID | None
    county: str | None
    office: str | None
    team: frozenset[UUID] = frozenset()

    @property
    def scope(self) -> dict[str, Any]:
        """As verbs, rows and entries take it."""
        return {"mine_id": self.mine_id, "county": self.county, "office": self.office}


_COLUMNS = tuple(field.name for field in fields(MatterRow))
_OF_IDS = f"SELECT {', '.join(_COLUMNS)} FROM conduct_matters WHERE id = ANY ($1::uuid[])"
_TO_CHANGE = f"SELECT {', '.join(_COLUMNS)} FROM conduct_matters WHERE id = $1 FOR UPDATE"
_STEPS = "SELECT * FROM conduct_steps WHERE matter_id = ANY ($1::uuid[]) ORDER BY matter_id, ordinal"
_COMPLAINANT = "SELECT name, contact FROM conduct_complainants WHERE matter_id = $1"
_OFFICERS = "ARRAY(SELECT o.account_id FROM inspection_officers o WHERE o.inspection_id = {})"
_SUBJECTS = {
    About.INSPECTION: f"SELECT mine_id, county, office, {_OFFICERS.format('i.id')} FROM inspections i WHERE id = $1",
    About.SCHEME: "SELECT mine_id, county, office, officers FROM schemes WHERE id = $1",
    About.EXAM: f"SELECT mine_id, county, office, {_OFFICERS.format('e.inspection_id')} FROM exams e WHERE id = $1",
    About.CASE: "SELECT mine_id, county, office, '{}'::uuid[] FROM cases WHERE id = $1",
}
# A head is judged by whoever holds that office further up: government, or the head of a larger division; the branch
# offices of the administration stand below the province.
_ABOVE = f"""
SELECT NOT EXISTS (SELECT FROM role_grants h WHERE h.account_id = $2 AND h.role = 'AGENCY_HEAD'
                   AND {holds_at("$3", "h")})
  OR EXISTS (SELECT FROM role_grants g WHERE g.account_id = $1 AND {holds_at("$3")} AND (
       g.role IN ('GOVERNMENT_HEAD', 'AUDITOR') OR (g.role = 'AGENCY_HEAD' AND NOT EXISTS (
         SELECT FROM role_grants h WHERE h.account_id = $2 AND h.role = 'AGENCY_HEAD' AND {holds_at("$3", "h")}
           AND NOT (coalesce(h.division LIKE g.division || '_%', false)
                    OR coalesce(h.office IS NOT NULL AND length(g.division) = 2, false))))))
"""


async def matters_visible_to(
    sql: "asyncpg.Connection[Any]",
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    kind: MatterKind | None = None,
    officer_id: UUID | None = None,
    open_only: bool = False,
) -> list[MatterRow]:
    """A page of the matters that the session's actor may see, newest first; one statement.

    They are few, and who sees one is a question of the person and not of the place: the row policies alone decide.
    """
    statement = Statement()
    wanted = [f"{name} = {statement.put(value)}" for name, value in (("kind", kind and kind.value),
              ("officer_id", officer_id)) if value is not None]  # fmt: skip
    wanted += ["state NOT IN ('SETTLED', 'WITHDRAWN')"] if open_only else []
    if behind is not None:
        wanted.append(f"(opened_at, id) {'>' if backwards else '<'} ({statement.put(behind[0])}, "
                      f"{statement.put(behind[1])})")  # fmt: skip
    way = "ASC" if backwards else "DESC"
    statement.text = (
        f"SELECT {', '.join(_COLUMNS)} FROM conduct_matters WHERE {' AND '.join(wanted) or 'true'}"  # Our own names.
        f" ORDER BY opened_at {way}, id {way} LIMIT {limit}"
    )
    return [MatterRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def matters_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[MatterRow]:
    """Those of the matters that the session's actor may see; one statement."""
    return [MatterRow(*row) for row in await sql.fetch(_OF_IDS, list(ids))]


async def matter_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> MatterRow:
    """The matter, or NotFound when the session's actor does not see one of that id."""
    found = await matters_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def matter_to_change(work: Work, id: UUID) -> MatterRow:
    """The matter, locked until the act is over; NotFound out of sight."""
    row = await work.sql.fetchrow(_TO_CHANGE, id)
    if row is None:
        raise NotFound()
    return MatterRow(*row)


async def steps_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[tuple[UUID, Step]]:
    """Matter and step, of many matters in their order; one statement."""
    return [(row["matter_id"], _step(row)) for row in await sql.fetch(_STEPS, list(ids))]


async def history_of(sql: "asyncpg.Connection[Any]", matter: MatterRow) -> History:
    """All steps of one matter; one statement."""
    steps = tuple(step for _, step in await steps_of(sql, [matter.id]))
    return History(kind=MatterKind(matter.kind), officer_id=matter.officer_id, steps=steps)


async def complainant_of(work: Work, matter_id: UUID) -> Complainant | None:
    """Who complained, where that was said and the actor may know it."""
    row = await work.sql.fetchrow(_COMPLAINANT, matter_id)
    return Complainant(name=row["name"], contact=row["contact"]) if row is not None else None


async def subject_of(work: Work, opening: Opening) -> Subject:
    """Where the matter belongs: to what it is about, else to the mine, else to the officer's own place; or NotFound."""
    statement, id = _SUBJECTS.get(opening.about), opening.subject_id
    if statement is None or id is None:
        statement, id = "SELECT id, county, office, '{}'::uuid[] FROM mines WHERE id = $1", opening.mine_id
    if id is None:
        statement = "SELECT NULL::uuid, county, office, '{}'::uuid[] FROM accounts WHERE id = $1"
        id = opening.officer_id
    row = await work.sql.fetchrow(statement, id)
    if row is None:
        raise NotFound()
    return Subject(mine_id=row[0], county=row[1], office=row[2], team=frozenset(row[3]))


async def is_above(work: Work, officer_id: UUID) -> bool:
    """Whether the actor may handle what is about this officer: about a head, only whoever stands above or audits."""
    return bool(await work.sql.fetchval(_ABOVE, work.actor.account_id, officer_id, work.now))


def _step(row: "asyncpg.Record") -> Step:
    return Step(
        id=row["id"], kind=ConductTurn(row["kind"]), at=row["at"], recorded_at=row["recorded_at"],
        by=row["recorded_by"], words=row["words"], outcome=row["outcome"] and ConductOutcome(row["outcome"]),
        grounds=tuple(row["grounds"]), organ=row["organ"], subject_id=row["subject_id"],
        evidence=tuple(row["evidence"]),
    )  # fmt: skip
