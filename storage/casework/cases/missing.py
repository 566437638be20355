"""Why a case cannot be decided yet: what is missing for one party, each with its article and since when; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import OutcomeReceived, Result
from storage.casework.cases.bodies.deciding import (
    Decided,
    DecisionOutcome,
    Deliberated,
    ReviewPassed,
    ReviewReturned,
    ReviewSubmitted,
)
from storage.casework.cases.bodies.facts import EvidenceAdded, RegisterKept, Released, Seized, StatementTaken
from storage.casework.cases.bodies.notice import (
    DefenceExamined,
    DefenceReceived,
    DefenceWaived,
    DiscretionSuggested,
    HearingAsked,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingWaived,
    InvestigationEnded,
    NoticeServed,
)
from storage.casework.cases.defects import distinct, open_defects
from storage.casework.cases.drafts import of_draft, weighed
from storage.casework.cases.history import AnyStep, History, Lacking, Objection
from storage.casework.cases.paperwork import hearing_without_record, record_lacks
from storage.casework.cases.problems import ARTICLES, unlawful
from storage.casework.cases.recording import Completeness, completeness_of
from storage.casework.cases.reviewing import without_transcript
from storage.casework.cases.sanctions import needs_hearing
from storage.casework.cases.steps import Party, Sanction, SanctionKind, Step
from storage.casework.conduct.recusals import is_recused
from storage.record.clock import SHANGHAI, day_of
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of
from storage.record.problems import Problem

# What makes a review stale: the draft was not looked at with this in it.
_CHANGES = (
    EvidenceAdded, StatementTaken, InvestigationEnded, DiscretionSuggested, NoticeServed, DefenceReceived,
    DefenceExamined, HearingAsked, HearingNotified, HearingHeld,
)  # fmt: skip


ARTICLE_OF_WORKING_DAYS = "行政处罚法第八十五条"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that lacks for a decision. `since` is when it became due, None from the beginning.

    `step` is the step that it is about and `finding` the finding, where it is about one; `due` until when it is to be
    made good, or how long a time runs that nobody cuts short.
    """

    problem: Problem
    since: datetime | None = None
    step: UUID | None = None
    finding: UUID | None = None
    due: datetime | None = None

    @property
    def code(self) -> str:
        """Its stable code."""
        return self.problem.code

    @property
    def article(self) -> str:
        """The article that asks for it."""
        return str(self.problem.parameters.get("article", ARTICLE_OF_WORKING_DAYS))


def missing_for_decision(
    history: History, law: Law, now: datetime, *, party: UUID, draft: Decided | None = None
) -> tuple[Missing, ...]:
    """What is missing for the decision of one party: DECIDED is refused exactly while this is not empty.

    With the draft of a decision also what that draft itself breaks; without one, the notice tells what is intended.
    """
    against = history.parties.get(party)
    if against is None:
        return (Missing(unlawful(problems.PartyNotOfCase)),)
    return tuple(_missing(against, draft, history, law, now))


def _missing(party: Party, draft: Decided | None, history: History, law: Law, now: datetime) -> Iterator[Missing]:
    yield from _of_case(history, law, now)
    yield from _of_facts(history, law)
    yield from _of_findings(party, draft, history)
    yield from _of_objections(party, draft, history, law)
    yield from _of_recordings(party, history)
    sanctions = _intended(party, draft, history)
    if draft is None or draft.outcome is DecisionOutcome.PENALTY:
        yield from of_hearing(party, sanctions, history, law, now)
        yield from _of_discretion(party, sanctions, history)
    yield from of_review(party, sanctions, history, law, now)
    yield from _of_deliberation(party, sanctions, history, law, now)
    if draft is not None:
        yield from (Missing(problem, now) for problem in of_draft(draft, party, history, law, day_of(now)))


