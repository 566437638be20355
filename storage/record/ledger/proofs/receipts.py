"""Receipts: the promise to keep a declared statement, and the proof that an original is sealed in the log."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import entries, signatures
from storage.record.ledger.proofs.canonical import (
    HASH_TEXT,
    POSITION_TEXT,
    canonical,
    from_base64url,
    is_hash,
    is_integer,
    is_uuid,
    to_base64url,
)
from storage.record.ledger.proofs.keys import PublicKey, PublicKeys
from storage.record.ledger.proofs.signatures import Signer

WITHIN = 60_000
"""Milliseconds within which a declared statement stands in the log: the promise of the declared receipt."""
SEALED_KIND = "evidence.sealed"
BUNDLE_VERSION = "pithead/bundle/1"

_DECLARED = {"v", "evidence", "statement", "entry", "at", "within", "key", "signature"}
_SEALED = {"v", "evidence", "at", "payload", "salt", "position", "proof", "checkpoint", "key", "signature"}
_SEALED_DATA_IDS = ("evidence", "recording", "device", "maker")
_SEALED_DATA_HASHES = ("statement", "sha256")
_SEALED_DATA_INTEGERS = ("size", "declared_at", "received_at")
_SEALED_DATA_TEXTS = ("object", "version", "device_key", "algorithm", "grade")
SEALED_DATA = frozenset((*_SEALED_DATA_IDS, *_SEALED_DATA_HASHES, *_SEALED_DATA_INTEGERS, *_SEALED_DATA_TEXTS))
"""The members of the data of an `evidence.sealed` entry, all of them required."""


class ReceiptWrong(ValueError):
    """A receipt is not what it should be; the message says which member, key or signature is wrong."""


def declare_receipt(signer: Signer, *, evidence: str, statement: bytes, entry: str, at: int) -> dict[str, Any]:
    """The declared receipt, signed by the promise key: this statement will stand in the log within 60 s of `at`."""
    receipt: dict[str, Any] = {
        "v": signatures.DOMAINS["declared"],
        "evidence": evidence,
        "statement": sha256(statement).hexdigest(),
        "entry": entry,
        "at": at,
        "within": WITHIN,
        "key": signer.id,
    }
    return signed(receipt, "declared", signer)


def sealed_receipt(
    signer: Signer,
    *,
    evidence: str,
    at: int,
    payload: bytes,
    salt: bytes,
    position: int,
    proof: Iterable[bytes],
    checkpoint: str,
) -> dict[str, Any]:
    """The sealed receipt, signed by the receipt key at `at`: the entry itself, its salt, and where the log has it."""
    receipt: dict[str, Any] = {
        "v": signatures.DOMAINS["sealed"],
        "evidence": evidence,
        "at": at,
        "payload": payload.decode(),
        "salt": to_base64url(salt),
        "position": str(position),
        "proof": [item.hex() for item in proof],
        "checkpoint": checkpoint,
        "key": signer.id,
    }
    return signed(receipt, "sealed", signer)


def bundle(
    *,
    file: str,
    statement: bytes,
    signature: bytes,
    declared: Mapping[str, Any],
    sealed: Mapping[str, Any],
    keys: Mapping[str, Any],
) -> bytes:
    """The bundle file that lies beside the original `file` (a plain name): everything to check it offline but trust."""
    return canonical(
        {
            "v": BUNDLE_VERSION,
            "file": file,
            "statement": to_base64url(statement),
            "signature": to_base64url(signature),
            "declared": dict(declared),
            "sealed": dict(sealed),
            "keys": dict(keys),
        }
    )


def signed(document: dict[str, Any], kind: str, signer: Signer) -> dict[str, Any]:
    """The document with its signature of this kind over the canonical bytes of all other members."""
    signature = signer.sign(signatures.signing_input(kind, canonical(document)))
    return {**document, "signature": to_base64url(signature)}


def must_be_signed(receipt: Mapping[str, Any], kind: str, key: PublicKey) -> None:
    """ReceiptWrong unless this key signed the receipt as this kind."""
    message = canonical({name: item for name, item in receipt.items() if name != "signature"})
    if not signatures.verify(key.algorithm, key.public, kind, message, from_base64url(receipt["signature"])):
        raise ReceiptWrong(f"signature is not that of key {key.id} over this receipt")


def must_be_valid(key: PublicKey, name: str, at: int) -> None:
    """ReceiptWrong unless the key is one of this name that was in use at this time."""
    if key.name != name:
        raise ReceiptWrong(f"key {key.id} is no {name} key")
    if not key.valid_at(at):
        raise ReceiptWrong(f"key {key.id} was not valid at {at}")


def verify_declared(receipt: object, *, statement: bytes, keys: PublicKeys) -> None:
    """ReceiptWrong or KeyRefused unless it is a declared receipt for these bytes by a promise key of these keys."""
    found = read_declared(receipt)
    if found["statement"] != sha256(statement).hexdigest():
        raise ReceiptWrong("statement is not the SHA-256 of the statement's bytes")
    key = keys.key(found["key"])
    must_be_valid(key, "promise", found["at"])
    must_be_signed(found, "declared", key)


def read_declared(receipt: object) -> dict[str, Any]:
    """The receipt if it has the shape of a declared receipt, ReceiptWrong otherwise."""
    found = _members(receipt, _DECLARED, "declared")
    _require(found, ("evidence", "entry"), is_uuid, "a lower-case UUID")
    _require(found, ("statement",), is_hash, "a SHA-256 in lower-case hex")
    _require(found, ("at",), is_integer, "an integer of milliseconds")
    _require(found, ("within",), lambda value: is_integer(value) and value == WITHIN, str(WITHIN))
    return found


def read_sealed(receipt: object) -> dict[str, Any]:
    """The receipt if it has the shape of a sealed receipt, ReceiptWrong otherwise."""
    found = _members(receipt, _SEALED, "sealed")
    _require(found, ("evidence",), is_uuid, "a lower-case UUID")
    _require(found, ("at",), is_integer, "an integer of milliseconds")
    must_name_a_place(found)
    return found


def must_name_a_place(members: Mapping[str, Any]) -> None:
    """ReceiptWrong unless these members have the form of an entry, its salt and its place in the log."""
    _require(members, ("payload", "checkpoint"), _is_text, "text")
    _require(members, ("salt",), _is_salt, "32 bytes in base64url")
    _require(members, ("position",), _is_position, "a position in decimal digits")
    _require(members, ("proof",), _is_proof, "a list of at most 64 hashes in lower-case hex")


def read_sealed_entry(payload: str) -> entries.Entry:
    """The entry in a sealed receipt, with the data that sealing writes; ReceiptWrong or EntryMalformed otherwise."""
    entry = entries.Entry.decode(payload.encode())
    if entry.kind != SEALED_KIND:
        raise ReceiptWrong(f"kind is not {SEALED_KIND}")
    data = entry.data
    if data.keys() != SEALED_DATA:
        raise ReceiptWrong("data: missing or unknown: " + ", ".join(sorted(data.keys() ^ SEALED_DATA)))
    _require(data, _SEALED_DATA_IDS, is_uuid, "a lower-case UUID")
    _require(data, _SEALED_DATA_HASHES, is_hash, "a SHA-256 in lower-case hex")
    _require(data, _SEALED_DATA_INTEGERS, is_integer, "an integer")
    _require(data, _SEALED_DATA_TEXTS, _is_text, "text")
    return entry


def _members(receipt: object, names: set[str], kind: str) -> dict[str, Any]:
    if type(receipt) is not dict:
        raise ReceiptWrong("not an object")
    if receipt.keys() != names:
        raise ReceiptWrong("missing or unknown: " + ", ".join(sorted(map(str, receipt.keys() ^ names))))
    if receipt["v"] != signatures.DOMAINS[kind]:
        raise ReceiptWrong(f"v is not {signatures.DOMAINS[kind]}")
    _require(receipt, ("key",), _is_text, "text")
    _require(receipt, ("signature",), _is_signature, "64 bytes in base64url")
    return receipt


def _require(members: Mapping[str, Any], names: Iterable[str], holds: Any, what: str) -> None:
    for name in names:
        if not holds(members[name]):
            raise ReceiptWrong(f"{name} is not {what}")


def _is_text(value: object) -> bool:
    return type(value) is str


def _has_bytes(value: object, count: int) -> bool:
    try:
        return len(from_base64url(value)) == count
    except ValueError:
        return False


def _is_signature(value: object) -> bool:
    return _has_bytes(value, 64)


def _is_salt(value: object) -> bool:
    return _has_bytes(value, entries.SALT_SIZE)


def _is_position(value: object) -> bool:
    return type(value) is str and POSITION_TEXT.fullmatch(value) is not None


def _is_proof(value: object) -> bool:
    return type(value) is list and len(value) <= 64 and all(type(i) is str and HASH_TEXT.fullmatch(i) for i in value)
