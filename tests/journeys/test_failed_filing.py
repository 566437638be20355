"""A line that breaks once the receipt is on paper: what is said of the filing and of the paper is true, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.embedded.postgres import DatabaseAddresses
from api.reporter import entering, reading
from api.reporter.failing import NotFiled, Stage
from api.reporter.filing import Where, Wish, file_report
from api.reporter.server import Refused, Server
from api.reporter.terminal import GivenUp
from storage.record.ledger.proofs.reports.messages import Identity
from storage.record.ledger.proofs.reports.receipts import parse_receipt
from tests.journeys.persons import Reporter
from tests.journeys.running import Service, running_service
from tests.journeys.test_report import WORDS, desks, mine_of
from tests.servers import Servers

FILE, TRY = b"FilingInput!", b"challenge(form"


@pytest.fixture
async def service(servers: Servers, template: DatabaseAddresses, tmp_path: Path) -> AsyncIterator[Service]:
    async with running_service(servers, template, tmp_path / "server") as running:
        await desks(running)
        yield running


@dataclass
class Line(httpx.HTTPTransport):
    """A line that is cut at requests which say `at`, as often as `cuts`: before they arrive, or their answers."""

    at: bytes
    cuts: int
    answered: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        cut = self.at in body and self.cuts > 0
        if cut:
            self.cuts -= 1
            if self.answered:
                super().handle_request(request).read()
            raise httpx.ReadError("cut", request=request)
        return super().handle_request(request)


@dataclass(slots=True)
class Stubborn(Reporter):
    """A reporter who tries again as often as he was told to."""

    tries: int = 0

    def _answer(self, question: str) -> str:
        if "Try again" in question:
            self.tries -= 1
            return "y" if self.tries >= 0 else "n"
        return Reporter._answer(self, question)


async def files(
    service: Service, line: httpx.HTTPTransport, *, tries: int = 0, **wish: Any
) -> tuple[Reporter, Stage | None]:
    """Files over this line; returns who filed, and how far it came; None where it went well."""
    reporter = Stubborn(service.url, tries=tries)
    wished = Wish(**{"mine": await mine_of(service), "words": WORDS, "parameters": "1"} | wish)

    def act() -> Stage | None:
        with httpx.Client(timeout=30, transport=line) as http:
            try:
                file_report(Server(service.url, http, patience=0.1), reporter.terminal(), wished)
            except NotFiled as failed:
                return failed.stage
        return None

    return reporter, await asyncio.to_thread(act)


def opens(service: Service, paper: str) -> bool:
    with httpx.Client(timeout=30) as http:
        try:
            thread = entering.enter(Server(service.url, http), parse_receipt(paper))
        except Refused:
            return False
        return bool(reading.said_in(thread, thread.report()))


async def test_what_never_arrived_may_or_may_not_be_filed_and_the_paper_tells(service: Service) -> None:
    reporter, ended = await files(service, Line(FILE, 99))
    assert ended is Stage.UNKNOWN
    said = "\n".join(reporter.said)
    for told in ("Whether the server has it is not known", "if it opens, it was filed", WORDS):
        assert told in said
    assert not await asyncio.to_thread(opens, service, reporter.paper)


async def test_an_answer_that_was_lost_is_asked_for_again_and_files_once(service: Service) -> None:
    reporter, ended = await files(service, Line(FILE, 99, answered=True))
    assert ended is Stage.UNKNOWN
    assert await asyncio.to_thread(opens, service, reporter.paper)
    reporter, ended = await files(service, Line(FILE, 1, answered=True), tries=1)
    assert ended is None
    assert (
        await service.count("SELECT count(*) FROM filings") + await service.count("SELECT count(*) FROM reports") == 2
    )


async def test_what_was_refused_is_told_as_not_filed_and_the_paper_as_void(service: Service) -> None:
    reporter, ended = await files(service, httpx.HTTPTransport(), channel="TELEPHONE")
    assert ended is Stage.NOTHING
    said = "\n".join(reporter.said)
    for told in ("Refused (BAD_INPUT)", "Nothing was filed", "void: destroy it", WORDS):
        assert told in said
    assert not await asyncio.to_thread(opens, service, reporter.paper)


async def test_a_receipt_that_could_not_be_tried_is_told_as_filed_and_tried_once_more(service: Service) -> None:
    reporter, ended = await files(service, Line(TRY, 99))
    assert ended is Stage.FILED
    said = "\n".join(reporter.said)
    assert "It was filed; only the receipt could not be tried yet" in said
    assert "void" not in said
    assert WORDS not in said
    assert await asyncio.to_thread(opens, service, reporter.paper)


async def test_whoever_is_urgent_is_told_of_the_minute_before_and_after_and_nobody_else_is(service: Service) -> None:
    urgent, _ = await files(service, httpx.HTTPTransport(), danger_to_life=True)
    before, after = "\n".join(urgent.said).split("Your receipt")
    for told in (
        "the minute in which it goes on",
        "That life is in danger goes in plain",
        "who are alarmed",
        "neither what it says",
    ):
        assert told in before
    assert "It waits for no hour" in after
    plain, _ = await files(service, httpx.HTTPTransport())
    said = "\n".join(plain.said)
    assert "the hour in which it goes on" in said
    for told in ("minute", "in plain", "at once if urgent", "waits for no hour"):
        assert told not in said
    revenge, _ = await files(service, httpx.HTTPTransport(), kind="RETALIATION")
    assert any("the officers on duty one level up, who are alarmed" in line for line in revenge.said)


async def test_an_identity_that_nobody_can_lock_away_and_too_little_is_told_before_a_receipt(service: Service) -> None:
    for wrong, sentence in (({"words": " "}, "words_missing"), ({"photos": [Path("a.jpg")] * 11}, "files_many")):
        with pytest.raises(GivenUp, match=sentence):
            await files(service, httpx.HTTPTransport(), **wrong)
    keys = {"intake": [b""], "verification": [b""], "custodians": []}
    who = Identity(name="", number="", contact="13800138000")
    wish = Wish(mine="", words=WORDS, mode="CONTACT", identity=who)
    with httpx.Client() as http, pytest.raises(GivenUp, match="no_custodian"):
        file_report(Server(service.url, http), Reporter(service.url).terminal(), wish, at=Where(mine={}, keys=keys))


class Careless(Stubborn):
    """He types another group back than the one on his paper."""

    def _answer(self, question: str) -> str:
        return "1" if "last group" in question else Stubborn._answer(self, question)


async def test_whoever_cannot_type_the_receipt_back_has_a_void_paper_and_his_words(service: Service) -> None:
    reporter, wish = Careless(service.url), Wish(mine=await mine_of(service), words=WORDS, parameters="1")
    with pytest.raises(GivenUp, match="receipt_given_up"):
        await asyncio.to_thread(reporter.files, wish)
    said = "\n".join(reporter.said)
    for told in ("Signs read: 1; the last group has 3", "void: destroy it", WORDS):
        assert told in said
    assert await service.count("SELECT count(*) FROM filings") == 0
