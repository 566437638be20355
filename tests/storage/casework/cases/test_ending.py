"""Tests of reconsideration and suit, correction, transfer, closing and archive; each named after its article."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.after import (
    Answered,
    Archived,
    Closed,
    ClosingGround,
    Corrected,
    CourtAsked,
    CourtRuled,
    Executed,
    OutcomeReceived,
    Published,
    ReconsiderationFiled,
    ReconsiderationForwarded,
    Result,
    Revoked,
    SuitFiled,
    Term,
    Urged,
    WithdrawnFromPublic,
)
from storage.casework.cases.bodies.deciding import DecisionOutcome, SpotReported
from storage.casework.cases.bodies.facts import (
    ApprovalOf,
    Approved,
    CorrectionChecked,
    CorrectionOrdered,
    Seized,
)
from storage.casework.cases.bodies.transfer import (
    PassedOn,
    PassedOnReceived,
    TransferAnswered,
    TransferDecided,
    TransferDrawnUp,
    TransferEvidenceKept,
    TransferGoodsHandedOver,
    TransferHandedOver,
    TransferObjected,
    TransferReported,
    TransferStarted,
)
from storage.casework.cases.clocks import Running, deadlines_of
from storage.casework.cases.standing import CaseState, next_steps, state_of
from storage.casework.cases.steps import Body, Sanction, SanctionKind, StepKind
from tests.factories.cases import BY_HAND, STOP, WAN, CaseFile, at

pytestmark = pytest.mark.quick

DONE = Closed(ground=ClosingGround.DONE, report="已履行")


def clock(case: CaseFile, key: str) -> Running:
    return next(one for one in deadlines_of(case.history, case.law) if one.key == key)


def ends(case: CaseFile, key: str) -> date | None:
    deadline = clock(case, key).deadline
    return deadline.ends if deadline else None


def performed() -> tuple[CaseFile, Any]:
    """Unit fined and paid, the person let off: ready to be closed."""
    case = CaseFile(at(2025, 9, 10))
    decision = case.small()
    case.serve(decision)
    case.pay(decision, WAN)
    none = case.draft((), outcome=DecisionOutcome.FIRST_TIME, pay_to="")
    off = case.take(none, party=case.person.id, officers=())
    case.serve(off)
    return case, decision


def test_20_45_46_the_party_has_sixty_days_six_months_and_fifteen_days_after_reconsideration() -> None:
    case = CaseFile(at(2025, 8, 31))
    case.conduct = replace(case.conduct, ended_on=None)
    decision = case.small()
    case.serve(decision)
    assert ends(case, "review_application") == date(2025, 10, 30)
    assert ends(case, "suit_direct") == date(2026, 2, 28)  # T27
    filed = case.on(2025, 9, 10).take(
        ReconsiderationFiled(decision=decision.id, organ="省政府", filed_on=date(2025, 9, 8))
    )
    assert clock(case, "review_application").met_at == case.now
    assert ends(case, "review_reply") == date(2025, 9, 24)
    assert state_of(case.history, case.law) is CaseState.INVESTIGATED, "the other party is behind"
    case.on(2025, 9, 24).take(Answered(filed=filed.id, papers="答复书、证据目录"))
    assert not clock(case, "review_reply").late
    case.on(2025, 11, 3).take(OutcomeReceived(filed=filed.id, result=Result.UPHELD, decided_on=date(2025, 10, 31)))
    assert ends(case, "suit_after_review") == date(2025, 11, 18)
    again = OutcomeReceived(filed=filed.id, result=Result.REVOKED, decided_on=date(2025, 11, 1))
    assert case.refusal(again) == "OUTCOME_ALREADY_KNOWN"


def test_32_an_application_that_came_to_the_agency_is_forwarded_in_five_working_days() -> None:
    case = CaseFile(at(2025, 12, 20))
    spot = case.take(case.on_the_spot(Sanction(kind=SanctionKind.WARNING)))
    filed = case.on(2025, 12, 30).take(
        ReconsiderationFiled(decision=spot.id, organ="市政府", filed_on=date(2025, 12, 30), through_agency=True)
    )
    assert ends(case, "review_forwarding") == date(2026, 1, 7)  # T25
    case.on(2026, 1, 8).take(ReconsiderationForwarded(filed=filed.id))
    assert clock(case, "review_forwarding").late


def test_70_a_late_answer_is_kept_and_shows() -> None:
    case, decision = performed()
    filed = case.take(SuitFiled(decision=decision.id, court="法院", filed_on=date(2025, 9, 9)))
    assert ends(case, "suit_answer") == date(2025, 9, 25)
    case.on(2025, 9, 26).take(Answered(filed=filed.id, papers="答辩状"))
    assert clock(case, "suit_answer").late


def test_a_reconsideration_of_the_simple_kind_is_answered_in_five_working_days() -> None:
    case, decision = performed()
    case.take(ReconsiderationFiled(decision=decision.id, organ="省政府", filed_on=date(2025, 9, 9), simple=True))
    assert ends(case, "review_reply_simple") == date(2025, 9, 17)


def test_what_a_court_sends_back_is_decided_anew_with_new_notice_and_ninety_days() -> None:
    case, decision = performed()
    filed = case.on(2025, 10, 20).take(SuitFiled(decision=decision.id, court="法院", filed_on=date(2025, 10, 20)))
    case.on(2026, 3, 2).take(OutcomeReceived(filed=filed.id, result=Result.REDO, decided_on=date(2026, 2, 27)))
    assert case.refusal(DONE) == "PARTY_UNDECIDED"
    assert case.missing() == ["NOTICE_MISSING"]
    assert ends(case, "decision") == date(2026, 5, 31)
    case.notify()
    case.waive()
    case.decide()


def test_a_changed_fine_is_the_one_that_is_owed() -> None:
    case = CaseFile(at(2025, 9, 10))
    decision = case.small()
    case.serve(decision)
    filed = case.take(ReconsiderationFiled(decision=decision.id, organ="省政府", filed_on=date(2025, 9, 10)))
    changed = OutcomeReceived(filed=filed.id, result=Result.CHANGED, decided_on=date(2025, 9, 30), fine=WAN // 2)
    case.on(2025, 9, 30).take(changed)
    case.pay(decision, WAN // 2)
    assert clock(case, "payment").met_at == case.now


def test_48_a_revoked_penalty_that_was_published_is_withdrawn_in_three_working_days() -> None:
    case, decision = performed()
    assert ends(case, "penalty_published") == date(2025, 9, 19)
    case.take(Published(decision=decision.id, where="门户网站"))
    case.on(2026, 2, 13).take(Revoked(decision=decision.id, reason="认定有误"))
    assert ends(case, "withdrawal_of_disclosure") == date(2026, 2, 25)  # T10
    case.on(2026, 2, 24).take(WithdrawnFromPublic(decision=decision.id, reason="认定有误"))
    assert clock(case, "withdrawal_of_disclosure").met_at == case.now


def test_a_correction_mends_words_and_never_the_sum() -> None:
    case, decision = performed()
    slip = Corrected(decision=decision.id, wrong="甲煤厂", right="甲煤矿")
    assert case.refusal(replace(slip, wrong="罚款10,000元", right="罚款1000元")) == "CORRECTION_OF_SUBSTANCE"
    assert case.refusal(replace(slip, right="甲煤厂")) == "CORRECTION_OF_SUBSTANCE"
    case.take(slip)


def transfer(case: CaseFile, *, up_to: int = 6) -> None:
    steps = (
        TransferStarted(crime="危险作业罪，刑法第一百三十四条之一", facts="关闭监控"),
        TransferEvidenceKept(evidence=(uuid4(),)),
        TransferReported(report="书面报告"),
        TransferDecided(approved=True, reason="涉嫌犯罪"),
        TransferDrawnUp(papers="移送书"),
        TransferHandedOver(police="盘州市公安局", receipt="回执"),
    )
    for body in steps[:up_to]:
        case.take(body, party=None)


def test_the_six_steps_of_a_transfer_come_in_their_order_and_once() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.register()
    acts: tuple[Body, ...] = (
        TransferEvidenceKept(evidence=()), TransferReported(report="报告"),
        TransferDecided(approved=True, reason="涉嫌"), TransferDrawnUp(papers="书"),
        TransferHandedOver(police="公安", receipt="回执"), TransferAnswered(opened=True),
    )  # fmt: skip
    for up_to, body in enumerate(acts):
        case = CaseFile(at(2025, 9, 10))
        case.register()
        transfer(case, up_to=up_to)
        assert case.refusal(body, party=None) == "TRANSFER_OUT_OF_ORDER", body
    transfer(case := _registered())
    assert case.refusal(TransferStarted(crime="罪", facts="事实"), party=None) == "TRANSFER_TWICE"
    assert case.refusal(TransferHandedOver(police="公安", receipt="回执"), party=None) == "TRANSFER_TWICE"


def _registered() -> CaseFile:
    case = CaseFile(at(2025, 9, 10))
    case.register()
    return case


def test_5_of_the_transfer_rules_two_officers_report_and_the_head_may_refuse_with_reasons() -> None:
    case = _registered()
    transfer(case, up_to=2)
    report = TransferReported(report="书面报告")
    assert case.refusal(report, party=None, officers=case.officers[:1]) == "OFFICERS_TOO_FEW"
    case.take(report, party=None)
    assert case.refusal(TransferDecided(approved=False, reason=""), party=None) == "NOT_STATED"
    case.take(TransferDecided(approved=False, reason="情节显著轻微"), party=None)
    assert case.refusal(TransferDrawnUp(papers="书"), party=None) == "TRANSFER_OUT_OF_ORDER"
    transfer(case, up_to=1)


def test_5_the_clocks_of_a_transfer_run_through_holidays_and_warn() -> None:
    case = CaseFile(at(2025, 9, 30))
    case.register()
    transfer(case, up_to=3)
    limit = clock(case, "transfer_decision").deadline
    assert limit is not None
    assert (limit.ends, limit.alarm) == (date(2025, 10, 3), date(2025, 9, 30))  # T23
    case.on(2025, 10, 3, 10, 0).take(TransferDecided(approved=True, reason="涉嫌犯罪"), party=None)
    handed = clock(case, "transfer_handover").deadline
    assert handed is not None
    assert handed.over_at() == at(2025, 10, 4, 10, 0)


def test_11_no_fine_takes_the_place_of_a_transfer() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest()
    case.notify()
    case.waive()
    transfer(case)
    assert case.refusal(case.draft()) == "TRANSFER_RUNS"
    case.on(2025, 9, 13).take(TransferAnswered(opened=False, reason="不构成犯罪"), party=None)
    case.take(TransferObjected(to="盘州市公安局"), party=None)
    case.decide()


def test_12_goods_go_with_the_case_when_the_police_open_one() -> None:
    case = _registered()
    case.take(Approved(of=ApprovalOf.SEIZED, reason="不符合标准"))
    case.take(Seized(items=("炸药",), urgent=False, reasons_told=True, papers_handed_over=True, record_signed=True))
    transfer(case)
    goods = TransferGoodsHandedOver(receipt="清单")
    assert case.refusal(goods, party=None) == "TRANSFER_OUT_OF_ORDER"
    case.take(TransferAnswered(opened=True), party=None)
    assert ends(case, "transfer_of_goods") == date(2025, 9, 13)
    assert case.refusal(TransferObjected(to="公安"), party=None) == "TRANSFER_OUT_OF_ORDER"
    ended = Closed(ground=ClosingGround.TRANSFERRED, report="已移送")
    assert case.refusal(ended) == "THINGS_STILL_HELD"
    case.take(goods, party=None)
    case.take(ended)
    assert state_of(case.history, case.law) is CaseState.CLOSED


def test_27_what_another_department_must_handle_is_passed_on_with_a_receipt() -> None:
    case = _registered()
    passed = case.take(PassedOn(to="自然资源局", matter="越界开采"), party=None)
    assert case.refusal(PassedOnReceived(passed=uuid4(), receipt="回执"), party=None) == "STEP_UNKNOWN"
    case.take(PassedOnReceived(passed=passed.id, receipt="回执"), party=None)


def test_a_case_with_an_open_hazard_is_not_closed() -> None:
    case, _ = performed()
    order = case.take(CorrectionOrdered(what="恢复瓦斯监测", due_on=date(2025, 9, 20)))
    assert case.refusal(DONE) == "OPEN_HAZARD"
    case.take(CorrectionChecked(ordered=order.id, corrected=False))
    assert case.refusal(DONE) == "OPEN_HAZARD"
    case.take(CorrectionChecked(ordered=order.id, corrected=True))
    case.take(DONE)


def test_66_a_case_is_not_closed_while_something_is_owed_undecided_or_runs() -> None:
    case = CaseFile(at(2025, 9, 10))
    decision = case.small()
    assert case.refusal(DONE) == "PARTY_UNDECIDED"
    off = case.take(case.draft((), outcome=DecisionOutcome.SLIGHT, pay_to=""), party=case.person.id, officers=())
    case.serve(off)
    assert case.refusal(DONE) == "NOT_PERFORMED"
    case.serve(decision)
    case.pay(decision, WAN - 1)
    assert case.refusal(DONE) == "NOT_PERFORMED"
    case.pay(decision, 1)
    filed = case.take(ReconsiderationFiled(decision=decision.id, organ="省政府", filed_on=date(2025, 9, 10)))
    assert case.refusal(DONE) == "REMEDY_RUNNING"
    case.take(OutcomeReceived(filed=filed.id, result=Result.WITHDRAWN, decided_on=date(2025, 9, 10)))
    assert case.refusal(replace(DONE, report="")) == "NOT_STATED"
    assert case.refusal(Archived(term=Term.LONG)) == "NOT_CLOSED"
    case.take(DONE)
    case.take(Archived(term=Term.LONG))
    assert case.refusal(Archived(term=Term.LONG)) == "ALREADY_ARCHIVED"
    assert case.refusal(case.notice()) == "CASE_ENDED"
    assert state_of(case.history, case.law) is CaseState.ARCHIVED
    case.take(SuitFiled(decision=decision.id, court="法院", filed_on=date(2025, 9, 10)))


def test_66_a_stop_is_carried_out_before_the_case_is_closed() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.ready_for_stop()
    case.fine_the_principal()
    decision = case.decide(STOP)
    case.serve(decision)
    case.pay(decision, 50 * WAN)
    assert case.refusal(DONE) == "NOT_PERFORMED"
    assert state_of(case.history, case.law) is CaseState.SERVED
    case.take(Executed(decision=decision.id, sanction=SanctionKind.STOPPED, how="已停产"))
    assert state_of(case.history, case.law) is CaseState.PERFORMED
    case.take(DONE)


def test_a_case_goes_to_the_court_and_is_closed_when_it_enforces() -> None:
    case = CaseFile(at(2025, 3, 10))
    case.conduct = replace(case.conduct, ended_on=None)
    case.person = case.unit
    decision = case.small()
    case.serve(decision)
    case.on(2025, 9, 11).take(Urged(decision=decision.id, delivery=BY_HAND))
    by_court = Closed(ground=ClosingGround.COURT, report="法院执行")
    assert case.refusal(by_court) == "NOT_PERFORMED"
    asked = case.on(2025, 10, 20).take(CourtAsked(decision=decision.id, court="法院"))
    assert state_of(case.history, case.law) is CaseState.BEFORE_THE_COURT
    case.take(CourtRuled(asked=asked.id, allowed=True))
    case.take(by_court)


def test_60_a_case_whose_time_ran_out_is_closed_as_such_and_not_before() -> None:
    case = _registered()
    ended = Closed(ground=ClosingGround.NOT_DECIDABLE, report="逾期")
    assert case.refusal(ended) == "STILL_DECIDABLE"
    case.on(2025, 12, 10).take(ended)


def test_52_a_decision_on_the_spot_is_reported_before_the_case_is_closed() -> None:
    case = CaseFile(at(2025, 9, 10))
    spot = case.take(case.on_the_spot(Sanction(kind=SanctionKind.WARNING)))
    assert case.refusal(DONE) == "SPOT_NOT_REPORTED"
    case.take(SpotReported(decision=spot.id))
    case.take(DONE)


def test_the_next_steps_supply_what_is_missing() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.propose()
    assert StepKind.REGISTERED in next_steps(case.history, case.law, case.now, case.unit.id)
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    assert next_steps(case.history, case.law, case.now, case.unit.id) == (StepKind.NOTICE_SERVED,)
    case.suggest()
    case.notify()
    case.waive()
    assert next_steps(case.history, case.law, case.now, case.unit.id) == (StepKind.DECIDED,)
    case.decide()
    assert next_steps(case.history, case.law, case.now, case.unit.id) == (StepKind.SERVED,)
