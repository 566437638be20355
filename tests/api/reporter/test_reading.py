"""What the client asks is what the reporters' contract answers, and a claim is signed over what the server pays."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import httpx
import pytest
from graphql import build_schema, parse, validate

from api.reporter import envelopes, reading
from api.reporter.cleaning import Cleaned
from api.reporter.entering import Thread
from api.reporter.server import Refused, Server
from api.reporter.terminal import GivenUp
from api.reporter.words import SENTENCES
from graphql_schema import reporting
from storage.miners.reports import clocks
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.reports import derivation, signing
from storage.record.ledger.proofs.reports.derivation import ReporterKeys
from tests.api.reporter.test_terminal import before

pytestmark = pytest.mark.quick

REPORT: dict[str, Any] = {
    "state": "ACCEPTED", "hour": "2026-11-29T05:07:00.000Z", "nextHour": "2026-11-29T06:00:00.000Z", "asks": [],
    "steps": [{
        "kind": "ACCEPTED", "hour": "2026-11-29T05:00:00.000Z", "article": "信访工作条例第二十二条",
        "articleEn": "Regulation on Petitions art. 22", "passedTo": None,
    }],
    "clocks": [{
        "key": "report_decided", "ends": "2027-01-28", "article": "煤矿安全生产举报办法（2012）第十条",
        "articleEn": "Measures on Reports of Coal Mine Safety (2012) art. 10", "met": False, "overrun": False,
    }],
    "identityRequests": [], "messages": [],
}  # fmt: skip
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


def message(keys: ReporterKeys, hour: str | None, words: str, *, mine: bool = True, photos: int = 0) -> dict[str, Any]:
    """One message as the server tells it: all that was attached but the last photo beyond two is with it."""
    attached = [Cleaned(kind="PHOTO", type="image/jpeg", data=b"jpeg")] * photos
    made = envelopes.enclose(words, answers={}, attached=attached, publics=[keys.public()["box"]])
    (wrap,) = made.wraps.values()
    return {
        "id": made.id, "mine": mine, "hour": hour, "ciphertext": to_base64url(made.ciphertext),
        "wrap": to_base64url(wrap), "fileIds": list(made.files)[:2],
    }  # fmt: skip


def reads(messages: Callable[[ReporterKeys], list[dict[str, Any]]], language: str = "en", **told: Any) -> list[str]:
    """What is said of a report that a server tells."""
    keys = derivation.keys_of(sha256(b"root").digest())
    report = REPORT | {"messages": messages(keys)} | told

    def answer(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["query"]
        matters: dict[str, Any] = {"matters": {"steps": [], "askedOn": [], "rewards": []}}
        return httpx.Response(200, json={"data": matters if asked == reading.MATTERS else {"report": report}})

    terminal, said = before([], language=language)
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        reading.read(Thread(server=Server("http://pithead.example", http), keys=keys, token="t"), terminal)
    return said


def test_what_is_known_by_its_hour_alone_is_told_as_an_hour_and_a_minute_as_a_minute() -> None:
    said = reads(lambda _: [])
    assert said[0] == "It is: accepted (it went on at 2026-11-29 13:07)"
    assert said[1] == "2026-11-29 13:00–14:00 accepted Regulation on Petitions art. 22"
    (waits,) = (line for line in reads(lambda _: [], hour=None, state="FILED", steps=[]) if line.startswith("It is"))
    assert waits == "It is: filed, and waits to go on by 2026-11-29 14:00"


def test_a_deadline_says_for_what_and_by_which_article_in_the_language_of_its_line() -> None:
    said = reads(lambda _: [], "both")
    assert "办结：期限 2027-01-28（煤矿安全生产举报办法（2012）第十条），进行中" in said
    assert "    To decide: due 2027-01-28 (Measures on Reports of Coal Mine Safety (2012) art. 10), runs" in said
    for key in clocks.MET_BY:
        assert f"clock_{key}" in SENTENCES


def test_a_thread_is_told_in_its_order_whatever_ids_its_messages_have() -> None:
    def thread(keys: ReporterKeys) -> list[dict[str, Any]]:
        return [
            message(keys, None, "四"), message(keys, "2026-11-29T06:00:00.000Z", "三"),
            message(keys, "2026-11-29T05:00:00.000Z", "二", mine=False),
            message(keys, "2026-11-29T05:07:00.000Z", "一"),
        ]  # fmt: skip

    said = reads(thread)
    assert [line.strip() for line in said if line.strip() in "一二三四"] == list("一二三四")
    assert "You (2026-11-29 13:07):" in said
    assert "The office (2026-11-29 13:00–14:00):" in said


def test_what_was_attached_is_told_to_have_arrived_or_not() -> None:
    said = reads(lambda keys: [message(keys, None, "看", photos=2), message(keys, None, "再看", photos=3)])
    assert sorted(line for line in said if line.startswith("Attached")) == [
        "Attached, and arrived: photos: 2", "Attached: photos: 3; only 2 arrived",
    ]  # fmt: skip


def test_nothing_is_answered_where_nothing_is_said() -> None:
    keys = derivation.keys_of(sha256(b"root").digest())
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(500))) as http:
        thread = Thread(server=Server("http://pithead.example", http), keys=keys, token="t")
        with pytest.raises(GivenUp, match="words_missing"):
            reading.answer(thread, before([])[0], words=" \n")


def test_an_error_of_the_server_is_told_in_english_too() -> None:
    told = {"message": "输入有误。", "extensions": {"code": "TOO_MANY_TRIES", "parameters": {}}}
    line = httpx.MockTransport(lambda _: httpx.Response(200, json={"errors": [told]}))
    with httpx.Client(transport=line) as http, pytest.raises(Refused) as refused:
        Server("http://pithead.example", http).ask("{ salt }")
    assert refused.value.said[0] == "输入有误。"
    assert refused.value.said[1].isascii()
