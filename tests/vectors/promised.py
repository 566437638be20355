"""Safety commitments made from fixed keys, signed in each way, with their bundles; and the vectors of them."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import checkpoints, entries, merkle, signatures
from storage.record.ledger.proofs.canonical import canonical, parse_canonical, to_base64url
from storage.record.ledger.proofs.commitments import acts, bundles, codes, documents, reading
from storage.record.ledger.proofs.commitments.documents import Commitment, CommitmentMalformed
from storage.record.ledger.proofs.commitments.signing import INK, KEY, PASSKEY, TOKEN, Signature
from tests.vectors import sample, sm2

MINE, PRINCIPAL, OFFICER = (sample.uuid_of(word) for word in ("mine", "principal", "officer"))
SUBJECT = sample.uuid_of("commitment")
SIGNED, PARTY, ORIGIN = 1_801_000_000_000, "localhost", "http://localhost:8700"
PDF = b"%PDF-1.7 not a page, but bytes that stand for one\n%%EOF\n"
STAMPED = PDF + b"and a stamp behind it\n%%EOF\n"
NONCE = sha256(b"vector nonce").digest()
SECRET, NUMBER = (int.from_bytes(sha256(word).digest()) for word in (b"vector token", b"vector number"))
LEAVES, FIRST = 300, 201
"""Leaves of the log, and the position of the first entry; the others follow at every seventh."""
WAYS = ("key, Ed25519", "key, ES256", "passkey", "token, SM2", "token, ES256", "ink")


def commitment(**changes: Any) -> Commitment:
    """Two clauses, one kept and one that is not yet."""
    plain = Commitment(
        mine=MINE, mine_name="样例煤矿", year=2027, template=sample.uuid_of("template"), version=1,
        clauses=[
            {"key": "gas", "field": "DISASTER", "condition": {"kind": "NUMBER", "most": 100},
             "words": {"zh": "工作面甲烷浓度不超过1.00%。", "en": "Methane at the face stays at or below 1.00 %."}},
            {"key": "fans", "field": "MAIN_SYSTEM", "condition": {"kind": "YES_NO"},
             "words": {"zh": "主要通风机有同等能力的备用机。", "en": "The main fan has a spare of the same capacity."}},
        ],
        answers=[
            {"key": "gas", "outcome": "MET", "words": ""},
            {"key": "fans", "outcome": "NOT_YET", "by_day": "2027-03-31", "measure": "购置备用风机", "words": ""},
        ],
        principal=PRINCIPAL, principal_name="王某", nonce=NONCE,
    )  # fmt: skip
    return replace(plain, **changes)


def signature(way: str, document: bytes, kind: str = "commitment") -> Signature:
    """The commitment signed in one of WAYS, or as another kind (the company's seal)."""
    digest, nonce = documents.digest_of(document), Commitment.decode(document).nonce
    message = signatures.signing_input(kind, documents.message_of(nonce, digest))
    if way == "ink":
        return Signature(way=INK, scan=sha256(b"a scan").hexdigest())
    if way == "token, SM2":
        by = Signature(way=TOKEN, algorithm="SM2", key=sm2.public_key(SECRET))
        return replace(by, signature=sm2.sign(SECRET, message, NUMBER))
    signer = sample.ed25519(f"vector {kind}", "device") if "Ed25519" in way else sample.es256(f"vector {kind}")
    by = Signature(way=KEY if way.startswith("key") else TOKEN, algorithm=signer.algorithm, key=signer.public)
    if way != "passkey":
        return replace(by, signature=signer.sign(message))
    return asserted(replace(by, way=PASSKEY), documents.challenge_of(nonce, digest), signer.sign)


def asserted(
    by: Signature,
    challenge: bytes,
    sign: Callable[[bytes], bytes],
    /,
    *,
    flags: int = 5,
    party: str = PARTY,
    **said: Any,
) -> Signature:  # fmt: skip
    """What an authenticator answers to a challenge, and its browser says of it."""
    client = {"type": "webauthn.get", "challenge": to_base64url(challenge), "origin": ORIGIN, "crossOrigin": False}
    told = json.dumps(client | said, separators=(",", ":")).encode()
    authenticator = sha256(party.encode()).digest() + bytes([flags]) + (7).to_bytes(4)
    return replace(by, authenticator=authenticator, client=told, signature=sign(authenticator + sha256(told).digest()))


def entries_of(
    document: bytes, by: Signature, *, seal: Signature | None = None, page: bytes = PDF, pdf: bytes = PDF
) -> dict[str, entries.Entry]:
    """The entries of a commitment that was signed by its page, and sealed and stamped if it was."""
    about = Commitment.decode(document)
    his = {"mine": about.mine, "principal": about.principal}
    needed = acts.needed(by, sealed=seal is not None, stamped=pdf != page)
    ids = {name: sample.uuid_of(f"{name} commitment entry") for name in needed}
    data: dict[str, dict[str, Any]] = {
        "signed": acts.signed_data(
            document, by, pdf=sha256(page).digest(), pdf_size=len(page),
            checked=ids.get("checked"), agreed=ids.get("agreed"),
            **({"origin": ORIGIN, "relying_party": PARTY} if by.way == PASSKEY else {}),
        ),
        "agreed": acts.agreed_data(**his, paper=sha256(b"an agreement").hexdigest()),
        "stamped": acts.stamped_data(document, sha256(pdf).digest(), key="stamp-00000000", level="B-B"),
        "checked": acts.checked_data(**his, signature=by) if by.way != INK else {},
        "sealed": acts.sealed_data(document, seal) if seal is not None else {},
    }  # fmt: skip
    actors, at = {"signed": PRINCIPAL, "agreed": PRINCIPAL}, {"checked": SIGNED - 2_000, "agreed": SIGNED - 1_000}
    return {
        name: entries.Entry(
            id=ids[name], kind=kind, at=at.get(name, SIGNED), subject=SUBJECT, data=data[name],
            actor=actors.get(name, OFFICER),
        )
        for name, kind in needed.items()
    }  # fmt: skip


def logged(said: dict[str, entries.Entry], by: sample.Server) -> tuple[dict[str, dict[str, Any]], str]:
    """The entries with their places in a log, and its checkpoint."""
    digests = [sha256(f"leaf {at}".encode()).digest() for at in range(LEAVES)]
    payloads = {name: (FIRST + 7 * at, entry.encode()) for at, (name, entry) in enumerate(said.items())}
    salts = {name: sha256(f"{name} salt".encode()).digest() for name in said}
    for name, (position, payload) in payloads.items():
        digests[position] = entries.digest(salts[name], payload)
    grown = merkle.extend(0, [merkle.leaf_hash(one) for one in digests], {})
    placed = {
        name: bundles.place(
            payload=payload, salt=salts[name], position=position,
            proof=merkle.inclusion_proof(position, LEAVES, grown.changed_tiles),
        )
        for name, (position, payload) in payloads.items()
    }  # fmt: skip
    return placed, checkpoints.sign_checkpoint(by.keys.origin, LEAVES, grown.root, by.signers["ledger"])


def bundled(
    way: str = "key, Ed25519", *, document: bytes | None = None, sealed: bool = False, page: bytes = PDF,
    pdf: bytes = PDF, by: sample.Server | None = None, signed: Signature | None = None,
    said: Callable[[dict[str, entries.Entry]], dict[str, entries.Entry]] = dict,
) -> bytes:  # fmt: skip
    """A bundle that holds, unless what is handed in does not; `said` may change the entries before the log has them."""
    server, document = by or sample.server(), document or commitment().encode()
    signed = signed or signature(way, document)
    seal = signature("token, ES256", document, "seal") if sealed else None
    placed, checkpoint = logged(said(entries_of(document, signed, seal=seal, page=page, pdf=pdf)), server)
    return bundles.bundle(
        commitment=document, signature=signed, pdf=pdf, entries=placed, checkpoint=checkpoint,
        keys=server.keys.document(), seal=seal,
    )  # fmt: skip


def commitment_vectors() -> dict[str, Any]:
    """A commitment with what is signed of it in each way, bytes that are none, and bundles with what fails in each."""
    document = commitment().encode()
    members = parse_canonical(document, documents.LIMIT)
    template, answers = members["template"], members["answers"]
    wrong: list[dict[str, Any]] = [
        {**members, "v": "pithead/commitment/2"}, {**members, "extra": 1}, {**members, "mine": "x"},
        {**members, "year": "2027"}, {**members, "template": 1}, {**members, "template": {**template, "version": 0}},
        {**members, "nonce": "AAAA"}, {**members, "supersedes": "ab"}, {**members, "clauses": []},
        {**members, "principal_name": "a\nb"}, {**members, "clauses": members["clauses"] * 2},
        {**members, "answers": answers[:1]}, {**members, "answers": answers[::-1]},
        {name: item for name, item in members.items() if name != "answers"},
    ]  # fmt: skip
    digest = documents.digest_of(document)
    return {
        "commitment": document.decode(), "digest": digest.hex(),
        "message": to_base64url(documents.message_of(NONCE, digest)),
        "challenge": to_base64url(documents.challenge_of(NONCE, digest)),
        "signatures": [{"name": way, "signature": signature(way, document).document()} for way in WAYS],
        "refused": [{"data": to_base64url(canonical(item)), "reason": _malformed(canonical(item))} for item in wrong],
        "trust": sample.server().keys.document(), "bundles": [_case(name, *case) for name, case in _cases().items()],
        "codes": [_code(name, text) for name, text in _codes().items()],
    }  # fmt: skip


def _cases() -> dict[str, tuple[bytes, bool]]:
    """Bundles, and whether they are checked against the trusted keys."""
    document, other = commitment().encode(), commitment(nonce=bytes(32)).encode()
    foreign = signature("passkey", other)
    whole: dict[str, tuple[bytes, bool]] = {way: (bundled(way), True) for way in WAYS}
    return whole | {
        "sealed and stamped": (bundled("passkey", sealed=True, pdf=STAMPED), True),
        "without trusted keys": (bundled(), False),
        "forged with fresh keys": (bundled(by=sample.server("forger")), True),
        "the signature of another commitment": (bundled(signed=signature("key, Ed25519", other)), True),
        "the answer of a passkey for another commitment": (bundled(signed=foreign), True),
        "the user was not verified": (bundled(signed=_unverified(document)), True),
        "the key was checked by nobody else": (bundled(said=lambda all: _by(all, "checked", PRINCIPAL)), True),
        "signed by somebody else's hand": (bundled(said=lambda all: _by(all, "signed", OFFICER)), True),
        "another PDF": (_changed("pdf", to_base64url(PDF[::-1])), True),
        "something behind the PDF": (_changed("pdf", to_base64url(STAMPED)), True),
        "another commitment": (_changed("commitment", other.decode()), True),
    }


def _codes() -> dict[str, str]:
    """What stands in the QR code of a notice board: codes that hold, and others that do not."""
    whole = {way: codes.code_of(bundled(way)) for way in WAYS}
    one = whole["key, Ed25519"]
    return {way: code.encode() for way, code in whole.items()} | {
        "forged with fresh keys": codes.code_of(bundled(by=sample.server("forger"))).encode(),
        "another salt": replace(one, salt=bytes(32)).encode(),
        "another place": replace(one, position=one.position + 1).encode(),
        "another nonce": replace(one, nonce=bytes(32)).encode(),
        "a log that is larger": replace(one, size=one.size + 1).encode(),
        "cut off": one.encode()[:-3],
        "more than a code": one.encode() + "000",
        "no base45": one.encode().lower(),
        "not its beginning": one.encode()[1:],
    }


def _code(name: str, text: str) -> dict[str, Any]:
    verdict = reading.verify_code(text, sample.server().keys.document())
    failed = verdict.failed.name if verdict.failed else None
    return {"name": name, "code": text, "status": verdict.status.value, "failing": failed}


def _unverified(document: bytes) -> Signature:
    signer = sample.es256("vector commitment")
    by = Signature(way=PASSKEY, algorithm=signer.algorithm, key=signer.public)
    return asserted(by, documents.challenge_of(NONCE, documents.digest_of(document)), signer.sign, flags=1)


def _by(said: dict[str, entries.Entry], name: str, actor: str) -> dict[str, entries.Entry]:
    return {**said, name: replace(said[name], actor=actor)}


def _changed(name: str, to: Any) -> bytes:
    return canonical({**parse_canonical(bundled(), bundles.LIMIT), name: to})


def _case(name: str, data: bytes, trusted: bool) -> dict[str, Any]:
    verdict = bundles.verify_bundle(data, sample.server().keys.document() if trusted else None)
    failed = verdict.failed.name if verdict.failed else None
    return {
        "name": name, "bundle": data.decode(), "trusted": trusted, "status": verdict.status.value, "failing": failed,
        "complete": verdict.complete,
    }  # fmt: skip


def _malformed(data: bytes) -> str:
    try:
        Commitment.decode(data)
    except CommitmentMalformed as refusal:
        return str(refusal)
    raise AssertionError(data)
