"""The worker's turns for reports: the batch of each hour, urgent ones at once, files into the store, terms that end."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from storage.miners.reports import batching, erasing, storing
from storage.record.actor import keeper
from storage.record.clock import hour_of, minute_of
from storage.record.database import Database
from storage.record.objects import Objects
from storage.record.work import perform

log = logging.getLogger("pithead.reporting")

IDLE = 1.0
"""Seconds between two looks: what is urgent alarms somebody."""
FILES_AT_ONCE = 4


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class ReportingWorker:
    """Moves what waited. One that is killed amid a batch has moved nothing of it, and begins anew."""

    database: Database
    objects: Objects
    clock: Callable[[], datetime] = field(default=_now)

    async def turn(self) -> bool:
        """Whatever is due; True when there may be more to do at once."""
        now = self.clock()
        async with self.database.reading(keeper()) as sql:
            urgent, hourly = await batching.due(sql, now=now)
        if urgent:
            await self._move(minute_of(now), urgent=True)
        if hourly:
            hour = hour_of(now)
            await self._move(hour, urgent=False)
            stuck = await perform(self.database, keeper(), hour, batching.retry_filings)
            if stuck:
                log.warning("filings that cannot go on", extra={"fields": {"filings": stuck}})
            await perform(self.database, keeper(), hour, batching.end_hour)
            await self._erase(now)
        return await self._store(now)

    async def _move(self, at: datetime, *, urgent: bool) -> None:
        while await perform(self.database, keeper(), at, batching.move_filings, urgent=urgent):
            pass

    async def _store(self, now: datetime) -> bool:
        async with self.database.reading(keeper()) as sql:
            files = await storing.files_to_store(sql, limit=FILES_AT_ONCE)
        for file in files:
            version = await self.objects.aside(storing.put, self.objects, file)
            await perform(self.database, keeper(), now, storing.record_stored, id=file.id, version=version)
        return len(files) == FILES_AT_ONCE

    async def _erase(self, now: datetime) -> None:
        reports = await perform(self.database, keeper(), now, erasing.reports_to_erase)
        if not reports:
            return
        async with self.database.reading(keeper()) as sql:
            files = await storing.files_of(sql, reports)
        await self.objects.aside(storing.remove, self.objects, files)
        await perform(self.database, keeper(), now, erasing.record_erased, reports=reports)
