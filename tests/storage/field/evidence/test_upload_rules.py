"""Tests of the rules of uploads: how many parts, how large, which are missing, what is too much."""

from hashlib import sha256

import pytest

from storage.field.evidence import rules
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.statements import LIMIT, PART_SIZE, SIZE_LIMIT, parts_root
from tests.factories.field import NOWHERE

pytestmark = pytest.mark.quick

MIB = 2**20


@pytest.mark.parametrize(
    ("size", "count", "last"),
    [(16 * MIB + 1, 3, 1), (24 * MIB, 3, 8 * MIB), (24 * MIB + 1, 4, 1), (20 * 2**30, 2560, 8 * MIB)],
)
def test_a_large_file_has_equal_parts_and_the_last_takes_the_rest(size: int, count: int, last: int) -> None:
    assert rules.comes_in_parts(size)
    assert rules.count_of_parts(size) == count
    assert rules.size_of_part(size, 1) == PART_SIZE
    assert rules.size_of_part(size, count) == last


def test_sixteen_mebibytes_still_travel_in_one_request() -> None:
    assert not rules.comes_in_parts(16 * MIB)


def test_the_largest_file_stays_below_ten_thousand_parts() -> None:
    assert rules.count_of_parts(rules.LARGEST_FILE) <= 10_000


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ({}, 1),
        ({1: PART_SIZE, 3: 1}, 2),
        ({3: 1, 2: PART_SIZE, 1: PART_SIZE}, None),
        ({1: PART_SIZE, 2: PART_SIZE - 1, 3: 1}, 2),
        ({1: PART_SIZE, 2: PART_SIZE, 3: 1, 4: 9}, None),
    ],
)
def test_the_first_part_that_is_not_there_in_full_is_named(held: dict[int, int], missing: int | None) -> None:
    assert rules.first_missing(16 * MIB + 1, held) == missing


def test_part_hashes_are_held_against_the_signed_root() -> None:
    parts = [sha256(bytes([number])).digest() for number in range(3)]
    statement = NOWHERE.statement(size=16 * MIB + 1, parts_root=parts_root(parts).hex())
    rules.must_be_its_parts(statement, b"".join(parts))
    wrong = [parts[1], parts[0], parts[2]]
    for given in (b"".join(wrong), b"".join(parts[:2]), b"".join(parts) + bytes(32), b""):
        with pytest.raises(rules.PartsDiffer) as told:
            rules.must_be_its_parts(statement, given)
        assert told.value.parameters == {"count": 3}


def test_a_small_file_has_no_parts() -> None:
    with pytest.raises(rules.NotInParts):
        rules.must_be_its_parts(NOWHERE.statement(size=16 * MIB), bytes(64))


def test_one_byte_over_the_limit_is_refused_by_name() -> None:
    rules.must_be_media(NOWHERE.statement(size=17 * MIB), largest=17 * MIB)
    with pytest.raises(rules.SizeOverLimit) as told:
        rules.must_be_media(NOWHERE.statement(size=17 * MIB + 1), largest=17 * MIB)
    assert told.value.parameters == {"limit": 17 * MIB}


@pytest.mark.parametrize(("size", "refused"), [(SIZE_LIMIT + 1, rules.SizeOverLimit), (0, rules.StatementMalformed)])
def test_what_no_statement_can_declare_is_told_apart(size: int, refused: type[Exception]) -> None:
    data = canonical(parse_canonical(NOWHERE.statement().encode(), LIMIT) | {"size": size})
    with pytest.raises(refused):
        rules.must_be_a_statement(data)


@pytest.mark.parametrize(("first", "after"), [(0, 0), (101, 0), (1, -1), (1, 4)])
def test_a_page_of_parts_lies_within_the_file(first: int, after: int) -> None:
    rules.must_be_a_page(16 * MIB + 1, first=100, after=3)
    with pytest.raises(rules.PageOutOfRange):
        rules.must_be_a_page(16 * MIB + 1, first=first, after=after)
