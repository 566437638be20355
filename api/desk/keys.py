"""The key of a recipient or custodian: made here, kept under a pass-phrase and in shares, unlocked, recovered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from api.desk import calls
from api.desk.calls import Wrapped
from api.phone.server import Server
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.reports import kept, shares, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

_AT_ONCE = 100
"""How many wraps one call brings."""
_PURPOSES = {"WHOLE": "", "A": "a", "B": "b"}


class NoKey(Exception):
    """What is asked for cannot be done with the keys at hand; the name of the sentence says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """An unlocked key, held while the program runs."""

    private: X25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """Its public half."""
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """Its id."""
        return wraps.key_id(self.public)

    def opened(self, told: Sequence[dict[str, Any]], message: str, half: str = "WHOLE") -> bytes | None:
        """The content key of a message, or a half of one, if it is wrapped for this key."""
        for one in told:
            if (one["messageId"], one["keyId"], one["half"]) == (message, self.id, half):
                return self.unwrapped(one)
        return None

    def unwrapped(self, one: dict[str, Any]) -> bytes:
        """What one wrap for this key holds."""
        purpose = purpose_of(one["messageId"], one["half"], self.id)
        return wraps.unwrap(from_base64url(one["wrapped"]), self.private, purpose)


def purpose_of(message: str, half: str, key: str) -> bytes:
    """What a wrap is bound to, by which part of a content key it holds."""
    return wraps.for_half(message, _PURPOSES[half], key) if half != "WHOLE" else wraps.for_message(message, key)


def make_key(
    server: Server, phrase: str, *, custodian: bool, county: str | None, office: str | None,
    chosen: Sequence[str] = (),
) -> Key:  # fmt: skip
    """Makes a key and has it kept. A recipient's is shared out among three custodians. NoKey without three."""
    key = Key(X25519PrivateKey.generate())
    parts = []
    if not custodian:
        told = calls.custodian_keys(server, county=county, office=office)
        fit = [one for one in told if not chosen or one["keyId"] in chosen][: shares.SHARES]
        if len(fit) < shares.SHARES:
            raise NoKey("no_three_custodians")
        parts = kept.share_out(key.private, [from_base64url(one["publicKey"]) for one in fit])
    calls.keep_key(server, public=key.public, sealed=kept.keep(key.private, phrase), shares=parts)
    return key


def unlock(server: Server, phrase: str) -> Key:
    """The key in use. NoKey without one or with another pass-phrase."""
    told = calls.own_key(server)
    if told is None or told["sealed"] is None:
        raise NoKey("no_key")
    try:
        return Key(kept.open_kept(from_base64url(told["sealed"]), phrase, from_base64url(told["publicKey"])))
    except ReportMalformed as wrong:
        raise NoKey("wrong_phrase") from wrong


def give_shares_back(server: Server, key: Key) -> int:
    """A custodian wraps his shares of lost keys for those that took their place; returns how many."""
    told = calls.shares_to_rewrap(server)
    for one in told:
        public = from_base64url(one["newPublicKey"])
        again = kept.rewrap_share(from_base64url(one["wrapped"]), key.private, owner=one["keyId"], new_public=public)
        calls.rewrap_share(server, key=one["keyId"], number=one["number"], new_key=wraps.key_id(public), wrapped=again)
    return len(told)


def recover(server: Server, key: Key) -> int:
    """Brings lost keys back of two shares each, and wraps for the new key what they opened. NoKey without two."""
    by_key: dict[str, list[dict[str, Any]]] = {}
    for one in calls.recoveries(server):
        by_key.setdefault(one["keyId"], []).append(one)
    whole = {id: told[:2] for id, told in by_key.items() if len(told) >= 2}
    if not whole:
        raise NoKey("no_two_shares")
    lost = [
        Key(kept.recover([from_base64url(one["wrapped"]) for one in told], key.private,
                         from_base64url(told[0]["publicKey"])))
        for told in whole.values()
    ]  # fmt: skip
    done = 0
    for old in lost:
        told = calls.wraps_of(server, old.id)
        for start in range(0, len(told), _AT_ONCE):
            again = [wrapped_again(old, told, one, key.public) for one in told[start : start + _AT_ONCE]]
            done += calls.rewrap_messages(server, again)
    return done


def wrapped_again(key: Key, told: Sequence[dict[str, Any]], one: dict[str, Any], public: bytes) -> Wrapped:
    """What one key opens, wrapped for another."""
    content = key.opened(told, one["messageId"], one["half"])
    if content is None:
        raise NoKey("no_key")
    return wrap_for(content, one["messageId"], one["half"], public)


def wrap_for(content: bytes, message: str, half: str, public: bytes) -> Wrapped:
    """A content key, or a half of one, for a public key."""
    id = wraps.key_id(public)
    wrapped = wraps.wrap(content, public, purpose_of(message, half, id))
    return Wrapped(message=message, key=id, data=wrapped, half=half)
