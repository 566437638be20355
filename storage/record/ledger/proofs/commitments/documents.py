"""The commitment itself: its canonical JSON, its digest, and the few bytes that are signed for it."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import (
    NotCanonical,
    canonical,
    from_base64url,
    is_hash,
    is_integer,
    is_line,
    is_uuid,
    parse_canonical,
    to_base64url,
)

VERSION = signatures.DOMAINS["commitment"]
LIMIT = 524_288
"""The most bytes that a commitment may have."""
NONCE_SIZE = 32

_REQUIRED = {
    "v", "mine", "mine_name", "year", "template", "clauses", "answers", "principal", "principal_name", "nonce",
}  # fmt: skip
_OPTIONAL = {"supersedes"}


class CommitmentMalformed(ValueError):
    """The bytes are no commitment; the message says which member is wrong, or where the JSON stops being canonical."""


class CommitmentOverlong(CommitmentMalformed):
    """More bytes than LIMIT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What the principal of a mine promises for a year: the clauses, and what the mine says of each.

    `template` and `version` name the year's template; `answers` stand in the order of their clauses, each by its key;
    `supersedes` is the digest of the commitment that this one replaces.
    The nonce makes each preview another document, so that a signature is for the one that was looked at.
    """

    mine: str
    mine_name: str
    year: int
    template: str
    version: int
    clauses: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    principal: str
    principal_name: str
    nonce: bytes = field(repr=False)
    supersedes: str | None = None

    def encode(self) -> bytes:
        """The bytes whose digest is signed; CommitmentMalformed if they could not be decoded again (or Overlong).

        That is asked of the members: what is written canonically is read so.
        """
        optional = {} if self.supersedes is None else {"supersedes": self.supersedes}
        members = {
            "mine": self.mine, "mine_name": self.mine_name, "year": self.year,
            "template": {"id": self.template, "version": self.version},
            "clauses": self.clauses, "answers": self.answers, "principal": self.principal,
            "principal_name": self.principal_name, "nonce": to_base64url(self.nonce),
        }  # fmt: skip
        try:
            data = canonical({"v": VERSION, **members, **optional})
        except ValueError as error:
            raise CommitmentMalformed(str(error)) from error
        if len(data) > LIMIT:
            raise CommitmentOverlong(f"{len(data)} bytes are more than the {LIMIT} allowed")
        _must_hold({**members, **optional})
        return data

    @classmethod
    def decode(cls, data: bytes) -> "Commitment":
        """The commitment that these bytes are; CommitmentMalformed with the reason otherwise."""
        try:
            members = parse_canonical(data, LIMIT)
        except NotCanonical as error:
            raise CommitmentMalformed(str(error)) from error
        if not members.keys() >= _REQUIRED or members.keys() - _REQUIRED - _OPTIONAL:
            wrong = (_REQUIRED - members.keys()) | (members.keys() - _REQUIRED - _OPTIONAL)
            raise CommitmentMalformed("missing or unknown: " + ", ".join(sorted(wrong)))
        if members.pop("v") != VERSION:
            raise CommitmentMalformed(f"v is not {VERSION}")
        nonce, template = _must_hold(members), members.pop("template")
        named = {"template": template["id"], "version": template["version"], "nonce": nonce}
        return cls(**{**members, **named})


def digest_of(document: bytes) -> bytes:
    """The digest of a commitment: the SHA-256 of its bytes."""
    return sha256(document).digest()


def message_of(nonce: bytes, digest: bytes) -> bytes:
    """What a key or a token signs (kind commitment; the company's seal: kind seal): the nonce, then the digest.

    Not the bytes themselves, so that a sheet on the notice board has room for all that its signature is about.
    """
    if len(nonce) != NONCE_SIZE or len(digest) != sha256().digest_size:
        raise ValueError("the nonce and the digest of a commitment have 32 bytes each")
    return nonce + digest


def challenge_of(nonce: bytes, digest: bytes) -> bytes:
    """What a passkey is asked to sign: the SHA-256 of what a key would sign, its first line included."""
    return sha256(signatures.signing_input("commitment", message_of(nonce, digest))).digest()


def _must_hold(members: dict[str, Any]) -> bytes:
    """Each member is what it is to be; gives the nonce."""
    _must_name(members)
    _must_answer(members["clauses"], members["answers"])
    return _nonce(members["nonce"])


def _must_name(members: dict[str, Any]) -> None:
    for name in ("mine", "principal"):
        if not is_uuid(members[name]):
            raise CommitmentMalformed(f"{name} is no UUID")
        if not is_line(members[f"{name}_name"]):
            raise CommitmentMalformed(f"{name}_name is no line")
    if not is_integer(members["year"], at_least=1000, at_most=9999):
        raise CommitmentMalformed("year is no year")
    template = members["template"]
    if type(template) is not dict or template.keys() != {"id", "version"}:
        raise CommitmentMalformed("template is no object of id and version")
    if not is_uuid(template["id"]) or not is_integer(template["version"], at_least=1):
        raise CommitmentMalformed("template has no UUID, or no version")
    if "supersedes" in members and not is_hash(members["supersedes"]):
        raise CommitmentMalformed("supersedes is no SHA-256 in lower-case hex")


def _must_answer(clauses: object, answers: object) -> None:
    """Every clause has a key of its own, and each has its answer: nothing left open can be signed."""
    keys, answered = _keys("clauses", clauses), _keys("answers", answers)
    if wrong := sorted(set(keys) ^ set(answered)):
        raise CommitmentMalformed(f"{wrong[0]} is a clause without an answer, or an answer to no clause")
    if keys != answered:
        raise CommitmentMalformed("answers are not in the order of their clauses")


def _keys(name: str, listed: object) -> list[str]:
    if type(listed) is not list or not all(type(one) is dict and is_line(one.get("key")) for one in listed):
        raise CommitmentMalformed(f"{name} is no list of objects with a key")
    keys = [one["key"] for one in listed]
    if not keys or len(set(keys)) != len(keys):
        raise CommitmentMalformed(f"{name} is empty, or a key stands there twice")
    return keys


def _nonce(text: object) -> bytes:
    try:
        nonce = from_base64url(text)
    except ValueError as error:
        raise CommitmentMalformed(f"nonce is {error}") from error
    if len(nonce) != NONCE_SIZE:
        raise CommitmentMalformed(f"nonce has {len(nonce)} bytes, not {NONCE_SIZE}")
    return nonce
