"""Sets pages: what a template is told gives the same bytes every time, so a PDF can be checked by making it again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst

from storage.record.printing import covering
from storage.record.problems import Problem

FAMILIES = ("Noto Sans SC", "Noto Serif SC")
"""The families that templates name; a folder of fonts must hold both."""
STANDARD: Literal["a-2b"] = "a-2b"
"""PDF/A (ISO 19005-2): what is in it can be read as long as paper can."""
MEDIA_TYPE = "application/pdf"

_NOT_HELD = "could not be displayed with font"
"""How the library says that PDF/A forbids an empty box."""


class FontMissing(Problem):
    """The fonts that pages are set in are not installed (parameters: families, folder)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Markup that says how pages look, and the name by which it calls what it is told."""

    name: str
    markup: bytes


def packaged_fonts() -> Path:
    """The folder of the fonts that set-up installs, whole faces and no split ones."""
    return Path(pylopdf_fonts_zh_cn.serif_path()).parent


class Typesetter:
    """Sets one document at a time, with the fonts of a folder, or those that set-up installed."""

    def __init__(self, fonts: Path | None = None) -> None:
        self._folder = fonts
        self._compiler: typst.Compiler | None = None
        self._alone = Lock()
        self._paths: tuple[str, ...] = ()

    def _open(self) -> typst.Compiler:
        """Reads the fonts, which costs as much as ten papers: once, and not before the first page is wanted.

        FontMissing, where the folder has not both faces: without them every Chinese sign would be an empty box.
        """
        folder = self._folder or packaged_fonts()
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        missing = sorted(set(FAMILIES) - set(found.families()))
        if missing:
            raise FontMissing(families=", ".join(missing), folder=str(folder))
        self._paths = tuple(one.path for one in found.fonts() if one.family in FAMILIES and one.path)
        return typst.Compiler(b"", font_paths=found, ignore_system_fonts=True)

    def typeset(self, template: Template, told: Mapping[str, Any], *, at: datetime) -> bytes:
        """The PDF of a template that is told this; `at` is its date of making. No text becomes markup."""
        moment = int(at.timestamp())
        with self._alone:  # The compiler is one, and waits in its thread without holding up others.
            compiler = self._compiler = self._compiler or self._open()
            try:
                made = compiler.compile(source(template, told), format="pdf", pdf_standards=STANDARD, timestamp=moment)
            except typst.TypstError as error:
                if _NOT_HELD not in str(error):
                    raise
                shown = source(template, covering.shown_by(covering.signs_in(self._paths), told))
                made = compiler.compile(shown, format="pdf", pdf_standards=STANDARD, timestamp=moment)
        if not isinstance(made, bytes):
            raise TypeError("one document is one PDF")
        return made


def source(template: Template, told: Mapping[str, Any]) -> bytes:
    """The template behind what it is told, as one literal: an input of the library costs a tenth of a paper.

    JSON has no control signs of its own, so quotes and backslashes are all that a literal can end or bend by.
    """
    text = json.dumps(told, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'#let {template.name} = json(bytes("{text}"))\n'.encode() + template.markup
