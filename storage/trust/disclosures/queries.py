"""Every select of disclosures on the agency's side; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from storage.record.actor import Actor
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.trust.disclosures.tables import DisclosureKind, DisclosureState, SourceKind, Withheld


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """A disclosure as the agency reads it, with its source."""

    id: UUID
    kind: str
    source_kind: str
    source_id: UUID
    matter_id: UUID | None
    mine_id: UUID | None
    county: str
    office: str
    state: str
    edition: int
    published_by: UUID
    published_at: datetime
    due_on: date | None
    late: bool
    shown_until: date | None


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One text of a disclosure; `worded` tells which texts were worded anew, by their digests before and after."""

    disclosure_id: UUID
    edition: int
    content: bytes | None
    digest: bytes
    basis: str
    taken_out: str
    worded: str
    harmed: bool
    made_by: UUID
    made_at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    """What became of a disclosure."""

    disclosure_id: UUID
    ordinal: int
    kind: str
    basis: str
    reason: str
    edition: int
    digest: bytes
    at: datetime
    entry_id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What was decided in a quarter, and how much of it is published, withheld by which article, overdue."""

    year: int
    quarter: int
    kind: str
    due: int
    published: int
    published_late: int
    withheld: dict[str, int]
    fell: int
    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One thing that must be published by a day and is neither published nor withheld."""

    source_kind: str
    source_id: UUID
    kind: str
    matter_id: UUID | None
    mine_id: UUID | None
    article: str
    start_at: datetime
    due_on: date | None
    over_at: datetime | None


def _columns(row: type, prefix: str = "") -> str:
    return ", ".join(f"{prefix}{one.name}" for one in fields(row))


_DISCLOSURE = tuple(one.name for one in fields(DisclosureRow))
_DISCLOSURES = Listed(table="disclosures", columns=_DISCLOSURE, key="published_at")
_BY_IDS = f"SELECT {_columns(DisclosureRow)} FROM disclosures WHERE id = ANY ($1::uuid[])"
_TO_CHANGE = f"SELECT {_columns(DisclosureRow)} FROM disclosures WHERE id = $1 FOR UPDATE"
_EXPOSED_OF = f"""
SELECT {_columns(DisclosureRow)} FROM disclosures
WHERE matter_id = $1 AND kind = 'EXPOSURE' AND state IN ('SHOWN', 'DISPUTED') ORDER BY id FOR UPDATE
"""
_OF_SOURCE = "SELECT id FROM disclosures WHERE source_kind = $1 AND source_id = $2"
_EDITIONS = (
    f"SELECT {_columns(EditionRow)} FROM disclosure_editions WHERE disclosure_id = ANY ($1::uuid[])"
    " ORDER BY disclosure_id, edition"
)
_EVENTS = (
    f"SELECT {_columns(EventRow)} FROM disclosure_events WHERE disclosure_id = ANY ($1::uuid[])"
    " ORDER BY disclosure_id, ordinal"
)
_WITHHELD = "SELECT * FROM disclosure_withheld WHERE id = $1"
_SHOWN_TOO_LONG = f"""
SELECT {_columns(DisclosureRow)} FROM disclosures WHERE shown_until < $1 AND state IN ('SHOWN', 'DISPUTED')
ORDER BY shown_until, id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
# A quarter is one of Guizhou. What is withheld is counted by the article that was named for it.
_COUNTS = """
WITH duties AS (
  SELECT date_part('year', began)::int AS year, date_part('quarter', began)::int AS quarter, kind, over_at, met_at,
    met_as, article
  FROM (
    SELECT d.*, d.start_at AT TIME ZONE 'Asia/Shanghai' AS began, w.article AS withheld_by
    FROM disclosure_duties d
    LEFT JOIN disclosure_withheld w ON w.source_kind = d.source_kind AND w.source_id = d.source_id
    WHERE d.start_at >= $1 AND d.start_at < $2 AND ($4::text IS NULL OR d.county LIKE $4 || '%')
      AND ($5::text IS NULL OR d.office = $5)
  ) one(source_kind, source_id, kind, matter_id, mine_id, county, office, of, start_at, due_on, over_at, met_at, met_as,
    began, article)
), withheld AS (
  SELECT year, quarter, kind, jsonb_object_agg(article, many) AS by_article FROM (
    SELECT year, quarter, kind, article, count(*) AS many FROM duties WHERE met_as = 'WITHHELD' GROUP BY 1, 2, 3, 4
  ) each GROUP BY 1, 2, 3
)
SELECT d.year, d.quarter, d.kind, count(*) AS due,
  count(*) FILTER (WHERE met_as = 'PUBLISHED') AS published,
  count(*) FILTER (WHERE met_as = 'PUBLISHED' AND met_at >= over_at) AS published_late,
  coalesce(w.by_article, '{}') AS withheld,
  count(*) FILTER (WHERE met_as = 'FELL') AS fell,
  count(*) FILTER (WHERE met_at IS NULL) AS waiting,
  count(*) FILTER (WHERE met_at IS NULL AND over_at <= $3) AS overdue
