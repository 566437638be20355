"""Every select of exams, their question bank, sittings and what follows; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.exams.laying import Asked
from storage.casework.exams.rules import Holding
from storage.casework.exams.tables import Consequence, Exam, Pool, Question, Seat, Sitting
from storage.field.inspections.queries import InspectionRow
from storage.record.actor import Actor, Verb
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.people.rules import CATEGORY
from storage.register.people.tables import Craft, ExamCategory, PostKind

_EXAM = tuple(Exam.model_fields)
_CONSEQUENCE = tuple(Consequence.model_fields)
_EXAMS = Listed(table="exams", columns=_EXAM, key="held_at")
_CONSEQUENCES = Listed(table="exam_consequences", columns=_CONSEQUENCE, key="ordered_at")
_INSPECTION = tuple(InspectionRow.__dataclass_fields__)
_INSPECTIONS = Listed(table="inspections", columns=_INSPECTION, key="opened_at")
_NO_EXAM = "NOT EXISTS (SELECT FROM exams x WHERE x.inspection_id = inspections.id)"
_IN_ORDER = "array_position(ARRAY['PRINCIPAL', 'MANAGER', 'SPECIAL_OPERATOR', 'WORKER'], category)"
_OPEN = "exam_consequences.met_at IS NULL"

# The first checkpoint that was shown with the opening in it: there is one, and nobody chose it.
_FIRST_CHECKPOINT = """
SELECT c.log, c.size, c.root FROM payloads y JOIN entries e ON e.id = y.entry_id
JOIN positions p ON p.entry_id = e.id JOIN checkpoints c ON c.log = p.log AND c.size > p.position
WHERE y.subject = $1 AND e.kind = 'inspection.opened' ORDER BY c.size LIMIT 1
"""
# As the register stood when the inspection was opened: what was entered or ended after that changes no draw.
_HOLDINGS = """
SELECT person_id, kind, craft FROM posts WHERE mine_id = $1 AND recorded_at <= $3 AND from_day <= $2
  AND (to_day IS NULL OR to_day >= $2 OR ended_at > $3) ORDER BY person_id, kind
"""
_BANK = """
SELECT id, categories, craft, answer FROM exam_questions
WHERE approved_at <= $1 AND (retired_at IS NULL OR retired_at > $1) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as far as a seed is made of it."""

    log: int
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Examined:
    """An inspection as far as its exam needs it."""

    id: UUID
    scope: dict[str, Any]
    opened_at: datetime
    is_officer: bool


async def exams_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
) -> list[Exam]:
    """The exams, newest first by (held_at, id), at most `limit`, behind the given one; one statement."""
    statement = page_within(
        _EXAMS, actor.reach_of(Verb.EXAM_READ), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [Exam(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def inspections_without_exam(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
) -> list[InspectionRow]:
    """The inspections at which nobody was examined, newest first; one statement."""
    statement = page_within(
        _INSPECTIONS, actor.reach_of(Verb.EXAM_READ), limit=limit, behind=behind, backwards=backwards,
        where={_NO_EXAM: ()}, along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [InspectionRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def consequences_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    open_only: bool = False,
) -> list[Consequence]:
    """What fails ask for, newest first by (ordered_at, id), at most `limit`; one statement."""
    statement = page_within(
        _CONSEQUENCES, actor.reach_of(Verb.EXAM_READ), limit=limit, behind=behind, backwards=backwards,
        where={_OPEN: ()} if open_only else {}, along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [Consequence(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def questions_visible_to(
    sql: "asyncpg.Connection[Any]",
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    category: ExamCategory | None = None,
    asked_only: bool = False,
) -> list[Question]:
    """Versions of questions, newest first by (drafted_at, id); the database shows them to who may read them."""
    way, beyond = ("ASC", ">") if backwards else ("DESC", "<")
    rows = await sql.fetch(
        f"SELECT * FROM exam_questions WHERE ($1::timestamptz IS NULL OR (drafted_at, id) {beyond} ($1, $2))"
        " AND ($3::text IS NULL OR $3 = ANY (categories))"
        " AND (NOT $4 OR (approved_at IS NOT NULL AND retired_at IS NULL))"
        f" ORDER BY drafted_at {way}, id {way} LIMIT {limit:d}",
        *(behind or (None, None)), category.value if category else None, asked_only,
    )  # fmt: skip
    return [Question(**dict(row)) for row in rows]


async def exams_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Exam]:
    """Those of the exams that the session's actor sees; one statement."""
    return [Exam(**dict(row)) for row in await sql.fetch("SELECT * FROM exams WHERE id = ANY ($1)", list(ids))]


