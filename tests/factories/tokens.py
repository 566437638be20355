"""Makes CA tokens: certificates (X.509) of keys for ES256 and SM2, and what they sign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from asn1crypto import algos, keys, x509

from storage.record.ledger.proofs.signatures import signing_input
from storage.register.devices.rules import signed_to_enrol
from tests.factories.people import new_key
from tests.vectors import sm2

_SM2_SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Token:
    """A token with its certificate."""

    algorithm: str
    public: bytes
    certificate: bytes
    sign: Callable[[bytes], bytes]

    def enrols(self, id: UUID, owner: UUID) -> bytes:
        """What proves that it has the key which its certificate names."""
        return self.sign(signing_input("enrol", signed_to_enrol(id=id, owner=owner, public_key=self.public)))


def token_of(algorithm: str, *, since: datetime = SINCE, until: datetime = UNTIL) -> Token:
    """A fresh token for ES256, or the one that is always the same for SM2."""
    if algorithm == "SM2":
        public = sm2.public_key(_SM2_SECRET)
        return Token(algorithm, public, certificate_of(public, since, until), _by_sm2)
    key = new_key(algorithm)
    return Token(algorithm, key.public, certificate_of(key.public, since, until), key.sign)


def certificate_of(public: bytes, since: datetime, until: datetime) -> bytes:
    """A certificate that carries a key; who issued it is not looked at here, so its signature is empty."""
    name = x509.Name.build({"common_name": "某某CA（示例）"})
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    said = x509.TbsCertificate(
        {
            "version": "v3", "serial_number": 1, "signature": algorithm, "issuer": name, "subject": name,
            "validity": {"not_before": x509.Time({"utc_time": since}), "not_after": x509.Time({"utc_time": until})},
            "subject_public_key_info": keys.PublicKeyInfo.load(public),
        }
    )  # fmt: skip
    made: bytes = x509.Certificate(
        {"tbs_certificate": said, "signature_algorithm": algorithm, "signature_value": b""}
    ).dump()
    return made


def _by_sm2(message: bytes) -> bytes:
    return sm2.sign(_SM2_SECRET, message, 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21)
