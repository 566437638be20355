"""Taking a file into the phone's keeping and describing it."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from api.phone.capture import Link, Moment, NothingToTake, PlaceUnreadable, describe, place_at, take, this_moment
from api.phone.media import TAKEN, UNKNOWN, media_type_of
from storage.field.evidence import media
from storage.record.ledger.proofs.statements import PART_SIZE, Statement

pytestmark = pytest.mark.quick
JPEG = b"\xff\xd8\xff\xe0"
ID = "263a4dbe-4148-4fb8-8214-b0032339dbb9"


def test_a_file_is_measured_while_it_is_copied(tmp_path: Path) -> None:
    data = JPEG + os.urandom(PART_SIZE + 17)
    (tmp_path / "photo").write_bytes(data)
    measured = take(tmp_path / "photo", tmp_path / "phone" / "copy")
    assert (tmp_path / "phone" / "copy").read_bytes() == data
    assert (measured.size, measured.sha256) == (len(data), sha256(data).hexdigest())
    parts = sha256(data[:PART_SIZE]).digest() + sha256(data[PART_SIZE:]).digest()
    assert measured.parts_root == sha256(parts).hexdigest()
    assert measured.media_type == "image/jpeg"


def test_an_empty_file_cannot_be_taken_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(NothingToTake):
        take(tmp_path / "empty", tmp_path / "phone" / "copy")
    assert list((tmp_path / "phone").iterdir()) == []


def test_a_statement_is_well_formed_and_says_what_was_measured(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(JPEG)
    measured = take(tmp_path / "photo", tmp_path / "copy")
    statement = describe(
        measured, recording=ID, device=ID, maker=ID, link=Link(), moment=Moment(-5, 7, ID),
        place=place_at("26.6476123", "106.6302456", site=ID),
    )  # fmt: skip
    again = Statement.decode(statement.encode())
    assert again == statement
    assert again.place == {"lat": 266476123, "lon": 1066302456, "site": ID, "source": "manual"}
    assert (again.wall, again.type, again.size) == (-5, "image/jpeg", 4)


def test_a_phone_may_declare_another_type_than_the_bytes_show(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"text")
    measured = take(tmp_path / "photo", tmp_path / "copy")
    made = describe(
        measured, recording=ID, device=ID, maker=ID, link=Link(), moment=this_moment(), place=place_at(None, None),
        media_type="image/jpeg",
    )  # fmt: skip
    assert (measured.media_type, made.type, made.place) == (UNKNOWN, "image/jpeg", {"source": "none"})


def test_the_clocks_of_this_device_fit_into_a_statement() -> None:
    first, second = this_moment(), this_moment()
    assert first.boot == second.boot
    assert 0 < first.mono <= second.mono
    assert first.wall > 1_700_000_000_000


@pytest.mark.parametrize("text", ["north", "NaN", "1e9", "", "Infinity"])
def test_a_coordinate_must_be_a_number_of_degrees(text: str) -> None:
    with pytest.raises(PlaceUnreadable):
        place_at(text, "106")


def test_an_impossible_latitude_is_a_fact_and_is_kept() -> None:
    assert place_at("200", "0")["lat"] == 2_000_000_000


def _box(*brands: bytes) -> bytes:
    body = brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(body) + 8).to_bytes(4, "big") + b"ftyp" + body


@pytest.mark.parametrize(
    "head",
    [
        JPEG, b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WAVE", b"OggS", b"#!AMR\n", b"ID3\3",
        b"\xff\xfb\x90\0", b"\xff\xf1\x50\0", b"\x1a\x45\xdf\xa3", _box(b"isom", b"mp42"), _box(b"mif1", b"avif"),
        _box(b"heic"), _box(b"mif1"), _box(b"qt  "), _box(b"3gp4"), _box(b"M4A "), b"\0\0\0\x08moov",
    ],
)  # fmt: skip
def test_phone_and_server_call_the_same_bytes_the_same(head: bytes) -> None:
    assert media_type_of(head) == media.sniff(head)


@pytest.mark.parametrize("head", [b"", b"text", b"%PDF-1.7", b"RIFF\0\0\0\0AVI ", b"\xff\xff"])
def test_what_is_no_medium_is_declared_as_something_that_is_not_taken(head: bytes) -> None:
    assert media_type_of(head) not in media.TAKEN


def test_the_phone_refuses_at_once_what_the_server_would_not_take_and_nothing_else() -> None:
    assert TAKEN == media.TAKEN
