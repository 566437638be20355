"""Tests of rewards in GraphQL: proposed, decided, paid, and read by whoever may."""

from typing import Any
from uuid import uuid4

import pytest

from storage.record.actor import Actor
from storage.record.database import Database
from tests.factories.rewards import Purse, purse_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site

REWARD = """id uuid reportId caseId mineId grade fine percent sharers amount article state proposedBy proposedAt
  decidedBy decidedAt words payout payee claimedHour paidBy paidAt paidHow"""
LIST = f"query ($state: RewardState) {{ rewards(first: 10, state: $state) {{ edges {{ node {{ {REWARD} }} }} }} }}"


@pytest.fixture
async def purse(site: Site, workers: Database) -> Purse:
    return await purse_of(site, workers)


async def acts(purse: Purse, by: Actor, name: str, **given: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:] + "Input"
    text = (
        f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ reward {{ {REWARD} }} problem {{ code message }} }} }}"
    )
    told: dict[str, Any] = (await ask(purse.ground.site.database, by, text, input=given))[name]
    return told


async def test_r3_a_reward_is_proposed_decided_claimed_and_paid(purse: Purse) -> None:
    report = await purse.files()
    await purse.is_found_true(report)
    asked = {"id": str(uuid4()), "reportId": str(report), "caseId": str(purse.case.id), "grade": "FIRST"}
    await purse.is_fined(served=False)
    early = await acts(purse, purse.reward, "proposeReward", **asked)
    assert early["problem"]["code"] == "REWARD_NOT_DUE"
    assert "没有送达" in early["problem"]["message"]
    await purse.is_served()
    row = (await acts(purse, purse.reward, "proposeReward", **asked))["reward"]
    assert (row["amount"], row["percent"], row["sharers"], row["state"]) == ("300000", 15, 1, "PROPOSED")
    decided = await acts(purse, purse.head, "decideReward", rewardId=row["uuid"], granted=True, words="查实，同意奖励")
    assert decided["reward"]["decidedBy"] == str(purse.head.account_id)
    unclaimed = await acts(purse, purse.reward, "payReward", rewardId=row["uuid"], how="窗口现金")
    assert unclaimed["problem"]["code"] == "REWARD_NOT_CLAIMED"
    (standing,) = await purse.rows(report)
    await purse.claims(report, standing)
    paid = (await acts(purse, purse.reward, "payReward", rewardId=row["uuid"], how="窗口现金"))["reward"]
    assert (paid["state"], paid["payout"], paid["paidHow"]) == ("PAID", "CASH", "窗口现金")
    (edge,) = (await ask(purse.ground.site.database, purse.head, LIST, state="PAID"))["rewards"]["edges"]
    assert edge["node"] == paid
    for actor in (purse.ground.check.lead, purse.desk.verification, purse.ground.duty):
        assert await codes(purse.ground.site.database, actor, LIST) == {"NOT_ALLOWED"}
