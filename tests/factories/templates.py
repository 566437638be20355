"""Makes clauses of commitments, and the people who draft, approve, tighten and adopt them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from storage.promises.templates import operations, tightening
from storage.promises.templates.conditions import Condition
from storage.promises.templates.rules import Clause, Words
from storage.promises.templates.tables import ClauseField, ConditionKind, OwnClause, Template, Unit, Wanted
from storage.record.actor import Actor, Role
from storage.record.work import perform
from tests.sites import NOW, Site

YEAR = 2027
"""The year that follows the tests' own."""
GAS = Condition(kind=ConditionKind.NUMBER, unit=Unit.HUNDREDTHS_OF_PERCENT, most=100)
TIGHTER = replace(GAS, most=75)


def clause(key: str = "GAS_IN_RETURN", condition: Condition = GAS, **changes: Any) -> Clause:
    """A sound clause; what it says does not matter."""
    usual = Clause(
        key=key, field=ClauseField.DISASTER, title=Words(zh="总回风瓦斯浓度", en="Gas in the main return"),
        says=Words(zh="总回风瓦斯浓度不超过1%。", en="The gas stays at or below 1 %."), condition=condition,
        checked=Words(zh="读监控记录。", en="The record is read."), wanted=(Wanted.MEASUREMENT,),
        otherwise=Words(zh="可以拒绝入井。", en="You may refuse to go down."), article="实施意见三（五）4",
    )  # fmt: skip
    return replace(usual, **changes)


def clauses() -> tuple[Clause, ...]:
    """A clause of each field, the gas among them."""
    yes = Condition(kind=ConditionKind.YES_NO, yes=True)
    others = [one for one in ClauseField if one is not ClauseField.DISASTER]
    return (clause(), *(clause(f"CLAUSE_{one.value}", yes, field=one) for one in others))


@dataclass
class Promises:
    """A site with the people of the province and of a mine who make what it promises; each act a second later."""

    site: Site
    reviewer: Actor
    head: Actor
    clerk: Actor
    principal: Actor
    now: datetime = NOW
    made: list[UUID] = field(default_factory=list)

    async def acts(self, operation: Any, actor: Actor, **given: Any) -> Any:
        self.now += timedelta(seconds=1)
        return await perform(self.site.database, actor, self.now, operation, **given)

    async def drafts(
        self, given: Sequence[Clause] | None = None, *, by: Actor | None = None, year: int = YEAR, note: str = ""
    ) -> Template:
        made: Template = await self.acts(
            operations.draft_template, by or self.reviewer, year=year, clauses=tuple(given or clauses()), note=note
        )
        return made

    async def decides(self, id: UUID, *, by: Actor | None = None, approve: bool = True, note: str = "") -> Template:
        decided: Template = await self.acts(
            operations.decide_template, by or self.head, template_id=id, approve=approve, note=note
        )
        return decided

    async def approved(self, given: Sequence[Clause] | None = None, year: int = YEAR) -> Template:
        """A template that two people made."""
        return await self.decides((await self.drafts(given, year=year)).id)

    async def tightens(
        self, own: Clause, *, by: Actor | None = None, mine_id: UUID | None = None, year: int = YEAR
    ) -> OwnClause:
        made: OwnClause = await self.acts(
            tightening.draft_own_clause, by or self.clerk, mine_id=mine_id or self.site.mine, year=year, clause=own
        )
        return made

    async def adopts(self, id: UUID, *, by: Actor | None = None, adopt: bool = True, note: str = "") -> OwnClause:
        decided: OwnClause = await self.acts(
            tightening.decide_own_clause, by or self.principal, clause_id=id, adopt=adopt, note=note
        )
        return decided

    async def adopted(self, own: Clause) -> OwnClause:
        """An own clause that two people made."""
        return await self.adopts((await self.tightens(own)).id)


async def promises_of(site: Site) -> Promises:
    """The people of the province, and those of the site's first mine."""
    return Promises(
        site, await site.person(Role.LEGAL_REVIEWER, county=None, division="52"),
        await site.person(Role.AGENCY_HEAD, county=None, division="52"),
        await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine),
        await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine),
    )  # fmt: skip
