"""The phone's notebook: its folder on disk, from which it goes on after a kill at any point, as if nothing had been.

One rule makes that work: what an act needs to be repeated as the same act (its id, its signed bytes) is written down
before the act is sent, and what came of it is written down before anything else is done.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from api.phone import disk
from api.phone.capture import Link
from api.phone.keys import DeviceKey, device_key
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.statements import PART_SIZE

Row = TypeVar("Row")
PHONE, DOCK = "PHONE", "DOCK"
"""What a device is enrolled as: an officer's phone, or a dock (采集站) that reads cameras in."""


class State(StrEnum):
    """How far a piece has come on this phone.

    NOTED: it is to be taken; SIGNED: the phone has copy and statement; LOST: it was declared, the phone's copy
    went before it was sent, and the record was told so.
    """

    NOTED = "NOTED"
    SIGNED = "SIGNED"
    DECLARED = "DECLARED"
    UPLOADED = "UPLOADED"
    RECEIVED = "RECEIVED"
    SEALED = "SEALED"
    REFUSED = "REFUSED"
    QUARANTINED = "QUARANTINED"
    LOST = "LOST"


FINAL = frozenset({State.SEALED, State.REFUSED, State.QUARANTINED, State.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Who this phone is: its id, made here; whose it is; whether the server has enrolled its key, and as what."""

    id: str
    login: str
    kind: str = PHONE
    account: str = ""
    enrolled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The sign-in: its newest refresh token. Access tokens live ten minutes and are never written down."""

    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBeacon:
    """A beacon as it was handed out, binary in base64url, and when (ms)."""

    beacon: str
    key: str
    signature: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The inspection that the phone opened or opens: all that its opening says, and who has joined it (accounts)."""

    id: str
    mine: str
    mine_name: str
    lead: str
    officers: list[str]
    places: list[dict[str, Any]]
    basis: str
    reason: str
    noted_at: int
    opened: bool = False
    joined: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The recording that the phone takes pieces in, and the beacon that it was opened on."""

    id: str
    inspection: str
    beacon: dict[str, Any]
    opened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence: where it came from, what the phone signed, what the server answered.

    `takeover` and `takeover_signature`, in base64url: the paper of a file that was taken over from somebody else.
    `grade`: what the sealed receipt says that it proves. `told`: its end was said to the officer. Until then it is not
    over, or a kill just before the last line would make him take the same thing a second time.
    """

    id: str
    source: str
    name: str
    into: str
    noted_at: int
    place: dict[str, int | str]
    recording: str
    media_type: str | None = None
    state: State = State.NOTED
    size: int = 0
    seq: int = -1
    statement: str = ""
    signature: str = ""
    takeover: str = ""
    takeover_signature: str = ""
    grade: str = ""
    declared: dict[str, Any] | None = None
    reason: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Notebook:
    """One phone's folder. It holds the device's key and sign-in, so only its owner reads it."""

    folder: Path

    def device(self, *, make: Callable[[], Device]) -> Device:
        """This phone's device; made and written down at the first time."""
        known = self._read("device.json", Device)
        return known if known is not None else self.write_device(make())

    def write_device(self, device: Device) -> Device:
        self._write("device.json", device)
        return device

    def key(self, device: Device) -> DeviceKey:
        """The device's key; made at the first time."""
        return device_key(self.folder / "device-key.pem", device=device.id)

    def session(self) -> Session | None:
        return self._read("session.json", Session)

    def write_session(self, session: Session) -> None:
        self._write("session.json", session)

    def newest_beacon(self) -> KeptBeacon | None:
        """The newest beacon that is held: whatever is opened on it cannot have begun earlier."""
        document = disk.read_json(self.folder / "beacons.json") or {"beacons": []}
        kept = [KeptBeacon(**one) for one in document["beacons"]]
        return max(kept, key=lambda one: one.at) if kept else None

    def write_beacons(self, beacons: list[KeptBeacon]) -> None:
        """The beacons that were handed out last take the place of all before."""
        disk.write_json(self.folder / "beacons.json", {"beacons": [asdict(one) for one in beacons]})

    def inspection(self) -> Inspection | None:
        return self._read("inspection.json", Inspection)

    def write_inspection(self, inspection: Inspection) -> Inspection:
        self._write("inspection.json", inspection)
        return inspection

    def recording(self) -> Recording | None:
        return self._read("recording.json", Recording)

    def write_recording(self, recording: Recording) -> Recording:
        self._write("recording.json", recording)
        return recording

    def pieces(self) -> list[Piece]:
        """All pieces, in the order in which they were noted."""
        paths = (self.folder / "pieces").glob("[0-9a-f]*.json")
        found = (self._read(f"pieces/{path.name}", Piece) for path in paths)
        return sorted((one for one in found if one is not None), key=lambda one: (one.noted_at, one.seq, one.id))

    def write_piece(self, piece: Piece, **changes: Any) -> Piece:
        """The piece with these changes, once they are on the disk."""
        changed = replace(piece, **changes)
        self._write(f"pieces/{piece.id}.json", changed)
        return changed

    def forget_piece(self, piece: Piece) -> None:
        """Takes back what was only noted; a signed piece is never forgotten."""
        if piece.state is State.NOTED:
            self.original(piece).unlink(missing_ok=True)
            (self.folder / "pieces" / f"{piece.id}.json").unlink(missing_ok=True)

    def original(self, piece: Piece) -> Path:
        """Where the phone keeps its own copy until a sealed receipt is verified."""
        return self.folder / "originals" / piece.id

    def write_part_hashes(self, piece: Piece, hashes: bytes) -> None:
        """Keeps the SHA-256 of the parts that a large original was signed with, so that it is read only to be sent."""
        with disk.whole_file(self._parts(piece)) as file:
            file.write(hashes)

    def part_hashes(self, piece: Piece) -> bytes:
        """They, or what the phone's copy has now: if that differs, the server refuses it."""
        if self._parts(piece).exists():
            return self._parts(piece).read_bytes()
        with self.original(piece).open("rb") as file:
            return b"".join(sha256(part).digest() for part in iter(lambda: file.read(PART_SIZE), b""))

    def let_go(self, piece: Piece) -> None:
        """Removes the phone's own copy of a sealed piece."""
        self.original(piece).unlink(missing_ok=True)
        self._parts(piece).unlink(missing_ok=True)

    def _parts(self, piece: Piece) -> Path:
        return self.folder / "parts" / piece.id

    def end_of_chain(self, recording: str) -> Link:
        """Where the next statement joins. Read off the pieces: a counter of its own could contradict them."""
        signed = [one for one in self.pieces() if one.recording == recording and one.seq >= 0]
        if not signed:
            return Link()
        last = max(signed, key=lambda one: one.seq)
        return Link(last.seq + 1, sha256(from_base64url(last.statement)).hexdigest())

    def _read(self, name: str, kind: type[Row]) -> Row | None:
        document = disk.read_json(self.folder / name)
        if document is None:
            return None
        try:
            if "state" in document:
                document["state"] = State(document["state"])
            return kind(**document)
        except (ValueError, TypeError) as error:
            raise disk.Damaged(str(self.folder / name)) from error

    def _write(self, name: str, row: Any) -> None:
        disk.write_json(self.folder / name, asdict(row))
