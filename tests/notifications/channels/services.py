"""Services of the outside world on loopback: they answer as they are told, and remember what they heard."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import h2.config
import h2.connection
import h2.events
import orjson

Speak = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Service:
    """A server and what it says: the next of `answers`, then the last one for ever."""

    answers: Sequence[bytes | Speak]
    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    lines: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next(self) -> bytes | Speak:
        return self.answers[min(len(self.heard), len(self.answers)) - 1]


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer of HTTP/1.1; `retry_after` is Retry-After."""
    given = {"content-length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def json(status: int, told: Any, **headers: str) -> bytes:
    """The same with JSON."""
    return answer(status, orjson.dumps(told), content_type="application/json", **headers)


async def silence(_: asyncio.StreamWriter) -> None:
    """Hears, and says nothing."""
    await asyncio.sleep(30)


async def endless(writer: asyncio.StreamWriter) -> None:
    """A body without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 65_536)
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """A body that comes byte by byte, and never whole."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Listens on a port of loopback; whatever is still talked about at the end is cut off."""
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        # Whoever is cut off in the middle of a fault is no fault of the test.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()
        talks.discard(task)

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(talks):
            task.cancel()
        if talks:
            await asyncio.wait(tuple(talks), timeout=2)


@asynccontextmanager
async def speaking(*answers: bytes | Speak, tls: ssl.SSLContext | None = None) -> AsyncIterator[Service]:
    """A server of HTTP/1.1."""
    service = Service(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        service.lines += 1
        while head := await reader.readuntil(b"\r\n\r\n"):
            first, *rest = head.decode("latin-1").strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            service.heard.append(Heard(first.split()[1], headers, body))
            said = service.next()
            if not isinstance(said, bytes):
                return await said(writer)
            writer.write(said)
            await writer.drain()
            if b"content-length" not in said or b"half" in said:
                return None
        return None

    async with listening(serve, tls) as port:
        service.port = port
        yield service


@asynccontextmanager
async def speaking_h2(*answers: bytes | Speak, tls: ssl.SSLContext) -> AsyncIterator[Service]:
    """A server of HTTP/2; its answers are given as of HTTP/1.1, and anything else is written to the line as it is."""
    service = Service(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        service.lines += 1
        line = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        line.initiate_connection()
        asked: dict[int, tuple[dict[str, str], bytearray]] = {}
        writer.write(line.data_to_send())
        while data := await reader.read(65_536):
            for event in line.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    asked[event.stream_id] = ({str(name): str(value) for name, value in event.headers}, bytearray())
                elif isinstance(event, h2.events.DataReceived):
                    asked[event.stream_id][1].extend(event.data)
                elif isinstance(event, h2.events.StreamEnded):
                    headers, body = asked.pop(event.stream_id)
                    service.heard.append(Heard(headers[":path"], headers, bytes(body)))
                    said = service.next()
                    if not isinstance(said, bytes):
                        return await said(writer)
                    if not said.startswith(b"HTTP/1.1"):
                        writer.write(said)
                        await writer.drain()
                        return None
                    _say(line, event.stream_id, said)
            writer.write(line.data_to_send())
            await writer.drain()
        return None

    async with listening(serve, tls) as port:
        service.port = port
        yield service


def _say(line: h2.connection.H2Connection, stream: int, said: bytes) -> None:
    head, _, body = said.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = [(name, value) for name, _, value in (one.partition(": ") for one in rest)]
    line.send_headers(stream, [(":status", first.split()[1]), *headers], end_stream=not body)
    if body:
        line.send_data(stream, body, end_stream=True)
