"""Tests of the rules of schemes: powers, sides, caps, two people, previous findings, preparation, proposals."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.schemes import proposing, rules
from storage.casework.schemes.rules import Burden, Check, PreviousFinding
from storage.casework.schemes.tables import Cause, Manner, MineClass, Side
from storage.record.law import BUILT_IN
from storage.record.law.dated import Ended
from storage.record.law.powers import POWERS
from storage.record.problems import BadInput, Problem
from storage.register.mines.tables import Disaster, MineState
from tests.factories.schemes import DAY, below, item
from tests.sites import NOW

pytestmark = pytest.mark.quick

ONE, TWO = uuid4(), uuid4()


def burden(
    total: int, *, planned: int | None = None, scheduled: int = 0, mine_class: MineClass | None = None
) -> Burden:
    count = total if planned is None else planned
    checks = tuple(
        Check(inspection_id=uuid4(), opened_at=NOW, planned=number < count, cause=None) for number in range(total)
    )
    cap, class_cap = rules.caps_of(BUILT_IN, mine_class, on=DAY)
    return Burden(year=2026, checks=checks, scheduled=scheduled, mine_class=mine_class, cap=cap, class_cap=class_cap)


def test_every_power_names_its_article_and_its_ground_and_no_key_holds_twice_on_a_day() -> None:
    keys = [one.key for one in BUILT_IN.powers_on(DAY)]
    assert len(keys) == len(set(keys)) == len(POWERS)
    for one in POWERS:
        assert one.article
        assert "安全生产法第六十五条" in one.ground
        assert "第四十四条、第五十八条" in one.ground
        assert one.holders


def test_an_item_outside_the_powers_list_is_refused_and_so_is_one_before_the_list_was_in_force() -> None:
    rules.must_rest_on_powers([item(ONE)], law=BUILT_IN, on=DAY)
    with pytest.raises(rules.ItemOutsidePowers) as caught:
        rules.must_rest_on_powers([item(ONE), item(ONE, power="TAXES")], law=BUILT_IN, on=DAY)
    assert caught.value.parameters == {"power": "TAXES", "day": "2026-11-24"}
    with pytest.raises(rules.ItemOutsidePowers):
        rules.must_rest_on_powers([item(ONE)], law=BUILT_IN, on=date(2024, 4, 30))
    gone = BUILT_IN.with_items(powers=[Ended(key=POWERS[0].key, article="新清单", in_force_from=date(2026, 1, 1))])
    assert gone.power(POWERS[0].key, DAY) is None
    assert gone.power(POWERS[0].key, date(2025, 12, 31)) == POWERS[0]


@pytest.mark.parametrize(("items", "missing"), [
    ([item(ONE), below(ONE)], []),
    ([item(ONE)], ["PLACES", "UNDERGROUND", "QUANTITATIVE"]),
    ([below(ONE)], ["PAPERS", "SURFACE", "QUALITATIVE"]),
    ([item(ONE), below(ONE, underground=False)], ["UNDERGROUND"]),
    ([item(ONE), below(ONE, manner=Manner.QUALITATIVE)], ["QUANTITATIVE"]),
    ([item(ONE), below(ONE, side=Side.PAPERS)], ["PLACES"]),
])  # fmt: skip
def test_a_planned_scheme_covers_papers_and_places_surface_and_underground_kind_and_measure(
    items: list[Any], missing: list[str]
) -> None:
    assert rules.missing_sides(items) == missing
    for cause in Cause:
        if cause is Cause.PLAN and missing:
            with pytest.raises(rules.SchemeOneSided):
                rules.must_cover_all_sides(items, cause=cause)
        else:
            rules.must_cover_all_sides(items, cause=cause)


@pytest.mark.parametrize(("told", "refused"), [
    (burden(11), False),
    (burden(12), True),
    (burden(11, scheduled=1), True),
    (burden(12, planned=0), True),
    (burden(1, mine_class=MineClass.A), False),
    (burden(2, mine_class=MineClass.A), True),
    (burden(1, scheduled=1, mine_class=MineClass.A), True),
    (burden(8, planned=1, mine_class=MineClass.A), False),
    (burden(4, mine_class=MineClass.B), True),
    (burden(5, mine_class=MineClass.C), False),
])  # fmt: skip
def test_a_planned_check_beyond_a_cap_is_refused_and_no_other_ever_is(told: Burden, refused: bool) -> None:
    if refused:
        with pytest.raises(rules.TooManyChecks) as caught:
            rules.must_be_within_caps(told, cause=Cause.PLAN)
        assert caught.value.parameters["article"]
    else:
        rules.must_be_within_caps(told, cause=Cause.PLAN)
    for cause in Cause:
        if cause is not Cause.PLAN:
            rules.must_be_within_caps(told, cause=cause)


def test_before_the_text_was_in_force_there_is_no_cap() -> None:
    assert rules.caps_of(BUILT_IN, MineClass.A, on=date(2025, 1, 1)) == (None, None)
    cap, class_cap = rules.caps_of(BUILT_IN, None, on=DAY)
    assert cap is not None
    assert (cap.value, class_cap) == (12, None)


def test_the_lead_approves_what_another_drafted() -> None:
    rules.must_be_approved_by_the_lead(lead_id=ONE, drafted_by=TWO, approver=ONE)
    with pytest.raises(rules.NotTheLead):
        rules.must_be_approved_by_the_lead(lead_id=ONE, drafted_by=TWO, approver=TWO)
    with pytest.raises(rules.SchemeNeedsTwoPeople):
        rules.must_be_approved_by_the_lead(lead_id=ONE, drafted_by=ONE, approver=ONE)


def test_a_scheme_opens_one_inspection_once_it_is_approved() -> None:
    assert not rules.must_be_free_to_open(approved_at=NOW, inspection_id=None, asked=ONE)
    assert rules.must_be_free_to_open(approved_at=NOW, inspection_id=ONE, asked=ONE)
    with pytest.raises(rules.SchemeNotApproved):
        rules.must_be_free_to_open(approved_at=None, inspection_id=None, asked=ONE)
    with pytest.raises(rules.SchemeCarriedOut):
        rules.must_be_free_to_open(approved_at=NOW, inspection_id=TWO, asked=ONE)


@pytest.mark.parametrize(("minutes", "listeners"), [(-1, 5), (24 * 60 + 1, 5), (30, 0), (30, 10_001)])
def test_what_cannot_be_a_talk_is_refused(minutes: int, listeners: int) -> None:
    with pytest.raises(BadInput):
        rules.must_be_a_talk(starts_at=NOW, ends_at=NOW + timedelta(minutes=minutes), listeners=listeners)


def prepared(minutes: int | None = 30, **changes: Any) -> rules.Preparation:
    talks = [] if minutes is None else [(NOW, NOW + timedelta(minutes=minutes))]
    usual = rules.Preparation(
        lead_id=ONE, opened_at=NOW, has_scheme=True, approved_at=NOW - timedelta(days=1), talks=talks
    )
    return replace(usual, **changes)


@pytest.mark.parametrize(("facts", "codes"), [
    (prepared(), []),
    (prepared(29), ["LAW_TALK_SHORT"]),
    (prepared(None), ["LAW_TALK_MISSING"]),
    (prepared(has_scheme=False, approved_at=None), ["SCHEME_MISSING"]),
    (prepared(approved_at=None), ["SCHEME_NOT_YET_APPROVED"]),
    (prepared(approved_at=NOW + timedelta(hours=1)), ["SCHEME_APPROVED_LATE"]),
    (prepared(missing=["UNDERGROUND"]), ["SCHEME_SIDE_MISSING"]),
    (prepared(None, has_scheme=False, approved_at=None), ["SCHEME_MISSING", "LAW_TALK_MISSING"]),
])  # fmt: skip
def test_each_defect_of_preparation_is_named_with_its_hours(facts: rules.Preparation, codes: list[str]) -> None:
    found = rules.defects_of(BUILT_IN, facts)
    assert [one.code for one in found] == codes
    assert all((one.made_good_by, one.until) == (ONE, NOW + timedelta(hours=24)) for one in found)


@pytest.mark.parametrize("state", list(MineState))
def test_what_is_proposed_rests_on_powers_and_covers_all_sides(state: MineState) -> None:
    finding = PreviousFinding(id=ONE, text="1201回风巷传感器损坏")
    found = proposing.proposed_for(state, list(Disaster), [finding], law=BUILT_IN, on=DAY)
    assert (found[0].power, found[0].why) == ("RECHECK", str(ONE))
    assert {one.why for one in found} >= {disaster.value for disaster in Disaster} | {state.value}
    items = [
        item(TWO, power=one.power, side=one.side, underground=one.underground, manner=one.manner, text=one.text)
        for one in found
    ]
    rules.must_rest_on_powers(items, law=BUILT_IN, on=DAY)
    without = proposing.proposed_for(state, [], [], law=BUILT_IN, on=DAY)
    assert rules.missing_sides([item(TWO, side=one.side, underground=one.underground, manner=one.manner)
                                for one in without]) == []  # fmt: skip


@pytest.mark.parametrize(("changes", "problem"), [
    ({"reference": " "}, BadInput),
    ({"officers": ()}, BadInput),
    ({"officers": (ONE, ONE)}, BadInput),
    ({"items": ()}, BadInput),
    ({"items": (item(ONE, text=""),)}, BadInput),
    ({"items": (item(uuid4()),)}, rules.ItemOfNobody),
    ({"officers": (TWO,), "items": (item(TWO),)}, rules.DrafterNotOfTheTeam),
])  # fmt: skip
def test_what_is_no_draft_is_refused(changes: dict[str, Any], problem: type[Problem]) -> None:
    usual = rules.Draft(
        id=UUID(int=1), mine_id=UUID(int=2), cause=Cause.PLAN, reference="计划", scheduled_for=DAY, lead_id=TWO,
        officers=(ONE, TWO), items=(item(ONE),),
    )  # fmt: skip
    rules.must_be_a_draft(usual, drafter=ONE)
    with pytest.raises(problem):
        rules.must_be_a_draft(replace(usual, **changes), drafter=ONE)
