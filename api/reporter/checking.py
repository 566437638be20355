"""`pithead report page`: whether the page that a server hands out is the one that stands here, byte for byte.

A server could send its reporters another page and this command the right one: it proves a lie and never its absence.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import httpx

from api.reporter.server import Unreachable
from storage.record.ledger.proofs import reports

WEB = Path(__file__).parents[1] / "web"
PAGE, WORDS, FOLDER = "/report", "/report/words.txt", "/report/web/"
_BEGINNINGS = ("report/worker.js",)
"""Beside what the page itself names: a worker is started by its address and imported by nobody."""
_LOADED = re.compile(rb'(?:href|src)="/report/web/([^"]+)"')
_IMPORTED = re.compile(rb'(?:from |import |import\()"(\.[^"]+)"')
_EXIT = re.compile(rb'(<a id="exit"[^>]* href=")https://[a-z0-9./-]+(")')
"""Where quick exit leads is the server's to choose, as long as it is a plain address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One file of the page: what stands here, and what the server handed out; None where one of them has none."""

    path: str
    ours: str | None
    theirs: str | None

    @property
    def same(self) -> bool:
        """Is it the same file?"""
        return self.ours is not None and self.ours == self.theirs


def compare(url: str, http: httpx.Client) -> list[Compared]:
    """Every file that the page loads, in order of their names. Unreachable."""
    return [_compared(url, http, path, ours) for path, ours in sorted(_expected())]


def digest(compared: list[Compared]) -> str:
    """One digest over all files that stand here, to compare by telephone or in print."""
    return sha256("".join(f"{one.path} {one.ours}\n" for one in compared).encode()).hexdigest()


def _expected() -> Iterator[tuple[str, bytes | None]]:
    page = (WEB / "report" / "index.html").read_bytes()
    yield PAGE, page
    yield WORDS, files(reports).joinpath("words.txt").read_bytes()
    seen: set[str] = set()
    waiting = [found.decode() for found in _LOADED.findall(page)] + list(_BEGINNINGS)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        file = WEB / name
        body = file.read_bytes() if file.is_file() else None  # Browser packages may not be installed here.
        yield FOLDER + name, body
        imported = _IMPORTED.findall(body) if body is not None and "vendor/" not in name else []
        waiting += [posixpath.normpath(posixpath.join(name, "..", one.decode())) for one in imported]


def _compared(url: str, http: httpx.Client, path: str, ours: bytes | None) -> Compared:
    try:
        answer = http.get(url + path)
    except httpx.RequestError as error:
        raise Unreachable(f"{url}: {error or type(error).__name__}") from error
    theirs = answer.content if answer.status_code == 200 else None
    if path == PAGE and theirs is not None:
        theirs = _EXIT.sub(rb"\1{exit}\2", theirs)
    return Compared(path=path, ours=_hash(ours), theirs=_hash(theirs))


def _hash(body: bytes | None) -> str | None:
    return None if body is None else sha256(body).hexdigest()
