"""The PostgreSQL and the store that one test run shares among its workers, and the process that keeps them.

Run as `python -m tests.servers FOLDER` it is that keeper: it starts both, writes their addresses into the folder, and
stops both and removes the folder as soon as no test process holds the folder's `users` lock, however those ended.
"""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncpg

from api.embedded import server_files
from api.embedded.credentials import write_private
from api.embedded.postgres import DatabaseAddresses, EmbeddedPostgres
from api.embedded.processes import CannotStart, server_identity
from api.embedded.store import EmbeddedStore
from storage.record.objects import StoreAddress

# A database a test, thrown away with the run: nothing of it must survive a power failure, and syncing each clone to the
# disk was most of the time that a test took. Whatever tests durability starts servers of its own.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Servers:
    """The shared servers: `folder` is the run's scratch folder."""

    folder: Path
    database: DatabaseAddresses
    store: StoreAddress


def wanted_server_files() -> server_files.ServerFiles | None:
    """The system's PostgreSQL when PITHEAD_TEST_POSTGRES=system, else None: what the product itself would choose."""
    if os.environ.get("PITHEAD_TEST_POSTGRES") != "system":
        return None
    found = server_files.of_the_system(identity=server_identity())
    if found is None:
        raise CannotStart("PITHEAD_TEST_POSTGRES=system, but this machine has no PostgreSQL >= 15")
    return found


def hold(folder: Path) -> int:
    """Registers this process as a user of the folder until the returned descriptor is closed."""
    folder.mkdir(mode=0o711, exist_ok=True)
    descriptor = os.open(folder / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def let_go(folder: Path, descriptor: int) -> None:
    """Ends `hold`; the last one removes a folder in which no server was started."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not (folder / "keeper.log").exists():
            shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Holds a lock among the workers of the run."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def passable_folder() -> Iterator[Path]:
    """A scratch folder of mode 0755 outside pytest's own, which other users cannot enter."""
    folder = Path(tempfile.mkdtemp(prefix="pithead-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def shared(folder: Path) -> Servers:
    """The run's servers, started by whoever asks first."""
    addresses = folder / "addresses.json"
    with one_at_a_time(folder / "starting"):
        if not addresses.exists():
            _start_keeper(folder, addresses)
    read = json.loads(addresses.read_text())
    read["database"]["socket"] = Path(read["database"]["socket"])
    return Servers(folder, DatabaseAddresses(**read["database"]), StoreAddress(**read["store"]))


def _start_keeper(folder: Path, addresses: Path) -> None:
    log_path = folder / "keeper.log"
    with log_path.open("wb") as log_file:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + 90
    while not addresses.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the test servers did not start: {log_path.read_text()[-2000:]}")
        time.sleep(0.02)
    keeper.returncode = 0  # It outlives us on purpose, which subprocess would otherwise warn about.


async def run_sql(url: str, *statements: str) -> None:
    """Runs statements over one connection, each in a transaction of its own."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def keep(folder: Path) -> None:
    """The keeper's life."""
    database = EmbeddedPostgres(folder / "postgres", log=print, files=wanted_server_files(), settings=NOT_DURABLE)
    store = EmbeddedStore(folder / "store", log=print, browser_origins=["http://localhost:8700"])
    try:
        found = {"database": asdict(database.start()), "store": asdict(store.start())}
        found["database"]["socket"] = str(found["database"]["socket"])
        write_private(folder / "addresses.json", json.dumps(found).encode())
        with (folder / "users").open("rb+") as users:
            while True:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.1)
    finally:
        store.stop()
        database.stop()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
