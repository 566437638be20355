"""The duty desk in headless Chromium: an alert appears by itself, is taken by a tap, and everybody sees by whom."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.demo.days import Today
from api.demo.hands import Cast, Hand, picture
from api.phone.outset import line_of
from api.phone.phone import new_id
from api.phone.server import Server
from api.sample_people import PASSWORD
from tests.browser.chromium import Browser, Page
from tests.browser.conftest import Running

OFFICER, LEAD, SECOND, HEAD = "duty.panzhou", "lead.panzhou", "inspector.panzhou", "head.liupanshui"
PANZHOU = "520281"
MINES = "{ mines(first: 50) { edges { node { uuid name county { code } } } } }"
LIFTED = "[...document.querySelectorAll('.quietly')].some(one => /责令撤出人员[^]*结束/.test(one.innerText))"
WAITING = "article.incident[data-tone=cinnabar]"


@pytest.fixture
def cast(running: Running, tmp_path: Path) -> Iterator[Cast]:
    """The sample people, each on a phone of his own."""
    with line_of(None) as line:
        yield Cast(lambda: Server(running.http, line), tmp_path, PASSWORD, Today())


def plan(cast: Cast, *logins: str) -> None:
    """Who is on duty for the county from now on."""
    now, head = datetime.now(UTC), cast[HEAD]
    head.acts(
        "planDuty", "plan { uuid }", id=new_id(), county=PANZHOU, accountIds=[cast[login].account for login in logins],
        beginsAt=(now - timedelta(minutes=1)).isoformat(timespec="milliseconds"),
        endsAt=(now + timedelta(hours=8)).isoformat(timespec="milliseconds"),
    )  # fmt: skip


def withdraw(cast: Cast) -> tuple[str, str, str]:
    """An officer on site orders people out: the mine's name, the inspection, the order."""
    lead: Hand = cast[LEAD]
    nodes = [edge["node"] for edge in lead.asks(MINES)["mines"]["edges"]]
    mine = next(one for one in nodes if one["county"]["code"] == PANZHOU)
    inspection, place, finding, measure = new_id(), new_id(), new_id(), new_id()
    lead.acts(
        "openInspection", "inspection { uuid }", id=inspection, mineId=mine["uuid"], basis="REASONED",
        reason="值班台演示用检查", leadId=lead.account, officerIds=[lead.account, cast[SECOND].account],
        places=[{"id": place, "name": "1201综采工作面", "underground": True},
                {"id": new_id(), "name": "调度室", "underground": False}],
    )  # fmt: skip
    ago = (datetime.now(UTC) - timedelta(minutes=2)).isoformat(timespec="milliseconds")
    lead.acts(
        "recordFinding", "finding { uuid }", id=finding, inspectionId=inspection, kind="GAS_OVER_LIMIT", placeId=place,
        fact="1201综采工作面回风流甲烷浓度3.2%，仍在割煤", unsafe=True, producing=True, seenAt=ago,
        measured=[{"what": "甲烷浓度", "value": "3.2", "unit": "%", "limit": "1.0"}],
    )  # fmt: skip
    lead.acts(
        "orderMeasure", "measure { state }", id=measure, inspectionId=inspection, danger=True, orderedAt=ago,
        kind="WITHDRAW_PEOPLE", reason="回风流甲烷超限", findingIds=[finding],
    )  # fmt: skip
    return str(mine["name"]), inspection, measure


def lift(cast: Cast, inspection: str, measure: str) -> None:
    """Two see that it is put right and the head lifts it: the next inspection of the mine need not look again."""
    lead, second = cast[LEAD], cast[SECOND]
    seen = lead.takes(lead.records(inspection), picture(measure), "image/png")
    second.on_measure("confirmMeasure", measure)
    lead.on_measure("recordHeadCount", measure, number=0)
    recheck = lead.on_measure(
        "recheckMeasure", measure, outcome="CORRECTED", words="回风流甲烷浓度0.4%", evidenceIds=[seen]
    )
    second.on_measure("signRecheck", measure, recheckId=recheck)
    cast[HEAD].on_measure("liftMeasure", measure)


async def sign_in(page: Page, url: str, login: str = OFFICER) -> None:
    await page.go(f"{url}/desk")
    await page.write("#login", login)
    await page.write("#password", PASSWORD)
    await page.press(".primary")
    await page.until("document.querySelector('.desk h2')")


async def test_an_alert_appears_by_itself_and_is_taken_by_a_tap(
    chromium: Browser, page: Page, running: Running, cast: Cast
) -> None:
    await asyncio.to_thread(plan, cast, OFFICER, LEAD)
    await sign_in(page, running.https)
    await page.until("document.querySelector('.line[data-line=online]')")
    await page.until("document.querySelector('.duty li [data-tone=jade]')", seconds=30)
    mine, inspection, measure = await asyncio.to_thread(withdraw, cast)
    await page.until(f"document.querySelector('{WAITING}')")
    card = await page.run(f"document.querySelector('{WAITING}').innerText")
    assert "责令撤出人员" in card
    assert mine in card
    assert "煤矿安全生产条例第四十四条" in card
    assert "仍无人接警" in card
    assert (await page.run("document.title")).startswith("(1) ")
    other = await chromium.page(width=1280, height=900)
    await sign_in(other, running.https, LEAD)
    await other.until(f"document.querySelector('{WAITING}')")
    await page.tap(".bar .primary")
    await page.until(f"!document.querySelector('{WAITING}')")
    assert "您已接警" in await page.run("document.getElementById('said').innerText")
    await other.until(f"!document.querySelector('{WAITING}')")
    assert "吴守" in await other.run("document.querySelector('article.incident .state').innerText")
    await other.close()
    await asyncio.to_thread(lift, cast, inspection, measure)
    await page.until(LIFTED)


async def test_a_desk_without_a_line_says_so_keeps_what_stood_and_comes_back(page: Page, running: Running) -> None:
    await sign_in(page, running.https)
    await page.until("document.querySelector('.line[data-line=online]')")
    await page.cut_the_network()
    await page.run("window.dispatchEvent(new Event('offline'))")
    await page.until("document.querySelector('.line[data-line=offline]')")
    assert "警报在此期间会通知下一位" in await page.run("document.querySelector('.notice').innerText")
    await page.cut_the_network(cut=False)
    await page.until("document.querySelector('.line[data-line=online]')")
    await page.reload()
    await page.until("document.querySelector('.desk h2')")


async def test_whoever_answers_for_no_seat_is_told_so(page: Page, running: Running) -> None:
    await page.go(f"{running.https}/desk")
    await page.write("#login", "miner.songhewan")
    await page.write("#password", PASSWORD)
    await page.press(".primary")
    await page.until("document.querySelector('[role=alert]')?.innerText.includes('没有值班的职责')")