FROM duties d LEFT JOIN withheld w ON w.year = d.year AND w.quarter = d.quarter AND w.kind = d.kind
GROUP BY d.year, d.quarter, d.kind, w.by_article ORDER BY 1, 2, 3
"""
_OPEN = f"""
SELECT {_columns(DutyRow)} FROM disclosure_duties d
WHERE d.met_at IS NULL AND ($2::uuid IS NULL OR d.mine_id = $2) ORDER BY d.over_at NULLS LAST, d.source_id LIMIT $1
"""
_CASE_OF = "SELECT case_id FROM case_steps WHERE id = $1 AND kind IN ('DECIDED', 'DECIDED_ON_THE_SPOT')"
_NAMES = "SELECT name FROM persons WHERE mine_id = $1 UNION SELECT name FROM accounts WHERE mine_id = $1"
_FINDINGS = """
SELECT kind, count(*) AS found, count(*) FILTER (WHERE severity = 'MAJOR') AS major, max(recorded_at) AS last_at,
  count(*) FILTER (WHERE EXISTS (SELECT FROM finding_defects d WHERE d.finding_id = findings.id
                                 AND d.made_good_at IS NULL)) AS lacking
FROM findings WHERE inspection_id = $1 GROUP BY kind ORDER BY kind
"""
_MEASURES = """
SELECT kind, count(*) AS ordered, count(closed_at) AS closed, max(recorded_at) AS last_at
FROM measures WHERE inspection_id = $1 GROUP BY kind ORDER BY kind
"""
# A result is there once the last of what was found and ordered is recorded: its time begins with that.
_RESULTS = """
SELECT i.id, i.mine_id, i.county, i.office, i.last_at FROM (
  SELECT n.id, n.mine_id, n.county, n.office, n.opened_at, greatest(n.opened_at,
    (SELECT max(f.recorded_at) FROM findings f WHERE f.inspection_id = n.id),
    (SELECT max(m.recorded_at) FROM measures m WHERE m.inspection_id = n.id)) AS last_at
  FROM inspections n WHERE n.opened_at > $1
) i LEFT JOIN disclosure_duties o ON o.source_kind = 'INSPECTION' AND o.source_id = i.id
WHERE o.source_id IS NULL OR (o.met_at IS NULL AND o.start_at <> i.last_at)
ORDER BY i.opened_at, i.id LIMIT $2
"""
# A commitment that another superseded before anybody published it need not be published any more.
_COMMITMENTS = """
SELECT c.id, c.mine_id, c.county, c.office, c.signed_at AS last_at, n.signed_at AS fell_at FROM commitments c
LEFT JOIN commitments n ON n.supersedes = c.id
LEFT JOIN disclosure_duties o ON o.source_kind = 'COMMITMENT' AND o.source_id = c.id
WHERE c.signed_at > $1 AND (o.source_id IS NULL OR (o.met_at IS NULL AND n.id IS NOT NULL))
ORDER BY c.signed_at, c.id LIMIT $2
"""
_BREACHES = """
SELECT b.id, b.mine_id, b.county, b.office, b.decided_at AS last_at FROM breaches b
LEFT JOIN disclosure_duties o ON o.source_kind = 'BREACH' AND o.source_id = b.id
WHERE b.stands AND b.decided_at > $1 AND o.source_id IS NULL ORDER BY b.decided_at, b.id LIMIT $2
"""
_WITHOUT_DUTY = {
    SourceKind.INSPECTION: _RESULTS, SourceKind.COMMITMENT: _COMMITMENTS, SourceKind.BREACH: _BREACHES,
}  # fmt: skip
_CLASS = """
SELECT mine_class FROM mine_classes WHERE mine_id = $1 AND from_day <= $2 ORDER BY from_day DESC, id DESC LIMIT 1
"""
# A later signature ends a commitment at once; of any other end the record says so within seconds.
_SIGNED = """
SELECT c.id, c.mine_id, c.office, c.year, c.way, c.digest, c.content, c.signed_at, c.supersedes,
  EXISTS (SELECT FROM commitment_seals s WHERE s.commitment_id = c.id) AS sealed,
  coalesce(e.cause, CASE WHEN n.id IS NOT NULL THEN 'SUPERSEDED' END) AS cause,
  coalesce(e.ended_at, n.signed_at) AS ended_at
