"""Every select of cases, their steps, pieces and clocks; takes the actor, returns what it may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from storage.casework.cases import resting
from storage.casework.cases.bodies.deciding import ReviewNote
from storage.casework.cases.encoding import body_of
from storage.casework.cases.history import AnyStep, Held, History, Lacking, Objection, OnPaper
from storage.casework.cases.paperwork import heads_on
from storage.casework.cases.steps import Officer, PartyKind, Step, StepKind
from storage.casework.conduct import recusals
from storage.casework.conduct.recusals import Recused
from storage.casework.measures import history as measured
from storage.casework.measures import queries as measures
from storage.casework.measures.lacks import of_the_order
from storage.record.actor import Actor
from storage.record.law import Law
from storage.record.law.measures import MEASURE_KINDS
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.identity.queries import holds_at
from storage.register.provisions import queries as provisions


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as lists show it."""

    id: UUID
    mine_id: UUID
    county: str
    office: str
    cause: str
    simple: bool
    inspection_id: UUID | None
    state: str
    steps: int
    opened_by: UUID
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as the timeline shows it: with its entry, its place in the ledger once it has one, and whose it is."""

    case_id: UUID
    ordinal: int
    step: AnyStep
    recorded_at: datetime
    entry_id: UUID
    position: int | None
    party_kind: PartyKind | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A case with its whole history and the law of today."""

    row: CaseRow
    history: History
    law: Law


_COLUMNS = tuple(field.name for field in fields(CaseRow))
_CASES = Listed(table="cases", columns=_COLUMNS, key="opened_at")
_OF_IDS = f"SELECT {', '.join(_COLUMNS)} FROM cases WHERE id = ANY ($1::uuid[])"
_TO_CHANGE = f"SELECT {', '.join(_COLUMNS)} FROM cases WHERE id = $1 FOR UPDATE"
_STEP = "s.case_id, s.ordinal, s.id, s.kind, s.party_id, s.at, s.by_id, s.officers, s.body, s.recorded_at, s.entry_id"
_HISTORY = f"SELECT {_STEP} FROM case_steps s WHERE s.case_id = $1 ORDER BY s.ordinal"
_HISTORIES = f"SELECT {_STEP} FROM case_steps s WHERE s.case_id = ANY ($1::uuid[]) ORDER BY s.case_id, s.ordinal"
_UNDECIDED = "cases.state IN ('PROPOSED', 'INVESTIGATING', 'INVESTIGATED', 'NOTIFIED', 'IN_HEARING', 'IN_REVIEW')"
_OF_KIND = "EXISTS (SELECT FROM case_conducts o WHERE o.case_id = cases.id AND o.kind = {key})"
_WEIGHED = "SELECT FROM case_steps s WHERE s.case_id = cases.id AND s.kind = 'DISCRETION_SUGGESTED'"
# What is still to be decided is touched by a number whatever it is, by a kind, power or standard where it rests on it;
# a clock by the number it runs by, or a day it runs over; any case by a form of which it has a draft.
_TOUCHED = f"""EXISTS (SELECT FROM provisions p WHERE p.id = {{}} AND (
  ({_UNDECIDED} AND CASE p.kind WHEN 'PARAMETER' THEN true
     WHEN 'FINDING_KIND' THEN {_OF_KIND.format(key="p.key")}
     WHEN 'POWER' THEN EXISTS (SELECT FROM schemes m JOIN scheme_items i ON i.scheme_id = m.id
       WHERE m.inspection_id = cases.inspection_id AND i.power = p.key)
     WHEN 'DISCRETION' THEN NOT EXISTS ({_WEIGHED}) AND (strpos(p.key, '/') = 0
         OR {_OF_KIND.format(key="split_part(p.key, '/', 1)")})
       OR EXISTS ({_WEIGHED} AND p.key IN ('GENERAL', s.body::jsonb ->> 'basis'))
       OR EXISTS ({_WEIGHED} AND split_part(p.key, '/', 2) = s.body::jsonb ->> 'basis')
         AND {_OF_KIND.format(key="split_part(p.key, '/', 1)")}
     ELSE false END)
  OR (p.kind = 'FORM' AND EXISTS (SELECT FROM papers a WHERE a.subject_kind = 'CASE' AND a.subject_id = cases.id
     AND a.form = p.key AND a.state = 'DRAFT'))
  OR p.kind IN ('PARAMETER', 'DAY') AND EXISTS (
     SELECT FROM case_clocks k WHERE k.case_id = cases.id AND k.met_at IS NULL AND (
     CASE p.kind WHEN 'PARAMETER' THEN k.key = p.key
       ELSE p.key::date >= k.start_at::date AND (k.ends IS NULL OR p.key::date <= k.ends) END))))"""
