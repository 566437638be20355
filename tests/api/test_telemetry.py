"""Tests of traces: what a receiver is told, that nobody waits for it, and what is said without the extra."""

import asyncio
import io
import json
import logging
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.cli import main
from api.counts import Counts
from api.embedded.ports import free_ports
from api.observing import SEEN, Observed
from api.settings import SettingsAreWrong, read_settings
from api.telemetry import FAREWELL_SECONDS, Telemetry, Traced, telemetry_to
from tests.receiver import receiving, told_of
from tests.servers import ROOT


@pytest.fixture(autouse=True)
def nobody_goes_on_sending() -> Iterator[None]:
    """A thread that still tries draws its pauses by `random`, which the tests of others watch."""
    yield
    for thread in [one for one in threading.enumerate() if one.name.startswith("OtelBatch")]:
        thread.join(20)
        assert not thread.is_alive()


@asynccontextmanager
async def line_to(
    url: str, *, share: float = 1.0, **headers: str
) -> AsyncIterator[tuple[httpx.AsyncClient, Telemetry]]:
    telemetry = telemetry_to(url, process="test", headers=headers, share=share)

    async def page(request: Request) -> PlainTextResponse:
        request.scope[SEEN].codes.append("NOT_FOUND")
        with telemetry.within("act", "open_inspection"):
            logging.getLogger("pithead.test").warning("within")
        return PlainTextResponse("x", int(request.query_params.get("status", "200")))

    async def falling(_: Request) -> PlainTextResponse:
        with telemetry.within("act", "falls"):
            raise RuntimeError("13800000001")

    app = Starlette(
        routes=[Route("/pages/{id}", page, methods=["GET", "ODD"]), Route("/falling", falling)],
        middleware=[Middleware(Traced, telemetry=telemetry), Middleware(Observed, counts=Counts(), every=True)],
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://pithead.example") as http:
        yield http, telemetry


async def test_each_request_is_a_trace_of_its_own_that_the_log_names(words: io.StringIO) -> None:
    with receiving() as receiver:
        async with line_to(receiver.url, authorization="Bearer of-the-collector") as (http, telemetry):
            foreign = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-00"}
            await http.get("/pages/13800000001?secret=13800000001", headers=foreign)
            await http.request("ODD", "/pages/1?status=503")
            await http.get("/falling")
            await telemetry.close()
    assert receiver.asked[0][0] == "/v1/traces"
    assert receiver.asked[0][1]["authorization"] == "Bearer of-the-collector"
    assert receiver.services == {"pithead-test"}
    by_name = {span.name: span for span in receiver.spans}
    assert set(by_name) == {
        "GET /pages/{id}", "_OTHER /pages/{id}", "GET /falling", "act open_inspection", "act falls"
    }  # fmt: skip
    request = by_name["GET /pages/{id}"]
    assert not request.parent_span_id
    assert told_of(request)["http.response.status_code"] == 200
    assert told_of(by_name["act falls"])["error.type"] == "RuntimeError"
    assert (by_name["GET /falling"].status.code, by_name["_OTHER /pages/{id}"].status.code, request.status.code) == (
        2, 2, 0
    )  # fmt: skip
    lines = [json.loads(line) for line in words.getvalue().splitlines()]
    ids = {span.trace_id.hex() for span in receiver.spans}
    assert {line["trace_id"] for line in lines if line["logger"].startswith("pithead")} == ids
    assert len(ids) == 3
    assert "a" * 32 not in ids, "a stranger says what traces he belongs to"
    assert b"13800000001" not in b"".join(receiver.bodies)


async def test_of_a_share_the_rest_is_not_traced_and_the_log_names_no_trace_for_it(words: io.StringIO) -> None:
    with receiving() as receiver:
        async with line_to(receiver.url, share=0.0) as (http, telemetry):
            await http.get("/pages/1")
            await telemetry.close()
    assert receiver.bodies == []
    assert "trace_id" not in words.getvalue()


@pytest.mark.parametrize("receiver_is", ["away", "silent", "saying no"])
async def test_requests_never_wait_for_a_receiver_and_the_end_only_a_little(
    receiver_is: str, words: io.StringIO
) -> None:
    with receiving(status=503 if receiver_is == "saying no" else 200) as receiver:
        url = f"http://127.0.0.1:{free_ports(1)[0]}" if receiver_is == "away" else receiver.url
        receiver.silent.set() if receiver_is == "silent" else None
        async with line_to(url) as (http, telemetry):
            took = []
            for _ in range(700):  # More than a batch: the thread that sends has something to do.
                begun = time.perf_counter()
                assert (await http.get("/pages/1")).status_code == 200
                took.append(time.perf_counter() - begun)
            async with asyncio.timeout(20):
                while receiver_is != "away" and not receiver.asked:  # noqa: ASYNC110 # The thread that sends tells nobody.
                    await asyncio.sleep(0.01)
            begun = time.perf_counter()
            await telemetry.close()
            assert time.perf_counter() - begun < FAREWELL_SECONDS * 2
    assert statistics.median(took) < 0.05, "a request waited"
    complaints = [one for one in map(json.loads, words.getvalue().splitlines()) if "opentelemetry" in one["logger"]]
    assert len(complaints) <= 1


async def test_what_is_not_taken_is_forgotten_and_not_kept_for_ever() -> None:
    with receiving() as receiver:
        receiver.silent.set()
        telemetry = telemetry_to(receiver.url, process="test", headers={}, share=1.0)
        for _ in range(20_000):
            with telemetry.within("act", "x"):
                pass
        (processor,) = telemetry.provider._active_span_processor._span_processors
        assert len(processor._batch_processor._queue) <= 4_096  # type: ignore[attr-defined] # How many it keeps, it does not tell.
        receiver.released.set()
        await telemetry.close()


@pytest.mark.parametrize("command", ["serve", "run"])
def test_without_the_extra_one_line_says_what_is_missing_and_nothing_starts(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class NotInstalled(PathFinder):
        @classmethod
        def find_spec(cls, name: str, *given: Any) -> ModuleSpec | None:
            return None if name.partition(".")[0] == "opentelemetry" else super().find_spec(name, *given)

    monkeypatch.setattr(sys, "meta_path", [NotInstalled])
    for name in [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]:
        monkeypatch.delitem(sys.modules, name)
    variables = {
        "DATA": str(tmp_path / "data"), "TELEMETRY_URL": "http://127.0.0.1:4318", "S3_BUCKET": "b",
        "DATABASE_URL": "postgresql://a:b@127.0.0.1:1/d", "DATABASE_WORKER_URL": "postgresql://a:b@127.0.0.1:1/d",
        "DATABASE_PUBLIC_URL": "postgresql://a:b@127.0.0.1:1/d",
        "S3_ENDPOINT": "http://127.0.0.1:1", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "s",
    }  # fmt: skip
    for name, value in variables.items():
        monkeypatch.setenv(f"PITHEAD_{name}", value)
    assert main([command]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("pithead: PITHEAD_TELEMETRY_URL is set, and OpenTelemetry is not installed: pip install")
    assert not (tmp_path / "data").exists()


def test_where_no_address_is_set_nothing_of_the_sdk_is_even_read() -> None:
    tried = "import sys, api.app, api.worker, api.cli; sys.exit(any('opentelemetry' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", tried], cwd=ROOT, check=False, timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEMETRY_URL", "http://me:hidden@collector:4318"),
        ("TELEMETRY_URL", "collector:4318"),
        ("TELEMETRY_HEADERS", "hidden"),
        ("TELEMETRY_HEADERS", "authorization="),
        ("TELEMETRY_SHARE", "2"),
    ],
)
def test_wrong_settings_of_traces_are_named_without_their_values(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"PITHEAD_{name}", value)
    with pytest.raises(SettingsAreWrong) as caught:
        read_settings()
    assert f"PITHEAD_{name}: " in str(caught.value)
    assert "hidden" not in str(caught.value)
