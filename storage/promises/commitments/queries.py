"""Every select of commitments: what was said of each clause, what speaks against it, what was laid and signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.findings import queries as findings
from storage.miners.refusals import queries as refusals
from storage.promises.commitments import rules
from storage.promises.commitments.tables import (
    ClauseAnswer,
    ClauseStanding,
    Commitment,
    CommitmentSeal,
    CommitmentStamp,
    ContradictionKind,
    Preview,
)
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
_SIGNED = ", ".join(Commitment.model_fields)
_LAST_SIGNED = f"""
SELECT {_SIGNED} FROM commitments c WHERE mine_id = $1 AND year = $2
  AND NOT EXISTS (SELECT FROM commitments n WHERE n.supersedes = c.id)
"""
_LAST_BY = f"""
SELECT {_SIGNED} FROM commitments c WHERE mine_id = $1 AND year = $2 AND signed_at <= $3
  AND NOT EXISTS (SELECT FROM commitments n WHERE n.supersedes = c.id AND n.signed_at <= $3)
ORDER BY signed_at DESC, id DESC LIMIT 1
"""
_FALLEN = f"""
SELECT {", ".join(f"c.{name}" for name in Commitment.model_fields)}, s.cause
FROM commitments_standing(ARRAY(
  SELECT o.id FROM commitments o WHERE o.year >= $2
    AND NOT EXISTS (SELECT FROM commitment_endings e WHERE e.commitment_id = o.id)), $1) s
JOIN commitments c ON c.id = s.commitment_id WHERE s.cause IS NOT NULL ORDER BY c.signed_at, c.id LIMIT $3
"""
_UNSTAMPED = f"""
SELECT {_SIGNED} FROM commitments c WHERE id <> ALL ($2)
  AND NOT EXISTS (SELECT FROM commitment_stamps s WHERE s.commitment_id = c.id AND s.level >= $1)
ORDER BY signed_at, id LIMIT $3
"""
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


async def preview_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> Preview:
    """What was laid, the nonce among it; NotFound out of sight."""
    rows = await sql.fetch(_PREVIEWS, [id])
    if not rows:
        raise NotFound()
    return Preview(**dict(rows[0]))


async def preview_again(work: Work, id: UUID) -> Preview:
    """What a replay answers: what was laid then."""
    return await preview_of_id(work.sql, id)


async def is_signed(work: Work, preview_id: UUID) -> bool:
    """Whether what was laid then was signed."""
    return bool(await work.sql.fetchval("SELECT EXISTS (SELECT FROM commitments WHERE preview_id = $1)", preview_id))


async def last_of(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int) -> Commitment | None:
    """The commitment that was signed last for a mine and year, whether or not it still stands."""
    row = await sql.fetchrow(_LAST_SIGNED, mine_id, year)
    return Commitment(**dict(row)) if row is not None else None


async def last_by(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int, at: datetime) -> Commitment | None:
    """The commitment that was signed last by a moment for a mine and year."""
    row = await sql.fetchrow(_LAST_BY, mine_id, year, at)
    return Commitment(**dict(row)) if row is not None else None


async def commitments_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Commitment]:
    """Those signed commitments; everybody sees them; one statement."""
    rows = await sql.fetch(f"SELECT {_SIGNED} FROM commitments WHERE id = ANY ($1)", list(ids))
    return [Commitment(**dict(row)) for row in rows]


async def commitment_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> Commitment:
    """The signed commitment; NotFound where there is none."""
    found = await commitments_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def commitment_again(work: Work, id: UUID) -> Commitment:
    """What a replay answers."""
    return await commitment_of_id(work.sql, id)


async def signed_for(sql: "asyncpg.Connection[Any]", mine_id: UUID, year: int) -> list[Commitment]:
    """All that was signed for a mine and year, the last first, as each supersedes another; one statement."""
    rows = await sql.fetch(f"SELECT {_SIGNED} FROM commitments WHERE mine_id = $1 AND year = $2", mine_id, year)
    follows = {row["supersedes"]: Commitment(**dict(row)) for row in rows}
    found: list[Commitment] = []
    while (after := follows.get(found[-1].id if found else None)) is not None:
        found.append(after)
    return found[::-1]


async def standing_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID], on: date) -> dict[UUID, str | None]:
    """Why each of these commitments does not stand on a day, None where it does; one statement, whoever asks."""
    rows = await sql.fetch("SELECT commitment_id, cause FROM commitments_standing($1, $2)", list(ids), on)
    return {row["commitment_id"]: row["cause"] for row in rows}


async def seals_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> dict[UUID, CommitmentSeal]:
    """The company's seals beside these commitments; one statement."""
    rows = await sql.fetch("SELECT * FROM commitment_seals WHERE commitment_id = ANY ($1)", list(ids))
    return {row["commitment_id"]: CommitmentSeal(**dict(row)) for row in rows}


async def seal_again(work: Work, id: UUID) -> CommitmentSeal:
    """What a replay answers: the seal, found by its commitment."""
    found = await seals_of(work.sql, [id])
    if id not in found:
        raise NotFound()
    return found[id]


async def stamps_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> dict[UUID, CommitmentStamp]:
    """The newest stamp of each of these commitments; one statement."""
    rows = await sql.fetch(
        "SELECT DISTINCT ON (commitment_id) * FROM commitment_stamps WHERE commitment_id = ANY ($1)"
        " ORDER BY commitment_id, stamped_at DESC, level DESC",
        list(ids),
    )
    return {row["commitment_id"]: CommitmentStamp(**dict(row)) for row in rows}


async def fallen(sql: "asyncpg.Connection[Any]", on: date, *, limit: int) -> list[tuple[Commitment, str]]:
    """Commitments of this year and later that do not stand, and of which the record has not said so, with why."""
    rows = await sql.fetch(_FALLEN, on, on.year, limit)
    return [(Commitment(**{name: row[name] for name in Commitment.model_fields}), row["cause"]) for row in rows]


async def unstamped(sql: "asyncpg.Connection[Any]", *, level: str, but: Sequence[UUID], limit: int) -> list[Commitment]:
    """Signed commitments, the oldest first, whose PDF has no stamp of this level or a higher one."""
    rows = await sql.fetch(_UNSTAMPED, level, list(but), limit)
    return [Commitment(**dict(row)) for row in rows]


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
        Line(one, answers.get(one.clause.key), rules.standing_of(answers.get(one.clause.key), one.clause, today),
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