async def exams_of_inspections(sql: "asyncpg.Connection[Any]", inspection_ids: Sequence[UUID]) -> list[Exam]:
    """The exams of these inspections, oldest first; one statement."""
    rows = await sql.fetch(
        "SELECT * FROM exams WHERE inspection_id = ANY ($1) ORDER BY held_at, id", list(inspection_ids)
    )
    return [Exam(**dict(row)) for row in rows]


async def pools_of(sql: "asyncpg.Connection[Any]", exam_ids: Sequence[UUID]) -> list[Pool]:
    """From whom was drawn for these exams; one statement."""
    rows = await sql.fetch(
        f"SELECT * FROM exam_pools WHERE exam_id = ANY ($1) ORDER BY exam_id, {_IN_ORDER}", list(exam_ids)
    )
    return [Pool(**dict(row)) for row in rows]


async def seats_of(sql: "asyncpg.Connection[Any]", exam_ids: Sequence[UUID]) -> list[Seat]:
    """Who was drawn for these exams, by category and rank; one statement."""
    rows = await sql.fetch(
        f"SELECT * FROM exam_seats WHERE exam_id = ANY ($1) ORDER BY exam_id, {_IN_ORDER}, rank", list(exam_ids)
    )
    return [Seat(**dict(row)) for row in rows]


async def sittings_of(sql: "asyncpg.Connection[Any]", exam_ids: Sequence[UUID]) -> list[Sitting]:
    """Who sat these exams, oldest first; one statement."""
    return await _sittings(sql, "exam_id", exam_ids)


async def sittings_of_persons(sql: "asyncpg.Connection[Any]", person_ids: Sequence[UUID]) -> list[Sitting]:
    """What these persons sat, oldest first; one statement."""
    return await _sittings(sql, "person_id", person_ids)


async def sittings_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Sitting]:
    """Those of the sittings that the session's actor sees; one statement."""
    return await _sittings(sql, "id", ids)


async def own_sittings(sql: "asyncpg.Connection[Any]", actor: Actor) -> list[Sitting]:
    """What the actor himself sat at any mine, newest first; at most 1,000."""
    rows = await sql.fetch(
        "SELECT s.* FROM exam_sittings s JOIN persons p ON p.id = s.person_id WHERE p.account_id = $1"
        " ORDER BY s.sat_at DESC, s.id DESC LIMIT 1000",
        actor.account_id,
    )
    return [Sitting(**dict(row)) for row in rows]


async def consequences_of(sql: "asyncpg.Connection[Any]", exam_ids: Sequence[UUID]) -> list[Consequence]:
    """What followed from these exams, oldest first; one statement."""
    rows = await sql.fetch(
        "SELECT * FROM exam_consequences WHERE exam_id = ANY ($1) ORDER BY ordered_at, due, id", list(exam_ids)
    )
    return [Consequence(**dict(row)) for row in rows]


async def questions_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Question]:
    """Those of the questions that the session's actor sees; one statement."""
    rows = await sql.fetch("SELECT * FROM exam_questions WHERE id = ANY ($1)", list(ids))
    return [Question(**dict(row)) for row in rows]


async def exam_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> Exam | None:
    """The exam of that id, if the session's actor sees it."""
    return next(iter(await exams_by_ids(sql, [id])), None)


async def inspection_to_examine(work: Work, inspection_id: UUID) -> Examined:
    """The inspection, and whether the actor is one of its officers; NotFound if unseen."""
    row = await work.sql.fetchrow(
        "SELECT i.id, i.mine_id, i.county, i.office, i.opened_at, EXISTS (SELECT FROM inspection_officers o"
        " WHERE o.inspection_id = i.id AND o.account_id = $2) AS is_officer FROM inspections i WHERE i.id = $1",
        inspection_id, work.actor.account_id,
    )  # fmt: skip
    if row is None:
        raise NotFound()
    scope = {name: row[name] for name in ("mine_id", "county", "office")}
    return Examined(row["id"], scope, row["opened_at"], row["is_officer"])


