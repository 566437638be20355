"""A cleaned picture is its pixels and nothing else, upright, and says by kind what was left behind."""

import io
import json
from tempfile import TemporaryFile

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from api.decoder.parent import Decoder, Failed, Told

pytestmark = pytest.mark.quick

SECRETS = (b"HUAWEI", b"2026:11:02", b"my own words", b"Guizhou", b"http://ns.adobe.com")


def telling() -> bytes:
    """A JPEG that tells on its maker in every way that Pillow can write."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "HUAWEI"
    exif[0x0132] = "2026:11:02 08:00:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (26.0, 34.0, 1.0)})
    exif.get_ifd(ExifTags.IFD.Exif)[0x9003] = "2026:11:02 08:00:00"
    written = io.BytesIO()
    picture = Image.new("RGB", (4_000, 1_000), "white")
    picture.paste("red", (0, 0, 2_000, 1_000))
    picture.save(
        written, "JPEG", exif=exif, comment=b"my own words", xmp=b"http://ns.adobe.com/xap/1.0/ Guizhou",
        icc_profile=b"Guizhou" * 30,
    )  # fmt: skip
    return written.getvalue()


def cleaned(data: bytes, media_type: str) -> Told | Failed:
    decoder = Decoder()
    with TemporaryFile() as file:  # The child is given its descriptor.
        file.write(data)
        file.flush()
        try:
            return decoder.clean(file, media_type)
        finally:
            decoder.close()


def test_pixels_alone_come_out_upright_and_not_too_large() -> None:
    told = cleaned(telling() + b"hidden behind the picture", "image/jpeg")
    assert isinstance(told, Told)
    facts = json.loads(told.facts)
    assert {"EXIF", "DEVICE", "PLACE", "TIME", "COMMENT", "XMP", "COLOURS"} <= set(facts["removed"])
    picture = Image.open(io.BytesIO(told.preview))
    assert picture.size == (facts["width"], facts["height"]) == (640, 2_560)
    green = picture.getchannel("G")
    assert (green.getpixel((320, 100)), green.getpixel((320, 2_400))) == (0, 255)
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert [secret for secret in (*SECRETS, b"hidden") if secret in told.preview] == []


def test_words_in_a_png_are_left_behind_and_transparency_is_paper() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "my own words")
    written = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(written, "PNG", pnginfo=said)
    told = cleaned(written.getvalue(), "image/png")
    assert isinstance(told, Told)
    assert json.loads(told.facts)["removed"] == ["OTHER"]
    assert Image.open(io.BytesIO(told.preview)).getpixel((5, 5)) == (255, 255, 255)
    assert b"my own words" not in told.preview


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff nothing", telling()[:2_000]])
def test_what_cannot_be_decoded_is_not_cleaned(data: bytes) -> None:
    told = cleaned(data, "image/jpeg")
    assert isinstance(told, Failed) or (json.loads(told.facts)["not_read"] and not told.preview)


def test_what_nothing_here_decodes_is_not_cleaned() -> None:
    told = cleaned(b"....ftypheic", "image/heic")
    assert isinstance(told, Told)
    assert json.loads(told.facts)["not_read"] == {"PICTURE": "NO_DECODER"}
