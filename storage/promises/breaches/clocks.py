"""How the clocks of breaches are kept, and what the sweep is told of them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from storage.casework.overruns import Kind, Row, Today
from storage.promises.breaches import queries
from storage.promises.breaches.rules import DECIDED, clock_of
from storage.promises.breaches.tables import BreachDeadline
from storage.record.bulk import add_rows
from storage.record.law import Law
from storage.record.work import Work
from storage.register.provisions import queries as provisions

_MEET = "UPDATE breach_deadlines SET met_at = $3 WHERE breach_id = $1 AND key = ANY ($2) AND met_at IS NULL"


async def begin(work: Work, id: UUID, key: str, start: date) -> date | None:
    """Begins a clock; returns its last day, None while nobody knows it."""
    law = await provisions.law_of(work.sql)
    found = clock_of(law, key, start)
    row = BreachDeadline(
        breach_id=id, key=key, start=start, article=law.parameter(key, start).article,
        ends=found.ends if found else None, ends_at=found.over_at() if found else None,
        alarm=found.alarm if found else None, law=law.edition,
    )  # fmt: skip
    await add_rows(work.sql, [row])
    return row.ends


async def meet(work: Work, id: UUID, *keys: str) -> None:
    """Those clocks are met; one that ran out before stays told."""
    await work.sql.execute(_MEET, id, list(keys), work.now)


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    found = await queries.breaches_by_ids(work.sql, [row["breach_id"] for row in rows])
    finders = {one.id: one.found_by for one in found}
    return [_of(law, row, finders[row["breach_id"]]) for row in rows]


def _of(law: Law, row: Row, finder: UUID) -> Today:
    found = clock_of(law, row["key"], row["start"])
    if found is None:
        return Today(holds={"ends": None, "ends_at": None, "alarm": None})
    holds = {"article": found.article, "ends": found.ends, "ends_at": found.over_at(), "alarm": found.alarm}
    said = {"key": row["key"], "officers": [str(finder)]}  # Whoever found it sees to it that it is decided.
    return Today(over_at=found.over_at(), ends=found.ends, article=found.article, holds=holds, said=said)


# Of a mine that says nothing the authority is told as well: from then on it is its turn.
CLOCKS = Kind(
    entry="breach.clock_overrun", table="breach_deadlines", keys=("breach_id", "key"), matter="breach_id",
    matters="breaches", over="ends_at", holds=("article", "ends", "ends_at", "alarm"), today=_today,
    binding=f"key = '{DECIDED}'",
)  # fmt: skip
