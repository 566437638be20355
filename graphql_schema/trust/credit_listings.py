"""What may live here: entries of the blacklist in GraphQL as they are read, by the agency, the party, supervisors."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, open_to_all
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from graphql_schema.promises.breaches import BreachConsequence
from graphql_schema.trust.credit import OfMine, account
from graphql_schema.trust.credit_removals import BlacklistRemoval, removals_of_listing
from graphql_schema.trust.credit_sanctions import JointSanction, sanctions_of_listing
from graphql_schema.trust.disclosures import TakenOutMember, WordedInput
from storage.record.actor import Verb, stranger
from storage.record.clock import day_of
from storage.record.problems import NotFound
from storage.register.people.tables import PostKind
from storage.trust.credit import listings, queries, tables
from storage.trust.credit import public as counted
from storage.trust.credit.queries import ListedPerson
from storage.trust.credit.tables import ListingFault, ListingGround, ListingState, ListingSubject
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.operations import Wording

labelled(ListingSubject, description="Whom an entry of the blacklist names.", name="BlacklistingSubject")
labelled(ListingGround, description="Why somebody is listed (令11, art. 6 and 7).", name="BlacklistingGround")
labelled(ListingState, description="Where an entry is.", name="BlacklistingState")
labelled(ListingFault, description="Why an entry is taken back.", name="BlacklistingFault")

MOST = 100


@strawberry.type(description="An entry of the blacklist, from its proposal to its end.")
class Blacklisting(Node):
    """An entry of the blacklist."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    mine_id: strawberry.ID = strawberry.field(description="The mine, or that at which the person was.")
    subject: ListingSubject = strawberry.field(description="Whom it names.")
    person_id: strawberry.ID | None = strawberry.field(description="The person of the register.")
    case_id: strawberry.ID = strawberry.field(description="The case.")
    decision_id: UUID = strawberry.field(description="The UUID of the step of the penalty on which it rests.")
    consequence_id: strawberry.ID | None = strawberry.field(description="The breach's proposal that it came from.")
    ground: ListingGround = strawberry.field(description="The ground.")
    article: str = strawberry.field(description="Its article.")
    words: str = strawberry.field(description="Why.")
    state: ListingState = strawberry.field(description="Where it is.")
    proposed_by: strawberry.ID = strawberry.field(description="Who proposed it.")
    proposed_at: datetime = strawberry.field(description="When.")
    telling: str | None = strawberry.field(description="How the party was told.")
    told_at: datetime | None = strawberry.field(description="When.")
    answer_ends: date | None = strawberry.field(description="The last day on which the party may answer.")
    answer: str | None = strawberry.field(description="What the party said.")
    evidence_ids: list[strawberry.ID] | None = strawberry.field(description="The sealed pieces that it named.")
    heard: bool | None = strawberry.field(description="Whether an officer took it down.")
    answered_at: datetime | None = strawberry.field(description="When.")
    due_on: date | None = strawberry.field(description="The last day for the decision; late is told only.")
    entered: bool | None = strawberry.field(description="Whether it was entered; null until it is decided.")
    decision: str | None = strawberry.field(description="Why.")
    decided_by: strawberry.ID | None = strawberry.field(description="Who decided, another than who proposed.")
    decided_at: datetime | None = strawberry.field(description="When.")
    disclosure_uuid: UUID | None = strawberry.field(description="The UUID of its permalink.")
    until: date | None = strawberry.field(description="Its last day.")
    ended_at: datetime | None = strawberry.field(description="When it ended.")
    withdrawn_for: ListingFault | None = strawberry.field(description="Why it was taken back.")
    withdrawal: str | None = strawberry.field(description="In words.")

    @derived(description="Requests to leave early, oldest first.")
    async def removals(self, info: Info) -> list[BlacklistRemoval]:
        return [BlacklistRemoval.of(row) for row in await removals_of_listing(info.context, self.uuid)]

    @derived(description="What other agencies were asked, oldest first; the party does not see it.")
    async def sanctions(self, info: Info) -> list[JointSanction]:
        return [JointSanction.of(row) for row in await sanctions_of_listing(info.context, self.uuid)]

    @classmethod
    def of(cls, row: tables.Listing) -> "Blacklisting":
        """Tell a row."""
        same = (
            "decision_id", "article", "words", "proposed_at", "telling", "told_at", "answer_ends", "answer", "heard",
            "answered_at", "due_on", "entered", "decision", "decided_at", "until", "ended_at", "withdrawal",
        )  # fmt: skip
        told: dict[str, Any] = {name: getattr(row, name) for name in same}
        return cls(
            id=global_id("Blacklisting", row.id), uuid=row.id, mine_id=global_id("Mine", row.mine_id),
            subject=ListingSubject(row.subject), case_id=global_id("Case", row.case_id),
            person_id=global_id("Person", row.person_id) if row.person_id else None, state=ListingState(row.state),
            consequence_id=global_id("BreachConsequence", row.consequence_id) if row.consequence_id else None,
            ground=ListingGround(row.ground), proposed_by=global_id("Account", row.proposed_by),
            evidence_ids=None if row.evidence is None else [global_id("Evidence", one) for one in row.evidence],
            decided_by=account(row.decided_by), disclosure_uuid=row.disclosure_id,
            withdrawn_for=ListingFault(row.withdrawn_for) if row.withdrawn_for else None, **told,
        )  # fmt: skip


