"""A soft authenticator (Web Authentication): real COSE keys and client data, as browsers and passkeys make them."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.promises.keys.passkeys import Assertion, Attestation, RelyingParty
from storage.record.ledger.proofs.canonical import to_base64url

ORIGIN = "https://pithead.example"
PARTY = RelyingParty(id="pithead.example", origins=(ORIGIN, "https://desk.pithead.example"))
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Authenticator:
    """One passkey. It counts its uses unless `counts` is False, as those do that are kept in several devices."""

    algorithm: str = "ES256"
    party: str = PARTY.id
    counts: bool = True
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: Any = None

    def __post_init__(self) -> None:
        made = ec.generate_private_key(ec.SECP256R1()) if self.algorithm == "ES256" else Ed25519PrivateKey.generate()
        self.key = self.key or made

    def create(self, challenge: bytes, *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED) -> Attestation:
        """What `navigator.credentials.create` gives, without an attestation of the maker's."""
        named = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + self._cose()
        said = {"fmt": "none", "attStmt": {}, "authData": self._data(flags | ATTESTED) + named}
        return Attestation(
            credential_id=self.credential_id, client=client_data("webauthn.create", challenge, origin),
            attestation=cbor2.dumps(said),
        )  # fmt: skip

    def get(self, challenge: bytes, *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED, **more: Any) -> Assertion:
        """What `navigator.credentials.get` gives."""
        if self.counts:
            self.counter += 1
        client, data = client_data("webauthn.get", challenge, origin, **more), self._data(flags)
        message = data + sha256(client).digest()
        if self.algorithm == "ES256":
            signature = self.key.sign(message, ec.ECDSA(hashes.SHA256()))
        else:
            signature = self.key.sign(message)
        return Assertion(client=client, authenticator=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return sha256(self.party.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4)

    def _cose(self) -> bytes:
        public = self.key.public_key()
        if self.algorithm != "ES256":
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        point = public.public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})


def client_data(kind: str, challenge: bytes, origin: str, **more: Any) -> bytes:
    """What a browser says of the page that asked."""
    said = {"type": kind, "challenge": to_base64url(challenge), "origin": origin, "crossOrigin": False, **more}
    return json.dumps(said, separators=(",", ":")).encode()
