"""What may live here: exams at inspections in GraphQL; the acts are in exams_acts, the question bank in questions."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

import asyncpg
import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.casework.answers import Answer, answered
from graphql_schema.context import Context, Info
from graphql_schema.defects import ShownDefect, law_of
from graphql_schema.enums import labelled
from graphql_schema.field.inspections import Inspection, inspection
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.register.people import Person, person
from graphql_schema.scalars import Position, Sha256
from storage.casework.exams import judging, laying, queries
from storage.casework.exams import tables as rows
from storage.casework.exams.tables import ConsequenceKind, ConsequenceOutcome, ExamWay, Medium, SittingFlag
from storage.field.inspections.queries import InspectionRow
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import Law
from storage.register.people.tables import Craft, ExamCategory

for kind, name, told in (
    (ExamWay, "ExamWay", "Who chose the people."),
    (Medium, "ExamMedium", "On what an exam was written."),
    (SittingFlag, "SittingFlag", "What speaks against a sitting; it is kept all the same."),
    (ConsequenceKind, "ExamConsequenceKind", "What follows a fail."),
    (ConsequenceOutcome, "ExamConsequenceOutcome", "How a consequence came to its end."),
):
    labelled(kind, name=name, description=told)

Row = TypeVar("Row")
OfMine = Annotated[UUID | None, strawberry.argument(description="Only of this mine.")]


def _by(
    select: Callable[["asyncpg.Connection[Any]", list[UUID]], Awaitable[Iterable[Row]]],
) -> Callable[[Context, list[UUID]], Awaitable[Iterable[Row]]]:
    """A question of this area: asked with the sight of the roles that may read exams, as it is about persons."""

    async def ask(context: Context, ids: list[UUID]) -> Iterable[Row]:
        async with context.database.reading(context.signed_in().seeing(Verb.EXAM_READ)) as sql:
            return await select(sql, ids)

    return ask


exam_by_id = loaders.one(_by(queries.exams_by_ids), key=lambda row: row.id)
exams_of = loaders.many(_by(queries.exams_of_inspections), key=lambda row: row.inspection_id)
pools_of = loaders.many(_by(queries.pools_of), key=lambda row: row.exam_id)
seats_of = loaders.many(_by(queries.seats_of), key=lambda row: row.exam_id)
sittings_of = loaders.many(_by(queries.sittings_of), key=lambda row: row.exam_id)
consequences_of = loaders.many(_by(queries.consequences_of), key=lambda row: row.exam_id)
sittings_of_person = loaders.many(_by(queries.sittings_of_persons), key=lambda row: row.person_id)


@strawberry.type(description="From whom a category was drawn: the register as it stood when the inspection was opened.")
class ExamPool:
    """From whom a category was drawn."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    category: ExamCategory = strawberry.field(description="Which category.")
    wanted: int = strawberry.field(description="How many the law of the day wants of it.")
    person_ids: list[UUID] = strawberry.field(description="The UUIDs of all who could be drawn, sorted.")
    digest: Sha256 = strawberry.field(description="What the log commits to: SHA-256 over these ids, a line each.")

    @classmethod
    def of(cls, row: rows.Pool) -> "ExamPool":
        """Tell a row."""
        return cls(
            id=global_id("ExamPool", row.id), category=ExamCategory(row.category), wanted=row.wanted,
            person_ids=row.persons, digest=Sha256(row.digest),
        )  # fmt: skip


