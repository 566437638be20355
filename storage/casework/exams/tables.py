"""The rows of exams: the question bank, who was drawn from whom, what was answered, what follows from it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, IDS, TEXT, TEXTS, moment, one_of
from storage.register.people.tables import Craft, ExamCategory


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE_CHOICE = "SINGLE_CHOICE"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE"
    TRUE_FALSE = "TRUE_FALSE"


class ExamWay(StrEnum):
    """Who chose the people: the lot of the log, or somebody's hand."""

    DRAWN = "DRAWN"
    BY_HAND = "BY_HAND"


class Medium(StrEnum):
    """On what somebody wrote his exam."""

    PHONE = "PHONE"
    PAPER = "PAPER"


class SittingFlag(StrEnum):
    """What speaks against a sitting; it is kept all the same."""

    NOT_DRAWN = "NOT_DRAWN"
    NOT_IN_CATEGORY = "NOT_IN_CATEGORY"
    SAID_ABSENT = "SAID_ABSENT"
    SAT_BEFORE = "SAT_BEFORE"
    OTHER_PAPER = "OTHER_PAPER"
    MARKED_BY_HAND = "MARKED_BY_HAND"
    RECORDED_BY_ANOTHER = "RECORDED_BY_ANOTHER"
    NO_RESIT_DUE = "NO_RESIT_DUE"
    RESIT_LATE = "RESIT_LATE"


class ConsequenceKind(StrEnum):
    """What follows a fail (实施意见三（十二）4; 煤矿安全培训规定40)."""

    RETRAIN_OR_MOVE = "RETRAIN_OR_MOVE"
    RETRAIN = "RETRAIN"
    RESIT = "RESIT"
    LOSE_QUALIFICATION = "LOSE_QUALIFICATION"


class ConsequenceOutcome(StrEnum):
    """How a consequence came to its end."""

    RETRAINED = "RETRAINED"
    MOVED = "MOVED"
    RESAT_PASSED = "RESAT_PASSED"
    RESAT_FAILED = "RESAT_FAILED"
    QUALIFICATION_ENDED = "QUALIFICATION_ENDED"
    NOT_CONFIRMED = "NOT_CONFIRMED"


