"""Capture: the phone takes a file into its own keeping and says in a statement what, when and where it took."""

import time
import uuid
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path

from api.phone.disk import whole_file
from api.phone.media import HEAD, media_type_of
from storage.record.ledger.proofs import statements
from storage.record.ledger.proofs.statements import FIRST_PREV, PART_SIZE, SIZE_LIMIT, Statement

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_THIS_PROCESS = str(uuid.uuid4())


class NothingToTake(Exception):
    """The file is empty or beyond 20 GiB: no statement can be made about it. The text is its size in bytes."""


class PlaceUnreadable(Exception):
    """A coordinate is no number of degrees; the text is what was given."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the bytes of an original are: size in bytes, hashes in lower-case hex, media type by their beginning.

    `parts` are the SHA-256 of its parts of 8 MiB, 32 bytes each.
    """

    size: int
    sha256: str
    parts_root: str
    media_type: str
    parts: bytes = b""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment as the device knows it: wall clock and time since boot in ms, and which boot that was."""

    wall: int
    mono: int
    boot: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where the next statement of a device joins its chain in a recording: its number, and the hash before it."""

    seq: int = 0
    prev: str = FIRST_PREV


def take(source: Path, keep: Path) -> Measured:
    """Copies the file to `keep`, whole or not at all, and measures it in the same pass.

    NothingToTake for an empty or too large file, OSError if it cannot be read or written. The phone signs for the copy
    and sends the copy, so nothing that happens to the source afterwards matters.
    """
    whole, parts, size, head = sha256(), [], 0, b""
    with source.open("rb") as original, whole_file(keep) as copy:
        while part := original.read(PART_SIZE):
            head = head or part[:HEAD]
            whole.update(part)
            parts.append(sha256(part).digest())
            copy.write(part)
            size += len(part)
            if size > SIZE_LIMIT:
                break
        if not 1 <= size <= SIZE_LIMIT:
            raise NothingToTake(str(size))
    return Measured(size, whole.hexdigest(), statements.parts_root(parts).hex(), media_type_of(head), b"".join(parts))


def describe(
    measured: Measured,
    *,
    recording: str,
    device: str,
    maker: str,
    link: Link,
    moment: Moment,
    place: dict[str, int | str],
    stage: str = "INQUIRY",
    media_type: str | None = None,
) -> Statement:
    """The statement about a measured original (docs/protocol.md §3). `maker` is the account that takes it.

    `media_type` declares another type than the bytes show, for a camera that knows better.
    """
    return Statement(
        recording=recording, device=device, maker=maker, seq=link.seq, prev=link.prev, sha256=measured.sha256,
        size=measured.size, parts_root=measured.parts_root, type=media_type or measured.media_type, wall=moment.wall,
        mono=moment.mono, boot=moment.boot, place=place, stage=stage,
    )  # fmt: skip


def this_moment() -> Moment:
    """Now, by both clocks. They are facts side by side: neither is ever corrected, not even by the server's time."""
    return Moment(time.time_ns() // 1_000_000, _since_boot(), _boot())


def place_at(lat: str | None, lon: str | None, *, site: str | None = None) -> dict[str, int | str]:
    """A place as statements carry it, from WGS-84 degrees in decimal; without them it says that there is none."""
    place: dict[str, int | str] = {"source": "none"} if site is None else {"source": "none", "site": site}
    if lat is None or lon is None:
        return place
    return place | {"lat": _degrees(lat), "lon": _degrees(lon), "source": "manual"}


def _degrees(text: str) -> int:
    """Degrees × 10^7. A latitude of 200° is a fact that the record keeps and flags, so only the form is checked."""
    try:
        value = Decimal(text)
        return int((value * 10**7).to_integral_value()) if abs(value) <= 1_000 else _refuse(text)
    except InvalidOperation:
        return _refuse(text)


def _refuse(text: str) -> int:
    raise PlaceUnreadable(text)


def _since_boot() -> int:
    """Milliseconds since boot, the time asleep included where the system tells it."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)) // 1_000_000


def _boot() -> str:
    """The system's id of this boot, or one of this process where the system has none."""
    try:
        return str(uuid.UUID(_BOOT_ID.read_text().strip()))
    except (OSError, ValueError):
        return _THIS_PROCESS
