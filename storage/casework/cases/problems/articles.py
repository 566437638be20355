"""How a Problem of cases comes by its article."""

from collections.abc import Callable
from typing import TypeVar

from storage.record.problems import Problem

K = TypeVar("K", bound=type[Problem])

ARTICLES: dict[type[Problem], str] = {}
"""The article of each Problem of cases."""


def by(article: str) -> Callable[[K], K]:
    """Says which article a Problem rests on."""

    def note(kind: K) -> K:
        ARTICLES[kind] = article
        return kind

    return note


def unlawful(kind: type[Problem], **parameters: str | int) -> Problem:
    """The Problem with its article among its parameters: its own, unless a nearer one is named."""
    return kind(**{"article": ARTICLES[kind], **parameters})
