"""Every select of the year: an overview of mines, who is overdue, and what everybody reads of one mine's commitment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.commitments import queries as commitments
from storage.promises.commitments.rules import clause_signed
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.templates import queries as templates
from storage.promises.templates.rules import Clause
from storage.promises.years.renewing import Before, Renewed, renewed
from storage.promises.years.rules import cause_of, due_of, standing_of, status_of
from storage.promises.years.tables import CommitmentStatus, PromiseStanding, UnsignedCause
from storage.record.actor import Actor
from storage.record.clock import day_of
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.scopes import Listed, page_within
from storage.register.mines.tables import MineState
from storage.register.provisions import queries as provisions

_TO_SIGN = f"state IN ('{MineState.PRODUCING}', '{MineState.BUILDING}')"
_MINES = Listed(
    table="mines", columns=("id", "name", "county", "office", "state"), key="name", downward=False, mine="id"
)
_ASKED = "EXISTS (SELECT FROM templates t WHERE t.year = {} AND t.approved)"
# Whatever stands was never ended, superseded or overtaken by the register; the database knows which.
_NONE_STANDS = """NOT EXISTS (
  SELECT FROM commitments c CROSS JOIN LATERAL commitments_standing(ARRAY[c.id], {}::date) s
  WHERE c.mine_id = mines.id AND c.year = {}::integer AND s.cause IS NULL)"""
# Which was signed last is said by what each one supersedes: clocks of two machines may stand apart, the chain does not.
_LAST = "NOT EXISTS (SELECT FROM commitments n WHERE n.supersedes = c.id)"
_COUNTS = {
    PromiseStanding.BROKEN: "b.key IS NOT NULL",
    PromiseStanding.KEPT: "b.key IS NULL AND k.outcome = 'MET'",
    PromiseStanding.NOT_YET: "b.key IS NULL AND k.outcome = 'NOT_YET' AND k.by_day >= {day}",
    PromiseStanding.LATE: "b.key IS NULL AND k.outcome = 'NOT_YET' AND k.by_day < {day}",
    PromiseStanding.NOT_MET: "b.key IS NULL AND k.outcome = 'NOT_MET'",
}
_OVERVIEW = """
WITH page AS ({page}), signed AS (
  SELECT p.id AS mine_id, c.id, c.way, c.digest, c.signed_at FROM page p CROSS JOIN LATERAL (
    SELECT c.id, c.way, c.digest, c.signed_at FROM commitments c WHERE c.mine_id = p.id AND c.year = {year}
      AND {last}) c
), broken AS (
  SELECT DISTINCT b.mine_id, b.key FROM breaches_standing(ARRAY(SELECT id FROM page), {year}) b
  WHERE b.corrected_at IS NULL
), counts AS (
  SELECT k.commitment_id, {counts} FROM signed s JOIN commitment_clauses k ON k.commitment_id = s.id
  LEFT JOIN broken b ON b.mine_id = s.mine_id AND b.key = k.key GROUP BY k.commitment_id
), undecided AS (
  SELECT b.mine_id, count(*) AS undecided FROM breaches b
  WHERE b.mine_id = ANY (ARRAY(SELECT id FROM page)) AND b.year = {year} AND b.decided_at IS NULL GROUP BY b.mine_id
)
SELECT p.*, s.id AS commitment_id, s.way, s.digest, s.signed_at, t.cause, {asked} AS asked,
  coalesce(u.undecided, 0) AS undecided, {named}
FROM page p LEFT JOIN signed s ON s.mine_id = p.id
LEFT JOIN commitments_standing(ARRAY(SELECT id FROM signed), {day}) t ON t.commitment_id = s.id
LEFT JOIN counts n ON n.commitment_id = s.id LEFT JOIN undecided u ON u.mine_id = p.id
ORDER BY p.name{way}, p.id{way}
"""
_PUBLISHED = f"""
WITH signed AS (
  SELECT c.id, c.way, c.algorithm, c.digest, c.content, c.pdf_sha256, c.signed_at FROM commitments c
  WHERE c.mine_id = $1 AND c.year = $2 AND {_LAST}
)
SELECT m.name, m.to_sign, s.*, t.cause, {_ASKED.format("$2")} AS asked,
  EXISTS (SELECT FROM commitment_seals l WHERE l.commitment_id = s.id) AS sealed,
  ARRAY(SELECT p.level FROM commitment_stamps p WHERE p.commitment_id = s.id ORDER BY p.level) AS levels,
  (SELECT jsonb_agg(jsonb_build_array(b.id, b.key, b.day, b.decided_at, b.corrected_at) ORDER BY b.decided_at, b.id)
   FROM breaches_standing(ARRAY[$1::uuid], $2) b) AS broken
