"""The one form of PNG in which covered pictures are published, read strictly into pixels: nothing can hide in it."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

PNG: Final = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS: Final = 1_048_576
LARGEST: Final = 4_194_304
"""The most bytes of a file: plain pixels of the largest picture, and what stands around them."""
BYTES: Final = 3
"""Of one pixel: red, green, blue."""
_UNLIKE: Final = "its pixels cannot be unpacked, or are more or fewer than it says"


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels, row by row from the top left corner, three bytes each."""

    width: int
    height: int
    pixels: bytes = field(repr=False)

    def rows_of(self, left: int, top: int, right: int, bottom: int) -> bytes:
        """The pixels of a rectangle, row by row; right and bottom are the first that do not belong to it."""
        rows = range(top, bottom)
        return b"".join(self.pixels[(row * self.width + left) * BYTES : (row * self.width + right) * BYTES]
                        for row in rows)  # fmt: skip


def read(data: bytes) -> Raster:
    """The picture of these bytes: 8-bit RGB without interlacing, no chunk but IHDR, IDAT and IEND; else ValueError."""
    if len(data) > LARGEST or not data.startswith(PNG):
        raise ValueError("it is no PNG, or larger than any that is published")
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    if len(kinds) < 3 or (kinds[0], kinds[-1]) != (b"IHDR", b"IEND") or set(kinds[1:-1]) != {b"IDAT"}:
        raise ValueError("it holds other chunks than IHDR, IDAT and IEND")
    head = chunks[0][1]
    if len(head) != 13 or head[8:] != b"\x08\x02\x00\x00\x00" or chunks[-1][1]:
        raise ValueError("it is no 8-bit RGB picture without interlacing")
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    if not width or not height or width * height > MOST_PIXELS:
        raise ValueError(f"{width} x {height} pixels are none, or more than {MOST_PIXELS}")
    return Raster(width, height, _pixels(b"".join(body for _, body in chunks[1:-1]), width, height))


def _chunks(data: bytes) -> "list[tuple[bytes, bytes]]":
    found, at = [], len(PNG)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if data[at + 8 + length : at + 12 + length] != zlib.crc32(kind + body).to_bytes(4, "big"):
            raise ValueError("a chunk is cut off, or its checksum is wrong")
        found.append((kind, body))
        at += 12 + length
    return found


def _pixels(packed: bytes, width: int, height: int) -> bytes:
    line = width * BYTES
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, height * (line + 1) + 1)
    except zlib.error as error:
        raise ValueError(_UNLIKE) from error
    if len(plain) != height * (line + 1) or not unpacker.eof or unpacker.unused_data:
        raise ValueError(_UNLIKE)
    rows, above = [], bytearray(line)
    for at in range(0, len(plain), line + 1):
        row = bytearray(plain[at + 1 : at + 1 + line])
        if plain[at] not in _FILTERS:
            raise ValueError("a row is written in a way that PNG does not know")
        _FILTERS[plain[at]](row, above)
        rows.append(row)
        above = row
    return b"".join(rows)


def _as_it_is(row: bytearray, above: bytearray) -> None:
    """Nothing is to be undone."""


def _sub(row: bytearray, above: bytearray) -> None:
    for at in range(BYTES, len(row)):
        row[at] = (row[at] + row[at - BYTES]) & 255


def _up(row: bytearray, above: bytearray) -> None:
    row[:] = bytes((one + two) & 255 for one, two in zip(row, above, strict=True))


def _average(row: bytearray, above: bytearray) -> None:
    for at in range(len(row)):
        left = row[at - BYTES] if at >= BYTES else 0
        row[at] = (row[at] + (left + above[at]) // 2) & 255


def _paeth(row: bytearray, above: bytearray) -> None:
    for at in range(len(row)):
        left, corner = (row[at - BYTES], above[at - BYTES]) if at >= BYTES else (0, 0)
        up = above[at]
        to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
        near = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        row[at] = (row[at] + near) & 255


_FILTERS: Final[dict[int, Callable[[bytearray, bytearray], None]]] = {
    0: _as_it_is, 1: _sub, 2: _up, 3: _average, 4: _paeth,
}  # fmt: skip
