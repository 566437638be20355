"""The only acts that write findings: recording what was seen, attaching evidence to it, confirming it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from storage.casework.conduct import recusals
from storage.casework.findings import queries, rules
from storage.casework.findings.queries import Ground
from storage.casework.findings.rules import Broken, Fact
from storage.casework.findings.tables import (
    BrokenPromise,
    Defect,
    Finding,
    FindingConfirmation,
    FindingEvidence,
    Shortcoming,
)
from storage.field.inspections.rules import must_hold_certificate
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of
from storage.record.law import deadline_of
from storage.record.law.library import FindingKind
from storage.record.work import Work
from storage.register.identity.queries import certificate_of


async def record_finding(work: Work, *, fact: Fact) -> queries.FindingRow:
    """Keeps what an officer of the inspection saw, under the client's id; the same again answers as before.

    What it lacks is kept beside it as a defect and never refuses it. Raises BadInput, NotFound, NotAnOfficer,
    FindingKindUnknown, PlaceOfAnotherInspection, EvidenceOfAnotherInspection, FindingConflict; NotAllowed.
    """
    rules.must_be_well_formed(fact)
    ground = await queries.ground_of(work, fact.inspection_id, evidence=fact.evidence)
    work.actor.require(Verb.FINDING_RECORD, county=ground.county, office=ground.office, mine_id=ground.mine_id)
    rules.must_be_seen_by_an_officer(ground.officers, account=work.actor.account_id)
    if (known := await queries.recorded_before(work, fact)) is not None:
        return known
    kind = rules.must_be_of_the_library(fact, ground.law)
    rules.must_be_a_place_of(fact, places=ground.places)
    rules.must_be_evidence_of(fact.evidence, known=ground.evidence)
    earlier = await queries.earlier_at_the_mine(work, ground.mine_id, fact)
    finding = _finding(work, fact, kind, ground, earlier=earlier)
    recused = recusals.is_recused(work.actor.account_id, ground.recused, work.now)
    certificate = None if recused else await certificate_of(work, work.actor.account_id, day=fact.day)
    missing = await _insert(work, finding, fact.evidence, certificate=certificate, ground=ground)
    data = _told(finding, fact.evidence, certificate) | ({"defects": missing} if missing else {})
    work.record("finding.recorded", fact.id, **_scope(finding), data=data)
    return await queries.finding_of_id(work.sql, fact.id)


async def attach_evidence(work: Work, *, finding_id: UUID, evidence: Sequence[UUID]) -> queries.FindingRow:
    """Attaches pieces of the same inspection to a finding; those that are attached already stay.

    Raises NotFound, NotAnOfficer, EvidenceOfAnotherInspection; NotAllowed without the verb at this mine.
    """
    finding = await queries.finding_to_change(work, finding_id)
    ground = await queries.ground_of(work, finding.inspection_id, evidence=evidence)
    work.actor.require(Verb.FINDING_RECORD, county=finding.county, office=finding.office, mine_id=finding.mine_id)
    rules.must_be_seen_by_an_officer(ground.officers, account=work.actor.account_id)
    rules.must_be_evidence_of(evidence, known=ground.evidence)
    added = await queries.add_evidence(work, finding_id, evidence)
    if added:
        work.record("finding.evidenced", finding_id, **_scope(finding), data={"evidence": [str(one) for one in added]})
        await _make_good(work, finding, ground)
    return await queries.finding_of_id(work.sql, finding_id)


async def confirm_finding(work: Work, *, finding_id: UUID) -> queries.FindingRow:
    """Another officer of the inspection stands for a finding, with the certificate that he held when it was seen.

    Once each; again it answers as before. Raises NotFound, NotAnOfficer, OfficerRecused, CertificateNotValid;
    NotAllowed.
    """
    finding = await queries.finding_to_change(work, finding_id)
    ground = await queries.ground_of(work, finding.inspection_id, evidence=())
    work.actor.require(Verb.FINDING_RECORD, county=finding.county, office=finding.office, mine_id=finding.mine_id)
    rules.must_be_seen_by_an_officer(ground.officers, account=work.actor.account_id)
    recusals.must_not_be_recused([work.actor.account_id], ground.recused, work.now)
    today = day_of(work.now)
    certificate = await certificate_of(work, work.actor.account_id, day=today)
    certificate = must_hold_certificate(certificate, account=work.actor.account_id, on=today)
    if await queries.add_confirmation(work, finding_id, certificate):
        work.record("finding.confirmed", finding_id, **_scope(finding), data={"certificate": str(certificate)})
        await _make_good(work, finding, ground)
    return await queries.finding_of_id(work.sql, finding_id)


async def mark_promise_broken(work: Work, *, findings: Sequence[UUID], broken: Broken) -> None:
    """Says of findings that a promise is broken by them: in a case about one of them it weighs (实施意见三（六）2).

    The act that finds so is that of whoever calls; its entry names the findings.
    """
    rows = [
        BrokenPromise(finding_id=one, breach_id=broken.breach, year=broken.year, key=broken.key, title=broken.title,
                      stood_at=work.now)
        for one in sorted(set(findings))
    ]  # fmt: skip
    await add_rows(work.sql, rows)


def _finding(work: Work, fact: Fact, kind: FindingKind, ground: Ground, *, earlier: Sequence[rules.Earlier]) -> Finding:
    flags = rules.flags_of(fact, kind, earlier=earlier, law=ground.law, now=work.now)
    return Finding(
        id=fact.id, inspection_id=fact.inspection_id, place_id=fact.place_id, mine_id=ground.mine_id,
        county=ground.county, office=ground.office, kind=kind.key, severity=kind.severity, fact=fact.fact.strip(),
        measured=[one.told() for one in fact.measured], clause=kind.clause, measure_basis=kind.measure,
        penalty_basis=kind.penalty, producing=fact.producing, unsafe=fact.unsafe, marks=list(fact.marks),
        flags=[flag.value for flag in flags], repeats=rules.last_of_the_kind(fact, earlier), seen_at=fact.seen_at,
        recorded_by=work.actor.account_id, recorded_at=work.now,
    )  # fmt: skip


async def _insert(
    work: Work, finding: Finding, evidence: Sequence[UUID], *, certificate: UUID | None, ground: Ground
) -> list[str]:
    """Keeps the finding, and says which defects it has from its beginning."""
    missing = rules.shortcomings_of(
        evidence=len(evidence), certified=int(certificate is not None), law=ground.law, on=day_of(work.now),
        recused=recusals.is_recused(work.actor.account_id, ground.recused, work.now),
    )  # fmt: skip
    due, account = deadline_of(ground.law, "defect_made_good", work.now).over_at(), work.actor.account_id
    confirmation = FindingConfirmation(
        finding_id=finding.id, account_id=account, certificate_id=certificate, confirmed_at=work.now
    )
    await add_rows(work.sql, [finding])
    await add_rows(
        work.sql, [FindingEvidence(finding_id=finding.id, evidence_id=one, attached_at=work.now) for one in evidence]
    )
    await add_rows(work.sql, [confirmation])
    await add_rows(
        work.sql,
        [Defect(finding_id=finding.id, code=code, article=text, due_at=due) for code, text in missing.items()],
    )
    return [code.value for code in missing]


async def _make_good(work: Work, finding: queries.FindingRow, ground: Ground) -> None:
    """Ends the defects that are none any more, each with an entry that says so."""
    evidence, certified = await queries.support_of(work, finding.id)
    missing = rules.shortcomings_of(
        evidence=evidence, certified=certified, law=ground.law, on=day_of(work.now), recused=True
    )
    for code in await queries.end_defects(work, finding.id, keep=[code.value for code in missing]):
        data = {"defect": Shortcoming(code).value, "open": [one.value for one in missing]}
        work.record("finding.made_good", finding.id, **_scope(finding), data=data)


def _scope(finding: Finding | queries.FindingRow) -> dict[str, Any]:
    return {"county": finding.county, "office": finding.office, "mine_id": finding.mine_id}


def _told(finding: Finding, evidence: Sequence[UUID], certificate: UUID | None) -> dict[str, Any]:
    """The finding as its entry holds it; what is not there is left out."""
    told: dict[str, Any] = {
        name: getattr(finding, name)
        for name in ("kind", "fact", "measured", "clause", "measure_basis", "penalty_basis", "producing", "unsafe",
                     "marks", "flags")
    }  # fmt: skip
    told |= {
        "severity": finding.severity.value, "inspection": str(finding.inspection_id),
        "seen_at": finding.seen_at.isoformat(), "evidence": [str(one) for one in evidence],
    }  # fmt: skip
    for name, value in (("place", finding.place_id), ("repeats", finding.repeats), ("certificate", certificate)):
        if value is not None:
            told[name] = str(value)
    return told
