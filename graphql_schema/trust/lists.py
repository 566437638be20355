"""What may live here: lists and figures in GraphQL: drafted, decided, counted; what is due and what waits."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import Law
from storage.register.provisions import queries as provisions
from storage.trust.disclosures.copies import figures as figures_copy
from storage.trust.disclosures.copies.figures import Figures
from storage.trust.lists import counting, queries, rules
from storage.trust.lists.queries import FiguresRow, Held, ListRow
from storage.trust.lists.rules import Agency
from storage.trust.lists.tables import ListKind

labelled(ListKind, description="What is published before and beside decisions.")

OfDivision = Annotated[
    str | None, strawberry.argument(description="The division whose department it is: two, four or six digits.")
]
OfOffice = Annotated[str | None, strawberry.argument(description="Or the code of the branch office.")]
_Year = Annotated[int, strawberry.argument(description="The year.")]
_Quarter = Annotated[int | None, strawberry.argument(description="The quarter, 1 to 4; null for the whole year.")]


def agency_of(division: str | None, office: str | None) -> Agency:
    """Whose list it is: an office's if one is named, else a department's, else the province's."""
    return Agency(county=rules.PROVINCE, office=office) if office else Agency(county=division or rules.PROVINCE)


@strawberry.type(description="One version of a list of an agency; published once another person approved it.")
class PublishedList(Node):
    """One version of a list."""

    uuid: UUID = strawberry.field(description="The UUID of this version.")
    kind: ListKind = strawberry.field(description="What it lists.")
    division: str = strawberry.field(description="The division of the department; 52 for an office's.")
    office: str = strawberry.field(description="The code of the branch office; empty for a department's.")
    version: int = strawberry.field(description="Which version of the agency's list.")
    as_of: date = strawberry.field(description="As of which day.")
    next_by: date | None = strawberry.field(description="By when the next version is due; null where none is.")
    content: str = strawberry.field(description="The copy that is published: canonical JSON, pithead/disclosure/1.")
    digest: str = strawberry.field(description="Its SHA-256, in hexadecimal.")
    note: str = strawberry.field(description="Why it was drafted.")
    drafted_by: strawberry.ID = strawberry.field(description="The account that drafted it.")
    drafted_at: datetime = strawberry.field(description="When.")
    approved: bool | None = strawberry.field(description="Whether it was approved; null while it waits.")
    decided_by: strawberry.ID | None = strawberry.field(description="The account that decided.")
    decided_at: datetime | None = strawberry.field(description="When.")
    decision_note: str | None = strawberry.field(description="Why.")

    @classmethod
    def of(cls, row: ListRow) -> "PublishedList":
        """Tell a row."""
        return cls(
            id=global_id("PublishedList", row.id), uuid=row.id, kind=ListKind(row.kind), division=row.county,
            office=row.office, version=row.version, as_of=row.as_of, next_by=row.next_by, content=row.content.decode(),
            digest=row.digest.hex(), note=row.note, drafted_by=global_id("Account", row.drafted_by),
            drafted_at=row.drafted_at, approved=row.approved, decided_at=row.decided_at,
            decided_by=global_id("Account", row.decided_by) if row.decided_by else None,
            decision_note=row.decision_note,
        )  # fmt: skip


@strawberry.type(description="Figures of a quarter or year as they were published.")
class PublishedFigures:
    """Figures that were published."""

    uuid: UUID = strawberry.field(description="The UUID of this edition.")
    division: str = strawberry.field(description="The division of the department; 52 for an office's.")
    office: str = strawberry.field(description="The code of the branch office; empty for a department's.")
    year: int = strawberry.field(description="The year.")
    quarter: int | None = strawberry.field(description="The quarter; null for the whole year.")
    edition: int = strawberry.field(description="How often it was counted and published.")
    content: str = strawberry.field(description="The copy: canonical JSON, format pithead/disclosure/1.")
    digest: str = strawberry.field(description="Its SHA-256, in hexadecimal.")
    due_on: date | None = strawberry.field(description="By when it had to be; null while the holidays are unknown.")
    counted_by: strawberry.ID = strawberry.field(description="The account that published it.")
    counted_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("PublishedFigures", self.uuid)

    @classmethod
    def of(cls, row: FiguresRow) -> "PublishedFigures":
        """Tell a row."""
        return cls(
            uuid=row.id, division=row.county, office=row.office, year=row.year, quarter=row.quarter,
            edition=row.edition, content=row.content.decode(), digest=row.digest.hex(), due_on=row.due_on,
            counted_by=global_id("Account", row.counted_by), counted_at=row.counted_at,
        )  # fmt: skip


