"""The page that a server hands out is compared file by file, and one byte that differs is found."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette

from api.reporter import checking
from api.reporter.server import Unreachable
from api.reporting.page import ReportPage

pytestmark = pytest.mark.quick

PAGE = httpx.ASGITransport(Starlette(routes=list(ReportPage().routes())))


async def got(path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=PAGE, base_url="http://pithead.example") as line:
        return await line.get(path)


def client(change: Callable[[str, bytes], bytes] = lambda _, body: body) -> httpx.Client:
    """A line to the page, on which somebody may change what it says."""

    def answer(request: httpx.Request) -> httpx.Response:
        told = asyncio.run(got(request.url.path))
        return httpx.Response(told.status_code, content=change(request.url.path, told.content))

    return httpx.Client(transport=httpx.MockTransport(answer))


def other(change: Callable[[str, bytes], bytes]) -> list[str]:
    """Which files are another then."""
    return [one.path for one in checking.compare("http://pithead.example", client(change)) if not one.same]


def test_the_page_as_it_is_served_is_the_page_that_stands_here() -> None:
    found = checking.compare("http://pithead.example", client())
    assert [one.path for one in found if not one.same] == []
    names = {one.path for one in found}
    assert {checking.PAGE, checking.WORDS, "/report/web/vendor/argon2.js", "/report/web/report/worker.js"} <= names
    assert checking.digest(found) == checking.digest(checking.compare("http://pithead.example", client()))


def test_one_changed_byte_a_missing_file_and_another_way_out_are_found() -> None:
    path = "/report/web/report/envelopes.js"
    assert other(lambda asked, body: body + b" " if asked == path else body) == [path]
    exits = (b"https://weather.example.cn/x", b"javascript:alert(1)")
    here = [other(lambda _, body, to=to: body.replace(b"https://weather.cma.cn/", to)) for to in exits]  # type: ignore[misc]
    assert here == [[], [checking.PAGE]]


def test_a_server_that_is_silent_is_no_other_page() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Unreachable):
        checking.compare("http://pithead.example", httpx.Client(transport=httpx.MockTransport(broken)))
