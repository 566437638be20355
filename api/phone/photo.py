"""The thin thread: one photo from a file to a sealed receipt that is verified, with two officers on two phones."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import httpx

from api.phone import calls, disk
from api.phone.capture import place_at
from api.phone.delivery import Delivery
from api.phone.handover import plain_name
from api.phone.notebook import FINAL, Inspection, Piece, Recording, State
from api.phone.outset import ENDS, CannotTake, first_contact, inspect, line_of, server_of, tell_fault
from api.phone.phone import Person, Phone, new_id, switch_on
from api.phone.server import Refused
from api.phone.talk import Talk
from api.phone.trust import Trust
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.statements import Statement

SEALED, FAILED, NO_EVIDENCE = 0, 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be taken, and where it goes. `lat` and `lon` are WGS-84 degrees in decimal; both or none."""

    file: Path
    into: Path | None = None
    media_type: str | None = None
    lat: str | None = None
    lon: str | None = None


def main_photo(
    *,
    url: str,
    file: Path,
    folder: Path,
    people: Sequence[Person],
    language: str,
    say: Callable[[str], None],
    into: Path | None = None,
    media_type: str | None = None,
    lat: str | None = None,
    lon: str | None = None,
    http: httpx.Client | None = None,
    reach: float = 20.0,
    patience: float = 120.0,
) -> int:
    """Takes one file through the whole job and says each step; 0 sealed and verified, 3 no evidence, 1 anything else.

    `folder` holds the phones (one a person, the lead first); killed anywhere, the same call goes on where it was.
    `reach` bounds the seconds for which an unanswered call is made again, `patience` those without news of the seal.
    `into` receives the original, its bundle and the keys; by default a folder named by the time in ./pithead-out.
    """
    talk = Talk(say, language)
    wish = Wish(file=file.absolute(), into=into and into.absolute(), media_type=media_type, lat=lat, lon=lon)
    try:
        with disk.held(folder), line_of(http) as line:
            phones = [switch_on(one, folder / one.login, server_of(url, line, language, reach)) for one in people]
            pieces = _photo(phones, wish, Trust(folder / "server-keys.json"), talk, patience)
            code = _sum_up(talk, pieces)
            for piece in pieces:
                phones[0].notebook.write_piece(piece, told=True)
            return code
    except Refused as refused:
        talk.end("act_refused", code=refused.code, said=talk.said(refused.sentence))
        return NO_EVIDENCE
    except ENDS as fault:
        tell_fault(talk, fault)
    return FAILED


def _photo(phones: Sequence[Phone], wish: Wish, trust: Trust, talk: Talk, patience: float) -> list[Piece]:
    if len(phones) < 2:
        raise CannotTake("two_officers")
    place_at(wish.lat, wish.lon)
    wish.file.open("rb").close()
    lead = phones[0]
    first_contact(lead, trust, talk)
    for phone in phones:
        phone.sign_in(talk)
    inspection = inspect(phones, talk)
    recording = _record(lead, inspection, talk)
    delivery = Delivery(lead, trust, talk, patience)
    _note(lead, wish, inspection, recording, talk)
    delivery.sign_noted()
    return delivery.deliver()


def _record(lead: Phone, inspection: Inspection, talk: Talk) -> Recording:
    recording = lead.notebook.recording()
    if recording is None or recording.inspection != inspection.id:
        beacon = asdict(lead.beacon())
        recording = lead.notebook.write_recording(
            Recording(id=new_id(), inspection=inspection.id, beacon=beacon)
        )  # fmt: skip
    if not recording.opened:
        calls.open_recording(lead.server, recording)
        recording = lead.notebook.write_recording(replace(recording, opened=True))
        talk.tell("recording")
    return recording


def _note(lead: Phone, wish: Wish, inspection: Inspection, recording: Recording, talk: Talk) -> None:
    """Writes down that the file is to be taken, unless the phone is on the way with these very bytes."""
    unfinished = [piece for piece in lead.notebook.pieces() if not piece.told]
    if unfinished:
        talk.tell("going_on", count=len(unfinished))
    for piece in unfinished:
        if piece.source == str(wish.file) and _same_bytes(piece, wish.file):
            if wish.into is not None and piece.state is not State.SEALED:
                lead.notebook.write_piece(piece, into=str(wish.into))
            return
    into = wish.into or Path("pithead-out").absolute() / time.strftime("%Y%m%d-%H%M%S")
    id, place = new_id(), place_at(wish.lat, wish.lon, site=inspection.places[-1]["id"])
    taken = {piece.name for piece in unfinished if piece.into == str(into)}
    name = plain_name(wish.file, into, taken=taken, id=id)
    lead.notebook.write_piece(
        Piece(
            id=id, source=str(wish.file), name=name, into=str(into), noted_at=_now(), place=place,
            recording=recording.id, media_type=wish.media_type,
        )
    )  # fmt: skip


def _same_bytes(piece: Piece, file: Path) -> bool:
    """Is the file still what the piece was signed for? A piece that is only noted takes the file as it is now."""
    if piece.state is State.NOTED:
        return True
    whole = sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(1024 * 1024):
            whole.update(chunk)
    return Statement.decode(from_base64url(piece.statement)).sha256 == whole.hexdigest()


def _sum_up(talk: Talk, pieces: Sequence[Piece]) -> int:
    count = {state: sum(piece.state is state for piece in pieces) for state in FINAL}
    folders = sorted({piece.into for piece in pieces if piece.state is State.SEALED})
    talk.end(
        "total", *["and_lost"] * bool(count[State.LOST]), *["into"] * bool(folders), files=len(pieces),
        sealed=count[State.SEALED], refused=count[State.REFUSED], quarantined=count[State.QUARANTINED],
        lost=count[State.LOST], into=", ".join(folders),
    )  # fmt: skip
    return SEALED if count[State.SEALED] == len(pieces) else NO_EVIDENCE


def _now() -> int:
    return time.time_ns() // 1_000_000
