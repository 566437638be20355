"""The capture statement: what a device signs about one original at the moment it takes it (执法全过程记录)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs.canonical import (
    LARGEST,
    NotCanonical,
    canonical,
    is_hash,
    is_integer,
    is_uuid,
    parse_canonical,
)

VERSION = "pithead/statement/1"
LIMIT = 1024
"""The most bytes that a statement may have."""
PART_SIZE = 8 * 2**20
"""The bytes of each part of an original but the last: 8 MiB."""
SIZE_LIMIT = 20 * 2**30
"""The largest original: 20 GiB."""
LAST_SEQ = LARGEST - 1
"""The highest number of a chain: a closing counts one more, and that must be an integer, too."""
FIRST_PREV = "0" * 64
"""What the first statement of a chain (seq 0) names as the one before it."""
STAGES = ("START", "INQUIRY", "REVIEW", "DECISION", "SERVICE", "EXECUTION")
"""行政处罚法 第四十七条: 启动, 调查取证, 审核, 决定, 送达, 执行."""
SOURCES = ("gnss", "manual", "none")

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")


class StatementMalformed(ValueError):
    """The bytes are no statement; `reason` says which member is wrong, or where the JSON stops being canonical."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. Hashes are lower-case hex, ids lower-case UUIDs, wall and mono ms, size bytes.

    `place` may hold lat and lon (degrees × 10^7, WGS-84), accuracy and altitude (cm), site (UUID of the inspection's
    place) and source. Impossible facts (a clock years off, a latitude of 200°, 0/0) are facts and are kept.
    """

    recording: str
    device: str
    seq: int
    prev: str
    sha256: str
    size: int
    parts_root: str
    type: str
    wall: int
    mono: int
    boot: str
    place: dict[str, int | str]
    stage: str
    maker: str

    def encode(self) -> bytes:
        """The bytes to sign (after `signing_input`); StatementMalformed if they could not be decoded again."""
        members: dict[str, Any] = {name: getattr(self, name) for name in _MEMBERS}
        try:
            data = canonical({"v": VERSION, **members})
        except ValueError as error:
            raise StatementMalformed(str(error)) from error
        if len(data) > LIMIT:
            raise StatementMalformed(f"{len(data)} bytes are more than the {LIMIT} allowed")
        _check(members)
        return data

    @classmethod
    def decode(cls, data: bytes) -> "Statement":
        """The statement that these bytes are; StatementMalformed with the reason otherwise."""
        try:
            members = parse_canonical(data, LIMIT)
        except NotCanonical as error:
            raise StatementMalformed(str(error)) from error
        if members.pop("v", None) != VERSION:
            raise StatementMalformed(f"v is not {VERSION}")
        _check(members)
        return cls(**members)


def signing_input(data: bytes) -> bytes:
    """What the device signs: the statement's own first line, then its bytes."""
    return b"pithead/statement/1\n" + data


def parts_root(parts: Iterable[bytes]) -> bytes:
    """SHA-256 over the concatenated SHA-256 (32 bytes each) of the 8 MiB parts, in order; the last may be shorter."""
    root = sha256()
    for part in parts:
        if len(part) != 32:
            raise ValueError("the SHA-256 of a part has 32 bytes")
        root.update(part)
    return root.digest()


def _check(members: dict[str, Any]) -> None:
    if members.keys() != _MEMBERS.keys():
        missing, unknown = _MEMBERS.keys() - members.keys(), members.keys() - _MEMBERS.keys()
        names = [f"{name} is missing" for name in sorted(missing)] + [f"{name} is unknown" for name in sorted(unknown)]
        raise StatementMalformed(", ".join(names))
    for name, (holds, what) in _MEMBERS.items():
        if not holds(members[name]):
            raise StatementMalformed(f"{name} is not {what}")
    if members["seq"] == 0 and members["prev"] != FIRST_PREV:
        raise StatementMalformed("prev is not 64 zeros although seq is 0")


def _is_place(value: object) -> bool:
    return type(value) is dict and all(name in _PLACE and _PLACE[name](item) for name, item in value.items())


_Holds = Callable[[object], bool]

_PLACE: dict[str, _Holds] = {
    **dict.fromkeys(("lat", "lon", "accuracy", "altitude"), is_integer),
    "site": is_uuid,
    "source": lambda value: value in SOURCES,
}
_UUID: tuple[_Holds, str] = (is_uuid, "a lower-case UUID")
_HASH: tuple[_Holds, str] = (is_hash, "a SHA-256 in lower-case hex")
_TIME: tuple[_Holds, str] = (is_integer, "an integer of milliseconds")

_MEMBERS: dict[str, tuple[_Holds, str]] = {
    "recording": _UUID,
    "device": _UUID,
    "seq": (lambda value: is_integer(value, at_least=0, at_most=LAST_SEQ), "an integer from 0 to 2^53 - 2"),
    "prev": _HASH,
    "sha256": _HASH,
    "size": (lambda value: is_integer(value, at_least=1, at_most=SIZE_LIMIT), "an integer from 1 to 20 GiB"),
    "parts_root": _HASH,
    "type": (lambda value: type(value) is str and _TYPE.fullmatch(value) is not None, "a lower-case media type"),
    "wall": _TIME,
    "mono": _TIME,
    "boot": _UUID,
    "place": (_is_place, "an object of lat, lon, accuracy, altitude (integers), site (UUID) and source"),
    "stage": (lambda value: value in STAGES, "one of " + ", ".join(STAGES)),
    "maker": _UUID,
}
