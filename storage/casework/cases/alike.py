"""Like cases with their results: those in which the same clause was broken, or the same kind of finding was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, DecisionOutcome
from storage.casework.cases.bodies.notice import DiscretionSuggested
from storage.casework.cases.history import History
from storage.casework.cases.queries import CaseRow
from storage.casework.cases.sanctions import fine_in
from storage.casework.cases.standing import CaseState
from storage.casework.cases.steps import PartyKind, SanctionKind, Step
from storage.record.law.discretion import DiscretionGround

MOST = 50
DECIDED = (
    CaseState.DECIDED, CaseState.SERVED, CaseState.CHALLENGED, CaseState.BEFORE_THE_COURT, CaseState.PERFORMED,
    CaseState.CLOSED, CaseState.ARCHIVED,
)  # fmt: skip
"""Where a case may stand that has results."""
# Either way along an index of its own; a case that is alike in both ways comes once.
_ALIKE = """
WITH own AS (SELECT clause, kind FROM case_conducts WHERE case_id = $1), alike AS (
  SELECT o.case_id, true AS by_clause, false AS by_kind FROM own JOIN case_conducts o ON o.clause = own.clause
  UNION ALL
  SELECT o.case_id, false, true FROM own JOIN case_conducts o ON o.kind = own.kind
)
SELECT a.case_id, bool_or(a.by_clause) AS by_clause, bool_or(a.by_kind) AS by_kind
FROM alike a JOIN cases c ON c.id = a.case_id
WHERE a.case_id <> $1 AND c.state = ANY ($3)
GROUP BY a.case_id, c.opened_at ORDER BY c.opened_at DESC, a.case_id DESC LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided of one party; `stands` is False once the decision fell."""

    decision: UUID
    at: datetime
    party: PartyKind
    outcome: DecisionOutcome
    fine: int
    sanctions: tuple[SanctionKind, ...]
    ground: DiscretionGround | None
    stands: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """A case like another: by the clause, by the kind of finding, or both; with its results, oldest first."""

    case: CaseRow
    by_clause: bool
    by_kind: bool
    results: tuple[Result, ...]


async def cases_like(sql: "asyncpg.Connection[Any]", id: UUID, *, limit: int) -> list[Alike]:
    """The decided cases within sight that are like this one, newest first; as many statements for any number."""
    rows = await sql.fetch(_ALIKE, id, min(limit, MOST), [one.value for one in DECIDED])
    files = {file.row.id: file for file in await queries.files_of(sql, [row["case_id"] for row in rows])}
    return [
        Alike(files[row["case_id"]].row, row["by_clause"], row["by_kind"], results_of(files[row["case_id"]].history))
        for row in rows
        if row["case_id"] in files
    ]


def results_of(history: History) -> tuple[Result, ...]:
    """What was decided in a case, of whom, and whether it stands."""
    made: Sequence[Step[Any]] = history.of(Decided, DecidedOnTheSpot)
    return tuple(_result(one, history) for one in made if one.party in history.parties)


def _result(decision: Step[Any], history: History) -> Result:
    assert decision.party is not None  # noqa: S101 # It is one of the parties.
    suggested = history.last(DiscretionSuggested, party=decision.party)
    body = decision.body
    return Result(
        decision=decision.id, at=decision.at, party=history.parties[decision.party].kind,
        outcome=body.outcome if isinstance(body, Decided) else DecisionOutcome.PENALTY, fine=fine_in(body.sanctions),
        sanctions=tuple(dict.fromkeys(one.kind for one in body.sanctions)),
        ground=suggested.body.ground if suggested is not None else None, stands=decision.id not in history.fallen,
    )  # fmt: skip
