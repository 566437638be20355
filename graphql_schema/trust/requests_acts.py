"""What may live here: the steps of requests in GraphQL: ask, consult, hear, extend, answer, open a contact."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.trust.requests import PublicRequest
from storage.record.actor import Verb
from storage.record.work import perform, perform_once
from storage.trust.requests import operations, queries
from storage.trust.requests.operations import PublicWords
from storage.trust.requests.queries import RequestRow
from storage.trust.requests.rules import Part, RefusalGround
from storage.trust.requests.tables import AnswerPart

_OPERATION_ID = "Made by the client; the same id again is the same act."
_ID = "The UUID of the request."
_WORDS = "What is said: 1 to 1,000 characters."


@strawberry.input(description="What is unclear; it is asked once.")
class AskRequestInput:
    """What is unclear."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    request_id: UUID = strawberry.field(description=_ID)
    words: str = strawberry.field(description=_WORDS)


@strawberry.input(description="Who is asked whom it concerns.")
class ConsultRequestInput:
    """Who is asked whom it concerns."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    request_id: UUID = strawberry.field(description=_ID)
    words: str = strawberry.field(description=_WORDS)


@strawberry.input(description="What the third party said.")
class HearRequestInput:
    """What the third party said."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    request_id: UUID = strawberry.field(description=_ID)
    words: str = strawberry.field(description=_WORDS)


@strawberry.input(description="Twenty working days more.")
class ExtendRequestInput:
    """Twenty working days more."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    request_id: UUID = strawberry.field(description=_ID)
    reason: str = strawberry.field(description="Why, in words that anybody reads: 1 to 1,000 characters.")


@strawberry.input(description="What is said to one part of a request.")
class RequestPartInput:
    """What is said to one part."""

    kind: AnswerPart = strawberry.field(description="What is said.")
    words: str = strawberry.field(description="In which words: 1 to 20,000 characters.")
    ground: RefusalGround | None = strawberry.field(default=None, description="Of a refusal: why.")


@strawberry.input(description="Question and answer as anybody reads them.")
class PublicWordsInput:
    """Question and answer as anybody reads them."""

    question: str = strawberry.field(description="What was asked, without who asked.")
    answer: str = strawberry.field(description="What was answered.")


@strawberry.input(description="An answer, part by part.")
class AnswerRequestInput:
    """An answer."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    request_id: UUID = strawberry.field(description=_ID)
    parts: list[RequestPartInput] = strawberry.field(description="What is said to each part, 1 to 20.")
    public: PublicWordsInput | None = strawberry.field(
        default=None, description="What anybody reads; null where nothing but the clock is public."
    )


@strawberry.input(description="A request of which the contact is needed.")
class OpenContactInput:
    """A request of which the contact is needed."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    request_id: UUID = strawberry.field(description=_ID)


@strawberry.type(description="What came of asking.")
class AskRequestPayload:
    """What came of asking."""

    request: PublicRequest | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of asking a third party.")
class ConsultRequestPayload:
    """What came of asking a third party."""

    request: PublicRequest | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of hearing a third party.")
class HearRequestPayload:
    """What came of hearing a third party."""

    request: PublicRequest | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of extending.")
class ExtendRequestPayload:
    """What came of extending."""

    request: PublicRequest | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of answering.")
class AnswerRequestPayload:
    """What came of answering."""

    request: PublicRequest | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="How whoever asked wants to be reached.")
class OpenContactPayload:
    """How whoever asked wants to be reached."""

    contact: str | None = strawberry.field(default=None, description="As he wrote it.")
    problem: Problem | None = problem_field()


async def _acts(info: Info, operation: Any, operation_id: UUID, **given: Any) -> PublicRequest:
    context = info.context
    row: RequestRow = await perform_once(
        context.database, context.signed_in(), context.now(), operation_id, queries.request_again, operation, **given
    )
    return PublicRequest.of(row)


@strawberry.type
class RequestMutation:
    """Steps of requests."""

    @mutation(access=needs(Verb.REQUEST_ANSWER), description="Ask once what is unclear; the time stands still.")
    async def ask_request(
        self, info: Info, input: Annotated[AskRequestInput, strawberry.argument(description="What.")]
    ) -> AskRequestPayload | None:
        given = {"request_id": input.request_id, "words": input.words}
        return AskRequestPayload(request=await _acts(info, operations.ask_request, input.operation_id, **given))

    @mutation(access=needs(Verb.REQUEST_ANSWER), description="Ask a third party; its days are not counted.")
    async def consult_request(
        self, info: Info, input: Annotated[ConsultRequestInput, strawberry.argument(description="Whom.")]
    ) -> ConsultRequestPayload | None:
        given = {"request_id": input.request_id, "words": input.words}
        return ConsultRequestPayload(request=await _acts(info, operations.consult_request, input.operation_id, **given))

    @mutation(access=needs(Verb.REQUEST_ANSWER), description="Note what the third party said; the time runs on.")
    async def hear_request(
        self, info: Info, input: Annotated[HearRequestInput, strawberry.argument(description="What.")]
    ) -> HearRequestPayload | None:
        given = {"request_id": input.request_id, "words": input.words}
        return HearRequestPayload(request=await _acts(info, operations.hear_request, input.operation_id, **given))

    @mutation(access=needs(Verb.REQUEST_EXTEND), description="Extend its time once, with a reason that anybody reads.")
    async def extend_request(
        self, info: Info, input: Annotated[ExtendRequestInput, strawberry.argument(description="Why.")]
    ) -> ExtendRequestPayload | None:
        given = {"request_id": input.request_id, "reason": input.reason}
        return ExtendRequestPayload(request=await _acts(info, operations.extend_request, input.operation_id, **given))

    @mutation(
        access=needs(Verb.REQUEST_ANSWER),
        description="Answer part by part. That an error is corrected is said once the disclosure was.",
    )
    async def answer_request(
        self, info: Info, input: Annotated[AnswerRequestInput, strawberry.argument(description="What.")]
    ) -> AnswerRequestPayload | None:
        public = PublicWords(question=input.public.question, answer=input.public.answer) if input.public else None
        parts = [Part(kind=one.kind, words=one.words, ground=one.ground) for one in input.parts]
        given = {"request_id": input.request_id, "parts": parts, "public": public}
        return AnswerRequestPayload(request=await _acts(info, operations.answer_request, input.operation_id, **given))

    @mutation(
        access=needs(Verb.REQUEST_OPEN_CONTACT),
        description="Read how whoever asked wants to be reached; it leaves a trace.",
    )
    async def open_contact(
        self, info: Info, input: Annotated[OpenContactInput, strawberry.argument(description="Of which.")]
    ) -> OpenContactPayload | None:
        context = info.context
        contact = await perform(
            context.database, context.signed_in(), context.now(), operations.open_contact, request_id=input.request_id
        )
        return OpenContactPayload(contact=contact)


AREA = Area(mutation=RequestMutation)
