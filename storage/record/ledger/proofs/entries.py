"""Ledger entries as they are committed to: the canonical payload, its salted digest, and how both are read back."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs.canonical import NotCanonical, canonical, is_integer, is_uuid, parse_canonical

VERSION = "pithead/entry/1"
LIMIT = 65_536
"""The most bytes that a payload may have."""
SALT_SIZE = 32

_REQUIRED = {"v", "id", "kind", "at", "subject", "data"}
_OPTIONAL = {"actor", "device"}


class EntryMalformed(ValueError):
    """The bytes are no entry; the message says which member is wrong, or where the JSON stops being canonical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act: `kind` (`evidence.sealed`), `at` (ms since 1970 UTC), by whom, from which device, on what, and more."""

    id: str
    kind: str
    at: int
    subject: str
    data: dict[str, Any]
    actor: str | None = None
    device: str | None = None

    def encode(self) -> bytes:
        """The payload; EntryMalformed if it could not be decoded again."""
        optional = {key: item for key, item in (("actor", self.actor), ("device", self.device)) if item is not None}
        members = {"id": self.id, "kind": self.kind, "at": self.at, "subject": self.subject, "data": self.data}
        try:
            payload = canonical({"v": VERSION, **members, **optional})
        except ValueError as error:
            raise EntryMalformed(str(error)) from error
        self.decode(payload)
        return payload

    @classmethod
    def decode(cls, payload: bytes) -> "Entry":
        """The entry that these bytes are; EntryMalformed with the reason otherwise."""
        try:
            members = parse_canonical(payload, LIMIT)
        except NotCanonical as error:
            raise EntryMalformed(str(error)) from error
        if not members.keys() >= _REQUIRED or members.keys() - _REQUIRED - _OPTIONAL:
            raise EntryMalformed("not an object of v, id, kind, at, subject, data and, if known, actor and device")
        if members.pop("v") != VERSION:
            raise EntryMalformed(f"v is not {VERSION}")
        texts = [members["kind"], members["subject"], members.get("actor", "")]
        if not all(type(text) is str for text in texts) or type(members["data"]) is not dict:
            raise EntryMalformed("kind, subject or actor is no text, or data is no object")
        if (
            not is_uuid(members["id"])
            or not is_integer(members["at"])
            or not is_uuid(members.get("device", members["id"]))
        ):
            raise EntryMalformed("id or device is no UUID, or at is no time")
        return cls(**members)


def digest(salt: bytes, payload: bytes) -> bytes:
    """The leaf's data: SHA-256("pithead/entry/1\\n" ‖ salt ‖ payload). The salt hides what a guess would find out."""
    if len(salt) != SALT_SIZE:
        raise ValueError("the salt of an entry has 32 bytes")
    return sha256(b"pithead/entry/1\n" + salt + payload).digest()
