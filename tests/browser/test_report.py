"""The reporters' page in headless Chromium: filed, read and answered with the receipt; the phone keeps nothing."""

import asyncio
import base64
import io
import json
import wave
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from api.reporting import guard
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.reports import signing
from tests.browser import reporter
from tests.browser.chromium import Browser, Page
from tests.browser.conftest import Running
from tests.journeys.persons import Reporter

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


async def test_a_report_is_filed_read_and_answered_and_the_phone_keeps_nothing(
    page: Page, running: Running, desks: reporter.Desks, tmp_path: Path
) -> None:
    requests = reporter.asked_of(page)
    await reporter.begin(page, running.https)
    mark = str(uuid4())
    await page.write("#words", f"{WORDS}\n{mark}")
    await page.write("#place", "二采区回风巷")
    await page.tap("#dangerToLife")
    await reporter.attach(page, tmp_path)
    await page.press(".primary")
    await page.tap("#mode-NAMED")
    await page.write("#name", "张三丰")
    await page.write("#contact", "13800138000")
    await page.press(".primary")
    await page.until("[...document.querySelectorAll('.notice')].some((one) => one.innerText.includes('登记在此'))")
    assert "一提交就转给本县和监察分局的值班人员" in await page.run("document.querySelector('.notice').innerText")
    server, closed, locked = await page.run("[...document.querySelectorAll('.seen')].map((one) => one.innerText)")
    for told in ("松河湾煤矿", "看得出是哪一分钟", "现在就有人有生命危险"):
        assert told in server
    assert "回风巷" not in server
    assert "回风巷" in closed
    assert "张三丰" in locked
    await page.tap("#form-W")
    await page.press(".primary")
    paper = await reporter.groups(page)
    assert [len(group) for group in paper] == [1, 2, 2, 2, 2, 2, 2]
    await page.press(".primary")
    await page.write("#last", "".join(paper[-2:]))
    await page.press(".primary")
    await page.until("document.querySelector('.notice')?.innerText.includes('还可以试 2 次')")
    assert "读到 4 个字符，最后一组是 2 个" in await page.run("document.querySelector('.notice').innerText")
    await reporter.file(page, paper)
    done = await page.run("document.querySelector('main').innerText")
    for told in ("凭证已当场试开成功", "不等整点，至迟", "并拉响警报"):
        assert told in done
    assert paper[-1] not in await page.run("document.body.innerText")

    report = await reporter.found_by(desks.intake, mark)
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

    await reporter.open_thread(page, running.https, paper)
    shown = await page.run("document.querySelector('main').innerText")
    attached = "附件已送达：照片 1 张、录音 1 段"
    for told in ("已受理", "已受理，请说明探头的位置。", "瓦斯探头被塑料袋包住", "煤矿安全生产举报办法", attached):
        assert told in shown
    await page.write("#answer", "二横川往里三十米。")
    await page.press(".primary")
    await page.until("document.querySelector('.talk').innerText.includes('二横川往里三十米。')")
    said = await reporter.python_reads(running.http, paper)
    assert any("二横川往里三十米。" in line for line in said)

    kept = await page.run(KEPT)
    assert kept.pop("history") <= 3
    assert kept == NOTHING
    own = (f"{running.https}/report", "blob:", "data:")  # The browser draws the buttons of sounds from its own data.
    assert [one["url"] for one in requests if not one["url"].startswith(own)] == []
    assert [one["url"] for one in requests if reporter.tells_whence(one)] == []


async def test_an_open_refusal_is_filed_from_a_browser_without_the_curves_of_its_own(
    chromium: Browser, running: Running, desks: reporter.Desks
) -> None:
    page = await chromium.page()
    await page.send("Page.addScriptToEvaluateOnNewDocument", source=WITHOUT_CURVES)
    requests = reporter.asked_of(page)
    await reporter.begin(page, running.https, "REFUSAL")
    await page.press(".primary")
    await page.until("document.querySelectorAll('.fault:not(:empty)').length >= 4")
    await page.write("#place", "1201综采工作面")
    await page.tap("#shift-NIGHT")
    await page.run("(() => { const all = document.querySelector('#danger'); all.value = 'GAS';"
                   " all.dispatchEvent(new Event('input')); })()")  # fmt: skip
    await page.write("#words", WORDS)
    await page.tap("#when-NOW")
    paper = await reporter.to_receipt(page)
    assert [len(group) for group in paper] == [1, *[3] * 8]
    await reporter.file(page, paper)
    assert any(one["url"].endswith("/vendor/nacl.js") for one in requests)
    async with asyncio.timeout(60):
        while not any("place is marked" in one for one in await reporter.python_reads(running.http, paper)):  # noqa: ASYNC110
            await asyncio.sleep(0.5)  # The worker looks each second, and tells no browser.
    await reporter.open_thread(page, running.https, paper)
    assert "地点已标记" in await page.run("document.querySelector('main').innerText")
    await page.close()


async def test_three_wrong_groups_file_nothing_and_a_receipt_that_opens_nothing_says_so(
    page: Page, running: Running, desks: reporter.Desks
) -> None:
    await reporter.begin(page, running.https, "RETALIATION")
    await page.write("#words", WORDS)
    paper = await reporter.to_receipt(page)
    wrong = "000" if paper[-1] != "000" else "111"
    for _ in range(3):
        await page.press(".primary")
        await page.write("#last", wrong)
        await page.press(".primary")
        await page.until("!document.querySelector('#last')")
    told = await page.run("document.querySelector('.notice').innerText")
    assert "没有提交任何内容" in told
    assert "作废，请销毁" in told
    await page.press("footer button:not(.primary)")
    await page.until("document.querySelector('.seen')?.parentElement.innerText.includes('瓦斯探头被塑料袋包住')")
    await page.go(f"{running.https}/report")
    await page.press("#have-receipt")
    await page.write("#receipt", "".join(paper[:-1]))
    await page.press(".primary")
    await page.until("document.querySelector('.fault')?.innerText.includes('22')")
    await page.write("#receipt", "".join(paper))
    await page.press(".primary")
    await page.until("document.querySelector('.notice')?.innerText.includes('打不开任何举报')", seconds=60)


