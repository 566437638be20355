"""The sweeper: looks every few seconds for clocks of the law that ran out, and has the record tell of each once."""

from dataclasses import dataclass
from datetime import UTC, datetime

from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger import entries
from storage.record.objects import Objects
from storage.record.work import perform
from storage.trust.credit import removals
from storage.trust.disclosures import ending
from storage.trust.exposures import sweeping as exposures
from storage.trust.requests import ending as contacts
from storage.trust.sweeping import record_overruns

IDLE = 10.0
"""Seconds between two looks: the shortest clocks of the law count hours."""
AT_ONCE = 50
BETWEEN_DAYS = 60.0
"""Seconds between two looks for what counts days: what is shown too long, and what must be published."""


@dataclass(frozen=True, slots=True)
class SweepingWorker:
    """Takes batches of clocks that ran out; one that is killed within a batch has told nothing of it, and begins anew.

    It shares the keeper's process, since most of its looks find nothing. `by_the_record`: in a sandbox a story of
    months is played within minutes, and its clocks have not run out because they would have by now.
    """

    database: Database
    at_once: int = AT_ONCE
    by_the_record: bool = False

    async def turn(self) -> bool:
        """One batch; True when there may be more to do at once."""
        now = await self._time()
        looked = await perform(self.database, keeper(), now, record_overruns, limit=self.at_once) if now else 0
        return looked >= self.at_once

    async def _time(self) -> datetime | None:
        """What time it is; None in a sandbox in which nobody has done anything."""
        return await acted_at(self.database) if self.by_the_record else datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DisclosingWorker:
    """Ends what was shown, and who was listed, for the whole time; counts who is; derives what must be published;
    erases contacts of those who asked something once they are needed no more."""

    database: Database
    objects: Objects | None = None
    """The store from which pictures go that are shown no more; without it they wait."""
    at_once: int = AT_ONCE
    by_the_record: bool = False

    async def turn(self) -> bool:
        """One batch of each; True when there may be more to do at once."""
        now = await acted_at(self.database) if self.by_the_record else datetime.now(UTC)
        if now is None:
            return False
        ended = await perform(self.database, keeper(), now, removals.expire_listings, limit=self.at_once)
        await perform(self.database, keeper(), now, removals.count_listed)
        ended = max(ended, await perform(self.database, keeper(), now, ending.expire, limit=self.at_once))
        derived = await perform(self.database, keeper(), now, ending.derive_duties, limit=10 * self.at_once)
        erased = await perform(self.database, keeper(), now, contacts.erase_contacts, limit=self.at_once)
        await self._remove_pictures(now)
        return max(ended, erased) >= self.at_once or derived >= 10 * self.at_once

    async def _remove_pictures(self, now: datetime) -> None:
        """Pictures that nobody may see any more go from the store; one that is killed within begins anew."""
        if self.objects is None:
            return
        async with self.database.reading(keeper()) as sql:
            names = await exposures.plan_removal(sql, now, limit=self.at_once)
        if names:
            await self.objects.aside(exposures.remove_pictures, self.objects, names)
            await perform(self.database, keeper(), now, exposures.record_removal, names=names)


async def acted_at(database: Database) -> datetime | None:
    """What time it is in a sandbox: that of the last act, which is never later than now."""
    async with database.reading(keeper()) as sql:
        last = await entries.last_acted_at(sql)
    return last if last is None else min(last, datetime.now(UTC))
