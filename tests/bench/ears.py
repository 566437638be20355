"""What may live here: WebSocket clients of next to no weight, so that a thousand of them measure the server."""

import asyncio
import base64
import os
import struct
import time
from collections.abc import Sequence
from typing import Final

import orjson

_MASK: Final = b"\0\0\0\0"
"""A mask that changes nothing: allowed, and free."""


class Ear(asyncio.Protocol):
    """One socket: remembers when it heard something last, and counts messages without reading them."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[bytes] | None = None
        self.heard_at = 0.0
        self.last = b""

    @classmethod
    async def opened(cls, port: int) -> "Ear":
        """A socket that was upgraded."""
        loop = asyncio.get_running_loop()
        _, ear = await loop.create_connection(cls, "127.0.0.1", port)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            "GET /graphql HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            f"sec-websocket-key: {key}\r\nsec-websocket-version: 13\r\n"
            "sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
        )
        answered = await ear.ask(head.encode())
        assert b" 101 " in answered[:20], answered[:200]
        return ear

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment] # uvloop has transports of its own.

    async def ask(self, raw: bytes) -> bytes:
        """Sends bytes and waits for the next ones."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        async with asyncio.timeout(20):
            return await self._waiting

    def say(self, message: object) -> None:
        """Sends one message."""
        assert self._transport is not None
        self._transport.write(framed(orjson.dumps(message)))

    def data_received(self, data: bytes) -> None:
        self.heard_at, self.last = time.perf_counter(), data
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(data)

    def close(self) -> None:
        """Ends it without a word."""
        if self._transport is not None:
            self._transport.abort()


def framed(payload: bytes) -> bytes:
    """A text frame of a client."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + struct.pack("!H", size)
    return b"\x81" + length + _MASK + payload


async def all_heard(ears: Sequence[Ear], *, since: float, within: float = 20.0) -> list[float]:
    """Seconds from `since` until each of them heard something, in order."""
    deadline = time.perf_counter() + within
    while any(ear.heard_at < since for ear in ears):
        assert time.perf_counter() < deadline, f"{sum(ear.heard_at < since for ear in ears)} heard nothing"
        await asyncio.sleep(0.02)
    return sorted(ear.heard_at - since for ear in ears)
