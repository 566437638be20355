"""A served penalty that may be published, the officers who may, and the acts that they take."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from storage.casework.cases.bodies.after import OutcomeReceived, ReconsiderationFiled, Result, Revoked
from storage.casework.cases.bodies.deciding import Decided
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.ledger.comparing import Comparison
from storage.record.problems import Problem
from storage.record.work import perform
from storage.trust.disclosures import gathering, operations
from storage.trust.disclosures.comparing import DISCLOSURES, WITHHELD
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.tables import SourceKind
from tests.factories.case_papers import serve
from tests.factories.desk import Desk, make_desk
from tests.sites import NOW, Site, credit_code

TABLES = (
    "disclosures", "disclosure_editions", "disclosure_events", "public_rows", "public_gone", "disclosure_duties",
    "disclosure_withheld", "case_steps", "entries",
)  # fmt: skip
PLAIN = "2026年11月20日检查时，1201综采工作面回风流瓦斯浓度为百分之一点二，未停止作业。"


@dataclass(slots=True)
class Publishing:
    """A desk whose case is decided and served, with an officer who had no hand in the decision."""

    desk: Desk
    officer: Actor
    decision: UUID
    now: datetime = NOW
    anew: Mapping[str, str] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return self.desk.site

    @property
    def database(self) -> Database:
        return self.desk.site.database

    async def copy(self, *, by: Actor | None = None, **wording: Any) -> Copy:
        """What the preview shows."""
        async with self.database.reading(by or self.officer) as sql:
            found = await gathering.looked_at(sql, SourceKind.DECISION, self.decision)
        return found.copy(anew=dict(wording.get("anew", {})), of_age=wording.get("of_age", False))

    async def publish(self, *, by: Actor | None = None, at: datetime | None = None, **given: Any) -> DisclosureRow:
        """Previews and publishes at once."""
        wording = given.pop("wording", Wording())
        if "digest" not in given:
            given["digest"] = (await self.copy(anew=wording.anew, of_age=wording.of_age)).digest
        usual = {"source_kind": SourceKind.DECISION, "source_id": self.decision, "wording": wording}
        return await self.acts(operations.publish_disclosure, by=by, at=at, **(usual | given))

    async def correct(self, id: UUID, *, by: Actor | None = None, **given: Any) -> DisclosureRow:
        """Another edition, as the record gives it now."""
        wording = given.pop("wording", Wording())
        if "digest" not in given:
            given["digest"] = (await self.copy(anew=wording.anew, of_age=wording.of_age)).digest
        usual = {"disclosure_id": id, "reason": "更正", "wording": wording}
        return await self.acts(operations.correct_disclosure, by=by, **(usual | given))

    async def acts(self, operation: Any, *, by: Actor | None = None, at: datetime | None = None, **given: Any) -> Any:
        """One act of one person."""
        return await perform(self.database, by or self.officer, at or self.now, operation, **given)

    async def file(self) -> UUID:
        """The party asks for reconsideration."""
        step = self.desk.taking(
            ReconsiderationFiled(decision=self.decision, organ="市人民政府", filed_on=self.now.date()), officers=()
        )
        await self.desk.again(step)
        return step.id

    async def outcome(self, filed: UUID, result: Result, *, fine: int = 0) -> None:
        """How that ended."""
        body = OutcomeReceived(filed=filed, result=result, decided_on=self.now.date(), fine=fine)
        await self.desk.take(body, officers=())

    async def revoke(self) -> None:
        """The agency takes its decision back."""
        await self.desk.take(Revoked(decision=self.decision, reason="认定有误"), by=self.desk.head, officers=())


async def decided(site: Site, **changes: Any) -> Publishing:
    """A case with a small fine, decided and not served yet; `changes` of the decision."""
    desk = await make_desk(site)
    desk.unit = replace(desk.unit, subject=credit_code(1))
    return await on_desk(desk, **changes)


async def on_desk(desk: Desk, **changes: Any) -> Publishing:
    """The same at a desk."""
    draft: Decided = replace(await desk.up_to_the_decision(), **({"facts": PLAIN} | changes))
    step = desk.taking(draft, officers=())
    await desk.again(step, by=desk.head)
    return Publishing(desk, await desk.site.person(Role.INSPECTOR), step.id)


async def served(site: Site, **changes: Any) -> Publishing:
    """A case with a small fine, decided and served."""
    made = await decided(site, **changes)
    await serve(made.desk, made.decision)
    return made


async def refused(
    made: Publishing, problem: type[Problem], act: Any, *, tables: tuple[str, ...] = TABLES
) -> Problem:  # fmt: skip
    """The act is refused so, and no row was added."""
    before = [await made.site.counted(table) for table in tables]
    with pytest.raises(problem) as told:
        await act
    assert before == [await made.site.counted(table) for table in tables]
    return told.value


async def agrees(workers: Database, *those: Comparison) -> list[Any]:
    """Where rows and entries differ: of disclosures, or of `those`."""

    async def rows(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    return [one for each in those or (DISCLOSURES, WITHHELD) async for one in comparing.differences(rows, each)]
