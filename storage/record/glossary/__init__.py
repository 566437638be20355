"""Every sentence that people read, in Chinese and English; each area's stand in a module of its own here."""

import importlib
import logging
import pkgutil
import re
from string import Formatter
from typing import Any

from storage.record.glossary import articles, verbs
from storage.record.glossary.case_fields import FIELDS
from storage.record.glossary.labels import LABELS
from storage.record.glossary.naming import BOUNDS, NAMED, PARTS, PEOPLE, SOMEBODY, SUMS, UNSEEN

log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BOUNDS = re.compile(r"([0-9]+)-([0-9]+)")
_SIGN = re.compile(r"U\+[0-9A-F]{4,6}")


def _gathered() -> dict[str, tuple[str, str]]:
    """The sentences of all modules of this folder; one code with two sentences is a mistake that stops the start."""
    found: dict[str, tuple[str, str]] = {}
    for module in pkgutil.iter_modules(__path__):
        sentences = getattr(importlib.import_module(f"{__name__}.{module.name}"), "SENTENCES", {})
        if twice := found.keys() & sentences.keys():
            raise TypeError(f"two modules of the glossary speak of {', '.join(sorted(twice))}")
        found |= {code: (chinese, articles.cited(english)) for code, (chinese, english) in sentences.items()}
    return found


SENTENCES: dict[str, tuple[str, str]] = _gathered()
"""Code → Chinese, English; places in braces are the Problem's parameters."""


def sentence(code: str, language: str, /, **parameters: str | int) -> str:
    """The sentence of a code in `zh` or `en` (anything else: zh), filled with its parameters.

    What the record has in two languages comes as two parameters, `title` and `title_en`; the sentence asks for `title`.
    It is said while an error is told, so it never raises: without a sentence or a parameter it is the code itself.
    """
    chinese, english = SENTENCES.get(code, (code, code))
    told = {
        name: parameters.get(f"{name}_en", value) if language == "en" else value for name, value in parameters.items()
    }
    said = {name: _named(code, name, value, language) for name, value in told.items()}
    try:
        return (english if language == "en" else chinese).format_map(said)
    except (KeyError, IndexError, ValueError, AttributeError):
        log.warning("the sentence of %s lacks a parameter; it has %s", code, ", ".join(sorted(parameters)) or "none")
        return code


def _named(code: str, name: str, value: str | int, language: str) -> str | int:
    """A code of a closed list in words, a sum in yuan, a person or thing without its id; anything else as it is."""
    kind, is_english = NAMED.get((code, name), ""), language == "en"
    if (code, name) in SUMS and str(value).isdecimal():  # Whoever had it from an answer has it as text.
        return f"{int(value) // 100:,}.{int(value) % 100:02}"
    if name == "article" and is_english:
        return articles.english(str(value))
    if name == "verb":
        return verbs.verb(str(value), language)
    if code == "BAD_INPUT":
        return _asked(name, str(value), language)
    if _ID.fullmatch(str(value)):
        return SOMEBODY[is_english] if name in PEOPLE else f"…{str(value)[-4:]}"
    words = {**LABELS, "Part": PARTS}.get(kind, {}).get(str(value))
    return words[is_english] if words else value


def _asked(name: str, value: str, language: str) -> str:
    """The field of an input by its name for people, and the bounds of what it takes."""
    is_english = language == "en"
    if name == "field":
        words = FIELDS.get(value)
        return f"{words[is_english]} ({value})" if words else value
    if _SIGN.fullmatch(value):
        return UNSEEN[is_english].format(sign=value)
    bounds = _BOUNDS.fullmatch(value)
    return BOUNDS[is_english].format(least=bounds[1], most=bounds[2]) if bounds else value


def places(template: str) -> set[str]:
    """The names of the parameters that a sentence asks for."""
    parts: Any = Formatter().parse(template)
    return {name for _, name, _, _ in parts if name is not None}
