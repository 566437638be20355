"""The code on the sheet of a notice board: what the log says of one commitment, small enough for a QR code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from storage.record.ledger.proofs import checkpoints, entries, merkle
from storage.record.ledger.proofs.base45 import from_base45, to_base45
from storage.record.ledger.proofs.canonical import from_base64url, parse_canonical, to_base64url
from storage.record.ledger.proofs.commitments import acts, bundles, sm2
from storage.record.ledger.proofs.commitments.documents import NONCE_SIZE, Commitment
from storage.record.ledger.proofs.commitments.signing import ALGORITHMS, INK, KEY, PASSKEY, TOKEN, Signature
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.keys import PublicKeys

PREFIX = "PH1:"
"""Before the base45 of a code; in the signs of a QR code's densest mode."""
LIMIT = 1_800
"""The most bytes of a code: a page has room for no larger square that a phone still reads."""

_WAYS = (KEY, PASSKEY, TOKEN, INK)
_ALGORITHMS = ("", "ES256", "Ed25519", "SM2")
_HEADS = {
    "ES256": bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
    "Ed25519": bytes.fromhex("302a300506032b6570032100"),
    "SM2": sm2.HEAD,
}
"""The DER in front of each key's own bytes."""
_POINTS = {"ES256": 64, "Ed25519": 32, "SM2": 64}
_HASH, _SIGNATURE, _KEY_HASH = 32, 64, 4


