"""What may live here: the year of commitments in GraphQL: who signed, what everybody reads, how the next one begins."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import needs, open_to_all
from graphql_schema.area import Area, identity, query
from graphql_schema.context import Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, global_id, value_id
from graphql_schema.promises.templates_clauses import CommitmentClause
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.keys.tables import SigningWay
from storage.promises.years import queries, renewing, rules
from storage.promises.years.renewing import ClauseChange
from storage.promises.years.tables import CommitmentStatus, PromiseStanding, UnsignedCause
from storage.record.actor import Verb, stranger
from storage.register.mines import queries as mines
from storage.register.mines.tables import MineState

labelled(CommitmentStatus, description="How a mine stands in a year.")
labelled(UnsignedCause, description="Why no commitment of a mine stands.")
labelled(PromiseStanding, description="How a promised clause stands for everybody.")
labelled(ClauseChange, description="What became of a clause since the year before.")

LARGEST_OVERVIEW = 1_000
"""An overview is one screen of a city, or a sheet of the province: its rows come flat."""

Year = Annotated[int, strawberry.argument(description="The year.")]
OfMine = Annotated[UUID, strawberry.argument(description="The UUID of the mine.")]
OfCounty = Annotated[str | None, strawberry.argument(description="Only of this division (GB/T 2260).")]
FirstOfMany = Annotated[
    int | None, strawberry.argument(description="How many at most, from the start: 0 to 1,000; 50 if neither is given.")
]
LastOfMany = Annotated[
    int | None, strawberry.argument(description="How many at most, from the end: 0 to 1,000; not with `first`.")
]


@strawberry.type(description="What was signed last, whether or not it still stands. Ink is the lower level.")
class SignedDocument:
    """What was signed last."""

    uuid: UUID = strawberry.field(description="Its UUID: `commitmentBundle` gives all that proves it.")
    way: SigningWay = strawberry.field(description="How its principal signed.")
    by_ink: bool = strawberry.field(description="Whether it is of the lower level: a scan, bound by its digest.")
    digest: str = strawberry.field(description="SHA-256 of its canonical JSON, in hexadecimal.")
    signed_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("signed-document", self.uuid)

    @classmethod
    def of(cls, one: queries.Signed) -> "SignedDocument":
        """Tell what was signed."""
        way = SigningWay(one.way)
        return cls(uuid=one.commitment_id, way=way, by_ink=way is SigningWay.INK, digest=one.digest.hex(),
                   signed_at=one.signed_at)  # fmt: skip


@strawberry.type(description="One mine of an overview: whether it signed, why not, and how its clauses stand.")
class MineInYear:
    """One mine of an overview."""

    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    uuid: UUID = strawberry.field(description="The UUID of the mine.")
    name: str = strawberry.field(description="What it is called.")
    county: str = strawberry.field(description="Its division (GB/T 2260).")
    office: str = strawberry.field(description="Its branch office.")
    state: MineState = strawberry.field(description="What it is doing.")
    status: CommitmentStatus = strawberry.field(description="How it stands.")
    cause: UnsignedCause | None = strawberry.field(description="Why none stands; null where one does.")
    signed: SignedDocument | None = strawberry.field(description="What was signed last.")
    kept: int = strawberry.field(description="Clauses that were signed as met, and are not broken.")
    not_yet: int = strawberry.field(description="Clauses that are promised by a day that has not passed.")
    late: int = strawberry.field(description="Clauses whose day has passed.")
    not_met: int = strawberry.field(description="Clauses of which the mine itself says that they are not met.")
    broken: int = strawberry.field(description="Clauses of which a breach stands and is not corrected.")
    undecided: int = strawberry.field(description="Breaches of which nobody has decided, as far as you see them.")

    @identity
    def id(self) -> strawberry.ID:
        counts = (self.kept, self.not_yet, self.late, self.not_met, self.broken, self.undecided)
        return value_id("mine-in-year", self.uuid, self.status, self.signed and self.signed.uuid, *counts)

    @classmethod
    def of(cls, one: queries.MineInYear) -> "MineInYear":
        """Tell a mine."""
        counts = {standing.lower(): count for standing, count in one.counts.items()}
        return cls(
            mine_id=global_id("Mine", one.id), uuid=one.id, name=one.name, county=one.county, office=one.office,
            state=MineState(one.state), status=one.status, cause=one.cause, undecided=one.undecided,
            signed=SignedDocument.of(one.signed) if one.signed else None, **counts,
        )  # fmt: skip


@strawberry.type(description="A breach that stands, as everybody reads it.")
class PublicBreach:
    """A breach that stands."""

    uuid: UUID = strawberry.field(description="Its UUID.")
    day: date = strawberry.field(description="The day on which it showed.")
    since: datetime = strawberry.field(description="Since when it stands.")
    corrected_at: datetime | None = strawberry.field(description="When an officer saw that the clause is kept again.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("public-breach", self.uuid, self.corrected_at)


@strawberry.type(description="A clause as it was signed, and how it stands for everybody.")
class PublicClause:
    """A clause as it was signed."""

    clause: CommitmentClause = strawberry.field(description="What was promised.")
    own: bool = strawberry.field(description="Whether it is the mine's own, stricter than the template's or new.")
    outcome: AnswerOutcome = strawberry.field(description="What was signed of it.")
    by_day: date | None = strawberry.field(description="Of NOT_YET: by which day.")
    measure: str | None = strawberry.field(description="Of NOT_YET: what is done until then.")
    standing: PromiseStanding = strawberry.field(description="How it stands today.")
    breaches: list[PublicBreach] = strawberry.field(description="Those of it that stand, corrected ones among them.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("public-clause", repr(self.clause), self.own, self.standing, self.by_day, repr(self.breaches))

    @classmethod
    def of(cls, one: queries.PublicClause) -> "PublicClause":
        """Tell a clause."""
        breaches = [
            PublicBreach(uuid=each.id, day=each.day, since=each.since, corrected_at=each.corrected_at)
            for each in one.breaks
        ]
        return cls(
            clause=CommitmentClause.of(one.clause), own=one.own, outcome=one.outcome, by_day=one.by_day,
            measure=one.measure, standing=one.standing, breaches=breaches,
        )  # fmt: skip


@strawberry.type(description="What everybody reads of a mine's commitment for a year; no account is needed.")
class PublishedCommitment:
    """What everybody reads of a mine's commitment."""

    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    mine_name: str = strawberry.field(description="What it is called.")
    year: int = strawberry.field(description="The year.")
    status: CommitmentStatus = strawberry.field(description="How it stands.")
    cause: UnsignedCause | None = strawberry.field(description="Why none stands; null where one does.")
    due: date = strawberry.field(description="The last day on which it is signed in time.")
    signed: SignedDocument | None = strawberry.field(description="What was signed last.")
    pdf_sha256: str | None = strawberry.field(description="SHA-256 of its PDF before any stamp, in hexadecimal.")
    sealed: bool = strawberry.field(description="Whether the company's seal stands beside the signature.")
    stamp_levels: list[str] = strawberry.field(description="The levels of the authority's stamps on its PDF (PAdES).")
    clauses: list[PublicClause] = strawberry.field(description="The clauses as they were signed, in order.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("published-commitment", self.mine_id, self.year, self.status, self.signed and self.signed.uuid)

    @classmethod
    def of(cls, one: queries.Published) -> "PublishedCommitment":
        """Tell what is published."""
        return cls(
            mine_id=global_id("Mine", one.mine_id), mine_name=one.mine_name, year=one.year, status=one.status,
            cause=one.cause, due=one.due, signed=SignedDocument.of(one.signed) if one.signed else None,
            pdf_sha256=one.pdf_sha256.hex() if one.pdf_sha256 else None, sealed=one.sealed, stamp_levels=one.levels,
            clauses=[PublicClause.of(each) for each in one.clauses],
        )  # fmt: skip


@strawberry.type(description="What was signed or said of a clause the year before.")
class SaidBefore:
    """What was said the year before."""

    outcome: AnswerOutcome = strawberry.field(description="What was said.")
    words: str = strawberry.field(description="What was said besides.")
    measure: str | None = strawberry.field(description="Of NOT_YET: what was to be done.")
    evidence_ids: list[strawberry.ID] = strawberry.field(description="The sealed pieces that were named.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("said-before", self.outcome, self.words, self.measure, *self.evidence_ids)


@strawberry.type(description="A clause of this year beside that of the year before.")
class RenewedClause:
    """A clause beside that of the year before."""

    change: ClauseChange = strawberry.field(description="What became of it, by what it asks.")
    clause: CommitmentClause | None = strawberry.field(description="This year's; null where it is gone.")
    before: CommitmentClause | None = strawberry.field(description="That of the year before; null where it is new.")
    said: SaidBefore | None = strawberry.field(description="What was said of that one.")
    begins: AnswerOutcome | None = strawberry.field(
        description="What the clerk may begin from: nothing where more is asked, or where it was not met."
    )

    @identity
    def id(self) -> strawberry.ID:
        return value_id("renewed-clause", self.change, repr(self.clause), repr(self.before), repr(self.said))

    @classmethod
    def of(cls, one: renewing.Renewed) -> "RenewedClause":
        """Tell a clause."""
        said = None if one.said is None else SaidBefore(
            outcome=one.said.outcome, words=one.said.words, measure=one.said.measure,
            evidence_ids=[global_id("Evidence", piece) for piece in one.said.evidence],
        )  # fmt: skip
        return cls(
            change=one.change, clause=CommitmentClause.of(one.clause) if one.clause else None, said=said,
            before=CommitmentClause.of(one.before) if one.before else None, begins=one.begins,
        )  # fmt: skip


@strawberry.type
class YearQuery:
    """The year of commitments."""

    @query(
        access=needs(Verb.COMMITMENT_READ), price_share=4,
        description="The mines within your reach by name: who signed, who has not and why, how the clauses stand.",
    )  # fmt: skip
    async def commitment_overview(
        self, info: Info, year: Year, first: FirstOfMany = None, after: After = None, last: LastOfMany = None,
        before: Before = None, county: OfCounty = None,
    ) -> Connection[MineInYear] | None:  # fmt: skip
        page = pages.page(first, after, last, before, largest=LARGEST_OVERVIEW, by_name=True)
        return await _overview(info, page, year, county, overdue=False)

    @query(
        access=needs(Verb.COMMITMENT_READ), price_share=4,
        description="Those of them that produce or build and have signed nothing that stands, once the day is over.",
    )  # fmt: skip
    async def commitments_overdue(
        self, info: Info, year: Year, first: FirstOfMany = None, after: After = None, last: LastOfMany = None,
        before: Before = None, county: OfCounty = None,
    ) -> Connection[MineInYear] | None:  # fmt: skip
        page = pages.page(first, after, last, before, largest=LARGEST_OVERVIEW, by_name=True)
        return await _overview(info, page, year, county, overdue=True)

    @query(
        access=open_to_all,
        description="What everybody reads of a mine's commitment: signed or not and why, and clause by clause kept, not"
        " yet, or broken. No account is needed. Null for a mine that nobody knows.",
    )
    async def published_commitment(self, info: Info, mine_id: OfMine, year: Year) -> PublishedCommitment | None:
        rules.must_be_a_year(year)
        async with info.context.database.reading(stranger()) as sql:
            found = await queries.published_of(sql, mine_id, year, now=info.context.now())
        return PublishedCommitment.of(found) if found else None

    @query(
        access=needs(Verb.COMMITMENT_READ),
        description="A mine's clauses for a year beside those of the year before, with what was said of them then. Null"
        " while no template of the year is approved.",
    )
    async def commitment_renewal(self, info: Info, mine_id: OfMine, year: Year) -> list[RenewedClause] | None:
        rules.must_be_a_year(year)
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.COMMITMENT_READ)) as sql:
            await mines.mine_of_id(sql, mine_id)
            found = await queries.renewal_of(sql, mine_id, year)
        return None if found is None else [RenewedClause.of(one) for one in found]


async def _overview(
    info: Info, page: pages.Page, year: int, county: str | None, *, overdue: bool
) -> Connection[MineInYear]:
    rules.must_be_a_year(year)
    actor = info.context.signed_in().seeing(Verb.COMMITMENT_READ)
    async with info.context.database.reading(actor) as sql:
        rows = await queries.overview_of(
            sql, actor, year=year, now=info.context.now(), limit=page.limit, behind=page.key, backwards=page.backwards,
            county=county, overdue=overdue,
        )  # fmt: skip
    return pages.connection(rows, page, node=MineInYear.of, key=lambda row: (row.name, row.id))


AREA = Area(query=YearQuery)
