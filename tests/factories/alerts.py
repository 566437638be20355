"""A county with its duty, and a mine where people are withdrawn: what alarms somebody, followed minute by minute."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from notifications.escalation import escalate
from notifications.follow import follow
from storage.alerts.alerts import operations
from storage.alerts.rosters import operations as rosters
from storage.alerts.rosters.rules import Seat
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.work import perform
from tests.factories.casework import Check, make_check
from tests.factories.measures import orders
from tests.sites import NOW, PANZHOU, Site

COUNTY, OFFICE = Seat(county=PANZHOU), Seat(office="GZ-1")
MINUTE = timedelta(minutes=1)


@dataclass
class Watch:
    """Who watches: a head and two on duty in the county, one in the branch office, the mine's principal."""

    site: Site
    workers: Database
    check: Check
    head: Actor
    first: Actor
    second: Actor
    office: Actor
    principal: Actor
    began: datetime = NOW + MINUTE
    measure: UUID = field(default_factory=uuid4)

    async def alarms(self) -> None:
        """People are withdrawn, and the ledger is followed."""
        self.measure = (await orders(self.check, "WITHDRAW_PEOPLE", danger=True)).id
        await self.follows()

    async def follows(self, *, after: timedelta = timedelta(0)) -> None:
        """The ledger is sequenced and read to its end."""
        await sequencer.open_log(self.workers, origin="ledger.pithead.example/alerts")
        while await sequencer.sequence(self.workers):
            pass
        while await perform(self.workers, keeper(), self.began + after, follow):
            pass

    async def climbs(self, *, after: timedelta = timedelta(0)) -> None:
        """Whatever is due by then is told."""
        while await perform(self.workers, keeper(), self.began + after, escalate):
            pass

    async def acts(self, actor: Actor, operation: Any, *, after: timedelta = timedelta(0), **given: Any) -> Any:
        """One act of one person."""
        return await perform(self.site.database, actor, self.began + after, operation, **given)

    async def incident(self) -> UUID:
        """The one incident that there is."""
        found: UUID = await self.site.rows.fetchval("SELECT id FROM incidents")
        return found

    async def takes(self, actor: Actor, *, after: timedelta = timedelta(0)) -> Any:
        """Somebody takes the alert."""
        return await self.acts(actor, operations.take_alert, after=after, incident_id=await self.incident())

    async def told(self) -> dict[UUID, set[str]]:
        """Who is to be reached by which channels, urgent or not."""
        rows = await self.site.rows.fetch("SELECT account_id, channel FROM sends")
        found: dict[UUID, set[str]] = {}
        for row in rows:
            found.setdefault(row["account_id"], set()).add(row["channel"])
        return found

    async def wakes(self, *actors: Actor, after: timedelta = timedelta(0)) -> None:
        """Their duty pages say that they are awake."""
        for actor in actors:
            await self.acts(actor, rosters.keep_desk_awake, after=after)


async def watch_of(site: Site, workers: Database, *, planned: bool = True) -> Watch:
    """Everybody in his place, with a plan for a day unless told otherwise."""
    check = await make_check(site)
    head = await site.person(Role.AGENCY_HEAD)
    first, second = await site.person(Role.DUTY_OFFICER), await site.person(Role.DUTY_OFFICER)
    office = await site.person(Role.DUTY_OFFICER, county=None, office="GZ-1")
    chief = await site.person(Role.AGENCY_HEAD, county=None, office="GZ-1")
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    watch = Watch(site, workers, check, head, first, second, office, principal)
    if planned:
        for by, seat, people in ((head, COUNTY, [first, second]), (chief, OFFICE, [office])):
            await perform(
                site.database, by, NOW, rosters.plan_duty, id=uuid4(), seat=seat, begins_at=NOW,
                ends_at=NOW + timedelta(days=1), accounts=[one.account_id for one in people],
            )  # fmt: skip
    return watch