async def test_a_photo_goes_without_what_the_camera_wrote_upright_and_no_larger_than_told(
    page: Page, running: Running, desks: reporter.Desks, tmp_path: Path
) -> None:
    taken = reporter.photo(tmp_path)
    await reporter.begin(page, running.https)
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
    requests = reporter.asked_of(page)
    await page.press("#exit")
    await page.until("!location.href.includes('/report')")
    assert requests[0]["url"] == "https://weather.cma.cn/"
    assert [one["url"] for one in requests if reporter.tells_whence(one)] == []
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
    chromium: Browser, running: Running, desks: reporter.Desks, width: int
) -> None:
    page = await chromium.page(width=width)
    await page.go(f"{running.https}/report")
    await page.until("document.querySelector('.way')")
    await page.run("[...document.querySelectorAll('.switch button')].at(-1).click()")
    assert await reporter.fits(page)
    await reporter.begin(page, running.https, "REFUSAL")
    assert await reporter.fits(page)
    small = await page.run(
        "[...document.querySelectorAll('button, .button, .choice, input:not([type=radio], [type=file]), textarea')]"
        ".filter((one) => one.getBoundingClientRect().height < 48).map((one) => one.outerHTML)"
    )
    assert small == []
    await page.press("header .touch")
    await page.press("header .touch")
    await reporter.begin(page, running.https)
    await page.write("#words", WORDS * 5)
    await reporter.to_receipt(page)
    assert await reporter.fits(page)
    await page.press(".primary")
    assert await reporter.fits(page)
    await page.close()


async def test_an_answer_that_is_lost_on_its_way_files_once_even_while_work_is_asked(
    page: Page, running: Running, desks: reporter.Desks
) -> None:
    begins = {"query": "mutation { begin(form: DIGITS) { bits problem { code } } }"}
    async with httpx.AsyncClient(base_url=running.http) as line:
        for _ in range(guard.OWN_BAR + 1):
            told = (await line.post("/reporting/graphql", json=begins)).json()
    assert "data" in told, told
    assert told["data"]["begin"]["bits"] > 0
    await reporter.begin(page, running.https)
    await page.write("#words", WORDS)
    await page.tap("#dangerToLife")
    paper = await reporter.to_receipt(page)
    lost = await reporter.losing(page, "FilingInput")
    await reporter.file(page, paper)
    assert lost == [1]
    said = await reporter.python_reads(running.http, paper)
    assert sum(WORDS.splitlines()[0] in line for line in said) == 1


async def test_a_reward_that_was_decided_is_claimed_with_the_receipt(
    page: Page, running: Running, desks: reporter.Desks
) -> None:
    await reporter.begin(page, running.https)
    await page.write("#words", WORDS)
    paper = await reporter.to_receipt(page)
    await reporter.file(page, paper)
    reward = {"id": str(uuid4()), "amount": "1500000", "state": "DECIDED", "words": "第一级", "payout": None}
    decided = {"steps": [], "askedOn": [], "rewards": [{**reward, "paidHow": None}]}
    claims = await reporter.answering(
        page, {"matters": decided, "claim": {"reward": {"state": "CLAIMED"}, "problem": None}}
    )
    await reporter.open_thread(page, running.https, paper)
    assert "15,000.00 元" in await page.run("document.querySelector('main').innerText")
    await page.write("#payee", "盘州市应急管理局窗口")
    await page.run("document.querySelector('#payee').closest('li').querySelector('button').click()")
    await page.until("document.getElementById('said').innerText.includes('已申领 15,000.00 元')")
    (given,) = (told["input"] for told in claims if "input" in told)
    assert (given["rewardId"], given["payout"], given["payee"]) == (reward["id"], "CASH", "盘州市应急管理局窗口")
    client = Reporter(running.http, paper=" ".join(paper))
    claim_key = await asyncio.to_thread(client.within, lambda thread, _: thread.keys.public()["claim"])
    message = signing.claim_message(reward["id"], 1_500_000, "CASH", given["payee"].encode())
    assert signing.is_signed(claim_key, message, from_base64url(given["signature"]))


async def test_a_filing_that_fails_says_what_was_filed_and_what_the_paper_is_worth(
    page: Page, running: Running, desks: reporter.Desks
) -> None:
    await reporter.begin(page, running.https)
    await page.write("#words", WORDS)
    paper = await reporter.to_receipt(page)
    changed = {"code": "RECIPIENTS_CHANGED", "zh": "收件人有变化。", "en": "Changed."}
    await reporter.answering(page, {"file": {"messageId": None, "nextHour": None, "problem": changed}})
    await page.press(".primary")
    await page.write("#last", paper[-1])
    await page.press(".primary")
    await page.until("document.querySelector('h1')?.innerText === '没有完成'", seconds=60)
    told = await page.run("document.querySelector('main').innerText")
    for said in ("收件人有变化", "没有提交任何内容，您写的还在", "不再试，就把它销毁"):
        assert said in told
    await page.press("footer button:not(.primary)")
    await page.until("document.querySelector('.seen')?.parentElement.innerText.includes('瓦斯探头被塑料袋包住')")
