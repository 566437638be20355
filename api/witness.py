"""The witness: a second small process with a key of its own, which co-signs the log's checkpoints and never a fork."""

import base64
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from storage.record.ledger.proofs import checkpoints, merkle, signatures
from storage.record.ledger.proofs.checkpoints import Checkpoint, CheckpointMalformed
from storage.record.ledger.proofs.keys import KeyRefused, KeysMalformed, PublicKeys, reach
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.verify import read_trust

log = logging.getLogger("pithead.witness")

EVERY = 60.0
"""Seconds between two looks at the log."""
_LARGEST_ANSWER = 1_048_576


class LogUnreachable(Exception):
    """The log did not answer, or not with sense; the text says what was asked. Says nothing against the log."""


class LogForked(Exception):
    """The log showed two trees that do not hold together, both signed; the text says where the evidence lies."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness and its folder: its key, the keys of the log that it trusts, the notes that it co-signed, forks.

    A note is written once under its size and never replaced. Two witnesses never share a folder.
    """

    folder: Path
    url: str
    http: httpx.Client

    def look(self) -> str:
        """Looks once: the newest note, co-signed. LogForked, LogUnreachable; nothing is signed then."""
        note = self.get("/log/checkpoint").decode("utf-8", "replace")
        shown = self._trusted(note)
        last = self.newest()
        if last is not None:
            self._must_have_grown(last, note, shown)
            if self._trusted(last).size == shown.size:
                return last
        cosigned = checkpoints.cosign(note, self.name, self.signer())
        _write_once(self.folder / "notes" / f"{shown.size:020d}.note", cosigned.encode())
        return cosigned

    def newest(self) -> str | None:
        """The note that was co-signed last; None before the first one."""
        names = sorted(path.name for path in (self.folder / "notes").glob("*.note"))
        return (self.folder / "notes" / names[-1]).read_text(encoding="utf-8") if names else None

    @property
    def name(self) -> str:
        """The name under which it co-signs: its key's first digits, so that no two are taken for one."""
        return f"witness-{checkpoints.key_hash('witness', self.signer().public).hex()}"

    def signer(self) -> Signer:
        """Its own key; made at the first time."""
        path = self.folder / "witness-key.pem"
        if not path.exists():
            pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            _write_once(path, pem, mode=0o600)
        private = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError(f"{path} holds no Ed25519 key")
        return signatures.signer(private, id="witness")

    def verifier(self) -> str:
        """The public half as a signed-note verifier key (C2SP signed-note): name+hash+key."""
        public = self.signer().public
        key = base64.b64encode(b"\x01" + signatures.raw_public_key(public)).decode()
        return f"{self.name}+{checkpoints.key_hash(self.name, public).hex()}+{key}"

    def trust(self, document: dict[str, Any]) -> None:
        """Pins the log's keys; the first document stays for ever, later keys count as far as these signed them."""
        if not (self.folder / "log-keys.json").exists():
            _write_once(self.folder / "log-keys.json", json.dumps(document, indent=1).encode())

    def _trusted(self, note: str) -> Checkpoint:
        """The checkpoint, signed by a ledger key that reaches the pinned ones; LogUnreachable for anything else."""
        pinned = PublicKeys.parse(read_trust(self.folder / "log-keys.json"))
        try:
            checkpoint = checkpoints.parse_checkpoint(note, pinned.note_keys())
            if checkpoint.origin != pinned.origin:
                raise CheckpointMalformed(f"the log is {checkpoint.origin}, not {pinned.origin}")
            if not checkpoint.signed_by(pinned.origin):
                self._must_be_signed_by_a_successor(note, pinned)
        except (CheckpointMalformed, KeyRefused, KeysMalformed) as error:
            raise LogUnreachable(f"{self.url}/log/checkpoint: {error}") from error
        return checkpoint

    def _must_be_signed_by_a_successor(self, note: str, pinned: PublicKeys) -> None:
        """After a rotation the log's new key counts if its predecessors lead to a pinned one."""
        served = PublicKeys.parse(_json(self.get("/.well-known/pithead-keys"), self.url))
        served.must_hold_together()
        if contradiction := served.contradiction(pinned):
            raise KeyRefused(contradiction)
        checkpoint = checkpoints.parse_checkpoint(note, served.note_keys())
        publics = {key.public for key in checkpoint.signed_by(pinned.origin)}
        for key in served.keys.values():
            if key.name == "ledger" and key.public in publics:
                reach(served, key.id, pinned)
                return
        raise KeyRefused("no ledger key signed it")

    def _must_have_grown(self, last: str, note: str, shown: Checkpoint) -> None:
        """The log only grows: what it shows now must begin with what it showed before.

        The consistency proof alone shows it, and no leaf is fetched for it: both roots are recomputed from the proof's
        hashes, so a log that had changed, dropped or reordered one of the older leaves would have to find a collision
        of SHA-256 (RFC 6962 §2.1.2, RFC 9162 §2.1.4; C2SP tlog-witness asks a witness for the same). It takes some
        forty hashes however large the log is, and tiles would add nothing: an entry is seen only as a salted digest,
        and whoever reads a tile checks it against the co-signed root. What a witness does not vouch for is that the
        entries are true, or still to be had: that is for whoever holds a receipt, and for the scrubber.
        """
        before = self._trusted(last)
        if shown.size < before.size:
            self._accuse(last, note, f"the log went back from {before.size} to {shown.size} entries")
        if shown.size == before.size and shown.root != before.root:
            self._accuse(last, note, f"two trees of {shown.size} entries")
        if shown.size > before.size > 0:
            proof = self._consistency(before.size, shown.size)
            if not merkle.verify_consistency(before.size, shown.size, before.root, shown.root, proof):
                self._accuse(last, note, f"{shown.size} entries do not begin with the {before.size} shown before")

    def _consistency(self, old: int, new: int) -> list[bytes]:
        told = _json(self.get(f"/log/consistency?old={old}&new={new}"), self.url)
        try:
            return [bytes.fromhex(item) for item in told["proof"]]
        except (KeyError, TypeError, ValueError) as error:
            raise LogUnreachable(f"{self.url}/log/consistency: no proof") from error

    def _accuse(self, last: str, note: str, what: str) -> None:
        """Keeps both notes, each signed by the log itself: whoever reads them sees the fork without asking anyone."""
        path = self.folder / "forks" / f"{time.time_ns() // 1_000_000}.json"
        _write_once(path, json.dumps({"what": what, "before": last, "after": note}, indent=1).encode())
        raise LogForked(f"{what}; both notes lie in {path}")

    def get(self, path: str) -> bytes:
        """The answer to one question; LogUnreachable."""
        told = bytearray()
        try:
            with self.http.stream("GET", self.url + path) as answer:
                for chunk in answer.iter_bytes():
                    told += chunk
                    if len(told) > _LARGEST_ANSWER:
                        raise LogUnreachable(f"{self.url}{path}: more than {_LARGEST_ANSWER} bytes")
        except httpx.RequestError as error:
            raise LogUnreachable(f"{self.url}{path}: {error}") from error
        if not answer.is_success:
            raise LogUnreachable(f"{self.url}{path}: HTTP {answer.status_code}")
        return bytes(told)


