"""The authority of a data folder: made once, able to vouch for this machine only, and trusted by TLS as it stands."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from api.nearby.authority import Authority, authority

pytestmark = pytest.mark.quick


def issued(made: Authority, *addresses: str) -> x509.Certificate:
    certificate_file, _ = made.issue(addresses)
    return x509.load_pem_x509_certificates(certificate_file.read_bytes())[0]


def test_it_is_made_once_and_its_key_is_its_owner_s_alone(tmp_path: Path) -> None:
    first, second = authority(tmp_path / "nearby"), authority(tmp_path / "nearby")
    assert first.der == second.der
    assert first.host == second.host
    assert first.host.startswith("pithead-")
    assert first.host.endswith(".local")
    assert stat.S_IMODE((tmp_path / "nearby" / "authority.key").stat().st_mode) == 0o600
    assert authority(tmp_path / "other").der != first.der


def test_what_it_issues_names_this_machine_and_lasts_no_longer_than_phones_take(tmp_path: Path) -> None:
    made = authority(tmp_path)
    found = issued(made, "192.168.1.5")
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [made.host, "localhost"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.5", "127.0.0.1"]
    assert found.not_valid_after_utc - datetime.now(UTC) < timedelta(days=398)
    purposes = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_tls_takes_its_chain(tmp_path: Path) -> None:
    made = authority(tmp_path)
    certificate, key = made.issue(["10.1.2.3"])
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    verifier = PolicyBuilder().store(Store([made.certificate])).build_server_verifier(x509.DNSName(made.host))
    assert len(verifier.verify(issued(made, "10.1.2.3"), [])) == 2


def test_it_cannot_pass_for_any_other_site(tmp_path: Path) -> None:
    made = authority(tmp_path)
    stolen = Authority(tmp_path, made.certificate, "bank.example", made._key)
    forged = issued(stolen, "10.1.2.3")
    verifier = PolicyBuilder().store(Store([made.certificate])).build_server_verifier(x509.DNSName("bank.example"))
    with pytest.raises(VerificationError):
        verifier.verify(forged, [])
