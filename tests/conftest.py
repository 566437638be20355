"""What every test may ask for: the run's servers, a database of its own, a bucket of its worker's own."""

import asyncio
import gc
import io
import logging
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from api import logs
from api.embedded.postgres import OWNER, DatabaseAddresses, database_rights_sql, schema_sql
from api.embedded.store import create_bucket
from storage.migrations.run import migrate
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.sequencer import open_log
from storage.record.objects import Objects, StoreAddress
from tests import servers as shared_servers
from tests.servers import Servers

pytest_plugins = ("tests.sites",)

TEMPLATE = "pithead_template"
ORIGIN = "ledger.pithead.example/tests"

Cloning = Callable[[], AbstractAsyncContextManager[DatabaseAddresses]]

# The same examples each time and as long as they take: neither chance nor a busy machine decides whether a test passes.
settings.register_profile(
    "same", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")

_run_folder = pytest.StashKey[Path]()
_hold = pytest.StashKey[int]()


def prepare_template(owner_url: str) -> None:
    """Brings the empty template database to the newest migration; every test's database is a clone of it."""
    migrate(owner_url, months_ahead=1)  # Every further month is a dozen files to copy for each test.


async def begin_log(worker_url: str) -> None:
    """Opens the log as the ledger's worker does before its first turn."""
    database = Database(worker_url, pool_size=1)
    await open_log(database, origin=ORIGIN)
    await database.close()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Each test process says that it uses the run's folder, so that the servers outlive its last user and no longer."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}-{secrets.token_hex(3)}"
    folder = Path(tempfile.gettempdir()) / f"pithead-tests-{run[-12:]}"
    session.config.stash[_run_folder] = folder
    session.config.stash[_hold] = shared_servers.hold(folder)


def pytest_collection_finish() -> None:
    """What is imported stays: whoever collects garbage need not go through the whole schema each time."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The last test process to leave lets the servers stop."""
    shared_servers.let_go(session.config.stash[_run_folder], session.config.stash[_hold])


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Servers:
    """One PostgreSQL and one store for all workers of this run."""
    return shared_servers.shared(request.config.stash[_run_folder])


@pytest.fixture(scope="session")
async def template(servers: Servers) -> DatabaseAddresses:
    """The migrated template database; nobody may stay connected to it."""
    await asyncio.to_thread(_make_template_once, servers)
    return servers.database.of_database(TEMPLATE)


def _make_template_once(servers: Servers) -> None:
    made = servers.folder / "template-made"
    addresses = servers.database.of_database(TEMPLATE)
    with shared_servers.one_at_a_time(servers.folder / "making-template"):
        if made.exists():
            return
        create = f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}"
        asyncio.run(shared_servers.run_sql(servers.database.superuser, create))
        asyncio.run(shared_servers.run_sql(addresses.superuser, schema_sql()))
        prepare_template(addresses.owner)
        asyncio.run(begin_log(addresses.worker))
        made.touch()


@pytest.fixture(scope="session")
async def cloning(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Cloning]:
    """What makes a database like the template, over one connection for the whole run."""
    sql = await asyncpg.connect(servers.database.superuser)

    @asynccontextmanager
    async def clone() -> AsyncIterator[DatabaseAddresses]:
        name = f"test_{secrets.token_hex(6)}"
        await sql.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER} STRATEGY FILE_COPY")
        await sql.execute(database_rights_sql(name))
        yield servers.database.of_database(name)
        await sql.execute(f"DROP DATABASE {name} WITH (FORCE)")

    yield clone
    await sql.close()


@pytest.fixture
async def database(cloning: Cloning) -> AsyncIterator[DatabaseAddresses]:
    """A database of the test's own, cloned from the template, with the product's roles and rights."""
    async with cloning() as addresses:
        yield addresses


@pytest.fixture(scope="module")
async def module_database(cloning: Cloning) -> AsyncIterator[DatabaseAddresses]:
    """One database for a module's tests that store nothing."""
    async with cloning() as addresses:
        yield addresses


@pytest.fixture
async def record(database: DatabaseAddresses) -> AsyncIterator[Database]:
    """The test's database as the API opens it."""
    opened = Database(database.api, pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def workers(database: DatabaseAddresses) -> AsyncIterator[Database]:
    """The test's database as the workers open it."""
    opened = Database(database.worker, pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def public_database(database: DatabaseAddresses) -> AsyncIterator[Database]:
    """The test's database as the public site opens it."""
    opened = Database(database.public, pool_size=4, gathers=True)
    yield opened
    await opened.close()


@pytest.fixture
async def keys(database: DatabaseAddresses, tmp_path: Path) -> KeyFolder:
    """The server's keys, valid since 2020; the test's log is named after them, so that tests share no checkpoints."""
    folder, origin = KeyFolder(tmp_path / "keys"), f"ledger.pithead.example/{secrets.token_hex(6)}"
    folder.create_missing(1_577_836_800_000, origin=origin)
    await shared_servers.run_sql(database.superuser, f"UPDATE tree_head SET origin = '{origin}'")
    return folder


@pytest.fixture(scope="session")
def objects(bucket: StoreAddress) -> Iterator[Objects]:
    """The store as the record uses it, over this worker's bucket."""
    opened = Objects(bucket)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def bucket(servers: Servers) -> StoreAddress:
    """A bucket of this worker's own, with object lock and versioning; it ends with the run's folder."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    address = replace(servers.store, bucket=f"tests-{worker}-{secrets.token_hex(4)}")
    create_bucket(address)
    return address


@pytest.fixture
def words() -> Iterator[io.StringIO]:
    """What was logged, as in production."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    logs.begin("api", as_json=True, stream=stream)
    yield stream
    root.handlers[:], root.level = before


@pytest.fixture
def passable() -> Iterator[Path]:
    """A scratch folder that the servers' user can reach; pytest's own has mode 0700."""
    with shared_servers.passable_folder() as folder:
        yield folder
