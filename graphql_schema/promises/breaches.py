"""What may live here: breaches in GraphQL as they are read: what was found, answered, decided, and what follows."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from storage.promises.breaches import queries, tables
from storage.promises.breaches.rules import state_of
from storage.promises.breaches.tables import (
    BreachConsequenceKind,
    BreachConsequenceOf,
    BreachSource,
    BreachState,
)
from storage.record.actor import Verb

labelled(BreachSource, description="From what a breach is known.")
labelled(BreachState, description="Where a breach is.")
labelled(BreachConsequenceKind, description="What may follow a breach that stands.")
labelled(BreachConsequenceOf, description="Whom it concerns.")

OfMine = Annotated[UUID | None, strawberry.argument(description="Only of this mine.")]
Undecided = Annotated[bool, strawberry.argument(description="Only those of which nobody has decided.")]


@strawberry.type(description="A clock of a breach, with its article.")
class BreachDeadline:
    """A clock of a breach."""

    key: str = strawberry.field(description="Which number of the law.")
    article: str = strawberry.field(description="The article.")
    start: date = strawberry.field(description="The day from which it runs.")
    ends: date | None = strawberry.field(
        description="Its last day; null while nobody knows the holidays that decide it."
    )
    met_at: datetime | None = strawberry.field(description="When it was met.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("breach-deadline", self.key, self.start, self.ends, self.met_at)

    @classmethod
    def of(cls, row: tables.BreachDeadline) -> "BreachDeadline":
        """Tell a row."""
        return cls(key=row.key, article=row.article, start=row.start, ends=row.ends, met_at=row.met_at)


async def _deadlines(context: Context, ids: list[UUID]) -> Iterable[tables.BreachDeadline]:
    async with context.database.reading(context.signed_in().seeing(Verb.BREACH_READ)) as sql:
        return await queries.deadlines_of(sql, ids)


deadlines_of_breach = loaders.many(_deadlines, key=lambda row: row.breach_id)


@strawberry.type(description="A promised clause that was found not kept, from finding to correction.")
class Breach(Node):
    """A promised clause that was found not kept."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    commitment_id: UUID = strawberry.field(description="The UUID of the commitment that was signed.")
    year: int = strawberry.field(description="Its year.")
    key: str = strawberry.field(description="The key of the clause.")
    title: str = strawberry.field(description="What it is called, in Chinese.")
    clause_digest: str = strawberry.field(description="SHA-256 of the clause as it was signed, in hexadecimal.")
    source: BreachSource = strawberry.field(description="From what it is known.")
    source_id: UUID = strawberry.field(description="The UUID of that finding, refusal or inspection.")
    day: date = strawberry.field(description="The day on which it showed.")
    findings: list[strawberry.ID] = strawberry.field(description="The findings by which it shows.")
    state: BreachState = strawberry.field(description="Where it is.")
    words: str = strawberry.field(description="What was found.")
    found_by: strawberry.ID = strawberry.field(description="The officer who found it.")
    found_at: datetime = strawberry.field(description="When.")
    accepted: bool | None = strawberry.field(description="Whether the mine accepts it; null until it answers.")
    answer: str | None = strawberry.field(description="What it says: its correction, or its reasons against it.")
    correct_by: date | None = strawberry.field(description="Of what it accepts: by when it corrects.")
    evidence_ids: list[strawberry.ID] | None = strawberry.field(description="The sealed pieces that it names.")
    answered_by: strawberry.ID | None = strawberry.field(description="The principal who answered.")
    answered_at: datetime | None = strawberry.field(description="When.")
    stands: bool | None = strawberry.field(description="Whether it stands; null until it is decided.")
    decision: str | None = strawberry.field(description="Why it was decided so.")
    decided_by: strawberry.ID | None = strawberry.field(description="Who decided, another than who found it.")
    decided_at: datetime | None = strawberry.field(description="When.")
    correction: str | None = strawberry.field(description="What an officer saw of its correction.")
    corrected_by: strawberry.ID | None = strawberry.field(description="That officer.")
    corrected_at: datetime | None = strawberry.field(description="When.")

    @derived(description="Its clocks, in the order in which they began.")
    async def deadlines(self, info: Info) -> list[BreachDeadline]:
        return [BreachDeadline.of(row) for row in await deadlines_of_breach(info.context, self.uuid)]

    @classmethod
    def of(cls, row: tables.Breach) -> "Breach":
        """Tell a row."""
        same = (
            "commitment_id", "year", "key", "title", "source_id", "day", "words", "found_at", "accepted", "answer",
            "correct_by", "answered_at", "stands", "decision", "decided_at", "correction", "corrected_at",
        )  # fmt: skip
        people: dict[str, Any] = {
            name: _account(getattr(row, name)) for name in ("answered_by", "decided_by", "corrected_by")
        }
        evidence = None if row.evidence is None else [global_id("Evidence", one) for one in row.evidence]
        return cls(
            id=global_id("Breach", row.id), uuid=row.id, mine_id=global_id("Mine", row.mine_id),
            clause_digest=row.clause_digest.hex(), source=BreachSource(row.source), state=state_of(row),
            findings=[global_id("Finding", one) for one in row.findings], evidence_ids=evidence,
            found_by=global_id("Account", row.found_by), **people, **{name: getattr(row, name) for name in same},
        )  # fmt: skip


