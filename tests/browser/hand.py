"""What a person does in the field app, step by step, and what he can see there."""

import json
from pathlib import Path
from typing import Any

from api.sample_people import PASSWORD
from tests.browser.chromium import Page

LEAD = "lead.panzhou"
SHUTTER = ".shutter:not([disabled])"


async def sign_in(page: Page, url: str, login: str = LEAD) -> None:
    """Opens the app and signs in, until the first view is there."""
    await page.go(f"{url}/app/")
    await page.write("#login", login)
    await page.write("#password", PASSWORD)
    await page.tap(".primary")
    await page.until("document.body.dataset.view === 'home'")
    # From here on the page itself must be able to come back without a network.
    await page.until("navigator.serviceWorker.controller !== null")


async def open_inspection(page: Page) -> None:
    """Opens an inspection at the first mine of the list, with the first other officer."""
    await page.tap("a[href='#/open']")
    for name in ("#mine", "#second"):
        await page.until(f"document.querySelector('{name} option:nth-child(2)')")
        await page.run(f"document.querySelector('{name}').selectedIndex = 1")
    await page.write("#reason", "盘州市二〇二六年度计划第十二号")
    await page.tap(".primary")
    await page.until("document.querySelector('.about h1')")


async def begin(page: Page, url: str) -> None:
    """Signed in, with an inspection open."""
    await sign_in(page, url)
    await open_inspection(page)


async def take_photo(page: Page) -> None:
    """Takes one photo with the camera and goes back."""
    before = len(await pieces(page))
    await page.run("location.hash = '#/camera'")
    await page.until(f"document.querySelector('{SHUTTER}')")
    await page.tap(SHUTTER)
    await _until_more(page, before)
    await page.run("location.hash = '#/'")
    await page.until("document.body.dataset.view === 'home'")


async def start_film(page: Page) -> None:
    """Starts to film; it goes on until somebody ends it."""
    await page.run("location.hash = '#/camera'")
    await page.until(f"document.querySelector('{SHUTTER}')")
    await page.run("document.querySelectorAll('.switch button')[1].click()")
    await page.tap(f"{SHUTTER}[data-mode=film]")
    await page.until("document.querySelector('.shutter[data-mode=stop]')")


async def choose(page: Page, file: Path) -> None:
    """Takes a file of the system's camera."""
    before = len(await pieces(page))
    await page.run("location.hash = '#/camera'")
    await page.until("document.querySelector('#file')")
    await page.choose_file("#file", file)
    await _until_more(page, before)
    await page.run("location.hash = '#/'")


async def _until_more(page: Page, before: int) -> None:
    await page.until(f"(async () => {_STATE}.pieces.length > {before})()")


async def sealed(page: Page, count: int, *, seconds: float = 60.0) -> None:
    """Waits until so many pieces are shown as sealed."""
    await page.until(f"document.querySelectorAll('li[data-state=SEALED]').length === {count}", seconds=seconds)


# The page's own modules are asked, at the addresses under which it has loaded them.
_STATE = "(await import('/web/app/state.js')).state"


async def pieces(page: Page) -> list[dict[str, Any]]:
    """The pieces as the phone's notebook has them, without what is no JSON."""
    text = await page.run(f"(async () => JSON.stringify({_STATE}.phone ? await {_STATE}.phone.kept.pieces() : []))()")
    found: list[dict[str, Any]] = json.loads(text)
    return found


async def has_copy(page: Page, id: str) -> bool:
    """Does the phone still hold the bytes of this piece?"""
    return bool(await page.run(f"(async () => (await {_STATE}.phone.kept.original('{id}')) !== null)()"))
