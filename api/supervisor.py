"""What `pithead run` does: starts the servers that have no address yet, then our own processes, and watches all."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from api.embedded.ports import LOOPBACK, is_free, next_free_port, reserve
from api.embedded.postgres import DatabaseAddresses, EmbeddedPostgres
from api.embedded.processes import CannotStart, FolderLock, Restarts, own_identity, start_server, stop_process
from api.embedded.store import EmbeddedStore
from api.settings import PREFIX, WAYS, Settings, surroundings
from storage.record.objects import StoreAddress

_STORE = frozenset({"S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_PUBLIC_URL", "S3_REGION"})

_READING = frozenset({"DATABASE_URL", "DATABASE_PUBLIC_URL"})

_PHONE = frozenset({"PHONE_HOST", "PHONE_PORT", "PHONE_PAGE_PORT"})

_SERVING = frozenset({"METRICS_TOKEN", "API_PROCESSES"})
_TELEMETRY = frozenset({"TELEMETRY_URL", "TELEMETRY_HEADERS", "TELEMETRY_SHARE"})
_TELLING = frozenset(
    name.upper() for name in Settings.model_fields if name.startswith(WAYS) and name != "gateway_secret"
)
_SECRETS = ("METRICS_TOKEN", "TELEMETRY_HEADERS", "GATEWAY_TOKEN", "GATEWAY_SECRET", "SMTP_PASSWORD")

_TOLD_TO_ALL = frozenset({"ENVIRONMENT", "DATA", "KEYS", "HOST", "PORT", "PROXIES", "SANDBOX", "URL"}) | {
    "LARGEST_FILE_BYTES",
    "RETENTION_FLOOR_SECONDS",
    "LEDGER_RETENTION_SECONDS",
    "SCRUB_BYTES_PER_SECOND",
    "DISK_LEAST_BYTES",
    "DRAIN_SECONDS",
    "FONTS",
    "HEAD_SECONDS",
    "LOG_FORMAT",
    "LOG_REQUESTS",
    "EXPLORER",
    "RELYING_PARTY",
    "PASSKEY_ORIGINS",
    "TIMESTAMP_URL",
    *(name.upper() for name in Settings.model_fields if name.startswith("graphql_")),
}

_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Command:
    """One of our own processes, and which addresses it is given; it gets no other."""

    name: str
    arguments: tuple[str, ...]
    needs: frozenset[str]
    environment: frozenset[str] = frozenset({"development", "production"})
    for_phones: bool = False


def _urls(found: DatabaseAddresses) -> dict[str, str]:
    """The addresses of our own database, by the names of their settings."""
    return {
        "DATABASE_URL": found.api,
        "DATABASE_WORKER_URL": found.worker,
        "DATABASE_PUBLIC_URL": found.public,
        "DATABASE_OWNER_URL": found.owner,
    }


def _pithead(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "api.cli", *arguments)


@dataclass(frozen=True)
class Plan:
    """What is run, and when.

    `before` run to their end while the store starts, `beside` while the API starts: they must need no store, and the
    address is told only when they are done. `stay` go on; the last of them (the API) starts first and stops first.
    """

    before: tuple[Command, ...]
    beside: tuple[Command, ...]
    stay: tuple[Command, ...]


PITHEAD = Plan(
    before=(Command("migrate", _pithead("migrate"), frozenset({"DATABASE_OWNER_URL"})),),
    beside=(Command("seed", _pithead("seed"), frozenset({"DATABASE_URL"}), frozenset({"development"})),),
    stay=(
        Command("describing", _pithead("worker", "describing"), frozenset({"DATABASE_WORKER_URL"}) | _STORE),
        Command("keeping", _pithead("worker", "keeping"), frozenset({"DATABASE_WORKER_URL"}) | _STORE),
        Command("sealing", _pithead("worker", "sealing"), frozenset({"DATABASE_WORKER_URL"}) | _STORE),
        Command("telling", _pithead("worker", "telling"), frozenset({"DATABASE_WORKER_URL"}) | _STORE | _TELLING),
        Command("ledger", _pithead("worker", "ledger"), frozenset({"DATABASE_WORKER_URL"}) | _STORE),
        Command("nearby", _pithead("nearby"), _READING | _STORE | _PHONE, for_phones=True),
        Command(
            "api",
            _pithead("serve"),
            _READING | {"METRICS_TOKEN", "API_PROCESSES", "GATEWAY_SECRET"} | _STORE | _TELEMETRY,
        ),
    ),
)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class _Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class _Running:
    """A command that stays, its process, and when to start it again after it died."""

    command: Command
    process: subprocess.Popen[bytes] | None = None
    restarts: Restarts = field(default_factory=Restarts)


@dataclass
class Supervisor:
    """Everything that one `pithead run` holds. `banner` tells, after the address, what a newcomer should know."""

    settings: Settings
    plan: Plan = PITHEAD
    log: Callable[[str], None] = _say
    banner: Callable[[str], Sequence[str]] = lambda url: ()
    _stop_asked: bool = field(default=False, init=False)
    _passing: list[_Running] = field(default_factory=list, init=False)
    _running: list[_Running] = field(default_factory=list, init=False)
    _addresses: dict[str, str] = field(default_factory=dict, init=False)
    _database: EmbeddedPostgres | None = field(default=None, init=False)
    _store: EmbeddedStore | None = field(default=None, init=False)
    _lock: FolderLock | None = field(default=None, init=False)
    _reserved: socket.socket | None = field(default=None, init=False)

    def run(self) -> None:
        """Starts all, watches until SIGINT, SIGTERM or SIGHUP, stops all in order; CannotStart says why in one line.

        To be called from the main thread: signals arrive there, and the children are tied to it.
        """
        with self._listening_to_signals():
            try:
                self._start()
                while True:
                    self._pause(_POLL_SECONDS)
                    self._watch()
            except _Stopped:
                self.log("stopping")
            finally:
                self._stop()

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        def ask(number: int, frame: FrameType | None) -> None:
            self._stop_asked = True

        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _pause(self, seconds: float) -> None:
        """Waits, and leaves by _Stopped when that was asked."""
        if not self._stop_asked:
            time.sleep(seconds)
        if self._stop_asked:
            raise _Stopped

    def _start(self) -> None:
        data = self.settings.data
        if not data.exists():
            # As root the servers run as another user, who must be able to pass through; the files inside are closed.
            data.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        lock = FolderLock(data / "lock")
        lock.take()
        self._lock = lock
        port, external = self._choose_port(), self._external_database()
        self._reserved = reserve(port)
        url = self.settings.url or f"http://localhost:{port}"
        self.log(" ".join(("settings:", *(f"{name}={value}" for name, value in self.settings.told().items()))))
        self._addresses = self._plain_values(port=port, url=url)
        for name in _SECRETS:
            if (secret := getattr(self.settings, name.lower())) is not None:
                self._addresses[name] = secret.get_secret_value()
        self._start_database(external)
        self._pause(0)
        self._begin(self.plan.before)
        self._start_store(origins=(url, f"http://localhost:{port}", f"http://{LOOPBACK}:{port}"))
        self._wait_for_their_end()
        self._let_the_port_go()
        self._begin(self.plan.beside)
        wanted = [command for command in self.plan.stay if self.settings.phone or not command.for_phones]
        self._running = [_Running(command) for command in wanted]
        # Each reads its modules for a second: the one that people wait for goes first.
        self._start_process(self._running[-1])
        self._wait_for_the_port(port)
        self._wait_for_their_end()
        for running in reversed(self._running[:-1]):  # Those that people wait for first.
            self._start_process(running)
        (data / "address").write_text(f"{url}\n")
        self.log("\n".join((f"井口 Pithead is open at {url}", *self.banner(url), "Ctrl-C stops everything.")))

    def _let_the_port_go(self) -> None:
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    def _choose_port(self) -> int:
        port = self.settings.port
        if is_free(port):
            return port
        if self.settings.port_was_chosen:
            raise CannotStart(f"port {port} is taken: free it, or choose another with {PREFIX}PORT")
        return next_free_port(port + 1)

    def _plain_values(self, *, port: int, url: str) -> dict[str, str]:
        """What every process is told: no address of a server, no password."""
        chosen, told = self.settings, _TOLD_TO_ALL | _PHONE | {"API_PROCESSES", "TELEMETRY_URL", "TELEMETRY_SHARE"}
        told |= _TELLING - set(_SECRETS)
        return {
            **{name.upper(): str(getattr(chosen, name)) for name in chosen.model_fields_set if name.upper() in told},
            "ENVIRONMENT": chosen.environment,
            "DATA": str(chosen.data),
            "KEYS": str(chosen.keys_folder),
            "HOST": chosen.host,
            "PORT": str(port),
            "URL": url,
            "LOG_FORMAT": "json" if chosen.logs_as_json else "words",
            "LOG_REQUESTS": str(chosen.every_request),
        }

    def _external_database(self) -> dict[str, str]:
        """The addresses of a database that somebody else runs; nothing where Pithead runs its own."""
        chosen = self.settings
        urls = {
            "DATABASE_URL": chosen.database_url,
            "DATABASE_WORKER_URL": chosen.database_worker_url,
            "DATABASE_PUBLIC_URL": chosen.database_public_url,
            "DATABASE_OWNER_URL": chosen.database_owner_url,
        }
        given = {name: url.get_secret_value() for name, url in urls.items() if url is not None}
        missing = [f"{PREFIX}{name}" for name in urls if name not in given and name != "DATABASE_OWNER_URL"]
        if given and missing:
            raise CannotStart(f"an external database needs {' and '.join(missing)} too")
        return given

    def _start_database(self, given: Mapping[str, str]) -> None:
        if not given:
            self._database = EmbeddedPostgres(self.settings.data / "postgres", log=self.log)
            found = self._database.start()
            given = _urls(found)
        self._addresses |= given

    def _start_store(self, *, origins: Sequence[str]) -> None:
        chosen = self.settings
        if chosen.s3_endpoint is not None:
            keys = (chosen.s3_access_key, chosen.s3_secret_key)
            access_key, secret_key = ("" if key is None else key.get_secret_value() for key in keys)
            public = chosen.s3_public_url or chosen.s3_endpoint
            found = StoreAddress(
                chosen.s3_endpoint, chosen.s3_bucket or "", access_key, secret_key, public, chosen.s3_region
            )
        else:
            self._store = EmbeddedStore(chosen.data / "store", log=self.log, browser_origins=origins)
            found = self._store.start()
        self._addresses |= {
            "S3_ENDPOINT": found.endpoint,
            "S3_BUCKET": found.bucket,
            "S3_ACCESS_KEY": found.access_key,
            "S3_SECRET_KEY": found.secret_key,
            "S3_PUBLIC_URL": chosen.s3_public_url or found.public_url,
            "S3_REGION": found.region,
        }

    def _environment_of(self, command: Command) -> Mapping[str, str]:
        told = _TOLD_TO_ALL | command.needs
        given = {f"{PREFIX}{name}": value for name, value in self._addresses.items() if name in told}
        return {**surroundings(), "PYTHONUNBUFFERED": "1", **given}

    def _spawn(self, command: Command) -> subprocess.Popen[bytes]:
        return start_server(
            command.arguments,
            identity=own_identity(),
            environment=self._environment_of(command),
            folder=Path.cwd(),
            log_file=None,
            death_signal=signal.SIGTERM,
            inherit=() if self._lock is None else (self._lock.descriptor,),
        )

    def _begin(self, commands: Sequence[Command]) -> None:
        """Starts what runs to its end, as far as it belongs here."""
        for command in commands:
            if self.settings.environment not in command.environment:
                continue
            if "DATABASE_OWNER_URL" in command.needs and "DATABASE_OWNER_URL" not in self._addresses:
                self.log(f"{command.name} is left to you: {PREFIX}DATABASE_OWNER_URL is not set")
                continue
            self._passing.append(_Running(command, self._spawn(command)))

    def _wait_for_their_end(self) -> None:
        """Waits for all that runs to its end; CannotStart if one of them failed."""
        for passing in self._passing:
            process = passing.process
            while process is not None and process.poll() is None:
                self._pause(0.02)
            if process is not None and process.returncode != 0:
                failed = f"`{passing.command.name}` failed with exit code {process.returncode}"
                raise CannotStart(f"{failed}: its words are above")
        self._passing = []

    def _start_process(self, running: _Running) -> None:
        running.process = self._spawn(running.command)
        running.restarts.begun()

    def _wait_for_the_port(self, port: int) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self._pause(0.05)
            for running in self._running:  # What cannot even start is told at once, not tried again.
                if running.process is not None and running.process.poll() is not None:
                    ended = f"`{running.command.name}` ended with exit code {running.process.returncode}"
                    raise CannotStart(f"{ended}: its words are above")
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, port)) == 0:
                    return
        raise CannotStart(f"the API did not open port {port} within a minute: its words are above")

    def _watch(self) -> None:
        """Starts again what died: servers at once, our own processes after a delay that grows."""
        if self._a_server_came_back_elsewhere():
            for running in self._running:
                self._stop_process(running)
                self._start_process(running)
        for running in self._running:
            process = running.process
            if process is not None and process.poll() is not None:
                how = f"{running.command.name} ended with exit code {process.returncode}"
                self.log(f"{how}; it starts again in {running.restarts.ended():g} s")
                running.process = None
            elif process is None and running.restarts.are_due():
                self._start_process(running)

    def _a_server_came_back_elsewhere(self) -> bool:
        """Restarts a dead server; true when its address is another one, which our processes must learn."""
        before = dict(self._addresses)
        if self._database is not None and self._database.process.poll() is not None:
            self.log("PostgreSQL died; it starts again")
            found = self._database.start()
            self._addresses |= _urls(found)
        if self._store is not None and self._store.process.poll() is not None:
            self.log("the S3 store died; it starts again")
            endpoint = self._store.start().endpoint
            public = self.settings.s3_public_url or endpoint
            self._addresses |= {"S3_ENDPOINT": endpoint, "S3_PUBLIC_URL": public}
        return before != self._addresses

    def _stop_process(self, running: _Running) -> None:
        if running.process is not None and not stop_process(
            running.process, first=signal.SIGTERM, seconds=(patience := 10 + self.settings.drain_seconds)
        ):
            self.log(f"{running.command.name} did not stop in {patience:g} s and was killed")
        running.process = None

    def _stop(self) -> None:
        """The API first, so that nothing new begins; then the workers, the store, the database."""
        self._let_the_port_go()
        for running in reversed(self._passing + self._running):
            self._stop_process(running)
        if self._store is not None:
            self._store.stop()
        if self._database is not None:
            self._database.stop()
        if self._lock is not None:
            self._lock.release()
            (self.settings.data / "address").unlink(missing_ok=True)
