"""The public keys document: which server keys there are, since and until when, and by which predecessor each stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import canonical, from_base64url, is_integer, to_base64url
from storage.record.ledger.proofs.checkpoints import NoteKey, is_origin

VERSION = "pithead/keys/1"
NAMES = ("ledger", "receipt", "promise", "token", "stamp")
GRACE = 60_000
"""Milliseconds around a key's validity: what began before a rotation may be signed just after it."""

_REQUIRED = {"id", "name", "algorithm", "public", "from"}
_OPTIONAL = {"to", "predecessor", "signature"}
_NAME = re.compile(r"[a-z]{1,20}")


class KeysMalformed(ValueError):
    """The document is no list of public keys; the message says which key and member is wrong."""


class KeyRefused(ValueError):
    """A key is unknown, was not valid then, or does not reach the keys that are trusted; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """One server key. Times are ms since 1970 UTC; `until` None: in use. The first of a name has no predecessor."""

    id: str
    name: str
    algorithm: str
    public: bytes
    since: int
    until: int | None = None
    predecessor: str | None = None
    signature: bytes | None = None

    def signed_bytes(self) -> bytes:
        """What the predecessor signs (kind "key"): everything but the end, which no one knows yet."""
        return canonical({key: item for key, item in self.document().items() if key not in ("to", "signature")})

    def document(self) -> dict[str, Any]:
        """The key as it stands in the document."""
        optional = {
            "to": self.until,
            "predecessor": self.predecessor,
            "signature": None if self.signature is None else to_base64url(self.signature),
        }
        return {
            "id": self.id,
            "name": self.name,
            "algorithm": self.algorithm,
            "public": to_base64url(self.public),
            "from": self.since,
            **{key: item for key, item in optional.items() if item is not None},
        }

    def valid_at(self, at: int) -> bool:
        """Was the key in use at this time, give or take the grace?"""
        return self.since - GRACE <= at and (self.until is None or at <= self.until + GRACE)

    def valid_between(self, first: int, last: int) -> bool:
        """Was there a moment from `first` to `last` at which the key was in use?"""
        return self.since - GRACE <= last and (self.until is None or first <= self.until + GRACE)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The origin of the log and its keys by id, in the order of the document."""

    origin: str
    keys: Mapping[str, PublicKey]

    @classmethod
    def parse(cls, document: object) -> "PublicKeys":
        """The keys of {"v": "pithead/keys/1", "origin": …, "keys": […]}; KeysMalformed otherwise."""
        if type(document) is not dict or document.keys() != {"v", "origin", "keys"} or document["v"] != VERSION:
            raise KeysMalformed(f"not an object of v ({VERSION}), origin and keys")
        origin, listed = document["origin"], document["keys"]
        if type(origin) is not str or not is_origin(origin) or type(listed) is not list:
            raise KeysMalformed("origin is no name of a log, or keys is no list")
        keys: dict[str, PublicKey] = {}
        for number, item in enumerate(listed):
            try:
                key = _parse_key(item)
            except ValueError as error:
                raise KeysMalformed(f"key {number}: {error}") from error
            if key.id in keys:
                raise KeysMalformed(f"key {number}: {key.id} stands there twice")
            keys[key.id] = key
        return cls(origin, keys)

    def document(self) -> dict[str, Any]:
        """The document that `parse` reads."""
        return {"v": VERSION, "origin": self.origin, "keys": [key.document() for key in self.keys.values()]}

    def key(self, id: str) -> PublicKey:
        """The key of this id; KeyRefused if there is none."""
        if id not in self.keys:
            raise KeyRefused(f"key {id} is not in the list")
        return self.keys[id]

    def note_keys(self) -> list[NoteKey]:
        """The ledger keys, as they sign checkpoints under the origin's name."""
        ledger = [key for key in self.keys.values() if key.name == "ledger" and key.algorithm == "Ed25519"]
        return [NoteKey(self.origin, key.public) for key in ledger]

    def contradiction(self, trusted: "PublicKeys") -> str | None:
        """What this list says otherwise than the trusted one; one list may know the end of a key before the other."""
        if self.origin != trusted.origin:
            return f"the log is {self.origin}, the trusted one {trusted.origin}"
        for key in self.keys.values():
            ours = trusted.keys.get(key.id)
            if ours is None:
                continue
            mine, theirs = key.document(), ours.document()
            differing = [name for name in sorted(mine.keys() | theirs.keys()) if mine.get(name) != theirs.get(name)]
            if differing == ["to"] and (key.until is None or (ours.until is None and self._ends_with_next(key))):
                continue
            if differing:
                return f"{differing[0]} of key {key.id} is not that of the trusted list"
        return None

    def must_hold_together(self) -> None:
        """KeyRefused unless every key that names a predecessor is signed by it."""
        for key in self.keys.values():
            if key.predecessor is not None:
                must_follow(key, self.key(key.predecessor))

    def _ends_with_next(self, key: PublicKey) -> bool:
        return any(item.predecessor == key.id and item.since == key.until for item in self.keys.values())


