"""The batch of an hour: what waited goes on together, in random order, and tells no time but the hour."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from storage.miners.refusals import examining
from storage.miners.refusals import operations as refusals
from storage.miners.reports import clocks
from storage.miners.reports.conditions import condition_of
from storage.miners.reports.tables import ReportKind
from storage.record.clock import SHANGHAI, day_of, hour_of
from storage.record.database import is_passing
from storage.record.law import Law
from storage.record.work import Work
from storage.register.provisions import queries as provisions

AT_ONCE = 1_000
AGAIN_AT_ONCE = 100
ROUNDS = 3
"""So many batches pass a file by whose message never came: longer than any reservation lasts."""
_TAKEN = """
SELECT form, locator, id, report_id, begins, kind, danger_to_life, sha256(ciphertext) AS digest, channel, taken_by,
  condition, mine_id
FROM (
  SELECT DISTINCT ON (f.id) f.* FROM filings f
  WHERE {} AND (f.begins OR EXISTS (SELECT FROM reports r WHERE r.id = f.report_id))
  ORDER BY f.id
) f
ORDER BY random() LIMIT $2
"""
_TAKE = _TAKEN.format("(f.urgent OR NOT $1) AND f.failed = 0")
_TAKE_AGAIN = _TAKEN.format("(f.urgent OR NOT $1) AND f.failed > 0")
_FAILED = """
UPDATE filings SET failed = least(failed + 1, 1000) WHERE (form, locator, id) = ($1, $2, $3)
"""
# Of two envelopes with one id, or under one locator, only one can be true. Filing refuses the other; one that is there
# all the same is junk, and so is what answers to it: nothing waits for what never comes.
_JUNK = (
    "DELETE FROM filings f USING report_messages m WHERE m.id = ANY (ARRAY[f.id, f.identity_id])",
    "DELETE FROM filings f USING report_receipts t WHERE f.begins AND (t.form, t.locator) = (f.form, f.locator)",
    "DELETE FROM filings f WHERE NOT f.begins AND NOT EXISTS (SELECT FROM reports r WHERE r.id = f.report_id)"
    " AND NOT EXISTS (SELECT FROM filings b WHERE b.begins AND (b.form, b.locator) = (f.form, f.locator))",
)
_CHOSEN = "filings f JOIN unnest($1::text[], $2::text[], $3::uuid[]) AS c(form, locator, id) USING (form, locator, id)"
_MOVES = (
    "INSERT INTO reports (id, kind, mode, acted_on, channel, taken_by, mine_id, county, office, urgent, worked, hour,"
    " state, box_key, erased)"
    " SELECT report_id, kind, mode, acted_on, channel, taken_by, mine_id, m.county, m.office, urgent, worked, $4,"
    f" 'FILED', box_key, false FROM {_CHOSEN} JOIN mines m ON m.id = mine_id WHERE begins ORDER BY random()",
    "INSERT INTO report_receipts (report_id, form, locator, login_key, claim_key, message_id, digest)"
    f" SELECT report_id, form, locator, login_key, claim_key, id, digest FROM {_CHOSEN} WHERE begins"
    " AND $4::timestamptz IS NOT NULL ORDER BY random()",
    "INSERT INTO report_messages (id, report_id, identity, hour, digest, ciphertext)"
    " SELECT id, report_id, identity, $4, digest, ciphertext FROM ("
    f"  SELECT f.id, f.report_id, false AS identity, f.digest, f.ciphertext FROM {_CHOSEN}"
    f"  UNION ALL SELECT f.identity_id, f.report_id, true, sha256(f.identity), f.identity FROM {_CHOSEN}"
    "  WHERE f.identity IS NOT NULL) m ORDER BY random()",
    "INSERT INTO report_wraps (message_id, key_id, half, wrapped)"
    " SELECT message_id, (w ->> 'key')::uuid, w ->> 'half', decode(w ->> 'wrapped', 'hex') FROM ("
    f"  SELECT f.id AS message_id, jsonb_array_elements(f.wraps) AS w FROM {_CHOSEN}"
    f"  UNION ALL SELECT f.identity_id, jsonb_array_elements(f.halves) FROM {_CHOSEN}"
    "  WHERE f.identity IS NOT NULL) w WHERE $4::timestamptz IS NOT NULL ORDER BY random()",
    "INSERT INTO report_files (id, message_id, report_id, frames, object_name)"
    " SELECT b.id, f.id, f.report_id, b.frames, 'reports/' || replace(gen_random_uuid()::text, '-', '')"
    f" FROM {_CHOSEN} JOIN filing_files b ON b.message_id = f.id AND b.form = f.form AND b.locator = f.locator"
    " AND b.id = ANY (f.files) WHERE $4::timestamptz IS NOT NULL ORDER BY random()",
)
_CLOCKS = """
INSERT INTO report_deadlines (report_id, key, start, article, ends, ends_at, alarm, law)
SELECT r.id, c.key, $2, c.article, c.ends, c.ends_at, c.alarm, $3
FROM unnest($1::uuid[]) AS r(id), unnest($4::text[], $5::text[], $6::date[], $7::timestamptz[], $8::date[])
  AS c(key, article, ends, ends_at, alarm)
