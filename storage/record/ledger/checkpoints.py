"""Signs tree heads, and shows none before it lies locked in the store together with its tiles."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import asyncpg

from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs import checkpoints, merkle
from storage.record.ledger.proofs.checkpoints import Checkpoint, CheckpointMalformed
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.objects import Objects

_LARGEST = 10**20 - 1
_NOTE = "text/plain; charset=utf-8"
_TILE = "application/octet-stream"


class DatabaseBehind(RuntimeError):
    """The store holds a checkpoint that this database cannot have grown to: it is older or forked, and never signs."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A checkpoint that may be shown: it and its tiles lie locked in the store."""

    log: int
    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that stands in the place of a checkpoint."""

    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to store next: the head to sign, the size that is stored already, and the tiles between the two."""

    head: sequencer.Head
    stored_size: int
    objects: tuple[tuple[str, bytes], ...]


async def newest_shown(sql: "asyncpg.Connection[Any]") -> Shown | None:
    """The newest checkpoint that may be shown."""
    row = await sql.fetchrow("SELECT log, size, root, note FROM checkpoints ORDER BY log DESC, size DESC LIMIT 1")
    return Shown(*row) if row is not None else None


async def show_head(
    database: Database,
    objects: Objects,
    keys: KeyFolder,
    *,
    now: datetime,
    keep_until: datetime,
    seen: Shown | None = None,
) -> Shown | None:
    """Brings the head before the public: compare with the store, store tiles, sign, store, then record as shown.

    A step of its own after the batches; one checkpoint may cover many. Returns what is shown now, None if nothing
    is. Killed anywhere, the same steps run again: names follow from sizes and Ed25519 signs the same bytes alike.
    `seen` is what the caller was given last: while the database still shows just that, the store is not asked.
    """
    head, shown = await _head_and_shown(database)
    if seen is not None and seen == shown and shown.root == head.root:
        return shown
    stored = await objects.aside(newest_stored, objects, head.origin)
    plan, shown = await _plan(database, stored, PublicKeys.parse(keys.public()))
    if plan is None:
        return shown
    await _store(objects, plan.objects, keep_until)
    note = checkpoints.sign_checkpoint(plan.head.origin, plan.head.size, plan.head.root, keys.signer("ledger"))
    name = checkpoint_name(plan.head.origin, plan.head.size)
    await objects.aside(objects.put_locked, name, note.encode(), until=keep_until, media_type=_NOTE)
    return await _record_shown(database, plan.head, note, now)


def newest_stored(objects: Objects, origin: str) -> Stored | None:
    """The newest checkpoint in the store, whoever put it there; its name sorts first."""
    kept = objects.first_kept(_folder(origin) + "checkpoint/")
    return None if kept is None else Stored(kept[0], kept[1].decode(errors="replace"))


