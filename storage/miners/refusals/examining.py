"""The acts on retaliation: that it was reported, each step until it is established or not; and what is read of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from storage.miners.refusals import clocks, retaliating, rules
from storage.miners.refusals.operations import digest_of
from storage.miners.refusals.retaliating import Examined, Taken
from storage.miners.refusals.tables import RefusalFiling, Retaliation, RetaliationStep, RetaliationStepKind
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import minute_of
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.mines import queries as mines


@dataclass(frozen=True, slots=True)
class RetaliationRow:
    """A matter of retaliation as it is read; never of whose report it comes."""

    id: UUID
    mine_id: UUID
    county: str
    office: str
    upper: str
    state: RetaliationStepKind
    reported_at: datetime


_COLUMNS = "id, mine_id, county, office, upper, state, reported_at"
_TO_CHANGE = f"SELECT {_COLUMNS} FROM retaliations WHERE id = $1 FOR NO KEY UPDATE"
_LISTED = f"""
SELECT {_COLUMNS} FROM retaliations
WHERE ($2::timestamptz IS NULL OR (reported_at, id) {{}} ($2, $3)) ORDER BY reported_at {{}}, id {{}} LIMIT $1
"""
_STEPS = """
SELECT retaliation_id, id, ordinal, kind, at, by_id, words, case_id FROM retaliation_steps
WHERE retaliation_id = ANY ($1::uuid[]) ORDER BY retaliation_id, ordinal
"""


async def report_retaliation(work: Work, *, report_id: UUID, mine_id: UUID) -> RetaliationRow:
    """Opens a matter of its own for a report of obstruction or revenge. The batch of reports calls it: no verb.

    Its entry stands in the scope of the division above alone: who is told is one level up, and at the county only its
    verification officers read of it.
    """
    mine = await mines.mine_of_id(work.sql, mine_id)
    row = Retaliation(
        id=uuid4(), mine_id=mine.id, county=mine.county, office=mine.office, state=RetaliationStepKind.REPORTED,
        upper=mines.upper_of(mine.county), reported_at=minute_of(work.now),
    )  # fmt: skip
    await add_rows(work.sql, [row])
    step = Taken(id=uuid4(), ordinal=0, kind=row.state, at=row.reported_at)
    await add_rows(work.sql, [_row(row.id, step)])
    await clocks.begin_clocks(work, row.id, [step])
    filing = RefusalFiling(
        report_id=report_id, mine_id=mine.id, county=mine.county, office=mine.office, retaliation_id=row.id
    )
    await add_rows(work.sql, [filing])
    told = {"mine": str(mine.id), "county": mine.county, "office": mine.office, "report": digest_of(report_id)}
    work.record("retaliation.reported", row.id, data=told | _said(step), county=row.upper)
    return await retaliation_of_id(work.sql, row.id)


async def examine_retaliation(work: Work, *, retaliation_id: UUID, examined: Examined) -> RetaliationRow:
    """A verification officer looks into it, and says what it was; what was established has its case.

    The same id with the same content is the same act. Raises BadInput, NotFound, NotAllowed, RetaliationOver,
    RetaliationNotLookedInto, RetaliationWithoutCase, RetaliationStepConflict.
    """
    retaliating.must_be_well_formed(examined)
    found = await work.sql.fetchrow(_TO_CHANGE, retaliation_id)
    if found is None:
        raise NotFound()
    row = _told(found)
    work.actor.require(Verb.RETALIATION_EXAMINE, county=row.county, office=row.office, mine_id=row.mine_id)
    steps = (await steps_of_retaliations(work.sql, [row.id]))[row.id]
    if _taken_before(work, steps, examined):
        return row
    of_the_mine = await work.sql.fetchval(
        "SELECT EXISTS (SELECT FROM cases WHERE id = $1 AND mine_id = $2)", examined.case_id, row.mine_id
    )
    retaliating.must_be_takeable(steps, examined, case_of_the_mine=of_the_mine)
    step = Taken(
        id=examined.id, ordinal=len(steps), kind=examined.kind, at=work.now, by_id=work.actor.account_id,
        words=examined.words.strip(), case_id=examined.case_id,
    )  # fmt: skip
    await add_rows(work.sql, [_row(row.id, step)])
    await clocks.meet_clocks(work, row.id, step)
    await work.sql.execute("UPDATE retaliations SET state = $2 WHERE id = $1", row.id, step.kind.value)
    work.record(f"retaliation.{step.kind.value.lower()}", row.id, data=_said(step), county=row.upper)
    return await retaliation_of_id(work.sql, row.id)


async def retaliations_visible_to(
    sql: "asyncpg.Connection[Any]", *, limit: int, behind: tuple[datetime, UUID] | None = None, backwards: bool = False
) -> list[RetaliationRow]:
    """A page of what the session's actor may see, newest first; one statement."""
    way = ("ASC", ">") if backwards else ("DESC", "<")
    rows = await sql.fetch(_LISTED.format(way[1], way[0], way[0]), limit, *(behind or (None, None)))
    return [_told(row) for row in rows]


async def retaliation_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> RetaliationRow:
    """The matter; NotFound if unseen."""
    row = await sql.fetchrow(f"SELECT {_COLUMNS} FROM retaliations WHERE id = $1", id)
    if row is None:
        raise NotFound()
    return _told(row)


async def steps_of_retaliations(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> dict[UUID, list[Taken]]:
    """The steps of many matters in their order; one statement."""
    found: dict[UUID, list[Taken]] = {id: [] for id in ids}
    for row in await sql.fetch(_STEPS, list(ids)):
        told = dict(row)
        of = told.pop("retaliation_id")
        found[of].append(Taken(**(told | {"kind": RetaliationStepKind(told["kind"])})))
    return found


def _taken_before(work: Work, steps: Sequence[Taken], examined: Examined) -> bool:
    known = next((one for one in steps if one.id == examined.id), None)
    if known is None:
        return False
    same = (known.kind, known.words, known.case_id) == (examined.kind, examined.words.strip(), examined.case_id)
    if not same or known.by_id != work.actor.account_id:
        raise rules.RetaliationStepConflict()
    return True


def _told(row: "asyncpg.Record") -> RetaliationRow:
    return RetaliationRow(**(dict(row) | {"state": RetaliationStepKind(row["state"])}))


def _row(retaliation_id: UUID, step: Taken) -> RetaliationStep:
    return RetaliationStep(
        id=step.id, retaliation_id=retaliation_id, ordinal=step.ordinal, kind=step.kind, at=step.at, by_id=step.by_id,
        words=step.words, case_id=step.case_id,
    )  # fmt: skip


def _said(step: Taken) -> dict[str, Any]:
    said: dict[str, Any] = {"step": str(step.id), "ordinal": step.ordinal, "words": step.words}
    return said | ({"case": str(step.case_id)} if step.case_id else {})
