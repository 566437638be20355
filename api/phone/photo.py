"""The thin thread: one photo from a file to a sealed receipt that is verified, with two officers on two phones."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import httpx

from api.phone import calls, disk
from api.phone.capture import NothingToTake, PlaceUnreadable, place_at
from api.phone.delivery import Delivery, NotYetSealed
from api.phone.handover import plain_name
from api.phone.keys import KeyUnreadable
from api.phone.notebook import FINAL, Inspection, Piece, Recording, State
from api.phone.phone import Person, Phone, new_id, switch_on
from api.phone.server import TIMEOUT, Refused, Server, Unreachable, keys_document
from api.phone.talk import Talk
from api.phone.trust import AnotherServer, Trust
from api.phone.uploads import UploadRefused
from storage.record.ledger.proofs.canonical import NotCanonical, from_base64url
from storage.record.ledger.proofs.keys import KeyRefused, KeysMalformed
from storage.record.ledger.proofs.receipts import ReceiptWrong
from storage.record.ledger.proofs.statements import Statement, StatementMalformed

SEALED, FAILED, NO_EVIDENCE = 0, 1, 3
ONE_DAY = 24 * 3_600_000
"""Milliseconds after which the next photo belongs to a new inspection."""


class CannotTake(Exception):
    """The thread cannot begin; the text is the code of a sentence."""


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
        with disk.held(folder), _line(http) as line:
            phones = [switch_on(one, folder / one.login, _server(url, line, language, reach)) for one in people]
            pieces = _photo(phones, wish, Trust(folder / "server-keys.json"), talk, patience)
            code = _sum_up(talk, pieces)
            for piece in pieces:
                phones[0].notebook.write_piece(piece, told=True)
            return code
    except Refused as refused:
        talk.end("act_refused", code=refused.code, sentence=refused.sentence)
        return NO_EVIDENCE
    except CannotTake as cannot:
        talk.end(str(cannot))
    except tuple(_FAULTS) as fault:
        talk.end(_FAULTS[type(fault)], told=fault, name=fault)
    except OSError as fault:
        talk.end("no_file", told=f"{fault.filename}: {fault.strerror}")
    return FAILED


_FAULTS: dict[type[Exception], str] = {
    AnotherServer: "another_server",
    KeyRefused: "receipt_wrong",
    KeysMalformed: "another_server",
    KeyUnreadable: "key_unreadable",
    NothingToTake: "empty",
    NotYetSealed: "slow",
    PlaceUnreadable: "place",
    ReceiptWrong: "receipt_wrong",
    Unreachable: "unreachable",
    NotCanonical: "receipt_wrong",
    StatementMalformed: "no_statement",
    UploadRefused: "upload_refused",
    disk.Damaged: "damaged",
    disk.FolderInUse: "in_use",
}


def _photo(phones: Sequence[Phone], wish: Wish, trust: Trust, talk: Talk, patience: float) -> list[Piece]:
    if len(phones) < 2:
        raise CannotTake("two_officers")
    place_at(wish.lat, wish.lon)
    wish.file.open("rb").close()
    lead = phones[0]
    _first_contact(lead, trust, talk)
    for phone in phones:
        phone.sign_in(talk)
    inspection = _inspect(phones, talk)
    recording = _record(lead, inspection, talk)
    delivery = Delivery(lead, trust, talk, patience)
    _note(lead, wish, inspection, recording, talk)
    delivery.sign_noted()
    return delivery.deliver()


def _server(url: str, http: httpx.Client, language: str, reach: float) -> Server:
    return Server(url, http, language="en" if language == "en" else "zh", patience=reach)


def _first_contact(phone: Phone, trust: Trust, talk: Talk) -> None:
    first = trust.pinned() is None
    trust.meet(keys_document(phone.server))
    if first:
        talk.tell("pinned", origin=trust.served.origin)


def _inspect(phones: Sequence[Phone], talk: Talk) -> Inspection:
    """The inspection of today by these officers: opened by the lead, joined by each other from his own phone."""
    lead = phones[0]
    officers = [phone.account for phone in phones]
    inspection = lead.notebook.inspection()
    if inspection is None or inspection.officers != officers or _now() - inspection.noted_at > ONE_DAY:
        inspection = lead.notebook.write_inspection(_new_inspection(lead, officers))
    if not inspection.opened:
        calls.open_inspection(lead.server, inspection)
        inspection = lead.notebook.write_inspection(replace(inspection, opened=True))
        names = ", ".join(phone.person.login for phone in phones)
        talk.tell("inspection", mine=inspection.mine_name, officers=names, lead=lead.person.login)
    for phone in phones[1:]:
        if phone.account not in inspection.joined:
            calls.join_inspection(phone.server, inspection.id)
            joined = [*inspection.joined, phone.account]
            inspection = lead.notebook.write_inspection(replace(inspection, joined=joined))
            talk.tell("joined", login=phone.person.login)
    return inspection


def _new_inspection(lead: Phone, officers: list[str]) -> Inspection:
    mines = calls.sample_mines(lead.server)
    if not mines:
        raise CannotTake("no_mine")
    places = [
        {"id": new_id(), "name": "地面调度室", "underground": False},
        {"id": new_id(), "name": "采煤工作面", "underground": True},
    ]
    return Inspection(
        id=new_id(), mine=mines[0].id, mine_name=mines[0].name, lead=lead.account, officers=officers, places=places,
        basis="REASONED", reason="样例：井口参考客户端演示检查", noted_at=_now(),
    )  # fmt: skip


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
        "total", *(("into",) if folders else ()), files=len(pieces), sealed=count[State.SEALED],
        refused=count[State.REFUSED], quarantined=count[State.QUARANTINED], into=", ".join(folders),
    )  # fmt: skip
    return SEALED if count[State.SEALED] == len(pieces) else NO_EVIDENCE


@contextlib.contextmanager
def _line(http: httpx.Client | None) -> Iterator[httpx.Client]:
    """The line that was given, or one of our own. It reads no proxy from the environment: a phone's line is its own."""
    if http is not None:
        yield http
        return
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as made:
        yield made


def _now() -> int:
    return time.time_ns() // 1_000_000