_LACKING = """
SELECT finding_id, code, due_at FROM finding_defects
WHERE finding_id = ANY ($1::uuid[]) AND made_good_at IS NULL ORDER BY finding_id, code
"""
_OBJECTIONS = """
SELECT a.subject_kind, a.subject_id, a.case_id, a.id, a.answered_at, x.examined_at
FROM answers a LEFT JOIN answer_examinations x ON x.answer_id = a.id
WHERE a.stance = 'OBJECTED' AND (a.case_id = ANY ($2::uuid[])
  OR (a.subject_id = ANY ($1::uuid[]) AND a.subject_kind = 'FINDING')) ORDER BY a.answered_at, a.id
"""
_PAPERS = """
SELECT p.subject_id, p.id, p.form, p.step_id, p.issued_at,
  ARRAY(SELECT s.place FROM paper_signatures s WHERE s.paper_id = p.id ORDER BY s.place) AS signed,
  ARRAY(SELECT s.account_id FROM paper_signatures s WHERE s.paper_id = p.id AND s.account_id IS NOT NULL) AS signers,
  ARRAY(SELECT s.name FROM paper_signatures s WHERE s.paper_id = p.id AND s.account_id IS NULL
        UNION ALL SELECT r.name FROM paper_refusals r WHERE r.paper_id = p.id) AS names,
  (SELECT jsonb_object_agg(h.id, coalesce(a.name, '')) FROM case_steps c
   CROSS JOIN jsonb_array_elements_text(c.body::jsonb -> 'heads') AS h(id) LEFT JOIN accounts a ON a.id = h.id::uuid
   WHERE c.id = p.step_id AND c.kind = 'DELIBERATED') AS heads
FROM papers p WHERE p.subject_kind = 'CASE' AND p.subject_id = ANY ($1::uuid[]) AND p.state = 'ISSUED'
ORDER BY p.issued_at, p.id
"""
# An order that stands; a major hazard about which nothing was ordered; danger from which nobody was withdrawn.
_OPEN_HAZARDS = """
SELECT (SELECT count(DISTINCT m.id) FROM measure_findings f JOIN measures m ON m.id = f.measure_id
        WHERE f.finding_id = ANY ($1::uuid[]) AND m.closed_at IS NULL)
  + (SELECT count(*) FROM findings f WHERE f.id = ANY ($1::uuid[]) AND (f.unsafe OR f.severity = 'MAJOR')
     AND NOT EXISTS (SELECT FROM measure_findings x JOIN measures m ON m.id = x.measure_id
                     WHERE x.finding_id = f.id AND (NOT f.unsafe OR m.kind = 'WITHDRAW_PEOPLE')))
"""
_CLOSURES_DUE = """
SELECT f.id FROM findings f WHERE 'CLOSURE_TO_BE_PROPOSED' = ANY (f.flags) AND NOT EXISTS (
  SELECT FROM cases c JOIN case_steps s ON s.case_id = c.id
  WHERE c.mine_id = f.mine_id AND s.kind = 'PASSED_ON' AND s.body::jsonb ->> 'closure_for' = f.id::text)
ORDER BY f.seen_at DESC, f.id DESC LIMIT $1
"""
_BY_IDS = f"""
SELECT {_STEP}, (SELECT max(p.position) FROM positions p WHERE p.entry_id = s.entry_id) AS position,
  (SELECT y.kind FROM case_parties y WHERE y.id = s.party_id) AS party_kind
FROM case_steps s WHERE s.id = ANY ($1::uuid[])
"""
_PIECES = """
SELECT c.step_id, c.evidence_id FROM case_pieces c WHERE c.step_id = ANY ($1::uuid[]) ORDER BY c.step_id, c.evidence_id
"""
_PAPERS_OF_CASE = "SELECT id FROM papers WHERE id = ANY ($1::uuid[]) AND subject_kind = 'CASE' AND subject_id = $2"
_HEARD_IN_CASE = """
SELECT e.id, f.length_ms FROM evidence e LEFT JOIN facts f ON f.evidence_id = e.id
WHERE e.id = ANY ($1::uuid[]) AND (e.media_type LIKE 'video/%' OR e.media_type LIKE 'audio/%')
  AND EXISTS (SELECT FROM case_pieces c WHERE c.evidence_id = e.id AND c.case_id = $2)
"""
_HEADS = f"""
SELECT DISTINCT account_id FROM role_grants g
WHERE account_id = ANY ($1::uuid[]) AND role = 'AGENCY_HEAD' AND {holds_at("$2")}
  AND ($3 LIKE division || '%' OR office = $4 OR mine_id = $5)
"""


