"""What may live here: disclosures in GraphQL as the agency reads them: previews, what was published, what is due."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from storage.record.actor import Verb
from storage.trust.disclosures import gathering, keeping, queries
from storage.trust.disclosures.copies.allowed import Copy, TakenOut, TakenOutFor
from storage.trust.disclosures.public import Happened
from storage.trust.disclosures.queries import Counts, DisclosureRow, DutyRow, EventRow
from storage.trust.disclosures.rules import WithdrawalGround, WithholdingGround
from storage.trust.disclosures.sources import Gathered, scope_of
from storage.trust.disclosures.tables import DisclosureKind, DisclosureState, EventKind, SourceKind

labelled(DisclosureKind, description="What is published.")
labelled(DisclosureState, description="How a disclosure stands; the first two are shown.")
labelled(EventKind, description="What becomes of a disclosure.", name="DisclosureEventKind")
labelled(SourceKind, description="From what of the record a copy is made.", name="DisclosureSourceKind")
labelled(TakenOutFor, description="Why a member of the source is not what the public reads.")
labelled(WithdrawalGround, description="Why a disclosure is taken down.")
labelled(WithholdingGround, description="Why something is not published.")

MOST_DUTIES = 100
LONGEST_SPAN = timedelta(days=2 * 366)


@strawberry.type(description="A member of the source that the public does not read as it stands, and why.")
class TakenOutMember:
    """A member that was taken out."""

    member: str = strawberry.field(description="Its name, as the copy's list has it.")
    article: str = strawberry.field(description="The article.")
    why: TakenOutFor = strawberry.field(description="Why.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("taken-out", self.member, self.article, self.why)

    @classmethod
    def of(cls, one: TakenOut) -> "TakenOutMember":
        """Tell one."""
        return cls(member=one.member, article=one.article, why=one.why)


@strawberry.type(description="What would be public if it were published now. Nothing is stored by looking at it.")
class DisclosurePreview:
    """What would be public."""

    kind: DisclosureKind = strawberry.field(description="What it is.")
    content: str = strawberry.field(description="The copy: canonical JSON (RFC 8785), format pithead/disclosure/1.")
    digest: str = strawberry.field(description="Its SHA-256, in hexadecimal: publishing names it.")
    taken_out: list[TakenOutMember] = strawberry.field(description="What was taken out, and by which article.")
    worded: list[str] = strawberry.field(description="The texts that you worded anew.")
    basis: str = strawberry.field(description="The article by which it is published.")
    due_on: date | None = strawberry.field(description="The last day; null while that year's holidays are unknown.")
    late: bool = strawberry.field(description="Whether today is later: it is published all the same, and says so.")
    shown_until: date | None = strawberry.field(description="The last day on which it is shown.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("disclosure-preview", self.digest, self.late)

    @classmethod
    def of(cls, copy: Copy, found: Gathered, now: datetime) -> "DisclosurePreview":
        """Tell a copy."""
        return cls(
            kind=copy.kind, content=copy.content.decode(), digest=copy.digest.hex(), basis=found.basis,
            taken_out=[TakenOutMember.of(one) for one in copy.taken_out], worded=[one.member for one in copy.worded],
            due_on=found.duty.due_on, late=keeping.is_late(found.duty, now), shown_until=found.shown_until,
        )  # fmt: skip


@strawberry.type(description="One thing that became of a disclosure; anybody may read its entry.")
class DisclosureEvent:
    """What became of a disclosure."""

    ordinal: int = strawberry.field(description="Its place among the events of this disclosure, from 0.")
    kind: EventKind = strawberry.field(description="What happened.")
    basis: str = strawberry.field(description="The article.")
    reason: str = strawberry.field(description="Why, in words that the public reads.")
    edition: int = strawberry.field(description="The edition that it is about.")
    digest: str = strawberry.field(description="SHA-256 of that edition's copy, in hexadecimal.")
    at: datetime = strawberry.field(description="When.")
    entry: UUID = strawberry.field(description="The UUID of its entry in the ledger.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("DisclosureEvent", self.entry)

    @classmethod
    def of(cls, row: EventRow | Happened) -> "DisclosureEvent":
        """Tell a row, of the agency's side or the public's."""
        return cls(
            ordinal=row.ordinal, kind=EventKind(row.kind), basis=row.basis, reason=row.reason, edition=row.edition,
            digest=row.digest.hex(), at=row.at, entry=row.entry_id,
        )  # fmt: skip


@strawberry.type(description="One thing that was published, with where it comes from. Its UUID is its permalink's.")
class Disclosure(Node):
    """One thing that was published."""

    uuid: UUID = strawberry.field(description="The UUID: /d/{uuid} is its permalink. It leads back to nothing.")
    kind: DisclosureKind = strawberry.field(description="What it is.")
    source_kind: SourceKind = strawberry.field(description="From what it was made.")
    source_id: UUID = strawberry.field(
        description="The UUID of the decision's step, the inspection, commitment or breach."
    )
    case_id: UUID | None = strawberry.field(description="The UUID of the case.")
    mine_id: strawberry.ID | None = strawberry.field(description="The mine.")
    state: DisclosureState = strawberry.field(description="How it stands.")
    edition: int = strawberry.field(description="The edition that was shown last.")
    published_by: strawberry.ID = strawberry.field(description="The account that published it.")
    published_at: datetime = strawberry.field(description="When.")
    due_on: date | None = strawberry.field(description="The last day by which it was to be published.")
    late: bool = strawberry.field(description="Whether it was published later.")
    shown_until: date | None = strawberry.field(description="The last day on which it is shown.")

    @derived(description="What became of it, oldest first.")
    async def events(self, info: Info) -> list[DisclosureEvent]:
        return [DisclosureEvent.of(row) for row in await events_of(info.context, self.uuid)]

    @classmethod
    def of(cls, row: DisclosureRow) -> "Disclosure":
        """Tell a row."""
        return cls(
            id=global_id("Disclosure", row.id), uuid=row.id, kind=DisclosureKind(row.kind),
            source_kind=SourceKind(row.source_kind), source_id=row.source_id, case_id=row.matter_id,
            mine_id=global_id("Mine", row.mine_id) if row.mine_id else None, state=DisclosureState(row.state),
            edition=row.edition, published_by=global_id("Account", row.published_by), published_at=row.published_at,
            due_on=row.due_on, late=row.late, shown_until=row.shown_until,
        )  # fmt: skip


@strawberry.type(description="How many were withheld by one article.")
class WithheldCount:
    """How many were withheld."""

    article: str = strawberry.field(description="The article.")
    count: int = strawberry.field(description="How many.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("withheld", self.article, self.count)


@strawberry.type(description="What had to be published of a quarter, and what became of that.")
class DisclosureCounts:
    """What had to be published of a quarter."""

    year: int = strawberry.field(description="The year.")
    quarter: int = strawberry.field(description="The quarter, 1 to 4, of Guizhou's days.")
    kind: DisclosureKind = strawberry.field(description="What it is.")
    due: int = strawberry.field(description="Decided, or ended: to be published.")
    published: int = strawberry.field(description="Published.")
    published_late: int = strawberry.field(description="Of those, later than the law has it.")
    withheld: list[WithheldCount] = strawberry.field(description="Withheld, by article.")
    fell: int = strawberry.field(description="Revoked or void before they were published.")
    waiting: int = strawberry.field(description="Neither published nor withheld yet.")
    overdue: int = strawberry.field(description="Of those, past their last day.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("disclosure-counts", repr(self))

    @classmethod
    def of(cls, row: Counts) -> "DisclosureCounts":
        """Tell a row."""
        withheld = [WithheldCount(article=article, count=many) for article, many in sorted(row.withheld.items())]
        return cls(
            year=row.year, quarter=row.quarter, kind=DisclosureKind(row.kind), due=row.due, published=row.published,
            published_late=row.published_late, withheld=withheld, fell=row.fell, waiting=row.waiting,
            overdue=row.overdue,
        )  # fmt: skip


@strawberry.type(description="Something that is to be published and is neither published nor withheld yet.")
class DisclosureDuty:
    """Something that is to be published."""

    source_kind: SourceKind = strawberry.field(description="From what a copy is made.")
    source_id: UUID = strawberry.field(description="Its UUID.")
    kind: DisclosureKind = strawberry.field(description="What it would be.")
    case_id: UUID | None = strawberry.field(description="The UUID of the case.")
    mine_id: strawberry.ID | None = strawberry.field(description="The mine.")
    article: str = strawberry.field(description="The article.")
    start_at: datetime = strawberry.field(description="Since when.")
    due_on: date | None = strawberry.field(description="The last day; null while that year's holidays are unknown.")
    overdue: bool = strawberry.field(description="Whether that is past.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("duty", self.source_kind, self.source_id, self.overdue)

    @classmethod
    def of(cls, row: DutyRow, now: datetime) -> "DisclosureDuty":
        """Tell a row."""
        return cls(
            source_kind=SourceKind(row.source_kind), source_id=row.source_id, kind=DisclosureKind(row.kind),
            case_id=row.matter_id, mine_id=global_id("Mine", row.mine_id) if row.mine_id else None,
            article=row.article, start_at=row.start_at, due_on=row.due_on,
            overdue=row.over_at is not None and row.over_at <= now,
        )  # fmt: skip


@strawberry.input(description="A text of the copy as the public is to read it.")
class WordedInput:
    """A text that is worded anew."""

    member: str = strawberry.field(description="Its name: facts, grounds, conducts[0].name, penalty[0].terms …")
    text: str = strawberry.field(description="The text, 1 to 20,000 characters.")


async def _disclosures(context: Context, ids: list[UUID]) -> Iterable[DisclosureRow]:
    actor = context.signed_in()
    actor.require(Verb.DISCLOSURE_READ)
    async with context.database.reading(actor.seeing(Verb.DISCLOSURE_READ)) as sql:
        return await queries.disclosures_by_ids(sql, ids)


async def _events(context: Context, ids: list[UUID]) -> Iterable[EventRow]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.events_of(sql, ids)


disclosure_by_id = loaders.one(_disclosures, key=lambda row: row.id)
events_of = loaders.many(_events, key=lambda row: row.disclosure_id)


async def disclosure(context: Context, id: UUID) -> Disclosure | None:
    """Fetch the node of a UUID."""
    row = await disclosure_by_id(context, id)
    return Disclosure.of(row) if row else None


OfMine = Annotated[UUID | None, strawberry.argument(description="Only of this mine.")]
_Kind = Annotated[SourceKind, strawberry.argument(description="From what the copy is made.")]
_Source = Annotated[
    UUID, strawberry.argument(description="The UUID of the decision's step, the inspection, commitment or breach.")
]


@strawberry.type
class DisclosureQuery:
    """What the agency reads of what it publishes."""

    @query(
        access=needs(Verb.DISCLOSURE_PREVIEW),
        description="Exactly what would be public, and what was taken out. PERSONAL_DATA_FOUND names where a text must"
        " be worded anew; NOT_PUBLISHABLE what the closed list cannot make public.",
    )
    async def disclosure_preview(
        self, info: Info, source_kind: _Kind, source_id: _Source,
        worded: Annotated[list[WordedInput] | None, strawberry.argument(description="Texts worded anew.")] = None,
        of_age: Annotated[bool, strawberry.argument(description="You say that the person is no minor.")] = False,
    ) -> DisclosurePreview | None:  # fmt: skip
        context, actor = info.context, info.context.signed_in().seeing(Verb.DISCLOSURE_PREVIEW)
        async with context.database.reading(actor) as sql:
            found = await gathering.looked_at(sql, source_kind, source_id)
        actor.require(Verb.DISCLOSURE_PREVIEW, **scope_of(found.mine))
        copy = found.copy(anew={one.member: one.text for one in worded or ()}, of_age=of_age)
        return DisclosurePreview.of(copy, found, context.now())

    @query(access=needs(Verb.DISCLOSURE_READ), description="What was published within your reach, newest first.")
    async def disclosures(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
        kind: Annotated[DisclosureKind | None, strawberry.argument(description="Only of this kind.")] = None,
        state: Annotated[DisclosureState | None, strawberry.argument(description="Only in this state.")] = None,
    ) -> Connection[Disclosure] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.DISCLOSURE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.disclosures_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id, kind=kind,
                state=state,
            )  # fmt: skip
        return pages.connection(rows, page, node=Disclosure.of, key=lambda row: (row.published_at, row.id))

    @query(
        access=needs(Verb.DISCLOSURE_READ),
        description="What had to be published, by quarter: published, withheld by article, overdue. At most two years.",
    )
    async def disclosure_counts(
        self, info: Info,
        since: Annotated[datetime, strawberry.argument(description="From this moment on.")],
        until: Annotated[datetime, strawberry.argument(description="Up to this moment.")],
        county: Annotated[str | None, strawberry.argument(description="Only of this division.")] = None,
        office: Annotated[str | None, strawberry.argument(description="Only of this branch office.")] = None,
    ) -> list[DisclosureCounts] | None:  # fmt: skip
        context, actor = info.context, info.context.signed_in().seeing(Verb.DISCLOSURE_READ)
        until = min(until, since + LONGEST_SPAN)
        async with context.database.reading(actor) as sql:
            rows = await queries.counts_of(
                sql, since=since, until=until, now=context.now(), county=county, office=office
            )  # fmt: skip
        return [DisclosureCounts.of(row) for row in rows]

    @query(
        access=needs(Verb.DISCLOSURE_READ),
        description="What waits to be published, the most overdue first; a hundred at most.",
    )
    async def disclosure_duties(self, info: Info, mine_id: OfMine = None) -> list[DisclosureDuty] | None:
        context, actor = info.context, info.context.signed_in().seeing(Verb.DISCLOSURE_READ)
        async with context.database.reading(actor) as sql:
            rows = await queries.open_duties(sql, limit=MOST_DUTIES, mine_id=mine_id)
        return [DisclosureDuty.of(row, context.now()) for row in rows]


AREA = Area(query=DisclosureQuery, nodes={"Disclosure": disclosure}, types=(Disclosure,))
