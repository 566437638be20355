"""The sweeper's operation over everything below: clocks that ran out, and who is to be reminded."""

from storage.casework import sweeping as casework
from storage.casework.overruns import Kind
from storage.miners import sweeping as miners
from storage.promises.breaches import clocks as breaches
from storage.promises.years.reminding import remind
from storage.record.work import Work

KINDS: tuple[Kind, ...] = (*miners.KINDS, breaches.CLOCKS)
OVERDUE = casework.overdue_of(KINDS)
"""The moments at which those clocks ran out that bind somebody and are not met yet, at $2."""


async def record_overruns(work: Work, *, limit: int) -> int:
    """Tells of each clock that ran out, once for each end that it had, and reminds whoever has not signed."""
    looked = await casework.record_overruns(work, limit=limit, kinds=KINDS)
    return max(looked, await remind(work, limit=limit))
