"""What may live here: the miner of a story, who has no account: his refusal, his receipt, and what he sees by it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from api.demo import words
from api.reporter import entering, filing, reading
from api.reporter.filing import Place, Wish
from api.reporter.server import Server
from api.reporter.terminal import Terminal
from api.reporter.words import SENTENCES
from storage.record.ledger.proofs.reports.receipts import parse_receipt

CLAUSE = "瓦斯传感器断线时不入井"
WORDS = "1201 面的甲烷传感器断线两天了，队长让我们照常下井，我们不下去。"


@dataclass(slots=True)
class Miner:
    """Somebody who refuses to go down: he reads what the client says, writes the receipt down and types it back."""

    url: str
    http: httpx.Client
    say: Callable[[str], None]
    paper: str = field(default="", repr=False)

    def refuses(self, *, mine: str, place: str, day: date, shift: str) -> None:
        """三（六）2: now and openly; where and why stands in plain, who says it nowhere."""
        condition = Place(place=place, day=day, shift=shift, since=day, danger="GAS", clause=CLAUSE)
        wish = Wish(
            mine=mine, words=WORDS, kind="REFUSAL", when="NOW", condition=condition,
            answers={"condition": condition.text()},
        )  # fmt: skip
        filing.file_report(self._server(), self._terminal(), wish)

    def sees(self) -> dict[str, Any]:
        """What became of it: his receipt is opened anew each time."""
        thread = entering.enter(self._server(), parse_receipt(self.paper))
        told: dict[str, Any] = thread.server.ask(reading.MATTERS, token=thread.token)
        return told

    def reads(self) -> None:
        """All of it, as `pithead report read` shows it."""
        reading.read(entering.enter(self._server(), parse_receipt(self.paper)), self._terminal())

    def claims(self, counter: str) -> None:
        """His reward, signed for with the key of the receipt: no name, no account, no telephone."""
        reading.claim(entering.enter(self._server(), parse_receipt(self.paper)), self._terminal(), payee=counter)

    def _server(self) -> Server:
        return Server(self.url, self.http)

    def _terminal(self) -> Terminal:
        return Terminal(sentences=SENTENCES, say=self._hears, ask=self._answers, secret=self._answers)

    def _hears(self, line: str) -> None:
        before = SENTENCES["receipt"][0].partition("{")[0]
        if line.startswith(before):
            self.paper = line.removeprefix(before)
        self.say(words.line("heard", said=line))

    def _answers(self, question: str) -> str:
        """He agrees, presses Enter once it is written down, and types the last group from his paper."""
        if SENTENCES["receipt_last_D"][0] in question:
            said = self.paper.split()[-1]
        else:
            said = "y" if SENTENCES["ask_go_on"][0] in question else ""
        self.say(words.line("heard", said=f"{question}{said}"))
        return said
