"""The signing page in headless Chromium: a clerk answers, a virtual authenticator signs, and the bundle is verified."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api.demo import breaking, promising
from api.demo.days import Today
from api.demo.hands import Cast
from api.demo.telling import Story
from api.sample_people import PASSWORD
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN
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
    clauses = promises.approve(sample_cast, year)
    mine = promises.mine_of(sample_cast, "松河湾")
    promises.appoint(sample_cast, mine, PRINCIPAL)
    promises.answer(sample_cast, mine, year, [one["key"] for one in clauses if one["key"] != KEY])

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
    await page.until("document.getElementById('keys').innerText.includes('等待执法人员当面核对')")
    await page.press("#preview")
    await page.until("document.getElementById('sign')?.disabled")
    promises.see_in_person(sample_cast, mine, PRINCIPAL)

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
    assert "本人通行密钥签名" in sheet
    assert f"/commitments/{mine}" in sheet
    keys = json.loads(await page.run("fetch('/.well-known/pithead-keys').then((found) => found.text())"))
    verdict = bundles.verify_bundle(content, keys)
    assert (verdict.status, verdict.complete) == (Status.VERIFIED, True), verdict.summary
    await is_broken_answered_and_superseded(page, running, Told(sample_cast, mine, clauses))


@dataclass(frozen=True, slots=True)
class Told:
    """A mine that signed, its people, and the clauses of its year."""

    cast: Cast
    mine: str
    clauses: list[dict[str, Any]]

    def story(self) -> Story:
        """Its story so far, for the acts that have no page."""
        today = Today()
        told = Story(self.cast, lambda _: None, today, today.begin(BUILT_IN))
        told.mine = self.mine
        return told

    def breaks(self, key: str) -> None:
        """Found on site, answered, and decided by another."""
        story = self.story()
        breaking.answer_breach(story, breaking.break_clause(story, key, later=KEY))

    def read_by_anybody(self) -> dict[str, Any]:
        """What the public reads of it."""
        found: dict[str, Any] = breaking.public_of(self.story())
        return found


async def is_broken_answered_and_superseded(page: Page, running: Running, told: Told) -> None:
    """三（六）2: the breach stands on the open page; the clause is promised for a day, and he signs again there."""
    broken = next(one["key"] for one in told.clauses if breaking.FINDING in one["contradictedBy"])
    await asyncio.to_thread(told.breaks, broken)
    before = await asyncio.to_thread(told.read_by_anybody)
    assert {one["clause"]["key"] for one in before["clauses"] if one["standing"] == "BROKEN"} == {broken}
    await page.go(f"{running.https}/commitments/{told.mine}")
    await page.until(f"document.getElementById('{broken}')?.dataset.standing === 'BROKEN'")

    await asyncio.to_thread(promising.answer, told.story(), [], [broken])
    await sign_in(page, running.https, PRINCIPAL)
    await page.press("#preview")
    await page.until("document.getElementById('sign')")
    assert "替代" in await page.run("document.body.innerText")
    await page.press("#sign")
    await page.until("document.getElementById('signed')?.innerText.includes('通行密钥')")
    after = await asyncio.to_thread(told.read_by_anybody)
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
