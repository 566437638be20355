"""How the clocks of retaliation are kept, and what the sweep is told of them."""

from collections.abc import Sequence
from uuid import UUID

from storage.casework.overruns import Kind, Row, Today
from storage.miners.refusals import retaliating
from storage.miners.refusals.retaliating import Taken
from storage.miners.refusals.tables import RetaliationDeadline
from storage.record.bulk import add_rows
from storage.record.law import Law
from storage.record.work import Work
from storage.register.mines.queries import UPPER
from storage.register.provisions import queries as provisions

_MEET = "UPDATE retaliation_deadlines SET met_at = $3 WHERE retaliation_id = $1 AND key = ANY ($2) AND met_at IS NULL"
# Told one level up, and of no mine, as all of it is: whoever should have acted at the county is known there.
_ABOVE = f"(SELECT id, NULL::uuid AS mine_id, {UPPER} AS county, NULL::text AS office FROM retaliations)"


async def begin_clocks(work: Work, id: UUID, steps: Sequence[Taken]) -> None:
    """Both clocks of a matter that was reported."""
    law = await provisions.law_of(work.sql)
    await add_rows(
        work.sql,
        [
            RetaliationDeadline(
                retaliation_id=id, key=one.key, start=one.start, article=one.article, ends=one.ends,
                ends_at=one.over_at, alarm=one.alarm, law=law.edition,
            )
            for one in retaliating.clocks_of(steps, law)
        ],
    )  # fmt: skip


async def meet_clocks(work: Work, id: UUID, step: Taken) -> None:
    """Those that a step meets; one that ran out before stays told."""
    met = [key for key, kinds in retaliating.MET_BY.items() if step.kind in kinds]
    await work.sql.execute(_MEET, id, met, step.at)


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    return [_of(law, row) for row in rows]


def _of(law: Law, row: Row) -> Today:
    clock = retaliating.clock_of(law, row["key"], row["start"])
    holds = {"article": clock.article, "ends": clock.ends, "ends_at": clock.over_at, "alarm": clock.alarm}
    said = {"key": clock.key}
    return Today(over_at=clock.over_at, ends=clock.ends, article=clock.article, holds=holds, said=said)


CLOCKS = Kind(
    entry="retaliation.clock_overrun", table="retaliation_deadlines", keys=("retaliation_id", "key"),
    matter="retaliation_id", matters=_ABOVE, over="ends_at", holds=("article", "ends", "ends_at", "alarm"),
    today=_today,
)  # fmt: skip
