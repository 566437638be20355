"""Tests of proposing, deciding, claiming and paying: who may, what is refused, and what nobody reads of it."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.miners.reports.rules import NotTheSamePerson
from storage.miners.rewards import queries, rules
from storage.miners.rewards.comparing import REWARDS
from storage.miners.rewards.tables import Payout, RewardGrade, RewardState
from storage.record.actor import ROLE_VERBS, Actor, Grant, Role, Verb, reporter
from storage.record.database import Database
from storage.record.problems import NotAllowed, NotFound, Problem
from tests.factories.rewards import DAYS, Purse, purse_of
from tests.sites import NOW, Site
from tests.storage.miners.refusals.test_operations import differences

LEAST = 300_000
"""Of the small fine of these tests the share is below the least."""


@pytest.fixture
async def purse(site: Site, workers: Database) -> Purse:
    return await purse_of(site, workers)


async def refused(purse: Purse, problem: type[Problem], act: Awaitable[Any]) -> None:
    before = [await purse.ground.site.counted(table) for table in ("rewards", "entries")]
    with pytest.raises(problem):
        await act
    assert before == [await purse.ground.site.counted(table) for table in ("rewards", "entries")]


async def test_r3_an_anonymous_reporter_is_paid_without_a_name_or_a_telephone(purse: Purse) -> None:
    report = await purse.files()
    await purse.is_found_true(report)
    await purse.is_fined()
    row = await purse.proposes(report)
    assert (row.amount, row.percent, row.sharers, row.state) == (LEAST, 15, 1, RewardState.PROPOSED)
    assert set(row.hands) == {purse.desk.intake.account_id, purse.desk.verification.account_id}
    await refused(purse, rules.RewardNotDecided, purse.claims(report, row))
    decided = await purse.decides(row.id)
    claimed = await purse.claims(report, decided)
    assert (claimed.state, claimed.payout, claimed.claimed_hour) == (RewardState.CLAIMED, Payout.CASH, NOW + DAYS)
    assert await purse.claims(report, decided) == claimed
    paid = await purse.pays(row.id)
    assert (paid.state, paid.paid_by) == (RewardState.PAID, purse.reward.account_id)
    assert await purse.pays(row.id) == paid
    await refused(purse, rules.RewardPaid, purse.pays(row.id, how="第二次付款"))
    assert sorted(one for one in await purse.ground.site.entries() if one.startswith("reward.")) == [
        "reward.claimed", "reward.decided", "reward.paid", "reward.proposed",
    ]  # fmt: skip
    assert await differences(purse.ground, REWARDS) == []
    said = [bytes(row[0]) for row in await purse.ground.site.rows.fetch(
        "SELECT p.payload FROM payloads p JOIN entries e ON e.id = p.entry_id WHERE e.kind LIKE 'reward.%'"
        " AND p.county IS NOT NULL"
    )]  # fmt: skip
    assert not any(str(report).encode() in one or "窗口，现金".encode() in one for one in said)


async def test_what_is_claimed_in_the_hour_of_its_proposal_is_what_its_entries_say(purse: Purse) -> None:
    report = await purse.files()
    await purse.is_found_true(report)
    await purse.is_fined()
    purse.now += timedelta(minutes=20)
    row = await purse.proposes(report)
    await purse.decides(row.id)
    await purse.claims(report, row)
    await purse.pays(row.id)
    (paid,) = await purse.rows(report)
    assert paid.claimed_hour is not None
    assert paid.claimed_hour < paid.proposed_at, "his act is dated to its hour, and the proposal to its moment"
    assert await differences(purse.ground, REWARDS) == []


async def test_r3_reports_of_one_hour_share_and_a_later_one_gets_nothing(purse: Purse) -> None:
    first, second, late = await purse.files(), await purse.files(), await purse.files(hours=1)
    for one in (first, second, late):
        await purse.is_found_true(one)
    await purse.is_fined()
    shares = [(await purse.proposes(one)).amount for one in (first, second)]
    assert shares == [LEAST // 2, LEAST // 2]
    await refused(purse, rules.NotFirst, purse.proposes(late))


async def test_r3_what_one_report_was_given_is_not_given_to_another_that_is_found_true_later(purse: Purse) -> None:
    first, second = await purse.files(), await purse.files()
    await purse.is_found_true(first)
    await purse.is_fined()
    assert (await purse.proposes(first)).amount == LEAST
    await purse.is_found_true(second)
    await refused(purse, rules.RewardNotDue, purse.proposes(second))


async def test_r3_nothing_is_proposed_before_it_was_found_true_fined_and_served(purse: Purse) -> None:
    report = await purse.files()
    await purse.is_fined(served=False)
    await refused(purse, rules.RewardNotDue, purse.proposes(report))
    await purse.is_found_true(report)
    await refused(purse, rules.RewardNotDue, purse.proposes(report))
    await refused(purse, NotFound, purse.proposes(report, case_id=uuid4()))
    await refused(purse, NotFound, purse.proposes(uuid4()))


async def test_r3_what_the_authority_found_before_is_not_rewarded(purse: Purse) -> None:
    report = await purse.files()
    await purse.is_found_true(report)
    await purse.is_fined()
    await purse.ground.site.rows.execute("UPDATE reports SET hour = hour + interval '2 hours'")
    await refused(purse, rules.RewardNotDue, purse.proposes(report))


async def test_one_report_has_one_reward_in_a_case(purse: Purse) -> None:
    report, id = await purse.files(), uuid4()
    await purse.is_found_true(report)
    await purse.is_fined()
    for _ in range(2):
        await purse.proposes(report, id=id)
    await refused(purse, rules.RewardConflict, purse.proposes(report, id=id, grade=RewardGrade.SECOND))
    await refused(purse, rules.RewardConflict, purse.proposes(report))


async def test_r2_whoever_took_in_or_verified_it_neither_proposes_nor_decides_nor_pays(purse: Purse) -> None:
    report, site = await purse.files(), purse.ground.site
    await purse.is_found_true(report)
    await purse.is_fined()
    was_intake = await has_another_role(purse, purse.desk.intake, Role.REPORT_REWARD)
    was_verification = await has_another_role(purse, purse.desk.verification, Role.AGENCY_HEAD)
    await refused(purse, NotTheSamePerson, purse.proposes(report, by=was_intake))
    row = await purse.proposes(report)
    await refused(purse, NotTheSamePerson, purse.decides(row.id, by=was_verification))
    await site.put("role_grants", id=uuid4(), account_id=purse.reward.account_id, role="AGENCY_HEAD",
                   division="520281", granted_at=NOW)  # fmt: skip
    both = replace(purse.reward, grants=(*purse.reward.grants, *purse.head.grants))
    await refused(purse, rules.RewardNeedsTwoPeople, purse.decides(row.id, by=both))
    decided = await purse.decides(row.id)
    await refused(purse, rules.RewardNotClaimed, purse.pays(row.id))
    await purse.claims(report, decided)
    await refused(purse, NotTheSamePerson, purse.pays(row.id, by=was_intake))
    decider = await has_another_role(purse, purse.head, Role.REPORT_REWARD)
    await refused(purse, rules.RewardNeedsTwoPeople, purse.pays(row.id, by=decider))


async def has_another_role(purse: Purse, actor: Actor, role: Role) -> Actor:
    site = purse.ground.site
    await site.rows.execute("UPDATE role_grants SET withdrawn_at = $2 WHERE account_id = $1", actor.account_id, NOW)
    await site.put("role_grants", id=uuid4(), account_id=actor.account_id, role=role.value, division="520281",
                   granted_at=NOW)  # fmt: skip
    return replace(actor, grants=(Grant(role, actor.reach),))


async def test_a_claim_holds_under_the_key_of_its_own_receipt_alone(purse: Purse) -> None:
    report, other = await purse.files(), await purse.files()
    await purse.is_found_true(report)
    await purse.is_fined()
    row = await purse.decides((await purse.proposes(report)).id)
    await refused(purse, rules.ClaimNotSigned, purse.claims(report, row, key=Ed25519PrivateKey.generate()))
    await refused(purse, NotFound, purse.claims(other, row))
    await purse.claims(report, row)
    await refused(purse, rules.RewardClaimed, purse.claims(report, row, payee="换一个窗口，现金"))


async def test_a_rejected_reward_is_not_claimed_and_a_decision_stands(purse: Purse) -> None:
    report = await purse.files()
    await purse.is_found_true(report)
    await purse.is_fined()
    row = await purse.decides((await purse.proposes(report)).id, granted=False, words="不属于奖励范围")
    assert row.state is RewardState.REJECTED
    assert await purse.decides(row.id, granted=False, words="不属于奖励范围") == row
    await refused(purse, rules.RewardDecided, purse.decides(row.id))
    await refused(purse, rules.RewardNotDecided, purse.claims(report, row))


async def test_no_other_role_rewards_and_nothing_is_recorded(purse: Purse) -> None:
    report = await purse.files()
    await purse.is_found_true(report)
    await purse.is_fined()
    row = await purse.proposes(report)
    for role in Role:
        county = None if role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.MINER) else "520281"
        site = purse.ground.site
        person = await site.person(role, county=county, mine_id=None if county else site.mine)
        acts = {
            Verb.REWARD_PROPOSE: lambda by: purse.proposes(report, by=by),
            Verb.REWARD_DECIDE: lambda by: purse.decides(row.id, by=by),
            Verb.REWARD_PAY: lambda by: purse.pays(row.id, by=by),
        }
        for verb, act in acts.items():
            if verb not in ROLE_VERBS[role]:
                before = await site.counted("entries")
                with pytest.raises((NotAllowed, NotFound)):
                    await act(person)
                assert await site.counted("entries") == before


async def test_who_reads_rewards_and_who_reads_none(purse: Purse) -> None:
    report, other = await purse.files(), await purse.files()
    await purse.is_found_true(report)
    await purse.is_fined()
    row = await purse.proposes(report)
    ground = purse.ground
    for actor, count in (
        (purse.reward, 1), (purse.head, 1), (reporter(report), 1), (reporter(other), 0), (ground.principal, 0),
        (ground.miner, 0), (ground.check.lead, 0), (ground.duty, 0), (purse.desk.intake, 0),
    ):  # fmt: skip
        async with ground.site.database.reading(actor) as sql:
            assert len(await queries.rewards_of(sql, report)) == count
    async with ground.site.database.reading(purse.reward) as sql:
        (listed,) = await queries.rewards_visible_to(sql, purse.reward, limit=10, state=RewardState.PROPOSED)
        assert listed == row
        assert await queries.rewards_visible_to(sql, purse.reward, limit=10, state=RewardState.PAID) == []