def rests_on(lacking: Lacking) -> Problem:
    """What keeps any decision from resting on such a finding."""
    due = f"{lacking.due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return unlawful(problems.RestsOnFinding, finding=str(lacking.finding), lacks=lacking.code, due=due)


def _of_findings(party: Party, draft: Decided | None, history: History) -> Iterator[Missing]:
    """处罚法40: no penalty on facts that are not clear; what a finding lacks is made good where it was found.

    Only the findings of the conducts that this party is told of or decided on: those of another stop nobody else.
    Before the notice nobody knows which these will be, so all of them are shown.
    """
    own = _own_findings(party, draft, history)
    for one in history.lacking:
        if one.finding in own:
            yield Missing(rests_on(one), finding=one.finding, due=one.due)


def _own_findings(party: Party, draft: Decided | None, history: History) -> set[UUID | None]:
    notice = history.round_of(party.id).last(NoticeServed, party=party.id)
    told = draft.conducts if draft is not None else notice.body.conducts if notice is not None else history.conducts
    return {history.conducts[one].finding for one in told if one in history.conducts}


def not_examined(objection: Objection) -> Problem:
    """What keeps any decision from resting on what was objected to and not looked at again."""
    return unlawful(problems.ObjectionNotExamined, answer=str(objection.id))


def _of_objections(party: Party, draft: Decided | None, history: History, law: Law) -> Iterator[Missing]:
    """处罚法45: facts, reasons and evidence that were put forward in time are examined, whichever way they came."""
    own = _own_findings(party, draft, history)
    for one in objections_in_time(party.id, history, law):
        if one.examined_at is None and (one.finding is None or one.finding in own):
            yield Missing(not_examined(one), one.at, step=one.step, finding=one.finding)


def objections_in_time(party: UUID, history: History, law: Law) -> Iterator[Objection]:
    """处罚法44, 45: those within the time to defend, from the last notice, or from the step that was told after it.

    What is said later is kept, read and answered, but stops nothing: else one word a day would outlast the ninety days.
    """
    notice = history.round_of(party).last(NoticeServed, party=party)
    for one in history.objections_for(party):
        told = history.by_id.get(one.step) if one.step is not None else None
        since = None if notice is None else max(notice.at, told.at) if told is not None else notice.at
        try:
            late = since is not None and deadline_of(law, "defence", since).is_over(one.at)
        except YearNotPublished:
            late = False
        if not late:
            yield one


def time_limit(history: History, law: Law) -> Deadline | None:
    """The ninety days (处罚法60): from the registration, or from the day a court or organ had it done again."""
    if history.registered is None:
        return None
    redone = [one.at for one in history.of(OutcomeReceived) if one.body.result is Result.REDO]
    return deadline_of(law, "decision", redone[-1] if redone else history.registered.at)


def of_hearing(
    party: Party, sanctions: Sequence[Sanction], history: History, law: Law, now: datetime
) -> Iterator[Missing]:
    """处罚法44, 45, 62–64: notice, defence and hearing of one party."""
    since = history.round_of(party.id)
    notice = since.last(NoticeServed, party=party.id)
    if notice is None:
        ended = history.last(InvestigationEnded)
        yield Missing(unlawful(problems.NoticeMissing), ended.at if ended else None)
        return
    yield from _of_defence(party, notice, since, law, now)
    yield from _of_hearing(party, notice, sanctions, since, law, now)
    held = hearing_without_record(party.id, since)
    if held is not None:
        yield Missing(unlawful(problems.HearingNotOnPaper, step=str(held.id)), held.at, step=held.id)


