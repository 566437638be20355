"""What the law says of rewards (条例9; 安法76; 实施意见三（十三）; R2, R3): pure, reckoned in whole fen."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from storage.miners.reports.rules import NotTheSamePerson
from storage.miners.rewards.tables import Payout, RewardGrade, RewardState
from storage.record.clock import hour_of
from storage.record.law import Law
from storage.record.ledger.proofs.reports import signing
from storage.record.problems import BadInput, Problem, constraint_means

ARTICLE = "煤矿安全生产条例第九条、安全生产法第七十六条、矿山安全生产举报奖励实施细则（试行）"
LEAST_WORDS, LONGEST_WORDS = 4, 500
LONGEST_PAYEE = 4_000
_HOUR = timedelta(hours=1)


class RewardLack(StrEnum):
    """Why no reward is due."""

    NOT_FOUND_TRUE = "NOT_FOUND_TRUE"
    NOT_OF_THE_CASE = "NOT_OF_THE_CASE"
    NOT_FINED = "NOT_FINED"
    NOT_SERVED = "NOT_SERVED"
    KNOWN_BEFORE = "KNOWN_BEFORE"
    GIVEN_ALREADY = "GIVEN_ALREADY"


class RewardConflict(Problem):
    """The id is taken by another reward, or the report has one in this case already."""


class RewardNotDue(Problem):
    """No reward is due: not found true, no fine decided and served, or known before (R3).

    Parameters: reason, article.
    """


class NotFirst(Problem):
    """Another report of the same was there in an earlier hour (R3; parameter: article)."""


class RewardDecided(Problem):
    """The reward was decided before."""


class RewardNotDecided(Problem):
    """Nobody decided it yet, or it was rejected."""


class RewardNeedsTwoPeople(Problem):
    """Nobody decides what he proposed, or pays what he decided (R2 三专联锁; parameter: article)."""


class RewardClaimed(Problem):
    """The reward was claimed before, otherwise."""


class RewardNotClaimed(Problem):
    """Its reporter has not claimed it yet."""


class RewardPaid(Problem):
    """The reward was paid before."""


class ClaimNotSigned(Problem):
    """The claim is not signed with the claim key of the report."""


constraint_means("pk_rewards", RewardConflict)
constraint_means("uq_rewards_report_id_case_id", RewardConflict)
constraint_means("ck_rewards_takes_two_people", RewardNeedsTwoPeople)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a proposal rests on. `rivals` are the hours of all reports of the same that were found true, this one's too.

    `hour` is that of the batch which took it in, at the end of the hour in which it came; of an urgent one its minute.
    `given` is what stands for other reports of the case: one fine gives one reward.

    `known_at` is when the authority first knew of it from another side: a finding of before, a case of before.
    """

    substantiated: bool
    of_the_case: bool
    hour: datetime
    rivals: tuple[datetime, ...]
    known_at: datetime | None
    fine: int
    served: bool
    given: int
    hands: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a reporter claims: how he is paid, in his words, signed with the claim key that his receipt gives."""

    reward_id: UUID
    payout: Payout
    payee: str
    signature: bytes


def must_be_due(ground: Ground) -> None:
    """R3: found true, of this case, fined with the decision served; else RewardNotDue."""
    for holds, reason in (
        (ground.substantiated, RewardLack.NOT_FOUND_TRUE),
        (ground.of_the_case, RewardLack.NOT_OF_THE_CASE),
        (ground.fine > 0, RewardLack.NOT_FINED),
        (ground.served, RewardLack.NOT_SERVED),
    ):
        if not holds:
            raise RewardNotDue(reason=reason.value, article=ARTICLE)


def came_from(hour: datetime) -> datetime:
    """The earliest moment at which a report of this hour can have come; of an urgent one its minute is known."""
    return hour - _HOUR if hour == hour_of(hour) else hour


def batch_of(hour: datetime) -> datetime:
    """The full hour at whose end it came, of an urgent one, too: they are compared by it."""
    return hour if hour == hour_of(hour) else hour_of(hour) + _HOUR


def must_be_new(ground: Ground) -> None:
    """R3: what the authority surely knew before from another side is not rewarded; else RewardNotDue.

    That we do not know the minute is our doing and never his loss.
    """
    if ground.known_at is not None and ground.known_at < came_from(ground.hour):
        raise RewardNotDue(reason=RewardLack.KNOWN_BEFORE.value, article=ARTICLE)


def must_be_first(ground: Ground) -> int:
    """R3: the first by the hour in which it came; how many share, since within it nobody was first. Else NotFirst."""
    hours = [batch_of(one) for one in ground.rivals]
    if batch_of(ground.hour) > min(hours):
        raise NotFirst(article=ARTICLE)
    return hours.count(min(hours))


def percent_of(law: Law, grade: RewardGrade, on: date) -> int:
    """The share of the fine for a grade on a day."""
    return law.number(f"reward_percent_{grade.value.lower()}_grade", on)


def amount_of(law: Law, grade: RewardGrade, *, fine: int, sharers: int, given: int, on: date) -> int:
    """A share of the fine between the least and the most, in equal parts down to whole fen; the rest is nobody's.

    No more than is left of it: RewardNotDue where reports that were found true sooner have it all.
    """
    whole = fine * percent_of(law, grade, on) // 100
    within = max(law.number("reward_least", on), min(whole, law.number("reward_most", on)))
    left = min(within // sharers, within - given)
    if left <= 0:
        raise RewardNotDue(reason=RewardLack.GIVEN_ALREADY.value, article=ARTICLE)
    return left


def must_be_another(account: UUID, hands: Collection[UUID]) -> None:
    """R2 三专联锁: 受理, 核查 and 奖励 of one report are three hands; else NotTheSamePerson."""
    if account in hands:
        raise NotTheSamePerson()


def must_be_proposed(state: str) -> None:
    """A reward is decided once."""
    if state != RewardState.PROPOSED:
        raise RewardDecided()


def must_be_decided_by_another(account: UUID, proposer: UUID) -> None:
    """The head decides what another proposed."""
    if account == proposer:
        raise RewardNeedsTwoPeople(article=ARTICLE)


def must_be_payable(state: str, *, account: UUID, decider: UUID | None) -> None:
    """Paid is what was claimed, by somebody who did not decide it."""
    if state in (RewardState.PROPOSED, RewardState.REJECTED):
        raise RewardNotDecided()
    if state == RewardState.DECIDED:
        raise RewardNotClaimed()
    if account == decider:
        raise RewardNeedsTwoPeople(article=ARTICLE)


def must_be_unpaid(state: str) -> None:
    """Paid once: a second payment of the same is no payment of it."""
    if state == RewardState.PAID:
        raise RewardPaid()


def must_be_claimable(state: str) -> None:
    """Claimed is what was decided, once."""
    if state in (RewardState.PROPOSED, RewardState.REJECTED):
        raise RewardNotDecided()
    if state != RewardState.DECIDED:
        raise RewardClaimed()


def must_be_signed(claim: Claim, *, amount: int, claim_key: bytes) -> None:
    """Whoever has the receipt claims: the signature holds under the report's claim key; else ClaimNotSigned."""
    message = signing.claim_message(str(claim.reward_id), amount, claim.payout.value, claim.payee.encode())
    if not signing.is_signed(claim_key, message, claim.signature):
        raise ClaimNotSigned()


def must_be_a_claim(claim: Claim) -> None:
    """Words for a counter, or the encrypted account: BadInput."""
    if not claim.payee.strip() or len(claim.payee) > LONGEST_PAYEE:
        raise BadInput(field="payee", reason=f"1-{LONGEST_PAYEE}")
    if claim.payout is Payout.ACCOUNT and not _is_base64(claim.payee):
        raise BadInput(field="payee", reason="base64")


def must_say(words: str, *, field: str = "words") -> str:
    """Why it is decided so, how it was paid: BadInput."""
    said = unicodedata.normalize("NFC", words.strip())
    if not LEAST_WORDS <= len(said) <= LONGEST_WORDS:
        raise BadInput(field=field, reason=f"{LEAST_WORDS}-{LONGEST_WORDS}")
    return said


def first_known(moments: Iterable[datetime | None]) -> datetime | None:
    """The earliest of these, if there is any."""
    return min((one for one in moments if one is not None), default=None)


def _is_base64(text: str) -> bool:
    return all(one.isascii() and (one.isalnum() or one in "-_+/=") for one in text)
