"""Tests of what a file says against its statement, of likeness, and of reading a child's answer."""

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.field.facts import findings, likeness, rules
from storage.field.facts.findings import Findings
from storage.field.facts.tables import FactFlag, Part, Why
from storage.record.clock import to_ms
from storage.record.ledger.proofs.statements import FIRST_PREV, Statement

pytestmark = pytest.mark.quick
WALL = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HERE = {"lat": 276_900_000, "lon": 1_069_200_000, "source": "gnss"}
HASHES = some.integers(0, 2**64 - 1)


def statement(*, wall: datetime = WALL, place: dict[str, Any] = HERE) -> Statement:
    return Statement(
        recording="r", device="d", seq=0, prev=FIRST_PREV, sha256="0" * 64, size=1, parts_root="0" * 64,
        type="image/jpeg", wall=to_ms(wall), mono=1, boot="b", place=place, stage="INQUIRY", maker="m",
    )  # fmt: skip


def flags(**found: Any) -> set[str]:
    return {flag.value for flag in rules.flags_of(Findings(**found), statement())}


@pytest.mark.parametrize(
    ("time", "offset", "differs"),
    [
        ("2026:11:24 16:00:00", None, False),
        ("2026:11:24 16:05:00", None, False),
        ("2026:11:24 16:05:01", None, True),
        ("2026:11:24 08:00:00", None, True),
        ("2026:11:24 08:00:00", "+00:00", False),
        ("2026:11:24 03:00:00", "-05:00", False),
        ("2026:11:24 16:00:00", "nonsense", False),
        ("2026:11:24 16:00:00", "+99:99", True),
        ("2099:99:99 99:99:99", None, True),
        ("0000:00:00 00:00:00", None, False),
        ("    :  :     :  :  ", None, False),
        (None, None, False),
    ],
)
def test_a_files_time_without_a_zone_is_that_of_shanghai_and_may_differ_by_five_minutes(
    time: str | None, offset: str | None, differs: bool
) -> None:
    assert flags(time=time, offset=offset) == ({"EXIF_TIME_DIFFERS"} if differs else set())


def test_a_film_may_be_dated_by_its_beginning_or_its_end() -> None:
    assert flags(time="2026:11:24 08:20:00", offset="+00:00", length_ms=20 * 60_000) == set()
    assert flags(time="2026:11:24 08:30:00", offset="+00:00", length_ms=20 * 60_000) == {"EXIF_TIME_DIFFERS"}


def test_a_satellite_date_of_another_day_is_a_split_and_seconds_around_midnight_are_none() -> None:
    assert flags(time="2026:11:24 16:00:00", gps_time="2026:11:25 08:00:00") == {"EXIF_DATE_SPLIT"}
    assert flags(time="2026:11:24 16:00:00", gps_time="2026:11:24 08:00:00") == set()
    assert flags(time="2026:11:24 16:00:00", gps_time="2026:11:23") == {"EXIF_DATE_SPLIT"}
    assert flags(time="2026:11:24 16:00:00", gps_time="1999:99:99 99:99:99") == {"EXIF_DATE_SPLIT"}
    midnight = Findings(time="2026:11:25 07:59:58", gps_time="2026:11:25 00:00:03")
    assert rules.flags_of(midnight, statement(wall=WALL.replace(hour=23, minute=59))) == set()


def test_a_position_is_impossible_or_differs_or_is_near_enough() -> None:
    assert flags(position_wrong=True) == {"EXIF_POSITION_IMPOSSIBLE"}
    for latitude, longitude in ((0, 0), (900_000_001, 0), (0, -1_800_000_001), (2**61, 5)):
        assert flags(latitude=latitude, longitude=longitude) == {"EXIF_POSITION_IMPOSSIBLE"}
    assert flags(latitude=276_944_000, longitude=1_069_200_000) == set()
    assert flags(latitude=276_946_000, longitude=1_069_200_000) == {"EXIF_POSITION_DIFFERS"}
    nowhere = Findings(latitude=10_000_000, longitude=10_000_000)
    for place in ({}, {"lat": 0, "lon": 0, "source": "gnss"}, {"lat": "x", "lon": 1}):
        assert rules.flags_of(nowhere, statement(place=place)) == set()


