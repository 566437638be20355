"""A request in headless Chromium: filed without a script, its clock read by anybody, its answer by the receipt."""

import asyncio
import json
import re

from tests.browser.chromium import Page
from tests.browser.conftest import Running
from tests.browser.test_public_site import barriers, pictured

WORDS = "请公开二〇二五年度对盘州市煤矿的检查次数。"


async def send(page: Page, **typed: str) -> None:
    """Fills the form of the page in and sends it, as a browser without scripts would."""
    assert await page.run("document.scripts.length") == 0
    for name, value in typed.items():
        await page.run(f"document.querySelector('#{name}').value = {json.dumps(value)}")
    await page.run("document.querySelector('form.ask-form').submit()")


async def test_a_request_is_filed_without_a_script_and_read_by_its_receipt(page: Page, running: Running) -> None:
    await page.look(width=360)
    await page.go(f"{running.https}/requests/new")
    await pictured(page, "request-form-360")
    while not await page.run("document.querySelectorAll('.receipt').length"):
        # A form is not taken within the first two seconds: what was written stays, and is sent again.
        await send(page, words=WORDS, agency="d:520281")
        await page.until("document.querySelector('.receipt, [role=alert]') && document.readyState === 'complete'")
        await asyncio.sleep(1)
    assert await barriers(page) == []
    await pictured(page, "request-filed-360")
    number, receipt = await page.run("[...document.querySelectorAll('.receipt')].map(one => one.innerText)")
    assert re.fullmatch(r"20\d\d-\d{4}", number)
    await page.go(f"{running.https}/requests")
    assert number in await page.run("document.body.innerText")
    assert WORDS not in await page.run("document.body.innerText")
    await page.go(f"{running.https}/requests/receipt")
    await send(page, receipt=receipt.lower())
    await page.until(f"document.body.innerText.includes({json.dumps(WORDS)})")
    assert await barriers(page) == []
    assert await page.run("document.cookie") == ""
