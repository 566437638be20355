"""What the law says of closing a case and putting its file away (处罚法47, 52, 57, 66; 档案法13)."""

from datetime import datetime

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import (
    Archived,
    CircularIssued,
    Closed,
    ClosingGround,
    CourtAsked,
    CourtRuled,
    InterviewHeld,
    OutcomeReceived,
    Result,
)
from storage.casework.cases.bodies.deciding import DecidedOnTheSpot, SpotReported
from storage.casework.cases.bodies.facts import DefectKind
from storage.casework.cases.bodies.transfer import TransferAnswered
from storage.casework.cases.defects import open_defects
from storage.casework.cases.drafts import conducts_of
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.holding import still_held
from storage.casework.cases.missing import time_limit
from storage.casework.cases.paperwork import must_be_approved_on_paper, must_be_whole
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_state
from storage.casework.cases.rules.serving import must_not_have_ignored
from storage.casework.cases.rules.things import uncorrected
from storage.casework.cases.rulings import Ruling, is_performed, runs_of
from storage.casework.cases.steps import PartyKind, Step
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.numbers.fines import WITH_THE_PRINCIPAL

_PERSON = PartyKind.PERSON


def closed(step: Step[Closed], history: History, law: Law, now: datetime) -> None:
    """处罚法42, 47, 66; 安法41: nothing open: no hazard, no thing held, no remedy, nothing owed, no step of two
    for which one alone stands; approved.
    """
    must_state(report=step.body.report)
    if hazards := uncorrected(history):
        raise unlawful(problems.OpenHazard, open=len(hazards))
    for defect in open_defects(history, law):
        if defect.kind is DefectKind.NOT_CONFIRMED:
            raise unlawful(problems.RestsOnDefect, step=str(defect.step), defect=defect.kind.value)
    if still_held(history):
        raise unlawful(problems.ThingsStillHeld)
    for decision in history.decisions():
        must_not_have_ignored(decision, history, law)
        if runs_of(decision, history):
            raise unlawful(problems.RemedyRunning)
    _must_rest_on_its_ground(step, history, law)
    must_be_approved_on_paper(step, history)


def must_leave_no_hazard_open(hazards: int) -> None:
    """安法41, 条例44: no order about a finding of this case is still to be carried out, and none that must be given is
    missing: of a major hazard one, of danger a withdrawal; closing the case would let it lapse.
    """
    if hazards:
        raise unlawful(problems.OpenHazard, open=hazards)


def archived(step: Step[Archived], history: History, law: Law, now: datetime) -> None:
    """档案法13: once, when the case is closed, and whole."""
    if history.ended is None:
        raise unlawful(problems.NotClosed)
    if history.of(Archived):
        raise unlawful(problems.AlreadyArchived)
    must_be_whole(step, history)


def told(step: Step[CircularIssued | InterviewHeld], history: History, law: Law, now: datetime) -> None:
    """通报, 约谈: what was said."""
    must_state(words=step.body.words)


def _must_rest_on_its_ground(step: Step[Closed], history: History, law: Law) -> None:
    match step.body.ground:
        case ClosingGround.TRANSFERRED:
            answer = history.last(TransferAnswered)
            if answer is None or not answer.body.opened:
                raise unlawful(problems.PartyUndecided)
        case ClosingGround.NOT_DECIDABLE:
            limit = time_limit(history, law)
            if limit is None or not limit.is_over(step.at) or history.decisions():
                raise unlawful(problems.StillDecidable)
        case ClosingGround.DONE | ClosingGround.COURT:
            _must_be_decided_and_done(step, history, law)


def _must_be_decided_and_done(step: Step[Closed], history: History, law: Law) -> None:
    decided = {one.party for one in history.decisions()}
    # What fell is done with, unless it was sent back to be decided anew.
    decided |= {history.by_id[one].party for one, by in history.fallen.items() if not _is_redo(by)}
    if set(history.parties) - decided:
        raise unlawful(problems.PartyUndecided)
    _must_have_decided_on_the_principal(history)
    for decision in history.decisions():
        by_court = step.body.ground is ClosingGround.COURT and _is_with_the_court(decision, history)
        if not by_court and not is_performed(decision, history, law, day_of(step.at)):
            raise unlawful(problems.NotPerformed)
        if isinstance(decision.body, DecidedOnTheSpot) and not history.of(SpotReported):
            raise unlawful(problems.SpotNotReported)


def _must_have_decided_on_the_principal(history: History) -> None:
    """条例64: who is fined for producing with a major hazard is so with his principal: for the same conduct."""
    of_persons = [one for one in history.decisions() if one.party and history.parties[one.party].kind is _PERSON]
    answered = {conduct for one in of_persons for conduct in conducts_of(one)}
    for decision in history.decisions():
        fines = [one for one in decision.body.sanctions if one.basis in WITH_THE_PRINCIPAL]
        named = {id for one in fines for id in ([one.conduct] if one.conduct else conducts_of(decision))}
        if named - answered:
            raise unlawful(problems.PrincipalUndecided)


def _is_redo(step: AnyStep) -> bool:
    return isinstance(step.body, OutcomeReceived) and step.body.result is Result.REDO


def _is_with_the_court(decision: Ruling, history: History) -> bool:
    asked = {one.id for one in history.of(CourtAsked) if one.body.decision == decision.id}
    return any(one.body.allowed and one.body.asked in asked for one in history.of(CourtRuled))
