"""The commands that serve until they are stopped: everything at once, the API, a worker, a witness."""

import argparse
import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api import composing
from api.cli_adding import Add
from api.settings import STORE, Settings, must_have

if TYPE_CHECKING:
    from api.app import Parts


def add_serving_commands(add: Add) -> None:
    """Adds `run`, `serve`, `nearby`, `worker` and `witness`."""
    add("run", _run, "start everything: PostgreSQL, S3, the API and the workers")
    add("serve", _serve, "the API alone, on the addresses in the environment")
    add("nearby", _nearby, "the API and the store for phones of the local network, over HTTPS")
    add("worker", _worker, "one worker alone").add_argument(
        "which", choices=("describing", "keeping", "ledger", "sealing", "telling")
    )
    witness = add("witness", _witness, "co-sign the log's checkpoints as a second party, and refuse a fork")
    witness.add_argument("--url", required=True, help="where the log is served")
    witness.add_argument("--folder", type=Path, required=True, help="the witness's own: its key, its notes, its proofs")
    witness.add_argument("--trust", type=Path, metavar="KEYS", help="the log's keys (default: those of first contact)")
    witness.add_argument("--once", action="store_true", help="look once, print the co-signed note, and end")


def _run(_: argparse.Namespace, settings: Settings) -> int:
    from api.sample_people import banner
    from api.supervisor import Supervisor

    composing.must_have_the_extra(settings)
    Supervisor(settings, banner=banner).run()
    print("pithead: stopped")
    return 0


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace

    from api.app import create_app
    from api.serving import answer

    must_have(settings, "database_url", "database_public_url", *STORE)
    composing.must_have_the_extra(settings)
    composing.begin_logs(settings, "api")
    parts = composing.parts_of(settings)
    if settings.api_processes > 1:
        return _serve_together(parts, settings)
    return 0 if answer(create_app(replace(parts, telemetry=composing.telemetry_of(settings, "api"))), settings) else 1


def _serve_together(parts: "Parts", settings: Settings) -> int:
    from dataclasses import replace
    from socket import socket
    from tempfile import TemporaryDirectory

    from api.app import create_app
    from api.numbers import Numbers
    from api.serving import STOPS_WITHIN, answer
    from api.siblings import Siblings

    with TemporaryDirectory(prefix="pithead-api-") as folder:

        def serve(number: int, listening: socket) -> None:
            composing.begin_logs(settings, f"api {number}")
            # The thread that sends traces does not live on in a child: each begins its own.
            own = replace(
                parts, numbers=Numbers(number, Path(folder)), telemetry=composing.telemetry_of(settings, "api")
            )
            answer(create_app(own), settings, [listening])

        address, patience = (settings.host, settings.port), STOPS_WITHIN + settings.drain_seconds
        return Siblings(parts.processes, address, serve, patience=patience).run()


def _nearby(_: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace

    from api.app import create_app
    from api.nearby.authority import authority
    from api.nearby.relay import Relay
    from api.nearby.serving import Place, address_in_the_network, serve

    must_have(settings, "database_url", "database_public_url", *STORE)
    composing.begin_logs(settings, "nearby")
    address = settings.phone_host or address_in_the_network()
    place = Place(address, settings.phone_port, settings.phone_page_port, authority(settings.data / "nearby"))
    parts = composing.parts_of(settings)
    store = replace(parts.store, public_url=place.by_name)
    graphql = replace(parts.graphql, url=place.by_name)
    app = create_app(replace(parts, store=store, relayed=True, graphql=graphql))
    serving = serve(
        Relay(app, store), place, largest_frame=graphql.body_bytes, farewell=app.state.farewell,
        say=lambda line: print(line, flush=True),
    )  # fmt: skip
    return 0 if asyncio.run(serving) else 1


def _worker(parsed: argparse.Namespace, settings: Settings) -> int:
    from api.ways import ways_of
    from api.working import Worker, work

    which = parsed.which
    must_have(settings, "database_worker_url", *STORE)
    composing.begin_logs(settings, which)
    floor = settings.retention_floor_seconds
    asyncio.run(
        work(
            Worker(
                which,
                database_url=composing.required(settings, "database_worker_url"),
                store=composing.store_of(settings),
                keys=composing.key_folder(settings) if which in ("keeping", "ledger") else None,
                timestamp_url=settings.timestamp_url,
                ledger_retention=timedelta(seconds=settings.ledger_retention_seconds),
                floor=None if floor is None else timedelta(seconds=floor),
                scrub_pace=settings.scrub_bytes_per_second,
                ways=ways_of(settings) if which == "telling" else None,
                sandbox=settings.sandbox,
            )
        )
    )
    return 0


def _witness(parsed: argparse.Namespace, settings: Settings) -> int:
    from api.witness import main_witness

    composing.begin_logs(settings, "witness")
    return main_witness(url=parsed.url, folder=parsed.folder, once=parsed.once, trust=parsed.trust, say=print)
