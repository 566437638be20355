"""Tests of showing the head: locked in the store before it is shown, whoever dies; never by an old database."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.embedded.postgres import OWNER, DatabaseAddresses, database_rights_sql
from api.worker import LedgerWorker
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.checkpoints import DatabaseBehind, Shown, checkpoint_name, show_head
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs import merkle
from storage.record.ledger.proofs.checkpoints import parse_checkpoint, sign_checkpoint
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.sequencer import BATCH, sequence
from storage.record.objects import Objects, Occupied, StoreAddress
from storage.record.problems import TryAgain
from tests.factories.ledger import append, count, killed_at, looking
from tests.servers import Servers, run_sql

MINUTE = timedelta(minutes=1)


async def show(workers: Database, objects: Objects, keys: KeyFolder, seen: Shown | None = None) -> Shown | None:
    """What is shown now."""
    now = datetime.now(UTC)
    return await show_head(workers, objects, keys, now=now, keep_until=now + MINUTE, seen=seen)


async def grow(record: Database, workers: Database, entries: int) -> None:
    """So many entries more in the tree."""
    await append(record, entries)
    while await sequence(workers):
        pass


def origin_of(keys: KeyFolder) -> str:
    return str(keys.public()["origin"])


def stored_names(objects: Objects, keys: KeyFolder) -> list[str]:
    """Every object of this log in the store, by its versions: a name twice would be an object replaced."""
    prefix = checkpoint_name(origin_of(keys), 0).split("checkpoint/")[0]
    pages = objects.client.get_paginator("list_object_versions").paginate(Bucket=objects.address.bucket, Prefix=prefix)
    return [version["Key"] for page in pages for version in page.get("Versions", [])]


def tree_in_the_store(objects: Objects, keys: KeyFolder, size: int) -> bytes:
    """The root over the tiles of level 0 as the store holds them."""
    prefix = checkpoint_name(origin_of(keys), 0).split("checkpoint/")[0]
    tiles = {}
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        body = objects.whole(prefix + merkle.tile_path(0, index, width))
        bundle = objects.whole(prefix + merkle.entries_path(index, width))
        assert body is not None
        assert bundle is not None
        digests = [bundle[at + 2 : at + 34] for at in range(0, len(bundle), 34)]
        assert b"".join(map(merkle.leaf_hash, digests)) == body
        tiles[0, index] = body
    leaves = [body[at : at + 32] for body in tiles.values() for at in range(0, len(body), 32)]
    return merkle.extend(0, leaves, {}).root


async def test_a_delete_marker_over_the_newest_checkpoint_lets_no_older_database_sign(
    servers: Servers,
    database: DatabaseAddresses,
    record: Database,
    workers: Database,
    objects: Objects,
    keys: KeyFolder,
) -> None:  # fmt: skip
    await grow(record, workers, 5)
    await show(workers, objects, keys)
    restored = await clone(servers, database, record, workers)
    await grow(record, workers, 3)
    await show(workers, objects, keys)
    # Whoever holds our key to the store can do so: the lock keeps the version, the plain list loses the name.
    objects.client.delete_object(Bucket=objects.address.bucket, Key=checkpoint_name(origin_of(keys), 8))
    with pytest.raises(DatabaseBehind, match="shows 8 entries"):
        await show(restored, objects, keys)
    await restored.close()
    await grow(record, workers, 1)
    now = await show(workers, objects, keys)
    assert now is not None
    assert now.size == 9


async def test_an_empty_log_shows_nothing(workers: Database, objects: Objects, keys: KeyFolder) -> None:
    assert await show(workers, objects, keys) is None
    assert stored_names(objects, keys) == []


async def test_what_is_shown_lies_locked_in_the_store_with_tiles_that_make_its_root(
    record: Database, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    for entries, size in ((3, 3), (254, 257), (600, 857)):
        await grow(record, workers, entries)
        shown = await show(workers, objects, keys)
        assert shown is not None
        assert shown.size == size
        name = checkpoint_name(origin_of(keys), size)
        note = objects.whole(name)
        assert note is not None
        assert note.decode() == shown.note
        found = parse_checkpoint(shown.note, PublicKeys.parse(keys.public()).note_keys())
        assert (found.size, found.root) == (size, shown.root)
        assert found.signatures[0].key is not None
        assert tree_in_the_store(objects, keys, size) == shown.root
    names = stored_names(objects, keys)
    assert len(names) == len(set(names))
    for name in names:
        stored = objects.find(name)
        assert stored is not None
        assert objects.locked_until(name, stored.version) is not None


class Death(Exception):
    """Stands for the end of a process."""


class DyingStore(Objects):
    """The store's hand of a process that dies at one of its writes: before it, or after it and before the answer."""

    def __init__(self, address: StoreAddress, *, at: int, after: bool) -> None:
        super().__init__(address, threads=1)
        self.left, self.after = at, after

    def put_locked(self, name: str, body: bytes, **how: Any) -> None:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Death
        super().put_locked(name, body, **how)
        if self.left < 0:
            raise Death


