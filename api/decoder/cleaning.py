"""Cleans one picture for who must not be known by it: its pixels, upright, in a fresh JPEG, and what was left behind.

Saving a picture again is not enough: a JPEG's comment and an unknown block would go with it. So the pixels alone are
copied to a picture that was never a file.
"""

import io
from typing import Any, BinaryIO, Final

from PIL import ExifTags, Image

from api.decoder import limits, pictures
from api.decoder.answers import Answer, Bomb, NoDecoder

LONGEST_SIDE: Final = 2_560
_QUALITY: Final = 88
_INFO: Final = {
    "comment": "COMMENT", "xmp": "XMP", "XML:com.adobe.xmp": "XMP", "photoshop": "IPTC", "icc_profile": "COLOURS",
    "mp": "MORE_PICTURES", "mpoffset": "MORE_PICTURES",
}  # fmt: skip
_MAKER: Final = (0x010F, 0x0110, 0x0131, 0x013B, 0x8298)
"""Make, model, software, artist and owner of a camera."""
_OF_THE_TAKING: Final = {0x927C: "MAKER_NOTE", 0xA431: "DEVICE", 0xA435: "DEVICE", 0x9003: "TIME", 0x9004: "TIME"}
_HARMLESS: Final = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression", "adobe",
                    "adobe_transform", "gamma", "srgb", "transparency", "exif", "aspect", "interlace"}  # fmt: skip


def clean(file: BinaryIO, media_type: str, answer: Answer) -> None:
    """The clean picture as the answer's bytes, in its facts size and `removed`: what else the file had."""
    decoder = pictures.DECODERS.get(media_type)
    if decoder is None:
        raise NoDecoder()
    picture = Image.open(file, formats=[decoder])
    most = limits.DRAFT_PIXELS if media_type == "image/jpeg" else limits.PIXELS
    if picture.width * picture.height > most:
        raise Bomb()
    removed = sorted(_removed(picture))
    turn = _orientation(picture)
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    upright = pictures.upright(pictures.plain(picture), turn)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    written = io.BytesIO()
    fresh.save(written, "JPEG", quality=_QUALITY)
    answer.preview = written.getvalue()
    answer.facts |= {"width": fresh.width, "height": fresh.height, "removed": removed}


def prepare() -> None:
    """Loads what cleaning may need, before this process may open no more files."""
    written = io.BytesIO()
    Image.new("RGB", (LONGEST_SIDE + 1, 8)).save(written, "JPEG", comment=b"x")
    clean(written, "image/jpeg", Answer())


def _orientation(picture: Image.Image) -> int:
    try:
        turn = picture.getexif().get(0x0112)
    except Exception:  # A broken block says nothing of which side is up; the pixels are still good.
        return 1
    return turn if isinstance(turn, int) else 1


def _removed(picture: Image.Image) -> set[str]:
    """What the file carried beside its pixels, by kind, never by value: EXIF even where it cannot be read."""
    found = {_INFO.get(str(name), "OTHER") for name in picture.info if str(name) not in _HARMLESS}
    if getattr(picture, "n_frames", 1) > 1:
        found.add("MORE_PICTURES")
    if "exif" in picture.info:
        found.add("EXIF")
    try:
        found |= _of_exif(picture.getexif())
    except Exception:  # Hostile metadata fails in any way it likes; it is left behind all the same.
        found.add("EXIF")
    return found


def _of_exif(exif: Any) -> set[str]:
    found = {"EXIF"} if len(exif) else set()
    if any(tag in exif for tag in _MAKER):
        found.add("DEVICE")
    if 0x0132 in exif:
        found.add("TIME")
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        found.add("PLACE")
    if exif.get_ifd(ExifTags.IFD.IFD1):
        found.add("THUMBNAIL")
    taking = exif.get_ifd(ExifTags.IFD.Exif)
    return found | {kind for tag, kind in _OF_THE_TAKING.items() if tag in taking}
