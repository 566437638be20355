"""Reads on in the ledger from its cursor, and has the record keep the incidents that come of it, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from notifications import recipients
from storage.alerts.alerts import operations, queries
from storage.miners.reports.queries import seats_of_reports
from storage.record.work import Work
from storage.register.identity import queries as identity

WINDOW = 1_000
"""Positions in one batch."""


async def follow(work: Work, *, window: int = WINDOW) -> bool:
    """One batch: whom does it concern? True when there may be more at once. Another worker's batch is left to it."""
    place = await queries.cursor_to_move(work)
    if place is None:
        return False
    batch = await queries.batch_behind(work, place, kinds=recipients.FOLLOWED, window=window)
    if batch.end == place:
        return False
    principals = await _principals(work, batch.told)
    placed = await _placed(work, batch.told)
    causes = [cause for told in placed for cause in recipients.causes_of(told, principals=principals)]
    if causes:
        await operations.raise_incidents(work, causes=causes, due=recipients.due_at(work.now))
    await operations.end_incidents(work, ended=[one for told in batch.told for one in recipients.ended_by(told)])
    await operations.move_cursor(work, end=batch.end)
    return batch.more


async def _principals(work: Work, told: Sequence[queries.Told]) -> dict[UUID, list[UUID]]:
    mines = {one.mine_id for one in told if one.mine_id is not None}
    return await identity.principals_of(work, list(mines)) if mines else {}


async def _placed(work: Work, told: Sequence[queries.Told]) -> list[queries.Told]:
    """The same, those of danger to life with the seats of their report: their entry stands in no scope."""
    wanted = [UUID(one.entry.subject) for one in told if recipients.is_of_danger(one)]
    if not wanted:
        return list(told)
    seats = await seats_of_reports(work, wanted)
    nowhere = (None, None)
    return [
        replace(one, county=county, office=office) if recipients.is_of_danger(one) else one
        for one in told
        for county, office in [seats.get(UUID(one.entry.subject), nowhere)]
    ]