class CodeMalformed(ValueError):
    """It is no code of a commitment, or would be too large for one; the message says where it ends to be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The entry `commitment.signed` with its place in the log, and what is signed beside it.

    Of the checkpoint it has the size and the log's signature: the root follows from the proof, the log's name and key
    from the list that the reader trusts. `nonce` is that of the commitment whose digest the entry names; ink has none.
    """

    entry: Entry
    nonce: bytes
    salt: bytes
    position: int
    proof: tuple[bytes, ...]
    size: int
    key_hash: bytes
    log_signature: bytes
    authenticator: bytes = b""
    client: bytes = b""

    def signature(self) -> Signature:
        """The principal's signature, as a bundle has it."""
        data = self.entry.data
        if data["way"] == INK:
            return Signature(way=INK, scan=data["scan"])
        return Signature(
            way=data["way"], algorithm=data["algorithm"], key=from_base64url(data["key"]),
            signature=from_base64url(data["signature"]), authenticator=self.authenticator, client=self.client,
        )  # fmt: skip

    def root(self) -> bytes:
        """The root of the log that the entry's leaf leads to; CodeMalformed if the proof cannot belong to its place."""
        leaf = merkle.leaf_hash(entries.digest(self.salt, self.entry.encode()))
        root = merkle.inclusion_root(leaf, self.position, self.size, self.proof)
        if root is None:
            raise CodeMalformed(f"the proof does not belong to position {self.position} of {self.size}")
        return root

    def encode(self) -> str:
        """The text of the QR code; CodeMalformed if it would be too large, or not be read back as this."""
        try:
            data = b"".join(_written(self))
        except (OverflowError, KeyError, AttributeError) as error:
            raise CodeMalformed(f"it cannot be written: {error}") from error
        if len(data) > LIMIT:
            raise CodeMalformed(f"{len(data)} bytes are more than the {LIMIT} allowed")
        text = PREFIX + to_base45(data)
        if self.decode(text) != self:
            raise CodeMalformed("the entry says more than a code has room for")
        return text

    @classmethod
    def decode(cls, text: str) -> "Code":
        """The code that a QR code's text is; CodeMalformed if it is none."""
        if not text.startswith(PREFIX):
            raise CodeMalformed(f"it does not begin with {PREFIX}")
        if len(text) > len(PREFIX) + -(-LIMIT * 3 // 2):
            raise CodeMalformed(f"it is longer than {LIMIT} bytes")
        try:
            reader = _Reader(from_base45(text.removeprefix(PREFIX)))
            found = _read(reader)
        except ValueError as error:
            raise CodeMalformed(str(error)) from error
        if reader.left():
            raise CodeMalformed(f"{reader.left()} bytes stand behind its end")
        return found


def code_of(bundle: bytes) -> Code:
    """The code of a bundle that holds (`bundles.verify_bundle`); ValueError for one that has no form."""
    members = parse_canonical(bundle, bundles.LIMIT)
    keys, by = PublicKeys.parse(members["keys"]), Signature.parse(members["signature"])
    entry = members["entries"]["signed"]
    log = checkpoints.parse_checkpoint(members["checkpoint"], keys.note_keys())
    line = next((one for one in log.signatures if one.key is not None), None)
    if line is None:
        raise CodeMalformed("no key of the log signed the checkpoint")
    nonce = Commitment.decode(members["commitment"].encode()).nonce
    return Code(
        entry=Entry.decode(entry["payload"].encode()), nonce=b"" if by.way == INK else nonce,
        salt=from_base64url(entry["salt"]), position=int(entry["position"]),
        proof=tuple(bytes.fromhex(one) for one in entry["proof"]), size=log.size, key_hash=line.key_hash,
        log_signature=line.signature, authenticator=by.authenticator, client=by.client,
    )  # fmt: skip


class _Reader:
    """Takes bytes from the front, and never more than there are."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        """So many bytes."""
        if self.left() < count:
            raise CodeMalformed(f"it ends at byte {len(self._data)}, in the middle of something")
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, count: int) -> int:
        """A number of so many bytes."""
        return int.from_bytes(self.take(count))

    def left(self) -> int:
        """How many bytes are still there."""
        return len(self._data) - self._at


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(1) + data


def _read_text(reader: _Reader) -> str:
    return reader.take(reader.number(1)).decode()


def _optional(value: str | None) -> bytes:
    return b"\0" if value is None else b"\1" + UUID(value).bytes


def _read_optional(reader: _Reader) -> str | None:
    present = reader.number(1)
    if present > 1:
        raise CodeMalformed("a mark is neither yes nor no")
    return _read_uuid(reader) if present else None


def _read_uuid(reader: _Reader) -> str:
    return str(UUID(bytes=reader.take(16)))


_Codec = tuple[Callable[[Any], bytes], Callable[[_Reader], Any]]
_UUID: _Codec = (lambda value: UUID(value).bytes, _read_uuid)
_TEXT: _Codec = (_text, _read_text)
_DIGEST: _Codec = (bytes.fromhex, lambda reader: reader.take(_HASH).hex())
_RAW: _Codec = (from_base64url, lambda reader: to_base64url(reader.take(_SIGNATURE)))
_YEAR: _Codec = (lambda value: value.to_bytes(2), lambda reader: reader.number(2))
_SIZE: _Codec = (lambda value: value.to_bytes(4), lambda reader: reader.number(4))

_ALWAYS: dict[str, _Codec] = {
    "digest": _DIGEST, "mine": _UUID, "mine_name": _TEXT, "principal": _UUID, "principal_name": _TEXT, "year": _YEAR,
    "pdf": _DIGEST, "pdf_size": _SIZE,
}  # fmt: skip
_BY_KEY: dict[str, _Codec] = {"signature": _RAW, "checked": _UUID}
_BY_WAY: dict[str, dict[str, _Codec]] = {
    KEY: {**_BY_KEY, "agreed": _UUID},
    PASSKEY: {**_BY_KEY, "agreed": _UUID, "origin": _TEXT, "relying_party": _TEXT},
    TOKEN: _BY_KEY,
    INK: {"scan": _DIGEST},
}


def _written(code: Code) -> list[bytes]:
    entry, data = code.entry, code.entry.data
    way, algorithm = data["way"], data.get("algorithm", "")
    if len(code.nonce) != (0 if way == INK else NONCE_SIZE):
        raise CodeMalformed("the nonce belongs to what was signed, and ink signs nothing")
    written = [bytes([_WAYS.index(way), _ALGORITHMS.index(algorithm)]), code.nonce, code.salt]
    written += [code.position.to_bytes(8), code.size.to_bytes(8), len(code.proof).to_bytes(1), *code.proof]
    written += [code.key_hash, code.log_signature, UUID(entry.id).bytes, entry.at.to_bytes(8)]
    written += [UUID(entry.subject).bytes, _optional(entry.actor), _optional(entry.device)]
    written += [write(data[name]) for name, (write, _) in (_ALWAYS | _BY_WAY[way]).items()]
    if algorithm:
        written.append(from_base64url(data["key"])[len(_HEADS[algorithm]) :])
    if way == PASSKEY:
        written += [len(one).to_bytes(2) + one for one in (code.authenticator, code.client)]
    return written


def _read(reader: _Reader) -> Code:
    way, algorithm = reader.number(1), reader.number(1)
    named = _ALGORITHMS[algorithm] if algorithm < len(_ALGORITHMS) else None
    if way >= len(_WAYS) or named not in ALGORITHMS.get(_WAYS[way], ("",)):
        raise CodeMalformed("its first bytes name no way of signing")
    place: dict[str, Any] = {"nonce": reader.take(NONCE_SIZE if algorithm else 0), "salt": reader.take(_HASH)}
    place |= {"position": reader.number(8), "size": reader.number(8)}
    place["proof"] = tuple(reader.take(_HASH) for _ in range(reader.number(1)))
    place |= {"key_hash": reader.take(_KEY_HASH), "log_signature": reader.take(_SIGNATURE)}
    said: dict[str, Any] = {
        "id": _read_uuid(reader),
        "at": reader.number(8),
        "subject": _read_uuid(reader),
    }
    said |= {"actor": _read_optional(reader), "device": _read_optional(reader)}
    data = {name: read(reader) for name, (_, read) in (_ALWAYS | _BY_WAY[_WAYS[way]]).items()}
    data["way"] = _WAYS[way]
    if named:
        data |= {"algorithm": named, "key": to_base64url(_HEADS[named] + reader.take(_POINTS[named]))}
    if _WAYS[way] == PASSKEY:
        place |= {name: reader.take(reader.number(2)) for name in ("authenticator", "client")}
    entry = Entry.decode(Entry(kind=acts.SIGNED, data=data, **said).encode())
    acts.must_have_form(entry)
    return Code(entry=entry, **place)
