"""A published copy and the file that proves it: its check offline, from the copy over its entries to the checkpoint."""

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import checkpoints, places, receipts
from storage.record.ledger.proofs.canonical import (
    LARGEST,
    canonical,
    is_hash,
    is_integer,
    parse_canonical,
    to_base64url,
)
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.places import Signed
from storage.record.ledger.proofs.verdicts import Checks, Status, Verdict, printable, time_of

COPY_VERSION = "pithead/disclosure/1"
COPY_LIMIT = 131_072
"""The most bytes of one copy."""
VERSION = "pithead/disclosure-bundle/1"
LIMIT = 1_048_576
"""The most bytes of a bundle."""
SUFFIX = ".disclosure.json"
"""How the name of a bundle's file ends."""
MOST_EVENTS = 200

SHOWING = frozenset({"disclosure.published", "disclosure.corrected", "disclosure.disputed", "disclosure.restored"})
ENDING = frozenset({"disclosure.withdrawn", "disclosure.repaired", "disclosure.expired"})
_MEMBERS = {"v", "copy", "entries", "checkpoint", "keys"}
_PLACE = {"payload", "salt", "position", "proof"}
_DATA = {"kind", "ordinal", "edition", "digest", "basis", "reason"}


def place(*, payload: bytes, salt: bytes, position: int, proof: Sequence[bytes]) -> dict[str, Any]:
    """One entry with its place in the log, as a bundle has it."""
    return {
        "payload": payload.decode(), "salt": to_base64url(salt), "position": str(position),
        "proof": [item.hex() for item in proof],
    }  # fmt: skip


def bundle(*, copy: bytes, entries: Sequence[Mapping[str, Any]], checkpoint: str, keys: Mapping[str, Any]) -> bytes:
    """The bundle of what is shown: its copy, and the places of all its entries, oldest first, under one checkpoint."""
    members = {
        "v": VERSION, "copy": copy.decode(), "entries": [dict(one) for one in entries],
        "checkpoint": by_the_log(checkpoint, PublicKeys.parse(dict(keys))), "keys": dict(keys),
    }  # fmt: skip
    return canonical(members)


def is_bundle(data: bytes) -> bool:
    """Do these bytes look like a bundle of a disclosure, whatever their file is called? Then that is what to check."""
    return data.endswith(f'"v":"{VERSION}"}}'.encode())


def verify_bundle(data: bytes, trust: Mapping[str, Any] | None) -> Verdict:
    """Check a bundle, and whether its keys reach the trusted ones (the keys document) if given; it never raises.

    Whether the disclosure was corrected or taken down after the bundle was made, no bundle can say: its permalink does.
    """
    checks = Checks()
    parts = checks.run("bundle", lambda: _read(data))
    keys = checks.run("keys", lambda: _keys(parts), parts)
    about = checks.run("copy", lambda: _copy(parts), parts)
    said = checks.run("entries", lambda: _entries(parts), parts)
    checks.run("agreement", lambda: _agreement(parts, about, said), parts, about, said)
    signed = checks.run("checkpoint", lambda: _checkpoint(parts, said, keys), said, keys)
    checks.run("inclusion", lambda: _inclusion(parts, signed), parts, signed)
    if trust is None:
        checks.skip("trust", "no trusted keys given: anyone could have made this bundle")
    else:
        checks.run("trust", lambda: _trust(trust, keys, signed, said), keys, signed, said)
    return _verdict(checks, about, said, trusted=trust is not None)


def by_the_log(note: str, keys: PublicKeys) -> str:
    """The checkpoint without the signatures of witnesses, which a reader of the bundle has no keys for."""
    found = checkpoints.parse_checkpoint(note, keys.note_keys())
    body, _, lines = note.partition("\n\n")
    kept = [line for line, by in zip(lines.splitlines(), found.signatures, strict=True) if by.key is not None]
    return f"{body}\n\n" + "".join(f"{line}\n" for line in kept)


def _read(data: bytes) -> tuple[dict[str, Any], str]:
    members = parse_canonical(data, LIMIT)
    if members.keys() != _MEMBERS or members["v"] != VERSION:
        raise ValueError(f"not an object of {', '.join(sorted(_MEMBERS))} with v {VERSION}")
    if type(members["copy"]) is not str or type(members["checkpoint"]) is not str:
        raise ValueError("copy or checkpoint is no text")
    entries = members["entries"]
    if type(entries) is not list or not 0 < len(entries) <= MOST_EVENTS:
        raise ValueError(f"entries is no list of 1 to {MOST_EVENTS}")
    for at, item in enumerate(entries):
        if type(item) is not dict or item.keys() != _PLACE:
            raise ValueError(f"entry {at} is no object of {', '.join(sorted(_PLACE))}")
        _named(at, partial(receipts.must_name_a_place, {**item, "checkpoint": ""}))
    return members, f"canonical, {len(data)} bytes"