def of_review(
    party: Party, sanctions: Sequence[Sanction] | None, history: History, law: Law, now: datetime
) -> Iterator[Missing]:
    """处罚法58: passed, and nothing has changed since."""
    since = history.round_of(party.id)
    intended = _intended(party, None, history) if sanctions is None else sanctions
    if not _needs_review(party, intended, history, since, law, now):
        return
    for step, piece in without_transcript(history):
        yield Missing(unlawful(problems.SoundWithoutTranscript, piece=str(piece)), step.at, step=step.id)
    submitted = since.last(ReviewSubmitted, party=party.id)
    if submitted is None:
        yield Missing(unlawful(problems.ReviewMissing))
        return
    changed = _changed_behind(submitted, party, since, tuple(objections_in_time(party.id, history, law)))
    answer = since.last(ReviewPassed, ReviewReturned, party=party.id)
    if answer is None or answer.body.submitted != submitted.id:
        yield Missing(unlawful(problems.ReviewMissing), submitted.at, step=submitted.id)
    elif isinstance(answer.body, ReviewReturned):
        yield Missing(unlawful(problems.ReviewNotPassed), answer.at, step=answer.id)
    elif changed is not None:
        yield Missing(unlawful(problems.ReviewOutdated), changed[0], step=changed[1])


def _intended(party: Party, draft: Decided | None, history: History) -> tuple[Sanction, ...]:
    if draft is not None:
        return draft.sanctions
    notice = history.round_of(party.id).last(NoticeServed, party=party.id)
    return notice.body.sanctions if notice else ()


def _of_case(history: History, law: Law, now: datetime) -> Iterator[Missing]:
    if history.registered is None:
        yield Missing(unlawful(problems.CaseNotRegistered))
        return
    if history.ended is not None:
        yield Missing(unlawful(problems.CaseEnded), history.ended.at, step=history.ended.id)
    limit = time_limit(history, law)
    if limit is not None and limit.is_over(now):
        over = unlawful(problems.TimeLimitOver, last=limit.ends.isoformat())
        yield Missing(over, limit.over_at(), step=history.registered.id, due=limit.over_at())
    needed, able = law.number("officers_per_inspection", day_of(now)), distinct(history.team)
    able -= {
        one.account for one in history.team if is_recused(one.account, history.recused, now) or one.certificate is None
    }
    if len(able) < needed:
        yield Missing(unlawful(problems.OfficersTooFew, officers=len(able), needed=needed))
    if history.last(InvestigationEnded) is None:
        yield Missing(unlawful(problems.InvestigationNotEnded), history.registered.at)


def _of_facts(history: History, law: Law) -> Iterator[Missing]:
    if all(one.id in history.excluded for one in history.of(EvidenceAdded, StatementTaken)):
        yield Missing(unlawful(problems.NothingProven))
    for held in history.held:
        for code, due in held.lacks:
            yield Missing(unlawful(problems.RestsOnMeasure, measure=str(held.measure), lacks=code), due=due)
    for defect in open_defects(history, law):
        article = f"{ARTICLES[problems.RestsOnDefect]}，{defect.article}"
        problem = unlawful(problems.RestsOnDefect, step=str(defect.step), defect=defect.kind.value, article=article)
        yield Missing(problem, defect.since, step=defect.step, due=defect.due)


def _of_recordings(party: Party, history: History) -> Iterator[Missing]:
    """处罚法47: what the law wants recorded is, or the file says why not; of things held, whosever they are."""
    for one in completeness_of(history):
        step = history.by_id[one.step]
        concerns = step.party in (None, party.id) or isinstance(step.body, RegisterKept | Seized | Released)
        if one.there is Completeness.MISSING and concerns:
            problem = unlawful(problems.RecordingMissing, step=str(one.step), medium=one.medium.value)
            yield Missing(problem, step.at, step=step.id)


def _of_defence(party: Party, notice: Step[NoticeServed], since: History, law: Law, now: datetime) -> Iterator[Missing]:
    waived = since.last(DefenceWaived, party=party.id)
    if waived is None or since.place(waived) < since.place(notice):
        yield from _while_it_runs(problems.DefenceTimeRuns, "defence", notice, law, now)
    examined = {one.body.defence for one in since.of(DefenceExamined)}
    for defence in since.of(DefenceReceived, party=party.id):
        if defence.id not in examined:
            yield Missing(unlawful(problems.DefenceNotExamined), defence.at, step=defence.id)


