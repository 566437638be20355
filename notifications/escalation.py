"""Looks for climbs whose next rung is due, and tells whoever that rung asks for at that minute."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from notifications import recipients
from notifications.recipients import Around
from storage.alerts.alerts import operations, queries
from storage.alerts.alerts.rules import Step
from storage.alerts.alerts.tables import Climb
from storage.alerts.rosters import queries as rosters
from storage.alerts.rosters.rules import Roster, Seat
from storage.record.work import Work

AT_ONCE = 100


async def escalate(work: Work, *, at_once: int = AT_ONCE) -> bool:
    """One batch of climbs; True when there may be more at once. A rung that finds nobody is followed by the next."""
    climbs = await queries.climbs_due(work, limit=at_once)
    if not climbs:
        return False
    seats = {one.id: Seat(one.county, one.office) for one in climbs}
    upper = (queries.above(seat) for seat in seats.values())
    asked = list(dict.fromkeys([*seats.values(), *(one for one in upper if one is not None)]))
    heads = await queries.heads_of(work, asked)
    leading = [account for accounts in heads.values() for account in accounts]
    found = await rosters.rosters_of(work.sql, asked, now=work.now, besides=leading)
    steps = [_step(work, climb, seats[climb.id], found, heads) for climb in climbs]
    await operations.climb_on(work, climbs=climbs, steps=steps)
    return len(climbs) == at_once or any(one.next_at == work.now for one in steps)


def _step(
    work: Work, climb: Climb, seat: Seat, found: Mapping[Seat, Roster], heads: Mapping[Seat, Sequence[UUID]]
) -> Step:
    upper = queries.above(seat)
    around = Around(
        roster=found[seat], heads=heads[seat], above=found[upper] if upper else None,
        heads_above=heads[upper] if upper else (),
    )  # fmt: skip
    return recipients.step_of(climb, around, now=work.now)
