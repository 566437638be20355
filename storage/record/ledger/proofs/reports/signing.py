"""What may live here: what a reporter signs, to log in and to claim, and the work that is asked under attack."""

import re
from hashlib import sha256
from itertools import count

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import is_hash, is_integer, is_uuid, to_base64url
from storage.record.ledger.proofs.reports import receipts
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

BITS_AT_MOST = 24
"""The most work that a client lets itself be asked for: seconds on a phone, and no more."""

PAYOUTS = ("CASH", "ACCOUNT")
"""At a counter that the payee names in words, or to an account that is encrypted for the payer."""

_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the raw bytes of an Ed25519 key in its SPKI DER."""
_TOKEN = re.compile(r"[A-Za-z0-9_.~-]{1,512}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,32}")


def login_message(form: receipts.Form, locator: str, challenge: str) -> bytes:
    """What the login key signs; the challenge is the text that the server gave."""
    told = receipts.must_be_locator(form, locator)
    return f"pithead report login v1\n{form}{told}\n{_token(challenge, 'challenge')}".encode()


def claim_message(reward_id: str, amount: int, payout: str, payee: bytes) -> bytes:
    """What the claim key signs: which reward, its amount in fen, how it is paid, and the SHA-256 of to whom."""
    return claim_message_of(reward_id, amount, payout, sha256(payee).hexdigest())


def claim_message_of(reward_id: str, amount: int, payout: str, payee_digest: str) -> bytes:
    """The same from the digest alone, for whoever checks it and does not see the payee."""
    fits = is_uuid(reward_id) and is_integer(amount, at_least=1) and payout in PAYOUTS and is_hash(payee_digest)
    if not fits:
        raise ReportMalformed("claim")
    return f"pithead report claim v1\n{reward_id}\n{amount}\n{payout}\n{payee_digest}".encode()


def is_signing_key(public: bytes) -> bool:
    """Are these 32 bytes an Ed25519 public key, and not one under which anything verifies?"""
    return len(public) == 32 and signatures.is_public_key("Ed25519", _SPKI + public)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Did the holder of this key (32 raw bytes) sign this? False, never an exception, for malformed ones."""
    return is_signing_key(public) and signatures.verify_raw("Ed25519", _SPKI + public, message, signature)


def work_is_done(reservation: str, nonce: str, bits: int) -> bool:
    """Does the SHA-256 of reservation and nonce begin with so many zero bits? Nothing is asked at 0 bits."""
    if bits <= 0:
        return True
    if not _TOKEN.fullmatch(reservation) or not _NONCE.fullmatch(nonce):
        return False
    digest = sha256(f"pithead report work v1\n{reservation}\n{nonce}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def work(reservation: str, bits: int) -> str:
    """The first nonce that does it; ReportMalformed if the server asks for more than a client gives."""
    if bits > BITS_AT_MOST:
        raise ReportMalformed("work", at=bits)
    _token(reservation, "reservation")
    nonces = (to_base64url(number.to_bytes(8, "big")) for number in count())
    return next(nonce for nonce in nonces if work_is_done(reservation, nonce, bits))


def _token(text: str, reason: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise ReportMalformed(reason)
    return text
