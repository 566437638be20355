"""The sweeper's operation over the clocks of casework, retaliation and reports, so that notices can follow them."""

from storage.casework import sweeping as casework
from storage.casework.overruns import Kind
from storage.miners.refusals import clocks as refusals
from storage.miners.reports import clocks as reports
from storage.record.work import Work

KINDS: tuple[Kind, ...] = (*casework.KINDS, refusals.CLOCKS, reports.CLOCKS)
OVERDUE = casework.overdue_of(KINDS)
"""The moments at which those clocks ran out that bind somebody and are not met yet, at $2."""


async def record_overruns(work: Work, *, limit: int) -> int:
    """Tells of each clock that ran out, once for each end that it had; see casework's own."""
    return await casework.record_overruns(work, limit=limit, kinds=KINDS)
