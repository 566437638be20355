"""How published texts are found again: their grams, made here and held in an index of the database; pure.

Chinese has no spaces between words: one- and two-character grams find any word in it, and what was found is then held
against the whole of what was asked. Latin words and numbers are found whole, and by their beginnings of four signs.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_QUERY = 100
MOST_TERMS = 8
PREFIX = 4
STRETCH = 16
"""A stretch of the stream is 2^16 places: few enough to gather what is rare in one, and few of them in a million."""
_MOST_SEARCHED = 4_000
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn"})
_SPACE = re.compile(r"\s+")
_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_PARTS = re.compile(r"[0-9a-z]+|[^\W\d_a-z]+|\d+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: the grams that must all be there, and the strings that the text must hold."""

    grams: tuple[str, ...]
    terms: tuple[str, ...]


def normalised(text: str) -> str:
    """NFKC, small letters, one space between Latin words and none beside Chinese ones; nothing that is not seen."""
    plain = unicodedata.normalize("NFKC", text).lower()
    shown = "".join(sign for sign in plain if sign.isspace() or unicodedata.category(sign) not in _UNSEEN)
    return _BESIDE_CHINESE.sub("", _SPACE.sub(" ", shown)).strip()


def searched_of(texts: Iterable[str]) -> str:
    """What is searched of a copy: its texts one after another, a line each."""
    return "\n".join(one for one in map(normalised, texts) if one)[:_MOST_SEARCHED]


def grams_of(searched: str) -> list[str]:
    """The grams of a normalised text."""
    found: set[str] = set()
    for part in _PARTS.findall(searched):
        if part.isascii():
            found.add(part)
            found.update(part[:length] for length in range(PREFIX, len(part)))
        else:
            found.update(part)
            found.update(part[at : at + 2] for at in range(len(part) - 1))
    return sorted(found)


def tagged(grams: Iterable[str], seq: int) -> list[str]:
    """The grams with the stretch of the stream in which their row stands, so that each stretch is asked by itself."""
    return [f"{seq >> STRETCH}:{gram}" for gram in grams]


def asked(query: str) -> Asked | None:
    """The grams and strings of a query; None where it asks for nothing that could be found."""
    words = (term for word in query[:LONGEST_QUERY].split() for term in normalised(word).split())
    terms = tuple(dict.fromkeys(words))[:MOST_TERMS]
    grams: dict[str, None] = {}
    for term in terms:
        for part in _PARTS.findall(term):
            grams.update(dict.fromkeys(_grams_asked(part)))
    return Asked(tuple(grams), terms) if grams else None


def _grams_asked(part: str) -> list[str]:
    """Of a Chinese word its pairs, or the one sign; of a Latin one itself, a word or the beginning of one."""
    if part.isascii() or len(part) == 1:
        return [part]
    return [part[at : at + 2] for at in range(len(part) - 1)]
