"""Who follows just now: how many may, until when, and how all are told that we are going."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from storage.record.actor import Actor
from storage.record.problems import Problem

GOING_AWAY: Final = 1001
FORBIDDEN: Final = 4403
REREAD: Final = 15.0
"""Seconds after which it is asked again whether a sign-in still holds, and shows what it showed."""


class Claims(Protocol):
    """What a verified token says of its life."""

    @property
    def expires_at(self) -> datetime:
        """When it ends; aware."""


class Passes(Protocol):
    """Who reads bearer tokens; the API's authenticator does."""

    def claims_of(self, authorization: str | None) -> Claims | None:
        """What a good token in this header says, or None."""

    async def authenticate(self, authorization: str | None) -> Actor | None:
        """Who acts by this header, as it stands now, or None."""


class TooMany(Exception):
    """There is no place for one more."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was taken; `leave` gives it back."""

    leave: Callable[[], None]


@dataclass(slots=True, eq=False)
class Crowd:
    """All sockets and streams of one process.

    `most` places in all, `each` for one account; strangers, who are told at once to sign in, share `each` places.
    """

    most: int = 5_000
    each: int = 10
    reread: float = REREAD
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    _of: Counter[UUID | None] = field(default_factory=Counter)

    def enter(self, account: UUID | None) -> Place:
        """Take a place, or raise TooMany."""
        if self._of[account] >= self.each:
            raise TooMany(f"No more than {self.each} subscriptions or sockets of one account at a time.")
        if self._of.total() >= self.most:
            raise TooMany("No more subscriptions or sockets are taken just now.")
        self._of[account] += 1
        held = [account]

        def leave() -> None:
            if held:
                self._of[held.pop()] -= 1
                self._of += Counter()  # Forgets who has none left.

        return Place(leave)

    def farewell(self) -> None:
        """Tell all that we are going: sockets close with 1001, streams end, and clients come again elsewhere."""
        self.leaving.set()

    async def ended(
        self, passes: Passes, authorization: str | None, clock: Callable[[], datetime], entered: Actor | None
    ) -> int:
        """Wait until a line must end, and say why: 1001 we are going, 4403 its token ended or is good no more.

        A role that came or went since `entered` ends it, too: what a line hears hangs on the roles that it began with,
        and its client comes again with the new ones. Without a token there is nothing to outlive: only our going.
        """
        while True:
            left = self.reread
            if authorization is not None:
                claims = passes.claims_of(authorization)
                if claims is None or not await _is_as_it_was(passes.authenticate(authorization), entered):
                    return FORBIDDEN
                left = min(left, (claims.expires_at - clock()).total_seconds())
                if left <= 0:
                    return FORBIDDEN
            try:
                await asyncio.wait_for(self.leaving.wait(), max(left, 0.001))
                return GOING_AWAY
            except TimeoutError:
                continue


async def _is_as_it_was(reading: Awaitable[Actor | None], entered: Actor | None) -> bool:
    try:
        found = await reading
    except Problem:
        return True  # The database cannot be asked just now: nobody is put out for that, and the token ends anyway.
    return found is not None and (entered is None or set(found.grants) == set(entered.grants))
