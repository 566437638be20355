"""Hashes and checks passwords by Argon2id (RFC 9106), off the event loop and never more than a few at once."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import argon2

from storage.record.problems import TooBusy

P = ParamSpec("P")
R = TypeVar("R")

AT_ONCE = 2
MOST_WAITING = 30
"""A hash takes a seventh of a second: who came last would wait two. Whoever comes then is told to come again."""


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """An Argon2id hash in PHC form. It shows itself to nobody who prints, logs or digests it."""

    text: str = field(repr=False)


class Passwords:
    """Argon2id with one cost for all. `memory_kib` and `time_cost` are settings; the defaults are 64 MiB and 3.

    The threads are a pool of their own: a caller who goes away frees no place while his hash is still computed, so
    there are never more than `at_once`, and never more than so often `memory_kib`. Nor do many wait: TooBusy, before
    anything is looked up, so that it says nothing about an account.
    """

    def __init__(
        self,
        *,
        memory_kib: int = 65_536,
        time_cost: int = 3,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING + AT_ONCE,
    ) -> None:
        self._waiting, self._most_waiting = 0, most_waiting
        self._hasher = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        # An unknown name is checked against this, which no password opens, so that it costs what a known one costs.
        self._nobody = PasswordHash(self._hasher.hash(secrets.token_hex(32)))

    async def hash(self, password: str) -> PasswordHash:
        """The hash of a password with a salt of its own."""
        return PasswordHash(await self._in_turn(self._hasher.hash, _normal(password)))

    async def matches(self, known: PasswordHash | None, password: str) -> bool:
        """Whether the password is the one behind the hash; None (no such account) takes as long and is False."""
        right = await self._in_turn(self._verify, known or self._nobody, _normal(password))
        return right and known is not None

    async def _in_turn(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs in one of the threads, unless too many wait for them already.

        Counted is what is still to be done: a caller who goes away takes his work along only if it was not begun.
        """
        if self._waiting >= self._most_waiting:
            raise TooBusy(seconds=5)
        self._waiting += 1
        doing = self._threads.submit(work, *args, **kwargs)
        loop = asyncio.get_running_loop()
        doing.add_done_callback(lambda _: loop.is_closed() or loop.call_soon_threadsafe(self._one_less))
        return await asyncio.wrap_future(doing)

    def _one_less(self) -> None:
        self._waiting -= 1

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown(cancel_futures=True)

    def _verify(self, known: PasswordHash, password: str) -> bool:
        try:
            return self._hasher.verify(known.text, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False


def _normal(password: str) -> str:
    """One form for what different keyboards send for the same characters (RFC 8265 §4.2.2 asks for NFC)."""
    return unicodedata.normalize("NFC", password)
