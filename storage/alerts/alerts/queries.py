"""Every select of incidents, climbs and alerts; each returns what its actor may see, the workers all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.alerts.alerts.kinds import AlertKind
from storage.alerts.alerts.tables import Alert, Climb, Drill, Incident, Silence
from storage.alerts.rosters.rules import Seat
from storage.record.actor import Actor
from storage.record.ledger.changes import Place
from storage.record.ledger.proofs.entries import Entry
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.identity.queries import holds_at
from storage.register.mines.queries import upper_of

NAME = "alerts"
_COLUMNS = (
    "id", "kind", "subject", "cause", "county", "office", "mine_id", "urgent", "drill", "happened_at", "raised_at",
    "joined", "ended_at",
)  # fmt: skip
_INCIDENTS = Listed(table="incidents", columns=_COLUMNS, key="raised_at")
PROVINCE = Seat(county="52")
_CURSOR = "SELECT log, position FROM follow_cursors WHERE name = $1 FOR UPDATE SKIP LOCKED"
# A window of positions, of which only entries of these kinds are read: most of the ledger alarms nobody.
_BATCH = """
SELECT p.log, p.position, e.kind, y.payload, y.county, y.office, y.mine_id
FROM (
  SELECT log, position, entry_id FROM positions WHERE (log, position) > ($1, $2) ORDER BY log, position LIMIT $3
) p
LEFT JOIN entries e ON e.id = p.entry_id AND e.kind = ANY ($4) LEFT JOIN payloads y ON y.entry_id = e.id
ORDER BY p.log, p.position
"""
# The heads of a seat: of it if it has any, else of the division above; of an office its own.
_HEADS = f"""
SELECT s.county, s.office, (
  SELECT array_agg(account_id ORDER BY account_id) FROM (
    SELECT DISTINCT g.account_id, g.division, max(length(g.division)) OVER () AS nearest
    FROM role_grants g JOIN accounts a ON a.id = g.account_id
    WHERE g.role = 'AGENCY_HEAD' AND (s.county LIKE g.division || '%' OR g.office = s.office)
      AND {holds_at("$3")}
      AND (a.closed_at IS NULL OR a.closed_at > $3)
  ) h WHERE h.division IS NULL OR length(h.division) = h.nearest
) AS heads
FROM unnest($1::text[], $2::text[]) AS s(county, office)
"""
_DUE = """
SELECT c.* FROM climbs c
WHERE c.taken_at IS NULL AND c.next_at <= $1 ORDER BY c.next_at, c.id LIMIT $2 FOR UPDATE SKIP LOCKED
"""

_SILENCE = """
INSERT INTO alert_silences AS s (account_id, kind, channels, kept_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id, kind) DO UPDATE SET channels = $3, kept_at = $4 WHERE s.channels <> $3
"""
UNTAKEN = """
SELECT i.raised_at FROM climbs c JOIN incidents i ON i.id = c.incident_id
WHERE c.taken_at IS NULL AND c.next_at IS NOT NULL AND c.round > 0 AND NOT i.drill LIMIT $1
"""
"""The moments of alarms whose ladder ran out in a chain while no person of it took them; drills are none."""


_OVERRUNS = """
SELECT o.payload FROM unnest($1::uuid[]) AS w(subject) CROSS JOIN LATERAL (
  SELECT y.payload FROM payloads y JOIN entries e ON e.id = y.entry_id
  WHERE y.subject = w.subject AND e.kind LIKE '%.clock_overrun' ORDER BY e.at, e.id LIMIT 20
) o
"""


@dataclass(frozen=True, slots=True)
class OverrunRow:
    """A deadline that ran out, as the ledger tells it: in which matter, which one, by what, and its last day."""

    entry_id: UUID
    matter: str
    subject: UUID
    key: str
    article: str
    ends: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the ledger as it is followed: what it says, and whose it is."""

    entry: Entry
    county: str | None
    office: str | None
    mine_id: UUID | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What stands behind the cursor: entries of the kinds that were asked for, and up to where was looked."""

    told: Sequence[Told]
    end: Place
    more: bool


async def cursor_to_move(work: Work) -> Place | None:
    """Up to where the ledger was followed, locked; None while another worker follows it."""
    row = await work.sql.fetchrow(_CURSOR, NAME)
    return None if row is None else (row["log"], row["position"])


async def batch_behind(work: Work, place: Place, *, kinds: Sequence[str], window: int) -> Batch:
    """The next positions of the log, one statement."""
    rows = await work.sql.fetch(_BATCH, *place, window, list(kinds))
    if not rows:
        return Batch([], place, more=False)
    told = [
        Told(Entry.decode(row["payload"]), row["county"], row["office"], row["mine_id"])
        for row in rows
        if row["payload"] is not None
    ]
    return Batch(told, (rows[-1]["log"], rows[-1]["position"]), more=len(rows) == window)


async def climbs_due(work: Work, *, limit: int) -> list[Climb]:
    """Climbs whose next rung is due, locked; another worker's are passed over."""
    return [Climb(**dict(row)) for row in await work.sql.fetch(_DUE, work.now, limit)]


