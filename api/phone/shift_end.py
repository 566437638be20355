"""Closes a shift's recording: the first officer signs what belongs to it, the second co-signs on his own phone."""

import time
from collections.abc import Sequence

from api.phone import calls
from api.phone.notebook import Piece, State
from api.phone.phone import Phone
from api.phone.shelf import Shelf
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.closings import Closing, Gap
from storage.record.ledger.proofs.statements import FIRST_PREV

_REASON = 120
"""Characters of a gap's reason: a closing has 16 KB for all of them."""


def close(lead: Phone, second: Phone, shelf: Shelf) -> None:
    """Brings the recording to its co-signed closing; killed anywhere, the same call goes on. Refused, ClosingMalformed.

    The signed bytes are written down before they are sent, so that a second sending is the same act.
    """
    shift = shelf.shift
    if not shift.closing:
        data = closing_of(shelf, closer=lead.account, device=lead.device.id).encode()
        signature = to_base64url(lead.key.sign_closing(data))
        shift = shelf.keep(closing=to_base64url(data), signature=signature)
    calls.close_recording(lead.server, shift.recording.id, closing=shift.closing, signature=shift.signature)
    cosignature = second.key.sign_cosigning(from_base64url(shift.closing))
    calls.cosign_closing(second.server, shift.recording.id, signature=to_base64url(cosignature))
    shelf.keep(closed=True)


def closing_of(shelf: Shelf, *, closer: str, device: str) -> Closing:
    """What the first officer says: his device's chain, and why an original of it is missing (docs/protocol.md §9)."""
    end = shelf.end_of_chain
    gaps = gaps_of([piece for piece in shelf.pieces if piece.seq >= 0], device=device)
    last = FIRST_PREV if gaps and gaps[-1].last == end.seq - 1 else end.prev
    return Closing(
        recording=shelf.shift.recording.id, closer=closer, at=time.time_ns() // 1_000_000,
        chains={device: (end.seq, last)} if end.seq else {}, gaps=tuple(gaps),
    )  # fmt: skip


def gaps_of(pieces: Sequence[Piece], *, device: str) -> list[Gap]:
    """The runs of signed pieces that did not become evidence, each with its reason, in the order of the chain."""
    gaps: list[Gap] = []
    for piece in sorted(pieces, key=lambda one: one.seq):
        if piece.state is State.SEALED:
            continue
        line = " ".join(f"{piece.state}: {piece.reason}".split())
        reason = "".join(sign if sign.isprintable() else "_" for sign in line)[:_REASON]
        if gaps and gaps[-1].last == piece.seq - 1 and gaps[-1].reason == reason:
            gaps[-1] = Gap(device, gaps[-1].first, piece.seq, reason)
        else:
            gaps.append(Gap(device, piece.seq, piece.seq, reason))
    return gaps
