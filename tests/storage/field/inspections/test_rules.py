"""Tests of what the law says of opening and joining an inspection."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from storage.field.inspections import rules
from storage.field.inspections.rules import Opening, Place, Standing
from storage.field.inspections.tables import Basis, InspectionFlag
from storage.record.law import BUILT_IN
from storage.record.problems import BadInput, Problem
from storage.register.devices.rules import DeviceNeeded

pytestmark = pytest.mark.quick

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 11, 24)
SURFACE = Place(id=UUID(int=10), name="调度室", underground=False)
UNDERGROUND = Place(id=UUID(int=11), name="1201工作面", underground=True)
GOOD = Opening(
    id=UUID(int=5), mine_id=UUID(int=6), basis=Basis.PLANNED, reason="计划17号", lead_id=A, officers=(A, B),
    places=(SURFACE, UNDERGROUND),
)  # fmt: skip


def standing(account: UUID, **changes: object) -> Standing:
    usual = Standing(account_id=account, certificate_id=uuid4(), inspects=True, leads=True)
    return replace(usual, **changes)  # type: ignore[arg-type] # The tests name its fields.


def check(opening: Opening = GOOD, *, opener: UUID = A, mine_closed: bool = False, **standings: Standing) -> None:
    known = {A: standing(A), B: standing(B, leads=False)} | {one.account_id: one for one in standings.values()}
    rules.must_be_openable(opening, opener=opener, standings=known, mine_closed=mine_closed, law=BUILT_IN, on=DAY)


def test_two_certified_officers_one_of_them_leading_open_an_inspection() -> None:
    check()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"officers": (A,)}, rules.TooFewOfficers),
        ({"officers": ()}, rules.TooFewOfficers),
        ({"officers": (A, A)}, BadInput),
        ({"lead_id": C}, rules.LeadNotAmongOfficers),
        ({"lead_id": B}, rules.LeadWithoutRole),
        ({"officers": (A, B, C)}, rules.OfficerUnknown),
        ({"reason": ""}, rules.BasisNotStated),
        ({"reason": "   "}, rules.BasisNotStated),
        ({"basis": Basis.REASONED, "reason": "举报"}, rules.BasisNotStated),
        ({"reason": "字" * 501}, BadInput),
        ({"places": ()}, rules.PlacesNotStated),
        ({"places": (replace(SURFACE, name=" "),)}, rules.PlacesNotStated),
        ({"places": (SURFACE, SURFACE)}, BadInput),
        ({"places": (replace(SURFACE, name="井" * 101),)}, BadInput),
    ],
)
def test_each_missing_fact_of_an_opening_is_named(changes: dict[str, object], problem: type[Problem]) -> None:
    with pytest.raises(problem):
        check(replace(GOOD, **changes))  # type: ignore[arg-type] # The cases above fit their fields.


def test_whoever_is_no_officer_of_it_opens_no_inspection() -> None:
    with pytest.raises(rules.OpenerNotAmongOfficers):
        check(opener=C)


def test_an_officer_without_a_valid_certificate_is_named_with_day_and_article() -> None:
    with pytest.raises(rules.CertificateNotValid) as caught:
        check(b=standing(B, certificate_id=None))
    assert caught.value.parameters["account"] == str(B)
    assert caught.value.parameters["day"] == "2026-11-24"
    assert "第五十五条" in str(caught.value.parameters["article"])


def test_an_officer_without_a_role_at_this_mine_is_not_competent() -> None:
    with pytest.raises(rules.OfficerWithoutCompetence):
        check(b=standing(B, inspects=False))


def test_a_closed_mine_is_not_inspected_by_plan_but_for_a_reason() -> None:
    with pytest.raises(rules.MineClosed):
        check(mine_closed=True)
    check(replace(GOOD, basis=Basis.REASONED, reason="群众举报夜间出煤"), mine_closed=True)


@pytest.mark.parametrize(
    ("places", "closed", "flags"),
    [
        ((SURFACE, UNDERGROUND), False, ()),
        ((SURFACE,), False, (InspectionFlag.NO_PLACE_UNDERGROUND,)),
        ((UNDERGROUND,), False, (InspectionFlag.NO_PLACE_ON_SURFACE,)),
        ((SURFACE,), True, (InspectionFlag.MINE_IS_CLOSED,)),
    ],
)
def test_places_on_one_side_only_are_flagged_and_never_refused(
    places: tuple[Place, ...], closed: bool, flags: tuple[InspectionFlag, ...]
) -> None:
    check(replace(GOOD, places=places, basis=Basis.REASONED, reason="接到冒顶险情报告"), mine_closed=closed)
    assert rules.flags_of(places, mine_closed=closed) == flags


def test_a_replay_is_the_same_whatever_the_order_of_its_officers() -> None:
    rules.must_be_same(GOOD, replace(GOOD, officers=(B, A)), opener=A, opened_by=A)


@pytest.mark.parametrize(
    "changes",
    [
        {"mine_id": C}, {"basis": Basis.REASONED}, {"reason": "计划18号"}, {"lead_id": B}, {"officers": (A, C)},
        {"places": (UNDERGROUND, SURFACE)}, {"places": (SURFACE,)},
    ],
)  # fmt: skip
def test_the_same_id_with_any_other_content_is_a_conflict(changes: dict[str, object]) -> None:
    with pytest.raises(rules.InspectionConflict):
        rules.must_be_same(replace(GOOD, **changes), GOOD, opener=A, opened_by=A)  # type: ignore[arg-type] # As above.


def test_the_same_id_by_another_person_is_a_conflict() -> None:
    with pytest.raises(rules.InspectionConflict):
        rules.must_be_same(GOOD, GOOD, opener=B, opened_by=A)


def test_each_officer_joins_on_a_device_of_his_own() -> None:
    assert rules.must_be_own_device(C, of_others=[A]) == C
    with pytest.raises(DeviceNeeded):
        rules.must_be_own_device(None, of_others=[])
    with pytest.raises(rules.DeviceOfAnotherOfficer):
        rules.must_be_own_device(A, of_others=[A])


def test_an_officer_joins_on_one_device_only() -> None:
    assert rules.has_joined_on(A, A)
    assert not rules.has_joined_on(None, A)
    with pytest.raises(rules.AlreadyJoined):
        rules.has_joined_on(B, A)
