"""The tokens by which push services know us: signed with a key of ours, and kept as long as they are good."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from notifications.channels import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """An account of ours at a push service, from the file that the service gives out."""

    project: str
    issuer: str
    audience: str
    """For whom the token is signed; where it is fetched, the address of that."""
    key: str = field(repr=False)
    key_id: str = ""


@dataclass(slots=True)
class Kept:
    """One token, made anew when it is old or was refused; asked for by many at once, it is made once."""

    make: Callable[[datetime], Awaitable[tuple[str, timedelta] | Sent]]
    clock: Callable[[], datetime]
    _token: str = field(default="", init=False, repr=False)
    _until: datetime | None = field(default=None, init=False)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def get(self) -> str | Sent:
        """The token, or why there is none."""
        async with self._making:
            now = self.clock()
            if self._until is not None and now < self._until:
                return self._token
            made = await self.make(now)
            if isinstance(made, Sent):
                return made
            self._token, life = made
            self._until = now + life
            return self._token

    def drop(self, token: str) -> None:
        """This one was refused; a newer one stays."""
        if token == self._token:
            self._until = None


def signed(
    claims: Mapping[str, Any], key: str, *, algorithm: str, key_id: str = "", life: timedelta | None, now: datetime
) -> str:
    """A JSON web token: these claims, when it was made and, with a `life`, until when it is good."""
    at = int(now.timestamp())
    until = {} if life is None else {"exp": at + int(life.total_seconds())}
    headers = {"kid": key_id} if key_id else None
    return jwt.encode({**claims, "iat": at, **until}, key, algorithm=algorithm, headers=headers)
