"""From a receipt to its keys: Argon2id with the parameters that the receipt names, twice and compared, then HKDF."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.record.ledger.proofs.reports import receipts
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

SALT_SIZE = 16
COSTS = {"3": (65_536, 3), "2": (32_768, 6), "1": (16_384, 12)}
"""Memory in KiB and passes for each digit: a weak phone pays with time what it lacks in memory."""

Root = Callable[[bytes, bytes, str], bytes]


class DerivationDiffers(RuntimeError):
    """Two derivations of one receipt gave two keys: this machine's memory cannot be trusted with a receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterKeys:
    """What a receipt opens (`box`) and signs with (`login`, `claim`); the server keeps the three public halves."""

    box: X25519PrivateKey = field(repr=False)
    login: Ed25519PrivateKey = field(repr=False)
    claim: Ed25519PrivateKey = field(repr=False)

    def public(self) -> dict[str, bytes]:
        """The raw public halves, 32 bytes each."""
        return {name: getattr(self, name).public_key().public_bytes_raw() for name in ("box", "login", "claim")}


def salt_of(server_key: bytes, form: receipts.Form, locator: str) -> bytes:
    """The salt of a locator, used or not: only the server can make it, so nobody can work ahead on stolen rows."""
    message = f"pithead report salt v1\n{form}{receipts.must_be_locator(form, locator)}"
    return hmac.digest(server_key, message.encode(), "sha256")[:SALT_SIZE]


def root_of(secret: bytes, salt: bytes, parameters: str) -> bytes:
    """Argon2id 1.3 with one lane, 32 bytes, at the cost that the digit names."""
    if parameters not in COSTS:
        raise ReportMalformed("parameters")
    if len(salt) != SALT_SIZE:
        raise ReportMalformed("salt")
    memory, passes = COSTS[parameters]
    return hash_secret_raw(secret, salt, passes, memory, 1, 32, Type.ID, ARGON2_VERSION)


def derive(receipt: receipts.Receipt, salt: bytes, *, root: Root = root_of) -> ReporterKeys:
    """The keys of a receipt; DerivationDiffers unless a second derivation gives the same."""
    secret = receipt.secret.encode()
    first, second = root(secret, salt, receipt.parameters), root(secret, salt, receipt.parameters)
    if not hmac.compare_digest(first, second):
        raise DerivationDiffers("the two derivations differ")
    return keys_of(first)


def keys_of(root: bytes) -> ReporterKeys:
    """Box, login and claim, each from its own line of HKDF, so that none says anything of another."""
    return ReporterKeys(
        box=X25519PrivateKey.from_private_bytes(expand(root, "box")),
        login=Ed25519PrivateKey.from_private_bytes(expand(root, "login")),
        claim=Ed25519PrivateKey.from_private_bytes(expand(root, "claim")),
    )


def expand(root: bytes, name: str) -> bytes:
    """HKDF-SHA256 with an empty salt and the line of this name."""
    return HKDF(SHA256(), 32, salt=None, info=f"pithead report {name} v1".encode()).derive(root)
