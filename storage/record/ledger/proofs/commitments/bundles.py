"""The bundle of a commitment: one file with all that proves it, and its check without asking anyone."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import checkpoints, places, receipts
from storage.record.ledger.proofs.canonical import (
    LARGEST,
    canonical,
    from_base64url,
    parse_canonical,
    to_base64url,
)
from storage.record.ledger.proofs.commitments import acts, documents
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.ledger.proofs.commitments.signing import INK, PASSKEY, Signature, must_be_signed
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.places import Signed
from storage.record.ledger.proofs.verdicts import Checks, Status, Verdict, printable, time_of

VERSION = "pithead/commitment-bundle/1"
LIMIT = 16_777_216
"""The most bytes of a bundle; the PDF is most of it."""
SUFFIX = ".commitment.json"
"""How the name of a bundle's file ends."""

_REQUIRED = {"v", "commitment", "signature", "pdf", "entries", "checkpoint", "keys"}
_OPTIONAL = {"seal"}
_PLACE = {"payload", "salt", "position", "proof"}
IN_INK = "signed in ink: a scan is bound by its digest, and no key signed; ink is the lower level"


def place(*, payload: bytes, salt: bytes, position: int, proof: Iterable[bytes]) -> dict[str, Any]:
    """One entry with its place in the log, as a bundle has it."""
    return {
        "payload": payload.decode(), "salt": to_base64url(salt), "position": str(position),
        "proof": [item.hex() for item in proof],
    }  # fmt: skip


def bundle(
    *, commitment: bytes, signature: Signature, pdf: bytes, entries: Mapping[str, Mapping[str, Any]], checkpoint: str,
    keys: Mapping[str, Any], seal: Signature | None = None,
) -> bytes:  # fmt: skip
    """The bundle; of the checkpoint's signatures it has those of the log itself, which its keys can check.

    `pdf` is the newest that there is, `entries` the places of `acts.needed`, all under the one checkpoint.
    """
    members = {
        "v": VERSION, "commitment": commitment.decode(), "signature": signature.document(), "pdf": to_base64url(pdf),
        "entries": {name: dict(item) for name, item in entries.items()},
        "checkpoint": _by_the_log(checkpoint, PublicKeys.parse(dict(keys))), "keys": dict(keys),
    }  # fmt: skip
    return canonical(members if seal is None else {**members, "seal": seal.document()})


def is_bundle(data: bytes) -> bool:
    """Do these bytes look like a bundle of a commitment, whatever their file is called? Then that is what to check."""
    return data.endswith(f'"v":"{VERSION}"}}'.encode())


def verify_bundle(data: bytes, trust: Mapping[str, Any] | None) -> Verdict:
    """Check a bundle, and whether its keys reach the trusted ones (the keys document) if given.

    Never raises for what it is given to check. The checks stand in a fixed order; the first that fails is named in the
    summary. With no trusted keys the best status is CONSISTENT BUT UNTRUSTED, since anyone can make such a bundle.
    Whether the commitment was superseded or ended later, no bundle can say.
    """
    checks = Checks()
    parts = checks.run("bundle", lambda: _read(data))
    keys = checks.run("keys", lambda: _keys(parts), parts)
    about = checks.run("commitment", lambda: _commitment(parts), parts)
    said = checks.run("entries", lambda: _entries(parts), parts)
    checks.run("agreement", lambda: _agreement(parts, said), parts, about, said)
    _signatures(checks, parts, about, said)
    checks.run("pdf", lambda: _pdf(parts, said), parts, said)
    signed = checks.run("checkpoint", lambda: _checkpoint(parts, said, keys), said, keys)
    checks.run("inclusion", lambda: _inclusion(parts, signed), parts, signed)
    if trust is None:
        checks.skip("trust", "no trusted keys given: anyone could have made this bundle")
    else:
        checks.run("trust", lambda: _trust(trust, keys, signed, said), keys, signed, said)
    return _verdict(checks, about, said, trusted=trust is not None)


