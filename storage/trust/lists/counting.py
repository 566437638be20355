"""What a quarter or a year came to, counted of the record by the database: nobody types a number in."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import asyncpg

from storage.record.clock import SHANGHAI
from storage.trust.disclosures import queries as disclosures
from storage.trust.disclosures.copies.figures import Figures
from storage.trust.lists import queries
from storage.trust.lists.rules import PROVINCE, Agency, end_of, must_be_over

_SCOPE = "{0}.county LIKE $3 || '%' AND ($4 = '' OR {0}.office = $4)"
# A penalty counts in the period in which it was decided; what became of it since is in its own disclosure.
_ENFORCEMENT = f"""
WITH decided AS (
  SELECT s.body::jsonb AS body FROM case_steps s JOIN cases c ON c.id = s.case_id
  WHERE s.at >= $1 AND s.at < $2 AND {_SCOPE.format("c")} AND (s.kind = 'DECIDED_ON_THE_SPOT'
    OR (s.kind = 'DECIDED' AND s.body::jsonb ->> 'outcome' = 'PENALTY'))
), found AS (
  SELECT count(*) AS findings, count(*) FILTER (WHERE f.severity = 'MAJOR') AS major FROM findings f
  WHERE f.recorded_at >= $1 AND f.recorded_at < $2 AND {_SCOPE.format("f")}
), filed AS (
  SELECT count(*) FILTER (WHERE s.kind = 'RECONSIDERATION_FILED') AS reconsiderations,
    count(*) FILTER (WHERE s.kind = 'SUIT_FILED') AS suits
  FROM case_steps s JOIN cases c ON c.id = s.case_id
  WHERE s.at >= $1 AND s.at < $2 AND {_SCOPE.format("c")} AND s.kind IN ('RECONSIDERATION_FILED', 'SUIT_FILED')
)
SELECT
  (SELECT count(*) FROM inspections i WHERE i.opened_at >= $1 AND i.opened_at < $2 AND {_SCOPE.format("i")})
    AS inspections,
  found.findings, found.major,
  (SELECT count(*) FROM measures m WHERE m.recorded_at >= $1 AND m.recorded_at < $2 AND {_SCOPE.format("m")})
    AS measures,
  (SELECT count(*) FROM cases k WHERE k.opened_at >= $1 AND k.opened_at < $2 AND {_SCOPE.format("k")}) AS cases,
  (SELECT count(*) FROM decided) AS decisions,
  (SELECT coalesce(sum((one ->> 'sum')::bigint), 0)::bigint FROM decided, jsonb_array_elements(body -> 'sanctions') one
   WHERE one ->> 'kind' IN ('FINE', 'DAILY_FINE')) AS fines,
  filed.reconsiderations, filed.suits
FROM found, filed
"""


async def figures_of(
    sql: "asyncpg.Connection[Any]", agency: Agency, *, year: int, quarter: int | None, now: datetime, on: date
) -> Figures:
    """The figures of one agency as the record has them now, within the session's sight; four statements at most.

    Raises PeriodNotOver, NotFound.
    """
    must_be_over(year, quarter, on)
    since, until = _span(year, quarter)
    counts = await disclosures.counts_of(
        sql, since=since, until=until, now=now, county=None if agency.county == PROVINCE else agency.county,
        office=agency.office or None,
    )  # fmt: skip
    enforced = await _enforced(sql, agency, since, until) if quarter is None else None
    return Figures(
        agency=await queries.name_of(sql, agency, on), county=agency.county, year=year, quarter=quarter, as_of=on,
        counts=counts, enforcement=enforced,
    )  # fmt: skip


async def _enforced(
    sql: "asyncpg.Connection[Any]", agency: Agency, since: datetime, until: datetime
) -> Mapping[str, int]:
    rows = await sql.fetch(_ENFORCEMENT, since, until, agency.county, agency.office)
    return dict(rows[0])


def _span(year: int, quarter: int | None) -> tuple[datetime, datetime]:
    """The moments between which it lies, in Guizhou's days."""
    first = date(year, 1 if quarter is None else quarter * 3 - 2, 1)
    last = end_of(year, quarter) + timedelta(days=1)
    return datetime.combine(first, time(), SHANGHAI), datetime.combine(last, time(), SHANGHAI)
