"""Tests of what the law says of lists and figures: lines, levels, two people, when each is due."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.law import BUILT_IN
from storage.record.problems import BadInput
from storage.trust.disclosures.copies.lists import Item, listed
from storage.trust.disclosures.copies.lists import Listing as Source
from storage.trust.disclosures.problems import NotPublishable, PersonalDataFound
from storage.trust.lists import rules
from storage.trust.lists.tables import ListKind
from tests.factories.lists import COUNTY, LICENCES, OFFICE, PROVINCE, REMEDIES
from tests.sites import credit_code

pytestmark = pytest.mark.quick

DAYS = st.dates(date(2021, 1, 1), date(2099, 12, 31))


def source(**changes: Any) -> Source:
    usual = Source(
        kind="REMEDIES", agency="贵州省煤矿安全监管部门", county="52", version=1, as_of=date(2026, 11, 24),
        next_by=None, items=REMEDIES, contacts=True,
    )  # fmt: skip
    return replace(usual, **changes)


@pytest.mark.parametrize("kind", ListKind)
def test_every_list_has_its_article_and_what_is_typed_in_its_members(kind: ListKind) -> None:
    assert rules.BASIS_OF[kind]
    assert (kind in rules.GATHERED) is (kind not in rules._MEMBERS)


@pytest.mark.parametrize("kind", sorted(rules.GATHERED))
def test_what_the_record_knows_is_never_typed_in(kind: ListKind) -> None:
    rules.must_fit(kind, None)
    with pytest.raises(BadInput):
        rules.must_fit(kind, REMEDIES)


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        (ListKind.REMEDIES, None),
        (ListKind.REMEDIES, ()),
        (ListKind.REMEDIES, REMEDIES * 1_001),
        (ListKind.REMEDIES, (Item(name="复议"),)),
        (ListKind.REMEDIES, (Item(name="复议", text=" "),)),
        (ListKind.REMEDIES, (Item(name="复议", text="x" * 4_001),)),
        (ListKind.REMEDIES, (Item(name="复议", text="x", credit_code=credit_code(1)),)),
        (ListKind.LICENCES, (replace(LICENCES[0], credit_code=None),)),
        (ListKind.EXPERTS, (Item(name="王工"),)),
    ],
)
def test_a_line_has_what_its_kind_must_have_and_nothing_else(kind: ListKind, items: tuple[Item, ...] | None) -> None:
    rules.must_fit(ListKind.LICENCES, LICENCES)
    with pytest.raises(BadInput):
        rules.must_fit(kind, items)


def test_what_the_province_gathers_no_county_publishes_beside_it() -> None:
    for kind in rules.OF_THE_PROVINCE:
        rules.must_be_kept_by(kind, PROVINCE)
        for agency in (COUNTY, OFFICE):
            with pytest.raises(rules.ListOfAnotherLevel):
                rules.must_be_kept_by(kind, agency)
    rules.must_be_kept_by(ListKind.POWERS, OFFICE)
    with pytest.raises(rules.ListOfAnotherLevel):
        rules.must_be_kept_by(ListKind.POWERS, rules.Agency(county="520281", office="GZ-1"))


def test_a_list_takes_two_is_decided_once_and_not_overtaken() -> None:
    one, other = uuid4(), uuid4()
    rules.must_be_another(one, other)
    rules.must_be_undecided(None)
    rules.must_be_the_newest(2, 1)
    with pytest.raises(rules.ListTakesTwo):
        rules.must_be_another(one, one)
    for approved in (True, False):
        with pytest.raises(rules.ListDecided):
            rules.must_be_undecided(approved)
    with pytest.raises(rules.ListOvertaken):
        rules.must_be_the_newest(1, 2)


@pytest.mark.parametrize(
    ("kind", "day", "end"),
    [
        (ListKind.SUPERVISORS, date(2026, 11, 24), date(2027, 3, 31)),
        (ListKind.SUPERVISORS, date(2026, 12, 31), date(2027, 3, 31)),
        (ListKind.SUPERVISORS, date(2026, 3, 31), date(2026, 6, 30)),
        (ListKind.LICENCES, date(2026, 1, 1), date(2027, 12, 31)),
        (ListKind.BASIS, date(2026, 1, 1), None),
    ],
)
def test_each_list_comes_again_in_its_next_quarter_or_year(kind: ListKind, day: date, end: date | None) -> None:
    assert rules.next_by(kind, BUILT_IN, day) == end


@given(day=DAYS, last=DAYS)
def test_what_was_never_published_is_due_in_this_period_and_what_was_in_the_one_behind(day: date, last: date) -> None:
    for kind in rules.EVERY:
        due = rules.due_on(kind, BUILT_IN, day, None)
        assert due is not None
        assert due >= day
        assert not rules.is_overdue(kind, due, day, None)
        after = rules.due_on(kind, BUILT_IN, day, last)
        assert after is not None
        assert after > last
        assert rules.is_overdue(kind, after, after + timedelta(days=1), last)
        assert not rules.is_overdue(kind, after, after, last)


def test_what_must_always_be_there_is_missed_until_it_is() -> None:
    assert rules.is_overdue(ListKind.BASIS, None, date(2026, 1, 1), None)
    assert not rules.is_overdue(ListKind.BASIS, None, date(2026, 1, 1), date(2020, 1, 1))


def test_figures_are_of_what_is_over_and_due_by_the_law() -> None:
    rules.must_be_over(2026, 3, date(2026, 10, 1))
    for year, quarter, today in ((2026, 3, date(2026, 9, 30)), (2026, None, date(2026, 12, 31))):
        with pytest.raises(rules.PeriodNotOver):
            rules.must_be_over(year, quarter, today)
    for year, quarter in ((2019, 1), (2101, None), (2026, 0), (2026, 5)):
        with pytest.raises(BadInput):
            rules.must_be_over(year, quarter, date(2026, 11, 24))
    assert rules.figures_due(BUILT_IN, 2025, None) == date(2026, 1, 31)
    assert rules.figures_due(BUILT_IN, 2026, 3) == date(2026, 11, 3)
    assert rules.figures_due(BUILT_IN, 2098, 4) is None


def test_series_differ_by_agency_and_by_what_they_are_of() -> None:
    told = [rules.series_of(what, agency) for what in ("BASIS", "POWERS", rules.period_of(2026, 1),
            rules.period_of(2026, None)) for agency in (COUNTY, OFFICE, PROVINCE)]  # fmt: skip
    assert len(set(told)) == len(told)


def test_an_agencys_own_number_stands_in_its_remedies_and_nobodys_mobile() -> None:
    assert "0851-86891234" in listed(source()).content.decode()
    assert listed(source(items=(Item(name="投诉", text="热线：12350"),))).content
    for text in ("手机：13800138000", "电话：13800138000", "联系人电话0851-86891234转王某，家住某处"):
        with pytest.raises(PersonalDataFound):
            listed(source(items=(Item(name="投诉", text=text),)))
    with pytest.raises(PersonalDataFound):
        listed(source(contacts=False))


def test_a_name_of_the_register_in_what_somebody_wrote_is_found_and_in_a_mines_own_name_is_not() -> None:
    with pytest.raises(PersonalDataFound):
        listed(source(items=(Item(name="复议", text="找赵铁柱办理"),), names=("赵铁柱",)))
    mine = Item(name="建国煤矿", number="1", credit_code=credit_code(1), day=date(2027, 1, 1))
    assert listed(source(kind="LICENCES", items=(mine,), names=("建国",))).content
    with pytest.raises(NotPublishable):
        listed(source(kind="LICENCES", items=(replace(mine, credit_code="1" * 18),)))


def test_officers_and_experts_are_named_whole_and_what_is_no_name_is_refused() -> None:
    made = listed(source(kind="EXPERTS", persons=True, items=(Item(name="欧阳建国", text="通风"),)))
    assert "欧阳建国" in made.content.decode()
    assert {one.member for one in made.taken_out} == {"items[].identity_number", "items[].telephone", "items[].account"}
    for name in ("王工13800138000", "王", "<b>王工</b>"):
        with pytest.raises((NotPublishable, PersonalDataFound)):
            listed(source(kind="EXPERTS", persons=True, items=(Item(name=name, text="通风"),)))
