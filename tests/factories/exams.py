"""Makes people of a mine, a question bank, and inspections whose opening a checkpoint shows."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.casework.exams import asking, operations
from storage.casework.exams.rules import QuestionFacts
from storage.casework.exams.tables import QuestionKind
from storage.field.inspections import operations as inspections
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.work import perform
from storage.register.people.tables import Craft, ExamCategory, PostKind
from tests.sites import NOW, PANZHOU, Site, opening

EARLIER = NOW - timedelta(days=30)
"""When people and questions were entered: before any inspection of these tests was opened."""


@dataclass
class Hall:
    """A site with people to examine and questions to ask; `workers` sequence the log."""

    site: Site
    workers: Database
    lead: Actor
    inspector: Actor
    head: Actor
    inspection: UUID = field(default_factory=uuid4)
    now: datetime = NOW
    persons: dict[UUID, PostKind] = field(default_factory=dict)

    async def acts(self, operation: Any, actor: Actor | None = None, **given: Any) -> Any:
        """Performs one operation a second after the last one: entries of one moment have no order."""
        self.now += timedelta(seconds=1)
        return await perform(self.site.database, actor or self.lead, self.now, operation, **given)

    async def employs(
        self, kind: PostKind, *, craft: Craft | None = None, recorded_at: datetime = EARLIER, **person: Any
    ) -> UUID:
        """A person of the mine with one post since January."""
        id = uuid4()
        scope = {"mine_id": self.site.mine, "county": PANZHOU, "office": "GZ-1"}
        await self.site.put("persons", id=id, name=f"矿工{id.hex[:4]}", registered_at=recorded_at, sample=False,
                            **scope, **person)  # fmt: skip
        await self.site.put("posts", id=uuid4(), person_id=id, kind=kind.value, craft=craft.value if craft else None,
                            flags=[], from_day=date(2026, 1, 1), recorded_at=recorded_at, **scope)  # fmt: skip
        self.persons[id] = kind
        return id

    async def asks(
        self, *categories: ExamCategory, craft: Craft | None = None, answer: str = "A", **given: Any
    ) -> UUID:
        """A question that was drafted and approved before the inspection."""
        facts = QuestionFacts(
            kind=QuestionKind.SINGLE_CHOICE, categories=categories or tuple(ExamCategory), craft=craft,
            text=given.get("text", f"瓦斯浓度达到多少须撤人 {uuid4().hex[:6]}"), options=("1.5%", "3%", "5%"),
            answer=answer, article="煤矿安全规程第一百七十三条",
        )  # fmt: skip
        drafted = await perform(self.site.database, self.inspector, EARLIER, asking.draft_question, facts=facts)
        later = EARLIER + timedelta(seconds=1)
        await perform(self.site.database, self.head, later, asking.approve_question, question_id=drafted.id)
        return UUID(int=drafted.id.int)

    async def opens(self) -> UUID:
        """The two officers open an inspection, which gets its position in the log."""
        asked = opening(self.site, [self.lead, self.inspector])
        await perform(self.site.database, self.lead, NOW, inspections.open_inspection, opening=asked)
        await sequencer.sequence(self.workers)
        self.inspection = asked.id
        return asked.id

    async def shows(self) -> None:
        """The head of the log is shown as a checkpoint."""
        await sequencer.sequence(self.workers)
        await self.site.rows.execute(
            "INSERT INTO checkpoints (log, size, root, note, shown_at) SELECT log, size, root, '', now() FROM tree_head"
            " ON CONFLICT DO NOTHING"
        )

    async def holds(self, actor: Actor | None = None, **given: Any) -> Any:
        """Draws for the inspection."""
        return await self.acts(
            operations.hold_exam, actor, **({"id": uuid4(), "inspection_id": self.inspection} | given)
        )

    async def seats(self) -> list[Any]:
        """All seats, by category and rank."""
        return list(await self.site.rows.fetch("SELECT * FROM exam_seats ORDER BY exam_id, category, rank"))


async def hall_of(site: Site, workers: Database, *, questions: int = 25, workers_of_mine: int = 8) -> Hall:
    """A mine with a principal, three managers, four blasters and ordinary workers, an open inspection, a checkpoint."""
    lead, inspector = await site.person(Role.LEAD, Role.INSPECTOR), await site.person(Role.INSPECTOR)
    hall = Hall(site, workers, lead, inspector, await site.person(Role.AGENCY_HEAD, certificate=None))
    await hall.employs(PostKind.PRINCIPAL)
    for kind, many in ((PostKind.SAFETY_MANAGER, 3), (PostKind.WORKER, workers_of_mine)):
        for _ in range(many):
            await hall.employs(kind)
    for _ in range(4):
        await hall.employs(PostKind.SPECIAL_OPERATOR, craft=Craft.BLASTER)
    for _ in range(questions):
        await hall.asks()
    await hall.opens()
    await hall.shows()
    return hall
