"""What may live here: the acts on exams in GraphQL: drawing, recording, and ending what follows."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.casework.exams import Exam, ExamConsequence, ExamSeat, ExamSitting
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from storage.casework.exams import marking, operations
from storage.casework.exams.rules import Answer, SittingFacts
from storage.casework.exams.tables import ConsequenceOutcome, Medium
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.work import perform, perform_once
from storage.register.people.tables import Craft, ExamCategory

_OPERATION_ID = "Made by the client; the same id again is the same act."
_OWN_ID = "Made by the phone; the same id with the same content is the same act."


@strawberry.input(description="An exam to draw.")
class HoldExamInput:
    """An exam to draw."""

    id: UUID = strawberry.field(description=_OWN_ID)
    inspection_id: UUID = strawberry.field(description="The inspection, of which you are an officer.")


@strawberry.input(description="An exam that was held without a draw.")
class RecordExamInput:
    """An exam that was held without a draw."""

    id: UUID = strawberry.field(description=_OWN_ID)
    inspection_id: UUID = strawberry.field(description="The inspection.")
    held_at: datetime = strawberry.field(description="When it was held.")
    reason: str = strawberry.field(description="Why nobody was drawn by lot, 1 to 500 characters.")


@strawberry.input(description="Somebody who was drawn and is absent.")
class RecordExamAbsenceInput:
    """Somebody who was drawn and is absent."""

    seat_id: UUID = strawberry.field(description="The UUID of his seat.")
    reason: str = strawberry.field(description="Why he is absent, 1 to 500 characters.")


@strawberry.input(description="What was chosen for one question.")
class ExamAnswerInput:
    """What was chosen for one question."""

    question_id: UUID = strawberry.field(description="The UUID of the question.")
    chosen: str = strawberry.field(description="The letters chosen, in any order; empty for a blank.")


@strawberry.input(description="How a paper was marked whose questions are not of the bank.")
class ExamMarksInput:
    """How a paper was marked by hand."""

    right: int = strawberry.field(description="How many questions were right.")
    total: int = strawberry.field(description="Of how many, 200 at most.")


@strawberry.input(description="What somebody answered; answers, or marks given by hand.")
class RecordExamSittingInput:
    """What somebody answered."""

    id: UUID = strawberry.field(description=_OWN_ID)
    exam_id: UUID = strawberry.field(description="The UUID of the exam.")
    person_id: UUID = strawberry.field(description="The UUID of who sat it, a person of the mine.")
    category: ExamCategory = strawberry.field(description="As what he was examined.")
    craft: Craft | None = strawberry.field(default=None, description="For which special operation.")
    attempt: int = strawberry.field(default=1, description="1, or 2 for the resit.")
    medium: Medium = strawberry.field(description="On what it was written.")
    sat_at: datetime = strawberry.field(description="When it was written.")
    answers: list[ExamAnswerInput] = strawberry.field(default_factory=list, description="Question by question.")
    marks: ExamMarksInput | None = strawberry.field(default=None, description="Only without answers.")

    def facts(self) -> SittingFacts:
        """The sitting as storage takes it."""
        answers = tuple(Answer(question_id=one.question_id, chosen=one.chosen) for one in self.answers)
        return SittingFacts(
            id=self.id, exam_id=self.exam_id, person_id=self.person_id, category=self.category, craft=self.craft,
            attempt=self.attempt, medium=self.medium, sat_at=self.sat_at, answers=answers,
            marks=(self.marks.right, self.marks.total) if self.marks else None,
        )  # fmt: skip


@strawberry.input(description="A consequence that an officer saw met.")
class SettleExamConsequenceInput:
    """A consequence that an officer saw met."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    consequence_id: UUID = strawberry.field(description="The UUID of the consequence.")
    outcome: ConsequenceOutcome = strawberry.field(description="RETRAINED, or MOVED where another post is enough.")
    note: str = strawberry.field(description="What was seen, 1 to 500 characters.")


