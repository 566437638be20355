"""Tests of how passwords are hashed: two at once, and no queue without end."""

import asyncio
import threading

import pytest

from storage.record.problems import TooBusy
from storage.register.identity.passwords import Passwords

pytestmark = pytest.mark.quick


async def test_whoever_comes_when_too_many_wait_is_told_so_at_once_and_the_others_are_served() -> None:
    passwords, go = Passwords(memory_kib=8, time_cost=1, most_waiting=4), threading.Event()
    passwords._threads.submit(go.wait, 5)
    passwords._threads.submit(go.wait, 5)
    waiting = [asyncio.create_task(passwords.hash("long enough")) for _ in range(4)]
    await asyncio.sleep(0)
    for call in (passwords.hash("long enough"), passwords.matches(None, "long enough")):
        with pytest.raises(TooBusy) as busy:
            await asyncio.wait_for(call, 0.5)
        assert busy.value.parameters == {"seconds": 5}
    gone = waiting.pop()
    gone.cancel()
    go.set()
    hashes = await asyncio.gather(*waiting)
    assert len({one.text for one in hashes}) == 3
    await asyncio.sleep(0)
    assert not await passwords.matches(None, "long enough")
    passwords.close()
