"""What a browser says of a passkey, when it is made and when it signs, heard and checked (Web Authentication); pure."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from storage.promises.keys.rules import CommitmentSignatureWrong, CounterWentBack, OriginWrong, UserNotVerified
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.commitments.signing import PASSKEY, Signature
from storage.record.problems import BadInput

CHALLENGE_SIZE = 32
LONGEST_CLIENT, LONGEST_ATTESTATION, LONGEST_ID = 2_048, 65_536, 1_023
_HASH, _FLAGS, _COUNTER = slice(0, 32), 32, slice(33, 37)
_VERIFIED = 4
_CURVE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """For whom passkeys are made, and the pages on which they may be asked: both are settings."""

    id: str
    origins: tuple[str, ...]
    name: str = "井口 Pithead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A new passkey: its id, its key and how often it says that it was used."""

    credential_id: bytes
    algorithm: str
    public_key: bytes
    counter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What a browser gives for a new passkey."""

    credential_id: bytes
    client: bytes
    attestation: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a browser gives when a passkey signs; `signature` as the authenticator made it."""

    client: bytes
    authenticator: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An assertion that holds: the signature as a bundle has it, the page, and the authenticator's count."""

    signature: Signature
    origin: str
    counter: int


def registered(given: Attestation, *, challenge: bytes, party: RelyingParty) -> Registered:
    """The passkey that a browser made; OriginWrong, UserNotVerified, CommitmentSignatureWrong, BadInput."""
    from webauthn import verify_registration_response  # A third of a second of imports, for whoever registers first.
    from webauthn.helpers.cose import COSEAlgorithmIdentifier
    from webauthn.helpers.exceptions import WebAuthnException
    from webauthn.helpers.structs import AuthenticatorAttestationResponse, RegistrationCredential

    _must_be_short(client=(given.client, LONGEST_CLIENT), attestation=(given.attestation, LONGEST_ATTESTATION),
                   credentialId=(given.credential_id, LONGEST_ID))  # fmt: skip
    _origin_of(given.client, party)
    said = RegistrationCredential(
        id=to_base64url(given.credential_id), raw_id=given.credential_id,
        response=AuthenticatorAttestationResponse(client_data_json=given.client, attestation_object=given.attestation),
    )  # fmt: skip
    algorithms = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA]
    try:
        found = verify_registration_response(
            credential=said, expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=list(party.origins), supported_pub_key_algs=algorithms,
        )  # fmt: skip
    except (WebAuthnException, ValueError, UnsupportedAlgorithm) as error:
        raise CommitmentSignatureWrong(reason=str(error)) from error
    if not found.user_verified:
        raise UserNotVerified()
    if found.credential_id != given.credential_id:
        raise CommitmentSignatureWrong(reason="the authenticator made another id")
    algorithm, key = _spki_of(found.credential_public_key)
    return Registered(credential_id=found.credential_id, algorithm=algorithm, public_key=key, counter=found.sign_count)


def heard(
    given: Assertion, *, credential_id: bytes, algorithm: str, public_key: bytes, counter: int, challenge: bytes,
    party: RelyingParty,
) -> Heard:  # fmt: skip
    """An assertion by this passkey over this challenge, on a page of this party, by a user who was verified.

    `counter` is the highest count so far. OriginWrong, UserNotVerified, CounterWentBack, CommitmentSignatureWrong.
    """
    _must_be_short(client=(given.client, LONGEST_CLIENT), authenticator=(given.authenticator, LONGEST_CLIENT))
    origin, count = _origin_of(given.client, party), _count_of(given.authenticator, party)
    raw = _asserted(given, credential_id, (algorithm, public_key), challenge, party)
    # The count is looked at last: a count means nothing in what the passkey did not sign.
    if (count or counter) and count <= counter:
        raise CounterWentBack(**{"was": counter, "is": count})
    signature = Signature(
        way=PASSKEY, algorithm=algorithm, key=public_key, signature=raw, authenticator=given.authenticator,
        client=given.client,
    )  # fmt: skip
    return Heard(signature=signature, origin=origin, counter=count)


def _asserted(
    given: Assertion, credential_id: bytes, key: tuple[str, bytes], challenge: bytes, party: RelyingParty
) -> bytes:
    """The raw signature of an assertion that the library finds sound, but for its count."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException
    from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse

    said = AuthenticationCredential(
        id=to_base64url(credential_id), raw_id=credential_id,
        response=AuthenticatorAssertionResponse(
            client_data_json=given.client, authenticator_data=given.authenticator, signature=given.signature
        ),
    )  # fmt: skip
    try:
        verify_authentication_response(
            credential=said, expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=list(party.origins), credential_public_key=_cose_of(*key),
            credential_current_sign_count=0, require_user_verification=True,
        )  # fmt: skip
        return signatures.der_to_raw(given.signature) if key[0] == "ES256" else given.signature
    except (WebAuthnException, ValueError, UnsupportedAlgorithm) as error:
        raise CommitmentSignatureWrong(reason=str(error)) from error


def _origin_of(client: bytes, party: RelyingParty) -> str:
    try:
        said = json.loads(client)
        origin = said["origin"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CommitmentSignatureWrong(reason="clientDataJSON") from error
    if type(origin) is not str or origin not in party.origins or said.get("crossOrigin", False) is not False:
        raise OriginWrong(origin=str(origin)[:200])
    return origin


def _count_of(authenticator: bytes, party: RelyingParty) -> int:
    if len(authenticator) < _COUNTER.stop:
        raise CommitmentSignatureWrong(reason="authenticatorData")
    if authenticator[_HASH] != sha256(party.id.encode()).digest():
        raise OriginWrong(origin=party.id)
    if not authenticator[_FLAGS] & _VERIFIED:
        raise UserNotVerified()
    return int.from_bytes(authenticator[_COUNTER])


def _spki_of(cose: bytes) -> tuple[str, bytes]:
    from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography

    try:
        key = decoded_public_key_to_cryptography(decode_credential_public_key(cose))
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CommitmentSignatureWrong(reason=str(error)) from error
    algorithm = "Ed25519" if isinstance(key, Ed25519PublicKey) else "ES256"
    if not signatures.is_public_key(algorithm, spki):
        raise CommitmentSignatureWrong(reason="ES256, Ed25519")
    return algorithm, spki


def _cose_of(algorithm: str, spki: bytes) -> bytes:
    """The key in the form that the library takes (RFC 9053); whoever calls has a key of one of both kinds."""
    from webauthn.helpers import encode_cbor

    key: Any = load_der_public_key(spki)
    if algorithm == "Ed25519":
        return encode_cbor({1: 1, 3: -8, -1: 6, -2: key.public_bytes_raw()})
    point: ec.EllipticCurvePublicNumbers = key.public_numbers()
    x, y = (one.to_bytes(_CURVE_BYTES) for one in (point.x, point.y))
    return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def _must_be_short(**given: tuple[bytes, int]) -> None:
    for field, (value, longest) in given.items():
        if not 1 <= len(value) <= longest:
            raise BadInput(field=field, reason=f"1-{longest}")
