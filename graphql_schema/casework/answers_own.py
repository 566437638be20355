"""What may live here: what a mine reads of findings, measures and papers, each with its own answers to it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.casework import papers  # noqa: F401 # Its enums are named here.
from graphql_schema.casework.answers import Answer, answered
from graphql_schema.casework.findings import evidence_of
from graphql_schema.casework.measures import MeasureDeadline, deadlines_of
from graphql_schema.context import Context, Info
from graphql_schema.pages import After, Before, Connection, First, Last
from graphql_schema.scalars import Sha256
from storage.casework.answers import owning
from storage.casework.cases.showing import at_his_mines
from storage.casework.measures.tables import MeasureState
from storage.casework.papers.tables import PaperSubject
from storage.record.actor import Verb
from storage.record.law.library import Severity
from storage.record.law.measures import MEASURE_KINDS


async def _measures_on(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, UUID]]:
    async with context.database.reading(at_his_mines(context.signed_in())) as sql:
        return await owning.measures_on(sql, ids)


async def _findings_under(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, UUID]]:
    async with context.database.reading(at_his_mines(context.signed_in())) as sql:
        return await owning.findings_under(sql, ids)


measures_on = loaders.many(_measures_on, key=lambda row: row[1])
findings_under = loaders.many(_findings_under, key=lambda row: row[0])


@strawberry.type(description="What was found at your mine: the fact, the clause, and what your mine said to it.")
class OwnFinding:
    """A finding as the mine reads it."""

    uuid: UUID = strawberry.field(description="Its id in the record.")
    inspection_id: UUID = strawberry.field(description="The UUID of the inspection.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    kind: str = strawberry.field(description="Its kind in the library; see `findingKinds`.")
    severity: Severity = strawberry.field(description="How grave it is.")
    fact: str = strawberry.field(description="What was seen, in words.")
    measured: list[str] = strawberry.field(description="What was measured, each with unit and limit.")
    clause: str = strawberry.field(description="The clause that is broken, by the law of the day.")
    measure_basis: str = strawberry.field(description="The basis of what is ordered.")
    unsafe: bool = strawberry.field(description="Whether people cannot be kept safe beside it.")
    article: str = strawberry.field(description="The article that gives it to the mine.")
    seen_at: datetime = strawberry.field(description="When it was seen.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")

    @identity
    def own_id(self) -> strawberry.ID:
        return strawberry.ID(f"own-finding-{self.uuid}")

    @derived(description="The UUIDs of the pieces of evidence that show it.")
    async def evidence_ids(self, info: Info) -> list[UUID]:
        return [piece for _, piece in await evidence_of(info.context, self.uuid)]

    @derived(description="The UUIDs of the measures that answer it.")
    async def measure_ids(self, info: Info) -> list[UUID]:
        return [measure for measure, _ in await measures_on(info.context, self.uuid)]

    @derived(description="What your mine said to it, oldest first.")
    async def answers(self, info: Info) -> list[Answer]:
        return await answered(info.context, self.uuid)

    @classmethod
    def of(cls, row: owning.OwnFinding) -> "OwnFinding":
        """Tell a row."""
        same = ("inspection_id", "mine_id", "kind", "fact", "measured", "clause", "measure_basis", "unsafe", "seen_at",
                "recorded_at")  # fmt: skip
        return cls(
            uuid=row.id, severity=Severity(row.severity), article=owning.ARTICLE_OF_FINDINGS,
            **{name: getattr(row, name) for name in same},
        )  # fmt: skip


@strawberry.type(description="What was ordered at your mine, with its deadlines and what your mine said to it.")
class OwnMeasure:
    """A measure as the mine reads it."""

    uuid: UUID = strawberry.field(description="Its id in the record.")
    inspection_id: UUID = strawberry.field(description="The UUID of the inspection.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    kind: str = strawberry.field(description="Its key in `measureKinds`.")
    title: str = strawberry.field(description="What the law calls it.")
    article: str = strawberry.field(description="Its article.")
    paper: str = strawberry.field(description="The paper that orders it.")
    danger: bool = strawberry.field(description="Whether it was ordered in danger.")
    reason: str = strawberry.field(description="Why it was ordered.")
    days: int | None = strawberry.field(description="The days that it gives, if it gives a term.")
    state: MeasureState = strawberry.field(description="Where it stands.")
    ordered_at: datetime = strawberry.field(description="When it was ordered.")
    closed_at: datetime | None = strawberry.field(description="When it ended; null until then.")

    @identity
    def own_id(self) -> strawberry.ID:
        return strawberry.ID(f"own-measure-{self.uuid}")

    @derived(description="The UUIDs of the findings that it answers.")
    async def finding_ids(self, info: Info) -> list[UUID]:
        return [finding for _, finding in await findings_under(info.context, self.uuid)]

    @derived(description="The deadlines that run or ran in it.")
    async def deadlines(self, info: Info) -> list[MeasureDeadline]:
        return [MeasureDeadline.of(row) for row in await deadlines_of(info.context, self.uuid)]

    @derived(description="What your mine said to it, oldest first.")
    async def answers(self, info: Info) -> list[Answer]:
        return await answered(info.context, self.uuid)

    @classmethod
    def of(cls, row: owning.OwnMeasure) -> "OwnMeasure":
        """Tell a row."""
        same = ("inspection_id", "mine_id", "kind", "article", "paper", "danger", "reason", "days", "ordered_at",
                "closed_at")  # fmt: skip
        return cls(
            uuid=row.id, title=MEASURE_KINDS[row.kind].title, state=MeasureState(row.state),
            **{name: getattr(row, name) for name in same},
        )  # fmt: skip


@strawberry.type(description="A paper for your mine; `openPaper` hands over its PDF and leaves a trace.")
class OwnPaper:
    """A paper as the mine reads it."""

    uuid: UUID = strawberry.field(description="Its id in the record, as `openPaper` takes it.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    subject_kind: PaperSubject = strawberry.field(description="What it is about.")
    subject_id: UUID = strawberry.field(description="Which of them.")
    form: str = strawberry.field(description="The name of its form.")
    number: str | None = strawberry.field(description="Its number (文号); null for papers that bear none.")
    digest: Sha256 = strawberry.field(description="SHA-256 of its body, which people sign.")
    article: str = strawberry.field(description="The article that gives it to the mine.")
    issued_at: datetime = strawberry.field(description="When it was issued.")

    @identity
    def own_id(self) -> strawberry.ID:
        return strawberry.ID(f"own-paper-{self.uuid}")

    @derived(description="What your mine said to it and to its items, oldest first.")
    async def answers(self, info: Info) -> list[Answer]:
        return await answered(info.context, self.uuid)

    @classmethod
    def of(cls, row: owning.OwnPaper) -> "OwnPaper":
        """Tell a row."""
        same = ("mine_id", "subject_id", "form", "number", "digest", "issued_at")
        return cls(
            uuid=row.id, subject_kind=PaperSubject(row.subject_kind), article=owning.ARTICLE_OF_PAPERS,
            **{name: getattr(row, name) for name in same},
        )  # fmt: skip


@strawberry.type
class OwnQuery:
    """What mines were told in inspections."""

    @query(access=needs(Verb.CASE_READ_OWN), description="What was found at your mine, newest first.")
    async def own_findings(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[OwnFinding] | None:
        page, actor = pages.page(first, after, last, before), at_his_mines(info.context.signed_in())
        async with info.context.database.reading(actor) as sql:
            rows = await owning.own_findings(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(rows, page, node=OwnFinding.of, key=lambda row: (row.seen_at, row.id))

    @query(access=needs(Verb.CASE_READ_OWN), description="What was ordered at your mine, newest first.")
    async def own_measures(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[OwnMeasure] | None:
        page, actor = pages.page(first, after, last, before), at_his_mines(info.context.signed_in())
        async with info.context.database.reading(actor) as sql:
            rows = await owning.own_measures(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(rows, page, node=OwnMeasure.of, key=lambda row: (row.ordered_at, row.id))

    @query(
        access=needs(Verb.CASE_READ_OWN),
        description="The papers that were issued for your mine, newest first; none that stays within the agency.",
    )
    async def own_papers(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[OwnPaper] | None:
        page, actor = pages.page(first, after, last, before), at_his_mines(info.context.signed_in())
        async with info.context.database.reading(actor) as sql:
            rows = await owning.own_papers(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(rows, page, node=OwnPaper.of, key=lambda row: (row.issued_at, row.id))


AREA = Area(query=OwnQuery)
