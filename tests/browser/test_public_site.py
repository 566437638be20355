"""The public site in headless Chromium: searched, opened, checked, followed, withdrawn, printed, without barriers."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from api.demo.days import Today
from api.demo.hands import Cast, Hand
from api.phone.outset import line_of
from api.phone.phone import new_id
from api.phone.server import Server
from api.sample_people import PASSWORD
from api.static import WEB
from storage.record.glossary.site_words import WORDS
from tests.browser.chromium import Page
from tests.browser.conftest import Running
from tests.browser.sheet import printed

LEAD, SECOND = "lead.panzhou", "inspector.panzhou"
MINES = "{ mines(first: 50) { edges { node { uuid name county { code } } } } }"
PREVIEW = """query ($id: UUID!) {
  disclosurePreview(sourceKind: INSPECTION, sourceId: $id) { digest }
}"""
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
AXE = WEB / "vendor" / "axe" / "axe.min.js"
PAGES = ("/", "/?q=煤矿", "/map", "/figures", "/gone", "/lists", "/requests", "/requests/new", "/requests/receipt",
         "/open-data", "/about", "/about/check", "/d/none")  # fmt: skip


@pytest.fixture
def cast(running: Running, tmp_path: Path) -> Iterator[Cast]:
    """The sample people, each on a phone of his own."""
    with line_of(None) as line:
        yield Cast(lambda: Server(running.http, line), tmp_path, PASSWORD, Today())


def published(cast: Cast) -> tuple[str, str, str]:
    """An inspection whose result an officer publishes: the permalink's id, the mine's name and id."""
    lead: Hand = cast[LEAD]
    nodes = [edge["node"] for edge in lead.asks(MINES)["mines"]["edges"]]
    mine = next(one for one in nodes if one["county"]["code"] == "520281")
    inspection = new_id()
    lead.acts(
        "openInspection", "inspection { uuid }", id=inspection, mineId=mine["uuid"], basis="PLANNED",
        reason="盘州市二〇二六年度计划第十二号", leadId=lead.account,
        officerIds=[lead.account, cast[SECOND].account],
        places=[{"id": new_id(), "name": "1201综采工作面", "underground": True}],
    )  # fmt: skip
    digest = cast[SECOND].asks(PREVIEW, id=inspection)["disclosurePreview"]["digest"]
    told = cast[SECOND].acts(
        "publishDisclosure", "disclosure { uuid }", operationId=new_id(), sourceKind="INSPECTION", sourceId=inspection,
        digest=digest,
    )  # fmt: skip
    return str(told["disclosure"]["uuid"]), str(mine["name"]), str(mine["uuid"])


def withdraw(cast: Cast, id: str) -> None:
    """It should not have been published."""
    cast[SECOND].acts(
        "withdrawDisclosure", "disclosure { state }", operationId=new_id(), disclosureId=id,
        ground="PUBLISHED_IN_ERROR", reason="检查尚未结束，公示有误",
    )  # fmt: skip


async def sealed(url: str, id: str) -> None:
    """Waits for the checkpoint that holds it."""
    async with httpx.AsyncClient(base_url=url, trust_env=False) as visitor:
        for _ in range(600):
            if (await visitor.get(f"/d/{id}.json")).json().get("proof"):
                return
            await asyncio.sleep(0.1)
    raise AssertionError("no checkpoint held it within a minute")


async def barriers(page: Page) -> list[Any]:
    """What axe-core finds serious or worse on the page."""
    await page.run(await asyncio.to_thread(AXE.read_text, encoding="utf-8") + "; 0")
    found = json.loads(await page.run("axe.run().then(found => JSON.stringify(found.violations))"))
    return [
        (one["id"], [each["html"] for each in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


async def pictured(page: Page, name: str) -> None:
    """Keeps a picture where somebody wants to look at it."""
    if folder := os.environ.get("PITHEAD_PICTURES"):
        await page.picture(Path(folder) / f"{name}.png", whole=True)


async def found_by_each_word(page: Page, id: str, mine: str) -> None:
    """A sign, a pair of signs, a word of four, the first of two words that are not there: written into the form."""
    for word, there in (
        (mine[0], True), (mine[1:3], True), ("监督检查", True), (f"{mine[:2]} 检查", True), ("不存在的矿", False),
    ):  # fmt: skip
        await page.write("#q", word)
        await page.tap(".search .primary")
        await page.until(f"new URLSearchParams(location.search).get('q') === {json.dumps(word)}")
        await page.until("document.readyState === 'complete' && document.querySelector('#q').value !== ''")
        assert await page.run(f"document.querySelector('.row a[href=\"/d/{id}\"]') !== null") is there, word
    await page.write("#q", mine)
    await page.tap(".search .primary")


async def on_paper(page: Page, mine: str) -> None:
    """A record is one sheet without what only a screen needs, and its code leads back to it."""
    permalink = await page.run("document.querySelector('link[rel=canonical]').href")
    sheet = await printed(page, permalink)
    assert sheet.sheets == 1
    assert mine in sheet.words
    assert permalink in sheet.words
    for left_out in ("nav_data", "nav_map", "check", "download_proof", "other_language"):
        assert WORDS[left_out][0] not in sheet.words, left_out
    assert sheet.reads(permalink)
    assert not sheet.reads(permalink[:-1] + ("0" if permalink[-1] != "0" else "1"))


async def followed(page: Page, running: Running, id: str, *, there: bool) -> None:
    """The feed that the page itself names, as a reader of feeds takes it: an entry, or that it was deleted."""
    link = await page.run("document.querySelector('link[type=\"application/atom+xml\"]').getAttribute('href')")
    async with httpx.AsyncClient(base_url=running.http, trust_env=False) as reader:
        answer = await reader.get(link)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)  # noqa: S314  # Ours.
    shown = {one.findtext(f"{ATOM}id", "").rsplit("/", 1)[-1] for one in feed.iter(f"{ATOM}entry")}
    deleted = {str(one.get("ref")).rsplit("/", 1)[-1] for one in feed.iter(f"{TOMBSTONES}deleted-entry")}
    assert (id in shown, id in deleted) == (there, not there)


async def test_a_visitor_searches_opens_checks_follows_and_prints(page: Page, running: Running, cast: Cast) -> None:
    id, mine, mine_id = await asyncio.to_thread(published, cast)
    await sealed(running.http, id)
    await page.look(width=1280, height=900)
    await page.go(f"{running.https}/")
    await page.write("#q", mine)
    await page.tap(".search .primary")
    await page.until(f"document.querySelector('.row a[href=\"/d/{id}\"]')")
    await pictured(page, "search-1280")
    await found_by_each_word(page, id, mine)
    await page.tap(f'.row a[href="/d/{id}"]')
    await page.until("document.querySelector('[data-check]') && !document.querySelector('[data-check]').hidden")
    await page.tap("[data-check]")
    await page.until("document.querySelector('[data-verdict=VERIFIED]')")
    assert "公钥也取自本站" in await page.run("document.querySelector('[data-said]').innerText")
    assert await page.run("document.querySelectorAll('.checks [data-ok=true]').length") == 8
    await pictured(page, "disclosure-1280")
    assert await barriers(page) == []
    await on_paper(page, mine)
    await followed(page, running, id, there=True)
    await page.look(width=360)
    for path, name in ((f"/m/{mine_id}", "mine"), (f"/d/{id}", "disclosure"), ("/?lang=en", "english")):
        await page.go(f"{running.https}{path}")
        await pictured(page, f"{name}-360")
        assert await barriers(page) == [], path
    await page.look(width=320)
    for path in (f"/m/{mine_id}", f"/m/{mine_id}?lang=en", f"/d/{id}?lang=en"):
        await page.go(f"{running.https}{path}")
        assert await page.run("document.documentElement.scrollWidth") <= 320, path
    await page.look(width=1280)
    await page.go(f"{running.https}/m/{mine_id}")
    await pictured(page, "mine-1280")
    await asyncio.to_thread(withdraw, cast, id)
    await asyncio.sleep(1)  # As long as every process may go on showing a thing.
    await page.look(width=360)
    await page.go(f"{running.https}/d/{id}")
    await page.until("document.body.innerText.includes('公示有误')")
    assert await page.run("performance.getEntriesByType('navigation')[0].responseStatus") == 410
    assert mine not in await page.run("document.body.innerText")
    await pictured(page, "gone-360")
    assert await barriers(page) == []
    await followed(page, running, id, there=False)


@pytest.mark.parametrize("dark", [False, True])
async def test_no_page_has_a_barrier_or_is_wider_than_a_small_phone(page: Page, running: Running, dark: bool) -> None:
    for path in PAGES:
        await page.look(width=320, dark=dark)
        await page.go(f"{running.https}{path}")
        assert await page.run("document.documentElement.scrollWidth") <= 320, path
        assert await barriers(page) == [], path
        width = 360 if dark else 1280
        await page.look(width=width, dark=dark)
        await pictured(page, f"{path.strip('/?').replace('/', '-') or 'front'}-{width}")


async def touched(page: Page, selector: str) -> None:
    """Presses it with no script running, and waits for the page that it leads to."""
    loaded = asyncio.Event()
    box = await page.run(
        f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
        " one.scrollIntoView({block: 'center'}); const b = one.getBoundingClientRect();"
        " return [b.x + b.width / 2, b.y + b.height / 2] })()"
    )
    await page.send("Emulation.setScriptExecutionDisabled", value=True)
    page.browser.hear("Page.loadEventFired", page.session, lambda _: loaded.set())
    for kind in ("mousePressed", "mouseReleased"):
        await page.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
    await asyncio.wait_for(loaded.wait(), 30)
    await page.send("Emulation.setScriptExecutionDisabled", value=False)


async def went(page: Page, url: str) -> None:
    """Opens an address with no script running."""
    await page.send("Emulation.setScriptExecutionDisabled", value=True)
    await page.go(url)
    await page.send("Emulation.setScriptExecutionDisabled", value=False)


async def test_without_scripts_the_site_is_searched_opened_followed_and_seen_gone_all_but_the_check(
    page: Page, running: Running, cast: Cast
) -> None:
    id, mine, mine_id = await asyncio.to_thread(published, cast)
    await sealed(running.http, id)
    await page.look(width=1280, height=900)
    await went(page, f"{running.https}/")
    await page.write("#q", mine)
    await touched(page, ".search .primary")
    assert await page.run("document.querySelector('#q').value") == mine
    await touched(page, f'.row a[href="/d/{id}"]')
    text = await page.run("document.body.innerText")
    assert mine in text
    assert "pithead verify" in text, "how it is checked without a browser"
    assert await page.run("document.querySelector('[data-check]').hidden")
    assert await page.run("document.querySelector('a[download]').getAttribute('href')") == f"/d/{id}.disclosure.json"
    await followed(page, running, id, there=True)
    await touched(page, f'a[href="/m/{mine_id}"]')
    assert await page.run("document.querySelector('svg.chart') !== null")
    await touched(page, ".top nav a[href='/map']")
    await touched(page, ".top nav a[href='/figures']")
    assert await page.run("document.querySelectorAll('table').length") > 0
    await asyncio.to_thread(withdraw, cast, id)
    await asyncio.sleep(1)  # As long as every process may go on showing a thing.
    await went(page, f"{running.https}/d/{id}")
    assert "公示有误" in await page.run("document.body.innerText")
    await went(page, f"{running.https}/?q=%E7%85%A4%E7%9F%BF")
    assert await page.run("document.querySelector('#q').value") == "煤矿"
