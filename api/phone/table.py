"""The end of a shift as its officer reads it: what is no evidence by name, the table, and the one line that sums up."""

from api.phone.gather import mb, shown
from api.phone.notebook import Piece, State
from api.phone.shelf import Shelf
from api.phone.talk import Talk, both, why

SEALED, FAILED, NO_EVIDENCE = 0, 1, 3
_SENT = frozenset({State.RECEIVED, State.SEALED, State.QUARANTINED})
_ONE_BY_ONE = 3
"""Names of one reason that are told with it; more of them are listed under it, so that it is read once."""


def tell_end(shelf: Shelf, talk: Talk) -> int:
    """Says all of it and returns the exit code; a shift that is closed and has nothing open is over then."""
    _tell_aside(shelf, talk)
    _tell_rows(shelf, talk)
    _tell_grades(shelf, talk)
    if any(piece.state is State.SEALED for piece in shelf.pieces):
        talk.tell("row_into", into=shown(shelf.shift.into), id=shelf.shift.recording.id)
    return _sum_up(shelf, talk)


def _tell_aside(shelf: Shelf, talk: Talk) -> None:
    """Each piece that is not sealed, by name, those of one reason together."""
    groups: dict[tuple[State, str], list[Piece]] = {}
    for piece in shelf.pieces:
        if piece.state is not State.SEALED:
            groups.setdefault((piece.state, piece.reason), []).append(piece)
    for (state, reason), pieces in groups.items():
        words = {"state": both(f"of_{state}"), "reason": why(shown(reason))}
        if len(pieces) > _ONE_BY_ONE:
            talk.tell("rows_aside", count=len(pieces), **words)
        for piece in pieces:
            if len(pieces) > _ONE_BY_ONE:
                talk.name(shown(piece.source))
            else:
                talk.tell("row_aside", name=shown(piece.source), **words)


def _tell_rows(shelf: Shelf, talk: Talk) -> None:
    for row, pieces in (
        ("row_declared", [one for one in shelf.pieces if one.declared is not None]),
        ("row_received", [one for one in shelf.pieces if one.state in _SENT]),
        ("row_sealed", [one for one in shelf.pieces if one.state is State.SEALED]),
    ):
        talk.tell(row, count=f"{len(pieces):6}", size=f"{mb(sum(one.size for one in pieces)):>9}")


def _tell_grades(shelf: Shelf, talk: Talk) -> None:
    """What the sealed pieces prove of their making, by the receipts' own word."""
    origin = shelf.shift.origin
    source = both("from_whom", giver=shown(origin.giver), how=shown(origin.how)) if origin.giver else ""
    grades = [piece.grade for piece in shelf.pieces if piece.state is State.SEALED]
    for grade in sorted(set(grades)):
        talk.tell("row_grade", grade=both(f"grade_{grade}"), count=f"{grades.count(grade):6}", source=source)


def _sum_up(shelf: Shelf, talk: Talk) -> int:
    """The one line, whose numbers add up; what is lost or unfinished stands in it only if there is any."""
    files, left = len(shelf.pieces), len(shelf.open_pieces())
    count = {state: sum(piece.state is state for piece in shelf.pieces) for state in State}
    refused, quarantined, lost = count[State.REFUSED], count[State.QUARANTINED], count[State.LOST]
    talk.end(
        "total", *["and_lost"] * bool(lost), *["and_left"] * bool(left), files=files, sealed=count[State.SEALED],
        refused=refused, quarantined=quarantined, lost=lost, left=left,
    )  # fmt: skip
    if left or not shelf.shift.closed:
        return FAILED
    shelf.keep(told=True)
    return NO_EVIDENCE if refused or quarantined or lost else SEALED
