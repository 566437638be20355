"""The vectors of reports, read alone as a twin in another language reads them, give what they say."""

import json
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.reports import derivation, files, messages, receipts, shares, signing, words, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed
from tests.vectors import make, reported

pytestmark = pytest.mark.quick

VECTORS: Any = json.loads((make.FOLDER / "reports.json").read_text())


def test_the_words_are_those_of_every_receipt_ever_shown() -> None:
    assert sha256("".join(words.WORDS).encode()).hexdigest() == VECTORS["words"]["sha256"]


def test_receipts_are_read_and_refused_as_they_say() -> None:
    for item in VECTORS["receipts"]["read"]:
        receipt = receipts.parse_receipt(item["typed"])
        assert (receipt.form, receipt.locator, receipt.secret) == (item["form"], item["locator"], item["secret"])
        assert (receipt.text(), receipt.groups()) == (item["text"], item["groups"])
    for item in VECTORS["receipts"]["refused"]:
        with pytest.raises(ReportMalformed) as refusal:
            receipts.parse_receipt(item["typed"])
        assert (refusal.value.reason, refusal.value.at) == (item["reason"], item["at"])


def test_keys_follow_from_receipt_and_salt() -> None:
    for item in VECTORS["keys"]:
        keys = derivation.derive(receipts.parse_receipt(item["receipt"]), from_base64url(item["salt"]))
        assert {name: from_base64url(item[f"{name}_public"]) for name in ("box", "login", "claim")} == keys.public()


def test_messages_wraps_files_and_shares_open() -> None:
    told = VECTORS["messages"]
    for item in told["encrypted"]:
        opened = messages.decrypt(
            from_base64url(item["encrypted"]), from_base64url(told["key"]), from_base64url(item["bound"])
        )
        assert opened.decode() == item["data"]
    for item in VECTORS["wraps"]:
        private, secret = X25519PrivateKey.from_private_bytes(from_base64url(item["private"])), item["secret"]
        purpose, size = from_base64url(item["purpose"]), len(from_base64url(secret))
        # The wrap was written from the RFC by tests/vectors/hpke.py, and is opened by the package.
        assert wraps.unwrap(from_base64url(item["wrapped"]), private, purpose, size=size) == from_base64url(secret)
    parts = VECTORS["shares"]
    one, _, other = (from_base64url(part) for part in parts["shares"])
    assert shares.combine(one, other) == from_base64url(parts["secret"])
    assert shares.join(from_base64url(parts["a"]), from_base64url(parts["b"])) == from_base64url(parts["secret"])


def test_the_file_is_encrypted_to_the_same_bytes() -> None:
    told = VECTORS["files"]
    plain, prefix = reported.draw("vector file")(told["size"]), from_base64url(told["prefix"])
    encrypted = files.encrypt_file(plain, from_base64url(told["key"]), told["id"], draw=lambda size: prefix)
    assert (len(encrypted), sha256(encrypted).hexdigest()) == (told["encrypted_size"], told["sha256"])


def test_signatures_and_work_hold() -> None:
    for item in VECTORS["signed"]:
        public, signature = from_base64url(item["public"]), from_base64url(item["signature"])
        assert signing.is_signed(public, item["message"].encode(), signature)
    for item in VECTORS["work"]:
        assert signing.work_is_done(item["reservation"], item["nonce"], item["bits"])
