"""The sweeper: looks every few seconds for clocks of the law that ran out, and has the record tell of each once."""

from dataclasses import dataclass
from datetime import UTC, datetime

from storage.miners.sweeping import record_overruns
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.work import perform

IDLE = 10.0
"""Seconds between two looks: the shortest clocks of the law count hours."""
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class SweepingWorker:
    """Takes batches of clocks that ran out; one that is killed within a batch has told nothing of it, and begins anew.

    It shares the keeper's process, since most of its looks find nothing.
    """

    database: Database
    at_once: int = AT_ONCE

    async def turn(self) -> bool:
        """One batch; True when there may be more to do at once."""
        looked = await perform(self.database, keeper(), datetime.now(UTC), record_overruns, limit=self.at_once)
        return looked >= self.at_once
