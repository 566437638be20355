"""Tests of the reporters' sub-application: its contract, equal bytes, padding, bounds, and silence."""

import asyncio
import logging
import posixpath
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.counts import REQUESTS, Counts
from api.observing import Observed
from api.reporting import app as reporting_app
from api.reporting import guard
from graphql_schema import reporting
from storage.miners.reports import rules
from storage.miners.reports.operations import drawn_locator, key_id
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.reports import signing
from tests.factories.reports import SMALLEST, Desk, box_key, desk_of, frames, wrap
from tests.sites import Site

BEGIN = "mutation { begin(form: DIGITS) { locator reservation salt bits problem { code zh en } } }"
FILE = "mutation ($input: FilingInput!) { file(input: $input) { messageId nextHour problem { code zh en } } }"
LOG_IN = """mutation ($locator: String!, $challenge: String!, $signature: String!) {
  logIn(form: DIGITS, locator: $locator, challenge: $challenge, signature: $signature) {
    token problem { code zh en } } }"""
REPORT = """query ($token: String!) { report(token: $token) { kind mode when mineId hour nextHour state asks
  steps { kind hour article passedTo } clocks { key ends article met overrun } recipients { id publicKey agency }
  identityRequests { id reason hour released } messages { id mine hour ciphertext wrap fileIds } } }"""

IMPORTED = re.compile(r'(?:from |import |import\()"(\.[^"]+)"')
KEEPING = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|serviceWorker|caches\b|history\.push")


@dataclass(slots=True)
class Page:
    """The sub-application within a whole application, and a desk behind it."""

    desk: Desk
    client: httpx.AsyncClient
    counts: Counts
    officer: list[Actor] = field(default_factory=list)

    async def raw(self, text: str, **variables: Any) -> httpx.Response:
        return await self.client.post("/reporting/graphql", json={"query": text, "variables": variables})

    async def asks(self, text: str, **variables: Any) -> dict[str, Any]:
        answer = (await self.raw(text, **variables)).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def input(self, begun: dict[str, Any], login: Ed25519PrivateKey) -> dict[str, Any]:
        text = "query ($mine: UUID!) { recipients(mineId: $mine) { intake { id } } }"
        found = await self.asks(text, mine=str(self.desk.site.mine))
        box = box_key()
        keys = [one["id"] for one in found["recipients"]["intake"]] + [key_id(box).hex]
        return {
            "reservation": begun["reservation"], "kind": "REPORT", "mode": "ANONYMOUS", "when": "LATER",
            "mineId": str(self.desk.site.mine), "boxKey": to_base64url(box),
            "loginKey": to_base64url(login.public_key().public_bytes_raw()),
            "claimKey": to_base64url(Ed25519PrivateKey.generate().public_key().public_bytes_raw()),
            "message": {"id": str(uuid4()), "ciphertext": to_base64url(secrets.token_bytes(SMALLEST)),
                        "wraps": [{"keyId": key, "bytes": to_base64url(wrap())} for key in keys]},
        }  # fmt: skip

    async def logs_in(self, locator: str, login: Ed25519PrivateKey) -> httpx.Response:
        text = "query ($locator: String!) { challenge(form: DIGITS, locator: $locator) }"
        challenge = (await self.asks(text, locator=locator))["challenge"]
        signature = login.sign(signing.login_message("D", locator, challenge))
        return await self.raw(LOG_IN, locator=locator, challenge=challenge, signature=to_base64url(signature))


