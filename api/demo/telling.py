"""What may live here: a story while it is told: who plays it, on which days, what was said, tried and seen so far."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.demo import words
from api.demo.days import Clock, Dates, at
from api.demo.hands import Cast, Hand
from api.phone.phone import new_id
from api.phone.server import Refused
from storage.record.clock import day_of
from storage.record.glossary import sentence

LEAD, SECOND, LAPSED = "lead.panzhou", "inspector.panzhou", "lapsed.panzhou"
HEAD, DEPUTY, CHAIR = "head.liupanshui", "deputy.liupanshui", "chair.liupanshui"
REVIEWER, ARCHIVIST, PRINCIPAL = "reviewer.liupanshui", "archivist.liupanshui", "principal.songhewan"
OFFICE, GOVERNMENT = "head.office", "government.panzhou"
_MINE = "{ mines(first: 1) { edges { node { uuid name creditCode } } } }"


class NotAsTold(Exception):
    """The server did what the story says that it refuses; the text says what."""


class DayIsOver(Exception):
    """What comes next is lawful on another day only, and no day passes."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An act that was refused: the code, and the server's sentence, which names the article."""

    code: str
    sentence: str


@dataclass(slots=True)
class Story:
    """What is told, and what later acts need of earlier ones.

    `tried` are the refusals in their order, `asked` the steps of the case with what was missing before each, and `seen`
    what the story looked at: whoever plays it to test the server holds all of it against what the law says.
    """

    cast: Cast
    say: Callable[[str], None]
    clock: Clock
    dates: Dates
    rest: str = "the_rest"
    """The words that say where the rest is played, if not all is played here."""
    mine: str = ""
    credit_code: str = ""
    """By which the register knows the mine: a case names the unit by it, or nothing of it could be public."""
    inspection: str = field(default_factory=new_id)
    below: str = field(default_factory=new_id)
    finding: str = field(default_factory=new_id)
    withdrawal: str = field(default_factory=new_id)
    order: str = ""
    """By which the hazard is to be corrected."""
    recording: str = ""
    photo: str = ""
    arrived: datetime | None = None
    """When the inspection was opened: nothing of it was seen before."""
    day: date | None = None
    tried: list[Tried] = field(default_factory=list)
    asked: list[tuple[str, list[dict[str, str]]]] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)
    papers: list[Any] = field(default_factory=list)
    """The papers that were issued, oldest first (`papering.Made`)."""

    @property
    def lead(self) -> Hand:
        """The lead officer."""
        return self.cast[LEAD]

    @property
    def second(self) -> Hand:
        """The second officer."""
        return self.cast[SECOND]

    @property
    def finder(self) -> Hand:
        """Who sees the danger: whose certificate has ended by then, where days pass; else the second officer."""
        return self.cast[LAPSED if self.clock.passes else SECOND]

    @property
    def officers(self) -> list[str]:
        """The two who hold certificates."""
        return [self.lead.account, self.second.account]

    def finds_its_mine(self) -> None:
        """The mine of the story is the principal's, as the register has it."""
        node = self.cast[PRINCIPAL].asks(_MINE)["mines"]["edges"][0]["node"]
        self.mine, self.credit_code, self.seen["mine"] = node["uuid"], node["creditCode"], node["name"]

    def on(self, day: date, hour: int, minute: int = 0) -> None:
        """The story comes to this time; where no day passes it stays."""
        self.clock.on(at(day, hour, minute))
        today = day_of(self.clock())
        if today != self.day:
            self.day = today
            self.say(words.line("day", day=today))

    def until(self, day: date, hour: int, minute: int = 0) -> None:
        """The same where the law wants that it is this day; DayIsOver where no day passes."""
        if not self.clock.passes:
            raise DayIsOver()
        self.on(day, hour, minute)

    def ago(self, **time: float) -> str:
        """A moment before now, as GraphQL takes it."""
        return _told(self.clock() - timedelta(**time))

    def seen_ago(self, **time: float) -> str:
        """The same for what is seen at the mine: not before they were there."""
        moment = self.clock() - timedelta(**time)
        return _told(max(moment, self.arrived) if self.arrived else moment)

    def told(
        self, what: str, subject: str, *, kind: str | None = None, by: Hand | None = None,
        whom: tuple[str, str] = words.NOBODY, **given: object,
    ) -> None:  # fmt: skip
        """Says one act, and whom it is about, once it stands in the ledger.

        The lead reads there where it stands; `by`, who did it, where the log tells its place to nobody else.
        """
        self.say(words.act(what, self.cast.position(by or self.lead, subject, kind), whom, **given))

    def told_of_nobody(self, what: str, **given: object) -> None:
        """Says one act of somebody without an account, whose place in the ledger is told to nobody."""
        self.say(words.act(what, None, **given))

    def takes(self, by: Hand, name: str, what: str, measure: str, /, **given: object) -> str:
        """One step of a measure, said once it stands in the ledger; its id."""
        id = by.on_measure(name, measure, **given)
        self.told(what, measure)
        return id

    @contextmanager
    def refused(self, code: str) -> Iterator[None]:
        """What is tried within is refused with this code, and that is said; else NotAsTold."""
        try:
            yield
        except Refused as refused:
            if refused.code != code:
                raise
            self.tried.append(Tried(code, refused.sentence))
            self.say(words.line("refused", **in_both(refused)))
        else:
            raise NotAsTold(code)

    def closes(self, recording: str) -> None:
        """Both officers sign what belongs to it."""
        self.cast.closes(self.lead, self.second, recording)
        self.told("recorded", recording, kind="recording.closed")


def in_both(refused: Refused) -> dict[str, str]:
    """The sentence of a refusal in Chinese, as the server said it, and in English."""
    return {"zh": refused.sentence, "en": sentence(refused.code, "en", **refused.parameters)}


def asked_in_english(hand: Hand, text: str, **variables: Any) -> dict[str, Any]:
    """One query whose sentences are English."""
    return replace(hand.phone.server, language="en").ask(text, **variables)


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
