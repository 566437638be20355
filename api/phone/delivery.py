"""Carries signed pieces from the phone to verified sealed receipts; repeated after a kill, it goes on where it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from api.phone import calls, undelivered
from api.phone.capture import NothingToTake, describe, take, this_moment
from api.phone.notebook import FINAL, Piece, State
from api.phone.parts import Film, send_in_parts
from api.phone.phone import Phone
from api.phone.server import AGAIN, Unreachable, keys_document, tries
from api.phone.talk import Talk, both, why
from api.phone.trust import Trust
from api.phone.uploads import EXPIRED, Job, Progress, Sender, Slice, Upload
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.receipts import ReceiptWrong
from storage.record.ledger.proofs.statements import StatementMalformed

BATCH = 20
"""Pieces that are declared, sent and completed together."""
_HASH = 32


class NotYetSealed(Exception):
    """The server has the bytes and has not sealed them in time; the text is the piece's name."""


@dataclass(slots=True)
class Delivery:
    """The pieces of one phone on their way. `patience` bounds the seconds without any progress while it waits."""

    phone: Phone
    trust: Trust
    talk: Talk
    patience: float = 120.0
    sender: Sender = field(default_factory=Sender)

    def sign_noted(self) -> None:
        """Takes and signs every noted piece. One whose file cannot be taken is forgotten, and the fault told."""
        for piece in self._unfinished(State.NOTED):
            try:
                self._sign(piece)
            except (OSError, NothingToTake, StatementMalformed):
                self.phone.notebook.forget_piece(piece)
                raise

    def _sign(self, piece: Piece) -> None:
        phone, notebook = self.phone, self.phone.notebook
        measured = take(Path(piece.source), notebook.original(piece))
        statement = describe(
            measured, recording=piece.recording, device=phone.device.id, maker=phone.account,
            link=notebook.end_of_chain(piece.recording), moment=this_moment(), place=piece.place,
            media_type=piece.media_type,
        )  # fmt: skip
        data = statement.encode()
        if len(measured.parts) > _HASH:
            notebook.write_part_hashes(piece, measured.parts)
        notebook.write_piece(
            piece, state=State.SIGNED, size=measured.size, seq=statement.seq, statement=to_base64url(data),
            signature=to_base64url(phone.key.sign_statement(data)),
        )  # fmt: skip
        self.talk.tell("signed", name=piece.name, size=measured.size, sha256=measured.sha256[:12], seq=statement.seq)

    def deliver(self) -> list[Piece]:
        """Brings every piece to its end: sealed and verified, refused, quarantined or lost; those still to be told.

        Unreachable, NotYetSealed, ReceiptWrong, UploadRefused and AnotherServer end it early; nothing is lost by that.
        """
        for piece in self.phone.notebook.pieces():
            if piece.state is State.SEALED:
                self.phone.notebook.let_go(piece)  # A phone that was killed just before has not done so.
        # A piece falls back when its URL ran out, the store has no bytes, or the server was busy with something else.
        with self.sender:
            for _ in tries(self.patience):
                self._send()
                self._wait()
                if not self._unfinished():
                    break
            else:
                raise Unreachable("; ".join(f"{piece.name}: {piece.state}" for piece in self._unfinished()))
        return [piece for piece in self.phone.notebook.pieces() if not piece.told]

    def _unfinished(self, *states: State) -> list[Piece]:
        pieces = self.phone.notebook.pieces()
        return [one for one in pieces if one.state not in FINAL and (not states or one.state in states)]

    def _send(self) -> None:
        """Declare, upload, complete: one call before the uploads of a batch, and one after."""
        for batch in _batches(self._unfinished(State.UPLOADED)):
            self._complete(batch)
        for batch in _batches(self._unfinished(State.SIGNED, State.DECLARED)):
            answers = calls.declare(self.phone.server, batch, device=self.phone.device.id)
            for_one, uploaded, films = dict[str, tuple[Piece, Upload]](), list[Piece](), list[Piece]()
            for piece, answer in zip(batch, answers, strict=True):
                declared = self._declared(piece, answer)
                if answer.refused is None and not answer.in_parts and answer.upload is None:
                    uploaded.append(declared)
                elif answer.refused is None and not self._is_lost(declared):
                    if answer.upload is not None:
                        for_one[piece.id] = declared, answer.upload
                    else:
                        films.append(declared)
            uploaded = [self._uploaded(piece) for piece in uploaded] + self._send_whole(for_one)
            if uploaded:
                self._complete(uploaded)
            for film in films:
                self._send_film(film)

    def _declared(self, piece: Piece, answer: calls.Declared) -> Piece:
        notebook = self.phone.notebook
        if answer.refused is not None and answer.refused.code in AGAIN:
            return piece
        if answer.refused is not None:
            self.talk.tell(
                "refused", name=piece.name, code=answer.refused.code, said=self.talk.said(answer.refused.sentence)
            )
            return notebook.write_piece(piece, state=State.REFUSED, reason=answer.refused.code)
        self._must_be_promised(piece, answer)
        declared = notebook.write_piece(piece, state=State.DECLARED, declared=answer.receipt)
        if piece.state is State.SIGNED:
            self.talk.tell("declared", name=piece.name)
        return declared

    def _must_be_promised(self, piece: Piece, answer: calls.Declared) -> None:
        """The declared receipt is what the phone holds against the server until the sealed one comes."""
        receipt = answer.receipt or {}
        self._know_the_key(receipt.get("key"))
        self.trust.must_be_promised(answer.receipt, statement=from_base64url(piece.statement))
        if receipt["evidence"] != piece.id:
            raise ReceiptWrong("evidence of the declared receipt is another piece")

    def _send_whole(self, pieces: dict[str, tuple[Piece, Upload]]) -> list[Piece]:
        """Sends files side by side; a piece stays declared if its URL has run out, and gets another one."""
        jobs = [
            Job(piece.id, upload, Slice(self.phone.notebook.original(piece), 0, piece.size))
            for piece, upload in pieces.values()
        ]
        uploaded = []
        for job, refused in self.sender.send(jobs, Progress.of(jobs)):
            if refused is None:
                uploaded.append(self._uploaded(pieces[job.id][0]))
            elif refused.status != EXPIRED and not self._is_lost(pieces[job.id][0], thorough=True):
                raise refused
        return uploaded

    def _is_lost(self, piece: Piece, *, thorough: bool = False) -> bool:
        """Whether the phone's copy cannot be sent any more: then the record is told so, and the piece is over."""
        notebook = self.phone.notebook
        lost = undelivered.copy_lost(notebook.original(piece), piece, thorough=thorough)
        if not lost:
            return False
        ((_, refused),) = undelivered.report(self.phone.server, [(piece, lost)])
        if refused is None:
            notebook.write_piece(piece, state=State.LOST, reason=lost)
            self.talk.tell("lost", name=piece.name, reason=why(lost))
        elif undelivered.is_delivered(refused):
            notebook.write_piece(piece, state=State.RECEIVED)
        else:
            raise refused
        return True

    def _uploaded(self, piece: Piece) -> Piece:
        uploaded = self.phone.notebook.write_piece(piece, state=State.UPLOADED)
        self.talk.tell("uploaded", name=piece.name)
        return uploaded

    def _send_film(self, piece: Piece) -> None:
        """Sends what the store lacks of a large file, and has it received."""
        notebook = self.phone.notebook
        film = Film(piece.id, notebook.original(piece), piece.size, lambda: notebook.part_hashes(piece))
        send_in_parts(self.phone.server, self.sender, film)
        notebook.write_piece(piece, state=State.RECEIVED)
        self.talk.tell("received", name=piece.name)

    def _complete(self, batch: Sequence[Piece]) -> None:
        answers = calls.complete(self.phone.server, [piece.id for piece in batch])
        for piece in batch:
            refused = answers[piece.id]
            if refused is None:
                self.phone.notebook.write_piece(piece, state=State.RECEIVED)
                self.talk.tell("received", name=piece.name)
            elif refused.code == "NOT_UPLOADED":
                # The store has nothing: the piece goes back, and the phone still has its copy.
                self.phone.notebook.write_piece(piece, state=State.DECLARED)
            elif refused.code not in AGAIN:
                raise refused

    def _wait(self) -> None:
        """Asks until every received piece is sealed or quarantined; says what it waits for when that changes."""
        told: dict[str, str] = {}
        while waiting := self._unfinished(State.RECEIVED)[:BATCH]:
            for _ in tries(self.patience, longest=1.0):
                found = calls.evidence(self.phone.server, [piece.id for piece in waiting])
                if self._settle(waiting, {one.id: one for one in found}, told):
                    break
            else:
                raise NotYetSealed(waiting[0].name)

    def _settle(self, waiting: Sequence[Piece], found: dict[str, calls.Progress], told: dict[str, str]) -> bool:
        """Ends what can be ended; whether anything was."""
        settled = False
        for piece in waiting:
            progress = found.get(piece.id)
            if progress is not None and progress.state == "QUARANTINED":
                self._quarantined(piece, progress.reason)
                settled = True
            elif progress is not None and progress.receipt is not None:
                self._sealed(piece, progress.receipt)
                settled = True
            elif progress is not None and told.get(piece.id) != progress.state:
                told[piece.id] = progress.state
                self.talk.tell("waiting", name=piece.name, state=both(f"state_{progress.state}"))
        return settled

    def _quarantined(self, piece: Piece, reason: str) -> None:
        """The server keeps the bytes apart and says why; the phone keeps its copy for whoever asks."""
        self.phone.notebook.write_piece(piece, state=State.QUARANTINED, reason=reason)
        self.talk.tell("quarantined", name=piece.name, reason=both(f"reason_{reason}"))

    def _sealed(self, piece: Piece, receipt: dict[str, Any]) -> None:
        """The only way by which the phone lets go of its copy: the receipt holds, checked with what was handed over."""
        self._know_the_key(receipt.get("key"))
        copy = self.phone.notebook.original(piece)
        lost = undelivered.hand_over_what_is_left(
            piece, copy, receipt, trust=self.trust,
            lost=lambda thorough: undelivered.copy_lost(copy, piece, thorough=thorough),
        )  # fmt: skip
        self.phone.notebook.write_piece(piece, state=State.SEALED, reason=lost)
        self.phone.notebook.let_go(piece)
        if lost:
            self.talk.tell("sealed_elsewhere", name=piece.name, reason=why(lost))
        else:
            self.talk.tell("sealed", name=piece.name, into=piece.into)

    def _know_the_key(self, key: object) -> None:
        """Fetches the keys again when a receipt names one that is not known: keys are rotated while phones wait."""
        if key not in self.trust.served.keys:
            self.trust.meet(keys_document(self.phone.server))


def _batches(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces in batches of one recording each, in the order of its chain."""
    ordered = sorted(pieces, key=lambda one: (one.recording, one.seq))
    batches = []
    for _, of_one in groupby(ordered, key=lambda one: one.recording):
        row = list(of_one)
        batches += [row[at : at + BATCH] for at in range(0, len(row), BATCH)]
    return batches
