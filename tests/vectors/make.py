"""Makes the vectors: `python -m tests.vectors.make` writes them, and a test checks that they are fresh.

Everything follows from fixed words (tests/vectors/sample.py), so the files change only when the protocol does. They are
language-neutral: text is text, binary is base64url without padding, hashes are lower-case hex.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import (
    bundles,
    checkpoints,
    entries,
    merkle,
    receipts,
    signatures,
    statements,
)
from storage.record.ledger.proofs.canonical import NotCanonical, canonical, parse_canonical, to_base64url
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.statements import Statement, StatementMalformed
from tests.vectors import cases, closed, disclosed, pictured, promised, reported, sample

FOLDER = Path(__file__).parent
NAMES = [
    "IMG_0001.jpg", "井口 0001（副本）.jpg", "\U0001f600.mp4", "-rf", "...", "井" * 85, "井" * 85 + "a",
    "", ".", "..", "a/b",
    "a\\b", "a:b", "a\nb", "a\x85b", "a\u00a0b", "a\u200db", "a\u202eb", "a\u3000b", "a\ue000b", "a\ufeffb",
    "\U000e0041",
]  # fmt: skip
"""Names of files, plain and not."""


def canonical_json() -> dict[str, Any]:
    """Values with their canonical bytes, and bytes to refuse, with the first byte that differs from canonical."""
    values: list[Any] = [
        {},
        {"b": [1, -1, 0, True, False], "a": {"z": "", "y": []}},
        {"text": '井口 "\\/\b\f\n\r\t\u0000\u001f\u007f\u2028\U0001f600'},
        {"largest": 2**53 - 1, "smallest": -(2**53) + 1},
        {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4, "\r": 5, "\u0080": 6, "\u00f6": 7},
    ]
    wrong = [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":null}',
        b'{"a":9007199254740992}',
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        b"[]",
        b"",
        b'{"a":' * 17 + b"1" + b"}" * 17,
    ]
    return {
        "written": [{"value": value, "canonical": to_base64url(canonical(value))} for value in values],
        "refused": [{"data": to_base64url(data), "offset": _offset(data)} for data in wrong],
    }


def statement_vectors() -> dict[str, Any]:
    """Statements with their bytes, hashes and signatures by fixed keys, and bytes that are no statement."""
    first = sample.statement()
    second = sample.statement(seq=1, prev=sha256(first.encode()).hexdigest(), wall=-1, place={}, stage="EXECUTION")
    null_island = sample.statement(place={"lat": 0, "lon": 0, "source": "none"}, wall=253_402_300_800_000)
    signers = [sample.es256("vector device"), sample.ed25519("vector dock", "device")]
    members = parse_canonical(first.encode(), statements.LIMIT)
    wrong: list[dict[str, Any]] = [
        {**members, "v": "pithead/statement/2"},
        {**members, "extra": 1},
        {name: item for name, item in members.items() if name != "boot"},
        {**members, "seq": -1},
        {**members, "seq": True},
        {**members, "seq": 2**53 - 1},
        {**members, "prev": "ab" * 32},
        {**members, "size": 0},
        {**members, "size": statements.SIZE_LIMIT + 1},
        {**members, "maker": members["maker"].upper()},
        {**members, "type": "Image/JPEG"},
        {**members, "stage": "END"},
        {**members, "place": {"lat": "1"}},
        {**members, "place": {"where": 1}},
    ]
    return {
        "signed": [_signed(statement, signer) for statement in (first, second, null_island) for signer in signers],
        "refused": [{"data": to_base64url(canonical(item)), "reason": _malformed(canonical(item))} for item in wrong],
        "parts": {
            "parts": [sha256(bytes([number])).hexdigest() for number in range(3)],
            "parts_root": statements.parts_root([sha256(bytes([number])).digest() for number in range(3)]).hex(),
        },
    }


def signature_vectors() -> dict[str, Any]:
    """One message signed as each kind by each algorithm; a signature of one kind must verify as no other."""
    signers = [sample.es256("vector device"), sample.ed25519("vector dock", "device")]
    return {
        "domains": dict(signatures.DOMAINS),
        "message": to_base64url(b"{}"),
        "signed": [
            {
                "kind": kind,
                "algorithm": signer.algorithm,
                "public": to_base64url(signer.public),
                "signature": to_base64url(signer.sign(signatures.signing_input(kind, b"{}"))),
            }
            for kind in signatures.DOMAINS
            for signer in signers
        ],
        "der": [{"der": to_base64url(der), "raw": _raw(der)} for der in _der_signatures()],
    }


def merkle_vectors() -> dict[str, Any]:
    """Roots, proofs and tile paths over the leaves SHA-256("leaf N")."""
    digests = [sha256(f"leaf {at}".encode()).digest() for at in range(600)]
    tiles = merkle.extend(0, [merkle.leaf_hash(digest) for digest in digests], {}).changed_tiles
    inclusion = [(0, 1), (0, 2), (1, 3), (6, 7), (255, 256), (256, 257), (270, 300), (599, 600)]
    consistency = [(0, 5), (1, 1), (1, 2), (3, 7), (4, 7), (6, 8), (256, 257), (255, 600), (300, 600)]
    return {
        "leaf": 'the leaf data of position N is SHA-256("leaf N"), N in decimal',
        "leaf_hashes": [merkle.leaf_hash(digest).hex() for digest in digests[:4]],
        "roots": [
            {"size": size, "root": merkle.root(size, tiles).hex()}
            for size in (0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 256, 257, 300, 600)
        ],
        "inclusion": [
            {"position": at, "size": size, "proof": [item.hex() for item in merkle.inclusion_proof(at, size, tiles)]}
            for at, size in inclusion
        ],
        "consistency": [
            {"old": old, "new": new, "proof": [item.hex() for item in merkle.consistency_proof(old, new, tiles)]}
            for old, new in consistency
        ],
        "paths": [
            {"level": level, "index": index, "width": width, "path": merkle.tile_path(level, index, width)}
            for level, index, width in [
                (0, 0, 256),
                (0, 1_234_067, 256),
                (0, 1_234_067, 5),
                (1, 999, 1),
                (2, 1_000, 256),
            ]
        ],
        "entry_digest": {
            "salt": to_base64url(bytes(range(32))),
            "payload": to_base64url(b"{}"),
            "digest": entries.digest(bytes(range(32)), b"{}").hex(),
        },
    }


def checkpoint_vectors() -> dict[str, Any]:
    """A checkpoint, the same with a witness, and one whose body was changed."""
    log, witness = sample.ed25519("vector ledger", "ledger"), sample.ed25519("vector witness", "witness")
    root = sha256(b"root").digest()
    note = checkpoints.sign_checkpoint(sample.ORIGIN, 300, root, log)
    return {
        "keys": [
            {"name": sample.ORIGIN, "public": to_base64url(log.public)},
            {"name": "witness.example", "public": to_base64url(witness.public)},
        ],
        "key_hash": checkpoints.key_hash(sample.ORIGIN, log.public).hex(),
        "origin": sample.ORIGIN,
        "size": "300",
        "root": root.hex(),
        "note": note,
        "cosigned": checkpoints.cosign(note, "witness.example", witness),
        "refused": [note.replace("\n300\n", "\n301\n"), note.replace("\n300\n", "\n0300\n"), note[:-1]],
    }


def bundle_vectors() -> dict[str, Any]:
    """Bundles with the trusted keys, the status that a verifier must find, and the first check that fails."""
    server = sample.server()
    rotated = server
    for name in ("promise", "receipt", "ledger"):
        rotated = rotated.rotated(name, f"next {name}", sample.DECLARED - 1_000)
    valid = receipts.bundle(**sample.members(server))
    forged = sample.members(sample.server("forger"), device=sample.es256("forged device"))
    cases: list[tuple[str, bytes, bool, str, str | None]] = [
        ("valid", valid, True, "VERIFIED", None),
        ("valid, no trusted keys given", valid, False, "CONSISTENT BUT UNTRUSTED", None),
        ("valid, keys rotated since", receipts.bundle(**sample.members(rotated)), True, "VERIFIED", None),
        ("valid, Ed25519 device", receipts.bundle(**sample.members(device=_dock())), True, "VERIFIED", None),
        ("forged with fresh keys", receipts.bundle(**forged), True, "BROKEN", "trust"),
        ("forged, no trusted keys given", receipts.bundle(**forged), False, "CONSISTENT BUT UNTRUSTED", None),
    ]
    cases += [(f"broken: {name}", data, True, "BROKEN", check) for name, data, check in _broken(server)]
    return {
        "original": {"name": sample.FILE, "bytes": to_base64url(sample.ORIGINAL)},
        "trust": server.keys.document(),
        "cases": [
            {"name": name, "bundle": data.decode(), "trusted": trusted, "status": status, "failing": failing}
            for name, data, trusted, status, failing in cases
        ],
        "names": [{"name": name, "plain": bundles.is_plain_name(name)} for name in NAMES],
    }


def _broken(server: sample.Server) -> list[tuple[str, bytes, str]]:
    members = sample.members(server)
    sealed = {name: item for name, item in members["sealed"].items() if name != "signature"}

    def resealed(**changes: Any) -> bytes:
        again = receipts.signed({**sealed, **changes}, "sealed", server.signers["receipt"])
        return receipts.bundle(**{**members, "sealed": again})

    def other(**changes: Any) -> bytes:
        return receipts.bundle(**{**members, **changes})

    entry = sample.entry(sample.statement(), sample.es256("vector device"), size=5)
    return [
        ("not canonical", receipts.bundle(**members).replace(b'":{', b'": {', 1), "bundle"),
        ("a path as file name", other(file="../IMG_0001.jpg"), "bundle"),
        ("another statement", other(statement=sample.statement(wall=1).encode()), "declared"),
        ("another declared time", other(declared={**members["declared"], "at": 5}), "declared-signature"),
        ("an entry that says another size", receipts.bundle(**sample.members(server, sealed_entry=entry)), "agreement"),
        ("another device signature", other(signature=bytes(64)), "statement-signature"),
        (
            "a sealed receipt not signed again",
            other(sealed={**members["sealed"], "position": "271"}),
            "sealed-signature",
        ),
        ("another position", resealed(position="271"), "inclusion"),
        ("another salt", resealed(salt=to_base64url(bytes(32))), "inclusion"),
        ("a short proof", resealed(proof=sealed["proof"][1:]), "inclusion"),
        ("another tree size", resealed(checkpoint=sealed["checkpoint"].replace("\n300\n", "\n301\n")), "checkpoint"),
        ("another original", receipts.bundle(**sample.members(server, signed=sample.statement(size=5))), "original"),
    ]


def _der_signatures() -> list[bytes]:
    """DER of small, large and padded numbers, and what is none: a number of 33 bytes, one cut off, one negative."""
    numbers = [(1, 2), (2**255, 127), (128, 2**256 - 1)]
    right = [signatures.raw_to_der(r.to_bytes(32, "big") + s.to_bytes(32, "big")) for r, s in numbers]
    return [
        *right,
        b"\x30\x26\x02\x21" + b"\x01" * 33 + b"\x02\x01\x01",
        right[1][:-1],
        b"\x30\x06\x02\x01\xff\x02\x01\x01",
    ]


def _raw(der: bytes) -> str | None:
    try:
        return to_base64url(signatures.der_to_raw(der))
    except ValueError:
        return None


def _dock() -> Signer:
    return sample.ed25519("vector dock", "device")


def _signed(statement: Statement, signer: Signer) -> dict[str, Any]:
    data = statement.encode()
    return {
        "statement": data.decode(),
        "sha256": sha256(data).hexdigest(),
        "algorithm": signer.algorithm,
        "public": to_base64url(signer.public),
        "signature": to_base64url(signer.sign(statements.signing_input(data))),
    }


def _offset(data: bytes) -> int | None:
    try:
        parse_canonical(data, 1024)
    except NotCanonical as refusal:
        # Where a parser gives up on what is no JSON at all is its own affair.
        return refusal.offset if refusal.reason == "not written canonically" else None
    raise AssertionError(data)


def _malformed(data: bytes) -> str:
    try:
        Statement.decode(data)
    except StatementMalformed as refusal:
        return refusal.reason
    raise AssertionError(data)


VECTORS: dict[str, Callable[[], dict[str, Any]]] = {
    "canonical.json": canonical_json,
    "statements.json": statement_vectors,
    "signatures.json": signature_vectors,
    "merkle.json": merkle_vectors,
    "checkpoints.json": checkpoint_vectors,
    "bundles.json": bundle_vectors,
    "closings.json": closed.closing_vectors,
    "takeovers.json": closed.takeover_vectors,
    "proven.json": closed.proven_vectors,
    "cases.json": cases.case_vectors,
    "commitments.json": promised.commitment_vectors,
    "disclosures.json": disclosed.disclosure_vectors,
    "pictures.json": pictured.picture_vectors,
    "reports.json": reported.report_vectors,
}


def text_of(name: str) -> str:
    """The file as it must stand in the folder."""
    return json.dumps(VECTORS[name](), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    for file in VECTORS:
        (FOLDER / file).write_text(text_of(file))
