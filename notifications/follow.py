"""Reads on in the ledger from its cursor, and has the record keep the incidents that come of it, in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from notifications import recipients
from storage.alerts.alerts import operations, queries
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
    causes = [cause for told in batch.told for cause in recipients.causes_of(told, principals=principals)]
    if causes:
        await operations.raise_incidents(work, causes=causes, due=recipients.due_at(work.now))
    await operations.end_incidents(work, ended=[one for told in batch.told for one in recipients.ended_by(told)])
    await operations.move_cursor(work, end=batch.end)
    return batch.more


async def _principals(work: Work, told: Sequence[queries.Told]) -> dict[UUID, list[UUID]]:
    mines = {one.mine_id for one in told if one.mine_id is not None}
    return await identity.principals_of(work, list(mines)) if mines else {}
