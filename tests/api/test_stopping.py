"""Tests of the end: `/readyz` closes first, what runs is answered, what a worker holds is given back."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from api.embedded.ports import free_ports, is_free
from api.embedded.postgres import DatabaseAddresses
from api.worker import SealingWorker
from storage.record.database import Database
from storage.record.direct import Opened
from storage.record.objects import Objects
from tests.api.running import wait_until
from tests.factories.evidence import received
from tests.factories.field import make_scene
from tests.factories.ledger import looking
from tests.servers import ROOT


def test_asked_to_stop_the_api_says_that_it_is_not_ready_answers_what_runs_and_then_ends() -> None:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "tests.api.stopping", str(port)], cwd=ROOT)
    try:
        wait_until(lambda: not is_free(port), what="the port")
        with httpx.Client(timeout=20) as client:
            assert client.get(f"{url}/readyz").status_code == 200
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: client.get(f"{url}/readyz").status_code == 503, what="not ready")
            assert client.get(f"{url}/slow").text == "x"  # It ends after the door was shut.
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        assert is_free(port)
    finally:
        process.kill()
        process.wait()


async def test_a_piece_that_is_being_read_when_the_worker_ends_is_given_back_at_once_as_if_never_tried(
    record: Database,
    workers: Database,
    objects: Objects,
    database: DatabaseAddresses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = await make_scene(database.superuser)
    await received(record, scene)
    ends = threading.Event()
    async with looking(database.superuser) as sql:  # As if it were a film of several parts.
        await sql.execute("SET session_replication_role = replica")
        await sql.execute("UPDATE evidence SET size = 20000000")
    monkeypatch.setattr(Objects, "open", _opened_slowly(ends))
    worker = SealingWorker(workers, objects, go_on=lambda: not ends.is_set())
    assert await worker.turn()
    async with looking(database.superuser) as sql:
        row = await sql.fetchrow("SELECT state, attempts, leased_until, retry_at <= now() AS due FROM evidence")
    assert tuple(row) == ("RECEIVED", 0, None, True)


def _opened_slowly(ends: threading.Event) -> Callable[..., Opened]:
    def chunks() -> Iterator[bytes]:
        yield b"first"
        ends.set()  # The end is asked for amid the film.
        yield b"second"

    return lambda *_: Opened(metadata={}, checksum="", chunks=chunks())
