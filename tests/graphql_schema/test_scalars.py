"""What may live here: tests of how scalars are read and written."""

import datetime
import uuid

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as some

from graphql_schema import scalars
from graphql_schema.executor import Executor, Request
from graphql_schema.scalars import SCALARS, Base64, Bytes, Language, Money, Position, Sha256
from storage.record.actor import Role
from tests.graphql_schema import sample

pytestmark = pytest.mark.quick
DATETIME, DATE = datetime.datetime, datetime.date
EXECUTOR = Executor(sample.SCHEMA)
PUT = "mutation($input: PutPieceInput!) { putPiece(input: $input) { problem { code } } }"

NO_NUMBER = [1, 1.0, True, None, "", "01", "-0", "+1", "1e3", "9" * 19, "9" * 100_000, "１", " 1", "1\n"]
NO_TIME = [
    *("", "2026-07-01", "2026-07-01T08:00:00", "2026-07-01T08:00:00.0001Z", "2026-13-01T08:00:00Z"),
    *("9999-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "9998-12-31T23:00:00-01:00"),
    *("0001-01-01T00:00:00+14:00", "2026-07-01T08:00:61Z", "20260701T080000Z", 0),
]
NO_UUID = ["", "0" * 32, "{00000000-0000-0000-0000-000000000000}", "urn:uuid:00000000-0000-0000-0000-000000000000", 0]
BAD: list[tuple[object, object]] = [
    *((kind, bad) for kind in (Bytes, Money, Position) for bad in NO_NUMBER),
    (Bytes, "-1"),
    (Position, "-1"),
    *((Base64, bad) for bad in ("A", "AB", "AA==", "AA+/", "A\n", 7, "A" * 20_000)),
    *((Sha256, bad) for bad in ("", "0" * 63, "0" * 65, "A" * 64, "g" * 64, 0, "0" * 64 + "\n")),
    *((DATETIME, bad) for bad in NO_TIME),
    *((DATE, bad) for bad in ("", "2026-02-30", "20260701", "2026-W01-1", 0)),
    *((uuid.UUID, bad) for bad in NO_UUID),
    *((Language, bad) for bad in ("fr", "ZH", "", 1)),
]


@pytest.mark.parametrize(("kind", "bad"), BAD, ids=[f"{kind}-{str(bad)[:30]!r}-{type(bad)}" for kind, bad in BAD])
def test_what_is_not_in_the_one_form_is_bad_input(kind: object, bad: object) -> None:
    read = SCALARS[kind].parse_value
    assert read is not None
    with pytest.raises(GraphQLError) as refused:
        read(bad)
    assert refused.value.extensions == {"code": "BAD_INPUT"}
    assert len(refused.value.message) < 200


def both_ways(kind: object, value: object) -> object:
    """Write a value and read it again."""
    scalar = SCALARS[kind]
    assert scalar.parse_value is not None
    assert scalar.serialize is not None
    return scalar.parse_value(scalar.serialize(value))


@given(some.integers(0, scalars.LARGEST))
def test_a_64_bit_number_survives(number: int) -> None:
    assert both_ways(Bytes, number) == both_ways(Position, number) == number
    assert both_ways(Money, -number) == -number


@given(some.binary(max_size=200))
def test_bytes_survive(data: bytes) -> None:
    assert both_ways(Base64, data) == data


@given(some.binary(min_size=32, max_size=32), some.uuids(), some.dates())
def test_digests_ids_and_dates_survive(digest: bytes, id: uuid.UUID, day: datetime.date) -> None:
    assert both_ways(Sha256, digest) == digest
    assert both_ways(uuid.UUID, id) == id
    assert both_ways(DATE, day) == day


@given(some.integers(0, 253_370_764_799_999), some.integers(-14 * 60, 14 * 60))
def test_a_time_survives_to_the_millisecond_in_utc(ms: int, offset: int) -> None:
    at = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(milliseconds=ms)
    assert both_ways(DATETIME, at) == at
    if 1971 < at.year < 9999:
        elsewhere = at.astimezone(datetime.timezone(datetime.timedelta(minutes=offset)))
        assert scalars.read_time(elsewhere.isoformat(timespec="milliseconds")) == at
    assert scalars.write_time(at).endswith("Z")


def test_an_offset_is_turned_into_utc() -> None:
    assert scalars.write_time(scalars.read_time("2026-07-01T08:00:00.5+08:00")) == "2026-07-01T00:00:00.500Z"


def test_a_time_without_a_zone_is_never_told() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        scalars.write_time(datetime.datetime(2026, 7, 1))  # noqa: DTZ001  # That it has no zone is the point.


async def test_a_bad_variable_is_named_by_its_path() -> None:
    context = sample.context(sample.someone(Role.INSPECTOR))
    answer = await EXECUTOR.answer(Request(PUT, {"input": {"sizes": ["1", 2**40]}}), context)
    (error,) = answer.errors
    assert error["extensions"] == {"code": "BAD_INPUT"}
    assert "$input" in error["message"]
    assert "sizes[1]" in error["message"]


async def test_a_bad_literal_is_bad_input_and_has_its_place() -> None:
    text = 'mutation { putPiece(input: {sizes: ["1"], digest: "nonsense"}) { problem { code } } }'
    answer = await EXECUTOR.answer(Request(text), sample.context(sample.someone(Role.INSPECTOR)))
    (error,) = answer.errors
    assert error["extensions"] == {"code": "BAD_INPUT"}
    assert "64 lower-case" in error["message"]
    assert error["locations"]