@pytest.fixture
async def page(site: Site, workers: Database) -> AsyncIterator[Page]:
    officer: list[Actor] = []
    desk, counts = await desk_of(site, workers), Counts()

    async def authenticate(_: Request) -> Actor | None:
        return officer[0] if officer else None

    sub = reporting_app.Desk(site.database, lambda: desk.now, desk.counter.secret, drawn_locator, authenticate)
    app = Starlette(
        routes=[Route("/healthz", lambda _: PlainTextResponse("ok"))],
        middleware=[
            Middleware(reporting_app.Aside, reporting=sub.app()), Middleware(Observed, counts=counts, every=True),
        ],
    )  # fmt: skip
    transport = httpx.ASGITransport(app, client=("203.0.113.77", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        yield Page(desk, client, counts, officer)


async def filed(page: Page) -> tuple[dict[str, Any], Ed25519PrivateKey, dict[str, Any]]:
    login = Ed25519PrivateKey.generate()
    begun = (await page.asks(BEGIN))["begin"]
    given = await page.input(begun, login)
    assert (await page.asks(FILE, input=given))["file"]["messageId"] == given["message"]["id"]
    return begun, login, given


def test_the_printed_contract_is_that_of_the_schema() -> None:
    assert reporting.main(["--check"]) == 0


async def test_a_report_is_filed_and_read_before_and_after_its_hour(page: Page) -> None:
    begun, login, given = await filed(page)
    for hour in (None, "2026-11-24T08:00:00.000Z"):
        token = (await page.logs_in(begun["locator"], login)).json()["data"]["logIn"]["token"]
        told = (await page.asks(REPORT, token=token))["report"]
        assert (told["hour"], told["state"], told["kind"]) == (hour, "FILED", "REPORT")
        assert [one["ciphertext"] for one in told["messages"]] == [given["message"]["ciphertext"]]
        assert told["messages"][0]["wrap"] == given["message"]["wraps"][-1]["bytes"]
        assert len(told["recipients"]) == 2
        await page.desk.batch()
    assert [one["key"] for one in told["clocks"]] == ["petition_told", "report_decided"]
    page.desk.now += timedelta(days=31)
    token = (await page.logs_in(begun["locator"], login)).json()["data"]["logIn"]["token"]
    assert (await page.asks(REPORT, token=token))["report"]["asks"] == [7, 30]


async def test_a_file_goes_before_its_message_and_an_answer_follows(page: Page) -> None:
    login = Ed25519PrivateKey.generate()
    begun = (await page.asks(BEGIN))["begin"]
    given, file, body = await page.input(begun, login), uuid4(), frames()
    put = f"/reporting/files/{file}?message={given['message']['id']}"
    headers = {"authorization": f"Receipt {begun['reservation']}"}
    for _ in range(2):
        assert (await page.client.put(put, content=body, headers=headers)).json() == {"problem": None}
    for bad, code in ((body[:-1], "FILE_UNFIT"), (b"", "FILE_UNFIT")):
        assert (await page.client.put(put, content=bad, headers=headers)).json()["problem"]["code"] == code
    assert (await page.client.put(put, content=body)).json()["problem"]["code"] == "RESERVATION_OVER"
    given["message"]["fileIds"] = [str(file)]
    assert (await page.asks(FILE, input=given))["file"]["problem"] is None
    await page.desk.batch()
    token = (await page.logs_in(begun["locator"], login)).json()["data"]["logIn"]["token"]
    more = given["message"] | {"id": str(uuid4()), "fileIds": []}
    text = """mutation ($token: String!, $message: MessageInput!) {
      answer(token: $token, message: $message) { messageId problem { code } } }"""
    assert (await page.asks(text, token=token, message=more))["answer"]["messageId"] == more["id"]


async def test_four_who_send_nothing_hold_up_nobody(page: Page) -> None:
    begun, never = (await page.asks(BEGIN))["begin"], asyncio.Event()
    headers = {"authorization": f"Receipt {begun['reservation']}"}

    async def trickle() -> AsyncIterator[bytes]:
        yield b"x"
        await never.wait()

    def put(content: Any) -> Any:
        return page.client.put(f"/reporting/files/{uuid4()}?message={uuid4()}", content=content, headers=headers)

    slow = [asyncio.create_task(put(trickle())) for _ in range(4)]
    await asyncio.sleep(0.1)
    async with asyncio.timeout(10):
        assert (await put(frames())).json() == {"problem": None}
    assert [one.done() for one in slow] == [False] * 4
    never.set()
    assert {(await one).json()["problem"]["code"] for one in slow} == {"FILE_UNFIT"}


async def test_an_unknown_locator_and_a_wrong_secret_are_told_in_equal_bytes(page: Page) -> None:
    begun, _, _ = await filed(page)
    await page.desk.batch()
    unknown = next(text for text in ("000001", "000002") if text != begun["locator"])
    answers = [await page.logs_in(text, Ed25519PrivateKey.generate()) for text in (begun["locator"], unknown)]
    assert answers[0].content == answers[1].content
    assert answers[0].headers.raw == answers[1].headers.raw
    assert answers[0].json()["data"]["logIn"]["problem"]["code"] == "RECEIPT_NOT_KNOWN"


async def test_every_answer_is_padded_kept_by_nobody_and_without_an_id(page: Page) -> None:
    begun, login, _ = await filed(page)
    answers = [await page.raw(BEGIN), await page.logs_in(begun["locator"], login), await page.raw("{ nonsense }")]
    nowhere = [await page.client.put("/reporting/files/x"), await page.client.get("/reporting/graphql")]
    for answer in (*answers, *nowhere):
        if answer.status_code not in (404, 405):
            assert len(answer.content) in reporting_app.STEPS
            assert answer.headers["cache-control"] == "no-store"
        assert "x-request-id" not in answer.headers


async def test_nothing_of_a_reporter_is_counted_or_logged(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await filed(page)
        await page.raw("{ nonsense }")
        await page.client.get("/healthz")
    rooms = ("pithead", "graphql", "storage", "api", "starlette", "uvicorn")
    assert [record.name for record in caplog.records if record.name.startswith(rooms)] == ["pithead.requests"]
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    said = " ".join(record.getMessage() + str(record.__dict__.get("fields")) for record in ours)
    assert "203.0.113.77" not in said
    assert "reporting" not in said
    assert [labels[0] for labels in page.counts._counters[REQUESTS]] == ["/healthz"]


async def test_the_page_loads_what_is_its_own_alone_and_nothing_of_it_is_counted_logged_or_kept(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for path in ("/report", "/report/", "/report/words.txt", "/report/web/report/main.js"):
            answer = await page.client.get(path)
            assert answer.status_code == 200
            policy = dict(each.split(" ", 1) for each in answer.headers["content-security-policy"].split("; "))
            assert {policy[name] for name in ("default-src", "base-uri", "form-action", "frame-ancestors")} == {
                "'none'"
            }
            assert policy["connect-src"] == policy["worker-src"] == policy["style-src"] == "'self'"
            assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert not {"etag", "last-modified", "set-cookie", "x-request-id"} & set(answer.headers)
        for path in ("/report/web/app/main.js", "/report/web/../app.py", "/report/web/report/index.html", "/report/x"):
            assert (await page.client.get(path)).status_code == 404
    assert [record for record in caplog.records if record.name.startswith(("pithead", "starlette", "uvicorn"))] == []
    assert page.counts._counters.get(REQUESTS, {}) == {}


async def test_whatever_the_page_imports_is_served_beside_it_and_keeps_nothing(page: Page) -> None:
    seen, waiting = set(), ["/report/web/report/main.js", "/report/web/report/worker.js"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = await page.client.get(path)
        assert answer.status_code == 200, path
        assert not KEEPING.search(answer.text) or "/vendor/" in path, path
        waiting += [posixpath.normpath(posixpath.join(path, "..", name)) for name in IMPORTED.findall(answer.text)]
    assert {"/report/web/vendor/argon2.js", "/report/web/vendor/nacl.js"} < seen


async def test_the_page_names_each_module_that_it_imports_so_that_none_waits_for_another(page: Page) -> None:
    text = (await page.client.get("/report")).text
    named = set(re.findall(r'(?:modulepreload" href|src)="([^"]+)"', text))
    needed, waiting = set(), ["/report/web/report/main.js"]
    while waiting:
        path = waiting.pop()
        if path not in needed:
            needed.add(path)
            imported = re.findall(r'from "(\.[^"]+)"', (await page.client.get(path)).text)
            waiting += [posixpath.normpath(posixpath.join(path, "..", name)) for name in imported]
    assert named == needed


async def test_work_is_asked_for_when_somebody_begins_too_often_and_tries_have_an_end(page: Page) -> None:
    bits = [(await page.asks(BEGIN))["begin"]["bits"] for _ in range(guard.OWN_BAR + 1)]
    assert bits == [0] * guard.OWN_BAR + [guard.WORK_BITS]
    tries = guard.Tries(lambda: 0)
    own = tries.of("203.0.113.77")
    for _ in range(guard.MOST["logIn"]):
        own.take("logIn")
    with pytest.raises(rules.TooManyTries):
        own.take("logIn")
    tries.of("203.0.113.78").take("logIn")
    assert b"203" not in b"".join(who for who, _ in tries.counts)
    assert guard.Tries(lambda: 3600).counts == {}


async def test_a_queue_that_is_too_long_asks_everybody_to_work(page: Page) -> None:
    assert guard.Tries(lambda: 0).of("a").bits(guard.QUEUE_BAR) == 0
    assert guard.Tries(lambda: 0).of("a").bits(guard.QUEUE_BAR + 1) == guard.WORK_BITS


async def test_what_the_form_looks_up(page: Page) -> None:
    found = await page.asks('{ mines(search: "甲煤") { id name county countyName } }')
    assert [one["id"] for one in found["mines"]] == [str(page.desk.site.mine)]
    assert (await page.asks('{ mines(search: "%") { id } }'))["mines"] == []
    text = 'query ($mine: UUID!) { couldGuess(mineId: $mine) { count zh en } salt(form: DIGITS, locator: "123456") }'
    guess = await page.asks(text, mine=str(page.desk.site.mine))
    assert guess["couldGuess"]["count"] is None
    assert len(from_base64url(guess["salt"])) == 16


async def test_an_officer_files_for_whoever_calls(page: Page) -> None:
    page.officer.append(await page.desk.site.person(Role.DUTY_OFFICER))
    begun = (await page.asks(BEGIN))["begin"]
    given = await page.input(begun, Ed25519PrivateKey.generate())
    assert (await page.asks(FILE, input=given))["file"]["problem"]["code"] == "BAD_INPUT"
    assert (await page.asks(FILE, input=given | {"channel": "TELEPHONE"}))["file"]["problem"] is None


@pytest.mark.parametrize("body", [b"", b"{", b'{"query": 1}', b'{"query": "{ report(token: \\"AAAA\\") { kind } }"}'])
async def test_hostile_bodies_are_answered_and_cost_nothing(page: Page, body: bytes) -> None:
    answer = await page.client.post(
        "/reporting/graphql", content=body, headers={"content-type": "application/json"}
    )  # fmt: skip
    assert answer.status_code in (200, 400)
    assert answer.json()["errors"][0]["extensions"]["code"]


async def test_a_fault_of_ours_is_told_without_a_line(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    await page.desk.site.rows.execute("ALTER TABLE filings RENAME TO gone")
    answer = await page.raw(BEGIN)
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert [record for record in caplog.records if not record.name.startswith("http")] == []
