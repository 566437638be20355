"""The rendition of one picture, from which covered ones are made: upright, reduced by a whole number, pixels alone.

It is the same for whoever makes it of the same original with the same decoder: every step is of whole numbers, and
colour profiles are left aside.
"""

import io
from typing import BinaryIO, Final

from PIL import Image

from api.decoder import limits, pictures
from api.decoder.answers import Answer, Bomb, NoDecoder

LONGEST_SIDE: Final = 960
"""Pixels of the longer side at the most: what a phone shows, and what a page can carry without loss."""
LEAST_SIDE: Final = 16
_ORIENTATION: Final = 0x0112


def render(file: BinaryIO, media_type: str, answer: Answer) -> None:
    """The plain pixels as the answer's bytes, in its facts their size and by what they were reduced."""
    decoder = pictures.DECODERS.get(media_type)
    if decoder is None:
        raise NoDecoder()
    picture = Image.open(file, formats=[decoder])
    if picture.width * picture.height > limits.PIXELS:
        raise Bomb()
    if getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO":
        raise NoDecoder()  # What moves has no one picture that could be covered.
    turn = _orientation(picture)
    picture.load()
    upright = pictures.upright(_eight_bits(picture), turn)
    by = max(1, -(-max(upright.size) // LONGEST_SIDE))
    found = upright.reduce(by) if by > 1 else upright
    if min(found.size) < LEAST_SIDE:
        raise NoDecoder()
    answer.preview = found.tobytes()
    answer.facts |= {"width": found.width, "height": found.height, "reduced": by}


def pack(file: BinaryIO, media_type: str, answer: Answer) -> None:
    """The plain pixels of the file as a PNG that holds nothing else; in place of a type stands their size."""
    width, height = map(int, media_type.split())
    written = io.BytesIO()
    Image.frombytes("RGB", (width, height), file.read()).save(written, "PNG", compress_level=6)
    answer.preview = written.getvalue()
    answer.facts |= {"width": width, "height": height}


def prepare() -> None:
    """Loads what rendering may need, before this process may open no more files."""
    written = io.BytesIO()
    Image.new("RGB", (LONGEST_SIDE + 1, 64)).save(written, "JPEG")
    answer = Answer()
    render(written, "image/jpeg", answer)
    pack(io.BytesIO(answer.preview), f"{answer.facts['width']} {answer.facts['height']}", Answer())


def _orientation(picture: Image.Image) -> int:
    try:
        turn = picture.getexif().get(_ORIENTATION)
    except Exception:  # A broken block says nothing of which side is up; the pixels are still good.
        return 1
    return turn if isinstance(turn, int) else 1


def _eight_bits(picture: Image.Image) -> Image.Image:
    """RGB of eight bits; of sixteen bits of grey the upper eight, which a plain conversion would cut to white."""
    if picture.mode.startswith("I"):
        wide = picture.convert("I")
        return wide.point(lambda value: value * (1 / 256) + 0.0).convert("L").convert("RGB")
    return pictures.plain(picture)