FROM mines_to_sign(ARRAY[$1::uuid]) m LEFT JOIN signed s ON true
LEFT JOIN commitments_standing(ARRAY[s.id], $3) t ON t.commitment_id = s.id
"""


@dataclass(frozen=True, slots=True)
class Signed:
    """What proves that somebody signed: ink is the lower level."""

    commitment_id: UUID
    way: str
    digest: bytes
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class MineInYear:
    """One mine of an overview: how it stands, why none stands, and how many of its clauses stand how.

    `undecided` counts the breaches of which nobody has decided, as far as the reader sees them.
    """

    id: UUID
    name: str
    county: str
    office: str
    state: str
    status: CommitmentStatus
    cause: UnsignedCause | None
    signed: Signed | None
    counts: Mapping[PromiseStanding, int]
    undecided: int


@dataclass(frozen=True, slots=True)
class Break:
    """A breach that stands, as everybody reads it: of which day, since when, and when it was found corrected."""

    id: UUID
    key: str
    day: date
    since: datetime
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicClause:
    """A clause as it was signed, what was said of it, how it stands, and the breaches of it that stand or stood."""

    clause: Clause
    own: bool
    outcome: AnswerOutcome
    by_day: date | None
    measure: str | None
    standing: PromiseStanding
    breaks: list[Break]


@dataclass(frozen=True, slots=True)
class Published:
    """What everybody reads of a mine's commitment. `levels` are those of the authority's stamps."""

    mine_id: UUID
    mine_name: str
    year: int
    status: CommitmentStatus
    cause: UnsignedCause | None
    due: date
    signed: Signed | None
    algorithm: str | None
    pdf_sha256: bytes | None
    sealed: bool
    levels: list[str]
    clauses: list[PublicClause]


async def renewal_of(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int) -> list[Renewed] | None:
    """This year's clauses beside what was signed the year before, or else said of that year's; four statements at most.

    None while nothing is promised for the year.
    """
    now = await templates.clauses_for(sql, mine_id, year)
    if now is None:
        return None
    clauses = [one.clause for one in now.promised]
    last = await commitments.last_of(sql, mine_id, year - 1)
    if last is not None:
        signed = Commitment.decode(last.content)
        return renewed(clauses, [clause_signed(one) for one in signed.clauses], {
            one["key"]: Before(AnswerOutcome(one["outcome"]), one["words"], one.get("measure"),
                               tuple(UUID(piece) for piece in one["evidence"])) for one in signed.answers
        })  # fmt: skip
    before = await templates.clauses_for(sql, mine_id, year - 1)
    said = await commitments.last_answers(sql, mine_id, year - 1) if before else {}
    earlier = [one.clause for one in before.promised] if before else []
    return renewed(clauses, earlier, {
        key: Before(AnswerOutcome(one.outcome), one.words, one.measure, tuple(one.evidence))
        for key, one in said.items()
    })  # fmt: skip


async def overview_of(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    year: int,
    now: datetime,
    limit: int,
    behind: tuple[str, UUID] | None = None,
    backwards: bool = False,
    county: str | None = None,
    overdue: bool = False,
) -> list[MineInYear]:
    """A page of mines within reach by (name, id), all or those that are overdue; two statements with the law's."""
    today, due = day_of(now), due_of(await provisions.law_of(sql), year)
    if overdue and today <= due:
        return []
    text, arguments = overview_statement(
        actor, year=year, today=today, limit=limit, behind=behind, backwards=backwards, county=county, overdue=overdue
    )
    return [_mine(row, due=due, today=today) for row in await sql.fetch(text, *arguments)]


