"""Checking the code of a notice board against the trusted keys, without network and without the commitment itself."""

from collections.abc import Mapping
from typing import Any

from storage.record.ledger.proofs import checkpoints, signatures
from storage.record.ledger.proofs.canonical import LARGEST
from storage.record.ledger.proofs.commitments import acts
from storage.record.ledger.proofs.commitments.bundles import IN_INK
from storage.record.ledger.proofs.commitments.codes import Code
from storage.record.ledger.proofs.commitments.signing import INK, must_be_signed
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.verdicts import Checks, Status, Verdict, printable


def verify_code(text: str, trust: Mapping[str, Any] | None) -> Verdict:
    """What the text of a QR code proves by itself, and by the trusted keys (the keys document) if given.

    Never raises. The code has no clauses: its digest is that of the commitment whose bundle, or public page, has them.
    Who checked the key is named by the entry and proven by the bundle, so the best verdict leaves one check unmade.
    """
    checks = Checks()
    code = checks.run("code", lambda: _code(text))
    if code is not None and code.entry.data["way"] == INK:
        checks.skip("signature", IN_INK)
    else:
        checks.run("signature", lambda: _signature(code), code)
    if code is not None and "checked" in code.entry.data:
        checks.skip("key", f"entry {code.entry.data['checked']} says who checked it: the bundle has that")
    if trust is None:
        checks.skip("checkpoint", "no trusted keys given: anyone could have made this code")
    else:
        checks.run("checkpoint", lambda: _checkpoint(code, trust), code)
    return _verdict(checks, code, trusted=trust is not None)


def _code(text: str) -> tuple[Code, str]:
    code = Code.decode(text)
    acts.must_be_his_act(code.entry)
    return code, f"commitment {code.entry.subject}, digest {code.entry.data['digest']}"


def _signature(code: Any) -> tuple[bool, str]:
    data = code.entry.data
    must_be_signed(
        code.signature(), "commitment", nonce=code.nonce, digest=bytes.fromhex(data["digest"]),
        origin=data.get("origin", ""), relying_party=data.get("relying_party", ""),
    )  # fmt: skip
    return True, f"{data['way']}, {data['algorithm']}"


def _checkpoint(code: Any, trust: Mapping[str, Any]) -> tuple[bool, str]:
    """A trusted key of the log signed the root that entry, salt and proof lead to."""
    trusted = PublicKeys.parse(dict(trust))
    ledgers = [key for key in trusted.keys.values() if key.name == "ledger" and key.algorithm == "Ed25519"]
    known = [key for key in ledgers if checkpoints.key_hash(trusted.origin, key.public) == code.key_hash]
    if not known:
        raise ValueError(f"no key of {trusted.origin} in the trusted list signed it: the list may be an old one")
    body = checkpoints.body(trusted.origin, code.size, code.root()).encode()
    by = [key for key in known if signatures.verify_raw("Ed25519", key.public, body, code.log_signature)]
    where = f"position {code.position} of {code.size}"
    if not by:
        raise ValueError(f"entry, salt, proof or signature is wrong: {known[0].id} did not sign where {where} leads")
    if not by[0].valid_between(code.entry.at, LARGEST):
        raise ValueError(f"key {by[0].id} was no longer in use when it was signed")
    return True, f"{where}, signed by {by[0].id} of {trusted.origin}"


def _verdict(checks: Checks, code: Code | None, *, trusted: bool) -> Verdict:
    made = tuple(checks.made)
    failed = next((check for check in made if check.ok is False), None)
    data = code.entry.data if code is not None else {}
    name = f"commitment of {data['mine_name']} for {data['year']}" if data else "code"
    if failed is not None or code is None:
        where = f"{failed.name}: {failed.detail}" if failed else "nothing was checked"
        return Verdict(Status.BROKEN, made, printable(f"BROKEN: {name}: {where}"))
    status = Status.VERIFIED if trusted else Status.CONSISTENT_BUT_UNTRUSTED
    return Verdict(status, made, printable(f"{status.value}: {name}: {acts.told_of(code.entry)}"))
