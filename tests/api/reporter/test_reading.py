"""What the client asks is what the reporters' contract answers, and a claim is signed over what the server pays."""

from hashlib import sha256

import pytest
from graphql import build_schema, parse, validate

from api.reporter import reading
from api.reporter.terminal import GivenUp
from graphql_schema import reporting
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.reports import derivation, signing

pytestmark = pytest.mark.quick

REWARD = "7d0f6a62-4b8c-4b7e-9c55-0d7b1e5f2a10"
STATES = ("PROPOSED", "CLAIMED", "PAID", "REJECTED")


def reward(state: str) -> dict[str, str]:
    return {"id": REWARD, "amount": "300000", "state": state}


def test_the_contract_knows_what_is_asked_of_matters_and_claims() -> None:
    schema = build_schema(reporting.printed())
    for document in (reading.MATTERS, reading.CLAIM):
        assert validate(schema, parse(document)) == []


def test_a_claim_is_signed_over_reward_amount_and_payee() -> None:
    keys = derivation.keys_of(sha256(b"root").digest())
    told = reading.signed_claim(keys, reward("DECIDED"), "县局窗口")
    message = signing.claim_message(REWARD, 300_000, "CASH", "县局窗口".encode())
    assert signing.is_signed(keys.public()["claim"], message, from_base64url(told["signature"]))
    assert (told["rewardId"], told["payout"], told["payee"]) == (REWARD, "CASH", "县局窗口")


def test_only_what_is_decided_and_not_yet_claimed_is_claimed() -> None:
    assert reading.claimable([*map(reward, STATES), reward("DECIDED")])["state"] == "DECIDED"
    for told, named in ((list(map(reward, STATES)), None), ([reward("DECIDED")], "another"), ([], None)):
        with pytest.raises(GivenUp, match="no_reward"):
            reading.claimable(told, named)
