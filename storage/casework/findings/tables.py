"""The rows of findings, of their evidence, of who confirmed them, and of the defects that are to be made good."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index, SQLModel

from storage.record.columns import DIVISION, TEXT, TEXTS, moment, one_of
from storage.record.law.library import Severity


class FindingFlag(StrEnum):
    """What the record shows of a finding besides its fact; none of it stops the finding from being kept."""

    REPEATED = "REPEATED"
    CLOSURE_TO_BE_PROPOSED = "CLOSURE_TO_BE_PROPOSED"
    WITHDRAWAL_DUE = "WITHDRAWAL_DUE"
    CLOCK_AHEAD = "CLOCK_AHEAD"


class Shortcoming(StrEnum):
    """What a finding lacks until somebody makes it good; no decision rests on it before."""

    NO_EVIDENCE = "NO_EVIDENCE"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    OFFICER_RECUSED = "OFFICER_RECUSED"


class Finding(SQLModel, table=True):
    """One finding of one inspection. Its three bases are those of the library on the day when it was seen."""

    __tablename__ = "findings"
    __table_args__ = (
        one_of("severity", Severity),
        Index("ix_findings_seen_at", "seen_at", "id"),
        Index("ix_findings_county", "county", "seen_at", "id"),
        Index("ix_findings_office", "office", "seen_at", "id"),
        Index("ix_findings_mine_id", "mine_id", "seen_at", "id"),
        Index("ix_findings_of_a_kind", "mine_id", "kind", "seen_at"),
        Index("ix_findings_closure", "seen_at", "id", postgresql_where="'CLOSURE_TO_BE_PROPOSED' = ANY (flags)"),
        Index("ix_findings_unsafe", "seen_at", "id", postgresql_where="unsafe"),
        Index("ix_findings_inspection_id", "inspection_id", "seen_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspections.id")
    place_id: UUID | None = Field(default=None, foreign_key="inspection_places.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    kind: str = Field(sa_type=TEXT)
    severity: Severity = Field(sa_type=TEXT)
    fact: str = Field(sa_type=TEXT)
    measured: list[str] = Field(sa_type=TEXTS)
    clause: str = Field(sa_type=TEXT)
    measure_basis: str = Field(sa_type=TEXT)
    penalty_basis: str = Field(sa_type=TEXT)
    producing: bool
    unsafe: bool
    marks: list[str] = Field(sa_type=TEXTS)
    flags: list[str] = Field(sa_type=TEXTS)
    repeats: UUID | None = Field(default=None, foreign_key="findings.id")
    seen_at: datetime = moment()
    recorded_by: UUID = Field(foreign_key="accounts.id")
    recorded_at: datetime = moment()


class FindingEvidence(SQLModel, table=True):
    """A piece of evidence that shows a finding."""

    __tablename__ = "finding_evidence"
    __table_args__ = (Index("ix_finding_evidence_evidence_id", "evidence_id"),)

    finding_id: UUID = Field(primary_key=True, foreign_key="findings.id")
    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    attached_at: datetime = moment()


class FindingConfirmation(SQLModel, table=True):
    """An officer who stands for a finding, with the certificate that was valid when it was seen; null: none was."""

    __tablename__ = "finding_confirmations"

    finding_id: UUID = Field(primary_key=True, foreign_key="findings.id")
    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    certificate_id: UUID | None = Field(default=None, foreign_key="certificates.id")
    confirmed_at: datetime = moment()


class BrokenPromise(SQLModel, table=True):
    """A promise that is broken by what was found: the breach that stands, its year, and the clause as it is called."""

    __tablename__ = "broken_promises"
    __table_args__ = (Index("ix_broken_promises_breach_id", "breach_id"),)

    finding_id: UUID = Field(primary_key=True, foreign_key="findings.id")
    breach_id: UUID = Field(primary_key=True)
    year: int
    key: str = Field(sa_type=TEXT)
    title: str = Field(sa_type=TEXT)
    stood_at: datetime = moment()


class Defect(SQLModel, table=True):
    """What a finding lacks, by which article, until when somebody makes it good, and when that was done."""

    __tablename__ = "finding_defects"
    __table_args__ = (
        one_of("code", Shortcoming),
        Index("ix_finding_defects_due_at", "due_at", "finding_id", postgresql_where="made_good_at IS NULL"),
        Index("ix_finding_defects_overrun", "due_at", "finding_id", "code",
              postgresql_where="made_good_at IS NULL AND (overrun_of IS NULL OR overrun_of < due_at)"),
    )  # fmt: skip

    finding_id: UUID = Field(primary_key=True, foreign_key="findings.id")
    code: Shortcoming = Field(primary_key=True, sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    due_at: datetime = moment()
    made_good_at: datetime | None = moment(nullable=True)
    made_good_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    overrun_of: datetime | None = moment(nullable=True)
