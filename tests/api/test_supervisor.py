"""Tests of what `make run` starts: real servers, our own processes played by stand-ins."""

import os
import secrets
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from api.embedded.ports import free_ports
from tests import servers as shared_servers
from tests.api import running
from tests.servers import Servers


class Start(Protocol):
    def __call__(self, data: Path, **variables: str) -> subprocess.Popen[str]: ...


@pytest.fixture
def passable() -> Iterator[Path]:
    """A scratch folder that the servers' user can reach, in memory: each start makes a cluster of a thousand files."""
    with (
        shared_servers.passable_folder() as on_disk,
        shared_servers.folder_in_memory(f"pithead-tests-{secrets.token_hex(4)}", otherwise=on_disk) as folder,
    ):
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def start(passable: Path) -> Iterator[Start]:
    """Starts supervisors that end with the test, before its folder goes."""
    started: list[subprocess.Popen[str]] = []

    def start_one(data: Path, **variables: str) -> subprocess.Popen[str]:
        started.append(running.start_supervisor(data, **variables))
        return started[-1]

    yield start_one
    for supervisor in started:
        running.end(supervisor)


def test_each_process_gets_only_the_addresses_it_needs_and_all_of_them_stop(passable: Path, start: Start) -> None:
    data = passable / "data"
    gateway = {"GATEWAY_URL": "http://127.0.0.1:1", "GATEWAY_TOKEN": "a-token-of-ours", "GATEWAY_SECRET": "g" * 40}
    supervisor = start(data, **gateway)
    address = running.wait_for_address(supervisor, data)
    api, ledger = running.told(data, "api"), running.told(data, "ledger")
    sealing, migrate = running.told(data, "sealing"), running.told(data, "migrate")
    assert address == api["URL"] == f"http://localhost:{api['PORT']}"
    assert "pithead_api" in api["DATABASE_URL"]
    assert "pithead_public" in api["DATABASE_PUBLIC_URL"]
    assert "pithead_worker" in ledger["DATABASE_WORKER_URL"]
    assert "pithead_worker" in sealing["DATABASE_WORKER_URL"]
    assert "pithead_owner" in migrate["DATABASE_OWNER_URL"]
    assert "S3_SECRET_KEY" not in migrate
    for process, closed in (
        (api, {"DATABASE_WORKER_URL", "DATABASE_OWNER_URL"}),
        (ledger, {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PUBLIC_URL"}),
        (sealing, {"DATABASE_URL", "DATABASE_OWNER_URL"}),
    ):
        assert not closed & set(process)
    # Whoever tells cannot answer for the gateway, and the API cannot make it call.
    shares = {name: gateway.keys() & running.told(data, name).keys() for name in ("api", "telling", "ledger")}
    assert shares == {"api": {"GATEWAY_SECRET"}, "telling": {"GATEWAY_URL", "GATEWAY_TOKEN"}, "ledger": set()}
    assert running.end(supervisor) == 0
    assert running.processes_of(data) == []
    assert not (data / "address").exists()
    words = running.words_of(data)
    assert "inspector 13800000001" in words
    assert not any(
        secret in words for secret in (api["S3_SECRET_KEY"], api["S3_ACCESS_KEY"], *list(gateway.values())[1:])
    )


def test_what_dies_is_started_again_where_it_was(passable: Path, start: Start) -> None:
    data = passable / "data"
    running.wait_for_address(start(data), data)
    before, first = running.told(data, "ledger"), running.pid_of(data, "ledger")
    os.kill(first, signal.SIGKILL)
    running.wait_until(lambda: running.pid_of(data, "ledger") != first, what="the ledger worker again")
    note = data / "postgres" / "data" / "postmaster.pid"
    postmaster = int(note.read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)

    def is_back() -> bool:
        lines = note.read_text().splitlines() if note.exists() else []
        return len(lines) > 7 and lines[0] != str(postmaster) and lines[7].startswith("ready")

    running.wait_until(is_back, what="PostgreSQL again")
    assert running.told(data, "ledger") == before


def test_nothing_is_left_when_the_supervisor_is_killed_and_the_next_start_keeps_the_data(
    passable: Path, start: Start
) -> None:
    data = passable / "data"
    supervisor = start(data)
    running.wait_for_address(supervisor, data)
    before = running.told(data, "api")
    supervisor.kill()
    supervisor.wait()
    (data / "address").unlink()
    running.wait_for_address(start(data), data)  # At once: it waits for the orphans itself.
    after = running.told(data, "api")
    assert after["DATABASE_URL"] == before["DATABASE_URL"]
    assert after["S3_ENDPOINT"] == before["S3_ENDPOINT"]


def test_a_second_start_on_the_same_folder_says_so_in_one_line_and_another_folder_works(
    passable: Path, start: Start
) -> None:
    data, other = passable / "data", passable / "other"
    first = start(data)
    running.wait_for_address(first, data)
    said = len(running.words_of(data).splitlines())
    assert start(data).wait(timeout=10) == 1
    more = running.words_of(data).splitlines()[said:]
    assert len(more) == 1
    assert f"process {first.pid}" in more[0]
    assert (data / "address").exists()
    running.wait_for_address(start(other), other)
    mine, theirs = running.told(data, "api"), running.told(other, "api")
    for name in ("PORT", "DATABASE_URL", "S3_ENDPOINT", "S3_SECRET_KEY"):
        assert mine[name] != theirs[name]


def test_servers_that_have_an_address_are_used_as_they_are(passable: Path, start: Start, servers: Servers) -> None:
    data, database, store = passable / "data", servers.database, servers.store
    addresses = {
        "DATABASE_URL": database.api,
        "DATABASE_WORKER_URL": database.worker,
        "DATABASE_PUBLIC_URL": database.public,
        "S3_ENDPOINT": store.endpoint,
        "S3_BUCKET": store.bucket,
        "S3_ACCESS_KEY": store.access_key,
        "S3_SECRET_KEY": store.secret_key,
        "S3_PUBLIC_URL": "https://store.example",
    }
    running.wait_for_address(start(data, ENVIRONMENT="production", **addresses), data)
    assert not (data / "postgres").exists()
    assert not (data / "store").exists()
    assert addresses.items() - {("DATABASE_WORKER_URL", database.worker)} <= running.told(data, "api").items()
    reading = {("DATABASE_URL", database.api), ("DATABASE_PUBLIC_URL", database.public)}
    assert addresses.items() - reading <= running.told(data, "ledger").items()
    assert not (data / "seed.json").exists()  # Sample people have no place in production.
    assert "migrate is left to you" in running.words_of(data)


def test_what_was_set_reaches_whom_it_concerns_and_nobody_else(passable: Path, start: Start) -> None:
    data = passable / "data"
    chosen = {"GRAPHQL_DEPTH": "7", "GRAPHQL_SECONDS": "3.5", "EXPLORER": "false", "HEAD_SECONDS": "4.0"}
    traces = {"TELEMETRY_URL": "http://127.0.0.1:4318", "TELEMETRY_HEADERS": "authorization=hidden-4711"}
    running.wait_for_address(start(data, TELEMETRY_SHARE="0.5", **chosen, **traces), data)
    api, ledger = running.told(data, "api"), running.told(data, "ledger")
    told = {name: value.lower() for name, value in api.items()}
    assert {**chosen, **traces, "TELEMETRY_SHARE": "0.5"}.items() <= told.items()
    assert not [name for name in ledger if name.startswith("TELEMETRY")]
    assert "hidden-4711" not in running.words_of(data)


def test_an_external_database_without_the_workers_address_is_refused(passable: Path, start: Start) -> None:
    data = passable / "data"
    assert start(data, DATABASE_URL="postgresql://pithead_api:hidden@127.0.0.1:1/pithead").wait(timeout=20) == 1
    (line,) = running.words_of(data).splitlines()
    assert "PITHEAD_DATABASE_WORKER_URL" in line
    assert "hidden" not in line


def test_two_that_start_at_the_same_moment_take_different_ports(passable: Path, start: Start) -> None:
    folders = [passable / "one", passable / "two"]
    both = [start(folder) for folder in folders]
    addresses = {running.wait_for_address(one, folder) for one, folder in zip(both, folders, strict=True)}
    assert len(addresses) == 2


def test_a_taken_port_is_an_error_only_when_it_was_chosen(passable: Path, start: Start) -> None:
    (port,) = free_ports(1)
    with socket.create_server(("127.0.0.1", port)):
        chosen = passable / "chosen"
        assert start(chosen, PORT=str(port)).wait(timeout=20) == 1
        assert f"port {port} is taken" in running.words_of(chosen)
        assert len(running.words_of(chosen).splitlines()) == 1


def test_a_wrong_setting_is_named_in_one_line_without_its_value(passable: Path, start: Start) -> None:
    data = passable / "data"
    assert start(data, DATABASE_URL="mysql://root:secret@host/x").wait(timeout=20) == 1
    (line,) = running.words_of(data).splitlines()
    assert "PITHEAD_DATABASE_URL" in line
    assert "secret" not in line
    assert start(data, DATABASE_ULR="postgresql://a:b@c/d").wait(timeout=20) == 1
    assert "PITHEAD_DATABASE_ULR: no such setting" in running.words_of(data)


def test_credentials_are_readable_by_their_owner_only(passable: Path, start: Start) -> None:
    data = passable / "data"
    running.wait_for_address(start(data), data)
    private = [*data.rglob("credentials.json"), *data.rglob("s3.json"), *data.rglob("parts.key"), *data.rglob("log")]
    assert len(private) >= 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
