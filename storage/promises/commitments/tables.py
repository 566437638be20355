"""The rows of commitments: what a mine said of each clause, and what was laid before its principal; only added."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, IDS, TEXT, moment, one_of, text


class AnswerOutcome(StrEnum):
    """What a mine says of a clause: it is met; not yet, but by a day and with a measure; it is not met."""

    MET = "MET"
    NOT_YET = "NOT_YET"
    NOT_MET = "NOT_MET"


class ClauseStanding(StrEnum):
    """How a clause stands today by what the mine said of it. Only what is not met, or late, can be a breach."""

    OPEN = "OPEN"
    MET = "MET"
    NOT_YET = "NOT_YET"
    DAY_PASSED = "DAY_PASSED"
    NOT_MET = "NOT_MET"


class ContradictionKind(StrEnum):
    """What speaks against a clause that is said to be met."""

    FINDING = "FINDING"
    REFUSAL = "REFUSAL"


class ClauseAnswer(SQLModel, table=True):
    """What a mine said of one clause; the last one holds. `clause_digest` is of the clause as it read then."""

    __tablename__ = "clause_answers"
    __table_args__ = (
        one_of("outcome", AnswerOutcome),
        CheckConstraint("(outcome = 'NOT_YET') = (by_day IS NOT NULL)", name="not_yet_by_a_day"),
        CheckConstraint("(outcome = 'NOT_YET') = (measure IS NOT NULL)", name="not_yet_with_a_measure"),
        Index("ix_clause_answers_mine_id", "mine_id", "year", "key", "answered_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    key: str = Field(sa_type=TEXT)
    clause_digest: bytes = Field(sa_type=BYTES)
    outcome: AnswerOutcome = Field(sa_type=TEXT)
    by_day: date | None = Field(default=None)
    measure: str | None = text(nullable=True)
    words: str = Field(sa_type=TEXT)
    evidence: list[UUID] = Field(sa_type=IDS)
    answered_by: UUID = Field(foreign_key="accounts.id")
    answered_at: datetime = moment()


class Preview(SQLModel, table=True):
    """What was laid before a principal: canonical JSON, its SHA-256, a nonce that stands in it. Signed by nobody."""

    __tablename__ = "commitment_previews"
    __table_args__ = (Index("ix_commitment_previews_mine_id", "mine_id", "year", "laid_at", "id"),)

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    template_id: UUID = Field(foreign_key="templates.id")
    principal: UUID = Field(foreign_key="accounts.id")
    nonce: bytes = Field(sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    content: bytes = Field(sa_type=BYTES)
    laid_at: datetime = moment()
