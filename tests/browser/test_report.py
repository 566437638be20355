"""The reporters' page in headless Chromium: filed, read and answered with the receipt; the phone keeps nothing."""

import asyncio
import base64
import io
import json
import math
import re
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from api.reporter import reading
from api.reporting import guard
from tests.browser.chromium import Browser, Page
from tests.browser.conftest import Running
from tests.journeys.persons import Officer, Reporter

WORDS = "二采区回风巷瓦斯探头被塑料袋包住。\n班前会上说不许声张。"
WIDTHS = (320, 360, 1280)
KEPT = """(async () => ({
  local: localStorage.length, session: sessionStorage.length, cookies: document.cookie,
  caches: (await caches.keys()).length, databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length, history: history.length,
}))()"""
NOTHING = {"local": 0, "session": 0, "cookies": "", "caches": 0, "databases": 0, "workers": 0}
WITHOUT_CURVES = """for (const name of ['importKey', 'generateKey']) {
  const own = SubtleCrypto.prototype[name];
  SubtleCrypto.prototype[name] = function (...given) {
    const lacking = /25519/.test(JSON.stringify(given));
    return lacking ? Promise.reject(new Error('NotSupportedError')) : own.apply(this, given);
  };
}"""


@dataclass(slots=True)
class Desks:
    """The officers who can read what is filed."""

    intake: Officer
    verifier: Officer


@pytest.fixture(scope="module")
async def desks(running: Running) -> Desks:
    """Keys of three custodians, and of intake and verification of one county."""
    for which in ("one", "two", "three"):
        await Officer(running.http, f"custodian.{which}").does("keep_key", custodian=True)
    found = Desks(Officer(running.http, "intake.panzhou"), Officer(running.http, "verifier.panzhou"))
    for officer in (found.intake, found.verifier):
        await officer.does("keep_key", county="520281")
    return found


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


async def newest(officer: Officer) -> str:
    """The report that came last to an officer's list."""
    lines = await officer.does("listed")
    found = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", "\n".join(lines))
    assert found, lines
    return str(found[-1])


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


async def test_a_report_is_filed_read_and_answered_and_the_phone_keeps_nothing(
    page: Page, running: Running, desks: Desks, tmp_path: Path
) -> None:
    requests = asked_of(page)
    await begin(page, running.https)
    await page.write("#words", WORDS)
    await page.write("#place", "二采区回风巷")
    await page.tap("#dangerToLife")
    await attach(page, tmp_path)
    await page.press(".primary")
    await page.tap("#mode-NAMED")
    await page.write("#name", "张三丰")
    await page.write("#contact", "13800138000")
    await page.press(".primary")
    await page.until("document.querySelector('.notice')?.innerText.includes('登记在此')")
    server, closed, locked = await page.run("[...document.querySelectorAll('.seen')].map((one) => one.innerText)")
    assert "松河湾煤矿" in server
    assert "回风巷" not in server
    assert "回风巷" in closed
    assert "张三丰" in locked
    await page.tap("#form-W")
    await page.press(".primary")
    paper = await groups(page)
    assert [len(group) for group in paper] == [1, 2, 2, 2, 2, 2, 2]
    await page.press(".primary")
    await page.write("#last", "不对")
    await page.press(".primary")
    await page.until("document.querySelector('.notice')?.innerText.includes('还可以试 2 次')")
    await file(page, paper)
    assert "凭证已当场试开成功" in await page.run("document.querySelector('.state').innerText")
    assert paper[-1] not in await page.run("document.body.innerText")

    await asyncio.sleep(2.5)  # What is urgent moves at once: the worker looks each second.
    report = await newest(desks.intake)
    read = await desks.intake.does("read", report=report)
    assert any("瓦斯探头被塑料袋包住" in line for line in read)
    assert not any("张三丰" in line for line in read)
    await desks.intake.does("export", report=report, into=tmp_path / "out")
    (jpeg,), (wav,) = (list((tmp_path / "out").glob(f"*.{suffix}")) for suffix in ("jpg", "wav"))
    with Image.open(jpeg) as picture, wave.open(str(wav)) as sound:
        assert picture.size == (1_707, 2_560)
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (8_000, 1, 8_000)
    await desks.intake.does("step", report=report)
    await desks.intake.does("reply", report=report, words="已受理，请说明探头的位置。")

    await open_thread(page, running.https, paper)
    shown = await page.run("document.querySelector('main').innerText")
    for told in ("已受理", "已受理，请说明探头的位置。", "瓦斯探头被塑料袋包住", "煤矿安全生产举报办法"):
        assert told in shown
    await page.write("#answer", "二横川往里三十米。")
    await page.press(".primary")
    await page.until("document.querySelector('.talk').innerText.includes('二横川往里三十米。')")
    said = await python_reads(running.http, paper)
    assert any("二横川往里三十米。" in line for line in said)

    kept = await page.run(KEPT)
    assert kept.pop("history") <= 3
    assert kept == NOTHING
    own = (f"{running.https}/report", "blob:", "data:")  # The browser draws the buttons of sounds from its own data.
    assert [one["url"] for one in requests if not one["url"].startswith(own)] == []
    assert [one["url"] for one in requests if tells_whence(one)] == []


