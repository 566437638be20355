"""Tests of what the law gives for a report: shares of fines in whole fen, the first, and three hands; pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage.miners.reports.rules import NotTheSamePerson
from storage.miners.rewards import rules
from storage.miners.rewards.rules import Claim, Ground
from storage.miners.rewards.tables import Payout, RewardGrade, RewardState
from storage.record.law import BUILT_IN
from storage.record.ledger.proofs.reports import signing
from storage.record.problems import BadInput, Problem

pytestmark = pytest.mark.quick

DAY = date(2026, 11, 24)
HOUR = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
YUAN = 100
GROUND = Ground(
    substantiated=True, of_the_case=True, hour=HOUR, rivals=(HOUR,), known_at=HOUR + timedelta(days=3),
    fine=10_000 * YUAN, served=True, given=0, hands=frozenset(),
)  # fmt: skip


def amount(fine: int, *, sharers: int = 1, given: int = 0, grade: RewardGrade = RewardGrade.FIRST) -> int:
    return rules.amount_of(BUILT_IN, grade, fine=fine, sharers=sharers, given=given, on=DAY)


@pytest.mark.parametrize(("fine", "grade", "expected"), [
    (200_000 * YUAN, RewardGrade.FIRST, 30_000 * YUAN), (200_000 * YUAN, RewardGrade.SECOND, 24_000 * YUAN),
    (20_000 * YUAN, RewardGrade.FIRST, 3_000 * YUAN), (19_999 * YUAN, RewardGrade.FIRST, 3_000 * YUAN),
    (25_000 * YUAN, RewardGrade.SECOND, 3_000 * YUAN), (2_000_000 * YUAN, RewardGrade.FIRST, 300_000 * YUAN),
    (2_000_001 * YUAN, RewardGrade.FIRST, 300_000 * YUAN), (1, RewardGrade.SECOND, 3_000 * YUAN),
    (2_000_033, RewardGrade.FIRST, 300_004),
])  # fmt: skip
def test_r3_a_share_of_the_fine_between_the_least_and_the_most(fine: int, grade: RewardGrade, expected: int) -> None:
    assert amount(fine, grade=grade) == expected


@given(st.integers(1, 10**11), st.integers(1, 40), st.sampled_from(RewardGrade))
def test_r3_ties_share_equally_in_whole_fen_and_never_more_than_the_whole(
    fine: int, sharers: int, grade: RewardGrade
) -> None:
    whole, each = amount(fine, grade=grade), amount(fine, sharers=sharers, grade=grade)
    assert 0 <= whole - each * sharers < sharers
    assert BUILT_IN.number("reward_least", DAY) <= whole <= BUILT_IN.number("reward_most", DAY)


@pytest.mark.parametrize("changes", [
    {"substantiated": False}, {"of_the_case": False}, {"fine": 0}, {"served": False},
])  # fmt: skip
def test_r3_nothing_is_due_for_what_was_not_found_true_or_not_fined(changes: dict[str, Any]) -> None:
    rules.must_be_due(GROUND)
    with pytest.raises(rules.RewardNotDue):
        rules.must_be_due(replace(GROUND, **changes))


@pytest.mark.parametrize(("known_at", "is_new"), [
    (None, True), (HOUR, True), (HOUR - timedelta(hours=1), True),
    (HOUR - timedelta(hours=1, milliseconds=1), False),
])  # fmt: skip
def test_r3_what_was_surely_known_before_it_came_is_not_rewarded(known_at: datetime | None, is_new: bool) -> None:
    ground = replace(GROUND, known_at=known_at)
    if is_new:
        rules.must_be_new(ground)
    else:
        with pytest.raises(rules.RewardNotDue):
            rules.must_be_new(ground)


def test_r3_the_first_hour_is_rewarded_and_who_shares_it_shares_alike() -> None:
    later = HOUR + timedelta(hours=1)
    assert rules.must_be_first(replace(GROUND, rivals=(HOUR, later))) == 1
    assert rules.must_be_first(replace(GROUND, rivals=(HOUR, HOUR, later))) == 2
    with pytest.raises(rules.NotFirst):
        rules.must_be_first(replace(GROUND, hour=later, rivals=(HOUR, later)))


def test_r3_an_urgent_report_is_compared_by_the_hour_in_which_it_came_and_known_to_its_minute() -> None:
    urgent = HOUR - timedelta(minutes=20)
    assert rules.must_be_first(replace(GROUND, hour=urgent, rivals=(HOUR, urgent))) == 2
    assert rules.must_be_first(replace(GROUND, rivals=(HOUR, urgent))) == 2
    rules.must_be_new(replace(GROUND, hour=urgent, known_at=urgent))
    with pytest.raises(rules.RewardNotDue):
        rules.must_be_new(replace(GROUND, hour=urgent, known_at=urgent - timedelta(minutes=1)))


def test_r3_one_fine_gives_one_reward_however_late_another_report_is_found_true() -> None:
    whole = amount(1_000_000 * YUAN)
    assert amount(1_000_000 * YUAN, sharers=2, given=whole // 2) == whole // 2
    assert amount(1_000_000 * YUAN, sharers=2, given=whole - 1) == 1
    with pytest.raises(rules.RewardNotDue):
        amount(1_000_000 * YUAN, sharers=2, given=whole)


ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(("call", "problem"), [
    (lambda: rules.must_be_another(ONE, {ONE, TWO}), NotTheSamePerson),
    (lambda: rules.must_be_decided_by_another(ONE, ONE), rules.RewardNeedsTwoPeople),
    (lambda: rules.must_be_proposed(RewardState.DECIDED), rules.RewardDecided),
    (lambda: rules.must_be_claimable(RewardState.PROPOSED), rules.RewardNotDecided),
    (lambda: rules.must_be_claimable(RewardState.REJECTED), rules.RewardNotDecided),
    (lambda: rules.must_be_claimable(RewardState.CLAIMED), rules.RewardClaimed),
    (lambda: rules.must_be_payable(RewardState.DECIDED, account=ONE, decider=TWO), rules.RewardNotClaimed),
    (lambda: rules.must_be_payable(RewardState.PROPOSED, account=ONE, decider=None), rules.RewardNotDecided),
    (lambda: rules.must_be_payable(RewardState.CLAIMED, account=ONE, decider=ONE), rules.RewardNeedsTwoPeople),
    (lambda: rules.must_be_unpaid(RewardState.PAID), rules.RewardPaid),
])  # fmt: skip
def test_r2_each_hand_does_its_own_and_once(call: Any, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        call()


def test_a_claim_is_signed_over_reward_amount_payout_and_payee() -> None:
    key, reward, payee = Ed25519PrivateKey.generate(), uuid4(), "盘州市财政局窗口，现金"
    signed = key.sign(signing.claim_message(str(reward), 300_000, "CASH", payee.encode()))
    public = key.public_key().public_bytes_raw()
    claim = Claim(reward_id=reward, payout=Payout.CASH, payee=payee, signature=signed)
    rules.must_be_signed(claim, amount=300_000, claim_key=public)
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    for asked, sum_, under in (
        (replace(claim, payee="别人的账户"), 300_000, public), (claim, 300_001, public), (claim, 300_000, stranger),
        (replace(claim, payout=Payout.ACCOUNT), 300_000, public),
        (replace(claim, reward_id=uuid4()), 300_000, public), (replace(claim, signature=b""), 300_000, public),
        (claim, 300_000, b"short"),
    ):  # fmt: skip
        with pytest.raises(rules.ClaimNotSigned):
            rules.must_be_signed(asked, amount=sum_, claim_key=under)


@pytest.mark.parametrize(("payout", "payee"), [
    (Payout.CASH, " "), (Payout.CASH, "一" * 4_001), (Payout.ACCOUNT, "6222 0000 1111 2222"),
])  # fmt: skip
def test_an_account_never_comes_in_plain(payout: Payout, payee: str) -> None:
    with pytest.raises(BadInput):
        rules.must_be_a_claim(Claim(reward_id=ONE, payout=payout, payee=payee, signature=b""))
    rules.must_be_a_claim(Claim(reward_id=ONE, payout=Payout.ACCOUNT, payee="q83vEjRWeJA", signature=b""))


def test_every_way_of_paying_can_be_signed_for() -> None:
    assert {one.value for one in Payout} == set(signing.PAYOUTS)
