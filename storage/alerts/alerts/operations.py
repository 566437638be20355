"""The acts on alerts: incidents that the ledger raises, the rungs that they climb, and a person who takes one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from storage.alerts.alerts import queries, rules
from storage.alerts.alerts.kinds import KINDS, LADDER, AlertKind, Channel
from storage.alerts.alerts.rules import Cause, Step
from storage.alerts.alerts.tables import Climb, Drill, Incident, Silence
from storage.alerts.deliveries.tables import Send
from storage.alerts.rosters import queries as rosters
from storage.alerts.rosters.rules import Chain, Seat, on_duty
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.ledger.changes import Place
from storage.record.work import Work

_JOIN = "UPDATE incidents SET joined = joined + 1 WHERE id = ANY ($1)"
_END = """
UPDATE incidents i SET ended_at = $3 FROM unnest($1::text[], $2::uuid[]) AS w(kind, subject)
WHERE i.kind = w.kind AND i.subject = w.subject AND i.ended_at IS NULL RETURNING i.id, i.county, i.office, i.mine_id
"""
_STOP = "UPDATE climbs SET next_at = NULL WHERE incident_id = ANY ($1)"
# Whoever was told on a lower rung is told again on a higher one, and keeps the alert that he has.
_TELL = """
INSERT INTO alerts (id, incident_id, account_id, county, office, mine_id, chain, rung, raised_at)
SELECT t.id, t.incident, t.account, i.county, i.office, i.mine_id, t.chain, t.rung, $6
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[]) AS t(id, incident, account, chain, rung)
JOIN incidents i ON i.id = t.incident
ON CONFLICT (incident_id, account_id) DO UPDATE SET chain = coalesce(alerts.chain, excluded.chain)
RETURNING id, incident_id, account_id
"""
# What its receiver wants to be spared of stands in the log as silenced; an urgent one asks no setting.
_SEND = """
INSERT INTO sends (id, alert_id, account_id, channel, round, urgent, drill, due_at, made_at, state, settled_at,
  attempts)
SELECT t.*, $9::timestamptz, CASE WHEN q.kept_at IS NULL THEN 'WAITING' ELSE 'SILENCED' END,
  CASE WHEN q.kept_at IS NOT NULL THEN $9::timestamptz END, 0
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::bool[], $7::bool[], $8::timestamptz[])
  AS t(id, alert, account, channel, round, urgent, drill, due)
JOIN alerts a ON a.id = t.alert JOIN incidents i ON i.id = a.incident_id
LEFT JOIN alert_silences q
  ON q.account_id = t.account AND q.kind = i.kind AND t.channel = ANY (q.channels) AND NOT t.urgent
