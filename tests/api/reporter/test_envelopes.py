"""An envelope opens for each who was meant and for nobody else; an identity needs both halves."""

from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from api.reporter import envelopes
from api.reporter.cleaning import Cleaned, NotCleaned, clean_again
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.reports import files, messages, shares, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

pytestmark = pytest.mark.quick


def raw(private: X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def test_each_recipient_opens_message_and_files_and_a_stranger_does_not() -> None:
    officer, reporter, stranger = (X25519PrivateKey.generate() for _ in range(3))
    seen = Cleaned(kind="PHOTO", type="image/jpeg", data=b"pixels" * 20_000)
    envelope = envelopes.enclose("井", answers={"a": "b"}, attached=[seen], publics=[raw(officer), raw(reporter)])
    told = envelope.input()
    by_key = {one["keyId"]: one["bytes"] for one in told["wraps"]}
    for private in (officer, reporter):
        wrapped = by_key[wraps.key_id(raw(private))]
        said = envelopes.open_message(told["id"], told["ciphertext"], wrapped, private)
        assert (said.words, said.answers) == ("井", {"a": "b"})
        (file,) = said.files
        sent = envelope.files[file.id]
        assert files.decrypt_file(sent, file.key, file.id, size=file.size) == seen.data
        with pytest.raises(ReportMalformed):
            envelopes.open_message(told["id"], told["ciphertext"], wrapped, stranger)
    assert told["fileIds"] == [file.id]
    assert b"pixels" not in b"".join(envelope.files.values())


def test_an_identity_needs_both_halves() -> None:
    custodian, officer = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    who = messages.Identity(name="张三", number="1", contact="2")
    told = envelopes.lock_away(who, custodians=[raw(custodian)], officers=[raw(officer)])
    a = _half(told, "a", told["halvesA"], custodian)
    b = _half(told, "b", told["halvesB"], officer)
    encrypted, bound = from_base64url(told["ciphertext"]), messages.for_identity(told["id"])
    opened = messages.decrypt(encrypted, shares.join(a, b), bound)
    assert messages.decode_identity(opened) == who
    for alone in (a, b):
        with pytest.raises(ReportMalformed):
            messages.decrypt(encrypted, alone, bound)
    with pytest.raises(ReportMalformed):
        _half(told, "b", told["halvesA"], custodian)


def _half(told: dict[str, Any], side: str, halves: list[dict[str, str]], private: X25519PrivateKey) -> bytes:
    bound = wraps.for_half(told["id"], side, wraps.key_id(raw(private)))
    return wraps.unwrap(from_base64url(halves[0]["bytes"]), private, bound)


def test_a_server_that_gives_a_key_under_another_id_is_not_believed() -> None:
    public = raw(X25519PrivateKey.generate())
    told = {"id": wraps.key_id(public), "publicKey": to_base64url(public)}
    assert envelopes.public_keys([told]) == [public]
    for wrong in ({**told, "id": "0" * 32}, {**told, "publicKey": to_base64url(bytes(32))}, {**told, "publicKey": "="}):
        with pytest.raises(ReportMalformed):
            envelopes.public_keys([wrong])


def test_what_a_desk_cannot_clean_it_does_not_show() -> None:
    for kind in ("OTHER", "PHOTO", "VOICE"):
        with pytest.raises(NotCleaned):
            clean_again(f"no {kind} at all {uuid4()}".encode(), kind=kind)
