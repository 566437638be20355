"""Forms and receipts of requests: who opened a form may send it once, and its receipt follows from it; pure."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass, field

from storage.trust.requests.rules import RequestFormOver

FORM_SECONDS = 4 * 3_600
NOT_BEFORE = 2
"""Seconds that somebody needs at the least who reads the form before he sends it."""
_NONCE, _TIME, _MAC = 16, 8, 16
_LOCATOR, _SECRET = 8, 24
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""Digits and letters that nobody takes for another: no I, L, O or U."""
_MEANT = str.maketrans("ILOU", "110V")
_GAPS = re.compile(r"[\s·・\-—–_.,，。:：]+")
_READ = re.compile(r"[0-9A-HJKMNP-TV-Z]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The asker's way back in; the secret is shown once and kept by nobody but him."""

    locator: str
    secret: str = field(repr=False)

    def text(self) -> str:
        """In groups of four, as it is shown and typed back."""
        whole = self.locator + self.secret
        return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))

    def digest(self) -> bytes:
        """What the record keeps of the secret: of 120 random bits nobody guesses it back."""
        return hashlib.sha256(f"pithead request v1\n{self.locator}\n{self.secret}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Forms:
    """Gives out forms and reads them back, by a secret of the server; no row is kept of a form that is never sent."""

    secret: bytes = field(repr=False)

    def token(self, *, now: int) -> str:
        """What a form carries: a chance of its own, when it was opened, and that it is ours."""
        told = secrets.token_bytes(_NONCE) + now.to_bytes(_TIME, "big")
        return urlsafe_b64encode(told + self._mac(told)).decode()

    def receipt_of(self, token: str, *, now: int) -> Receipt:
        """The receipt of whoever sends this form; sent again it is the same. RequestFormOver."""
        try:
            whole = urlsafe_b64decode(token.encode("ascii", "strict"))
        except (Error, UnicodeEncodeError, ValueError):
            raise RequestFormOver() from None
        told, mac = whole[: _NONCE + _TIME], whole[_NONCE + _TIME :]
        opened = int.from_bytes(told[_NONCE:], "big")
        if len(whole) != _NONCE + _TIME + _MAC or not hmac.compare_digest(mac, self._mac(told)):
            raise RequestFormOver()
        if not NOT_BEFORE <= now - opened <= FORM_SECONDS:
            raise RequestFormOver()
        drawn = hmac.digest(self.secret, b"pithead request receipt v1\n" + told, "sha256")[:20]
        signs = b32encode(drawn).decode().translate(_LETTERS)
        return Receipt(signs[:_LOCATOR], signs[_LOCATOR:])

    def _mac(self, told: bytes) -> bytes:
        return hmac.digest(self.secret, b"pithead request form v1\n" + told, "sha256")[:_MAC]


def read_receipt(typed: str) -> Receipt | None:
    """The receipt that somebody typed, however he wrote it; None for what cannot be one."""
    plain = _GAPS.sub("", unicodedata.normalize("NFKC", typed[:200])).upper().translate(_MEANT)
    if not _READ.fullmatch(plain):
        return None
    return Receipt(plain[:_LOCATOR], plain[_LOCATOR:])
