"""Rewards for tests: a refusal whose report was found true, the case that it led to, and the hands that reward it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.miners.reports.tables import ReportKind, ReportStepKind, ReportWhen
from storage.miners.rewards import operations, queries
from storage.miners.rewards.queries import RewardRow
from storage.miners.rewards.rules import Claim
from storage.miners.rewards.tables import Payout, RewardGrade
from storage.record.actor import Actor, Role, reporter
from storage.record.database import Database
from storage.record.ledger.proofs.reports import signing
from storage.record.work import perform
from tests.factories import desk as case_desk
from tests.factories import reports
from tests.factories.case_papers import serve
from tests.factories.refusals import Ground, ground_of, told
from tests.sites import NOW, Site

DAYS = timedelta(days=3)
COUNTER = "盘州市矿山安全举报窗口，现金"


@dataclass(slots=True)
class Purse:
    """A desk of reports, a mine with officers, a case, and the two who reward."""

    ground: Ground
    desk: reports.Desk
    case: case_desk.Desk
    reward: Actor
    head: Actor
    keys: dict[UUID, Ed25519PrivateKey] = field(default_factory=dict)
    now: datetime = NOW + DAYS
    """When they act: days after the report."""

    async def files(self, *, hours: int = 0) -> UUID:
        """One report that refuses openly and can be claimed by its key; its batch comes with its hour."""
        key = Ed25519PrivateKey.generate()
        tip = await self.desk.tip(
            kind=ReportKind.REFUSAL, acted_on=ReportWhen.NOW, condition=told(self.ground.site.mine)
        )
        tip.opening = replace(tip.opening, claim_key=key.public_key().public_bytes_raw())
        await self.desk.files(tip)
        at, self.desk.now = self.desk.now, self.desk.now + timedelta(hours=hours)
        await self.desk.batch(urgent=True)
        self.desk.now = at
        report = await self.desk.report_of(tip)
        self.keys[report] = key
        return report

    async def refusal(self) -> UUID:
        """The refusal that the reports made."""
        found: UUID = await self.ground.site.rows.fetchval("SELECT id FROM refusals")
        return found

    async def is_found_true(self, report: UUID) -> None:
        """受理 takes it in, 核查 verifies it."""
        await self.desk.steps(report, ReportStepKind.ACCEPTED, by=self.desk.intake)
        for kind in (ReportStepKind.VERIFYING, ReportStepKind.SUBSTANTIATED):
            await self.desk.steps(report, kind, by=self.desk.verification)

    async def is_fined(self, *, served: bool = True) -> UUID:
        """Officers check the place, find it true, and the case of that finding ends in a fine."""
        finding = await self.ground.found_true(await self.refusal())
        self.case.conduct = replace(self.case.conduct, finding=finding)
        await self.case.decide()
        if served:
            await self.is_served()
        return self.case.id

    async def is_served(self) -> None:
        """The decision reaches the mine."""
        decision = await self.ground.site.rows.fetchval("SELECT id FROM case_steps WHERE kind = 'DECIDED'")
        await serve(self.case, decision)

    async def rows(self, report: UUID) -> list[RewardRow]:
        """The rewards of a report as its reporter reads them."""
        async with self.ground.site.database.reading(reporter(report)) as sql:
            return await queries.rewards_of(sql, report)

    async def proposes(self, report: UUID, *, by: Actor | None = None, **given: Any) -> RewardRow:
        """The proposal of somebody."""
        asked = {"id": uuid4(), "report_id": report, "case_id": self.case.id, "grade": RewardGrade.FIRST} | given
        return await self.acts(by or self.reward, operations.propose_reward, **asked)

    async def decides(self, reward: UUID, *, by: Actor | None = None, **given: Any) -> RewardRow:
        """The decision of somebody."""
        asked = {"reward_id": reward, "granted": True, "words": "查实，同意奖励"} | given
        return await self.acts(by or self.head, operations.decide_reward, **asked)

    async def claims(self, report: UUID, row: RewardRow, *, key: Ed25519PrivateKey | None = None, **given: Any) -> Any:
        """The claim of whoever has the receipt."""
        payee = given.pop("payee", COUNTER)
        payout = given.pop("payout", Payout.CASH)
        message = signing.claim_message(str(row.id), row.amount, payout.value, payee.encode())
        claim = Claim(
            reward_id=row.id, payout=payout, payee=payee,
            signature=(key or self.keys[report]).sign(message),
        )  # fmt: skip
        return await self.acts(reporter(report), operations.claim_reward, claim=claim)

    async def pays(self, reward: UUID, *, by: Actor | None = None, how: str = "窗口现金，收据0017号") -> RewardRow:
        """The payment of somebody."""
        return await self.acts(by or self.reward, operations.pay_reward, reward_id=reward, how=how)

    async def acts(self, actor: Actor, operation: Any, **given: Any) -> Any:
        """One act of one of them."""
        return await perform(self.ground.site.database, actor, self.now, operation, **given)


async def purse_of(site: Site, workers: Database) -> Purse:
    """Everybody in his place; nothing is reported yet."""
    desk, ground = await reports.desk_of(site, workers), await ground_of(site, workers)
    head = await site.person(Role.AGENCY_HEAD)
    case = case_desk.Desk(ground.check, ground.head, await site.person(Role.LEGAL_REVIEWER))
    return Purse(ground, desk, case, await site.person(Role.REPORT_REWARD), head)
