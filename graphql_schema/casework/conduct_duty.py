"""What may live here: the record of duty (履职) in GraphQL: what an officer did, what was allotted, what is undone."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import signed_in
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Info
from graphql_schema.defects import law_of
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last
from graphql_schema.scalars import Position
from storage.casework.conduct import duty
from storage.casework.conduct.duty import Period, Undone
from storage.record.actor import Actor, Verb
from storage.record.clock import day_of
from storage.record.law import Law

labelled(Undone, name="DutyUndone", description="What an officer left undone, or should have made good.")

AccountId = Annotated[UUID, strawberry.argument(description="The account of the officer.")]
FirstDay = Annotated[date, strawberry.argument(name="from", description="The first day, of Asia/Shanghai.")]
LastDay = Annotated[date, strawberry.argument(name="to", description="The last day; 366 days at most.")]


@strawberry.type(description="One thing that an officer did: the entry that it left in the ledger.")
class Deed:
    """One thing that an officer did."""

    entry_id: UUID = strawberry.field(description="The id of the entry; inclusion proofs go by it.")
    kind: str = strawberry.field(description="What was done, e.g. `finding.recorded`, `evidence.opened`.")
    at: datetime = strawberry.field(description="When it was done, by the API's clock.")
    subject_id: UUID = strawberry.field(description="To what it was done, by its id in the record.")
    mine_id: UUID | None = strawberry.field(description="The mine, where it was about one.")
    position: Position | None = strawberry.field(description="Where it stands in the ledger; null until it has one.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"deed-{self.entry_id}")

    @classmethod
    def of(cls, row: duty.Deed) -> "Deed":
        """Tell a row."""
        return cls(
            entry_id=row.id, kind=row.kind, at=row.at, subject_id=row.subject, mine_id=row.mine_id,
            position=None if row.position is None else Position(row.position),
        )  # fmt: skip


@strawberry.type(description="How often an officer did one kind of thing.")
class DeedCount:
    """How often an officer did one kind of thing."""

    kind: str = strawberry.field(description="The kind of the entries.")
    count: int = strawberry.field(description="How many there are.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("deeds", self.kind, self.count)


@strawberry.type(description="One thing that an officer left undone, with its article.")
class Omission:
    """One thing that an officer left undone."""

    code: Undone = strawberry.field(description="What it is.")
    subject_id: UUID = strawberry.field(description="The item, measure, finding, inspection or case.")
    article: str = strawberry.field(description="The article that asks for it.")
    key: str = strawberry.field(description="The period or the defect; empty where there is none.")
    since: datetime = strawberry.field(description="Since when it is his to do.")
    due_at: datetime | None = strawberry.field(description="Until when it was to be done; null without a moment.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("omission", self.code.value, self.subject_id, self.key)

    @classmethod
    def of(cls, one: duty.Omission, law: Law) -> "Omission":
        """Tell what was left undone; a period of a case has its article from the law of the day on which it began."""
        article = one.article or law.parameter(one.key, day_of(one.since)).article
        return cls(code=one.code, subject_id=one.subject, article=article, key=one.key, since=one.since, due_at=one.due)


@strawberry.type(description="What an officer was given, did and left undone: told from the record, entered by nobody.")
class DutyRecord:
    """What an officer was given, did and left undone."""

    reader: strawberry.Private[Actor]
    account_id: UUID = strawberry.field(description="The account of the officer.")
    first_day: date = strawberry.field(description="The first day of the period.")
    last_day: date = strawberry.field(description="Its last day.")
    inspections_named: int = strawberry.field(description="Inspections that named him as officer in the period.")
    items_allotted: int = strawberry.field(description="Items of schemes approved in the period that are his.")
    items_answered: int = strawberry.field(description="Those of them that he answered.")
    measures_followed: int = strawberry.field(description="Measures that he was named to follow in the period.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("duty", self.account_id, self.first_day, self.last_day)

    @derived(description="How often he did what in the period, by kind.")
    async def counts(self, info: Info) -> list[DeedCount]:
        async with info.context.database.reading(self.reader) as sql:
            found = await duty.counts_of(sql, self.account_id, Period(first=self.first_day, last=self.last_day))
        return [DeedCount(kind=kind, count=count) for kind, count in found]

    @derived(description="What he leaves undone now, the oldest first, at most 500.")
    async def undone(self, info: Info) -> list[Omission]:
        law = await law_of(info.context)
        async with info.context.database.reading(self.reader) as sql:
            found = await duty.undone_by(sql, self.account_id, now=info.context.now())
        return [Omission.of(one, law) for one in found]


def reader_of(info: Info, account_id: UUID) -> Actor:
    """The sight under which a record is read: one's own whole, else that of the roles that may read others'."""
    actor = info.context.signed_in()
    if actor.account_id == account_id:
        return actor
    actor.require(Verb.CONDUCT_READ)
    return actor.seeing(Verb.CONDUCT_READ)


@strawberry.type
class DutyQuery:
    """The record of duty: one's own, and that of others for their head and for supervision."""

    @query(access=signed_in, description="What an officer was given, did and left undone in a period (履职).")
    async def duty_record(
        self, info: Info, account_id: AccountId, first_day: FirstDay, last_day: LastDay
    ) -> DutyRecord | None:
        reader, period = reader_of(info, account_id), Period(first=first_day, last=last_day)
        async with info.context.database.reading(reader) as sql:
            await duty.officer_whose_record(sql, reader, account_id)
            found = await duty.allotted_to(sql, account_id, period)
        return DutyRecord(
            reader=reader, account_id=account_id, first_day=first_day, last_day=last_day,
            inspections_named=found.inspections, items_allotted=found.items, items_answered=found.answered,
            measures_followed=found.followed,
        )  # fmt: skip

    @query(access=signed_in, description="All that an officer did in a period, newest first: views of evidence too.")
    async def deeds(
        self, info: Info, account_id: AccountId, first_day: FirstDay, last_day: LastDay, first: First = None,
        after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[Deed] | None:  # fmt: skip
        page, reader = pages.page(first, after, last, before), reader_of(info, account_id)
        period = Period(first=first_day, last=last_day)
        async with info.context.database.reading(reader) as sql:
            await duty.officer_whose_record(sql, reader, account_id)
            rows = await duty.deeds_of(
                sql, account_id, period, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(rows, page, node=Deed.of)


AREA = Area(query=DutyQuery)
