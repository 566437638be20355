"""How long and how large the head of a request may be, and how long an answer may wait to be read: of all that comes
before ASGI and after it, uvicorn bounds nothing."""

import asyncio
import fcntl
import struct
import termios
from functools import partial
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SLOWEST_HEAD: Final = 10.0
SLOWEST_READER: Final = 30.0
BESIDE_A_QUERY: Final = 32 * 1024
"""Bytes of a head beside the query, which may stand in the address and be as large as a body."""

_ANSWER: Final = (
    b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n\r\n%s\n"
)
_LATE: Final = b"408 Request Timeout"
_LARGE: Final = b"431 Request Header Fields Too Large"


class BoundedLine(HttpToolsProtocol):
    """uvicorn's connection, ended when a head does not come whole within `seconds` or is larger than `most` bytes, and
    when of an answer nothing was read for `reading` seconds.

    The time runs from the first byte of a head, and on a new connection from its beginning. It runs too for what
    still comes of a body after its answer: each byte of that ends uvicorn's own wait for the next request.
    """

    def __init__(self, *, seconds: float, most: int, reading: float, **given: Any) -> None:
        super().__init__(**given)
        self._seconds, self._most, self._reading = seconds, most, reading
        self._came = 0
        self._head_ends: asyncio.TimerHandle | None = None
        self._reading_ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # As uvicorn has it.
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait_for_a_head()

    def data_received(self, data: bytes) -> None:
        """Read on; whoever is not in the midst of an answer is waited for."""
        self._came += len(data)
        super().data_received(data)
        answering = self.cycle is not None and not self.cycle.response_complete
        if (answering and self._came <= self._most) or self.transport.is_closing():
            return
        if self._came > self._most:
            self._refuse(_LARGE)
        elif self._head_ends is None and self.transport.get_protocol() is self:
            self._wait_for_a_head()  # Not of a socket, which has another protocol by now, with times of its own.

    def on_headers_complete(self) -> None:
        """The head is there: whatever takes long from here on has bounds of its own."""
        self._wait_no_longer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """What is a body is no head; how much of it is taken is the route's business."""
        self._came = 0
        super().on_body(body)

    def pause_writing(self) -> None:
        """The reader is slower than we: he has his time."""
        super().pause_writing()
        self._wait_for_the_reader(self._unread())

    def resume_writing(self) -> None:
        """He read."""
        super().resume_writing()
        self._reader_came()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to wait for."""
        self._wait_no_longer()
        self._reader_came()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Close a line that says nothing more; what it did not read by now it never will, and closing would wait."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        super().timeout_keep_alive_handler()

    def _wait_for_a_head(self) -> None:
        self._head_ends = self.loop.call_later(self._seconds, self._refuse, _LATE)

    def _wait_no_longer(self) -> None:
        self._came = 0
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None

    def _refuse(self, status: bytes) -> None:
        """Says so to whoever sent anything; a browser's connection in reserve is closed without a word."""
        if self._came and self.cycle is None and not self.transport.is_closing():
            self.transport.write(_ANSWER % (status, len(status) + 1, status))
        self.transport.close()

    def _wait_for_the_reader(self, left: int) -> None:
        self._reading_ends = self.loop.call_later(self._reading, self._look_again, left)

    def _look_again(self, left: int) -> None:
        """A slow reader is served as long as he reads at all."""
        if (now := self._unread()) < left:
            self._wait_for_the_reader(now)
        else:
            self.transport.abort()

    def _unread(self) -> int:
        """Bytes that the other side has not acknowledged: the system holds megabytes more than we do."""
        waiting = self.transport.get_write_buffer_size()
        try:
            told = fcntl.ioctl(self.transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, b"\0" * 4)
        except (OSError, AttributeError):
            return waiting
        return waiting + int(struct.unpack("i", told)[0])

    def _reader_came(self) -> None:
        if self._reading_ends is not None:
            self._reading_ends.cancel()
            self._reading_ends = None


def bounded_lines(*, largest_query: int, seconds: float = SLOWEST_HEAD, reading: float = SLOWEST_READER) -> Any:
    """What uvicorn makes its connections by."""
    return partial(BoundedLine, seconds=seconds, most=largest_query + BESIDE_A_QUERY, reading=reading)
