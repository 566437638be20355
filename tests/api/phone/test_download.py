"""A file that is brought from a store which breaks off, restarts, or gives out other bytes."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from api.phone.download import Download, NotThoseBytes, UrlRunOut
from api.phone.server import Unreachable

pytestmark = pytest.mark.quick

FILE = secrets.token_bytes(3_000_000)
URL = "http://store/film?versionId=1"


class Killed(BaseException):
    """The process is killed: nothing in it catches this."""


@dataclass
class Store:
    """Gives out FILE; breaks off after so many bytes as often as it is told to, and notes what was asked for."""

    breaks: int = 0
    after: int = 1_000_000
    fault: BaseException = field(default_factory=lambda: httpx.ReadError("gone"))
    ranges: bool = True
    statuses: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.headers.get("range")
        self.asked.append(asked)
        if self.statuses:
            return httpx.Response(self.statuses.pop(0))
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.ranges else 0
        if start >= len(FILE):
            return httpx.Response(416)
        headers = {"content-range": f"bytes {start}-{len(FILE) - 1}/{len(FILE)}"} if start else {}
        return httpx.Response(206 if start else 200, headers=headers, content=self._body(start))

    def _body(self, start: int) -> Iterator[bytes]:
        if self.breaks:
            self.breaks -= 1
            yield FILE[start : start + self.after]
            raise self.fault
        yield FILE[start:]


def download(store: Store, folder: Path, *, digest: str = sha256(FILE).hexdigest()) -> Download:
    line = httpx.Client(transport=httpx.MockTransport(store))
    return Download(line, 2.0, folder / "unfinished" / digest, folder / "data" / "film.mp4", digest)


def test_what_has_come_is_not_asked_for_again_neither_in_this_run_nor_after_a_kill(tmp_path: Path) -> None:
    broken = Store(breaks=1, statuses=[503])
    download(broken, tmp_path / "one").bring(URL)
    assert broken.asked[:2] == [None, None]
    assert broken.asked[2:] == ["bytes=1000000-"]
    killed = Store(breaks=1, fault=Killed())
    with pytest.raises(Killed):
        download(killed, tmp_path).bring(URL)
    assert not (tmp_path / "data" / "film.mp4").exists()
    again = Store()
    download(again, tmp_path).bring(URL)
    assert again.asked == ["bytes=1000000-"]
    assert (tmp_path / "data" / "film.mp4").read_bytes() == FILE
    download(again, tmp_path).bring(URL)
    assert len(again.asked) == 1


def test_a_store_that_knows_no_ranges_and_a_half_that_was_damaged_begin_anew(tmp_path: Path) -> None:
    one = download(Store(ranges=False), tmp_path)
    one.partial.parent.mkdir(parents=True)
    one.partial.write_bytes(FILE[:10])
    one.bring(URL)
    assert one.to.read_bytes() == FILE
    one.to.write_bytes(b"damaged")
    for left in (b"x" * 10, FILE + b"more", FILE):
        store = Store()
        one.partial.write_bytes(left)
        download(store, tmp_path).bring(URL)
        assert one.to.read_bytes() == FILE
        one.to.unlink()


def test_other_bytes_than_were_signed_are_never_left_behind(tmp_path: Path) -> None:
    one = download(Store(), tmp_path, digest="ab" * 32)
    with pytest.raises(NotThoseBytes, match=r"film\.mp4"):
        one.bring(URL)
    assert not one.to.exists()
    assert not one.partial.exists()


def test_a_url_that_ran_out_keeps_what_has_come_and_a_store_that_is_down_is_named_without_its_signature(
    tmp_path: Path,
) -> None:
    store = Store(breaks=1)
    one = download(store, tmp_path)
    store.statuses = []
    store.breaks = 1
    with pytest.raises(UrlRunOut):
        _one_then(store, one, 403)
    assert one.partial.stat().st_size == 1_000_000
    with pytest.raises(Unreachable, match="HTTP 503") as told:
        download(Store(statuses=[503] * 20), tmp_path / "down").bring(URL)
    assert "versionId" not in str(told.value)


def _one_then(store: Store, one: Download, status: int) -> None:
    """The file breaks off, and every later request gets this status."""

    def answer(request: httpx.Request) -> httpx.Response:
        return store(request) if not store.asked else httpx.Response(status)

    Download(httpx.Client(transport=httpx.MockTransport(answer)), 2.0, one.partial, one.to, one.sha256).bring(URL)
