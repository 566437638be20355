"""Takeovers: the paper by which an officer says from whom, how and when he took a file over."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import (
    LINE_LIMIT,
    NotCanonical,
    canonical,
    from_base64url,
    is_hash,
    is_integer,
    is_line,
    is_uuid,
    parse_members,
    to_base64url,
)

VERSION = signatures.DOMAINS["takeover"]
FILE_VERSION = "pithead/taken-over/1"
LIMIT = 2_048
"""The most bytes that a takeover paper may have."""
FILE_LIMIT = 4_096
"""The most bytes of a paper with its signature."""
GRADE = "TAKEN_OVER"
"""The grade of the piece that a paper stands beside."""
SUFFIX = ".takeover.json"
"""How the name of a paper's file ends; before it stands the name of the original."""

_MEMBERS = {"v", "statement", "from", "how", "at", "device", "maker"}


class TakeoverMalformed(ValueError):
    """The bytes are no takeover paper, or not that of this piece; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """A takeover: `statement` is the SHA-256 of the statement about the file that was taken over.

    `giver` (in the paper: `from`) and `how` are lines that people read, `at` is the device's time in ms since 1970 UTC.
    Device and maker are those of the statement: one device speaks for both.
    """

    statement: str
    giver: str
    how: str
    at: int
    device: str
    maker: str

    def encode(self) -> bytes:
        """The bytes that are signed (kind takeover); TakeoverMalformed if they could not be decoded again."""
        said = {"from": self.giver, "how": self.how, "at": self.at}
        try:
            data = canonical(
                {"v": VERSION, "statement": self.statement, **said, "device": self.device, "maker": self.maker}
            )
        except ValueError as error:
            raise TakeoverMalformed(str(error)) from error
        self.decode(data)
        return data

    @classmethod
    def decode(cls, data: bytes) -> "Takeover":
        """The takeover that these bytes are; TakeoverMalformed with the reason otherwise."""
        members = _read(data, LIMIT, _MEMBERS, VERSION)
        if not is_hash(members["statement"]) or not is_integer(members["at"]):
            raise TakeoverMalformed("statement is no SHA-256, or at is no time")
        if not is_uuid(members["device"]) or not is_uuid(members["maker"]):
            raise TakeoverMalformed("device or maker is no UUID")
        if not is_line(members["from"]) or not is_line(members["how"]):
            raise TakeoverMalformed(f"from or how is no line of 1 to {LINE_LIMIT} bytes")
        del members["v"]
        return cls(giver=members.pop("from"), **members)


def must_be_about(paper: Takeover, statement: bytes, *, device: str, maker: str) -> None:
    """TakeoverMalformed unless the paper speaks of this statement, and by the same device and maker."""
    if paper.statement != sha256(statement).hexdigest():
        raise TakeoverMalformed("statement is not that of the piece")
    if (paper.device, paper.maker) != (device, maker):
        raise TakeoverMalformed("device or maker is not that of the statement")


def taken_over_file(paper: bytes, signature: bytes) -> bytes:
    """The file that keeps a paper with its signature."""
    return canonical({"v": FILE_VERSION, "paper": to_base64url(paper), "signature": to_base64url(signature)})


def read_taken_over(data: bytes, statement: bytes, entry: dict[str, Any]) -> Takeover:
    """The paper in a file, signed by the device of the sealed entry about this statement; TakeoverMalformed otherwise.

    `entry` is the data of the sealed entry (protocol §7).
    """
    members = _read(data, FILE_LIMIT, {"v", "paper", "signature"}, FILE_VERSION)
    if entry["grade"] != GRADE:
        raise TakeoverMalformed(f"grade is {entry['grade']}, not {GRADE}")
    value, signature = _binary(members, "paper"), _binary(members, "signature")
    paper = Takeover.decode(value)
    must_be_about(paper, statement, device=entry["device"], maker=entry["maker"])
    key = from_base64url(entry["device_key"])
    if not signatures.verify(entry["algorithm"], key, "takeover", value, signature):
        raise TakeoverMalformed("signature is not that of the device's key over the paper")
    return paper


def _binary(members: dict[str, Any], name: str) -> bytes:
    try:
        return from_base64url(members[name])
    except ValueError as error:
        raise TakeoverMalformed(f"{name} is {error}") from error


def _read(data: bytes, limit: int, names: set[str], version: str) -> dict[str, Any]:
    try:
        return parse_members(data, limit, names=names, version=version)
    except NotCanonical as error:
        raise TakeoverMalformed(str(error)) from error
