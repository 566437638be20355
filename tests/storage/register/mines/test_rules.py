"""Tests of what the law says of mines."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.record.problems import BadInput, Problem
from storage.register.mines import rules
from storage.register.mines.rules import CODE_LETTERS, MineFacts
from storage.register.mines.tables import Disaster, MineState

pytestmark = pytest.mark.quick

DIVISIONS = {"52", "5202", "5203", "520281", "520322"}
GOOD = MineFacts(
    name="甲煤矿", credit_code="91350100M000100Y43", county="520281", office="GZ-1", supervisor="5202",
    state=MineState.PRODUCING, disasters=(Disaster.HIGH_GAS,), latitude=257_123_456, longitude=1_046_123_456,
)  # fmt: skip
BODY = some.text(CODE_LETTERS, min_size=17, max_size=17)


def check(facts: MineFacts) -> None:
    rules.must_be_registrable(facts, divisions=DIVISIONS, offices={"GZ-1"})


def test_a_mine_with_all_its_facts_is_registrable() -> None:
    check(GOOD)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91440300708461136T"])
def test_known_credit_codes_carry_their_check_character(code: str) -> None:
    rules.must_be_credit_code(code)


@given(BODY)
def test_every_body_with_its_check_character_is_a_credit_code(body: str) -> None:
    rules.must_be_credit_code(body + rules.check_character(body))


@given(BODY, some.integers(0, 17), some.sampled_from(CODE_LETTERS))
def test_one_wrong_character_is_always_found(body: str, place: int, letter: str) -> None:
    code = body + rules.check_character(body)
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        with pytest.raises(rules.CreditCodeWrong):
            rules.must_be_credit_code(wrong)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100m000100y43", "91350100I000100Y43", "9" * 19, "９" * 18]
)
def test_what_is_no_code_at_all_is_refused(code: str) -> None:
    with pytest.raises(rules.CreditCodeWrong):
        rules.must_be_credit_code(code)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, BadInput),
        ({"name": " 甲煤矿"}, BadInput),
        ({"name": "甲\n煤矿"}, BadInput),
        ({"name": "矿" * 101}, BadInput),
        ({"county": "5202"}, rules.CountyUnknown),
        ({"county": "110101"}, rules.CountyUnknown),
        ({"supervisor": "5203"}, rules.SupervisorElsewhere),
        ({"supervisor": "520322"}, rules.SupervisorElsewhere),
        ({"supervisor": ""}, rules.SupervisorElsewhere),
        ({"office": "GZ-9"}, rules.OfficeUnknown),
        ({"disasters": (Disaster.WATER, Disaster.WATER)}, BadInput),
        ({"latitude": 0}, rules.PositionOutsideGuizhou),
        ({"latitude": 257, "longitude": 1_046}, rules.PositionOutsideGuizhou),
        ({"latitude": 399_000_000, "longitude": 1_164_000_000}, rules.PositionOutsideGuizhou),
        ({"longitude": -1_046_123_456}, rules.PositionOutsideGuizhou),
    ],
)
def test_each_wrong_fact_is_named(changes: dict[str, object], problem: type[Problem]) -> None:
    with pytest.raises(problem):
        check(replace(GOOD, **changes))  # type: ignore[arg-type] # The cases above fit their fields.


@pytest.mark.parametrize("supervisor", ["52", "5202", "520281"])
def test_province_city_or_county_may_supervise_a_mine(supervisor: str) -> None:
    check(replace(GOOD, supervisor=supervisor))


@pytest.mark.parametrize("code", ["", "GZ 1", "GZ_1", "一处", "x" * 33, "GZ-1\n"])
def test_an_office_code_is_letters_digits_and_hyphens(code: str) -> None:
    rules.must_be_office_code("GZ-1")
    with pytest.raises(BadInput):
        rules.must_be_office_code(code)
