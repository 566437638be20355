"""A whole service for a journey: the API on a port of its own, the workers, sample people, one database, one bucket."""

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn
from pydantic import SecretStr

from api import worker
from api.app import Parts, Watch, create_app
from api.doctor import command
from api.embedded.postgres import OWNER, DatabaseAddresses, database_rights_sql
from api.embedded.store import create_bucket
from api.phone.phone import Person
from api.sample import load_samples
from api.sample_people import PASSWORD
from api.serving import Server, for_sockets
from api.settings import Settings
from api.telemetry import Telemetry
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects, StoreAddress
from storage.register.identity.passwords import Passwords
from tests.conftest import ORIGIN, TEMPLATE
from tests.servers import Servers, run_sql

LEAD, SECOND = "lead.panzhou", "inspector.panzhou"
OFFICERS = [Person(LEAD, PASSWORD), Person(SECOND, PASSWORD)]
MINUTE = timedelta(minutes=1)
_UNSHOWN = (
    "SELECT (SELECT count(*) FROM unsequenced)"
    " + (SELECT size FROM tree_head) - coalesce((SELECT max(size) FROM checkpoints), 0)"
)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: where phones reach it, its keys, and its database as the superuser sees it."""

    url: str
    keys: KeyFolder
    superuser: str
    api: str
    worker: str
    store: StoreAddress

    async def count(self, statement: str, *arguments: Any) -> int:
        """What a counting statement finds, past every policy."""
        connection = await asyncpg.connect(self.superuser)
        try:
            return int(await connection.fetchval(statement, *arguments))
        finally:
            await connection.close()

    async def settled(self) -> None:
        """Waits until all that was done stands under the checkpoint shown: before that no pack can prove the last."""
        async with asyncio.timeout(30):
            while await self.count(_UNSHOWN):  # noqa: ASYNC110 # The workers tell nobody when they are done.
                await asyncio.sleep(0.02)


def settings_of(service: Service, folder: Path) -> Settings:
    """What the operator of this service would have set."""
    return Settings(
        data=folder, keys=service.keys.path, url=service.url,
        database_url=SecretStr(service.api), database_worker_url=SecretStr(service.worker),
        s3_endpoint=service.store.endpoint, s3_bucket=service.store.bucket,
        s3_access_key=SecretStr(service.store.access_key), s3_secret_key=SecretStr(service.store.secret_key),
    )  # fmt: skip


async def examined(settings: Settings) -> tuple[int, list[dict[str, Any]]]:
    """The doctor's exit code and what he saw."""
    said: list[str] = []
    code = await asyncio.to_thread(command.examine, settings, as_json=True, say=said.append)
    return code, json.loads(said[0])


@asynccontextmanager
async def running_service(
    servers: Servers,
    template: DatabaseAddresses,
    folder: Path,
    *,
    watch: Watch | None = None,
    telemetry: Telemetry | None = None,
    clock: Callable[[], datetime] | None = None,
    begun: datetime | None = None,
    sandbox: bool = False,
) -> AsyncIterator[Service]:
    """The service over a clone of the template; all of it ends with the block. `clock` is the time that the API sees.

    The workers keep this machine's time: they seal bytes that a store with its own clock holds. `begun` is when keys
    and sample people begin, if not now.
    """
    begun = begun or (clock or _now)()
    name = f"journey_{secrets.token_hex(6)}"
    create = f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER} STRATEGY FILE_COPY"
    await run_sql(servers.database.superuser, create, database_rights_sql(name))
    database = template.of_database(name)
    store = replace(servers.store, bucket=f"journey-{secrets.token_hex(4)}")
    await asyncio.to_thread(create_bucket, store)
    keys = KeyFolder(folder / "keys")
    keys.create_missing(to_ms(begun), origin=ORIGIN)
    await _load_people(database.api, begun)
    parts = Parts(
        database_url=database.api, public_url=database.public, store=store, keys=keys, development=True,
        watch=watch or Watch(), telemetry=telemetry, clock=clock, sandbox=sandbox,
    )  # fmt: skip
    async with _serving(parts) as url, _working(database.worker, Objects(store), keys):
        yield Service(url, keys, database.superuser, database.api, database.worker, store)
    await run_sql(servers.database.superuser, f"DROP DATABASE {name} WITH (FORCE)")


def _now() -> datetime:
    return datetime.now(UTC)


async def _load_people(url: str, now: datetime) -> None:
    """The sample people, with passwords that cost next to nothing to check."""
    database, cheap = Database(url, pool_size=2), Passwords(memory_kib=8, time_cost=1)
    await load_samples(database, now, passwords=cheap)
    cheap.close()
    await database.close()


@asynccontextmanager
async def _serving(parts: Parts) -> AsyncIterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        app = create_app(parts)
        config = uvicorn.Config(app, log_level="error", access_log=False, **for_sockets(parts.graphql.body_bytes))
        server = Server(config, app.state.farewell)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not task.done():  # noqa: ASYNC110 # uvicorn offers no event to wait for.
            await asyncio.sleep(0.01)
        try:
            yield f"http://localhost:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def _working(url: str, objects: Objects, keys: KeyFolder) -> AsyncIterator[None]:
    database, stop = Database(url, pool_size=8), worker.Stop()
    ledger = worker.LedgerWorker(database, objects, keys, keep_for=MINUTE, between_checkpoints=0.05)
    sealing = worker.SealingWorker(database, objects, floor=MINUTE)
    tasks = [asyncio.create_task(worker.run(one, stop)) for one in (ledger, sealing)]
    try:
        yield
    finally:
        stop.ask()
        await asyncio.gather(*tasks)
        await database.close()
        objects.close()
