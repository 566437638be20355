"""Several processes that answer as one API: on one listening socket, started again when they die, stopped together."""

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

from api.embedded.processes import Restarts, tie_to_parent

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
    """Forks so many processes, each of which calls `serve` with its number and answers on `listening`.

    The socket is bound and does not listen yet: it listens from when the first process is ready, and stays open here
    while one of them is started again, so that whoever connects meanwhile waits and is not refused. What is forked
    shares the memory of all that was imported before. `patience` is how many seconds they have to stop.
    """

    def __init__(
        self, count: int, listening: socket.socket, serve: Callable[[int], None], *, patience: float = 10
    ) -> None:
        self._places = [_Place(number) for number in range(1, count + 1)]
        self._listening, self._serve, self._patience = listening, serve, patience
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
            well = all(self._watch(place) for place in self._places)
        if not well:
            self._pass_on(signal.SIGTERM)
        self._listening.close()  # The last of those who listen takes it along.
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
            self._serve(number)
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
        """Starts again what died, after a delay that grows; false if it died before anybody listened."""
        if place.pid is None:
            if place.restarts.are_due():
                self._start(place)
            return True
        code = _end_of(place)
        if code is None or self._leaving:
            return True
        if not self._listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            log.error("process %d could not start: exit code %d", place.number, code)
            return False
        log.warning("process %d ended with exit code %d; again in %g s", place.number, code, place.restarts.ended())
        return True

    def _wait_for_their_end(self) -> None:
        deadline = time.monotonic() + self._patience
        while running := [place for place in self._places if place.pid is not None and _end_of(place) is None]:
            if time.monotonic() > deadline:
                log.error("%d did not stop in %g s and were killed", len(running), self._patience)
                self._tell(signal.SIGKILL)
            time.sleep(_POLL_SECONDS / 5)


def _end_of(place: _Place) -> int | None:
    """The exit code of a process that has ended, which leaves its place; None while it runs."""
    assert place.pid is not None  # noqa: S101 # Whoever asks has looked.
    pid, status = os.waitpid(place.pid, os.WNOHANG)
    if pid == 0:
        return None
    place.pid = None
    return os.waitstatus_to_exitcode(status)
