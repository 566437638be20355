"""What may live here: a lean HTTP/1.1 client over one kept connection, which costs the machine next to nothing."""

import asyncio


class AnswerRefused(RuntimeError):
    """The server answered, but not with what was expected."""


class Client(asyncio.Protocol):
    """One connection; requests are whole bytes made beforehand, answers are whole bodies."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiting: asyncio.Future[bytes] | None = None

    @classmethod
    async def connect(cls, port: int, *, source: str = "127.0.0.1") -> "Client":
        """A connection to the server on this port of the loopback, from this address of it."""
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(cls, "127.0.0.1", port, local_addr=(source, 0))
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop has transports of its own, which are no subclasses.
        self._transport = transport  # type: ignore[assignment] # As above.

    async def ask(self, request: bytes) -> bytes:
        """Sends one request and returns the body of its answer; AnswerRefused unless the status is 200."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found or self._waiting is None:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) < length:
            return
        self._received.clear()
        if b" 200 " in head[:16]:
            self._waiting.set_result(bytes(rest))
        else:
            self._waiting.set_exception(AnswerRefused(bytes(head + found + rest).decode()))

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("the server closed the connection"))

    def close(self) -> None:
        """Ends the connection."""
        if self._transport is not None:
            self._transport.close()


def post(path: str, body: bytes, *, token: str) -> bytes:
    """A POST of JSON, as a phone sends it."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        f"accept: application/graphql-response+json\r\nauthorization: Bearer {token}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
