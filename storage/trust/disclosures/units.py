"""Selects of all that is shown of one mine or unit, on a session of the role `pithead_public`; one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from storage.trust.disclosures.public import Gone, Shown

LISTED: Final = 15
"""So many of the newest stand on the page; the rest is found by search."""
MOST_PROMISES, MOST_BREACHES, MOST_KINDS, MOST_MINES, MOST_GONE = 4, 8, 8, 60, 8


class Year(NamedTuple):
    """What is shown of a year: penalties and their sum, inspections and what they found, and breaches."""

    year: int
    many: int
    penalties: int
    amount: int
    inspections: int
    found: int
    major: int
    breaches: int


class Counted(NamedTuple):
    """How many of a kind, over all years."""

    name: str
    many: int


class Mean(NamedTuple):
    """What mines of the county come to in a year on the average, of those of which anything is shown then."""

    year: int
    penalties: float
    amount: float


class OfMine(NamedTuple):
    """A mine of a unit, with what is shown of both together."""

    id: UUID
    name: str
    county: str
    many: int
    penalties: int
    amount: int


class Licence(NamedTuple):
    """What the newest published list of valid safety licences says of a unit; nothing but its day where that names none
    of its credit codes."""

    id: UUID
    as_of: date
    number: str | None
    until: date | None


class Copied(NamedTuple):
    """A copy with its permalink's id."""

    id: UUID
    day: date
    content: bytes


@dataclass(frozen=True, slots=True)
class Unit:
    """All that is shown of a mine or unit; `register` is the newest copy that tells what the register holds.

    `ordered` and `closed` are the measures that inspections ordered, and those of them that were closed then.
    """

    rows: list[Shown]
    gone: list[Gone]
    name: str
    years: list[Year]
    means: dict[int, Mean]
    found: list[Counted]
    sanctions: list[Counted]
    ordered: int
    closed: int
    promises: list[Copied]
    breaches: list[Copied]
    register: Copied | None
    licence: Licence | None
    mines: list[OfMine]


