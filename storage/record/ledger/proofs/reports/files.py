"""Files of a report: frames of 64 KiB under the file's own key, padded so that a length says little."""

import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.record.ledger.proofs.reports.malformed import ReportMalformed, must_be_id

FRAME = 65_536
PREFIX = 8
"""Random bytes in front of a file; with a frame's number they are its nonce."""
FRAMES_AT_MOST = 256
LARGEST = FRAME * FRAMES_AT_MOST
"""16 MiB: the largest power of two of frames that stays under the 20 MB that the server takes."""
_ENCRYPTED = FRAME + 16


def encrypted_size(frames: int) -> int:
    """How many bytes a file of so many frames has when encrypted."""
    return PREFIX + frames * _ENCRYPTED


def frames_for(size: int) -> int:
    """How many frames hold so many bytes: 1, 2, 4, 8 … 256; ReportMalformed for none or too many."""
    if not 1 <= size <= LARGEST:
        raise ReportMalformed("file size", at=size)
    return 1 << (-(-size // FRAME) - 1).bit_length()


def frames_of(encrypted_bytes: int) -> int:
    """How many frames a file of this encrypted size has; ReportMalformed unless some file has this size."""
    frames, rest = divmod(encrypted_bytes - PREFIX, _ENCRYPTED)
    if rest or not 1 <= frames <= FRAMES_AT_MOST or frames & (frames - 1):
        raise ReportMalformed("file size", at=encrypted_bytes)
    return frames


def encrypt_file(
    plain: bytes, key: bytes, file_id: str, *, draw: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """The prefix, then every frame with its tag; the last one says that it is, so a file cannot be cut short."""
    frames, sealed, prefix = frames_for(len(plain)), AESGCM(_key(key)), draw(PREFIX)
    padded = plain.ljust(frames * FRAME, b"\0")
    out = [prefix]
    for number in range(frames):
        frame = padded[number * FRAME : (number + 1) * FRAME]
        out.append(sealed.encrypt(_nonce(prefix, number), frame, _bound(file_id, number, frames)))
    return b"".join(out)


def decrypt_file(encrypted: bytes, key: bytes, file_id: str, *, size: int) -> bytes:
    """The file of `size` bytes, as its message says; ReportMalformed if a frame, its order or the padding is not so."""
    frames, sealed, prefix = frames_of(len(encrypted)), AESGCM(_key(key)), encrypted[:PREFIX]
    if frames_for(size) != frames:
        raise ReportMalformed("file size", at=size)
    out = []
    for number in range(frames):
        start = PREFIX + number * _ENCRYPTED
        frame = encrypted[start : start + _ENCRYPTED]
        try:
            out.append(sealed.decrypt(_nonce(prefix, number), frame, _bound(file_id, number, frames)))
        except InvalidTag as error:
            raise ReportMalformed("frame", at=number) from error
    padded = b"".join(out)
    if padded[size:].strip(b"\0"):
        raise ReportMalformed("padding")
    return padded[:size]


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _bound(file_id: str, number: int, frames: int) -> bytes:
    id = must_be_id(file_id, reason="file")
    return f"pithead report file v1\n{id}\n{number}\n{int(number == frames - 1)}".encode()


def _key(key: bytes) -> bytes:
    if len(key) != 32:
        raise ReportMalformed("content key")
    return key