@strawberry.type(description="What figures would say if they were published now. Nothing is stored by looking.")
class FiguresPreview:
    """What figures would say."""

    content: str = strawberry.field(description="The copy: canonical JSON, format pithead/disclosure/1.")
    digest: str = strawberry.field(description="Its SHA-256, in hexadecimal: publishing names it.")
    due_on: date | None = strawberry.field(description="The last day; null while that year's holidays are unknown.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("figures-preview", self.digest)

    @classmethod
    def of(cls, found: Figures, due_on: date | None) -> "FiguresPreview":
        """Tell what was counted."""
        copy = figures_copy.counted(found)
        return cls(content=copy.content.decode(), digest=copy.digest.hex(), due_on=due_on)


@strawberry.type(description="One list that an agency must publish, and how it stands.")
class ListDuty:
    """One list that an agency must publish."""

    kind: ListKind = strawberry.field(description="What it lists.")
    article: str = strawberry.field(description="The article.")
    gathered: bool = strawberry.field(description="Whether its lines come from the record; else they are drafted.")
    version: int | None = strawberry.field(description="The version that was approved last.")
    published_on: date | None = strawberry.field(description="As of which day that is.")
    due_on: date | None = strawberry.field(description="By when the next is due; null for what must always be there.")
    overdue: bool = strawberry.field(description="Whether that is past, or what must be there is not.")
    waiting: int = strawberry.field(description="How many drafts wait for a decision.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("list-duty", repr(self))


def duties_of(held: dict[ListKind, Held], agency: Agency, law: Law, today: date) -> list[ListDuty]:
    """Tell every list of an agency, the overdue first."""
    found = []
    for kind in ListKind:
        if kind in rules.OF_THE_PROVINCE and not agency.is_the_province:
            continue
        one = held.get(kind)
        last = one.as_of if one else None
        due = rules.due_on(kind, law, today, last)
        found.append(
            ListDuty(
                kind=kind, article=rules.BASIS_OF[kind], gathered=kind in rules.GATHERED,
                version=one.version if one else None, published_on=last, due_on=due,
                overdue=rules.is_overdue(kind, due, today, last), waiting=one.waiting if one else 0,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: not one.overdue)


async def _lists(context: Context, ids: list[UUID]) -> list[ListRow]:
    actor = context.signed_in()
    actor.require(Verb.DISCLOSURE_READ)
    async with context.database.reading(actor.seeing(Verb.DISCLOSURE_READ)) as sql:
        return await queries.lists_by_ids(sql, ids)


list_by_id = loaders.one(_lists, key=lambda row: row.id)


async def published_list(context: Context, id: UUID) -> PublishedList | None:
    """Fetch the node of a UUID."""
    row = await list_by_id(context, id)
    return PublishedList.of(row) if row else None


@strawberry.type
class ListQuery:
    """What the agency reads of its lists and figures."""

    @query(access=needs(Verb.DISCLOSURE_READ), description="Versions of lists within your reach, newest first.")
    async def lists(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        kind: Annotated[ListKind | None, strawberry.argument(description="Only of this kind.")] = None,
    ) -> Connection[PublishedList] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.DISCLOSURE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.lists_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, kind=kind
            )
        return pages.connection(rows, page, node=PublishedList.of, key=lambda row: (row.drafted_at, row.id))

    @query(access=needs(Verb.DISCLOSURE_READ), description="Every list that an agency must publish, the overdue first.")
    async def list_duties(
        self, info: Info, division: OfDivision = None, office: OfOffice = None
    ) -> list[ListDuty] | None:
        agency, actor = agency_of(division, office), info.context.signed_in().seeing(Verb.DISCLOSURE_READ)
        actor.require(Verb.DISCLOSURE_READ, county=agency.county, office=agency.office or None)
        async with info.context.database.reading(actor) as sql:
            held, law = await queries.held_by(sql, agency), await provisions.law_of(sql)
        return duties_of(held, agency, law, day_of(info.context.now()))

    @query(
        access=needs(Verb.DISCLOSURE_PREVIEW),
        description="What the figures of a quarter or year would say now, counted of the record. PERIOD_NOT_OVER until"
        " it is.",
    )
    async def figures_preview(
        self, info: Info, year: _Year, quarter: _Quarter = None, division: OfDivision = None, office: OfOffice = None
    ) -> FiguresPreview | None:
        agency, context = agency_of(division, office), info.context
        actor, today = context.signed_in().seeing(Verb.DISCLOSURE_PREVIEW), day_of(context.now())
        actor.require(Verb.DISCLOSURE_PREVIEW, county=agency.county, office=agency.office or None)
        async with context.database.reading(actor) as sql:
            law = await provisions.law_of(sql)
            found = await counting.figures_of(sql, agency, year=year, quarter=quarter, now=context.now(), on=today)
        return FiguresPreview.of(found, rules.figures_due(law, year, quarter))

    @query(access=needs(Verb.DISCLOSURE_READ), description="Figures that were published within your reach.")
    async def figures(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PublishedFigures] | None:
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.DISCLOSURE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.figures_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )
        return pages.connection(rows, page, node=PublishedFigures.of, key=lambda row: (row.counted_at, row.id))


AREA = Area(query=ListQuery, nodes={"PublishedList": published_list}, types=(PublishedList,))
