"""A shift as the phone keeps it on disk: what was taken, with an index in memory so that nothing is read twice."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.phone import disk
from api.phone.capture import Link
from api.phone.notebook import FINAL, Notebook, Piece, Recording, State
from api.phone.phone import new_id
from storage.record.ledger.proofs.canonical import from_base64url

_FILE = "shift.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How files came to the device that signs for them: taken by itself, or taken over from somebody (`giver`).

    `how` is one line, `at` the time of the takeover in ms since 1970 UTC, or None for the moment of signing.
    """

    giver: str = ""
    how: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One folder on its way: where it comes from and goes to, its recording, and the closing once that is signed.

    `origin`: how its files came to this device. `closing` and `signature` are in base64url; `told`: its end was said to
    the officer, and it is over.
    """

    id: str
    root: str
    into: str
    recording: Recording
    site: str
    begun_at: int
    origin: Origin = field(default_factory=Origin)
    closing: str = ""
    signature: str = ""
    closed: bool = False
    told: bool = False


@dataclass(slots=True)
class Shelf:
    """One shift and its pieces, in a notebook of its own: pieces of other work neither block it nor are blocked by it.

    Pieces are read once, when the shelf is opened, and written through.
    """

    notebook: Notebook
    shift: Shift
    _pieces: dict[str, Piece] = field(default_factory=dict)
    _link: Link = field(default_factory=Link)

    @property
    def pieces(self) -> list[Piece]:
        """All pieces, in the order in which they were taken."""
        return list(self._pieces.values())

    @property
    def end_of_chain(self) -> Link:
        """Where the next statement joins."""
        return self._link

    def original(self, piece: Piece) -> Path:
        """The phone's own copy, until a sealed receipt is verified."""
        return self.notebook.original(piece)

    def open_pieces(self, *states: State) -> list[Piece]:
        """Pieces that have not come to their end, of these states (none named: of all)."""
        return [one for one in self._pieces.values() if one.state not in FINAL and (not states or one.state in states)]

    def write(self, piece: Piece, **changes: Any) -> Piece:
        """The piece with these changes, once they are on the disk."""
        written = self.notebook.write_piece(piece, **changes)
        self._put(written)
        return written

    def keep(self, **changes: Any) -> Shift:
        """The shift with these changes, once they are on the disk."""
        self.shift = replace(self.shift, **changes)
        disk.write_json(self.notebook.folder / _FILE, asdict(self.shift))
        return self.shift

    def _put(self, piece: Piece) -> None:
        self._pieces[piece.id] = piece
        if piece.seq >= self._link.seq:
            self._link = Link(piece.seq + 1, sha256(from_base64url(piece.statement)).hexdigest())

    def _read(self) -> None:
        for piece in self.notebook.pieces():
            self._put(piece)
        # What was copied by a phone that was killed before it had signed is taken anew; what it was about to let go of
        # when it was killed, goes.
        for folder in ("originals", "parts"):
            for copy in (self.notebook.folder / folder).glob("*"):
                known = self._pieces.get(copy.name)
                if known is None or known.state is State.SEALED:
                    copy.unlink(missing_ok=True)


def new_shelf(
    folder: Path, *, root: str, into: Path, recording: Recording, site: str, origin: Origin | None = None
) -> Shelf:
    """A new shift in `folder`/shifts, written down before anything is done for it."""
    shift = Shift(
        id=new_id(), root=root, into=str(into), recording=recording, site=site, begun_at=time.time_ns() // 1_000_000,
        origin=origin or Origin(),
    )  # fmt: skip
    shelf = Shelf(Notebook(folder / "shifts" / shift.id), shift)
    shelf.keep()
    return shelf


def unfinished(folder: Path, *, root: str) -> Shelf | None:
    """The shift of this folder that is not over yet, with its pieces; Damaged if its file cannot be read."""
    for shift in sorted(_shifts(folder), key=lambda one: one.begun_at):
        if shift.root == root and not shift.told:
            shelf = Shelf(Notebook(folder / "shifts" / shift.id), shift)
            shelf._read()
            return shelf
    return None


def _shifts(folder: Path) -> Iterator[Shift]:
    for path in (folder / "shifts").glob(f"*/{_FILE}"):
        document = disk.read_json(path) or {}
        try:
            recording, origin = Recording(**document["recording"]), Origin(**document.get("origin", {}))
            yield Shift(**{**document, "recording": recording, "origin": origin})
        except (KeyError, TypeError) as error:
            raise disk.Damaged(str(path)) from error
