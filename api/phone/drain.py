"""Carries a whole shift to verified sealed receipts; a piece that cannot go on is set aside, and the rest goes on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.phone import calls, undelivered
from api.phone.gather import OF_THE_PHONE, mb, shown
from api.phone.notebook import Piece, State
from api.phone.parts import Film, send_in_parts
from api.phone.phone import Phone
from api.phone.server import AGAIN, Refused, keys_document, tries
from api.phone.shelf import Shelf
from api.phone.talk import Talk, why
from api.phone.trust import Trust
from api.phone.uploads import EXPIRED, Job, Progress, Sender, Slice, Upload, UploadRefused
from storage.record.ledger.proofs.canonical import NotCanonical, from_base64url
from storage.record.ledger.proofs.keys import KeyRefused
from storage.record.ledger.proofs.receipts import ReceiptWrong, read_sealed_entry

BATCH = 50
"""Pieces that are declared, sent and completed together; a server takes 100."""
STALLS = 5
"""Rounds without any step forward after which what is left is set aside until the next run."""
_BETWEEN_LINES = 2.0
_UNPROVEN = (ReceiptWrong, KeyRefused, NotCanonical)


@dataclass(slots=True)
class Meter:
    """Says how far sending is, at most one line in two seconds: bytes gone, bytes in all, seconds left."""

    say: Callable[[int, int, float | None], None]
    total: int
    _before: int = 0
    _current: Progress | None = None
    _begun: float = field(default_factory=time.monotonic)
    _said: float = field(default_factory=time.monotonic)

    def hear(self, progress: Progress) -> None:
        """One of the sendings that make up the whole has come so far."""
        if self._current is not None and progress is not self._current:
            self._before += self._current.sent
        self._current, now = progress, time.monotonic()
        if now - self._said >= _BETWEEN_LINES:
            self._said = now
            sent = self._before + progress.sent
            left = (now - self._begun) * (self.total - sent) / sent if sent > 0 else None
            self.say(sent, self.total, left)


@dataclass(slots=True)
class Drain:
    """The pieces of one shift on their way. `patience` bounds the seconds for which no piece at all is sealed.

    `aside` names, by id, what this run gave up, with the reason: the next run tries it again, after all the others.
    `gone` names the declared pieces that the phone has no bytes of any more: the record is told so, and they are over.
    """

    phone: Phone
    shelf: Shelf
    trust: Trust
    talk: Talk
    patience: float = 180.0
    sender: Sender = field(default_factory=Sender)
    aside: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    _unread: frozenset[str] = frozenset()
    """Pieces whose copy could not be read at the last run."""

    def run(self) -> None:
        """Brings every piece to its end or sets it aside. Unreachable and AnotherServer end it early; nothing is lost.

        What the phone has lost its copy of is given up when all else is through: the record says so, with the reason.
        """
        self._unread = frozenset(one.id for one in self.shelf.open_pieces() if one.reason.startswith("UNREADABLE"))
        with self.sender:
            self._rounds()
            if self._give_up():
                self._rounds()
        for piece in self._open():
            self._set_aside(piece, "NO_STEP_FORWARD")

    def _rounds(self) -> None:
        """A round that brings nothing forward is repeated a few times only: a URL that ran out gets another one."""
        stalls = 0
        while self._open() and stalls < STALLS:
            before = [(piece.id, piece.state) for piece in self._open()]
            self._send()
            self._wait()
            stalled = before == [(piece.id, piece.state) for piece in self._open()]
            stalls = stalls + 1 if stalled else 0
            time.sleep(0.2 * stalls)

    def _open(self, *states: State) -> list[Piece]:
        left = self.aside.keys() | self.gone.keys()
        return [piece for piece in self.shelf.open_pieces(*states) if piece.id not in left]

    def _send(self) -> None:
        """One call before the uploads of a batch and one after; what is large travels after all that is small."""
        for batch in _batches(self._open(State.UPLOADED)):
            self._complete(batch)
        pieces, films = self._open(State.SIGNED, State.DECLARED), list[Piece]()
        if not pieces:
            return
        size = sum(piece.size for piece in pieces)
        self.talk.tell("stage_sending", count=len(pieces), size=mb(size))
        self.sender.on_progress = Meter(self._say_sent, size).hear
        for batch in _batches(pieces):
            films += self._send_batch(batch)
        for film in films:
            self._send_film(film)

    def _send_batch(self, batch: Sequence[Piece]) -> list[Piece]:
        """Declares a batch, sends what is small and completes it; returns what is to travel in parts."""
        answers = calls.declare(self.phone.server, batch, device=self.phone.device.id)
        uploads, films = list[tuple[Piece, Upload]](), list[Piece]()
        for piece, answer in zip(batch, answers, strict=True):
            declared = self._declared(piece, answer)
            if declared is None:
                continue
            if answer.in_parts:
                films.append(declared)
            elif answer.upload is None:
                self.shelf.write(declared, state=State.UPLOADED)
            elif self._copy_is_there(declared):
                uploads.append((declared, answer.upload))
        self._send_whole(uploads)
        ids = {piece.id for piece in batch}
        if uploaded := [piece for piece in self._open(State.UPLOADED) if piece.id in ids]:
            self._complete(uploaded)
        return [film for film in films if self._copy_is_there(film)]

    def _declared(self, piece: Piece, answer: calls.Declared) -> Piece | None:
        """The declared piece; None if it was refused, its receipt does not hold, or the server asks for patience."""
        if answer.refused is not None:
            if answer.refused.code not in AGAIN:
                self._refused(piece, answer.refused)
            return None
        receipt = answer.receipt or {}
        try:
            self._know_the_key(receipt.get("key"))
            self.trust.must_be_promised(answer.receipt, statement=from_base64url(piece.statement))
            if receipt["evidence"] != piece.id:
                raise ReceiptWrong("evidence of the declared receipt is another piece")
        except _UNPROVEN as fault:
            self._set_aside(piece, f"RECEIPT_WRONG {fault}")
            return None
        return self.shelf.write(piece, state=State.DECLARED, declared=answer.receipt, reason="")

    def _copy_is_there(self, piece: Piece, *, thorough: bool = False) -> bool:
        """Can the phone send what was signed? If not, the piece is set aside, or is among those that are given up."""
        try:
            lost = self._copy_lost(piece, thorough=thorough)
        except OSError as fault:
            self._set_aside(piece, f"UNREADABLE {fault.strerror}")
            return False
        if lost:
            self.gone[piece.id] = lost
        return not lost

    def _copy_lost(self, piece: Piece, *, thorough: bool = False) -> str:
        """As `undelivered` tells it. A fault of the disk may pass, so a copy is lost to one only at the second run."""
        again = piece.id in self._unread
        try:
            return undelivered.copy_lost(self.shelf.original(piece), piece, thorough=thorough or again)
        except OSError:
            if not again:
                raise
            return undelivered.UNREADABLE

    def _give_up(self) -> bool:
        """Tells the record what never comes; whether the server turned out to have bytes of it after all."""
        found, gone = False, [(one, self.gone[one.id]) for one in self.shelf.open_pieces() if one.id in self.gone]
        for piece, refused in undelivered.report(self.phone.server, gone):
            lost = self.gone.pop(piece.id)
            if refused is None:
                self.shelf.write(piece, state=State.LOST, reason=lost)
                self.talk.tell("lost", name=shown(piece.source), reason=why(lost))
            elif undelivered.is_delivered(refused):
                self.shelf.write(piece, state=State.RECEIVED, reason="")
                found = True
            else:
                self._set_aside(piece, f"{refused.code} {refused.sentence}")
        return found

    def _send_whole(self, uploads: Sequence[tuple[Piece, Upload]]) -> None:
        """Sends files side by side. One whose URL has run out stays declared, and gets another one next round."""
        by_id = {piece.id: piece for piece, _ in uploads}
        jobs = [Job(piece.id, upload, Slice(self.shelf.original(piece), 0, piece.size)) for piece, upload in uploads]
        for job, refused in self.sender.send(jobs, Progress.of(jobs)):
            if refused is None:
                self.shelf.write(by_id[job.id], state=State.UPLOADED)
            elif refused.status != EXPIRED:
                self._not_taken(by_id[job.id], refused)

    def _not_taken(self, piece: Piece, refused: UploadRefused) -> None:
        """The store refused the bytes: they are not what was signed, or it is the store's own affair."""
        if self._copy_is_there(piece, thorough=True):
            self._set_aside(piece, f"UPLOAD_REFUSED {refused}")

    def _send_film(self, piece: Piece) -> None:
        film = Film(
            piece.id, self.shelf.original(piece), piece.size, lambda: self.shelf.notebook.part_hashes(piece)
        )  # fmt: skip
        try:
            send_in_parts(self.phone.server, self.sender, film)
        except Refused as refused:
            if self._copy_is_there(piece, thorough=True):
                self._refused(piece, refused)
        except UploadRefused as refused:
            self._not_taken(piece, refused)
        else:
            self.shelf.write(piece, state=State.RECEIVED)

    def _complete(self, batch: Sequence[Piece]) -> None:
        answers = calls.complete(self.phone.server, [piece.id for piece in batch])
        for piece in batch:
            refused = answers[piece.id]
            if refused is None:
                self.shelf.write(piece, state=State.RECEIVED)
            elif refused.code == "NOT_UPLOADED":
                # The store has nothing: the piece goes back, and the phone still has its copy.
                self.shelf.write(piece, state=State.DECLARED)
            elif refused.code not in AGAIN:
                self._refused(piece, refused)

    def _wait(self) -> None:
        """Asks for all that the server has received until each is sealed or quarantined, or nothing moves any more."""
        said, begun = time.monotonic(), time.monotonic()
        count = len(self._open(State.RECEIVED))
        if count:
            self.talk.tell("stage_sealing", count=count)
        while self._open(State.RECEIVED):
            for _ in tries(self.patience, longest=1.0):
                settled = [self._settle(batch) for batch in _batches(self._open(State.RECEIVED))]
                if any(settled):
                    break
            else:
                for piece in self._open(State.RECEIVED):
                    self._set_aside(piece, "NOT_YET_SEALED")
            left = self._open(State.RECEIVED)
            if left and count > len(left) and time.monotonic() - said >= _BETWEEN_LINES:
                said = time.monotonic()
                seconds = (said - begun) * len(left) / (count - len(left))
                self.talk.tell(
                    "stage_left", count=len(left), size=mb(sum(one.size for one in left)), seconds=f"{seconds:.0f}"
                )

    def _settle(self, batch: Sequence[Piece]) -> bool:
        """Ends what can be ended; whether anything was."""
        settled, found = False, calls.evidence(self.phone.server, [piece.id for piece in batch])
        by_id = {piece.id: piece for piece in batch}
        for progress in found:
            piece = by_id[progress.id]
            if progress.state == "QUARANTINED":
                # The server keeps the bytes apart and says why; the phone keeps its copy for whoever asks.
                self.shelf.write(piece, state=State.QUARANTINED, reason=progress.reason)
                self.talk.tell("quarantined", name=shown(piece.source), reason=why(progress.reason))
                settled = True
            elif progress.receipt is not None:
                self._sealed(piece, progress)
                settled = True
        return settled

    def _sealed(self, piece: Piece, progress: calls.Progress) -> None:
        """The only way by which the phone lets go of its copy: the receipt holds, checked with what was handed over."""
        receipt = progress.receipt or {}
        try:
            self._know_the_key(receipt.get("key"))
            lost = self._hand_over(piece, receipt)
        except _UNPROVEN as fault:
            self._set_aside(piece, f"RECEIPT_WRONG {fault}")
        except OSError as fault:
            if fault.errno in OF_THE_PHONE:
                raise
            self._set_aside(piece, f"UNREADABLE {fault.strerror}")
        else:
            grade = read_sealed_entry(receipt["payload"]).data["grade"]
            self.shelf.write(piece, state=State.SEALED, reason=lost, grade=grade)
            self.shelf.notebook.let_go(piece)

    def _hand_over(self, piece: Piece, receipt: dict[str, Any]) -> str:
        """Why only the proof could be handed over, or an empty text: the server has the bytes all the same."""
        lost = undelivered.hand_over_what_is_left(
            piece, self.shelf.original(piece), receipt, trust=self.trust,
            lost=lambda thorough: self._copy_lost(piece, thorough=thorough),
        )  # fmt: skip
        if lost:
            self.talk.tell("sealed_elsewhere", name=shown(piece.source), reason=why(lost))
        return lost

    def _refused(self, piece: Piece, refused: Refused) -> None:
        self.shelf.write(piece, state=State.REFUSED, reason=f"{refused.code} {refused.sentence}")
        self.talk.tell("refused", name=shown(piece.source), code=refused.code, said=self.talk.said(refused.sentence))

    def _set_aside(self, piece: Piece, reason: str) -> None:
        """Gives the piece up for this run: its state stays what it is, and the reason is written down."""
        self.aside[piece.id] = reason
        self.shelf.write(piece, reason=reason)
        self.talk.tell("set_aside", name=shown(piece.source), reason=why(shown(reason)))

    def _know_the_key(self, key: object) -> None:
        """Fetches the keys again when a receipt names one that is not known: keys are rotated while phones wait."""
        if key not in self.trust.served.keys:
            self.trust.meet(keys_document(self.phone.server))

    def _say_sent(self, sent: int, total: int, left: float | None) -> None:
        seconds = "?" if left is None else f"{max(left, 0):.0f}"
        self.talk.tell("stage_sent", sent=mb(sent), size=mb(total), seconds=seconds)


def _batches(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces in batches, in the order of the chain."""
    row = sorted(pieces, key=lambda one: one.seq)
    return [row[at : at + BATCH] for at in range(0, len(row), BATCH)]
