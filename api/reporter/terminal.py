"""How the clients of reporters and desks speak with the person before them; their sentences stand in words.py."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.record.clock import SHANGHAI

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_YES = ("y", "yes", "是", "好", "1")
CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""Empties a terminal, and what can be scrolled back to."""


class GivenUp(Exception):
    """Nothing was sent; the name of the sentence says why, with its parameters."""

    def __init__(self, sentence: str, **parameters: object) -> None:
        super().__init__(sentence)
        self.parameters = parameters


def _readable(value: object) -> object:
    """A moment of the server as clocks in Guizhou show it; anything else as it is."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return value
    return f"{datetime.fromisoformat(value).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def within_hour(text: str) -> str:
    """A moment that the server tells by its hour alone: a bare 13:00 would seem earlier than 13:07."""
    start = datetime.fromisoformat(text).astimezone(SHANGHAI)
    return f"{start:%Y-%m-%d %H:00}–{start.hour + 1:02}:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Says sentences in `zh`, in `en`, or in both; asks for a line; `screen` is true where there is one to wipe."""

    sentences: Mapping[str, tuple[str, str]]
    say: Callable[[str], None]
    ask: Callable[[str], str]
    secret: Callable[[str], str]
    language: str = "both"
    screen: bool = False

    def tell(self, sentence: str, /, **parameters: object) -> None:
        """One sentence; a parameter that is one itself is given as a pair."""
        zh, en = self.both(sentence, **parameters)
        if self.language != "en":
            self.say(zh)
        if self.language == "en" or (self.language == "both" and en != zh):
            self.say(en if self.language == "en" else f"    {en}")

    def question(self, sentence: str, /, **parameters: object) -> str:
        """The answer to a question, without blanks around it. GivenUp where nobody answers any more."""
        return self._answer(self.ask, sentence, parameters)

    def agrees(self, sentence: str, /, **parameters: object) -> bool:
        """Whether he said yes; nobody there is no."""
        try:
            return self.question(sentence, **parameters).lower() in _YES
        except GivenUp:
            return False

    def hidden(self, sentence: str, /, **parameters: object) -> str:
        """The same, where nobody should look on."""
        return self._answer(self.secret, sentence, parameters)

    def wipe(self) -> None:
        """Takes what was shown off the screen."""
        if self.screen:
            self.say(CLEAR)

    def both(self, sentence: str, /, **parameters: object) -> tuple[str, str]:
        """The sentence in Chinese and English; what is none of ours is said as it is."""
        zh, en = self.sentences.get(sentence, (sentence, sentence))
        told = {
            name: value if isinstance(value, tuple) else (_readable(value),) * 2 for name, value in parameters.items()
        }
        first, second = ({name: pair[at] for name, pair in told.items()} for at in (0, 1))
        return zh.format_map(first), en.format_map(second)

    def listed(self, names: list[str], prefix: str) -> tuple[str, str]:
        """Several names of one kind in both languages."""
        pairs = [self.both(f"{prefix}{name}") for name in names]
        return "、".join(zh.removeprefix(prefix) for zh, _ in pairs), ", ".join(
            en.removeprefix(prefix) for _, en in pairs
        )

    def _answer(self, ask: Callable[[str], str], sentence: str, parameters: Mapping[str, object]) -> str:
        try:
            return ask(self._line(sentence, **parameters)).strip()
        except EOFError as error:
            raise GivenUp("given_up") from error

    def _line(self, sentence: str, /, **parameters: object) -> str:
        zh, en = self.both(sentence, **parameters)
        return {"zh": zh, "en": en}.get(self.language, f"{zh} / {en}") + " "
