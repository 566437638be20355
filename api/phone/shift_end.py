"""Closes a shift's recording: the first officer signs what belongs to it, the second co-signs on his own phone."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from api.phone import calls
from api.phone.notebook import Piece, State
from api.phone.phone import Phone
from api.phone.shelf import Shelf
from api.phone.talk import both, why
from storage.record.ledger.proofs.canonical import canonical, from_base64url, to_base64url
from storage.record.ledger.proofs.closings import LIMIT, Closing, Gap
from storage.record.ledger.proofs.statements import FIRST_PREV

_REASON = 120
"""Characters of a gap's reason, and a third of its bytes."""
_REST = 2_048
"""Bytes of a closing without its gaps, and more."""


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
    """What the first officer says: his device's chain, and why an original of it is missing (docs/protocol.md §9).

    The reasons in the words that people read; where so many gaps lie scattered that they do not fit, by their codes.
    """
    end, at = shelf.end_of_chain, time.time_ns() // 1_000_000
    pieces = [piece for piece in shelf.pieces if piece.seq >= 0]
    closing = Closing(recording=shelf.shift.recording.id, closer=closer, at=at, chains={})
    for reason in (in_words, in_short):
        gaps = gaps_of(pieces, device=device, reason=reason)
        last = FIRST_PREV if gaps and gaps[-1].last == end.seq - 1 else end.prev
        closing = replace(closing, chains={device: (end.seq, last)} if end.seq else {}, gaps=tuple(gaps))
        if _fits(closing):
            break
    return closing


def gaps_of(pieces: Sequence[Piece], *, device: str, reason: Callable[[Piece], str]) -> list[Gap]:
    """The runs of signed pieces that did not become evidence, each with its reason, in the order of the chain."""
    gaps: list[Gap] = []
    for piece in sorted(pieces, key=lambda one: one.seq):
        if piece.state is State.SEALED:
            continue
        said = _line(reason(piece))
        if gaps and gaps[-1].last == piece.seq - 1 and gaps[-1].reason == said:
            gaps[-1] = Gap(device, gaps[-1].first, piece.seq, said)
        else:
            gaps.append(Gap(device, piece.seq, piece.seq, said))
    return gaps


def in_words(piece: Piece) -> str:
    """Why a piece is no evidence, as the officers of the county and a court read it."""
    return f"{both(f'of_{piece.state}')[0]}：{why(piece.reason)[0]}"


def in_short(piece: Piece) -> str:
    """The same by its codes, so that neighbours of one kind are one gap."""
    return f"{piece.state}: {piece.reason.partition(' ')[0]}"


def _line(text: str) -> str:
    line = "".join(sign if sign.isprintable() else "_" for sign in " ".join(text.split()))
    return line.encode()[: 3 * _REASON].decode("utf-8", "ignore")[:_REASON]


def _fits(closing: Closing) -> bool:
    gaps = [{"device": one.device, "first": one.first, "last": one.last, "reason": one.reason} for one in closing.gaps]
    return len(canonical({"gaps": gaps})) < LIMIT - _REST
