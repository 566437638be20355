"""Tests of what the child reads out of pictures, without its process."""

import io
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from api.decoder import child, limits
from tests.factories import media

pytestmark = pytest.mark.quick


def told(body: bytes, media_type: str = "image/jpeg") -> dict[str, Any]:
    """What is found in these bytes."""
    return child.describe(io.BytesIO(body), media_type).told()


def test_time_zone_place_and_camera_are_read_from_exif() -> None:
    exif = media.exif(
        time="2026:11:24 16:00:00", offset="+08:00", place=(27.69, -106.92),
        gps={29: "2026:11:24", 7: (IFDRational(8), IFDRational(0), IFDRational(1))},
    )  # fmt: skip
    found = told(media.jpeg(exif=exif))
    assert (found["time"], found["offset"]) == ("2026:11:24 16:00:00", "+08:00")
    assert (found["latitude"], found["longitude"]) == (276_900_000, -1_069_200_000)
    assert (found["gps_time"], found["camera"]) == ("2026:11:24 08:00:01", "Phone 1")
    assert (found["width"], found["height"], "not_read" in found) == (640, 480, False)


@pytest.mark.parametrize("value", [IFDRational(0, 0), IFDRational(1, 0)])
def test_a_position_that_is_no_number_is_told_as_wrong(value: IFDRational) -> None:
    found = told(media.jpeg(exif=media.exif(place=(27.0, 106.0), gps={2: (value, value, value)})))
    assert found["position"] == "WRONG"
    assert "latitude" not in found


def test_all_eight_orientations_of_one_scene_have_one_preview_and_nearly_one_hash() -> None:
    upright = media.scene(3)
    turns = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    hashes = []
    for orientation, turn in turns.items():
        stored = upright if turn is None else upright.transpose(turn)
        found = told(media.jpeg(stored, exif=media.exif(orientation=orientation)))
        assert found["orientation"] == orientation
        assert found["preview"] == {"width": 512, "height": 384}
        hashes.append(int(found["likeness"], 16))
    assert all((hash ^ hashes[0]).bit_count() <= 2 for hash in hashes)


def test_a_preview_is_small_and_holds_no_metadata() -> None:
    exif = media.exif(time="2026:11:24 16:00:00", place=(27.69, 106.92))
    answer = child.describe(io.BytesIO(media.jpeg(media.scene(size=(1200, 900)), exif=exif)), "image/jpeg")
    preview = Image.open(io.BytesIO(answer.preview))
    assert max(preview.size) == limits.PREVIEW
    assert not preview.getexif()
    assert set(preview.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_is_transparent_becomes_white_and_a_black_picture_has_no_hash() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(written, "PNG")
    answer = child.describe(written, "image/png")
    assert Image.open(io.BytesIO(answer.preview)).getpixel((9, 9)) == (255, 255, 255)
    assert "likeness" not in answer.told()
    assert "likeness" not in told(media.jpeg(Image.new("RGB", (640, 480), (3, 3, 4))))


def test_each_way_of_failing_has_its_code_and_keeps_what_was_found_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)  # As `prepare` does in the child: the limits are our own.
    whole = media.jpeg(exif=media.exif(time="2026:11:24 16:00:00"))
    cut = told(whole[: len(whole) // 2])
    assert (cut["not_read"], cut["width"], cut["time"]) == ({"PICTURE": "TRUNCATED"}, 640, "2026:11:24 16:00:00")
    assert told(media.bomb())["not_read"] == {"PICTURE": "BOMB"}
    assert told(media.bomb())["width"] == 0xFFFF
    assert told(media.png_bomb(), "image/png")["not_read"] == {"PICTURE": "BOMB"}
    assert told(media.hostile()["JPEG and noise"])["not_read"] == {"PICTURE": "NOT_READ"}
    assert told(media.hostile()["HEIC and noise"], "image/heic")["not_read"]["PICTURE"] == "NO_DECODER"


def heic(tiff: bytes) -> bytes:
    """A HEIC of 4032 × 3024, turned by a quarter, with this EXIF and no picture."""
    item = b"\0\0\0\0" + tiff
    infe = media.box(b"infe", b"\2\0\0\0" + b"\0\1\0\0" + b"Exif\0")
    ispe = media.box(b"ispe", bytes(4) + (4032).to_bytes(4, "big") + (3024).to_bytes(4, "big"))
    iprp = media.box(b"iprp", media.box(b"ipco", ispe + media.box(b"irot", b"\3")))
    head = media.box(b"ftyp", b"heic\0\0\0\0mif1")

    def meta(offset: int) -> bytes:
        place = offset.to_bytes(4, "big") + len(item).to_bytes(4, "big")
        iloc = media.box(b"iloc", b"\0\0\0\0\x44\0\0\1\0\1\0\0\0\1" + place)
        return media.box(b"meta", bytes(4) + media.box(b"iinf", bytes(4) + b"\0\1" + infe) + iloc + iprp)

    return head + meta(len(head) + len(meta(0))) + item


def test_a_heic_tells_its_size_turn_time_and_place_though_nothing_decodes_it() -> None:
    block = media.exif(time="2026:11:24 16:00:00", offset="+08:00", place=(27.5, 106.5)).tobytes()
    found = told(heic(block.removeprefix(b"Exif\0\0")), "image/heic")
    assert found["not_read"] == {"PICTURE": "NO_DECODER"}
    assert (found["width"], found["height"], found["orientation"]) == (4032, 3024, 6)
    assert (found["time"], found["latitude"], found["longitude"]) == ("2026:11:24 16:00:00", 275_000_000, 1_065_000_000)
