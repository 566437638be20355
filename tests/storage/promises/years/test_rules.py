"""Tests of the pure rules of the year: by when, how a mine stands, how a clause stands, and how a year is renewed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.promises.commitments.tables import AnswerOutcome as O
from storage.promises.templates.conditions import Condition
from storage.promises.templates.rules import Clause, Words
from storage.promises.templates.tables import ClauseField, ConditionKind, Unit, Wanted
from storage.promises.years.renewing import Before, ClauseChange, change_of, renewed
from storage.promises.years.rules import cause_of, due_of, must_be_a_year, reminded_from, standing_of, status_of
from storage.promises.years.tables import CommitmentStatus, PromiseStanding, UnsignedCause
from storage.record.law import BUILT_IN
from storage.record.problems import BadInput
from tests.factories.templates import GAS, TIGHTER, clause

pytestmark = pytest.mark.quick

TODAY = date(2027, 3, 1)
S, P, C = CommitmentStatus, PromiseStanding, ClauseChange


def test_三六2_the_beginning_of_the_year_is_a_number_of_the_law_that_is_not_settled() -> None:
    assert (due_of(BUILT_IN, 2027), reminded_from(BUILT_IN, 2027)) == (date(2027, 1, 31), date(2027, 1, 21))
    for key in ("commitment_signed_by", "commitment_reminded_ahead", "breach_answered_in", "breach_decided_in"):
        number = BUILT_IN.parameter(key, TODAY)
        assert not number.settled
        assert number.note


@pytest.mark.parametrize(
    ("stands", "to_sign", "asked", "today", "status"),
    [
        (True, True, True, TODAY, S.SIGNED), (True, False, True, TODAY, S.SIGNED),
        (False, False, True, TODAY, S.NOT_ASKED), (False, True, True, TODAY, S.OVERDUE),
        (False, True, True, date(2027, 1, 31), S.UNSIGNED), (False, True, True, date(2027, 2, 1), S.OVERDUE),
        (False, True, False, TODAY, S.UNSIGNED),  # There is nothing to sign yet.
    ],
)  # fmt: skip
def test_a_mine_is_late_from_the_day_after_if_it_had_something_to_sign(
    stands: bool, to_sign: bool, asked: bool, today: date, status: CommitmentStatus
) -> None:
    due = due_of(BUILT_IN, 2027)
    assert status_of(stands=stands, to_sign=to_sign, asked=asked, due=due, today=today) is status


def test_why_none_stands() -> None:
    assert cause_of(signed=False, cause=None) is UnsignedCause.NEVER_SIGNED
    assert cause_of(signed=True, cause="PRINCIPAL_CHANGED") is UnsignedCause.PRINCIPAL_CHANGED
    assert cause_of(signed=True, cause=None) is None


@pytest.mark.parametrize(
    ("outcome", "by_day", "broken", "standing"),
    [
        (O.MET, None, False, P.KEPT), (O.NOT_MET, None, False, P.NOT_MET), (O.MET, None, True, P.BROKEN),
        (O.NOT_YET, TODAY, False, P.NOT_YET), (O.NOT_YET, date(2027, 2, 28), False, P.LATE),
        (O.NOT_YET, date(2027, 2, 28), True, P.BROKEN),
    ],
)  # fmt: skip
def test_a_clause_stands_as_it_was_signed_until_it_is_broken(
    outcome: O, by_day: date | None, broken: bool, standing: PromiseStanding
) -> None:
    assert standing_of(outcome, by_day, broken=broken, today=TODAY) is standing


@pytest.mark.parametrize("year", [0, 2019, 2101, 99999])
def test_there_are_years_of_which_nothing_is_promised(year: int) -> None:
    with pytest.raises(BadInput):
        must_be_a_year(year)


OTHER_UNIT = Condition(kind=ConditionKind.NUMBER, unit=Unit.PERSONS, most=100)
LOOSER = replace(GAS, most=150)
REWORDED = Words(zh="总回风巷瓦斯", en="Gas")


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (clause(), C.SAME), (clause(condition=TIGHTER), C.STRICTER), (clause(condition=LOOSER), C.LOOSER),
        (clause(condition=OTHER_UNIT), C.OTHERWISE), (clause(title=REWORDED), C.REWORDED),
        (clause(wanted=(Wanted.MEASUREMENT, Wanted.PHOTO)), C.STRICTER),
        (clause(condition=TIGHTER, wanted=(Wanted.PHOTO,)), C.OTHERWISE),
        (clause(field=ClauseField.SYSTEM), C.OTHERWISE), (clause(contradicted_by=("GAS_OVER_LIMIT",)), C.STRICTER),
    ],
)  # fmt: skip
def test_a_clause_differs_by_what_it_asks(now: Clause, change: ClauseChange) -> None:
    assert change_of(now, clause()) is change


def test_a_year_begins_from_what_was_met_where_no_more_is_asked() -> None:
    day = Condition(kind=ConditionKind.DATE, not_after=date(2026, 6, 30))
    before = [clause("A_CLAUSE"), clause("B_CLAUSE"), clause("C_CLAUSE"), clause("D_CLAUSE", day), clause("GONE_ONE")]
    later = replace(day, not_after=date(2027, 6, 30))
    now = [
        clause("A_CLAUSE"), clause("B_CLAUSE", TIGHTER), clause("C_CLAUSE"), clause("D_CLAUSE", later),
        clause("NEW_ONE"),
    ]  # fmt: skip
    met, late = Before(O.MET, "", None), Before(O.NOT_YET, "", "加装传感器")
    found = renewed(now, before, {"A_CLAUSE": met, "B_CLAUSE": met, "C_CLAUSE": late, "D_CLAUSE": met})
    assert [(one.change, one.begins) for one in found] == [
        (C.SAME, O.MET), (C.STRICTER, None), (C.SAME, None), (C.LOOSER, None), (C.NEW, None), (C.GONE, None),
    ]  # fmt: skip
    assert found[2].said == late


@given(some.integers(0, 300), some.integers(0, 300))
def test_of_two_bounds_the_lower_is_the_stricter(one: int, other: int) -> None:
    change = change_of(clause(condition=replace(GAS, most=one)), clause(condition=replace(GAS, most=other)))
    assert change is (C.SAME if one == other else C.STRICTER if one < other else C.LOOSER)
