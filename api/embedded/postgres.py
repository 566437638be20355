"""Starts and stops PostgreSQL as our child, with its roles and its database."""

import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from api.embedded import places, server_files
from api.embedded.credentials import kept_secrets, write_private
from api.embedded.ports import LOOPBACK, free_ports
from api.embedded.processes import CannotStart, FolderLock, server_identity, start_server, stop_process
from api.embedded.server_files import ServerFiles

DATABASE = "pithead"
OWNER, API, WORKER, SUPERUSER = "pithead_owner", "pithead_api", "pithead_worker", "pithead_superuser"
PUBLIC = "pithead_public"

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    # An acknowledged act survives a power failure: these are PostgreSQL's defaults, said aloud.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "160MB",
    "jit": "off",  # Short statements only; compiling them costs more than it saves.
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
}

# Statements are cut off by the role, not by each client, so that no client can forget it.
_TIMEOUTS = {
    API: {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"},
    # Anybody's questions: what takes longer than this is no question of a reader.
    PUBLIC: {"statement_timeout": "5s", "lock_timeout": "1s", "idle_in_transaction_session_timeout": "10s"},
    WORKER: {"statement_timeout": "30s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"},
}


@dataclass(frozen=True)
class DatabaseAddresses:
    """Where the database is, for each role: postgresql://role:password@127.0.0.1:port/database.

    `owner` runs migrations; `api` and `worker` own nothing; `public` reads what was published and nothing else;
    `superuser` is for tests, which make and clone databases.
    """

    owner: str = field(repr=False)
    api: str = field(repr=False)
    worker: str = field(repr=False)
    public: str = field(repr=False)
    superuser: str = field(repr=False)
    socket: Path

    def of_database(self, name: str) -> "DatabaseAddresses":
        """The same server and roles, another database."""
        urls = (self.owner, self.api, self.worker, self.public, self.superuser)
        owner, api, worker, public, superuser = (urlunsplit(urlsplit(url)._replace(path=f"/{name}")) for url in urls)
        return DatabaseAddresses(owner, api, worker, public, superuser, self.socket)


class EmbeddedPostgres:
    """A PostgreSQL server whose life is tied to ours; `start` after a crash keeps port, passwords and data.

    Start it from a thread that lives on (the main one): Linux ends the server when that thread ends.
    """

    process: subprocess.Popen[bytes]

    def __init__(
        self,
        folder: Path,
        *,
        log: Callable[[str], None],
        files: ServerFiles | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._wanted_folder = folder.absolute()
        self._log = log
        self._files = files
        self._settings = dict(settings or {})
        self._identity = server_identity()
        self._lock: FolderLock | None = None
        self._port: int | None = None
        self._socket: Path | None = None

    def start(self) -> DatabaseAddresses:
        """Starts the server and returns its addresses; CannotStart names in one line what is in the way."""
        files = self._files or server_files.find(identity=self._identity, log=self._log)
        folder = places.reachable_folder(self._wanted_folder, identity=self._identity, log=self._log)
        self._lock = self._lock or FolderLock(folder / "lock")
        self._lock.take()
        try:
            return self._start_in(folder, files)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, what was committed is on the disk; the folder's lock is given up."""
        if hasattr(self, "process"):
            stop_process(self.process, first=signal.SIGINT, seconds=20)
        if self._socket is not None:
            shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _start_in(self, folder: Path, files: ServerFiles) -> DatabaseAddresses:
        passwords = kept_secrets(folder / "credentials.json", names=(OWNER, API, WORKER, PUBLIC, SUPERUSER))
        data, fresh = folder / "data", False
        if not (data / "PG_VERSION").exists():
            self._initialise(data, files, password=passwords[SUPERUSER])
            fresh = True
        files.must_fit(data)
        socket = self._socket = self._socket or places.socket_folder(folder, identity=self._identity)
        self._port = self._start_on_free_port(folder, files, socket=socket)
        urls = {role: f"postgresql://{role}:{passwords[role]}@{LOOPBACK}:{self._port}/{DATABASE}" for role in passwords}
        addresses = DatabaseAddresses(urls[OWNER], urls[API], urls[WORKER], urls[PUBLIC], urls[SUPERUSER], socket)
        self._prepare_roles(files, passwords, addresses)
        self._log(f"PostgreSQL {files.version} ({files.origin}) {'made and ' if fresh else ''}started on {self._port}")
        return addresses

    def _initialise(self, data: Path, files: ServerFiles, *, password: str) -> None:
        """initdb into a folder beside, renamed at the end: a cluster that was cut short is never taken for a whole."""
        fresh = data.with_name("data.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        self._identity.own(fresh, mode=0o700)
        password_file = data.with_name("initdb.password")
        write_private(password_file, f"{password}\n".encode())
        self._identity.own(password_file, mode=0o600)
        command = [files.bin / "initdb", "-D", fresh, "-U", SUPERUSER, "--pwfile", password_file, "--encoding=UTF8"]
        command += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums", "--no-instructions"]
        command += files.locale_options()
        try:
            self._run([str(part) for part in command])
        finally:
            password_file.unlink()
        fresh.rename(data)

    def _run(self, command: list[str], *, sql: str = "", environment: dict[str, str] | None = None) -> None:
        done = subprocess.run(  # noqa: S603 - a program of the server files, with arguments of ours.
            command,
            input=sql,
            text=True,
            capture_output=True,
            check=False,
            cwd="/",
            env={"TZ": "UTC", "LC_ALL": "C", **(environment or {})},
            pass_fds=() if self._lock is None else (self._lock.descriptor,),
            **self._identity.popen_arguments(),
        )
        if done.returncode != 0:
            reason = " ".join((done.stderr or done.stdout).split())[-400:]
            raise CannotStart(f"{Path(command[0]).name} failed: {reason}")

    def _start_on_free_port(self, folder: Path, files: ServerFiles, *, socket: Path) -> int:
        """Starts on the port of the last time when it is free; tries again for the two reasons that pass by
        themselves: someone took the port meanwhile, or a killed server's children still hold its shared memory."""
        note = folder / "port"
        kept = self._port or (int(note.read_text()) if note.exists() else 0)
        deadline = time.monotonic() + 20
        while True:
            (port,) = free_ports(1, preferred=[kept] if kept else [])
            note.write_text(f"{port}\n")
            complaint = self._try_start(folder, files, socket=socket, port=port)
            if complaint is None:
                return port
            passing = ("could not create any TCP/IP", "still in use", "already exists", "could not bind")
            if time.monotonic() > deadline or not any(words in complaint for words in passing):
                raise CannotStart(f"PostgreSQL did not start: {complaint}")
            time.sleep(0.1)

    def _try_start(self, folder: Path, files: ServerFiles, *, socket: Path, port: int) -> str | None:
        """None when the server is ready, else the last words of its log."""
        if self._lock is None:
            raise CannotStart("the folder is not locked")
        if hasattr(self, "process"):  # A killed one that is not waited for still counts as running.
            stop_process(self.process, first=signal.SIGINT, seconds=5)
        log_path, data = folder / "log", folder / "data"
        if log_path.exists() and log_path.stat().st_size > 16 << 20:
            log_path.replace(folder / "log.1")
        options = [part for key, value in (_SETTINGS | self._settings).items() for part in ("-c", f"{key}={value}")]
        with log_path.open("ab") as log_file:
            log_path.chmod(0o600)  # A refused statement is logged with its values.
            before = log_file.tell()
            self.process = start_server(
                [files.bin / "postgres", "-D", data, "-k", socket, "-p", str(port), *options],
                identity=self._identity,
                environment={"TZ": "UTC", "LC_ALL": "C"},
                folder=Path("/"),
                log_file=log_file,
                death_signal=signal.SIGINT,
                inherit=(self._lock.descriptor,),
            )
        while self.process.poll() is None:
            if self._is_ready(data):
                return None
            time.sleep(0.005)
        with log_path.open("rb") as log_file:
            log_file.seek(before)
            lines = log_file.read().decode(errors="replace").splitlines()
        fatal = [line for line in lines if "FATAL" in line or "HINT" in line]
        return " ".join(fatal[-2:] or lines[-1:])

    def _is_ready(self, data: Path) -> bool:
        """True when postmaster.pid says so about *our* child: after kill -9 the old file still says `ready`."""
        with contextlib.suppress(OSError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[0].strip() == str(self.process.pid) and lines[7].strip() == "ready"
        return False

    def _prepare_roles(self, files: ServerFiles, passwords: dict[str, str], addresses: DatabaseAddresses) -> None:
        """Brings roles and database to what they should be; changes nothing when they are already."""
        environment = {"PGPASSWORD": passwords[SUPERUSER], "PGCONNECT_TIMEOUT": "10"}
        base = [str(files.bin / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", LOOPBACK]
        base += ["-p", str(self._port), "-U", SUPERUSER, "-d"]
        self._run([*base, "postgres"], sql=roles_sql(passwords), environment=environment)
        self._run([*base, DATABASE], sql=database_rights_sql(DATABASE) + schema_sql(), environment=environment)


def roles_sql(passwords: dict[str, str]) -> str:
    """The statements, for psql in database `postgres`, that make the four roles and the database."""
    lines = ["SET client_min_messages = warning;"]
    for role in (OWNER, API, WORKER, PUBLIC):
        unless = f"WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        lines.append(f"SELECT 'CREATE ROLE {role}' {unless} \\gexec")
        limits = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
        lines.append(f"ALTER ROLE {role} {limits} PASSWORD '{passwords[role]}';")
        lines.extend(f"ALTER ROLE {role} SET {key} = '{value}';" for key, value in _TIMEOUTS.get(role, {}).items())
    unless = f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}')"
    lines.append(f"SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}' {unless} \\gexec")
    return "\n".join(lines)


def database_rights_sql(name: str) -> str:
    """The statements that close a database to everybody but our roles; a clone of a template needs them again."""
    return f"""
        REVOKE ALL ON DATABASE "{name}" FROM PUBLIC;
        GRANT CONNECT ON DATABASE "{name}" TO {OWNER}, {API}, {WORKER}, {PUBLIC};
    """


def schema_sql() -> str:
    """The statements, in a new database, that give its schema to the owner and close it to everybody else."""
    return f"""
        SET client_min_messages = warning;
        ALTER SCHEMA public OWNER TO {OWNER};
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO {API}, {WORKER}, {PUBLIC};
        CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    """
