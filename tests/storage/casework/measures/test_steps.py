"""Tests of what the law says of the steps of a measure: each forbidden act after its article."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.measures import history, steps, supervision
from storage.casework.measures.history import SIGNATURES
from storage.casework.measures.tables import Hand, MeasureState, StepOutcome, Turn
from storage.field.inspections.rules import CertificateNotValid, NotAnOfficer
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN
from storage.record.law.measures import MEASURE_KINDS
from storage.record.problems import BadInput
from tests.factories.measures import BOTH, CLERK, HEAD, MAYOR, OFFICE, ONE, STRANGER, TWO, Tale, major, tale

pytestmark = pytest.mark.quick

K = Turn


def states(told: Tale) -> MeasureState:
    return history.state_of(told.history, BUILT_IN)


def test_what_a_step_must_tell_is_asked_for() -> None:
    told = tale("CORRECT_BY_TERM", days=10)
    wrong: list[tuple[Turn, dict[str, Any]]] = [
        (K.TOLD, {}), (K.TOLD, {"words": "长" * 1_001}), (K.HEADS_COUNTED, {}), (K.HEADS_COUNTED, {"number": -1}),
        (K.RECHECKED, {}), (K.RECHECKED, {"outcome": StepOutcome.PASSED}), (K.FOLLOWER_NAMED, {}),
        (K.EXTENSION_ASKED, {"words": "雨季"}), (K.TRACKED, {"words": "有", "outcome": StepOutcome.CORRECTED}),
        (K.RECHECKED, {"outcome": StepOutcome.CORRECTED, "evidence": (told.history.order.id,) * 2}),
        (K.RECHECK_SIGNED, {"subject_id": uuid4()}),
    ]  # fmt: skip
    for kind, given in wrong:
        with pytest.raises(BadInput):
            told.takes(kind, ONE, **given)
    assert len(told.history.steps) == 1


def test_facts_are_kept_after_the_end_and_acts_of_law_are_not() -> None:
    told = tale("CORRECT_ON_SITE").confirmed().rechecked()
    told.takes(K.CLOSED_OUT, ONE)
    told.takes(K.TOLD, ONE, words="电话")
    told.takes(K.RECHECKED, ONE, outcome=StepOutcome.NOT_CORRECTED)
    assert states(told) is MeasureState.CLOSED_OUT
    for kind in (K.CLOSED_OUT, K.FOLLOWER_NAMED):
        with pytest.raises(steps.MeasureEnded):
            told.takes(kind, ONE, subject_id=TWO)


def test_penalty_law_42_an_order_is_confirmed_by_another_officer_with_a_certificate() -> None:
    told = tale("CORRECT_ON_SITE")
    told.history = replace(told.history, officers=frozenset({ONE, TWO, HEAD}))
    with pytest.raises(NotAnOfficer):
        told.takes(K.CONFIRMED, STRANGER)
    with pytest.raises(CertificateNotValid):
        told.takes(K.CONFIRMED, HEAD)
    assert not history.is_confirmed(told.history, BUILT_IN)
    assert history.is_confirmed(told.confirmed().history, BUILT_IN)


def test_penalty_law_42_a_withdrawal_of_one_without_certificate_takes_two_more_hands() -> None:
    told = tale("WITHDRAW_PEOPLE", by=HEAD)
    told.history = replace(told.history, officers=frozenset({ONE, TWO, HEAD}))
    assert not history.is_confirmed(told.confirmed().history, BUILT_IN)
    told.takes(K.CONFIRMED, ONE)
    assert history.is_confirmed(told.history, BUILT_IN)


def test_regulation_44_a_withdrawal_is_not_lifted_before_nobody_is_below() -> None:
    told = tale("WITHDRAW_PEOPLE").confirmed().rechecked()
    for below in (None, 7, 1):
        if below is not None:
            told.passes(minutes=5).takes(K.HEADS_COUNTED, ONE, number=below)
        with pytest.raises(steps.HeadCountNotZero):
            told.takes(K.LIFTED, HEAD)
    told.passes(minutes=5).takes(K.HEADS_COUNTED, CLERK, number=0)  # The mine's own word does not do.
    with pytest.raises(steps.HeadCountNotZero):
        told.takes(K.LIFTED, HEAD)
    told.passes(minutes=5).takes(K.HEADS_COUNTED, ONE, number=0)
    told.takes(K.LIFTED, HEAD)
    assert states(told) is MeasureState.LIFTED


def test_regulation_44_a_count_that_arrives_late_takes_its_place_by_when_it_was() -> None:
    told = tale("WITHDRAW_PEOPLE").confirmed().rechecked().passes(hours=1)
    told.takes(K.HEADS_COUNTED, ONE, number=0)
    told.takes(K.HEADS_COUNTED, TWO, number=3, at=told.now - timedelta(minutes=30))
    assert history.below(told.history, told.now) == 0
    told.takes(K.HEADS_COUNTED, TWO, number=2)  # Of the same moment: the larger holds.
    assert history.below(told.history, told.now) == 2
    earlier = tale("WITHDRAW_PEOPLE")
    earlier.takes(K.HEADS_COUNTED, ONE, number=0, at=earlier.now - timedelta(minutes=1))
    assert history.below(earlier.history, earlier.now) is None  # A count from before the order says nothing.


def test_safety_law_65_nobody_goes_back_before_a_signed_recheck() -> None:
    for key in ("WITHDRAW_PEOPLE", "STOP_PRODUCTION", "STOP_EQUIPMENT"):
        told = tale(key).confirmed().passes(minutes=1)
        told.takes(K.HEADS_COUNTED, ONE, number=0)
        with pytest.raises(steps.MeasureNotCorrected):
            told.takes(K.LIFTED, HEAD)
        fact = told.takes(K.RECHECKED, ONE, outcome=StepOutcome.CORRECTED)
        with pytest.raises(steps.MeasureNotCorrected):  # One officer's word is half an opinion.
            told.takes(K.LIFTED, HEAD)
        told.takes(K.RECHECK_SIGNED, TWO, subject_id=fact.id)
        told.passes(minutes=1).takes(K.RECHECKED, TWO, outcome=StepOutcome.NOT_CORRECTED)
        with pytest.raises(steps.MeasureNotCorrected):  # What was seen later, even unsigned, holds it.
            told.takes(K.LIFTED, HEAD)
        told.passes(minutes=1).rechecked().takes(K.LIFTED, HEAD)


def test_penalty_law_42_nobody_signs_his_own_recheck_nor_twice_nor_without_a_certificate() -> None:
    told = tale("CORRECT_ON_SITE").confirmed()
    fact = told.takes(K.RECHECKED, ONE, outcome=StepOutcome.CORRECTED)
    with pytest.raises(steps.MeasureSecondOfficerNeeded):
        told.takes(K.RECHECK_SIGNED, ONE, subject_id=fact.id)
    with pytest.raises(CertificateNotValid):
        told.takes(K.RECHECK_SIGNED, HEAD, subject_id=fact.id)
    told.takes(K.RECHECK_SIGNED, TWO, subject_id=fact.id)
    with pytest.raises(steps.MeasureSecondOfficerNeeded):
        told.takes(K.RECHECK_SIGNED, TWO, subject_id=fact.id)


def test_penalty_law_42_nothing_is_closed_out_on_an_order_of_one_officer() -> None:
    told = tale("CORRECT_ON_SITE").rechecked()
    with pytest.raises(steps.MeasureRestsOnDefect):
        told.takes(K.CLOSED_OUT, ONE)
    told.confirmed().takes(K.CLOSED_OUT, ONE)


def test_compulsion_law_18_the_head_decides_once_and_is_none_of_the_officers() -> None:
    told = tale("SEAL", urgent=True).confirmed()
    for officer in (ONE, TWO):
        with pytest.raises(steps.ApprovedByTheOfficer):
            told.takes(K.APPROVED, officer)
    told.approved()
    for kind in (K.APPROVED, K.DISAPPROVED):
        with pytest.raises(steps.MeasureApprovalGiven):
            told.takes(kind, HEAD)
    with pytest.raises(steps.StepNotOfThisMeasure):
        tale("WITHDRAW_PEOPLE").takes(K.APPROVED, HEAD)


def test_compulsion_law_19_what_the_head_disapproves_of_is_lifted_at_once() -> None:
    told = tale("SEIZE", urgent=True)
    told.takes(K.DISAPPROVED, HEAD, words="没有根据")
    assert states(told) is MeasureState.DISAPPROVED


def test_compulsion_law_28_goods_are_released_for_a_ground_and_no_defect_stands_in_the_way() -> None:
    told = tale("SEIZE", urgent=True)
    with pytest.raises(steps.MeasureGroundMissing):
        told.takes(K.LIFTED, HEAD)
    told.takes(K.LIFTED, HEAD, words="不再需要")
    assert states(told) is MeasureState.LIFTED


def test_compulsion_law_25_goods_are_held_30_days_and_once_30_more() -> None:
    told = tale("SEAL", urgent=True).confirmed().approved().passes(days=29)  # Day 30 is 2025-10-14.
    with pytest.raises(steps.GoodsHeldTooLong):
        told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 11, 14), words="情况复杂")
    told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 11, 13), words="情况复杂")
    with pytest.raises(steps.GoodsHeldTooLong):
        told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 11, 14), words="情况复杂")
    late = tale("SEAL", urgent=True).confirmed().approved().passes(days=30)
    with pytest.raises(steps.GoodsHeldTooLong):
        late.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 10, 20), words="情况复杂")


def test_policy_11_an_order_is_followed_by_one_of_the_county_and_handed_on_for_a_reason() -> None:
    told = tale("CORRECT_BY_TERM", days=10)
    with pytest.raises(steps.FollowerNotOfTheCounty):
        told.takes(K.FOLLOWER_NAMED, HEAD, subject_id=STRANGER, follows=False)
    told.takes(K.FOLLOWER_NAMED, HEAD, subject_id=ONE)
    with pytest.raises(steps.HandedOnWithoutReason):
        told.takes(K.FOLLOWER_NAMED, HEAD, subject_id=TWO)
    told.takes(K.FOLLOWER_NAMED, HEAD, subject_id=TWO, words="调离")


def test_regulation_44_a_term_is_extended_only_when_the_mine_asked_and_never_shortened() -> None:
    told = tale("CORRECT_BY_TERM", days=10)  # Until 2025-09-25.
    with pytest.raises(steps.ExtensionNotAsked):
        told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 9, 30), words="同意")
    told.takes(K.EXTENSION_ASKED, CLERK, until=date(2025, 9, 30), words="设备未到")
    with pytest.raises(steps.ExtensionShortens):
        told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 9, 25), words="同意")
    with pytest.raises(steps.MeasureGroundMissing):
        told.takes(K.EXTENSION_REFUSED, HEAD)
    told.takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 9, 30), words="同意")
    with pytest.raises(steps.ExtensionNotAsked):
        told.takes(K.EXTENSION_REFUSED, HEAD, words="不同意")
    with pytest.raises(steps.StepNotOfThisMeasure):
        tale("WITHDRAW_PEOPLE").takes(K.EXTENSION_GRANTED, HEAD, until=date(2025, 9, 30), words="同意")


def test_regulation_45_a_major_hazard_is_closed_out_only_from_under_supervision() -> None:
    told = tale("CORRECT_BY_TERM", major(), days=10).confirmed().rechecked()
    with pytest.raises(supervision.HazardNotSupervised):
        told.takes(K.CLOSED_OUT, ONE)
    with pytest.raises(supervision.SupervisionLevelUnknown):
        told.takes(K.SUPERVISED, HEAD, words="VILLAGE")
    told.takes(K.SUPERVISED, HEAD, words="COUNTY")
    with pytest.raises(supervision.SupervisedBefore):
        told.takes(K.SUPERVISED, HEAD, words="COUNTY")
    with pytest.raises(supervision.HazardNotMajor):
        tale("CORRECT_ON_SITE").takes(K.SUPERVISED, HEAD, words="COUNTY")


def test_policy_3_3_a_supervised_hazard_is_not_struck_off_without_two_officers_underground_with_evidence() -> None:
    def supervised() -> Tale:
        told = tale("CORRECT_BY_TERM", major(), days=10).confirmed()
        told.takes(K.SUPERVISED, HEAD, words="COUNTY")
        return told.rechecked()

    piece, words = (uuid4(),), "看了"
    good: dict[str, Any] = {"outcome": StepOutcome.CORRECTED, "underground": True, "evidence": piece, "words": words}
    for changes, signs in (
        ({"underground": False}, True), ({"evidence": ()}, True), ({"outcome": StepOutcome.NOT_CORRECTED}, True),
        ({}, False), ({"at": datetime(2025, 9, 14, tzinfo=SHANGHAI)}, True),
    ):  # fmt: skip
        told = supervised().passes(hours=1)
        fact = told.takes(K.VERIFIED, ONE, **(good | changes))
        if signs:
            told.takes(K.VERIFICATION_SIGNED, TWO, subject_id=fact.id)
        with pytest.raises(supervision.NotVerifiedOnSite):
            told.takes(K.CLOSED_OUT, ONE)
    told = supervised().passes(hours=1).verified()
    told.takes(K.CLOSED_OUT, ONE)
    assert states(told) is MeasureState.CLOSED_OUT


def test_regulation_54_what_the_branch_office_found_is_handed_over_receipted_and_only_then_struck_off() -> None:
    told = tale("CORRECT_BY_TERM", major(), days=10, hand=Hand.OFFICE).confirmed()
    told.takes(K.SUPERVISED, HEAD, words="COUNTY")
    told.rechecked().verified()
    with pytest.raises(supervision.HandoverNotReceived):
        told.takes(K.CLOSED_OUT, ONE)
    with pytest.raises(supervision.NotHandedOver):
        told.takes(K.HANDOVER_RECEIVED, HEAD)
    with pytest.raises(steps.WrongHand):
        told.takes(K.HANDED_OVER, HEAD, words="盘州市能源局")
    told.takes(K.HANDED_OVER, OFFICE, words="盘州市能源局")
    with pytest.raises(supervision.HandedOverBefore):
        told.takes(K.HANDED_OVER, OFFICE, words="盘州市能源局")
    with pytest.raises(steps.WrongHand):
        told.takes(K.HANDOVER_RECEIVED, OFFICE)
    with pytest.raises(supervision.HandoverNotReceived):
        told.takes(K.CLOSED_OUT, ONE)
    told.takes(K.HANDOVER_RECEIVED, HEAD)
    told.takes(K.CLOSED_OUT, ONE)
    own = tale("CORRECT_ON_SITE", major())
    own.takes(K.HANDED_OVER, BOTH, words="盘州市能源局")
    with pytest.raises(supervision.ReceivedByTheGiver):
        own.takes(K.HANDOVER_RECEIVED, BOTH)


def test_policy_3_3_a_hazard_of_the_city_that_nobody_tracked_for_a_month_is_not_struck_off() -> None:
    told = tale("CORRECT_BY_TERM", major(), days=10).confirmed()
    told.takes(K.SUPERVISED, HEAD, words="CITY")
    told.passes(days=40).rechecked().verified()
    with pytest.raises(supervision.HazardNotTracked):
        told.takes(K.CLOSED_OUT, ONE)
    told.takes(K.TRACKED, ONE, words="已到现场")
    told.takes(K.CLOSED_OUT, ONE)


def a_cut(key: str = "CUT_POWER", **order: Any) -> Tale:
    return tale(key, major(), danger=True, safe=True, approver_id=HEAD, **order).confirmed()


def test_safety_law_70_nobody_is_told_to_cut_before_the_head_approved() -> None:
    for kind in (K.MINE_NOTIFIED, K.SUPPLIER_NOTIFIED):
        with pytest.raises(steps.MeasureApprovalLacking):
            a_cut().takes(kind, ONE, words="供电局")
    alone = tale("CUT_EXPLOSIVES", major(), danger=True, safe=True).approved()
    with pytest.raises(steps.MeasureRestsOnDefect):
        alone.takes(K.SUPPLIER_NOTIFIED, ONE, words="民爆公司")


def test_safety_law_70_power_is_cut_24_hours_after_the_notice_by_day_and_on_no_holiday() -> None:
    told = a_cut().approved()
    told.now = datetime(2026, 2, 16, 9, tzinfo=SHANGHAI)  # T22: in the spring festival.
    with pytest.raises(steps.MineNotNotified):
        told.takes(K.SUPPLIER_NOTIFIED, ONE, words="供电局")
    told.takes(K.MINE_NOTIFIED, ONE)
    earliest = steps.cut_enforceable_from(told.history, BUILT_IN)
    assert earliest is not None
    assert earliest.date() == date(2026, 2, 24)
    for moment in (datetime(2026, 2, 17, 9, tzinfo=SHANGHAI), earliest - timedelta(seconds=1)):
        told.now = moment
        with pytest.raises(steps.CutTooEarly):
            told.takes(K.SUPPLIER_NOTIFIED, ONE, words="供电局")
    told.now = earliest
    told.takes(K.SUPPLIER_NOTIFIED, ONE, words="供电局")


def test_safety_law_70_an_emergency_and_explosives_wait_for_no_notice() -> None:
    a_cut(urgent=True).approved().takes(K.SUPPLIER_NOTIFIED, ONE, words="供电局")
    a_cut("CUT_EXPLOSIVES").approved().takes(K.SUPPLIER_NOTIFIED, ONE, words="民爆公司")


def test_safety_law_70_a_cut_is_lifted_when_it_is_fixed() -> None:
    told = a_cut(urgent=True).approved()
    with pytest.raises(steps.MeasureNotCorrected):
        told.takes(K.LIFTED, HEAD)
    told.rechecked().takes(K.LIFTED, HEAD)


def a_stop() -> Tale:
    return tale("STOP_TO_RECTIFY", decision="黔矿安罚〔2025〕1号", approver_id=HEAD).confirmed().approved()


def accepted() -> Tale:
    told = a_stop()
    told.takes(K.RESTART_ASKED, CLERK, words="整改完毕")
    told.takes(K.ACCEPTANCE_HELD, ONE, outcome=StepOutcome.PASSED)
    return told


SIGNERS = {K.RESTART_SIGNED: HEAD, K.RESTART_AGREED: OFFICE, K.RESTART_APPROVED: MAYOR}


def test_regulation_48_a_mine_restarts_by_three_signatures_in_order_and_by_nothing_else() -> None:
    told = accepted()
    for skipped in (K.RESTART_AGREED, K.RESTART_APPROVED):
        with pytest.raises(steps.SignatureOutOfOrder):
            told.takes(skipped, SIGNERS[skipped])
    for kind, _ in SIGNATURES:
        assert states(told) is not MeasureState.RESTARTED
        told.takes(kind, SIGNERS[kind])
        if kind is not K.RESTART_APPROVED:
            with pytest.raises(steps.SignatureOutOfOrder):
                told.takes(kind, SIGNERS[kind])
    assert states(told) is MeasureState.RESTARTED
    for kind in (K.LIFTED, K.CLOSED_OUT):
        with pytest.raises(steps.StepNotOfThisMeasure):
            a_stop().takes(kind, HEAD)


def test_regulation_48_each_signature_is_that_of_its_authority_and_nobody_signs_twice() -> None:
    told = accepted()
    for by in (OFFICE, MAYOR, CLERK):
        with pytest.raises(steps.WrongHand):
            told.takes(K.RESTART_SIGNED, by)
    told.takes(K.RESTART_SIGNED, BOTH)
    with pytest.raises(steps.SignedByOnePersonTwice):
        told.takes(K.RESTART_AGREED, BOTH)
    told.takes(K.RESTART_AGREED, OFFICE)


def test_regulation_48_nobody_signs_before_an_acceptance_was_passed_and_a_new_application_begins_anew() -> None:
    told = a_stop()
    with pytest.raises(steps.RestartNotAsked):
        told.takes(K.ACCEPTANCE_HELD, ONE, outcome=StepOutcome.PASSED)
    told.takes(K.RESTART_ASKED, CLERK, words="整改完毕")
    with pytest.raises(steps.AcceptanceNotPassed):
        told.takes(K.RESTART_SIGNED, HEAD)
    told.takes(K.ACCEPTANCE_HELD, ONE, outcome=StepOutcome.FAILED)
    with pytest.raises(steps.AcceptanceNotPassed):
        told.takes(K.RESTART_SIGNED, HEAD)
    told.takes(K.RESTART_ASKED, CLERK, words="再次整改完毕")
    told.takes(K.ACCEPTANCE_HELD, ONE, outcome=StepOutcome.PASSED)
    told.takes(K.RESTART_SIGNED, HEAD)
    told.takes(K.RESTART_ASKED, CLERK, words="又一次")
    with pytest.raises(steps.AcceptanceNotPassed):
        told.takes(K.RESTART_AGREED, OFFICE)
    for kind in (K.RESTART_ASKED, K.ACCEPTANCE_HELD):
        with pytest.raises(steps.StepNotOfThisMeasure):
            tale("CORRECT_ON_SITE").takes(kind, CLERK, words="恢复", outcome=_outcome(kind))


def _outcome(kind: Turn) -> StepOutcome | None:
    return StepOutcome.PASSED if kind is K.ACCEPTANCE_HELD else None


def test_every_step_but_the_first_has_a_verb_and_every_act_of_law_a_rule() -> None:
    assert set(steps.VERBS) == set(Turn) - {K.ORDERED}
    ruled = set(steps._RULES) | steps.FACTS | set(steps._SIGNED) | {K.CONFIRMED}
    assert ruled == set(Turn) - {K.ORDERED}
    assert all(one.title for one in MEASURE_KINDS.values())
