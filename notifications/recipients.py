"""Whom an entry of the ledger concerns, and whom a rung tells: pure, from what stands in the record at that minute."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from storage.alerts.alerts.kinds import LADDER, AlertKind, Channel, Who
from storage.alerts.alerts.queries import Told, above
from storage.alerts.alerts.rules import Cause, Step, next_of
from storage.alerts.alerts.tables import Climb
from storage.alerts.rosters.rules import Chain, Roster, Seat, Standing, on_duty
from storage.alerts.rosters.tables import Away
from storage.record.clock import SHANGHAI, from_ms
from storage.record.law.measures import MEASURE_KINDS

DAY_BEGINS, DAY_ENDS = 8, 22
"""Hours of Guizhou outside which nobody is woken for what is not urgent."""


def causes_of(told: Told, *, principals: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """What an entry raises; `principals` are the accounts that lead each mine."""
    make = _CAUSES.get(told.entry.kind)
    return [] if make is None else make(told, principals)


def ended_by(told: Told) -> list[tuple[AlertKind, UUID]]:
    """What an entry puts an end to."""
    if told.entry.kind == "alert.taken":
        drill = told.entry.data.get("drill")
        return [] if drill is None else [(AlertKind.DRILL, UUID(str(drill)))]
    if told.entry.kind == "finding.made_good" and told.entry.data.get("open"):
        return []
    if told.entry.kind == "commitment.signed":
        return [(AlertKind.COMMITMENT_DUE, _year_of(told))]
    if told.entry.kind in _READ_BY_INTAKE:
        return [(AlertKind.REPORT_OF_DANGER, _of_report(told))]
    kind = _ENDINGS.get(told.entry.kind)
    return [] if kind is None else [(kind, UUID(told.entry.subject))]


def seats_of(told: Told) -> tuple[Seat, ...]:
    """The two seats that answer for whatever an entry is about: the division's and the branch office's."""
    found = [Seat(county=told.county)] if told.county else []
    return (*found, Seat(office=told.office)) if told.office else tuple(found)


def _withdrawal(told: Told, principals: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    kind = MEASURE_KINDS.get(str(told.entry.data.get("kind")))
    if kind is None or not kind.of_people:
        return []
    return [_cause(AlertKind.WITHDRAWAL_ORDERED, told, accounts=_led_by(told, principals))]


def _overrun(told: Told, _: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """A clock that bound somebody; a right that was not used tells nobody anything."""
    data = told.entry.data
    if data.get("lapsed"):
        return []
    who = [UUID(one) for one in data.get("officers", ())]
    return [_cause(AlertKind.CLOCK_OVERRUN, told, accounts=who)]


def _refusal(told: Told, _: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """A place that is refused, and each report that joins: the same incident, which rings nobody twice."""
    return [_cause(AlertKind.REFUSAL, told, accounts=())]


def is_of_danger(told: Told) -> bool:
    """Whether a report says in plain that life is in danger; its entry says neither county nor office."""
    return told.entry.kind == "report.filed" and told.entry.data.get("danger_to_life") is True


def _danger(told: Told, _: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """The duty of both seats that are competent, and nobody of the mine: that it waits, and nothing that it says.

    The report's own id is told to nobody: the alarm is known by a name that is computed from it.
    """
    if not is_of_danger(told):
        return []
    cause = _cause(AlertKind.REPORT_OF_DANGER, told, accounts=())
    return [replace(cause, subject=_of_report(told), mine_id=None)]


def _of_report(told: Told) -> UUID:
    return uuid5(UUID(told.entry.subject), "danger")


def _retaliation(told: Told, _: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """One level up from the first minute: whoever hinders a miner may be known well at the county.

    The entry stands in the scope of the division above; the province's administration stands in for the office.
    """
    cause = _cause(AlertKind.RETALIATION, told, accounts=())
    office = told.entry.data.get("office")
    upper = above(Seat(office=str(office))) if office else None
    if upper is None or upper in cause.seats:
        return [cause]
    return [replace(cause, seats=(*cause.seats, upper), chains={upper: Chain.OFFICE})]


def _defect(told: Told, _: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """Whoever recorded it makes it good; what was whole from its beginning tells nobody anything."""
    if not told.entry.data.get("defects") or told.entry.actor is None:
        return []
    return [_cause(AlertKind.DEFECT_OPEN, told, accounts=[UUID(told.entry.actor)])]


def _unsigned(told: Told, principals: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """Whoever is to sign, and whoever is to see to it that he does."""
    officers = [UUID(one) for one in told.entry.data.get("officers", ())]
    cause = _cause(AlertKind.COMMITMENT_DUE, told, accounts=[*_led_by(told, principals), *officers])
    return [replace(cause, subject=_year_of(told))]


def _breach(told: Told, principals: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """Whoever is to answer it."""
    return [_cause(AlertKind.BREACH_FOUND, told, accounts=_led_by(told, principals))]


def _led_by(told: Told, principals: Mapping[UUID, Sequence[UUID]]) -> Sequence[UUID]:
    return principals.get(told.mine_id, ()) if told.mine_id else ()


def _year_of(told: Told) -> UUID:
    """The year of a mine, which has no id of its own: reminded, reminded again and signed are one matter."""
    return uuid5(told.mine_id or UUID(int=0), f"commitment/{told.entry.data.get('year')}")


def _drill(told: Told, _: Mapping[UUID, Sequence[UUID]]) -> list[Cause]:
    """The seat that is drilled, and nobody besides."""
    return [replace(_cause(AlertKind.DRILL, told, accounts=()), drill=True)]


def _cause(kind: AlertKind, told: Told, *, accounts: Sequence[UUID]) -> Cause:
    entry = told.entry
    return Cause(
        kind=kind, subject=UUID(entry.subject), entry=UUID(entry.id), happened_at=from_ms(entry.at),
        county=told.county, office=told.office, mine_id=told.mine_id, seats=seats_of(told), accounts=accounts,
    )  # fmt: skip


_CLOCKED = ("breach", "case", "exam", "finding", "measure", "report", "retaliation")
_CAUSES: Mapping[str, Callable[[Told, Mapping[UUID, Sequence[UUID]]], list[Cause]]] = {
    "alert.drilled": _drill,
    "breach.found": _breach,
    "commitment.reminded": _unsigned,
    "finding.recorded": _defect,
    "measure.ordered": _withdrawal,
    "refusal.made": _refusal,
    "refusal.joined": _refusal,
    "report.filed": _danger,
    "retaliation.reported": _retaliation,
    **dict.fromkeys((f"{noun}.clock_overrun" for noun in _CLOCKED), _overrun),
}
_ENDINGS: Mapping[str, AlertKind] = {
    "breach.answered": AlertKind.BREACH_FOUND,
    "breach.decided": AlertKind.BREACH_FOUND,
    "finding.made_good": AlertKind.DEFECT_OPEN,
    "measure.lifted": AlertKind.WITHDRAWAL_ORDERED,
    "measure.disapproved": AlertKind.WITHDRAWAL_ORDERED,
    "refusal.lifted": AlertKind.REFUSAL,
    "retaliation.established": AlertKind.RETALIATION,
    "retaliation.not_established": AlertKind.RETALIATION,
}
_READ_BY_INTAKE = ("report.accepted", "report.not_accepted", "report.passed_on")
"""Each says that intake has read the report: it waits no longer."""
FOLLOWED: tuple[str, ...] = tuple(sorted({*_CAUSES, *_ENDINGS, *_READ_BY_INTAKE, "alert.taken", "commitment.signed"}))
"""The kinds of entries that are read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a rung needs to know: who answers for the seat, who leads it, who answers for the seat above."""

    roster: Roster
    heads: Sequence[UUID]
    above: Roster | None
    heads_above: Sequence[UUID]


def step_of(climb: Climb, around: Around, *, now: datetime) -> Step:
    """What the rung that is due comes to.

    Where nobody can be told on it, the next one is due at once: an officer underground is passed over, and so is an
    empty roster. A first officer whose duty page is silent is called at once instead of in a minute.
    """
    rung = LADDER[climb.rung]
    standing = _standing(rung.who, around, now=now)
    reached = [one.account_id for one in standing if one.passed_over is None]
    silent = [one.account_id for one in standing if one.passed_over is None and one.silent]
    passed: dict[UUID, Away] = {one.account_id: one.passed_over for one in standing if one.passed_over is not None}
    following, began_at, due = next_of(began_at=climb.began_at, rung=climb.rung, now=now)
    by_page_alone = Channel.CALL not in rung.channels
    if following and (not reached or (by_page_alone and set(silent) == set(reached))):
        due = now
    return Step(
        climb=climb.id, rung=climb.rung, accounts=reached, channels=rung.channels, passed_over=passed, silent=silent,
        next_rung=following, began_at=began_at, next_at=max(due, now),
    )  # fmt: skip


def _standing(who: Who, around: Around, *, now: datetime) -> list[Standing]:
    duty = on_duty(around.roster, now=now)
    if who is Who.FIRST:
        return _first(duty)
    if who is Who.NEXT:
        first = {one.account_id for one in _first(duty)}
        return [one for one in duty if one.account_id not in first]
    if who is Who.HEADS:
        return _people(around.heads, around.roster, now=now)
    duty_above = [] if around.above is None else _first(on_duty(around.above, now=now))
    if any(one.passed_over is None for one in duty_above):
        return duty_above
    return duty_above + _people(around.heads_above, around.above or around.roster, now=now)


def _first(duty: Sequence[Standing]) -> list[Standing]:
    """The first who can be reached, and everybody before him, who are passed over."""
    found: list[Standing] = []
    for one in duty:
        found.append(one)
        if one.passed_over is None:
            break
    return found


def _people(accounts: Sequence[UUID], roster: Roster, *, now: datetime) -> list[Standing]:
    return on_duty(Roster(seat=roster.seat, planned=accounts, away=roster.away, awake=roster.awake), now=now)


def due_at(now: datetime) -> datetime:
    """When what is not urgent is sent: at once by day, else at eight in the morning, with all that waited."""
    here = now.astimezone(SHANGHAI)
    if DAY_BEGINS <= here.hour < DAY_ENDS:
        return now
    morning = here.replace(hour=DAY_BEGINS, minute=0, second=0, microsecond=0)
    return morning if here.hour < DAY_BEGINS else morning + timedelta(days=1)
