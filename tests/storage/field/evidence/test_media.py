"""Tests of telling media by their bytes."""

import os
from pathlib import Path

import pytest

from storage.field.evidence import packing
from storage.field.evidence.media import HEAD, TAKEN, is_as_declared, sniff

pytestmark = pytest.mark.quick


def ftyp(*brands: bytes) -> bytes:
    """The first box of an ISO media file with these brands, the major one first."""
    body = brands[0] + b"\0\0\2\0" + b"".join(brands[1:])
    return (len(body) + 8).to_bytes(4, "big") + b"ftyp" + body + b"\0\0\0\x08free"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\0\0\0AVI LIST", None),
        (b"XXXX\x24\0\0\0WEBPVP8 ", None),
        (b"OggS\0\2", "audio/ogg"),
        (b"#!AMR\n", "audio/amr"),
        (b"ID3\3\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\x1a\x45\xdf\xa3\x01", "video/webm"),
        (ftyp(b"isom", b"isom", b"mp41"), "video/mp4"),
        (ftyp(b"mp42", b"mp42"), "video/mp4"),
        (ftyp(b"qt  "), "video/quicktime"),
        (ftyp(b"3gp4", b"isom", b"3gp4"), "video/3gpp"),
        (ftyp(b"M4A ", b"M4A ", b"mp42"), "audio/mp4"),
        (ftyp(b"heic", b"mif1", b"heic"), "image/heic"),
        (ftyp(b"mif1", b"mif1", b"avif"), "image/avif"),
        (ftyp(b"mif1", b"mif1", b"heic"), "image/heic"),
        (ftyp(b"avif", b"mif1", b"miaf"), "image/avif"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video/quicktime"),
        (b"%PDF-1.7", None), (b"<svg xmlns=", None), (b"<!DOCTYPE html>", None), (b"PK\3\4", None),
        (b"GIF89a", None), (b"MZ\x90", None), (b"", None), (b"\xff", None),
        (b"\0\0\0\0ftyp", "video/mp4"),
        (b"\xff\xff\xff\xffftypisom", "video/mp4"),
    ],
)  # fmt: skip
def test_bytes_are_told_by_their_head(head: bytes, kind: str | None) -> None:
    assert sniff(head) == kind
    assert kind is None or kind in TAKEN


def test_names_of_one_container_pass_for_each_other_and_others_do_not() -> None:
    assert is_as_declared("video/mp4", "video/quicktime")
    assert is_as_declared("image/jpeg", "image/jpeg")
    for declared, sniffed in (
        ("image/heif", "image/heic"), ("audio/3gpp", "video/3gpp"), ("audio/x-wav", "audio/wav"),
        ("audio/webm", "video/webm"),
    ):  # fmt: skip
        assert is_as_declared(declared, sniffed)
        assert declared in TAKEN
    assert not is_as_declared("image/jpeg", "image/png")
    assert not is_as_declared("image/heic", "video/mp4")
    assert not is_as_declared("image/heif", "image/avif")


def test_whatever_is_taken_has_an_ending_in_a_pack() -> None:
    assert set(packing._ENDINGS) == TAKEN


def test_real_media_are_told_as_their_names_say() -> None:
    folder = os.environ.get("PITHEAD_SAMPLES")
    kinds = {
        ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".heic": "image/heic",
        ".avif": "image/avif", ".mp3": "audio/mpeg", ".wav": "audio/wav", ".ogg": "audio/ogg", ".webm": "video/webm",
        ".mov": "video/quicktime", ".mp4": "video/mp4",
    }  # fmt: skip
    # Without samples at hand there is nothing to compare; the heads above are the test.
    for file in Path(folder).rglob("*") if folder else ():
        if "hostile" not in file.parts and file.suffix.lower() in kinds and file.is_file():
            with file.open("rb") as stream:
                found = sniff(stream.read(HEAD))
            assert found is not None, file
            assert is_as_declared(kinds[file.suffix.lower()], found), (file, found)
