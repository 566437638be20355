"""Reads what a decoding child answered, and believes none of it that is not well-formed; pure."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

from storage.field.facts.tables import Part, Why
from storage.record.clock import SHANGHAI
from storage.record.ledger.proofs.canonical import canonical

PREVIEW_TYPE = "image/jpeg"
_TEXTS = {"camera": 210, "time": 100, "offset": 100, "gps_time": 200}
_SIDE = range(1, 2**31)
_NUMBERS = {
    "width": _SIDE, "height": _SIDE, "orientation": range(1, 9), "latitude": range(-(2**62), 2**62),
    "longitude": range(-(2**62), 2**62), "length_ms": range(2**62),
}  # fmt: skip
_PREVIEW_SIDE = range(1, 513)


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview before it is stored."""

    body: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What one file says of itself: sizes in pixels as stored, degrees × 10^7, times as they are written there."""

    not_read: dict[Part, Why] = field(default_factory=dict)
    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    camera: str | None = None
    time: str | None = None
    offset: str | None = None
    gps_time: str | None = None
    latitude: int | None = None
    longitude: int | None = None
    position_wrong: bool = False
    length_ms: int | None = None
    likeness: int | None = None
    preview: Preview | None = None

    @property
    def taken_at(self) -> datetime | None:
        """The moment of `time`; without an offset it is local time, and cameras here run on Beijing time."""
        return moment_of(self.time, self.offset)

    @property
    def digest(self) -> bytes:
        """SHA-256 over the canonical JSON of everything that was found; the entry holds it."""
        names = ("camera", "time", "offset", "gps_time", *(name for name in _NUMBERS if name not in _TEXTS))
        told: dict[str, Any] = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        told["not_read"] = {part.value: why.value for part, why in self.not_read.items()}
        told["position_wrong"] = int(self.position_wrong)
        if self.likeness is not None:
            told["likeness"] = f"{self.likeness:016x}"
        if self.preview is not None:
            told["preview"] = sha256(self.preview.body).hexdigest()
        return sha256(canonical({name: _fit(value) for name, value in told.items()})).digest()


def failed(why: Why, media_type: str) -> Findings:
    """What is known of a file that the child could not be asked about, or of which it died."""
    return Findings(not_read={part_of(media_type): why})


def part_of(media_type: str) -> Part:
    return Part.PICTURE if media_type.startswith("image/") else Part.FILM


def read(told: bytes, preview: bytes, media_type: str) -> Findings:
    """The child's answer as findings. Hostile bytes may have taken the child over: nonsense is NOT_READ."""
    try:
        return _read(json.loads(told), preview)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return failed(Why.NOT_READ, media_type)


def _read(told: dict[str, Any], preview: bytes) -> Findings:
    given: dict[str, Any] = {
        name: _number(told[name], allowed) for name, allowed in _NUMBERS.items() if told.get(name) is not None
    }
    given |= {name: _text(told[name], limit) for name, limit in _TEXTS.items() if told.get(name) is not None}
    if (told.get("latitude") is None) != (told.get("longitude") is None):
        raise ValueError("half a position")
    if preview and preview[:3] == b"\xff\xd8\xff":
        size = told["preview"]
        given["preview"] = Preview(
            preview, _number(size["width"], _PREVIEW_SIDE), _number(size["height"], _PREVIEW_SIDE)
        )
    if told.get("likeness") is not None:
        given["likeness"] = int.from_bytes(bytes.fromhex(_text(told["likeness"], 16)), "big")
    given["not_read"] = {Part(part): Why(why) for part, why in told.get("not_read", {}).items()}
    return Findings(position_wrong="position" in told, **given)


def _number(value: Any, allowed: range) -> int:
    if type(value) is not int or value not in allowed:
        raise ValueError("no such number")
    return value


def _text(value: Any, limit: int) -> str:
    if type(value) is not str or len(value) > limit or not value.isprintable():
        raise ValueError("no such text")
    return value


def moment_of(time: str | None, offset: str | None) -> datetime | None:
    """`YYYY:MM:DD hh:mm:ss` with `±hh:mm` (or none: Asia/Shanghai) as a moment; None where it is no time."""
    try:
        local = datetime.strptime((time or "")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 # The zone comes below.
        zone = _zone(offset)
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(offset: str | None) -> Any:
    text = (offset or "").strip()
    if len(text) != 6 or text[0] not in "+-" or text[3] != ":":
        return SHANGHAI
    if not (text[1:3].isdigit() and text[4:].isdigit()):
        return SHANGHAI
    ahead = timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    return timezone(-ahead if text[0] == "-" else ahead)


def _fit(value: Any) -> Any:
    """Whole numbers beyond 2^53 are told as text: canonical JSON has no place for them."""
    return str(value) if isinstance(value, int) and abs(value) >= 2**53 else value
