"""What may live here: the question bank in GraphQL: two people make a version, and officers alone read it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from storage.casework.exams import asking, queries
from storage.casework.exams import tables as rows
from storage.casework.exams.rules import QuestionFacts
from storage.casework.exams.tables import QuestionKind
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.register.people.tables import Craft, ExamCategory

labelled(QuestionKind, description="How a question is answered.")

_OPERATION_ID = "Made by the client; the same id again is the same act."


async def _questions(context: Context, ids: list[UUID]) -> list[rows.Question]:
    actor = context.signed_in()
    actor.require(Verb.QUESTION_READ)
    async with context.database.reading(actor.seeing(Verb.QUESTION_READ)) as sql:
        return await queries.questions_by_ids(sql, ids)


question_by_id = loaders.one(_questions, key=lambda row: row.id)


@strawberry.type(description="One version of a question of the bank; it is asked from its approval until its end.")
class ExamQuestion(Node):
    """One version of a question."""

    uuid: UUID = strawberry.field(description="Its UUID, as papers name it.")
    series_id: UUID = strawberry.field(description="What all versions of one question have in common.")
    version: int = strawberry.field(description="Which version, from 1.")
    kind: QuestionKind = strawberry.field(description="How it is answered.")
    categories: list[ExamCategory] = strawberry.field(description="Whom it is put to.")
    craft: Craft | None = strawberry.field(description="To which special operation only, if to one.")
    text: str = strawberry.field(description="The question.")
    options: list[str] = strawberry.field(description="The options, lettered A to H in their order.")
    answer: str = strawberry.field(description="The letters of the right options.")
    article: str = strawberry.field(description="The article that it is taken from.")
    drafted_by: strawberry.ID = strawberry.field(description="The account that drafted it.")
    drafted_at: datetime = strawberry.field(description="When it was drafted.")
    approved_by: strawberry.ID | None = strawberry.field(description="The account that approved it: never the same.")
    approved_at: datetime | None = strawberry.field(description="Since when it is asked.")
    retired_at: datetime | None = strawberry.field(description="Since when it is asked no more.")

    @classmethod
    def of(cls, row: rows.Question) -> "ExamQuestion":
        """Tell a row."""
        return cls(
            id=global_id("ExamQuestion", row.id), uuid=row.id, series_id=row.series_id, version=row.version,
            kind=QuestionKind(row.kind), categories=[ExamCategory(one) for one in row.categories],
            craft=Craft(row.craft) if row.craft else None, text=row.text, options=row.options, answer=row.answer,
            article=row.article, drafted_by=global_id("Account", row.drafted_by), drafted_at=row.drafted_at,
            approved_by=global_id("Account", row.approved_by) if row.approved_by else None,
            approved_at=row.approved_at, retired_at=row.retired_at,
        )  # fmt: skip


async def question(context: Context, id: UUID) -> ExamQuestion | None:
    """Fetch the node of a UUID."""
    row = await question_by_id(context, id)
    return ExamQuestion.of(row) if row else None


@strawberry.input(description="A question to draft.")
class DraftExamQuestionInput:
    """A question to draft."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    replaces: UUID | None = strawberry.field(default=None, description="A version of the question that it follows.")
    kind: QuestionKind = strawberry.field(description="How it is answered.")
    categories: list[ExamCategory] = strawberry.field(description="Whom it is put to, 1 to 4.")
    craft: Craft | None = strawberry.field(default=None, description="Only for special operators.")
    text: str = strawberry.field(description="The question, 1 to 1,000 characters.")
    options: list[str] = strawberry.field(
        default_factory=list, description="2 to 8 options; may be left out for TRUE_FALSE, where A is true."
    )
    answer: str = strawberry.field(description="The letters of the right options.")
    article: str = strawberry.field(description="The article that it is taken from, 1 to 200 characters.")

    def facts(self) -> QuestionFacts:
        """The question as storage takes it."""
        return QuestionFacts(
            kind=self.kind, categories=tuple(self.categories), craft=self.craft, text=self.text,
            options=tuple(self.options), answer=self.answer, article=self.article,
        )  # fmt: skip


@strawberry.input(description="A version to approve.")
class ApproveExamQuestionInput:
    """A version to approve."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    question_id: UUID = strawberry.field(description="The UUID of the version, which another person drafted.")


@strawberry.input(description="A version to end.")
class RetireExamQuestionInput:
    """A version to end."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    question_id: UUID = strawberry.field(description="The UUID of the version.")


@strawberry.type(description="What came of drafting.")
class DraftExamQuestionPayload:
    """What came of drafting."""

    question: ExamQuestion | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of approving.")
class ApproveExamQuestionPayload:
    """What came of approving."""

    question: ExamQuestion | None = strawberry.field(default=None, description="The version that is asked now.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of ending a version.")
class RetireExamQuestionPayload:
    """What came of ending a version."""

    question: ExamQuestion | None = strawberry.field(default=None, description="The version as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type
class QuestionQuery:
    """The question bank."""

    @query(access=needs(Verb.QUESTION_READ), description="Versions of questions, newest first.")
    async def exam_questions(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        category: Annotated[ExamCategory | None, strawberry.argument(description="Only for these people.")] = None,
        asked_only: Annotated[bool, strawberry.argument(description="Only what is asked today.")] = False,
    ) -> Connection[ExamQuestion] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.QUESTION_READ)
        async with info.context.database.reading(actor) as sql:
            found = await queries.questions_visible_to(
                sql, limit=page.limit, behind=page.key, backwards=page.backwards, category=category,
                asked_only=asked_only,
            )  # fmt: skip
        return pages.connection(found, page, node=ExamQuestion.of, key=lambda row: (row.drafted_at, row.id))


@strawberry.type
class QuestionMutation:
    """Acts on the question bank."""

    @mutation(access=needs(Verb.QUESTION_DRAFT), description="Draft a question, or the next version of one.")
    async def draft_exam_question(
        self, info: Info, input: Annotated[DraftExamQuestionInput, strawberry.argument(description="The question.")]
    ) -> DraftExamQuestionPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, asking.question_again,
            asking.draft_question, facts=input.facts(), replaces=input.replaces,
        )  # fmt: skip
        return DraftExamQuestionPayload(question=ExamQuestion.of(row))

    @mutation(access=needs(Verb.QUESTION_APPROVE), description="Approve what another person drafted: it is asked now.")
    async def approve_exam_question(
        self, info: Info, input: Annotated[ApproveExamQuestionInput, strawberry.argument(description="Which.")]
    ) -> ApproveExamQuestionPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, asking.question_again,
            asking.approve_question, question_id=input.question_id,
        )  # fmt: skip
        return ApproveExamQuestionPayload(question=ExamQuestion.of(row))

    @mutation(access=needs(Verb.QUESTION_APPROVE), description="End a version: it is asked no more.")
    async def retire_exam_question(
        self, info: Info, input: Annotated[RetireExamQuestionInput, strawberry.argument(description="Which.")]
    ) -> RetireExamQuestionPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, asking.question_again,
            asking.retire_question, question_id=input.question_id,
        )  # fmt: skip
        return RetireExamQuestionPayload(question=ExamQuestion.of(row))


AREA = Area(query=QuestionQuery, mutation=QuestionMutation, nodes={"ExamQuestion": question}, types=(ExamQuestion,))
