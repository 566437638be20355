"""Where a case stands, for lists, and what can be done next; derived from its history, pure."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import Archived, Closed, CourtAsked
from storage.casework.cases.bodies.deciding import ReviewSubmitted
from storage.casework.cases.bodies.notice import InvestigationEnded, NoticeServed
from storage.casework.cases.bodies.opening import NotRegistered
from storage.casework.cases.drafts import transfer_runs
from storage.casework.cases.history import History
from storage.casework.cases.missing import missing_for_decision
from storage.casework.cases.rules.hearing import hearing_is_due
from storage.casework.cases.rulings import is_performed, runs_of, served_at
from storage.casework.cases.steps import StepKind
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.problems import Problem


class CaseState(StrEnum):
    """How far a case has come; of several parties the one that is furthest behind tells."""

    PROPOSED = "PROPOSED"
    NOT_REGISTERED = "NOT_REGISTERED"
    INVESTIGATING = "INVESTIGATING"
    INVESTIGATED = "INVESTIGATED"
    NOTIFIED = "NOTIFIED"
    IN_HEARING = "IN_HEARING"
    IN_REVIEW = "IN_REVIEW"
    DECIDED = "DECIDED"
    SERVED = "SERVED"
    CHALLENGED = "CHALLENGED"
    BEFORE_THE_COURT = "BEFORE_THE_COURT"
    PERFORMED = "PERFORMED"
    TRANSFERRING = "TRANSFERRING"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"


_ORDER = tuple(CaseState)

# Which step gives what is missing.
SUPPLIES: dict[type[Problem], tuple[StepKind, ...]] = {
    problems.CaseNotRegistered: (StepKind.REGISTERED, StepKind.NOT_REGISTERED),
    problems.OfficersTooFew: (StepKind.OFFICERS_ASSIGNED,),
    problems.InvestigationNotEnded: (StepKind.INVESTIGATION_ENDED,),
    problems.NothingProven: (StepKind.STATEMENT_TAKEN, StepKind.EVIDENCE_ADDED),
    problems.RestsOnDefect: (StepKind.MADE_GOOD, StepKind.EXCLUDED, StepKind.APPROVED, StepKind.RELEASED),
    problems.RestsOnFinding: (),
    problems.RestsOnMeasure: (),
    problems.RecordingMissing: (StepKind.RECORDED,),
    problems.NoticeMissing: (StepKind.NOTICE_SERVED,),
    problems.DefenceTimeRuns: (StepKind.DEFENCE_RECEIVED, StepKind.DEFENCE_WAIVED),
    problems.DefenceNotExamined: (StepKind.DEFENCE_EXAMINED,),
    problems.ObjectionNotExamined: (),
    problems.HearingNotOffered: (StepKind.HEARING_OFFERED,),
    problems.HearingTimeRuns: (StepKind.HEARING_ASKED, StepKind.HEARING_WAIVED),
    problems.HearingNotHeld: (StepKind.HEARING_NOTIFIED, StepKind.HEARING_HELD, StepKind.HEARING_WAIVED),
    problems.HearingNotOnPaper: (),
    problems.DiscretionNotSuggested: (StepKind.DISCRETION_SUGGESTED,),
    problems.ReviewMissing: (StepKind.REVIEW_SUBMITTED, StepKind.REVIEW_PASSED, StepKind.REVIEW_RETURNED),
    problems.SoundWithoutTranscript: (StepKind.RECORDED,),
    problems.ReviewNotPassed: (StepKind.REVIEW_SUBMITTED,),
    problems.ReviewOutdated: (StepKind.REVIEW_SUBMITTED,),
    problems.DeliberationMissing: (StepKind.DELIBERATED,),
    problems.DeliberationNotOnPaper: (),
    problems.DeliberationNotSigned: (),
    problems.TimeLimitOver: (StepKind.CLOSED,),
}


def state_of(history: History, law: Law) -> CaseState:
    """Where the case stands; what depends on the day is told by its deadlines and not here."""
    if history.of(Archived):
        return CaseState.ARCHIVED
    if history.of(Closed):
        return CaseState.CLOSED
    if history.of(NotRegistered):
        return CaseState.NOT_REGISTERED
    if transfer_runs(history):
        return CaseState.TRANSFERRING
    if history.registered is None and not history.simple:
        return CaseState.PROPOSED
    return min((_of_party(party, history, law) for party in history.parties), key=_ORDER.index)


def next_steps(history: History, law: Law, now: datetime, party: UUID) -> tuple[StepKind, ...]:
    """What would bring the case of this party forward: what supplies each thing that is missing, else what follows."""
    missing = missing_for_decision(history, law, now, party=party)
    if not history.decisions(party) and missing:
        return tuple(dict.fromkeys(kind for one in missing for kind in SUPPLIES.get(type(one.problem), ())))
    return _FOLLOWS[_of_party(party, history, law)]


_FOLLOWS: dict[CaseState, tuple[StepKind, ...]] = dict.fromkeys(CaseState, (StepKind.DECIDED,)) | {
    CaseState.DECIDED: (StepKind.SERVED,),
    CaseState.SERVED: (StepKind.PAID, StepKind.EXECUTED, StepKind.URGED, StepKind.COURT_ASKED),
    CaseState.CHALLENGED: (StepKind.ANSWERED, StepKind.OUTCOME_RECEIVED),
    CaseState.BEFORE_THE_COURT: (StepKind.COURT_RULED,),
    CaseState.PERFORMED: (StepKind.CLOSED,),
    CaseState.CLOSED: (StepKind.ARCHIVED,),
    CaseState.ARCHIVED: (),
    CaseState.NOT_REGISTERED: (StepKind.ARCHIVED,),
}


def _of_party(party: UUID, history: History, law: Law) -> CaseState:
    decisions = history.decisions(party)
    if not decisions:
        return _before_the_decision(party, history)
    last, latest = decisions[-1], history.steps[-1]
    if runs_of(last, history):
        return CaseState.CHALLENGED
    if is_performed(last, history, law, day_of(latest.at)):
        return CaseState.PERFORMED
    if any(one.body.decision == last.id for one in history.of(CourtAsked)):
        return CaseState.BEFORE_THE_COURT
    return CaseState.SERVED if served_at(last, history) else CaseState.DECIDED


def _before_the_decision(party: UUID, history: History) -> CaseState:
    since = history.round_of(party)
    if since.of(ReviewSubmitted, party=party):
        return CaseState.IN_REVIEW
    if hearing_is_due(party, history):
        return CaseState.IN_HEARING
    if since.of(NoticeServed, party=party):
        return CaseState.NOTIFIED
    return CaseState.INVESTIGATED if history.of(InvestigationEnded) else CaseState.INVESTIGATING
