"""`pithead doctor` over a service that has a shift behind it: clean as it is, and each wound named."""

import asyncio
import contextlib
import hashlib
import io
import os
import stat
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.doctor import command, database, places, record, store
from api.doctor.findings import Look
from api.embedded.postgres import DatabaseAddresses
from api.phone.shift import main_shift
from storage.record.actor import keeper
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.fitness import GUARDS
from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.objects import Objects
from tests.factories import media
from tests.factories.ledger import looking
from tests.journeys.running import OFFICERS, Service, examined, running_service, settings_of
from tests.servers import Servers, run_sql


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Service]:
    """A service in which a shift of two photos was sealed and closed."""
    with tempfile.TemporaryDirectory(prefix="pithead-doctor-") as folder:
        photos = Path(folder) / "photos"
        photos.mkdir()
        for number in range(2):
            (photos / f"{number}.jpg").write_bytes(media.jpeg(media.scene(number, (320, 240))))
        async with running_service(servers, template, Path(folder)) as running:
            into, said = Path(folder) / "shift", list[str]()
            done = await asyncio.to_thread(
                main_shift,
                url=running.url,
                root=photos,
                folder=Path(folder) / "phones",
                people=OFFICERS,
                language="en",
                say=said.append,
                into=into,
            )
            assert done == 0, said
            await running.settled()
            yield running


@pytest.fixture
async def opened(service: Service) -> AsyncIterator[tuple[Database, Objects, PublicKeys]]:
    """The record as the doctor opens it."""
    workers, objects = Database(service.worker, pool_size=2), Objects(service.store)
    yield workers, objects, PublicKeys.parse(service.keys.public())
    await workers.close()
    objects.close()


async def contents(service: Service) -> list[Any]:
    """All that the doctor could have changed."""
    async with looking(service.superuser) as sql:
        tables = [row[0] for row in await sql.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition ORDER BY 1"
        )]  # fmt: skip
        return [(table, await sql.fetchval(f"SELECT count(*) FROM {table}")) for table in tables]


async def test_after_a_shift_all_is_well_and_the_look_leaves_no_trace(service: Service, tmp_path: Path) -> None:
    before = await contents(service)
    objects = Objects(service.store)
    stored = objects.versions("")
    code, looks = await examined(settings_of(service, tmp_path))
    wrong = [look for look in looks if look["findings"] or look["blind"]]
    # The servers of the tests run without durability on purpose: nothing else is wrong.
    assert [look["part"] for look in wrong] == ["durability"], wrong
    assert code == 1
    parts = {look["part"] for look in looks}
    assert parts >= {"settings", "keys", "disk", "rights", "clocks", "entries", "rows", "log", "objects", "store"}
    assert await contents(service) == before
    assert objects.versions("") == stored
    assert await asyncio.to_thread(os.listdir, tmp_path) == []
    objects.close()


PAST_THE_GUARDS = "SET session_replication_role = replica"
A_SEALED = "(SELECT id FROM evidence WHERE state = 'SEALED' ORDER BY id LIMIT 1)"
AN_ENTRY = "(SELECT id FROM entries WHERE kind = 'evidence.sealed' ORDER BY id LIMIT 1)"

