"""Agencies, the people who draft and approve their lists, and the lines that nobody but they know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from storage.record.actor import Actor, Role
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.work import perform
from storage.trust.disclosures.copies import figures as figures_copy
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.lists import Item
from storage.trust.lists import counting, operations
from storage.trust.lists.queries import FiguresRow, ListRow
from storage.trust.lists.rules import Agency
from storage.trust.lists.tables import ListKind
from tests.sites import NOW, PANZHOU, Site, credit_code

COUNTY = Agency(county=PANZHOU)
PROVINCE = Agency(county="52")
OFFICE = Agency(county="52", office="GZ-1")
REMEDIES = (
    Item(name="行政复议", text="自收到决定书之日起六十日内申请，电话：0851-86891234。", article="行政复议法第二十条"),
    Item(name="行政诉讼", text="自收到决定书之日起六个月内起诉。", article="行政诉讼法第四十六条"),
)
LICENCES = (
    Item(name="甲煤矿", number="（黔）MK安许证字〔2025〕0001", credit_code=credit_code(1), day=date(2028, 1, 1),
         county=PANZHOU),
)  # fmt: skip


@dataclass(slots=True)
class Listing:
    """A site with somebody who drafts and a head who approves, of the whole province unless said otherwise."""

    site: Site
    drafter: Actor
    head: Actor

    @property
    def database(self) -> Database:
        return self.site.database

    async def acts(self, operation: Any, *, by: Actor | None = None, at: datetime = NOW, **given: Any) -> Any:
        """One act of one person."""
        return await perform(self.database, by or self.drafter, at, operation, **given)

    async def draft(
        self, kind: ListKind = ListKind.REMEDIES, agency: Agency = PROVINCE, items: Sequence[Item] | None = REMEDIES,
        **given: Any,
    ) -> ListRow:  # fmt: skip
        """A draft."""
        usual: dict[str, Any] = {"kind": kind, "agency": agency, "items": items, "note": "按规定公布"}
        row: ListRow = await self.acts(operations.draft_list, **(usual | given))
        return row

    async def approve(self, id: UUID, *, by: Actor | None = None, approve: bool = True, **given: Any) -> ListRow:
        """What the head says."""
        usual: dict[str, Any] = {"list_id": id, "approve": approve, "note": "同意" if approve else "退回"}
        row: ListRow = await self.acts(operations.decide_list, by=by or self.head, **(usual | given))
        return row

    async def counted(self, agency: Agency, year: int, quarter: int | None, *, at: datetime = NOW) -> Copy:
        """What the preview of figures shows."""
        async with self.database.reading(self.drafter) as sql:
            found = await counting.figures_of(sql, agency, year=year, quarter=quarter, now=at, on=day_of(at))
        return figures_copy.counted(found)

    async def publish(
        self, agency: Agency, year: int, quarter: int | None, *, at: datetime = NOW, **given: Any
    ) -> FiguresRow:
        """Previews and publishes figures at once."""
        digest = given.pop("digest", None) or (await self.counted(agency, year, quarter, at=at)).digest
        told: dict[str, Any] = {"agency": agency, "year": year, "quarter": quarter, "digest": digest}
        row: FiguresRow = await self.acts(operations.publish_figures, at=at, **(told | given))
        return row


async def listing(site: Site, *, division: str = "52") -> Listing:
    """Two people who reach a division."""
    drafter = await site.person(Role.LEAD, county=None, division=division)
    return Listing(site, drafter, await site.person(Role.AGENCY_HEAD, county=None, division=division))
