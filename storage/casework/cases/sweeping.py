"""What cases tell the sweep of their clocks, as the law of today has them."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries
from storage.casework.cases.clocks import LAPSING, Running, deadlines_of
from storage.casework.cases.keeping import one_each
from storage.casework.cases.queries import File
from storage.casework.overruns import Kind, Row, Today
from storage.record.law import Law
from storage.record.work import Work

log = logging.getLogger("pithead.sweeping")

_STUCK = "SELECT DISTINCT case_id FROM case_clocks WHERE stuck_at IS NOT NULL AND met_at IS NULL ORDER BY 1 LIMIT $1"
_Clocks = dict[tuple[str, UUID], Running]
_NOT_OURS = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""The database's own faults end the turn, whichever case it was."""


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    """Derived anew from the steps of their cases; one that cannot be told is stuck, and the others go on."""
    derived = await _derived(work, list(dict.fromkeys(row["case_id"] for row in rows)))
    found = []
    for row in rows:
        clocks = derived[row["case_id"]]
        clock = None if clocks is None else clocks.get((row["key"], row["subject"]))
        found.append(Today(stuck=True) if clocks is None else _of(work, row, clock))
    return found


async def _derived(work: Work, ids: Sequence[UUID]) -> dict[UUID, _Clocks | None]:
    """The clocks of each case; None of one whose steps, as they stand, the code of today cannot read or reckon with."""
    try:
        files = {file.row.id: file for file in await queries.files_of(work.sql, ids)}
        return {id: _clocks(files[id]) for id in ids}
    except _NOT_OURS:
        raise
    except Exception:
        if len(ids) > 1:  # Whose fault it is shows when each is looked at alone.
            return {id: clocks for one in ids for id, clocks in (await _derived(work, [one])).items()}
        log.critical("the clocks of case %s cannot be derived: they are stuck", ids[0], exc_info=True)
        return {ids[0]: None}


async def stuck_cases(sql: "asyncpg.Connection[Any]", *, limit: int) -> list[UUID]:
    """The cases whose clocks could not be derived when the sweep last tried."""
    return [row["case_id"] for row in await sql.fetch(_STUCK, limit)]


def _clocks(file: File) -> _Clocks:
    return {(one.key, one.subject): one for one in one_each(deadlines_of(file.history, file.law))}


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
    may_stick=True,
    binding="key NOT IN ({})".format(", ".join(f"'{key}'" for key in sorted(LAPSING))),  # Our own names.
)  # fmt: skip
