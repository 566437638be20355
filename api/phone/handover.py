"""Hands over: leaves an original with its bundle and the trusted keys where people take it, and checks what it left."""

import shutil
from pathlib import Path
from typing import Any

from api.phone.disk import whole_file
from api.phone.notebook import Piece
from api.phone.trust import Trust
from storage.record.ledger.proofs.bundles import SUFFIX, is_plain_name
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.receipts import ReceiptWrong, bundle
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path

KEYS = "keys.json"
NAME_LIMIT = 200
"""Bytes of an original's name: file systems take 255 for a name with all that is put to it."""


def hand_over(piece: Piece, original: Path | None, sealed: dict[str, Any], *, trust: Trust) -> None:
    """Writes NAME, NAME.pithead.json and keys.json into the piece's folder, then verifies them as anyone would.

    ReceiptWrong with the first check that fails: then the phone's own copy stays where it is, and no original that is
    not what the proof says stays in the folder. Without an original, which only the server has then, the proof alone.
    """
    into = Path(piece.into)
    _copy(trust.path, into / KEYS)
    if original is not None:
        _copy(original, into / piece.name)
    data = bundle(
        file=piece.name, statement=from_base64url(piece.statement), signature=from_base64url(piece.signature),
        declared=piece.declared or {}, sealed=sealed, keys=trust.served.document(),
    )  # fmt: skip
    with whole_file(into / f"{piece.name}{SUFFIX}", mode=0o644) as file:
        file.write(data)
    verdict = verify_path(into / f"{piece.name}{SUFFIX}", into / KEYS)
    if verdict.status is not Status.VERIFIED or (original is not None and not verdict.complete):
        (into / piece.name).unlink(missing_ok=True)
        (into / f"{piece.name}{SUFFIX}").unlink(missing_ok=True)
        raise ReceiptWrong(verdict.summary)


def plain_name(source: Path, into: Path, *, taken: set[str], id: str) -> str:
    """A name for the original in its folder: that of the source, made plain, and no other piece's."""
    name = "".join(sign if sign.isprintable() and sign not in '/\\:*?"<>|' else "_" for sign in source.name)
    name = _shortened(name)
    name = name if is_plain_name(name) and name != KEYS and not name.endswith(SUFFIX) else f"original-{id[:8]}"
    if name in taken or (into / name).exists():
        return f"{id[:8]}-{name}"
    return name


def _shortened(name: str) -> str:
    """At most NAME_LIMIT bytes with its ending kept: the bundle's suffix and another piece's mark must fit behind."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 10:
        stem, dot, ending = name, "", ""
    room = NAME_LIMIT - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as one, whole_file(target, mode=0o644) as other:
        shutil.copyfileobj(one, other, 1024 * 1024)
