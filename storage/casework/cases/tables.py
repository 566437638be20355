"""The rows of cases, their parties and steps, the pieces that steps name, their clocks, and fines that stand."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy import text as sql_text
from sqlmodel import Field, Index, SQLModel

from storage.casework.cases.standing import CaseState
from storage.casework.cases.steps import PartyKind, StepKind
from storage.record.columns import DIVISION, IDS, TEXT, moment, one_of


class Case(SQLModel, table=True):
    """One case against a mine. Its steps are the record; `state` and `steps` are derived from them, for lists.

    `told_at` is since when the mine knows of it; before, its people do not see that there is one.
    """

    __tablename__ = "cases"
    __table_args__ = (
        one_of("state", CaseState),
        Index("ix_cases_opened_at", "opened_at", "id"),
        Index("ix_cases_county", "county", "opened_at", "id"),
        Index("ix_cases_office", "office", "opened_at", "id"),
        Index("ix_cases_mine_id", "mine_id", "opened_at", "id"),
        Index("ix_cases_inspection_id", "inspection_id", postgresql_where=sql_text("inspection_id IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    cause: str = Field(sa_type=TEXT)
    simple: bool
    inspection_id: UUID | None = Field(default=None, foreign_key="inspections.id")
    state: CaseState = Field(sa_type=TEXT)
    steps: int
    opened_by: UUID = Field(foreign_key="accounts.id")
    opened_at: datetime = moment()
    told_at: datetime | None = moment(nullable=True)


class CaseParty(SQLModel, table=True):
    """Whom a case is against."""

    __tablename__ = "case_parties"
    __table_args__ = (one_of("kind", PartyKind), Index("ix_case_parties_case_id", "case_id"))

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id")
    kind: PartyKind = Field(sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    subject: str = Field(sa_type=TEXT)


class CaseConduct(SQLModel, table=True):
    """A conduct of a case, by what makes cases alike: the clause that was broken, the kind of its finding."""

    __tablename__ = "case_conducts"
    __table_args__ = (
        Index("ix_case_conducts_clause", "clause", "case_id"),
        Index("ix_case_conducts_kind", "kind", "case_id", postgresql_where=sql_text("kind IS NOT NULL")),
    )

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    conduct_id: UUID = Field(primary_key=True)
    clause: str = Field(sa_type=TEXT)
    kind: str | None = Field(default=None, sa_type=TEXT)


class CaseStep(SQLModel, table=True):
    """One step as it was taken; never changed. `entry_id` is its trace, `body` the canonical JSON that stands there."""

    __tablename__ = "case_steps"
    __table_args__ = (
        one_of("kind", StepKind),
        Index("uq_case_steps_ordinal", "case_id", "ordinal", unique=True),
        Index("ix_case_steps_entry_id", "entry_id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id")
    ordinal: int
    kind: StepKind = Field(sa_type=TEXT)
    party_id: UUID | None = Field(default=None)
    at: datetime = moment()
    by_id: UUID = Field(foreign_key="accounts.id")
    officers: str = Field(sa_type=TEXT)
    body: str = Field(sa_type=TEXT)
    recorded_at: datetime = moment()
    entry_id: UUID


class CaseServed(SQLModel, table=True):
    """That a decision reached its party, and the findings that it rests on: from then on the mine reads it."""

    __tablename__ = "case_served"
    __table_args__ = (Index("ix_case_served_mine_id", "mine_id"),)

    decision_id: UUID = Field(primary_key=True, foreign_key="case_steps.id")
    case_id: UUID = Field(foreign_key="cases.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    findings: list[UUID] = Field(sa_type=IDS)
    served_at: datetime = moment()


class CasePiece(SQLModel, table=True):
    """A sealed piece that a step names."""

    __tablename__ = "case_pieces"
    __table_args__ = (
        Index("ix_case_pieces_case_id", "case_id"),
        Index("ix_case_pieces_evidence_id", "evidence_id"),
    )

    step_id: UUID = Field(primary_key=True, foreign_key="case_steps.id")
    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    case_id: UUID = Field(foreign_key="cases.id")


class CaseClock(SQLModel, table=True):
    """A clock of a case, derived from its steps for whoever looks over many; `over_at` is null without a calendar.

    `overrun_of` is the end of which the record told that it was overrun; `law` the edition by which it was derived;
    `stuck_at` when the sweep could not derive it, and passed on to the next.
    """

    __tablename__ = "case_clocks"
    __table_args__ = (
        Index("ix_case_clocks_overrun", "over_at", "case_id", "key", "subject",
              postgresql_where=sql_text("met_at IS NULL AND (overrun_of IS NULL OR overrun_of < over_at)")),
        Index("ix_case_clocks_published", "start_at", "subject",
              postgresql_where=sql_text("key = 'penalty_published'")),
        Index("ix_case_clocks_law", "law", "case_id", "key", "subject", postgresql_where=sql_text("met_at IS NULL")),
    )  # fmt: skip

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    key: str = Field(primary_key=True, sa_type=TEXT)
    subject: UUID = Field(primary_key=True)
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    party_id: UUID | None = Field(default=None)
    start_at: datetime = moment()
    ends: date | None = Field(default=None)
    alarm: date | None = Field(default=None)
    over_at: datetime | None = moment(nullable=True)
    year: int | None = Field(default=None)
    met_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    stuck_at: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)


class CaseFine(SQLModel, table=True):
    """That a subject was fined for a finding; while it stands, no other case fines it for the same (处罚法29)."""

    __tablename__ = "case_fines"
    __table_args__ = (
        Index("uq_case_fines_standing", "subject", "finding_id", unique=True,
              postgresql_where=sql_text("fell_at IS NULL")),
        Index("ix_case_fines_decision_id", "decision_id"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id")
    decision_id: UUID = Field(foreign_key="case_steps.id")
    subject: str = Field(sa_type=TEXT)
    finding_id: UUID
    fell_at: datetime | None = moment(nullable=True)