def _named(at: int, read: Any) -> Any:
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"entry {at}: {error}") from error


def _keys(parts: Any) -> tuple[PublicKeys, str]:
    keys = PublicKeys.parse(parts["keys"])
    keys.must_hold_together()
    return keys, f"{len(keys.keys)} keys of {keys.origin}"


def _copy(parts: Any) -> tuple[dict[str, Any], str]:
    """The copy is one, canonical, of this format."""
    members = parse_canonical(parts["copy"].encode(), COPY_LIMIT)
    if members.get("v") != COPY_VERSION or type(members.get("kind")) is not str:
        raise ValueError(f"v is not {COPY_VERSION}, or it does not say what kind it is")
    return members, f"{members['kind']}, {len(parts['copy'].encode())} bytes"


def _entries(parts: Any) -> tuple[list[Entry], str]:
    """Those of one disclosure from its publication on, each behind the one before it; the last still shows it."""
    found = [_named(at, partial(Entry.decode, item["payload"].encode())) for at, item in enumerate(parts["entries"])]
    for at, entry in enumerate(found):
        if entry.kind not in SHOWING | ENDING or entry.data.keys() != _DATA or not is_hash(entry.data["digest"]):
            raise ValueError(f"entry {at}: it is of no disclosure")
        # Of true and false Python says that they are 1 and 0.
        if entry.subject != found[0].subject or not is_integer(entry.data["ordinal"], at_least=at, at_most=at):
            raise ValueError(f"entry {at}: it is of another disclosure, or one before it was left out")
    positions = [int(item["position"]) for item in parts["entries"]]
    if found[0].kind != "disclosure.published" or positions != sorted(set(positions)):
        raise ValueError("they do not begin with its publication, or stand in another order than in the log")
    if found[-1].kind in ENDING:
        raise ValueError(f"it was taken down: {found[-1].kind} at {time_of(found[-1].at)}")
    return found, f"{len(found)}, the last {found[-1].kind} at {time_of(found[-1].at)}"


def _agreement(parts: Any, about: Any, said: Any) -> tuple[bool, str]:
    """The last entry names the digest of the copy, and its kind."""
    last, digest = said[-1].data, sha256(parts["copy"].encode()).hexdigest()
    if last["digest"] != digest:
        raise ValueError(f"the copy has digest {digest}; its last entry names {last['digest']}")
    if last["kind"] != about["kind"]:
        raise ValueError(f"the copy is a {about['kind']}; its last entry names a {last['kind']}")
    return True, f"edition {last['edition']}, digest {digest}"


def _checkpoint(parts: Any, said: Any, keys: Any) -> tuple[Signed, str]:
    signed, where = places.signed_checkpoint(parts, keys, first=said[-1].at, last=LARGEST)
    if strange := [line.name for line in signed[0].signatures if line.key is None]:
        raise ValueError(f"there is a signature of {strange[0]} that no key of the list can check")
    return signed, where


def _inclusion(parts: Any, signed: Any) -> tuple[bool, str]:
    found = [_named(at, partial(places.included, item, signed)) for at, item in enumerate(parts["entries"])]
    return True, f"{len(found)} of {len(found)}, the last at {found[-1][1]}"


def _trust(document: Mapping[str, Any], keys: Any, signed: Any, said: Any) -> tuple[bool, str]:
    trusted = PublicKeys.parse(dict(document))
    if contradiction := keys.contradiction(trusted):
        raise ValueError(contradiction)
    places.must_reach(keys, signed, trusted, first=said[-1].at, last=LARGEST)
    return True, f"{signed[1][0].id} reaches the trusted keys of {trusted.origin}"


def _verdict(checks: Checks, about: Any, said: Any, *, trusted: bool) -> Verdict:
    made = tuple(checks.made)
    failed = next((check for check in made if check.ok is False), None)
    if failed is not None or about is None or said is None:
        where = f"{failed.name}: {failed.detail}" if failed else "nothing was checked"
        return Verdict(Status.BROKEN, made, printable(f"BROKEN: disclosure: {where}"))
    status = Status.VERIFIED if trusted else Status.CONSISTENT_BUT_UNTRUSTED
    told = f"{about['kind']} {said[0].subject}, edition {said[-1].data['edition']}, {said[-1].kind.split('.')[1]}"
    return Verdict(status, made, printable(f"{status.value}: disclosure of {told} at {time_of(said[-1].at)}"))
