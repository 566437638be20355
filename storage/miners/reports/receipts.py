"""What the server makes for reporters without keeping anything: salts, reservations, challenges, tokens; pure.

Each is a keyed hash under the server's report key. That key is never replaced: a receipt must open for ever.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.miners.reports import rules
from storage.miners.reports.tables import ReceiptForm
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import derivation, signing

RESERVED_FOR = 2 * 3600
CHALLENGED_FOR = 300
SIGNED_IN_FOR = 900
_MAC = 24
_FORM: dict[str, ReceiptForm] = {letter: form for form, letter in rules.LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receipt points: its form and its locator."""

    form: ReceiptForm
    locator: str

    def __str__(self) -> str:
        return f"{rules.LETTERS[self.form]}{self.locator}"


@dataclass(frozen=True, slots=True)
class Counter:
    """The server's hand towards reporters."""

    secret: bytes = field(repr=False)

    def salt(self, place: Place) -> bytes:
        """The salt of every locator, used or not."""
        return derivation.salt_of(self.secret, rules.LETTERS[place.form], place.locator)

    def reserve(self, place: Place, *, now: int, bits: int) -> bytes:
        """A locator for two hours, and how much work is asked of whoever files under it."""
        return self._sealed("reservation", bytes([bits]) + str(place).encode(), until=now + RESERVED_FOR)

    def reserved(self, reservation: bytes, *, now: int) -> tuple[Place, int]:
        """The locator and the bits of work; ReservationOver for what is over or not ours."""
        told = self._opened("reservation", reservation, now=now)
        if not told:
            raise rules.ReservationOver()
        return _place(told[1:]), told[0]

    def challenge(self, place: Place, *, now: int) -> bytes:
        """32 bytes to sign, for every locator, used or not."""
        until = (now + CHALLENGED_FOR).to_bytes(8)
        return until + self._mac("challenge", until + str(place).encode())

    def must_be_answered(
        self, place: Place, challenge: bytes, signature: bytes, *, key: bytes | None, now: int
    ) -> None:
        """One path: who is not known is tried against a key that nobody has. ReceiptNotKnown for everything else."""
        decoy = Ed25519PrivateKey.from_private_bytes(
            hmac.digest(self.secret, f"pithead report decoy v1\n{place}".encode(), sha256)
        ).public_key()
        fresh = hmac.compare_digest(challenge[8:], self._mac("challenge", challenge[:8] + str(place).encode()))
        fresh &= len(challenge) == 32 and int.from_bytes(challenge[:8]) >= now
        told = signing.login_message(rules.LETTERS[place.form], place.locator, to_base64url(challenge))
        signed = signing.is_signed(key or decoy.public_bytes_raw(), told, signature)
        if not fresh or not signed or key is None:
            raise rules.ReceiptNotKnown()

    def token(self, place: Place, *, now: int) -> bytes:
        """What opens the thread for a quarter of an hour."""
        return self._sealed("token", str(place).encode(), until=now + SIGNED_IN_FOR)

    def signed_in(self, token: bytes, *, now: int) -> Place:
        """Whose token this is; ReceiptNotKnown if it is over or not ours."""
        told = self._opened("token", token, now=now)
        if not told:
            raise rules.ReceiptNotKnown()
        return _place(told)

    def _sealed(self, what: str, told: bytes, *, until: int) -> bytes:
        body = until.to_bytes(8) + told
        return body + self._mac(what, body)

    def _opened(self, what: str, sealed: bytes, *, now: int) -> bytes:
        body, mac = sealed[:-_MAC], sealed[-_MAC:]
        if not hmac.compare_digest(mac, self._mac(what, body)) or int.from_bytes(body[:8]) < now:
            return b""
        return body[8:]

    def _mac(self, what: str, told: bytes) -> bytes:
        return hmac.digest(self.secret, f"pithead report {what} v1\n".encode() + told, sha256)[:_MAC]


def must_have_worked(reservation: bytes, nonce: str, *, bits: int) -> None:
    """The proof of work over a reservation; WorkNeeded if it lacks zero bits."""
    if not signing.work_is_done(to_base64url(reservation), nonce, bits):
        raise rules.WorkNeeded(bits=bits)


def _place(told: bytes) -> Place:
    text = told.decode()
    return Place(_FORM[text[0]], text[1:])