async def test_killed_at_any_write_it_shows_nothing_and_the_next_run_shows_the_same(
    record: Database, workers: Database, database: DatabaseAddresses, objects: Objects, keys: KeyFolder
) -> None:
    await grow(record, workers, 300)
    writes = 6  # Two tiles and two bundles at the bottom, one tile above, and the checkpoint.
    for at in range(writes):
        for after in (False, True):
            dying = DyingStore(objects.address, at=at, after=after)
            with pytest.raises(Death):
                await show(workers, dying, keys)
            dying.close()
            assert await count(database.superuser, "checkpoints") == 0
    async with killed_at(database.superuser, "BEFORE INSERT ON checkpoints"):
        with pytest.raises(TryAgain):
            await show(workers, objects, keys)
    assert await count(database.superuser, "checkpoints") == 0
    shown = await show(workers, objects, keys)
    assert shown is not None
    note = objects.whole(checkpoint_name(origin_of(keys), 300))
    assert shown.note.encode() == note
    assert len(stored_names(objects, keys)) == writes
    assert await show(workers, objects, keys) == shown


async def clone(servers: Servers, database: DatabaseAddresses, *opened: Database) -> Database:
    """A copy of the database as it is now, as a restored backup would be; opened by the worker's role."""
    for each in opened:
        await each.close()
    old, name = database.worker.rsplit("/", 1)[1], f"test_{uuid4().hex[:12]}"
    create = f"CREATE DATABASE {name} TEMPLATE {old} OWNER {OWNER}"
    await run_sql(servers.database.superuser, create, database_rights_sql(name))
    return Database(database.of_database(name).worker, pool_size=2)


async def test_a_database_restored_to_an_older_state_never_signs_again(
    servers: Servers, record: Database, workers: Database, database: DatabaseAddresses, objects: Objects,
    keys: KeyFolder,
) -> None:  # fmt: skip
    await grow(record, workers, 5)
    first = await show(workers, objects, keys)
    restored = await clone(servers, database, record, workers)
    forked = await clone(servers, database, record, workers)
    await grow(record, workers, 3)
    newest = await show(workers, objects, keys)
    before = stored_names(objects, keys)
    # Older by three entries; then grown by its own, to fewer, as many and more than the store shows.
    with pytest.raises(DatabaseBehind, match="shows 8 entries"):
        await show(restored, objects, keys, seen=None)
    fork = Database(forked.engine.url.render_as_string(hide_password=False).replace("+asyncpg", ""), pool_size=2)
    fork_api = Database(database.api.rsplit("/", 1)[0] + "/" + str(forked.engine.url.database), pool_size=2)
    for entries, word in ((1, "shows 8 entries"), (2, "are not those"), (300, "are not those")):
        await grow(fork_api, fork, entries)
        for _ in range(2):
            with pytest.raises(DatabaseBehind, match=word):
                await show(fork, objects, keys, seen=first)
    assert stored_names(objects, keys) == before
    async with fork.reading(keeper()) as sql:
        assert await checkpoints.newest_shown(sql) == first
    # The true database goes on.
    await grow(record, workers, 1)
    now = await show(workers, objects, keys, seen=newest)
    assert now is not None
    assert now.size == 9
    for opened in (restored, forked, fork, fork_api):
        await opened.close()


async def test_a_worker_that_meets_an_older_database_asks_the_store_again(
    servers: Servers, record: Database, workers: Database, database: DatabaseAddresses, objects: Objects,
    keys: KeyFolder,
) -> None:  # fmt: skip
    await grow(record, workers, 2)
    await show(workers, objects, keys)
    restored = await clone(servers, database, record, workers)
    await grow(record, workers, 2)
    worker = LedgerWorker(workers, objects, keys, keep_for=MINUTE, between_checkpoints=0)
    await worker.turn()
    worker.database = restored  # What a failover to a standby that lags behind does to a running worker.
    with pytest.raises(DatabaseBehind):
        await worker.turn()
    await restored.close()