@strawberry.input(description="What the head of the agency decides of the loss of a qualification.")
class DecideExamLossInput:
    """What the head of the agency decides."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    consequence_id: UUID = strawberry.field(description="The UUID of the consequence.")
    confirmed: bool = strawberry.field(description="Whether the qualification of the post is lost, and ends with it.")
    note: str = strawberry.field(description="Why, 1 to 500 characters.")


@strawberry.type(description="What came of drawing.")
class HoldExamPayload:
    """What came of drawing."""

    exam: Exam | None = strawberry.field(default=None, description="The exam, with its seats and papers.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of recording an exam.")
class RecordExamPayload:
    """What came of recording an exam."""

    exam: Exam | None = strawberry.field(default=None, description="The exam, with its defect.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of recording an absence.")
class RecordExamAbsencePayload:
    """What came of recording an absence."""

    seat: ExamSeat | None = strawberry.field(default=None, description="The seat; the next of the lot is called.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of recording a sitting.")
class RecordExamSittingPayload:
    """What came of recording a sitting."""

    sitting: ExamSitting | None = strawberry.field(default=None, description="The sitting, scored.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of settling.")
class SettleExamConsequencePayload:
    """What came of settling."""

    consequence: ExamConsequence | None = strawberry.field(default=None, description="The consequence as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding.")
class DecideExamLossPayload:
    """What came of deciding."""

    consequence: ExamConsequence | None = strawberry.field(default=None, description="The consequence as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type
class ExamMutation:
    """Acts on exams."""

    @mutation(access=needs(Verb.EXAM_HOLD), description="Draw who is examined at your inspection, and their papers.")
    async def hold_exam(
        self, info: Info, input: Annotated[HoldExamInput, strawberry.argument(description="Which.")]
    ) -> HoldExamPayload | None:
        context, given = info.context, {"id": input.id, "inspection_id": input.inspection_id}
        row = await perform(context.database, context.signed_in(), context.now(), operations.hold_exam, **given)
        return HoldExamPayload(exam=Exam.of(row))

    @mutation(access=needs(Verb.EXAM_RECORD), description="Record an exam for which nobody was drawn by lot.")
    async def record_exam(
        self, info: Info, input: Annotated[RecordExamInput, strawberry.argument(description="Which, and why.")]
    ) -> RecordExamPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.record_exam, id=input.id,
            inspection_id=input.inspection_id, held_at=input.held_at, reason=input.reason,
        )  # fmt: skip
        return RecordExamPayload(exam=Exam.of(row))

    @mutation(access=needs(Verb.EXAM_RECORD), description="Record that somebody who was drawn is absent, and why.")
    async def record_exam_absence(
        self, info: Info, input: Annotated[RecordExamAbsenceInput, strawberry.argument(description="Who, and why.")]
    ) -> RecordExamAbsencePayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.record_absence, seat_id=input.seat_id,
            reason=input.reason,
        )  # fmt: skip
        return RecordExamAbsencePayload(seat=ExamSeat.of(row))

    @mutation(access=needs(Verb.EXAM_RECORD), description="Record what somebody answered; defects are flagged.")
    async def record_exam_sitting(
        self, info: Info, input: Annotated[RecordExamSittingInput, strawberry.argument(description="The answers.")]
    ) -> RecordExamSittingPayload | None:
        context, facts = info.context, input.facts()
        row = await perform(context.database, context.signed_in(), context.now(), marking.record_sitting, facts=facts)
        return RecordExamSittingPayload(sitting=ExamSitting.of(row))

    @mutation(access=needs(Verb.EXAM_RECORD), description="Record that somebody was retrained, or moved.")
    async def settle_exam_consequence(
        self, info: Info, input: Annotated[SettleExamConsequenceInput, strawberry.argument(description="Which, how.")]
    ) -> SettleExamConsequencePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, marking.consequence_again,
            marking.settle_consequence, consequence_id=input.consequence_id, outcome=input.outcome, note=input.note,
        )  # fmt: skip
        return SettleExamConsequencePayload(consequence=ExamConsequence.of(row, day_of(context.now())))

    @mutation(access=needs(Verb.EXAM_CONFIRM), description="Decide whether a qualification is lost after a resit.")
    async def decide_exam_loss(
        self, info: Info, input: Annotated[DecideExamLossInput, strawberry.argument(description="Which, and why.")]
    ) -> DecideExamLossPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, marking.consequence_again,
            marking.decide_loss, consequence_id=input.consequence_id, confirmed=input.confirmed, note=input.note,
        )  # fmt: skip
        return DecideExamLossPayload(consequence=ExamConsequence.of(row, day_of(context.now())))


AREA = Area(mutation=ExamMutation)
