"""Pieces whose bytes the phone has no longer: how that is found out, how it is said to the record, what is left."""

from collections.abc import Callable, Sequence
from hashlib import file_digest
from itertools import groupby
from pathlib import Path
from typing import Any

from api.phone import calls
from api.phone.handover import hand_over
from api.phone.notebook import Piece
from api.phone.server import Refused, Server
from api.phone.talk import both
from api.phone.trust import Trust
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.receipts import ReceiptWrong
from storage.record.ledger.proofs.statements import Statement

GONE, CHANGED, UNREADABLE = "COPY_GONE", "COPY_CHANGED", "COPY_UNREADABLE"
_DELIVERED = "ALREADY_DELIVERED"
_BATCH = 100


def copy_lost(copy: Path, piece: Piece, *, thorough: bool = False) -> str:
    """Why the phone's copy cannot be sent any more, or an empty text; `thorough` reads all of it.

    Without that it is opened and its length compared: what else is wrong with it the store finds by its hash. An
    OSError other than that there is none goes to the caller: a fault of the disk may pass.
    """
    try:
        with copy.open("rb") as file:
            if file.seek(0, 2) != piece.size:
                return CHANGED
            if thorough:
                file.seek(0)
                signed = Statement.decode(from_base64url(piece.statement)).sha256
                return "" if file_digest(file, "sha256").hexdigest() == signed else CHANGED
    except FileNotFoundError:
        return GONE
    return ""


def hand_over_what_is_left(
    piece: Piece, copy: Path, receipt: dict[str, Any], *, trust: Trust, lost: Callable[[bool], str]
) -> str:
    """Hands over original and proof, or the proof alone; then why, else an empty text. The server has the bytes.

    `lost` tells as `copy_lost` does why there is no copy, thoroughly if it is given True.
    """
    reason = lost(False)
    try:
        hand_over(piece, None if reason else copy, receipt, trust=trust)
    except ReceiptWrong:
        reason = lost(True)
        if not reason:
            raise
        hand_over(piece, None, receipt, trust=trust)
    return reason


def report(server: Server, pieces: Sequence[tuple[Piece, str]]) -> list[tuple[Piece, Refused | None]]:
    """Tells the record that these declared pieces never come, each with its reason; by piece what was refused of it.

    One that cannot be given up does not keep the others from it.
    """
    answers: list[tuple[Piece, Refused | None]] = []
    for reason, same in groupby(sorted(pieces, key=lambda one: one[1]), key=lambda one: one[1]):
        row = [piece for piece, _ in same]
        for at in range(0, len(row), _BATCH):
            answers += _report(server, row[at : at + _BATCH], reason)
    return answers


def is_delivered(refused: Refused) -> bool:
    """Whether a piece was not given up because the server has its bytes: an answer was lost on the way."""
    return refused.code == _DELIVERED


def _report(server: Server, pieces: Sequence[Piece], reason: str) -> list[tuple[Piece, Refused | None]]:
    try:
        # The record is read by people of the county: the reason stands in it in their language.
        calls.report_undelivered(server, [piece.id for piece in pieces], reason=both(f"why_{reason}")[0])
    except Refused as refused:
        if len(pieces) == 1:
            return [(pieces[0], refused)]
        return [answer for piece in pieces for answer in _report(server, [piece], reason)]
    return [(piece, None) for piece in pieces]
