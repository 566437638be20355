"""The acts on refusals: a report that marks a place or joins, and each step from the check to the lifting."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from storage.casework.conduct.recusals import must_not_be_recused, recused_from
from storage.field.inspections.rules import must_hold_certificate
from storage.miners.refusals import queries, rules
from storage.miners.refusals.conditions import Condition, must_be_a_condition
from storage.miners.refusals.queries import RefusalRow
from storage.miners.refusals.rules import Asked, Step
from storage.miners.refusals.tables import (
    Refusal,
    RefusalFiling,
    RefusalStanding,
    RefusalState,
    RefusalStep,
    RefusalStepKind,
)
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, minute_of
from storage.record.work import Work
from storage.register.identity.queries import certificate_of
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.provisions import queries as provisions

_FILED = """
INSERT INTO refusal_filings (report_id, mine_id, county, office, refusal_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (report_id) DO UPDATE SET refusal_id = excluded.refusal_id
"""
_STANDS = "UPDATE refusal_standings SET state = $2 WHERE id = $1"
_JOINED = "UPDATE refusal_standings SET reports = reports + 1, state = $2 WHERE id = $1"
_LIFTED = "UPDATE refusals SET lifted_at = $2 WHERE id = $1"


async def open_refusal(work: Work, *, report_id: UUID, condition: Condition) -> RefusalRow:
    """Marks a place as refused for a shift, or joins the refusal that stands there, for a report that says so openly.

    The batch of reports calls it: no verb, since a miner needs none. Its time is the minute of the alarm, and no entry
    names the report: only a digest of its random id stands there. Raises BadInput, NotFound.
    """
    mine = await mines.mine_of_id(work.sql, condition.mine_id)
    must_be_a_condition(condition, today=day_of(work.now))
    condition = replace(condition, place=await queries.place_name(work, condition))
    row = await queries.refusal_of_place(work, condition)
    if row is not None:
        return await _join(work, row, condition, report_id)
    refusal = _refusal(work, condition, mine)
    await add_rows(work.sql, [refusal])
    await add_rows(work.sql, [_standing(refusal)])
    step = Step(id=uuid4(), ordinal=0, kind=RefusalStepKind.MADE, at=refusal.made_at, words=_why(condition))
    await add_rows(work.sql, [_row(refusal.id, step)])
    await _tie(work, report_id, refusal)
    work.record("refusal.made", refusal.id, data=_told(refusal, step, report_id), **scope_of(refusal))
    return await queries.refusal_of_id(work.sql, refusal.id)


async def keep_for_later(work: Work, *, report_id: UUID, mine_id: UUID) -> None:
    """Keeps that a report refuses and waits for a routine check; nothing is marked. The batch of reports calls it."""
    mine = await mines.mine_of_id(work.sql, mine_id)
    row = RefusalFiling(report_id=report_id, mine_id=mine.id, county=mine.county, office=mine.office)
    await add_rows(work.sql, [row])


async def take_step(work: Work, *, refusal_id: UUID, asked: Asked) -> RefusalRow:
    """Takes the next step in a refusal, under the client's id; the same again answers as before.

    Raises BadInput, NotFound, NotAllowed, RefusalStepConflict, CertificateNotValid, OfficerRecused, and the
    Problems of rules.must_be_takeable.
    """
    rules.must_be_well_formed(asked)
    row = await queries.refusal_to_change(work, refusal_id)
    work.actor.require(rules.VERBS[asked.kind], **scope_of(row))
    if await queries.taken_before(work, refusal_id, asked):
        return row
    steps = (await queries.steps_of_refusals(work.sql, [refusal_id]))[refusal_id]
    law, today, account = await provisions.law_of(work.sql), day_of(work.now), work.actor.account_id
    found = await queries.around(work, row, steps, asked)
    await _must_not_be_recused(work, steps, asked)
    rules.must_be_takeable(steps, asked, by=account, around=found, law=law, on=today)
    step = await _taken(work, asked, ordinal=len(steps))
    await add_rows(work.sql, [_row(refusal_id, step)])
    state = rules.state_of([*steps, step], law, today)
    await work.sql.execute(_STANDS, refusal_id, state.value)
    if step.kind is RefusalStepKind.LIFTED:
        await work.sql.execute(_LIFTED, refusal_id, work.now)
    kind = f"refusal.{step.kind.value.lower()}"
    work.record(kind, refusal_id, data=_said(step) | {"state": state.value}, **scope_of(row))
    return await queries.refusal_of_id(work.sql, refusal_id)


async def _must_not_be_recused(work: Work, steps: Sequence[Step], asked: Asked) -> None:
    """处罚法43: whoever was recused from an inspection neither checks a place in it nor says what that came to."""
    if rules.VERBS[asked.kind] is Verb.REFUSAL_CHECK:
        checked = {one.inspection_id for one in steps if one.kind is RefusalStepKind.CHECKED} | {asked.inspection_id}
        recused = await recused_from(work.sql, *(one for one in checked if one is not None))
        must_not_be_recused([work.actor.account_id], recused, work.now)


async def _join(work: Work, row: RefusalRow, condition: Condition, report_id: UUID) -> RefusalRow:
    """A further report of the same place: the mine learns nothing of it, officers read what else it says."""
    steps = (await queries.steps_of_refusals(work.sql, [row.id]))[row.id]
    at = minute_of(work.now)
    step = Step(id=uuid4(), ordinal=len(steps), kind=RefusalStepKind.JOINED, at=at, words=_why(condition))
    state = rules.state_of([*steps, step], await provisions.law_of(work.sql), day_of(work.now))
    await add_rows(work.sql, [_row(row.id, step)])
    await work.sql.execute(_JOINED, row.id, state.value)
    await _tie(work, report_id, row)
    data = _said(step) | {"report": digest_of(report_id), "state": state.value}
    work.record("refusal.joined", row.id, data=data, **scope_of(row))
    return row


async def _taken(work: Work, asked: Asked, *, ordinal: int) -> Step:
    """The step with the certificate that stands behind it, where officers act on site."""
    account, certificate = work.actor.account_id, None
    if asked.kind in (RefusalStepKind.CHECKED, RefusalStepKind.SUBSTANTIATED, RefusalStepKind.UNSUBSTANTIATED):
        today = day_of(work.now)
        found = await certificate_of(work, account, day=today)
        certificate = must_hold_certificate(found, account=account, on=today)
    return Step(
        id=asked.id, ordinal=ordinal, kind=asked.kind, at=work.now, by_id=account, certificate_id=certificate,
        words=asked.words.strip(), officers=asked.officers, inspection_id=asked.inspection_id,
        scheme_id=asked.scheme_id, findings=asked.findings, measure_id=asked.measure_id,
    )  # fmt: skip


async def _tie(work: Work, report_id: UUID, row: Refusal | RefusalRow) -> None:
    await work.sql.execute(_FILED, report_id, row.mine_id, row.county, row.office, row.id)


def _refusal(work: Work, condition: Condition, mine: MineRow) -> Refusal:
    return Refusal(
        id=uuid4(), mine_id=mine.id, county=mine.county, office=mine.office, workplace_id=condition.workplace_id,
        place=condition.place, place_key=condition.place_key, day=condition.day, shift=condition.shift,
        clause=condition.clause.strip(), clause_key=condition.clause_key, danger=condition.danger,
        since=condition.since, made_at=minute_of(work.now),
    )  # fmt: skip


def _standing(refusal: Refusal) -> RefusalStanding:
    return RefusalStanding(
        id=refusal.id, county=refusal.county, office=refusal.office, state=RefusalState.MADE, reports=1
    )


def _row(refusal_id: UUID, step: Step) -> RefusalStep:
    return RefusalStep(
        id=step.id, refusal_id=refusal_id, ordinal=step.ordinal, kind=step.kind, at=step.at, by_id=step.by_id,
        certificate_id=step.certificate_id, words=step.words, officers=list(step.officers),
        inspection_id=step.inspection_id, scheme_id=step.scheme_id, findings=list(step.findings),
        measure_id=step.measure_id,
    )  # fmt: skip


def _why(condition: Condition) -> str:
    danger = condition.danger.value if condition.danger else ""
    return "\n".join(one for one in (danger, condition.clause_key, condition.clause.strip()) if one)


def _told(refusal: Refusal, step: Step, report_id: UUID) -> dict[str, Any]:
    """What the entry says of a mark: the condition, and nothing of who made it."""
    told = {
        "mine": str(refusal.mine_id), "place": refusal.place, "place_key": refusal.place_key,
        "workplace": str(refusal.workplace_id or ""), "day": refusal.day.isoformat(), "shift": refusal.shift.value,
        "clause": refusal.clause, "clause_key": refusal.clause_key,
        "danger": refusal.danger.value if refusal.danger else "", "since": refusal.since.isoformat(),
        "report": digest_of(report_id),
    }  # fmt: skip
    return told | _said(step)


def _said(step: Step) -> dict[str, Any]:
    """A step as its entry holds it; what is not there is left out."""
    said: dict[str, Any] = {"step": str(step.id), "ordinal": step.ordinal, "words": step.words}
    named = {
        "certificate": step.certificate_id, "inspection": step.inspection_id, "scheme": step.scheme_id,
        "measure": step.measure_id,
    }  # fmt: skip
    said |= {name: str(value) for name, value in named.items() if value is not None}
    lists: dict[str, Sequence[UUID]] = {"officers": step.officers, "findings": step.findings}
    return said | {name: [str(one) for one in value] for name, value in lists.items() if value}


def digest_of(report_id: UUID) -> str:
    """What of a report stands in an entry that others read: its random id cannot be found from it."""
    return sha256(b"pithead refusal report v1\n" + report_id.bytes).hexdigest()


def scope_of(row: Refusal | RefusalRow) -> dict[str, Any]:
    """The scope of a refusal, as verbs and entries take it."""
    return {"mine_id": row.mine_id, "county": row.county, "office": row.office}
