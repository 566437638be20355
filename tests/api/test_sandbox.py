"""Faults on request: what a header asks for happens to that request, and to no other."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import cli, sandbox
from api.sample_people import BEFORE
from api.sandbox import Fault, Sandbox, UnknownFault, asked_in
from api.settings import Settings
from storage.record.clock import from_ms, whole_ms
from storage.record.ledger.proofs.canonical import canonical, from_base64url, parse_canonical, to_base64url

pytestmark = pytest.mark.quick
RECEIPT = {"v": "pithead/declared/1", "signature": "A" * 86}


class Acting:
    """An API that counts its acts and tells the time and a receipt."""

    def __init__(self) -> None:
        self.acts = 0
        middleware = [Middleware(Sandbox, database=None, authenticate=self.nobody)]
        self.app = Starlette(routes=[Route("/graphql", self.act), Route("/healthz", self.act)], middleware=middleware)

    async def act(self, _: Request) -> Response:
        self.acts += 1
        told = {"now": sandbox.now().isoformat(), "items": [{"receipt": to_base64url(canonical(RECEIPT))}, None]}
        return Response(orjson.dumps(told), media_type="application/json")

    async def nobody(self, _: Request) -> None:
        return None

    async def sent(self, faults: bytes) -> list[Any]:
        """What leaves of a broken answer: the length that it promises, and bodies."""
        left: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            left.append(dict(message["headers"])[b"content-length"] if "headers" in message else message["body"])

        scope = {"type": "http", "method": "GET", "path": "/graphql", "headers": [(b"pithead-sandbox", faults)]}
        await self.app({**scope, "query_string": b"", "root_path": ""}, receive, send)
        return left

    async def asked(self, faults: str, path: str = "/graphql") -> httpx.Response:
        line = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=line, base_url="http://pithead.example") as client:
            return await client.get(path, headers={"pithead-sandbox": faults} if faults else {})


def now_of(answer: httpx.Response) -> timedelta:
    return datetime.fromisoformat(answer.json()["now"]) - datetime.now(UTC)


def test_words_of_the_header_are_read_and_unknown_ones_are_refused() -> None:
    assert asked_in("") == Fault()
    assert asked_in(" Lose-Answer , clock=-3600000,delay=5") == Fault(lose_answer=True, clock=-3_600_000, delay=5)
    for wrong in (
        "lose",
        "delay",
        "delay=x",
        "delay=-1",
        "clock=99999999999999",
        "lose-answer=1",
        "clock=MS",
        "delay=ms",
    ):
        with pytest.raises(UnknownFault):
            asked_in(wrong)


async def test_an_act_whose_answer_is_lost_was_done_and_one_whose_request_is_lost_was_not() -> None:
    acting = Acting()
    assert await acting.sent(b"lose-answer") == [b"1"]
    assert acting.acts == 1
    assert await acting.sent(b"lose-request") == [b"1"]
    assert acting.acts == 1


async def test_the_clock_jumps_for_one_request_only() -> None:
    acting = Acting()
    assert abs(now_of(await acting.asked("clock=86400000")) - timedelta(days=1)) < timedelta(seconds=5)
    assert abs(now_of(await acting.asked(""))) < timedelta(seconds=5)


async def test_an_answer_is_late_as_long_as_was_asked() -> None:
    begun = time.monotonic()
    await Acting().asked("delay=200")
    assert time.monotonic() - begun >= 0.2


async def test_a_forged_receipt_has_another_signature_and_nothing_else() -> None:
    answer = await Acting().asked("forge-receipts")
    text: Any = answer.json()["items"][0]["receipt"]
    forged = parse_canonical(from_base64url(text), 10_000)
    assert forged == {**RECEIPT, "signature": "B" + "A" * 85}
    assert answer.headers["content-length"] == str(len(answer.content))


async def test_other_paths_and_unknown_words_change_nothing() -> None:
    acting = Acting()
    assert (await acting.asked("lose-answer", "/healthz")).status_code == 200
    assert (await acting.asked("break-all")).status_code == 400
    assert (await acting.asked("revoke-device")).status_code == 400
    assert acting.acts == 1


def test_production_refuses_to_start_with_it() -> None:
    with pytest.raises(ValueError, match="never runs in production"):
        Settings(environment="production", sandbox=True)


@pytest.mark.parametrize(("environment", "back"), [("development", BEFORE), ("production", timedelta(0))])
def test_what_is_signed_by_a_clock_that_went_back_is_believed_but_in_production_keys_begin_when_they_are_made(
    environment: str,
    back: timedelta,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PITHEAD_DATA", str(tmp_path))
    monkeypatch.setenv("PITHEAD_ENVIRONMENT", environment)
    now = whole_ms(datetime.now(UTC))
    assert cli.main(["keys", "public"]) == 0
    begun = {key["from"] for key in orjson.loads(capsys.readouterr().out)["keys"]}
    assert all(timedelta(0) <= from_ms(one) - (now - back) < timedelta(minutes=1) for one in begun)
