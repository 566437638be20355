"""The rows of lists by version, drafted by one and decided by another, and of figures that were published."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import BYTES, DIVISION, TEXT, moment, one_of, text


class ListKind(StrEnum):
    """What is published before and beside decisions."""

    CERTIFICATES = "CERTIFICATES"
    POWERS = "POWERS"
    BASIS = "BASIS"
    PROCEDURE = "PROCEDURE"
    REMEDIES = "REMEDIES"
    NORMATIVE = "NORMATIVE"
    LICENCES = "LICENCES"
    SUPERVISORS = "SUPERVISORS"
    EXPERTS = "EXPERTS"
    STANDARDS = "STANDARDS"
    SIGNED = "SIGNED"
    OVERDUE = "OVERDUE"


class ListVersion(SQLModel, table=True):
    """One version of an agency's list. `series` is what all versions of one list have in common, and what its
    disclosure names as its source; `content` is the copy that is published once another person approves."""

    __tablename__ = "lists"
    __table_args__ = (
        one_of("kind", ListKind),
        UniqueConstraint("series", "version"),
        CheckConstraint("decided_by IS NULL OR decided_by <> drafted_by", name="takes_two_people"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)",
                        name="decided_whole"),
        Index("ix_lists_drafted_at", "drafted_at", "id"),
        Index("ix_lists_county", "county", "drafted_at", "id"),
        Index("ix_lists_office", "office", "drafted_at", "id"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    series: UUID
    kind: ListKind = Field(sa_type=TEXT)
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    version: int
    as_of: date
    next_by: date | None = Field(default=None)
    content: bytes = Field(sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    taken_out: str = Field(sa_type=TEXT)
    note: str = Field(sa_type=TEXT)
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    approved: bool | None = Field(default=None)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    decision_note: str | None = text(nullable=True)


class FiguresEdition(SQLModel, table=True):
    """Figures of a quarter or year as they were counted and published; counted anew they are another edition."""

    __tablename__ = "figures"
    __table_args__ = (
        UniqueConstraint("series", "edition"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="is_a_quarter"),
        Index("ix_figures_counted_at", "counted_at", "id"),
        Index("ix_figures_county", "county", "counted_at", "id"),
        Index("ix_figures_office", "office", "counted_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    series: UUID
    edition: int
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    quarter: int | None = Field(default=None)
    content: bytes = Field(sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    due_on: date | None = Field(default=None)
    counted_by: UUID = Field(foreign_key="accounts.id")
    counted_at: datetime = moment()
