"""Tests of what may become law without a release."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from storage.record.law import BUILT_IN, deadline_of
from storage.record.problems import BadInput, Problem
from storage.register.provisions import rules
from storage.register.provisions.rules import Draft, law_with
from storage.register.provisions.tables import ProvisionKind

pytestmark = pytest.mark.quick

FEBRUARY = date(2026, 2, 1)
DEFENCE = Draft(
    kind=ProvisionKind.PARAMETER, key="defence", value=3, article="应急管理部令第18号", in_force_from=FEBRUARY
)
NEW_YEAR = Draft(kind=ProvisionKind.DAY, key="2027-01-01", value=0, article="国务院办公厅通知", in_force_from=FEBRUARY)


def must_be_sound(draft: Draft) -> None:
    rules.must_be_well_formed(draft)
    rules.must_change_the_law(draft)


@pytest.mark.parametrize("draft", [DEFENCE, NEW_YEAR])
def test_a_number_of_the_law_and_a_day_of_the_calendar_may_be_drafted(draft: Draft) -> None:
    must_be_sound(draft)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"key": "defense"}, rules.ParameterUnknown),
        ({"value": ("三",)}, BadInput),
        ({"value": 0}, BadInput),
        ({"value": -1}, BadInput),
        ({"value": 10**16}, BadInput),
        ({"article": " "}, BadInput),
        ({"article": "条" * 201}, BadInput),
        ({"note": "注" * 1_001}, BadInput),
        ({"in_force_to": date(2026, 1, 31)}, BadInput),
        ({"key": "evidence_kinds", "value": ("书证", "书证")}, BadInput),
        ({"key": "evidence_kinds", "value": ()}, BadInput),
        ({"key": "evidence_kinds", "value": (" ",)}, BadInput),
        ({"kind": ProvisionKind.DAY, "key": "2027-02-30", "value": 0}, BadInput),
        ({"kind": ProvisionKind.DAY, "key": "2027-01-01", "value": 2}, BadInput),
    ],
)
def test_what_changes_no_rule_or_is_no_value_of_its_sort_is_no_draft(
    changes: dict[str, Any], problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        must_be_sound(replace(DEFENCE, **changes))


def test_a_change_holds_from_its_day_and_keeps_how_the_period_runs() -> None:
    law = law_with([DEFENCE])
    assert law.number("defence", date(2026, 1, 31)) == 5
    assert law.number("defence", FEBRUARY) == 3
    found = deadline_of(law, "defence", date(2026, 2, 26))
    assert (found.article, found.ends, found.settled) == ("应急管理部令第18号", date(2026, 3, 2), True)


def test_of_two_changes_from_the_same_day_the_one_approved_later_holds() -> None:
    law = law_with([DEFENCE, replace(DEFENCE, value=7)])
    assert law.number("defence", FEBRUARY) == 7


def test_what_ends_gives_way_to_what_stood_before() -> None:
    law = law_with([replace(DEFENCE, in_force_to=date(2026, 2, 28))])
    assert law.number("defence", date(2026, 3, 1)) == 5


def test_an_entered_day_makes_its_year_known() -> None:
    law = law_with([NEW_YEAR])
    assert not law.calendar.is_working(date(2027, 1, 1))
    assert law.calendar.is_working(date(2027, 1, 4))
    assert not BUILT_IN.calendar.knows(date(2027, 1, 1))
