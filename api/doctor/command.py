"""`pithead doctor`: finds the installation by its settings, looks at each part by itself, prints what it found.

It comes as the workers' role, which sees every row, in transactions that only read: the owner's role sees none (row
security is forced on it) and could change what it should judge, a role of its own would be one more to hand out. The
API's role is asked only what it is. Nothing is written: no row, no object, no key, no probe.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from api.doctor import database as base
from api.doctor import pictures, places, record, store
from api.doctor.findings import Look, exit_code, lines, summary
from api.embedded import known
from api.settings import Settings
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder, KeysUnusable
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.objects import Objects, StoreAddress

_NO_DATABASE = "set PITHEAD_DATABASE_WORKER_URL, or PITHEAD_DATA to the folder of a `pithead run`"
_NO_STORE = "set PITHEAD_S3_ENDPOINT and its kin, or PITHEAD_DATA to the folder of a `pithead run`"
_AWAY = "it does not answer: start the server (`pithead run`), or see that its address is right"
_BLIND = {
    "TryAgain": _AWAY, "TimeoutError": _AWAY, "ConnectionRefusedError": _AWAY,
    "InvalidPasswordError": "it refuses the password of its address",
    "InsufficientPrivilegeError": "the workers' role may not read what it must: run `pithead migrate`",
    "ClientError": "it refuses our key",
}  # fmt: skip

SLOWEST = 10.0
"""Seconds that a part which asks one question may take; those that read everything take what they need."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is, as far as it is known; `embedded` says that the store's files are ours to look at."""

    api: str | None
    worker: str | None
    store: StoreAddress | None
    url: str | None
    embedded: bool


@dataclass(slots=True)
class _Clock:
    """What the store's clock said, and when it was asked."""

    says: datetime | None
    asked_at: datetime


def examine(settings: Settings, *, as_json: bool, say: Callable[[str], None]) -> int:
    """Looks at everything; 0 when all is well, 1 when something is wrong, 2 when something could not be looked at."""
    looks: list[Look] = []

    def tell(look: Look) -> None:
        looks.append(look)
        if not as_json:
            for line in lines(look):
                say(line)

    asyncio.run(_look_at_all(settings, tell))
    if as_json:
        say(json.dumps([look.as_json() for look in looks], ensure_ascii=False, indent=1))
    else:
        say(f"pithead: {summary(looks)}")
    return exit_code(looks)


def addresses(settings: Settings) -> Addresses:
    """From the settings; else those of the embedded servers in the data folder."""
    ours = known.database_addresses(settings.data / "postgres")
    api, worker = settings.database_url, settings.database_worker_url
    written = settings.data / "address"
    return Addresses(
        api=api.get_secret_value() if api else None if ours is None else ours.api,
        worker=worker.get_secret_value() if worker else None if ours is None else ours.worker,
        store=_store(settings) or known.store_address(settings.data / "store"),
        url=settings.url or (written.read_text().strip() if written.exists() else None),
        embedded=settings.s3_endpoint is None,
    )


def _store(settings: Settings) -> StoreAddress | None:
    parts = (settings.s3_endpoint, settings.s3_bucket, settings.s3_access_key, settings.s3_secret_key)
    endpoint, bucket, access_key, secret_key = parts
    if endpoint is None or bucket is None or access_key is None or secret_key is None:
        return None
    public = settings.s3_public_url or endpoint
    keys = access_key.get_secret_value(), secret_key.get_secret_value()
    return StoreAddress(endpoint, bucket, *keys, public, settings.s3_region)


async def _look_at_all(settings: Settings, tell: Callable[[Look], None]) -> None:
    found = addresses(settings)
    tell(Look("settings", seen=f"{settings.environment}, data in {settings.data}"))
    tell(places.keys(settings.keys_folder, now_ms=to_ms(datetime.now(UTC))))
    tell(places.disk(settings.data, least=settings.disk_least_bytes))
    if found.embedded and (settings.data / "store").exists():
        tell(places.store_files(known.store_files(settings.data / "store")))
    tell(await asyncio.to_thread(places.public_url, found.url))
    async with AsyncExitStack() as held:
        workers, api = _database(found.worker, held), _database(found.api, held)
        objects = None if found.store is None else Objects(found.store)
        if objects is not None:
            held.callback(objects.close)
        whole = await _look_at_database(workers, api, tell)
        clock = await _look_at_store(objects, tell)
        if workers is not None and whole:
            await _look_at_both(workers, objects, clock, _public_keys(settings), tell)


def _database(url: str | None, held: AsyncExitStack) -> Database | None:
    if url is None:
        return None
    database = Database(url, pool_size=2)
    held.push_async_callback(database.close)
    return database


def _public_keys(settings: Settings) -> PublicKeys | None:
    try:
        return PublicKeys.parse(KeyFolder(settings.keys_folder).public())
    except (KeysUnusable, ValueError):
        return None  # What is wrong with them was told by `keys`.


async def _look_at_database(workers: Database | None, api: Database | None, tell: Callable[[Look], None]) -> bool:
    """What the database says of itself; whether its tables can be read, so that there is more to look at."""
    if workers is None:
        tell(Look("database", blind=f"no address is known: {_NO_DATABASE}"))
        return False
    named = {"workers": workers} | ({} if api is None else {"API": api})
    steps = await _seen("migrations", base.migrations_at_head(workers), tell)
    if steps is None or steps.findings:
        return False
    await _seen("rights", base.roles(named), tell)
    await _seen("durability", base.durability(workers), tell)
    await _seen("workers", base.work_waiting(workers), tell)
    return True


async def _look_at_store(objects: Objects | None, tell: Callable[[Look], None]) -> "_Clock":
    if objects is None:
        tell(Look("store", blind=f"no address is known: {_NO_STORE}"))
        return _Clock(None, datetime.now(UTC))
    clock = _Clock(None, datetime.now(UTC))

    async def look() -> Look:
        seen, clock.says, clock.asked_at = await store.fit(objects)
        return seen

    await _seen("store", look(), tell)
    return clock


async def _look_at_both(
    workers: Database, objects: Objects | None, clock: "_Clock", keys: PublicKeys | None, tell: Callable[[Look], None]
) -> None:
    await _seen("clocks", base.clocks(workers, clock.says, asked_at=clock.asked_at), tell)
    await _seen("entries", record.entries(workers), tell, bounded=False)
    await _seen("rows", record.rows(workers), tell, bounded=False)
    if objects is not None and clock.says is not None:
        await _seen("log", record.tree(workers, objects, keys), tell, bounded=False)
        await _seen("objects", store.inventory_agrees(workers, objects), tell, bounded=False)
        await _seen("pictures", pictures.published_agree(workers, objects), tell, bounded=False)


async def _seen(part: str, look: Awaitable[Look], tell: Callable[[Look], None], *, bounded: bool = True) -> Look | None:
    """One look by itself: what fails leaves this part unseen and the others as they are."""
    try:
        seen = await asyncio.wait_for(look, SLOWEST if bounded else None)
    except Exception as fault:
        # The kind of fault is told, its text is not: it may hold an address, a password or a name.
        tell(Look(part, blind=_BLIND.get(type(fault).__name__, type(fault).__name__)))
        return None
    tell(seen)
    return seen