def test_distances_over_the_globe_are_those_of_the_haversine() -> None:
    assert rules.metres_between((0, 0), (0, 0)) == 0
    assert rules.metres_between((0, 0), (10_000_000, 0)) == pytest.approx(111_195, abs=1)
    assert rules.metres_between((0, -1_800_000_000), (0, 1_800_000_000)) == pytest.approx(0, abs=1e-3)
    assert rules.metres_between((900_000_000, 5), (-900_000_000, 9)) == pytest.approx(20_015_087, abs=1)
    guiyang, panzhou = (266_470_000, 1_066_300_000), (257_100_000, 1_044_700_000)
    assert rules.metres_between(guiyang, panzhou) == pytest.approx(239_600, rel=0.01)


@given(HASHES, some.sets(some.integers(0, 63), max_size=likeness.NEAR))
def test_every_hash_within_seven_bits_shares_a_key_with_one_of_the_probes(hash: int, turned: set[int]) -> None:
    other = hash
    for bit in turned:
        other ^= 1 << bit
    assert likeness.distance(hash, other) == len(turned)
    assert any(key in keys for keys, key in zip(likeness.probes(hash), likeness.bands(other), strict=True))


@given(HASHES)
def test_a_hash_is_asked_for_by_68_keys_and_fits_a_bigint(hash: int) -> None:
    assert [len(set(keys)) for keys in likeness.probes(hash)] == [17] * 4
    assert -(2**63) <= likeness.signed(hash) < 2**63
    assert likeness.distance(likeness.signed(hash), hash) == 0


def test_few_of_a_million_unlike_hashes_share_a_key() -> None:
    chance = random.Random(5)
    probes = [set(keys) for keys in likeness.probes(chance.getrandbits(64))]
    others = (likeness.bands(chance.getrandbits(64)) for _ in range(20_000))
    sharing = sum(any(key in keys for keys, key in zip(probes, other, strict=True)) for other in others)
    assert sharing < 60, "about one in a thousand is looked at, whatever the number of photos"


def test_a_childs_answer_is_read_as_it_is() -> None:
    told = {
        "width": 640, "height": 480, "orientation": 6, "camera": "Phone 1", "time": "2026:11:24 16:00:00",
        "latitude": 276_900_000, "longitude": 1_069_200_000, "likeness": "ff00000000000001",
        "preview": {"width": 384, "height": 512}, "not_read": {"EXIF": "NOT_READ"},
    }  # fmt: skip
    found = findings.read(json.dumps(told).encode(), b"\xff\xd8\xff...", "image/jpeg")
    assert (found.width, found.orientation, found.likeness) == (640, 6, 0xFF00_0000_0000_0001)
    assert found.preview is not None
    assert found.preview.width == 384
    assert found.not_read == {Part.EXIF: Why.NOT_READ}
    assert found.taken_at == WALL
    assert found.digest != findings.failed(Why.NOT_READ, "image/jpeg").digest
    assert findings.read(json.dumps({"latitude": 2**61, "longitude": 0}).encode(), b"", "image/jpeg").digest


@pytest.mark.parametrize(
    "told",
    [
        {"width": True}, {"width": 0}, {"width": 2**31}, {"width": 1.5}, {"orientation": 9}, {"camera": "a\0b"},
        {"camera": "x" * 500}, {"camera": ["x"]}, {"latitude": 5}, {"latitude": 2**63, "longitude": 1},
        {"likeness": "no hex digits..."}, {"likeness": "f" * 17}, {"likeness": "-1"},
        {"not_read": {"SOUL": "NOT_READ"}},
        {"not_read": {"EXIF": "BORED"}}, {"not_read": 5}, {"preview": 7}, [], None, "x",
    ],
)  # fmt: skip
def test_nonsense_of_a_child_is_a_file_that_was_not_read(told: Any) -> None:
    found = findings.read(json.dumps(told).encode(), b"\xff\xd8\xff", "image/jpeg")
    assert found == findings.failed(Why.NOT_READ, "image/jpeg")


@given(some.binary(max_size=60), some.text(max_size=40))
def test_nothing_that_a_file_may_say_raises(told: bytes, text: str) -> None:
    assert findings.read(told, b"", "video/mp4")
    assert isinstance(rules.flags_of(Findings(time=text, offset=text, gps_time=text), statement()), set)
    assert all(isinstance(flag, FactFlag) for flag in rules.flags_of(Findings(time=text), statement()))
