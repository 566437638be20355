"""The device's key: made once, kept privately, signing each kind with its own first line."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.phone.keys import KeyUnreadable, device_key
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import canonical, to_base64url

pytestmark = pytest.mark.quick
ID = "263a4dbe-4148-4fb8-8214-b0032339dbb9"


def test_a_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    first = device_key(tmp_path / "key", device=ID)
    assert device_key(tmp_path / "key", device=ID).public == first.public
    assert signatures.is_public_key("ES256", first.public)


def test_each_signature_holds_for_its_own_kind_and_no_other(tmp_path: Path) -> None:
    key = device_key(tmp_path / "key", device=ID)
    enrolment = canonical({"id": ID, "owner": "o", "key": to_base64url(key.public)})
    signed = {
        "statement": (b"bytes", key.sign_statement(b"bytes")),
        "enrol": (enrolment, key.sign_enrolment(owner="o")),
        "challenge": (
            canonical({"challenge": to_base64url(b"c"), "device": ID, "login": "li"}),
            key.sign_challenge(b"c", login="li"),
        ),
        "refresh": (canonical({"nonce": to_base64url(b"n"), "token": "t"}), key.sign_refresh("t", nonce=b"n")),
    }
    for kind, (message, signature) in signed.items():
        holding = {other for other in signed if signatures.verify("ES256", key.public, other, message, signature)}
        assert holding == {kind}


def test_a_file_that_holds_no_device_key_is_named(tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"nothing", other):
        (tmp_path / "key").write_bytes(content)
        with pytest.raises(KeyUnreadable):
            device_key(tmp_path / "key", device=ID)
