"""What the law says of facts, their defects, and of holding things (处罚法46, 55, 56; 强制法18–28)."""

from datetime import datetime
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.facts import (
    ApprovalOf,
    Approved,
    CorrectionChecked,
    CorrectionOrdered,
    DefectKind,
    EvidenceAdded,
    Excluded,
    KeepingDecided,
    MadeGood,
    Noted,
    Recorded,
    RegisterKept,
    Released,
    Seized,
    SeizureExtended,
    SentForTest,
    StatementTaken,
)
from storage.casework.cases.defects import EXCLUDABLE, distinct, hands_of, open_defects
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.holding import end_of_holding, end_of_seizure, extension_of, seized_here
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_act_together, must_follow, must_state
from storage.casework.cases.rulings import ignored
from storage.casework.cases.steps import Step
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of


def fact(step: Step[StatementTaken | EvidenceAdded | Noted], history: History, law: Law, now: datetime) -> None:
    """A fact is never refused; what is wrong with it is kept with it (defects.py)."""


def recorded(step: Step[Recorded], history: History, law: Law, now: datetime) -> None:
    """处罚法47: the pieces, or the reason why there are none."""
    history.named(step.body.step)
    must_state(evidence_or_gap=step.body.evidence or step.body.gap)


def made_good(step: Step[MadeGood], history: History, law: Law, now: datetime) -> None:
    """处罚法42, 46: by officers who may act; an approval is made good by approving (强制法19).

    What one officer entered for two, the other confirms by his own act.
    """
    named = (step.body.step, step.body.defect)
    if step.body.defect is DefectKind.NOT_APPROVED or named not in {
        (one.step, one.kind) for one in open_defects(history, law)
    }:
        raise unlawful(problems.DefectUnknown)
    must_state(how=step.body.how)
    if step.body.defect is DefectKind.NOT_CONFIRMED:
        _must_be_the_other(step, history.by_id[step.body.step], history)
    else:
        must_act_together(step.officers, history, law, step.at)


def _must_be_the_other(step: Step[MadeGood], named: AnyStep, history: History) -> None:
    """处罚法42, 55: an officer of it, or of the team, who does not stand for it yet says so himself, with a certificate
    of the day of the step and of today.

    Who took part may have been recused or have left since: another of those who investigate looks at it and stands for
    it, or nobody, and then no decision rests on it.
    """
    able = distinct(named.officers) | distinct(history.team)
    if step.by not in able or step.by in {who for who, _ in hands_of(named, history)}:
        raise unlawful(problems.ConfirmedByAnother)
    certified = {one.account for one in step.officers if one.certificate is not None}
    certified -= {one.account for one in named.officers if one.certificate is None}
    if step.by not in certified:  # Neither on the day of the step nor today may it be somebody without one.
        raise unlawful(problems.OfficerNotCertified, account=str(step.by))


def excluded(step: Step[Excluded], history: History, law: Law, now: datetime) -> None:
    """处罚法46: evidence that cannot stand is set aside, with the reason.

    处罚法42, 45, 62: so is what somebody entered after a decision as received before it, and was not: by two officers,
    neither of whom entered it. Until then it stands, and with it nothing is done by the decision.
    """
    named = history.named(step.body.step)
    late = {one.id for decision in history.decisions() for one in ignored(decision, history, law)}
    if named.id in history.excluded or not (isinstance(named.body, EXCLUDABLE) or named.id in late):
        raise unlawful(problems.NoSuchFact)
    must_state(reason=step.body.reason)
    if named.id in late:
        must_act_together(step.officers, history, law, step.at)
        if named.by in {step.by, *distinct(step.officers)}:
            raise unlawful(problems.SetAsideByEnterer)


def approved(step: Step[Approved], history: History, law: Law, now: datetime) -> None:
    """强制法18, 19; 处罚法56: beforehand, or within 24 hours of an urgent seizure."""
    must_state(reason=step.body.reason)
    if step.body.step is None:
        return
    seized = _named_here(step.body.step, history)
    if step.body.of is not ApprovalOf.SEIZED or not seized.body.urgent:
        raise unlawful(problems.StepUnknown)
    limit = deadline_of(law, "urgent_measure_report", seized.at)
    if limit.is_over(step.at):
        raise unlawful(problems.ApprovalTooLate, last=limit.over_at().isoformat())


def register_kept(step: Step[RegisterKept], history: History, law: Law, now: datetime) -> None:
    """处罚法56: the head has approved, the list is handed over."""
    must_state(items=step.body.items)
    must_act_together(step.officers, history, law, step.at)
    if not _is_approved(step, ApprovalOf.REGISTER_KEPT, history):
        raise unlawful(problems.KeepingNotApproved)
    if not step.body.list_handed_over:
        raise unlawful(problems.KeepingNotListed)


