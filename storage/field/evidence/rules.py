"""What the law and the protocol ask of evidence; pure: raises, or returns what is to be flagged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from storage.field.evidence import media
from storage.field.evidence.tables import EvidenceState, Grade
from storage.record.clock import from_ms, to_ms
from storage.record.ledger.proofs import signatures, statements, takeovers
from storage.record.ledger.proofs.canonical import LINE_LIMIT, NotCanonical, is_line, parse_canonical, to_base64url
from storage.record.ledger.proofs.takeovers import Takeover
from storage.record.problems import BadInput, Problem, TryAgain, constraint_means
from storage.register.devices.rules import DeviceNotValid
from storage.register.devices.tables import DeviceKind

LARGEST_BATCH = 100
LARGEST_SINGLE = 16 * 1024 * 1024
"""Bytes that travel in one request; larger files come in parts."""
LARGEST_FILE = statements.SIZE_LIMIT
"""The protocol's own limit, 20 GiB: 2,560 parts of 8 MiB, so parts never need to grow to stay below S3's 10,000."""
LARGEST_PAGE = 100
UPLOAD_LIFE = timedelta(days=30)
"""How long parts wait in the store for the others."""
CLOCK_TOLERANCE = timedelta(minutes=5)

TRANSITIONS: dict[EvidenceState, frozenset[EvidenceState]] = {
    EvidenceState.DECLARED: frozenset({EvidenceState.RECEIVED, EvidenceState.LOST}),
    EvidenceState.LOST: frozenset({EvidenceState.RECEIVED}),
    EvidenceState.RECEIVED: frozenset({EvidenceState.SEALED, EvidenceState.QUARANTINED}),
    EvidenceState.SEALED: frozenset({EvidenceState.ERASED}),
    EvidenceState.QUARANTINED: frozenset(),
    EvidenceState.ERASED: frozenset(),
}
"""The only way of a piece; the database refuses every other step by itself."""
WAITING = frozenset({EvidenceState.DECLARED, EvidenceState.LOST})
"""States in which bytes may still come: a phone that was lost is sometimes found."""


class UploadAs(StrEnum):
    """How a file that travels in one request is sent: as a plain PUT, or as a browser's form."""

    PUT = "PUT"
    POST = "POST"


class Flag(StrEnum):
    """Facts about a piece that are kept and shown, never refused."""

    CHAIN_BROKEN = "CHAIN_BROKEN"
    CLOCK_OFF = "CLOCK_OFF"
    DECLARED_AFTER_CLOSING = "DECLARED_AFTER_CLOSING"
    DECLARED_AFTER_LOSS = "DECLARED_AFTER_LOSS"
    POSITION_IMPOSSIBLE = "POSITION_IMPOSSIBLE"
    POSITION_OUTSIDE = "POSITION_OUTSIDE"


class Quarantine(StrEnum):
    """Why bytes are kept apart and are no evidence."""

    ENCODED = "ENCODED"
    HASH_DIFFERS = "HASH_DIFFERS"
    PARTS_DIFFER = "PARTS_DIFFER"
    SIZE_DIFFERS = "SIZE_DIFFERS"
    STATEMENT_DIFFERS = "STATEMENT_DIFFERS"
    TYPE_DIFFERS = "TYPE_DIFFERS"
    TYPE_NOT_TAKEN = "TYPE_NOT_TAKEN"
    VERSION_GONE = "VERSION_GONE"


class BatchEmpty(Problem):
    """A call without a single item asks for nothing."""


class BatchTooLarge(Problem):
    """More items in one call than it takes (parameter: limit)."""


class StatementMalformed(Problem):
    """The bytes are no canonical statement (parameter: reason)."""


class SignatureWrong(Problem):
    """The device's key did not sign these bytes as a statement."""


class StatementOfAnother(Problem):
    """The statement names another recording, device or maker than the call (parameter: member)."""


class MediaTypeNotTaken(Problem):
    """What the statement declares is no photo, film or sound (parameter: type)."""


