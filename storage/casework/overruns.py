"""How the sweep tells of clocks that ran out: one way for all areas, each of which says what its own are."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from storage.record.law import Law
from storage.record.work import Work

STUCK_FOR = timedelta(hours=1)
"""After which a clock that could not be derived is tried again."""
Row = asyncpg.Record
"""A clock as its row holds it, with the scope of its matter: of_mine, of_county, of_office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A clock as the law of today has it: `over_at` is None where nobody knows its end, or nothing is asked any more.

    `holds` is what its row holds from now on; `said` what an entry says of it besides its end. `stuck`: it could not
    be derived; its row stays as it is and is tried again later, so that it holds up no other.
    """

    over_at: datetime | None = None
    ends: date | None = None
    article: str = ""
    holds: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    stuck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The clocks of one area: their table, the columns that name one, and the table of the matters in which they run.

    `over` and `met` are the columns of its end and of when it was met; `holds` those that the law of today fills. With
    `renewed` each row also keeps by which edition of the law it was derived. Names of columns and tables are our own.
    """

    entry: str
    table: str
    keys: tuple[str, ...]
    matter: str
    matters: str
    over: str
    met: str = "met_at"
    holds: tuple[str, ...] = ()
    renewed: bool = True
    binding: str = "true"
    may_stick: bool = False
    today: Callable[[Work, Law, Sequence[Row]], Awaitable[Sequence[Today]]]

    @property
    def ran_out(self) -> str:
        """The rows whose end is past and of which the record does not tell yet, at $1, $2 of them.

        Another sweeper's batch is passed over; whoever takes a step waits for the batch, or the batch leaves his rows.
        """
        return self._taken(
            f"k.{self.over} <= $1 AND (k.overrun_of IS NULL OR k.overrun_of < k.{self.over})", order=f"k.{self.over}"
        )

    @property
    def outdated(self) -> str:
        """The rows that an older law than that of edition $1 gave their end, $2 of them."""
        return self._taken("k.law < $1", order="k.law")

    def again(self, now: datetime) -> tuple[datetime, ...]:
        """$3 of both, where what got stuck waits: what got stuck before is tried again."""
        return (now - STUCK_FOR,) if self.may_stick else ()

    @property
    def overdue(self) -> str:
        """The moments at which those ran out that bind somebody and are not met yet, at $2."""
        open_yet = f"{self.met} IS NULL AND {self.over} <= $2 AND {self.binding}"
        return f"SELECT {self.over} FROM {self.table} WHERE {open_yet}"

    @property
    def keep(self) -> str:
        """The rows of $1 as they stand from now on."""
        more = (("law",) if self.renewed else ()) + (("stuck_at",) if self.may_stick else ())
        columns = (*self.holds, "overrun_of", *more)
        return (
            f"UPDATE {self.table} k SET {', '.join(f'{one} = t.{one}' for one in columns)}"
            f" FROM jsonb_populate_recordset(NULL::{self.table}, $1::jsonb) t"
            f" WHERE {' AND '.join(f'k.{one} = t.{one}' for one in self.keys)}"
        )

    def _taken(self, which: str, *, order: str) -> str:
        waits = " AND (k.stuck_at IS NULL OR k.stuck_at <= $3)" if self.may_stick else ""
        return (
            "SELECT k.*, s.mine_id AS of_mine, s.county AS of_county, s.office AS of_office"
            f" FROM {self.table} k JOIN {self.matters} s ON s.id = k.{self.matter}"
            f" WHERE k.{self.met} IS NULL AND {which}{waits}"
            f" ORDER BY {order}, {', '.join(f'k.{one}' for one in self.keys)} LIMIT $2 FOR UPDATE OF k SKIP LOCKED"
        )


async def tell(work: Work, kind: Kind, law: Law, *, limit: int) -> int:
    """Tells of up to `limit` clocks that they ran out, and derives up to `limit` anew whose law is not that of today.

    A row holds what was derived at the last step. The law may have changed since, and an entry stands for ever: so
    each is derived anew before it is told, once for each end that it had; one that runs on only gets its new end.
    Returns how many were looked at. Nothing else changes.
    """
    again = kind.again(work.now)
    looked = await _look_at(work, kind, law, await work.sql.fetch(kind.ran_out, work.now, limit, *again))
    if kind.renewed:
        looked += await _look_at(work, kind, law, await work.sql.fetch(kind.outdated, law.edition, limit, *again))
    return looked


async def _look_at(work: Work, kind: Kind, law: Law, rows: Sequence[Row]) -> int:
    if rows:
        clocks = await kind.today(work, law, rows)
        kept = [_kept(work, kind, law, row, clock) for row, clock in zip(rows, clocks, strict=True)]
        await work.sql.execute(kind.keep, orjson.dumps(kept, default=str).decode())
    return len(rows)


def _kept(work: Work, kind: Kind, law: Law, row: Row, clock: Today) -> dict[str, Any]:
    """What the row holds from now on; leaves the entry where the clock did run out and nobody told."""
    if clock.stuck:
        held = {name: row[name] for name in (*kind.keys, *kind.holds, "overrun_of", "law")}
        return held | {"stuck_at": work.now}
    told = row["overrun_of"]
    over_at = clock.over_at
    if over_at is not None and over_at <= work.now and (told is None or told < over_at):
        _record(work, kind, row, clock, over_at=over_at)
        told = over_at
    kept = {name: row[name] for name in (*kind.keys, *kind.holds)} | dict(clock.holds) | {"overrun_of": told}
    return kept | {"law": law.edition} if kind.renewed else kept


def _record(work: Work, kind: Kind, row: Row, clock: Today, *, over_at: datetime) -> None:
    matter: UUID = row[kind.matter]
    said = {"over_at": over_at.isoformat(), "article": clock.article, **clock.said}
    if clock.ends is not None:
        said["ends"] = clock.ends.isoformat()
    scope = {"mine_id": row["of_mine"], "county": row["of_county"], "office": row["of_office"]}
    work.record(kind.entry, matter, data=said, **scope)
