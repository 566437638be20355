"""What a statement is, what is refused as no statement, and which odd facts are kept."""

import contextlib
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.record.ledger.proofs import canonical, statements
from storage.record.ledger.proofs.statements import Statement, StatementMalformed

pytestmark = pytest.mark.quick

uuids = st.uuids().map(str)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
integers = st.integers(-canonical.LARGEST, canonical.LARGEST)
places = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("lat", "lon", "accuracy", "altitude"), integers),
        "site": uuids,
        "source": st.sampled_from(statements.SOURCES),
    },
)
whole = st.builds(
    Statement,
    recording=uuids,
    device=uuids,
    seq=st.integers(1, statements.LAST_SEQ),
    prev=hashes,
    sha256=hashes,
    size=st.integers(1, statements.SIZE_LIMIT),
    parts_root=hashes,
    type=st.sampled_from(["image/jpeg", "video/mp4", "application/vnd.ms-excel.sheet.macroenabled.12"]),
    wall=integers,
    mono=integers,
    boot=uuids,
    place=places,
    stage=st.sampled_from(statements.STAGES),
    maker=uuids,
)

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
SAMPLE = Statement(
    recording=UUID,
    device=UUID,
    seq=0,
    prev=statements.FIRST_PREV,
    sha256="ab" * 32,
    size=1,
    parts_root="cd" * 32,
    type="image/jpeg",
    wall=1_780_000_000_000,
    mono=12,
    boot=UUID,
    place={"lat": 266_476_000, "lon": 1_066_302_000},
    stage="INQUIRY",
    maker=UUID,
)


def with_member(name: str, value: object) -> bytes:
    members: dict[str, Any] = canonical.parse_canonical(SAMPLE.encode(), 1024)
    members[name] = value
    return canonical.canonical(members)


@given(whole)
def test_a_statement_is_read_back_as_it_was_written(statement: Statement) -> None:
    assert len(statement.encode()) <= statements.LIMIT
    assert Statement.decode(statement.encode()) == statement


@settings(max_examples=300)
@given(st.integers(0, len(SAMPLE.encode()) - 1), st.integers(1, 255))
def test_a_changed_byte_is_another_statement_or_none(at: int, change: int) -> None:
    data = bytearray(SAMPLE.encode())
    data[at] ^= change
    with contextlib.suppress(StatementMalformed):
        assert Statement.decode(bytes(data)) != SAMPLE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wall", 0),
        ("wall", -1),
        ("wall", 253_402_300_800_000),
        ("mono", -5),
        ("place", {}),
        ("place", {"lat": 0, "lon": 0}),
        ("place", {"lat": 2_000_000_000, "lon": -9_000_000_000_000}),
        ("place", {"source": "none"}),
        ("place", {"site": UUID, "source": "manual", "accuracy": -1, "altitude": -100_000}),
        ("size", 20 * 2**30),
    ],
)
def test_an_impossible_fact_is_kept(name: str, value: object) -> None:
    assert getattr(Statement.decode(with_member(name, value)), name) == value


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("v", "pithead/statement/2", "v is not pithead/statement/1"),
        ("extra", 1, "extra is unknown"),
        ("recording", UUID.upper(), "recording is not a lower-case UUID"),
        ("device", UUID + "\n", "device is not a lower-case UUID"),
        ("seq", -1, "seq is not an integer from 0"),
        ("seq", 2**53 - 1, "seq is not an integer from 0 to 2^53 - 2"),
        ("seq", True, "seq is not an integer from 0"),
        ("seq", "1", "seq is not an integer from 0"),
        ("prev", "ab" * 32, "prev is not 64 zeros although seq is 0"),
        ("prev", "AB" * 32, "prev is not a SHA-256 in lower-case hex"),
        ("size", 0, "size is not an integer from 1 to 20 GiB"),
        ("size", 20 * 2**30 + 1, "size is not an integer from 1 to 20 GiB"),
        ("type", "Image/JPEG", "type is not a lower-case media type"),
        ("type", "image", "type is not a lower-case media type"),
        ("wall", "1", "wall is not an integer of milliseconds"),
        ("place", {"lat": "1"}, "place is not an object of lat"),
        ("place", {"where": 1}, "place is not an object of lat"),
        ("place", {"source": "GNSS"}, "place is not an object of lat"),
        ("place", {"source": []}, "place is not an object of lat"),
        ("place", [], "place is not an object of lat"),
        ("stage", "END", "stage is not one of START, INQUIRY"),
        ("stage", {}, "stage is not one of START, INQUIRY"),
        ("maker", 5, "maker is not a lower-case UUID"),
    ],
)
def test_a_wrong_member_is_refused_by_name(name: str, value: object, reason: str) -> None:
    with pytest.raises(StatementMalformed) as refusal:
        Statement.decode(with_member(name, value))
    assert refusal.value.reason.startswith(reason)


def test_bytes_that_are_no_statement_are_refused_with_the_place() -> None:
    for data, reason in [
        (SAMPLE.encode() + b" ", "not written canonically at byte"),
        (b"{}", "v is not"),
        (with_member("type", "a/" + "b" * 2000), "more than the 1024 allowed"),
        (SAMPLE.encode().replace(b'"mono":12,', b""), "mono is missing"),
        (SAMPLE.encode().replace(b'"mono":12', b'"mono":null'), "a value of type NoneType"),
    ]:
        with pytest.raises(StatementMalformed, match=reason):
            Statement.decode(data)


def test_what_could_not_be_decoded_is_not_encoded() -> None:
    for wrong in (replace(SAMPLE, seq=-1), replace(SAMPLE, size=2**60), replace(SAMPLE, place={"where": 1})):
        with pytest.raises(StatementMalformed):
            wrong.encode()


def test_the_root_of_parts_is_the_hash_of_their_hashes() -> None:
    first, second = sha256(b"a").digest(), sha256(b"b").digest()
    assert statements.parts_root([first, second]) == sha256(first + second).digest()
    with pytest.raises(ValueError, match="32 bytes"):
        statements.parts_root([b"short"])
