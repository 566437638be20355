"""What may live here: the servers that are measured and the seeded databases that are kept between runs."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from api.embedded.postgres import OWNER, DatabaseAddresses, EmbeddedPostgres, database_rights_sql, schema_sql
from api.embedded.store import EmbeddedStore
from storage.migrations.run import migrate
from storage.record.objects import StoreAddress
from tests.servers import ROOT, run_sql, wanted_server_files

Seed = Callable[["asyncpg.Connection[Any]"], Awaitable[None]]


def folder() -> Path:
    """Where the bench's servers keep their data: in the data folder if one is named, else in the system's scratch."""
    named = os.environ.get("PITHEAD_DATA")
    made = Path(named) / "bench" if named else Path(tempfile.gettempdir()) / f"pithead-bench-{os.geteuid()}"
    made.mkdir(parents=True, exist_ok=True, mode=0o711)
    return made


@dataclass(slots=True)
class Ground:
    """The PostgreSQL server that everything is measured on, and a store for what needs one."""

    server: EmbeddedPostgres
    addresses: DatabaseAddresses
    _store: EmbeddedStore | None = None
    _store_address: StoreAddress | None = None

    @property
    def pid(self) -> int:
        """The server's process, whose children are its backends."""
        return self.server.process.pid

    def store(self) -> StoreAddress:
        """The store, started by whoever asks first; only from the main thread, which outlives it."""
        if self._store_address is None:
            self._store = EmbeddedStore(folder() / "store", log=print)
            self._store_address = self._store.start()
        return self._store_address

    def stop(self) -> None:
        """Ends the servers; what they keep stays."""
        if self._store is not None:
            self._store.stop()
        self.server.stop()

    async def seeded(self, name: str, seed: Seed) -> DatabaseAddresses:
        """The database of this name, migrated and filled by `seed` as superuser; made once and kept between runs."""
        wanted = f"bench_{name}_{_shape(seed)}"
        kept = await self._names(f"bench_{name}_")
        if wanted not in kept:
            for old in kept:
                await self._run(f'DROP DATABASE "{old}" WITH (FORCE)')
            await self._make(wanted, seed)
        return self.addresses.of_database(wanted)

    @asynccontextmanager
    async def clone(self, of: DatabaseAddresses) -> AsyncIterator[DatabaseAddresses]:
        """A copy of a seeded database, thrown away afterwards; nobody may be connected to the original."""
        original = of.superuser.rsplit("/", 1)[1]
        name = f"{original}_copy"
        await self._run(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{original}" OWNER {OWNER}',
            database_rights_sql(name),
        )
        try:
            yield self.addresses.of_database(name)
        finally:
            await self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _make(self, wanted: str, seed: Seed) -> None:
        """Under another name until it is whole: a run that was cut short leaves nothing that looks finished."""
        unfinished = f"unfinished_{wanted}"
        await self._run(
            f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)', f'CREATE DATABASE "{unfinished}" OWNER {OWNER}',
            database_rights_sql(unfinished),
        )  # fmt: skip
        made = self.addresses.of_database(unfinished)
        await run_sql(made.superuser, schema_sql())
        await asyncio.to_thread(migrate, made.owner)
        sql = await asyncpg.connect(made.superuser)
        try:
            await seed(sql)
            # What a database that has stood for a while knows about itself.
            await sql.execute("VACUUM ANALYZE")
        finally:
            await sql.close()
        await self._run(f'ALTER DATABASE "{unfinished}" RENAME TO "{wanted}"', "CHECKPOINT")

    async def _names(self, prefix: str) -> list[str]:
        sql = await asyncpg.connect(self.addresses.superuser)
        try:
            rows = await sql.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix)
        finally:
            await sql.close()
        return [row["datname"] for row in rows]

    async def _run(self, *statements: str) -> None:
        await run_sql(self.addresses.superuser, *statements)


def start() -> Ground:
    """Starts the server; to be called from the main thread, which outlives it."""
    server = EmbeddedPostgres(folder() / "postgres", log=print, files=wanted_server_files())
    return Ground(server, server.start())


def _shape(seed: Seed) -> str:
    """A digest of the migrations and of the module that seeds."""
    seeding = (ROOT / seed.__module__.replace(".", "/")).with_suffix(".py")
    files = sorted((*(ROOT / "storage/migrations").rglob("*.py"), seeding))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]