def stored_digests(objects: Objects, origin: str, *, first: int, size: int) -> list[bytes | None]:
    """The digests from position `first` on that the store keeps beside its checkpoint of `size`; None if one is gone.

    They are what is left of entries that the database no longer has.
    """
    found: list[bytes | None] = []
    for index in range(first // merkle.WIDTH, (size + merkle.WIDTH - 1) // merkle.WIDTH):
        width = min(merkle.WIDTH, size - index * merkle.WIDTH)
        bundle = objects.whole(_folder(origin) + merkle.entries_path(index, width))
        # Two bytes of length and thirty-two of digest each, as C2SP tlog-tiles writes them.
        pieces = [bundle[at + 2 : at + 34] for at in range(0, width * 34, 34)] if bundle is not None else [None] * width
        found += pieces[max(0, first - index * merkle.WIDTH) :]
    return found


def checkpoint_name(origin: str, size: int) -> str:
    """Names run backwards with the size, so that the newest is the first of its folder."""
    return f"{_folder(origin)}checkpoint/{_LARGEST - size:020d}"


async def _head_and_shown(database: Database) -> tuple[sequencer.Head, Shown | None]:
    async with database.reading(keeper()) as sql:
        return await sequencer.head(sql), await newest_shown(sql)


async def _plan(database: Database, stored: Stored | None, keys: PublicKeys) -> tuple[Plan | None, Shown | None]:
    """What to sign, or None when all is shown; DatabaseBehind when the database does not contain what was stored."""
    async with database.reading(keeper()) as sql:
        head, shown = await sequencer.head(sql), await newest_shown(sql)
        stored_size = await _must_contain(sql, head, stored, keys)
        if head.size == 0 or (shown is not None and (shown.log, shown.size) == (head.log, head.size)):
            return None, shown
        return Plan(head, stored_size, await _tiles_between(sql, head, stored_size)), shown


async def _must_contain(
    sql: "asyncpg.Connection[Any]", head: sequencer.Head, stored: Stored | None, keys: PublicKeys
) -> int:
    """The size of the stored checkpoint, after proving that the database's tree at that size has the same root."""
    if stored is None:
        return 0
    found = _must_be_ours(stored, head.origin, keys)
    if found.size > head.size:
        raise DatabaseBehind(f"the store shows {found.size} entries of {head.origin}, the database has {head.size}")
    tiles = await sequencer.load_tiles(sql, head.log, merkle.edge_tiles(found.size))
    if merkle.root(found.size, tiles) != found.root:
        raise DatabaseBehind(f"the first {found.size} entries of {head.origin} are not those of the stored checkpoint")
    return found.size


def _must_be_ours(stored: Stored, origin: str, keys: PublicKeys) -> Checkpoint:
    """A note that no ledger key signed, or under a false name, might hide a newer one: then nothing is signed."""
    try:
        found = checkpoints.parse_checkpoint(stored.note, keys.note_keys())
    except CheckpointMalformed as error:
        raise DatabaseBehind(f"{stored.name} in the store is no checkpoint: {error}") from error
    if found.origin != origin or stored.name != checkpoint_name(origin, found.size):
        raise DatabaseBehind(f"{stored.name} in the store is a checkpoint of another log or size")
    if all(signature.key is None for signature in found.signatures):
        raise DatabaseBehind(f"{stored.name} in the store is signed by no ledger key of ours")
    return found


async def _tiles_between(
    sql: "asyncpg.Connection[Any]", head: sequencer.Head, stored_size: int
) -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of every tile and entry bundle that is new, or longer, since the stored size."""
    keys: list[merkle.TileKey] = []
    level, old, new = 0, stored_size, head.size
    while new:
        keys += [(level, index) for index in range(old // merkle.WIDTH, (new + merkle.WIDTH - 1) // merkle.WIDTH)]
        level, old, new = level + 1, old // merkle.WIDTH, new // merkle.WIDTH
    tiles = await sequencer.load_tiles(sql, head.log, keys)
    folder = _folder(head.origin)
    found = []
    for (level, index), hashes in tiles.items():
        # A batch may have grown the tile since the head was read: the prefix is the tile as of this head.
        width = min(merkle.WIDTH, (head.size >> merkle.HEIGHT * level) - index * merkle.WIDTH)
        found.append((folder + merkle.tile_path(level, index, width), hashes[: width * merkle.HASH_SIZE]))
    return (*found, *await _bundles_between(sql, head, stored_size))


async def _bundles_between(
    sql: "asyncpg.Connection[Any]", head: sequencer.Head, stored_size: int
) -> Sequence[tuple[str, bytes]]:
    first = stored_size // merkle.WIDTH * merkle.WIDTH
    rows = await sql.fetch(
        "SELECT e.digest FROM positions p JOIN entries e ON e.id = p.entry_id"
        " WHERE p.log = $1 AND p.position >= $2 AND p.position < $3 ORDER BY p.position",
        head.log, first, head.size,
    )  # fmt: skip
    digests = [row[0] for row in rows]
    return [
        (
            _folder(head.origin) + merkle.entries_path((first + start) // merkle.WIDTH, len(piece)),
            merkle.entry_bundle(piece),
        )
        for start in range(0, len(digests), merkle.WIDTH)
        if (piece := digests[start : start + merkle.WIDTH])
    ]


async def _store(objects: Objects, bodies: Sequence[tuple[str, bytes]], keep_until: datetime) -> None:
    """All tiles before their checkpoint; a store that fails on one of them leaves the checkpoint unsigned."""
    await asyncio.gather(
        *(objects.aside(objects.put_locked, name, body, until=keep_until, media_type=_TILE) for name, body in bodies)
    )


async def _record_shown(database: Database, head: sequencer.Head, note: str, now: datetime) -> Shown:
    async with database.transaction(keeper()) as (_, sql):
        await sql.execute(
            "INSERT INTO checkpoints (log, size, root, note, shown_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING",
            head.log, head.size, head.root, note, now,
        )  # fmt: skip
    return Shown(head.log, head.size, head.root, note)


def _folder(origin: str) -> str:
    return f"ledger/{sha256(origin.encode()).hexdigest()[:16]}/"
