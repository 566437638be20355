"""How tries are counted: in memory, under a keyed hash whose key is forgotten with the hour; never written."""

import asyncio
import hashlib
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from storage.miners.reports.rules import TooManyTries

T = TypeVar("T")
WORK_BITS = 17
"""131,000 hashes on average: a phone's second or two."""
QUEUE_BAR = 200
"""With more filings waiting than this, work is asked for."""
RATE_BAR = 600
"""And with more begun in this process within the hour."""
OWN_BAR = 20
"""Whoever begins more often than this within the hour works for each: a mine's people may share one address."""
TICK = 0.01
"""Seconds: several times what a login takes, and less than anybody notices."""
MOST: dict[str, int] = {"begin": 300, "logIn": 300, "file": 600, "request": 20, "receipt": 100, "requests": 2_000}


@dataclass(slots=True)
class Tries:
    """The counts of this hour. What is kept of an address is a keyed hash, and the key is as old as the hour."""

    seconds: Callable[[], int]
    hour: int = 0
    key: bytes = b""
    counts: Counter[tuple[bytes, str]] = field(default_factory=Counter)
    begun: int = 0

    def of(self, address: str) -> "Own":
        """The counts of whoever asks."""
        hour = self.seconds() // 3600
        if hour != self.hour:
            self.hour, self.key, self.begun = hour, secrets.token_bytes(32), 0
            self.counts.clear()
        return Own(self, hashlib.blake2b(address.encode(), key=self.key, digest_size=16).digest())


@dataclass(slots=True)
class Own:
    """The counts of one address in this hour."""

    tries: Tries
    who: bytes

    def take(self, what: str) -> None:
        """One more try; TooManyTries over the bound."""
        counts = self.tries.counts
        counts[self.who, what] += 1
        self.tries.begun += what == "begin"
        if counts[self.who, what] > MOST[what]:
            raise TooManyTries()

    async def on_the_tick(self, act: Awaitable[T]) -> T:
        """What came of an act, told on the next tick of a clock that began with it: what it took says nothing.

        A row that is found costs some microseconds more than one that is not: two thousand tries would show it.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            return await act
        finally:
            ticks = int((loop.time() - begun) / TICK) + 1
            await asyncio.sleep(begun + ticks * TICK - loop.time())

    def bits(self, waiting: int) -> int:
        """How much work is asked for now."""
        own = self.tries.counts[self.who, "begin"]
        attacked = waiting > QUEUE_BAR or self.tries.begun > RATE_BAR or own > OWN_BAR
        return WORK_BITS if attacked else 0
