"""What the mine reads of its own cases: what was told to it, what it said itself, and how it ended; nothing beyond.

Drafts, reviews, deliberations, notes and what other people said stay within the agency. The kinds stand here as data,
and once more in the row policy of `case_steps`, which holds whatever a query forgets.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from storage.casework.cases.history import History
from storage.casework.cases.steps import PartyKind, StepKind
from storage.record.actor import Actor, Reach, Verb
from storage.record.scopes import Listed, page_within

_K = StepKind
SHOWN: Final[dict[StepKind, str]] = {
    _K.CORRECTION_ORDERED: "行政处罚法第二十八条",
    _K.NOTICE_SERVED: "行政处罚法第四十四条、第六十二条",
    _K.HEARING_OFFERED: "行政处罚法第六十三条、第六十四条",
    _K.DEFENCE_RECEIVED: "行政处罚法第四十五条",
    _K.DEFENCE_WAIVED: "行政处罚法第四十五条",
    _K.DEFENCE_EXAMINED: "行政处罚法第四十五条",
    _K.HEARING_ASKED: "行政处罚法第六十四条",
    _K.HEARING_WAIVED: "行政处罚法第六十四条",
    _K.HEARING_NOTIFIED: "行政处罚法第六十四条",
    _K.HEARING_HELD: "行政处罚法第六十四条、第六十五条",
    _K.DECIDED: "行政处罚法第五十九条、第六十一条",
    _K.DECIDED_ON_THE_SPOT: "行政处罚法第五十二条",
    _K.SERVICE_CONFIRMED: "行政处罚法第六十一条",
    _K.SERVED: "行政处罚法第六十一条",
    _K.PAID: "行政处罚法第六十七条、第七十条",
    _K.INSTALMENTS_GRANTED: "行政处罚法第六十六条",
    _K.SURCHARGE_ORDERED: "行政处罚法第七十二条",
    _K.URGED: "行政强制法第五十四条",
    _K.RECONSIDERATION_FILED: "行政处罚法第七条",
    _K.SUIT_FILED: "行政处罚法第七条",
    _K.OUTCOME_RECEIVED: "行政处罚法第七条",
    _K.CORRECTED: "行政处罚法第六十一条",
    _K.REVOKED: "行政处罚法第七十五条",
}
"""The kinds of steps that the mine reads where they are about the unit, each with the article that gives them to it."""

_CASES = Listed(table="cases", columns=("id", "mine_id", "cause", "simple", "opened_at"), key="opened_at")
# A decision is the party's from its service on: before, nobody but the agency knows it.
_STEPS = """
SELECT w.id AS case_id, s.id, s.kind, s.at, s.recorded_at, s.body, s.entry_id,
  (SELECT max(p.position) FROM positions p WHERE p.entry_id = s.entry_id) AS position
FROM unnest($1::uuid[]) AS w(id) JOIN case_steps s ON s.case_id = w.id
WHERE s.kind = ANY ($2::text[])
  AND EXISTS (SELECT FROM case_parties p WHERE p.id = s.party_id AND p.kind = 'UNIT')
  AND (s.kind <> 'DECIDED' OR EXISTS (SELECT FROM case_served v WHERE v.decision_id = s.id))
ORDER BY s.case_id, s.ordinal
"""


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case as the mine reads it: where the agency stands within its own procedure is not told."""

    id: UUID
    mine_id: UUID
    cause: str
    simple: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step that the mine reads: not who entered it, nor how many steps stand between two."""

    case_id: UUID
    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    body: str
    entry_id: UUID
    position: int | None


def is_told(history: History) -> bool:
    """Whether the mine knows of the case: something was told to the unit, or it said something itself."""
    return any(
        step.kind in SHOWN and step.kind is not StepKind.DECIDED and _is_of_unit(step.party, history)
        for step in history
    )  # fmt: skip


def _is_of_unit(party: UUID | None, history: History) -> bool:
    against = history.parties.get(party) if party is not None else None
    return against is not None and against.kind is PartyKind.UNIT


def at_his_mines(actor: Actor) -> Actor:
    """The same person with the sight of his mines alone: a grant that reaches further widens nothing here."""
    return replace(actor, reach=Reach(mines=actor.reach_of(Verb.CASE_READ_OWN).mines))


async def own_cases(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[OwnCase]:
    """A page of the cases that the actor's mines were told of, newest first."""
    statement = page_within(
        _CASES, at_his_mines(actor).reach, limit=limit, behind=behind, backwards=backwards,
        where={"told_at IS NOT NULL": ()},
    )  # fmt: skip
    return [OwnCase(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def own_steps(sql: "asyncpg.Connection[Any]", case_ids: Sequence[UUID]) -> list[OwnStep]:
    """What the mine reads of each of these cases, in their order; one statement."""
    return [OwnStep(*row) for row in await sql.fetch(_STEPS, list(case_ids), [one.value for one in SHOWN])]
