"""What the duty desk says, in headless Chromium: Beijing time, lengths of time, deadlines, languages, the seat."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.demo.days import Today
from api.demo.hands import Cast
from api.phone.outset import line_of
from api.phone.phone import new_id
from api.phone.server import Server
from api.sample_people import PASSWORD
from storage.record.clock import SHANGHAI
from tests.browser.chromium import Browser, Page
from tests.browser.conftest import Running
from tests.browser.test_duty_desk import HEAD, LEAD, OFFICER, PANZHOU, WAITING, plan, sign_in

CARDS = "[...document.querySelectorAll('article.incident')].map(one => one.innerText)"
HEADINGS = "[...document.querySelectorAll('.column:not(.duty) > h2')].map(one => one.innerText)"
FIRST_ALERTS = "document.querySelector('.column:not(.duty)').innerText"
SHIFTS = "query($county: String) { duty(county: $county) { plans { endsAt } } }"
# Between the server and the page, as a proxy would: what ran out months ago is added to what the desk is answered.
WITH_LATE = """(() => {
  const own = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await own(...asked);
    if (!String(asked[1]?.body ?? "").includes("query Desk")) return answer;
    const told = await answer.json();
    for (const node of LATE) told.data.incidents.edges.push({ node });
    return new Response(JSON.stringify(told), { status: answer.status, headers: answer.headers });
  };
})()"""


@pytest.fixture
def cast(running: Running, tmp_path: Path) -> Iterator[Cast]:
    """The sample people, each on a phone of his own."""
    with line_of(None) as line:
        yield Cast(lambda: Server(running.http, line), tmp_path, PASSWORD, Today())


def drill(cast: Cast) -> None:
    """The seat is asked who comes: an alert that leaves no finding at any mine behind."""
    cast[HEAD].acts("drillAlert", "drill { uuid }", id=new_id(), kind="REFUSAL", county=PANZHOU)


def ends_of_shifts(cast: Cast) -> list[datetime]:
    """When the shifts of the seat end, by the API: other tests may have planned some on this server, too."""
    plans = cast[HEAD].asks(SHIFTS, county=PANZHOU)["duty"]["plans"]
    return [datetime.fromisoformat(one["endsAt"]) for one in plans]


def late(key: str, *, matter: str = "report", days: int = 93) -> dict[str, Any]:
    """An alert of a deadline that ran out so many days ago."""
    ended = datetime.now(SHANGHAI) - timedelta(days=days, hours=12)
    at = ended.astimezone(UTC).isoformat()
    overrun = {"matter": matter, "key": key, "article": "信访工作条例第二十二条", "ends": ended.date().isoformat()}
    return {
        "uuid": str(uuid4()), "kind": "CLOCK_OVERRUN", "urgent": False, "drill": False, "article": "", "joined": 0,
        "subjectId": str(uuid4()), "happenedAt": at, "raisedAt": at, "endedAt": None, "mine": None, "refused": None,
        "climbs": [], "overruns": [overrun],
    }  # fmt: skip


async def with_late(page: Page, *alerts: dict[str, Any]) -> None:
    script = WITH_LATE.replace("LATE", json.dumps(alerts))
    await page.send("Page.addScriptToEvaluateOnNewDocument", source=script)


async def test_times_are_beijing_time_wherever_the_computer_stands_and_this_is_said_once(
    page: Page, running: Running, cast: Cast
) -> None:
    await page.send("Emulation.setTimezoneOverride", timezoneId="America/New_York")
    await asyncio.to_thread(plan, cast, OFFICER, LEAD)
    before = datetime.now(SHANGHAI)
    await asyncio.to_thread(drill, cast)
    await sign_in(page, running.https)
    await page.until(f"document.querySelector('{WAITING}')")
    card = await page.run(f"document.querySelector('{WAITING}').innerText")
    hours = {int(one) for one in re.findall(r"(\d{2}):\d{2}", card)}
    assert hours <= {(before + timedelta(hours=more)).hour for more in (-1, 0, 1)}, card
    assert hours & {before.hour, datetime.now(SHANGHAI).hour}, card
    assert "年" in await page.run("document.querySelector('.duty').innerText")
    assert (await page.run("document.body.innerText")).count("北京时间") == 1
    ends = [end.astimezone(SHANGHAI) for end in await asyncio.to_thread(ends_of_shifts, cast)]
    shown = {f"本班至 {end.year}年{end.month}月{end.day}日 {end:%H:%M}" for end in ends}
    text = await page.run("document.body.innerText")
    assert any(one in text for one in shown), shown
    await page.tap(".bar .primary")  # Whoever comes next on this server finds nothing that waits.
    await page.until(f"!document.querySelector('{WAITING}')")


async def test_a_long_time_is_told_in_days_and_a_short_one_in_minutes(page: Page, running: Running) -> None:
    await page.go(f"{running.https}/desk")
    said = await page.run("""(async () => {
      const { since } = await import('/web/desk/hours.js');
      return [0.5, 5, 119, 120, 47 * 60, 48 * 60, 2235 * 60].map((minutes) => since(Date.now() - minutes * 60_000));
    })()""")
    assert said == ["刚刚", "5 分钟前", "119 分钟前", "2 小时前", "47 小时前", "2 天前", "93 天前"]


async def test_a_deadline_names_its_matter_and_what_it_is_and_alike_ones_are_one_card(
    page: Page, running: Running
) -> None:
    alike = [late("petition_told"), late("petition_told", days=90), late("petition_told", days=5)]
    other = late("recheck", matter="measure")
    await with_late(page, *alike, other)
    await sign_in(page, running.https)
    cards = [card for card in await page.run(CARDS) if "期限已过" in card]
    assert len(cards) == 2, cards
    told = next(card for card in cards if "告知是否受理" in card)
    assert "3 件" in told
    for one in alike:
        number = one["subjectId"].replace("-", "")
        assert f"举报 {number[:8]}…{number[-4:]}" in told
    assert "92 天前" in told or "93 天前" in told
    assert "4 天前" in told or "5 天前" in told
    assert "信访工作条例第二十二条" in told
    measure = next(card for card in cards if card is not told)
    assert "复查" in measure
    assert "措施" in measure
    headings = await page.run(HEADINGS)
    assert "待处理提醒" in headings, "nobody took it, so it is not told as taken"


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_language_is_changed_on_the_desk_and_the_seat_is_seen(
    chromium: Browser, running: Running, cast: Cast, width: int, tmp_path: Path
) -> None:
    await asyncio.to_thread(plan, cast, OFFICER, LEAD)
    page = await chromium.page(width=width, height=760)
    await with_late(page, late("petition_told"), late("petition_told", days=40))
    await sign_in(page, running.https)
    assert await page.run(f"innerWidth === {width} && document.documentElement.scrollWidth <= innerWidth")
    seat = "(() => { const box = document.querySelector('.where').getBoundingClientRect(); return box.width })()"
    assert await page.run(seat) > 60
    assert await page.run(
        "document.querySelector('.where').scrollWidth <= document.querySelector('.where').clientWidth"
    )
    assert "盘州" in await page.run("document.querySelector('.where').innerText")
    await page.picture(tmp_path / f"zh-{width}.png", whole=True)
    await page.until("document.querySelector('details.handing')")
    await page.run("document.querySelector('details.handing').open = true")
    await page.write("#words", "等矿上回电话")
    await page.tap(".switch [lang=en]")
    await page.until("document.body.innerText.includes('To be taken')")
    assert await page.run("document.querySelector('#words').value") == "等矿上回电话"
    assert "Beijing time" in await page.run(FIRST_ALERTS)
    assert "To tell whether it is accepted" in await page.run(FIRST_ALERTS)
    assert await page.run("document.documentElement.lang") == "en"
    assert await page.run("document.documentElement.scrollWidth <= innerWidth")
    await page.picture(tmp_path / f"en-{width}.png", whole=True)
    await page.close()
