"""What is asked of whoever files, and what is wrong with it: told before a receipt is shown, since it dies with a slip.

The server checks the same of what it can read; what goes encrypted nobody but this client and the page can check.
"""

import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from api.reporter.terminal import GivenUp, Terminal
from api.reporter.words import SENTENCES

SHIFTS = ("MORNING", "MIDDLE", "NIGHT")
DANGERS = (
    "GAS", "VENTILATION", "COAL_DUST", "WATER", "FIRE", "ROOF", "ROCK_BURST", "BLASTING", "HOISTING", "ELECTRICITY",
    "MONITORING", "OVERCROWDING", "UNTRAINED", "OTHER",
)  # fmt: skip
"""As the server knows them (a test holds both lists together)."""
LONGEST_WORDS, LONGEST_PLACE, LONGEST_CLAUSE = 20_000, 100, 500
AHEAD, BACK = timedelta(days=31), timedelta(days=7)
_TRIES = 3


def listed_dangers() -> tuple[str, str]:
    """Every danger with its name, in both languages."""
    told = [(danger, *SENTENCES[f"danger_{danger}"]) for danger in DANGERS]
    return "、".join(f"{code} {zh}" for code, zh, _ in told), ", ".join(f"{code} ({en})" for code, _, en in told)


def must_be_words(words: str) -> str:
    """What is said, if anything is: an empty message tells nobody anything. GivenUp for none, and for too many."""
    if not words.strip():
        raise GivenUp("words_missing")
    if len(words) > LONGEST_WORDS:
        raise GivenUp("words_long", most=LONGEST_WORDS)
    return words


def asked_words(terminal: Terminal, given: str | None) -> str:
    """What is said: the argument, or what is typed; who types nothing is asked again. GivenUp after three."""
    if given is not None:
        return must_be_words(given)
    for _ in range(_TRIES):
        typed = terminal.question("ask_words")
        if typed:
            return must_be_words(typed)
        terminal.tell("words_missing")
    raise GivenUp("given_up")


def must_be_few(files: Sequence[Path]) -> None:
    """A message takes ten files. GivenUp beyond."""
    from storage.record.ledger.proofs.reports import messages  # It waits: `pithead --help` needs no cryptography.

    if len(files) > messages.FILES:
        raise GivenUp("files_many", most=messages.FILES)


def must_be_identity(*, name: str | None, contact: str) -> None:
    """Who is named has a name, who leaves a contact has one. GivenUp."""
    if name == "":
        raise GivenUp("name_missing")
    if name is None and not contact:
        raise GivenUp("contact_missing")


def one_line(text: str) -> str:
    """A place or clause as the server takes it: whatever cannot be printed, and every kind of blank, is one blank."""
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(plain.split())


def must_be_condition(
    *, place: str, shift: str, day: date, since: date, danger: str | None, clause: str, today: date
) -> None:
    """Where, when and why one does not go down. GivenUp says what is missing, or is none that there is."""
    if not place:
        raise GivenUp("place_missing")
    if len(place) > LONGEST_PLACE or len(clause) > LONGEST_CLAUSE:
        raise GivenUp("line_long", place=LONGEST_PLACE, clause=LONGEST_CLAUSE)
    if shift not in SHIFTS:
        raise GivenUp("shift_missing")
    if danger is None and not clause:
        raise GivenUp("danger_missing", all=listed_dangers())
    if danger is not None and danger not in DANGERS:
        raise GivenUp("danger_unknown", danger=danger, all=listed_dangers())
    if not today - BACK <= day <= today + AHEAD:
        raise GivenUp("day_far", back=BACK.days, ahead=AHEAD.days)
    if since > day:
        raise GivenUp("since_late")
