"""A walk over random histories of measures, each step judged by an oracle that is written apart from the rules."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.casework.measures import clocks, history, lacks
from storage.casework.measures.history import Step
from storage.casework.measures.tables import Hand, MeasureState, StepOutcome, Turn
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN
from storage.record.law.measures import MEASURE_KINDS
from storage.record.problems import BadInput, Problem
from tests.factories.measures import (  # fmt: skip
    BOTH,
    CERTIFIED,
    CLERK,
    HEAD,
    MAYOR,
    OFFICE,
    ONE,
    ORDERED_AT,
    STRANGER,
    TWO,
    Tale,
    major,
    named,
    tale,
)

pytestmark = pytest.mark.quick

K = Turn
PEOPLE = (ONE, TWO, HEAD, CLERK, OFFICE, MAYOR, STRANGER, BOTH)
FACTS = {"FINDING_NAMED", "TOLD", "HEADS_COUNTED", "EXTENSION_ASKED", "CORRECTION_REPORTED", "RECHECKED", "TRACKED",
         "VERIFIED", "ANNOUNCED"}  # fmt: skip
AUTHORITY = {"HANDED_OVER": {OFFICE, BOTH}, "HANDOVER_RECEIVED": {ONE, TWO, HEAD, STRANGER, BOTH},
             "RESTART_SIGNED": {ONE, TWO, HEAD, STRANGER, BOTH}, "RESTART_AGREED": {OFFICE, BOTH},
             "RESTART_APPROVED": {MAYOR}}  # fmt: skip
OUTCOMES = {
    "RECHECKED": ("CORRECTED", "NOT_CORRECTED", "REFUSED"), "VERIFIED": ("CORRECTED", "NOT_CORRECTED"),
    "ACCEPTANCE_HELD": ("PASSED", "FAILED"), "ANNOUNCED": ("STOP", "RESTART"),
}  # fmt: skip


def is_holiday(day: date) -> bool:
    """Whether it is off for a holiday of the State Council's notice; a plain weekend is not (强制法43)."""
    off, name = chinese_calendar.get_holiday_detail(day)
    return off and name is not None


@dataclass
class Look:
    """A re-check or verification as the oracle remembers it."""

    id: UUID
    at: datetime
    by: UUID
    outcome: str
    proper: bool
    signers: set[UUID] = field(default_factory=set)

    def two(self) -> bool:
        return len(({self.by} & CERTIFIED) | self.signers) >= 2