FROM commitments c LEFT JOIN commitment_endings e ON e.commitment_id = c.id
LEFT JOIN commitments n ON n.supersedes = c.id WHERE c.id = $1
"""
_BROKEN = """
SELECT key, day, decided_at, corrected_at FROM breaches_standing(ARRAY[$1::uuid], $2) ORDER BY day, decided_at, id
"""
_ORDINAL = "SELECT coalesce(max(ordinal) + 1, 0) FROM disclosure_events WHERE disclosure_id = $1"


async def disclosures_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    kind: DisclosureKind | None = None,
    state: DisclosureState | None = None,
) -> list[DisclosureRow]:
    """A page of the disclosures within reach, newest first; one statement."""
    only = {name: value.value for name, value in (("kind", kind), ("state", state)) if value is not None}
    statement = page_within(
        _DISCLOSURES, actor.reach, limit=limit, behind=behind, backwards=backwards, only=only or None,
        along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [DisclosureRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def disclosures_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[DisclosureRow]:
    """Those of the disclosures that the session's actor sees; one statement."""
    return [DisclosureRow(*row) for row in await sql.fetch(_BY_IDS, list(ids))]


async def disclosure_again(work: Work, id: UUID) -> DisclosureRow:
    """What a replay answers."""
    found = await disclosures_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def disclosure_to_change(work: Work, id: UUID) -> DisclosureRow:
    """The disclosure, locked until the act is over; NotFound out of sight."""
    row = await work.sql.fetchrow(_TO_CHANGE, id)
    if row is None:
        raise NotFound()
    return DisclosureRow(*row)


async def exposed_of(work: Work, matter_id: UUID | None) -> list[DisclosureRow]:
    """The typical cases that are shown of a case, locked until the act is over."""
    return [DisclosureRow(*row) for row in await work.sql.fetch(_EXPOSED_OF, matter_id)]


async def disclosure_of(sql: "asyncpg.Connection[Any]", kind: SourceKind, source_id: UUID) -> UUID | None:
    """What was published of a source."""
    found: UUID | None = await sql.fetchval(_OF_SOURCE, kind.value, source_id)
    return found


async def editions_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[EditionRow]:
    """The texts of these disclosures, oldest first; one statement."""
    return [EditionRow(*row) for row in await sql.fetch(_EDITIONS, list(ids))]


