"""The only acts that write cases: filing one, and taking a step in it."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from storage.casework.cases import problems, queries, reviewing, rules, taking
from storage.casework.cases.bodies.after import Closed
from storage.casework.cases.bodies.deciding import DecidedOnTheSpot, Deliberated
from storage.casework.cases.bodies.facts import Seized
from storage.casework.cases.bodies.opening import Proposed
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.keeping import (
    keep_clocks,
    keep_conducts,
    keep_fines,
    keep_parties,
    keep_served,
    keep_step,
)
from storage.casework.cases.queries import CaseRow, File
from storage.casework.cases.recording import pieces_of
from storage.casework.cases.rules.closing import must_leave_no_hazard_open
from storage.casework.cases.standing import CaseState, state_of
from storage.casework.cases.tables import Case
from storage.casework.cases.taking import VERB_OF, Taking
from storage.field.evidence import queries as evidence
from storage.field.inspections.queries import standings
from storage.field.inspections.rules import Standing
from storage.field.keeping import operations as pieces_kept
from storage.record import ids
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.plain import told
from storage.record.problems import BadInput
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.provisions import queries as provisions

_ARTICLE_OF_FILES = "行政处罚法第四十七条"
"""全过程记录，归档保存: what a case rests on is held from the step that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A case to open by its first step: a proposal, or a decision on the spot. The client makes the id."""

    id: UUID
    mine_id: UUID
    first: Taking


async def file_case(work: Work, *, filing: Filing) -> CaseRow:
    """Opens a case; the same id with the same first step by the same person answers as before, else StepConflict.

    Raises the Problems of the rules, NotFound for a mine out of sight, NotAllowed without the verb there.
    """
    known = await queries.cases_by_ids(work.sql, [filing.id])
    if known:
        if known[0].mine_id != filing.mine_id:
            raise problems.StepConflict()
        return await take_step(work, case_id=filing.id, step=filing.first)
    body = filing.first.body
    if not isinstance(body, Proposed | DecidedOnTheSpot):
        raise BadInput(field="first", reason="PROPOSED, DECIDED_ON_THE_SPOT")
    mine = await mines.mine_of_id(work.sql, filing.mine_id)
    work.actor.require(VERB_OF[body.kind], county=mine.county, office=mine.office, mine_id=mine.id)
    row = _new(work, filing, body, mine)
    law = await provisions.law_of(work.sql)
    step = await _step(work, filing.first, row)
    before = History(recused_before=await queries.recused_before(work, row, taking.findings_of(body)))
    with taking.on_days_of_the_law():
        rules.must_be_lawful(step, before, law, work.now)
    await add_rows(work.sql, [Case(**{name: getattr(row, name) for name in CaseRow.__dataclass_fields__})])
    opened, entry = sorted(ids.new_id(to_ms(work.now)) for _ in range(2))  # So that they are read in this order.
    work.record("case.opened", row.id, **_scope(row), data=_said_of(row), entry_id=opened)
    return await _keep(work, step, File(row, before, law), filing.first, entry=entry)


async def take_step(work: Work, *, case_id: UUID, step: Taking) -> CaseRow:
    """Takes one step in a case, if the law lets it; the same step again by the same person answers as before.

    Raises the Problem of what keeps it from being taken, each with its article; NotFound, NotAllowed, StepConflict.
    """
    file = await queries.case_to_change(work, case_id)
    row = file.row
    work.actor.require(VERB_OF[step.body.kind], county=row.county, office=row.office, mine_id=row.mine_id)
    known = file.history.by_id.get(step.id)
    if known is not None:
        taking.must_be_same(known, step, by=work.actor.account_id)
        return row
    taken = await _step(work, step, row, file.history)
    if isinstance(step.body, Closed):
        must_leave_no_hazard_open(await queries.open_hazards_of(work, file.history.findings))
    with taking.on_days_of_the_law():
        rules.must_be_lawful(taken, file.history, file.law, work.now)
    return await _keep(work, taken, file, step)


async def _step(work: Work, asked: Taking, row: CaseRow, history: History | None = None) -> AnyStep:
    """The step with what stands behind it: certificates, pieces, heads; all of it looked up, nothing believed."""
    taking.must_be_writable(asked.body)
    if isinstance(asked.body, Seized) and asked.body.measure is not None:
        # It was done when the order was given, which is when its term began.
        given = await queries.seizure_of(work, asked.body.measure, mine_id=row.mine_id)
        asked = replace(asked, at=taking.must_be_a_seizure(asked.body.measure, given))
    mine = await mines.mine_of_id(work.sql, row.mine_id)
    behind = await _behind(work, asked, mine, taking.confirmed_by(asked.body, history))
    step = taking.step_of(asked, by=work.actor.account_id, now=work.now, standings=behind)
    pieces = pieces_of(step)
    taking.must_be_pieces(pieces, await evidence.media_of(work, pieces, mine_id=row.mine_id), step.body)
    if notes := reviewing.notes_of(step.body):
        reviewing.must_be_bound(notes, *await queries.noted_in(work, notes, case_id=row.id))
    findings = taking.findings_of(step.body)
    taking.must_be_findings(findings, await queries.findings_among(work, findings, mine_id=row.mine_id))
    taking.must_rest_on_whole_findings(step.body, await queries.lacking_of(work.sql, findings) if findings else [])
    objections = await queries.objections_to(work.sql, findings=findings, cases=()) if findings else []
    taking.must_have_examined(step.body, objections)
    named = step.body.heads if isinstance(step.body, Deliberated) else ()
    taking.must_be_heads(step.body, await queries.heads_among(work, named, case=row))
    return step


async def _behind(work: Work, asked: Taking, mine: MineRow, confirmed: AnyStep | None) -> dict[UUID, Standing]:
    """What stands behind its officers on its day; behind whoever confirms a step, on the day of that one as well."""
    if not asked.officers:
        return {}
    behind = await standings(work, asked.officers, mine=mine, day=day_of(min(asked.at or work.now, work.now)))
    if confirmed is None:
        return behind
    return taking.on_both_days(behind, await standings(work, asked.officers, mine=mine, day=day_of(confirmed.at)))


async def _keep(work: Work, step: AnyStep, file: File, asked: Taking, *, entry: UUID | None = None) -> CaseRow:
    """Writes the step, what follows from it, and its trace."""
    row, history = file.row, file.history.and_then(step)
    kind, said = f"case.{step.kind.value.lower()}", _told(step, ordinal=row.steps)
    if asked.at is not None and taking.is_ahead(asked, work.now):
        said["said_at"] = asked.at.isoformat()
    entry = work.record(kind, row.id, **_scope(row), data=said, entry_id=entry)
    await keep_step(work, step, row, entry=entry)
    await keep_parties(work, step, row)
    await keep_conducts(work, step, row)
    await keep_fines(work, step, row, history)
    await keep_served(work, step, row, history)
    if pieces := pieces_of(step):
        reason = f"{row.cause}（{step.kind.value}）"[:200]
        await pieces_kept.hold_for_case(work, pieces=pieces, case_id=row.id, article=_ARTICLE_OF_FILES, reason=reason)
    with taking.on_days_of_the_law():
        await keep_clocks(work, row, history, file.law, state=state_of(history, file.law))
    return await queries.case_of_id(work.sql, row.id)


def _new(work: Work, filing: Filing, body: Proposed | DecidedOnTheSpot, mine: MineRow) -> CaseRow:
    simple = isinstance(body, DecidedOnTheSpot)
    return CaseRow(
        id=filing.id, mine_id=mine.id, county=mine.county, office=mine.office, simple=simple,
        cause=body.cause if isinstance(body, Proposed) else "、".join(one.name for one in body.conducts),
        inspection_id=body.inspection if isinstance(body, Proposed) else None,
        state=(CaseState.SERVED if simple else CaseState.PROPOSED).value, steps=0, opened_by=work.actor.account_id,
        opened_at=work.now,
    )  # fmt: skip


def _scope(row: CaseRow) -> dict[str, Any]:
    return {"county": row.county, "office": row.office, "mine_id": row.mine_id}


def _said_of(row: CaseRow) -> dict[str, Any]:
    said: dict[str, Any] = {"mine": str(row.mine_id), "cause": row.cause, "simple": row.simple}
    return said | ({"inspection": str(row.inspection_id)} if row.inspection_id else {})


def _told(step: AnyStep, *, ordinal: int) -> dict[str, Any]:
    """What the entry says: the whole step, so that the case can be judged from the ledger alone."""
    said: dict[str, Any] = {
        "step": str(step.id), "ordinal": ordinal, "at": step.at.isoformat(), "body": told(step.body),
        "officers": told(step.officers),
    }  # fmt: skip
    return said | ({"party": str(step.party)} if step.party else {})
