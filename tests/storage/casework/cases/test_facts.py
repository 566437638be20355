"""Tests of facts that are kept with their defects, and of holding things; each named after its article."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.facts import (
    ApprovalOf,
    Approved,
    CorrectionChecked,
    DefectKind,
    EvidenceAdded,
    Excluded,
    KeepingDecided,
    MadeGood,
    RegisterKept,
    Released,
    Seized,
    SeizureExtended,
    SentForTest,
    StatementTaken,
)
from storage.casework.cases.bodies.opening import RecusalAsked, RecusalDecided
from storage.casework.cases.clocks import deadlines_of
from storage.casework.cases.defects import open_defects
from storage.casework.cases.holding import end_of_seizure
from tests.factories.cases import CaseFile, at

pytestmark = pytest.mark.quick

PLANNED = Seized(items=("风筒",), urgent=False, reasons_told=True, papers_handed_over=True, record_signed=True)
KEPT = RegisterKept(items=("记录本",), list_handed_over=True)


@pytest.fixture
def case() -> CaseFile:
    case = CaseFile(at(2025, 9, 10))
    case.register()
    return case


def defects(case: CaseFile) -> list[str]:
    return [one.kind.value for one in open_defects(case.history, case.law)]


def test_42_a_statement_before_one_officer_is_kept_and_no_decision_rests_on_it(case: CaseFile) -> None:
    taken = case.take(StatementTaken(of="矿长", signed=True), officers=case.officers[:1])
    (found,) = open_defects(case.history, case.law)
    assert (found.kind, found.step) == (DefectKind.TOO_FEW_OFFICERS, taken.id)
    assert found.who == (case.officers[0].account,)
    assert found.due == at(2025, 9, 11)  # 24 hours
    assert "第四十二条" in found.article
    assert "RESTS_ON_DEFECT" in case.missing()
    good = MadeGood(step=taken.id, defect=DefectKind.TOO_FEW_OFFICERS, how="两人重新核对并签名")
    assert case.refusal(good, officers=case.officers[:1]) == "OFFICERS_TOO_FEW"
    assert case.refusal(replace(good, defect=DefectKind.NOT_SIGNED)) == "DEFECT_UNKNOWN"
    case.take(good)
    assert defects(case) == []
    assert case.refusal(good) == "DEFECT_UNKNOWN"
    assert "RESTS_ON_DEFECT" not in case.missing()


def test_55_a_lapsed_certificate_a_recused_officer_and_a_missing_signature_are_kept_as_defects(case: CaseFile) -> None:
    lapsed = (case.officers[0], replace(case.officers[1], certificate=None))
    case.take(StatementTaken(of="矿长", signed=False), officers=lapsed)
    assert defects(case) == ["NOT_CONFIRMED", "CERTIFICATE_NOT_VALID", "NOT_SIGNED"]
    case.take(StatementTaken(of="总工", signed=False, refusal="拒绝签名，已注明"))
    assert len(defects(case)) == 3
    asked = case.take(RecusalAsked(officer=case.officers[1].account, reason="亲属"))
    case.on(2025, 9, 11).take(RecusalDecided(asked=asked.id, granted=True, reason="属实"))
    case.confirms = False
    case.take(EvidenceAdded(name="照片", proves="事实"))
    assert defects(case)[3:] == ["NOT_CONFIRMED", "OFFICER_RECUSED", "NO_EVIDENCE"]


def test_46_a_fact_that_cannot_stand_is_set_aside_and_proves_nothing(case: CaseFile) -> None:
    taken = case.take(EvidenceAdded(name="照片", proves="事实"))
    assert "NOTHING_PROVEN" not in case.missing()
    assert case.refusal(Excluded(step=taken.id, reason="")) == "NOT_STATED"
    case.take(Excluded(step=taken.id, reason="没有原件"))
    assert defects(case) == []
    assert "NOTHING_PROVEN" in case.missing()
    assert case.refusal(Excluded(step=taken.id, reason="再次")) == "NO_SUCH_FACT"
    assert case.refusal(Excluded(step=uuid4(), reason="没有")) == "STEP_UNKNOWN"


def test_56_evidence_is_registered_and_kept_only_with_approval_and_list(case: CaseFile) -> None:
    assert case.refusal(KEPT) == "KEEPING_NOT_APPROVED"
    case.take(Approved(of=ApprovalOf.REGISTER_KEPT, reason="可能灭失"))
    assert case.refusal(replace(KEPT, list_handed_over=False)) == "KEEPING_NOT_LISTED"
    assert case.refusal(KEPT, officers=case.officers[:1]) == "OFFICERS_TOO_FEW"
    assert case.refusal(KEPT, at=at(2025, 9, 9)) == "KEEPING_NOT_APPROVED"
    case.take(KEPT)
    assert case.refusal(KEPT) == "KEEPING_NOT_APPROVED", "one approval serves once"


def test_56_registered_evidence_is_decided_within_seven_working_days_and_a_late_decision_shows(case: CaseFile) -> None:
    case.on(2026, 2, 11).take(Approved(of=ApprovalOf.REGISTER_KEPT, reason="可能灭失"))
    kept = case.take(KEPT)
    case.on(2026, 2, 28).take(KeepingDecided(kept=kept.id, outcome="退还"))
    (clock,) = (one for one in deadlines_of(case.history, case.law) if one.key == "registered_evidence_decision")
    assert clock.deadline is not None
    assert (clock.deadline.ends, clock.late) == (date(2026, 2, 27), True)
    assert case.refusal(KeepingDecided(kept=kept.id, outcome="再次")) == "KEEPING_ALREADY_DECIDED"


def test_18_a_planned_seizure_needs_approval_two_officers_and_its_papers(case: CaseFile) -> None:
    assert case.refusal(PLANNED) == "SEIZURE_NOT_APPROVED"
    case.take(Approved(of=ApprovalOf.SEIZED, reason="不符合标准"))
    assert case.refusal(PLANNED, officers=case.officers[:1]) == "OFFICERS_TOO_FEW"
    for change in (
        {"reasons_told": False}, {"papers_handed_over": False}, {"record_signed": False}, {"items": ()},
        {"party_present": False},
    ):  # fmt: skip
        assert case.refusal(replace(PLANNED, **change)) == "SEIZURE_FLAWED", change
    case.take(replace(PLANNED, party_present=False, witness="村主任"))


def test_19_an_urgent_seizure_is_never_refused_and_is_approved_within_24_hours(case: CaseFile) -> None:
    case.on(2025, 10, 1, 14, 20)
    bare = Seized(items=("炸药",), urgent=True, reasons_told=False, papers_handed_over=False, record_signed=False,
                  party_present=False)  # fmt: skip
    taken = case.take(bare, officers=case.officers[:1])
    assert defects(case) == [
        "TOO_FEW_OFFICERS", "NOT_APPROVED", "PAPERS_NOT_HANDED_OVER", "NOT_SIGNED", "NOT_WITNESSED"
    ]  # fmt: skip
    approval = Approved(of=ApprovalOf.SEIZED, step=taken.id, reason="情况紧急")
    assert case.on(2025, 10, 2, 14, 20).refusal(approval) == "APPROVAL_TOO_LATE"
    assert case.refusal(MadeGood(step=taken.id, defect=DefectKind.NOT_APPROVED, how="补")) == "DEFECT_UNKNOWN"
    case.on(2025, 10, 2, 14, 19).take(approval)
    assert "NOT_APPROVED" not in defects(case)


def test_19_a_seizure_whose_approval_is_late_ends_by_release_alone(case: CaseFile) -> None:
    taken = case.take(replace(PLANNED, urgent=True))
    assert defects(case) == ["NOT_APPROVED"]
    case.on(2025, 9, 15).take(Released(seized=taken.id, outcome="解除返还"))
    assert defects(case) == []
    assert case.refusal(Released(seized=taken.id, outcome="再次")) == "SEIZURE_OVER"


def test_25_a_seizure_lasts_thirty_days_and_is_extended_once_in_time(case: CaseFile) -> None:
    case.on(2026, 1, 20).take(Approved(of=ApprovalOf.SEIZED, reason="不符合标准"))
    taken = case.take(PLANNED)
    assert end_of_seizure(taken, case.history, case.law).ends == date(2026, 2, 18)
    longer = SeizureExtended(seized=taken.id, reason="情况复杂", told_in_writing=True)
    assert case.on(2026, 2, 19, 0, 0).refusal(longer) == "SEIZURE_OVER"
    case.on(2026, 2, 18, 23, 59)
    assert case.refusal(replace(longer, told_in_writing=False)) == "EXTENSION_NOT_TOLD"
    case.take(longer)
    assert end_of_seizure(taken, case.history, case.law).ends == date(2026, 3, 20)
    assert case.refusal(longer) == "SEIZURE_EXTENDED_TWICE"


def test_25_days_of_a_test_are_stated_and_do_not_count(case: CaseFile) -> None:
    case.on(2026, 1, 20).take(Approved(of=ApprovalOf.SEIZED, reason="不符合标准"))
    taken = case.take(PLANNED)
    test = SentForTest(seized=taken.id, first=date(2026, 1, 22), last=date(2026, 1, 31))
    assert case.refusal(replace(test, first=date(2026, 1, 19))) == "TEST_NOT_BELIEVABLE"
    assert case.refusal(replace(test, last=date(2026, 1, 21))) == "TEST_NOT_BELIEVABLE"
    case.take(test)
    assert end_of_seizure(taken, case.history, case.law).ends == date(2026, 2, 28)


def test_a_check_answers_an_order_of_the_case(case: CaseFile) -> None:
    assert case.refusal(CorrectionChecked(ordered=uuid4(), corrected=True)) == "STEP_UNKNOWN"
