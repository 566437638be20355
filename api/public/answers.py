"""How the public site answers: its headers and ETags, what it keeps for a moment, and the pages of what went wrong."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from storage.record.problems import TryAgain

HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing of another host, nothing that stands in the text of a page, no frame."""
_ALWAYS: Final = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "vary": "accept-encoding",
}
_MOST_KEPT = 512
_LARGEST_KEPT = 200_000
_KEPT_SECONDS = 60.0
_HEAD_SECONDS = 1.0
_MOST_WAITING = 50


def headers(media: str, *, cache: str = "public, max-age=1, must-revalidate") -> dict[str, str]:
    """The headers of every answer; open data may be read by a page of any origin, pages are not embedded by any."""
    told = {**_ALWAYS, "content-type": media, "cache-control": cache}
    if not media.startswith("text/html"):
        told["access-control-allow-origin"] = "*"
    return told


def etag_of(body: bytes) -> str:
    """The same bytes have the same ETag, whoever made them and when."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def matches(request: Request, etag: str) -> bool:
    """Whether the asker has these very bytes."""
    # Without a view of all headers: most who ask for a kept page send none, and then the view costs more than the rest.
    named = next((value for name, value in request.scope["headers"] if name == b"if-none-match"), b"")
    asked = named[:1_000].decode("latin-1")
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in asked.split(",")) if asked else False


@dataclass(frozen=True, slots=True)
class Made:
    """An answer that was made: `lasting` is whether it stays the same as long as nothing is published or taken down."""

    body: bytes
    media: str = HTML
    status: int = 200
    lasting: bool = True
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with its ETag, ready to be sent again: responses without a body iterator can be."""

    head: int
    until: float
    etag: str
    whole: Response
    unchanged: Response


@dataclass(slots=True)
class Shelf:
    """What was answered lately, as long as the stream stands where it stood; `head` asks how far it has come.

    The stream is asked once a second at the most: so much later than the database every process may show a thing.
    """

    head: Callable[[], Awaitable[int]]
    _kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    _making: dict[str, tuple[int, "asyncio.Task[Kept]"]] = field(default_factory=dict)
    _head: int = -1
    _asked: float = float("-inf")

    async def answer(self, request: Request, make: Callable[[Request], Awaitable[Made]]) -> Response:
        """The answer, made only where none is kept."""
        scope = request.scope
        key = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        now = time.monotonic()
        if now - self._asked > _HEAD_SECONDS:
            self._head, self._asked = await self.head(), now
        kept = self._kept.get(key)
        if kept is None or kept.head != self._head or kept.until < now:
            kept = await self._made(key, request, make)
        return kept.unchanged if matches(request, kept.etag) and kept.whole.status_code == 200 else kept.whole

    async def _made(self, key: str, request: Request, make: Callable[[Request], Awaitable[Made]]) -> Kept:
        """The answer, made once for all who ask for it at the same time: a dear page is dear once.

        It is kept at the place of the stream where that stood before: what goes on meanwhile may not be in it.
        """
        at, making = self._making.get(key, (-1, None))
        if making is None or at != self._head:
            at, making = self._head, asyncio.create_task(self._make(key, request, make))
            self._making[key] = at, making
            making.add_done_callback(lambda done: self._done(key, done))
        return await asyncio.shield(making)

    async def _make(self, key: str, request: Request, make: Callable[[Request], Awaitable[Made]]) -> Kept:
        at, begun = self._head, time.monotonic()
        made = await make(request)
        kept = _kept(made, at, begun + (_KEPT_SECONDS if made.lasting else _HEAD_SECONDS))
        if made.status == 200 and len(made.body) <= _LARGEST_KEPT and len(key) < 500:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return kept

    def _done(self, key: str, done: "asyncio.Task[Kept]") -> None:
        if not done.cancelled():
            done.exception()  # Whoever waited was told; nobody may be left.
        if self._making.get(key, (-1, None))[1] is done:
            del self._making[key]


class Turns:
    """So many of a kind at once; a few wait, and who comes then is told so at once (TryAgain)."""

    def __init__(self, at_once: int) -> None:
        self._free, self._waiting = asyncio.Semaphore(at_once), 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn."""
        if self._waiting >= _MOST_WAITING:
            raise TryAgain()
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


def _kept(made: Made, head: int, until: float) -> Kept:
    etag = etag_of(made.body)
    if made.status != 200:
        told = {**headers(made.media, cache="no-cache" if made.status == 410 else "no-store"), **made.more}
        return Kept(head, until, etag, Response(made.body, made.status, told), Response(status_code=304))
    told = {**headers(made.media), "etag": etag, **made.more}
    bare = {name: value for name, value in told.items() if name != "content-type"}
    return Kept(head, until, etag, Response(made.body, 200, told), Response(status_code=304, headers=bare))