async def events_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[EventRow]:
    """What became of these disclosures, oldest first; one statement."""
    return [EventRow(*row) for row in await sql.fetch(_EVENTS, list(ids))]


async def withheld_again(work: Work, id: UUID) -> Withheld:
    """What a replay answers."""
    row = await work.sql.fetchrow(_WITHHELD, id)
    if row is None:
        raise NotFound()
    return Withheld(**dict(row))


async def shown_too_long(work: Work, today: date, *, limit: int) -> list[DisclosureRow]:
    """Those whose last day is over and that are still shown, locked; another worker's are passed over."""
    return [DisclosureRow(*row) for row in await work.sql.fetch(_SHOWN_TOO_LONG, today, limit)]


async def counts_of(
    sql: "asyncpg.Connection[Any]", *, since: datetime, until: datetime, now: datetime, county: str | None = None,
    office: str | None = None,
) -> list[Counts]:  # fmt: skip
    """Decided, published, withheld and overdue, by quarter and kind, within the session's sight; one statement."""
    rows = await sql.fetch(_COUNTS, since, until, now, county, office)
    return [Counts(**{**row, "withheld": _object(row["withheld"])}) for row in rows]


def _object(value: Any) -> dict[str, int]:
    """A JSON object, however the connection reads one."""
    return dict(orjson.loads(value)) if isinstance(value, str | bytes) else dict(value)


async def open_duties(sql: "asyncpg.Connection[Any]", *, limit: int, mine_id: UUID | None = None) -> list[DutyRow]:
    """What waits to be published, the most overdue first; one statement."""
    return [DutyRow(*row) for row in await sql.fetch(_OPEN, limit, mine_id)]


async def case_of(sql: "asyncpg.Connection[Any]", decision_id: UUID) -> UUID:
    """The case in which a decision was made; NotFound for any other step."""
    found: UUID | None = await sql.fetchval(_CASE_OF, decision_id)
    if found is None:
        raise NotFound()
    return found


async def names_at(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> tuple[str, ...]:
    """Whoever stands in the register of the mine, or acts for it: their names are in no text that the public reads."""
    return tuple(row["name"] for row in await sql.fetch(_NAMES, mine_id))


async def findings_counted(sql: "asyncpg.Connection[Any]", inspection_id: UUID) -> "list[asyncpg.Record]":
    """What an inspection found, by kind: how many, how many major, how many lack something, and when the last came."""
    return await sql.fetch(_FINDINGS, inspection_id)


async def measures_counted(sql: "asyncpg.Connection[Any]", inspection_id: UUID) -> "list[asyncpg.Record]":
    """What it ordered, by kind: how many, how many are closed, and when the last came."""
    return await sql.fetch(_MEASURES, inspection_id)


async def without_duty(work: Work, source: SourceKind, *, since: datetime, limit: int) -> "list[asyncpg.Record]":
    """Rows of one kind since then of which no duty is noted, or another than follows from them by now."""
    return await work.sql.fetch(_WITHOUT_DUTY[source], since, limit)


async def class_on(sql: "asyncpg.Connection[Any]", mine_id: UUID, day: date) -> str:
    """The class of a mine on a day, if it had one."""
    known: str | None = await sql.fetchval(_CLASS, mine_id, day)
    return known or ""


async def signed_commitment(sql: "asyncpg.Connection[Any]", id: UUID) -> "asyncpg.Record | None":
    """A signed commitment, with its seal and how it ended; one statement."""
    return await sql.fetchrow(_SIGNED, id)


async def breaches_told(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int) -> "list[asyncpg.Record]":
    """What of a mine's year was found not kept and stands; one statement."""
    return await sql.fetch(_BROKEN, mine_id, year)


async def next_ordinal(work: Work, id: UUID) -> int:
    """The place of the next event among those of its disclosure."""
    ordinal: int = await work.sql.fetchval(_ORDINAL, id)
    return ordinal
