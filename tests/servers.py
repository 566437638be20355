"""The PostgreSQL and the store that one test run shares among its workers, and the process that keeps them.

Run as `python -m tests.servers FOLDER` it is that keeper: it starts both, writes their addresses into the folder, and
stops both and removes the folder as soon as no test process holds the folder's `users` lock, however those ended.
"""

import asyncio
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
from urllib.parse import urlsplit

import asyncpg

from api.embedded import server_files
from api.embedded.credentials import write_private
from api.embedded.postgres import SUPERUSER, DatabaseAddresses, EmbeddedPostgres
from api.embedded.processes import CannotStart, server_identity
from api.embedded.store import EmbeddedStore
from storage.record.objects import StoreAddress

# A database a test, thrown away with the run: nothing of it must survive a power failure, and syncing each clone to the
# disk was most of the time that a test took. Whatever tests durability starts servers of its own.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "128MB"}

# A clone is some 800 files, and each test's are removed after it. Where a file system is slow at that (ext4 without a
# journal looks past every file removed lately: 0.4 s of CPU a clone, against 0.02 s in memory), it is most of the run.
MEMORY, ROOM_NEEDED = Path("/dev/shm"), 1 << 30  # noqa: S108 # A folder of our own name is made in it.

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


@contextlib.contextmanager
def folder_in_memory(name: str, *, otherwise: Path) -> Iterator[Path]:
    """A folder in memory for many small files, where there is room for it, else the other; it is gone afterwards."""
    if not os.access(MEMORY, os.W_OK | os.X_OK) or shutil.disk_usage(MEMORY).free < ROOM_NEEDED:
        yield otherwise
        return
    _remove_the_forsaken()
    place, making = MEMORY / name, MEMORY / f"making-{name}"
    making.mkdir(mode=0o711)
    descriptor = os.open(making, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        making.rename(place)  # Whoever sees it by this name sees it locked.
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(descriptor)


def _remove_the_forsaken() -> None:
    """Folders in memory whose process was killed: nothing else would give their memory back before the next boot."""
    for place in MEMORY.glob("pithead-tests-*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
            finally:
                os.close(descriptor)


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
    with folder_in_memory(folder.name, otherwise=folder) as place:
        _keep(folder, place)
    shutil.rmtree(folder, ignore_errors=True)


def _keep(folder: Path, place: Path) -> None:
    files = wanted_server_files() or server_files.find(identity=server_identity(), log=print)
    # The roles' passwords are long and random: hashing them 4,096 times is a third of what a connection costs.
    cheap = {"scram_iterations": "1"} if files.major >= 16 else {}
    database = EmbeddedPostgres(place / "postgres", log=print, files=files, settings=NOT_DURABLE | cheap)
    store = EmbeddedStore(folder / "store", log=print, browser_origins=["http://localhost:8700"])
    try:
        addresses = database.start()
        rehash = f"ALTER ROLE {SUPERUSER} PASSWORD '{urlsplit(addresses.superuser).password}'"  # It is initdb's.
        asyncio.run(run_sql(addresses.superuser, rehash))
        found = {"database": asdict(addresses), "store": asdict(store.start())}
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


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
