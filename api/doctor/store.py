"""Holds the store against the rows: is it fit, is everything there that must be, and nothing that nobody knows."""

import tempfile
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import IO
from uuid import UUID

from api.doctor.findings import Look
from storage.field.evidence import inventory
from storage.field.evidence.inventory import Piece
from storage.field.evidence.tables import EvidenceState
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.objects import Objects, StoreUnfit, Version

PREFIX = "evidence/"
YOUNG = timedelta(minutes=5)
"""An object so young may belong to a row that was written after the rows were read."""
MOST_SUSPECTS = 1_000
"""Suspects held in memory; of more the first are told."""


async def fit(objects: Objects) -> tuple[Look, datetime | None, datetime]:
    """Whether the store answers and has what the record needs; its clock, and when it was asked."""
    look, asked = Look("store"), datetime.now(UTC)
    clock: datetime | None = None
    try:
        clock = await objects.aside(objects.clock)
        await objects.aside(objects.require_fit)
    except StoreUnfit as unfit:
        look.find(
            f"the bucket {objects.address.bucket} lacks {unfit.parameters.get('lacks')}",
            why="without it anyone with the key could change or remove what was sealed",
            do="make a bucket with object lock (which turns versioning on) and set PITHEAD_S3_BUCKET",
        )
    look.seen = f"{objects.address.endpoint}, bucket {objects.address.bucket}: versioning and object lock are on"
    return look, clock, asked


async def inventory_agrees(database: Database, objects: Objects) -> Look:
    """Every object of evidence has its row and every row its object; both sides come sorted and are read side by side.

    The rows are read first, into a file: so no snapshot is held open while the store lists, which would keep the
    queue from being cleaned, and what comes to the store meanwhile is young and left for the next look.
    """
    look, begun = Look("objects"), datetime.now(UTC)
    suspects: list[Piece] = []
    counts = {"pieces": 0, "versions": 0}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        await _write_down(database, file)
        listed = _Listed(objects)
        for line in file:
            piece = _piece(line)
            own = await listed.up_to(piece.name)
            for stray in listed.passed:
                _stray(look, stray, begun)
            if any(one.marker for one in own):
                _tell_hidden(look, piece)
            counts["pieces"] += 1
            if len(suspects) < MOST_SUSPECTS:
                suspects += [piece] if _is_wrong(piece, own) else []
        for stray in await listed.rest():
            _stray(look, stray, begun)
        counts["versions"] = listed.count
    async with database.reading(keeper()) as sql:
        now = await inventory.states_of(sql, [piece.id for piece in suspects])
    for piece in suspects:
        if now.get(piece.id) is piece.state:  # Else it moved on while we looked.
            _tell_wrong(look, piece)
    look.seen = f"{counts['pieces']} pieces, {counts['versions']} versions of objects"
    return look


async def _write_down(database: Database, file: IO[str]) -> None:
    async with database.reading(keeper()) as sql:
        await sql.execute("SET LOCAL statement_timeout = '10min'")
        async for piece in inventory.pieces_by_name(sql):
            file.write(f"{piece.id}\t{piece.name}\t{piece.version or ''}\t{piece.state.value}\n")
    file.seek(0)


def _piece(line: str) -> Piece:
    id, name, version, state = line.rstrip("\n").split("\t")
    return Piece(UUID(id), name, version or None, EvidenceState(state))


class _Listed:
    """The store's list, as far as it has been read: never more than a page of it."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._pages = objects.listing(PREFIX)
        self._page: deque[Version] = deque()
        self._ended = False
        self.passed: list[Version] = []
        """Versions that the last step passed by: their names belong to no piece."""
        self.count = 0

    async def up_to(self, name: str) -> list[Version]:
        """The versions of this piece's names; what comes before them stands in `passed` afterwards."""
        self.passed = []
        own: list[Version] = []
        while (one := await self._first()) is not None and one.name <= name:
            (own if one.name == name else self.passed).append(one)
            self._pass_by(one)
        return own

    async def rest(self) -> list[Version]:
        """What is left of the page at hand, page by page until the end; of a flood the first are enough."""
        found: list[Version] = []
        while (one := await self._first()) is not None:
            if len(found) < MOST_SUSPECTS:
                found.append(one)
            self._pass_by(one)
        return found

    def _pass_by(self, one: Version) -> None:
        self._page.popleft()
        self.count += not one.marker

    async def _first(self) -> Version | None:
        while not self._page and not self._ended:
            page = await self._objects.aside(next, self._pages, None)
            self._ended = page is None
            # A page lists versions and markers apart, each by name.
            self._page.extend(sorted(page or (), key=lambda one: one.name))
        return self._page[0] if self._page else None


def _is_wrong(piece: Piece, own: list[Version]) -> bool:
    """Whether its version is not in the store, or, of an erased piece, whether anything of it still is."""
    versions = {one.version for one in own if not one.marker}
    if piece.state is EvidenceState.ERASED:
        return bool(versions)
    return piece.is_kept and piece.version not in versions


def _tell_wrong(look: Look, piece: Piece) -> None:
    if piece.state is EvidenceState.ERASED:
        look.find(
            f"evidence {piece.id} was erased and something of it still lies in the store as {piece.name}",
            why="what had to go by law is still there",
            do="see the log of `pithead worker keeping`; a lock that is longer than the record knows ends by itself",
        )
        return
    look.find(
        f"evidence {piece.id} is {piece.state.value} and version {piece.version} of {piece.name} is not in the store",
        why="the record vouches for bytes that nobody can show any more",
        do="restore the object from a copy of the store; whoever holds the original can prove it by the receipt",
    )


def _tell_hidden(look: Look, piece: Piece) -> None:
    look.find(
        f"a delete marker lies on {piece.name}, the object of evidence {piece.id}",
        why="somebody who holds a key of the store tried to delete it; its versions are hidden from a plain list only",
        do="find out who; the keeper's next look at this piece traces the marker and removes it",
    )


def _stray(look: Look, stray: Version, begun: datetime) -> None:
    if stray.marker or stray.stored_at > begun - YOUNG:
        return  # A marker on a name that nobody knows hides nothing of the record.
    look.find(
        f"{stray.name} (version {stray.version}, {stray.size} bytes, {stray.stored_at:%Y-%m-%d %H:%M} UTC) has no row",
        why="its row was removed or the database is an older one: somebody's evidence may be unknown to the record",
        do="keep it; look in a newer backup of the database for its name, and see what `log` says",
    )
