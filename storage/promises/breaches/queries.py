"""Every select of breaches and of what follows them; takes the actor, returns what it may see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.breaches.tables import Breach, BreachConsequence, BreachDeadline
from storage.record.actor import Actor, Verb
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work

_BREACHES = Listed(table="breaches", columns=tuple(Breach.model_fields), key="found_at")
_CONSEQUENCES = Listed(table="breach_consequences", columns=tuple(BreachConsequence.model_fields), key="proposed_at")
_DEADLINE = ", ".join(BreachDeadline.model_fields)
_BREACH, _CONSEQUENCE = ", ".join(Breach.model_fields), ", ".join(BreachConsequence.model_fields)
_UNDECIDED = "decided_at IS NULL"


async def breaches_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    open_only: bool = False,
) -> list[Breach]:
    """A page of breaches within the actor's reach, newest found first; of one mine, or only what is undecided."""
    statement = page_within(
        _BREACHES, actor.reach_of(Verb.BREACH_READ), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
        where={_UNDECIDED: ()} if open_only else None,
    )  # fmt: skip
    return [Breach(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def breaches_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Breach]:
    """Those of the breaches that the session's actor sees; one statement."""
    rows = await sql.fetch(f"SELECT {_BREACH} FROM breaches WHERE id = ANY ($1::uuid[])", list(ids))
    return [Breach(**dict(row)) for row in rows]


async def breach_to_change(work: Work, id: UUID) -> Breach:
    """The breach, locked until the act is over; NotFound out of sight."""
    found: Breach | None = await work.rows.get(Breach, id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


async def breach_again(work: Work, id: UUID) -> Breach:
    """What a replay answers: the breach as it stands today."""
    found = await breaches_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def answer_ends(work: Work, id: UUID, key: str) -> date | None:
    """The last day of a clock of a breach, as its row holds it."""
    ends: date | None = await work.sql.fetchval(
        "SELECT ends FROM breach_deadlines WHERE breach_id = $1 AND key = $2", id, key
    )
    return ends


async def deadlines_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[BreachDeadline]:
    """The clocks of many breaches, those of each in order of their start; one statement."""
    rows = await sql.fetch(
        f"SELECT {_DEADLINE} FROM breach_deadlines WHERE breach_id = ANY ($1::uuid[]) ORDER BY breach_id, start, key",
        list(ids),
    )  # fmt: skip
    return [BreachDeadline(**dict(row)) for row in rows]


async def standing_among(work: Work, ids: Sequence[UUID], mine_id: UUID) -> frozenset[UUID]:
    """Those of these breaches that stand at this mine."""
    rows = await work.sql.fetch(
        "SELECT id FROM breaches WHERE id = ANY ($1::uuid[]) AND mine_id = $2 AND stands", list(ids), mine_id
    )
    return frozenset(row["id"] for row in rows)


async def consequences_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
) -> list[BreachConsequence]:
    """A page of what was proposed to follow breaches, newest first; of one mine or all within reach."""
    statement = page_within(
        _CONSEQUENCES, actor.reach_of(Verb.BREACH_READ), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [BreachConsequence(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def consequences_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[BreachConsequence]:
    """Those of them that the session's actor sees; one statement."""
    rows = await sql.fetch(f"SELECT {_CONSEQUENCE} FROM breach_consequences WHERE id = ANY ($1::uuid[])", list(ids))
    return [BreachConsequence(**dict(row)) for row in rows]


async def consequence_to_decide(work: Work, id: UUID) -> BreachConsequence:
    """The proposal, locked until the act is over; NotFound out of sight."""
    found: BreachConsequence | None = await work.rows.get(BreachConsequence, id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


async def consequence_again(work: Work, id: UUID) -> BreachConsequence:
    """What a replay answers: the proposal as it stands today."""
    found = await consequences_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]