@strawberry.type(description="One of those drawn, by rank; who stands behind those wanted is called for an absent one.")
class ExamSeat:
    """One of those drawn."""

    row: strawberry.Private[rows.Seat]
    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="Its UUID, for `recordExamAbsence`.")
    category: ExamCategory = strawberry.field(description="As what he is examined.")
    craft: Craft | None = strawberry.field(description="For which special operation.")
    rank: int = strawberry.field(description="His place in the lot of the category, from 0.")
    question_ids: list[UUID] = strawberry.field(description="The UUIDs of the questions of his paper, in their order.")
    absent_at: datetime | None = strawberry.field(description="When it was recorded that he is absent.")
    absent_reason: str | None = strawberry.field(description="Why he is absent.")

    @classmethod
    def of(cls, row: rows.Seat) -> "ExamSeat":
        """Tell a row."""
        return cls(
            row=row, id=global_id("ExamSeat", row.id), uuid=row.id, category=ExamCategory(row.category),
            craft=Craft(row.craft) if row.craft else None, rank=row.rank, question_ids=row.questions,
            absent_at=row.absent_at, absent_reason=row.absent_reason,
        )  # fmt: skip

    @derived(description="Who he is; null where you may not read people of mines.")
    async def person(self, info: Info) -> Person | None:
        return await person(info.context, self.row.person_id)


@strawberry.type(description="What was chosen for one question.")
class ExamAnswer:
    """What was chosen for one question."""

    question_id: UUID = strawberry.field(description="The UUID of the question.")
    chosen: str = strawberry.field(description="The letters chosen; empty for a blank.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("exam-answer", self.question_id, self.chosen)


@strawberry.type(description="What one person answered, and how it was scored by rule; never changed.")
class ExamSitting:
    """What one person answered."""

    row: strawberry.Private[rows.Sitting]
    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The id that the phone made.")
    exam_id: UUID = strawberry.field(description="The UUID of the exam.")
    category: ExamCategory = strawberry.field(description="As what he was examined.")
    craft: Craft | None = strawberry.field(description="For which special operation.")
    attempt: int = strawberry.field(description="1, or 2 for the resit (补考).")
    medium: Medium = strawberry.field(description="On what it was written.")
    answers: list[ExamAnswer] = strawberry.field(description="What was chosen, question by question.")
    correct: int = strawberry.field(description="How many questions were answered wholly right.")
    total: int = strawberry.field(description="Of how many.")
    score: int = strawberry.field(description="Points of 100, rounded down.")
    passed: bool = strawberry.field(description="Whether the points reach the mark of the law.")
    flags: list[SittingFlag] = strawberry.field(description="What speaks against it.")
    sat_at: datetime = strawberry.field(description="When it was written, by the clock of the phone.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")

    @classmethod
    def of(cls, row: rows.Sitting) -> "ExamSitting":
        """Tell a row."""
        return cls(
            row=row, id=global_id("ExamSitting", row.id), uuid=row.id, exam_id=row.exam_id,
            category=ExamCategory(row.category), craft=Craft(row.craft) if row.craft else None, attempt=row.attempt,
            medium=Medium(row.medium), correct=row.correct, total=row.total, score=row.score, passed=row.passed,
            answers=[ExamAnswer(question_id=id, chosen=letters)
                     for id, letters in zip(row.asked, row.chosen, strict=True)],
            flags=[SittingFlag(one) for one in row.flags], sat_at=row.sat_at, recorded_at=row.recorded_at,
        )  # fmt: skip

    @derived(description="What the mine said to it, oldest first; empty where you may not read answers.")
    async def mine_answers(self, info: Info) -> list[Answer]:
        may = info.context.signed_in().may(Verb.ANSWER_READ)
        return await answered(info.context, self.uuid) if may else []

    @derived(description="Who he is; null where you may not read people of mines.")
    async def person(self, info: Info) -> Person | None:
        return await person(info.context, self.row.person_id)


@strawberry.type(description="What a fail asks for, with its article and its clock.")
class ExamConsequence:
    """What a fail asks for."""

    row: strawberry.Private[rows.Consequence]
    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="Its UUID, for inputs.")
    exam_id: UUID = strawberry.field(description="The UUID of the exam.")
    kind: ConsequenceKind = strawberry.field(description="What it asks for.")
    article: str = strawberry.field(description="By which article.")
    ordered_at: datetime = strawberry.field(description="When it was ordered.")
    due: date = strawberry.field(description="Its last day, of Asia/Shanghai.")
    alarm: date = strawberry.field(description="The last working day on which it can still be done.")
    provisional: bool = strawberry.field(description="Whether the days off around its end are not published yet.")
    overdue: bool = strawberry.field(description="Whether it is open and its last day is past.")
    question_ids: list[UUID] = strawberry.field(description="The UUIDs of the questions of a resit, in their order.")
    met_at: datetime | None = strawberry.field(description="When it was met; null while it is open.")
    outcome: ConsequenceOutcome | None = strawberry.field(description="How it came to its end.")
    note: str | None = strawberry.field(description="What was noted with it.")

    @classmethod
    def of(cls, row: rows.Consequence, today: date) -> "ExamConsequence":
        """Tell a row as it stands today."""
        return cls(
            row=row, id=global_id("ExamConsequence", row.id), uuid=row.id, exam_id=row.exam_id,
            kind=ConsequenceKind(row.kind), article=row.article, ordered_at=row.ordered_at, due=row.due,
            alarm=row.alarm, provisional=row.provisional, overdue=row.met_at is None and today > row.due,
            question_ids=row.questions, met_at=row.met_at, note=row.note,
            outcome=ConsequenceOutcome(row.outcome) if row.outcome else None,
        )  # fmt: skip

    @derived(description="Whom it is about; null where you may not read people of mines.")
    async def person(self, info: Info) -> Person | None:
        return await person(info.context, self.row.person_id)


