"""Signatures: both algorithms, every kind against every other, and malformed keys that verify nothing."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from storage.record.ledger.proofs import signatures, statements
from tests.vectors import sample

pytestmark = pytest.mark.quick

DEVICE, SERVER = sample.es256("device"), sample.ed25519("server", "receipt")


@pytest.mark.parametrize("signer", [DEVICE, SERVER], ids=["ES256", "Ed25519"])
@pytest.mark.parametrize("kind", signatures.DOMAINS)
def test_a_signature_of_one_kind_passes_for_no_other(kind: str, signer: signatures.Signer) -> None:
    signature = signer.sign(signatures.signing_input(kind, b"{}"))
    passing = [
        other
        for other in signatures.DOMAINS
        if signatures.verify(signer.algorithm, signer.public, other, b"{}", signature)
    ]
    assert passing == [kind]


def test_the_kinds_are_the_fifteen_of_the_protocol() -> None:
    assert sorted(signatures.DOMAINS.values()) == [
        "pithead/beacon/1",
        "pithead/challenge/1",
        "pithead/claim/1",
        "pithead/closing/1",
        "pithead/commitment/1",
        "pithead/cosign/1",
        "pithead/declared/1",
        "pithead/enrol/1",
        "pithead/key/1",
        "pithead/paper/1",
        "pithead/refresh/1",
        "pithead/seal/1",
        "pithead/sealed/1",
        "pithead/statement/1",
        "pithead/takeover/1",
    ]
    assert statements.signing_input(b"x") == signatures.signing_input("statement", b"x") == b"pithead/statement/1\nx"


@given(st.integers(0, 63), st.integers(1, 255))
def test_a_changed_signature_is_no_signature(at: int, change: int) -> None:
    for signer in (DEVICE, SERVER):
        signature = bytearray(signer.sign(b"message"))
        signature[at] ^= change
        assert not signatures.verify_raw(signer.algorithm, signer.public, b"message", bytes(signature))


@given(st.binary(max_size=130), st.binary(max_size=70))
def test_malformed_keys_and_signatures_verify_nothing(public: bytes, signature: bytes) -> None:
    for algorithm in ("ES256", "Ed25519", "none", ""):
        assert not signatures.verify(algorithm, public, "sealed", b"", signature)
        assert not signatures.verify(algorithm, DEVICE.public, "sealed", b"", signature)
        assert not signatures.verify(algorithm, SERVER.public, "sealed", b"", signature)
        assert not signatures.is_public_key(algorithm, public)


def test_a_key_serves_its_own_algorithm_only() -> None:
    assert signatures.is_public_key("ES256", DEVICE.public)
    assert signatures.is_public_key("Ed25519", SERVER.public)
    assert not signatures.is_public_key("ES256", SERVER.public)
    assert not signatures.is_public_key("Ed25519", DEVICE.public)
    assert not signatures.verify_raw("ES256", SERVER.public, b"m", SERVER.sign(b"m"))
    assert not signatures.verify_raw("Ed25519", DEVICE.public, b"m", DEVICE.sign(b"m"))
    with pytest.raises(ValueError, match="not an Ed25519"):
        signatures.raw_public_key(DEVICE.public)


def test_another_curve_and_a_compressed_point_are_no_keys_of_the_protocol() -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    spki = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert not signatures.is_public_key("ES256", spki)
    with pytest.raises(ValueError, match="P-256"):
        signatures.signer(other, id="device")
    head, point = DEVICE.public[:-65], DEVICE.public[-65:]
    compressed = bytearray(head + bytes([2 + (point[-1] & 1)]) + point[1:33])
    compressed[1] -= 32
    compressed[len(head) - 2] -= 32
    assert not signatures.is_public_key("ES256", bytes(compressed))


@pytest.mark.parametrize(
    "raw",
    [
        "00" * 32,
        "01" + "00" * 31,
        "00" * 31 + "80",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 31,
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    ],
)
def test_an_ed25519_key_under_which_anything_verifies_is_no_key(raw: str) -> None:
    assert not signatures.is_public_key("Ed25519", SERVER.public[:-32] + bytes.fromhex(raw))


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
def test_der_and_raw_are_two_ways_to_write_a_signature(r: int, s: int) -> None:
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert signatures.der_to_raw(signatures.raw_to_der(raw)) == raw


def test_what_is_no_signature_of_the_curve_is_refused() -> None:
    for data in (b"", b"\x30\x00", b"\x30\x26\x02\x21\x01" + bytes(32) + b"\x02\x01\x01"):
        with pytest.raises(ValueError, match=r"."):
            signatures.der_to_raw(data)
    with pytest.raises(ValueError, match="64 bytes"):
        signatures.raw_to_der(bytes(63))
