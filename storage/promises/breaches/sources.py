"""What shows a breach: a finding, a refusal found true, an inspection; and what the mine had signed by then."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from storage.casework.findings import queries as findings
from storage.field.inspections import queries as inspections
from storage.field.inspections.rules import NotAnOfficer
from storage.miners.refusals import queries as refusals
from storage.miners.refusals.rules import named_findings
from storage.miners.refusals.tables import RefusalStepKind
from storage.promises.breaches.rules import ARTICLE, CommitmentNotSigned, Said, Shown
from storage.promises.breaches.tables import BreachSource
from storage.promises.commitments import queries as commitments
from storage.promises.commitments.rules import ClauseNotPromised, clause_signed
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.templates.rules import digest_of
from storage.record.clock import day_of
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.problems import BadInput
from storage.record.work import Work


async def shown_by(
    work: Work, source: BreachSource, source_id: UUID, *, findings_named: Sequence[UUID] = ()
) -> tuple[Shown, datetime]:
    """What the source shows, and the moment of it; NotFound out of sight.

    Only an inspection names findings besides, its own; of a refusal they are those by which it was found true. Raises
    NotAnOfficer for an inspection of others, BadInput for findings that are not of it.
    """
    if source is BreachSource.INSPECTION:
        return await _by_inspection(work, source_id, findings_named)
    if findings_named:
        raise BadInput(field="findings", reason=BreachSource.INSPECTION.value)
    if source is BreachSource.REFUSAL:
        return await _by_refusal(work, source_id)
    finding = await findings.finding_of_id(work.sql, source_id)
    shown = Shown(source=source, source_id=source_id, mine_id=finding.mine_id, day=day_of(finding.seen_at),
                  findings=(finding.id,))  # fmt: skip
    return shown, finding.seen_at


async def promised_then(work: Work, *, mine_id: UUID, day: date, at: datetime, key: str) -> Said:
    """What the mine had signed last by then of a clause, for the year of that day.

    That its principal went since, or that it was superseded later, frees nobody of what it said.
    Raises CommitmentNotSigned, ClauseNotPromised.
    """
    last = await commitments.last_by(work.sql, mine_id, day.year, at)
    if last is None:
        raise CommitmentNotSigned(year=day.year, day=day.isoformat(), article=ARTICLE)
    signed = Commitment.decode(last.content)
    for clause, answer in zip(signed.clauses, signed.answers, strict=True):
        if clause["key"] == key:
            return _said(last.id, clause, answer)
    raise ClauseNotPromised(clause=key)


def _said(commitment_id: UUID, told: dict[str, Any], answer: dict[str, Any]) -> Said:
    clause = clause_signed(told)
    by_day = answer.get("by_day")
    return Said(
        commitment_id=commitment_id, key=clause.key, digest=digest_of(clause), title=clause.title.zh,
        title_en=clause.title.en, outcome=AnswerOutcome(answer["outcome"]),
        by_day=date.fromisoformat(by_day) if by_day else None,
    )  # fmt: skip


async def _by_refusal(work: Work, id: UUID) -> tuple[Shown, datetime]:
    refusal = await refusals.refusal_of_id(work.sql, id)
    steps = (await refusals.steps_of_refusals(work.sql, [id]))[id]
    shown = Shown(
        source=BreachSource.REFUSAL, source_id=id, mine_id=refusal.mine_id, day=refusal.day,
        findings=tuple(dict.fromkeys(named_findings(steps))),
        counts=any(one.kind is RefusalStepKind.SUBSTANTIATED for one in steps),
    )  # fmt: skip
    return shown, refusal.made_at


async def _by_inspection(work: Work, id: UUID, named: Sequence[UUID]) -> tuple[Shown, datetime]:
    inspection = await inspections.inspection_of_id(work.sql, id)
    officers = [one.account_id for one in await inspections.officers_of(work.sql, [id])]
    if work.actor.account_id not in officers:
        raise NotAnOfficer(account=str(work.actor.account_id))
    known = await findings.findings_by_ids(work.sql, named) if named else []
    if {one.id for one in known if one.inspection_id == id} != set(named):
        raise BadInput(field="findings", reason="of this inspection")
    shown = Shown(source=BreachSource.INSPECTION, source_id=id, mine_id=inspection.mine_id,
                  day=day_of(inspection.opened_at), findings=tuple(dict.fromkeys(named)))  # fmt: skip
    return shown, inspection.opened_at
