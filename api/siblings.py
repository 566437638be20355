"""Several processes that answer as one API: on one port, started again when they die, stopped together."""

import contextlib
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, NoReturn

from api.embedded.processes import CannotStart, Restarts, tie_to_parent

log = logging.getLogger("pithead.siblings")

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_SECONDS: Final = 0.1


@dataclass(slots=True)
class _Place:
    """One of the processes, by its number from 1; `pid` is None while it waits to be started again."""

    number: int
    pid: int | None = None
    restarts: Restarts = field(default_factory=Restarts)


class Siblings:
    """Forks so many processes, each of which calls `serve` with its number and its own socket on one address.

    The kernel deals new connections out among the sockets that listen: evenly, and never to a process that has died.
    (On one shared socket whoever wakes first takes nearly all.) What is forked shares the memory of all that was
    imported before. `patience` is how many seconds they have to stop.
    """

    def __init__(
        self, count: int, address: tuple[str, int], serve: Callable[[int, socket.socket], None], *, patience: float = 10
    ) -> None:
        self._places = [_Place(number) for number in range(1, count + 1)]
        self._address, self._serve, self._patience = address, serve, patience
        self._port = _bound(address)  # It never listens: it keeps the port for them.
        self._was_open = False
        self._tie = tie_to_parent(signal.SIGTERM)
        self._leaving = False

    def run(self) -> int:
        """Watches over them until SIGTERM, SIGINT or SIGHUP; 1 if they could not even start. In the main thread only.

        Whatever signal comes is passed on at once: each process closes its `/readyz`, drains and ends by itself.
        """
        for number in _SIGNALS:
            signal.signal(number, self._pass_on)
        for place in self._places:
            self._start(place)
        well = True
        while well and not self._leaving:
            time.sleep(_POLL_SECONDS)
            self._was_open = self._was_open or self._is_open()
            well = all(self._watch(place) for place in self._places)
        if not well:
            self._pass_on(signal.SIGTERM)
        self._port.close()
        self._wait_for_their_end()
        return 0 if well else 1

    def _pass_on(self, number: int, _: FrameType | None = None) -> None:
        self._leaving = True
        self._tell(number)

    def _tell(self, number: int) -> None:
        for place in self._places:
            if place.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(place.pid, number)

    def _start(self, place: _Place) -> None:
        # A signal that came between the fork and the child's first step would be passed on by the child too.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            pid = os.fork()
            if pid == 0:
                self._become(place.number)
            place.pid = pid
            place.restarts.begun()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _become(self, number: int) -> NoReturn:
        """What the child does; it ends here, and never goes back into what its parent was doing."""
        code = 1
        try:
            os.setpgid(0, 0)  # A terminal's Ctrl-C reaches the parent alone, who passes it on.
            for each in _SIGNALS:
                signal.signal(each, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            self._tie()
            self._serve(number, _bound(self._address))
            code = 0
        except SystemExit as asked:
            code = asked.code if isinstance(asked.code, int) else 1
        except BaseException:
            log.exception("process %d failed", number)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _watch(self, place: _Place) -> bool:
        """Starts again what died, after a delay that grows; false if it died before anybody had listened."""
        if place.pid is None:
            if place.restarts.are_due():
                self._start(place)
            return True
        code = _end_of(place)
        if code is None or self._leaving:
            return True
        if not self._was_open:
            log.error("process %d could not start: exit code %d", place.number, code)
            return False
        log.warning("process %d ended with exit code %d; again in %g s", place.number, code, place.restarts.ended())
        return True

    def _is_open(self) -> bool:
        with socket.socket(self._port.family) as probe:
            return probe.connect_ex(self._port.getsockname()) == 0

    def _wait_for_their_end(self) -> None:
        deadline = time.monotonic() + self._patience
        while running := [place for place in self._places if place.pid is not None and _end_of(place) is None]:
            if time.monotonic() > deadline:
                log.error("%d did not stop in %g s and were killed", len(running), self._patience)
                self._tell(signal.SIGKILL)
            time.sleep(_POLL_SECONDS / 5)


def _bound(address: tuple[str, int]) -> socket.socket:
    made = socket.socket(
        socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        made.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        made.bind(address)
    except OSError as refused:
        made.close()
        raise CannotStart(f"{address[0]}:{address[1]} cannot be listened on: {refused.strerror}") from refused
    return made


def _end_of(place: _Place) -> int | None:
    """The exit code of a process that has ended, which leaves its place; None while it runs."""
    assert place.pid is not None  # noqa: S101 # Whoever asks has looked.
    pid, status = os.waitpid(place.pid, os.WNOHANG)
    if pid == 0:
        return None
    place.pid = None
    return os.waitstatus_to_exitcode(status)
