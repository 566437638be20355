"""Tests of what the law says of publishing: how long it is shown, who may publish, when it is taken down."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.after import Revoked
from storage.casework.cases.steps import Sanction, SanctionKind
from storage.record.law import BUILT_IN
from storage.trust.disclosures import problems, rules
from storage.trust.disclosures.rules import PenaltyClass, WithdrawalGround, WithholdingGround
from storage.trust.disclosures.tables import DisclosureState
from tests.factories.cases import CaseFile, at, fine
from tests.storage.trust.disclosures.test_copies import served

pytestmark = pytest.mark.quick

WARNING = Sanction(kind=SanctionKind.WARNING)
REVOKED = Sanction(kind=SanctionKind.LICENCE_REVOKED)


def ruling(*sanctions: Sanction, on: tuple[int, ...] = (2026, 5, 6)) -> Any:
    _, decision = served()
    return replace(decision, at=at(*on), body=replace(decision.body, sanctions=sanctions))


@pytest.mark.parametrize(
    ("sanctions", "found"),
    [
        ((WARNING,), PenaltyClass.SLIGHT),
        ((fine(5),), PenaltyClass.ORDINARY),
        ((WARNING, fine(5)), PenaltyClass.ORDINARY),
        ((fine(99.99, "fine_major_hazard_unit"),), PenaltyClass.ORDINARY),
        ((fine(100, "fine_major_hazard_unit"),), PenaltyClass.GRAVE),
        ((WARNING, REVOKED), PenaltyClass.GRAVE),
    ],
)
def test_the_class_of_a_penalty_follows_from_its_kinds_and_sum(
    sanctions: tuple[Sanction, ...], found: PenaltyClass
) -> None:
    assert rules.class_of(ruling(*sanctions), BUILT_IN) is found


def test_the_class_of_what_is_decided_on_the_spot_is_slight() -> None:
    case = CaseFile(at(2026, 5, 6))
    spot = case.take(case.on_the_spot(fine(0.2)))
    assert rules.class_of(spot, BUILT_IN) is PenaltyClass.SLIGHT


@pytest.mark.parametrize(
    ("sanctions", "on", "last"),
    [
        ((WARNING,), (2026, 5, 6), date(2026, 8, 6)),
        ((fine(5),), (2026, 5, 6), date(2027, 5, 6)),
        ((REVOKED,), (2026, 5, 6), date(2029, 5, 6)),
        ((fine(5),), (2026, 3, 31), date(2029, 3, 31)),  # The last day of the older rule.
        ((fine(5),), (2026, 4, 1), date(2027, 4, 1)),
        ((fine(5),), (2022, 4, 1), None),
    ],
)
def test_how_long_it_is_shown_is_the_longest_period_of_its_day_and_class(
    sanctions: tuple[Sanction, ...], on: tuple[int, ...], last: date | None
) -> None:
    assert rules.shown_until(ruling(*sanctions, on=on), BUILT_IN) == last


def test_neither_who_decided_nor_who_drafted_publishes() -> None:
    case, decision = served()
    drafter = uuid4()
    for account in (decision.by, drafter):
        with pytest.raises(problems.PublishedByItsAuthor):
            rules.must_not_be_its_author(account, decision, case.history, {drafter})
    rules.must_not_be_its_author(uuid4(), decision, case.history, {drafter})


def test_whoever_decides_on_the_spot_does_not_publish_it_and_neither_does_his_fellow() -> None:
    case = CaseFile(at(2026, 5, 6))
    spot = case.take(case.on_the_spot(fine(0.2)))
    for officer in case.officers:
        with pytest.raises(problems.PublishedByItsAuthor):
            rules.must_not_be_its_author(officer.account, spot, case.history, ())


def test_a_withdrawal_says_why_and_claims_no_fall_that_was_not() -> None:
    rules.must_be_reasoned(WithdrawalGround.DECISION_FELL, "撤销", fell=True)
    rules.must_be_reasoned(WithdrawalGround.HARMS_SOMEBODY, "含个人信息", fell=False)
    for ground, reason, fell in (
        (WithdrawalGround.DECISION_FELL, "撤销", False), (WithdrawalGround.DECISION_FELL, " ", True),
        (WithdrawalGround.PUBLISHED_IN_ERROR, "x" * 1_001, False),
    ):  # fmt: skip
        with pytest.raises(problems.WithdrawalUnreasoned):
            rules.must_be_reasoned(ground, reason, fell=fell)


def test_what_is_shown_is_taken_down_and_what_is_down_is_restored_unless_it_expired() -> None:
    for state in DisclosureState:
        if state in rules.SHOWN:
            rules.must_be_shown(state)
            with pytest.raises(problems.StillShown):
                rules.must_be_taken_down(state)
            continue
        with pytest.raises(problems.NotShown):
            rules.must_be_shown(state)
        if state is DisclosureState.WITHDRAWN:
            rules.must_be_taken_down(state)
    with pytest.raises(problems.RepairStands):
        rules.must_be_taken_down(DisclosureState.REPAIRED)
    with pytest.raises(problems.NotShown):
        rules.must_be_taken_down(DisclosureState.EXPIRED)


def test_nothing_is_disputed_without_a_remedy_that_is_open() -> None:
    case, decision = served()
    with pytest.raises(problems.NothingDisputed):
        rules.must_be_disputed(decision, case.history)


def test_every_ground_has_an_article() -> None:
    assert set(rules.BASIS_OF) == set(WithdrawalGround)
    assert set(rules.ARTICLE_OF) == set(WithholdingGround)


def test_a_revoked_decision_fell() -> None:
    case, decision = served()
    assert not rules.is_changed(decision, case.history)
    case.take(Revoked(decision=decision.id, reason="认定有误"), by=case.head)
    assert decision.id in case.history.fallen