async def python_reads(url: str, paper: list[str]) -> list[str]:
    """What the reference client says to the same receipt."""
    reporter = Reporter(url, paper=" ".join(paper))
    await asyncio.to_thread(reporter.within, reading.read)
    return reporter.said


async def test_an_open_refusal_is_filed_from_a_browser_without_the_curves_of_its_own(
    chromium: Browser, running: Running, desks: Desks
) -> None:
    page = await chromium.page()
    await page.send("Page.addScriptToEvaluateOnNewDocument", source=WITHOUT_CURVES)
    requests = asked_of(page)
    await begin(page, running.https, "REFUSAL")
    await page.press(".primary")
    await page.until("document.querySelectorAll('.fault:not(:empty)').length >= 4")
    await page.write("#place", "1201综采工作面")
    await page.tap("#shift-NIGHT")
    await page.run("(() => { const all = document.querySelector('#danger'); all.value = 'GAS';"
                   " all.dispatchEvent(new Event('input')); })()")  # fmt: skip
    await page.write("#words", WORDS)
    await page.tap("#when-NOW")
    paper = await to_receipt(page)
    assert [len(group) for group in paper] == [1, *[3] * 8]
    await file(page, paper)
    assert any(one["url"].endswith("/vendor/nacl.js") for one in requests)
    await asyncio.sleep(2.5)
    said = await python_reads(running.http, paper)
    assert any("the place is marked" in line for line in said)
    await open_thread(page, running.https, paper)
    assert "地点已标记" in await page.run("document.querySelector('main').innerText")
    await page.close()


async def test_three_wrong_groups_file_nothing_and_a_receipt_that_opens_nothing_says_so(
    page: Page, running: Running, desks: Desks
) -> None:
    await begin(page, running.https, "RETALIATION")
    await page.write("#words", WORDS)
    paper = await to_receipt(page)
    wrong = "000" if paper[-1] != "000" else "111"
    for _ in range(3):
        await page.press(".primary")
        await page.write("#last", wrong)
        await page.press(".primary")
        await page.until("!document.querySelector('#last')")
    assert "没有提交任何内容" in await page.run("document.querySelector('.notice').innerText")
    await page.press(".primary")
    await page.press("#have-receipt")
    await page.write("#receipt", "".join(paper[:-1]))
    await page.press(".primary")
    await page.until("document.querySelector('.fault')?.innerText.includes('22')")
    await page.write("#receipt", "".join(paper))
    await page.press(".primary")
    await page.until("document.querySelector('.notice')?.innerText.includes('打不开任何举报')", seconds=60)


async def test_a_photo_goes_without_what_the_camera_wrote_upright_and_no_larger_than_told(
    page: Page, running: Running, desks: Desks, tmp_path: Path
) -> None:
    taken = photo(tmp_path)
    await begin(page, running.https)
    await page.choose_file("#photos", taken)
    await page.until("document.querySelector('.photos img')")
    given = base64.b64encode(taken.read_bytes()).decode()
    cleaned = base64.b64decode(
        await page.run(
            "(async () => { const { cleaned } = await import('/report/web/report/photos.js');"
            f" const bytes = Uint8Array.from(atob({json.dumps(given)}), (sign) => sign.charCodeAt(0));"
            " const { data } = await cleaned(new File([bytes], '井下.jpg'));"
            " return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')); })()"
        )
    )
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert picture.size == (1_707, 2_560)
        assert not picture.getexif()
        assert not {"comment", "exif", "icc_profile", "xmp"} & set(picture.info)
    assert b"HUAWEI" not in cleaned
    assert "张三丰".encode() not in cleaned
    await page.press(".photos button")
    await page.until("!document.querySelector('.photos img')")
    await page.choose_file("#photos", Path(__file__))
    await page.until("document.getElementById('said').innerText.includes('读不出来')")


