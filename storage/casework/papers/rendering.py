"""Typesets papers: the same record gives the same bytes, so that a PDF can be checked by making it again."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib import resources

from storage.casework.papers import laying
from storage.casework.papers.laying import Mark
from storage.record.law import BUILT_IN, Law
from storage.record.printing.typesetting import Template, Typesetter

MAKER = 3
"""Counts up when the same record would give other bytes: another template, font or library."""


def render(
    typesetter: Typesetter, body: bytes, marks: Iterable[Mark] = (), *, at: datetime, law: Law = BUILT_IN
) -> bytes:
    """The PDF of a body with what was signed on it; `at`, when it was issued, is its date of making."""
    return typesetter.typeset(_template(), laying.laid(body, marks, law=law), at=at)


@cache
def _template() -> Template:
    return Template(name="paper", markup=resources.files(__package__).joinpath("paper.typ").read_bytes())
