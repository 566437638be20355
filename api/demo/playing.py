"""What may live here: how a story is played to its end, and what is said where it stops before."""

from collections.abc import Callable
from pathlib import Path

import httpx

from api.demo import words
from api.demo.telling import NotAsTold
from api.phone.outset import FAULTS
from api.phone.server import Refused
from storage.record.glossary import sentence
from storage.record.law import YearNotPublished

DONE, FAILED = 0, 1
_FAULTS: tuple[type[Exception], ...] = (httpx.HTTPError, *FAULTS)


class Stopped(Exception):
    """The story cannot go on; the text says why."""


def played(play: Callable[[], int], *, url: str, say: Callable[[str], None]) -> int:
    """What the story comes to; FAILED where it stops, and then it is said why."""
    try:
        return play()
    except Stopped as stopped:
        say(words.line("stopped", told=stopped))
    except NotAsTold as wrong:
        say(words.line("not_as_told", told=wrong))
    except Refused as refused:
        say(words.line("stopped", told=refused.sentence))
    except YearNotPublished as unknown:
        told = (sentence(unknown.code, language, **unknown.parameters) for language in ("zh", "en"))
        say(words.line("stopped", told=" ".join(told)))
    except httpx.TransportError as fault:
        say(words.line("silent", url=url, told=fault))
    except _FAULTS as fault:
        say(words.line("stopped", told=fault))
    return FAILED


def is_taken(into: Path, say: Callable[[str], None]) -> bool:
    """Whether a pack cannot go there, since something is there already; that is said before anything is played."""
    taken = into.exists() and (not into.is_dir() or any(into.iterdir()))
    if taken:
        say(words.line("taken", path=into))
    return taken
