"""Where the embedded servers keep files and programs, so that the user they run as can reach both."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from api.embedded.processes import Identity

# Needed only when we are root, whose servers run as another user: an ordinary user's servers reach what he reaches.
STATE_DIRECTORY = Path("/var/lib/pithead")

# 107 bytes are what a unix socket's address holds; PostgreSQL appends "/.s.PGSQL.NNNNN".
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.65535")


def can_enter(identity: Identity, folder: Path) -> bool:
    """True when the server's user can pass through every folder down to this one."""
    if not identity.is_other:
        return os.access(folder, os.X_OK)
    answer = subprocess.run(  # noqa: S603 - a fixed program; asked as that user, since modes alone do not tell it.
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
        cwd="/",
        capture_output=True,
        check=False,
        **identity.popen_arguments(),
    )
    return answer.returncode == 0


def runs(identity: Identity, program: Path) -> bool:
    """True when the server's user can run this program (it is asked for its version)."""
    try:
        answer = subprocess.run(  # noqa: S603 - a program of a wheel or of the system.
            [str(program), "version" if program.name == "weed" else "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            **identity.popen_arguments(),
        )
    except OSError:
        return False
    return answer.returncode == 0


def reachable_folder(folder: Path, *, identity: Identity, log: Callable[[str], None]) -> Path:
    """The folder itself, or, when the server's user cannot reach it (below a home of mode 0700), one in the state
    directory; which one is written into the folder, so that removing the folder means starting afresh."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    note = folder / "place"
    if note.exists():
        elsewhere = Path(note.read_text().strip())
        _make_passable(elsewhere)
        log(f"{folder} is kept in {elsewhere}, which the servers' user can reach")
        return elsewhere
    if identity.is_other:
        folder.chmod(0o711)
    if can_enter(identity, folder):
        return folder
    elsewhere = STATE_DIRECTORY / f"{folder.name}-{secrets.token_hex(6)}"
    _make_passable(elsewhere)
    note.write_text(f"{elsewhere}\n")
    log(f"{folder} cannot be reached by the servers' user: its files are kept in {elsewhere}")
    return elsewhere


def _make_passable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for part in (STATE_DIRECTORY, folder):
        part.chmod(0o711)


def reachable_program(
    program: Path, *, root: Path, also: tuple[Path, ...] = (), name: str, identity: Identity, log: Callable[[str], None]
) -> Path | None:
    """The program, or its copy in the state directory when the server's user cannot reach it, or None when it does not
    run at all. `root` is the file or folder that is copied, `also` its neighbours, `name` carries its version."""
    if runs(identity, program):
        return program
    if not identity.is_other or not program.exists():
        return None
    target = STATE_DIRECTORY / "servers" / name
    copy = target / root.name / program.relative_to(root) if root.is_dir() else target / root.name
    if not runs(identity, copy):
        _copy_whole(target, sources=(root, *also))
        log(f"{root} cannot be reached by the servers' user: copied to {target}")
    return copy if runs(identity, copy) else None


def _copy_whole(target: Path, *, sources: tuple[Path, ...]) -> None:
    """Copies beside the target first, so that a copy that was cut short is never taken for a whole one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, fresh / source.name, symlinks=True)
        else:
            shutil.copy2(source, fresh / source.name)
    fresh.chmod(0o755)
    target.parent.chmod(0o755)
    STATE_DIRECTORY.chmod(0o711)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def socket_folder(folder: Path, *, identity: Identity) -> Path:
    """A folder of mode 0700 for a unix socket: below `folder`, or a short one when that address would be too long."""
    chosen = folder / "socket"
    if len(os.fsencode(chosen)) > _LONGEST_SOCKET_FOLDER:
        chosen = Path(tempfile.mkdtemp(prefix="pithead-", dir="/tmp"))
    chosen.mkdir(exist_ok=True, mode=0o700)
    identity.own(chosen, mode=0o700)
    return chosen
