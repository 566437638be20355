"""Answers for one name in `.local` (multicast DNS, RFC 6762), so that phones find this machine without its address.

One name with one address is all that is needed, and less than the libraries for it bring along.
"""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import Final, cast

GROUP: Final = "224.0.0.251"
PORT: Final = 5353
_LIFE: Final = 120
_LEGACY_LIFE: Final = 10
_A, _ANY, _IN, _FLUSH, _UNICAST = 1, 255, 1, 0x8000, 0x8000
_ANSWER: Final = 0x8400  # An answer, with authority.
_MOST_QUESTIONS: Final = 32


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the name in lower case, the type and class asked for, whether the asker wants it sent to him."""

    name: str
    kind: int
    kin: int
    unicast: bool


def questions(message: bytes) -> list[Question]:
    """The questions of a query; nothing of an answer or of a message that breaks off."""
    try:
        _, flags, count, *_ = struct.unpack_from("!6H", message)
        if flags & 0xF800:  # An answer, or no standard query.
            return []
        found, at = [], 12
        for _ in range(min(count, _MOST_QUESTIONS)):
            name, at = _name(message, at)
            kind, kin = struct.unpack_from("!2H", message, at)
            at += 4
            found.append(Question(name, kind, kin & 0x7FFF, bool(kin & _UNICAST)))
    except (struct.error, IndexError, UnicodeDecodeError, ValueError):
        return []
    return found


def answer(name: str, address: str, *, life: int = _LIFE) -> bytes:
    """That this name has this address; `life` 0 takes it back."""
    return struct.pack("!6H", 0, _ANSWER, 0, 1, 0, 0) + _record(name, address, life=life, kin=_IN | _FLUSH)


def legacy_answer(message: bytes, name: str, address: str) -> bytes:
    """The same for an asker who knows DNS only: his id and his question come back with it (RFC 6762 §6.7)."""
    head = message[:2] + struct.pack("!5H", _ANSWER, 1, 1, 0, 0)
    question = _written(name) + struct.pack("!2H", _A, _IN)
    return head + question + _record(name, address, life=_LEGACY_LIFE, kin=_IN)


def _record(name: str, address: str, *, life: int, kin: int) -> bytes:
    return _written(name) + struct.pack("!2HIH", _A, kin, life, 4) + socket.inet_aton(address)


def _written(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def _name(message: bytes, at: int) -> tuple[str, int]:
    """The name at this place and where what follows begins; pointers lead backwards only, so that none is a circle."""
    parts: list[str] = []
    end, before = 0, at
    while length := message[at]:
        if length >= 0xC0:
            target = struct.unpack_from("!H", message, at)[0] & 0x3FFF
            if target >= before:
                raise ValueError("a pointer that does not lead backwards")
            end, at, before = end or at + 2, target, target
            continue
        parts.append(message[at + 1 : at + 1 + length].decode().lower())
        at += 1 + length
    return ".".join(parts), end or at + 1


class Responder(asyncio.DatagramProtocol):
    """Answers whoever asks for the name; says it by itself at the start, and takes it back at the end."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # The loop's own class is none of the abstract one's children, so it cannot be asked what it is.
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.say()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        asked = [one for one in questions(data) if one.name == self.name and one.kind in (_A, _ANY) and one.kin == _IN]
        if not asked:
            return
        if addr[1] != PORT:
            self._send(legacy_answer(data, self.name, self.address), addr)
        else:
            self._send(answer(self.name, self.address), addr if asked[0].unicast else (GROUP, PORT))

    def error_received(self, exc: Exception) -> None:
        """A network that went away comes back, and phones ask again."""

    def say(self, *, life: int = _LIFE) -> None:
        """Tells the network unasked."""
        self._send(answer(self.name, self.address, life=life), (GROUP, PORT))

    def _send(self, message: bytes, to: tuple[str, int]) -> None:
        if self._transport is not None:
            with contextlib.suppress(OSError):
                self._transport.sendto(message, to)


def listening_socket(address: str) -> socket.socket:
    """A socket of the group on the interface of this address, beside any other responder of the machine. OSError."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(("", PORT))
        interface = socket.inet_aton(address)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + interface)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made