_LISTED = ", ".join(one.name for one in fields(Shown))
_GONE = ", ".join(one.name for one in fields(Gone))
# Counts of what inspections found stand in their copies, and nowhere else that the public's role may read.
_UNIT = f"""
WITH own AS MATERIALIZED (
  SELECT {_LISTED}, year, content FROM public_rows WHERE {{column}} = $1
), told AS MATERIALIZED (
  SELECT year, kind, convert_from(content, 'UTF8')::jsonb AS copy FROM own WHERE kind IN ('PENALTY', 'RESULT')
), found AS (
  SELECT year, coalesce(sum((copy #>> '{{{{findings,total}}}}')::int), 0)::int AS found,
    coalesce(sum((copy #>> '{{{{findings,major}}}}')::int), 0)::int AS major
  FROM told WHERE kind = 'RESULT' GROUP BY year
), licences AS (
  SELECT id, copy FROM (
    SELECT id, seq, convert_from(content, 'UTF8')::jsonb AS copy FROM public_rows WHERE kind = 'LIST'
  ) lists WHERE copy ->> 'list' = 'LICENCES' ORDER BY copy ->> 'as_of' DESC, seq DESC LIMIT 1
), newest AS (
  SELECT county FROM own ORDER BY seq DESC LIMIT 1
)
SELECT
  ARRAY(SELECT ROW({_LISTED}) FROM own ORDER BY day DESC, seq DESC LIMIT {LISTED}) AS rows,
  ARRAY(SELECT ROW({_GONE}) FROM public_gone WHERE {{column}} = $1 ORDER BY seq DESC LIMIT {MOST_GONE}) AS gone,
  coalesce((SELECT {{name}} FROM own ORDER BY seq DESC LIMIT 1),
    (SELECT mine FROM public_gone WHERE {{column}} = $1 ORDER BY seq DESC LIMIT 1)) AS name,
  ARRAY(SELECT ROW(o.year, count(*)::int, (count(*) FILTER (WHERE kind = 'PENALTY'))::int,
      coalesce(sum(amount), 0)::bigint, (count(*) FILTER (WHERE kind = 'RESULT'))::int,
      coalesce(max(f.found), 0), coalesce(max(f.major), 0), (count(*) FILTER (WHERE kind = 'BREACH'))::int)
    FROM own o LEFT JOIN found f ON f.year = o.year GROUP BY o.year ORDER BY o.year) AS years,
  ARRAY(SELECT ROW(each ->> 'name', sum((each ->> 'count')::int)::int)
    FROM told CROSS JOIN LATERAL jsonb_array_elements(copy #> '{{{{findings,by_kind}}}}') AS each
    WHERE kind = 'RESULT' GROUP BY each ->> 'name' ORDER BY sum((each ->> 'count')::int) DESC, each ->> 'name'
    LIMIT {MOST_KINDS}) AS kinds,
  ARRAY(SELECT ROW(each ->> 'kind', count(*)::int)
    FROM told CROSS JOIN LATERAL jsonb_array_elements(copy -> 'penalty') AS each
    WHERE kind = 'PENALTY' GROUP BY each ->> 'kind' ORDER BY count(*) DESC, each ->> 'kind') AS sanctions,
  (SELECT ROW(coalesce(sum((each ->> 'count')::int), 0)::int, coalesce(sum((each ->> 'closed')::int), 0)::int)
    FROM told CROSS JOIN LATERAL jsonb_array_elements(copy -> 'measures') AS each WHERE kind = 'RESULT') AS measures,
  ARRAY(SELECT ROW(id, day, content) FROM own WHERE kind = 'COMMITMENT'
    ORDER BY day DESC, seq DESC LIMIT {MOST_PROMISES}) AS promises,
  ARRAY(SELECT ROW(id, day, content) FROM own WHERE kind = 'BREACH'
    ORDER BY day DESC, seq DESC LIMIT {MOST_BREACHES}) AS breaches,
  ARRAY(SELECT ROW(id, day, content) FROM own WHERE kind IN ('COMMITMENT', 'RESULT')
    ORDER BY day DESC, seq DESC LIMIT 1) AS register,
  ARRAY(SELECT ROW(l.id, (copy ->> 'as_of')::date, item ->> 'number', (item ->> 'day')::date)
    FROM licences l LEFT JOIN LATERAL (
      SELECT item FROM jsonb_array_elements(l.copy -> 'items') item
      WHERE item ->> 'credit_code' = ANY (ARRAY(SELECT credit_code FROM own)) ORDER BY item ->> 'day' DESC LIMIT 1
    ) i ON true) AS licences,
  ARRAY(SELECT ROW(mine_id, mine, max(county), count(*)::int, (count(*) FILTER (WHERE kind = 'PENALTY'))::int,
      coalesce(sum(amount), 0)::bigint)
    FROM own WHERE mine_id IS NOT NULL GROUP BY mine_id, mine ORDER BY mine, mine_id LIMIT {MOST_MINES}) AS mines,
  {{means}} AS means
"""
# By mine first: a county's rows are hashed once, where counting mines apart would sort them all.
_MEANS = """ARRAY(SELECT ROW(year, sum(penalties)::float8 / count(*), sum(amount)::float8 / count(*)) FROM (
      SELECT year, count(*) FILTER (WHERE kind = 'PENALTY') AS penalties, coalesce(sum(amount), 0) AS amount
      FROM public_rows WHERE county = (SELECT county FROM newest) AND mine_id IS NOT NULL GROUP BY year, mine_id
    ) each GROUP BY year)"""
_OF_MINE = _UNIT.format(column="mine_id", name="mine", means=_MEANS)
_OF_OWNER = _UNIT.format(column="credit_code", name="party", means="'{}'::int[]")


async def of_mine(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> Unit | None:
    """All that is shown of a mine, beside the means of its county; None where nothing is, or was withdrawn."""
    return _unit(await sql.fetchrow(_OF_MINE, mine_id))


async def of_owner(sql: "asyncpg.Connection[Any]", credit_code: str) -> Unit | None:
    """The same of a unit by its credit code, whose mines it names."""
    return _unit(await sql.fetchrow(_OF_OWNER, credit_code))


def _unit(row: "asyncpg.Record | None") -> Unit | None:
    if row is None or (not row["rows"] and not row["gone"]):
        return None
    ordered, closed = row["measures"]
    register = _copied(row["register"])
    licences = [Licence(*one) for one in row["licences"]]
    return Unit(
        rows=[Shown(*one) for one in row["rows"]], gone=[Gone(*one) for one in row["gone"]], name=row["name"],
        years=[Year(*one) for one in row["years"]], means={one[0]: Mean(*one) for one in row["means"]},
        found=[Counted(*one) for one in row["kinds"]], sanctions=[Counted(*one) for one in row["sanctions"]],
        ordered=ordered, closed=closed, promises=_copied(row["promises"]), breaches=_copied(row["breaches"]),
        register=register[0] if register else None, licence=licences[0] if licences else None,
        mines=[OfMine(*one) for one in row["mines"]],
    )  # fmt: skip


def _copied(rows: Sequence[Any]) -> list[Copied]:
    return [Copied(*one) for one in rows]
