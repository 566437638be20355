"""What is wrong with facts that were kept all the same, who makes it good, and by when; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.casework.cases.bodies.after import Urged
from storage.casework.cases.bodies.deciding import Served
from storage.casework.cases.bodies.facts import (
    Approved,
    CorrectionChecked,
    DefectKind,
    EvidenceAdded,
    Excluded,
    MadeGood,
    Released,
    Seized,
    StatementTaken,
)
from storage.casework.cases.bodies.notice import (
    HearingNotified,
    HearingOffered,
    InvestigationEnded,
    NoticeServed,
)
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import Officer, ServiceWay
from storage.casework.conduct.recusals import ARTICLE as ARTICLE_OF_RECUSAL
from storage.casework.conduct.recusals import is_recused
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of

KEPT_BY_OFFICERS = (StatementTaken, EvidenceAdded, Seized, CorrectionChecked)
"""Facts that two officers with certificates keep, and that are kept when they are fewer."""
EXCLUDABLE = (StatementTaken, EvidenceAdded)
_RENEWED = (InvestigationEnded, NoticeServed, HearingOffered, HearingNotified)
"""What is done anew in place of what was done before: the last one counts."""
_BY_TWO_OTHERS = (DefectKind.TOO_FEW_OFFICERS, DefectKind.CERTIFICATE_NOT_VALID, DefectKind.OFFICER_RECUSED)
"""What two officers make good by looking again, each of whom then stands for it."""
_IN_HAND = (ServiceWay.DIRECT, ServiceWay.LEFT)
"""The ways of service in which officers stand before the party; the others have the post's or the court's proof."""

ARTICLES: dict[DefectKind, str] = {
    DefectKind.TOO_FEW_OFFICERS: "行政处罚法第四十二条、第五十五条",
    DefectKind.NOT_CONFIRMED: "行政处罚法第四十二条、第五十五条",
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
    kept_by_few = isinstance(step.body, KEPT_BY_OFFICERS) and len(distinct(step.officers)) < _needed(step, law)
    if is_for_two(step, history, law) and not kept_by_few:  # A fact that too few kept, two others look at again.
        yield DefectKind.NOT_CONFIRMED
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
    return tuple(
        Defect(
            step.id, kind, step.at, _due(step, kind, law), _who(step, kind, history),
            _made_good_at(step, kind, history, law),
        )
        for kind in found
    )  # fmt: skip


def all_defects(history: History, law: Law) -> tuple[Defect, ...]:
    """Those of every fact that was not set aside, oldest first."""
    kept = (step for step in history if step.id not in history.excluded)
    return tuple(defect for step in kept for defect in defects_of(step, history, law))


def open_defects(history: History, law: Law) -> tuple[Defect, ...]:
    """Those that nobody has made good."""
    return tuple(one for one in all_defects(history, law) if one.made_good_at is None)


def _who(step: AnyStep, kind: DefectKind, history: History) -> tuple[UUID, ...]:
    """Whoever took part; for a step of two those who may still stand for it, named there or not: where there are too
    few of them, the head assigns others."""
    if kind is not DefectKind.NOT_CONFIRMED:
        return tuple(one.account for one in step.officers) or (step.by,)
    unable = {who for who, _ in hands_of(step, history)} | history.recused.keys()
    unable |= {one.account for one in step.officers if one.certificate is None}
    able = dict.fromkeys(one.account for one in (*step.officers, *history.team) if one.certificate is not None)
    return tuple(one for one in able if one not in unable)


def _due(step: AnyStep, kind: DefectKind, law: Law) -> datetime:
    key = "urgent_measure_report" if kind is DefectKind.NOT_APPROVED else "defect_made_good"
    return deadline_of(law, key, step.at).over_at()


def _made_good_at(step: AnyStep, kind: DefectKind, history: History, law: Law) -> datetime | None:
    if isinstance(step.body, Seized):
        for released in history.of(Released):
            if released.body.seized == step.id:
                return released.at
    if kind is DefectKind.NOT_CONFIRMED:
        return _confirmed_at(step, history, law)
    if kind is DefectKind.NOT_APPROVED:
        return next((one.at for one in history.of(Approved) if one.body.step == step.id), None)
    good = (one.at for one in history.of(MadeGood) if (one.body.step, one.body.defect) == (step.id, kind))
    return next(good, None)


def is_for_two(step: AnyStep, history: History, law: Law) -> bool:
    """处罚法42, 55: whether the law wants it done by enough officers together, whomever it names."""
    match step.body:
        case NoticeServed() | HearingOffered() | HearingNotified() | Served() | Urged():
            if step.body.delivery.way not in _IN_HAND:
                return False
        case Seized() if step.body.measure is not None:
            return False  # Who ordered it on site, and who confirmed that, the measure tells.
        case MadeGood(defect=DefectKind.NOT_CONFIRMED):
            return False  # It is the act of one.
        case Excluded() if isinstance(history.by_id[step.body.step].body, EXCLUDABLE):
            return False
    return step.kind.value in law.listed("steps_of_two", day_of(step.at))


def hands_of(step: AnyStep, history: History) -> tuple[tuple[UUID, datetime], ...]:
    """Who stands for a step by an act of his own, each since when, oldest first: whoever entered it, if he is of its
    officers and may be, and who confirmed it."""
    own = {step.by: step.at} if _is_able(step.by, step, history) else {}
    for one in history.of(MadeGood):
        if (one.body.step, one.body.defect) == (step.id, DefectKind.NOT_CONFIRMED):
            own.setdefault(one.by, one.at)
    return tuple(own.items())


def _is_able(account: UUID, step: AnyStep, history: History) -> bool:
    """处罚法42, 43: named, with a certificate of that day, and not recused then."""
    certified = {one.account for one in step.officers if one.certificate is not None}
    return account in certified and not is_recused(account, history.recused, step.at)


def _confirmed_at(step: AnyStep, history: History, law: Law) -> datetime | None:
    """When enough stood for it; or, instead of them, for what two did anew or looked at again."""
    hands, needed = hands_of(step, history), _needed(step, law)
    if len(hands) >= needed:
        return hands[needed - 1][1]
    later = history.steps[history.place(step) + 1 :]
    found = (_stands_since(one, history, law) for one in later if _is_instead_of(one, step))
    return min((at for at in found if at is not None), default=None)


def _is_instead_of(later: AnyStep, step: AnyStep) -> bool:
    if isinstance(later.body, MadeGood):
        return later.body.step == step.id and later.body.defect in _BY_TWO_OTHERS
    return isinstance(step.body, _RENEWED) and (later.kind, later.party) == (step.kind, step.party)


def _stands_since(step: AnyStep, history: History, law: Law) -> datetime | None:
    return _confirmed_at(step, history, law) if is_for_two(step, history, law) else step.at


def _needed(step: AnyStep, law: Law) -> int:
    return law.number("officers_per_inspection", day_of(step.at))


def _of_officers(step: AnyStep, history: History, law: Law) -> Iterator[DefectKind]:
    if len(distinct(step.officers)) < _needed(step, law):
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
