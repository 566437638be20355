"""What may live here: requests in GraphQL: what officers read of what was asked, and the clocks that anybody reads."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import orjson
import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, open_to_all
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from storage.record.actor import Verb, stranger
from storage.trust.requests import queries
from storage.trust.requests.queries import PublicRow, RequestRow, StepRow
from storage.trust.requests.rules import RefusalGround
from storage.trust.requests.tables import AnswerPart, RequestKind, RequestOutcome, RequestState, RequestStepKind

labelled(RequestKind, description="What is asked.")
labelled(RequestState, description="Where a request is.")
labelled(RequestStepKind, description="What becomes of a request.")
labelled(AnswerPart, description="What is said to one part of a request.")
labelled(RequestOutcome, description="What came of a request as a whole.")
labelled(RefusalGround, description="Why information is not given.")


@strawberry.type(description="What was said to one part of a request.")
class RequestPart:
    """What was said to one part."""

    kind: AnswerPart = strawberry.field(description="What was said.")
    words: str = strawberry.field(description="In which words.")
    ground: RefusalGround | None = strawberry.field(description="Why it was refused.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("request-part", self.kind, self.words)


@strawberry.type(description="One step of a request.")
class RequestStep:
    """One step of a request."""

    uuid: UUID = strawberry.field(description="The UUID.")
    ordinal: int = strawberry.field(description="Its place among the steps, from 0.")
    kind: RequestStepKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    by: strawberry.ID | None = strawberry.field(description="The account; null where whoever asked did it.")
    words: str = strawberry.field(description="What was said.")
    parts: list[RequestPart] = strawberry.field(description="Of an answer, part by part.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("RequestStep", self.uuid)

    @classmethod
    def of(cls, row: StepRow) -> "RequestStep":
        """Tell a row."""
        parts = [
            RequestPart(
                kind=AnswerPart(one["kind"]), words=one["words"],
                ground=RefusalGround(one["ground"]) if "ground" in one else None,
            )
            for one in orjson.loads(row.parts)
        ]  # fmt: skip
        return cls(
            uuid=row.id, ordinal=row.ordinal, kind=RequestStepKind(row.kind), at=row.at, words=row.words, parts=parts,
            by=global_id("Account", row.by_id) if row.by_id else None,
        )  # fmt: skip


@strawberry.type(description="What somebody asked without an account: an error to be put right, or information.")
class PublicRequest(Node):
    """What somebody asked."""

    uuid: UUID = strawberry.field(description="The UUID.")
    number: str = strawberry.field(description="The number under which its clock is public.")
    kind: RequestKind = strawberry.field(description="What is asked.")
    division: str = strawberry.field(description="The division that was asked.")
    office: str = strawberry.field(description="The code of the branch office that was asked; may be empty.")
    disclosure_uuid: UUID | None = strawberry.field(description="Of an error: the permalink's UUID.")
    words: str = strawberry.field(description="What was asked, in the asker's words.")
    filed_at: datetime = strawberry.field(description="When.")
    state: RequestState = strawberry.field(description="Where it is.")
    due_on: date | None = strawberry.field(description="The last day; null while the time stands still.")
    extended: bool = strawberry.field(description="Whether its time was extended.")
    outcome: RequestOutcome | None = strawberry.field(description="What came of it.")
    closed_at: datetime | None = strawberry.field(description="When it was answered.")

    @derived(description="What became of it, oldest first.")
    async def steps(self, info: Info) -> list[RequestStep]:
        return [RequestStep.of(row) for row in await steps_of(info.context, self.uuid)]

    @classmethod
    def of(cls, row: RequestRow) -> "PublicRequest":
        """Tell a row."""
        return cls(
            id=global_id("PublicRequest", row.id), uuid=row.id, number=row.number, kind=RequestKind(row.kind),
            division=row.county, office=row.office, disclosure_uuid=row.disclosure_id, words=row.words,
            filed_at=row.filed_at, state=RequestState(row.state), due_on=row.due_on, extended=row.extended,
            outcome=RequestOutcome(row.outcome) if row.outcome else None, closed_at=row.closed_at,
        )  # fmt: skip


@strawberry.type(description="The clock of a request, and once it was answered what was worded for the public.")
class RequestClock:
    """The clock of a request."""

    number: str = strawberry.field(description="Its number.")
    kind: RequestKind = strawberry.field(description="What is asked.")
    division: str = strawberry.field(description="The division that was asked.")
    agency: str = strawberry.field(description="Who was asked.")
    filed_on: date = strawberry.field(description="Since when.")
    due_on: date | None = strawberry.field(description="The last day; null while the time stands still.")
    article: str = strawberry.field(description="The article that gives the time.")
    state: RequestState = strawberry.field(description="Where it is.")
    extended: bool = strawberry.field(description="Whether its time was extended.")
    extension_reason: str | None = strawberry.field(description="Why.")
    outcome: RequestOutcome | None = strawberry.field(description="What came of it.")
    grounds: str = strawberry.field(description="The articles by which parts were refused; may be empty.")
    closed_on: date | None = strawberry.field(description="When it was answered.")
    late: bool = strawberry.field(description="Whether it was answered late.")
    disclosure_uuid: UUID | None = strawberry.field(description="Of an error, once it was worded for the public.")
    question: str | None = strawberry.field(description="What was asked, as it was worded for the public.")
    answer: str | None = strawberry.field(description="What was answered, as it was worded for the public.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("request-clock", self.number, self.state)

    @classmethod
    def of(cls, row: PublicRow) -> "RequestClock":
        """Tell a row."""
        same = (
            "number", "agency", "filed_on", "due_on", "article", "extended", "extension_reason", "grounds",
            "closed_on", "late", "question", "answer",
        )  # fmt: skip
        return cls(
            **{name: getattr(row, name) for name in same}, kind=RequestKind(row.kind), division=row.county,
            state=RequestState(row.state), disclosure_uuid=row.disclosure_id,
            outcome=RequestOutcome(row.outcome) if row.outcome else None,
        )  # fmt: skip


async def _requests(context: Context, ids: list[UUID]) -> Iterable[RequestRow]:
    actor = context.signed_in()
    actor.require(Verb.REQUEST_READ)
    async with context.database.reading(actor.seeing(Verb.REQUEST_READ)) as sql:
        return await queries.requests_by_ids(sql, ids)


async def _steps(context: Context, ids: list[UUID]) -> Iterable[StepRow]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.steps_of(sql, ids)


request_by_id = loaders.one(_requests, key=lambda row: row.id)
steps_of = loaders.many(_steps, key=lambda row: row.request_id)


async def public_request(context: Context, id: UUID) -> PublicRequest | None:
    """Fetch the node of a UUID."""
    row = await request_by_id(context, id)
    return PublicRequest.of(row) if row else None


@strawberry.type
class RequestQuery:
    """What is read of requests."""

    @query(access=needs(Verb.REQUEST_READ), description="What was asked within your reach, newest first.")
    async def requests(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        state: Annotated[RequestState | None, strawberry.argument(description="Only in this state.")] = None,
    ) -> Connection[PublicRequest] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.REQUEST_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.requests_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, state=state
            )
        return pages.connection(rows, page, node=PublicRequest.of, key=lambda row: (row.filed_at, row.id))

    @query(
        access=open_to_all,
        description="The clock of a request by its number; null where there is none. Nothing of it is private.",
    )
    async def public_request(
        self, info: Info, number: Annotated[str, strawberry.argument(description="The number: 2026-0001.")]
    ) -> RequestClock | None:
        async with info.context.means.public_record().reading(stranger()) as sql:
            row = await queries.public_request(sql, number[:20])
        return RequestClock.of(row) if row else None


AREA = Area(query=RequestQuery, nodes={"PublicRequest": public_request}, types=(PublicRequest,))
