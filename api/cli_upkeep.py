"""The commands that look after an installation: its tables, its samples, its keys, and what is wrong with it."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from api import composing
from api.cli_adding import Add
from api.settings import Settings


def add_upkeep_commands(add: Add) -> None:
    """Adds `migrate`, `seed`, `doctor` and `keys`."""
    add("migrate", _migrate, "bring the database to the newest step").add_argument(
        "--check", action="store_true", help="only say whether model and migrations agree (on a database of its own)"
    )
    add("seed", _seed, "load sample mines and people, unless they are there")
    doctor = add("doctor", _doctor, "find and explain what is wrong with an installation; changes nothing")
    doctor.add_argument("--json", action="store_true", help="for programs: every look with its findings")
    keys = add("keys", _keys, "the server's keys: make a new one, show the public ones, or fetch those of a server")
    keys.add_argument("what", choices=("rotate", "public", "fetch"))
    keys.add_argument("name", nargs="?", help="which key to rotate: ledger, receipt, promise, token, stamp or salt")
    keys.add_argument("--into", type=Path, metavar="FILE", help="of `fetch`: where the keys go, for --trust later")


def _migrate(parsed: argparse.Namespace, settings: Settings) -> int:
    from storage.migrations import run

    if parsed.check:
        return _migrations_agree()
    run.migrate(composing.required(settings, "database_owner_url"))
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
        raise composing.Refused("sample people have known passwords: they are not loaded in production")

    async def load() -> None:
        database = Database(composing.required(settings, "database_url"))
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

    if parsed.what == "fetch":
        return _fetch_keys(parsed.into, settings)
    keys = composing.key_folder(settings)
    if parsed.what == "public":
        print(json.dumps(keys.public(), ensure_ascii=False, indent=1))
        return 0
    if parsed.name is None:
        raise composing.Refused("name the key to rotate: ledger, receipt, promise, token, stamp or salt")
    keys.rotate(parsed.name, composing.now_ms())
    # The workers read theirs anew for each checkpoint and receipt; the API keeps what it signs with in its memory.
    then = "; restart the API to use it" if parsed.name in ("token", "promise", "stamp", "salt") else ""
    print(f"pithead: {parsed.name} has a new key{then}")
    return 0


def _fetch_keys(into: Path | None, settings: Settings) -> int:
    """The keys that a server shows now, into a file for `--trust`. Other keys than the file has are refused."""
    import httpx

    from storage.record.ledger.proofs.keys import KeysMalformed
    from storage.record.ledger.proofs.verify import parse_trust

    if into is None:
        raise composing.Refused("say where the keys go: --into FILE / 请写明存到哪里：--into 文件")
    url = composing.server_url(settings)
    try:
        answer = httpx.get(f"{url}/.well-known/pithead-keys", timeout=10, trust_env=False).raise_for_status()
        origin = parse_trust(answer.content)["origin"]
    except (httpx.HTTPError, KeysMalformed) as fault:
        raise composing.Refused(f"no keys from {url}: {fault} / 无法取得公钥") from fault
    if into.exists() and into.read_bytes() != answer.content:
        raise composing.Refused(f"{into} holds other keys: it is left as it is / 文件中是另一套公钥，未改动")
    into.write_bytes(answer.content)
    print(f"pithead: the keys of {origin} are in {into}: keep them apart from what they check / 公钥已存，请另行保管")
    return 0
