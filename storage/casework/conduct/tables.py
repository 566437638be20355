"""The rows of matters of conduct: who it is about, what became of it, and who complained, kept apart."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint, text
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, IDS, TEXT, TEXTS, moment, one_of


class MatterKind(StrEnum):
    """What is dealt with: 尽职免责, 问责建议, a complaint, 回避."""

    EXEMPTION = "EXEMPTION"
    PROPOSAL = "PROPOSAL"
    COMPLAINT = "COMPLAINT"
    RECUSAL = "RECUSAL"


class About(StrEnum):
    """What it is about."""

    INSPECTION = "INSPECTION"
    SCHEME = "SCHEME"
    EXAM = "EXAM"
    CASE = "CASE"
    ACCIDENT = "ACCIDENT"
    COMPLAINT = "COMPLAINT"
    OTHER = "OTHER"


class ConductTurn(StrEnum):
    """What may become of a matter."""

    OPENED = "OPENED"
    ACCOUNT_GIVEN = "ACCOUNT_GIVEN"
    FOUND = "FOUND"
    CONFIRMED = "CONFIRMED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    TOLD = "TOLD"
    ANSWERED = "ANSWERED"
    PASSED_ON = "PASSED_ON"
    RECEIVED = "RECEIVED"
    OUTCOME_RECORDED = "OUTCOME_RECORDED"
    ACCEPTED = "ACCEPTED"
    HEARD = "HEARD"
    EXTENDED = "EXTENDED"
    REPLIED = "REPLIED"
    DECIDED = "DECIDED"
    WITHDRAWN = "WITHDRAWN"


class ConductOutcome(StrEnum):
    """What was found, decided or replied."""

    EXEMPT = "EXEMPT"
    PARTLY_EXEMPT = "PARTLY_EXEMPT"
    NOT_EXEMPT = "NOT_EXEMPT"
    ACTED_UPON = "ACTED_UPON"
    NOT_ACTED_UPON = "NOT_ACTED_UPON"
    SUBSTANTIATED = "SUBSTANTIATED"
    PARTLY_SUBSTANTIATED = "PARTLY_SUBSTANTIATED"
    UNSUBSTANTIATED = "UNSUBSTANTIATED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


class MatterState(StrEnum):
    """Where a matter stands, told from its steps and kept for lists."""

    OPEN = "OPEN"
    TOLD = "TOLD"
    HEARD = "HEARD"
    FOUND = "FOUND"
    ACCEPTED = "ACCEPTED"
    PASSED_ON = "PASSED_ON"
    RECEIVED = "RECEIVED"
    SETTLED = "SETTLED"
    WITHDRAWN = "WITHDRAWN"


class ConductMatter(SQLModel, table=True):
    """One matter about one officer. `state`, `steps`, `granted` and `decided_at` follow from its steps.

    `as_of` is the size of the checkpoint up to which the record is looked at when diligence is judged.
    """

    __tablename__ = "conduct_matters"
    __table_args__ = (
        one_of("kind", MatterKind),
        one_of("about", About),
        one_of("state", MatterState),
        CheckConstraint("kind <> 'COMPLAINT' OR opened_by <> officer_id", name="complaint_of_another"),
        Index("ix_conduct_matters_opened_at", "opened_at", "id"),
        Index("ix_conduct_matters_officer_id", "officer_id", "opened_at", "id"),
        Index("ix_conduct_matters_recused", "subject_id", postgresql_where=text("kind = 'RECUSAL' AND granted")),
    )

    id: UUID = Field(primary_key=True)
    kind: MatterKind = Field(sa_type=TEXT)
    officer_id: UUID = Field(foreign_key="accounts.id")
    mine_id: UUID | None = Field(default=None, foreign_key="mines.id")
    county: str | None = Field(default=None, sa_type=DIVISION)
    office: str | None = Field(default=None, sa_type=TEXT)
    about: About = Field(sa_type=TEXT)
    subject_id: UUID | None = Field(default=None)
    reference: str = Field(sa_type=TEXT)
    log: int | None = Field(default=None)
    as_of: int | None = Field(default=None, sa_type=BigInteger)
    state: MatterState = Field(sa_type=TEXT)
    steps: int
    granted: bool
    decided_at: datetime | None = moment(nullable=True)
    opened_by: UUID = Field(foreign_key="accounts.id")
    opened_at: datetime = moment()


class ConductStep(SQLModel, table=True):
    """One step, never changed. `at` is when it was done, `recorded_at` when the server took it."""

    __tablename__ = "conduct_steps"
    __table_args__ = (
        one_of("kind", ConductTurn),
        one_of("outcome", ConductOutcome),
        UniqueConstraint("matter_id", "ordinal"),
    )

    id: UUID = Field(primary_key=True)
    matter_id: UUID = Field(foreign_key="conduct_matters.id")
    ordinal: int
    kind: ConductTurn = Field(sa_type=TEXT)
    at: datetime = moment()
    recorded_at: datetime = moment()
    recorded_by: UUID = Field(foreign_key="accounts.id")
    outcome: ConductOutcome | None = Field(default=None, sa_type=TEXT)
    grounds: list[str] = Field(sa_type=TEXTS)
    words: str = Field(sa_type=TEXT)
    organ: str = Field(sa_type=TEXT)
    subject_id: UUID | None = Field(default=None)
    evidence: list[UUID] = Field(sa_type=IDS)


class ConductComplainant(SQLModel, table=True):
    """Who complained, seen by nobody but who took it and who handles it; the entry holds a salted digest alone."""

    __tablename__ = "conduct_complainants"

    matter_id: UUID = Field(primary_key=True, foreign_key="conduct_matters.id")
    name: str = Field(sa_type=TEXT)
    contact: str = Field(sa_type=TEXT)
    salt: bytes = Field(sa_type=BYTES)
