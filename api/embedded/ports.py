"""Which TCP ports of the loopback interface are free."""

import random
import socket
from collections.abc import Sequence

LOOPBACK = "127.0.0.1"

# Below Linux's range for outgoing connections (32768 and up), so that no client takes a port before its server.
_CANDIDATES = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """True when a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # A server sets this too: a connection that is only waiting out its last minute does not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def reserve(port: int) -> socket.socket | None:
    """Holds a free port until the returned socket is closed, so that a twin that starts meanwhile takes another.

    None when the port cannot be held although it may be free: connections of an earlier server are waiting out.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        held.bind((LOOPBACK, port))  # Without SO_REUSEADDR: two that set it may both bind, until one listens.
    except OSError:
        held.close()
        return None
    return held


def free_ports(count: int, *, preferred: Sequence[int] = ()) -> list[int]:
    """As many different free ports as asked for: the preferred ones when all of them are free, else random ones."""
    if len(preferred) == count and all(is_free(port) for port in preferred):
        return list(preferred)
    found: list[int] = []
    for port in random.SystemRandom().sample(_CANDIDATES, k=len(_CANDIDATES)):
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise OSError(f"{count} free ports on {LOOPBACK} were looked for, {len(found)} found")


def next_free_port(start: int) -> int:
    """The first free port from `start` on, within the next hundred."""
    for port in range(start, start + 100):
        if is_free(port):
            return port
    raise OSError(f"no free port from {start} to {start + 99} on {LOOPBACK}")