def keeping_decided(step: Step[KeepingDecided], history: History, law: Law, now: datetime) -> None:
    """处罚法56: once; late is better than never, and shows."""
    kept = history.named(step.body.kept, RegisterKept)
    must_follow(step, kept)
    must_state(outcome=step.body.outcome)
    if end_of_holding(kept, history) is not None:
        raise unlawful(problems.KeepingAlreadyDecided)


def seized(step: Step[Seized], history: History, law: Law, now: datetime) -> None:
    """强制法18, 19, 24: urgent ones are kept with their defects, planned ones need all of it.

    What was done by an order on site is kept as it was, once: the order had its own rules.
    """
    if step.body.measure in history.measures:
        raise unlawful(problems.MeasureNamedTwice)
    if step.body.urgent or step.body.measure is not None:
        return
    must_act_together(step.officers, history, law, step.at)
    if not _is_approved(step, ApprovalOf.SEIZED, history):
        raise unlawful(problems.SeizureNotApproved)
    body = step.body
    for part, done in (
        ("items", bool(body.items)),
        ("reasons_told", body.reasons_told),
        ("papers_handed_over", body.papers_handed_over),
        ("record_signed", body.record_signed),
        ("witness", body.party_present or bool(body.witness)),
    ):
        if not done:
            raise unlawful(problems.SeizureFlawed, part=part)


def seizure_extended(step: Step[SeizureExtended], history: History, law: Law, now: datetime) -> None:
    """强制法25: once, before the thirty days are over, with written reasons."""
    seizure = _named_here(step.body.seized, history)
    if end_of_holding(seizure, history) is not None:
        raise unlawful(problems.SeizureOver)
    if extension_of(seizure, history) is not None:
        raise unlawful(problems.SeizureExtendedTwice)
    if end_of_seizure(seizure, history, law, extended=False).is_over(step.at):
        raise unlawful(problems.SeizureOver)
    must_state(reason=step.body.reason)
    if not step.body.told_in_writing:
        raise unlawful(problems.ExtensionNotTold)


def sent_for_test(step: Step[SentForTest], history: History, law: Law, now: datetime) -> None:
    """强制法25(3): the days of the test are stated, while the seizure lasts."""
    seizure = _named_here(step.body.seized, history)
    if end_of_holding(seizure, history) is not None or end_of_seizure(seizure, history, law).is_over(step.at):
        raise unlawful(problems.SeizureOver)
    if not day_of(seizure.at) <= step.body.first <= step.body.last:
        raise unlawful(problems.TestNotBelievable)


def released(step: Step[Released], history: History, law: Law, now: datetime) -> None:
    """强制法27, 28: things may go back at any time, once."""
    seizure = _named_here(step.body.seized, history)
    must_follow(step, seizure)
    if end_of_holding(seizure, history) is not None:
        raise unlawful(problems.SeizureOver)


def correction_ordered(step: Step[CorrectionOrdered], history: History, law: Law, now: datetime) -> None:
    """处罚法28; 安法65, 68: by two officers, with a term.

    安法112: the days of a daily penalty run from it, so that none is entered later than the day in which what was done
    on site is written down.
    """
    must_state(what=step.body.what)
    must_act_together(step.officers, history, law, step.at)
    if deadline_of(law, "defect_made_good", step.at).is_over(now):
        raise unlawful(problems.StepBackdated)
    if step.body.due_on < day_of(step.at):
        raise unlawful(problems.StepBackdated)


def correction_checked(step: Step[CorrectionChecked], history: History, law: Law, now: datetime) -> None:
    """What was seen is a fact; it answers an order."""
    history.named(step.body.ordered, CorrectionOrdered)


def uncorrected(history: History) -> tuple[UUID, ...]:
    """Orders to correct that no check has found fulfilled."""
    good = {one.body.ordered for one in history.of(CorrectionChecked) if one.body.corrected}
    return tuple(one.id for one in history.of(CorrectionOrdered) if one.id not in good)


def _named_here(id: UUID, history: History) -> Step[Seized]:
    """强制法25, 28: a seizure that the case ordered; what an order on site holds is dealt with there."""
    seizure = history.named(id, Seized)
    if seizure.body.measure is not None:
        raise unlawful(problems.HeldByMeasure, measure=str(seizure.body.measure))
    return seizure


def _is_approved(step: AnyStep, of: ApprovalOf, history: History) -> bool:
    """Whether one approval that was given before stands for this act: each approval serves once."""
    given = [one for one in history.of(Approved) if one.body.of is of and one.body.step is None]
    every: tuple[AnyStep, ...] = (*history.of(RegisterKept), *seized_here(history))
    used = sum(one.kind.value == of.value and not (isinstance(one.body, Seized) and one.body.urgent) for one in every)
    return len(given) > used and given[used].at <= step.at
