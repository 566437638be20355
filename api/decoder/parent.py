"""Starts a decoding child, hands it one file after the other, kills it when a limit is passed; decodes nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from api.decoder import limits

_ROOT: Final = Path(__file__).resolve().parents[2]
_START_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Told:
    """What the child answered: JSON that is still to be judged, and the preview's bytes."""

    facts: bytes
    preview: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The child gave no answer: TIMED_OUT, or NOT_READ where it died or answered nonsense."""

    why: str


class _Silent(Exception):
    """The child died, or said what no child says."""


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    line: socket.socket
    files: int = 0


@dataclass(slots=True)
class Decoder:
    """One child at a time, warm for several files. Methods block; one thread uses it."""

    command: tuple[str, ...] = (sys.executable, "-m", "api.decoder.child")
    wall_seconds: float = limits.WALL_SECONDS
    _child: _Child | None = field(default=None, init=False)

    def describe(self, file: BinaryIO, media_type: str) -> Told | Failed:
        """Facts of one file that is read from its start; returns within `wall_seconds`, whatever is in it.

        A warm child that dies may have died of the file before: the next one is tried once in a fresh child.
        """
        warm = self._child is not None
        answer = self._try(file, media_type)
        if warm and answer == Failed("NOT_READ"):
            answer = self._try(file, media_type)
        return answer

    def clean(self, file: BinaryIO, media_type: str) -> Told | Failed:
        """The pixels of one picture in a fresh JPEG (`preview`), and in the facts what was left behind."""
        return self.describe(file, f"{limits.CLEAN}{media_type}")

    def render(self, file: BinaryIO, media_type: str) -> Told | Failed:
        """The plain pixels of a picture's rendition (`preview`); its facts are its size and by what it was reduced."""
        return self.describe(file, f"{limits.RENDER}{media_type}")

    def pack(self, file: BinaryIO, width: int, height: int) -> Told | Failed:
        """Plain pixels as the bytes of a PNG (`preview`)."""
        return self.describe(file, f"{limits.PACK}{width} {height}")

    def close(self) -> None:
        """Ends the child at once; it holds nothing that could be lost."""
        child, self._child = self._child, None
        if child is not None:
            child.line.close()
            child.process.kill()
            child.process.wait()

    def _try(self, file: BinaryIO, media_type: str) -> Told | Failed:
        try:
            child = self._child or self._start()
            file.seek(0)
            answer = self._ask(child, file, media_type)
        except TimeoutError:
            self.close()
            return Failed("TIMED_OUT")
        except (_Silent, OSError):
            return Failed(self._cause_of_death())
        child.files += 1
        if child.files >= limits.FILES_OF_A_LIFE:
            self.close()
        return answer

    def _cause_of_death(self) -> str:
        """TIMED_OUT when the kernel ended it for its CPU seconds."""
        child = self._child
        if child is not None:
            child.line.close()
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(1)
        out_of_time = child is not None and child.process.returncode == -signal.SIGXCPU
        self.close()
        return "TIMED_OUT" if out_of_time else "NOT_READ"

    def _start(self) -> _Child:
        ours, theirs = socket.socketpair()
        with theirs:
            # No environment: the addresses and keys of the worker are nothing that hostile bytes may ever reach.
            process = subprocess.Popen(  # noqa: S603 # The command is our own; nothing of a file is in it.
                [*self.command, str(theirs.fileno())], cwd=_ROOT, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}, start_new_session=True,
            )  # fmt: skip
        self._child = _Child(process, ours)
        ours.settimeout(_START_SECONDS)
        if ours.recv(1) != b"\x00":
            raise _Silent()
        return self._child

    def _ask(self, child: _Child, file: BinaryIO, media_type: str) -> Told:
        deadline = time.monotonic() + self.wall_seconds
        child.line.settimeout(self.wall_seconds)
        socket.send_fds(child.line, [media_type.encode("ascii")], [file.fileno()])
        lengths = _receive(child.line, 8, deadline)
        facts, preview = int.from_bytes(lengths[:4], "big"), int.from_bytes(lengths[4:], "big")
        large = media_type.startswith((limits.CLEAN, limits.RENDER, limits.PACK))
        most = limits.LARGEST_CLEANED if large else limits.LARGEST_PREVIEW
        if facts > limits.LARGEST_ANSWER or preview > most:
            raise _Silent()
        return Told(_receive(child.line, facts, deadline), _receive(child.line, preview, deadline))


def _receive(line: socket.socket, length: int, deadline: float) -> bytes:
    received = bytearray()
    while len(received) < length:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
        chunk = line.recv(length - len(received))
        if not chunk:
            raise _Silent()
        received += chunk
    return bytes(received)
