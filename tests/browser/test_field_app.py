"""The field app in a phone's browser: from a sign-in to a sealed receipt that the phone has verified by itself."""

import json
from pathlib import Path

from tests.browser import hand
from tests.browser.chromium import Page
from tests.browser.conftest import Running
from tests.factories.media import box

MIB = 2**20


def film_of(size: int, folder: Path) -> Path:
    """A file that begins like an MP4 and has so many bytes."""
    file = folder / "film.mp4"
    head = box(b"ftyp", b"isom\0\0\2\0isommp42")
    block = bytes(range(256)) * 4096
    with file.open("wb") as out:
        out.write(head)
        for number in range(size // MIB):
            out.write(number.to_bytes(4, "big") + block[4:])
        out.truncate(size)
    return file


async def test_a_photo_taken_offline_survives_a_reload_and_is_sealed_and_verified_on_the_phone(
    page: Page, running: Running
) -> None:
    await hand.begin(page, running.https)
    await page.cut_the_network()
    await hand.take_photo(page)
    await page.until("document.querySelector('li[data-state=SIGNED]')")
    assert "已签名存在本机，联网后自动发送" in await page.run("document.body.innerText")
    await page.reload()
    await page.until("document.querySelector('li[data-state=SIGNED]')")
    assert "离线" in await page.run("document.querySelector('header').innerText")
    await hand.take_photo(page)
    await page.cut_the_network(cut=False)
    await hand.sealed(page, 2)
    first, second = await hand.pieces(page)
    assert (first["seq"], second["seq"]) == (0, 1)
    for piece in (first, second):
        assert piece["verdict"]["status"] == "VERIFIED"
        assert all(check["ok"] is True for check in piece["verdict"]["checks"])
        assert not await hand.has_copy(page, piece["id"])


async def test_the_seal_shows_its_proof_and_checks_it_again_on_the_spot(page: Page, running: Running) -> None:
    await hand.begin(page, running.https)
    await hand.take_photo(page)
    await hand.sealed(page, 1)
    await page.cut_the_network()
    await page.tap("a.piece")
    await page.until("document.querySelectorAll('.checks li').length === 14")
    await page.tap(".proof button:last-of-type")
    await page.until("document.querySelector('[data-check=original] .detail').textContent.includes('副本已按规则删除')")
    assert "全部通过：凭证有效" in await page.run("document.querySelector('.proof').innerText")


async def test_a_film_in_parts_goes_on_where_it_was_after_a_reload(
    page: Page, running: Running, tmp_path: Path
) -> None:
    sent: list[str] = []
    page.browser.hear(
        "Network.requestWillBeSent", page.session,
        lambda told: sent.append(told["request"]["url"]) if "partNumber=" in told["request"]["url"] else None,
    )  # fmt: skip
    await hand.begin(page, running.https)
    await page.slow_down(6 * MIB)
    await hand.choose(page, film_of(30 * MIB, tmp_path))
    await page.until("document.querySelector('li .state')?.innerText.includes('第 3/4 段')")
    await page.reload()
    before = len(sent)
    await page.slow_down(0)
    await hand.sealed(page, 1)
    numbers = [part_number(url) for url in sent[before:]]
    assert numbers == [3, 4]
    (piece,) = await hand.pieces(page)
    assert (piece["size"], len(piece["parts"])) == (30 * MIB, 4)
    assert not await hand.has_copy(page, piece["id"])


def part_number(url: str) -> int:
    return int(url.split("partNumber=")[1].split("&")[0])


async def test_a_film_that_the_page_was_killed_over_is_kept_to_its_last_second(page: Page, running: Running) -> None:
    await hand.begin(page, running.https)
    await hand.start_film(page)
    await page.until("document.querySelector('.running').innerText >= '0:03'")
    await page.reload()
    await page.run("location.hash = '#/'")
    await hand.sealed(page, 1)
    (piece,) = await hand.pieces(page)
    assert piece["cut"] is True
    assert piece["size"] > 10_000
    assert "录像" in await page.run("document.querySelector('li .name').innerText")


async def test_a_forged_declared_receipt_sends_nothing_and_the_copy_stays(page: Page, running: Running) -> None:
    forging = True
    await page.meddle(
        lambda body: {"Pithead-Sandbox": "forge-receipts"} if forging and "declareEvidence" in body else {}
    )
    await hand.begin(page, running.https)
    await hand.take_photo(page)
    await page.until("document.querySelector('li .state')?.innerText.includes('凭证未通过核验，本机副本保留')")
    (piece,) = await hand.pieces(page)
    assert await hand.has_copy(page, piece["id"])
    forging = False
    await page.reload()
    await hand.sealed(page, 1)


async def test_a_forged_sealed_receipt_is_shown_as_not_verified_and_the_copy_stays(
    page: Page, running: Running
) -> None:
    forging = True
    await page.meddle(
        lambda body: {"Pithead-Sandbox": "forge-receipts"} if forging and "quarantineReason" in body else {}
    )
    await hand.begin(page, running.https)
    await hand.take_photo(page)
    await page.until("document.querySelector('li .state')?.innerText.includes('凭证未通过核验，本机副本保留')")
    (piece,) = await hand.pieces(page)
    assert await hand.has_copy(page, piece["id"])
    await page.tap("a.piece")
    await page.until("document.querySelector('.checks [data-check=sealed-signature]')")
    failed = await page.run("document.querySelector('.checks [data-check=sealed-signature]').dataset.tone")
    assert failed == "cinnabar"
    forging = False
    await page.tap(".reason button")
    await page.run("location.hash = '#/'")
    await hand.sealed(page, 1)


async def test_every_answer_is_lost_once_and_all_is_sealed_once(page: Page, running: Running) -> None:
    lost: set[str] = set()

    def lose_each_once(body: str) -> dict[str, str]:
        name = json.loads(body)["query"].split("{")[1].split("(")[0].strip() if body else ""
        if name in lost or name.startswith("signIn") or not name:
            return {}
        lost.add(name)
        return {"Pithead-Sandbox": "lose-answer"}

    await page.meddle(lose_each_once)
    await hand.begin(page, running.https)
    await hand.take_photo(page)
    await hand.sealed(page, 1)
    assert {"enrolDevice", "openInspection", "openRecording", "declareEvidence", "completeEvidence"} <= lost
    page.complaints.clear()


async def test_a_device_that_is_taken_out_of_use_keeps_what_it_took_and_says_so(page: Page, running: Running) -> None:
    await page.meddle(lambda body: {"Pithead-Sandbox": "revoke-device"} if "openInspection" in body else {})
    await hand.begin(page, running.https)
    await page.until("(async () => (await import('/web/app/state.js')).state.inspections[0].opened)()")
    await page.cut_the_network()
    await hand.take_photo(page)
    await page.cut_the_network(cut=False)
    await page.reload()
    await page.until("document.body.innerText.includes('登录已失效')", seconds=60)
    (piece,) = await hand.pieces(page)
    assert await hand.has_copy(page, piece["id"])


async def test_the_second_officer_joins_on_his_own_phone_and_takes_a_piece_of_his_own(
    page: Page, running: Running
) -> None:
    await hand.begin(page, running.https)
    await page.until("(async () => (await import('/web/app/state.js')).state.inspections[0].opened)()")
    second = await page.browser.page()
    await hand.sign_in(second, running.https, "inspector.panzhou")
    await second.until("document.querySelector('.notice button')")
    assert "陈实" in await second.run("document.querySelector('.notice').innerText")
    await second.tap(".notice button")
    await second.until("document.querySelector('.about h1')")
    await hand.take_photo(second)
    await hand.sealed(second, 1)
    await second.close()


async def test_on_this_machine_it_works_by_http_with_the_store_at_an_address_of_its_own(
    page: Page, running: Running
) -> None:
    await hand.begin(page, running.http)
    await hand.take_photo(page)
    await hand.sealed(page, 1)
    assert len(await hand.pieces(page)) == 1


async def test_what_is_no_photo_film_or_sound_is_not_taken(page: Page, running: Running, tmp_path: Path) -> None:
    await hand.begin(page, running.https)
    await page.run("location.hash = '#/camera'")
    await page.until("document.querySelector('#file')")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4 nothing")
    await page.choose_file("#file", tmp_path / "paper.pdf")
    await page.until("document.querySelector('#said').innerText.includes('不能作为证据')")
    assert await hand.pieces(page) == []


async def test_a_wrong_password_says_so_and_a_dead_line_says_what_is_kept(page: Page, running: Running) -> None:
    await page.go(f"{running.https}/app/")
    await page.write("#login", hand.LEAD)
    await page.write("#password", "not the password")
    await page.tap(".primary")
    await page.until("document.querySelector('.notice')")
    await page.cut_the_network()
    await page.tap(".primary")
    await page.until("document.querySelector('.notice')?.innerText.includes('连不上服务器，没有登录')")
