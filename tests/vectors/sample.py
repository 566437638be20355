"""A whole sealed piece of evidence made from fixed keys: what the vectors and the tests of bundles start from."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.record.ledger.proofs import (
    checkpoints,
    closings,
    entries,
    merkle,
    places,
    receipts,
    signatures,
    statements,
    takeovers,
)
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.keys import NAMES, PublicKey, PublicKeys, key_id
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.statements import Statement

ORIGIN = "ledger.pithead.example/vectors"
BEGUN = 1_779_000_000_000
DECLARED = 1_780_000_000_500
SEALED = 1_780_000_009_000
RECEIPTED = 1_780_000_009_750
FILE = "IMG_0001.jpg"
ORIGINAL = b"\xff\xd8\xff\xe0 not a picture, but bytes that stand for one \xff\xd9"
EVIDENCE = "0190e5a8-7b1c-7c3e-9a53-3f1f7e0a4b11"
SIZE, POSITION = 300, 270


def uuid_of(word: str) -> str:
    """A lower-case UUID that is always the same for a word."""
    digits = sha256(word.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def ed25519(word: str, name: str) -> Signer:
    """The Ed25519 key whose secret half is the SHA-256 of a word."""
    private = Ed25519PrivateKey.from_private_bytes(sha256(word.encode()).digest())
    unnamed = signatures.signer(private, id="")
    return replace(unnamed, id=key_id(name, unnamed.public))


def es256(word: str) -> Signer:
    """The P-256 key whose secret number is the SHA-256 of a word; its signatures are those of RFC 6979."""
    private = ec.derive_private_key(int.from_bytes(sha256(word.encode()).digest(), "big"), ec.SECP256R1())
    always = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    return replace(
        signatures.signer(private, id="device"),
        sign=lambda data: signatures.der_to_raw(private.sign(data, always)),
    )


def listed(signer: Signer, name: str, since: int = BEGUN) -> PublicKey:
    """The key as the public list has it."""
    return PublicKey(id=signer.id, name=name, algorithm=signer.algorithm, public=signer.public, since=since)


@dataclass
class Server:
    """The server's keys, by name, and the list of their public halves."""

    signers: dict[str, Signer]
    keys: PublicKeys

    def rotated(self, name: str, word: str, at: int) -> "Server":
        """The server after one rotation."""
        old, new = self.signers[name], ed25519(word, name)
        unsigned = replace(listed(new, name, at), predecessor=old.id)
        signature = old.sign(signatures.signing_input("key", unsigned.signed_bytes()))
        changed = {old.id: replace(self.keys.key(old.id), until=at), new.id: replace(unsigned, signature=signature)}
        return Server({**self.signers, name: new}, PublicKeys(self.keys.origin, {**self.keys.keys, **changed}))


def server(word: str = "vector", origin: str = ORIGIN) -> Server:
    """A server whose keys follow from a word."""
    signers = {name: ed25519(f"{word} {name}", name) for name in NAMES}
    return Server(signers, PublicKeys(origin, {signer.id: listed(signer, name) for name, signer in signers.items()}))


def statement(**changes: Any) -> Statement:
    """The statement over ORIGINAL."""
    plain = Statement(
        recording=uuid_of("recording"),
        device=uuid_of("device"),
        seq=0,
        prev=statements.FIRST_PREV,
        sha256=sha256(ORIGINAL).hexdigest(),
        size=len(ORIGINAL),
        parts_root=statements.parts_root([sha256(ORIGINAL).digest()]).hex(),
        type="image/jpeg",
        wall=1_779_999_996_123,
        mono=86_400_321,
        boot=uuid_of("boot"),
        place={
            "lat": 266_476_123,
            "lon": 1_066_302_456,
            "accuracy": 480,
            "altitude": 107_300,
            "site": uuid_of("site"),
            "source": "gnss",
        },
        stage="INQUIRY",
        maker=uuid_of("maker"),
    )
    return replace(plain, **changes)


def entry(signed: Statement, device: Signer, /, **changes: Any) -> entries.Entry:
    """The entry that sealing writes."""
    data: dict[str, Any] = {
        "evidence": EVIDENCE,
        "recording": signed.recording,
        "statement": sha256(signed.encode()).hexdigest(),
        "sha256": signed.sha256,
        "size": signed.size,
        "object": "e/5f1b9c0d",
        "version": "3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY",
        "device": signed.device,
        "device_key": to_base64url(device.public),
        "algorithm": device.algorithm,
        "maker": signed.maker,
        "grade": "SIGNED_AT_CAPTURE",
        "declared_at": DECLARED,
        "received_at": DECLARED + 4_000,
    }
    return entries.Entry(
        id=uuid_of("sealed entry"),
        kind=receipts.SEALED_KIND,
        at=SEALED,
        subject=EVIDENCE,
        data={**data, **changes},
    )


def tree(digest: bytes) -> tuple[bytes, list[bytes]]:
    """The root of a tree of SIZE leaves with this digest at POSITION, and its inclusion proof."""
    digests = [sha256(f"leaf {at}".encode()).digest() for at in range(SIZE)]
    digests[POSITION] = digest
    extension = merkle.extend(0, [merkle.leaf_hash(item) for item in digests], {})
    return extension.root, merkle.inclusion_proof(POSITION, SIZE, extension.changed_tiles)