@strawberry.type(
    description="The exam of one inspection (逢查必考): drawn by a checkpoint of the log, or held by hand."
)
class Exam(Node):
    """The exam of one inspection."""

    row: strawberry.Private[rows.Exam]
    uuid: UUID = strawberry.field(description="The id that the phone made.")
    way: ExamWay = strawberry.field(description="Who chose the people.")
    reason: str = strawberry.field(description="Why nobody was drawn by lot; empty if they were.")
    pass_mark: int = strawberry.field(description="So many points of 100 pass.")
    paper_length: int = strawberry.field(description="How many questions a paper wants.")
    checkpoint_size: Position | None = strawberry.field(description="The size of the checkpoint that the seed is of.")
    checkpoint_root: Sha256 | None = strawberry.field(description="The root of that checkpoint.")
    seed: Sha256 | None = strawberry.field(description="The seed of the draw; see docs/casework.md to make it again.")
    held_at: datetime = strawberry.field(description="When it was drawn or held.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")

    @classmethod
    def of(cls, row: rows.Exam) -> "Exam":
        """Tell a row."""
        size, root, seed = row.checkpoint_size, row.checkpoint_root, row.seed
        return cls(
            id=global_id("Exam", row.id), row=row, uuid=row.id, way=ExamWay(row.way), reason=row.reason,
            pass_mark=row.pass_mark, paper_length=row.paper_length, held_at=row.held_at, recorded_at=row.recorded_at,
            checkpoint_size=Position(size) if size is not None else None,
            checkpoint_root=Sha256(root) if root else None, seed=Sha256(seed) if seed else None,
        )  # fmt: skip

    @derived(description="The inspection; null where you do not see it.")
    async def inspection(self, info: Info) -> Inspection | None:
        may = info.context.signed_in().may(Verb.INSPECTION_READ)
        return await inspection(info.context, self.row.inspection_id) if may else None

    @derived(description="From whom was drawn.")
    async def pools(self, info: Info) -> list[ExamPool]:
        return [ExamPool.of(row) for row in await pools_of(info.context, self.uuid)]

    @derived(description="Who was drawn, reserves among them, by category and rank.")
    async def seats(self, info: Info) -> list[ExamSeat]:
        return [ExamSeat.of(row) for row in await seats_of(info.context, self.uuid)]

    @derived(description="Who sat it, resits among them, oldest first.")
    async def sittings(self, info: Info) -> list[ExamSitting]:
        return [ExamSitting.of(row) for row in await sittings_of(info.context, self.uuid)]

    @derived(description="What followed from it, oldest first.")
    async def consequences(self, info: Info) -> list[ExamConsequence]:
        today = day_of(info.context.now())
        return [ExamConsequence.of(row, today) for row in await consequences_of(info.context, self.uuid)]

    @derived(description="What is wrong with it.")
    async def defects(self, info: Info) -> list[ShownDefect]:
        context = info.context
        pools, seats = await pools_of(context, self.uuid), await seats_of(context, self.uuid)
        facts = laying.facts_of(self.row, pools=pools, seats=seats, sittings=await sittings_of(context, self.uuid))
        return [ShownDefect.of(one, context.language) for one in judging.defects_of(await law_of(context), facts)]


