"""Who answers for a seat at a minute, and what makes a roster one: pure rules, each with its source.

The texts ask that somebody answers at any hour; how a shift is handed over is the house's own rule.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from storage.alerts.rosters.tables import Away
from storage.record.actor import Role
from storage.record.problems import BadInput, Problem, constraint_means

LONGEST_TEXT = 2_000
MOST_PEOPLE = 12
LONGEST_PERIOD = timedelta(days=40)
LONGEST_ABSENCE = timedelta(days=400)
EARLY = timedelta(hours=2)
"""A shift may be handed over so long before it begins."""
SILENT_AFTER = timedelta(seconds=60)
"""A duty page tells every 20 s that it is awake: three missed signs are nobody there."""
ANSWERING = frozenset({Role.DUTY_OFFICER, Role.INSPECTOR, Role.LEAD, Role.AGENCY_HEAD})
"""Whoever may stand on a roster: the roles that may act on what they are told."""


class DutyOfNobody(Problem):
    """An account that may not answer for this seat: closed, unknown, or without a fitting role there.

    Parameter: account.
    """


class DutyConflict(Problem):
    """The id is taken by another plan, hand-over or absence, one's own or foreign: which of both is not said."""


class NotOnDuty(Problem):
    """Only whoever answers for the seat at this minute can hand it over."""


class HandoverNotYours(Problem):
    """A hand-over is taken by the one to whom it was given."""


class AlreadyUnderground(Problem):
    """The account is underground already (parameter: since)."""


class NotUnderground(Problem):
    """The account is not underground."""


for _constraint in ("pk_duty_plans", "pk_duty_handovers", "pk_duty_absences"):
    constraint_means(_constraint, DutyConflict)


class Chain(StrEnum):
    """The two hierarchies that are told side by side (条例9): local departments, and the national branch offices."""

    DEPARTMENT = "DEPARTMENT"
    OFFICE = "OFFICE"


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody answers for: a division (GB/T 2260) or a branch office."""

    county: str | None = None
    office: str | None = None

    def __post_init__(self) -> None:
        if (self.county is None) == (self.office is None):
            raise BadInput(field="seat", reason="county or office")

    @property
    def chain(self) -> Chain:
        """The hierarchy to which it belongs."""
        return Chain.DEPARTMENT if self.county is not None else Chain.OFFICE

    @property
    def scope(self) -> dict[str, Any]:
        """As verbs and entries take it."""
        return {"county": self.county, "office": self.office}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A hand-over as the roster sees it."""

    id: UUID
    from_id: UUID
    to_id: UUID
    given_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All that is known of a seat at a minute: `planned` now, `before` in the plan that ended last, who is away."""

    seat: Seat
    planned: Sequence[UUID] = ()
    begins_at: datetime | None = None
    before: Sequence[UUID] = ()
    handover: Handover | None = None
    away: Mapping[UUID, Away] = field(default_factory=dict)
    awake: Mapping[UUID, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """One person on duty: why he is passed over, if he is, and whether his duty page is silent."""

    account_id: UUID
    passed_over: Away | None
    silent: bool


def on_duty(roster: Roster, *, now: datetime) -> list[Standing]:
    """Everybody who answers at this minute, in the order in which they are told; the absent stand in it, passed over.

    Whoever took the shift stands first. One that was given and not taken is still with the giver. Where nobody said a
    word of handing over, the plan counts, and whoever had the shift before stands behind its first. Nobody is planned:
    whoever had it last stays.
    """
    handover = roster.handover
    fresh = handover is not None and (roster.begins_at is None or handover.given_at >= roster.begins_at - EARLY)
    if handover is not None and fresh:
        order = [handover.from_id if handover.taken_at is None else handover.to_id, *roster.planned]
    else:
        order = [*roster.planned[:1], *roster.before[:1], *roster.planned[1:]]
    return [
        Standing(one, roster.away.get(one), is_silent(roster.awake.get(one), now=now))
        for one in dict.fromkeys(order if roster.planned else [*order, *roster.before])
    ]


def is_silent(seen_at: datetime | None, *, now: datetime) -> bool:
    """Whether a duty page has said nothing for too long; one that was never there is silent."""
    return seen_at is None or now - seen_at > SILENT_AFTER


def must_be_a_plan(accounts: Sequence[UUID], *, begins_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Sizes and doubles: BadInput. A plan that is over tells nobody anything: it cannot be made afterwards."""
    if not 1 <= len(accounts) <= MOST_PEOPLE or len(set(accounts)) != len(accounts):
        raise BadInput(field="accountIds", reason=f"1-{MOST_PEOPLE}, no one twice")
    if not begins_at < ends_at <= begins_at + LONGEST_PERIOD:
        raise BadInput(field="endsAt", reason=f"<= {LONGEST_PERIOD.days} d")
    if ends_at <= now:
        raise BadInput(field="endsAt", reason="> now")


def must_answer(accounts: Sequence[UUID], *, fit: Collection[UUID]) -> None:
    """Each may answer for the seat; else DutyOfNobody."""
    for account in accounts:
        if account not in fit:
            raise DutyOfNobody(account=str(account))


def must_be_on_duty(roster: Roster, account: UUID, *, now: datetime) -> None:
    """Whoever hands over holds the shift; else NotOnDuty."""
    standing = on_duty(roster, now=now)
    if not standing or standing[0].account_id != account:
        raise NotOnDuty()


def must_be_given_to(taker: UUID, account: UUID) -> None:
    """Nobody takes another's shift; else HandoverNotYours."""
    if taker != account:
        raise HandoverNotYours()


def must_be_an_absence(since: datetime, until: datetime) -> None:
    """Sizes: BadInput."""
    if not since < until <= since + LONGEST_ABSENCE:
        raise BadInput(field="until", reason=f"<= {LONGEST_ABSENCE.days} d")
