"""Brings one file out of the store, and goes on where it was broken off: what has come is not asked for again."""

import os
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import httpx

from api.phone.disk import sync_folder
from api.phone.server import BUSY, Unreachable, tries

_RUN_OUT = 403
_NOTHING_BEHIND = 416


class UrlRunOut(Exception):
    """The signed URL opens nothing any more: it is to be asked for again, and what has come so far is kept."""


class NotThoseBytes(Exception):
    """What the store gives out is not what was signed; the text is the file's name."""


class _Broken(Exception):
    """This try came to nothing, or to a part of the file; the next one goes on behind it."""


@dataclass(frozen=True, slots=True)
class Download:
    """One file on its way: `partial` holds what has come so far and outlives a kill, `to` is whole or absent.

    The URL pins one version in the store, so bytes of two tries are always bytes of one file; `sha256` (hex) proves it.
    """

    line: httpx.Client
    patience: float
    partial: Path
    to: Path
    sha256: str

    def bring(self, url: str) -> None:
        """Brings what is missing. UrlRunOut, NotThoseBytes, Unreachable when `patience` seconds bring nothing more."""
        if self.to.is_file() and _sha256(self.to) == self.sha256:
            return
        self.partial.parent.mkdir(parents=True, exist_ok=True)
        went_on = self._come > 0
        self._bring(url)
        if _sha256(self.partial) != self.sha256:
            self.partial.unlink()
            if not went_on:
                raise NotThoseBytes(self.to.name)
            # What lay there from before may have been damaged since: once more from the beginning.
            self.bring(url)
            return
        self.to.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self.partial, self.to)
        sync_folder(self.to.parent)

    @property
    def _come(self) -> int:
        return self.partial.stat().st_size if self.partial.exists() else 0

    def _bring(self, url: str) -> None:
        pauses = tries(self.patience)
        next(pauses)
        while True:
            before = self._come
            try:
                return self._once(url)
            except _Broken as broken:
                if self._come > before:
                    pauses = tries(self.patience)
                if next(pauses, None) is None:
                    raise Unreachable(f"{httpx.URL(url).copy_with(query=None)}: {broken}") from broken

    def _once(self, url: str) -> None:
        come = self._come
        headers = {"accept-encoding": "identity"} | ({"range": f"bytes={come}-"} if come else {})
        try:
            with self.line.stream("GET", url, headers=headers) as answer:
                if come and answer.status_code == _NOTHING_BEHIND:
                    return
                _must_be_given(answer, url)
                goes_on = answer.status_code == httpx.codes.PARTIAL_CONTENT
                if goes_on and not answer.headers.get("content-range", "").startswith(f"bytes {come}-"):
                    raise Unreachable(f"{httpx.URL(url).copy_with(query=None)}: another range than was asked for")
                self._keep(answer, goes_on=goes_on)
        except httpx.RequestError as error:
            raise _Broken(str(error) or type(error).__name__) from error

    def _keep(self, answer: httpx.Response, *, goes_on: bool) -> None:
        with self.partial.open("ab" if goes_on else "wb") as file:
            os.fchmod(file.fileno(), 0o644)
            for chunk in answer.iter_raw():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())


def _must_be_given(answer: httpx.Response, url: str) -> None:
    if answer.is_success:
        return
    if answer.status_code == _RUN_OUT:
        raise UrlRunOut()
    if answer.status_code in BUSY | {500}:
        raise _Broken(f"HTTP {answer.status_code}")
    raise Unreachable(f"{httpx.URL(url).copy_with(query=None)}: HTTP {answer.status_code}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
