"""What may live here: many answers in one response: server-sent events, and Apollo's multipart subscriptions.

Server-sent events follow graphql-sse's protocol in its mode of distinct connections: `next` for each answer, `complete`
at the end of the subscription. A stream that ends without `complete` was cut, by us or on the way, and the client comes
again: each answer has its cursor as `id`, which browsers send back as `Last-Event-ID`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.negotiating import EVENTS, Way
from graphql_schema.following import Frame

STILL_HERE: Final = 12.0
"""Seconds of silence after which a sign of life is sent: proxies cut what is silent."""
SLOWEST: Final = 10.0
"""Seconds in which a client must take what is sent, else it is dropped."""

_HEADERS: Final = {
    "cache-control": "no-store",
    "vary": "Accept, Accept-Language, Authorization",
    "x-content-type-options": "nosniff",
    "x-accel-buffering": "no",  # A proxy that gathers would hold every hint back.
}
_TYPE_OF: Final[dict[Way, str]] = {
    "text/event-stream": "text/event-stream; charset=utf-8",
    "multipart/mixed": 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
}


@dataclass(frozen=True, slots=True)
class Stream:
    """A response of many answers, until its source, its token or its reader ends.

    `ended` waits until the line must end; `left` is called once it has ended, however it did.
    """

    source: AsyncGenerator[Frame, None]
    way: Way
    ended: Coroutine[Any, Any, int]
    left: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        over = asyncio.create_task(self.ended)
        gone = asyncio.create_task(_gone(receive))
        try:
            await send(_start(self.way))
            await self._send_all(send, over, gone)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            return  # Too slow, or gone: uvicorn closes what is not ended.
        finally:
            for task in (over, gone):
                task.cancel()
            self.left()

    async def _send_all(self, send: Send, over: "asyncio.Task[int]", gone: "asyncio.Task[None]") -> None:
        coming = asyncio.create_task(anext(self.source, None))
        try:
            await _write(send, _opening(self.way))
            while not (over.done() or gone.done()):
                await asyncio.wait({coming, over, gone}, timeout=STILL_HERE, return_when=asyncio.FIRST_COMPLETED)
                if coming.done():
                    frame = coming.result()
                    await _write(send, _part(frame, self.way) if frame else _ending(self.way))
                    if frame is None:
                        return
                    coming = asyncio.create_task(anext(self.source, None))
                elif not (over.done() or gone.done()):
                    await _write(send, _sign_of_life(self.way))
        finally:
            coming.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await coming
            await self.source.aclose()


def one_answer(body: bytes, way: Way) -> Response:
    """Return a stream of one answer, for who accepts nothing but streams."""
    content = _opening(way) + _part(Frame(body, None), way) + _ending(way)
    return Response(content, 200, {**_HEADERS, "content-type": _TYPE_OF[way]})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes) -> None:
    if body:
        async with asyncio.timeout(SLOWEST):
            await send({"type": "http.response.body", "body": body, "more_body": True})


def _start(way: Way) -> dict[str, Any]:
    headers = {**_HEADERS, "content-type": _TYPE_OF[way]}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": 200, "headers": raw}


def _opening(way: Way) -> bytes:
    # The comment makes proxies and browsers see that the stream stands.
    return b":\n\n" if way == EVENTS else b"--graphql"


def _part(frame: Frame, way: Way) -> bytes:
    if way == EVENTS:
        place = b"id: " + frame.cursor.encode() + b"\n" if frame.cursor else b""
        return b"event: next\n" + place + b"data: " + frame.data + b"\n\n"
    return b'\r\ncontent-type: application/json\r\n\r\n{"payload":' + frame.data + b"}\r\n--graphql"


def _sign_of_life(way: Way) -> bytes:
    return b":\n\n" if way == EVENTS else b"\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql"


def _ending(way: Way) -> bytes:
    return b"event: complete\ndata:\n\n" if way == EVENTS else b"--\r\n"
