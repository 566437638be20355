"""Tests of callers who are slow, silent or hostile on the wire itself, below what any client library would send."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from api.crowd import Crowd
from tests.api.lines import SOON, serving, socket
from tests.api.test_sockets import WAIT, Tokens, endpoint

HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"


@pytest.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    async with serving(endpoint(crowd=Crowd(each=50))) as address:
        yield int(address.rsplit(":", 1)[1])


async def answered(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """What the server says to these bytes until it closes or is silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)
    try:
        async with asyncio.timeout(SOON):
            return await reader.read(10_000)
    finally:
        writer.close()


async def test_a_body_that_comes_too_slowly_is_408_and_its_line_is_closed() -> None:
    async with serving(endpoint(slowest_body=0.3)) as address:
        port = int(address.rsplit(":", 1)[1])
        told = await answered(port, HEAD + b"content-length: 100\r\n\r\n", b"{", pause=0.05)
    assert told.startswith(b"HTTP/1.1 408")
    assert b'"BAD_REQUEST"' in told
    assert b"connection: close" in told.lower()


async def test_a_body_in_pieces_is_taken_and_one_of_chunks_is_counted(port: int) -> None:
    body = b'{"query":"{ health { status } }"}'
    told = await answered(port, HEAD + b"content-length: %d\r\n\r\n" % len(body), body[:5], body[5:], pause=0.01)
    assert told.endswith(b'{"data":{"health":{"status":"ok"}}}')
    chunks = [b"%x\r\n%s\r\n" % (9_000, b" " * 9_000) for _ in range(7)]
    told = await answered(port, HEAD + b"transfer-encoding: chunked\r\n\r\n", *chunks)
    assert told.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "noise",
    [
        b"\x81\x05hello",  # Not masked, as every client must.
        b"\x83\x80\x00\x00\x00\x00",  # No such opcode.
        b"\x88\xfe\xff\xff" + b"\x00" * 70,  # A close frame that is too long.
        b"\xc1\x85\x00\x00\x00\x00hello",  # Says that it is compressed, which was not agreed.
        b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",  # Promises more than anybody has.
        os.urandom(200),
    ],
)
async def test_noise_on_a_socket_ends_it_and_nothing_else(port: int, noise: bytes) -> None:
    upgrade = (
        b"GET /graphql HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
    )
    told = await answered(port, upgrade, noise, pause=0.05)
    assert told.startswith(b"HTTP/1.1 101")
    body = b'{"query":"{ health { status } }"}'
    well = await answered(port, HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)
    assert well.endswith(b'{"data":{"health":{"status":"ok"}}}')


async def test_who_sends_a_flood_of_operations_holds_no_more_than_may_run_and_others_are_served() -> None:
    async with serving(endpoint(Tokens()), operations=2) as address, socket(address) as line:
        await line.named("inspector")
        for number in range(300):
            await line.asks(str(number), WAIT)
        refused = 0
        async with asyncio.timeout(SOON), socket(address) as other:
            await (await other.named("inspector")).asks("a", "{ health { status } }")
            assert (await other.told())["type"] == "next"
            while refused < 298:
                refused += (await line.told())["type"] == "error"
