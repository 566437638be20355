"""What the client asks is what the reporters' contract answers, and a claim is signed over what the server pays."""

from hashlib import sha256
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from api.reporter import reading
from api.reporter.entering import Thread
from api.reporter.terminal import GivenUp, Terminal
from api.reporter.words import SENTENCES
from graphql_schema import reporting
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.reports import derivation, signing

pytestmark = pytest.mark.quick

REWARD = "7d0f6a62-4b8c-4b7e-9c55-0d7b1e5f2a10"


class Answering:
    """A server that has one decided reward; it answers only what the contract knows."""

    def __init__(self, state: str) -> None:
        self.schema, self.state = build_schema(reporting.printed()), state
        self.claimed: dict[str, Any] = {}

    def ask(self, document: str, **variables: Any) -> Any:
        assert validate(self.schema, parse(document)) == []
        if "claim(" in document:
            self.claimed = variables["input"]
            return {"reward": {"state": "CLAIMED"}, "problem": None}
        return {"steps": [], "askedOn": [], "rewards": [{"id": REWARD, "amount": "300000", "state": self.state}]}


def claimed(server: Any) -> tuple[list[str], derivation.ReporterKeys]:
    said: list[str] = []
    keys = derivation.keys_of(sha256(b"root").digest())
    terminal = Terminal(sentences=SENTENCES, say=said.append, ask=str, secret=str, language="en")
    reading.claim(Thread(server=server, keys=keys, token="t"), terminal, payee="县局窗口")
    return said, keys


def test_a_claim_is_signed_over_reward_amount_and_payee() -> None:
    server = Answering("DECIDED")
    said, keys = claimed(server)
    message = signing.claim_message(REWARD, 300_000, "县局窗口".encode())
    assert signing.is_signed(keys.public()["claim"], message, from_base64url(server.claimed["signature"]))
    assert said == ["Claimed: 3000.00 yuan."]


@pytest.mark.parametrize("state", ["PROPOSED", "CLAIMED", "PAID", "REJECTED"])
def test_what_is_not_decided_or_was_claimed_is_not_claimed(state: str) -> None:
    with pytest.raises(GivenUp, match="no_reward"):
        claimed(Answering(state))
