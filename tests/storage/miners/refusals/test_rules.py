"""Tests of what the law says of refusals and retaliation: pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.miners.refusals import retaliating, rules
from storage.miners.refusals.conditions import Condition, must_be_a_condition
from storage.miners.refusals.retaliating import Examined, Taken
from storage.miners.refusals.rules import Around, Asked, Step
from storage.miners.refusals.tables import DangerKind, RefusalState
from storage.miners.refusals.tables import RefusalStepKind as Kind
from storage.miners.refusals.tables import RetaliationStepKind as Revenge
from storage.record.clock import minute_of
from storage.record.law import BUILT_IN
from storage.record.problems import BadInput, Problem
from storage.register.people.tables import ShiftKind

pytestmark = pytest.mark.quick

NOW = datetime(2026, 11, 24, 8, 0, 41, 7000, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ONE, TWO, HEAD = (UUID(int=number) for number in range(1, 4))
MINE, CHECK, FINDING, MEASURE = (UUID(int=number) for number in range(11, 15))
AROUND = Around(mine_id=MINE, inspectors=frozenset({ONE, TWO}), found=frozenset({FINDING}),
                answered=frozenset({FINDING}))  # fmt: skip


class Tale:
    """A refusal told step by step; every step goes through the rules."""

    def __init__(self) -> None:
        self.steps = [Step(id=uuid4(), ordinal=0, kind=Kind.MADE, at=NOW, words="GAS")]

    def takes(self, kind: Kind, by: UUID, *, around: Around = AROUND, **asked: Any) -> "Tale":
        words = "" if kind is Kind.ORDERED else "到现场看过"
        wanted = Asked(**{"id": uuid4(), "kind": kind, "words": words, **asked})
        rules.must_be_well_formed(wanted)
        if any(one.kind is Kind.ORDERED for one in self.steps):
            around = replace(around, ordered=around.answered)
        rules.must_be_takeable(self.steps, wanted, by=by, around=around, law=BUILT_IN, on=TODAY)
        names = ("id", "kind", "words", "officers", "inspection_id", "findings", "measure_id")
        told = {name: getattr(wanted, name) for name in names}
        certificate = uuid4() if kind is Kind.CHECKED else None
        self.steps.append(Step(ordinal=len(self.steps), at=NOW, by_id=by, certificate_id=certificate, **told))
        return self

    def joined(self, ground: str) -> "Tale":
        self.steps.append(Step(id=uuid4(), ordinal=len(self.steps), kind=Kind.JOINED, at=NOW, words=ground))
        return self

    def checked(self) -> "Tale":
        return self.takes(Kind.CHECKED, ONE, inspection_id=CHECK).takes(Kind.CHECKED, TWO, inspection_id=CHECK)

    def found_true(self) -> "Tale":
        return self.checked().takes(Kind.SUBSTANTIATED, ONE, findings=(FINDING,))

    @property
    def state(self) -> RefusalState:
        return rules.state_of(self.steps, BUILT_IN, TODAY)


def test_a_refusal_goes_from_its_mark_to_its_lifting() -> None:
    tale = Tale()
    states = [tale.state, tale.takes(Kind.CHECK_ORDERED, HEAD, officers=(ONE, TWO)).state]
    states += [tale.takes(Kind.CHECKED, ONE, inspection_id=CHECK).state]
    states += [tale.takes(Kind.CHECKED, TWO, inspection_id=CHECK).state]
    states += [tale.takes(Kind.SUBSTANTIATED, ONE, findings=(FINDING,)).state]
    states += [tale.takes(Kind.ORDERED, ONE, measure_id=MEASURE).state]
    states += [tale.takes(Kind.LIFTED, HEAD).state]
    assert [one.value for one in states] == [
        "MADE", "CHECK_ORDERED", "CHECK_ORDERED", "CHECKED", "SUBSTANTIATED", "ORDERED", "LIFTED",
    ]  # fmt: skip


def test_another_ground_that_is_told_after_the_check_is_looked_at_before_the_place_is_opened() -> None:
    tale = Tale().checked().takes(Kind.UNSUBSTANTIATED, ONE).joined("GAS")
    assert tale.state == "UNSUBSTANTIATED", "the same again was looked at"
    tale.joined("ROOF")
    assert tale.state == "MADE"
    with pytest.raises(rules.NotYetChecked):
        tale.takes(Kind.LIFTED, HEAD)
    with pytest.raises(rules.NotYetChecked):
        tale.takes(Kind.UNSUBSTANTIATED, ONE)
    tale.checked().takes(Kind.UNSUBSTANTIATED, TWO)
    with pytest.raises(rules.LiftedByChecker):
        tale.takes(Kind.LIFTED, ONE)
    assert tale.takes(Kind.LIFTED, HEAD).state is RefusalState.LIFTED


def test_what_was_found_before_another_ground_keeps_its_order() -> None:
    tale = Tale().found_true().joined("ROOF").checked().takes(Kind.UNSUBSTANTIATED, ONE)
    with pytest.raises(rules.RefusalWithoutOrder):
        tale.takes(Kind.LIFTED, HEAD)
    assert tale.takes(Kind.ORDERED, ONE, measure_id=MEASURE).takes(Kind.LIFTED, HEAD).state == "LIFTED"


def test_44_an_order_after_another_ground_does_not_stand_for_looking_at_it() -> None:
    tale = Tale().found_true().joined("ROOF").takes(Kind.ORDERED, ONE, measure_id=MEASURE)
    assert tale.state == "MADE"
    with pytest.raises(rules.NotYetChecked):
        tale.takes(Kind.LIFTED, HEAD)


SECOND = UUID(int=15)


def found_two() -> Tale:
    both = replace(AROUND, found=frozenset({FINDING, SECOND}))
    return Tale().checked().takes(Kind.SUBSTANTIATED, ONE, findings=(FINDING, SECOND), around=both)


def test_44_an_order_that_leaves_a_finding_says_why_or_is_no_order_for_it() -> None:
    tale = found_two()
    with pytest.raises(rules.OrderLeavesFindings) as left:
        tale.takes(Kind.ORDERED, ONE, measure_id=MEASURE)
    assert left.value.parameters["count"] == 1
    tale.takes(Kind.ORDERED, ONE, measure_id=MEASURE, words="另一项当场已经改正")
    assert tale.takes(Kind.LIFTED, HEAD).state == "LIFTED"


def test_44_several_orders_together_answer_all_that_was_found() -> None:
    other = replace(AROUND, answered=frozenset({SECOND}), ordered=frozenset({FINDING}))
    rules.must_be_takeable(
        found_two().steps, Asked(id=uuid4(), kind=Kind.ORDERED, measure_id=uuid4()), by=ONE, around=other, law=BUILT_IN,
        on=TODAY,
    )  # fmt: skip


def test_44_what_is_found_after_an_order_needs_one_of_its_own() -> None:
    tale = Tale().found_true().takes(Kind.ORDERED, ONE, measure_id=MEASURE).joined("ROOF").checked()
    more = replace(AROUND, found=frozenset({SECOND}))
    tale.takes(Kind.SUBSTANTIATED, ONE, findings=(SECOND,), around=more)
    with pytest.raises(rules.RefusalWithoutOrder):
        tale.takes(Kind.LIFTED, HEAD)


def test_a_ground_that_is_told_before_anybody_was_there_is_looked_at_with_the_first() -> None:
    assert Tale().joined("ROOF").checked().takes(Kind.UNSUBSTANTIATED, ONE).takes(Kind.LIFTED, HEAD).state == "LIFTED"


OPEN = replace(AROUND, open_orders=1)


@pytest.mark.parametrize(("tale", "kind", "by", "problem", "asked"), [
    (Tale(), Kind.LIFTED, HEAD, rules.NotYetChecked, {}),
    (Tale().checked(), Kind.LIFTED, HEAD, rules.NotYetChecked, {}),
    (Tale().checked().takes(Kind.UNSUBSTANTIATED, ONE), Kind.LIFTED, TWO, rules.LiftedByChecker, {}),
    (Tale().found_true(), Kind.LIFTED, HEAD, rules.RefusalWithoutOrder, {}),
    (Tale().found_true().takes(Kind.ORDERED, ONE, measure_id=MEASURE), Kind.LIFTED, HEAD, rules.OrderStillOpen,
     {"around": OPEN}),
    (Tale().checked().takes(Kind.UNSUBSTANTIATED, ONE).takes(Kind.LIFTED, HEAD), Kind.LIFTED, HEAD,
     rules.RefusalOver, {}),
    (Tale(), Kind.UNSUBSTANTIATED, ONE, rules.NotYetChecked, {}),
    (Tale().takes(Kind.CHECKED, ONE, inspection_id=CHECK), Kind.UNSUBSTANTIATED, ONE, rules.CheckNeedsTwo, {}),
    (Tale().takes(Kind.CHECKED, ONE, inspection_id=CHECK).takes(Kind.CHECKED, TWO, inspection_id=uuid4()),
     Kind.UNSUBSTANTIATED, ONE, rules.CheckNeedsTwo, {}),
    (Tale().takes(Kind.CHECKED, ONE, inspection_id=CHECK), Kind.CHECKED, ONE, rules.CheckedAlready,
     {"inspection_id": CHECK}),
    (Tale().checked(), Kind.UNSUBSTANTIATED, HEAD, rules.NotOfTheCheck, {}),
    (Tale(), Kind.CHECKED, HEAD, rules.NotOfTheCheck, {"inspection_id": CHECK}),
    (Tale().found_true(), Kind.UNSUBSTANTIATED, ONE, rules.CheckedAlready, {}),
    (Tale().checked(), Kind.SUBSTANTIATED, ONE, rules.FindingNotOfTheCheck, {"findings": (uuid4(),)}),
    (Tale().checked(), Kind.ORDERED, ONE, rules.NotSubstantiated, {"measure_id": MEASURE}),
    (Tale().found_true(), Kind.ORDERED, ONE, rules.OrderOfOtherFindings,
     {"measure_id": MEASURE, "around": replace(AROUND, answered=frozenset())}),
    (Tale(), Kind.CHECK_ORDERED, HEAD, rules.CheckNeedsTwo, {"officers": (ONE,)}),
    (Tale(), Kind.CHECKED, ONE, rules.CheckOfAnotherMine,
     {"inspection_id": CHECK, "around": replace(AROUND, named_mines=frozenset({uuid4()}))}),
])  # fmt: skip
def test_what_would_leave_a_miner_unprotected_is_refused(
    tale: Tale, kind: Kind, by: UUID, problem: type[Problem], asked: dict[str, Any]
) -> None:
    with pytest.raises(problem):
        tale.takes(kind, by, **asked)


@pytest.mark.parametrize("asked", [
    {"kind": Kind.LIFTED, "words": "好"}, {"kind": Kind.CHECKED}, {"kind": Kind.SUBSTANTIATED},
    {"kind": Kind.ORDERED}, {"kind": Kind.LIFTED, "words": "一" * 501},
    {"kind": Kind.CHECK_ORDERED, "officers": (ONE, ONE)}, {"kind": Kind.SUBSTANTIATED, "findings": (FINDING, FINDING)},
])  # fmt: skip
def test_a_step_says_what_it_needs(asked: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        rules.must_be_well_formed(Asked(**{"id": uuid4(), "words": "到现场看过", **asked}))


@given(st.lists(st.sampled_from([
    (Kind.CHECK_ORDERED, HEAD), (Kind.CHECKED, ONE), (Kind.CHECKED, TWO), (Kind.SUBSTANTIATED, ONE),
    (Kind.UNSUBSTANTIATED, TWO), (Kind.ORDERED, ONE), (Kind.LIFTED, HEAD), (Kind.LIFTED, ONE),
]), max_size=14), st.booleans())  # fmt: skip
def test_whatever_is_tried_no_refusal_ends_unchecked_or_by_its_checker(
    tried: list[tuple[Kind, UUID]], is_open: bool
) -> None:
    tale = Tale()
    given: dict[Kind, dict[str, Any]] = {
        Kind.CHECK_ORDERED: {"officers": (ONE, TWO)}, Kind.CHECKED: {"inspection_id": CHECK},
        Kind.SUBSTANTIATED: {"findings": (FINDING,)}, Kind.ORDERED: {"measure_id": MEASURE},
    }  # fmt: skip
    for kind, by in tried:
        try:
            tale.takes(kind, by, around=replace(AROUND, open_orders=int(is_open)), **given.get(kind, {}))
        except Problem:
            continue
    kinds = [one.kind for one in tale.steps]
    if Kind.LIFTED in kinds:
        assert kinds.index(Kind.LIFTED) == len(kinds) - 1
        assert tale.steps[-1].by_id == HEAD
        assert not is_open
        assert rules.checkers(tale.steps) == {ONE, TWO}
        assert (Kind.SUBSTANTIATED in kinds) == (Kind.ORDERED in kinds)
    assert kinds.count(Kind.SUBSTANTIATED) + kinds.count(Kind.UNSUBSTANTIATED) <= 1


def condition(**changes: Any) -> Condition:
    usual: dict[str, Any] = {"mine_id": MINE, "place": "1201工作面", "day": TODAY, "shift": ShiftKind.NIGHT,
                             "since": TODAY, "danger": DangerKind.WATER}  # fmt: skip
    return Condition(**(usual | changes))


def test_a_place_is_the_same_however_its_name_is_written() -> None:
    keys = {condition(place=one).place_key for one in ("1201 工作面", "１２０１工作面", " 1201工作面 ")}
    assert keys == {"1201工作面"}
    place = uuid4()
    assert condition(workplace_id=place, place="随便").place_key == str(place)


@pytest.mark.parametrize("changes", [
    {"place": ""}, {"place": "一" * 101}, {"danger": None}, {"clause": "一" * 501}, {"clause_key": "k" * 81},
    {"day": TODAY + timedelta(days=32)}, {"day": TODAY - timedelta(days=8)}, {"since": TODAY + timedelta(days=1)},
    {"place": "a\nb"},
])  # fmt: skip
def test_what_is_no_condition_is_bad_input(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        must_be_a_condition(condition(**changes), today=TODAY)


def test_a_reporter_is_asked_at_seven_thirty_ninety_and_a_hundred_and_eighty_days() -> None:
    days = [(one - TODAY).days for one in rules.follow_ups(BUILT_IN, TODAY)]
    assert days == [7, 30, 90, 180]


def test_nothing_of_a_report_is_finer_than_the_minute() -> None:
    assert minute_of(NOW) == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def revenge(kind: Revenge, **changes: Any) -> Examined:
    return Examined(**{"id": uuid4(), "kind": kind, "words": "已经调取考勤记录", **changes})


def taken(*kinds: Revenge) -> list[Taken]:
    every = (Revenge.REPORTED, *kinds)
    return [Taken(id=uuid4(), ordinal=n, kind=kind, at=NOW + timedelta(days=n)) for n, kind in enumerate(every)]


@pytest.mark.parametrize(("steps", "asked", "of_the_mine", "problem"), [
    (taken(), revenge(Revenge.NOT_ESTABLISHED), False, rules.RetaliationNotLookedInto),
    (taken(Revenge.LOOKED_INTO), revenge(Revenge.ESTABLISHED), False, rules.RetaliationWithoutCase),
    (taken(Revenge.LOOKED_INTO, Revenge.NOT_ESTABLISHED), revenge(Revenge.LOOKED_INTO), False,
     rules.RetaliationOver),
])  # fmt: skip
def test_20_revenge_is_looked_into_and_what_is_established_has_its_case(
    steps: list[Taken], asked: Examined, of_the_mine: bool, problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        retaliating.must_be_takeable(steps, asked, case_of_the_mine=of_the_mine)


def test_20_a_case_is_the_answer_to_revenge() -> None:
    retaliating.must_be_takeable(
        taken(Revenge.LOOKED_INTO), revenge(Revenge.ESTABLISHED, case_id=uuid4()), case_of_the_mine=True
    )
    for asked in (revenge(Revenge.REPORTED), revenge(Revenge.LOOKED_INTO, words="无"),
                  revenge(Revenge.LOOKED_INTO, case_id=uuid4())):  # fmt: skip
        with pytest.raises(BadInput):
            retaliating.must_be_well_formed(asked)


def test_the_clocks_of_retaliation_run_from_its_report_until_they_are_met() -> None:
    looked, answered = retaliating.clocks_of(taken(), BUILT_IN)
    assert (looked.ends, looked.met_at) == (TODAY + timedelta(days=2), None)
    assert (answered.ends, answered.met_at) == (TODAY + timedelta(days=15), None)
    looked, answered = retaliating.clocks_of(taken(Revenge.LOOKED_INTO, Revenge.NOT_ESTABLISHED), BUILT_IN)
    assert (looked.met_at, answered.met_at) == (NOW + timedelta(days=1), NOW + timedelta(days=2))