def _signatures(checks: Checks, parts: Any, about: Commitment | None, said: Any) -> None:
    """The principal's signature, that the key is his, and the company's seal if there is one."""
    if parts is not None and parts["signature"].way == INK:
        checks.skip("signature", IN_INK)
    else:
        checks.run("signature", lambda: _signature(parts, about, said), parts, about, said)
        checks.run("key", lambda: _key(parts, said), parts, about, said)
    if parts is not None and parts["seal"] is not None:
        if parts["seal"].way == INK:
            checks.skip("seal", IN_INK)
        else:
            checks.run("seal", lambda: _seal(parts, about), about)


def _read(data: bytes) -> tuple[dict[str, Any], str]:
    """The members, with the signatures read and the binary as bytes; `seal` is None where there is none."""
    members = parse_canonical(data, LIMIT)
    if not members.keys() >= _REQUIRED or members.keys() - _REQUIRED - _OPTIONAL:
        wrong = (_REQUIRED - members.keys()) | (members.keys() - _REQUIRED - _OPTIONAL)
        raise ValueError("missing or unknown: " + ", ".join(sorted(wrong)))
    if members["v"] != VERSION:
        raise ValueError(f"v is not {VERSION}")
    if type(members["commitment"]) is not str or type(members["checkpoint"]) is not str:
        raise ValueError("commitment or checkpoint is no text")
    read = {"seal": None, **members, "pdf": _named("pdf", lambda: from_base64url(members["pdf"]))}
    read["signature"] = _named("signature", lambda: Signature.parse(members["signature"]))
    if "seal" in members:
        read["seal"] = _named("seal", lambda: Signature.parse(members["seal"]))
        if read["seal"].way == PASSKEY:
            raise ValueError("seal: a passkey is a person's")
    if type(members["entries"]) is not dict:
        raise ValueError("entries is no object")
    for name, item in members["entries"].items():
        if type(item) is not dict or item.keys() != _PLACE:
            raise ValueError(f"entries: {name} is no object of {', '.join(sorted(_PLACE))}")
        _named(name, partial(receipts.must_name_a_place, {**item, "checkpoint": ""}))
    return read, f"canonical, {len(data)} bytes"


