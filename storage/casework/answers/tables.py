"""The rows of answers and of their examinations; both only added, never changed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text as sql_text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import DIVISION, IDS, TEXT, moment, one_of


class AnsweredKind(StrEnum):
    """What a mine answers to: one thing that it was told."""

    FINDING = "FINDING"
    MEASURE = "MEASURE"
    SITTING = "SITTING"
    PAPER = "PAPER"
    CASE_STEP = "CASE_STEP"


class Stance(StrEnum):
    """Whether it stands for what it was told, or says why not."""

    COUNTERSIGNED = "COUNTERSIGNED"
    OBJECTED = "OBJECTED"


class Answer(SQLModel, table=True):
    """What a mine said to one thing that it was told.

    `item` is the field or place of a paper, empty for the whole; `case_id` the case that the thing is of, if any;
    `told_by` the account that told it, which as whoever else stands for it does not examine the objection.
    """

    __tablename__ = "answers"
    __table_args__ = (
        one_of("subject_kind", AnsweredKind),
        one_of("stance", Stance),
        Index("ix_answers_subject_id", "subject_id", "answered_at", "id"),
        Index("ix_answers_case_id", "case_id", postgresql_where=sql_text("case_id IS NOT NULL")),
        Index("uq_answers_countersigned", "subject_id", "item", unique=True,
              postgresql_where=sql_text("stance = 'COUNTERSIGNED'")),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    subject_kind: AnsweredKind = Field(sa_type=TEXT)
    subject_id: UUID
    item: str = Field(sa_type=TEXT)
    case_id: UUID | None = Field(default=None, foreign_key="cases.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    stance: Stance = Field(sa_type=TEXT)
    words: str = Field(sa_type=TEXT)
    evidence: list[UUID] = Field(sa_type=IDS)
    told_by: UUID = Field(foreign_key="accounts.id")
    answered_by: UUID = Field(foreign_key="accounts.id")
    answered_at: datetime = moment()
    entry_id: UUID


class Examination(SQLModel, table=True):
    """The written answer of an officer to one objection, with the certificate that he held."""

    __tablename__ = "answer_examinations"
    __table_args__ = (UniqueConstraint("answer_id"),)

    id: UUID = Field(primary_key=True)
    answer_id: UUID = Field(foreign_key="answers.id")
    accepted: bool
    words: str = Field(sa_type=TEXT)
    examined_by: UUID = Field(foreign_key="accounts.id")
    certificate_id: UUID = Field(foreign_key="certificates.id")
    examined_at: datetime = moment()
    entry_id: UUID