def _of_hearing(
    party: Party, notice: Step[NoticeServed], sanctions: Sequence[Sanction], since: History, law: Law, now: datetime
) -> Iterator[Missing]:
    asked = since.last(HearingAsked, party=party.id)
    over = since.last(HearingHeld, HearingWaived, party=party.id)
    if asked is not None and (over is None or since.place(over) < since.place(asked)):
        yield Missing(unlawful(problems.HearingNotHeld), asked.at, step=asked.id)
    if not any(needs_hearing(one, party.kind, law, day_of(now)) for one in (sanctions, notice.body.sanctions)):
        return
    offer = since.last(HearingOffered, party=party.id)
    if offer is None or since.place(offer) < since.place(notice):
        yield Missing(unlawful(problems.HearingNotOffered), notice.at, step=notice.id)
        return
    if not any(one is not None and since.place(one) > since.place(offer) for one in (asked, over)):
        yield from _while_it_runs(problems.HearingTimeRuns, "hearing_request", offer, law, now)


def _while_it_runs(kind: type[Problem], key: str, told: AnyStep, law: Law, now: datetime) -> Iterator[Missing]:
    """A time of the party that is not over, or whose end nobody knows while a calendar is not published."""
    try:
        limit = deadline_of(law, key, told.at)
    except YearNotPublished as unknown:
        yield Missing(unknown, told.at, step=told.id)
        return
    if not limit.is_over(now):
        yield Missing(unlawful(kind, last=limit.ends.isoformat()), told.at, step=told.id, due=limit.over_at())


def _of_discretion(party: Party, sanctions: Sequence[Sanction], history: History) -> Iterator[Missing]:
    fines = [one for one in sanctions if one.kind is SanctionKind.FINE]
    if any(weighed(one, party.id, history) is None for one in fines):
        yield Missing(unlawful(problems.DiscretionNotSuggested))


def _of_deliberation(
    party: Party, sanctions: Sequence[Sanction], history: History, law: Law, now: datetime
) -> Iterator[Missing]:
    ended, since = history.last(InvestigationEnded), history.round_of(party.id)
    serious = needs_hearing(sanctions, party.kind, law, day_of(now))
    if not serious and not (ended is not None and ended.body.complex):
        return
    found = since.last(Deliberated, party=party.id)
    said = tuple(objections_in_time(party.id, history, law))
    if found is None or _changed_behind(found, party, since, said) or _is_before_review(found, party, since):
        yield Missing(unlawful(problems.DeliberationMissing))
        return
    for lacks in record_lacks(found, since):
        yield Missing(lacks, found.at, step=found.id)


def _needs_review(
    party: Party, sanctions: Sequence[Sanction], history: History, since: History, law: Law, now: datetime
) -> bool:
    """处罚法58: what a hearing is due for or was held about, public interest, many legal relations."""
    ended = history.last(InvestigationEnded)
    flagged = ended is not None and (ended.body.public_interest or ended.body.many_relations)
    heard = since.last(HearingHeld, party=party.id) is not None
    return flagged or heard or needs_hearing(sanctions, party.kind, law, day_of(now))


def _is_before_review(deliberated: AnyStep, party: Party, since: History) -> bool:
    passed = since.last(ReviewPassed, party=party.id)
    return passed is not None and since.place(passed) > since.place(deliberated)


def _changed_behind(
    step: AnyStep, party: Party, since: History, said: Sequence[Objection]
) -> tuple[datetime, UUID | None] | None:
    """Since when, and by which step, there is something that it did not know; or what the mine objected to."""
    for one in since.steps[since.place(step) + 1 :]:
        if isinstance(one.body, _CHANGES) and one.party in (None, party.id):
            return one.at, one.id
    return next(((one.last_at, None) for one in said if one.last_at > step.at), None)
