"""What may live here: the API process that is measured, started as the product does, and tokens for its clients."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from api.auth import Authenticator
from api.embedded.ports import free_ports
from api.settings import PREFIX, surroundings
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from tests.bench.client import Client
from tests.bench.ground import Ground, folder
from tests.bench.site import Officer
from tests.servers import ROOT

LOCKED = 10
"""Seconds: long enough that a lock never lies in the past when it is asked for, short enough to clean up after it."""


@dataclass(frozen=True, slots=True)
class Api:
    """A running API, by the process that was started."""

    pid: int
    port: int
    tokens: Authenticator

    def token(self, officer: Officer) -> str:
        """An access token as sign-in would give it; it lives ten minutes."""
        actor = officer.actor
        assert actor.session_id is not None
        made = self.tokens.access_token(
            account_id=actor.account_id, session_id=actor.session_id, device_id=actor.device_id, now=datetime.now(UTC)
        )
        return made.text


@asynccontextmanager
async def api(ground: Ground, database_url: str, *, processes: int = 1) -> AsyncIterator[Api]:
    """`pithead serve` on this database and the bench's store, by the role of the API."""
    keys, (port,) = KeyFolder(folder() / "keys"), free_ports(1)
    keys.create_missing(to_ms(datetime.now(UTC)))
    published = ground.addresses.of_database(urlsplit(database_url).path.removeprefix("/")).public
    environment = _environment(
        ground, PORT=str(port), DATABASE_URL=database_url, DATABASE_PUBLIC_URL=published, KEYS=str(keys.path),
        API_PROCESSES=str(processes),
    )  # fmt: skip
    process = await asyncio.to_thread(
        lambda: subprocess.Popen([sys.executable, "-m", "api.cli", "serve"], cwd=ROOT, env=environment)
    )
    database = Database(database_url, pool_size=1)
    try:
        await _opened(process, port)
        yield Api(process.pid, port, Authenticator(database, signer=keys.signer("token")))
    finally:
        await database.close()
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


@asynccontextmanager
async def sealing_worker(ground: Ground, database_url: str) -> AsyncIterator[int]:
    """`pithead worker sealing` on this database and the bench store; its process id. It locks for `LOCKED` seconds."""
    environment = _environment(ground, DATABASE_WORKER_URL=database_url, RETENTION_FLOOR_SECONDS=str(LOCKED))
    process = await asyncio.to_thread(
        lambda: subprocess.Popen([sys.executable, "-m", "api.cli", "worker", "sealing"], cwd=ROOT, env=environment)
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


def _environment(ground: Ground, **told: str) -> dict[str, str]:
    store = ground.store()
    told |= {
        "DATA": str(folder()), "S3_ENDPOINT": store.endpoint, "S3_BUCKET": store.bucket,
        "S3_ACCESS_KEY": store.access_key, "S3_SECRET_KEY": store.secret_key, "S3_PUBLIC_URL": store.public_url,
        "S3_REGION": store.region,
    }  # fmt: skip
    return surroundings() | {PREFIX + name: value for name, value in told.items()}


async def _opened(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            (await Client.connect(port)).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
