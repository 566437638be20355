"""Checking a bundle: one original with its statement, signatures, receipts and keys, without asking anyone."""

import re
from collections.abc import Mapping
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from storage.record.ledger.proofs import places, receipts, signatures
from storage.record.ledger.proofs.canonical import from_base64url, parse_canonical
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.keys import PublicKey, PublicKeys, reach
from storage.record.ledger.proofs.statements import PART_SIZE, Statement
from storage.record.ledger.proofs.verdicts import Checks, Status, Verdict, printable, time_of

LIMIT = 262_144
"""The most bytes that a bundle may have."""
SUFFIX = ".pithead.json"
"""How the name of a bundle's file ends; before it stands the name of the original."""
NOT_GIVEN = "original not given: bytes not checked"

_MEMBERS = {"v", "file", "statement", "signature", "declared", "sealed", "keys"}
# Fixed ranges and not str.isprintable, which says something else in every Python's version of Unicode.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\uffff\U000e0000-\U0010ffff]"
)


def verify_bundle(data: bytes, *, original: BinaryIO | None, trust: Mapping[str, Any] | None) -> Verdict:
    """Check a bundle, its original if given, and whether its keys reach the trusted ones (the keys document) if given.

    Never raises for what it is given to check. The checks stand in a fixed order; the first that fails is named in the
    summary. With no trusted keys the best status is CONSISTENT BUT UNTRUSTED, since anyone can make such a bundle.
    """
    checks = Checks()
    bundle = checks.run("bundle", lambda: _read(data))
    parts = bundle or {}
    keys = checks.run("keys", lambda: _keys(parts), bundle)
    signed = checks.run("statement", lambda: _statement(parts), bundle)
    statement = signed and signed[1]
    declared = checks.run("declared", lambda: _declared(parts, signed), signed)
    promise = checks.run(
        "declared-signature", lambda: _receipt_key(declared, "declared", "promise", keys), declared, keys
    )
    sealed = checks.run("sealed", lambda: (receipts.read_sealed(parts["sealed"]), "shape"), bundle)
    entry = checks.run("entry", lambda: _entry(sealed), sealed)
    receipt = checks.run("sealed-signature", lambda: _receipt_key(sealed, "sealed", "receipt", keys), sealed, keys)
    checks.run("agreement", lambda: _agreement(entry, sealed, declared, signed), entry, sealed, declared, signed)
    checks.run("statement-signature", lambda: _device_signature(parts, signed, entry), signed, entry)
    checkpoint = checks.run("checkpoint", lambda: _checkpoint(sealed, entry, keys), sealed, entry, keys)
    checks.run("inclusion", lambda: _inclusion(sealed, checkpoint), sealed, checkpoint)
    times = (declared, sealed, entry)
    _from_outside(checks, trust, keys, (promise, receipt, checkpoint), times, original, parts.get("file"), statement)
    return _verdict(checks, trusted=trust is not None, file=parts.get("file", "bundle"), entry=entry, sealed=sealed)


def _from_outside(
    checks: Checks, trust: Any, keys: Any, used: Any, times: Any, original: BinaryIO | None, file: Any, statement: Any
) -> None:
    """The two checks against what the bundle does not hold itself: trusted keys, and the original's bytes."""
    if trust is None:
        checks.skip("trust", "no trusted keys given: anyone could have made this bundle")
    else:
        checks.run("trust", lambda: _trust(trust, keys, used, times), keys, *used, *times)
    if original is None:
        checks.skip("original", NOT_GIVEN)
    else:
        checks.run("original", lambda: _original(original, file, statement), statement)


def verify_file(path: Path, trust: Mapping[str, Any] | None) -> tuple[Verdict, str | None]:
    """The verdict on the bundle in a file, and the name of the original that was found beside it; OSError."""
    with path.open("rb") as file:
        data = file.read(LIMIT + 1)
    name = file_of(data)
    with ExitStack() as stack:
        original = None
        if name is not None and (path.parent / name).is_file():
            original = stack.enter_context((path.parent / name).open("rb"))
        return verify_bundle(data, original=original, trust=trust), name if original else None


