"""What is wrong with facts that were kept all the same, who makes it good, and by when; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.casework.cases.bodies.facts import (
    Approved,
    CorrectionChecked,
    DefectKind,
    EvidenceAdded,
    MadeGood,
    Released,
    Seized,
    StatementTaken,
)
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import Officer
from storage.casework.conduct.recusals import ARTICLE as ARTICLE_OF_RECUSAL
from storage.casework.conduct.recusals import is_recused
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of

KEPT_BY_OFFICERS = (StatementTaken, EvidenceAdded, Seized, CorrectionChecked)
"""Facts that two officers with certificates keep, and that are kept when they are fewer."""
EXCLUDABLE = (StatementTaken, EvidenceAdded)

ARTICLES: dict[DefectKind, str] = {
    DefectKind.TOO_FEW_OFFICERS: "行政处罚法第四十二条、第五十五条",
    DefectKind.CERTIFICATE_NOT_VALID: "行政处罚法第四十二条、第五十五条",
    DefectKind.OFFICER_RECUSED: ARTICLE_OF_RECUSAL,
    DefectKind.NOT_SIGNED: "关于行政诉讼证据若干问题的规定第十条",
    DefectKind.NO_EVIDENCE: "行政处罚法第四十六条",
    DefectKind.NOT_APPROVED: "行政强制法第十九条",
    DefectKind.PAPERS_NOT_HANDED_OVER: "行政强制法第十八条、第二十四条",
    DefectKind.NOT_WITNESSED: "行政强制法第十八条",
}


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong with one fact. `who` makes it good by `due`; no decision rests on it before."""

    step: UUID
    kind: DefectKind
    since: datetime
    due: datetime
    who: tuple[UUID, ...]
    made_good_at: datetime | None = None

    @property
    def article(self) -> str:
        """The article that asks for what lacks."""
        return ARTICLES[self.kind]


def kinds_of(step: AnyStep, history: History, law: Law) -> Iterator[DefectKind]:
    """What is wrong with the step as it was kept."""
    if not isinstance(step.body, KEPT_BY_OFFICERS):
        return
    by_order = isinstance(step.body, Seized) and step.body.measure is not None
    if not by_order:  # Who ordered it on site, and whether that was approved, the measure tells.
        yield from _of_officers(step, history, law)
    match step.body:
        case StatementTaken(signed=False, refusal=""):
            yield DefectKind.NOT_SIGNED
        case EvidenceAdded(evidence=()):
            yield DefectKind.NO_EVIDENCE
        case Seized() as seized if by_order or seized.urgent:
            yield from _of_seizure(seized)


def defects_of(step: AnyStep, history: History, law: Law) -> tuple[Defect, ...]:
    """The defects of a step of this history, made good or not."""
    found = tuple(kinds_of(step, history, law))
    if not found:
        return ()
    who = tuple(one.account for one in step.officers) or (step.by,)
    return tuple(
        Defect(step.id, kind, step.at, _due(step, kind, law), who, _made_good_at(step, kind, history)) for kind in found
    )


def all_defects(history: History, law: Law) -> tuple[Defect, ...]:
    """Those of every fact that was not set aside, oldest first."""
    kept = (step for step in history if step.id not in history.excluded)
    return tuple(defect for step in kept for defect in defects_of(step, history, law))


def open_defects(history: History, law: Law) -> tuple[Defect, ...]:
    """Those that nobody has made good."""
    return tuple(one for one in all_defects(history, law) if one.made_good_at is None)


def _due(step: AnyStep, kind: DefectKind, law: Law) -> datetime:
    key = "urgent_measure_report" if kind is DefectKind.NOT_APPROVED else "defect_made_good"
    return deadline_of(law, key, step.at).over_at()


def _made_good_at(step: AnyStep, kind: DefectKind, history: History) -> datetime | None:
    if isinstance(step.body, Seized):
        for released in history.of(Released):
            if released.body.seized == step.id:
                return released.at
    if kind is DefectKind.NOT_APPROVED:
        return next((one.at for one in history.of(Approved) if one.body.step == step.id), None)
    good = (one.at for one in history.of(MadeGood) if (one.body.step, one.body.defect) == (step.id, kind))
    return next(good, None)


def _of_officers(step: AnyStep, history: History, law: Law) -> Iterator[DefectKind]:
    if len(distinct(step.officers)) < law.number("officers_per_inspection", day_of(step.at)):
        yield DefectKind.TOO_FEW_OFFICERS
    if any(one.certificate is None for one in step.officers):
        yield DefectKind.CERTIFICATE_NOT_VALID
    if any(is_recused(one.account, history.recused, step.at) for one in step.officers):
        yield DefectKind.OFFICER_RECUSED


def _of_seizure(seized: Seized) -> Iterator[DefectKind]:
    if seized.measure is None:
        yield DefectKind.NOT_APPROVED
    if not (seized.papers_handed_over and seized.reasons_told):
        yield DefectKind.PAPERS_NOT_HANDED_OVER
    if not seized.record_signed:
        yield DefectKind.NOT_SIGNED
    if not seized.party_present and not seized.witness:
        yield DefectKind.NOT_WITNESSED


def distinct(officers: tuple[Officer, ...]) -> frozenset[UUID]:
    """Their accounts, each once."""
    return frozenset(one.account for one in officers)