async def heads_of(work: Work, seats: Sequence[Seat]) -> dict[Seat, tuple[UUID, ...]]:
    """Who leads each of these seats, or the division above where a seat has no head; one statement."""
    rows = await work.sql.fetch(_HEADS, [one.county for one in seats], [one.office for one in seats], work.now)
    return {Seat(row["county"], row["office"]): tuple(row["heads"] or ()) for row in rows}


def above(seat: Seat) -> Seat | None:
    """The seat to which one reports: the county's city, the city's province, an office's administration."""
    if seat.county is None:
        return PROVINCE
    upper = upper_of(seat.county)
    return Seat(county=upper) if upper != seat.county else None


async def open_incidents(work: Work, wanted: Sequence[tuple[AlertKind, UUID]]) -> dict[tuple[str, UUID], Incident]:
    """The open incidents of these kinds and subjects; one statement."""
    rows = await work.sql.fetch(
        "SELECT i.* FROM incidents i JOIN unnest($1::text[], $2::uuid[]) AS w(kind, subject)"
        " ON i.kind = w.kind AND i.subject = w.subject WHERE i.ended_at IS NULL",
        [kind.value for kind, _ in wanted], [subject for _, subject in wanted],
    )  # fmt: skip
    return {(row["kind"], row["subject"]): Incident(**dict(row)) for row in rows}


