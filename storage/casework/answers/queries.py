"""Every select of answers and of what they answer; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.answers.rules import AnswerConflict, Examined, Given
from storage.casework.answers.tables import AnsweredKind
from storage.casework.cases import queries as cases
from storage.casework.cases.showing import SHOWN
from storage.casework.conduct.recusals import Recused, recused_from
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.provisions import queries as provisions


@dataclass(frozen=True, slots=True)
class ExaminationRow:
    """The written answer to an objection as it is read."""

    id: UUID
    accepted: bool
    words: str
    examined_by: UUID
    examined_at: datetime
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer as it is read, with its examination if there is one. `late`: what it answers was decided on before."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    item: str
    case_id: UUID | None
    mine_id: UUID
    county: str
    office: str
    stance: str
    words: str
    evidence: list[UUID]
    told_by: UUID
    answered_by: UUID
    answered_at: datetime
    entry_id: UUID
    late: bool
    examination: ExaminationRow | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is answered: whose it is, who told it, of which case, and the items that can be named of it."""

    mine_id: UUID
    county: str
    office: str
    told_by: UUID
    case_id: UUID | None
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Behind:
    """Who stands for what a mine objected to, and who was recused from the procedures that it belongs to."""

    hands: frozenset[UUID]
    recused: tuple[Recused, ...]


_OWN = tuple(field.name for field in fields(AnswerRow))[:-2]
# Late is what came after a decision on it had reached the mine, or after the measure had ended: kept and shown as that.
_ANSWERS = f"""
SELECT {", ".join(f"a.{name}" for name in _OWN)},
  EXISTS (SELECT FROM case_served v WHERE v.mine_id = a.mine_id AND v.served_at < a.answered_at
    AND (v.case_id = a.case_id OR (a.subject_kind = 'FINDING' AND a.subject_id = ANY (v.findings))))
  OR EXISTS (SELECT FROM measures m WHERE a.subject_kind = 'MEASURE' AND m.id = a.subject_id
    AND m.closed_at < a.answered_at) AS late,
  x.id, x.accepted, x.words, x.examined_by, x.examined_at, x.entry_id
FROM answers a LEFT JOIN answer_examinations x ON x.answer_id = a.id
"""
_OF_SUBJECTS = f"{_ANSWERS} WHERE a.subject_id = ANY ($1::uuid[]) ORDER BY a.subject_id, a.answered_at, a.id"
_OF_IDS = f"{_ANSWERS} WHERE a.id = ANY ($1::uuid[])"
_SUBJECTS = {
    AnsweredKind.FINDING: """
SELECT mine_id, county, office, recorded_by AS told_by, NULL::uuid AS case_id, '' AS form, '' AS version
FROM findings WHERE id = $1 AND mine_id = ANY ($2::uuid[])""",
    AnsweredKind.MEASURE: """
SELECT mine_id, county, office, ordered_by AS told_by, NULL::uuid AS case_id, '' AS form, '' AS version
FROM measures WHERE id = $1 AND mine_id = ANY ($2::uuid[])""",
    AnsweredKind.SITTING: """
SELECT mine_id, county, office, recorded_by AS told_by, NULL::uuid AS case_id, '' AS form, '' AS version
FROM exam_sittings WHERE id = $1 AND mine_id = ANY ($2::uuid[])""",
    AnsweredKind.PAPER: """
SELECT mine_id, county, office, issued_by AS told_by,
  CASE subject_kind WHEN 'CASE' THEN subject_id END AS case_id, form, version
FROM papers WHERE id = $1 AND mine_id = ANY ($2::uuid[]) AND state = 'ISSUED' AND NOT internal""",
    AnsweredKind.CASE_STEP: f"""
SELECT c.mine_id, c.county, c.office, s.by_id AS told_by, s.case_id, '' AS form, '' AS version
FROM case_steps s JOIN cases c ON c.id = s.case_id
WHERE s.id = $1 AND c.mine_id = ANY ($2::uuid[]) AND c.told_at IS NOT NULL
  AND s.kind IN ({", ".join(f"'{kind.value}'" for kind in SHOWN)})
  AND EXISTS (SELECT FROM case_parties p WHERE p.id = s.party_id AND p.kind = 'UNIT')
  AND (s.kind <> 'DECIDED' OR EXISTS (SELECT FROM case_served v WHERE v.decision_id = s.id))""",
}

