"""The acts on rewards: proposing what the law gives, deciding, claiming by receipt, paying."""

from typing import Any
from uuid import UUID

from storage.miners.rewards import queries, rules
from storage.miners.rewards.queries import RewardRow
from storage.miners.rewards.rules import Claim, Ground
from storage.miners.rewards.tables import Reward, RewardGrade, RewardState
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, hour_of
from storage.record.problems import NotAllowed
from storage.record.work import Work
from storage.register.provisions import queries as provisions

_DECIDE = "UPDATE rewards SET state = $2, decided_by = $3, decided_at = $4, words = $5 WHERE id = $1"
_CLAIM = """
UPDATE rewards SET state = 'CLAIMED', payout = $2, payee = $3, signature = $4, claimed_hour = $5 WHERE id = $1
"""
_PAY = "UPDATE rewards SET state = 'PAID', paid_by = $2, paid_at = $3, paid_how = $4 WHERE id = $1"


async def propose_reward(work: Work, *, id: UUID, report_id: UUID, case_id: UUID, grade: RewardGrade) -> RewardRow:
    """Proposes what the decided case gives for a report: reckoned here, never said by anybody.

    The same id with the same content is the same act. Raises NotFound, NotAllowed, NotTheSamePerson, RewardNotDue,
    NotFirst, RewardConflict.
    """
    work.actor.require(Verb.REWARD_PROPOSE)
    if (known := await _proposed_before(work, id, report_id, case_id, grade)) is not None:
        return known
    ground, scope = await queries.ground_of(work, report_id=report_id, case_id=case_id)
    work.actor.require(Verb.REWARD_PROPOSE, **scope)
    rules.must_be_another(work.actor.account_id, ground.hands)
    rules.must_be_due(ground)
    sharers = rules.must_be_first(ground)
    rules.must_be_new(ground)
    reward = await _reward(work, id, (report_id, case_id), grade, ground, sharers, scope)
    await add_rows(work.sql, [reward])
    work.record("reward.proposed", id, data=_told(reward), **scope)
    return await queries.reward_of_id(work.sql, id)


async def decide_reward(work: Work, *, reward_id: UUID, granted: bool, words: str) -> RewardRow:
    """The head grants or rejects what another proposed, and says why. The same again is the same answer.

    Raises NotFound, NotAllowed, RewardDecided, RewardNeedsTwoPeople, NotTheSamePerson, BadInput.
    """
    row = await queries.reward_to_change(work, reward_id)
    work.actor.require(Verb.REWARD_DECIDE, **scope_of(row))
    said = rules.must_say(words)
    state = RewardState.DECIDED if granted else RewardState.REJECTED
    if (row.state, row.words, row.decided_by) == (state, said, work.actor.account_id):
        return row
    rules.must_be_proposed(row.state)
    rules.must_be_decided_by_another(work.actor.account_id, row.proposed_by)
    rules.must_be_another(work.actor.account_id, row.hands)
    await work.sql.execute(_DECIDE, reward_id, state.value, work.actor.account_id, work.now, said)
    work.record("reward.decided", reward_id, data={"granted": granted, "words": said}, **scope_of(row))
    return await queries.reward_of_id(work.sql, reward_id)


async def claim_reward(work: Work, *, claim: Claim) -> RewardRow:
    """The reporter claims it with the key that his receipt gives; no verb, no name, no telephone.

    His act is dated to the hour, and the entry says how he is paid and nothing more. The same claim again is the same
    answer. Raises NotFound, BadInput, ClaimNotSigned, RewardNotDecided, RewardClaimed.
    """
    if not work.actor.receipt:
        raise NotAllowed(verb="reward.claim")
    row = await queries.reward_to_change(work, claim.reward_id)
    rules.must_be_a_claim(claim)
    key = await queries.claim_key_of(work, row.report_id)
    rules.must_be_signed(claim, amount=row.amount, claim_key=key)
    if (row.payout, row.payee) == (claim.payout, claim.payee):
        return row
    rules.must_be_claimable(row.state)
    work.now, work.dated = hour_of(work.now), True
    await work.sql.execute(_CLAIM, row.id, claim.payout.value, claim.payee, claim.signature, work.now)
    data = {"payout": claim.payout.value, "signature": claim.signature.hex(), "amount": row.amount}
    # Its actor is the report: without county, office and mine nobody reads that who does not see all.
    work.record("reward.claimed", row.id, data=data)
    return await queries.reward_of_id(work.sql, row.id)


async def pay_reward(work: Work, *, reward_id: UUID, how: str) -> RewardRow:
    """Says that it was paid, and how: the number of the transfer, the counter. The same again is the same answer.

    Raises NotFound, NotAllowed, RewardNotDecided, RewardNotClaimed, RewardNeedsTwoPeople, NotTheSamePerson, BadInput.
    """
    row = await queries.reward_to_change(work, reward_id)
    work.actor.require(Verb.REWARD_PAY, **scope_of(row))
    said = rules.must_say(how, field="how")
    if (row.paid_how, row.paid_by) == (said, work.actor.account_id):
        return row
    rules.must_be_payable(row.state, account=work.actor.account_id, decider=row.decided_by)
    rules.must_be_unpaid(row.state)
    rules.must_be_another(work.actor.account_id, row.hands)
    await work.sql.execute(_PAY, row.id, work.actor.account_id, work.now, said)
    work.record("reward.paid", row.id, data={"amount": row.amount, "how": said}, **scope_of(row))
    return await queries.reward_of_id(work.sql, row.id)


async def _proposed_before(
    work: Work, id: UUID, report_id: UUID, case_id: UUID, grade: RewardGrade
) -> RewardRow | None:
    row = await queries.reward_known(work, id)
    asked = (report_id, case_id, grade, work.actor.account_id)
    if row is not None and (row.report_id, row.case_id, row.grade, row.proposed_by) != asked:
        raise rules.RewardConflict()
    return row


async def _reward(
    work: Work, id: UUID, of: tuple[UUID, UUID], grade: RewardGrade, ground: Ground, sharers: int, scope: dict[str, Any]
) -> Reward:
    law, today = await provisions.law_of(work.sql), day_of(work.now)
    return Reward(
        id=id, report_id=of[0], case_id=of[1], grade=grade, fine=ground.fine,
        percent=rules.percent_of(law, grade, today), sharers=sharers,
        amount=rules.amount_of(law, grade, fine=ground.fine, sharers=sharers, given=ground.given, on=today),
        hands=sorted(ground.hands),
        state=RewardState.PROPOSED, proposed_by=work.actor.account_id, proposed_at=work.now, **scope,
    )  # fmt: skip


def _told(reward: Reward) -> dict[str, Any]:
    """What the entry says: how the amount came about, and nothing of who is rewarded."""
    return {
        "case": str(reward.case_id), "grade": reward.grade.value, "fine": reward.fine, "percent": reward.percent,
        "sharers": reward.sharers, "amount": reward.amount,
    }  # fmt: skip


def scope_of(row: RewardRow) -> dict[str, Any]:
    """The scope of a reward, as verbs and entries take it."""
    return {"mine_id": row.mine_id, "county": row.county, "office": row.office}
