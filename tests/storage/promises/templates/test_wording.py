"""What a clause demands is said as people write it: numbers in the units of every day, days and lists in words."""

from datetime import date

import pytest

from storage.promises.templates.conditions import Condition
from storage.promises.templates.tables import ConditionKind, Unit
from storage.promises.templates.wording import in_words
from storage.record.glossary.promise_words import MEASURES

pytestmark = pytest.mark.quick


def number(unit: Unit, least: int | None = None, most: int | None = None) -> Condition:
    return Condition(kind=ConditionKind.NUMBER, unit=unit, least=least, most=most)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (number(Unit.HUNDREDTHS_OF_PERCENT, most=100), "不超过1.00%", "at most 1.00 %"),
        (number(Unit.HUNDREDTHS_OF_PERCENT, most=5), "不超过0.05%", "at most 0.05 %"),
        (number(Unit.FEN_PER_TONNE, least=1_500), "不少于15.00元/吨", "at least 15.00 yuan a tonne"),
        (number(Unit.CENTIMETRES, least=180, most=320), "不少于1.80米，不超过3.20米",
         "at least 1.80 m, at most 3.20 m"),
        (number(Unit.PERSONS, most=0), "为0人", "exactly 0 persons"),
        (number(Unit.TIMES, least=2, most=2), "为2次", "exactly 2 times"),
        (number(Unit.WORKING_DAYS, most=10), "不超过10个工作日", "at most 10 working days"),
        (Condition(kind=ConditionKind.YES_NO, yes=True), "必须做到", "it must be so"),
        (Condition(kind=ConditionKind.YES_NO, yes=False), "不得发生", "it must not be so"),
        (
            Condition(kind=ConditionKind.DATE, not_after=date(2027, 1, 31)),
            "不晚于2027年1月31日", "by 2027-01-31 at the latest",
        ),
        (
            Condition(kind=ConditionKind.LIST, holds=("通风", "供电"), lacks=("木支护",)),
            "通风、供电齐备，没有木支护", "all of: 通风, 供电, none of: 木支护",
        ),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_both_languages(condition: Condition, zh: str, en: str) -> None:
    said = in_words(condition)
    assert (said.zh, said.en) == (zh, en)


def test_every_unit_has_its_words() -> None:
    assert set(MEASURES) == {one.value for one in Unit}
