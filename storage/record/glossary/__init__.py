"""Every sentence that people read, in Chinese and English; each area's stand in a module of its own here."""

import importlib
import logging
import pkgutil
from string import Formatter
from typing import Any

from storage.record.glossary.labels import LABELS
from storage.record.glossary.naming import NAMED, PARTS

log = logging.getLogger(__name__)


def _gathered() -> dict[str, tuple[str, str]]:
    """The sentences of all modules of this folder; one code with two sentences is a mistake that stops the start."""
    found: dict[str, tuple[str, str]] = {}
    for module in pkgutil.iter_modules(__path__):
        sentences = getattr(importlib.import_module(f"{__name__}.{module.name}"), "SENTENCES", {})
        if twice := found.keys() & sentences.keys():
            raise TypeError(f"two modules of the glossary speak of {', '.join(sorted(twice))}")
        found |= sentences
    return found


SENTENCES: dict[str, tuple[str, str]] = _gathered()
"""Code → Chinese, English; places in braces are the Problem's parameters."""


def sentence(code: str, language: str, /, **parameters: str | int) -> str:
    """The sentence of a code in `zh` or `en` (anything else: zh), filled with its parameters.

    It is said while an error is told, so it never raises: without a sentence or a parameter it is the code itself.
    """
    chinese, english = SENTENCES.get(code, (code, code))
    said = {name: _named(code, name, value, language) for name, value in parameters.items()}
    try:
        return (english if language == "en" else chinese).format_map(said)
    except (KeyError, IndexError, ValueError, AttributeError):
        log.warning("the sentence of %s lacks a parameter; it has %s", code, ", ".join(sorted(parameters)) or "none")
        return code


def _named(code: str, name: str, value: str | int, language: str) -> str | int:
    """A code of a closed list in words; anything else as it is."""
    words = {**LABELS, "Part": PARTS}.get(NAMED.get((code, name), ""), {}).get(str(value))
    return words[1 if language == "en" else 0] if words else value


def places(template: str) -> set[str]:
    """The names of the parameters that a sentence asks for."""
    parts: Any = Formatter().parse(template)
    return {name for _, name, _, _ in parts if name is not None}
