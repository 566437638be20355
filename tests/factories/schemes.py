"""Makes a team of officers and the schemes that they draft for the site's mine."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.casework.schemes import operations
from storage.casework.schemes.rules import Draft, Item
from storage.casework.schemes.tables import Cause, Manner, Side
from storage.field.inspections.rules import Place
from storage.record.actor import Actor, Role
from storage.record.work import perform
from tests.sites import NOW, Site

DAY = date(2026, 11, 24)
PLACES = (Place(id=UUID(int=1), name="调度室", underground=False), Place(id=UUID(int=2), name="1201", underground=True))


def item(officer: UUID, **changes: Any) -> Item:
    """A look at papers on the surface, by kind."""
    usual = Item(
        id=uuid4(), power="RESPONSIBILITY", text="查阅安全生产责任制", side=Side.PAPERS, underground=False,
        manner=Manner.QUALITATIVE, officer_id=officer, why="",
    )  # fmt: skip
    return replace(usual, **changes)


def below(officer: UUID, **changes: Any) -> Item:
    """A measurement underground."""
    usual = {"power": "VENTILATION", "text": "实测回风巷瓦斯浓度", "side": Side.PLACES, "underground": True}
    return item(officer, **({"manner": Manner.QUANTITATIVE} | usual | changes))


@dataclass
class Team:
    """A lead and an inspector at one site."""

    site: Site
    lead: Actor
    inspector: Actor
    now: Any = NOW

    def draft(self, **changes: Any) -> Draft:
        """A planned scheme of both that covers all sides."""
        lead, other = self.lead.account_id, self.inspector.account_id
        usual = Draft(
            id=uuid4(), mine_id=self.site.mine, cause=Cause.PLAN, reference="2026年11月执法计划第3项",
            scheduled_for=DAY, lead_id=lead, officers=(lead, other), items=(item(lead), below(other)),
        )  # fmt: skip
        return replace(usual, **changes)

    async def acts(self, operation: Any, actor: Actor | None = None, **given: Any) -> Any:
        """Performs one operation, a second after the last one: entries of one moment have no order."""
        self.now += timedelta(seconds=1)
        return await perform(self.site.database, actor or self.inspector, self.now, operation, **given)

    async def drafts(self, actor: Actor | None = None, **changes: Any) -> Any:
        """The inspector drafts."""
        return await self.acts(operations.draft_scheme, actor, draft=self.draft(**changes))

    async def approves(self, scheme_id: UUID, actor: Actor | None = None) -> Any:
        """The lead approves."""
        return await self.acts(operations.approve_scheme, actor or self.lead, scheme_id=scheme_id)

    async def opens(self, scheme_id: UUID, inspection_id: UUID, actor: Actor | None = None) -> Any:
        """An officer opens the inspection of a scheme."""
        places = tuple(replace(one, id=uuid4()) for one in PLACES)
        return await self.acts(
            operations.open_by_scheme, actor, scheme_id=scheme_id, inspection_id=inspection_id, places=places
        )

    async def inspected(self, many: int, *, cause: Cause = Cause.PLAN, at: Any = NOW) -> None:
        """So many inspections of the year, put straight into the record, each with its scheme."""
        scope = {"mine_id": self.site.mine, "county": "520281", "office": "GZ-1"}
        for _ in range(many):
            id = uuid4()
            await self.site.put(
                "inspections", id=id, basis="PLANNED" if cause is Cause.PLAN else "REASONED", reason="计划", flags=[],
                lead_id=self.lead.account_id, opened_by=self.lead.account_id, opened_at=at, **scope,
            )  # fmt: skip
            await self.site.put(
                "schemes", id=uuid4(), cause=cause.value, reference="计划", scheduled_for=at.date(), counted=0,
                lead_id=self.lead.account_id, officers=[self.lead.account_id], mine_state="PRODUCING", disasters=[],
                drafted_by=self.inspector.account_id, drafted_at=at, approved_by=self.lead.account_id, approved_at=at,
                inspection_id=id, linked_at=at, **scope,
            )  # fmt: skip


async def team_of(site: Site) -> Team:
    """A lead and an inspector, both certified."""
    return Team(site, await site.person(Role.LEAD, Role.INSPECTOR), await site.person(Role.INSPECTOR))
