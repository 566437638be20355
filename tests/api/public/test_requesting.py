"""Tests of the pages of requests: filed without a script or cookie, read by a receipt, refused in words."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from api.public.requesting import LARGEST_BODY, Requests
from api.public.site import site_of
from api.reporting.guard import MOST
from storage.record.database import Database
from storage.trust.requests import operations
from storage.trust.requests.operations import PublicWords
from storage.trust.requests.receipts import Forms
from storage.trust.requests.rules import Part
from storage.trust.requests.tables import AnswerPart
from tests.factories.disclosures import served
from tests.factories.public import URL
from tests.factories.requests import SECRET, WORDS, Asking, asking
from tests.sites import NOW, Site

TYPED = {"kind": "INFORMATION", "agency": "d:520281", "words": WORDS, "contact": "张三 13800138000"}


@dataclass(slots=True)
class Clock:
    """The time of the site."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def made(site: Site) -> Asking:
    return await asking(site)


@asynccontextmanager
async def visiting(made: Asking, database: Database, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    site = site_of(database, dict, URL)
    app = Starlette(routes=Requests(site, made.database, clock, Forms(SECRET)).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        yield client


def form_of(page: httpx.Response) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def filed(visitor: httpx.AsyncClient, clock: Clock, **changes: Any) -> httpx.Response:
    """Opens the form, reads it for a while, and sends it."""
    token = form_of(await visitor.get("/requests/new"))
    clock.now += timedelta(seconds=30)
    return await visitor.post("/requests/new", data=TYPED | {"form": token} | changes)


def receipt_of(page: httpx.Response) -> str:
    return re.findall(r'class="receipt">([^<]+)<', page.text)[1]


async def test_a_request_is_filed_without_a_script_and_read_by_its_receipt(
    made: Asking, public_database: Database
) -> None:
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        answer = await filed(visitor, clock)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        assert "form-action 'self'" in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
        receipt = receipt_of(answer)
        opened = await visitor.post("/requests/receipt", data={"receipt": receipt.lower().replace(" ", "-")})
        assert (opened.status_code, WORDS in opened.text, "张三" in opened.text) == (200, True, False)
        shown = await visitor.get("/requests")
        assert ("2026-0001" in shown.text, WORDS in shown.text, "张三" in shown.text) == (True, False, False)
        (row,) = (await visitor.get("/requests.json")).json()["rows"]
        assert (row["due_on"], row["days_left"], row["overdue"]) == ("2026-12-22", 28, False)
        one = await visitor.get("/requests/2026-0001")
        assert (one.status_code, WORDS in one.text) == (200, False)
        clock.now = NOW + timedelta(days=40)
        late = (await visitor.get("/requests/2026-0001.json")).json()["request"]
        assert late["overdue"] is True


async def test_what_is_unclear_is_said_by_the_receipt_and_the_answer_read_by_it(
    made: Asking, public_database: Database
) -> None:
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        receipt = receipt_of(await filed(visitor, clock))
        id = await made.site.rows.fetchval("SELECT id FROM requests")
        await made.acts(operations.ask_request, request_id=id, words="请说明是哪一类检查。")
        opened = await visitor.post("/requests/receipt", data={"receipt": receipt})
        assert "请说明是哪一类检查。" in opened.text
        said = await visitor.post("/requests/clarify", data={"receipt": receipt, "words": "监管检查"})
        assert (said.status_code, "监管检查" in said.text) == (200, True)
        again = await visitor.post("/requests/clarify", data={"receipt": receipt, "words": "再说"})
        assert (again.status_code, 'role="alert"' in again.text) == (400, True)
        part = Part(kind=AnswerPart.GIVEN, words="<b>四次</b>")
        await made.answer(id, part, public=PublicWords(question="检查次数", answer="四次"))
        told = await visitor.post("/requests/receipt", data={"receipt": receipt, "lang": "en"})
        assert "&lt;b&gt;四次&lt;/b&gt;" in told.text
        assert 'lang="en"' in told.text[:60]
        assert "检查次数" in (await visitor.get("/requests/2026-0001")).text


async def test_the_same_form_sent_twice_gives_the_same_receipt_and_files_once(
    made: Asking, public_database: Database
) -> None:
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        token = form_of(await visitor.get("/requests/new"))
        clock.now += timedelta(seconds=30)
        first = await visitor.post("/requests/new", data=TYPED | {"form": token})
        again = await visitor.post("/requests/new", data=TYPED | {"form": token})
        assert receipt_of(first) == receipt_of(again)
        assert await made.site.counted("requests") == 1
        one, other = await visitor.get("/requests/new"), await visitor.get("/requests/new")
        assert form_of(one) != form_of(other)


async def test_an_error_is_filed_of_what_is_shown_and_of_nothing_else(site: Site, public_database: Database) -> None:
    publishing = await served(site)
    row = await publishing.publish()
    made, clock = await asking(site), Clock()
    async with visiting(made, public_database, clock) as visitor:
        assert f'value="{row.id}"' in (await visitor.get(f"/requests/new?d={row.id}")).text
        answer = await filed(visitor, clock, kind="ERROR", d=f"{URL}/d/{row.id}", words="日期有误")
        assert answer.status_code == 200, answer.text
        unknown = await filed(visitor, clock, kind="ERROR", d=str(publishing.decision), words="日期有误")
        never = await filed(visitor, clock, kind="ERROR", d="0" * 8 + str(publishing.decision)[8:], words="日期有误")
        for told in (unknown, never):
            assert (told.status_code, 'role="alert"' in told.text, "日期有误" in told.text) == (400, True, True)
        plain = [re.sub(r'value="[^"]*"', "", one.text) for one in (unknown, never)]
        assert plain[0] == plain[1]


@pytest.mark.parametrize("receipt", ["", "0" * 32, "x" * 5_000, "' OR 1=1", "\u202e", "0" * 31, "{good}0", "{locator}"])
async def test_a_wrong_receipt_answers_as_one_that_was_never_given_out(
    made: Asking, public_database: Database, receipt: str
) -> None:
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        good = receipt_of(await filed(visitor, clock)).replace(" ", "")
        typed = receipt.format(good=good, locator=good[:8] + "0" * 24)
        wrong = await visitor.post("/requests/receipt", data={"receipt": typed})
        never = await visitor.post("/requests/receipt", data={"receipt": "Z" * 32})
        clarified = await visitor.post("/requests/clarify", data={"receipt": typed, "words": "x"})
        assert wrong.status_code == never.status_code == clarified.status_code == 404
        assert wrong.content == never.content == clarified.content
        assert wrong.headers == never.headers
        assert await made.site.counted("request_steps") == 0


@pytest.mark.parametrize(
    "changes",
    [{"words": ""}, {"words": "字" * 5_001}, {"contact": "x" * 201}, {"kind": "X"}, {"kind": ""},
     {"agency": "d:999999"}, {"agency": "o:x"}, {"agency": ""}, {"form": "x"}, {"form": ""},
     {"kind": "ERROR", "d": "x"}],
)  # fmt: skip
async def test_a_form_that_cannot_be_taken_says_so_and_keeps_what_was_written(
    made: Asking, public_database: Database, changes: dict[str, str]
) -> None:
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        answer = await filed(visitor, clock, **changes)
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
        assert changes.get("words", WORDS)[:100] in answer.text
        assert await made.site.counted("requests") == await made.site.counted("entries") == 0


async def test_hostile_words_stay_text_and_no_header_comes_in(made: Asking, public_database: Database) -> None:
    bad = "</textarea><script>alert(1)</script>\r\nSet-Cookie: x=1 {{ 7 * 7 }} \u202e"
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        answer = await filed(visitor, clock, words=bad, contact='"><img src=x onerror=alert(1)>')
        receipt = receipt_of(answer)
        shown = await visitor.post("/requests/receipt", data={"receipt": receipt})
        refused = await filed(
            visitor, clock, words=bad, kind="X", contact='"><img src=x>', d='"><i>', lang="en\r\nX: y"
        )
        for page in (answer, shown, refused):
            assert "<script>alert" not in page.text
            assert "<img" not in page.text
            assert ">49<" not in page.text
            assert "set-cookie" not in page.headers


async def test_what_no_form_of_ours_sends_is_refused(made: Asking, public_database: Database) -> None:
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        token = form_of(await visitor.get("/requests/new"))
        clock.now += timedelta(seconds=30)
        good = TYPED | {"form": token}
        for given in (
            {"data": good, "headers": {"sec-fetch-site": "cross-site"}},
            {"data": good, "headers": {"sec-fetch-site": "same-site"}},
            {"json": good},
            {
                "content": b"words=" + b"x" * LARGEST_BODY,
                "headers": {"content-type": "application/x-www-form-urlencoded"},
            },
            {"content": b"words=\xff\xfe", "headers": {"content-type": "application/x-www-form-urlencoded"}},
            {"content": b"a=1&" * 500, "headers": {"content-type": "application/x-www-form-urlencoded"}},
            {"content": b"words=%ff%fe", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        ):
            answer = await visitor.post("/requests/new", **given)
            assert answer.status_code == 400, given
        assert await made.site.counted("requests") == 0
        assert (await visitor.post("/requests/new", data=good)).status_code == 200


async def test_one_address_files_so_many_an_hour_and_no_more(made: Asking, public_database: Database) -> None:
    clock = Clock()
    async with visiting(made, public_database, clock) as visitor:
        for _ in range(MOST["request"]):
            await visitor.post("/requests/new", data={"words": "x"})
        assert (await filed(visitor, clock)).status_code == 400
        assert await made.site.counted("requests") == 0
        clock.now += timedelta(hours=1)
        assert (await filed(visitor, clock)).status_code == 200
        for _ in range(MOST["receipt"]):
            await visitor.post("/requests/receipt", data={"receipt": "x"})
        assert (await visitor.post("/requests/receipt", data={"receipt": "x"})).status_code == 400


@pytest.mark.parametrize("number", ["2026-9999", "x", "%00", "' OR 1=1", "2026-0001%0d%0aX:y"])
async def test_a_number_that_is_none_has_no_page(made: Asking, public_database: Database, number: str) -> None:
    await made.file()
    async with visiting(made, public_database, Clock()) as visitor:
        for end in ("", ".json"):
            answer = await visitor.get(f"/requests/{number}{end}")
            assert answer.status_code in (400, 404), number


async def test_clocks_go_on_page_by_page(made: Asking, public_database: Database) -> None:
    for at in range(1, 24):
        await made.site.put(
            "public_requests", number=f"2026-{at:04d}", kind="INFORMATION", county="520281", agency="盘州市",
            filed_on=NOW.date(), article="政府信息公开条例第三十三条", state="OPEN", extended=False, grounds="",
            late=False,
        )  # fmt: skip
    async with visiting(made, public_database, Clock()) as visitor:
        first = await visitor.get("/requests")
        assert first.text.count('<li class="row"') == 20
        found = re.search(r'rel="next" href="([^"]+)"', first.text)
        assert found is not None
        assert (await visitor.get(found[1].replace("&amp;", "&"))).text.count('<li class="row"') == 3
        for forged in ("x", "2026-13-01_1", "_", "2026-01-01_" + "x" * 500):
            assert (await visitor.get(f"/requests?before={forged}")).status_code in (200, 400)
