"""The certificate authority of one data folder: phones install it once, and it can vouch for this machine only."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from api.embedded.credentials import write_private

_TEN_YEARS: Final = timedelta(days=3653)
# Phones take no longer one, even from an authority that their owner installed; a fresh one is made at each start.
_A_QUARTER: Final = timedelta(days=90)
_OF_THE_HOUSE: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority's certificate, where it lies, and the one name that it may vouch for beside private addresses."""

    folder: Path
    certificate: x509.Certificate
    host: str
    _key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate as phones install it."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in groups that two people can compare."""
        digits = self.certificate.fingerprint(hashes.SHA256()).hex().upper()
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    @property
    def id(self) -> uuid.UUID:
        """One id for one authority, so that a profile that is installed twice replaces itself."""
        return uuid.UUID(bytes=self.certificate.fingerprint(hashes.SHA256())[:16], version=4)

    def issue(self, addresses: Sequence[str]) -> tuple[Path, Path]:
        """Files of a fresh certificate for the name, `localhost` and these IPv4 addresses, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(self.host), x509.DNSName("localhost")]
        names += [x509.IPAddress(IPv4Address(address)) for address in dict.fromkeys((*addresses, "127.0.0.1"))]
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        certificate = (
            _begun(self.host, key.public_key(), self.certificate.subject, _A_QUARTER)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(purposes, critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        certificate_file, key_file = self.folder / "server.crt", self.folder / "server.key"
        write_private(key_file, _written(key))
        chain = certificate.public_bytes(Encoding.PEM) + self.certificate.public_bytes(Encoding.PEM)
        write_private(certificate_file, chain)
        return certificate_file, key_file


def authority(folder: Path) -> Authority:
    """The authority in this folder; made there once, since each phone has to be told of it by hand."""
    certificate_file, key_file = folder / "authority.crt", folder / "authority.key"
    if not (certificate_file.exists() and key_file.exists()):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key, certificate = _make(f"pithead-{secrets.token_hex(2)}.local")
        write_private(key_file, _written(key))
        write_private(certificate_file, certificate.public_bytes(Encoding.PEM))
    read = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(read, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{key_file} is no key of an authority: remove the folder to make another")
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    limits = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    host = next(name.value for name in limits if isinstance(name, x509.DNSName) and name.value != "localhost")
    return Authority(folder, certificate, host, read)


def _make(host: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Whoever steals the key could otherwise pass for any site on a phone that trusts it: the names are fixed."""
    key = ec.generate_private_key(ec.SECP256R1())
    permitted: list[x509.GeneralName] = [x509.DNSName(host), x509.DNSName("localhost")]
    permitted += [x509.IPAddress(IPv4Network(network)) for network in _OF_THE_HOUSE]
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Pithead {host.removesuffix('.local')}")])
    certificate = (
        _begun(None, key.public_key(), name, _TEN_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _begun(
    host: str | None, key: ec.EllipticCurvePublicKey, issuer: x509.Name, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    subject = issuer if host is None else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + life)
    )


def _written(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
