"""The rows of the year: what a commitment says clause by clause, for reading many at once, and who was reminded."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.templates.tables import ClauseField
from storage.record.columns import DIVISION, IDS, TEXT, moment, one_of


class CommitmentStatus(StrEnum):
    """How a mine stands in a year: signed, not signed, late, or not asked, as it neither produces nor builds."""

    SIGNED = "SIGNED"
    UNSIGNED = "UNSIGNED"
    OVERDUE = "OVERDUE"
    NOT_ASKED = "NOT_ASKED"


class UnsignedCause(StrEnum):
    """Why no commitment of a mine stands."""

    NEVER_SIGNED = "NEVER_SIGNED"
    SUPERSEDED = "SUPERSEDED"
    PRINCIPAL_CHANGED = "PRINCIPAL_CHANGED"
    FACTS_CHANGED = "FACTS_CHANGED"


class PromiseStanding(StrEnum):
    """How a promised clause stands for everybody: broken goes before all, else it is what was signed of it."""

    KEPT = "KEPT"
    NOT_YET = "NOT_YET"
    LATE = "LATE"
    NOT_MET = "NOT_MET"
    BROKEN = "BROKEN"


class SignedClause(SQLModel, table=True):
    """A clause as it was signed, and what was said of it. The database lays it out of the bytes that were signed."""

    __tablename__ = "commitment_clauses"
    __table_args__ = (one_of("field", ClauseField), one_of("outcome", AnswerOutcome))

    commitment_id: UUID = Field(primary_key=True, foreign_key="commitments.id")
    key: str = Field(primary_key=True, sa_type=TEXT)
    ordinal: int
    field: ClauseField = Field(sa_type=TEXT)
    outcome: AnswerOutcome = Field(sa_type=TEXT)
    by_day: date | None = Field(default=None)


class SigningReminder(SQLModel, table=True):
    """That a mine was reminded to sign, before the day and again behind it (`overdue`); each once a year."""

    __tablename__ = "signing_reminders"
    __table_args__ = (
        UniqueConstraint("mine_id", "year", "overdue"),
        Index("ix_signing_reminders_reminded_at", "reminded_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    overdue: bool
    due: date
    officers: list[UUID] = Field(sa_type=IDS)
    reminded_at: datetime = moment()
