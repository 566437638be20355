"""The act of a mine's clerk on commitments: he says of each clause what the mine has to say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from storage.promises.commitments import queries, rules
from storage.promises.commitments.rules import Given
from storage.promises.commitments.tables import ClauseAnswer
from storage.promises.templates import queries as templates
from storage.promises.templates.queries import YearOfMine
from storage.promises.templates.rules import Promised, TemplateNotApproved, must_be_a_year_to_promise
from storage.promises.templates.rules import digest_of as digest_of_clause
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow


async def answer_clauses(work: Work, *, mine_id: UUID, year: int, given: Sequence[Given]) -> list[ClauseAnswer]:
    """Keeps what a mine's clerk says of clauses; what he says later of the same takes its place, and both stay.

    Raises NotAllowed, NotFound, YearOver, BadInput, TemplateNotApproved, ClauseNotPromised, EvidenceNotSealed.
    """
    mine = await mines.mine_of_id(work.sql, mine_id)
    work.actor.require(Verb.COMMITMENT_ANSWER, **_scope(mine))
    must_be_a_year_to_promise(year, day_of(work.now))
    rules.must_be_answers(given, year=year, today=day_of(work.now))
    promised = {one.clause.key: one for one in (await _promised(work, mine_id, year)).promised}
    rules.must_be_promised(given, promised)
    pieces = [piece for one in given for piece in one.evidence]
    rules.must_be_sealed(pieces, await queries.sealed_of(work, pieces, mine_id))
    rows = [_row(work, mine, year, one, promised[one.key]) for one in sorted(given, key=lambda one: one.key)]
    await add_rows(work.sql, rows)
    for row in rows:
        work.record("commitment.answered", row.id, data=_told(row), **_scope(mine))
    return rows


async def _promised(work: Work, mine_id: UUID, year: int) -> YearOfMine:
    found = await templates.clauses_for(work.sql, mine_id, year)
    if found is None:
        raise TemplateNotApproved(year=year)
    return found


def _scope(mine: MineRow) -> dict[str, Any]:
    return {"county": mine.county, "office": mine.office, "mine_id": mine.id}


def _row(work: Work, mine: MineRow, year: int, given: Given, promised: Promised) -> ClauseAnswer:
    return ClauseAnswer(
        id=ids.new_id(to_ms(work.now)), **_scope(mine), year=year, key=given.key,
        clause_digest=digest_of_clause(promised.clause), outcome=given.outcome, by_day=given.by_day,
        measure=given.measure, words=given.words, evidence=list(given.evidence),
        answered_by=work.actor.account_id, answered_at=work.now,
    )  # fmt: skip


def _told(row: ClauseAnswer) -> dict[str, Any]:
    """The answer as its entry holds it; what is not there is left out."""
    told = {
        "year": row.year, "key": row.key, "clause": row.clause_digest.hex(), "outcome": str(row.outcome),
        "by_day": row.by_day and row.by_day.isoformat(), "measure": row.measure, "words": row.words,
        "evidence": [str(one) for one in row.evidence],
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