# Who stands for a thing that the mine was told, and the procedures from which a recusal holds for it: those besides
# the case, which keeps its own. A mine's own signature on a paper is among the hands and makes no difference there.
_HANDS = {
    AnsweredKind.FINDING: """
SELECT ARRAY(SELECT c.account_id FROM finding_confirmations c WHERE c.finding_id = f.id) || f.recorded_by AS hands,
  ARRAY[f.inspection_id] AS origins
FROM findings f WHERE f.id = $1""",
    AnsweredKind.MEASURE: """
SELECT ARRAY(SELECT s.recorded_by FROM measure_steps s WHERE s.measure_id = m.id
  AND s.kind IN ('ORDERED', 'CONFIRMED', 'APPROVED')) || m.ordered_by AS hands, ARRAY[m.inspection_id] AS origins
FROM measures m WHERE m.id = $1""",
    AnsweredKind.SITTING: """
SELECT ARRAY(SELECT e.held_by FROM exams e WHERE e.id = s.exam_id) || s.recorded_by AS hands,
  ARRAY(SELECT e.inspection_id FROM exams e WHERE e.id = s.exam_id) || s.exam_id AS origins
FROM exam_sittings s WHERE s.id = $1""",
    AnsweredKind.PAPER: """
SELECT ARRAY(SELECT s.account_id FROM paper_signatures s WHERE s.paper_id = p.id AND s.account_id IS NOT NULL)
  || p.drafted_by || p.issued_by AS hands,
  ARRAY(SELECT f.inspection_id FROM findings f WHERE f.id = p.subject_id
    UNION SELECT m.inspection_id FROM measures m WHERE m.id = p.subject_id
    UNION SELECT e.inspection_id FROM exams e WHERE e.id = p.subject_id) || p.subject_id AS origins
FROM papers p WHERE p.id = $1""",
    AnsweredKind.CASE_STEP: """
SELECT ARRAY(SELECT (o ->> 'account')::uuid FROM jsonb_array_elements(s.officers::jsonb) o) || s.by_id AS hands,
  '{}'::uuid[] AS origins
FROM case_steps s WHERE s.id = $1""",
}


async def answers_to(sql: "asyncpg.Connection[Any]", subject_ids: Sequence[UUID]) -> list[AnswerRow]:
    """What was answered to each of many things, oldest first; one statement."""
    return [_answer(row) for row in await sql.fetch(_OF_SUBJECTS, list(subject_ids))]


async def answers_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[AnswerRow]:
    """Those of the answers that the session's actor may see; one statement."""
    return [_answer(row) for row in await sql.fetch(_OF_IDS, list(ids))]


def _answer(row: "asyncpg.Record") -> AnswerRow:
    told, examination = tuple(row)[: len(_OWN) + 1], tuple(row)[len(_OWN) + 1 :]
    return AnswerRow(*(*told, ExaminationRow(*examination) if examination[0] is not None else None))


async def answer_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> AnswerRow:
    """The answer; NotFound if unseen."""
    found = await answers_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def subject_of(work: Work, given: Given, *, mines: frozenset[UUID]) -> Subject:
    """What is answered, if it is one of these mines' and was told to it; NotFound for all else, existing or not."""
    row = await work.sql.fetchrow(_SUBJECTS[given.subject_kind], given.subject_id, list(mines))
    if row is None:
        raise NotFound()
    return Subject(
        mine_id=row["mine_id"], county=row["county"], office=row["office"], told_by=row["told_by"],
        case_id=row["case_id"], items=await _items(work, row["form"], row["version"]) if row["form"] else frozenset(),
    )  # fmt: skip


async def _items(work: Work, form: str, version: str) -> frozenset[str]:
    found = (await provisions.law_of(work.sql)).form_of(form, version)
    return frozenset(one.name for one in found.fields) | frozenset(one.name for one in found.places)


async def given_before(work: Work, given: Given) -> AnswerRow | None:
    """What an earlier act said under this id: the same by the same person, or AnswerConflict."""
    found = await answers_by_ids(work.sql, [given.id])
    if not found:
        return None
    row = found[0]
    said = (row.subject_kind, row.subject_id, row.item, row.stance, row.words, tuple(row.evidence), row.answered_by)
    asked = (given.subject_kind, given.subject_id, given.item, given.stance, given.words.strip(), given.evidence)
    if said != (*asked, work.actor.account_id):
        raise AnswerConflict()
    return row


def is_examined_so(row: AnswerRow, examined: Examined, *, account: UUID) -> bool:
    """Whether an earlier act examined it under this id: the same by the same person, or AnswerConflict."""
    known = row.examination
    if known is None or known.id != examined.id:
        return False
    if (known.accepted, known.words, known.examined_by) != (examined.accepted, examined.words.strip(), account):
        raise AnswerConflict()
    return True


async def behind(work: Work, row: AnswerRow) -> Behind:
    """Who stands for what the mine objected to, and who was recused from where it comes from; four to ten statements,
    whatever their number."""
    found = await work.sql.fetchrow(_HANDS[AnsweredKind(row.subject_kind)], row.subject_id)
    hands, origins = (found["hands"], found["origins"]) if found else ([], [])
    recused = [await recused_from(work.sql, *origins)]
    if row.case_id is not None:
        recused.append((await cases.file_of(work.sql, row.case_id)).history.recused)
    return Behind(hands=frozenset((*hands, row.told_by)), recused=tuple(recused))
