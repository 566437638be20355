"""Refusals for tests: a place that is refused as the batch of reports marks it, and the people who answer it."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.casework.findings import operations as findings
from storage.casework.measures.tables import Turn
from storage.miners.refusals import examining, operations
from storage.miners.refusals.conditions import Condition
from storage.miners.refusals.examining import RetaliationRow
from storage.miners.refusals.queries import RefusalRow
from storage.miners.refusals.rules import Asked
from storage.miners.refusals.tables import DangerKind, RefusalStepKind
from storage.record.actor import Actor, Role, keeper, reporter
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.work import perform
from storage.register.people.tables import ShiftKind
from tests.factories.casework import Check, make_check
from tests.factories.measures import Ordered, orders
from tests.sites import NOW, Site

LATER = NOW + timedelta(milliseconds=5)


def condition_of(mine: UUID, **changes: Any) -> Condition:
    """The methane sensor of a coal face hangs dead, and the commitment says that it does not."""
    today = day_of(NOW)
    usual: dict[str, Any] = {
        "mine_id": mine, "place": "1201综采工作面", "day": today, "shift": ShiftKind.MIDDLE, "since": today,
        "clause": "瓦斯传感器断线时不入井", "danger": DangerKind.GAS,
    }  # fmt: skip
    return Condition(**(usual | changes))


def told(mine: UUID, **changes: Any) -> str:
    """The same as it stands in a filing."""
    condition = condition_of(mine, **changes)
    document = {
        "place": condition.place, "day": condition.day.isoformat(), "shift": condition.shift.value,
        "since": condition.since.isoformat(), "clause": condition.clause,
        "danger": condition.danger.value if condition.danger else "",
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False)


@dataclass(slots=True)
class Ground:
    """A mine with an inspection under way, a head, a duty officer, verification, the mine's own people and a miner."""

    site: Site
    workers: Database
    check: Check
    head: Actor
    duty: Actor
    verification: Actor
    principal: Actor
    miner: Actor
    reports: list[UUID] = field(default_factory=list)

    async def refuses(self, *, at: datetime = NOW, **changes: Any) -> RefusalRow:
        """One report that refuses openly, as its batch marks it."""
        self.reports.append(uuid4())
        return await perform(
            self.workers, keeper(), at, operations.open_refusal, report_id=self.reports[-1],
            condition=condition_of(self.site.mine, **changes),
        )  # fmt: skip

    async def waits(self) -> UUID:
        """One report that refuses and waits for a routine check."""
        self.reports.append(uuid4())
        await perform(
            self.workers, keeper(), NOW, operations.keep_for_later, report_id=self.reports[-1], mine_id=self.site.mine
        )
        return self.reports[-1]

    async def suffers(self) -> RetaliationRow:
        """One report of revenge."""
        self.reports.append(uuid4())
        return await perform(
            self.workers, keeper(), NOW, examining.report_retaliation, report_id=self.reports[-1],
            mine_id=self.site.mine,
        )  # fmt: skip

    async def takes(
        self, by: Actor, refusal: UUID, kind: RefusalStepKind, *, at: datetime = LATER, **asked: Any
    ) -> RefusalRow:
        """One step of one person."""
        given = Asked(**{"id": uuid4(), "kind": kind, "words": "到现场看过了", **asked})
        return await perform(self.site.database, by, at, operations.take_step, refusal_id=refusal, asked=given)

    async def checked(self, refusal: UUID) -> None:
        """Both officers were there."""
        for officer in (self.check.lead, self.check.inspector):
            await self.takes(officer, refusal, RefusalStepKind.CHECKED, inspection_id=self.check.id)

    async def found_true(self, refusal: UUID) -> UUID:
        """Both were there, and what they found shows that it was true."""
        await self.checked(refusal)
        finding = (await self.check.finds(evidence=(await self.check.piece(),))).id
        await self.check.acts(self.check.inspector, findings.confirm_finding, finding_id=finding)
        await self.takes(self.check.lead, refusal, RefusalStepKind.SUBSTANTIATED, findings=(finding,))
        return finding

    async def ordered(self, refusal: UUID, finding: UUID) -> Ordered:
        """The mine is ordered to put it right."""
        measure = await orders(self.check, "CORRECT_ON_SITE", finding)
        await self.takes(self.check.lead, refusal, RefusalStepKind.ORDERED, measure_id=measure.id, words="")
        return measure

    async def put_right(self, measure: Ordered) -> None:
        """Both stand for the order, look again and find it carried out, and it is closed."""
        await measure.takes(self.check.inspector, Turn.CONFIRMED)
        await measure.rechecked(at=LATER)
        await measure.takes(self.check.lead, Turn.CLOSED_OUT, at=LATER)

    def reporter_of(self, number: int = -1) -> Actor:
        """Whoever opened one of the reports by its receipt."""
        return reporter(self.reports[number])


async def ground_of(site: Site, workers: Database) -> Ground:
    """Everybody in his place."""
    return Ground(
        site, workers, await make_check(site), await site.person(Role.AGENCY_HEAD),
        await site.person(Role.DUTY_OFFICER), await site.person(Role.REPORT_VERIFICATION),
        await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine, certificate=None),
        await site.person(Role.MINER, county=None, mine_id=site.mine, certificate=None),
    )  # fmt: skip
