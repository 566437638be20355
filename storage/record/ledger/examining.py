"""Looks for what is wrong with the ledger itself: entries that nobody queued, payloads gone or changed, a false tree.

Everything here reads, page by page, and tells what it found; nothing is mended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.ledger import sequencer
from storage.record.ledger.comparing import Comparison
from storage.record.ledger.proofs import entries as proofs
from storage.record.ledger.proofs import merkle
from storage.record.ledger.proofs.entries import Entry, EntryMalformed

PAGE = 1_000
_WALK = 10 * merkle.WIDTH
"""Leaves at a time: whole tiles, so that each is compared in one piece."""

_ENTRIES = """
SELECT e.id, e.kind, e.digest, e.at, y.subject, y.actor_id, y.salt, y.payload, y.entry_id IS NOT NULL AS paid,
  EXISTS (SELECT FROM positions p WHERE p.entry_id = e.id) OR
  EXISTS (SELECT FROM unsequenced u WHERE u.entry_id = e.id) AS queued
FROM entries e LEFT JOIN payloads y ON y.entry_id = e.id
WHERE e.id > $1 ORDER BY e.id LIMIT $2
"""


class Wrong(StrEnum):
    """What may be wrong with one entry."""

    NEVER_QUEUED = "NEVER_QUEUED"
    PAYLOAD_GONE = "PAYLOAD_GONE"
    PAYLOAD_DIFFERS = "PAYLOAD_DIFFERS"
    ROW_GONE = "ROW_GONE"
    DIGEST_DIFFERS = "DIGEST_DIFFERS"
    ENTRY_GONE = "ENTRY_GONE"


@dataclass(frozen=True, slots=True)
class Suspect:
    """An entry that something is wrong with; of one that is gone only the position is known."""

    wrong: Wrong
    id: UUID | None
    kind: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of entries: how many were looked at, what is wrong, where the next page begins (None: at the end)."""

    count: int
    suspects: list[Suspect]
    after: UUID | None


async def entry_page(
    sql: "asyncpg.Connection[Any]", comparisons: Sequence[Comparison], *, after: UUID, size: int = PAGE
) -> EntryPage:
    """Whether each entry of a page is queued or placed, says what its digest commits to, and has the row it made."""
    rows = await sql.fetch(_ENTRIES, after, size)
    suspects: list[Suspect] = []
    made: dict[str, dict[UUID, Suspect]] = {}
    by_kind = {one.made_by: one for one in comparisons}
    keys = {one.table: one.key for one in comparisons}
    for row in rows:
        if not row["queued"]:
            suspects.append(Suspect(Wrong.NEVER_QUEUED, row["id"], row["kind"]))
        if not row["paid"]:
            suspects.append(Suspect(Wrong.PAYLOAD_GONE, row["id"], row["kind"]))
            continue
        entry = _committed(row)
        if entry is None:
            suspects.append(Suspect(Wrong.PAYLOAD_DIFFERS, row["id"], row["kind"]))
            continue
        comparison = by_kind.get(entry.kind)
        if comparison is not None and (not comparison.made_if or comparison.made_if in entry.data):
            made.setdefault(comparison.table, {})[row["subject"]] = Suspect(Wrong.ROW_GONE, row["id"], row["kind"])
    for table, wanted in made.items():
        key = keys[table]
        there = await sql.fetch(f"SELECT {key} AS id FROM {table} WHERE {key} = ANY ($1)", list(wanted))
        suspects += [wanted[id] for id in wanted.keys() - {row["id"] for row in there}]
    return EntryPage(len(rows), suspects, rows[-1]["id"] if len(rows) == size else None)


def _committed(row: "asyncpg.Record") -> Entry | None:
    """The entry, if its digest is that of its payload and the columns beside it say the same."""
    try:
        if proofs.digest(row["salt"], row["payload"]) != row["digest"]:
            return None
        entry = Entry.decode(row["payload"])
    except (EntryMalformed, ValueError):
        return None
    told = (entry.id, entry.kind, entry.subject, entry.actor)
    return entry if told == (str(row["id"]), row["kind"], str(row["subject"]), str(row["actor_id"])) else None


@dataclass(slots=True)
class Walk:
    """The tree made anew from the entries, leaf by leaf, beside the one that the tiles show."""

    log: int
    size: int = 0
    tiles: Mapping[merkle.TileKey, bytes] | None = None

    @property
    def root(self) -> bytes:
        """The root of what was walked so far."""
        return merkle.root(self.size, self.tiles or {}) if self.size else merkle.EMPTY_ROOT

    async def go_on(self, sql: "asyncpg.Connection[Any]", *, to: int) -> list[Suspect]:
        """Walks some thousand leaves further, to this size at the most; what is wrong with them.

        A leaf that differs is taken as the tiles show it, so that one false entry does not make all roots differ:
        those tell of the tiles.
        """
        end = min(to, self.size // merkle.WIDTH * merkle.WIDTH + _WALK)
        rows = await sql.fetch(
            "SELECT p.position, p.entry_id, e.kind, e.digest FROM positions p LEFT JOIN entries e ON e.id = p.entry_id"
            " WHERE p.log = $1 AND p.position >= $2 AND p.position < $3",
            self.log, self.size, end,
        )  # fmt: skip
        found = {row["position"]: row for row in rows}
        indexes = range(self.size // merkle.WIDTH, (end + merkle.WIDTH - 1) // merkle.WIDTH)
        shown = await sequencer.load_tiles(sql, self.log, [(0, index) for index in indexes])
        suspects: list[Suspect] = []
        leaves = [self._leaf(position, found.get(position), shown, suspects) for position in range(self.size, end)]
        grown = merkle.extend(self.size, leaves, self.tiles or {})
        every = {**(self.tiles or {}), **grown.changed_tiles}
        self.size, self.tiles = end, {key: every[key] for key in merkle.edge_tiles(end) if key in every}
        return suspects

    def _leaf(
        self, position: int, row: "asyncpg.Record | None", shown: Mapping[merkle.TileKey, bytes], told: list[Suspect]
    ) -> bytes:
        index, place = divmod(position, merkle.WIDTH)
        there = shown.get((0, index), b"")[place * merkle.HASH_SIZE : (place + 1) * merkle.HASH_SIZE]
        if row is None or row["digest"] is None:
            told.append(Suspect(Wrong.ENTRY_GONE, None if row is None else row["entry_id"], position=position))
            return there or bytes(merkle.HASH_SIZE)
        leaf = merkle.leaf_hash(row["digest"])
        if leaf != there:
            told.append(Suspect(Wrong.DIGEST_DIFFERS, row["entry_id"], row["kind"], position))
        return there or leaf
