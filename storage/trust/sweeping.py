"""The sweeper's operation over everything below: clocks that ran out, those of credit among them."""

from storage.casework import sweeping as casework
from storage.casework.overruns import Kind
from storage.promises import sweeping as promises
from storage.promises.years.reminding import remind
from storage.record.work import Work
from storage.trust.credit import clocks as credit

KINDS: tuple[Kind, ...] = (*promises.KINDS, *credit.KINDS)
OVERDUE = casework.overdue_of(KINDS)
"""The moments at which those clocks ran out that bind somebody and are not met yet, at $2."""


async def record_overruns(work: Work, *, limit: int) -> int:
    """Tells of each clock that ran out, once for each end that it had, and reminds whoever has not signed."""
    looked = await casework.record_overruns(work, limit=limit, kinds=KINDS)
    return max(looked, await remind(work, limit=limit))
