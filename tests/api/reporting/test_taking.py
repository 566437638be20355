"""Tests of how files are taken in: a trickle ends, holds up nobody, and gives its place to whoever sends."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from starlette.requests import Request

from api.reporting.taking import Uploads
from storage.miners.reports.rules import MessageTooLarge
from storage.record.problems import TooBusy

ME, OTHER = b"me", b"other"
MOST = 1_000_000


def sending(chunks: Iterable[bytes], *, then: "asyncio.Future[None] | None" = None, every: float = 0) -> Request:
    """A request whose body comes in chunks; `then` holds back its end."""

    async def messages() -> AsyncIterator[dict[str, Any]]:
        for chunk in chunks:
            yield {"type": "http.request", "body": chunk, "more_body": True}
            await asyncio.sleep(every)
        if then is not None:
            await then
        yield {"type": "http.request", "body": b"", "more_body": False}

    told = messages()
    return Request({"type": "http", "method": "PUT", "headers": []}, receive=told.__anext__)


async def takes(uploads: Uploads, request: Request, who: bytes = ME) -> int:
    async with uploads.taken(request, who, most=MOST) as body:
        return len(body)


def holding(uploads: Uploads, chunks: Iterable[bytes] = (b"x",), who: bytes = OTHER) -> "asyncio.Task[int]":
    """An upload that never ends by itself."""
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    return asyncio.create_task(takes(uploads, sending(chunks, then=never), who))


async def begun(uploads: Uploads, count: int) -> None:
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(uploads.going) == count


def let_pass(uploads: Uploads, *, seconds: float) -> None:
    """As if what is on its way had begun so long ago; its limit is drawn anew with its next bytes only."""
    for one in uploads.going:
        one.begun -= seconds


async def test_a_trickle_is_given_up_and_a_line_that_is_fast_enough_is_not() -> None:
    uploads = Uploads(grace=0.2, least=10_000)
    with pytest.raises(TimeoutError):
        await takes(uploads, sending([b"x"] * 1_000, every=0.01))
    assert await takes(uploads, sending([b"x" * 30_000] * 30, every=0.02)) == 900_000
    assert (uploads.going, uploads.of) == (set(), {})


async def test_whoever_sends_takes_the_place_of_the_slowest_once_its_grace_is_over() -> None:
    uploads = Uploads(most=4, grace=600, least=1)
    slow = [holding(uploads, [b"x" * (number + 1) * 100], bytes([number])) for number in range(4)]
    await begun(uploads, 4)
    with pytest.raises(TooBusy):
        await takes(uploads, sending([b"body"]))
    let_pass(uploads, seconds=601)
    assert await takes(uploads, sending([b"body"])) == 4
    with pytest.raises(TimeoutError):
        await slow[0]
    assert len(uploads.going) == 3
    for one in slow[1:]:
        one.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    assert (uploads.going, uploads.of) == (set(), {})


async def test_bytes_that_are_held_back_make_room_for_a_whole_file() -> None:
    uploads = Uploads(room=1_000, grace=600, least=1)
    slow = holding(uploads, [b"x" * 600])
    await begun(uploads, 1)
    let_pass(uploads, seconds=601)
    assert await takes(uploads, sending([b"x" * 900])) == 900
    with pytest.raises(TimeoutError):
        await slow
    with pytest.raises(TimeoutError):
        await takes(uploads, sending([b"x" * 1_001]))


async def test_one_address_keeps_so_many_at_once_and_others_go_on() -> None:
    uploads = Uploads(own=2)
    slow = [holding(uploads) for _ in range(2)]
    await begun(uploads, 2)
    with pytest.raises(TooBusy):
        await takes(uploads, sending([b"body"]), OTHER)
    assert await takes(uploads, sending([b"body"])) == 4
    for one in slow:
        one.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    assert await takes(uploads, sending([b"body"]), OTHER) == 4


async def test_what_is_larger_than_a_file_is_refused_and_leaves_nothing() -> None:
    uploads = Uploads()
    with pytest.raises(MessageTooLarge):
        await takes(uploads, sending([b"x" * MOST, b"x"]))
    assert (uploads.going, uploads.of) == (set(), {})
