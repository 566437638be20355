"""Tests of who sends a head slowly or without end, or does not read: seen from a plain socket, below any client."""

import asyncio
import socket as sockets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.lines import BESIDE_A_QUERY, bounded_lines
from api.serving import Server, server_config
from api.settings import Settings

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
SLOWEST, READING = 0.4, 1.0


async def page(_: Request) -> PlainTextResponse:
    return PlainTextResponse("here")


async def large(_: Request) -> PlainTextResponse:
    return PlainTextResponse("x" * 32 * 2**20)


@asynccontextmanager
async def served() -> AsyncIterator[tuple[int, Server]]:
    app = Starlette(routes=[Route("/", page, methods=["GET", "POST"]), Route("/large", large)])
    config = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1,
        http=bounded_lines(largest_query=64 * 1024, seconds=SLOWEST, reading=READING),
    )  # fmt: skip
    server = Server(config, lambda: None)
    with sockets.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not task.done():  # noqa: ASYNC110 # uvicorn offers no event to wait for.
            await asyncio.sleep(0.01)
        try:
            yield listening.getsockname()[1], server
        finally:
            server.should_exit = True
            await task


@pytest.fixture
async def running() -> AsyncIterator[tuple[int, Server]]:
    async with served() as found:
        yield found


async def trickled(port: int, first: bytes, more: Callable[[int], bytes], *, pause: float = SLOWEST / 8) -> bytes:
    """All that is answered to a first piece and then ever more, sent until the line is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(first)
    heard = asyncio.create_task(all_of(reader))
    for number in range(60):
        if (await asyncio.wait({heard}, timeout=pause))[0]:
            break
        writer.write(more(number))
    else:
        heard.cancel()
        raise AssertionError("the line was held open")
    writer.close()
    return heard.result()


async def all_of(reader: asyncio.StreamReader) -> bytes:
    """What is told before the line ends. Who writes on a line that was just closed may be reset before he read why."""
    told = b""
    try:
        while piece := await reader.read(65_536):
            told += piece
    except ConnectionError:
        return told or b"reset"
    return told


async def test_a_head_that_never_ends_is_told_so_and_its_line_is_closed(running: tuple[int, Server]) -> None:
    port, server = running
    told = await trickled(port, b"GET / HTTP/1.1\r\nhost: x\r\n", lambda n: b"x-%d: 1\r\n" % n)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in told
    assert await trickled(port, b"", lambda _: b"") == b"", "who says nothing is told nothing"
    assert not server.server_state.connections


async def test_many_slow_heads_are_all_closed_and_others_are_answered_meanwhile(running: tuple[int, Server]) -> None:
    port, server = running
    slow = [asyncio.create_task(trickled(port, b"POST /", lambda _: b"a")) for _ in range(100)]
    await asyncio.sleep(SLOWEST / 4)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(GET)
        assert (await reader.readuntil(b"here")).startswith(b"HTTP/1.1 200")
    writer.close()
    told = await asyncio.gather(*slow)
    assert {b"reset" if one == b"reset" else one[:13] for one in told} <= {b"HTTP/1.1 408 ", b"reset"}
    assert not server.server_state.connections


async def test_a_kept_line_may_rest_longer_than_a_head_may_take_but_its_next_head_may_not(
    running: tuple[int, Server],
) -> None:
    port, _ = running
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(GET)
        await reader.readuntil(b"here")
        await asyncio.sleep(SLOWEST * 1.5)
    writer.write(GET[:5])
    assert await asyncio.wait_for(reader.read(-1), SLOWEST * 10) == b""
    writer.close()


async def test_a_head_in_pieces_within_its_time_is_answered_and_so_is_a_body_that_takes_longer(
    running: tuple[int, Server],
) -> None:
    port, _ = running
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for at in range(0, len(GET), 4):
        writer.write(GET[at : at + 4])
        await asyncio.sleep(0.001)
    assert (await reader.readuntil(b"here")).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_a_body_after_its_answer_holds_no_line(running: tuple[int, Server]) -> None:
    head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n"
    told = await trickled(running[0], head, lambda _: b"a")
    assert told.startswith(b"HTTP/1.1 200")
    assert told.endswith(b"here")


async def test_a_head_without_end_is_refused_before_it_fills_the_memory(running: tuple[int, Server]) -> None:
    piece = b"x-header: " + b"v" * 60_000 + b"\r\n"
    told = await trickled(running[0], b"GET / HTTP/1.1\r\n", lambda _: piece, pause=0.02)
    assert told.startswith(b"HTTP/1.1 431 ") or told == b"reset"  # The answer is lost where more was on its way.
    reader, writer = await asyncio.open_connection("127.0.0.1", running[0])
    writer.write(b"GET /?q=%s HTTP/1.1\r\nhost: x\r\n\r\n" % (b"q" * 60_000))
    assert (await reader.readuntil(b"here")).startswith(b"HTTP/1.1 200"), "the largest query has its place"
    writer.close()


async def asking_for_much(port: int) -> sockets.socket:
    line = sockets.socket()
    line.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 64 * 1024)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", port))
    await loop.sock_sendall(line, GET.replace(b"/ ", b"/large "))
    return line


async def test_who_does_not_read_his_answer_is_let_go(running: tuple[int, Server]) -> None:
    port, server = running
    with await asking_for_much(port):
        for _ in range(200):
            await asyncio.sleep(READING / 20)
            if not server.server_state.connections:
                break
        assert not server.server_state.connections
        assert not server.server_state.tasks


async def test_who_reads_slowly_gets_his_answer_whole(running: tuple[int, Server]) -> None:
    came, begun, loop = 0, time.monotonic(), asyncio.get_running_loop()
    with await asking_for_much(running[0]) as line:
        while came < 32 * 2**20 and (piece := await loop.sock_recv(line, 2**20)):
            came += len(piece)
            if time.monotonic() - begun < READING * 2:
                await asyncio.sleep(READING / 20)
    assert came >= 32 * 2**20


def test_the_api_bounds_its_lines_by_its_settings() -> None:
    config = server_config(None, Settings(head_seconds=3, graphql_body_bytes=100_000))
    assert config.http.keywords == {"seconds": 3, "most": 100_000 + BESIDE_A_QUERY, "reading": 30.0}  # type: ignore[union-attr] # A partial.
