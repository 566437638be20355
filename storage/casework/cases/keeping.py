"""The small writes by which a step is kept: its row, parties, pieces, fines, service, and the clocks of its case."""

from uuid import UUID

import orjson

from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, Served
from storage.casework.cases.bodies.opening import Proposed, ScopeWidened
from storage.casework.cases.clocks import Running, deadlines_of
from storage.casework.cases.drafts import conducts_of
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.queries import CaseRow
from storage.casework.cases.recording import pieces_of
from storage.casework.cases.showing import is_told
from storage.casework.cases.standing import CaseState
from storage.casework.cases.steps import PartyKind
from storage.casework.cases.tables import CaseFine, CaseParty, CasePiece
from storage.casework.cases.taking import fines_of
from storage.record import ids
from storage.record.bulk import add_rows
from storage.record.law import Law
from storage.record.ledger.proofs.canonical import canonical
from storage.record.plain import told
from storage.record.work import Work

_STEP = """
INSERT INTO case_steps (id, case_id, ordinal, kind, party_id, at, by_id, officers, body, recorded_at, entry_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
# A second service of one decision changes nothing: the mine has read it since the first.
_SERVED = """
INSERT INTO case_served (decision_id, case_id, mine_id, findings, served_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""
_CONDUCTS = """
INSERT INTO case_conducts (case_id, conduct_id, clause, kind) SELECT $1, t.id, t.clause, f.kind
FROM jsonb_to_recordset($2::jsonb) AS t(id uuid, clause text, finding uuid) LEFT JOIN findings f ON f.id = t.finding
ON CONFLICT DO NOTHING
"""
_CASE = "UPDATE cases SET state = $2, steps = $3, told_at = coalesce(told_at, $4) WHERE id = $1"
_FELL = "UPDATE case_fines SET fell_at = $2 WHERE decision_id = ANY ($1::uuid[]) AND fell_at IS NULL"
_CLOCKS = """
INSERT INTO case_clocks (case_id, key, subject, mine_id, county, office, party_id, start_at, ends, alarm, over_at, year,
  met_at, law)
SELECT $1, t.key, t.subject, $2, $3, $4, t.party_id, t.start_at, t.ends, t.alarm, t.over_at, t.year, t.met_at, $6
FROM jsonb_to_recordset($5::jsonb) AS t(key text, subject uuid, party_id uuid, start_at timestamptz, ends date,
  alarm date, over_at timestamptz, year integer, met_at timestamptz)
ON CONFLICT (case_id, key, subject) DO UPDATE SET start_at = EXCLUDED.start_at, ends = EXCLUDED.ends,
  alarm = EXCLUDED.alarm, over_at = EXCLUDED.over_at, year = EXCLUDED.year, met_at = EXCLUDED.met_at,
  law = EXCLUDED.law
"""
# A clock that no longer runs, such as that of the court once all is paid, was met by the step that ended it.
_GONE = """
UPDATE case_clocks c SET met_at = $3 WHERE c.case_id = $1 AND c.met_at IS NULL
  AND NOT EXISTS (SELECT FROM jsonb_to_recordset($2::jsonb) AS t(key text, subject uuid)
                  WHERE t.key = c.key AND t.subject = c.subject)
"""


async def keep_step(work: Work, step: AnyStep, row: CaseRow, *, entry: UUID) -> None:
    """The step and the pieces that it names."""
    await work.sql.execute(
        _STEP, step.id, row.id, row.steps, step.kind.value, step.party, step.at, step.by,
        canonical(told(step.officers)).decode(), canonical(told(step.body)).decode(), work.now, entry,
    )  # fmt: skip
    await add_rows(
        work.sql,
        [CasePiece(step_id=step.id, evidence_id=one, case_id=row.id) for one in dict.fromkeys(pieces_of(step))],
    )


async def keep_parties(work: Work, step: AnyStep, row: CaseRow) -> None:
    """The parties that a step brings in."""
    if isinstance(step.body, Proposed | DecidedOnTheSpot | ScopeWidened):
        await add_rows(
            work.sql,
            [CaseParty(id=one.id, case_id=row.id, kind=one.kind, name=one.name, subject=one.subject)
             for one in step.body.parties],
        )  # fmt: skip


async def keep_conducts(work: Work, step: AnyStep, row: CaseRow) -> None:
    """The conducts that a step brings in, with the kinds of their findings."""
    if isinstance(step.body, Proposed | DecidedOnTheSpot | ScopeWidened) and step.body.conducts:
        named = [
            {"id": one.id, "clause": one.clause.strip(), "finding": one.finding} for one in step.body.conducts
        ]  # fmt: skip
        await work.sql.execute(_CONDUCTS, row.id, orjson.dumps(named, default=str).decode())


async def keep_fines(work: Work, step: AnyStep, row: CaseRow, history: History) -> None:
    """Fines that stand from now on, and those that fell; the index refuses a second one of another case."""
    fell = [one for one, by in history.fallen.items() if by.id == step.id]
    if fell:
        await work.sql.execute(_FELL, fell, work.now)
    await add_rows(
        work.sql,
        [CaseFine(id=ids.new_id(), case_id=row.id, decision_id=step.id, subject=subject, finding_id=finding)
         for subject, finding in fines_of(step, history)],
    )  # fmt: skip


async def keep_served(work: Work, step: AnyStep, row: CaseRow, history: History) -> None:
    """That a decision reached the unit that is its party; one made on the spot was handed over there."""
    decision = step if isinstance(step.body, DecidedOnTheSpot) else None
    if isinstance(step.body, Served):
        decision = history.by_id[step.body.decision]
    if decision is None or not isinstance(decision.body, Decided | DecidedOnTheSpot):
        return
    if decision.party is None or history.parties[decision.party].kind is not PartyKind.UNIT:
        return
    findings = {history.conducts[one].finding for one in conducts_of(decision) if one in history.conducts}
    known = sorted(one for one in findings if one is not None)
    await work.sql.execute(_SERVED, decision.id, row.id, row.mine_id, known, work.now)


async def keep_clocks(work: Work, row: CaseRow, history: History, law: Law, *, state: CaseState) -> None:
    """What is derived: the state for lists, and every clock for the sweep."""
    await work.sql.execute(_CASE, row.id, state.value, len(history.steps), work.now if is_told(history) else None)
    clocks = orjson.dumps([_told(one) for one in one_each(deadlines_of(history, law))], default=str).decode()
    await work.sql.execute(_CLOCKS, row.id, row.mine_id, row.county, row.office, clocks, law.edition)
    await work.sql.execute(_GONE, row.id, clocks, work.now)


def one_each(clocks: tuple[Running, ...]) -> list[Running]:
    """One clock a key and subject: several defects of one fact end with the last of them."""
    found: dict[tuple[str, UUID], Running] = {}
    for one in clocks:
        before = found.get((one.key, one.subject))
        if before is None or (before.met_at is not None and (one.met_at is None or one.met_at > before.met_at)):
            found[one.key, one.subject] = one
    return list(found.values())


def _told(one: Running) -> dict[str, object]:
    deadline = one.deadline
    return {
        "key": one.key, "subject": one.subject, "party_id": one.party, "start_at": one.start,
        "ends": deadline.ends if deadline else None, "alarm": deadline.alarm if deadline else None,
        "over_at": deadline.over_at() if deadline else None, "year": one.year, "met_at": one.met_at,
    }  # fmt: skip
