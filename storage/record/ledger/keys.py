"""The folder of server keys: made once, each signed by its predecessor, read by whoever holds the folder."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.keys import NAMES, PublicKey, PublicKeys, key_id
from storage.record.ledger.proofs.signatures import Signer

PROMISE = "promise"
"""Of this name earlier keys stay in the folder, so that a receipt of their time can be made again."""
SALT = "salt"
SALT_SIZE = 32
REPORT = "report"
"""What salts of receipts come from: it is never replaced, or no receipt would open again."""
PUBLIC_FILE = "public.json"
PUBLIC_LIMIT = 1_048_576


class KeysUnusable(RuntimeError):
    """The folder or a file in it is missing, open to others, or not what it should be; the message names it."""


class KeyFolder:
    """Server keys in one folder (0700, files 0600): ledger, receipt, promise, token, stamp (Ed25519), salt and report.

    `public.json` (0644) holds the public halves, so that who serves them need not open the private ones. One lock file
    makes `create_missing` and `rotate` safe when two processes start at once. Every file is written beside its name,
    synced and renamed; a process killed in between leaves something that the next `create_missing` puts right.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def create_missing(self, now_ms: int, *, origin: str | None = None) -> None:
        """Make the folder and every key that is not there yet, valid from `now_ms`.

        `origin` names the log; it is used only the first time, and drawn at random if not given.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._must_be_private(self.path)
        with self._locked():
            if not (self.path / PUBLIC_FILE).exists():
                first = PublicKeys(origin or f"pithead.invalid/{secrets.token_hex(8)}", {})
                PublicKeys.parse(first.document())  # An origin that could not be read back is refused here.
                self._write(PUBLIC_FILE, canonical(first.document()), 0o644)
            for name in NAMES:
                self._create(name, now_ms)
            for name in (SALT, REPORT):
                if not (self.path / name).exists():
                    self._write(name, secrets.token_bytes(SALT_SIZE), 0o600)

    def rotate(self, name: str, now_ms: int) -> None:
        """Replace a key by a new one that it signs; the old one stays in the public list with its end.

        A new salt hides later entries only; the old one is kept beside it, since nothing secret is thrown away here.
        """
        if name not in (*NAMES, SALT):
            raise KeysUnusable(f"there is no key named {name}")
        with self._locked():
            if name == SALT:
                self._write(f"{SALT}.until-{now_ms}", self.secret(SALT), 0o600)
                self._write(SALT, secrets.token_bytes(SALT_SIZE), 0o600)
                return
            self._finish(name)
            self._follow(name, now_ms)

    def signer(self, name: str) -> Signer:
        """The key of this name now in use. It reads the file: keep what it gives, and ask again after a rotation."""
        private = self._private(f"{name}.pem")
        return signatures.signer(private, id=key_id(name, _spki(private)))

    def promise_at(self, at: int) -> Signer:
        """The promise key that was in use at this time (ms): a declared receipt is made again as it was.

        Ed25519 signs the same bytes alike, so no receipt need be kept. KeysUnusable if there was no key then.
        """
        keys = [key for key in self._public().keys.values() if key.name == PROMISE and key.valid_at(at)]
        current = self.signer(PROMISE)
        for key in sorted(keys, key=lambda key: key.since):
            if key.id == current.id:
                return current
            if key.since <= at and (key.until is None or at < key.until):
                return signatures.signer(self._private(f"{key.id}.pem"), id=key.id)
        raise KeysUnusable(f"{self.path} has no promise key of {at}")

    def secret(self, name: str) -> bytes:
        """The 32 bytes of the salt, or of what the salts of receipts come from."""
        if name not in (SALT, REPORT):
            raise KeysUnusable(f"{name} is no secret to hand out")
        secret = self._read(name)
        if len(secret) != SALT_SIZE:
            raise KeysUnusable(f"{self.path / name} does not hold {SALT_SIZE} bytes")
        return secret

    def public(self) -> dict[str, Any]:
        """The keys document, as served at /.well-known/pithead-keys and given to `--trust`; opens no private key."""
        return self._public().document()

    def _create(self, name: str, now_ms: int) -> None:
        self._finish(name)
        keys = self._public()
        if not (self.path / f"{name}.pem").exists():
            if any(key.name == name for key in keys.keys.values()):
                raise KeysUnusable(f"{self.path / name}.pem is missing, though the public list has a {name} key")
            self._write(f"{name}.pem", _pem(Ed25519PrivateKey.generate()), 0o600)
        public = self.signer(name).public
        if key_id(name, public) not in keys.keys:
            self._publish(keys, _listed(name, public, now_ms))

    def _follow(self, name: str, now_ms: int) -> None:
        """Write the new key aside, publish it signed by the old one, then put it in the old one's place."""
        keys, old = self._public(), self.signer(name)
        if now_ms < keys.key(old.id).since:
            raise KeysUnusable(f"{old.id} cannot end at {now_ms}, before it begins: is the clock wrong?")
        private = Ed25519PrivateKey.generate()
        unsigned = replace(_listed(name, _spki(private), now_ms), predecessor=old.id)
        signature = old.sign(signatures.signing_input("key", unsigned.signed_bytes()))
        if name == PROMISE:
            self._write(f"{old.id}.pem", self._read(f"{name}.pem"), 0o600)
        self._write(f"{name}.next.pem", _pem(private), 0o600)
        ended = replace(keys.key(old.id), until=now_ms)
        self._publish(keys, ended, replace(unsigned, signature=signature))
        self._finish(name)

    def _finish(self, name: str) -> None:
        """Complete a rotation that was interrupted: the new key stands if it was published, else it never was."""
        aside = self.path / f"{name}.next.pem"
        if not aside.exists():
            return
        if key_id(name, _spki(self._private(aside.name))) in self._public().keys:
            aside.rename(self.path / f"{name}.pem")
        else:
            aside.unlink()
        self._sync_folder()

    def _publish(self, keys: PublicKeys, *changed: PublicKey) -> None:
        listed = PublicKeys(keys.origin, {**keys.keys, **{key.id: key for key in changed}})
        self._write(PUBLIC_FILE, canonical(listed.document()), 0o644)

    def _public(self) -> PublicKeys:
        try:
            return PublicKeys.parse(parse_canonical((self.path / PUBLIC_FILE).read_bytes(), PUBLIC_LIMIT))
        except (OSError, ValueError) as error:
            raise KeysUnusable(f"{self.path / PUBLIC_FILE}: {error}") from error

    def _private(self, file: str) -> Ed25519PrivateKey:
        try:
            private = load_pem_private_key(self._read(file), password=None)
        except (ValueError, TypeError) as error:
            raise KeysUnusable(f"{self.path / file} holds no private key") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise KeysUnusable(f"{self.path / file} holds no Ed25519 key")
        return private

    def _read(self, file: str) -> bytes:
        path = self.path / file
        self._must_be_private(path)
        try:
            return path.read_bytes()
        except OSError as error:
            raise KeysUnusable(f"{path}: {error.strerror}") from error

    def _must_be_private(self, path: Path) -> None:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            raise KeysUnusable(f"{path}: {error.strerror}") from error
        if mode & 0o077:
            raise KeysUnusable(f"{path} is open to others (mode {mode & 0o777:04o})")

    def _write(self, file: str, data: bytes, mode: int) -> None:
        aside = self.path / f".{file}.{secrets.token_hex(4)}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, mode)  # Whatever the umask of who started us.
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        aside.rename(self.path / file)
        self._sync_folder()

    def _sync_folder(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _listed(name: str, public: bytes, since: int) -> PublicKey:
    return PublicKey(id=key_id(name, public), name=name, algorithm="Ed25519", public=public, since=since)


def _spki(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _pem(private: Ed25519PrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
