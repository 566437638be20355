"""A store whose disk is full: it may write no file beyond a size, which the system enforces as it does a full disk."""

import resource
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from api.embedded.store import EmbeddedStore
from storage.record.objects import Objects, StoreAddress

ROOM = 5_000_000
"""Bytes that a file of the store may have: a write that goes beyond is cut off there, and the next one fails."""


@contextmanager
def little_room() -> Iterator[None]:
    """For whatever server is started within. A limit needs no rights and no file system of its own, as tmpfs would.

    The signal that comes with the limit is blocked, which a child inherits: it gets the error and no signal.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGXFSZ})
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class SmallStore:
    """A store with little room, which may be filled up, and be given more."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedStore(folder, log=lambda _: None)
        with little_room():
            self.address: StoreAddress = self.server.start()

    def fill(self, address: StoreAddress) -> None:
        """Until not even a few hundred bytes find room any more."""
        objects = Objects(address)
        for size in (1_000_000, 100_000, 10_000, 1_000, 100):
            with suppress(ClientError):
                while True:
                    objects.client.put_object(
                        Bucket=address.bucket, Key=f"ballast/{secrets.token_hex(8)}", Body=secrets.token_bytes(size)
                    )
        objects.close()

    def takes(self, body: bytes) -> bool:
        """Whether these bytes find room."""
        objects = Objects(self.address)
        try:
            objects.client.put_object(Bucket=self.address.bucket, Key="ballast/last", Body=body)
        except (ClientError, BotoCoreError):
            return False
        finally:
            objects.close()
        return True

    def give_room(self) -> None:
        """As whoever runs it does: more disk, and a restart. It comes back at the same address."""
        self.server.stop()
        assert self.server.start() == self.address