def facts_of(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """The statement's bytes and what the sealed entry says of them; ValueError unless both have their form."""
    bundle = _read(data)[0]
    (statement, _), _ = _statement(bundle)
    return statement, receipts.read_sealed_entry(receipts.read_sealed(bundle["sealed"])["payload"]).data


def file_of(data: bytes) -> str | None:
    """The name of the original that a bundle speaks of; None if the bytes are no bundle."""
    try:
        name: str = _read(data)[0]["file"]
    except ValueError:
        return None
    return name


def is_plain_name(name: object) -> bool:
    """May this be the name of an original? One visible file name, not a path, at most 255 bytes."""
    if type(name) is not str or not 1 <= len(name.encode("utf-8", "replace")) <= 255:
        return False
    return not _UNSEEN.search(name) and name not in (".", "..") and not set(name) & set('/\\:*?"<>|')


def _read(data: bytes) -> tuple[dict[str, Any], str]:
    bundle = parse_canonical(data, LIMIT)
    if bundle.keys() != _MEMBERS:
        raise ValueError("missing or unknown: " + ", ".join(sorted(bundle.keys() ^ _MEMBERS)))
    if bundle["v"] != receipts.BUNDLE_VERSION:
        raise ValueError(f"v is not {receipts.BUNDLE_VERSION}")
    if not is_plain_name(bundle["file"]):
        raise ValueError("file is no plain file name")
    return bundle, f"canonical, {len(data)} bytes"


def _keys(bundle: dict[str, Any]) -> tuple[PublicKeys, str]:
    keys = PublicKeys.parse(bundle["keys"])
    keys.must_hold_together()
    return keys, f"{len(keys.keys)} keys of {keys.origin}"


def _statement(bundle: dict[str, Any]) -> tuple[tuple[bytes, Statement], str]:
    data = _binary(bundle, "statement")
    statement = Statement.decode(data)
    return (data, statement), f"seq {statement.seq} of recording {statement.recording}"


def _binary(members: Mapping[str, Any], name: str) -> bytes:
    try:
        return from_base64url(members[name])
    except ValueError as error:
        raise ValueError(f"{name} is {error}") from error


def _declared(bundle: dict[str, Any], signed: Any) -> tuple[dict[str, Any], str]:
    declared = receipts.read_declared(bundle["declared"])
    _same("statement", declared["statement"], sha256(signed[0]).hexdigest(), "the SHA-256 of the statement's bytes")
    return declared, f"declared {time_of(declared['at'])}"


def _receipt_key(receipt: Any, kind: str, name: str, keys: Any) -> tuple[PublicKey, str]:
    key: PublicKey = keys.key(receipt["key"])
    receipts.must_be_signed(receipt, kind, key)
    receipts.must_be_valid(key, name, receipt["at"])
    return key, f"signed by {key.id}"


def _entry(sealed: Any) -> tuple[Entry, str]:
    entry = receipts.read_sealed_entry(sealed["payload"])
    return entry, f"{entry.kind} {entry.id}, {time_of(entry.at)}, {entry.data['grade']}"


def _agreement(entry: Any, sealed: Any, declared: Any, signed: Any) -> tuple[bool, str]:
    """Do entry, receipts and statement speak of the same thing, member by member?"""
    statement_bytes, statement = signed
    _same("sealed.evidence", sealed["evidence"], declared["evidence"], "that of the declared receipt")
    _same("entry.data.evidence", entry.data["evidence"], declared["evidence"], "that of the declared receipt")
    _same("entry.data.declared_at", entry.data["declared_at"], declared["at"], "at of the declared receipt")
    of_bytes = "the SHA-256 of the statement's bytes"
    _same("entry.data.statement", entry.data["statement"], sha256(statement_bytes).hexdigest(), of_bytes)
    for name in ("recording", "device", "sha256", "size", "maker"):
        _same(f"entry.data.{name}", entry.data[name], getattr(statement, name), "that of the statement")
    return True, "entry, receipts and statement name the same evidence"


def _device_signature(bundle: dict[str, Any], signed: Any, entry: Any) -> tuple[bool, str]:
    public, algorithm = _binary(entry.data, "device_key"), entry.data["algorithm"]
    if not signatures.is_public_key(algorithm, public):
        raise ValueError("device_key is no public key of the algorithm named")
    if not signatures.verify(algorithm, public, "statement", signed[0], _binary(bundle, "signature")):
        raise ValueError("signature is not that of the device's key over the statement's bytes")
    return True, f"{algorithm} by device {entry.data['device']}"


def _checkpoint(sealed: Any, entry: Any, keys: Any) -> tuple[places.Signed, str]:
    return places.signed_checkpoint(sealed, keys, first=entry.at, last=sealed["at"])


def _inclusion(sealed: Any, signed: Any) -> tuple[bool, str]:
    return places.included(sealed, signed)


def _trust(document: Mapping[str, Any], keys: Any, used: Any, times: Any) -> tuple[bool, str]:
    trusted = PublicKeys.parse(dict(document))
    contradiction = keys.contradiction(trusted)
    if contradiction:
        raise ValueError(contradiction)
    promise, receipt, signed = used
    declared, sealed, entry = times
    receipts.must_be_valid(reach(keys, promise.id, trusted), "promise", declared["at"])
    receipts.must_be_valid(reach(keys, receipt.id, trusted), "receipt", sealed["at"])
    places.must_reach(keys, signed, trusted, first=entry.at, last=sealed["at"])
    ledgers = signed[1]
    return True, f"{promise.id}, {receipt.id} and {ledgers[0].id} reach the trusted keys of {trusted.origin}"


def _original(stream: BinaryIO, file: str, statement: Any) -> tuple[bool, str]:
    name = getattr(stream, "name", None)
    if isinstance(name, str) and PurePath(name).name != file:
        raise ValueError(f"the file is {PurePath(name).name}, the bundle's {file}")
    whole, parts, size = sha256(), sha256(), 0
    try:
        while part := _part(stream):
            whole.update(part)
            parts.update(sha256(part).digest())
            size += len(part)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    _same("size", size, statement.size, "that of the statement")
    _same("SHA-256", whole.hexdigest(), statement.sha256, "that of the statement")
    _same("parts_root", parts.hexdigest(), statement.parts_root, "that of the statement")
    return True, f"{size} bytes, SHA-256 {statement.sha256}"


def _part(stream: BinaryIO) -> bytes:
    """The next part, whole even where the stream gives less at a time."""
    pieces, missing = [], PART_SIZE
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _same(name: str, found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ValueError(f"{name} is {found}, not {what} ({expected})")


def _verdict(checks: Checks, *, trusted: bool, file: str, entry: Entry | None, sealed: Any) -> Verdict:
    made = tuple(checks.made)
    name = printable(file) if is_plain_name(file) else "bundle"
    failed = next((check for check in made if check.ok is False), None)
    if failed is not None or entry is None:
        where = f"{failed.name}: {failed.detail}" if failed else "nothing was checked"
        return Verdict(Status.BROKEN, made, f"BROKEN: {name}: {where}")
    status = Status.VERIFIED if trusted else Status.CONSISTENT_BUT_UNTRUSTED
    rest = "" if all(check.ok for check in made if check.name == "original") else f"; {NOT_GIVEN}"
    sealed_at = f"sealed {time_of(entry.at)} at position {sealed['position']}"
    return Verdict(status, made, f"{status.value}: {name}: {sealed_at}{rest}")