def members(
    by: Server | None = None,
    *,
    device: Signer | None = None,
    signed: Statement | None = None,
    sealed_entry: entries.Entry | None = None,
) -> dict[str, Any]:
    """The arguments of `receipts.bundle` for one piece, sealed by the server given."""
    by, device, signed = by or server(), device or es256("vector device"), signed or statement()
    payload = (sealed_entry or entry(signed, device)).encode()
    salt = sha256(b"vector salt").digest()
    root, proof = tree(entries.digest(salt, payload))
    return {
        "file": FILE,
        "statement": signed.encode(),
        "signature": device.sign(statements.signing_input(signed.encode())),
        "declared": receipts.declare_receipt(
            by.signers["promise"],
            evidence=EVIDENCE,
            statement=signed.encode(),
            entry=uuid_of("declared entry"),
            at=DECLARED,
        ),
        "sealed": receipts.sealed_receipt(
            by.signers["receipt"],
            evidence=EVIDENCE,
            at=RECEIPTED,
            payload=payload,
            salt=salt,
            position=POSITION,
            proof=proof,
            checkpoint=checkpoints.sign_checkpoint(by.keys.origin, SIZE, root, by.signers["ledger"]),
        ),
        "keys": by.keys.document(),
    }


def chain(count: int = 4, device: str = "device") -> list[bytes]:
    """The statements of one device in the recording, each naming the one before it."""
    found: list[bytes] = []
    prev = statements.FIRST_PREV
    for seq in range(count):
        found.append(statement(device=uuid_of(device), seq=seq, prev=prev, wall=seq).encode())
        prev = sha256(found[-1]).hexdigest()
    return found


def chains() -> dict[str, list[bytes]]:
    """Statements of the recording that `closing` closes, as they may be found: whole, with gaps, and with breaks."""
    ours, theirs = chain(), chain(2, "second device")
    other = statement(seq=1, prev=sha256(ours[0]).hexdigest(), wall=99).encode()
    astray = statement(seq=2, prev="ab" * 32).encode()
    return {
        "all there": [*ours, *theirs],
        "in another order, and one of them twice": [*theirs[::-1], *ours[::-1], ours[2]],
        "the gap that the closing explains": [ours[0], ours[2], ours[3], *theirs],
        "a gap that no one explains": [ours[0], ours[1], ours[3], *theirs],
        "the end is missing": [*ours[:3], *theirs],
        "a device is missing": ours,
        "another device": [*ours, *theirs, *chain(1, "third device")],
        "more than the closing says": [*chain(6), *theirs],
        "two statements of one number": [*ours, other, *theirs],
        "a statement that follows another": [*ours[:2], astray, *theirs],
        "none at all": [],
    }


def closing(**changes: Any) -> closings.Closing:
    """The closing over two devices: seq 1 of the first is missing and explained, the rest is there."""
    ours, theirs = chain(), chain(2, "second device")
    last = {uuid_of("device"): ours, uuid_of("second device"): theirs}
    plain = closings.Closing(
        recording=uuid_of("recording"),
        closer=uuid_of("maker"),
        at=1_779_999_999_000,
        chains={device: (len(found), sha256(found[-1]).hexdigest()) for device, found in last.items()},
        gaps=(closings.Gap(uuid_of("device"), 1, 1, "存储卡损坏，无法读取"),),
    )
    return replace(plain, **changes)


def officer(word: str, maker: str, signer: Signer) -> closings.Officer:
    """An officer with his device."""
    return closings.Officer(uuid_of(word), uuid_of(maker), signer.algorithm, signer.public)


def closed_file(value: closings.Closing) -> bytes:
    """The closing, signed by the first officer's device and co-signed by the second's."""
    first, second = es256("vector device"), ed25519("vector dock", "device")
    data = value.encode()
    return closings.closed_file(
        data,
        closer=officer("device", "maker", first),
        signature=first.sign(signatures.signing_input("closing", data)),
        cosigner=officer("second device", "second maker", second),
        cosignature=second.sign(signatures.signing_input("cosign", data)),
    )


def proven_closing(value: closings.Closing, by: Server | None = None, **changes: Any) -> bytes:
    """The proof that the log holds the entry by which the record took this closing; `changes` are those of its data."""
    by = by or server()
    first, second = es256("vector device"), ed25519("vector dock", "device")
    data = closings.closed_data(
        value.encode(),
        recording=value.recording,
        closer=officer("device", "maker", first),
        cosigner=officer("second device", "second maker", second),
    )
    made = entries.Entry(
        id=uuid_of("closed entry"),
        kind=closings.CLOSED_KIND,
        at=RECEIPTED,
        subject=value.recording,
        data={**data, **changes},
    )
    payload, salt = made.encode(), sha256(b"closed salt").digest()
    root, proof = tree(entries.digest(salt, payload))
    return places.proven_entry(
        payload=payload,
        salt=salt,
        position=POSITION,
        proof=proof,
        checkpoint=checkpoints.sign_checkpoint(by.keys.origin, SIZE, root, by.signers["ledger"]),
        keys=by.keys.document(),
    )


def takeover(**changes: Any) -> takeovers.Takeover:
    """The paper that stands beside `statement`: a film that the mine handed over."""
    plain = takeovers.Takeover(
        statement=sha256(statement().encode()).hexdigest(),
        giver="样例煤矿调度室 王某",
        how="由监控主机导出至U盘，当面移交",
        at=1_779_999_997_000,
        device=uuid_of("device"),
        maker=uuid_of("maker"),
    )
    return replace(plain, **changes)


def taken_over_file(paper: takeovers.Takeover, signer: Signer | None = None) -> bytes:
    """The paper, signed by the device."""
    data = paper.encode()
    return takeovers.taken_over_file(
        data, (signer or es256("vector device")).sign(signatures.signing_input("takeover", data))
    )
