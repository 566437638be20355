"""Sends bytes of a file to the store over kept connections, by the system's own `sendfile` where the line is plain."""

import contextlib
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import FileIO
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

_STEP = 4 * 2**20
"""Bytes between two looks at the progress."""
_TIMEOUT = 30.0
_ANSWER_LIMIT = 64 * 1024


class LineBroken(Exception):
    """No answer came; the text says why. What was sent may have arrived, so sending it again must be harmless."""


class FileGone(Exception):
    """The file is not there, or has fewer bytes than are to be sent; the text says which. Nothing waits for it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One signed request to the store: all of its headers are part of the signature."""

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """So many bytes of a file from an offset."""

    file: Path
    offset: int
    size: int


@dataclass(slots=True)
class Wire:
    """One connection to one store, used by one thread; opened when it is needed and again when it broke."""

    _connection: HTTPConnection | None = None
    _origin: tuple[str, str] = ("", "")

    def send(self, upload: Upload, what: Slice, *, sent: Callable[[int], None]) -> tuple[int, str]:
        """The status and the beginning of the answer; `sent` hears of bytes as they leave. LineBroken, FileGone."""
        url = urlsplit(upload.url)
        for fresh in (False, True):
            connection, reused = self._open(url, fresh=fresh)
            told = 0

            def tell(count: int) -> None:
                nonlocal told
                told += count
                sent(count)

            try:
                status, text = self._exchange(connection, upload, what, tell)
                if status >= 300:
                    sent(-told)
                return status, text
            except FileGone:
                # The store waits for the rest of a body that does not come: this connection is of no use any more.
                self.close()
                sent(-told)
                raise
            except (OSError, HTTPException) as fault:
                self.close()
                sent(-told)
                # A kept connection may have been closed by the store while it was idle: once more on a new one.
                if not reused:
                    raise LineBroken(str(fault) or type(fault).__name__) from fault
        raise AssertionError("a fresh connection is never a reused one")

    def close(self) -> None:
        """Ends the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self, url: SplitResult, *, fresh: bool) -> tuple[HTTPConnection, bool]:
        """A connection to this store, and whether it had been used before."""
        origin = (url.scheme, url.netloc)
        if self._connection is not None and not fresh and origin == self._origin:
            return self._connection, True
        self.close()
        host, port = url.hostname or "", url.port
        if url.scheme == "https":
            context = ssl.create_default_context()
            self._connection = HTTPSConnection(host, port, timeout=_TIMEOUT, context=context)
        else:
            self._connection = HTTPConnection(host, port, timeout=_TIMEOUT)
        self._origin = origin
        return self._connection, False

    def _exchange(
        self, connection: HTTPConnection, upload: Upload, what: Slice, sent: Callable[[int], None]
    ) -> tuple[int, str]:
        url = urlsplit(upload.url)
        connection.putrequest(upload.method, f"{url.path}?{url.query}", skip_accept_encoding=True)
        for name, value in upload.headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            # A store that refuses the headers may answer and hang up before it has read the body.
            _send_body(connection, what, sent)
        answer = connection.getresponse()
        text = answer.read(_ANSWER_LIMIT).decode("utf-8", "replace")
        if answer.will_close or not answer.isclosed():
            self.close()
        return answer.status, text


def _send_body(connection: HTTPConnection, what: Slice, sent: Callable[[int], None]) -> None:
    with _opened(what.file) as file:
        os.posix_fadvise(file.fileno(), what.offset, what.size, os.POSIX_FADV_SEQUENTIAL)
        at, end = what.offset, what.offset + what.size
        while at < end:
            # On a line of TLS Python reads and sends by itself; on a plain one the bytes never enter this process.
            count = connection.sock.sendfile(file, at, min(_STEP, end - at))
            if count == 0:
                raise FileGone(f"{what.file.name} has become shorter")
            at += count
            sent(count)


def _opened(path: Path) -> FileIO:
    try:
        return path.open("rb", buffering=0)
    except FileNotFoundError as fault:
        raise FileGone(f"{path.name} is not there") from fault
