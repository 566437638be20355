"""HPKE (RFC 9180, base mode) with a sender's key that is given: vectors must come out the same every time.

It is written from the RFC and shares nothing with the package that the product uses, so each is a check of the other.
"""

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0002))


def seal(secret: bytes, public: bytes, purpose: bytes, sender: X25519PrivateKey) -> bytes:
    """The one-time public key, then the ciphertext with its tag."""
    one_time = sender.public_key().public_bytes_raw()
    shared = sender.exchange(X25519PublicKey.from_public_bytes(public))
    kem = _expand(KEM, _extract(KEM, b"", b"eae_prk", shared), b"shared_secret", one_time + public, 32)
    context = b"\0" + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", purpose)
    secret_of = _extract(SUITE, kem, b"secret", b"")
    key = _expand(SUITE, secret_of, b"key", context, 32)
    return one_time + AESGCM(key).encrypt(_expand(SUITE, secret_of, b"base_nonce", context, 12), secret, b"")


def _extract(suite: bytes, salt: bytes, label: bytes, data: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + data, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    out, block, number = b"", b"", 0
    while len(out) < length:
        number += 1
        block = hmac.new(key, block + labelled + bytes([number]), sha256).digest()
        out += block
    return out[:length]
