"""What the law says of legal review and of heads who deliberate (处罚法57, 58)."""

from datetime import datetime
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import (
    Deliberated,
    ReviewPassed,
    ReviewPoint,
    ReviewReturned,
    ReviewSubmitted,
)
from storage.casework.cases.bodies.notice import InvestigationEnded
from storage.casework.cases.history import History
from storage.casework.cases.missing import of_hearing, of_review
from storage.casework.cases.problems import unlawful
from storage.casework.cases.reviewing import must_be_placed, without_transcript
from storage.casework.cases.rules.officers import must_state, party_of
from storage.casework.cases.steps import Step
from storage.record.law import Law


def review_submitted(step: Step[ReviewSubmitted], history: History, law: Law, now: datetime) -> None:
    """处罚法58: the draft of one party, after the investigation, defence and hearing are over."""
    party = party_of(step, history)
    must_state(papers=step.body.papers)
    for _, piece in without_transcript(history):
        raise unlawful(problems.SoundWithoutTranscript, piece=str(piece))
    if history.last(InvestigationEnded) is None:
        raise unlawful(problems.InvestigationNotEnded)
    if step.body.sanctions and any(of_hearing(party, step.body.sanctions, history, law, now)):
        raise unlawful(problems.ReviewBeforeHearing)


def review_returned(step: Step[ReviewReturned], history: History, law: Law, now: datetime) -> None:
    """处罚法58: with what is to be put right."""
    _must_answer(step, history)
    must_state(notes=step.body.notes)
    must_be_placed(step.body.remarks)


def review_passed(step: Step[ReviewPassed], history: History, law: Law, now: datetime) -> None:
    """处罚法58; 国办发〔2018〕118号: every point, by somebody who did not investigate and is qualified."""
    _must_answer(step, history)
    if set(step.body.checked) != set(ReviewPoint):
        raise unlawful(problems.ReviewNotWhole)
    if not step.body.reviewed_before and not step.body.qualification.strip():
        raise unlawful(problems.ReviewerNotQualified)
    must_be_placed(step.body.remarks)


def deliberated(step: Step[Deliberated], history: History, law: Law, now: datetime) -> None:
    """处罚法57: several heads together, on a draft that was reviewed where that is needed."""
    party = party_of(step, history)
    must_state(opinion=step.body.opinion)
    if len(set(step.body.heads)) < 2:  # 集体: one is none, by the word itself.
        raise unlawful(problems.DeliberationAlone)
    for one in of_review(party, None, history, law, now):
        raise one.problem


def _must_answer(step: Step[ReviewReturned | ReviewPassed], history: History) -> None:
    """The newest submission of the party, not answered yet, by a reviewer who may."""
    party = party_of(step, history)
    submitted = history.round_of(party.id).last(ReviewSubmitted, party=party.id)
    if submitted is None or submitted.id != step.body.submitted or _is_answered(submitted.id, history):
        raise unlawful(problems.ReviewNotSubmitted)
    if step.by in history.investigators:
        raise unlawful(problems.ReviewerInvestigated)


def _is_answered(submitted: UUID, history: History) -> bool:
    return any(one.body.submitted == submitted for one in history.of(ReviewReturned, ReviewPassed))
