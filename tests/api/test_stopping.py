"""Tests of the end: `/readyz` closes first, what runs is answered, what a worker holds is given back."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import uvicorn

from api.embedded.postgres import DatabaseAddresses
from api.serving import Server
from api.worker import SealingWorker
from storage.record.database import Database
from storage.record.objects import Objects
from tests.factories.evidence import received
from tests.factories.field import make_scene
from tests.factories.ledger import looking


class Application:
    """Answers at once whether it is ready, and anything else after half a second."""

    ready = True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        status = 200
        if scope["path"] == "/readyz":
            status = 200 if self.ready else 503
        else:
            await asyncio.sleep(0.5)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"1")]})
        await send({"type": "http.response.body", "body": b"x"})

    def leave(self) -> None:
        self.ready = False


async def test_asked_to_stop_the_api_says_that_it_is_not_ready_answers_what_runs_and_then_ends() -> None:
    application = Application()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(application, log_level="error", ws="none", lifespan="off", timeout_graceful_shutdown=5)
        server = Server(config, lambda: None, leave=application.leave, drain=0.6)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 # uvicorn offers no event to wait for.
            await asyncio.sleep(0.01)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{url}/readyz")).status_code == 200
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.1)
            running = asyncio.create_task(http.get(f"{url}/slow"))
            assert (await http.get(f"{url}/readyz")).status_code == 503
            assert not serving.done()
            assert (await running).status_code == 200
        # uvicorn raises the signal once more when it is done, for whoever started it.
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(signal, "raise_signal", lambda _: None)
            await asyncio.wait_for(serving, 5)


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
    monkeypatch.setattr("storage.field.evidence.sealing.PART_SIZE", 0)  # As if it were larger than a part.
    monkeypatch.setattr(Objects, "read", _slow_reading(ends))
    worker = SealingWorker(workers, objects, go_on=lambda: not ends.is_set())
    assert await worker.turn()
    async with looking(database.superuser) as sql:
        row = await sql.fetchrow("SELECT state, attempts, leased_until, retry_at <= now() AS due FROM evidence")
    assert tuple(row) == ("RECEIVED", 0, None, True)


def _slow_reading(ends: threading.Event) -> Callable[..., Any]:
    def read(*_: Any) -> Any:
        yield b"first"
        ends.set()  # The end is asked for amid the film.
        yield b"second"

    return read
