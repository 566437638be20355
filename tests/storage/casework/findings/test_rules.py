"""Tests of what the law says of findings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.casework.findings import rules
from storage.casework.findings.rules import Earlier, Fact, Measured
from storage.casework.findings.tables import FindingFlag, Shortcoming
from storage.field.inspections.rules import NotAnOfficer
from storage.record.law import BUILT_IN
from storage.record.law.library import FINDING_KINDS, Severity
from storage.record.law.periods import months_later
from storage.record.problems import BadInput

pytestmark = pytest.mark.quick

SEEN = datetime(2025, 10, 15, 4, 0, tzinfo=UTC)
FACT = Fact(id=uuid4(), inspection_id=uuid4(), kind="GAS_OVER_LIMIT", fact="回风流甲烷浓度超限仍在割煤", seen_at=SEEN)
METHANE = Measured(what="甲烷浓度", value="1.2", unit="%", limit="1.0")


@pytest.mark.parametrize(
    "changes",
    [
        {"fact": "超限"},
        {"fact": "超" * 2_001},
        {"measured": (replace(METHANE, value="一点二"),)},
        {"measured": (replace(METHANE, value="1.2.3"),)},
        {"measured": (replace(METHANE, unit=" "),)},
        {"measured": (METHANE,) * 21},
        {"evidence": (UUID(int=1), UUID(int=1))},
    ],
)
def test_what_is_no_fact_in_words_and_numbers_is_bad_input(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        rules.must_be_well_formed(replace(FACT, **changes))


def test_a_measured_quantity_is_told_with_its_unit_and_limit() -> None:
    rules.must_be_well_formed(replace(FACT, measured=(METHANE,), marks=("超强度",)))
    assert METHANE.told() == "甲烷浓度 1.2 %（限值 1.0 %）"
    assert replace(METHANE, limit="").told() == "甲烷浓度 1.2 %"


def test_policy_15_a_finding_is_of_a_kind_of_the_library_of_its_day() -> None:
    assert rules.must_be_of_the_library(FACT, BUILT_IN).clause == "煤矿安全生产条例第三十六条第二项"
    with pytest.raises(rules.FindingKindUnknown):
        rules.must_be_of_the_library(replace(FACT, kind="BAD_LUCK"), BUILT_IN)
    with pytest.raises(rules.FindingKindUnknown):  # The regulation holds from 2024-05-01.
        rules.must_be_of_the_library(replace(FACT, seen_at=datetime(2024, 4, 30, 4, 0, tzinfo=UTC)), BUILT_IN)


@pytest.mark.parametrize("marks", [("假装",), ("假数据", "假数据")])
def test_policy_10_a_mark_is_one_of_those_that_are_listed_on_the_day(marks: tuple[str, ...]) -> None:
    rules.must_be_of_the_library(replace(FACT, marks=("假数据", "超强度")), BUILT_IN)
    with pytest.raises(BadInput):
        rules.must_be_of_the_library(replace(FACT, marks=marks), BUILT_IN)


def test_the_library_has_the_seventeen_major_hazards_each_with_three_bases_and_ranges_that_the_law_knows() -> None:
    majors = [one for one in FINDING_KINDS.values() if one.severity is Severity.MAJOR]
    assert len(majors) == BUILT_IN.number("major_hazard_kinds_count", SEEN.date())
    for one in FINDING_KINDS.values():
        assert all((one.title, one.clause, one.measure, one.penalty))
        for fine in filter(None, (one.fine, one.fine_uncorrected, one.fine_person, one.fine_person_uncorrected)):
            least, most = (BUILT_IN.number(f"{fine}_{end}", SEEN.date()) for end in ("least", "most"))
            assert least < most


def test_penalty_law_42_only_officers_of_the_inspection_find() -> None:
    with pytest.raises(NotAnOfficer):
        rules.must_be_seen_by_an_officer([UUID(int=1)], account=UUID(int=2))


def test_safety_law_68_the_place_is_one_of_the_inspection() -> None:
    rules.must_be_a_place_of(FACT, places=[])
    with pytest.raises(rules.PlaceOfAnotherInspection):
        rules.must_be_a_place_of(replace(FACT, place_id=UUID(int=9)), places=[UUID(int=1)])


def test_penalty_law_46_evidence_is_of_this_inspection() -> None:
    rules.must_be_evidence_of([UUID(int=1)], known=[UUID(int=1), UUID(int=2)])
    with pytest.raises(rules.EvidenceOfAnotherInspection):
        rules.must_be_evidence_of([UUID(int=3)], known=[UUID(int=1)])


def test_what_a_finding_lacks_is_named_with_its_article_and_never_refuses_it() -> None:
    lacking = rules.shortcomings_of(evidence=0, certified=1, law=BUILT_IN, on=SEEN.date())
    assert set(lacking) == {Shortcoming.NO_EVIDENCE, Shortcoming.NOT_CONFIRMED}
    assert "第四十二条" in lacking[Shortcoming.NOT_CONFIRMED]
    assert rules.shortcomings_of(evidence=1, certified=2, law=BUILT_IN, on=SEEN.date()) == {}


_DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))


def earlier(day: date, *, kind: str = "GAS_OVER_LIMIT", producing: bool = True) -> Earlier:
    return Earlier(id=uuid4(), kind=kind, day=day, producing_with_major_hazard=producing)


def flags(fact: Fact, *before: Earlier, now: datetime = SEEN) -> list[FindingFlag]:
    kind = FINDING_KINDS[fact.kind]
    return rules.flags_of(fact, kind, earlier=before, law=BUILT_IN, now=now)


@pytest.mark.parametrize(("day", "closes"), [(date(2025, 10, 15), True), (date(2025, 10, 16), False)])
def test_regulation_70_twice_producing_with_major_hazards_within_three_months_is_to_close(
    day: date, closes: bool
) -> None:
    again = replace(FACT, producing=True, seen_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
    found = flags(again, earlier(date(2025, 7, 15), kind="BEYOND_BOUNDARY"), now=again.seen_at)
    assert (FindingFlag.CLOSURE_TO_BE_PROPOSED in found) is closes


def test_regulation_70_does_not_count_a_hazard_with_which_nobody_produced() -> None:
    before = earlier(date(2025, 10, 1))
    assert FindingFlag.CLOSURE_TO_BE_PROPOSED not in flags(replace(FACT, producing=False), before)
    idle = earlier(date(2025, 10, 1), producing=False)
    assert FindingFlag.CLOSURE_TO_BE_PROPOSED not in flags(replace(FACT, producing=True), idle)


def test_the_same_kind_at_the_same_mine_is_a_repeat_of_the_latest() -> None:
    one, other = earlier(date(2025, 1, 1)), earlier(date(2025, 9, 1))
    assert rules.last_of_the_kind(FACT, [one, other]) == other.id
    assert flags(FACT, one, other) == [FindingFlag.REPEATED]
    assert flags(FACT, earlier(date(2025, 9, 1), kind="OTHER_MAJOR")) == []


def test_regulation_44_danger_that_cannot_be_made_safe_asks_for_a_withdrawal() -> None:
    assert flags(replace(FACT, unsafe=True)) == [FindingFlag.WITHDRAWAL_DUE]


def test_a_clock_ahead_is_shown_and_refuses_nothing() -> None:
    assert flags(FACT, now=SEEN - timedelta(minutes=6)) == [FindingFlag.CLOCK_AHEAD]
    assert flags(FACT, now=SEEN - timedelta(minutes=5)) == []


@given(
    st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=6), st.dates(date(2025, 1, 1), date(2025, 12, 31))
)
def test_closure_is_proposed_exactly_when_an_earlier_day_lies_within_three_months(days: list[date], day: date) -> None:
    again = replace(FACT, producing=True, seen_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
    found = flags(again, *(earlier(one, kind="OTHER_MAJOR") for one in days), now=again.seen_at)
    expected = any(_three_months_before(day) <= one <= day for one in days)
    assert (FindingFlag.CLOSURE_TO_BE_PROPOSED in found) is expected


def _three_months_before(day: date) -> date:
    """The earliest day whose period of three months still holds `day`, found by trying."""
    return next(one for one in (date.fromordinal(day.toordinal() - 100 + n) for n in range(101))
                if months_later(one, 3) >= day)  # fmt: skip
