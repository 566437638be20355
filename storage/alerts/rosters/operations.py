"""The acts on rosters: planning duty, handing it over and taking it, being excused, going down, coming up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from storage.alerts.rosters import queries, rules
from storage.alerts.rosters.rules import Seat
from storage.alerts.rosters.tables import Away, DutyAbsence, DutyHandover, DutyPlan
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import to_ms, whole_ms
from storage.record.work import Work
from storage.register.people.rules import text_of

AGAIN_IN = 20
"""Seconds after which a duty page says again that it is awake; rules.SILENT_AFTER is three times as long."""


async def plan_duty(
    work: Work, *, id: UUID, seat: Seat, begins_at: datetime, ends_at: datetime, accounts: Sequence[UUID]
) -> DutyPlan:
    """Says who answers for a seat in a period, the first first; a later plan takes the place of what it covers.

    The same id with the same content is the same answer. Raises NotAllowed, BadInput, DutyOfNobody, DutyConflict.
    """
    work.actor.require(Verb.DUTY_PLAN, **seat.scope)
    begins_at, ends_at, listed = whole_ms(begins_at), whole_ms(ends_at), list(accounts)
    known = await queries.plan_known(work, id)
    if known is not None:
        asked = (seat.county, seat.office, begins_at, ends_at, listed, work.actor.account_id)
        if (known.county, known.office, known.begins_at, known.ends_at, known.accounts, known.planned_by) != asked:
            raise rules.DutyConflict()
        return known
    rules.must_be_a_plan(accounts, begins_at=begins_at, ends_at=ends_at, now=work.now)
    rules.must_answer(accounts, fit=await queries.fit_for(work, seat, accounts))
    plan = DutyPlan(
        id=id, county=seat.county, office=seat.office, begins_at=begins_at, ends_at=ends_at, accounts=listed,
        planned_by=work.actor.account_id, planned_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [plan])
    data = {"from": to_ms(begins_at), "to": to_ms(ends_at), "accounts": [str(one) for one in accounts]}
    work.record("duty.planned", id, data=data, **seat.scope)
    return plan


async def hand_over_duty(work: Work, *, id: UUID, seat: Seat, to: UUID, words: str) -> DutyHandover:
    """Whoever holds the shift hands it over, and says what is open; until it is taken he stays the first to be told.

    The same id with the same content is the same answer. Raises NotAllowed, NotOnDuty, DutyOfNobody, DutyConflict,
    BadInput.
    """
    work.actor.require(Verb.DUTY_HAND_OVER, **seat.scope)
    said, giver = text_of(words, field="words", most=rules.LONGEST_TEXT), work.actor.account_id
    known = await queries.handover_known(work, id)
    if known is not None:
        if (known.county, known.office, known.from_id, known.to_id, known.words) != (
            seat.county, seat.office, giver, to, said,
        ):  # fmt: skip
            raise rules.DutyConflict()
        return known
    rules.must_be_on_duty(await queries.roster_of(work.sql, seat, now=work.now), giver, now=work.now)
    rules.must_answer([to], fit=await queries.fit_for(work, seat, [to]) - {giver})
    handover = DutyHandover(
        id=id, county=seat.county, office=seat.office, from_id=giver, to_id=to, words=said, given_at=work.now
    )
    await add_rows(work.sql, [handover])
    work.record("duty.handed_over", id, data={"to": str(to), "words": said}, **seat.scope)
    return handover


async def take_over_duty(work: Work, *, handover_id: UUID) -> DutyHandover:
    """The one to whom a shift was given takes it; again is the same act. NotFound, NotAllowed, HandoverNotYours."""
    handover = await queries.handover_to_take(work, handover_id)
    seat = Seat(handover.county, handover.office)
    work.actor.require(Verb.DUTY_HAND_OVER, **seat.scope)
    rules.must_be_given_to(handover.to_id, work.actor.account_id)
    if handover.taken_at is None:
        handover.taken_at = work.now
        await change_rows(work.sql, [handover], "taken_at")
        work.record("duty.taken_over", handover.id, **seat.scope)
    return handover


async def excuse_from_duty(
    work: Work, *, id: UUID, account_id: UUID, since: datetime, until: datetime, reason: str
) -> DutyAbsence:
    """Somebody cannot be reached for a time: he says so himself, or whoever plans duty over all seats that he sees.

    The same id with the same content is the same answer. Raises NotAllowed, BadInput, DutyConflict.
    """
    if account_id != work.actor.account_id:
        work.actor.require(Verb.DUTY_PLAN, **await queries.belongs(work, account_id))
    said, since, until = text_of(reason, field="reason", most=rules.LONGEST_TEXT), whole_ms(since), whole_ms(until)
    known = await queries.absence_known(work, id)
    if known is not None:
        if (known.account_id, known.since, known.until, known.reason) != (account_id, since, until, said):
            raise rules.DutyConflict()
        return known
    rules.must_be_an_absence(since, until)
    absence = DutyAbsence(
        id=id, account_id=account_id, away=Away.EXCUSED, since=since, until=until, reason=said,
        said_by=work.actor.account_id,
    )  # fmt: skip
    await add_rows(work.sql, [absence])
    _record_absent(work, absence, await queries.belongs(work, account_id))
    return absence


async def go_underground(work: Work, *, id: UUID, since: datetime) -> DutyAbsence:
    """An officer goes down: until he is up nobody waits for him. A fact, said later perhaps: never in the future.

    The same id is the same answer. Raises NotAllowed, AlreadyUnderground, DutyConflict.
    """
    work.actor.require(Verb.DUTY_HAND_OVER)
    account, since = work.actor.account_id, min(whole_ms(since), work.now)
    known = await queries.absence_known(work, id)
    if known is not None:
        if (known.account_id, known.away) != (account, Away.UNDERGROUND):
            raise rules.DutyConflict()
        return known
    down = await queries.underground_of(work, account)
    if down is not None:
        raise rules.AlreadyUnderground(since=down.since.isoformat())
    absence = DutyAbsence(id=id, account_id=account, away=Away.UNDERGROUND, since=since, reason="", said_by=account)
    await add_rows(work.sql, [absence])
    _record_absent(work, absence, await queries.belongs(work, account))
    return absence


async def come_up(work: Work) -> DutyAbsence:
    """He is up again, and is told as before. NotUnderground where he is not below."""
    work.actor.require(Verb.DUTY_HAND_OVER)
    absence = await queries.underground_of(work, work.actor.account_id)
    if absence is None:
        raise rules.NotUnderground()
    absence.ended_at = work.now
    await change_rows(work.sql, [absence], "ended_at")
    work.record("duty.back", absence.id, **await queries.belongs(work, absence.account_id))
    return absence


async def keep_desk_awake(work: Work, *, every: timedelta = timedelta(seconds=5)) -> None:
    """The duty page of this account lives. No entry: it tells of no deed, and comes three times a minute."""
    work.actor.require(Verb.DUTY_READ)
    await work.sql.execute(
        "INSERT INTO desk_signs AS d (account_id, seen_at) VALUES ($1, $2)"
        " ON CONFLICT (account_id) DO UPDATE SET seen_at = $2 WHERE d.seen_at < $2::timestamptz - $3::interval",
        work.actor.account_id, work.now, every,
    )  # fmt: skip


def _record_absent(work: Work, absence: DutyAbsence, scope: dict[str, Any]) -> None:
    data = {"account": str(absence.account_id), "away": absence.away.value, "from": to_ms(absence.since)}
    if absence.until is not None:
        data |= {"to": to_ms(absence.until), "reason": absence.reason}
    work.record("duty.absent", absence.id, data=data, **scope)