class SizeOverLimit(Problem):
    """The file is larger than can be taken (parameter: limit, in bytes)."""


class EvidenceConflict(Problem):
    """This id stands for other bytes already, yours or somebody else's."""


class SequenceTaken(Problem):
    """This number of the device's chain stands for another statement already (parameter: seq)."""


class NotUploaded(Problem):
    """The store holds no bytes for this piece yet."""


class NotInParts(Problem):
    """A file this small travels in one request (parameter: limit, in bytes)."""


class PartsDiffer(Problem):
    """These part hashes are not those that the statement signs for (parameter: count, the parts that it has)."""


class PartMissing(Problem):
    """The store does not hold this part, or not in its full size (parameter: number, from 1)."""


class UploadNotBegun(Problem):
    """No upload in parts is under way for this piece: it was never begun, or its parts were thrown away."""


class PageOutOfRange(Problem):
    """A page of parts is 1 to 100 long and begins after a part of the file, or after 0 (parameter: limit)."""


class TakeoverMalformed(Problem):
    """The paper of a takeover is none, or not about this statement (parameter: reason)."""


class TakeoverSignatureWrong(Problem):
    """The device's key did not sign the paper of the takeover."""


class AlreadyDelivered(Problem):
    """The store has the bytes, or had them: nothing of this piece is lost (parameters: evidence, state)."""


class NotYoursToGiveUp(Problem):
    """Only its maker or an officer of the inspection gives a piece up (行政处罚法47; parameter: evidence)."""


constraint_means("uq_evidence_seq", SequenceTaken)
constraint_means("pk_evidence", EvidenceConflict)


@dataclass(frozen=True, slots=True)
class Device:
    """The device that signed, as far as the rules need it."""

    id: UUID
    owner_id: UUID
    algorithm: str
    public_key: bytes
    enrolled_at: datetime
    valid_to: datetime
    gone_at: datetime | None
    """When it was lost or revoked, whichever came first."""
    kind: DeviceKind = DeviceKind.PHONE


@dataclass(frozen=True, slots=True)
class Link:
    """The end of a chain: the last number and the hash of its statement."""

    seq: int
    statement_hash: bytes


def must_be_a_batch(count: int) -> None:
    if count == 0:
        raise BatchEmpty()
    if count > LARGEST_BATCH:
        raise BatchTooLarge(limit=LARGEST_BATCH)


def must_come_after_closing(closed_at: datetime | None, *, now: datetime) -> None:
    """TryAgain for an act that began before the closing it had to wait for: its time would say that it came first."""
    if closed_at is not None and now <= closed_at:
        raise TryAgain()


def must_be_a_statement(data: bytes) -> statements.Statement:
    """Bytes that are not canonical are refused: they are no fact yet, and no two readers would agree on them."""
    try:
        return statements.Statement.decode(data)
    except statements.StatementMalformed as error:
        if _declares_too_much(data):
            raise SizeOverLimit(limit=LARGEST_FILE) from error
        raise StatementMalformed(reason=str(error)) from error


def must_be_of(statement: statements.Statement, *, recording: str, device: str, maker: str) -> None:
    for member, told, expected in (
        ("recording", statement.recording, recording), ("device", statement.device, device),
        ("maker", statement.maker, maker),
    ):  # fmt: skip
        if told != expected:
            raise StatementOfAnother(member=member)


def must_be_signed(data: bytes, signature: bytes, device: Device) -> None:
    if not signatures.verify(device.algorithm, device.public_key, "statement", data, signature):
        raise SignatureWrong()


def beside(*, statement: bytes, signature: bytes, algorithm: str, public_key: bytes) -> dict[str, str]:
    """What the store keeps with the bytes: who finds them there needs nobody's record to know what was signed."""
    return {
        "statement": to_base64url(statement), "signature": to_base64url(signature), "algorithm": algorithm,
        "device-key": to_base64url(public_key),
    }  # fmt: skip


