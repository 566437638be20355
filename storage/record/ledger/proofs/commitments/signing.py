"""The four ways of signing a commitment (device key, passkey, token, ink), and how each is checked."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NoReturn

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import from_base64url, is_hash, to_base64url
from storage.record.ledger.proofs.commitments import sm2
from storage.record.ledger.proofs.commitments.documents import challenge_of, message_of

KEY, PASSKEY, TOKEN, INK = "KEY", "PASSKEY", "TOKEN", "INK"
ALGORITHMS = {KEY: ("ES256", "Ed25519"), PASSKEY: ("ES256", "Ed25519"), TOKEN: ("ES256", "SM2")}
"""With what each way signs; SM2 is with SM3. Ink has no key: the digest of the scan is all that is bound."""

_BY_KEY = {"way", "algorithm", "key", "signature"}
_MEMBERS = {KEY: _BY_KEY, PASSKEY: _BY_KEY | {"authenticator", "client"}, TOKEN: _BY_KEY, INK: {"way", "scan"}}
_LONGEST_CLIENT, _LONGEST_AUTHENTICATOR, _SHORTEST_AUTHENTICATOR = 2_048, 1_024, 37
_PRESENT, _VERIFIED = 1, 4
"""Bits of an authenticator's flags (Web Authentication, 6.1): the user was there, and was found to be himself."""

_ORIGIN = re.compile(r"https?://([a-z0-9]+(?:[.-][a-z0-9]+)*)(?::[0-9]{1,5})?")
"""An origin as browsers write it: lower case and no path; what could mean two things to two readers, is none."""


class SignatureWrong(ValueError):
    """It is no signature of a commitment, or not one over this; the message says which member is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature: by key (SPKI DER), 64 raw bytes; of a passkey with what authenticator and client said; or ink."""

    way: str
    algorithm: str = ""
    key: bytes = b""
    signature: bytes = b""
    authenticator: bytes = b""
    client: bytes = b""
    scan: str = ""

    def document(self) -> dict[str, Any]:
        """The signature as it stands in a bundle."""
        texts = {"way": self.way, "algorithm": self.algorithm, "scan": self.scan}
        binary = {name: to_base64url(getattr(self, name)) for name in ("key", "signature", "authenticator", "client")}
        return {name: item for name, item in {**texts, **binary}.items() if name in _MEMBERS[self.way]}

    def told(self) -> dict[str, Any]:
        """What the entry says of it: way, algorithm, key and signature, or way and scan."""
        return {name: item for name, item in self.document().items() if name not in ("authenticator", "client")}

    @classmethod
    def parse(cls, document: object) -> "Signature":
        """The signature in a bundle; SignatureWrong if it is none."""
        if type(document) is not dict or type(document.get("way")) is not str or document["way"] not in _MEMBERS:
            raise SignatureWrong(f"way is none of {', '.join(_MEMBERS)}")
        way = document["way"]
        if document.keys() != _MEMBERS[way]:
            raise SignatureWrong(f"a signature by {way} has {', '.join(sorted(_MEMBERS[way]))}")
        if way == INK:
            if not is_hash(document["scan"]):
                raise SignatureWrong("scan is no SHA-256 in lower-case hex")
            return cls(**document)
        if document["algorithm"] not in ALGORITHMS[way]:
            raise SignatureWrong(f"algorithm is none of {', '.join(ALGORITHMS[way])}")
        binary: dict[str, Any] = {name: _binary(document, name) for name in document.keys() - {"way", "algorithm"}}
        found = cls(way=way, algorithm=document["algorithm"], **binary)
        if not is_public_key(found.algorithm, found.key):
            raise SignatureWrong("key is no public key of the algorithm named")
        return found


def is_public_key(algorithm: str, key: bytes) -> bool:
    """Is it the SPKI DER of a public key for this algorithm, SM2 among them?"""
    return sm2.is_public_key(key) if algorithm == "SM2" else signatures.is_public_key(algorithm, key)


def must_be_signed(
    signature: Signature, kind: str, *, nonce: bytes, digest: bytes, origin: str = "", relying_party: str = ""
) -> None:
    """SignatureWrong unless it is a signature of this kind over this nonce and digest; a passkey's, by this party.

    Ink is bound by its scan alone, so there is nothing here that it could fail.
    """
    if signature.way == PASSKEY:
        _must_be_asserted(signature, challenge_of(nonce, digest), origin, relying_party)
    elif signature.way != INK:
        message = signatures.signing_input(kind, message_of(nonce, digest))
        if not _verifies(signature, message):
            raise SignatureWrong(f"signature is not that of the key over this {kind}")


def _verifies(signature: Signature, message: bytes) -> bool:
    if signature.algorithm == "SM2":
        return sm2.verify(signature.key, message, signature.signature)
    return signatures.verify_raw(signature.algorithm, signature.key, message, signature.signature)


def _must_be_asserted(signature: Signature, challenge: bytes, origin: str, relying_party: str) -> None:
    """What a relying party checks of an assertion (Web Authentication, 7.2), as far as it can be checked later."""
    client, authenticator = _client(signature.client), signature.authenticator
    if client.get("type") != "webauthn.get" or client.get("crossOrigin", False) is not False:
        raise SignatureWrong("client is no assertion, or one from within another page")
    if client.get("challenge") != to_base64url(challenge):
        raise SignatureWrong("the challenge is not that of this commitment")
    found = _ORIGIN.fullmatch(origin)
    host = found[1] if found else ""
    if client.get("origin") != origin or not (host == relying_party or host.endswith(f".{relying_party}")):
        raise SignatureWrong(f"the origin is not {origin}, or that is none of {relying_party}")
    if not _SHORTEST_AUTHENTICATOR <= len(authenticator) <= _LONGEST_AUTHENTICATOR:
        raise SignatureWrong("authenticator is no data of an authenticator")
    if authenticator[:32] != sha256(relying_party.encode()).digest():
        raise SignatureWrong(f"the authenticator answered another party than {relying_party}")
    if not authenticator[32] & _PRESENT or not authenticator[32] & _VERIFIED:
        raise SignatureWrong("the authenticator did not verify the user")
    if not _verifies(signature, authenticator + sha256(signature.client).digest()):
        raise SignatureWrong("signature is not that of the passkey over what it was shown")


def _client(data: bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise SignatureWrong("client says something twice")
        return dict(pairs)

    def refused(constant: str) -> NoReturn:
        raise SignatureWrong(f"client is no JSON: {constant}")

    if len(data) > _LONGEST_CLIENT:
        raise SignatureWrong("client is too long")
    try:
        found = json.loads(data.decode(), object_pairs_hook=once, parse_constant=refused)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise SignatureWrong("client is no JSON") from error
    if type(found) is not dict:
        raise SignatureWrong("client is no object")
    return found


def _binary(members: dict[str, Any], name: str) -> bytes:
    try:
        return from_base64url(members[name])
    except ValueError as error:
        raise SignatureWrong(f"{name} is {error}") from error
