"""`pithead …`: every command of the product, each ending with one line that sums up.

What a command needs is imported when it runs: `pithead verify` must not wait for a database driver.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api.demo.commands import add_demo_commands
from api.desk.commands import add_desk_commands
from api.embedded.processes import CannotStart
from api.importing import add_import_commands
from api.phone.commands import OFFICERS, Surroundings, add_phone_commands
from api.phone.phone import Person
from api.reporter.commands import add_report_commands
from api.settings import STORE, Settings, SettingsAreWrong, headers_of, must_have, read_settings

if TYPE_CHECKING:
    from api.app import Bounds, Parts
    from api.telemetry import Telemetry
    from storage.record.ledger.keys import KeyFolder
    from storage.record.objects import StoreAddress


class Refused(Exception):
    """A command cannot do what it was asked; the text says why in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when all went well, 1 for a fault, 2 for a wrong call, 3 if something was refused."""
    parsed = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        command: Callable[[argparse.Namespace, Settings], int] = parsed.command
        return command(parsed, settings)
    except SettingsAreWrong as wrong:
        for line in wrong.lines:
            print(f"pithead: {line}", file=sys.stderr)
        return 2
    except (Refused, CannotStart) as refused:
        print(f"pithead: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pithead", description="井口 Pithead: evidence that anyone can check.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace, Settings], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=command)
        return made

    add("run", _run, "start everything: PostgreSQL, S3, the API and the workers")
    add("serve", _serve, "the API alone, on the addresses in the environment")
    add("nearby", _nearby, "the API and the store for phones of the local network, over HTTPS")
    add("worker", _worker, "one worker alone").add_argument(
        "which", choices=("describing", "keeping", "ledger", "sealing", "telling")
    )
    add("migrate", _migrate, "bring the database to the newest step").add_argument(
        "--check", action="store_true", help="only say whether model and migrations agree (on a database of its own)"
    )
    add("seed", _seed, "load sample mines and people, unless they are there")
    doctor = add("doctor", _doctor, "find and explain what is wrong with an installation; changes nothing")
    doctor.add_argument("--json", action="store_true", help="for programs: every look with its findings")
    keys = add("keys", _keys, "the server's keys")
    keys.add_argument("what", choices=("rotate", "public"))
    keys.add_argument("name", nargs="?", help="which key to rotate: ledger, receipt, promise, token, stamp or salt")
    witness = add("witness", _witness, "co-sign the log's checkpoints as a second party, and refuse a fork")
    witness.add_argument("--url", required=True, help="where the log is served")
    witness.add_argument("--folder", type=Path, required=True, help="the witness's own: its key, its notes, its proofs")
    witness.add_argument("--trust", type=Path, metavar="KEYS", help="the log's keys (default: those of first contact)")
    witness.add_argument("--once", action="store_true", help="look once, print the co-signed note, and end")
    add_import_commands(commands, surroundings=_import_surroundings)
    add_phone_commands(commands, surroundings=_surroundings)
    add_demo_commands(commands, surroundings=_surroundings)
    add_report_commands(commands, surroundings=_surroundings)
    add_desk_commands(commands, surroundings=_surroundings)
    return parser


def _surroundings(settings: Settings) -> Surroundings:
    """Where the field client finds the server: PITHEAD_URL, or the address that a running server wrote down."""
    address = settings.data / "address"
    url = settings.url or (address.read_text().strip() if address.exists() else None)
    if url is None:
        raise Refused(f"no server found: set PITHEAD_URL, or start one with `make run` ({address} does not exist)")
    people = []
    if settings.environment == "development":
        from api.sample_people import PASSWORD, SAMPLE_SIGN_INS

        people = [Person(one.login, PASSWORD) for one in SAMPLE_SIGN_INS[:OFFICERS]]
    return Surroundings(url=url, data=settings.data, people=people)


def _import_surroundings(settings: Settings) -> Surroundings:
    """The same server; who registers mines and people is the sample system administrator, where there is one."""
    from dataclasses import replace

    people = []
    if settings.environment == "development":
        from api.sample_people import PASSWORD, SYSTEM_LOGIN

        people = [Person(SYSTEM_LOGIN, PASSWORD)]
    return replace(_surroundings(settings), people=people)


def _run(_: argparse.Namespace, settings: Settings) -> int:
    from api.sample_people import banner
    from api.supervisor import Supervisor

    _must_have_the_extra(settings)
    Supervisor(settings, banner=banner).run()
    print("pithead: stopped")
    return 0


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace

    from api.app import create_app
    from api.serving import answer

    must_have(settings, "database_url", *STORE)
    _must_have_the_extra(settings)
    _begin_logs(settings, "api")
    parts = _parts(settings)
    if settings.api_processes > 1:
        return _serve_together(parts, settings)
    return 0 if answer(create_app(replace(parts, telemetry=_telemetry(settings, "api"))), settings) else 1


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
            _begin_logs(settings, f"api {number}")
            # The thread that sends traces does not live on in a child: each begins its own.
            own = replace(parts, numbers=Numbers(number, Path(folder)), telemetry=_telemetry(settings, "api"))
            answer(create_app(own), settings, [listening])

        address, patience = (settings.host, settings.port), STOPS_WITHIN + settings.drain_seconds
        return Siblings(parts.processes, address, serve, patience=patience).run()


def _nearby(_: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace

    from api.app import create_app
    from api.nearby.authority import authority
    from api.nearby.relay import Relay
    from api.nearby.serving import Place, address_in_the_network, serve

    must_have(settings, "database_url", *STORE)
    _begin_logs(settings, "nearby")
    address = settings.phone_host or address_in_the_network()
    place = Place(address, settings.phone_port, settings.phone_page_port, authority(settings.data / "nearby"))
    parts = _parts(settings)
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
    _begin_logs(settings, which)
    floor = settings.retention_floor_seconds
    asyncio.run(
        work(
            Worker(
                which,
                database_url=_required(settings, "database_worker_url"),
                store=_store(settings),
                keys=_key_folder(settings) if which == "ledger" else None,
                ledger_retention=timedelta(seconds=settings.ledger_retention_seconds),
                floor=None if floor is None else timedelta(seconds=floor),
                scrub_pace=settings.scrub_bytes_per_second,
                ways=ways_of(settings) if which == "telling" else None,
            )
        )
    )
    return 0


def _witness(parsed: argparse.Namespace, settings: Settings) -> int:
    from api.witness import main_witness

    _begin_logs(settings, "witness")
    return main_witness(url=parsed.url, folder=parsed.folder, once=parsed.once, trust=parsed.trust, say=print)


def _migrate(parsed: argparse.Namespace, settings: Settings) -> int:
    from storage.migrations import run

    if parsed.check:
        return _migrations_agree()
    run.migrate(_required(settings, "database_owner_url"))
    return 0


def _migrations_agree() -> int:
    """Builds a database from the migrations alone and compares it with the model."""
    import tempfile

    from api.embedded.postgres import EmbeddedPostgres
    from storage.migrations import run

    with tempfile.TemporaryDirectory(prefix="pithead-check-") as folder:
        Path(folder).chmod(0o755)
        postgres = EmbeddedPostgres(Path(folder) / "postgres", log=lambda _: None)
        owner = postgres.start().owner
        try:
            run.migrate(owner)
            found = run.differences(owner)
        finally:
            postgres.stop()
    for difference in found:
        print(difference, file=sys.stderr)
    print(f"pithead: {len(found)} differences between model and migrations")
    return 1 if found else 0


def _seed(_: argparse.Namespace, settings: Settings) -> int:
    from api.sample import load_samples
    from api.sample_people import BEFORE
    from storage.record.database import Database

    if settings.environment == "production":
        raise Refused("sample people have known passwords: they are not loaded in production")

    async def load() -> None:
        database = Database(_required(settings, "database_url"))
        try:
            await load_samples(database, datetime.now(UTC) - BEFORE)
        finally:
            await database.close()

    asyncio.run(load())
    return 0


def _doctor(parsed: argparse.Namespace, settings: Settings) -> int:
    from api.doctor.command import examine

    return examine(settings, as_json=parsed.json, say=print)


def _keys(parsed: argparse.Namespace, settings: Settings) -> int:
    import json

    keys = _key_folder(settings)
    if parsed.what == "public":
        print(json.dumps(keys.public(), ensure_ascii=False, indent=1))
        return 0
    if parsed.name is None:
        raise Refused("name the key to rotate: ledger, receipt, promise, token, stamp or salt")
    keys.rotate(parsed.name, _now_ms())
    # The workers read theirs anew for each checkpoint and receipt; the API keeps what it signs with in its memory.
    then = "; restart the API to use it" if parsed.name in ("token", "promise", "stamp", "salt") else ""
    print(f"pithead: {parsed.name} has a new key{then}")
    return 0


def _parts(settings: Settings) -> "Parts":
    from api.app import Parts, Watch

    return Parts(
        database_url=_required(settings, "database_url"),
        store=_store(settings),
        keys=_key_folder(settings),
        development=settings.environment == "development",
        largest_file=settings.largest_file_bytes,
        fonts=settings.fonts,
        sandbox=settings.sandbox,
        graphql=_graphql(settings),
        watch=Watch(
            metrics_token=settings.metrics_token,
            every_request=settings.every_request,
            data=settings.data if settings.data.exists() else None,
            disk_least=settings.disk_least_bytes,
        ),
        processes=settings.api_processes,
        gateway_secret=settings.gateway_secret,
    )


def _telemetry(settings: Settings, process: str) -> "Telemetry | None":
    if settings.telemetry_url is None:
        return None
    from api.telemetry import telemetry_to

    return telemetry_to(
        settings.telemetry_url,
        process=process,
        share=settings.telemetry_share,
        headers=headers_of(settings.telemetry_headers),
    )


def _must_have_the_extra(settings: Settings) -> None:
    """Before anything is started or made."""
    from importlib.util import find_spec

    if settings.telemetry_url is not None and find_spec("opentelemetry") is None:
        missing = "PITHEAD_TELEMETRY_URL is set, and OpenTelemetry is not installed"
        raise Refused(f"{missing}: pip install --require-hashes -r requirements-telemetry.txt")


def _graphql(settings: Settings) -> "Bounds":
    from api.app import Bounds
    from graphql_schema.limits import Limits

    limits = Limits(
        tokens=settings.graphql_tokens, depth=settings.graphql_depth, aliases=settings.graphql_aliases,
        directives=settings.graphql_directives, fragments=settings.graphql_fragments, cost=settings.graphql_cost,
        seconds=settings.graphql_seconds,
    )  # fmt: skip
    return Bounds(
        limits=limits,
        body_bytes=settings.graphql_body_bytes,
        body_seconds=settings.graphql_body_seconds,
        lines=settings.graphql_lines,
        explorer=settings.explorer if settings.explorer is not None else settings.environment == "development",
        url=settings.url,
    )


def _required(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if value is None:
        raise Refused(f"PITHEAD_{name.upper()} is not set; `pithead run` sets it for the servers that it starts")
    return str(value.get_secret_value())


def _store(settings: Settings) -> "StoreAddress":
    from storage.record.objects import StoreAddress

    if settings.s3_endpoint is None or settings.s3_bucket is None:
        raise Refused("PITHEAD_S3_ENDPOINT is not set; `pithead run` sets it for the store that it starts")
    return StoreAddress(
        endpoint=settings.s3_endpoint,
        bucket=settings.s3_bucket,
        access_key=_required(settings, "s3_access_key"),
        secret_key=_required(settings, "s3_secret_key"),
        public_url=settings.s3_public_url or settings.s3_endpoint,
        region=settings.s3_region,
    )


def _key_folder(settings: Settings) -> "KeyFolder":
    from api.sample_people import BEFORE
    from storage.record.ledger.keys import KeyFolder

    keys = KeyFolder(settings.keys_folder)
    # In production a key counts from its making on; a sandbox signs by clocks that go back.
    back = timedelta(0) if settings.environment == "production" else BEFORE
    keys.create_missing(_now_ms() - back // timedelta(milliseconds=1))
    return keys


def _now_ms() -> int:
    from storage.record.clock import to_ms

    return to_ms(datetime.now(UTC))


def _begin_logs(settings: Settings, process: str) -> None:
    """All that this process logs goes to its error stream; what was set is the first of it, without secrets."""
    from api import logs

    logs.begin(process, as_json=settings.logs_as_json)
    if settings.logs_as_json:  # At a terminal `pithead run` says it once for all its processes.
        logging.getLogger("pithead.settings").info("started with", extra={"fields": settings.told()})


if __name__ == "__main__":
    sys.exit(main())
