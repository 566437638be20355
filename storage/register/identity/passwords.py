"""Hashes and checks passwords by Argon2id (RFC 9106), off the event loop and never more than two at once."""

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import argon2

AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """An Argon2id hash in PHC form. It shows itself to nobody who prints, logs or digests it."""

    text: str = field(repr=False)


class Passwords:
    """Argon2id with one cost for all. `memory_kib` and `time_cost` are settings; the defaults are 64 MiB and 3.

    The threads are a pool of their own: a caller who goes away frees no place while his hash is still computed, so
    there are never more than two, and never more than twice `memory_kib`.
    """

    def __init__(self, *, memory_kib: int = 65_536, time_cost: int = 3) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        # An unknown name is checked against this, which no password opens, so that it costs what a known one costs.
        self._nobody = PasswordHash(self._hasher.hash(secrets.token_hex(32)))

    async def hash(self, password: str) -> PasswordHash:
        """The hash of a password with a salt of its own."""
        loop = asyncio.get_running_loop()
        return PasswordHash(await loop.run_in_executor(self._threads, self._hasher.hash, _normal(password)))

    async def matches(self, known: PasswordHash | None, password: str) -> bool:
        """Whether the password is the one behind the hash; None (no such account) takes as long and is False."""
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._threads, self._verify, known or self._nobody, _normal(password))
        return right and known is not None

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
