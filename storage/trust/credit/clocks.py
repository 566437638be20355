"""What the sweep is told of the clocks of credit: of requests and proposals to decide, of what agencies were asked."""

from collections.abc import Sequence

from storage.casework.overruns import Kind, Row, Today
from storage.record.clock import day_of
from storage.record.law import Deadline, Law
from storage.record.work import Work
from storage.trust.credit import listing_rules, rules
from storage.trust.credit.rules import clock_of

_HOLDS = ("due_on", "over_at")
_LISTED = "SELECT id FROM blacklistings WHERE id = ANY ($1::uuid[]) AND state = 'LISTED'"


async def _repairs(_: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    return [_today(clock_of(law, rules.DECIDED, day_of(row["asked_at"]))) for row in rows]


async def _removals(_: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    return [_today(clock_of(law, listing_rules.REMOVAL_DECIDED, day_of(row["asked_at"]))) for row in rows]


async def _listings(_: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    """From the end of the party's time on: an entry that nobody told of yet has no clock."""
    found = []
    for row in rows:
        ends = clock_of(law, listing_rules.ANSWERED, day_of(row["told_at"])) if row["told_at"] else None
        clock = clock_of(law, listing_rules.DECIDED, ends.ends) if ends else None
        found.append(_today(clock))
    return found


async def _sanctions(work: Work, _: Law, rows: Sequence[Row]) -> list[Today]:
    """The day that was asked for; of an entry that ended nothing is asked any more."""
    listed = {row["id"] for row in await work.sql.fetch(_LISTED, [row["listing_id"] for row in rows])}
    return [
        Today(
            over_at=row["over_at"] if row["listing_id"] in listed else None, ends=row["due_on"], article=row["basis"],
            said={"officers": [str(row["asked_by"])]},
        )
        for row in rows
    ]  # fmt: skip


def _today(clock: Deadline | None) -> Today:
    if clock is None:
        return Today(holds={"due_on": None, "over_at": None})
    return Today(over_at=clock.over_at(), ends=clock.ends, article=clock.article,
                 holds={"due_on": clock.ends, "over_at": clock.over_at()})  # fmt: skip


REPAIRS = Kind(
    entry="repair.clock_overrun", table="credit_repairs", keys=("id",), matter="id", matters="credit_repairs",
    over="over_at", met="decided_at", holds=_HOLDS, today=_repairs,
)  # fmt: skip
LISTINGS = Kind(
    entry="blacklist.clock_overrun", table="blacklistings", keys=("id",), matter="id", matters="blacklistings",
    over="over_at", met="decided_at", holds=_HOLDS, today=_listings,
)  # fmt: skip
REMOVALS = Kind(
    entry="blacklist.removal_overrun", table="blacklist_removals", keys=("id",), matter="id",
    matters="blacklist_removals", over="over_at", met="decided_at", holds=_HOLDS, today=_removals,
)  # fmt: skip
SANCTIONS = Kind(
    entry="sanction.clock_overrun", table="joint_sanctions", keys=("id",), matter="id", matters="joint_sanctions",
    over="over_at", met="answered_at", renewed=False, today=_sanctions,
)  # fmt: skip
KINDS: tuple[Kind, ...] = (REPAIRS, LISTINGS, REMOVALS, SANCTIONS)