async def exam(context: Context, id: UUID) -> Exam | None:
    """Fetch the node of a UUID."""
    row = await exam_by_id(context, id)
    return Exam.of(row) if row else None


@strawberry.type(description="An inspection at which nobody was examined, with the defect that this is.")
class InspectionWithoutExam:
    """An inspection at which nobody was examined."""

    inspection: Inspection = strawberry.field(description="The inspection.")
    defect: ShownDefect = strawberry.field(description="What is missing, by which article, who makes it good.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"without-exam-{self.inspection.uuid}")

    @classmethod
    def of(cls, row: InspectionRow, law: Law, language: str) -> "InspectionWithoutExam":
        """Tell a row."""
        missing = judging.missing_exam(law, lead_id=row.lead_id, opened_at=row.opened_at)
        return cls(inspection=Inspection.of(row), defect=ShownDefect.of(missing, language))


@strawberry.type
class ExamQuery:
    """Lists of exams."""

    @query(access=needs(Verb.EXAM_READ), description="The exams that you may see, newest first.")
    async def exams(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
    ) -> Connection[Exam] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.EXAM_READ)
        async with info.context.database.reading(actor) as sql:
            found = await queries.exams_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id
            )
        return pages.connection(found, page, node=Exam.of, key=lambda row: (row.held_at, row.id))

    @query(access=needs(Verb.EXAM_READ), description="The exams of one inspection, oldest first.")
    async def exams_of_inspection(
        self, info: Info, inspection_id: Annotated[UUID, strawberry.argument(description="The UUID of the inspection.")]
    ) -> list[Exam] | None:
        return [Exam.of(row) for row in await exams_of(info.context, inspection_id)]

    @query(access=needs(Verb.EXAM_READ), description="The inspections at which nobody was examined, newest first.")
    async def inspections_without_exam(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
    ) -> Connection[InspectionWithoutExam] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.EXAM_READ)
        async with info.context.database.reading(actor) as sql:
            found = await queries.inspections_without_exam(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id
            )
        tell = partial(InspectionWithoutExam.of, law=await law_of(info.context), language=info.context.language)
        return pages.connection(found, page, node=tell, key=lambda row: (row.opened_at, row.id))

    @query(access=needs(Verb.EXAM_READ), description="What fails ask for, newest first.")
    async def exam_consequences(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        mine_id: OfMine = None,
        open_only: Annotated[bool, strawberry.argument(description="Only what is not met yet.")] = False,
    ) -> Connection[ExamConsequence] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.EXAM_READ)
        async with info.context.database.reading(actor) as sql:
            found = await queries.consequences_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id,
                open_only=open_only,
            )  # fmt: skip
        tell = partial(ExamConsequence.of, today=day_of(info.context.now()))
        return pages.connection(found, page, node=tell, key=lambda row: (row.ordered_at, row.id))

    @query(access=needs(Verb.EXAM_READ), description="What one person sat at his mine, oldest first.")
    async def exam_history(
        self, info: Info, person_id: Annotated[UUID, strawberry.argument(description="The UUID of the person.")]
    ) -> list[ExamSitting] | None:
        return [ExamSitting.of(row) for row in await sittings_of_person(info.context, person_id)]

    @query(access=signed_in, description="What you yourself sat, newest first, if your account is linked to a person.")
    async def own_exam_results(self, info: Info) -> list[ExamSitting] | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            return [ExamSitting.of(row) for row in await queries.own_sittings(sql, actor)]


AREA = Area(query=ExamQuery, nodes={"Exam": exam}, types=(Exam,))