async def test_a_batch_between_the_head_and_its_tiles_changes_nothing_of_the_checkpoint(
    record: Database, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    await grow(record, workers, 250)
    async with workers.reading(keeper()) as sql:
        head = await sequencer.head(sql)
        await grow(record, workers, 300)
        bodies = dict(await checkpoints._tiles_between(sql, head, 0))
    width = {name: len(body) for name, body in bodies.items() if "entries" not in name}
    assert list(width.values()) == [250 * 32]
    (tile,) = (body for name, body in bodies.items() if "entries" not in name)
    assert merkle.extend(0, [tile[at : at + 32] for at in range(0, len(tile), 32)], {}).root == head.root


async def test_a_rotated_ledger_key_goes_on_where_the_old_one_ended(
    record: Database, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    await grow(record, workers, 1)
    worker = LedgerWorker(workers, objects, keys, keep_for=MINUTE, between_checkpoints=0)
    await worker.turn()
    old = keys.signer("ledger").public
    keys.rotate("ledger", 1_764_000_000_000)
    await grow(record, workers, 1)
    await worker.turn()
    async with workers.reading(keeper()) as sql:
        shown = await checkpoints.newest_shown(sql)
    assert shown is not None
    found = parse_checkpoint(shown.note, PublicKeys.parse(keys.public()).note_keys())
    assert found.size == 2
    assert found.signatures[0].key is not None
    assert found.signatures[0].key.public != old


async def test_an_object_that_stands_in_a_checkpoints_place_stops_the_signing(
    record: Database, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    await grow(record, workers, 2)
    shown = await show(workers, objects, keys)
    assert shown is not None
    origin, signer = origin_of(keys), keys.signer("ledger")
    stranger = sign_checkpoint(origin, 3, shown.root, keys.signer("promise"))
    false_name = sign_checkpoint(origin, 2, shown.root, signer)
    for size, note in ((5, false_name), (6, stranger), (7, "no checkpoint at all")):
        name = checkpoint_name(origin, size if note != stranger else 3)
        put = objects.client.put_object(Bucket=objects.address.bucket, Key=name, Body=note.encode())
        await grow(record, workers, 1)
        with pytest.raises(DatabaseBehind):
            await show(workers, objects, keys)
        objects.client.delete_object(Bucket=objects.address.bucket, Key=name, VersionId=put["VersionId"])
    assert await show(workers, objects, keys) is not None


async def test_another_tile_under_a_tiles_name_stops_the_signing(
    record: Database, workers: Database, database: DatabaseAddresses, objects: Objects, keys: KeyFolder
) -> None:
    await grow(record, workers, 2)
    prefix = checkpoint_name(origin_of(keys), 0).split("checkpoint/")[0]
    objects.client.put_object(
        Bucket=objects.address.bucket, Key=prefix + merkle.tile_path(0, 0, 2), Body=b"other bytes"
    )
    with pytest.raises(Occupied):
        await show(workers, objects, keys)
    assert await count(database.superuser, "checkpoints") == 0


async def test_without_the_store_nothing_is_shown_and_what_was_seen_needs_no_store(
    record: Database, workers: Database, database: DatabaseAddresses, objects: Objects, keys: KeyFolder
) -> None:
    await grow(record, workers, 2)
    nowhere = Objects(StoreAddress("http://127.0.0.1:1", "none", "key", "secret", "http://127.0.0.1:1"))
    with pytest.raises(TryAgain):
        await show(workers, nowhere, keys)
    assert await count(database.superuser, "checkpoints") == 0
    shown = await show(workers, objects, keys)
    assert await show(workers, nowhere, keys, seen=shown) == shown
    await grow(record, workers, 1)
    with pytest.raises(TryAgain):
        await show(workers, nowhere, keys, seen=shown)
    nowhere.close()


async def test_a_full_queue_does_not_keep_the_head_from_being_shown(
    record: Database, workers: Database, database: DatabaseAddresses, objects: Objects, keys: KeyFolder
) -> None:
    await append(record, 2 * BATCH)
    worker = LedgerWorker(workers, objects, keys, keep_for=MINUTE, between_checkpoints=600)
    assert await worker.turn()
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT size FROM checkpoints") == BATCH
    assert await worker.turn()
    assert not await worker.turn()
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT array_agg(size) FROM checkpoints") == [BATCH]


async def test_two_workers_that_show_at_once_show_the_same(
    record: Database, workers: Database, objects: Objects, keys: KeyFolder
) -> None:
    await grow(record, workers, 40)
    one, other = await asyncio.gather(show(workers, objects, keys), show(workers, objects, keys))
    assert one == other
    names = stored_names(objects, keys)
    assert len(names) == len(set(names)) == 3