ALTERED = {
    "a hash": ("evidence", "sha256", f"UPDATE evidence SET sha256 = '\\x00' WHERE id = {A_SEALED}"),
    "a state": ("evidence", "state", f"UPDATE evidence SET state = 'QUARANTINED' WHERE id = {A_SEALED}"),
    "a statement": (
        "evidence", "the signed statement", f"UPDATE statements SET statement = '' WHERE evidence_id = {A_SEALED}",
    ),
    "flags": ("evidence", "flags", f"UPDATE evidence SET flags = '{{CLOCK_FAR_OFF}}' WHERE id = {A_SEALED}"),
    "a maker": (
        "evidence", "maker_id",
        "UPDATE evidence e SET maker_id = (SELECT id FROM accounts WHERE id <> e.maker_id LIMIT 1)",
    ),
    "a reason": ("inspections", "reason", "UPDATE inspections SET reason = 'another'"),
    "an officer": ("inspections", "officers", "DELETE FROM inspection_officers WHERE joined_at IS NOT NULL"),
    "a place": ("inspections", "places", "UPDATE inspection_places SET underground = NOT underground"),
    "a closing": ("recordings", "a signed closing", "UPDATE closings SET closing = closing || ' '"),
    "a person": ("persons", "name", "UPDATE persons SET name = '某人'"),
    "whose he is": ("persons", "mine_id", "UPDATE persons p SET mine_id = (SELECT id FROM mines WHERE id <> p.mine_id"
                    " LIMIT 1)"),
    "a post": ("posts", "to_day", "UPDATE posts SET to_day = '2026-01-01' WHERE kind = 'PRINCIPAL'"),
    "a qualification": ("qualifications", "valid_to", "UPDATE qualifications SET valid_to = '2099-12-31'"),
    "a workplace": ("workplaces", "underground", "UPDATE workplaces SET underground = NOT underground"),
    "a shift": ("shifts", "starts", "UPDATE shifts SET starts = starts + 1"),
    "a recording": ("recordings", "closed_at", "UPDATE recordings SET closed_at = NULL"),
    "a key": ("devices", "public_key", "UPDATE devices SET public_key = id::text::bytea"),
    "a role": ("role_grants", "role", "UPDATE role_grants SET role = 'AGENCY_HEAD' WHERE role = 'MINER'"),
    "a mine": ("mines", "state", "UPDATE mines SET state = 'PRODUCING' WHERE state = 'CLOSED'"),
    "where an account belongs": ("accounts", "county", "UPDATE accounts SET county = '52' WHERE county = '520281'"),
    "an account": ("accounts", "login", "UPDATE accounts SET login = 'x' WHERE login = 'auditor.guizhou'"),
    "a row of nobody": ("certificates", "made by no entry", "INSERT INTO certificates (id, account_id, number,"
                        " valid_from, valid_to, issued_at) SELECT gen_random_uuid(), id, 'X', '2026-01-01',"
                        " '2027-01-01', now() FROM accounts LIMIT 1"),
}  # fmt: skip


@contextlib.asynccontextmanager
async def wounded(service: Service, *statements: str) -> AsyncIterator[None]:
    """The database altered by a hand that no trigger stops; as it was afterwards."""
    tables = [
        "evidence", "statements", "inspections", "inspection_officers", "inspection_places", "recordings", "devices",
        "role_grants", "mines", "accounts", "certificates", "entries", "payloads", "positions", "tree_head", "tiles",
        "unsequenced", "checkpoints", "closings", "persons", "posts", "qualifications", "workplaces", "shifts",
    ]  # fmt: skip
    keep = [f"CREATE TABLE IF NOT EXISTS kept.{table} AS TABLE {table}" for table in tables]
    back = [part for table in tables for part in (f"DELETE FROM {table}", f"INSERT INTO {table} TABLE kept.{table}")]
    await run_sql(service.superuser, "CREATE SCHEMA kept", *keep)
    try:
        await run_sql(service.superuser, "; ".join((PAST_THE_GUARDS, *statements)))
        yield
    finally:
        await run_sql(service.superuser, "; ".join((PAST_THE_GUARDS, *back)), "DROP SCHEMA kept CASCADE")


def told(look: Look) -> str:
    return "\n".join(one.what for one in look.findings)


@pytest.mark.parametrize("name", list(ALTERED))
async def test_a_row_that_was_altered_without_a_trace_is_shown(
    service: Service, opened: tuple[Database, Objects, PublicKeys], name: str
) -> None:
    table, words, statement = ALTERED[name]
    async with wounded(service, statement):
        look = await record.rows(opened[0])
    assert any(one.what.startswith(table) and words in one.what for one in look.findings), told(look)
    assert not (await record.rows(opened[0])).findings


