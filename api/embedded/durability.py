"""Files that are on the disk when a write returns, for programs that do not ask for it themselves."""

import fcntl
import os
import struct
import sys
from pathlib import Path

# Linux's ioctls for the attributes that lsattr and chattr show, and the attribute S (chattr(1): "changes are written
# synchronously to the disk"); new files inherit it from their folder.
_GET_FLAGS, _SET_FLAGS, _SYNCHRONOUS = 0x80086601, 0x40086602, 0x08


def make_synchronous(folder: Path) -> bool:
    """Sets the attribute S on the folder and all in it; false where the file system has no such attribute."""
    if sys.platform != "linux":
        return False
    parts = [folder, *folder.rglob("*")]
    done = [_set_synchronous(part) for part in parts if not part.is_symlink() and (part.is_dir() or part.is_file())]
    return all(done)


def is_synchronous(path: Path) -> bool:
    """True when the path bears the attribute S."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return bool(_flags(descriptor) & _SYNCHRONOUS)
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _flags(descriptor: int) -> int:
    (flags,) = struct.unpack_from("=I", fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8)))
    return int(flags)


def _set_synchronous(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        flags = _flags(descriptor)
        if not flags & _SYNCHRONOUS:
            fcntl.ioctl(descriptor, _SET_FLAGS, struct.pack("=II", flags | _SYNCHRONOUS, 0))
        return bool(_flags(descriptor) & _SYNCHRONOUS)
    except OSError:
        return False
    finally:
        os.close(descriptor)
