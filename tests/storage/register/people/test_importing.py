"""Tests of what a sheet of people would change."""

from datetime import date
from uuid import uuid4

import pytest

from storage.record.sheets import Outcome
from storage.register.people import importing
from storage.register.people.importing import Plan
from storage.register.people.queries import MineScope, Roster
from storage.register.people.tables import PostFlag
from tests.sites import NOW, PANZHOU
from tests.storage.register.people.test_rules import number_of

pytestmark = pytest.mark.quick

MINE = MineScope(uuid4(), PANZHOU, "GZ-1")
HEADERS = "姓名,身份证号,职务,工种,任职日期,离任日期,证书类别,证书编号,发证机关,有效期起,有效期止"
ONE, OTHER = number_of("52020219850314123"), number_of("52020219900101456")
OPERATOR = f"张三,{ONE},特种作业人员,瓦斯检查工,2024-01-01,,特种作业操作证,T{ONE},贵州局,2024-01-01,2029-12-31"


def planned(*lines: str, roster: Roster | None = None, key: bytes | None = b"key") -> Plan:
    rows = importing.read_people("\n".join([HEADERS, *lines]), key=key)
    return importing.plan(rows, roster or Roster([], [], []), mine=MINE, now=NOW)


def after(plan: Plan, roster: Roster | None = None) -> Roster:
    roster = roster or Roster([], [], [])
    change = plan.change
    return Roster(roster.persons + change.persons, roster.posts + change.posts,
                  roster.qualifications + change.qualifications)  # fmt: skip


def outcomes(plan: Plan) -> list[str]:
    return [one.problem.code if one.problem else one.outcome.value for one in plan.answers]


def test_a_sheet_that_is_entered_changes_nothing() -> None:
    for key in (b"key", None):
        first = planned(OPERATOR, "李四,,班组长,,2025/3/1,,,,,,", key=key)
        assert outcomes(first) == ["CREATED", "CREATED"]
        again = planned(OPERATOR, "李四,,班组长,,2025/3/1,,,,,,", roster=after(first), key=key)
        assert outcomes(again) == ["UNCHANGED", "UNCHANGED"]
        assert not any((again.change.persons, again.change.posts, again.change.qualifications, again.change.numbered))


def test_the_identity_number_is_in_no_row_that_is_entered() -> None:
    plan = planned(OPERATOR)
    told = repr((plan.change.persons, plan.change.posts, plan.change.qualifications))
    assert ONE not in told
    assert ONE[-4:] in told


def test_two_rows_with_one_number_are_one_person() -> None:
    plan = planned(OPERATOR, f"张三,{ONE},班组长,,2024-06-01,,,,,,")
    assert outcomes(plan) == ["CREATED", "CHANGED"]
    assert (len(plan.change.persons), [one.flags for one in plan.change.posts]) == (1, [[], [PostFlag.OVERLAPS]])


def test_namesakes_are_told_apart_by_their_numbers() -> None:
    plan = planned(f"张三,{ONE},一般从业人员,,2024-01-01,,,,,,", f"张三,{OTHER},一般从业人员,,2024-01-01,,,,,,")
    assert outcomes(plan) == ["CREATED", "CREATED"]
    unnumbered = planned("张三,,一般从业人员,,2024-01-01,,,,,,", roster=after(plan))
    assert outcomes(unnumbered) == ["PERSON_AMBIGUOUS"]


def test_a_number_that_comes_later_is_filled_in_once() -> None:
    first = planned("张三,,班组长,,2024-01-01,,,,,,")
    second = planned(f"张三,{ONE},班组长,,2024-01-01,,,,,,", roster=after(first))
    assert outcomes(second) == ["CHANGED"]
    assert [one.number_tail for one in second.change.numbered] == [ONE[-4:]]
    third = planned(f"张三,{ONE},班组长,,2024-01-01,,,,,,", roster=after(first))
    assert outcomes(third) == ["UNCHANGED"]


def test_a_number_under_another_name_is_refused() -> None:
    assert outcomes(planned(OPERATOR, OPERATOR.replace("张三", "张散"))) == ["CREATED", "NUMBER_OF_ANOTHER"]


def test_a_last_day_that_comes_later_ends_the_post() -> None:
    first = planned("王五,,矿长,,2024-01-01,,,,,,")
    second = planned("王五,,矿长,,2024-01-01,2026-06-30,,,,,", roster=after(first))
    assert (outcomes(second), [one.to_day for one in second.change.left]) == (["CHANGED"], [date(2026, 6, 30)])


def test_a_mine_has_one_principal_in_the_sheet_too() -> None:
    plan = planned("甲,,主要负责人,,2024-01-01,2025-12-31,,,,,", "乙,,主要负责人,,2026-01-01,,,,,,",
                   "丙,,主要负责人,,2026-05-01,,,,,,")  # fmt: skip
    assert outcomes(plan) == ["CREATED", "CREATED", "PRINCIPAL_IN_OFFICE"]
    assert plan.refused == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",,班组长,,2024-01-01,,,,,,", "BAD_INPUT"),
        ("甲,123,班组长,,2024-01-01,,,,,,", "NUMBER_WRONG"),
        ("甲,,门卫,,2024-01-01,,,,,,", "BAD_INPUT"),
        ("甲,,特种作业人员,,2024-01-01,,,,,,", "CRAFT_MISSING"),
        ("甲,,班组长,,2024-01-01,2023-01-01,,,,,", "DAYS_OUT_OF_ORDER"),
        ("甲,,班组长,,2024-01-01,,安全培训合格证,,,,", "BAD_INPUT"),
        ("甲,,班组长,,2024-01-01,,特种作业操作证,1,局,2024-01-01,2027-01-01", "CRAFT_MISSING"),
        ("甲,,班组长,,2024-01-01,,,,,,,多余", "BAD_INPUT"),
    ],
)
def test_a_bad_row_is_refused_by_itself(line: str, code: str) -> None:
    plan = planned(line, OPERATOR)
    assert outcomes(plan) == [code, "CREATED"]
    assert [one.number for one in plan.answers] == [2, 3]
    assert plan.answers[0].outcome is Outcome.REFUSED


def test_a_formula_in_a_name_is_kept_as_text() -> None:
    plan = planned("=1+1,,班组长,,2024-01-01,,,,,,")
    assert [one.name for one in plan.change.persons] == ["=1+1"]
