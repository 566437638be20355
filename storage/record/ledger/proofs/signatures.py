"""Signatures and their domains: every kind of signature covers a first line of its own, so none passes for another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

Algorithm = Literal["ES256", "Ed25519"]
ALGORITHMS: tuple[Algorithm, ...] = ("ES256", "Ed25519")

DOMAINS = MappingProxyType(
    {
        kind: f"pithead/{kind}/1"
        for kind in (
            "beacon",
            "challenge",
            "claim",
            "closing",
            "commitment",
            "cosign",
            "declared",
            "enrol",
            "key",
            "paper",
            "refresh",
            "seal",
            "sealed",
            "statement",
            "takeover",
        )
    }
)
"""The first line of each kind of signature. Checkpoints have none: their first line is the origin of the log."""

_ECDSA = ec.ECDSA(hashes.SHA256())
_RAW_SIZE = 64
_LONGEST = 91  # The SPKI DER of a P-256 key; that of an Ed25519 key has 44 bytes.
_FIELD = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset((0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A key that can sign: its id, its public half (SPKI DER), and `sign(message)`, which gives 64 raw bytes."""

    id: str
    algorithm: Algorithm
    public: bytes
    sign: Callable[[bytes], bytes] = field(repr=False)


def signer(private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, *, id: str) -> Signer:
    """The signer over an Ed25519 or P-256 private key; ValueError for another curve."""
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(private, Ed25519PrivateKey):
        return Signer(id=id, algorithm="Ed25519", public=public, sign=private.sign)
    if not isinstance(private.curve, ec.SECP256R1):
        raise ValueError("ES256 is over P-256")
    return Signer(id=id, algorithm="ES256", public=public, sign=lambda data: der_to_raw(private.sign(data, _ECDSA)))


def signing_input(kind: str, message: bytes) -> bytes:
    """What is signed: the first line of this kind of signature, then the message."""
    return DOMAINS[kind].encode() + b"\n" + message


def verify(algorithm: str, public_key: bytes, kind: str, message: bytes, signature: bytes) -> bool:
    """Did this key (SPKI DER) sign `message` as this kind? False, never an exception, for malformed keys."""
    return verify_raw(algorithm, public_key, signing_input(kind, message), signature)


def verify_raw(algorithm: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """The same over the whole signed bytes; only checkpoints, which have no domain line, need it."""
    if len(signature) != _RAW_SIZE:
        return False
    key = _load(public_key)
    try:
        if algorithm == "Ed25519" and isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
            return True
        if algorithm == "ES256" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(raw_to_der(signature), message, _ECDSA)
            return True
    except InvalidSignature:
        return False
    return False


def is_public_key(algorithm: str, public_key: bytes) -> bool:
    """Is it the SPKI DER of a public key for this algorithm, written the one usual way, and not a weak one?"""
    key = _load(public_key)
    fits = isinstance(key, Ed25519PublicKey if algorithm == "Ed25519" else ec.EllipticCurvePublicKey)
    if key is None or algorithm not in ALGORITHMS or not fits:
        return False
    if isinstance(key, Ed25519PublicKey) and _is_weak(key.public_bytes_raw()):
        return False
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == public_key


def raw_public_key(public_key: bytes) -> bytes:
    """The 32 bytes of an Ed25519 key given as SPKI DER; ValueError for any other key."""
    key = _load(public_key)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 public key")
    return key.public_bytes_raw()


def der_to_raw(signature: bytes) -> bytes:
    """An ECDSA signature over P-256 from DER to r ‖ s, 32 bytes each; ValueError if it is none."""
    r, s = decode_dss_signature(signature)
    if not (0 <= r < 1 << 256 and 0 <= s < 1 << 256):
        raise ValueError("not a signature over P-256")
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def raw_to_der(signature: bytes) -> bytes:
    """The way back; ValueError unless it has 64 bytes."""
    if len(signature) != _RAW_SIZE:
        raise ValueError("a raw signature over P-256 has 64 bytes")
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def _is_weak(raw: bytes) -> bool:
    """Ed25519 points of small order, and y beyond the field: some signatures under them verify for any message."""
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    return y >= _FIELD or y in _SMALL_ORDER


def _load(public_key: bytes) -> Ed25519PublicKey | ec.EllipticCurvePublicKey | None:
    """The key, if it is one of ours; longer bytes are none and do not enter the cache."""
    return _load_again(public_key) if len(public_key) <= _LONGEST else None


@lru_cache(maxsize=8192)
def _load_again(public_key: bytes) -> Ed25519PublicKey | ec.EllipticCurvePublicKey | None:
    """The same devices come again and again, and loading adds a tenth to a verification."""
    try:
        key = load_der_public_key(public_key)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if isinstance(key, Ed25519PublicKey):
        return key
    return key if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None
