"""Decodes one picture: its size, its EXIF, a preview without metadata, and the hash by which likenesses are found."""

import io
from typing import Any, BinaryIO, Final

from PIL import (
    AvifImagePlugin,
    ExifTags,
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from api.decoder import exif, heif, limits
from api.decoder.answers import Answer, Bomb

# One decoder for each type that the bytes were sniffed to be: nothing else of Pillow ever sees them.
DECODERS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/avif": "AVIF"}
# Imported for their effect: two pictures in one JPEG, and the directories of EXIF, are read by plugins of their own.
_PLUGINS: Final = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
_ORIENTATION: Final = 0x0112

_TURNS: Final = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""What brings a picture of this EXIF orientation upright."""

LEAST_CONTRAST: Final = 8
"""Of 256 shades between the 72 fields of the hash: a lens cap resembles every other one and proves nothing."""


def prepare() -> None:
    """Loads all that a picture may need, before this process may open no more files.

    Pillow imports much of itself when it first meets it: so each decoder reads one picture of our own here.
    """
    Image._initialized = 2  # No further plugin is ever looked for.
    Image.MAX_IMAGE_PIXELS = None  # Our own limits are below, and know what a draft costs.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    block = Image.Exif()
    block[_ORIENTATION] = 6
    block.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    for media_type, name in DECODERS.items():
        written = io.BytesIO()
        Image.new("RGB", (16, 8)).save(written, name, exif=block)
        describe(written, media_type, Answer())


def describe(file: BinaryIO, media_type: str, answer: Answer) -> None:
    """Fills the answer as far as the bytes go; raises what stopped it, with the answer filled up to there."""
    if media_type not in DECODERS:
        heif.describe(file, answer)
        answer.not_read("PICTURE", "NO_DECODER")
        return
    picture = Image.open(file, formats=[DECODERS[media_type]])
    answer.facts |= {"width": picture.width, "height": picture.height}
    most = limits.DRAFT_PIXELS if media_type == "image/jpeg" else limits.PIXELS
    if picture.width * picture.height > most:
        raise Bomb()
    read_exif(picture.getexif, answer)  # Behind the limit: a PNG is decoded whole to find its EXIF.
    picture.draft("RGB", (limits.PREVIEW, limits.PREVIEW))
    show(picture, answer, orientation=answer.facts.get("orientation", 1))


def read_exif(source: Any, answer: Answer) -> None:
    """EXIF by itself: a broken block takes neither the size nor the preview with it."""
    try:
        answer.facts |= exif.read(source())
    except Exception:  # Hostile metadata fails in any way it likes; the rest of the picture is still looked at.
        answer.not_read("EXIF", "NOT_READ")


def show(picture: Image.Image, answer: Answer, *, orientation: int) -> None:
    """Makes the preview, upright and of pixels alone, and the hash of what it shows."""
    scale = limits.PREVIEW / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture.load()
    if scale < 1:
        picture = plain(picture).resize(size, Image.Resampling.BICUBIC)
    turned = upright(plain(picture), orientation)
    answer.take_preview(turned)
    answer.facts["likeness"] = likeness(turned)


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture as its orientation says that it is looked at."""
    for turn in _TURNS.get(orientation, ()):
        picture = picture.transpose(turn)
    return picture


def likeness(picture: Image.Image) -> str | None:
    """The difference hash: of each of 8 × 8 fields, whether it is lighter than its neighbour to the right.

    16 hexadecimal digits; None for a picture without contrast. Chosen over the DCT hash by trying both on the media
    at hand: re-encoded, shrunk, brightened or stamped copies differ in at most 5 bits, of the DCT hash in up to 30.
    """
    fields = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    if max(fields) - min(fields) < LEAST_CONTRAST:
        return None
    pairs = ((9 * row + column) for row in range(8) for column in range(8))
    bits = sum((fields[at] > fields[at + 1]) << place for place, at in enumerate(pairs))
    return f"{bits:016x}"


def plain(picture: Image.Image) -> Image.Image:
    """RGB pixels; what is transparent becomes white, as on paper."""
    if picture.mode == "RGB":
        return picture
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    whole = picture.convert("RGBA")
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    return paper