ON CONFLICT (alert_id, channel, round) DO NOTHING
"""


async def move_cursor(work: Work, *, end: Place) -> None:
    """Goes on in the ledger, in the transaction that keeps what came of it."""
    await work.sql.execute("UPDATE follow_cursors SET log = $2, position = $3 WHERE name = $1", queries.NAME, *end)


async def raise_incidents(work: Work, *, causes: Sequence[Cause], due: datetime) -> list[Incident]:
    """Makes an incident of each cause that has none open, and lets the others join; who is told besides gets an alert.

    `due` is when what is not urgent is sent. An urgent incident climbs in each of its seats from now on.
    """
    open_ones = await queries.open_incidents(work, [(one.kind, one.subject) for one in causes])
    joining = [
        open_ones[one.kind.value, one.subject].id for one in causes if (one.kind.value, one.subject) in open_ones
    ]
    if joining:
        await work.sql.execute(_JOIN, joining)
    made: dict[tuple[str, UUID], tuple[Incident, Cause]] = {}
    for cause in causes:
        key = (cause.kind.value, cause.subject)
        if key in open_ones:
            continue
        if key in made:
            made[key][0].joined += 1
            continue
        made[key] = (_incident(work, cause), cause)
    new = list(made.values())
    await add_rows(work.sql, [incident for incident, _ in new])
    await add_rows(work.sql, [climb for incident, cause in new for climb in _climbs(work, incident, cause)])
    await _tell_besides(work, new, due=due)
    for incident, cause in new:
        work.record("alert.raised", incident.id, data=_said(incident, cause), **_scope(incident))
    return [incident for incident, _ in new]


async def end_incidents(work: Work, *, ended: Collection[tuple[AlertKind, UUID]]) -> None:
    """What alarmed is over: nobody is told any more."""
    if not ended:
        return
    kinds, subjects = [kind.value for kind, _ in ended], [subject for _, subject in ended]
    rows = await work.sql.fetch(_END, kinds, subjects, work.now)
    await work.sql.execute(_STOP, [row["id"] for row in rows])
    for row in rows:
        scope = {"county": row["county"], "office": row["office"], "mine_id": row["mine_id"]}
        work.record("alert.ended", row["id"], **scope)


async def climb_on(work: Work, *, climbs: Sequence[Climb], steps: Sequence[Step]) -> None:
    """Tells whom these rungs ask for, and says when the next is due; each rung leaves its trace."""
    by_id = {one.id: one for one in climbs}
    incidents = await queries.incidents_by_ids(work, [by_id[one.climb].incident_id for one in steps])
    told = [(incidents[by_id[one.climb].incident_id], account, by_id[one.climb], one)
            for one in steps for account in one.accounts]  # fmt: skip
    alerts = await _alerts(work, [(i, account, climb.chain, step.rung) for i, account, climb, step in told])
    sends = [
        _send(work, incident, alerts[incident.id, account], account, channel, climb.round, due=work.now)
        for incident, account, climb, step in told
        for channel in step.channels
    ]
    await _add_sends(work, sends)
    for step in steps:
        climb = by_id[step.climb]
        incident = incidents[climb.incident_id]
        data = {
            "chain": climb.chain, "rung": step.rung, "round": climb.round,
            "accounts": [str(one) for one in step.accounts], "silent": [str(one) for one in step.silent],
            "passed_over": [f"{account} {why.value}" for account, why in step.passed_over.items()],
        }  # fmt: skip
        work.record("alert.escalated", incident.id, data=data, **_scope(incident))
        climb.round += step.next_rung == 0
        climb.rung, climb.began_at, climb.next_at = step.next_rung, step.began_at, step.next_at
    await change_rows(work.sql, list(climbs), "rung", "round", "began_at", "next_at")


async def take_alert(work: Work, *, incident_id: UUID, call: UUID | None = None) -> Incident:
    """A person has it: in his chains nobody else is told any more. Again by the same person is the same act.

    `call` is the send of the telephone call in which he pressed the key: the entry names it, since then not his
    session but the gateway's word stands behind the act.
    Raises NotFound, NotAllowed, AlertNotYours, AlertTaken, AlertEnded.
    """
    incident = await queries.incident_to_take(work, incident_id)
    work.actor.require(Verb.ALERT_TAKE)
    climbs, account = await queries.climbs_to_take(work, incident_id), work.actor.account_id
    if any(one.taken_by == account for one in climbs):
        return incident
    rules.must_be_open(incident.ended_at)
    own = await _own_climbs(work, incident_id, climbs)
    rules.must_be_free(own)
    for climb in own:
        climb.taken_by, climb.taken_at, climb.next_at = account, work.now, None
    await change_rows(work.sql, own, "taken_by", "taken_at", "next_at")
    data = {"chains": [str(one.chain) for one in own]} | ({} if call is None else {"call": str(call)})
    if incident.drill and all(one.taken_by is not None for one in climbs):
        data |= {"drill": str(incident.subject)}  # Whoever follows the ledger ends it: a drill is over once all came.
    work.record("alert.taken", incident.id, data=data, **_scope(incident))
    return incident


async def take_called_alert(work: Work, *, alert_id: UUID, call: UUID) -> Incident:
    """The same by the key that he pressed in this call; NotFound where he was not told."""
    return await take_alert(work, incident_id=await queries.incident_of_alert(work, alert_id), call=call)


async def drill_alert(work: Work, *, id: UUID, seat: Seat, kind: AlertKind) -> Drill:
    """Asks who comes if this kind alarms this seat: an incident that is marked as a drill in every word and row.

    The same id with the same content is the same answer. Raises NotAllowed, BadInput, DrillConflict.
    """
    work.actor.require(Verb.ALERT_DRILL, **seat.scope)
    known = await queries.drill_known(work, id)
    if known is not None:
        if (known.county, known.office, known.kind, known.drilled_by) != (
            seat.county, seat.office, kind, work.actor.account_id,
        ):  # fmt: skip
            raise rules.DrillConflict()
        return known
    rules.must_be_drillable(kind)
    drill = Drill(
        id=id, county=seat.county, office=seat.office, kind=kind, drilled_by=work.actor.account_id, drilled_at=work.now
    )
    await add_rows(work.sql, [drill])
    work.record("alert.drilled", id, data={"as": kind.value}, **seat.scope)
    return drill


async def silence_alerts(work: Work, *, kind: AlertKind, channels: Collection[Channel]) -> Silence:
    """By these channels the actor is not told of this kind any more; by none of them: told by all again.

    What is on its way already is sent. Raises NotAllowed, UrgentCannotBeSilenced.
    """
    work.actor.require(Verb.ADDRESS_KEEP)
    rules.must_be_silenceable(kind)
    listed = sorted({one.value for one in channels})
    kept = Silence(account_id=work.actor.account_id, kind=kind, channels=listed, kept_at=work.now)
    if await queries.keep_silence(work, kept):
        work.record("alert.silenced", kept.account_id, data={"kind": kind.value, "channels": listed})
    return kept


async def read_alert(work: Work, *, alert_id: UUID) -> None:
    """Whoever was told of what does not climb has read it; no entry, as reading alone changes no case."""
    work.actor.require(Verb.ALERT_READ)
    await work.sql.execute(
        "UPDATE alerts SET read_at = $3 WHERE id = $1 AND account_id = $2 AND read_at IS NULL",
        alert_id, work.actor.account_id, work.now,
    )  # fmt: skip


async def _own_climbs(work: Work, incident_id: UUID, climbs: Sequence[Climb]) -> list[Climb]:
    """The climbs of the chain in which the actor was told, and of the seats for which he answers at this minute."""
    chain = await queries.was_told(work.sql, incident_id, work.actor.account_id)
    seats = {one.id: Seat(one.county, one.office) for one in climbs}
    found = await rosters.rosters_of(work.sql, list(seats.values()), now=work.now)
    return [
        one
        for one in climbs
        if one.chain == chain
        or work.actor.account_id in {each.account_id for each in on_duty(found[seats[one.id]], now=work.now)}
    ]


def _incident(work: Work, cause: Cause) -> Incident:
    return Incident(
        id=ids.new_id(), kind=cause.kind, subject=cause.subject, cause=cause.entry, county=cause.county,
        office=cause.office, mine_id=cause.mine_id, urgent=KINDS[cause.kind].urgent, drill=cause.drill,
        happened_at=cause.happened_at, raised_at=work.now, joined=0,
    )  # fmt: skip


def _climbs(work: Work, incident: Incident, cause: Cause) -> list[Climb]:
    if not incident.urgent:
        return []
    seats: dict[Chain, Seat] = {cause.chains.get(one, one.chain): one for one in cause.seats}
    return [
        Climb(
            id=ids.new_id(), incident_id=incident.id, chain=chain, county=seat.county, office=seat.office,
            began_at=work.now, round=0, rung=0, next_at=work.now + LADDER[0].after,
        )
        for chain, seat in seats.items()
    ]  # fmt: skip


async def _tell_besides(work: Work, new: Sequence[tuple[Incident, Cause]], *, due: datetime) -> None:
    told = [(incident, account, None, 0) for incident, cause in new for account in cause.accounts]
    alerts = await _alerts(work, told)
    sends = [
        _send(work, incident, alerts[incident.id, account], account, channel, 0,
              due=work.now if incident.urgent else due)
        for incident, account, _, _ in told
        for channel in (Channel.PAGE, Channel.PUSH)
    ]  # fmt: skip
    await _add_sends(work, sends)


async def _alerts(
    work: Work, told: Sequence[tuple[Incident, UUID, Chain | None, int]]
) -> dict[tuple[UUID, UUID], UUID]:
    """The alert of each (incident, account), new or known; one statement."""
    unique = {(incident.id, account): (chain, rung) for incident, account, chain, rung in told}
    if not unique:
        return {}
    rows = await work.sql.fetch(
        _TELL, [ids.new_id() for _ in unique], [one for one, _ in unique], [one for _, one in unique],
        [chain for chain, _ in unique.values()], [rung for _, rung in unique.values()], work.now,
    )  # fmt: skip
    return {(row["incident_id"], row["account_id"]): row["id"] for row in rows}


def _send(
    work: Work, incident: Incident, alert_id: UUID, account: UUID, channel: Channel, round: int, *, due: datetime
) -> Send:
    return Send(
        id=ids.new_id(), alert_id=alert_id, account_id=account, channel=channel, round=round,
        urgent=incident.urgent, drill=incident.drill, due_at=due, made_at=work.now,
    )  # fmt: skip


async def _add_sends(work: Work, sends: Sequence[Send]) -> None:
    """One each of (alert, channel, round): what is on its way already is not sent twice."""
    if sends:
        await work.sql.execute(
            _SEND, [one.id for one in sends], [one.alert_id for one in sends], [one.account_id for one in sends],
            [one.channel.value for one in sends], [one.round for one in sends], [one.urgent for one in sends],
            [one.drill for one in sends], [one.due_at for one in sends], work.now,
        )  # fmt: skip


def _said(incident: Incident, cause: Cause) -> dict[str, Any]:
    return {
        "kind": incident.kind.value, "subject": str(incident.subject), "cause": str(incident.cause),
        "drill": incident.drill, "accounts": [str(one) for one in cause.accounts],
        "seats": [one.county or one.office or "" for one in cause.seats],
    }  # fmt: skip


def _scope(incident: Incident) -> dict[str, Any]:
    return {"county": incident.county, "office": incident.office, "mine_id": incident.mine_id}