def _named(name: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _keys(parts: Any) -> tuple[PublicKeys, str]:
    keys = PublicKeys.parse(parts["keys"])
    keys.must_hold_together()
    return keys, f"{len(keys.keys)} keys of {keys.origin}"


def _commitment(parts: Any) -> tuple[Commitment, str]:
    about = Commitment.decode(parts["commitment"].encode())
    return about, f"{about.mine_name}, {about.year}, {len(about.clauses)} clauses, by {about.principal_name}"


def _entries(parts: Any) -> tuple[dict[str, Entry], str]:
    """The entries, those of this way of signing and no others."""
    there = parts["entries"]
    signed = Entry.decode(there["signed"]["payload"].encode()) if "signed" in there else None
    if signed is None or signed.kind != acts.SIGNED:
        raise ValueError(f"there is no entry {acts.SIGNED}")
    acts.must_have_form(signed)
    is_stamped = len(parts["pdf"]) > signed.data["pdf_size"]
    kinds = acts.needed(parts["signature"], sealed=parts["seal"] is not None, stamped=is_stamped)
    if wrong := kinds.keys() ^ there.keys():
        raise ValueError("missing or unknown: " + ", ".join(sorted(wrong)))
    found = {name: _named(name, partial(Entry.decode, there[name]["payload"].encode())) for name in kinds}
    for name, kind in kinds.items():
        if found[name].kind != kind:
            raise ValueError(f"{name}: kind is {found[name].kind}, not {kind}")
    return found, f"{signed.subject}, signed {time_of(signed.at)}"


def _agreement(parts: Any, said: Any) -> tuple[bool, str]:
    acts.must_agree(said, parts["commitment"].encode(), parts["signature"], parts["seal"])
    return True, f"entries and commitment name digest {said['signed'].data['digest']}"


def _signature(parts: Any, about: Any, said: Any) -> tuple[bool, str]:
    signature, data = parts["signature"], said["signed"].data
    digest = documents.digest_of(parts["commitment"].encode())
    must_be_signed(
        signature, "commitment", nonce=about.nonce, digest=digest, origin=data.get("origin", ""),
        relying_party=data.get("relying_party", ""),
    )  # fmt: skip
    return True, f"{signature.way}, {signature.algorithm}"


def _key(parts: Any, said: Any) -> tuple[bool, str]:
    officer = acts.must_be_his(said, parts["commitment"].encode(), parts["signature"])
    return True, f"checked by {officer} at {time_of(said['checked'].at)}"


def _seal(parts: Any, about: Any) -> tuple[bool, str]:
    digest = documents.digest_of(parts["commitment"].encode())
    must_be_signed(parts["seal"], "seal", nonce=about.nonce, digest=digest)
    return True, f"{parts['seal'].way}, {parts['seal'].algorithm}"


def _pdf(parts: Any, said: Any) -> tuple[bool, str]:
    """The PDF is the previewed one, or that with stamps behind it as the log has it."""
    pdf, data = parts["pdf"], said["signed"].data
    if sha256(pdf[: data["pdf_size"]]).hexdigest() != data["pdf"]:
        raise ValueError("it is not the PDF that was signed for")
    if "stamped" not in said:
        return True, f"{len(pdf)} bytes, not stamped"
    if said["stamped"].data.get("stamped") != sha256(pdf).hexdigest():
        raise ValueError("what stands behind the signed PDF is not the stamp that the log names")
    return True, f"{len(pdf)} bytes, stamped at {time_of(said['stamped'].at)}"


def _checkpoint(parts: Any, said: Any, keys: Any) -> tuple[Signed, str]:
    """The checkpoint, whose every signature is checked, for one that is not would be an unseen place to write in."""
    signed, where = places.signed_checkpoint(parts, keys, first=said["signed"].at, last=LARGEST)
    if strange := [line.name for line in signed[0].signatures if line.key is None]:
        raise ValueError(f"there is a signature of {strange[0]} that no key of the list can check")
    return signed, where


def _inclusion(parts: Any, signed: Any) -> tuple[bool, str]:
    found = {name: _named(name, partial(places.included, item, signed)) for name, item in parts["entries"].items()}
    return True, f"{len(found)} entries, signed at {found['signed'][1]}"


def _trust(document: Mapping[str, Any], keys: Any, signed: Any, said: Any) -> tuple[bool, str]:
    trusted = PublicKeys.parse(dict(document))
    if contradiction := keys.contradiction(trusted):
        raise ValueError(contradiction)
    places.must_reach(keys, signed, trusted, first=said["signed"].at, last=LARGEST)
    return True, f"{signed[1][0].id} reaches the trusted keys of {trusted.origin}"


def _verdict(checks: Checks, about: Commitment | None, said: Any, *, trusted: bool) -> Verdict:
    made = tuple(checks.made)
    failed = next((check for check in made if check.ok is False), None)
    name = f"commitment of {about.mine_name} for {about.year}" if about is not None else "commitment"
    if failed is not None or about is None or said is None:
        where = f"{failed.name}: {failed.detail}" if failed else "nothing was checked"
        return Verdict(Status.BROKEN, made, printable(f"BROKEN: {name}: {where}"))
    status = Status.VERIFIED if trusted else Status.CONSISTENT_BUT_UNTRUSTED
    return Verdict(status, made, printable(f"{status.value}: {name}: {acts.told_of(said['signed'])}"))


def _by_the_log(note: str, keys: PublicKeys) -> str:
    """The checkpoint without the signatures of witnesses, which a reader of the bundle has no keys for."""
    found = checkpoints.parse_checkpoint(note, keys.note_keys())
    body, _, lines = note.partition("\n\n")
    kept = [line for line, by in zip(lines.splitlines(), found.signatures, strict=True) if by.key is not None]
    return f"{body}\n\n" + "".join(f"{line}\n" for line in kept)