LEDGER = {
    "gone payload": ("has lost its payload", f"DELETE FROM payloads WHERE entry_id = {AN_ENTRY}"),
    "other payload": ("a payload that is not its own",
                      f"UPDATE payloads SET payload = payload || ' ' WHERE entry_id = {AN_ENTRY}"),
    "other kind": ("a payload that is not its own", f"UPDATE entries SET kind = 'x' WHERE id = {AN_ENTRY}"),
    "never queued": ("was never queued", "INSERT INTO entries VALUES (gen_random_uuid(), 'x', '', now())"),
    "gone row": ("has lost the row", "DELETE FROM role_grants WHERE role = 'MINER'"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(LEDGER))
async def test_an_entry_that_something_is_wrong_with_is_named(
    service: Service, opened: tuple[Database, Objects, PublicKeys], name: str
) -> None:
    words, statement = LEDGER[name]
    async with wounded(service, statement):
        look = await record.entries(opened[0])
    assert words in told(look)
    assert not (await record.entries(opened[0])).findings


TREE = {
    "another digest": (
        "another digest than the tree",
        f"UPDATE entries SET digest = sha256('x') WHERE id = {AN_ENTRY}",
    ),
    "a gone entry": ("is gone", f"DELETE FROM entries WHERE id = {AN_ENTRY}"),
    "a gone position": ("position 3", "DELETE FROM positions WHERE position = 3"),
    "another head": ("another root than the head", "UPDATE tree_head SET root = sha256('x')"),
}


@pytest.mark.parametrize("name", list(TREE))
async def test_a_tree_that_is_not_made_of_its_entries_is_shown(
    service: Service, opened: tuple[Database, Objects, PublicKeys], name: str
) -> None:
    words, statement = TREE[name]
    async with wounded(service, statement):
        look = await record.tree(*opened)
    assert words in told(look)
    assert not (await record.tree(*opened)).findings


async def test_rewritten_history_is_held_against_the_checkpoint_in_the_store(
    service: Service, opened: tuple[Database, Objects, PublicKeys]
) -> None:
    """Entry, tile and head are all made to fit: only what lies locked in the store still tells."""
    async with looking(service.superuser) as sql:
        tile = await sql.fetchval("SELECT hashes FROM tiles WHERE level = 0 AND index = 0")
    digest = hashlib.sha256(b"another").digest()
    leaf = hashlib.sha256(b"\x00" + digest).digest()
    async with wounded(
        service,
        f"UPDATE entries SET digest = '\\x{digest.hex()}'"
        " WHERE id = (SELECT entry_id FROM positions WHERE position = 0)",
        f"UPDATE tiles SET hashes = '\\x{(leaf + tile[32:]).hex()}' WHERE level = 0 AND index = 0",
    ):
        look = await record.tree(*opened)
    assert "another root than the newest checkpoint in the store" in told(look)


async def test_a_database_behind_its_store_lists_the_positions_that_are_missing(
    service: Service, opened: tuple[Database, Objects, PublicKeys]
) -> None:
    workers, objects, keys = opened
    async with workers.reading(keeper()) as sql:
        head = await sequencer.head(sql)
        lost = await sql.fetchval(
            "SELECT e.digest FROM positions p JOIN entries e ON e.id = p.entry_id WHERE p.position = $1", head.size - 1
        )
    stored = checkpoints.stored_digests(objects, head.origin, first=head.size - 1, size=head.size)
    assert stored == [lost]
    async with wounded(service, "UPDATE tree_head SET size = size - 2", "UPDATE checkpoints SET size = size - 2"):
        look = await record.tree(workers, objects, keys)
    assert f"positions {head.size - 2} to {head.size - 1} are missing" in told(look)
    assert f"position {head.size - 1} is missing: digest {lost.hex()}" in told(look)


async def test_objects_without_rows_and_rows_without_objects_are_listed(
    service: Service, opened: tuple[Database, Objects, PublicKeys], monkeypatch: pytest.MonkeyPatch
) -> None:
    workers, objects, _ = opened
    monkeypatch.setattr(store, "YOUNG", timedelta(0))
    assert not (await store.inventory_agrees(workers, objects)).findings
    async with wounded(service, f"DELETE FROM evidence WHERE id = {A_SEALED}"):
        look = await store.inventory_agrees(workers, objects)
    assert [one.what.split(" (")[1].split(",")[0][:7] for one in look.findings] == ["version"]
    assert all("has no row" in one.what for one in look.findings)
    async with wounded(service, f"UPDATE evidence SET object_version = 'gone' WHERE id = {A_SEALED}"):
        assert "version gone of evidence/" in told(await store.inventory_agrees(workers, objects))
    async with wounded(service, f"UPDATE evidence SET object_name = 'evidence/ffff' WHERE id = {A_SEALED}"):
        look = await store.inventory_agrees(workers, objects)
    assert "of evidence/ffff is not in the store" in told(look)


async def test_a_delete_marker_on_a_piece_is_told_and_its_version_is_still_found(
    service: Service, opened: tuple[Database, Objects, PublicKeys]
) -> None:
    workers, objects, _ = opened
    async with looking(service.superuser) as sql:
        name = await sql.fetchval(f"SELECT object_name FROM evidence WHERE id = {A_SEALED}")
    await asyncio.to_thread(objects.client.delete_object, Bucket=service.store.bucket, Key=name)
    look = await store.inventory_agrees(workers, objects)
    assert [one.what.split(",")[0] for one in look.findings] == [f"a delete marker lies on {name}"]
    (marker,) = (one for one in objects.versions(name) if one.marker)
    await objects.aside(objects.remove, name, marker.version)
    assert not (await store.inventory_agrees(workers, objects)).findings


async def test_a_role_that_could_do_anything_and_a_sleeping_guard_are_named(
    service: Service, opened: tuple[Database, Objects, PublicKeys]
) -> None:
    master = Database(service.superuser, pool_size=1)
    look = await database.roles({"workers": opened[0], "API": master})
    await master.close()
    assert "the role of the API is a superuser" in told(look)
    await run_sql(service.superuser, "ALTER TABLE evidence DISABLE TRIGGER moves_forward",
                  "ALTER TABLE evidence NO FORCE ROW LEVEL SECURITY")  # fmt: skip
    look = await database.roles({"workers": opened[0]})
    await run_sql(service.superuser, "ALTER TABLE evidence ENABLE TRIGGER moves_forward",
                  "ALTER TABLE evidence FORCE ROW LEVEL SECURITY")  # fmt: skip
    assert "the guard moves_forward of the table evidence is gone or switched off" in told(look)
    assert "row security of the table evidence is off" in told(look)
    assert not (await database.roles({"workers": opened[0]})).findings


async def test_every_guard_of_the_migrations_is_known_to_the_doctor(service: Service) -> None:
    async with looking(service.superuser) as sql:
        rows = await sql.fetch(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND NOT t.tgisinternal"
        )
    assert {(row[0], row[1]) for row in rows} == GUARDS


async def test_a_database_at_another_step_is_told_and_nothing_else_is_asked_of_it(
    service: Service, tmp_path: Path
) -> None:
    step = "SELECT version_num FROM alembic_version"
    async with looking(service.superuser) as sql:
        newest = await sql.fetchval(step)
        await sql.execute("UPDATE alembic_version SET version_num = '4d6b40aa22f9'")
        code, looks = await examined(settings_of(service, tmp_path))
        await sql.execute("UPDATE alembic_version SET version_num = $1", newest)
    (look,) = (one for one in looks if one["part"] == "migrations")
    assert code == 1
    assert "at step 4d6b40aa22f9" in look["findings"][0]["what"]
    assert "rows" not in {one["part"] for one in looks}


async def test_keys_that_lie_open_or_are_not_the_listed_ones_are_named(service: Service, tmp_path: Path) -> None:
    now = to_ms(datetime.now(UTC))
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    for path in service.keys.path.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
            (folder / path.name).chmod(stat.S_IMODE(path.stat().st_mode))
    assert not places.keys(folder, now_ms=now).findings
    (folder / "ledger.pem").chmod(0o644)
    (folder / "receipt.pem").write_bytes((folder / "promise.pem").read_bytes())
    (folder / "salt").unlink()
    words = told(places.keys(folder, now_ms=now))
    assert "ledger.pem is open to others (mode 0644)" in words
    assert "the receipt key in the folder is not in the public list" in words
    assert f"{folder / 'salt'}: No such file or directory" in words


async def test_what_cannot_be_reached_is_said_to_be_unseen_and_holds_no_password(
    service: Service, tmp_path: Path
) -> None:
    nowhere = settings_of(service, tmp_path).model_copy(
        update={
            "database_url": SecretStr("postgresql://pithead_api:very-secret@127.0.0.1:1/pithead"),
            "database_worker_url": SecretStr("postgresql://pithead_worker:very-secret@127.0.0.1:1/pithead"),
            "s3_endpoint": "http://127.0.0.1:1",
        }
    )
    said = io.StringIO()
    code = await asyncio.to_thread(command.examine, nowhere, as_json=False, say=lambda line: print(line, file=said))
    assert code == 2
    assert "?  migrations: not seen: it does not answer" in said.getvalue()
    assert "?  store: not seen: it does not answer" in said.getvalue()
    assert "secret" not in said.getvalue()
    assert service.store.secret_key not in said.getvalue()


def test_a_full_disk_and_a_silent_address_are_findings(tmp_path: Path) -> None:
    assert "less than the" in told(places.disk(tmp_path / "not" / "there", least=1 << 60))
    assert "does not answer" in told(places.public_url("http://127.0.0.1:1"))
    assert places.public_url(None).blind