def main_witness(
    *, url: str, folder: Path, once: bool, say: Callable[[str], None], trust: Path | None = None, every: float = EVERY
) -> int:
    """Looks at the log, once or for ever, and says each note that it co-signed; 1 for a fork or no answer, once."""
    with httpx.Client(timeout=30.0, trust_env=False) as http:
        witness = Witness(folder, url.rstrip("/"), http)
        said = None
        while True:
            try:
                witness.trust(read_trust(trust) if trust is not None else _served(witness))
                note = witness.look()
                if note != said:
                    say(note.rstrip("\n"))
                said = note
                ending = f"witness: co-signed {note.splitlines()[1]} entries of {note.splitlines()[0]}"
                code = 0
            except LogForked as fork:
                log.critical("%s", fork)
                ending, code = f"witness: FORK: {fork}", 1
            except (LogUnreachable, KeysMalformed) as fault:
                log.warning("%s", fault)
                ending, code = f"witness: nothing was signed: {fault}", 1
            if once:
                say(ending)
                return code
            time.sleep(every)


def _served(witness: Witness) -> dict[str, Any]:
    """The keys that the log serves, for a first contact without a document from elsewhere."""
    if (witness.folder / "log-keys.json").exists():
        return read_trust(witness.folder / "log-keys.json")
    document = _json(witness.get("/.well-known/pithead-keys"), witness.url)
    return PublicKeys.parse(document).document()


def _json(data: bytes, url: str) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise LogUnreachable(f"{url}: an answer that is no JSON") from error


def _write_once(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """A new file, whole on the disk or not there; one that is there is never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(aside, path)
    finally:
        os.unlink(aside)
