"""What may live here: the closed list of fields that anybody reads without a sign-in, from the public's own role."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import open_to_all
from graphql_schema.area import Area, identity, query
from graphql_schema.context import Info
from graphql_schema.pages import After, Connection, Edge, First, Page, PageInfo, global_id, value_id
from graphql_schema.scalars import Money
from graphql_schema.trust.disclosures import DisclosureEvent, TakenOutMember
from storage.record.actor import stranger
from storage.trust.disclosures import public
from storage.trust.disclosures.copies.allowed import taken_out_in
from storage.trust.disclosures.public import Gone, Shown, Sought
from storage.trust.disclosures.tables import DisclosureKind, DisclosureState

T = TypeVar("T")
Row = TypeVar("Row", Shown, Gone)


@strawberry.type(description="What anybody may read of something that was published.")
class PublicDisclosure:
    """What anybody may read."""

    uuid: UUID = strawberry.field(description="Its permalink is /d/{uuid}.")
    kind: DisclosureKind = strawberry.field(description="What it is.")
    disputed: bool = strawberry.field(description="Whether the party goes against it.")
    edition: int = strawberry.field(description="Which edition of it this is.")
    county: str = strawberry.field(description="The county, six digits.")
    agency: str = strawberry.field(description="Whose it is.")
    mine_uuid: UUID | None = strawberry.field(description="The UUID of the mine: /m/{uuid}.")
    mine: str = strawberry.field(description="The name of the mine.")
    party: str = strawberry.field(description="The party; of a person the family name alone.")
    credit_code: str | None = strawberry.field(description="The credit code of the unit, or of a person's mine.")
    number: str = strawberry.field(description="The number of the paper; may be empty.")
    title: str = strawberry.field(description="In one line.")
    day: date = strawberry.field(description="The day of the decision or inspection.")
    amount: Money | None = strawberry.field(description="The fine that stands, in fen.")
    published_at: datetime = strawberry.field(description="When it was published.")
    changed_at: datetime = strawberry.field(description="When it was last changed.")
    late: bool = strawberry.field(description="Whether it was published later than the law has it.")
    due_on: date | None = strawberry.field(description="By when it had to be.")
    shown_until: date | None = strawberry.field(description="The last day on which it is shown.")
    digest: str = strawberry.field(description="SHA-256 of its copy, in hexadecimal.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("PublicDisclosure", self.uuid)

    @classmethod
    def of(cls, row: Shown) -> "PublicDisclosure":
        """Tell a row."""
        same = (
            "disputed", "edition", "county", "agency", "mine", "party", "credit_code", "number", "title", "day",
            "published_at", "changed_at", "late", "due_on", "shown_until",
        )  # fmt: skip
        told = {name: getattr(row, name) for name in same}
        return cls(
            uuid=row.id, kind=DisclosureKind(row.kind), mine_uuid=row.mine_id, digest=row.digest.hex(),
            amount=Money(row.amount) if row.amount is not None else None, **told,
        )  # fmt: skip


@strawberry.type(description="What is left of something that is shown no more.")
class PublicTombstone:
    """What is left of something."""

    uuid: UUID = strawberry.field(description="Its permalink still answers: /d/{uuid}.")
    kind: DisclosureKind = strawberry.field(description="What it was.")
    gone_as: DisclosureState = strawberry.field(description="Withdrawn, repaired or expired.")
    basis: str = strawberry.field(description="The article.")
    reason: str = strawberry.field(description="Why.")
    published_at: datetime = strawberry.field(description="When it was published.")
    gone_at: datetime = strawberry.field(description="Since when it is gone.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("PublicTombstone", self.uuid)

    @classmethod
    def of(cls, row: Gone) -> "PublicTombstone":
        """Tell a row."""
        return cls(
            uuid=row.id, kind=DisclosureKind(row.kind), gone_as=DisclosureState(row.gone_as), basis=row.basis,
            reason=row.reason, published_at=row.published_at, gone_at=row.gone_at,
        )  # fmt: skip


@strawberry.type(description="What stands under a permalink: a copy or a tombstone, and all that happened.")
class PublicPage:
    """What stands under a permalink."""

    uuid: UUID = strawberry.field(description="The permalink is /d/{uuid}.")
    shown: PublicDisclosure | None = strawberry.field(description="What is shown, if it is.")
    content: str | None = strawberry.field(description="The copy itself: canonical JSON, format pithead/disclosure/1.")
    taken_out: list[TakenOutMember] = strawberry.field(description="What the public does not read of it, and why.")
    gone: PublicTombstone | None = strawberry.field(description="What is left of it, if it is gone.")
    events: list[DisclosureEvent] = strawberry.field(description="All that happened, oldest first.")
    bundle: str | None = strawberry.field(
        description="A file (*.disclosure.json) that `pithead verify` checks offline; null until a checkpoint that was"
        " shown holds all of its entries, a minute at the most, and of what is gone."
    )

    @identity
    def id(self) -> strawberry.ID:
        return value_id("public-page", self.uuid, len(self.events), self.bundle is None)

    @classmethod
    def of(cls, id: UUID, page: public.Page, bundle: bytes | None) -> "PublicPage":
        """Tell a page."""
        shown = page.shown
        current = [one for one in page.editions if shown is not None and one.edition == shown.edition]
        return cls(
            uuid=id, shown=PublicDisclosure.of(shown) if shown else None,
            content=shown.content.decode() if shown else None,
            taken_out=[TakenOutMember.of(each) for one in current for each in taken_out_in(one.taken_out)],
            gone=PublicTombstone.of(page.gone) if page.gone else None,
            events=[DisclosureEvent.of(one) for one in page.events], bundle=bundle.decode() if bundle else None,
        )  # fmt: skip


def _connection(rows: Sequence[Row], page: Page, of: Callable[[Row], T], known: bool) -> Connection[T]:
    """A page along the stream; its cursors are places in that."""
    edges = [Edge(node=of(row), cursor=pages.place_cursor((0, row.seq))) for row in rows[: page.size]]
    info = PageInfo(
        has_next_page=len(rows) > page.size, has_previous_page=known,
        start_cursor=edges[0].cursor if edges else None, end_cursor=edges[-1].cursor if edges else None,
    )  # fmt: skip
    return Connection(edges=edges, page_info=info)


@strawberry.input(description="What is looked for; each that is named narrows.")
class SoughtInput:
    """What is looked for."""

    words: str = strawberry.field(default="", description="Words that must all be there, with spaces between; <= 100.")
    kind: DisclosureKind | None = strawberry.field(default=None, description="Of this kind.")
    region: str | None = strawberry.field(default=None, description="In this division: two, four or six digits.")
    mine_uuid: UUID | None = strawberry.field(default=None, description="Of this mine.")
    credit_code: str | None = strawberry.field(default=None, description="Of the unit with this credit code.")
    year: int | None = strawberry.field(default=None, description="Of decisions or inspections in this year.")
    least: Money | None = strawberry.field(default=None, description="A fine of at least so much, in fen.")
    most: Money | None = strawberry.field(default=None, description="A fine of at most so much, in fen.")

    def sought(self) -> Sought:
        """What storage looks for."""
        return Sought(
            words=self.words, kind=self.kind, region=self.region, mine_id=self.mine_uuid,
            credit_code=self.credit_code, year=self.year, least=self.least, most=self.most,
        )  # fmt: skip


@strawberry.type
class PublicQuery:
    """What anybody may ask."""

    @query(
        access=open_to_all,
        description="What stands under a permalink. Null where nothing ever did: an id of something that is not public"
        " cannot be told from one that was never given out.",
    )
    async def public_disclosure(
        self, info: Info, uuid: Annotated[UUID, strawberry.argument(description="The UUID of the permalink.")]
    ) -> PublicPage | None:
        means = info.context.means
        async with means.public_record().reading(stranger()) as sql:
            page = await public.page_of(sql, uuid)
            proof = await public.proof_of(sql, page) if page is not None and page.shown is not None else None
        if page is None:
            return None
        keys = means.public_keys().document() if proof is not None else {}
        return PublicPage.of(uuid, page, public.bundle_of(page, proof, keys) if proof is not None else None)

    @query(access=open_to_all, description="What is shown to anybody, newest first.")
    async def public_disclosures(
        self, info: Info, first: First = None, after: After = None,
        sought: Annotated[SoughtInput | None, strawberry.argument(description="Only what fits.")] = None,
    ) -> Connection[PublicDisclosure] | None:  # fmt: skip
        page = pages.page(first, after, key=pages.place_of)
        asked, before = sought.sought() if sought else Sought(), page.key[1] if page.key else None
        async with info.context.means.public_record().reading(stranger()) as sql:
            rows = await public.search(sql, asked, limit=page.limit, before=before)
        return _connection(rows, page, PublicDisclosure.of, page.key is not None)

    @query(access=open_to_all, description="What was taken down, oldest first: what mirrors must delete.")
    async def public_deletions(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[PublicTombstone] | None:
        page = pages.page(first, after, key=pages.place_of)
        async with info.context.means.public_record().reading(stranger()) as sql:
            rows = await public.gone_after(sql, after=page.key[1] if page.key else 0, limit=page.limit)
        return _connection(rows, page, PublicTombstone.of, page.key is not None)


AREA = Area(query=PublicQuery)