@strawberry.type(description="What is to follow breaches that stand: proposed by one person, decided by another.")
class BreachConsequence(Node):
    """What is to follow breaches that stand."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    kind: BreachConsequenceKind = strawberry.field(description="What it is. A proposal lists nobody by itself.")
    against: BreachConsequenceOf = strawberry.field(description="Whom it concerns.")
    breaches: list[strawberry.ID] = strawberry.field(description="The breaches that it follows.")
    words: str = strawberry.field(description="Why it is proposed.")
    proposed_by: strawberry.ID = strawberry.field(description="Who proposed it.")
    proposed_at: datetime = strawberry.field(description="When.")
    approved: bool | None = strawberry.field(description="Whether it was approved; null until it is decided.")
    decision: str | None = strawberry.field(description="Why it was decided so.")
    decided_by: strawberry.ID | None = strawberry.field(description="Who decided it, another person.")
    decided_at: datetime | None = strawberry.field(description="When.")

    @classmethod
    def of(cls, row: tables.BreachConsequence) -> "BreachConsequence":
        """Tell a row."""
        return cls(
            id=global_id("BreachConsequence", row.id), uuid=row.id, mine_id=global_id("Mine", row.mine_id),
            kind=BreachConsequenceKind(row.kind), against=BreachConsequenceOf(row.against),
            breaches=[global_id("Breach", one) for one in row.breaches], words=row.words,
            proposed_by=global_id("Account", row.proposed_by), proposed_at=row.proposed_at, approved=row.approved,
            decision=row.decision, decided_by=_account(row.decided_by), decided_at=row.decided_at,
        )  # fmt: skip


async def _breaches(context: Context, ids: list[UUID]) -> Iterable[tables.Breach]:
    actor = context.signed_in()
    actor.require(Verb.BREACH_READ)
    async with context.database.reading(actor.seeing(Verb.BREACH_READ)) as sql:
        return await queries.breaches_by_ids(sql, ids)


async def _consequences(context: Context, ids: list[UUID]) -> Iterable[tables.BreachConsequence]:
    actor = context.signed_in()
    actor.require(Verb.BREACH_READ)
    async with context.database.reading(actor.seeing(Verb.BREACH_READ)) as sql:
        return await queries.consequences_by_ids(sql, ids)


breach_by_id = loaders.one(_breaches, key=lambda row: row.id)
consequence_by_id = loaders.one(_consequences, key=lambda row: row.id)


async def breach(context: Context, id: UUID) -> Breach | None:
    """Fetch the node of a UUID."""
    row = await breach_by_id(context, id)
    return Breach.of(row) if row else None


async def consequence(context: Context, id: UUID) -> BreachConsequence | None:
    """Fetch the node of a UUID."""
    row = await consequence_by_id(context, id)
    return BreachConsequence.of(row) if row else None


@strawberry.type
class BreachQuery:
    """Reading breaches."""

    @query(access=needs(Verb.BREACH_READ), description="Breaches within your reach, newest found first.")
    async def breaches(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None, undecided: Undecided = False,
    ) -> Connection[Breach] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.BREACH_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.breaches_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id,
                open_only=undecided,
            )  # fmt: skip
        return pages.connection(rows, page, node=Breach.of, key=lambda row: (row.found_at, row.id))

    @query(access=needs(Verb.BREACH_READ), description="What was proposed to follow breaches, newest first.")
    async def breach_consequences(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
    ) -> Connection[BreachConsequence] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.BREACH_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.consequences_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id
            )
        return pages.connection(rows, page, node=BreachConsequence.of, key=lambda row: (row.proposed_at, row.id))


def _account(id: UUID | None) -> strawberry.ID | None:
    return None if id is None else global_id("Account", id)


AREA = Area(
    query=BreachQuery, nodes={"Breach": breach, "BreachConsequence": consequence}, types=(Breach, BreachConsequence)
)
