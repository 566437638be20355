"""Envelopes: a message with its files, encrypted once, its key wrapped for each who may read it; and opening one."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from api.reporter.cleaning import Cleaned
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.reports import files, messages, shares, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is sent of a message: nothing in it can be read without one of the keys that it was wrapped for."""

    id: str
    ciphertext: bytes
    wraps: Mapping[str, bytes]
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def input(self) -> dict[str, Any]:
        """As the server takes a message."""
        return {
            "id": self.id, "ciphertext": to_base64url(self.ciphertext), "wraps": wrap_inputs(self.wraps),
            "fileIds": list(self.files),
        }  # fmt: skip


def enclose(
    words: str, *, answers: Mapping[str, str], attached: Sequence[Cleaned], publics: Iterable[bytes]
) -> Envelope:
    """A fresh message for these public keys, with a content key of its own that is then forgotten."""
    id, key = str(uuid4()), secrets.token_bytes(32)
    told, sent = [], {}
    for one in attached:
        file, of_file = str(uuid4()), secrets.token_bytes(32)
        told.append(messages.Attached(id=file, kind=one.kind, type=one.type, size=len(one.data), key=of_file))
        sent[file] = files.encrypt_file(one.data, of_file, file)
    said = messages.Message(words=words, answers=answers, files=tuple(told)).encode()
    wrapped = {
        id_of: wraps.wrap(key, public, wraps.for_message(id, id_of))
        for public in publics
        for id_of in [wraps.key_id(public)]
    }
    return Envelope(id=id, ciphertext=messages.encrypt(said, key, messages.for_message(id)), wraps=wrapped, files=sent)


def lock_away(who: messages.Identity, *, custodians: Iterable[bytes], officers: Iterable[bytes]) -> dict[str, Any]:
    """The identity as the server takes it: half a of its key for each custodian, half b for each officer."""
    id, key = str(uuid4()), secrets.token_bytes(32)
    a, b = shares.halve(key)
    return {
        "id": id,
        "ciphertext": to_base64url(messages.encrypt(who.encode(), key, messages.for_identity(id))),
        "halvesA": wrap_inputs(_halves(a, "a", id, custodians)),
        "halvesB": wrap_inputs(_halves(b, "b", id, officers)),
    }


def open_message(id: str, ciphertext: str, wrapped: str, private: X25519PrivateKey) -> messages.Message:
    """The message that was wrapped for this key. ReportMalformed for any other."""
    return messages.decode_message(
        messages.decrypt(_bytes(ciphertext), content_key(id, wrapped, private), messages.for_message(id))
    )


def content_key(id: str, wrapped: str, private: X25519PrivateKey) -> bytes:
    """The content key of a message from the wrap for this key."""
    own = wraps.key_id(private.public_key().public_bytes_raw())
    return wraps.unwrap(_bytes(wrapped), private, wraps.for_message(id, own))


def public_keys(told: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """The public keys of a list from the server, each of which must be named by its own digest."""
    found = []
    for one in told:
        public = _bytes(one["publicKey"])
        wraps.box_key(public)
        if wraps.key_id(public) != one["id"].replace("-", ""):
            raise ReportMalformed("key id")
        found.append(public)
    return found


def wrap_inputs(wrapped: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Wraps as the server takes them."""
    return [{"keyId": id, "bytes": to_base64url(data)} for id, data in wrapped.items()]


def _halves(half: bytes, name: str, id: str, publics: Iterable[bytes]) -> dict[str, bytes]:
    return {
        id_of: wraps.wrap(half, public, wraps.for_half(id, name, id_of))
        for public in publics
        for id_of in [wraps.key_id(public)]
    }


def _bytes(text: str) -> bytes:
    try:
        return from_base64url(text)
    except ValueError as error:
        raise ReportMalformed("not base64url") from error