async def test_quick_exit_leaves_at_once_and_takes_the_place_of_the_page(page: Page, running: Running) -> None:
    await page.go(f"{running.https}/report")
    await page.press("#REPORT")
    await page.until("document.querySelector('#mine')")
    before = await page.run("history.length")
    requests = asked_of(page)
    await page.press("#exit")
    await page.until("!location.href.includes('/report')")
    assert requests[0]["url"] == "https://weather.cma.cn/"
    assert [one["url"] for one in requests if tells_whence(one)] == []
    assert await page.run("history.length") == before


async def test_a_browser_that_cannot_encrypt_is_told_so_and_asked_nothing(chromium: Browser, running: Running) -> None:
    page = await chromium.page()
    hide = "Object.defineProperty(globalThis, 'isSecureContext', { value: false })"
    await page.send("Page.addScriptToEvaluateOnNewDocument", source=hide)
    await page.go(f"{running.https}/report")
    await page.until("document.querySelector('h1')?.innerText.includes('不能在本机加密')")
    assert await page.run("document.querySelectorAll('input, textarea').length") == 0
    assert await page.run("document.querySelector('#exit') !== null")
    await page.close()


@pytest.mark.parametrize("width", WIDTHS)
async def test_each_view_fits_its_screen_and_can_be_touched(
    chromium: Browser, running: Running, desks: Desks, width: int
) -> None:
    page = await chromium.page(width=width)
    await page.go(f"{running.https}/report")
    await page.until("document.querySelector('.way')")
    await page.run("[...document.querySelectorAll('.switch button')].at(-1).click()")
    assert await fits(page)
    await begin(page, running.https, "REFUSAL")
    assert await fits(page)
    small = await page.run(
        "[...document.querySelectorAll('button, .button, .choice, input:not([type=radio], [type=file]), textarea')]"
        ".filter((one) => one.getBoundingClientRect().height < 48).map((one) => one.outerHTML)"
    )
    assert small == []
    await page.press("header .touch")
    await page.press("header .touch")
    await begin(page, running.https)
    await page.write("#words", WORDS * 5)
    await to_receipt(page)
    assert await fits(page)
    await page.press(".primary")
    assert await fits(page)
    await page.close()


async def test_an_answer_that_is_lost_on_its_way_files_once_even_while_work_is_asked(
    page: Page, running: Running, desks: Desks
) -> None:
    begins = {"query": "mutation { begin(form: DIGITS) { bits problem { code } } }"}
    async with httpx.AsyncClient(base_url=running.http) as line:
        for _ in range(guard.OWN_BAR + 1):
            told = (await line.post("/reporting/graphql", json=begins)).json()["data"]["begin"]
    assert told["bits"] > 0
    await begin(page, running.https)
    await page.write("#words", WORDS)
    await page.tap("#dangerToLife")
    paper = await to_receipt(page)
    lost = await losing(page, "FilingInput")
    await file(page, paper)
    assert lost == [1]
    said = await python_reads(running.http, paper)
    assert sum(WORDS.splitlines()[0] in line for line in said) == 1


async def losing(page: Page, operation: str) -> list[int]:
    """Breaks the line once, after the server has answered to this operation; what was broken is counted."""
    lost: list[int] = []

    def paused(told: dict[str, Any]) -> None:
        wanted = operation in told["request"].get("postData", "") and not lost
        if wanted:
            lost.append(1)
        fate = ("Fetch.failRequest", {"errorReason": "ConnectionReset"}) if wanted else ("Fetch.continueRequest", {})
        task = asyncio.ensure_future(page.send(fate[0], requestId=told["requestId"], **fate[1]))
        page.browser.under_way.add(task)
        task.add_done_callback(page.browser.under_way.discard)

    page.browser.hear("Fetch.requestPaused", page.session, paused)
    patterns = [{"urlPattern": "*/reporting/graphql", "requestStage": "Response"}]
    await page.send("Fetch.enable", patterns=patterns)
    return lost