@dataclass
class Oracle:
    """What the law says, in plain flags; it looks at no history."""

    key: str
    major: bool
    office: bool
    urgent: bool
    now: datetime = ORDERED_AT
    over: bool = False
    confirmers: set[UUID] = field(default_factory=lambda: {ONE})
    stands_for_it: set[UUID] = field(default_factory=lambda: {ONE})
    said: str = ""
    approved_at: datetime | None = None
    counts: list[tuple[datetime, int]] = field(default_factory=list)
    looks: dict[str, list[Look]] = field(default_factory=lambda: {"RECHECKED": [], "VERIFIED": []})
    follower: bool = False
    asked_more: bool = False
    until: date | None = None
    level: str = ""
    begun: date | None = None
    handed: UUID | None = None
    received: bool = False
    tracked: bool = False
    notified: datetime | None = None
    application: str = ""
    signed: list[UUID] = field(default_factory=list)

    def corrected(self) -> bool:
        looks = self.looks["RECHECKED"]
        return bool(looks) and looks[-1].two() and looks[-1].outcome == "CORRECTED"

    def verified(self) -> bool:
        looks = self.looks["VERIFIED"]
        if not looks or not self.corrected():
            return False
        last = looks[-1]
        return last.outcome == "CORRECTED" and last.proper and last.two() and last.at >= self.looks["RECHECKED"][-1].at

    def standards(self) -> bool:
        if not self.level:
            return True
        kept = self.corrected() and self.verified()
        kept = kept and (self.received or not (self.office or self.handed))
        return kept and (self.level == "COUNTY" or self.tracked or not self._a_month_is_over())

    def _a_month_is_over(self) -> bool:
        assert self.begun is not None
        year, month = (self.begun.year + self.begun.month // 12, self.begun.month % 12 + 1)
        last = date(year, month, min(self.begun.day, calendar.monthrange(year, month)[1]))
        return self.now.astimezone(SHANGHAI).date() > last

    def sound(self) -> bool:
        return len(self.stands_for_it) >= 2 and (not MEASURE_KINDS[self.key].approval_article or bool(self.said))

    def cut_from(self) -> datetime | None:
        if self.said != "APPROVED":
            return None
        if self.key == "CUT_EXPLOSIVES" or self.urgent:
            return self.approved_at
        if self.notified is None:
            return None
        moment = (self.notified + timedelta(hours=24)).astimezone(SHANGHAI)
        while not 6 <= moment.hour < 22 or is_holiday(moment.date()):
            ahead = moment.hour >= 6  # Before dawn it is dawn that is waited for, else the next.
            moment = datetime.combine(moment.date() + timedelta(days=ahead), time(6), SHANGHAI)
        return moment

    def allows(self, kind: str, by: UUID, asked: dict[str, Any]) -> bool:
        if kind in AUTHORITY and by not in AUTHORITY[kind]:
            return False
        if kind in FACTS:
            return True
        if kind == "CONFIRMED":
            return by in (ONE, TWO)
        if kind in ("RECHECK_SIGNED", "VERIFICATION_SIGNED"):
            looks = self.looks["RECHECKED" if kind == "RECHECK_SIGNED" else "VERIFIED"]
            return bool(looks) and by in CERTIFIED and by != looks[-1].by and by not in looks[-1].signers
        return not self.over and bool(getattr(self, f"_{kind.lower()}")(by, asked))

    def _approved(self, by: UUID, _: Any) -> bool:
        needs = self.key in ("SEAL", "SEIZE", "CUT_POWER", "CUT_EXPLOSIVES", "STOP_TO_RECTIFY")
        return needs and not self.said and by not in self.confirmers

    _disapproved = _approved

    def _follower_named(self, by: UUID, asked: Any) -> bool:
        return not self.follower or bool(asked["words"])

    def _extension_granted(self, by: UUID, asked: Any) -> bool:
        today = self.now.astimezone(SHANGHAI).date()
        if self.key in ("SEAL", "SEIZE"):
            last = date(2025, 10, 14)
            return not self.until and today <= last < asked["until"] <= last + timedelta(days=30)
        if self.key != "CORRECT_BY_TERM":
            return False
        return self.asked_more and asked["until"] > (self.until or date(2025, 9, 25))

    def _extension_refused(self, by: UUID, asked: Any) -> bool:
        return self.key == "CORRECT_BY_TERM" and self.asked_more

    def _lifted(self, by: UUID, asked: Any) -> bool:
        if self.key in ("SEAL", "SEIZE"):
            return True
        if self.key == "WITHDRAW_PEOPLE":
            latest = max((at for at, _ in self.counts), default=None)
            if latest is None or max(number for at, number in self.counts if at == latest) > 0:
                return False
        leave = ("WITHDRAW_PEOPLE", "STOP_PRODUCTION", "STOP_EQUIPMENT", "CUT_POWER", "CUT_EXPLOSIVES")
        return self.key in leave and self.corrected() and self.standards()

    def _closed_out(self, by: UUID, asked: Any) -> bool:
        if self.key not in ("CORRECT_ON_SITE", "CORRECT_BY_TERM", "REMOVE_HAZARD"):
            return False
        return self.sound() and self.corrected() and (not self.major or bool(self.level)) and self.standards()

    def _of_a_hazard(self) -> bool:
        return self.major and self.key not in ("SEAL", "SEIZE", "CUT_POWER", "CUT_EXPLOSIVES")

    def _supervised(self, by: UUID, asked: Any) -> bool:
        return self._of_a_hazard() and self.level != asked["words"]

    def _handed_over(self, by: UUID, asked: Any) -> bool:
        return self._of_a_hazard() and self.handed is None

    def _handover_received(self, by: UUID, asked: Any) -> bool:
        return self._of_a_hazard() and self.handed not in (None, by) and not self.received

    def _mine_notified(self, by: UUID, asked: Any) -> bool:
        return self.key in ("CUT_POWER", "CUT_EXPLOSIVES") and self.said == "APPROVED"

    def _supplier_notified(self, by: UUID, asked: Any) -> bool:
        start = self.cut_from()
        return self._mine_notified(by, asked) and self.sound() and start is not None and self.now >= start

    def _restart_asked(self, by: UUID, asked: Any) -> bool:
        return self.key == "STOP_TO_RECTIFY"

    def _acceptance_held(self, by: UUID, asked: Any) -> bool:
        return self.key == "STOP_TO_RECTIFY" and self.application == "ASKED"

    def _signature(self, place: int, by: UUID) -> bool:
        fits = self.key == "STOP_TO_RECTIFY" and self.application == "PASSED" and len(self.signed) == place
        return fits and by not in self.signed and self.standards()

    def _restart_signed(self, by: UUID, asked: Any) -> bool:
        return self._signature(0, by)

    def _restart_agreed(self, by: UUID, asked: Any) -> bool:
        return self._signature(1, by)

    def _restart_approved(self, by: UUID, asked: Any) -> bool:
        return self._signature(2, by)

    def takes(self, kind: str, by: UUID, asked: dict[str, Any], id: UUID) -> None:
        """What the step changes in the flags."""
        today = self.now.astimezone(SHANGHAI).date()
        if kind == "CONFIRMED":
            self.stands_for_it.add(by)
            self.confirmers.add(by)
        elif kind in ("APPROVED", "DISAPPROVED"):
            self.said, self.approved_at = kind, self.now
        elif kind == "HEADS_COUNTED" and by is not CLERK:
            self.counts.append((self.now, asked["number"]))
        elif kind in self.looks:
            proper = kind == "RECHECKED" or (asked["underground"] and bool(asked["evidence"]))
            self.looks[kind].append(Look(id, self.now, by, asked["outcome"].value, proper))
        elif kind in ("RECHECK_SIGNED", "VERIFICATION_SIGNED"):
            self.looks["RECHECKED" if kind == "RECHECK_SIGNED" else "VERIFIED"][-1].signers.add(by)
        elif kind == "FOLLOWER_NAMED":
            self.follower = True
        elif kind.startswith("EXTENSION"):
            self.asked_more = kind == "EXTENSION_ASKED"
            self.until = asked["until"] if kind == "EXTENSION_GRANTED" else self.until
        elif kind in ("SUPERVISED", "HANDED_OVER"):
            self.begun = self.begun or today
            self.level = asked["words"] if kind == "SUPERVISED" else self.level
            self.handed = by if kind == "HANDED_OVER" else self.handed
        elif kind == "HANDOVER_RECEIVED":
            self.received = True
        elif kind == "TRACKED":
            self.tracked = True
        elif kind == "MINE_NOTIFIED":
            self.notified = self.notified or self.now
        elif kind in ("RESTART_ASKED", "ACCEPTANCE_HELD"):
            self.application = "ASKED" if kind == "RESTART_ASKED" else asked["outcome"].value
            self.signed = []
        elif kind in ("RESTART_SIGNED", "RESTART_AGREED", "RESTART_APPROVED"):
            self.signed.append(by)
        self.over = self.over or kind in ("DISAPPROVED", "LIFTED", "CLOSED_OUT", "RESTART_APPROVED")


Move = tuple[Turn, UUID, int, int]
_RECHECK: list[Move] = [(K.RECHECKED, ONE, 0, 1), (K.RECHECK_SIGNED, TWO, 0, 1)]
_VERIFY: list[Move] = [(K.VERIFIED, ONE, 0, 1), (K.VERIFICATION_SIGNED, TWO, 0, 1)]
_HAND_OVER: list[Move] = [(K.HANDED_OVER, OFFICE, 0, 1), (K.HANDOVER_RECEIVED, HEAD, 0, 1)]
_RESTART: list[Move] = [
    (K.RESTART_ASKED, CLERK, 0, 1), (K.ACCEPTANCE_HELD, ONE, 0, 1), (K.RESTART_SIGNED, HEAD, 0, 1),
    (K.RESTART_AGREED, OFFICE, 0, 1), (K.RESTART_APPROVED, MAYOR, 0, 1),
]  # fmt: skip
_ALONE: list[list[Move]] = [[one] for one in (
    (K.CONFIRMED, TWO, 0, 1), (K.APPROVED, HEAD, 0, 1), (K.HEADS_COUNTED, ONE, 0, 1), (K.SUPERVISED, HEAD, 0, 1),
    (K.SUPERVISED, HEAD, 1, 1), (K.CLOSED_OUT, ONE, 0, 1), (K.LIFTED, HEAD, 1, 1), (K.MINE_NOTIFIED, ONE, 0, 1),
    (K.SUPPLIER_NOTIFIED, ONE, 0, 60 * 24), (K.TRACKED, ONE, 0, 60 * 24 * 31), (K.EXTENSION_ASKED, CLERK, 3, 1),
    (K.EXTENSION_GRANTED, HEAD, 3, 1),
)]  # fmt: skip
_TOWARDS = (_RECHECK, _VERIFY, _HAND_OVER, _RESTART, *_ALONE)
_KINDS = [kind for kind in Turn if kind is not K.ORDERED]


def parts_of(chance: Random) -> Iterator[Move]:
    """A walk: what leads on is tried more often than chance would, and what chance would do breaks in anywhere."""
    for _ in range(chance.randrange(5, 40)):
        for move in chance.choice(_TOWARDS):
            if chance.random() < 0.8:
                kind, by, choice, minutes = move
                yield kind, chance.choice(PEOPLE) if chance.random() < 0.1 else by, choice, minutes
            if chance.random() < 0.4:
                yield (chance.choice(_KINDS), chance.choice(PEOPLE), chance.randrange(6),
                       chance.choice([0, 1, 60, 60 * 13, 60 * 24, 60 * 24 * 12]))  # fmt: skip


def asked_with(kind: Turn, choice: int, told: Tale) -> dict[str, Any]:
    """A well-formed step of this kind; `choice` picks what it says."""
    given: dict[str, Any] = {"words": "说明" if choice != 5 or kind in _WORDED else ""}
    if kind is K.SUPERVISED:
        given["words"] = ("COUNTY", "CITY", "PROVINCE")[choice % 3]
    if kind.value in OUTCOMES:
        options = OUTCOMES[kind.value]
        given["outcome"] = StepOutcome(options[choice % len(options)])
    if kind is K.HEADS_COUNTED:
        given["number"] = choice // 2
    if kind in (K.EXTENSION_ASKED, K.EXTENSION_GRANTED):
        given["until"] = date(2025, 9, 15) + timedelta(days=(9, 10, 29, 30, 59, 60)[choice])
    if kind is K.EXTENSION_GRANTED or kind is K.EXTENSION_REFUSED or kind is K.LIFTED:
        given["words"] = "理由"
    if kind in (K.FINDING_NAMED, K.FOLLOWER_NAMED):
        given["subject_id"] = uuid4()
    if kind in (K.RECHECK_SIGNED, K.VERIFICATION_SIGNED):
        last = told.history.last(K.RECHECKED if kind is K.RECHECK_SIGNED else K.VERIFIED)
        given["subject_id"] = last.id if last is not None else uuid4()
    if kind is K.VERIFIED:
        given |= {"underground": choice != 2, "evidence": () if choice == 4 else (uuid4(),)}
    return given


_WORDED = {K.TOLD, K.EXTENSION_ASKED, K.CORRECTION_REPORTED, K.HANDED_OVER, K.TRACKED, K.SUPPLIER_NOTIFIED,
           K.RESTART_ASKED, K.ANNOUNCED, K.VERIFIED}  # fmt: skip


def judged(told: Tale, kind: Turn, by: UUID, asked: dict[str, Any]) -> tuple[Step | None, Problem | None]:
    """The step that the rules let be taken, or the Problem by which they refused it."""
    try:
        return told.takes(kind, by, **asked), None
    except Problem as problem:
        return None, problem


def walk(key: str, moves: list[Move], *, major_one: bool, office: bool, urgent: bool) -> MeasureState:
    """Takes the steps one by one, each judged by the oracle and by the rules, and tells where it ended."""
    order: dict[str, Any] = {"urgent": urgent, "days": 10 if key == "CORRECT_BY_TERM" else None}
    told = tale(key, major() if major_one else named(), hand=Hand.OFFICE if office else Hand.DEPARTMENT, **order)
    oracle = Oracle(key, major_one, office, urgent)
    for kind, by, choice, minutes in moves:
        told.passes(minutes=minutes)
        oracle.now = told.now
        asked, before = asked_with(kind, choice, told), told.history
        allowed = oracle.allows(kind.value, by, asked)
        step, problem = judged(told, kind, by, asked)
        assert (step is not None) is allowed, (kind, by, asked, problem)
        if step is not None:
            oracle.takes(kind.value, by, asked, step.id)
            continue
        assert told.history is before
        assert not isinstance(problem, BadInput) or kind.value.endswith("_SIGNED"), problem
    assert history.stands(told.history) is not oracle.over
    assert history.is_corrected(told.history, BUILT_IN) is oracle.corrected()
    missing = {one.code.value for one in lacks.lacks_of(told.history, BUILT_IN, now=told.now)}
    assert ("MEASURE_NOT_CONFIRMED" in missing) is (len(oracle.stands_for_it) < 2)
    assert clocks.clocks_of(told.history, BUILT_IN, now=told.now)
    return history.state_of(told.history, BUILT_IN)


@settings(max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    key=st.sampled_from(sorted(MEASURE_KINDS)), major_one=st.booleans(), office=st.booleans(), urgent=st.booleans(),
    seed=st.integers(0, 2**32),
)  # fmt: skip
def test_no_walk_reaches_an_unlawful_state_and_no_fact_is_lost(
    key: str, major_one: bool, office: bool, urgent: bool, seed: int
) -> None:
    walk(key, list(parts_of(Random(seed))), major_one=major_one, office=office, urgent=urgent)


_CONFIRM, _APPROVE, _NOBODY, _COUNTY, _CITY, _CLOSE, _LIFT = _ALONE[:7]


@pytest.mark.parametrize(
    ("key", "parts", "state"),
    [
        ("CORRECT_BY_TERM", [_CONFIRM, _COUNTY, _HAND_OVER, _RECHECK, _VERIFY, _CLOSE], MeasureState.CLOSED_OUT),
        ("REMOVE_HAZARD", [_CONFIRM, _CITY, _HAND_OVER, _RECHECK, _VERIFY, _CLOSE], MeasureState.CLOSED_OUT),
        ("WITHDRAW_PEOPLE", [_NOBODY, _RECHECK, _LIFT], MeasureState.LIFTED),
        ("SEAL", [_LIFT], MeasureState.LIFTED),
        ("CUT_EXPLOSIVES", [_CONFIRM, _APPROVE, _RECHECK, _LIFT], MeasureState.LIFTED),
        ("STOP_TO_RECTIFY", [_CONFIRM, _APPROVE, _RESTART], MeasureState.RESTARTED),
    ],
)
def test_each_end_is_reached_by_a_lawful_walk(key: str, parts: list[list[Move]], state: MeasureState) -> None:
    moves = [one for part in parts for one in part]
    assert walk(key, moves, major_one=True, office=True, urgent=False) is state
