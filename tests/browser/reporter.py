"""What a reporter does on the page `/report`, step by step, and what can be heard of it on the line."""

import asyncio
import base64
import io
import json
import math
import re
import wave
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from api.reporter import reading
from tests.browser.chromium import Page
from tests.journeys.persons import Officer, Reporter


@dataclass(slots=True)
class Desks:
    """The officers who can read what is filed."""

    intake: Officer
    verifier: Officer


async def begin(page: Page, url: str, kind: str = "REPORT") -> None:
    """Opens the page and chooses the mine, until the form is there."""
    await page.go(f"{url}/report")
    await page.press(f"#{kind}")
    await page.write("#mine", "盘州")
    await page.press("#search")
    await page.until("document.querySelector('input[name=mine]')")
    await page.tap("input[name=mine]")
    await page.press(".primary")
    await page.until("document.querySelector('#words')")


def photo(folder: Path) -> Path:
    """As a telephone takes it: lying, with its maker's name and a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "HUAWEI", 6
    file = folder / "井下.jpg"
    Image.new("RGB", (3_000, 2_000), "gray").save(file, "JPEG", exif=exif, comment="拍摄人张三丰")
    return file


def voice(folder: Path) -> Path:
    """A second of a hummed note, with a title behind it."""
    written = io.BytesIO()
    with wave.open(written, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        notes = (int(9_000 * math.sin(math.tau * 200 * at / 16_000)) for at in range(16_000))
        out.writeframes(b"".join(note.to_bytes(2, "little", signed=True) for note in notes))
    file = folder / "说.wav"
    file.write_bytes(written.getvalue() + b"LIST" + (4).to_bytes(4, "little") + b"INFO")
    return file


async def attach(page: Page, folder: Path) -> None:
    await page.choose_file("#photos", photo(folder))
    await page.until("document.querySelector('.photos img')")
    await page.choose_file("#voices", voice(folder))
    await page.until("document.querySelector('.photos audio')")


async def to_receipt(page: Page) -> list[str]:
    """From the filled form to the receipt's groups, as they are written down."""
    await page.press(".primary")
    await page.until("document.querySelector('#mode-ANONYMOUS')")
    await page.press(".primary")
    await page.until("document.querySelector('.seen')")
    await page.press(".primary")
    return await groups(page)


async def groups(page: Page) -> list[str]:
    await page.until("document.querySelector('.receipt')", seconds=60)
    found: list[str] = await page.run("[...document.querySelectorAll('.receipt li')].map((one) => one.innerText)")
    return found


async def file(page: Page, paper: list[str]) -> None:
    """Types the last group back, until it is filed."""
    await page.press(".primary")
    await page.write("#last", paper[-1])
    await page.press(".primary")
    await page.until("document.querySelector('.state.large')", seconds=60)


async def open_thread(page: Page, url: str, paper: list[str]) -> None:
    await page.go(f"{url}/report")
    await page.press("#have-receipt")
    await page.write("#receipt", " ".join(paper))
    await page.press(".primary")
    await page.until("document.querySelector('.talk')", seconds=60)


async def found_by(officer: Officer, words: str) -> str:
    """The report that says these words, among those of an officer's list, as soon as it has come there."""
    async with asyncio.timeout(60):
        while True:
            for report in re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", "\n".join(await officer.does("listed"))):
                if any(words in line for line in await officer.does("read", report=report)):
                    return str(report)
            await asyncio.sleep(0.5)  # What is urgent moves at once: the worker looks each second.


def asked_of(page: Page) -> list[dict[str, Any]]:
    """Every request of a page from now on."""
    heard: list[dict[str, Any]] = []
    page.browser.hear("Network.requestWillBeSent", page.session, lambda told: heard.append(told["request"]))
    return heard


def tells_whence(request: dict[str, Any]) -> bool:
    return any(name.lower() == "referer" and value for name, value in request["headers"].items())


async def fits(page: Page) -> bool:
    """Does nothing stick out to the side?"""
    return bool(await page.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


async def python_reads(url: str, paper: list[str]) -> list[str]:
    """What the reference client says to the same receipt."""
    reporter = Reporter(url, paper=" ".join(paper))
    await asyncio.to_thread(reporter.within, reading.read)
    return reporter.said


async def answering(page: Page, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers some operations of the page in the server's place; returns what was asked of them."""
    asked: list[dict[str, Any]] = []

    def paused(told: dict[str, Any]) -> Coroutine[Any, Any, Any]:
        body = json.loads(told["request"].get("postData", "{}"))
        name = next((one for one in answers if f"{{ {one}(" in body.get("query", "")), None)
        if name is None:
            return page.send("Fetch.continueRequest", requestId=told["requestId"])
        asked.append(body["variables"])
        answer = base64.b64encode(json.dumps({"data": {name: answers[name]}}).encode()).decode()
        return page.send("Fetch.fulfillRequest", requestId=told["requestId"], responseCode=200, body=answer)

    await intercept(page, paused)
    return asked


async def losing(page: Page, operation: str) -> list[int]:
    """Breaks the line once, after the server has answered to this operation; what was broken is counted."""
    lost: list[int] = []

    def paused(told: dict[str, Any]) -> Coroutine[Any, Any, Any]:
        if operation in told["request"].get("postData", "") and not lost:
            lost.append(1)
            return page.send("Fetch.failRequest", requestId=told["requestId"], errorReason="ConnectionReset")
        return page.send("Fetch.continueRequest", requestId=told["requestId"])

    await intercept(page, paused, stage="Response")
    return lost


async def intercept(
    page: Page, paused: Callable[[dict[str, Any]], Coroutine[Any, Any, Any]], *, stage: str = "Request"
) -> None:
    """Hands each operation of the page to somebody in between."""

    def hear(told: dict[str, Any]) -> None:
        task = asyncio.ensure_future(paused(told))
        page.browser.under_way.add(task)
        task.add_done_callback(page.browser.under_way.discard)

    page.browser.hear("Fetch.requestPaused", page.session, hear)
    await page.send("Fetch.enable", patterns=[{"urlPattern": "*/reporting/graphql", "requestStage": stage}])
