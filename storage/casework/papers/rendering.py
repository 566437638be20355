"""Typesets papers: the same record gives the same bytes, so that a PDF can be checked by making it again."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst

from storage.casework.papers import covering, laying
from storage.casework.papers.laying import Mark
from storage.casework.papers.rules import FontMissing
from storage.record.law import BUILT_IN, Law

FAMILIES = ("Noto Sans SC", "Noto Serif SC")
"""The families that the template names; a folder of fonts must hold both."""
STANDARD: Literal["a-2b"] = "a-2b"
"""PDF/A (ISO 19005-2): what is in it can be read as long as paper can."""
MEDIA_TYPE = "application/pdf"
MAKER = 3
"""Counts up when the same record would give other bytes: another template, font or library."""

_NOT_HELD = "could not be displayed with font"
"""How the library says that PDF/A forbids an empty box."""


def packaged_fonts() -> Path:
    """The folder of the fonts that set-up installs, whole faces and no split ones."""
    return Path(pylopdf_fonts_zh_cn.serif_path()).parent


class Renderer:
    """Renders one paper at a time, with the fonts of a folder, or those that set-up installed."""

    def __init__(self, fonts: Path | None = None) -> None:
        self._folder = fonts
        self._compiler: typst.Compiler | None = None
        self._alone = Lock()
        self._paths: tuple[str, ...] = ()

    def _open(self) -> typst.Compiler:
        """Reads the fonts, which costs as much as ten papers: once, and not before the first paper is wanted.

        FontMissing, where the folder has not both faces: without them every Chinese sign would be an empty box.
        """
        folder = self._folder or packaged_fonts()
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        missing = sorted(set(FAMILIES) - set(found.families()))
        if missing:
            raise FontMissing(families=", ".join(missing), folder=str(folder))
        self._paths = tuple(one.path for one in found.fonts() if one.family in FAMILIES and one.path)
        return typst.Compiler(b"", font_paths=found, ignore_system_fonts=True)

    def render(self, body: bytes, marks: Iterable[Mark] = (), *, at: datetime, law: Law = BUILT_IN) -> bytes:
        """The PDF of a body with what was signed on it; `at`, when it was issued, is its date of making."""
        told, moment = laying.laid(body, marks, law=law), int(at.timestamp())
        with self._alone:  # The compiler is one, and waits in its thread without holding up others.
            compiler = self._compiler = self._compiler or self._open()
            try:
                made = compiler.compile(_source(told), format="pdf", pdf_standards=STANDARD, timestamp=moment)
            except typst.TypstError as error:
                if _NOT_HELD not in str(error):
                    raise
                source = _source(covering.shown_by(covering.signs_in(self._paths), told))
                made = compiler.compile(source, format="pdf", pdf_standards=STANDARD, timestamp=moment)
        if not isinstance(made, bytes):
            raise TypeError("one document is one PDF")
        return made


def _source(told: dict[str, Any]) -> bytes:
    return _said(told) + _template()


def _said(told: dict[str, Any]) -> bytes:
    """What a paper says, as one literal before the template: an input of the library costs a tenth of a paper.

    JSON has no control signs of its own, so quotes and backslashes are all that a literal can end or bend by.
    """
    text = json.dumps(told, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'#let paper = json(bytes("{text}"))\n'.encode()


@cache
def _template() -> bytes:
    return resources.files(__package__).joinpath("paper.typ").read_bytes()
