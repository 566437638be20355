"""Reads size and EXIF out of a HEIC container (ISO/IEC 23008-12) whose picture nothing here decodes."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from api.decoder import exif
from api.decoder.answers import Answer, Truncated

LARGEST_META: Final = 1024 * 1024
LARGEST_EXIF: Final = 256 * 1024
MOST_BOXES: Final = 4096
"""At one level; a real file has some hundreds of tiles at most."""


def describe(file: BinaryIO, answer: Answer) -> None:
    """Width, height and EXIF of the primary picture; a container that contradicts itself is EXIF: NOT_READ."""
    try:
        meta = _meta(file)
        answer.facts |= _size(meta)
        block = _exif_block(file, meta)
        if block is not None:
            # The container's own rotation is what turns the picture, whatever EXIF says beside it.
            answer.facts |= exif.read(exif.of_bytes(block)) | _turned(meta)
    except Truncated:
        answer.not_read("EXIF", "TRUNCATED")
    except Exception:  # Hostile metadata fails in any way it likes; the rest of the picture is still looked at.
        answer.not_read("EXIF", "NOT_READ")


def _meta(file: BinaryIO) -> bytes:
    """The content of the `meta` box, which stands at the top level, behind its version."""
    position = 0
    for _ in range(MOST_BOXES):
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            raise Truncated()
        size, kind, length = int.from_bytes(header[:4], "big"), header[4:8], 8
        if size == 1:
            size, length = int.from_bytes(header[8:16], "big"), 16
        if kind == b"meta":
            file.seek(position + length)
            body = file.read(min(size - length, LARGEST_META) if size else LARGEST_META)
            return body[4:]
        if size < length:
            raise Truncated()
        position += size
    raise Truncated()


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of the boxes that stand one after the other in `data`."""
    position = 0
    for _ in range(MOST_BOXES):
        if position + 8 > len(data):
            return
        size = int.from_bytes(data[position : position + 4], "big")
        if size < 8 or position + size > len(data):
            raise Truncated()
        yield data[position + 4 : position + 8], data[position + 8 : position + size]
        position += size


def _child(data: bytes, kind: bytes) -> bytes:
    return next((body for found, body in _boxes(data) if found == kind), b"")


def _size(meta: bytes) -> dict[str, int]:
    """The largest extent of all items: tiles and thumbnails are smaller than the picture that they make."""
    properties = _child(_child(meta, b"iprp"), b"ipco")
    sizes = [
        (int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big"))
        for kind, body in _boxes(properties)
        if kind == b"ispe" and len(body) >= 12
    ]
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return {"width": width, "height": height} if width and height else {}


def _turned(meta: bytes) -> dict[str, int]:
    """The rotation as an EXIF orientation: `irot` counts quarter turns against the clock."""
    properties = _child(_child(meta, b"iprp"), b"ipco")
    turns = next((body[0] & 3 for kind, body in _boxes(properties) if kind == b"irot" and body), None)
    return {} if turns is None else {"orientation": (1, 8, 3, 6)[turns]}


def _exif_block(file: BinaryIO, meta: bytes) -> bytes | None:
    """The TIFF bytes of the item of type `Exif`, or None where there is no such item."""
    item = _exif_item(_child(meta, b"iinf"))
    place = _location(_child(meta, b"iloc"), item) if item is not None else None
    if place is None:
        return None
    offset, length = place
    file.seek(offset)
    block = file.read(min(length, LARGEST_EXIF))
    return block[4 + int.from_bytes(block[:4], "big") :]


def _exif_item(items: bytes) -> int | None:
    wide = items[:1] != b"\x00"
    for kind, body in _boxes(items[8 if wide else 6 :]):
        version = body[0] if body else 0
        id_end = 8 if version == 3 else 6
        if kind == b"infe" and version >= 2 and body[id_end + 2 : id_end + 6] == b"Exif":
            return int.from_bytes(body[4:id_end], "big")
    return None


def _location(locations: bytes, wanted: int) -> tuple[int, int] | None:
    """Offset and length of the first extent of an item that stands in the file itself (`iloc`, versions 0 to 2)."""
    version = locations[0] if locations else 0
    offset_size, length_size = locations[4] >> 4, locations[4] & 15
    base_size, index_size = locations[5] >> 4, locations[5] & 15 if version else 0
    id_size = 4 if version == 2 else 2
    cursor = 6

    def number(size: int) -> int:
        nonlocal cursor
        if cursor + size > len(locations):
            raise Truncated()
        cursor += size
        return int.from_bytes(locations[cursor - size : cursor], "big")

    for _ in range(min(number(id_size), MOST_BOXES)):
        item = number(id_size)
        inside = number(2) & 15 if version else 0
        number(2)
        base = number(base_size)
        extents = []
        for _ in range(min(number(2), MOST_BOXES)):
            number(index_size)
            extents.append((base + number(offset_size), number(length_size)))
        if item == wanted:
            return extents[0] if extents and inside == 0 else None
    return None
