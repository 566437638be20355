"""What may live here: repair of credit in GraphQL as it is read: how a penalty stands, what was asked and decided."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from storage.record.actor import Verb
from storage.trust.credit import operations, queries, tables
from storage.trust.credit.rules import Excluded, Obstacle, Outlook
from storage.trust.credit.tables import FraudGround
from storage.trust.disclosures.rules import PenaltyClass

labelled(FraudGround, description="Why what a party was granted is taken back.")
labelled(Obstacle, description="What the record knows that a party still owes.")
labelled(Excluded, description="Why repair does not apply at all.", name="RepairExclusion")
labelled(PenaltyClass, description="How grave a penalty is for its party's credit.")

OfMine = Annotated[UUID | None, strawberry.argument(description="Only of this mine.")]
Undecided = Annotated[bool, strawberry.argument(description="Only those of which nobody has decided.")]


@strawberry.type(description="How a shown penalty stands for its party today: when it can be repaired, what is owed.")
class RepairOutlook:
    """How a shown penalty stands for its party."""

    disclosure_uuid: UUID = strawberry.field(description="The UUID of its permalink.")
    grade: PenaltyClass = strawberry.field(description="Its class, by its kinds and sum.")
    article: str = strawberry.field(description="The text by which it is repaired: that of the day of the decision.")
    shortest_until: date | None = strawberry.field(
        description="The last day of its shortest period: repair is asked for after it. Null: at any time."
    )
    obstacles: list[Obstacle] = strawberry.field(description="What is still owed, as far as the record knows.")
    excluded: Excluded | None = strawberry.field(description="Why it is not repaired at all.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("repair-outlook", self.disclosure_uuid, repr(self))

    @classmethod
    def of(cls, id: UUID, found: Outlook) -> "RepairOutlook":
        """Tell an outlook."""
        return cls(
            disclosure_uuid=id, grade=found.grade, article=found.article, obstacles=list(found.obstacles),
            shortest_until=found.shortest.ends if found.shortest else None, excluded=found.excluded,
        )  # fmt: skip


@strawberry.type(description="A request that a penalty is shown no more: asked, examined, decided, taken back.")
class CreditRepair(Node):
    """A request for repair of credit."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    disclosure_uuid: UUID = strawberry.field(description="The UUID of the permalink.")
    case_id: strawberry.ID = strawberry.field(description="The case.")
    grade: PenaltyClass = strawberry.field(description="The class of the penalty.")
    article: str = strawberry.field(description="The text by which it is repaired.")
    words: str = strawberry.field(description="What the party says of its correction.")
    proof_ids: list[strawberry.ID] = strawberry.field(description="Its sealed proof.")
    measure_ids: list[strawberry.ID] = strawberry.field(description="Closed orders on site that prove it.")
    pledge: str | None = strawberry.field(description="The pledge in the principal's own words.")
    pledge_id: strawberry.ID | None = strawberry.field(description="Or the sealed paper that he signed.")
    received: bool = strawberry.field(description="Whether an officer handed it in for a person.")
    asked_by: strawberry.ID = strawberry.field(description="Who asked.")
    asked_at: datetime = strawberry.field(description="When.")
    due_on: date | None = strawberry.field(
        description="The last day for the decision; null while that year's holidays are unknown. Late is told only."
    )
    favoured: bool | None = strawberry.field(description="Of the agency alone: whether the examiner is for it.")
    examination: str | None = strawberry.field(description="Of the agency alone: why.")
    examined_by: strawberry.ID | None = strawberry.field(description="Of the agency alone: the examiner.")
    examined_at: datetime | None = strawberry.field(description="When it was examined.")
    granted: bool | None = strawberry.field(description="Whether it was granted; null until it is decided.")
    decision: str | None = strawberry.field(description="Why.")
    decided_by: strawberry.ID | None = strawberry.field(description="Who decided, another than the examiner.")
    decided_at: datetime | None = strawberry.field(description="When.")
    restored_for: FraudGround | None = strawberry.field(description="Why it was taken back.")
    restoration: str | None = strawberry.field(description="In words.")
    restored_by: strawberry.ID | None = strawberry.field(description="Who took it back.")
    restored_at: datetime | None = strawberry.field(description="When.")

    @classmethod
    def of(cls, row: tables.Repair, context: Context) -> "CreditRepair":
        """Tell a row. What an examiner wrote stays within the agency."""
        same = (
            "article", "words", "pledge", "received", "asked_at", "due_on", "examined_at", "granted", "decision",
            "decided_at", "restoration", "restored_at",
        )  # fmt: skip
        people: dict[str, Any] = {name: account(getattr(row, name)) for name in ("decided_by", "restored_by")}
        within = context.signed_in().may(Verb.REPAIR_READ)
        return cls(
            id=global_id("CreditRepair", row.id), uuid=row.id, mine_id=global_id("Mine", row.mine_id),
            disclosure_uuid=row.disclosure_id, case_id=global_id("Case", row.case_id), grade=PenaltyClass(row.grade),
            proof_ids=[global_id("Evidence", one) for one in row.proof],
            measure_ids=[global_id("Measure", one) for one in row.measures],
            pledge_id=global_id("Evidence", row.pledge_piece) if row.pledge_piece else None,
            asked_by=global_id("Account", row.asked_by), favoured=row.favoured if within else None,
            examination=row.examination if within else None, examined_by=account(row.examined_by) if within else None,
            restored_for=FraudGround(row.restored_for) if row.restored_for else None, **people,
            **{name: getattr(row, name) for name in same},
        )  # fmt: skip


