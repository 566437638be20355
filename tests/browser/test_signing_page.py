"""The signing page in headless Chromium: a clerk answers, a virtual authenticator signs, and the bundle is verified."""

import asyncio
import json
import time
from datetime import datetime
from pathlib import Path

from api.demo import breaking, promising
from api.demo.hands import Cast
from api.demo.telling import Story
from api.sample_people import PASSWORD
from storage.record.clock import SHANGHAI
from storage.record.ledger.proofs.commitments import bundles
from storage.record.ledger.proofs.verdicts import Status
from tests.browser import promises
from tests.browser.chromium import Page
from tests.browser.conftest import Running
from tests.pdf_text import text_of

CLERK, PRINCIPAL = "clerk.songhewan", "principal.songhewan"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
KEY = "RESIT_LOST"


async def sign_in(page: Page, url: str, login: str) -> None:
    await page.go(f"{url}/commitments/sign")
    await page.write("#login", login)
    await page.write("#password", PASSWORD)
    await page.tap(".primary")
    await page.until("document.querySelector('.clause')")


async def downloaded(page: Page, folder: Path, button: str, suffix: str) -> bytes:
    """A file, as the browser saves it."""
    where = {"behavior": "allow", "downloadPath": str(folder), "browserContextId": page.context}
    await page.browser.send("Browser.setDownloadBehavior", **where)
    await page.press(button)
    return await asyncio.to_thread(_waited_for, folder, suffix)


def _waited_for(folder: Path, suffix: str) -> bytes:
    deadline = time.monotonic() + 30
    while not (found := list(folder.glob(f"*{suffix}"))):
        assert time.monotonic() < deadline, list(folder.iterdir())
        time.sleep(0.05)
    return found[0].read_bytes()


async def test_a_mine_answers_and_its_principal_signs_what_anybody_verifies(
    page: Page, running: Running, sample_cast: Cast, tmp_path: Path
) -> None:
    year = datetime.now(SHANGHAI).year
    story = promises.story_of(sample_cast, "松河湾")
    clauses = promising.settle_clauses(story)
    promising.appoint(story)
    promising.answer(story, [one.key for one in clauses if one.key != KEY], [])

    await sign_in(page, running.https, CLERK)
    await page.until("document.body.innerText.includes('还有 1 条没有填报')")
    await page.press(f"#answer-{KEY}")
    await page.tap(f"#{KEY}-NOT_YET")
    await page.write(f"#{KEY}-byDay", f"{year}-12-31")
    await page.write(f"#{KEY}-measure", "两名安全员补考")
    await page.tap(f"#save-{KEY}")
    await page.until("document.body.innerText.includes('每条都已填报')")
    assert await page.run("document.querySelector('#make-key, #preview')") is None, "a clerk signs nothing"

    await page.send("WebAuthn.enable")
    await page.send("WebAuthn.addVirtualAuthenticator", options=AUTHENTICATOR)
    await sign_in(page, running.https, PRINCIPAL)
    await page.press("#make-key")
    await page.until("document.getElementById('keys').innerText.includes('等待当面核对')")
    await page.press("#preview")
    await page.until("document.getElementById('sign')?.disabled")
    await is_seen_in_person(page, running, story.mine, tmp_path)

    await sign_in(page, running.https, PRINCIPAL)
    await page.until("document.getElementById('keys').innerText.includes('可以签署')")
    await page.press("#preview")
    await page.until("document.getElementById('sign')")
    await page.picture(tmp_path / "preview.png", whole=True)
    assert "两名安全员补考" in await page.run("document.body.innerText")
    await page.press("#sign")
    await page.until("document.getElementById('signed')?.innerText.includes('通行密钥')")
    await page.press("#make-bundle")
    await page.until("document.getElementById('bundle')", seconds=45)
    content = await downloaded(page, tmp_path, "#bundle", bundles.SUFFIX)
    sheet = text_of(await downloaded(page, tmp_path, "#sheet", ".pdf"))
    assert "本人通行密钥签署" in sheet
    assert f"/commitments/{story.mine}" in sheet
    assert "/commitments/check" in sheet
    keys = json.loads(await page.run("fetch('/.well-known/pithead-keys').then((found) => found.text())"))
    verdict = bundles.verify_bundle(content, keys)
    assert (verdict.status, verdict.complete) == (Status.VERIFIED, True), verdict.summary
    await is_broken_answered_and_superseded(page, running, story, clauses)