async def first_checkpoint_after(sql: "asyncpg.Connection[Any]", inspection_id: UUID) -> Checkpoint | None:
    """The first checkpoint that was shown after the opening got its position; None until then."""
    row = await sql.fetchrow(_FIRST_CHECKPOINT, inspection_id)
    return Checkpoint(*row) if row is not None else None


async def holdings_of(
    sql: "asyncpg.Connection[Any]", *, mine_id: UUID, day: date, as_of: datetime
) -> tuple[Holding, ...]:
    """Who held which post of the mine on a day, as the register told it at a moment."""
    rows = await sql.fetch(_HOLDINGS, mine_id, day, as_of)
    return tuple(
        Holding(person_id=row["person_id"], category=CATEGORY[PostKind(row["kind"])],
                craft=Craft(row["craft"]) if row["craft"] else None)
        for row in rows
    )  # fmt: skip


async def bank_at(sql: "asyncpg.Connection[Any]", moment: datetime) -> tuple[Asked, ...]:
    """The questions that could be asked at a moment."""
    rows = await sql.fetch(_BANK, moment)
    return tuple(Asked(row["id"], row["categories"], row["craft"], row["answer"]) for row in rows)


async def keys_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> dict[UUID, str]:
    """The right letters of these questions, whether they are still asked or not."""
    rows = await sql.fetch("SELECT id, answer FROM exam_questions WHERE id = ANY ($1) AND approved_at IS NOT NULL",
                           list(ids))  # fmt: skip
    return {row["id"]: row["answer"] for row in rows}


async def exam_to_record(work: Work, exam_id: UUID) -> Exam:
    """The exam, locked so that two phones see each other's sittings; NotFound if unseen."""
    return Exam(**await _locked(work, "exams", exam_id))


async def seat_to_mark(work: Work, seat_id: UUID) -> Seat:
    """The seat, locked; NotFound if unseen."""
    return Seat(**await _locked(work, "exam_seats", seat_id))


async def consequence_to_meet(work: Work, consequence_id: UUID) -> Consequence:
    """The consequence, locked; NotFound if unseen."""
    return Consequence(**await _locked(work, "exam_consequences", consequence_id))


async def question_to_change(work: Work, question_id: UUID) -> Question:
    """The question, locked; NotFound if unseen."""
    return Question(**await _locked(work, "exam_questions", question_id))


async def asked_versions(work: Work, series_id: UUID) -> list[Question]:
    """All versions of a question, locked, the newest first."""
    rows = await work.sql.fetch(
        "SELECT * FROM exam_questions WHERE series_id = $1 ORDER BY version DESC FOR NO KEY UPDATE", series_id
    )
    return [Question(**dict(row)) for row in rows]


async def categories_held(work: Work, *, person_id: UUID, mine_id: UUID, day: date) -> list[ExamCategory]:
    """As what a person of this mine could be examined on a day; NotFound unless he is one of the mine's people."""
    if not await work.sql.fetchval("SELECT true FROM persons WHERE id = $1 AND mine_id = $2", person_id, mine_id):
        raise NotFound()
    rows = await work.sql.fetch(
        "SELECT DISTINCT kind FROM posts WHERE person_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day >= $2)",
        person_id, day,
    )  # fmt: skip
    return [CATEGORY[PostKind(row["kind"])] for row in rows]


async def _sittings(sql: "asyncpg.Connection[Any]", column: str, ids: Sequence[UUID]) -> list[Sitting]:
    rows = await sql.fetch(
        f"SELECT * FROM exam_sittings WHERE {column} = ANY ($1) ORDER BY sat_at, attempt, id",
        list(ids),  # Our own names.
    )
    return [Sitting(**dict(row)) for row in rows]


async def _locked(work: Work, table: str, id: UUID) -> dict[str, Any]:
    row = await work.sql.fetchrow(f"SELECT * FROM {table} WHERE id = $1 FOR NO KEY UPDATE", id)  # Our own names.
    if row is None:
        raise NotFound()
    return dict(row)
