"""Tests of conditions and clauses: what is sound, which of two is the stricter, what holds for a mine."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.promises.templates import conditions, rules
from storage.promises.templates.conditions import BoundInAnotherUnit, Condition, LooserThanTheTemplate, stricter
from storage.promises.templates.proposal import proposal_for
from storage.promises.templates.rules import Clause, Words
from storage.promises.templates.tables import ClauseField, ConditionKind, Unit, Wanted
from storage.record.law import BUILT_IN
from storage.record.problems import BadInput
from tests.factories.templates import GAS, TIGHTER, clause, clauses

pytestmark = pytest.mark.quick

NUMBER, YES_NO, DATE, LIST = ConditionKind.NUMBER, ConditionKind.YES_NO, ConditionKind.DATE, ConditionKind.LIST
APRIL, MAY = date(2027, 4, 1), date(2027, 5, 1)


def number(least: int | None = None, most: int | None = None, unit: Unit = Unit.PIECES) -> Condition:
    return Condition(kind=NUMBER, unit=unit, least=least, most=most)


def day(not_before: date | None = None, not_after: date | None = None) -> Condition:
    return Condition(kind=DATE, not_before=not_before, not_after=not_after)


def listed(*holds: str, lacks: tuple[str, ...] = ()) -> Condition:
    return Condition(kind=LIST, holds=holds, lacks=lacks)


YES, NO = Condition(kind=YES_NO, yes=True), Condition(kind=YES_NO, yes=False)
STRICTER = [
    (number(most=75), number(most=100)), (number(least=12), number(least=10)), (number(5, 8), number(most=8)),
    (number(5, 8), number(least=5)), (number(5, 8), number(4, 8)), (day(not_after=APRIL), day(not_after=MAY)),
    (day(not_before=MAY), day(not_before=APRIL)), (day(APRIL, MAY), day(not_after=MAY)),
    (listed("a", "b"), listed("a")), (listed("a", lacks=("c",)), listed("a")),
    (listed(lacks=("c", "d")), listed(lacks=("c",))),
]  # fmt: skip
NOT_COMPARED = [
    (number(most=75), day(not_after=APRIL)), (YES, number(most=1)), (listed("a"), YES),
    (number(most=75, unit=Unit.DAYS), number(most=100, unit=Unit.WORKING_DAYS)),
]  # fmt: skip


@pytest.mark.parametrize(("theirs", "ours"), STRICTER)
def test_the_stricter_is_known_and_the_looser_refused(theirs: Condition, ours: Condition) -> None:
    assert stricter(theirs, ours)
    assert not stricter(ours, ours)
    with pytest.raises(LooserThanTheTemplate) as refused:
        stricter(ours, theirs, clause="X")
    assert refused.value.parameters == {"clause": "X"}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(YES, NO), (number(most=9), number(least=9)), (listed("b"), listed("a")),
     (day(not_before=APRIL), day(not_after=MAY)), (number(4, 9), number(3, 8))],
)  # fmt: skip
def test_what_asks_for_less_in_one_way_is_looser_whatever_more_it_asks_in_another(
    theirs: Condition, ours: Condition
) -> None:
    for one, other in ((theirs, ours), (ours, theirs)):
        with pytest.raises(LooserThanTheTemplate):
            stricter(one, other)


@pytest.mark.parametrize(("theirs", "ours"), NOT_COMPARED)
def test_what_is_counted_in_another_unit_or_is_of_another_kind_is_not_compared(
    theirs: Condition, ours: Condition
) -> None:
    for one, other in ((theirs, ours), (ours, theirs)):
        with pytest.raises(BoundInAnotherUnit):
            stricter(one, other)


def test_the_units_are_named_when_they_differ() -> None:
    with pytest.raises(BoundInAnotherUnit) as refused:
        stricter(number(most=9, unit=Unit.DAYS), number(most=9, unit=Unit.HOURS), clause="X")
    assert refused.value.parameters == {"clause": "X", "unit": "DAYS", "wanted": "HOURS"}


BOUNDS = st.one_of(st.none(), st.integers(0, 12))
NUMBERS = (
    st.tuples(BOUNDS, BOUNDS)
    .filter(lambda two: two != (None, None) and (None in two or two[0] <= two[1]))
    .map(lambda two: number(*two))
)


@given(theirs=NUMBERS, ours=NUMBERS, value=st.integers(0, 14))
def test_what_meets_a_clause_that_is_no_looser_meets_the_template_too(
    theirs: Condition, ours: Condition, value: int
) -> None:
    def meets(one: Condition) -> bool:
        return (one.least is None or value >= one.least) and (one.most is None or value <= one.most)

    if conditions.is_met_by_all_of(ours, theirs) and meets(theirs):
        assert meets(ours)
    if conditions.is_met_by_all_of(ours, theirs) and conditions.is_met_by_all_of(theirs, ours):
        assert theirs == ours


@pytest.mark.parametrize(
    "condition",
    [
        number(), Condition(kind=NUMBER, least=1), number(most=-1), number(5, 4),
        number(most=conditions.LARGEST_BOUND + 1),
        Condition(kind=YES_NO), Condition(kind=YES_NO, yes=True, least=1),
        Condition(kind=NUMBER, unit=Unit.DAYS, yes=True),
        day(), day(MAY, APRIL), replace(day(MAY), holds=("a",)), listed(), listed("a", "a"), listed("a", lacks=("a",)),
        listed(" a"), listed(""), listed("x" * 101), listed("a\nb"), listed(*(f"{one}" for one in range(51))),
        replace(listed("a"), unit=Unit.DAYS),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused(condition: Condition) -> None:
    with pytest.raises(BadInput):
        conditions.must_be_a_condition(condition)


@pytest.mark.parametrize("condition", [YES, NO, *(one for pair in STRICTER for one in pair), number(0, 0)])
def test_what_is_sound_passes(condition: Condition) -> None:
    conditions.must_be_a_condition(condition)
    said = clause(condition=condition)
    assert rules.clause_of(rules.told_of(said)) == said


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "gas"}, {"key": "GA"}, {"key": "A" * 61}, {"title": Words(zh="", en="x")},
        {"title": Words(zh="长" * 61, en="x")}, {"says": Words(zh="x", en=" ")},
        {"checked": Words(zh="x" * 501, en="x")},
        {"otherwise": Words(zh="", en="")}, {"wanted": ()}, {"wanted": (Wanted.PHOTO, Wanted.PHOTO)}, {"article": " "},
        {"article": "x" * 201}, {"note": "x" * 1_001}, {"settled": False}, {"settled": False, "note": " "},
        {"contradicted_by": ("gas",)},
        {"contradicted_by": ("GAS", "GAS")},
        {"condition": number()},
    ],
)  # fmt: skip
def test_what_is_no_clause_is_refused(changes: dict[str, Any]) -> None:
    rules.must_be_a_clause(clause())
    with pytest.raises(BadInput):
        rules.must_be_a_clause(clause(**changes))


def _long() -> tuple[Clause, ...]:
    """As many clauses as there may be, each as long as it may be: more than a year has room for."""
    words = Words(zh="长" * 500, en="x" * 500)
    more = [clause(f"X_{number}", says=words, checked=words, otherwise=words) for number in range(95)]
    return (*clauses(), *more)


def test_a_year_speaks_of_all_five_fields_and_of_no_clause_twice() -> None:
    rules.must_be_clauses_of_a_year(clauses())
    for given_ in ((), clauses()[1:], (*clauses(), clause()), tuple(clause(f"X_{n}") for n in range(101)), _long()):
        with pytest.raises(BadInput):
            rules.must_be_clauses_of_a_year(given_)


def test_a_year_is_promised_in_it_or_before_it() -> None:
    for year in (2026, 2027):
        rules.must_be_a_year_to_promise(year, date(2026, 12, 31))
    with pytest.raises(rules.YearOver):
        rules.must_be_a_year_to_promise(2025, date(2026, 1, 1))
    with pytest.raises(BadInput):
        rules.must_be_a_year_to_promise(2028, date(2026, 1, 1))


def test_decisions_take_another_person_and_stand() -> None:
    one = uuid4()
    rules.must_be_another(drafted_by=one, decider=uuid4())
    with pytest.raises(rules.PromiseTakesTwo):
        rules.must_be_another(drafted_by=one, decider=one)
    for approved in (True, False):
        with pytest.raises(rules.TemplateDecided):
            rules.must_be_undecided(approved, rules.TemplateDecided)
    rules.must_be_undecided(None, rules.TemplateDecided)
    rules.must_be_the_newest(2, 1)
    rules.must_be_the_newest(2, None)
    with pytest.raises(rules.TemplateOvertaken):
        rules.must_be_the_newest(1, 2)
    with pytest.raises(rules.ClauseOvertaken):
        rules.must_follow(replaces=None, standing=one)
    with pytest.raises(rules.ClauseOvertaken):
        rules.must_follow(replaces=one, standing=uuid4())


def test_an_own_clause_wants_no_less_evidence_and_stays_in_its_field() -> None:
    more = clause(
        condition=TIGHTER, wanted=(Wanted.PHOTO, Wanted.MEASUREMENT), contradicted_by=("GAS_OVER_LIMIT",)
    )  # fmt: skip
    with pytest.raises(LooserThanTheTemplate):
        rules.must_be_no_looser(clause(condition=TIGHTER), more)
    rules.must_be_no_looser(more, clause())
    rules.must_be_no_looser(clause(), clause())
    for changes in ({"wanted": (Wanted.PHOTO,)}, {"field": ClauseField.SYSTEM}):
        with pytest.raises(LooserThanTheTemplate):
            rules.must_be_no_looser(clause(condition=TIGHTER, **changes), clause())


def test_an_own_clause_adds_to_the_template_and_to_the_mines_own() -> None:
    rules.must_add(clause("QUITE_NEW"), template=clauses(), standing=None)
    rules.must_add(clause(condition=TIGHTER), template=clauses(), standing=None)
    with pytest.raises(LooserThanTheTemplate):
        rules.must_add(clause(), template=clauses(), standing=clause(condition=TIGHTER))
    with pytest.raises(LooserThanTheTemplate):
        rules.must_add(clause(condition=replace(GAS, most=101)), template=clauses(), standing=None)


def test_what_holds_is_the_own_clause_unless_the_template_now_asks_for_more() -> None:
    own, new = clause(condition=TIGHTER), clause("QUITE_NEW")
    held = rules.clauses_in_force(clauses(), [new, own])
    assert [(one.clause.key, one.own) for one in held if one.own] == [("GAS_IN_RETURN", True), ("QUITE_NEW", True)]
    assert (held[0].clause, len(held)) == (own, 6)
    for later in (replace(GAS, most=50), YES):
        (first, *_) = rules.clauses_in_force([clause(condition=later)], [own])
        assert (first.clause.condition, first.own) == (later, False)


def test_the_proposal_is_a_sound_year_that_claims_no_text_that_was_not_read() -> None:
    for year in (2027, 2028):
        proposed = proposal_for(year)
        rules.must_be_clauses_of_a_year(proposed)
        assert all(one.note and not one.settled for one in proposed)
        assert {one.condition.kind for one in proposed} == set(ConditionKind)
        kinds = BUILT_IN.kinds_on(date(year, 1, 1))
        assert [kind for one in proposed for kind in one.contradicted_by if kind not in kinds] == []
        (signed,) = (one for one in proposed if one.key == "COMMITMENT_SIGNED")
        assert signed.condition.not_after == date(year, 1, 31)
