"""Makes photos, films and hostile files in memory, so that no test needs media from elsewhere."""

import io
import math
import random
from fractions import Fraction
from importlib.util import find_spec
from typing import Any
from zlib import crc32

from PIL import ExifTags, Image, ImageFilter
from PIL.TiffImagePlugin import IFDRational

FILMS_ARE_READ = find_spec("av") is not None
"""Whether the extra `film` is installed where the tests run."""


def scene(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of soft shapes, as unlike that of another seed as two photos are."""
    chance = random.Random(seed)
    coarse = Image.new("RGB", (8, 6))
    coarse.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(48)])
    return coarse.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2))


def jpeg(picture: Image.Image | None = None, *, quality: int = 90, exif: Image.Exif | None = None) -> bytes:
    """A JPEG with these words in its EXIF."""
    written = io.BytesIO()
    (picture or scene()).save(written, "JPEG", quality=quality, exif=exif or Image.Exif())
    return written.getvalue()


def exif(
    *, time: str | None = None, offset: str | None = None, orientation: int | None = None,
    place: tuple[float, float] | None = None, gps: dict[int, Any] | None = None,
) -> Image.Exif:  # fmt: skip
    """EXIF as telephones write it; `place` is latitude and longitude in degrees, `gps` further raw values."""
    block = Image.Exif()
    block[0x0110] = "Phone 1"
    if orientation is not None:
        block[0x0112] = orientation
    photo = block.get_ifd(ExifTags.IFD.Exif)
    photo |= {0x9003: time} if time else {}
    photo |= {0x9011: offset} if offset else {}
    values = block.get_ifd(ExifTags.IFD.GPSInfo)
    if place is not None:
        values |= {1: "S" if place[0] < 0 else "N", 2: _sexagesimal(place[0])}
        values |= {3: "W" if place[1] < 0 else "E", 4: _sexagesimal(place[1])}
    values |= gps or {}
    return block


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    rest, whole = math.modf(abs(degrees))
    seconds, minutes = math.modf(rest * 60)
    parts = (Fraction(int(whole)), Fraction(int(minutes)), Fraction(round(seconds * 60 * 10_000), 10_000))
    return tuple(IFDRational(part.numerator, part.denominator) for part in parts)  # type: ignore[return-value] # Three.


def film(*, frames: int = 30, creation_time: str = "2026-11-24T08:00:00Z") -> bytes:
    """An MP4 of ten frames a second, where PyAV is installed."""
    import av

    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as container:
        container.metadata["creation_time"] = creation_time
        stream: Any = container.add_stream("mpeg4", rate=10, width=320, height=240, pix_fmt="yuv420p")
        for number in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_image(scene(number // 10, (320, 240)))))
        container.mux(stream.encode(None))
    return written.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    """A box of an ISO media file."""
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def nested_boxes(depth: int) -> bytes:
    """A film whose boxes stand one in the other."""
    inner = b""
    for number in range(depth):
        inner = box(b"moov" if number == depth - 1 else b"trak", inner)
    return box(b"ftyp", b"isom\0\0\2\0isom") + inner


def bomb() -> bytes:
    """A JPEG of a few hundred bytes that claims 0xFFFF × 0xFFFF pixels: 12 GiB when decoded."""
    body = bytearray(jpeg(scene(size=(16, 16))))
    start = body.index(b"\xff\xc0")
    body[start + 5 : start + 9] = b"\xff\xff\xff\xff"
    return bytes(body)


def png_bomb() -> bytes:
    """A PNG of a few hundred bytes that claims 30,000 × 30,000 pixels: 3 GB when decoded."""
    written = io.BytesIO()
    scene(size=(16, 16)).save(written, "PNG")
    body = bytearray(written.getvalue())
    body[16:24] = (30_000).to_bytes(4, "big") * 2
    body[29:33] = crc32(body[12:29]).to_bytes(4, "big")
    return bytes(body)


def hostile() -> dict[str, bytes]:
    """Files by what is wrong with them; each begins like media that are taken."""
    whole = jpeg()
    nonsense = random.Random(7).randbytes(20_000)
    heic = box(b"ftyp", b"heic\0\0\0\0mif1")
    return {
        "bomb": bomb(),
        "png bomb": png_bomb(),
        "truncated JPEG": whole[: len(whole) // 2],
        "JPEG of three bytes": whole[:3],
        "JPEG and noise": whole[:600] + nonsense,
        "PNG and noise": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + nonsense,
        "WebP and noise": b"RIFF\xff\xff\xff\x7fWEBPVP8 " + nonsense,
        "AVIF and noise": box(b"ftyp", b"avif\0\0\0\0mif1avif") + nonsense,
        "HEIC and noise": heic + nonsense,
        "HEIC whose box has no end": heic + b"\xff\xff\xff\xffmeta" + nonsense[:64],
        "HEIC whose boxes have no length": heic + b"\0\0\0\0meta" + bytes(5_000),
        "HEIC of box after box": heic + box(b"free", b"") * 100_000,
        "MP4 and noise": box(b"ftyp", b"isom\0\0\2\0isom") + nonsense,
        "MP4 whose box is larger than all": box(b"ftyp", b"isom\0\0\2\0isom") + b"\x7f\xff\xff\xffmoov",
        "MP4 nested 2,000 deep": nested_boxes(2_000),
        "PDF behind a JPEG": whole + b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "JPEG behind a PDF": b"\xff\xd8\xff\xfe\x00\x20%PDF-1.4\n" + nonsense[:21] + whole[2:],
        "WAV of no length": b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + bytes(16),
        "Ogg and noise": b"OggS" + nonsense,
        "WebM and noise": b"\x1a\x45\xdf\xa3" + nonsense,
    }
