"""What may live here: what a mine answers to what it was told, and the examination of its objections."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, identity, mutation
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from storage.casework.answers import operations, queries
from storage.casework.answers.queries import AnswerRow, ExaminationRow
from storage.casework.answers.rules import Examined, Given
from storage.casework.answers.tables import AnsweredKind, Stance
from storage.record.actor import Verb
from storage.record.work import perform

for kind, told in (
    (AnsweredKind, "What a mine answers to: one thing that it was told."),
    (Stance, "Whether a mine stands for what it was told, or objects to it."),
):
    labelled(kind, description=told)


async def _answers(context: Context, ids: list[UUID]) -> Iterable[AnswerRow]:
    actor = context.signed_in()
    actor.require(Verb.ANSWER_READ)
    async with context.database.reading(actor.seeing(Verb.ANSWER_READ)) as sql:
        return await queries.answers_to(sql, ids)


answers_of = loaders.many(_answers, key=lambda row: row.subject_id)


@strawberry.type(description="The written answer of an officer to an objection, after looking at it again (处罚法45).")
class AnswerExamination:
    """The written answer to an objection."""

    uuid: UUID = strawberry.field(description="The id that the client made, the subject of its entry in the ledger.")
    accepted: bool = strawberry.field(description="Whether the objection is accepted.")
    words: str = strawberry.field(description="The answer: facts, reasons and evidence looked at again.")
    examined_by: UUID = strawberry.field(
        description="The account of the officer, who neither told it nor stands for it."
    )
    examined_at: datetime = strawberry.field(description="When it was answered.")
    entry_id: UUID = strawberry.field(description="Its entry in the ledger.")

    @identity
    def examination_id(self) -> strawberry.ID:
        return strawberry.ID(f"answer-examination-{self.uuid}")

    @classmethod
    def of(cls, row: ExaminationRow) -> "AnswerExamination":
        """Tell a row."""
        same = ("accepted", "words", "examined_by", "examined_at", "entry_id")
        return cls(uuid=row.id, **{name: getattr(row, name) for name in same})


@strawberry.type(description="What a mine said to one thing that it was told; never changed.")
class Answer:
    """What a mine said to one thing."""

    uuid: UUID = strawberry.field(description="The id that the client made, the subject of its entry in the ledger.")
    subject_kind: AnsweredKind = strawberry.field(description="What it answers.")
    subject_id: UUID = strawberry.field(description="Which of them.")
    item: str | None = strawberry.field(description="The field or place of a paper; null for the whole.")
    stance: Stance = strawberry.field(description="Whether the mine stands for it, or objects.")
    words: str = strawberry.field(description="What it says.")
    evidence_ids: list[UUID] = strawberry.field(description="The pieces of the mine's record that it names.")
    answered_by: UUID = strawberry.field(description="The account of the mine's principal.")
    answered_at: datetime = strawberry.field(description="When the server took it.")
    late: bool = strawberry.field(
        description="Whether a decision on it had reached the mine, or the measure had ended, before."
    )
    entry_id: UUID = strawberry.field(description="Its entry in the ledger.")
    examination: AnswerExamination | None = strawberry.field(
        description="The written answer to an objection; null while there is none: no decision rests on it before."
    )

    @identity
    def answer_id(self) -> strawberry.ID:
        return strawberry.ID(f"answer-{self.uuid}")

    @classmethod
    def of(cls, row: AnswerRow) -> "Answer":
        """Tell a row."""
        examination = AnswerExamination.of(row.examination) if row.examination else None
        return cls(
            uuid=row.id, subject_kind=AnsweredKind(row.subject_kind), subject_id=row.subject_id, item=row.item or None,
            stance=Stance(row.stance), words=row.words, evidence_ids=row.evidence, answered_by=row.answered_by,
            answered_at=row.answered_at, late=row.late, entry_id=row.entry_id, examination=examination,
        )  # fmt: skip


async def answered(context: Context, subject_id: UUID) -> list[Answer]:
    """What was answered to one thing, oldest first."""
    return [Answer.of(row) for row in await answers_of(context, subject_id)]


@strawberry.input(description="What your mine says to one thing that it was told.")
class GiveAnswerInput:
    """What a mine says to one thing."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    subject_kind: AnsweredKind = strawberry.field(description="What you answer.")
    subject_id: UUID = strawberry.field(description="Which of them, by its UUID.")
    stance: Stance = strawberry.field(description="Whether you stand for it, or object.")
    item: str = strawberry.field(default="", description="A field or place of a paper; left out for the whole.")
    words: str = strawberry.field(default="", description="What you say; an objection states its reasons.")
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="Pieces of your mine's record.")

    def given(self) -> Given:
        """The answer as storage takes it."""
        return Given(
            id=self.id, subject_kind=self.subject_kind, subject_id=self.subject_id, stance=self.stance, item=self.item,
            words=self.words, evidence=tuple(self.evidence_ids),
        )  # fmt: skip


@strawberry.input(description="The written answer to an objection.")
class ExamineAnswerInput:
    """The written answer to an objection."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    answer_id: UUID = strawberry.field(description="The objection.")
    accepted: bool = strawberry.field(description="Whether it is accepted.")
    words: str = strawberry.field(description="The answer: facts, reasons and evidence looked at again.")

    def examined(self) -> Examined:
        """The examination as storage takes it."""
        return Examined(id=self.id, answer_id=self.answer_id, accepted=self.accepted, words=self.words)


@strawberry.type(description="What came of giving an answer.")
class GiveAnswerPayload:
    """What came of giving an answer."""

    answer: Answer | None = strawberry.field(default=None, description="The answer.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of examining an objection.")
class ExamineAnswerPayload:
    """What came of examining an objection."""

    answer: Answer | None = strawberry.field(default=None, description="The objection with its written answer.")
    problem: Problem | None = problem_field()


@strawberry.type
class AnswerMutation:
    """Acts on answers."""

    @mutation(
        access=needs(Verb.ANSWER_GIVE),
        description="Stand for, or object to, one thing that your mine was told. It stops no order, and "
        "one that comes late is kept as that.",
    )
    async def give_answer(
        self, info: Info, input: Annotated[GiveAnswerInput, strawberry.argument(description="What you say.")]
    ) -> GiveAnswerPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.give_answer, given=input.given()
        )
        return GiveAnswerPayload(answer=Answer.of(row))

    @mutation(
        access=needs(Verb.ANSWER_EXAMINE),
        description="Answer an objection in writing, once, to what others told and stand for.",
    )
    async def examine_answer(
        self, info: Info, input: Annotated[ExamineAnswerInput, strawberry.argument(description="The answer.")]
    ) -> ExamineAnswerPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.examine_answer, examined=input.examined()
        )
        return ExamineAnswerPayload(answer=Answer.of(row))


AREA = Area(mutation=AnswerMutation)
