"""A case in the database with the people who work on it: its officers, a head and a reviewer."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases import operations, queries
from storage.casework.cases.bodies.deciding import Decided, DecisionOutcome
from storage.casework.cases.bodies.facts import DefectKind, EvidenceAdded
from storage.casework.cases.bodies.notice import (
    DefenceWaived,
    DiscretionSuggested,
    InvestigationEnded,
    NoticeServed,
)
from storage.casework.cases.bodies.opening import Proposed, Registered
from storage.casework.cases.defects import defects_of, hands_of
from storage.casework.cases.operations import Filing
from storage.casework.cases.queries import CaseRow, File
from storage.casework.cases.steps import Body, Conduct, Party, PartyKind
from storage.casework.cases.taking import Taking
from storage.casework.findings import operations as findings
from storage.record.actor import Actor, Role
from storage.record.law.discretion import DiscretionGround
from storage.record.problems import Problem
from storage.record.work import perform
from tests.factories.cases import BY_HAND, SMALL, WAN, confirming, fine
from tests.factories.casework import Check, make_check
from tests.sites import NOW, Site

TABLES = ("cases", "case_parties", "case_steps", "case_pieces", "case_clocks", "case_fines", "case_conducts", "entries")


@dataclass(slots=True)
class Desk:
    """A check at the site's mine, the people of its case, and the case."""

    check: Check
    head: Actor
    reviewer: Actor
    confirms: bool = True
    id: UUID = field(default_factory=uuid4)
    unit: Party = field(
        default_factory=lambda: Party(id=uuid4(), kind=PartyKind.UNIT, name="甲煤矿", subject="91520000MA0000001X")
    )
    conduct: Conduct = field(
        default_factory=lambda: Conduct(
            id=uuid4(), name="瓦斯超限作业", clause="条例第三十六条", began_on=date(2026, 11, 1)
        )
    )

    @property
    def site(self) -> Site:
        return self.check.site

    @property
    def officers(self) -> tuple[UUID, UUID]:
        return self.check.lead.account_id, self.check.inspector.account_id

    def proposal(self, **changes: Any) -> Taking:
        body = Proposed(cause="瓦斯超限作业", discovered_on=date(2026, 11, 20), parties=(self.unit,),
                        conducts=(self.conduct,), inspection=self.check.id)  # fmt: skip
        return self.taking(body, party=None, **changes)

    def taking(self, body: Body, **changes: Any) -> Taking:
        usual: dict[str, Any] = {"id": uuid4(), "party": self.unit.id, "officers": self.officers}
        return Taking(body=body, **(usual | changes))

    async def file(self, *, by: Actor | None = None, at: datetime = NOW, **changes: Any) -> CaseRow:
        usual = Filing(id=self.id, mine_id=self.site.mine, first=self.proposal())
        return await perform(
            self.site.database, by or self.check.lead, at, operations.file_case, filing=replace(usual, **changes)
        )

    async def take(self, body: Body, *, by: Actor | None = None, at: datetime = NOW, **changes: Any) -> CaseRow:
        return await self.again(self.taking(body, **changes), by=by, at=at)

    async def again(self, step: Taking, *, by: Actor | None = None, at: datetime = NOW) -> CaseRow:
        row = await perform(
            self.site.database, by or self.check.lead, at, operations.take_step, case_id=self.id, step=step
        )
        return await self.confirm(step, at=at) or row if self.confirms else row

    async def confirm(self, step: Taking, *, at: datetime = NOW) -> CaseRow | None:
        """Each of the two officers stands for what was entered for both, unless he does already."""
        row = None
        for who in (self.check.lead, self.check.inspector):
            file = await self.file_of()
            named = file.history.by_id[step.id]
            open_ = {one.kind for one in defects_of(named, file.history, file.law) if one.made_good_at is None}
            if DefectKind.NOT_CONFIRMED not in open_ or who.account_id in dict(hands_of(named, file.history)):
                continue
            own = self.taking(confirming(step.id), party=None, officers=(who.account_id,))
            row = await perform(self.site.database, who, at, operations.take_step, case_id=self.id, step=own)
        return row

    async def file_of(self) -> File:
        async with self.site.database.reading(self.check.lead) as sql:
            return await queries.file_of(sql, self.id)

    async def refused(self, problem: type[Problem], act: Any) -> None:
        before = [await self.site.counted(table) for table in TABLES]
        with pytest.raises(problem):
            await act
        assert before == [await self.site.counted(table) for table in TABLES]

    async def rest_on_a_sound_finding(self) -> None:
        """A finding with evidence that both officers stand for."""
        finding = await self.check.finds(evidence=(await self.check.piece(),))
        await self.check.acts(self.check.inspector, findings.confirm_finding, finding_id=finding.id)
        self.conduct = replace(self.conduct, finding=finding.id)

    async def up_to_the_decision(self) -> Decided:
        """Everything that a small fine needs but the decision; on a range for whoever the party is."""
        sanctions = SMALL if self.unit.kind is PartyKind.UNIT else (fine(1, "fine_obstruction_person"),)
        await self.file()
        await self.take(Registered(), by=self.head, party=None, officers=())
        await self.take(EvidenceAdded(name="照片", proves="超限", evidence=(await self.check.piece(),)), party=None)
        await self.take(InvestigationEnded(facts="事实清楚"), party=None)
        await self.take(DiscretionSuggested(
            standard="基准第3项", basis=sanctions[0].basis, ground=DiscretionGround.PLAIN, least=WAN, most=2 * WAN,
            reason="一般", departure="个案情节",
        ))  # fmt: skip
        await self.take(NoticeServed(
            conducts=(self.conduct.id,), sanctions=sanctions, facts="事实", grounds="条例", rights_told=True,
            delivery=BY_HAND,
        ))  # fmt: skip
        await self.take(DefenceWaived(signed=True))
        return self.draft()

    def draft(self, **changes: Any) -> Decided:
        """A decision that says all that it must."""
        usual = Decided(
            outcome=DecisionOutcome.PENALTY, conducts=(self.conduct.id,), facts="事实", grounds="条例",
            sanctions=SMALL, remedies="复议、诉讼", pay_to="银行",
        )  # fmt: skip
        return replace(usual, **changes)

    async def decide(self) -> None:
        """A case from its proposal to a small fine."""
        await self.take(await self.up_to_the_decision(), by=self.head, officers=())


async def make_desk(site: Site) -> Desk:
    """A check, a head and a reviewer; the case is not filed yet."""
    return Desk(await make_check(site), await site.person(Role.AGENCY_HEAD), await site.person(Role.LEGAL_REVIEWER))
