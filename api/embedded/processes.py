"""How a server is run as our child: under whose name, tied to our life, stopped in time, one per folder."""

import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_FIRST_DELAY, _LONGEST_DELAY, _STEADY_SECONDS = 0.5, 30.0, 60.0


class CannotStart(Exception):
    """A server cannot be started; the text says why in one line."""


@dataclass(frozen=True)
class Identity:
    """The user whom the servers run as: `nobody` when we are root (PostgreSQL refuses root), else we ourselves."""

    uid: int
    gid: int
    is_other: bool

    def popen_arguments(self) -> dict[str, Any]:
        """The arguments of subprocess.Popen which make the child this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def own(self, path: Path, *, mode: int) -> None:
        """Gives the path to this user, who alone may reach it."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def own_identity() -> Identity:
    """We ourselves."""
    return Identity(os.geteuid(), os.getegid(), is_other=False)


def server_identity() -> Identity:
    """Whom the servers run as; no user is added to the host for them."""
    if os.geteuid() != 0:
        return own_identity()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as missing:
        raise CannotStart(
            "as root the servers run as the user `nobody`, whom this machine does not have: start as another user"
        ) from missing
    return Identity(nobody.pw_uid, nobody.pw_gid, is_other=True)


def tie_to_parent(death_signal: int) -> Callable[[], None]:
    """What a child does before exec so that it gets `death_signal` when the thread that started it ends (Linux only).

    Start such a child from a thread that lives as long as the child should, normally the main one.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # Loaded before the fork, which must not allocate.

    def in_the_child() -> None:
        if libc is None:
            return
        libc.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # The parent died between fork and prctl.
            os.kill(os.getpid(), signal.SIGKILL)

    return in_the_child


def start_server(
    command: Sequence[str | Path],
    *,
    identity: Identity,
    environment: Mapping[str, str],
    folder: Path,
    log_file: IO[bytes] | None,
    death_signal: int,
    inherit: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Starts a server as a child in its own process group: the terminal's Ctrl-C reaches only the supervisor.

    Without `log_file` the child writes where we write.
    """
    return subprocess.Popen(  # noqa: S603 - the command is ours: no part of it comes from a request.
        [str(part) for part in command],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=log_file,
        stderr=None if log_file is None else subprocess.STDOUT,
        process_group=0,
        umask=0o077,  # What a server makes, sockets in shared folders too, is its own.
        pass_fds=tuple(inherit),
        preexec_fn=tie_to_parent(death_signal),  # Nothing but prctl happens there.
        **identity.popen_arguments(),
    )


def stop_process(process: subprocess.Popen[bytes], *, first: int, seconds: float) -> bool:
    """Sends `first`, waits, then SIGKILL; true when the process went by itself."""
    if process.poll() is not None:
        return True
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(first)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


@dataclass(slots=True)
class Restarts:
    """When what died is started again: after a delay that grows each time, and is short again after a steady minute."""

    _begun_at: float = 0.0
    _again_at: float = 0.0
    _delay: float = _FIRST_DELAY

    def begun(self) -> None:
        """It was started."""
        self._begun_at = time.monotonic()

    def ended(self) -> float:
        """It died; in how many seconds it is started again."""
        now = time.monotonic()
        delay = _FIRST_DELAY if now - self._begun_at > _STEADY_SECONDS else self._delay
        self._again_at, self._delay = now + delay, min(delay * 2, _LONGEST_DELAY)
        return delay

    def are_due(self) -> bool:
        """Whether the delay is over."""
        return time.monotonic() >= self._again_at


def is_alive(pid: int) -> bool:
    """True when a process with this id exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class FolderLock:
    """One supervisor per folder: a lock that the children hold too, so that it lasts until the last is gone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The open file that children inherit."""
        if self._descriptor is None:
            raise CannotStart(f"{self._path} is not locked")
        return self._descriptor

    def take(self, *, patience: float = 15.0) -> None:
        """Takes the lock, or raises CannotStart: at once when its supervisor lives, after `patience` seconds when only
        that supervisor's orphans are still closing."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait_for(descriptor, patience=patience)
        except BaseException:
            os.close(descriptor)
            raise
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def _wait_for(self, descriptor: int, *, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                holder = os.pread(descriptor, 32, 0).decode().strip()
                if (holder.isdigit() and is_alive(int(holder))) or time.monotonic() > deadline:
                    raise CannotStart(
                        f"{self._path.parent} is in use by another running Pithead (process {holder or 'unknown'}): "
                        "stop it, or choose another folder with PITHEAD_DATA"
                    ) from None
                time.sleep(0.02)

    def release(self) -> None:
        """Gives the lock up; children that still live keep it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
