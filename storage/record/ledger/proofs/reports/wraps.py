"""Wraps: a small secret encrypted for one public key, bound to what it is for; nothing else may live here."""

from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from storage.record.ledger.proofs.reports.malformed import ReportMalformed, must_be_id

KEY_SIZE = 32
OVERHEAD = 32 + 16
"""What a wrap is longer than its secret: the sender's one-time key before it, the tag behind."""
WRAP_SIZE = KEY_SIZE + OVERHEAD
SHARE_SIZE = KEY_SIZE + 1
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
"""RFC 9180, base mode: whoever wraps is not proven, so a wrap is believed only as far as who handed it in."""

_PROBE = X25519PrivateKey.from_private_bytes(bytes(range(32)))


def key_id(public: bytes) -> str:
    """The id of a public key: the first 16 bytes of its SHA-256 in hexadecimal."""
    return sha256(public).hexdigest()[:32]


def box_key(public: bytes) -> X25519PublicKey:
    """The X25519 key of 32 raw bytes; ReportMalformed for one that gives everybody the same secret."""
    if len(public) != KEY_SIZE:
        raise ReportMalformed("public key")
    key = X25519PublicKey.from_public_bytes(public)
    try:
        _PROBE.exchange(key)
    except ValueError as error:
        raise ReportMalformed("public key") from error
    return key


def for_message(message_id: str, key: str) -> bytes:
    """The purpose of a content key's wrap: this message, for the key of this id."""
    return f"pithead report wrap v1\n{must_be_id(message_id, reason='message id')}\n{_key(key)}".encode()


def for_half(message_id: str, half: str, key: str) -> bytes:
    """The purpose of the wrap of one half (`a` or `b`) of the key of an identity."""
    if half not in ("a", "b"):
        raise ReportMalformed("half")
    return f"pithead report half v1\n{must_be_id(message_id, reason='message id')}\n{half}\n{_key(key)}".encode()


def for_share(owner: str, key: str) -> bytes:
    """The purpose of the wrap of one share of the private key `owner`, for the key of this id."""
    return f"pithead report share v1\n{_key(owner)}\n{_key(key)}".encode()


def wrap(secret: bytes, public: bytes, purpose: bytes) -> bytes:
    """The secret for whoever holds the private half: the one-time key, the ciphertext, the tag."""
    return SUITE.encrypt(secret, box_key(public), purpose)


def unwrap(wrapped: bytes, private: X25519PrivateKey, purpose: bytes, *, size: int = KEY_SIZE) -> bytes:
    """The secret of a wrap; ReportMalformed unless it was made for this key and this purpose and has this size."""
    if len(wrapped) != size + OVERHEAD:
        raise ReportMalformed("wrap")
    try:
        return SUITE.decrypt(wrapped, private, purpose)
    except (InvalidTag, ValueError) as error:
        raise ReportMalformed("wrap") from error


def _key(id: str) -> str:
    if len(id) != 32 or not set(id) <= set("0123456789abcdef"):
        raise ReportMalformed("key id")
    return id
