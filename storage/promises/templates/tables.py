"""The rows of templates: a year's clauses by version, and a mine's own clauses; each by two people, then unchanged."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text as sql_text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import DIVISION, TEXT, moment, text


class ClauseField(StrEnum):
    """The five fields of a commitment (实施意见三（六）1)."""

    SYSTEM = "SYSTEM"
    PEOPLE = "PEOPLE"
    DISASTER = "DISASTER"
    MAIN_SYSTEM = "MAIN_SYSTEM"
    INVESTMENT = "INVESTMENT"


class ConditionKind(StrEnum):
    """What a condition is: a number within bounds, a yes or no, a day within bounds, or what a list holds."""

    NUMBER = "NUMBER"
    YES_NO = "YES_NO"
    DATE = "DATE"
    LIST = "LIST"


class Unit(StrEnum):
    """In what a number is counted; always whole, in the smallest step that a clause may ask for."""

    PIECES = "PIECES"
    PERSONS = "PERSONS"
    TIMES = "TIMES"
    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"
    WORKING_DAYS = "WORKING_DAYS"
    HUNDREDTHS_OF_PERCENT = "HUNDREDTHS_OF_PERCENT"
    CENTIMETRES = "CENTIMETRES"
    CENTIMETRES_PER_SECOND = "CENTIMETRES_PER_SECOND"
    CUBIC_METRES_PER_MINUTE = "CUBIC_METRES_PER_MINUTE"
    KILOPASCALS = "KILOPASCALS"
    TONNES = "TONNES"
    YUAN = "YUAN"
    FEN_PER_TONNE = "FEN_PER_TONNE"


class Wanted(StrEnum):
    """Which evidence a clause wants to its answer."""

    PHOTO = "PHOTO"
    FILM = "FILM"
    PAPER = "PAPER"
    MEASUREMENT = "MEASUREMENT"
    REGISTER = "REGISTER"


_DECIDED_WHOLE = "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)"
_TWO_PEOPLE = "decided_by IS NULL OR decided_by <> drafted_by"


class Template(SQLModel, table=True):
    """One version of a year's clauses, as canonical JSON. The highest that was approved is the year's template."""

    __tablename__ = "templates"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_from_one"),
        CheckConstraint(_TWO_PEOPLE, name="takes_two_people"),
        CheckConstraint(_DECIDED_WHOLE, name="decided_whole"),
        UniqueConstraint("year", "version"),
        Index("ix_templates_drafted_at", "drafted_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    year: int
    version: int
    clauses: str = Field(sa_type=TEXT)
    note: str = Field(sa_type=TEXT)
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    approved: bool | None = Field(default=None)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    decision_note: str | None = text(nullable=True)


class OwnClause(SQLModel, table=True):
    """A clause that a mine adds for a year, stricter than the template's of the same key or new, as canonical JSON.

    `replaces` is the own clause that stood when it was drafted: only one can follow each, so none overtakes another.
    """

    __tablename__ = "own_clauses"
    __table_args__ = (
        CheckConstraint(_TWO_PEOPLE, name="takes_two_people"),
        CheckConstraint(_DECIDED_WHOLE, name="decided_whole"),
        Index("uq_own_clauses_first", "mine_id", "year", "key", unique=True,
              postgresql_where=sql_text("approved AND replaces IS NULL")),
        Index("uq_own_clauses_next", "replaces", unique=True, postgresql_where=sql_text("approved")),
        Index("ix_own_clauses_drafted_at", "drafted_at", "id"),
        Index("ix_own_clauses_county", "county", "drafted_at", "id"),
        Index("ix_own_clauses_office", "office", "drafted_at", "id"),
        Index("ix_own_clauses_mine_id", "mine_id", "drafted_at", "id"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    key: str = Field(sa_type=TEXT)
    replaces: UUID | None = Field(default=None, foreign_key="own_clauses.id")
    clause: str = Field(sa_type=TEXT)
    note: str = Field(sa_type=TEXT)
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    approved: bool | None = Field(default=None)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    decision_note: str | None = text(nullable=True)
