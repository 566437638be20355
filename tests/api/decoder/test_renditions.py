"""Tests of the rendition of which covered pictures are made: the same for whoever makes it, upright, pixels alone."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from PIL import Image, ImageCms

from api.decoder.parent import Decoder, Failed, Told
from api.decoder.renditions import LONGEST_SIDE
from api.rendering import DecodedApart, _rendered
from storage.field.evidence.media import HEAD, sniff
from storage.record.ledger.proofs import rasters
from storage.record.ledger.proofs.rasters import Raster
from storage.trust.exposures.pictures import Rendered
from tests.factories.exposures import photo_bytes


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """One child for the tests of this file."""
    made = Decoder()
    yield made
    made.close()


def rendered(decoder: Decoder, body: bytes, media_type: str = "image/jpeg") -> Raster | str:
    """The rendition, or why there is none."""
    with TemporaryFile() as file:
        file.write(body)
        file.flush()
        told = decoder.render(file, media_type)
    if isinstance(told, Failed):
        return told.why
    facts = json.loads(told.facts)
    return Raster(facts["width"], facts["height"], told.preview) if told.preview else str(facts["not_read"]["PICTURE"])


def saved(picture: Image.Image, format: str, **given: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, format, **given)
    return written.getvalue()


def pixels(raster: Raster | str) -> Image.Image:
    assert isinstance(raster, Raster)
    return Image.frombytes("RGB", (raster.width, raster.height), raster.pixels)


@pytest.mark.parametrize("by", [2, 3, 5])
def test_a_picture_is_reduced_by_a_whole_number_as_the_protocol_counts_it(decoder: Decoder, by: int) -> None:
    wide = LONGEST_SIDE * by - 1
    picture = Image.effect_noise((wide, 40 * by + 1), 90).convert("RGB")
    found = rendered(decoder, saved(picture, "PNG"), "image/png")
    assert isinstance(found, Raster)
    assert (found.width, found.height) == (LONGEST_SIDE, 41)
    for column, row in ((0, 0), (17, 3), (LONGEST_SIDE - 1, 40), (LONGEST_SIDE - 1, 0)):
        box = picture.crop((column * by, row * by, min(column * by + by, wide), min(row * by + by, picture.height)))
        count, values = box.width * box.height, box.getchannel(0).tobytes()
        wanted = ((sum(values) + count // 2) * (2**24 // count)) >> 24
        assert found.pixels[(row * found.width + column) * 3] == wanted


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_rendered_as_it_is_looked_at(decoder: Decoder, orientation: int) -> None:
    upright: Image.Image = Image.open(io.BytesIO(photo_bytes(size=(64, 48), format="PNG")))
    turns = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}
    stored = upright
    for turn in turns.get(orientation, []):
        stored = stored.transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = pixels(rendered(decoder, saved(stored, "PNG", exif=exif), "image/png"))
    assert (found.size, found.tobytes()) == (upright.size, upright.tobytes())


def test_colours_of_sixteen_bits_of_four_inks_and_of_a_profile_are_rendered_and_the_profile_is_left(
    decoder: Decoder,
) -> None:
    deep = Image.new("I;16", (64, 64))
    deep.putdata([(at % 64) * 1_024 for at in range(64 * 64)])
    found = pixels(rendered(decoder, saved(deep, "PNG"), "image/png"))
    assert [found.getpixel((column, 5)) for column in (0, 1, 63)] == [(0,) * 3, (4,) * 3, (252,) * 3]
    inks = Image.open(io.BytesIO(photo_bytes(size=(64, 48)))).convert("CMYK")
    assert pixels(rendered(decoder, saved(inks, "JPEG"))).size == (64, 48)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = photo_bytes(size=(64, 48), format="PNG")
    coloured = photo_bytes(size=(64, 48), format="PNG", icc_profile=profile)
    assert rendered(decoder, plain, "image/png") == rendered(decoder, coloured, "image/png")
    clear = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    assert pixels(rendered(decoder, saved(clear, "PNG"), "image/png")).getpixel((9, 9)) == (255, 255, 255)


def test_what_moves_is_a_bomb_cut_off_or_hardly_there_has_no_rendition(decoder: Decoder) -> None:
    frames = {"save_all": True, "append_images": [Image.new("RGB", (64, 64), "red")]}
    for format, media_type in (("WEBP", "image/webp"), ("PNG", "image/png")):
        assert rendered(decoder, saved(Image.new("RGB", (64, 64)), format, **frames), media_type) == "NO_DECODER"
    assert rendered(decoder, saved(Image.new("L", (9_000, 8_000)), "PNG"), "image/png") == "BOMB"
    assert rendered(decoder, photo_bytes()[:-900]) == "TRUNCATED"
    assert rendered(decoder, photo_bytes(size=(400, 9))) == "NO_DECODER"
    assert rendered(decoder, b"\xff\xd8\xff nothing") in ("NOT_READ", "TRUNCATED")
    assert rendered(decoder, b"....ftypheic", "image/heic") == "NO_DECODER"
    assert isinstance(rendered(decoder, photo_bytes()), Raster), "and the next one is read"


def test_what_is_packed_is_read_again_strictly_as_the_same_pixels() -> None:
    apart = DecodedApart()
    picture = Image.open(io.BytesIO(photo_bytes(size=(70, 50), format="PNG")))
    raster = Raster(70, 50, picture.tobytes())
    packed = apart.pack(raster)
    assert packed is not None
    assert rasters.read(packed) == raster
    assert apart.pack(Raster(70, 50, b"too few")) is None


def test_a_child_that_lies_about_its_answer_is_not_believed() -> None:
    for facts in (b"{}", b"[]", b"null", b'{"width":2,"height":2,"reduced":1}', b'{"width":0,"height":2,"reduced":1}'):
        assert _rendered(Told(facts, b"123456")) is None
    assert isinstance(_rendered(Told(b'{"width":2,"height":1,"reduced":1}', b"123456")), Rendered)


def test_samples_from_elsewhere_are_rendered_or_refused_and_never_kill_the_child_for_good(decoder: Decoder) -> None:
    folder = os.environ.get("PITHEAD_SAMPLES")
    files = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()] if folder else []
    seen = 0
    for path in files[:400]:
        data = path.read_bytes()
        media_type = sniff(data[:HEAD])
        if media_type is None or not media_type.startswith("image/") or len(data) > 8_000_000:
            continue
        found = rendered(decoder, data, media_type)
        seen += isinstance(found, Raster)
        assert isinstance(found, str) or max(found.width, found.height) <= LONGEST_SIDE, path
    assert seen or not files
