"""Where an entry stands in the log: the checkpoint that vouches for it, and the path from its leaf to the root."""

from collections.abc import Mapping
from typing import Any

from storage.record.ledger.proofs import checkpoints, entries, merkle, receipts
from storage.record.ledger.proofs.canonical import (
    LARGEST,
    NotCanonical,
    canonical,
    from_base64url,
    parse_canonical,
    to_base64url,
)
from storage.record.ledger.proofs.checkpoints import Checkpoint
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.keys import PublicKey, PublicKeys, reach

VERSION = "pithead/proven/1"
LIMIT = 262_144
"""The most bytes of a proven entry."""

Signed = tuple[Checkpoint, tuple[PublicKey, ...]]
"""A checkpoint and the ledger keys of the list that signed it while they were in use."""

_MEMBERS = {"v", "payload", "salt", "position", "proof", "checkpoint", "keys"}


def signed_checkpoint(members: Mapping[str, Any], keys: PublicKeys, *, first: int, last: int) -> tuple[Signed, str]:
    """The checkpoint, signed by a ledger key that was in use at some moment from `first` to `last`; else ValueError."""
    checkpoint = checkpoints.parse_checkpoint(members["checkpoint"], keys.note_keys())
    if checkpoint.origin != keys.origin:
        raise ValueError(f"origin is {checkpoint.origin}, not that of the keys ({keys.origin})")
    publics = {key.public for key in checkpoint.signed_by(keys.origin)}
    signers = tuple(key for key in keys.keys.values() if key.name == "ledger" and key.public in publics)
    if not signers:
        raise ValueError("no ledger key of the list signed it")
    in_use = tuple(key for key in signers if key.valid_between(first, last))
    if not in_use:
        raise ValueError(f"key {signers[0].id} was not valid between entry and receipt")
    return (checkpoint, in_use), f"size {checkpoint.size}, signed by {', '.join(key.id for key in in_use)}"


def included(members: Mapping[str, Any], signed: Signed) -> tuple[bool, str]:
    """That the entry's leaf, at its position, leads by the proof to the checkpoint's root; else ValueError."""
    checkpoint = signed[0]
    position, proof = int(members["position"]), [bytes.fromhex(item) for item in members["proof"]]
    where = f"position {position} in a tree of {checkpoint.size}"
    if position >= checkpoint.size:
        raise ValueError(f"there is no {where}")
    leaf = merkle.leaf_hash(entries.digest(from_base64url(members["salt"]), members["payload"].encode()))
    root = merkle.inclusion_root(leaf, position, checkpoint.size, proof)
    if root is None:
        raise ValueError(f"a proof of {len(proof)} hashes is too short or too long for {where}")
    if root != checkpoint.root:
        raise ValueError(f"entry, salt, proof or root is wrong: {where} leads to root {root.hex()}")
    return True, f"{where}, {len(proof)} hashes"


def must_reach(keys: PublicKeys, signed: Signed, trusted: PublicKeys, *, first: int, last: int) -> None:
    """ValueError unless a ledger key that signed reaches the trusted list and was in use by what that says."""
    reached = [reach(keys, ledger.id, trusted) for ledger in signed[1]]
    if not any(ledger.valid_between(first, last) for ledger in reached):
        raise ValueError(f"key {signed[1][0].id} was not valid between entry and receipt")


def proven_entry(
    *, payload: bytes, salt: bytes, position: int, proof: list[bytes], checkpoint: str, keys: Mapping[str, Any]
) -> bytes:
    """The file that keeps one entry with its place in the log and the server's keys (protocol §9)."""
    place = {"position": str(position), "proof": [item.hex() for item in proof], "checkpoint": checkpoint}
    told = {"payload": payload.decode(), "salt": to_base64url(salt)}
    return canonical({"v": VERSION, **told, **place, "keys": dict(keys)})


def read_proven(data: bytes, trust: Mapping[str, Any] | None) -> tuple[Entry, str]:
    """The entry in such a file if the log holds it, and where; ValueError says what does not hold.

    With trusted keys given, theirs must be reached; without, anyone could have made the file.
    """
    try:
        members = parse_canonical(data, LIMIT)
    except NotCanonical as error:
        raise ValueError(f"the proof is {error}") from error
    if members.keys() != _MEMBERS or members["v"] != VERSION:
        raise ValueError(f"the proof is not an object of {', '.join(sorted(_MEMBERS))} with v {VERSION}")
    receipts.must_name_a_place(members)
    keys = PublicKeys.parse(members["keys"])
    keys.must_hold_together()
    entry = Entry.decode(members["payload"].encode())
    signed, _ = signed_checkpoint(members, keys, first=entry.at, last=LARGEST)
    _, where = included(members, signed)
    if trust is not None:
        trusted = PublicKeys.parse(dict(trust))
        if contradiction := keys.contradiction(trusted):
            raise ValueError(contradiction)
        must_reach(keys, signed, trusted, first=entry.at, last=LARGEST)
    return entry, where
