"""The sweeper's operation: it tells once of each clock that ran out unmet, so that notices can follow the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from storage.casework.cases import queries
from storage.casework.cases.clocks import LAPSING, Running, deadlines_of
from storage.casework.cases.keeping import one_each
from storage.record.work import Work

# Another sweeper's batch is passed over; whoever takes a step in a case waits for the batch, or the batch leaves it.
_TAKE = """
SELECT case_id, key, subject, mine_id, county, office, party_id, ends, over_at FROM case_clocks
WHERE met_at IS NULL AND over_at <= $1 AND (overrun_of IS NULL OR overrun_of < over_at)
ORDER BY over_at, case_id, key, subject LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_KEEP = """
UPDATE case_clocks c SET ends = t.ends, alarm = t.alarm, over_at = t.over_at, year = t.year, met_at = t.met_at,
  overrun_of = coalesce(t.overrun_of, c.overrun_of)
FROM jsonb_to_recordset($1::jsonb) AS t(case_id uuid, key text, subject uuid, ends date, alarm date,
  over_at timestamptz, year integer, met_at timestamptz, overrun_of timestamptz)
WHERE (c.case_id, c.key, c.subject) = (t.case_id, t.key, t.subject)
"""
OVERDUE = f"""
SELECT over_at FROM case_clocks WHERE met_at IS NULL AND over_at <= now()
  AND key NOT IN ({", ".join(f"'{key}'" for key in sorted(LAPSING))}) LIMIT $1
"""
"""The moments at which those clocks ran out that bind somebody and are not met yet; our own names."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A clock as it stands in its row."""

    case_id: UUID
    key: str
    subject: UUID
    mine_id: UUID
    county: str
    office: str
    party_id: UUID | None
    ends: date
    over_at: datetime


async def record_overruns(work: Work, *, limit: int) -> int:
    """Tells of up to `limit` clocks that they ran out, each once for each end that it had; how many were looked at.

    A row holds what was derived at the last step. The law may have changed since, and an entry stands for ever: so
    each clock is derived anew first, and one that runs on only gets its new end. No state of a case changes by this.
    """
    taken = [_Taken(*row) for row in await work.sql.fetch(_TAKE, work.now, limit)]
    if not taken:
        return 0
    files = await queries.files_of(work.sql, list(dict.fromkeys(one.case_id for one in taken)))
    today = {
        (file.row.id, one.key, one.subject): one
        for file in files
        for one in one_each(deadlines_of(file.history, file.law))
    }
    kept = [_looked_at(work, one, today.get((one.case_id, one.key, one.subject))) for one in taken]
    await work.sql.execute(_KEEP, orjson.dumps(kept, default=str).decode())
    return len(taken)


def _looked_at(work: Work, row: _Taken, clock: Running | None) -> dict[str, Any]:
    """What the row holds from now on; records the entry where the clock did run out."""
    kept = {"case_id": row.case_id, "key": row.key, "subject": row.subject, "met_at": None, "overrun_of": None}
    if clock is None or clock.met_at is not None:  # The law of today asks for nothing here.
        met = work.now if clock is None else clock.met_at
        return kept | {"ends": row.ends, "alarm": row.ends, "over_at": row.over_at, "year": None, "met_at": met}
    deadline = clock.deadline
    if deadline is None:
        return kept | {"ends": None, "alarm": None, "over_at": None, "year": clock.year}
    kept |= {"ends": deadline.ends, "alarm": deadline.alarm, "over_at": deadline.over_at(), "year": clock.year}
    if deadline.over_at() <= work.now:
        _record(work, row, clock, over_at=deadline.over_at(), ends=deadline.ends, article=deadline.article)
        kept["overrun_of"] = deadline.over_at()
    return kept


def _record(work: Work, row: _Taken, clock: Running, *, over_at: datetime, ends: date, article: str) -> None:
    said: dict[str, Any] = {
        "key": row.key, "step": str(row.subject), "ends": ends.isoformat(), "over_at": over_at.isoformat(),
        "article": article, "lapsed": row.key in LAPSING,
    }  # fmt: skip
    if clock.party is not None:
        said["party"] = str(clock.party)
    work.record("case.clock_overrun", row.case_id, county=row.county, office=row.office, mine_id=row.mine_id, data=said)