def key_id(name: str, public: bytes) -> str:
    """The name, a hyphen and the first 8 hexadecimal digits of the SHA-256 of the public key (SPKI DER)."""
    return f"{name}-{sha256(public).hexdigest()[:8]}"


def reach(offered: PublicKeys, id: str, trusted: PublicKeys) -> PublicKey:
    """The key as the trusted list has it, or as offered if its predecessors lead to a trusted key; else KeyRefused."""
    if id in trusted.keys:
        return trusted.keys[id]
    key = offered.key(id)
    follower, seen = key, {id}
    while follower.id not in trusted.keys:
        if follower.predecessor is None or follower.predecessor in seen:
            raise KeyRefused(f"key {id} does not reach a trusted key: {follower.id} stands by itself")
        seen.add(follower.predecessor)
        leader = trusted.keys.get(follower.predecessor) or offered.key(follower.predecessor)
        must_follow(follower, leader)
        for known in trusted.keys.values():
            if known.predecessor == leader.id and known.id != follower.id:
                raise KeyRefused(f"key {leader.id} was followed by {known.id}, not by {follower.id}")
        follower = leader
    return key


def must_follow(follower: PublicKey, leader: PublicKey) -> None:
    """KeyRefused unless the leader, of the same name and valid then, signed the follower."""
    signed = signatures.verify(
        leader.algorithm, leader.public, "key", follower.signed_bytes(), follower.signature or b""
    )
    if follower.name != leader.name or not signed:
        raise KeyRefused(f"key {follower.id} is not signed by {leader.id}")
    if not leader.valid_at(follower.since):
        raise KeyRefused(f"key {leader.id} was not valid when it signed {follower.id}")


def _parse_key(item: object) -> PublicKey:
    if type(item) is not dict or not item.keys() >= _REQUIRED or item.keys() - _REQUIRED - _OPTIONAL:
        raise ValueError(
            "not an object of id, name, algorithm, public, from and, if it has them, to, predecessor, signature"
        )
    name, algorithm, since, until = item["name"], item["algorithm"], item["from"], item.get("to")
    if type(name) is not str or not _NAME.fullmatch(name) or algorithm not in signatures.ALGORITHMS:
        raise ValueError("name or algorithm is unknown")
    public = from_base64url(item["public"])
    if not signatures.is_public_key(algorithm, public) or item["id"] != key_id(name, public):
        raise ValueError("public is no key of this algorithm, or id is not that of the key")
    if not is_integer(since) or not ("to" not in item or is_integer(until, at_least=since)):
        raise ValueError("from or to is no time, or the key ends before it begins")
    predecessor = item.get("predecessor")
    if ("predecessor" in item) != ("signature" in item) or not ("predecessor" not in item or type(predecessor) is str):
        raise ValueError("predecessor and signature stand together or not at all")
    return PublicKey(
        id=item["id"],
        name=name,
        algorithm=algorithm,
        public=public,
        since=since,
        until=until,
        predecessor=predecessor,
        signature=from_base64url(item["signature"]) if "signature" in item else None,
    )