async def is_seen_in_person(page: Page, running: Running, mine: str, folder: Path) -> None:
    """电子签名法13: an officer notes the agreement by its paper, and sees on his page whose the key is."""
    await page.go(f"{running.https}/commitments/overview")
    await page.write("#login", "lead.panzhou")
    await page.write("#password", PASSWORD)
    await page.tap(".primary")
    await page.press(f"#keys-{mine}")
    paper = folder / "agreement.png"
    paper.write_bytes(b"the agreement on signatures, scanned")
    await page.until("document.getElementById('agreement')")
    await page.choose_file("#agreement", paper)
    await page.until("document.body.innerText.includes('签订。')")
    assert await page.run("document.documentElement.scrollWidth <= innerWidth")
    assert await page.run("document.querySelector('[id^=check-]').disabled"), "how he was known is said by the officer"
    await page.run(
        "const seen = document.querySelector('[id^=seen-]'); seen.value = 'IDENTITY_CARD';"
        " seen.dispatchEvent(new Event('change'))"
    )
    await page.press("[id^=check-]")
    await page.until("document.querySelector('article[data-tone=jade]')")
    await page.press("#back")
    await page.until("document.querySelector('tr[data-mine]')")


async def is_broken_answered_and_superseded(
    page: Page, running: Running, story: Story, clauses: list[promising.Clause]
) -> None:
    """三（六）2: the breach stands on the open page; the clause is promised for a day, and he signs again there."""
    broken = next(one.key for one in clauses if breaking.FINDING in one.contradicted_by)
    await asyncio.to_thread(lambda: breaking.answer_breach(story, breaking.break_clause(story, broken, later=KEY)))
    before = await asyncio.to_thread(breaking.public_of, story)
    assert {one["clause"]["key"] for one in before["clauses"] if one["standing"] == "BROKEN"} == {broken}
    await page.go(f"{running.https}/commitments/{story.mine}")
    await page.until(f"document.getElementById('{broken}')?.dataset.standing === 'BROKEN'")

    await asyncio.to_thread(promising.answer, story, [], [broken])
    await sign_in(page, running.https, PRINCIPAL)
    await page.press("#preview")
    await page.until("document.getElementById('sign')")
    assert "替代" in await page.run("document.body.innerText")
    await page.press("#sign")
    await page.until("document.getElementById('signed')?.innerText.includes('通行密钥')")
    after = await asyncio.to_thread(breaking.public_of, story)
    assert (before["status"], after["status"]) == ("SIGNED", "SIGNED")
    assert after["signed"]["uuid"] != before["signed"]["uuid"]
    assert after["signed"]["way"] == "PASSKEY"


async def test_an_authority_sees_how_its_mines_stand(page: Page, running: Running) -> None:
    await page.go(f"{running.https}/commitments/overview")
    await page.write("#login", "head.liupanshui")
    await page.write("#password", PASSWORD)
    await page.tap(".primary")
    await page.until("document.querySelector('tr[data-mine]')")
    rows = await page.run("document.querySelectorAll('tr[data-mine]').length")
    await page.tap("#only-NOT_ASKED")
    assert await page.run("document.querySelectorAll('tr[data-mine]').length") < rows
    for width in (320, 360, 1280):
        await page.look(width=width)
        assert await page.run("document.documentElement.scrollWidth <= innerWidth"), width


async def test_somebody_of_no_mine_is_told_so(page: Page, running: Running) -> None:
    await page.go(f"{running.https}/commitments/sign")
    await page.write("#login", "lead.panzhou")
    await page.write("#password", "wrong")
    await page.tap(".primary")
    await page.until("document.querySelector('[role=alert]')")
    await page.write("#password", PASSWORD)
    await page.tap(".primary")
    await page.until("document.body.innerText.includes('不属于任何煤矿')")
