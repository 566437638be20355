"""Tests of whom an entry concerns, when what is not urgent is sent, and what a rung comes to: pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import recipients
from notifications.recipients import Around, causes_of, due_at, step_of
from storage.alerts.alerts.kinds import KINDS, LADDER, AlertKind, Who
from storage.alerts.alerts.queries import Told
from storage.alerts.alerts.tables import Climb
from storage.alerts.rosters.rules import Chain, Roster, Seat
from storage.alerts.rosters.tables import Away
from storage.record.clock import SHANGHAI
from storage.record.ledger.proofs.entries import Entry

pytestmark = pytest.mark.quick

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
A, B, C, D = (UUID(int=number) for number in range(1, 5))
MINE = UUID(int=9)
SEAT, CITY = Seat(county="520281"), Seat(county="5202")


def told(kind: str, /, **data: Any) -> Told:
    entry = Entry(id=str(UUID(int=5)), kind=kind, at=1_764_000_000_000, subject=str(UUID(int=6)), data=data)
    return Told(entry, "520281", "GZ-1", MINE)


def test_a_withdrawal_concerns_both_seats_and_the_principal() -> None:
    (cause,) = causes_of(told("measure.ordered", kind="WITHDRAW_PEOPLE"), principals={MINE: [A]})
    assert (cause.kind, cause.accounts) == (AlertKind.WITHDRAWAL_ORDERED, [A])
    assert set(cause.seats) == {SEAT, Seat(office="GZ-1")}


@pytest.mark.parametrize(("kind", "data"), [
    ("measure.ordered", {"kind": "CORRECT_ON_SITE"}), ("measure.ordered", {"kind": "OF_ANOTHER_LAW"}),
    ("measure.ordered", {}), ("inspection.opened", {}), ("case.clock_overrun", {"lapsed": True}),
])  # fmt: skip
def test_what_alarms_nobody_makes_no_cause(kind: str, data: dict[str, Any]) -> None:
    assert causes_of(told(kind, **data), principals={}) == []


@pytest.mark.parametrize("noun", ["breach", "case", "retaliation"])
def test_a_clock_that_ran_out_is_told_without_haste(noun: str) -> None:
    (cause,) = causes_of(told(f"{noun}.clock_overrun", lapsed=False, officers=[str(B)]), principals={})
    assert (cause.kind, cause.accounts) == (AlertKind.CLOCK_OVERRUN, [B])


def test_a_mine_that_has_not_signed_is_one_quiet_matter_for_its_principal_and_officers_until_it_signs() -> None:
    first, again = (
        causes_of(told("commitment.reminded", year=2027, overdue=late, officers=[str(B)]), principals={MINE: [A]})[0]
        for late in (False, True)
    )
    assert (first.kind, first.accounts) == (AlertKind.COMMITMENT_DUE, [A, B])
    assert not KINDS[first.kind].urgent
    other = causes_of(told("commitment.reminded", year=2028, overdue=True), principals={})[0]
    assert first.subject == again.subject != other.subject
    assert recipients.ended_by(told("commitment.signed", year=2027)) == [(AlertKind.COMMITMENT_DUE, first.subject)]
    assert "commitment.signed" in recipients.FOLLOWED


def test_a_breach_is_told_to_the_principal_until_he_answers_or_it_is_decided() -> None:
    (cause,) = causes_of(told("breach.found", key="GAS"), principals={MINE: [A]})
    assert (cause.kind, cause.accounts, cause.subject) == (AlertKind.BREACH_FOUND, [A], UUID(int=6))
    assert not KINDS[cause.kind].urgent
    for kind in ("breach.answered", "breach.decided"):
        assert recipients.ended_by(told(kind)) == [(AlertKind.BREACH_FOUND, UUID(int=6))]


def test_lifting_ends_what_the_order_began() -> None:
    assert recipients.ended_by(told("measure.lifted")) == [(AlertKind.WITHDRAWAL_ORDERED, UUID(int=6))]
    assert recipients.ended_by(told("measure.ordered")) == []
    assert {"measure.lifted", "measure.ordered"} <= set(recipients.FOLLOWED)


@pytest.mark.parametrize(("now", "due"), [
    ("2026-11-24T08:00", "2026-11-24T08:00"), ("2026-11-24T21:59", "2026-11-24T21:59"),
    ("2026-11-24T22:00", "2026-11-25T08:00"), ("2026-11-24T00:00", "2026-11-24T08:00"),
    ("2026-11-24T07:59", "2026-11-24T08:00"),
])  # fmt: skip
def test_what_is_not_urgent_waits_for_the_morning_of_guizhou(now: str, due: str) -> None:
    zone = SHANGHAI
    assert due_at(datetime.fromisoformat(now).replace(tzinfo=zone)) == datetime.fromisoformat(due).replace(tzinfo=zone)


def around(*, planned: tuple[UUID, ...] = (A, B), **more: Any) -> Around:
    awake = dict.fromkeys((A, B, C, D), NOW)
    roster = Roster(seat=SEAT, planned=planned, begins_at=NOW, **({"awake": awake} | more))
    upper = Roster(seat=CITY, planned=(D,), awake=awake, away=more.get("away", {}))
    return Around(roster=roster, heads=[C], above=upper, heads_above=[])


def step(rung: int, about: Around) -> Any:
    climb = Climb(id=UUID(int=8), incident_id=UUID(int=7), chain=Chain.DEPARTMENT, county="520281", began_at=NOW,
                  round=0, rung=rung, next_at=NOW)  # fmt: skip
    return step_of(climb, about, now=NOW)


def test_each_rung_tells_whom_it_names() -> None:
    told_by = {rung.who: list(step(number, around()).accounts) for number, rung in enumerate(LADDER)}
    assert told_by == {Who.FIRST: [A], Who.NEXT: [B], Who.HEADS: [C], Who.ABOVE: [D]}


def test_a_rung_that_finds_nobody_is_followed_at_once_by_the_next() -> None:
    found = step(0, around(planned=()))
    assert (list(found.accounts), found.next_rung, found.next_at) == ([], 1, NOW)


def test_the_first_who_can_be_reached_is_the_first() -> None:
    found = step(0, around(away={A: Away.UNDERGROUND}))
    assert (list(found.accounts), dict(found.passed_over)) == ([B], {A: Away.UNDERGROUND})
    assert list(step(2, around(away={A: Away.UNDERGROUND})).accounts) == []


def test_above_a_city_without_duty_its_heads_are_told() -> None:
    about = Around(roster=Roster(seat=SEAT), heads=[], above=Roster(seat=CITY), heads_above=[D])
    assert list(step(4, about).accounts) == [D]
    away = {C: Away.EXCUSED}
    excused = Around(
        roster=Roster(seat=SEAT), heads=[], above=Roster(seat=CITY, planned=(C,), away=away), heads_above=[D]
    )
    assert list(step(4, excused).accounts) == [D]
    top = Around(roster=Roster(seat=Seat(county="52")), heads=[C], above=None, heads_above=[])
    assert list(step(4, top).accounts) == []


@given(away=st.dictionaries(st.sampled_from([A, B, C, D]), st.sampled_from(list(Away))),
       awake=st.sets(st.sampled_from([A, B, C, D])), planned=st.permutations([A, B]),
       rung=st.integers(0, 4))  # fmt: skip
def test_nobody_who_is_away_is_told_and_a_rung_is_never_due_before_now(
    away: dict[UUID, Away], awake: set[UUID], planned: list[UUID], rung: int
) -> None:
    found = step(rung, around(planned=tuple(planned), away=away, awake=dict.fromkeys(awake, NOW)))
    assert not set(found.accounts) & away.keys()
    assert found.next_at >= NOW
    assert found.next_rung == (rung + 1) % len(LADDER)
    if rung + 1 == len(LADDER):
        assert found.next_at >= NOW + timedelta(minutes=15)


@pytest.mark.parametrize("kind", ["refusal.made", "refusal.joined"])
def test_a_refusal_concerns_the_duty_of_both_chains_and_nobody_of_the_mine(kind: str) -> None:
    (cause,) = causes_of(told(kind), principals={MINE: [A]})
    assert (cause.kind, cause.accounts, cause.subject) == (AlertKind.REFUSAL, (), UUID(int=6))
    assert set(cause.seats) == {SEAT, Seat(office="GZ-1")}
    assert recipients.ended_by(told("refusal.lifted")) == [(AlertKind.REFUSAL, UUID(int=6))]


def test_retaliation_is_told_one_level_up_from_the_first_minute() -> None:
    entry = replace(told("retaliation.reported", office="GZ-1"), county="5202", office=None, mine_id=None)
    (cause,) = causes_of(entry, principals={})
    province = Seat(county="52")
    assert (cause.kind, cause.county, cause.office) == (AlertKind.RETALIATION, "5202", None)
    assert tuple(cause.seats) == (CITY, province)
    assert cause.chains == {province: Chain.OFFICE}
    at_the_province = replace(entry, county="52")
    assert causes_of(at_the_province, principals={})[0].seats == (province,)


def test_what_is_urgent_stands_in_a_closed_list() -> None:
    assert {kind for kind, told_of in KINDS.items() if told_of.urgent} == {
        AlertKind.WITHDRAWAL_ORDERED, AlertKind.REFUSAL, AlertKind.REPORT_OF_DANGER, AlertKind.RETALIATION,
        AlertKind.DRILL,
    }  # fmt: skip
