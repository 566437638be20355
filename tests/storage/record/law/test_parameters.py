"""Tests of the dated parameters of the law."""

from datetime import date, timedelta
from itertools import combinations

import pytest

from storage.record.law import BUILT_IN, PARAMETERS, NotInForce

pytestmark = pytest.mark.quick


def test_two_officers_inspect_together_since_the_law_of_2021() -> None:
    found = BUILT_IN.parameter("officers_per_inspection", date(2026, 11, 24))
    assert (found.value, found.article, found.settled) == (2, "行政处罚法第四十二条", True)


def test_a_parameter_does_not_hold_before_its_text_is_in_force() -> None:
    first = BUILT_IN.parameter("officers_per_inspection", date(2021, 7, 15))
    with pytest.raises(NotInForce):
        BUILT_IN.parameter("officers_per_inspection", first.in_force_from - timedelta(days=1))


def test_an_unknown_parameter_is_not_in_force() -> None:
    with pytest.raises(NotInForce):
        BUILT_IN.parameter("officers_on_the_moon", date(2026, 1, 1))


def test_a_list_is_no_number() -> None:
    with pytest.raises(TypeError):
        BUILT_IN.number("evidence_kinds", date(2026, 1, 1))


def test_the_law_knows_eight_kinds_of_evidence() -> None:
    value = BUILT_IN.parameter("evidence_kinds", date(2026, 1, 1)).value
    assert isinstance(value, tuple)
    assert len(value) == 8


def test_no_day_has_two_values_of_one_parameter() -> None:
    for one, other in combinations(PARAMETERS, 2):
        if one.key == other.key:
            last = date.max
            assert (one.in_force_to or last) < other.in_force_from or (other.in_force_to or last) < one.in_force_from


def test_each_parameter_names_its_article_and_each_default_says_that_it_is_one() -> None:
    for one in PARAMETERS:
        assert one.article
        assert one.unit
        assert one.settled or one.note
