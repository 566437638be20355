"""Tests of what is told of requests: their id, the numbers, who may read them, and the log without secrets."""

import io
import json
import logging

import asyncpg
import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api import counts, logs
from api.counts import Counts
from api.metrics import Metrics
from api.observing import SEEN, Observed

pytestmark = pytest.mark.quick


async def page(request: Request) -> PlainTextResponse:
    request.scope[SEEN].operation = "declareEvidence"
    request.scope[SEEN].codes += ["EVIDENCE_CONFLICT", "NOT_FOUND"]
    logging.getLogger("pithead.test").warning("within")
    return PlainTextResponse("x", int(request.query_params.get("status", "200")))


async def falling(_: Request) -> PlainTextResponse:
    raise RuntimeError("13800000001")


def line_to(seen: Counts, *, every: bool = False) -> httpx.AsyncClient:
    app = Starlette(
        routes=[Route("/pages/{id}", page), Route("/falling", falling)],
        middleware=[Middleware(Observed, counts=seen, every=every)],
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://pithead.example")


async def test_a_sane_request_id_is_taken_and_answered_and_any_other_replaced(words: io.StringIO) -> None:
    async with line_to(Counts()) as http:
        answer = await http.get("/pages/1", headers={"X-Request-Id": "abc-DEF_1.23"})
        assert answer.headers["x-request-id"] == "abc-DEF_1.23"
        assert json.loads(words.getvalue())["request_id"] == "abc-DEF_1.23"
        for strange in ("short", "x" * 65, "with space", 'quote"12345', "", "ä" * 12):
            answer = await http.get("/pages/1", headers={b"X-Request-Id": strange.encode()})
            assert answer.headers["x-request-id"] != strange
            assert len(answer.headers["x-request-id"]) == 16
        ids = {(await http.get("/pages/1")).headers["x-request-id"] for _ in range(5)}
        assert len(ids) == 5


async def test_requests_are_counted_by_pattern_field_and_code_and_by_nothing_that_the_caller_chose() -> None:
    seen = Counts()
    async with line_to(seen) as http:
        for number in range(20):
            await http.get(f"/pages/{number}?q={number}")
            await http.get(f"/nowhere/{number}")
        await http.get("/pages/1?status=404")
        await http.get("/falling")
    told = "\n".join(seen.lines())
    assert 'pithead_requests_total{route="/pages/{id}",status="200"} 20' in told
    assert 'pithead_requests_total{route="/pages/{id}",status="404"} 1' in told
    assert 'pithead_requests_total{route="none",status="404"} 20' in told
    assert 'pithead_requests_total{route="/falling",status="500"} 1' in told
    assert 'pithead_operations_total{field="declareEvidence"} 21' in told
    assert 'pithead_problems_total{code="EVIDENCE_CONFLICT"} 21' in told
    assert 'pithead_request_seconds_count{route="/pages/{id}"} 21' in told
    assert 'pithead_request_seconds_bucket{route="/pages/{id}",le="+Inf"} 21' in told
    assert "nowhere" not in told


async def test_in_production_each_request_has_a_line_and_elsewhere_only_what_failed(words: io.StringIO) -> None:
    async with line_to(Counts(), every=True) as http:
        await http.get("/pages/7?token=very-secret")
    within, line = (json.loads(one) for one in words.getvalue().splitlines())
    assert within["request_id"] == line["request_id"]
    assert (line["route"], line["status"], line["field"]) == ("/pages/{id}", 200, "declareEvidence")
    assert line["codes"] == "EVIDENCE_CONFLICT,NOT_FOUND"
    assert "very-secret" not in words.getvalue()
    words.truncate(0)
    async with line_to(Counts()) as http:
        await http.get("/pages/7?status=503")
        await http.get("/falling")
    lines = [json.loads(one) for one in words.getvalue().strip("\x00").splitlines()]
    assert [one.get("status") for one in lines if one["logger"] == "pithead.requests"] == [503, 500]


def test_text_of_others_is_logged_without_what_could_open_something() -> None:
    jwt = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    for text, secret in (
        ("GET http://store/b/o?X-Amz-Signature=abcdef&X-Amz-Credential=AK%2F1 failed", "abcdef"),
        (f"Authorization: Bearer {jwt}", jwt),
        (f"token {jwt} is not valid", jwt),
        ("cannot reach postgresql://pithead_api:pass-word@host/pithead", "pass-word"),
        ("x-amz-signature: 0123abcd", "0123abcd"),
    ):
        assert secret not in logs.without_secrets(text)


def test_of_a_fault_kind_place_and_first_line_are_logged_and_no_value(words: io.StringIO) -> None:
    try:
        try:
            raise asyncpg.UniqueViolationError("duplicate key\nDETAIL:  Key (login)=(zhang.san) already exists.")
        except asyncpg.UniqueViolationError as cause:
            raise RuntimeError("[SQL: INSERT …]\n[parameters: ('zhang.san',)]") from cause
    except RuntimeError:
        logging.getLogger("pithead.test").exception("incident %s", "0123456789ab")
    line = json.loads(words.getvalue())
    assert "zhang.san" not in words.getvalue()
    assert "RuntimeError" in line["fault"]
    assert "UniqueViolationError: duplicate key at tests/api/test_observing.py" in line["fault"]


def test_libraries_are_heard_from_warnings_on_and_a_terminal_gets_words() -> None:
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    try:
        logs.begin("sealing", as_json=False, stream=stream)
        logging.getLogger("botocore.auth").debug("Signature: abc")
        logging.getLogger("botocore.auth").info("Signature: abc")
        logging.getLogger("pithead.worker").info("stopped", extra={"fields": {"pieces": 3}})
    finally:
        root.handlers[:], root.level = before
    assert stream.getvalue()[8:] == " INFO sealing: stopped pieces=3\n"


def who(host: str, **headers: str) -> Request:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (host, 1), "headers": told, "method": "GET", "path": "/metrics"})


@pytest.mark.parametrize(
    ("token", "request_", "may"),
    [
        (None, who("127.0.0.1"), True),
        (None, who("::1"), True),
        (None, who("10.0.0.1"), False),
        (None, who("testclient"), False),
        (None, who("127.0.0.1", x_forwarded_for="127.0.0.1"), False),
        (None, who("127.0.0.1", forwarded="for=127.0.0.1"), False),
        ("t" * 20, who("127.0.0.1"), False),
        ("t" * 20, who("10.0.0.1", authorization="Bearer " + "t" * 20), True),
        ("t" * 20, who("10.0.0.1", authorization="Bearer " + "t" * 19), False),
        ("t" * 20, who("10.0.0.1", authorization="é"), False),
    ],
)
def test_numbers_are_for_this_machine_or_for_who_has_the_token(token: str | None, request_: Request, may: bool) -> None:
    metrics = Metrics(None, None, Counts(), token=None if token is None else SecretStr(token))
    assert metrics._may_look(request_) is may


def test_a_label_cannot_leave_its_quotes() -> None:
    seen = Counts()
    seen.add(counts.PROBLEMS, 'x"} 1\nother{a="\\')
    assert seen.lines()[-1] == 'pithead_problems_total{code="x\\"} 1\\nother{a=\\"\\\\"} 1'