async def cases_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    state: str | None = None,
    touched_by: UUID | None = None,
) -> list[CaseRow]:
    """A page of the cases within the actor's reach, newest first; only of one mine, in one state, or which a provision
    touches: those not decided yet, and those in which a clock runs that it changes.
    """
    statement = page_within(
        _CASES, actor.reach, limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
        only={"state": state} if state is not None else None,
        where={_TOUCHED: (touched_by,)} if touched_by is not None else None,
    )  # fmt: skip
    return [CaseRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def cases_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[CaseRow]:
    """Those of the cases that the session's actor may see; one statement."""
    return [CaseRow(*row) for row in await sql.fetch(_OF_IDS, list(ids))]


async def case_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> CaseRow:
    """The case, or NotFound when the session's actor does not see one of that id."""
    found = await cases_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def file_of(sql: "asyncpg.Connection[Any]", id: UUID) -> File:
    """A case with all its steps and the law, in six statements; NotFound out of sight."""
    found = await files_of(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def files_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[File]:
    """Many cases with all their steps and the law, in six statements; those out of sight are left out."""
    rows, law = await cases_by_ids(sql, ids), await provisions.law_of(sql)
    steps: dict[UUID, list[AnyStep]] = {row.id: [] for row in rows}
    for row in await sql.fetch(_HISTORIES, list(steps)):
        steps[row["case_id"]].append(_step(row))
    histories = await _with_what_stands_beside(sql, rows, {row.id: History(tuple(steps[row.id])) for row in rows}, law)
    return [File(row, histories[row.id], law) for row in rows]


async def case_to_change(work: Work, id: UUID) -> File:
    """The same, locked until the act is over: nobody else takes a step in between."""
    row = await work.sql.fetchrow(_TO_CHANGE, id)
    if row is None:
        raise NotFound()
    case, law = CaseRow(*row), await provisions.law_of(work.sql)
    return File(case, await history_of(work.sql, case, law), law)


async def open_hazards_of(work: Work, findings: Sequence[UUID]) -> int:
    """How many orders about these findings are not closed, and how many that must be ordered were not."""
    return int(await work.sql.fetchval(_OPEN_HAZARDS, list(findings)))


async def closures_due(sql: "asyncpg.Connection[Any]", *, limit: int) -> list[UUID]:
    """The findings after which the closure of the mine is to be proposed and was not yet, newest first."""
    return [row["id"] for row in await sql.fetch(_CLOSURES_DUE, limit)]


async def history_of(sql: "asyncpg.Connection[Any]", case: CaseRow, law: Law) -> History:
    """All steps of a case, what the findings and orders lack on which it rests, what the mine objected to, who was
    recused before it, and its papers, in five statements (nine with orders on site)."""
    history = History(tuple(_step(row) for row in await sql.fetch(_HISTORY, case.id)))
    return (await _with_what_stands_beside(sql, [case], {case.id: history}, law))[case.id]


async def recused_before(work: Work, case: CaseRow, findings: Sequence[UUID]) -> Recused:
    """Who was recused from the inspection that a case comes from, or from those of its findings; one statement."""
    inspections = [case.inspection_id] if case.inspection_id is not None else []
    by_origin = await recusals.recused_by_origin(work.sql, inspections=inspections, findings=findings)
    return recusals.together((*inspections, *findings), by_origin)


async def lacking_of(sql: "asyncpg.Connection[Any]", findings: Sequence[UUID]) -> list[Lacking]:
    """What these findings still lack, in one statement."""
    return [Lacking(*row) for row in await sql.fetch(_LACKING, list(findings))]


async def objections_to(
    sql: "asyncpg.Connection[Any]", *, findings: Sequence[UUID], cases: Sequence[UUID]
) -> list[Objection]:
    """What mines objected to of these findings and cases, oldest first; one statement."""
    return [one for _, one in await _objections(sql, findings, cases)]


async def _objections(
    sql: "asyncpg.Connection[Any]", findings: Sequence[UUID], cases: Sequence[UUID]
) -> list[tuple[UUID, Objection]]:
    """The same, each with the finding or the case that it is about."""
    return [
        (row["case_id"] or row["subject_id"],
         Objection(row["id"], row["answered_at"], row["examined_at"],
                   step=row["subject_id"] if row["subject_kind"] == "CASE_STEP" else None,
                   finding=row["subject_id"] if row["subject_kind"] == "FINDING" else None))
        for row in await sql.fetch(_OBJECTIONS, list(findings), list(cases))
    ]  # fmt: skip


async def _with_what_stands_beside(
    sql: "asyncpg.Connection[Any]", rows: Sequence[CaseRow], histories: Mapping[UUID, History], law: Law
) -> dict[UUID, History]:
    """The histories with what others say to them: findings, orders, their lacks, objections, recusals, papers."""
    findings = [one for history in histories.values() for one in history.findings]
    found, lacking = await resting.found_of(sql, findings)
    held = await _held_by(sql, [one for history in histories.values() for one in history.measures], law)
    objected = await _objections(sql, findings, list(histories))
    papers = await _papers_about(sql, list(histories))
    before = {row.id: row.inspection_id for row in rows}
    inspections = [one for one in before.values() if one is not None]
    recused = await recusals.recused_by_origin(sql, inspections=inspections, findings=findings)
    return {
        id: replace(
            history,
            found={finding: found[finding] for finding in history.findings if finding in found},
            lacking=tuple(one for finding in history.findings for one in lacking.get(finding, ())),
            held=tuple(held[one] for one in history.measures),
            recused_before=recusals.together(
                (*history.findings, *((origin,) if (origin := before[id]) else ())), recused
            ),
            objections=tuple(one for about, one in objected if about == id or about in history.findings),
            papers=tuple(papers.get(id, ())),
        )
        for id, history in histories.items()
    }


async def _papers_about(sql: "asyncpg.Connection[Any]", cases: Sequence[UUID]) -> dict[UUID, list[OnPaper]]:
    """The papers that were issued about these cases, oldest first, by case."""
    found: dict[UUID, list[OnPaper]] = {}
    for row in await sql.fetch(_PAPERS, list(cases)):
        heads = {UUID(id): name for id, name in (row["heads"] or {}).items()}
        paper = OnPaper(
            row["id"], row["form"], row["step_id"], row["issued_at"], tuple(row["signed"]),
            heads_on(heads, accounts=row["signers"], names=row["names"]),
        )  # fmt: skip
        found.setdefault(row["subject_id"], []).append(paper)
    return found


async def _held_by(sql: "asyncpg.Connection[Any]", named: Sequence[UUID], law: Law) -> dict[UUID, Held]:
    """What these orders on site hold and lack; nothing is asked for none."""
    found = {}
    for id, order in (await measures.histories_of(sql, named)).items() if named else ():
        end = measured.ended(order)
        lacks = tuple((one.code.value, one.due_at) for one in of_the_order(order, law)) if end is None else ()
        found[id] = Held(measure=id, ended_at=end.at if end else None, lacks=lacks)
    return {id: found.get(id, Held(measure=id)) for id in named}


async def seizure_of(work: Work, measure: UUID, *, mine_id: UUID) -> datetime | None:
    """When this order to seal or seize was given at this mine; None when none was."""
    found = await measures.measures_by_ids(work.sql, [measure])
    if not found or found[0].mine_id != mine_id or not MEASURE_KINDS[found[0].kind].of_goods:
        return None
    return min(found[0].ordered_at, found[0].recorded_at)


async def steps_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[StepRow]:
    """Those of the steps that the session's actor sees; one statement."""
    return [
        StepRow(
            row["case_id"],
            row["ordinal"],
            _step(row),
            row["recorded_at"],
            row["entry_id"],
            row["position"],
            PartyKind(row["party_kind"]) if row["party_kind"] else None,
        )
        for row in await sql.fetch(_BY_IDS, list(ids))
    ]


async def pieces_of(sql: "asyncpg.Connection[Any]", steps: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Step and piece, of many steps in one statement."""
    return [(row["step_id"], row["evidence_id"]) for row in await sql.fetch(_PIECES, list(steps))]


async def noted_in(
    work: Work, notes: Sequence[ReviewNote], *, case_id: UUID
) -> tuple[frozenset[UUID], dict[UUID, int | None]]:
    """Those of the papers that notes name that are of the case; of the films and sounds also how long they last."""
    papers = await work.sql.fetch(_PAPERS_OF_CASE, [one.paper for one in notes if one.paper], case_id)
    pieces = await work.sql.fetch(_HEARD_IN_CASE, [one.piece for one in notes if one.piece], case_id)
    return frozenset(row["id"] for row in papers), {row["id"]: row["length_ms"] for row in pieces}


async def findings_among(work: Work, findings: Sequence[UUID], *, mine_id: UUID) -> list[UUID]:
    """Those of the findings that were made at this mine; nothing is asked for none."""
    if not findings:
        return []
    rows = await work.sql.fetch("SELECT id FROM findings WHERE id = ANY ($1) AND mine_id = $2", list(findings), mine_id)
    return [row["id"] for row in rows]


async def heads_among(work: Work, accounts: Sequence[UUID], *, case: CaseRow) -> frozenset[UUID]:
    """Those of the accounts that are heads of an agency that reaches the case."""
    if not accounts:
        return frozenset()
    rows = await work.sql.fetch(_HEADS, list(accounts), work.now, case.county, case.office, case.mine_id)
    return frozenset(row["account_id"] for row in rows)


def _step(row: "asyncpg.Record") -> AnyStep:
    officers = tuple(
        Officer(account=UUID(one["account"]), certificate=UUID(one["certificate"]) if one.get("certificate") else None)
        for one in orjson.loads(row["officers"])
    )
    body = body_of(StepKind(row["kind"]), orjson.loads(row["body"]))
    return Step(id=row["id"], at=row["at"], by=row["by_id"], body=body, party=row["party_id"], officers=officers)