def must_be_a_takeover(paper: bytes, signature: bytes, device: Device, *, statement: bytes, maker_id: UUID) -> Takeover:
    """The paper that says from whom, how and when: canonical, about this statement, signed by the same device."""
    try:
        takeover = Takeover.decode(paper)
        takeovers.must_be_about(takeover, statement, device=str(device.id), maker=str(maker_id))
    except takeovers.TakeoverMalformed as error:
        raise TakeoverMalformed(reason=str(error)) from error
    if not signatures.verify(device.algorithm, device.public_key, "takeover", paper, signature):
        raise TakeoverSignatureWrong()
    return takeover


def grade_of(device: Device, *, taken_over: bool) -> Grade:
    """What the piece can prove of its making: who signed it, and where it came from before."""
    if taken_over:
        return Grade.TAKEN_OVER
    return Grade.SIGNED_AT_DOCK if device.kind == DeviceKind.DOCK else Grade.SIGNED_AT_CAPTURE


def must_be_a_reason(text: str) -> str:
    """The reason as it stands in the record; BadInput unless one line of 1 to 600 bytes."""
    reason = text.strip()
    if not is_line(reason):
        raise BadInput(field="reason", reason=f"one line of 1-{LINE_LIMIT} bytes")
    return reason


def must_be_undelivered(id: UUID, state: EvidenceState) -> None:
    if state not in WAITING:
        raise AlreadyDelivered(evidence=str(id), state=state.value)


def must_be_ones_to_give_up(id: UUID, *, is_maker: bool, is_officer: bool) -> None:
    """行政处罚法47: who recorded, or who answers for the recording, says what of it is missing."""
    if not (is_maker or is_officer):
        raise NotYoursToGiveUp(evidence=str(id))


def must_be_media(statement: statements.Statement, *, largest: int = LARGEST_FILE) -> None:
    if statement.type not in media.TAKEN:
        raise MediaTypeNotTaken(type=statement.type[:80])
    if statement.size > largest:
        raise SizeOverLimit(limit=largest)


def comes_in_parts(size: int) -> bool:
    return size > LARGEST_SINGLE


