"""What a random course may try: one way of every step, lawful or not, as `how` says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from storage.casework.cases.bodies import after, deciding, facts, notice, opening, transfer
from storage.casework.cases.bodies.deciding import DecisionOutcome, ReviewPoint
from storage.casework.cases.defects import hands_of, open_defects
from storage.casework.cases.recording import Completeness, completeness_of
from storage.casework.cases.steps import Body, Officer, Party, ServiceWay, StepKind
from tests.factories.cases import BY_HAND, STOP, WAN, at, delivered
from tests.storage.casework.cases import fines

if TYPE_CHECKING:
    from tests.storage.casework.cases.course import Course

LATEST = at(2026, 10, 31)
"""So late that every period in working days still ends within the published calendar."""
Given = dict[str, Any]
Move = Callable[["Course", Party, int], tuple[Body, Given] | None]
NO_PARTY: Given = {"party": None}


_STEP = StepKind
STORIES: tuple[tuple[StepKind | int, ...], ...] = (
    (_STEP.TRANSFER_STARTED, _STEP.TRANSFER_EVIDENCE_KEPT, _STEP.TRANSFER_REPORTED, _STEP.TRANSFER_DECIDED,
     _STEP.TRANSFER_DRAWN_UP, _STEP.TRANSFER_HANDED_OVER, _STEP.TRANSFER_ANSWERED, _STEP.TRANSFER_OBJECTED,
     _STEP.TRANSFER_GOODS_HANDED_OVER),
    (_STEP.SERVED, 200, _STEP.SURCHARGE_ORDERED, _STEP.URGED, 16, _STEP.COURT_ASKED, _STEP.COURT_RULED, _STEP.CLOSED),
    (_STEP.APPROVED, _STEP.REGISTER_KEPT, 8, _STEP.KEEPING_DECIDED, _STEP.SEIZED, _STEP.RECORDED, _STEP.RELEASED),
    (_STEP.HEARING_OFFERED, _STEP.HEARING_ASKED, _STEP.HEARING_NOTIFIED, _STEP.HEARING_HELD, _STEP.REVIEW_SUBMITTED,
     _STEP.REVIEW_PASSED, _STEP.DELIBERATED, _STEP.RECORDED, _STEP.DECIDED),
    (_STEP.REVIEW_SUBMITTED, _STEP.REVIEW_RETURNED, _STEP.REVIEW_SUBMITTED, _STEP.REVIEW_PASSED, _STEP.DELIBERATED),
    (_STEP.RECONSIDERATION_FILED, _STEP.RECONSIDERATION_FORWARDED, _STEP.ANSWERED, 30, _STEP.OUTCOME_RECEIVED),
)  # fmt: skip


def _plain(body: Callable[["Course", int], Body], *, party: bool = True, officers: bool = False) -> Move:
    """A step whose body needs no more than the case and a number that says how it goes wrong."""

    def make(course: "Course", _: Party, how: int) -> tuple[Body, Given]:
        given: Given = {} if party else dict(NO_PARTY)
        return body(course, how), given | ({"officers": course.officers(how)} if officers else {})

    return make


def _of_decision(body: Callable[[UUID, int], Body]) -> Move:
    def make(course: "Course", party: Party, how: int) -> tuple[Body, Given]:
        return body(course.decision(party, how), how), {}

    return make


def _propose(course: "Course", _: Party, how: int) -> tuple[Body, Given]:
    case = course.case
    body = opening.Proposed(cause="案由", discovered_on=at(2025, 2, 2).date(), parties=(case.unit, case.person),
                            conducts=(case.conduct,))  # fmt: skip
    return body, NO_PARTY | {"officers": course.officers(how)}


def _hearing_notified(course: "Course", _: Party, how: int) -> tuple[Body, Given]:
    case = course.case
    hearing = case.now + timedelta(days=(3, 9, 14, 20)[how % 4])
    chair = case.officers[0].account if how == 7 else case.chair
    body = notice.HearingNotified(hearing_at=hearing, place="一楼", chair=chair, delivery=BY_HAND)
    return body, {"officers": course.officers(how)}


def _hearing_held(course: "Course", party: Party, how: int) -> tuple[Body, Given]:
    case = course.case
    told = case.history.last(notice.HearingNotified, party=party.id)
    if told is not None and how > 3 and told.body.hearing_at < LATEST + timedelta(days=30):
        case.now = max(case.now, told.body.hearing_at)
    by = case.reviewer if how == 1 or told is None else told.body.chair
    body = notice.HearingHeld(notified=told.id if told else uuid4(), came=how != 3, agents=3 if how == 2 else 1)
    return body, {"by": by, "officers": course.officers(how)}


def _review(course: "Course", party: Party, how: int, *, passes: bool) -> tuple[Body, Given]:
    case = course.case
    submitted = case.history.last(deciding.ReviewSubmitted, party=party.id)
    id = submitted.id if submitted else uuid4()
    by = case.officers[0].account if how == 1 else case.reviewer
    points = tuple(ReviewPoint)[: 7 if how == 2 else 8]
    if passes:
        return deciding.ReviewPassed(submitted=id, checked=points, reviewed_before=how != 3), {"by": by, "officers": ()}
    return deciding.ReviewReturned(submitted=id, notes="第三页"), {"by": by, "officers": ()}


def _decided(course: "Course", party: Party, how: int) -> tuple[Body, Given]:
    case = course.case
    told = case.history.round_of(party.id).last(notice.NoticeServed, party=party.id)
    sanctions = told.body.sanctions if told and how > 2 else fines.money(party, how)
    if how == 11:
        return case.draft((), outcome=DecisionOutcome.SLIGHT, pay_to=""), {"officers": ()}
    return case.draft(sanctions, departure="理由" if how == 9 else ""), {"officers": ()}


def _served(course: "Course", party: Party, how: int) -> tuple[Body, Given]:
    delivery = delivered(ServiceWay.ELECTRONIC) if how < 4 else BY_HAND
    return deciding.Served(decision=course.decision(party, how), delivery=delivery), {"officers": course.officers(how)}


def _paid(course: "Course", party: Party, how: int) -> tuple[Body, Given]:
    sums = [one.body.sanctions for one in course.case.history.decisions(party.id)]
    due = sum(one.sum for one in sums[-1]) if sums else WAN
    ways = after.PaymentWay.CASH if how == 0 else after.PaymentWay.BANK
    return after.Paid(decision=course.decision(party, how), sum=due // (1 + how % 2) or 1, way=ways), {}


def _recorded(course: "Course") -> tuple[Body, Given] | None:
    lacks = [one for one in completeness_of(course.case.history) if one.there is Completeness.MISSING]
    if not lacks:
        return None
    party = course.case.history.by_id[lacks[0].step].party
    return facts.Recorded(step=lacks[0].step, medium=lacks[0].medium, evidence=(uuid4(),)), {"party": party}


def _made_good(course: "Course", _: Party, how: int) -> tuple[Body, Given] | None:
    found = open_defects(course.case.history, course.case.law)
    if not found:
        return None
    one = found[how % len(found)]
    body = facts.MadeGood(step=one.step, defect=one.kind, how="补正")
    stand = {who for who, _ in hands_of(course.case.history.by_id[one.step], course.case.history)}
    others = [officer.account for officer in course.case.officers if officer.account not in stand]
    own = {"by": others[0]} if one.kind is facts.DefectKind.NOT_CONFIRMED and others and how != 4 else {}
    return body, NO_PARTY | {"officers": course.officers(how)} | own


def _approved(course: "Course", _: Party, how: int) -> tuple[Body, Given]:
    urgent = [one.id for one in course.case.history.of(facts.Seized) if one.body.urgent]
    if how > 8:
        return facts.Approved(of=facts.ApprovalOf.REGISTER_KEPT, reason="可能灭失"), dict(NO_PARTY)
    body = facts.Approved(of=facts.ApprovalOf.SEIZED, step=urgent[-1] if urgent and how % 2 else None, reason="必要")
    return body, dict(NO_PARTY)


def _seized(course: "Course", _: Party, how: int) -> tuple[Body, Given]:
    body = facts.Seized(items=("风筒",), urgent=how % 2 == 0, reasons_told=how != 5, papers_handed_over=how != 7,
                        record_signed=how != 9, measure=course.measure if how in (3, 6, 10, 11) else None)  # fmt: skip
    return body, {"officers": course.officers(how)}


def _court(course: "Course", party: Party, how: int) -> tuple[Body, Given]:
    return after.CourtAsked(decision=course.decision(party, how), court="法院"), {}


def _on_the_spot(course: "Course", party: Party, how: int) -> tuple[Body, Given] | None:
    return None  # A case of its own; test_service_and_payment has it.


_K = StepKind
MOVES: dict[StepKind, Move] = {
    _K.PROPOSED: _propose,
    _K.REGISTERED: _plain(lambda c, h: opening.Registered(), party=False),
    _K.NOT_REGISTERED: lambda c, p, h: (opening.NotRegistered(reason="轻微"), dict(NO_PARTY)) if h == 0 else None,
    _K.SCOPE_WIDENED: _plain(lambda c, h: opening.ScopeWidened(reason="查明", conducts=(
        replace(c.case.conduct, id=uuid4()),)), party=False),
    _K.OFFICERS_ASSIGNED: lambda c, p, h: (opening.OfficersAssigned(reason="补充"), NO_PARTY | {"officers": (
        c.case.officers[0], Officer(account=uuid4(), certificate=None if h == 0 else uuid4()))}),
    _K.RECUSAL_ASKED: _plain(lambda c, h: opening.RecusalAsked(
        officer=(c.case.officers[1].account, c.case.chair, c.case.head)[h % 3], reason="利害")),
    _K.RECUSAL_DECIDED: _plain(lambda c, h: opening.RecusalDecided(
        asked=c.any_id(_K.RECUSAL_ASKED), granted=h > 9, reason="属实"), party=False),
    _K.STATEMENT_TAKEN: _plain(lambda c, h: facts.StatementTaken(of="矿长", signed=h != 2), party=False, officers=True),
    _K.EVIDENCE_ADDED: _plain(lambda c, h: facts.EvidenceAdded(
        name="照片", proves="事实", evidence=() if h == 2 else (uuid4(),)), party=False, officers=True),
    _K.NOTED: _plain(lambda c, h: facts.Noted(words="所见"), party=False, officers=True),
    _K.RECORDED: lambda c, p, h: _recorded(c),
    _K.MADE_GOOD: _made_good,
    _K.EXCLUDED: _plain(lambda c, h: facts.Excluded(
        step=c.any_id(_K.STATEMENT_TAKEN, _K.EVIDENCE_ADDED, how=h), reason="不能采信"), party=False),
    _K.APPROVED: _approved,
    _K.REGISTER_KEPT: _plain(lambda c, h: facts.RegisterKept(items=("本",), list_handed_over=h != 2), officers=True),
    _K.KEEPING_DECIDED: _plain(lambda c, h: facts.KeepingDecided(kept=c.any_id(_K.REGISTER_KEPT), outcome="退还")),
    _K.SEIZED: _seized,
    _K.SEIZURE_EXTENDED: _plain(lambda c, h: facts.SeizureExtended(
        seized=c.any_id(_K.SEIZED, how=h), reason="复杂", told_in_writing=h != 1)),
    _K.SENT_FOR_TEST: _plain(lambda c, h: facts.SentForTest(
        seized=c.any_id(_K.SEIZED, how=h), first=c.case.now.date(), last=c.case.now.date() + timedelta(days=h))),
    _K.RELEASED: _plain(lambda c, h: facts.Released(seized=c.any_id(_K.SEIZED, how=h), outcome="返还")),
    _K.CORRECTION_ORDERED: lambda c, p, h: (facts.CorrectionOrdered(what="改正", due_on=c.case.now.date()), {
        "officers": c.officers(h)}) if h < 3 else None,
    _K.CORRECTION_CHECKED: _plain(lambda c, h: facts.CorrectionChecked(
        ordered=c.any_id(_K.CORRECTION_ORDERED), corrected=h > 3, refused=h < 2)),
    _K.INVESTIGATION_ENDED: _plain(lambda c, h: notice.InvestigationEnded(
        facts="事实", complex=h == 4), party=False, officers=True),
    _K.DISCRETION_SUGGESTED: lambda c, p, h: (fines.weighed(c.case, p, h), {}),
    _K.NOTICE_SERVED: lambda c, p, h: (c.case.notice(
        fines.money(p, h), rights_told=h != 1, new_facts="新事实" if h == 8 else ""), {"officers": c.officers(h)}),
    _K.HEARING_OFFERED: _plain(lambda c, h: notice.HearingOffered(delivery=BY_HAND), officers=True),
    _K.DEFENCE_RECEIVED: _plain(lambda c, h: notice.DefenceReceived(words="申辩")),
    _K.DEFENCE_WAIVED: _plain(lambda c, h: notice.DefenceWaived(signed=h != 2)),
    _K.DEFENCE_EXAMINED: _plain(lambda c, h: notice.DefenceExamined(
        defence=c.any_id(_K.DEFENCE_RECEIVED, how=h), accepted=h > 6, answer="复核")),
    _K.HEARING_ASKED: _plain(lambda c, h: notice.HearingAsked()),
    _K.HEARING_WAIVED: _plain(lambda c, h: notice.HearingWaived(signed=h != 2)),
    _K.HEARING_NOTIFIED: _hearing_notified,
    _K.HEARING_HELD: _hearing_held,
    _K.REVIEW_SUBMITTED: lambda c, p, h: (deciding.ReviewSubmitted(sanctions=fines.money(p, h), papers="案卷"), {}),
    _K.REVIEW_RETURNED: lambda c, p, h: _review(c, p, h, passes=False) if h > 9 else None,
    _K.REVIEW_PASSED: lambda c, p, h: _review(c, p, h, passes=True),
    _K.DELIBERATED: _plain(lambda c, h: deciding.Deliberated(
        heads=(c.case.head,) if h == 0 else (c.case.head, uuid4()), opinion="同意")),
    _K.DECIDED: _decided,
    _K.DECIDED_ON_THE_SPOT: _on_the_spot,
    _K.SPOT_REPORTED: _of_decision(lambda d, h: deciding.SpotReported(decision=d)),
    _K.SERVICE_CONFIRMED: _plain(lambda c, h: deciding.ServiceConfirmed(
        address="a@example.cn", electronic=h % 2 == 0, signed=h > 3)),
    _K.SERVED: _served,
    _K.PAID: _paid,
    _K.CASH_HANDED_IN: _plain(lambda c, h: after.CashHandedIn(paid=c.any_id(_K.PAID, how=h))),
    _K.INSTALMENTS_GRANTED: _of_decision(lambda d, h: after.InstalmentsGranted(
        decision=d, asked_on=at(2025, 3, 3).date(), reason="困难", parts=(after.Instalment(
            due_on=at(2026, 3, 3).date(), sum=WAN),))),
    _K.SURCHARGE_ORDERED: _of_decision(lambda d, h: after.SurchargeOrdered(decision=d, sum=1 + h * 10_000)),
    _K.URGED: lambda c, p, h: (after.Urged(decision=c.decision(p, h), delivery=BY_HAND), {"officers": c.officers(h)}),
    _K.COURT_ASKED: _court,
    _K.COURT_RULED: _plain(lambda c, h: after.CourtRuled(asked=c.any_id(_K.COURT_ASKED, how=h), allowed=h > 2)),
    _K.EXECUTED: _of_decision(lambda d, h: after.Executed(decision=d, sanction=STOP[0].kind, how="已停产")),
    _K.RECONSIDERATION_FILED: lambda c, p, h: (after.ReconsiderationFiled(
        decision=c.decision(p, h), organ="省政府", filed_on=c.case.now.date(), through_agency=h == 1), {}),
    _K.RECONSIDERATION_FORWARDED: _plain(lambda c, h: after.ReconsiderationForwarded(
        filed=c.any_id(_K.RECONSIDERATION_FILED))),
    _K.SUIT_FILED: lambda c, p, h: (after.SuitFiled(
        decision=c.decision(p, h), court="法院", filed_on=c.case.now.date()), {}) if h < 4 else None,
    _K.ANSWERED: _plain(lambda c, h: after.Answered(
        filed=c.any_id(_K.RECONSIDERATION_FILED, _K.SUIT_FILED), papers="答")),
    _K.OUTCOME_RECEIVED: _plain(lambda c, h: after.OutcomeReceived(
        filed=c.any_id(_K.RECONSIDERATION_FILED, _K.SUIT_FILED), result=list(after.Result)[h % 6],
        decided_on=c.case.now.date(), fine=1)),
    _K.CORRECTED: _of_decision(lambda d, h: after.Corrected(decision=d, wrong="厂", right="矿")),
    _K.REVOKED: lambda c, p, h: (after.Revoked(decision=c.decision(p, h), reason="错误"), {}) if h < 4 else None,
    _K.PUBLISHED: _of_decision(lambda d, h: after.Published(decision=d, where="网站")),
    _K.WITHDRAWN_FROM_PUBLIC: _of_decision(lambda d, h: after.WithdrawnFromPublic(decision=d, reason="撤销")),
    _K.TRANSFER_STARTED: _plain(lambda c, h: transfer.TransferStarted(crime="罪", facts="事实"), party=False),
    _K.TRANSFER_EVIDENCE_KEPT: _plain(lambda c, h: transfer.TransferEvidenceKept(evidence=()), party=False),
    _K.TRANSFER_REPORTED: _plain(lambda c, h: transfer.TransferReported(report="报"), party=False, officers=True),
    _K.TRANSFER_DECIDED: _plain(lambda c, h: transfer.TransferDecided(approved=h % 2 == 0, reason="由"), party=False),
    _K.TRANSFER_DRAWN_UP: _plain(lambda c, h: transfer.TransferDrawnUp(papers="书"), party=False),
    _K.TRANSFER_HANDED_OVER: _plain(lambda c, h: transfer.TransferHandedOver(police="公安", receipt="回"), party=False),
    _K.TRANSFER_ANSWERED: _plain(lambda c, h: transfer.TransferAnswered(opened=h % 2 == 0), party=False),
    _K.TRANSFER_OBJECTED: _plain(lambda c, h: transfer.TransferObjected(to="公安"), party=False),
    _K.TRANSFER_GOODS_HANDED_OVER: _plain(lambda c, h: transfer.TransferGoodsHandedOver(receipt="回"), party=False),
    _K.PASSED_ON: _plain(lambda c, h: transfer.PassedOn(to="局", matter="事"), party=False),
    _K.PASSED_ON_RECEIVED: _plain(lambda c, h: transfer.PassedOnReceived(
        passed=c.any_id(_K.PASSED_ON), receipt="回"), party=False),
    _K.CIRCULAR_ISSUED: _plain(lambda c, h: after.CircularIssued(to="各矿", words="通报"), party=False),
    _K.INTERVIEW_HELD: _plain(lambda c, h: after.InterviewHeld(of="矿长", words="约谈")),
    _K.CLOSED: _plain(lambda c, h: after.Closed(ground=list(after.ClosingGround)[h % 4], report="结案"), party=False),
    _K.ARCHIVED: _plain(lambda c, h: after.Archived(term=after.Term.LONG), party=False),
}  # fmt: skip
