"""Capture of a whole folder without any network: finds its plain files, and signs for each or says why not."""

import codecs
import errno
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from api.phone.capture import Measured, NothingToTake, describe, place_at, take, this_moment
from api.phone.handover import plain_name
from api.phone.media import HEAD, TAKEN, UNKNOWN, media_type_of
from api.phone.notebook import DOCK, Piece, State
from api.phone.phone import Phone, new_id
from api.phone.shelf import Shelf
from api.phone.talk import Talk, why
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.statements import StatementMalformed
from storage.record.ledger.proofs.takeovers import Takeover

OF_THE_PHONE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})
"""Faults that are no single file's: the shift stops and is gone on with."""
_HASH = 32


Unreadable = Callable[[Path, OSError], None]
"""Hears of a folder that cannot be read, and why."""


class _NotTaken(Exception):
    """The file is no evidence; the text is the code and what was found."""


@dataclass(slots=True)
class Gatherer:
    """Takes a folder's files into the shelf."""

    phone: Phone
    shelf: Shelf
    talk: Talk

    def gather(self, root: Path, *, leave_out: tuple[Path, ...]) -> None:
        """Signs for every file that the shift has not yet. Killed anywhere, the same call goes on where it was."""
        known = {piece.source for piece in self.shelf.pieces}
        names = {piece.name for piece in self.shelf.pieces}
        signed, size = 0, 0

        def unreadable(folder: Path, fault: OSError) -> None:
            source = f"{written(folder.relative_to(root))}/"
            if source not in known:
                self._refuse(self._piece(folder, source, names), f"UNREADABLE {fault.strerror}")

        for file in plain_files(root, leave_out=leave_out, unreadable=unreadable):
            source = written(file.relative_to(root))
            if source in known:
                continue
            piece = self._take(file, source, names)
            names.add(piece.name)
            signed, size = signed + (piece.state is State.SIGNED), size + piece.size
        if signed or not known:
            self.talk.tell(self._said(), count=signed, size=mb(size), giver=shown(self.shelf.shift.origin.giver))

    def _said(self) -> str:
        """How the pieces came to be signed, in the words of their grade."""
        if self.shelf.shift.origin.giver:
            return "captured_taken_over"
        return "captured_dock" if self.phone.device.kind == DOCK else "captured"

    def _take(self, file: Path, source: str, names: set[str]) -> Piece:
        piece = self._piece(file, source, names)
        try:
            return self._sign(piece, _measured(file, self.shelf.original(piece)))
        except _NotTaken as refused:
            reason = str(refused)
        except NothingToTake as nothing:
            reason = f"SIZE_NOT_TAKEN {nothing}"
        except StatementMalformed as malformed:
            reason = f"NO_STATEMENT {malformed}"
        except OSError as fault:
            if fault.errno in OF_THE_PHONE:
                raise
            reason = f"UNREADABLE {fault.strerror}"
        return self._refuse(piece, reason)

    def _piece(self, file: Path, source: str, names: set[str]) -> Piece:
        id, shift = new_id(), self.shelf.shift
        return Piece(
            id=id, source=source, name=plain_name(file, Path(shift.into), taken=names, id=id), into=shift.into,
            noted_at=time.time_ns() // 1_000_000, place=place_at(None, None, site=shift.site),
            recording=shift.recording.id,
        )  # fmt: skip

    def _refuse(self, piece: Piece, reason: str) -> Piece:
        """What cannot be taken is named, here and at the end, and stops nothing."""
        self.shelf.original(piece).unlink(missing_ok=True)
        self.talk.tell("not_taken", name=shown(piece.source), reason=why(shown(reason)))
        return self.shelf.write(piece, state=State.REFUSED, reason=reason)

    def _sign(self, piece: Piece, measured: Measured) -> Piece:
        statement = describe(
            measured, recording=piece.recording, device=self.phone.device.id, maker=self.phone.account,
            link=self.shelf.end_of_chain, moment=this_moment(), place=piece.place,
        )  # fmt: skip
        data = statement.encode()
        paper, paper_signature = self._paper(data)
        if len(measured.parts) > _HASH:
            self.shelf.notebook.write_part_hashes(piece, measured.parts)
        return self.shelf.write(
            piece, state=State.SIGNED, size=measured.size, seq=statement.seq, statement=to_base64url(data),
            signature=to_base64url(self.phone.key.sign_statement(data)), takeover=paper,
            takeover_signature=paper_signature,
        )  # fmt: skip

    def _paper(self, statement: bytes) -> tuple[str, str]:
        """The signed paper of a takeover about this statement, in base64url; empty for what the device took itself."""
        origin = self.shelf.shift.origin
        if not origin.giver:
            return "", ""
        at = time.time_ns() // 1_000_000 if origin.at is None else origin.at
        paper = Takeover(
            statement=sha256(statement).hexdigest(), giver=origin.giver, how=origin.how, at=at,
            device=self.phone.device.id, maker=self.phone.account,
        ).encode()  # fmt: skip
        return to_base64url(paper), to_base64url(self.phone.key.sign_takeover(paper))


def plain_files(root: Path, *, leave_out: tuple[Path, ...] = (), unreadable: Unreadable) -> Iterator[Path]:
    """The plain files below a folder, sorted by path: no links, pipes or devices, and nothing below `leave_out`.

    `unreadable` hears of each folder below it that cannot be listed; OSError if the folder itself cannot.
    """
    # Not by recursion: whoever filled the folder may have nested it deeper than a call stack goes.
    ahead = _listed(root)
    while ahead:
        entry = ahead.pop()
        path = Path(entry.path)
        if path in leave_out:
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                ahead += _listed(path)
            elif entry.is_file(follow_symlinks=False):
                yield path
        except OSError as fault:
            unreadable(path, fault)


def _listed(folder: Path) -> list["os.DirEntry[str]"]:
    """What is in a folder, the last by name first, so that the next one is at the end."""
    with os.scandir(folder) as found:
        return sorted(found, key=lambda one: one.name, reverse=True)


def written(path: Path) -> str:
    """The path as the shelf writes it down; one that is no UTF-8 as the hex of its bytes, so that all differ."""
    try:
        return path.as_posix().encode().decode()
    except UnicodeEncodeError:
        return f"bytes:{os.fsencode(path).hex()}"


def shown(name: str) -> str:
    """The name as it may stand on a terminal."""
    return "".join(sign if sign.isprintable() else "_" for sign in name)


def mb(size: int) -> str:
    """Bytes as people read them, in millions."""
    return f"{size / 1e6:.1f}"


def _measured(file: Path, keep: Path) -> Measured:
    """The file copied and measured, if its bytes are of a kind that is taken; looked at before and after the copy."""
    with file.open("rb") as stream:
        _must_be_taken(stream.read(HEAD))
    measured = take(file, keep)
    if measured.media_type not in TAKEN:
        raise _NotTaken(f"MEDIA_TYPE_NOT_TAKEN {measured.media_type}")
    return measured


def _must_be_taken(head: bytes) -> None:
    if not head:
        raise NothingToTake("0")
    media_type = media_type_of(head)
    if media_type not in TAKEN:
        plain = media_type == UNKNOWN and _is_text(head)
        raise _NotTaken(f"MEDIA_TYPE_NOT_TAKEN {'text/plain' if plain else media_type}")


def _is_text(head: bytes) -> bool:
    """Whether a file begins like a text in UTF-8; its head may end within a character."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head
