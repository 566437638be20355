"""A recipient's private key as the server keeps it: under his pass-phrase, and in shares for three custodians."""

import hmac
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.record.ledger.proofs.reports import derivation, receipts, shares, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

SHORTEST = 10
"""The fewest characters of a pass-phrase."""
SIZE = 1 + derivation.SALT_SIZE + 12 + 32 + 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One share of a private key, wrapped for the custodian whose key has this id."""

    custodian: str
    wrapped: bytes


def keep(private: X25519PrivateKey, phrase: str, *, draw: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """The digit of the parameters, the salt, the nonce, and the private key under the pass-phrase: 77 bytes."""
    salt, nonce = draw(derivation.SALT_SIZE), draw(12)
    sealed = AESGCM(_key_of(phrase, salt, receipts.STRONGEST))
    return (
        receipts.STRONGEST.encode() + salt + nonce + sealed.encrypt(nonce, private.private_bytes_raw(), _bound(private))
    )


def open_kept(kept: bytes, phrase: str, public: bytes) -> X25519PrivateKey:
    """The private key again; ReportMalformed for another pass-phrase, or if it is not the half of this public key."""
    digit = kept[:1].decode("ascii", "replace")
    if len(kept) != SIZE or digit not in receipts.PARAMETERS:
        raise ReportMalformed("kept key")
    salt, nonce, encrypted = kept[1:17], kept[17:29], kept[29:]
    bound = f"pithead report key v1\n{wraps.key_id(public)}".encode()
    try:
        raw = AESGCM(_key_of(phrase, salt, digit)).decrypt(nonce, encrypted, bound)
    except InvalidTag as error:
        raise ReportMalformed("pass-phrase") from error
    return _matching(raw, public)


def share_out(private: X25519PrivateKey, custodians: Sequence[bytes]) -> list[Share]:
    """A share for each of three custodians, wrapped for their public keys; two of them can bring the key back."""
    ids = [wraps.key_id(public) for public in custodians]
    if len(set(ids)) != shares.SHARES or len(ids) != shares.SHARES:
        raise ReportMalformed("custodians", at=len(set(ids)))
    owner = wraps.key_id(private.public_key().public_bytes_raw())
    parts = shares.split(private.private_bytes_raw())
    return [
        Share(custodian=id, wrapped=wraps.wrap(part, public, wraps.for_share(owner, id)))
        for id, public, part in zip(ids, custodians, parts, strict=True)
    ]


def rewrap_share(wrapped: bytes, custodian: X25519PrivateKey, *, owner: str, new_public: bytes) -> bytes:
    """What a custodian does for a recipient who lost his key: the share, for the key that he made anew."""
    mine = wraps.key_id(custodian.public_key().public_bytes_raw())
    part = wraps.unwrap(wrapped, custodian, wraps.for_share(owner, mine), size=wraps.SHARE_SIZE)
    return wraps.wrap(part, new_public, wraps.for_share(owner, wraps.key_id(new_public)))


def recover(rewrapped: Sequence[bytes], new: X25519PrivateKey, lost_public: bytes) -> X25519PrivateKey:
    """The lost private key of two shares that came back; ReportMalformed if they do not give the half of its public."""
    owner, mine = wraps.key_id(lost_public), wraps.key_id(new.public_key().public_bytes_raw())
    parts = [wraps.unwrap(item, new, wraps.for_share(owner, mine), size=wraps.SHARE_SIZE) for item in rewrapped]
    if len(parts) != 2:
        raise ReportMalformed("share", at=len(parts))
    return _matching(shares.combine(*parts), lost_public)


def _key_of(phrase: str, salt: bytes, digit: str) -> bytes:
    plain = unicodedata.normalize("NFC", phrase).strip()
    if len(plain) < SHORTEST:
        raise ReportMalformed("pass-phrase", at=len(plain))
    return derivation.expand(derivation.root_of(plain.encode(), salt, digit), "kept key")


def _bound(private: X25519PrivateKey) -> bytes:
    return f"pithead report key v1\n{wraps.key_id(private.public_key().public_bytes_raw())}".encode()


def _matching(raw: bytes, public: bytes) -> X25519PrivateKey:
    private = X25519PrivateKey.from_private_bytes(raw)
    if not hmac.compare_digest(private.public_key().public_bytes_raw(), public):
        raise ReportMalformed("kept key")
    return private
