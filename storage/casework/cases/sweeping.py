"""What cases tell the sweep of their clocks, as the law of today has them."""

from collections.abc import Sequence

from storage.casework.cases import queries
from storage.casework.cases.clocks import LAPSING, Running, deadlines_of
from storage.casework.cases.keeping import one_each
from storage.casework.overruns import Kind, Row, Today
from storage.record.law import Law
from storage.record.work import Work


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    """Derived anew from the steps of their cases."""
    files = await queries.files_of(work.sql, list(dict.fromkeys(row["case_id"] for row in rows)))
    today = {
        (file.row.id, one.key, one.subject): one
        for file in files
        for one in one_each(deadlines_of(file.history, file.law))
    }
    return [_of(work, row, today.get((row["case_id"], row["key"], row["subject"]))) for row in rows]


def _of(work: Work, row: Row, clock: Running | None) -> Today:
    if clock is None or clock.met_at is not None:  # The law of today asks for nothing here.
        return Today(holds={"met_at": work.now if clock is None else clock.met_at})
    deadline = clock.deadline
    if deadline is None:
        return Today(holds={"ends": None, "alarm": None, "over_at": None, "year": clock.year})
    said = {"key": clock.key, "step": str(clock.subject), "lapsed": clock.key in LAPSING}
    over_at, ends = deadline.over_at(), deadline.ends
    return Today(
        over_at=over_at, ends=ends, article=deadline.article,
        holds={"ends": ends, "alarm": deadline.alarm, "over_at": over_at, "year": None},
        said=said | ({"party": str(clock.party)} if clock.party is not None else {}),
    )  # fmt: skip


CLOCKS = Kind(
    entry="case.clock_overrun", table="case_clocks", keys=("case_id", "key", "subject"), matter="case_id",
    matters="cases", over="over_at", holds=("ends", "alarm", "over_at", "year", "met_at"), today=_today,
    binding="key NOT IN ({})".format(", ".join(f"'{key}'" for key in sorted(LAPSING))),  # Our own names.
)  # fmt: skip
