"""The story of a refusal while the desk of duty is open in headless Chromium: it shows there, and is taken there."""

import asyncio
import re
from pathlib import Path

from api.demo.alarming import DUTY
from api.demo.docket import Docket
from api.demo.entrusting import CLAUSE
from api.demo.playing import DONE
from api.demo.refusing import main_refusal
from api.demo.telling import Story
from api.sample_people import PASSWORD
from tests.browser.chromium import Page
from tests.browser.conftest import Running
from tests.browser.test_duty_desk import WAITING, sign_in

OVER = "[...document.querySelectorAll('article.incident')].some(one => one.innerText.includes('拒绝入井'))"


async def test_whoever_watches_the_desk_takes_the_alarm_of_the_story(
    page: Page, running: Running, tmp_path: Path
) -> None:
    heard: list[Story] = []

    def keep(story: Story, _: Docket) -> None:
        heard.append(story)

    await sign_in(page, running.https, DUTY)
    await page.until("document.querySelector('.line[data-line=online]')")
    said: list[str] = []
    telling = asyncio.create_task(asyncio.to_thread(
        main_refusal, url=running.http, folder=tmp_path / "phones", into=tmp_path / "pack", password=PASSWORD,
        say=said.append, minutes=2, heard=keep,
    ))  # fmt: skip
    await page.until(f"document.querySelector('{WAITING}')", seconds=60)
    card = await page.run(f"document.querySelector('{WAITING}').innerText")
    assert "拒绝入井" in card
    assert heard == [], "the story waits"
    facts = await page.run(f"[...document.querySelectorAll('{WAITING} dl dt')].map(one => one.innerText)")
    assert facts[:4] == ["地点", "班次", "危险", "未做到的承诺"]
    assert re.search(r"1201综采工作面\d+号支架", card)
    assert re.search(r"\d+年\d+月\d+日 中班", card)
    assert "瓦斯" in card
    assert CLAUSE in card
    assert (await page.run(f"document.querySelector('{WAITING} .place').innerText")).endswith("煤矿（示例）")
    assert "实施意见三（六）2" in card
    assert "仍无人接警" in card
    await page.tap(".bar .primary")
    assert await telling == DONE, "\n".join(said[-9:])
    assert said[-1].startswith("VERIFIED")
    assert heard[0].seen["passed"] == []
    taken = [line for line in said if line.startswith("#") and "接警" in line]
    assert "吴守" in taken[0]
    await page.until(f"!document.querySelector('{WAITING}')")
    assert await page.run(OVER)
