"""People before the clients of reporters and desks, as a journey plays them: they read what is said, and answer."""

import argparse
import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from api.desk.acts import ACTS, Desk
from api.desk.commands import attempt
from api.desk.words import SENTENCES as OF_DESKS
from api.phone.server import Server as MainServer
from api.reporter.entering import Thread, enter
from api.reporter.filing import Wish, file_report
from api.reporter.server import Server
from api.reporter.terminal import Terminal
from api.reporter.words import SENTENCES as OF_REPORTERS
from api.sample_people import PASSWORD
from storage.record.ledger.proofs.reports.receipts import Receipt, parse_receipt

T = TypeVar("T")
_RECEIPT = re.compile(r"Your receipt: (.*)")


@dataclass(slots=True)
class Reporter:
    """Somebody who reports: he goes on when asked, writes the receipt down, and types its last group back."""

    url: str
    said: list[str] = field(default_factory=list)
    paper: str = ""
    goes_on: str = "y"

    def files(self, wish: Wish) -> Receipt:
        """Files; the receipt is the one that was shown."""
        with httpx.Client(timeout=30) as http:
            file_report(Server(self.url, http), self.terminal(), wish)
        return parse_receipt(self.paper)

    def within(self, act: Callable[[Thread, Terminal], T]) -> T:
        """Does something in the thread that the receipt on paper opens."""
        with httpx.Client(timeout=30) as http:
            return act(enter(Server(self.url, http), parse_receipt(self.paper)), self.terminal())

    def terminal(self) -> Terminal:
        """What he sees, in English."""
        return Terminal(sentences=OF_REPORTERS, say=self._hear, ask=self._answer, secret=self._answer, language="en")

    def _hear(self, line: str) -> None:
        self.said.append(line)
        shown = _RECEIPT.search(line)
        self.paper = shown[1] if shown else self.paper

    def _answer(self, question: str) -> str:
        if "last group" in question:
            return self.paper.split()[-1]
        return self.goes_on if "Go on" in question else ""


@dataclass(slots=True)
class Officer:
    """Somebody at a desk, with his pass-phrase."""

    url: str
    login: str
    phrase: str = "井口的灯一直亮着，夜里也亮"
    said: list[str] = field(default_factory=list)
    code: int = 0

    async def does(self, act: str, **given: Any) -> list[str]:
        """One command of his client; returns what it said. It must go well, unless `code` says how it ends."""
        told = {
            "login": self.login, "custodian": False, "county": None, "office": None,
            "share_with": [], "step": "accepted", "article": None, "passed_to": None, "request": None,
        }  # fmt: skip
        expected = given.pop("code", 0)
        self.said = []
        self.code = await asyncio.to_thread(self._does, act, argparse.Namespace(**{**told, **given}))
        assert self.code == expected, self.said
        return self.said

    def _does(self, act: str, parsed: argparse.Namespace) -> int:
        terminal = Terminal(
            sentences=OF_DESKS, say=self.said.append, ask=lambda _: "y",
            secret=lambda asked: PASSWORD if "password" in asked else self.phrase, language="en",
        )  # fmt: skip
        with httpx.Client(timeout=30) as http:
            return attempt(
                terminal, lambda: ACTS[act](Desk(MainServer(self.url, http, language="en"), terminal), parsed)
            )
