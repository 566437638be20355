"""How files of reporters are taken in: whole in memory, no slower than a bad line, and none at the cost of another."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import Request

from storage.miners.reports import rules
from storage.record.problems import TooBusy

MOST_AT_ONCE = 64
OWN_AT_ONCE = 8
"""From one address: a mine's people may share one, and four of them send two files each."""
ROOM = 64 * 1024 * 1024
"""Bytes that are held at once of files that are not whole yet, or not in the database."""
GRACE = 20.0
LEAST = 8_192
"""Bytes a second on average, once the grace is over: a telephone's line of twenty years ago."""
WAIT = 5


@dataclass(slots=True, eq=False)
class Upload:
    """One file on its way: how much of it is here, since when, and the time by which more must have come."""

    who: bytes
    limit: asyncio.Timeout
    begun: float
    body: bytearray = field(default_factory=bytearray)
    given_up: bool = False
    whole: bool = False

    def rate(self, now: float) -> float:
        """Bytes a second so far."""
        return len(self.body) / max(now - self.begun, 0.001)


@dataclass(slots=True)
class Uploads:
    """The files on their way. Where there is no room for one more, the slowest makes room, once its grace is over.

    So whoever holds many lines open with a trickle loses them to whoever sends; what is known of an address is the
    keyed hash of its hour, as for all tries, and only as long as its file is on its way.
    """

    most: int = MOST_AT_ONCE
    own: int = OWN_AT_ONCE
    room: int = ROOM
    grace: float = GRACE
    least: int = LEAST
    going: set[Upload] = field(default_factory=set)
    of: Counter[bytes] = field(default_factory=Counter)

    @asynccontextmanager
    async def taken(self, request: Request, who: bytes, *, most: int) -> AsyncIterator[bytes]:
        """The whole body; its room is free again once the block is left. TooBusy, MessageTooLarge, TimeoutError."""
        now = asyncio.get_running_loop().time()
        if self.of[who] >= self.own or (len(self.going) >= self.most and not self._make_room(now)):
            raise TooBusy(seconds=WAIT)
        async with asyncio.timeout(self.grace) as limit:
            upload = Upload(who, limit, begun=now)
            self.going.add(upload)
            self.of[who] += 1
            try:
                await self._read(upload, request, most=most)
                yield bytes(upload.body)
            finally:
                self._forget(upload)

    async def _read(self, upload: Upload, request: Request, *, most: int) -> None:
        loop = asyncio.get_running_loop()
        async for chunk in request.stream():
            upload.body += chunk
            if len(upload.body) > most:
                raise rules.MessageTooLarge(most=most)
            while not upload.given_up and sum(len(one.body) for one in self.going) > self.room:
                self._make_room(loop.time(), loses=upload)
            if upload.given_up:  # Its limit was drawn to now, and must not be moved again.
                raise TimeoutError
            upload.limit.reschedule(upload.begun + self.grace + len(upload.body) / self.least)
        upload.whole = True
        upload.limit.reschedule(None)

    def _make_room(self, now: float, *, loses: Upload | None = None) -> bool:
        """Gives up the slowest whose grace is over; False where there is none. `loses` counts whatever its grace."""
        slow = [one for one in self.going if not one.whole and (one is loses or now - one.begun > self.grace)]
        if not slow:
            return False
        slowest = min(slow, key=lambda one: one.rate(now))
        slowest.given_up = True
        slowest.limit.reschedule(now)
        self._forget(slowest)
        return True

    def _forget(self, upload: Upload) -> None:
        if upload in self.going:
            self.going.remove(upload)
            self.of -= Counter([upload.who])
