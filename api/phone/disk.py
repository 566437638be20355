"""Files that are whole or absent, whatever kills the phone, and that only its owner reads."""

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

UNFINISHED = ".unfinished"


class Damaged(Exception):
    """A file of the phone is not what the phone writes; the text is its path. It is never repaired by guessing."""


class FolderInUse(Exception):
    """Another process works in this folder; the text is the folder."""


@contextlib.contextmanager
def whole_file(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A stream into a new file that takes the place of `path` once all of it is on the disk, or leaves no trace."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    sync_folder(path.parent)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """The document in the place of the one before, or the one before."""
    with whole_file(path) as file:
        file.write(json.dumps(document, ensure_ascii=False, indent=1).encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The document in a file, or None if there is no such file; Damaged if it holds anything else."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Damaged(str(path)) from error
    if not isinstance(document, dict):
        raise Damaged(str(path))
    return document


def sync_folder(folder: Path) -> None:
    """A rename outlives a power cut only once its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear_halves(folder: Path, *, below: bool = False) -> None:
    """Removes what a killed process left half written in a folder, or below it too: nothing was ever said about it."""
    for leftover in (folder.rglob if below else folder.glob)(f".*{UNFINISHED}"):
        leftover.unlink(missing_ok=True)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Holds the folder for this process alone; FolderInUse if another one does. A kill lets go of it.

    What a killed process left half written in it is removed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(str(folder)) from None
        clear_halves(folder, below=True)
        yield
    finally:
        os.close(descriptor)