ORDER BY random()
"""
_COUNTS = """
INSERT INTO report_counts (county, year, quarter, filed, told_late, decided_late, fed_back_late)
SELECT r.county, extract(year FROM r.hour AT TIME ZONE 'Asia/Shanghai'),
  extract(quarter FROM r.hour AT TIME ZONE 'Asia/Shanghai'), count(DISTINCT r.id),
  count(*) FILTER (WHERE d.key = 'petition_told'), count(*) FILTER (WHERE d.key = 'report_decided'),
  count(*) FILTER (WHERE d.key = 'report_feedback')
FROM reports r LEFT JOIN report_deadlines d ON d.report_id = r.id AND d.overrun_of IS NOT NULL
GROUP BY 1, 2, 3
"""


async def due(sql: "asyncpg.Connection[Any]", *, now: datetime) -> tuple[bool, bool]:
    """Whether something urgent waits, and whether the batch of this hour is still to come."""
    row = await sql.fetchrow(
        "SELECT EXISTS (SELECT FROM filings WHERE urgent AND failed = 0),"
        " coalesce((SELECT hour FROM report_batches) < $1, true)",
        hour_of(now),
    )
    return (False, True) if row is None else (row[0], row[1])


async def move_filings(work: Work, *, urgent: bool, limit: int = AT_ONCE) -> int:
    """Moves up to `limit` of what waits, chosen and stored at random; `work.now` is their hour (urgent: the minute).

    Returns at how many it looked. All of it is one transaction with its entries. Where they do not go on together, each
    goes on alone, and one that cannot stays behind without holding up the others.
    """
    await _prepare(work)
    taken = await work.sql.fetch(_TAKE, urgent, limit)
    if taken and not await _go_on(work, taken):
        for row in taken:
            await _go_on_or_stay(work, row)
    return len(taken)


async def retry_filings(work: Work, *, limit: int = AGAIN_AT_ONCE) -> int:
    """Tries what could not go on in an hour before, each alone; returns how many still cannot."""
    await _prepare(work)
    taken = await work.sql.fetch(_TAKE_AGAIN, False, limit)
    return sum([not await _go_on_or_stay(work, row) for row in taken])


async def _prepare(work: Work) -> None:
    work.dated = True
    await work.sql.execute("SET LOCAL statement_timeout = '60s'")
    for junk in _JUNK:
        await work.sql.execute(junk)


async def _go_on_or_stay(work: Work, row: "asyncpg.Record") -> bool:
    moved = await _go_on(work, [row])
    if not moved:
        await work.sql.execute(_FAILED, row["form"], row["locator"], row["id"])
    return moved


async def _go_on(work: Work, taken: "Sequence[asyncpg.Record]") -> bool:
    return await _apart(work, lambda: _move(work, taken))


async def _move(work: Work, taken: "Sequence[asyncpg.Record]") -> None:
    """All of these, with their clocks, entries, and what they begin."""
    chosen = [list(column) for column in zip(*((row["form"], row["locator"], row["id"]) for row in taken), strict=True)]
    for move in _MOVES:
        await work.sql.execute(move, *chosen, work.now)
    await _begin_clocks(work, [row["report_id"] for row in taken if row["begins"]])
    for row in taken:
        _record(work, row)
        if row["begins"] and row["kind"] != ReportKind.REPORT:
            await _open(work, row)
    await work.sql.execute(
        "DELETE FROM filings f USING unnest($1::text[], $2::text[], $3::uuid[]) AS c(form, locator, id)"
        " WHERE (f.form, f.locator, f.id) = (c.form, c.locator, c.id)",
        *chosen,
    )


async def _apart(work: Work, act: Callable[[], Awaitable[None]]) -> bool:
    """Whether an act did well. Where it did not, nothing is left of it, nor of what it would have told.

    What is no fault of the act is raised: the whole batch is tried again in a moment.
    """
    kept = len(work.pending)
    await work.sql.execute("SAVEPOINT apart")
    try:
        await act()
    except Exception as error:
        if is_passing(error):
            raise
        await work.sql.execute("ROLLBACK TO SAVEPOINT apart")
        del work.pending[kept:]
        return False
    await work.sql.execute("RELEASE SAVEPOINT apart")
    return True


async def end_hour(work: Work) -> None:
    """Once an hour, after its batch: forgets files whose message never came, counts for everybody, keeps the hour."""
    hour = hour_of(work.now)
    await work.sql.execute(
        "UPDATE filing_files b SET rounds = rounds + 1 WHERE NOT EXISTS (SELECT FROM report_files f WHERE f.id = b.id)"
    )
    await work.sql.execute("DELETE FROM filing_files WHERE rounds > $1", ROUNDS)
    await work.sql.execute("DELETE FROM report_counts")
    await work.sql.execute(_COUNTS)
    await work.sql.execute(
        "INSERT INTO report_batches (id, hour) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET hour = $1", hour
    )


def next_hour(now: datetime) -> datetime:
    """When what waits now goes on."""
    return hour_of(now) + timedelta(hours=1)


async def _begin_clocks(work: Work, reports: Sequence[UUID]) -> None:
    law: Law = await provisions.law_of(work.sql)
    day = day_of(work.now.astimezone(SHANGHAI))
    running = [clocks.clock(law, key, day) for key in clocks.AT_FILING]
    await work.sql.execute(
        _CLOCKS, list(reports), day, law.edition, [one.key for one in running], [one.article for one in running],
        [one.ends for one in running], [one.over_at() for one in running], [one.alarm for one in running],
    )  # fmt: skip


def _record(work: Work, row: "asyncpg.Record") -> None:
    """What the entry says: the step and the digest of what nobody here can read. No mine, no place, nothing said.

    That life is in danger was sent in plain, and is told where no matter of its own rings: a place that is refused
    openly does, and retaliation is told one level up, where nobody of the county hears of it.
    """
    data = {"message": str(row["id"]), "sha256": row["digest"].hex()}
    if not row["begins"]:
        work.record("report.answered", row["report_id"], data=data)
        return
    told = {"kind": row["kind"], "channel": row["channel"]}
    told |= {"taken_by": str(row["taken_by"])} if row["taken_by"] is not None else {}
    if row["danger_to_life"] and row["condition"] is None and row["kind"] != ReportKind.RETALIATION:
        told |= {"danger_to_life": True}
    work.record("report.filed", row["report_id"], data=data | told)


async def _open(work: Work, row: "asyncpg.Record") -> None:
    """Begins what a refusal or retaliation begins. Where it cannot, the report stands all the same, and is read."""
    await _apart(work, lambda: _begin_matter(work, row, report_id=row["report_id"], mine_id=row["mine_id"]))


async def _begin_matter(work: Work, row: "asyncpg.Record", *, report_id: UUID, mine_id: UUID) -> None:
    if row["condition"] is not None:
        await refusals.open_refusal(
            work, report_id=report_id, condition=condition_of(row["condition"], mine_id)
        )  # fmt: skip
    elif row["kind"] == ReportKind.REFUSAL:
        await refusals.keep_for_later(work, report_id=report_id, mine_id=mine_id)
    else:
        await examining.report_retaliation(work, report_id=report_id, mine_id=mine_id)
