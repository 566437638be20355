"""The device's own key: made on the phone, kept in a file that only its owner reads, signing one kind at a time."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from api.phone.disk import whole_file
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import canonical, to_base64url
from storage.record.ledger.proofs.signatures import Signer


class KeyUnreadable(Exception):
    """The key file holds no P-256 key; the text is its path. A device without its key is lost and enrolled anew."""


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The key of one device. A native client keeps it in the phone's keystore and converts DER to 64 raw bytes.

    Each signature covers a first line of its own kind, so that none passes for another (docs/protocol.md §2).
    """

    device: str
    signer: Signer

    @property
    def public(self) -> bytes:
        """The public half, SubjectPublicKeyInfo in DER."""
        return self.signer.public

    def sign_statement(self, statement: bytes) -> bytes:
        """What was taken: over the canonical bytes of the statement."""
        return self._sign("statement", statement)

    def sign_enrolment(self, *, owner: str) -> bytes:
        """That this key asks to be this device of this account."""
        return self._sign("enrol", canonical({"id": self.device, "owner": owner, "key": to_base64url(self.public)}))

    def sign_challenge(self, challenge: bytes, *, login: str) -> bytes:
        """That this device signs in, with a challenge that the server gave out just now."""
        message = {"challenge": to_base64url(challenge), "device": self.device, "login": login}
        return self._sign("challenge", canonical(message))

    def sign_refresh(self, token: str, *, nonce: bytes) -> bytes:
        """That this device renews its sign-in; the nonce is fresh for each request."""
        return self._sign("refresh", canonical({"nonce": to_base64url(nonce), "token": token}))

    def sign_closing(self, closing: bytes) -> bytes:
        """What belongs to a recording and why the rest is missing, as the officer who closes it."""
        return self._sign("closing", closing)

    def cosign_closing(self, closing: bytes) -> bytes:
        """The same bytes, as the second officer."""
        return self._sign("cosign", closing)

    def _sign(self, kind: str, message: bytes) -> bytes:
        return self.signer.sign(signatures.signing_input(kind, message))


def device_key(path: Path, *, device: str) -> DeviceKey:
    """The key in this file; made there, with mode 0600, if there is none. KeyUnreadable if it is no P-256 key."""
    if not path.exists():
        _make(path)
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable(str(path)) from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise KeyUnreadable(str(path))
    return DeviceKey(device, signatures.signer(private, id=device))


def _make(path: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    with whole_file(path) as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