def account(id: UUID | None) -> strawberry.ID | None:
    """The opaque id of an account, if there is one."""
    return None if id is None else global_id("Account", id)


async def _repairs(context: Context, ids: list[UUID]) -> Iterable[tables.Repair]:
    actor = context.signed_in()
    verb = Verb.REPAIR_READ if actor.may(Verb.REPAIR_READ) else Verb.REPAIR_READ_OWN
    actor.require(verb)
    async with context.database.reading(actor.seeing(verb)) as sql:
        return await queries.repairs_by_ids(sql, ids)


repair_by_id = loaders.one(_repairs, key=lambda row: row.id)


async def repair(context: Context, id: UUID) -> CreditRepair | None:
    """Fetch the node of a UUID."""
    row = await repair_by_id(context, id)
    return CreditRepair.of(row, context) if row else None


async def _page(
    info: Info, verb: Verb, page: pages.Page, *, mine_id: UUID | None = None, undecided: bool = False
) -> Connection[CreditRepair]:
    actor = info.context.signed_in().seeing(verb)
    async with info.context.database.reading(actor) as sql:
        rows = await queries.repairs_visible_to(
            sql, actor, verb, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id,
            open_only=undecided,
        )  # fmt: skip
    return pages.connection(
        rows, page, node=lambda row: CreditRepair.of(row, info.context), key=lambda row: (row.asked_at, row.id)
    )


@strawberry.type
class CreditQuery:
    """Reading repairs of credit."""

    @query(access=needs(Verb.REPAIR_READ), description="Requests for repair of credit within your reach, newest first.")
    async def credit_repairs(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None, undecided: Undecided = False,
    ) -> Connection[CreditRepair] | None:  # fmt: skip
        page = pages.page(first, after, last, before)
        return await _page(info, Verb.REPAIR_READ, page, mine_id=mine_id, undecided=undecided)

    @query(access=needs(Verb.REPAIR_READ_OWN), description="What your mine asked, newest first, and what was decided.")
    async def own_credit_repairs(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CreditRepair] | None:
        return await _page(info, Verb.REPAIR_READ_OWN, pages.page(first, after, last, before))

    @query(
        access=signed_in,
        description="How a shown penalty stands for its party: when its showing can end by repair, and what is owed.",
    )
    async def repair_outlook(
        self, info: Info,
        disclosure_id: Annotated[UUID, strawberry.argument(description="The UUID of its permalink.")],
    ) -> RepairOutlook | None:  # fmt: skip
        context, actor = info.context, info.context.signed_in()
        if not actor.may(Verb.REPAIR_READ):
            actor.require(Verb.REPAIR_ASK)
        async with context.database.reading(actor) as sql:
            found = await operations.outlook_for(sql, disclosure_id, context.now())
        return RepairOutlook.of(disclosure_id, found)


AREA = Area(query=CreditQuery, nodes={"CreditRepair": repair}, types=(CreditRepair,))
