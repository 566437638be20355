"""Tests of what the law says of ordering a measure: each forbidden order after its article."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.measures import rules
from storage.casework.measures.history import History, Named, Order
from storage.casework.measures.rules import Site
from storage.casework.measures.steps import MeasureApprovalLacking
from storage.casework.measures.tables import StepOutcome
from storage.field.inspections.rules import NotAnOfficer
from storage.record.law import BUILT_IN
from storage.record.law.measures import MEASURE_KINDS, Approval, measures_on
from storage.record.law.supervision import levels_on
from storage.record.problems import BadInput
from tests.factories.measures import ONE, ORDERED_AT, STRANGER, TWO, major, named, tale

pytestmark = pytest.mark.quick

FINDING = named()


def order(kind: str, *findings: Named, **changes: Any) -> Order:
    known = findings or (FINDING,)
    usual: dict[str, Any] = {"reason": "甲烷传感器断线", "ordered_at": ORDERED_AT,
                             "findings": tuple(one.id for one in known)}  # fmt: skip
    return Order(id=uuid4(), inspection_id=uuid4(), kind=kind, **(usual | changes))


def site(*findings: Named, head: bool = False, enforced: History | None = None) -> Site:
    return Site(officers=frozenset({ONE, TWO}), findings=findings or (FINDING,), approver_is_head=head,
                enforced=enforced, law=BUILT_IN)  # fmt: skip


def lawful(asked: Order, around: Site, *, by: Any = ONE) -> None:
    kind = rules.must_be_of_the_list(asked.kind, on=asked.day)
    rules.must_be_lawful(asked, kind, by=by, site=around)


@pytest.mark.parametrize(
    "changes",
    [{"reason": "长" * 501}, {"findings": (FINDING.id, FINDING.id)}, {"days": 0}, {"days": 366},
     {"decision": "黔" * 61}],
)  # fmt: skip
def test_what_is_no_order_in_words_and_sizes_is_bad_input(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        rules.must_be_well_formed(replace(order("REMOVE_HAZARD"), **changes))


def test_policy_14_a_measure_is_of_the_closed_list_of_its_day() -> None:
    for kind, day in (("SHOUT", date(2025, 1, 1)), ("SEAL", date(2024, 4, 30))):
        with pytest.raises(rules.MeasureKindUnknown):
            rules.must_be_of_the_list(kind, on=day)


def test_each_measure_of_the_list_has_its_article_its_paper_and_says_who_approves() -> None:
    assert len(MEASURE_KINDS) == len(measures_on(date(2025, 1, 1))) == 11
    for one in MEASURE_KINDS.values():
        assert all((one.title, one.article, one.paper))
        assert (one.approval is Approval.NOBODY) is (one.approval_article == "")
        assert not (one.protects and one.approval is not Approval.NOBODY), "nobody waits where life is in danger"
    assert {one.paper for one in MEASURE_KINDS.values()} == {
        "现场处理措施决定书", "责令限期整改指令书", "查封扣押决定书", "停止供电（供应民用爆炸物品）决定书",
        "行政处罚决定书",
    }  # fmt: skip
    assert all(one.recorded for one in MEASURE_KINDS.values() if one.of_goods or one.cuts)


def test_levels_of_supervision_say_that_they_are_a_default() -> None:
    assert set(levels_on(date(2025, 1, 1))) == {"COUNTY", "CITY", "PROVINCE"}
    assert not any(one.settled or not one.note for one in levels_on(date(2025, 1, 1)).values())
    assert levels_on(date(2024, 4, 30)) == {}


def test_regulation_44_an_order_answers_a_finding_of_this_mine() -> None:
    with pytest.raises(rules.MeasureWithoutFinding):
        lawful(order("CORRECT_ON_SITE", findings=()), site())
    with pytest.raises(rules.FindingOfAnotherMine):
        lawful(order("CORRECT_ON_SITE", named()), site())
    lawful(order("CORRECT_ON_SITE"), site())


def test_penalty_law_42_only_an_officer_of_the_inspection_orders() -> None:
    with pytest.raises(NotAnOfficer):
        lawful(order("CORRECT_ON_SITE"), site(), by=STRANGER)


def test_regulation_44_an_order_to_correct_by_a_term_names_the_term() -> None:
    with pytest.raises(rules.TermMissing):
        lawful(order("CORRECT_BY_TERM"), site())
    lawful(order("CORRECT_BY_TERM", days=15), site())


@pytest.mark.parametrize("kind", ["SEAL", "SEIZE"])
def test_compulsion_law_18_goods_are_seized_with_the_heads_approval_or_in_urgency(kind: str) -> None:
    with pytest.raises(MeasureApprovalLacking):
        lawful(order(kind), site())
    lawful(order(kind), site(head=True))
    lawful(order(kind, urgent=True), site())  # 强制法19: made up within 24 hours.


def test_penalty_law_63_a_stop_to_rectify_rests_on_a_decision_and_on_the_head() -> None:
    with pytest.raises(rules.StopWithoutDecision):
        lawful(order("STOP_TO_RECTIFY"), site(head=True))
    with pytest.raises(MeasureApprovalLacking):  # Urgency is no ground here.
        lawful(order("STOP_TO_RECTIFY", decision="黔矿安罚〔2025〕1号", urgent=True), site())
    lawful(order("STOP_TO_RECTIFY", decision="黔矿安罚〔2025〕1号"), site(head=True))


@pytest.mark.parametrize("kind", [key for key, one in MEASURE_KINDS.items() if one.protects])
def test_regulation_44_what_protects_life_is_kept_whatever_is_lacking(kind: str) -> None:
    asked = order(kind, findings=(), danger=True, reason="", approver_id=uuid4(), enforces=uuid4())
    lawful(asked, replace(site(), findings=(), officers=frozenset()), by=STRANGER)
    unsafe = named(unsafe=True)  # The finding says that it is in danger, where the order forgot to.
    lawful(replace(asked, danger=False, findings=(unsafe.id,)), site(unsafe), by=STRANGER)
    if not MEASURE_KINDS[kind].of_people:
        with pytest.raises(rules.MeasureWithoutFinding):
            lawful(replace(asked, danger=False, reason="没有危险"), site())
        with pytest.raises(BadInput):
            lawful(replace(asked, danger=False), site())


def cut(**changes: Any) -> Order:
    return order("CUT_POWER", HAZARD, **({"danger": True, "safe": True} | changes))


HAZARD = major()


def test_safety_law_70_power_is_cut_only_when_a_stop_for_a_major_hazard_was_refused_in_danger_and_safely() -> None:
    refused = tale("STOP_PRODUCTION", HAZARD).confirmed().rechecked(StepOutcome.REFUSED).history
    lawful(cut(), site(HAZARD, head=True, enforced=refused))
    corrected = tale("STOP_PRODUCTION", HAZARD).confirmed().rechecked().history
    no_stop = tale("CORRECT_ON_SITE", HAZARD).confirmed().rechecked(StepOutcome.REFUSED).history
    minor = tale("STOP_PRODUCTION").confirmed().rechecked(StepOutcome.REFUSED).history
    for around, changes in (
        (site(HAZARD, head=True), {}),
        (site(HAZARD, head=True, enforced=corrected), {}),
        (site(HAZARD, head=True, enforced=no_stop), {}),
        (site(HAZARD, head=True, enforced=refused), {"danger": False}),
        (site(HAZARD, head=True, enforced=refused), {"safe": False}),
        (site(replace(HAZARD, severity=FINDING.severity), head=True, enforced=minor), {}),
    ):
        with pytest.raises(rules.CutConditionMissing):
            lawful(cut(**changes), around)
    with pytest.raises(MeasureApprovalLacking):
        lawful(cut(urgent=True), site(HAZARD, enforced=refused))


def test_the_law_of_an_order_is_that_of_its_day_in_shanghai() -> None:
    late = order("SEAL", ordered_at=datetime(2024, 4, 30, 16, 0, tzinfo=UTC))
    assert late.day == date(2024, 5, 1)
    rules.must_be_of_the_list(late.kind, on=late.day)
