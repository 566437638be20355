"""The open pages of commitments in headless Chromium: checked offline, read without an account, refused from."""

import base64
import json
from pathlib import Path

import segno

from api.demo import promising
from api.demo.hands import Cast
from storage.record.ledger.proofs.commitments import codes
from tests.browser import promises, reporter
from tests.browser.chromium import Browser, Page
from tests.browser.conftest import Running
from tests.vectors import promised, sample

WHOLE = promised.bundled("passkey", sealed=True, pdf=promised.STAMPED)
CODE = codes.code_of(WHOLE).encode()
WIDTHS = (320, 360, 1280)
STATUS = "document.getElementById('verdict')?.dataset.status"
DETECTOR = """globalThis.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(['qr_code']); }
  detect() { return Promise.resolve([{ rawValue: 'https://pithead.example/x' }, { rawValue: CODE }]); }
}"""


async def open_check(page: Page, running: Running, folder: Path) -> None:
    """The checking page, kept on the phone, with the keys of the vectors' own log from a file."""
    await page.go(f"{running.https}/commitments/check")
    await page.until("document.body.innerText.includes('没有网络也能核验')")
    keys = folder / "pithead-keys.json"
    keys.write_text(json.dumps(sample.server().keys.document()))
    await page.choose_file("#keys", keys)
    await page.until("document.getElementById('said').innerText.includes('已改用')")


async def told(page: Page) -> str:
    text: str = await page.run("document.getElementById('verdict').innerText")
    return text


async def test_codes_and_bundles_are_checked_without_a_network(page: Page, running: Running, tmp_path: Path) -> None:
    await open_check(page, running, tmp_path)
    await page.cut_the_network()
    await page.reload()
    await page.write("#code", f"{CODE[:200]}\n{CODE[200:]}\n")
    await page.tap("#check")
    await page.until(f"{STATUS} === 'VERIFIED'")
    for words in ("样例煤矿", "2027", "王某", "本人通行密钥", sample.ORIGIN):
        assert words in await told(page)
    for wrong, words in ((CODE[:-3], "核验码不完整"), ("https://pithead.example/x", "不是核验码")):
        await page.write("#code", wrong)
        await page.tap("#check")
        await page.until(f"document.querySelector('.notice')?.innerText.includes('{words}')")
        assert await page.run("document.getElementById('verdict')") is None, "it speaks against nobody"
    bundle = tmp_path / "x.commitment.json"
    bundle.write_bytes(WHOLE)
    await page.choose_file("#bundle", bundle)
    await page.until(f"{STATUS} === 'VERIFIED'")
    bundle.write_bytes(WHOLE[:-2_000] + b"x" + WHOLE[-1_999:])
    await page.choose_file("#bundle", bundle)
    await page.until(f"{STATUS} === 'BROKEN'")
    assert "样例煤矿" not in await told(page)
    photo = tmp_path / "photo.json"
    photo.write_bytes(b"\xff\xd8\xff")
    await page.choose_file("#bundle", photo)
    await page.until("document.querySelector('.notice')?.innerText.includes('不是承诺包')")
    await page.choose_file("#bundle", _ink(tmp_path))
    await page.until(f"{STATUS} === 'VERIFIED'")
    assert "较低级别" in await told(page)
    await page.tap("#language")
    await page.until("document.getElementById('verdict').innerText.includes('lower level')")


async def test_a_code_of_another_log_is_broken_by_the_keys_of_this_server(page: Page, running: Running) -> None:
    await page.go(f"{running.https}/commitments/check")
    await page.until("document.body.innerText.includes('没有网络也能核验')")
    await page.write("#code", CODE)
    await page.tap("#check")
    await page.until(f"{STATUS} === 'BROKEN'")
    assert "收录" in await told(page)


async def test_a_photo_is_read_where_the_browser_reads_codes(page: Page, running: Running, tmp_path: Path) -> None:
    source = DETECTOR.replace("CODE", json.dumps(CODE))
    await page.send("Page.addScriptToEvaluateOnNewDocument", source=source)
    await open_check(page, running, tmp_path)
    photo = tmp_path / "sheet.png"
    photo.write_bytes(base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ))  # fmt: skip
    await page.choose_file("#photo", photo)
    await page.until(f"{STATUS} === 'VERIFIED'")
    await page.press("#camera")
    await page.until(f"{STATUS} === 'VERIFIED'")


async def test_a_picture_of_the_sheet_is_read_offline_where_the_browser_reads_no_codes(
    page: Page, running: Running, tmp_path: Path
) -> None:
    await open_check(page, running, tmp_path)
    await page.until("document.getElementById('camera')")
    assert await page.run("typeof BarcodeDetector === 'undefined'"), "the one that was installed is what is tried"
    await page.cut_the_network()
    await page.reload()
    picture = tmp_path / "code.png"
    segno.make_qr(CODE, error="l", boost_error=False).save(str(picture), scale=4, border=8)
    await page.until("document.getElementById('photo')")
    await page.choose_file("#photo", picture)
    await page.until(f"{STATUS} === 'VERIFIED'")
    blank = tmp_path / "blank.png"
    segno.make_qr("https://pithead.example/x").save(str(blank), scale=4)
    await page.choose_file("#photo", blank)
    await page.until("document.querySelector('.notice')?.innerText.includes('没有找到核验码')")


async def test_everybody_reads_the_clauses_and_refuses_from_one_whose_key_no_server_is_told_in_an_address(
    page: Page, running: Running, sample_cast: Cast, desks: reporter.Desks
) -> None:
    assert desks.intake.url == running.http, "somebody must be there who can read what is filed"
    story = promises.story_of(sample_cast, "松河湾")
    promising.settle_clauses(story)
    mine = story.mine
    asked: list[str] = []
    page.browser.hear("Network.requestWillBeSent", page.session, lambda one: asked.append(one["request"]["url"]))
    await page.go(f"{running.https}/commitments/{mine}")
    await page.until("document.querySelectorAll('.clause').length")
    shown = await page.run("document.body.innerText")
    for words in promises.words_of(story, promising.year_of(story)):
        assert words in shown
    assert "松河湾煤矿" in shown
    assert await page.run("document.querySelector('#status .state').innerText.trim() !== ''")
    await page.press("#GAS_IN_RETURN .refuse")
    await page.until("document.querySelector('input[name=mine]:checked')")
    assert await page.run("location.href") == f"{running.https}/report/"
    await page.press(".primary")
    await page.until("document.querySelector('#clause')")
    assert await page.run("document.querySelector('#clause').value") == "总回风瓦斯浓度"
    assert not [url for url in asked if "GAS_IN_RETURN" in url]


async def test_no_page_is_wider_than_its_screen_at_any_width(
    chromium: Browser, running: Running, sample_cast: Cast
) -> None:
    mine = promises.story_of(sample_cast, "松河湾").mine
    for width in WIDTHS:
        page = await chromium.page(width=width)
        for path in ("check", mine, "00000000-0000-4000-8000-000000000000"):
            await page.go(f"{running.https}/commitments/{path}")
            await page.until("document.querySelector('h1')")
            assert await page.run("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        await page.close()


def _ink(folder: Path) -> Path:
    file = folder / "ink.commitment.json"
    file.write_bytes(promised.bundled("ink"))
    return file
