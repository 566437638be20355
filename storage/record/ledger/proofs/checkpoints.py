"""Checkpoints of the log: the C2SP tlog-checkpoint body in a C2SP signed-note with Ed25519 signatures."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.signatures import Signer

LIMIT = 16_384
"""The most bytes of a note: a body, the log's signature and those of many witnesses."""
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_NAME = re.compile(r"[^\s+\x00-\x20\x7f]{1,200}")
_SIGNATURE = re.compile(r"— ([^\s+\x00-\x20\x7f]{1,200}) ([A-Za-z0-9+/]+={0,2})")


class CheckpointMalformed(ValueError):
    """The text is no checkpoint; the message says which line is wrong."""


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A public key that may stand under a note: its name (for the log: the origin) and its SPKI DER."""

    name: str
    public: bytes


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: name, key hash (4 bytes), signature; `key` is the known key that made it, if any did."""

    name: str
    key_hash: bytes
    signature: bytes
    key: NoteKey | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says (log, number of leaves, root) and who signed it. Unknown signers are kept as unknown."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[NoteSignature, ...]

    def signed_by(self, name: str) -> tuple[NoteKey, ...]:
        """The known keys of this name that made a signature which verified."""
        return tuple(line.key for line in self.signatures if line.key is not None and line.name == name)


def key_hash(name: str, public: bytes) -> bytes:
    """Signed-note: the first 4 bytes of SHA-256(name ‖ "\\n" ‖ 0x01 ‖ the 32 bytes of the Ed25519 key)."""
    return sha256(name.encode() + b"\n\x01" + signatures.raw_public_key(public)).digest()[:4]


def body(origin: str, size: int, root: bytes) -> str:
    """The three lines that are signed, the last newline included; ValueError for what cannot be read back."""
    if not is_origin(origin) or not 0 <= size < 10**19 or len(root) != 32:
        raise ValueError("a checkpoint names an origin without spaces, a size from 0 and a root of 32 bytes")
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def is_origin(text: str) -> bool:
    """May a log be named so? A domain line may not, or a checkpoint would pass for another kind of signature."""
    return _NAME.fullmatch(text) is not None and text not in signatures.DOMAINS.values()


def sign_checkpoint(origin: str, size: int, root: bytes, signer: Signer) -> str:
    """The note with one signature, under the origin's name as the specification recommends."""
    return cosign(body(origin, size, root) + "\n", origin, signer)


def cosign(note: str, name: str, signer: Signer) -> str:
    """The note with one more signature line: by this key, under this name, over the same body."""
    if not _NAME.fullmatch(name):
        raise ValueError("the name of a note's key has no spaces and no plus")
    text = note[: note.index("\n\n") + 1]
    line = base64.b64encode(key_hash(name, signer.public) + signer.sign(text.encode())).decode()
    return f"{note}— {name} {line}\n"


def parse_checkpoint(note: str, keys: Iterable[NoteKey]) -> Checkpoint:
    """The checkpoint, each signature checked against the keys given; CheckpointMalformed if it is not well formed.

    As signed-note demands, a signature by an unknown key is ignored (it stands there with `key` None), and one that
    claims to be by a known key and is not makes the whole note malformed.
    """
    if len(note.encode("utf-8", "replace")) > LIMIT or not note.endswith("\n"):
        raise CheckpointMalformed("the note is too long or does not end its last line")
    text, blank, lines = note.partition("\n\n")
    if not blank or not lines:
        raise CheckpointMalformed("no empty line and signature after the body")
    known = {(key.name, key_hash(key.name, key.public)): key for key in keys}
    signed = (text + "\n").encode("utf-8", "replace")
    found = tuple(_signature(line, signed, known) for line in lines[:-1].split("\n"))
    return Checkpoint(*_parse_body(text), signatures=found)


def _parse_body(text: str) -> tuple[str, int, bytes]:
    lines = text.split("\n")
    if len(lines) != 3:
        raise CheckpointMalformed(f"the body has {len(lines)} lines, not 3")
    origin, size, encoded = lines
    if not is_origin(origin):
        raise CheckpointMalformed("line 1 is no origin")
    if not _SIZE.fullmatch(size):
        raise CheckpointMalformed("line 2 is no size")
    root = _base64(encoded)
    if root is None or len(root) != 32:
        raise CheckpointMalformed("line 3 is no root in base64")
    return origin, int(size), root


def _signature(line: str, signed: bytes, known: dict[tuple[str, bytes], NoteKey]) -> NoteSignature:
    match = _SIGNATURE.fullmatch(line)
    data = _base64(match[2]) if match else None
    if match is None or data is None or len(data) < 5:
        raise CheckpointMalformed("a signature line is not '— name base64'")
    name, hash_of_key, signature = match[1], data[:4], data[4:]
    key = known.get((name, hash_of_key))
    if key is not None and not signatures.verify_raw("Ed25519", key.public, signed, signature):
        raise CheckpointMalformed(f"the signature of {name} (key hash {hash_of_key.hex()}) does not cover this body")
    return NoteSignature(name, hash_of_key, signature, key)


def _base64(text: str) -> bytes | None:
    """Standard base64 with padding; None unless `text` is the one way to write the bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None