@strawberry.type(description="Exactly what an entry would publish if it were decided today.")
class BlacklistingPreview:
    """What an entry would publish."""

    content: str = strawberry.field(description="The copy: canonical JSON (RFC 8785), format pithead/disclosure/1.")
    digest: str = strawberry.field(description="Its SHA-256, in hexadecimal: the decision names it.")
    taken_out: list[TakenOutMember] = strawberry.field(description="What was taken out, and by which article.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("blacklisting-preview", self.digest)

    @classmethod
    def of(cls, copy: Copy) -> "BlacklistingPreview":
        """Tell a copy."""
        taken_out = [TakenOutMember.of(one) for one in copy.taken_out]
        return cls(content=copy.content.decode(), digest=copy.digest.hex(), taken_out=taken_out)


@strawberry.type(description="Somebody listed, wherever that was, who holds a post at a mine that you supervise.")
class ListedAtMine:
    """Somebody listed who holds a post."""

    blacklisting_uuid: UUID = strawberry.field(description="The UUID of the entry, which may be out of your reach.")
    person_id: strawberry.ID = strawberry.field(description="The person in the register of this mine.")
    name: str = strawberry.field(description="The name.")
    post: PostKind = strawberry.field(description="The post that he holds today.")
    ground: ListingGround = strawberry.field(description="Why he is listed.")
    article: str = strawberry.field(description="The article.")
    since: date = strawberry.field(description="Since when.")
    until: date = strawberry.field(description="Until when.")
    listed_at_mine: str = strawberry.field(description="The mine at which that was.")
    county: str = strawberry.field(description="Its county.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("listed-at-mine", self.blacklisting_uuid, self.person_id, self.post)

    @classmethod
    def of(cls, row: ListedPerson) -> "ListedAtMine":
        """Tell a row."""
        return cls(
            blacklisting_uuid=row.listing_id, person_id=global_id("Person", row.person_id), name=row.name,
            post=row.post, ground=ListingGround(row.ground), article=row.article, since=row.since, until=row.until,
            listed_at_mine=row.listed_at_mine, county=row.county,
        )  # fmt: skip


async def _listings(context: Context, ids: list[UUID]) -> Iterable[tables.Listing]:
    actor = context.signed_in()
    verb = Verb.BLACKLIST_READ if actor.may(Verb.BLACKLIST_READ) else Verb.BLACKLIST_READ_OWN
    actor.require(verb)
    async with context.database.reading(actor.seeing(verb)) as sql:
        return await queries.listings_by_ids(sql, ids)


listing_by_id = loaders.one(_listings, key=lambda row: row.id)


async def listing(context: Context, id: UUID) -> Blacklisting | None:
    """Fetch the node of a UUID."""
    row = await listing_by_id(context, id)
    return Blacklisting.of(row) if row else None


_Id = Annotated[UUID, strawberry.argument(description="The UUID of the entry.")]


@strawberry.type
class BlacklistQuery:
    """Reading the blacklist."""

    @query(access=needs(Verb.BLACKLIST_READ), description="Entries within your reach, newest proposed first.")
    async def blacklistings(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
        state: Annotated[ListingState | None, strawberry.argument(description="Only in this state.")] = None,
    ) -> Connection[Blacklisting] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.BLACKLIST_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.listings_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id, state=state
            )
        return pages.connection(rows, page, node=Blacklisting.of, key=lambda row: (row.proposed_at, row.id))

    @query(
        access=needs(Verb.BLACKLIST_READ_OWN),
        description="Entries of your mine, if you act for it, and of yourself, of which you were told; the newest 100.",
    )
    async def own_blacklistings(self, info: Info) -> list[Blacklisting] | None:
        actor = info.context.signed_in().seeing(Verb.BLACKLIST_READ_OWN)
        async with info.context.database.reading(actor) as sql:
            return [Blacklisting.of(row) for row in await queries.own_listings(sql, actor, limit=MOST)]

    @query(
        access=needs(Verb.BLACKLIST_DECIDE),
        description="Exactly what would be public. PERSONAL_DATA_FOUND names where the reasons must be worded anew.",
    )
    async def blacklisting_preview(
        self, info: Info, blacklisting_id: _Id,
        worded: Annotated[list[WordedInput] | None, strawberry.argument(description="Texts worded anew.")] = None,
        of_age: Annotated[bool, strawberry.argument(description="You say that the person is no minor.")] = False,
    ) -> BlacklistingPreview | None:  # fmt: skip
        context, wording = info.context, Wording(anew={one.member: one.text for one in worded or ()}, of_age=of_age)
        async with context.database.reading(context.signed_in().seeing(Verb.BLACKLIST_DECIDE)) as sql:
            found = await queries.listings_by_ids(sql, [blacklisting_id])
            if not found:
                raise NotFound()
            return BlacklistingPreview.of(await listings.looked_at(sql, found[0], context.now(), wording))

    @query(
        access=needs(Verb.BLACKLIST_READ),
        description="Who is listed, wherever that was, and holds a post at this mine: an entry follows a person.",
    )
    async def listed_at_mine(
        self, info: Info, mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")]
    ) -> list[ListedAtMine] | None:
        context, actor = info.context, info.context.signed_in().seeing(Verb.BLACKLIST_READ)
        async with context.database.reading(actor) as sql:
            rows = await queries.listed_people_at(sql, [mine_id], on=day_of(context.now()))
        return [ListedAtMine.of(row) for row in rows]

    @query(
        access=needs(Verb.BLACKLIST_PROPOSE),
        description="Proposals that followed breaches, were approved, and wait to be taken up; the oldest 100 first.",
    )
    async def blacklist_waiting(self, info: Info) -> list[BreachConsequence] | None:
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.BLACKLIST_PROPOSE)) as sql:
            return [BreachConsequence.of(row) for row in await queries.waiting_proposals(sql, limit=MOST)]

    @query(
        access=open_to_all,
        description="How many people who are listed hold a post at a mine; nobody's name. Counted once a minute.",
    )
    async def public_listed_people(
        self, info: Info, mine_uuid: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")]
    ) -> int:
        async with info.context.means.public_record().reading(stranger()) as sql:
            return await counted.people_listed_at(sql, mine_uuid)


AREA = Area(
    query=BlacklistQuery, nodes={"Blacklisting": listing}, types=(Blacklisting, BlacklistRemoval, JointSanction)
)