class Question(SQLModel, table=True):
    """One version of a question. It is asked from its approval until a later version is approved or it is retired."""

    __tablename__ = "exam_questions"
    __table_args__ = (
        one_of("kind", QuestionKind),
        one_of("craft", Craft),
        CheckConstraint("approved_by <> drafted_by", name="takes_two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
        CheckConstraint("(retired_by IS NULL) = (retired_at IS NULL)", name="retired_by_somebody"),
        UniqueConstraint("series_id", "version"),
        Index("ix_exam_questions_drafted_at", "drafted_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    series_id: UUID
    version: int
    kind: QuestionKind = Field(sa_type=TEXT)
    categories: list[str] = Field(sa_type=TEXTS)
    craft: Craft | None = Field(default=None, sa_type=TEXT)
    text: str = Field(sa_type=TEXT)
    options: list[str] = Field(sa_type=TEXTS)
    answer: str = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    approved_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    approved_at: datetime | None = moment(nullable=True)
    retired_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    retired_at: datetime | None = moment(nullable=True)


class Exam(SQLModel, table=True):
    """The exam of one inspection. What was drawn is drawn once; what was held by hand is kept beside it."""

    __tablename__ = "exams"
    __table_args__ = (
        one_of("way", ExamWay),
        CheckConstraint("(way = 'DRAWN') = (seed IS NOT NULL)", name="seed_of_a_draw"),
        CheckConstraint("(seed IS NULL) = (checkpoint_root IS NULL)", name="seed_of_a_checkpoint"),
        Index("uq_exams_drawn", "inspection_id", unique=True, postgresql_where=text("way = 'DRAWN'")),
        Index("ix_exams_inspection_id", "inspection_id"),
        Index("ix_exams_held_at", "held_at", "id"),
        Index("ix_exams_county", "county", "held_at", "id"),
        Index("ix_exams_office", "office", "held_at", "id"),
        Index("ix_exams_mine_id", "mine_id", "held_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspections.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    way: ExamWay = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    pass_mark: int
    paper_length: int
    log: int | None = Field(default=None, sa_type=SmallInteger)
    checkpoint_size: int | None = Field(default=None, sa_type=BigInteger)
    checkpoint_root: bytes | None = Field(default=None, sa_type=BYTES)
    seed: bytes | None = Field(default=None, sa_type=BYTES)
    held_by: UUID = Field(foreign_key="accounts.id")
    held_at: datetime = moment()
    recorded_at: datetime = moment()


class Pool(SQLModel, table=True):
    """From whom a category was drawn: the people who stood in the register when the inspection was opened."""

    __tablename__ = "exam_pools"
    __table_args__ = (one_of("category", ExamCategory), UniqueConstraint("exam_id", "category"))

    id: UUID = Field(primary_key=True)
    exam_id: UUID = Field(foreign_key="exams.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    category: ExamCategory = Field(sa_type=TEXT)
    wanted: int
    persons: list[UUID] = Field(sa_type=IDS)
    digest: bytes = Field(sa_type=BYTES)


class Seat(SQLModel, table=True):
    """One of those drawn, by his rank in the lot; whoever stands behind `wanted` is called when one is absent."""

    __tablename__ = "exam_seats"
    __table_args__ = (
        one_of("category", ExamCategory),
        one_of("craft", Craft),
        CheckConstraint("(absent_at IS NULL) = (absent_reason IS NULL)", name="absent_for_a_reason"),
        UniqueConstraint("exam_id", "person_id"),
        UniqueConstraint("exam_id", "category", "rank"),
        Index("ix_exam_seats_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    exam_id: UUID = Field(foreign_key="exams.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    person_id: UUID = Field(foreign_key="persons.id")
    category: ExamCategory = Field(sa_type=TEXT)
    craft: Craft | None = Field(default=None, sa_type=TEXT)
    rank: int
    questions: list[UUID] = Field(sa_type=IDS)
    drawn_at: datetime = moment()
    absent_at: datetime | None = moment(nullable=True)
    absent_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    absent_reason: str | None = Field(default=None, sa_type=TEXT)


class Sitting(SQLModel, table=True):
    """What one person answered, and how it was scored; a second one is the resit. Never changed."""

    __tablename__ = "exam_sittings"
    __table_args__ = (
        one_of("category", ExamCategory),
        one_of("craft", Craft),
        one_of("medium", Medium),
        CheckConstraint("attempt BETWEEN 1 AND 2", name="attempt_is_first_or_resit"),
        CheckConstraint("cardinality(asked) = cardinality(chosen)", name="an_answer_each"),
        Index("ix_exam_sittings_exam_id", "exam_id"),
        Index("ix_exam_sittings_person_id", "person_id", "sat_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    exam_id: UUID = Field(foreign_key="exams.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    person_id: UUID = Field(foreign_key="persons.id")
    category: ExamCategory = Field(sa_type=TEXT)
    craft: Craft | None = Field(default=None, sa_type=TEXT)
    attempt: int
    medium: Medium = Field(sa_type=TEXT)
    asked: list[UUID] = Field(sa_type=IDS)
    chosen: list[str] = Field(sa_type=TEXTS)
    correct: int
    total: int
    score: int
    passed: bool
    flags: list[str] = Field(sa_type=TEXTS)
    sat_at: datetime = moment()
    recorded_by: UUID = Field(foreign_key="accounts.id")
    recorded_at: datetime = moment()


class Consequence(SQLModel, table=True):
    """What a fail asks for, with its article and its clock; it is met once.

    `due` is what was said when it was ordered. `over_at` is when it is too late, by the edition `law` of the law;
    `overrun_of` the end of which the record told that it was overrun.
    """

    __tablename__ = "exam_consequences"
    __table_args__ = (
        one_of("kind", ConsequenceKind),
        one_of("category", ExamCategory),
        one_of("craft", Craft),
        one_of("outcome", ConsequenceOutcome),
        CheckConstraint("(outcome IS NULL) = (met_at IS NULL)", name="met_with_an_outcome"),
        Index("ix_exam_consequences_exam_id", "exam_id"),
        Index("ix_exam_consequences_person_id", "person_id"),
        Index("ix_exam_consequences_ordered_at", "ordered_at", "id"),
        Index("ix_exam_consequences_county", "county", "ordered_at", "id"),
        Index("ix_exam_consequences_office", "office", "ordered_at", "id"),
        Index("ix_exam_consequences_mine_id", "mine_id", "ordered_at", "id"),
        Index("ix_exam_consequences_overrun", "over_at", "id",
              postgresql_where=text("met_at IS NULL AND (overrun_of IS NULL OR overrun_of < over_at)")),
        Index("ix_exam_consequences_law", "law", "id", postgresql_where=text("met_at IS NULL")),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    exam_id: UUID = Field(foreign_key="exams.id")
    sitting_id: UUID = Field(foreign_key="exam_sittings.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    person_id: UUID = Field(foreign_key="persons.id")
    category: ExamCategory = Field(sa_type=TEXT)
    craft: Craft | None = Field(default=None, sa_type=TEXT)
    kind: ConsequenceKind = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    ordered_at: datetime = moment()
    due: date
    alarm: date
    provisional: bool
    questions: list[UUID] = Field(sa_type=IDS)
    met_at: datetime | None = moment(nullable=True)
    met_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    outcome: ConsequenceOutcome | None = Field(default=None, sa_type=TEXT)
    note: str | None = Field(default=None, sa_type=TEXT)
    over_at: datetime = moment()
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)
