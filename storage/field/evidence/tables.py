"""The rows of evidence: what was declared, the signed bytes, and how far each piece has come."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, UniqueConstraint, text
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, TEXT, TEXTS, moment, one_of


class EvidenceState(StrEnum):
    """How far a piece has come; only forward, along rules.TRANSITIONS."""

    DECLARED = "DECLARED"
    RECEIVED = "RECEIVED"
    SEALED = "SEALED"
    QUARANTINED = "QUARANTINED"
    LOST = "LOST"
    ERASED = "ERASED"


class Grade(StrEnum):
    """What a piece can prove about its making."""

    SIGNED_AT_CAPTURE = "SIGNED_AT_CAPTURE"
    SIGNED_AT_DOCK = "SIGNED_AT_DOCK"
    TAKEN_OVER = "TAKEN_OVER"


class UploadEnd(StrEnum):
    """How an upload in parts ended: put together, thrown away after its time, or no longer known to the store."""

    ABORTED = "ABORTED"
    COMPLETED = "COMPLETED"
    LOST = "LOST"


class Evidence(SQLModel, table=True):
    """One piece: a photo, film or sound. The facts of its statement are fixed; only its state moves."""

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("state", EvidenceState),
        one_of("grade", Grade),
        UniqueConstraint("recording_id", "device_id", "seq", name="uq_evidence_seq"),
        # The chain names recording and device in its turn: one look for each piece instead of two.
        ForeignKeyConstraint(
            ["recording_id", "device_id"], ["chains.recording_id", "chains.device_id"], name="fk_evidence_chain"
        ),
        Index("ix_evidence_declared_at", "declared_at", "id"),
        Index("ix_evidence_county", "county", "declared_at", "id"),
        Index("ix_evidence_office", "office", "declared_at", "id"),
        Index("ix_evidence_recording_id", "recording_id", "declared_at", "id"),
        Index("ix_evidence_waiting", "retry_at", postgresql_where=text("state = 'RECEIVED'")),
        Index("ix_evidence_unreceipted", "sealed_at", postgresql_where=text("state = 'SEALED' AND NOT receipted")),
    )

    id: UUID = Field(primary_key=True)
    recording_id: UUID
    device_id: UUID
    maker_id: UUID = Field(foreign_key="accounts.id")
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    seq: int = Field(sa_type=BigInteger)
    statement_hash: bytes = Field(sa_type=BYTES)
    sha256: bytes = Field(sa_type=BYTES)
    size: int = Field(sa_type=BigInteger)
    media_type: str = Field(sa_type=TEXT)
    grade: Grade = Field(sa_type=TEXT)
    flags: list[str] = Field(sa_type=TEXTS)
    captured_at: datetime | None = moment(nullable=True)
    object_name: str = Field(sa_type=TEXT)
    state: EvidenceState = Field(sa_type=TEXT)
    declared_at: datetime = moment()
    declared_entry_id: UUID
    received_at: datetime | None = moment(nullable=True)
    object_version: str | None = Field(default=None, sa_type=TEXT)
    sealed_at: datetime | None = moment(nullable=True)
    sealed_entry_id: UUID | None = Field(default=None)
    quarantined_at: datetime | None = moment(nullable=True)
    quarantine_reason: str | None = Field(default=None, sa_type=TEXT)
    lost_at: datetime | None = moment(nullable=True)
    lost_reason: str | None = Field(default=None, sa_type=TEXT)
    sniffed_type: str | None = Field(default=None, sa_type=TEXT)
    receipted: bool = False
    leased_until: datetime | None = moment(nullable=True)
    attempts: int = 0
    retry_at: datetime | None = moment(nullable=True)


class Statement(SQLModel, table=True):
    """The bytes that the device signed, as received. Immutable to every role."""

    __tablename__ = "statements"

    evidence_id: UUID = Field(primary_key=True)
    statement: bytes = Field(sa_type=BYTES)
    signature: bytes = Field(sa_type=BYTES)


class Takeover(SQLModel, table=True):
    """The signed paper that says from whom, how and when a piece was taken over. Immutable to every role."""

    __tablename__ = "takeovers"

    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    paper: bytes = Field(sa_type=BYTES)
    signature: bytes = Field(sa_type=BYTES)


class Receipt(SQLModel, table=True):
    """The sealed receipt, signed by the worker that holds the receipt key."""

    __tablename__ = "receipts"

    evidence_id: UUID = Field(primary_key=True)
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    receipt: bytes = Field(sa_type=BYTES)
    signed_at: datetime = moment()


class EvidenceUpload(SQLModel, table=True):
    """One upload in parts; a piece has at most one that has not ended. `parts` are its SHA-256, 32 bytes each."""

    __tablename__ = "evidence_uploads"
    __table_args__ = (
        one_of("ended_as", UploadEnd),
        Index("uq_evidence_uploads_open", "evidence_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_evidence_uploads_open", "begun_at", postgresql_where=text("ended_at IS NULL")),
    )

    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    upload_id: str = Field(primary_key=True, sa_type=TEXT)
    parts: bytes = Field(sa_type=BYTES)
    begun_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    ended_as: UploadEnd | None = Field(default=None, sa_type=TEXT)
