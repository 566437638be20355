"""Every select of commitments: what was said of each clause last, what was laid, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.findings import queries as findings
from storage.miners.refusals import queries as refusals
from storage.promises.commitments.rules import standing_of
from storage.promises.commitments.tables import ClauseAnswer, ClauseStanding, ContradictionKind, Preview
from storage.promises.templates import queries as templates
from storage.promises.templates.rules import Promised
from storage.record.actor import Actor, Verb
from storage.record.clock import day_of
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.mines.queries import MineRow

_ANSWER = ", ".join(ClauseAnswer.model_fields)
_LAST = f"""
SELECT DISTINCT ON (key) {_ANSWER} FROM clause_answers WHERE mine_id = $1 AND year = $2
ORDER BY key, answered_at DESC, id DESC
"""
_OF_ONE_ACT = f"""
SELECT {_ANSWER} FROM clause_answers
WHERE (mine_id, year, answered_by, answered_at) = (
  SELECT mine_id, year, answered_by, answered_at FROM clause_answers WHERE id = $1) ORDER BY key
"""
_SEALED = "SELECT id FROM evidence WHERE id = ANY ($1) AND mine_id = $2 AND state = 'SEALED'"
_PREVIEWS = f"SELECT {', '.join(Preview.model_fields)} FROM commitment_previews WHERE id = ANY ($1)"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing that speaks against a clause: a finding of a kind that it names, or a refusal for it."""

    kind: ContradictionKind
    id: UUID
    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One clause with what the mine said of it, how it stands, and what speaks against it."""

    promised: Promised
    answer: ClauseAnswer | None
    standing: ClauseStanding
    contradictions: list[Contradiction]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The self-evaluation of a mine for a year."""

    mine_id: UUID
    year: int
    version: int
    lines: list[Line]


async def last_answers(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int) -> dict[str, ClauseAnswer]:
    """What a mine said last of each clause, by its key; one statement."""
    rows = await sql.fetch(_LAST, mine_id, year)
    return {row["key"]: ClauseAnswer(**dict(row)) for row in rows}


async def answers_again(work: Work, id: UUID) -> list[ClauseAnswer]:
    """What a replay answers: what was said in the one act of which this is an answer."""
    rows = await work.sql.fetch(_OF_ONE_ACT, id)
    if not rows:
        raise NotFound()
    return [ClauseAnswer(**dict(row)) for row in rows]


async def sealed_of(work: Work, pieces: Sequence[UUID], mine_id: UUID) -> frozenset[UUID]:
    """Those of the pieces that are sealed, of this mine, and seen by the actor."""
    rows = await work.sql.fetch(_SEALED, list(pieces), mine_id) if pieces else []
    return frozenset(row["id"] for row in rows)


async def preview_again(work: Work, id: UUID) -> Preview:
    """What a replay answers: what was laid then, the nonce among it."""
    rows = await work.sql.fetch(_PREVIEWS, [id])
    if not rows:
        raise NotFound()
    return Preview(**dict(rows[0]))


async def evaluation_of(
    sql: "asyncpg.Connection[Any]", actor: Actor, mine: MineRow, *, year: int, now: datetime
) -> Evaluation | None:
    """The clauses of a mine's year with what stands beside each; four statements, None while nothing is promised."""
    found = await templates.clauses_for(sql, mine.id, year)
    if found is None:
        return None
    answers, today = await last_answers(sql, mine.id, year), day_of(now)
    against = await _contradictions(sql, actor, mine, found.promised, year)
    lines = [
        Line(one, answers.get(one.clause.key), standing_of(answers.get(one.clause.key), one.clause, today),
             against.get(one.clause.key, []))
        for one in found.promised
    ]  # fmt: skip
    return Evaluation(mine.id, year, found.version, lines)


async def _contradictions(
    sql: "asyncpg.Connection[Any]", actor: Actor, mine: MineRow, promised: Sequence[Promised], year: int
) -> dict[str, list[Contradiction]]:
    """What speaks against each clause, by its key, of the year and the one before it, as far as the actor reads it."""
    scope: dict[str, Any] = {"county": mine.county, "office": mine.office, "mine_id": mine.id}
    since, kinds, found = date(year - 1, 1, 1), _by_kind(promised), dict[str, list[Contradiction]]()
    if kinds and actor.may(Verb.FINDING_READ, **scope):
        for row in await findings.of_kinds(sql, mine.id, list(kinds), since=since):
            for key in kinds[row.kind]:
                one = Contradiction(ContradictionKind.FINDING, row.id, day_of(row.seen_at), row.fact)
                found.setdefault(key, []).append(one)
    if actor.may(Verb.REFUSAL_READ, **scope) or actor.may(Verb.REFUSAL_READ_OWN, **scope):
        keys = [one.clause.key for one in promised]
        for refused in await refusals.for_clauses(sql, mine.id, keys, since=since):
            one = Contradiction(ContradictionKind.REFUSAL, refused.id, refused.day, refused.clause or refused.place)
            found.setdefault(refused.clause_key, []).append(one)
    return found


def _by_kind(promised: Sequence[Promised]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for one in promised:
        for kind in one.clause.contradicted_by:
            kinds.setdefault(kind, []).append(one.clause.key)
    return kinds
