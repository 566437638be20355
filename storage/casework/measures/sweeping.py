"""What measures tell the sweep of their clocks: terms, re-checks, approvals, holds, months of tracking, restarts."""

from collections.abc import Sequence

from storage.casework.measures import grounds, queries
from storage.casework.measures.clocks import Clock, clocks_of
from storage.casework.overruns import Kind, Row, Today
from storage.record.law import Law
from storage.record.work import Work


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    """Derived anew from the steps; a month of tracking that began since the last step gets its row."""
    histories = await queries.histories_of(work.sql, list(dict.fromkeys(row["measure_id"] for row in rows)))
    clocks = {id: clocks_of(history, law, now=work.now) for id, history in histories.items()}
    for id, running in clocks.items():
        await grounds.add_clocks(work, id, running, edition=law.edition)
    today = {(id, one.key, one.number): one for id, running in clocks.items() for one in running}
    return [_of(work, today.get((row["measure_id"], row["key"], row["number"]))) for row in rows]


def _of(work: Work, clock: Clock | None) -> Today:
    if clock is None:  # The law of today asks for nothing here.
        return Today(holds={"met_at": work.now})
    holds = {name: getattr(clock, name) for name in CLOCKS.holds}
    if clock.met_at is not None:
        return Today(holds=holds)
    said = {"key": clock.key, "number": clock.number}
    return Today(over_at=clock.ends_at, ends=clock.ends, article=clock.article, holds=holds, said=said)


CLOCKS = Kind(
    entry="measure.clock_overrun", table="measure_deadlines", keys=("measure_id", "key", "number"),
    matter="measure_id", matters="measures", over="ends_at",
    holds=("article", "ends", "ends_at", "alarm", "provisional", "note", "met_at"), today=_today,
)  # fmt: skip
