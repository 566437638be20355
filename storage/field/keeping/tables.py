"""The rows of keeping: what is wanted of each sealed piece and what the store applies, holds, terms, erasures."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import DIVISION, TEXT, moment, one_of


class Damage(StrEnum):
    """What the scrubber found wrong with a sealed piece."""

    BYTES_DIFFER = "BYTES_DIFFER"
    LOCK_SHORTER = "LOCK_SHORTER"
    STATEMENT_DIFFERS = "STATEMENT_DIFFERS"
    UNREADABLE = "UNREADABLE"
    VERSION_GONE = "VERSION_GONE"


class SubjectKind(StrEnum):
    """What a hold or a term is laid on; all pieces of a recording or inspection, also those that come later."""

    EVIDENCE = "EVIDENCE"
    RECORDING = "RECORDING"
    INSPECTION = "INSPECTION"


ONE_SUBJECT = "num_nonnulls(evidence_id, recording_id, inspection_id) = 1"
"""A hold or a term has one subject."""


class Keeping(SQLModel, table=True):
    """How one sealed piece is kept. `retain_until` is wanted and only grows, `retained_until` and `held` are applied.

    It stands apart from the evidence row: it changes for decades, and the evidence row, once settled, never again.
    Whether a hold is wanted is no column: it is whether any hold on the piece is open.
    """

    __tablename__ = "keepings"
    __table_args__ = (
        one_of("damage", Damage),
        Index("ix_keepings_recording_id", "recording_id"),
        Index("ix_keepings_inspection_id", "inspection_id"),
        Index("ix_keepings_follow_at", "follow_at", postgresql_where=text("follow_at IS NOT NULL")),
        Index("ix_keepings_scrub_at", "scrub_at", postgresql_where=text("erasing_at IS NULL")),
        Index("ix_keepings_damaged_at", "damaged_at", postgresql_where=text("damaged_at IS NOT NULL")),
    )

    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    recording_id: UUID
    inspection_id: UUID
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    retain_until: datetime = moment()
    retained_until: datetime = moment()
    held: bool = False
    wanted_since: datetime | None = moment(nullable=True)
    follow_at: datetime | None = moment(nullable=True)
    attempts: int = 0
    scrub_at: datetime = moment()
    scrubbed_at: datetime = moment()
    scrub_attempts: int = 0
    damaged_at: datetime | None = moment(nullable=True)
    damage: Damage | None = Field(default=None, sa_type=TEXT)
    erasing_at: datetime | None = moment(nullable=True)
    erased_at: datetime | None = moment(nullable=True)


class Hold(SQLModel, table=True):
    """A duty to keep that has no end of its own; `permanent` says that the law asks for keeping for ever (永久)."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="has_one_subject"),
        Index("ix_holds_evidence_id", "evidence_id", postgresql_where=text("evidence_id IS NOT NULL")),
        Index("ix_holds_recording_id", "recording_id", postgresql_where=text("recording_id IS NOT NULL")),
        Index("ix_holds_inspection_id", "inspection_id", postgresql_where=text("inspection_id IS NOT NULL")),
        Index("ix_holds_case_id", "case_id", postgresql_where=text("case_id IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    evidence_id: UUID | None = Field(default=None, foreign_key="evidence.id")
    recording_id: UUID | None = Field(default=None, foreign_key="recordings.id")
    inspection_id: UUID | None = Field(default=None, foreign_key="inspections.id")
    case_id: UUID | None = Field(default=None)
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    permanent: bool = False
    placed_by: UUID
    placed_at: datetime = moment()
    lifted_by: UUID | None = Field(default=None)
    lifted_at: datetime | None = moment(nullable=True)
    lift_reason: str | None = Field(default=None, sa_type=TEXT)


class RetentionTerm(SQLModel, table=True):
    """A rule that keeps longer than the floor; of all that reach a piece the longest wins."""

    __tablename__ = "retention_terms"
    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="has_one_subject"),
        Index("ix_retention_terms_evidence_id", "evidence_id", postgresql_where=text("evidence_id IS NOT NULL")),
        Index("ix_retention_terms_recording_id", "recording_id", postgresql_where=text("recording_id IS NOT NULL")),
        Index("ix_retention_terms_inspection_id", "inspection_id", postgresql_where=text("inspection_id IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    evidence_id: UUID | None = Field(default=None, foreign_key="evidence.id")
    recording_id: UUID | None = Field(default=None, foreign_key="recordings.id")
    inspection_id: UUID | None = Field(default=None, foreign_key="inspections.id")
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    until: datetime = moment()
    article: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    set_by: UUID
    set_at: datetime = moment()


class Erasure(SQLModel, table=True):
    """The lawful end of one piece: proposed by one person, approved by another, then carried out by a worker."""

    __tablename__ = "erasures"
    __table_args__ = (
        UniqueConstraint("evidence_id", name="uq_erasures_evidence_id"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="takes_two_people"),
        Index(
            "ix_erasures_retry_at", "retry_at", postgresql_where=text("approved_at IS NOT NULL AND erased_at IS NULL")
        ),
    )

    id: UUID = Field(primary_key=True)
    evidence_id: UUID = Field(foreign_key="evidence.id")
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    proposed_by: UUID
    proposed_at: datetime = moment()
    approved_by: UUID | None = Field(default=None)
    approved_at: datetime | None = moment(nullable=True)
    erased_at: datetime | None = moment(nullable=True)
    attempts: int = 0
    retry_at: datetime | None = moment(nullable=True)


class Upkeep(SQLModel, table=True):
    """One row: what the keeper counted when it last looked; open to all, and nothing in it names a piece."""

    __tablename__ = "upkeep"

    id: int = Field(primary_key=True, sa_type=SmallInteger)
    late: int = 0
    stuck: int = 0
    damaged: int = 0
    facts_stuck: int = 0
    looked_at: datetime | None = moment(nullable=True)