async def incidents_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[Incident]:
    """The incidents within the actor's reach, newest first by (raised_at, id), `limit` at most; one statement."""
    statement = page_within(_INCIDENTS, actor.reach, limit=limit, behind=behind, backwards=backwards)
    return [Incident(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def alerts_of_account(
    sql: "asyncpg.Connection[Any]",
    account_id: UUID,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[Alert]:
    """What an account was told of, newest first by (raised_at, id), `limit` at most; one statement."""
    beyond, way = (">", "ASC") if backwards else ("<", "DESC")
    rows = await sql.fetch(
        f"SELECT * FROM alerts WHERE account_id = $1 AND ($2::timestamptz IS NULL OR (raised_at, id) {beyond} ($2, $3))"
        f" ORDER BY raised_at {way}, id {way} LIMIT $4",  # Our own words.
        account_id, *(behind or (None, None)), limit,
    )  # fmt: skip
    return [Alert(**dict(row)) for row in rows]


async def incidents_seen(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Incident]:
    """Those of these incidents that the session's actor sees; one statement."""
    return [Incident(**dict(row)) for row in await sql.fetch("SELECT * FROM incidents WHERE id = ANY ($1)", list(ids))]


async def climbs_of(sql: "asyncpg.Connection[Any]", incident_ids: Sequence[UUID]) -> list[Climb]:
    """How far these incidents climbed in each chain; one statement."""
    rows = await sql.fetch(
        "SELECT * FROM climbs WHERE incident_id = ANY ($1) ORDER BY incident_id, chain", list(incident_ids)
    )
    return [Climb(**dict(row)) for row in rows]


async def alerts_of_incidents(sql: "asyncpg.Connection[Any]", incident_ids: Sequence[UUID]) -> list[Alert]:
    """Who was told of these incidents, in the order of telling, 100 each at most; one statement."""
    rows = await sql.fetch(
        "SELECT a.* FROM unnest($1::uuid[]) AS w(id) CROSS JOIN LATERAL"
        " (SELECT * FROM alerts WHERE incident_id = w.id ORDER BY raised_at, id LIMIT 100) a",
        list(incident_ids),
    )
    return [Alert(**dict(row)) for row in rows]


async def overruns_of(sql: "asyncpg.Connection[Any]", subjects: Sequence[UUID]) -> list[OverrunRow]:
    """The deadlines that ran out in these matters and bind somebody, the oldest first, 20 of each; one statement."""
    entries = [Entry.decode(row["payload"]) for row in await sql.fetch(_OVERRUNS, list(subjects))]
    return [_overrun(entry) for entry in entries if not entry.data.get("lapsed")]


def _overrun(entry: Entry) -> OverrunRow:
    ends = entry.data.get("ends")
    return OverrunRow(
        entry_id=UUID(entry.id), matter=entry.kind.partition(".")[0], subject=UUID(entry.subject),
        key=str(entry.data["key"]), article=str(entry.data["article"]),
        ends=None if ends is None else date.fromisoformat(str(ends)),
    )  # fmt: skip


async def incidents_by_ids(work: Work, ids: Sequence[UUID]) -> dict[UUID, Incident]:
    """The same for an act, by their ids."""
    return {one.id: one for one in await incidents_seen(work.sql, ids)}


async def drill_known(work: Work, id: UUID) -> Drill | None:
    """The drill of this id, as far as the actor sees it."""
    row = await work.sql.fetchrow("SELECT * FROM drills WHERE id = $1", id)
    return None if row is None else Drill(**dict(row))


async def keep_silence(work: Work, silence: Silence) -> bool:
    """Keeps what an account wants to be spared of; False where it was so already."""
    done: str = await work.sql.execute(
        _SILENCE, silence.account_id, silence.kind.value, silence.channels, silence.kept_at
    )
    return not done.endswith(" 0")


async def silences_of(sql: "asyncpg.Connection[Any]", account_id: UUID) -> list[Silence]:
    """What an account wants to be spared of, by kind; one statement."""
    rows = await sql.fetch("SELECT * FROM alert_silences WHERE account_id = $1 ORDER BY kind", account_id)
    return [Silence(**dict(row)) for row in rows]


async def incident_to_take(work: Work, id: UUID) -> Incident:
    """The incident, if the actor sees it; NotFound else."""
    row = await work.sql.fetchrow("SELECT * FROM incidents WHERE id = $1", id)
    if row is None:
        raise NotFound()
    return Incident(**dict(row))


async def incident_of_alert(work: Work, alert_id: UUID) -> UUID:
    """Of what this alert told the actor; NotFound if it was not his."""
    found: UUID | None = await work.sql.fetchval(
        "SELECT incident_id FROM alerts WHERE id = $1 AND account_id = $2", alert_id, work.actor.account_id
    )
    if found is None:
        raise NotFound()
    return found


async def climbs_to_take(work: Work, incident_id: UUID) -> list[Climb]:
    """How far it climbed in each chain; those that nobody else took are locked."""
    await work.sql.execute("SELECT FROM climbs WHERE incident_id = $1 ORDER BY id FOR UPDATE", incident_id)
    rows = await work.sql.fetch("SELECT * FROM climbs WHERE incident_id = $1 ORDER BY id", incident_id)
    return [Climb(**dict(row)) for row in rows]


async def was_told(sql: "asyncpg.Connection[Any]", incident_id: UUID, account_id: UUID) -> str | None:
    """By which chain the account was told of it; None if it was not, or by none."""
    found: str | None = await sql.fetchval(
        "SELECT chain FROM alerts WHERE incident_id = $1 AND account_id = $2", incident_id, account_id
    )
    return found