def overview_statement(
    actor: Actor,
    *,
    year: int,
    today: date,
    limit: int,
    behind: tuple[str, UUID] | None = None,
    backwards: bool = False,
    county: str | None = None,
    overdue: bool = False,
) -> tuple[str, list[Any]]:
    """The one statement behind a page, whatever the number of mines and of clauses, and its arguments."""
    late: dict[str, tuple[Any, ...]] = {_TO_SIGN: (), _NONE_STANDS: (today, year), _ASKED: (year,)}
    page = page_within(
        _MINES, actor.reach, limit=limit, behind=behind, backwards=backwards,
        along=("county", county) if county is not None else None, where=late if overdue else None,
    )  # fmt: skip
    at, day = page.put(year, "integer"), page.put(today, "date")
    counts = ", ".join(
        f"count(*) FILTER (WHERE {says.format(day=day)}) AS {one.lower()}" for one, says in _COUNTS.items()
    )
    text = _OVERVIEW.format(
        page=page.text, year=at, day=day, counts=counts, last=_LAST, asked=_ASKED.format(at),
        named=", ".join(f"coalesce(n.{one.lower()}, 0) AS {one.lower()}" for one in _COUNTS),
        way=" DESC" if backwards else "",
    )  # fmt: skip
    return text, page.arguments


async def published_of(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int, *, now: datetime) -> Published | None:
    """What everybody reads of a mine's year; None for a mine that nobody knows. Two statements with the law's."""
    today, due = day_of(now), due_of(await provisions.law_of(sql), year)
    row = await sql.fetchrow(_PUBLISHED, mine_id, year, today)
    if row is None:
        return None
    signed = _signed(row, "id")
    clauses = _clauses(row, today) if signed else []
    stands = signed is not None and row["cause"] is None
    return Published(
        mine_id=mine_id, mine_name=row["name"], year=year, due=due,
        status=status_of(stands=stands, to_sign=row["to_sign"], asked=row["asked"], due=due, today=today),
        cause=cause_of(signed=signed is not None, cause=row["cause"]), signed=signed, algorithm=row["algorithm"],
        pdf_sha256=row["pdf_sha256"], sealed=row["sealed"], levels=list(row["levels"]), clauses=clauses,
    )  # fmt: skip


def _mine(row: "asyncpg.Record", *, due: date, today: date) -> MineInYear:
    signed = _signed(row, "commitment_id")
    status = status_of(
        stands=signed is not None and row["cause"] is None, asked=row["asked"], due=due, today=today,
        to_sign=row["state"] in (MineState.PRODUCING, MineState.BUILDING),
    )  # fmt: skip
    return MineInYear(
        id=row["id"], name=row["name"], county=row["county"], office=row["office"], state=row["state"], status=status,
        cause=cause_of(signed=signed is not None, cause=row["cause"]), signed=signed, undecided=row["undecided"],
        counts={one: row[one.lower()] for one in _COUNTS},
    )  # fmt: skip


def _signed(row: "asyncpg.Record", id: str) -> Signed | None:
    return None if row[id] is None else Signed(row[id], row["way"], row["digest"], row["signed_at"])


def _clauses(row: "asyncpg.Record", today: date) -> list[PublicClause]:
    """Clause by clause, as the very bytes say that were signed, and which of them are broken."""
    breaks: dict[str, list[Break]] = {}
    for id, key, day, since, corrected in row["broken"] or ():
        at = None if corrected is None else datetime.fromisoformat(corrected)
        one = Break(UUID(id), key, date.fromisoformat(day), datetime.fromisoformat(since), at)
        breaks.setdefault(key, []).append(one)
    signed = Commitment.decode(row["content"])
    return [
        _clause(clause, answer, breaks.get(clause["key"], []), today)
        for clause, answer in zip(signed.clauses, signed.answers, strict=True)
    ]


def _clause(told: dict[str, Any], answer: dict[str, Any], breaks: list[Break], today: date) -> PublicClause:
    by_day, outcome = answer.get("by_day"), AnswerOutcome(answer["outcome"])
    until = date.fromisoformat(by_day) if by_day else None
    broken = any(one.corrected_at is None for one in breaks)
    return PublicClause(
        clause=clause_signed(told), own=told["own"], outcome=outcome, by_day=until, measure=answer.get("measure"),
        standing=standing_of(outcome, until, broken=broken, today=today), breaks=breaks,
    )  # fmt: skip
