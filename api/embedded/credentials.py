"""Secrets that the embedded servers need: made once, kept in a file that only its owner may read."""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path


def random_secret() -> str:
    """43 characters that need no quoting in an address, 256 bits."""
    return secrets.token_urlsafe(32)


def write_private(path: Path, content: bytes) -> None:
    """Writes a file of mode 0600 whole or not at all: it is never open to others, not even while it is written."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def kept_secrets(path: Path, *, names: Sequence[str]) -> dict[str, str]:
    """The secrets of these names from the file, which is made, or completed, when it lacks some."""
    known: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: random_secret() for name in missing}
        write_private(path, json.dumps(known, indent=1).encode())
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return known
