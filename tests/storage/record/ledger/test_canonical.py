"""Canonical JSON against the rfc8785 package, and what it refuses."""

import contextlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from storage.record.ledger.proofs import canonical

pytestmark = pytest.mark.quick

scalars = st.one_of(st.text(), st.booleans(), st.integers(-canonical.LARGEST, canonical.LARGEST))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(st.dictionaries(st.text(), values))
def test_it_writes_what_rfc_8785_writes_and_reads_it_back(value: dict[str, Any]) -> None:
    written = canonical.canonical(value)
    assert written == rfc8785.dumps(value)
    assert canonical.parse_canonical(written, len(written)) == value


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_cleanly_refused(data: bytes) -> None:
    with contextlib.suppress(canonical.NotCanonical):
        assert canonical.canonical(canonical.parse_canonical(data, 80)) == data


UNKNOWN = [1.0, None, 2**53, -(2**53), float("nan"), {1: 2}, {"a": None}, [b"x"], (1,), "\ud800"]


@pytest.mark.parametrize("value", UNKNOWN)
def test_what_the_protocol_does_not_know_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical.canonical(value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"b":1,"a":2}', "not written canonically at byte 2"),
        (b'{"a":1,"a":1}', "not written canonically at byte 6"),
        (b'{"a": 1}', "not written canonically at byte 5"),
        (b'{"a":1}\n', "not written canonically at byte 7"),
        (b'{"a":-0}', "not written canonically at byte 5"),
        (b'{"a":"\\u0041"}', "not written canonically at byte 6"),
        (b'{"a":1.0}', "1.0 is no integer"),
        (b'{"a":1e3}', "1e3 is no integer"),
        (b'{"a":NaN}', "NaN is no integer"),
        (b'{"a":-Infinity}', "-Infinity is no integer"),
        (b'{"a":null}', "a value of type NoneType"),
        (b'{"a":9007199254740992}', "an integer beyond 2^53"),
        (b'{"a":' + b"9" * 5000 + b"}", "an integer beyond 2^53"),
        (b'{"a":"\xff"}', "not UTF-8 at byte 6"),
        (b'{"a":"\\ud800"}', "a lone surrogate is no text"),
        (b'{"\\ud800":1}', "a lone surrogate is no text"),
        (b'{"\xef\xac\xb3":"\\ud800"}', "a lone surrogate is no text"),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8 at byte 6"),
        ('{"井":\''.encode(), "not JSON at byte 7"),
        (b"\xef\xbb\xbf{}", "not JSON at byte 0"),
        (b"[]", "not a JSON object at byte 0"),
        (b"", "not JSON at byte 0"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "nested more than 16 deep"),
        (b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}", "nested too deep"),
        (b'{"a":"' + b"x" * 7000 + b'"}', "7008 bytes are more than the 7000 allowed"),
    ],
)
def test_bytes_that_are_not_canonical_are_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(canonical.NotCanonical) as refusal:
        canonical.parse_canonical(data, 7000)
    assert str(refusal.value) == reason


def test_keys_beyond_the_basic_plane_sort_by_utf_16_unit() -> None:
    value: dict[str, Any] = {"\ufb33": 1, "\U0001f600": 2, "a": {"\ufb33": 1, "\U0001f600": 2}}
    assert list(json.loads(canonical.canonical(value))) == ["a", "\U0001f600", "\ufb33"]
    assert canonical.canonical(value) == rfc8785.dumps(value)


@given(st.binary(max_size=70))
def test_base64url_has_one_way_to_write_bytes(data: bytes) -> None:
    assert canonical.from_base64url(canonical.to_base64url(data)) == data


@pytest.mark.parametrize("text", ["AB", "A", "AA==", "A+", "A A", "é", None, 5, "AA\n"])
def test_other_ways_to_write_base64url_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match="base64url"):
        canonical.from_base64url(text)
