"""Messages of a report: what stands in one, how it is padded to one of four sizes, and its one encryption."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.record.ledger.proofs.canonical import NotCanonical, canonical, is_integer, parse_members, to_base64url
from storage.record.ledger.proofs.reports import files
from storage.record.ledger.proofs.reports.malformed import ReportMalformed, bytes_of, must_be_id

VERSION = "pithead/report-message/1"
IDENTITY_VERSION = "pithead/report-identity/1"
SIZES = (4_096, 16_384, 65_536, 262_144)
"""A message is padded to one of these, so that its length says next to nothing."""
OVERHEAD = 12 + 16
ENCRYPTED_SIZES = tuple(size + OVERHEAD for size in SIZES)
FILES = 10
KINDS = ("PHOTO", "VOICE", "OTHER")

Draw = Callable[[int], bytes]
"""Gives so many random bytes; only vectors, which must come out the same every time, hand in another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of a message: its own key stands here, so whoever reads the message can read the file and nobody else."""

    id: str
    kind: str
    type: str
    size: int
    key: bytes = field(repr=False)

    def members(self) -> dict[str, Any]:
        """The object as it stands in the message."""
        told = {"id": self.id, "kind": self.kind, "type": self.type, "size": self.size}
        return {**told, "key": to_base64url(self.key)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody says: words, answers to the questions of the form by their names, and files."""

    words: str
    answers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Attached, ...] = ()

    def encode(self) -> bytes:
        """Canonical JSON, not yet padded; ReportMalformed if it could not be read again."""
        told = {"v": VERSION, "words": self.words, "answers": dict(self.answers)}
        data = _canonical({**told, "files": [file.members() for file in self.files]})
        if decode_message(data) != self:
            raise ReportMalformed("message")
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the reporter is, in his own words: locked away apart from what he says."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    contact: str = field(repr=False)

    def encode(self) -> bytes:
        """Canonical JSON, not yet padded."""
        return _canonical({"v": IDENTITY_VERSION, "name": self.name, "number": self.number, "contact": self.contact})


def decode_message(data: bytes) -> Message:
    """The message of canonical JSON; ReportMalformed for anything that this version does not write."""
    members = _members(data, {"v", "words", "answers", "files"}, VERSION)
    words, answers, attached = members["words"], members["answers"], members["files"]
    if type(words) is not str or type(answers) is not dict or type(attached) is not list:
        raise ReportMalformed("message")
    if any(type(answer) is not str for answer in answers.values()) or len(attached) > FILES:
        raise ReportMalformed("message")
    told = tuple(_attached(item) for item in attached)
    if len({file.id for file in told}) != len(told):
        raise ReportMalformed("file")
    return Message(words=words, answers=answers, files=told)


def decode_identity(data: bytes) -> Identity:
    """The identity of canonical JSON; ReportMalformed for anything else."""
    members = _members(data, {"v", "name", "number", "contact"}, IDENTITY_VERSION)
    if any(type(item) is not str for item in members.values()):
        raise ReportMalformed("identity")
    return Identity(name=members["name"], number=members["number"], contact=members["contact"])


def pad(data: bytes) -> bytes:
    """The data with spaces behind it up to the next of the four sizes; ReportMalformed `too large` beyond the last."""
    size = next((size for size in SIZES if len(data) <= size), None)
    if size is None:
        raise ReportMalformed("too large", at=len(data))
    return data.ljust(size, b" ")


def unpad(padded: bytes) -> bytes:
    """The way back; ReportMalformed unless it was padded to the smallest size that holds it, and with spaces."""
    data = padded.rstrip(b" ")
    if len(padded) not in SIZES or len(pad(data)) != len(padded):
        raise ReportMalformed("padding")
    return data


def for_message(message_id: str) -> bytes:
    """What the encryption of a message is bound to."""
    return f"pithead report message v1\n{must_be_id(message_id, reason='message id')}".encode()


def for_identity(message_id: str) -> bytes:
    """The same for the identity that is filed together with a message."""
    return f"pithead report identity v1\n{must_be_id(message_id, reason='message id')}".encode()


def encrypt(data: bytes, key: bytes, bound: bytes, *, draw: Draw = secrets.token_bytes) -> bytes:
    """Padded and encrypted: the nonce, the ciphertext, the tag. A content key encrypts one message, once."""
    nonce = draw(12)
    return nonce + AESGCM(_key(key)).encrypt(nonce, pad(data), bound)


def decrypt(encrypted: bytes, key: bytes, bound: bytes) -> bytes:
    """The data again, without padding; ReportMalformed for another key, another message, or bytes that were changed."""
    if len(encrypted) not in ENCRYPTED_SIZES:
        raise ReportMalformed("size")
    try:
        return unpad(AESGCM(_key(key)).decrypt(encrypted[:12], encrypted[12:], bound))
    except InvalidTag as error:
        raise ReportMalformed("not for this key") from error


def _attached(item: object) -> Attached:
    if type(item) is not dict or item.keys() != {"id", "kind", "type", "size", "key"}:
        raise ReportMalformed("file")
    if item["kind"] not in KINDS or type(item["type"]) is not str:
        raise ReportMalformed("file")
    if not is_integer(item["size"], at_least=1, at_most=files.LARGEST):
        raise ReportMalformed("file")
    id = must_be_id(item["id"], reason="file")
    key = bytes_of(item["key"], size=32, reason="file")
    return Attached(id=id, kind=item["kind"], type=item["type"], size=item["size"], key=key)


def _members(data: bytes, names: set[str], version: str) -> dict[str, Any]:
    try:
        return parse_members(data, SIZES[-1], names=names, version=version)
    except NotCanonical as error:
        raise ReportMalformed("not canonical") from error


def _canonical(value: dict[str, Any]) -> bytes:
    try:
        return canonical(value)
    except NotCanonical as error:
        raise ReportMalformed("not canonical") from error


def _key(key: bytes) -> bytes:
    if len(key) != 32:
        raise ReportMalformed("content key")
    return key