def count_of_parts(size: int) -> int:
    """How many equal parts of 8 MiB a file of so many bytes has; the last one may be shorter."""
    return -(-size // statements.PART_SIZE)


def size_of_part(size: int, number: int) -> int:
    """Bytes of one part, counted from 1, of a file of so many bytes."""
    return min(statements.PART_SIZE, size - (number - 1) * statements.PART_SIZE)


def hashes_of(parts: bytes) -> list[bytes]:
    """The SHA-256 of each part, from the form in which they travel: one after the other, 32 bytes each."""
    return [parts[at : at + 32] for at in range(0, len(parts), 32)]


def must_be_its_parts(statement: statements.Statement, parts: bytes) -> None:
    """The list that comes later is held against the root that was signed at capture: no other bytes can be sent."""
    if not comes_in_parts(statement.size):
        raise NotInParts(limit=LARGEST_SINGLE)
    count = count_of_parts(statement.size)
    if len(parts) != 32 * count or statements.parts_root(hashes_of(parts)).hex() != statement.parts_root:
        raise PartsDiffer(count=count)


def must_be_a_page(size: int, *, first: int, after: int) -> None:
    if not 1 <= first <= LARGEST_PAGE or not 0 <= after <= count_of_parts(size):
        raise PageOutOfRange(limit=LARGEST_PAGE)


def first_missing(size: int, held: Mapping[int, int]) -> int | None:
    """The first part that the store does not hold in its full size, by what it lists (number: bytes), or None."""
    numbers = range(1, count_of_parts(size) + 1)
    return next((number for number in numbers if held.get(number) != size_of_part(size, number)), None)


def _declares_too_much(data: bytes) -> bool:
    """Whether bytes that are no statement would be one but for a size that nobody takes: a clear answer for a film."""
    try:
        size = parse_canonical(data, statements.LIMIT).get("size")
    except NotCanonical:
        return False
    return type(size) is int and size > LARGEST_FILE


def must_come_from_a_valid_device(
    statement: statements.Statement, device: Device, *, not_before: datetime, now: datetime
) -> Collection[Flag]:
    """What was signed before a loss stays valid and is flagged; what claims a later time is refused.

    The device's own clock could be set back by a thief. The beacon could not: a recording that was opened after the
    loss is refused whatever its statements say.
    """
    end = min(device.valid_to, device.gone_at or device.valid_to)
    if now < end:
        return ()
    if not_before >= end or statement.wall >= to_ms(end):
        raise DeviceNotValid()
    return (Flag.DECLARED_AFTER_LOSS,)


def flags_of(statement: statements.Statement, *, last: Link | None, not_before: datetime, now: datetime) -> set[Flag]:
    """What stands against the claims of a statement. Nothing of it is refused: the record shows it."""
    flags: set[Flag] = set()
    tolerance = CLOCK_TOLERANCE // timedelta(milliseconds=1)
    if not to_ms(not_before) - tolerance <= statement.wall <= to_ms(now) + tolerance:
        flags.add(Flag.CLOCK_OFF)
    flags |= _flags_of_place(statement.place)
    if last is not None and not _follows(statement, last):
        flags.add(Flag.CHAIN_BROKEN)
    return flags


def captured_at(statement: statements.Statement) -> datetime | None:
    """The device's wall clock as a time, or None where it lies outside all calendars; the statement keeps it."""
    try:
        return from_ms(statement.wall)
    except OverflowError:
        return None


def quarantine_reason(
    *, declared_sha256: bytes, declared_size: int, declared_type: str, sha256: bytes, size: int, sniffed: str | None,
    encoding: str = "",
) -> Quarantine | None:  # fmt: skip
    """Why re-read bytes are not what the device signed, or None when they are.

    `encoding` is what the sender told the store that they are packed by. No signature of a request covers that header:
    with it a browser would unpack what was sealed, and show other bytes than those.
    """
    if size != declared_size:
        return Quarantine.SIZE_DIFFERS
    if sha256 != declared_sha256:
        return Quarantine.HASH_DIFFERS
    if sniffed is None or sniffed not in media.TAKEN:
        return Quarantine.TYPE_NOT_TAKEN
    if not media.is_as_declared(declared_type, sniffed):
        return Quarantine.TYPE_DIFFERS
    return Quarantine.ENCODED if encoding.strip().lower() not in ("", "identity") else None


def _follows(statement: statements.Statement, last: Link) -> bool:
    """A chain is broken only by a contradiction; a number that has not come yet is a gap, and closing shows it."""
    if statement.seq == 0:
        return statement.prev == bytes(32).hex()
    return statement.seq != last.seq + 1 or statement.prev == last.statement_hash.hex()


# The province's bounding box, degrees × 10^7, with half a degree around it: mines reach below neighbouring land.
_SOUTH, _NORTH, _WEST, _EAST = 241_000_000, 297_000_000, 1_031_000_000, 1_101_000_000
_LATITUDES, _LONGITUDES = 900_000_000, 1_800_000_000


def _flags_of_place(place: dict[str, int | str]) -> set[Flag]:
    latitude, longitude = place.get("lat"), place.get("lon")
    if latitude is None and longitude is None:
        return set()  # Underground there is no satellite: no position is no fault.
    if not isinstance(latitude, int) or not isinstance(longitude, int):
        return {Flag.POSITION_IMPOSSIBLE}
    if (latitude, longitude) == (0, 0) or abs(latitude) > _LATITUDES or abs(longitude) > _LONGITUDES:
        return {Flag.POSITION_IMPOSSIBLE}
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        return {Flag.POSITION_OUTSIDE}
    return set()


def must_be_a_list_of_pieces(named: Sequence[object], *, most: int) -> None:
    """What an act names as evidence: no piece twice, and no more than the house takes at once; else BadInput."""
    if len(set(named)) != len(named) or len(named) > most:
        raise BadInput(field="evidence", reason=f"<= {most}, no one twice")
