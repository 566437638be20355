"""The rows of recordings and of the chain that each device keeps in them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, text
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, TEXT, moment


class RecordingState(StrEnum):
    """How far a recording has come: open, closed by one officer's signature, closed by two."""

    OPEN = "OPEN"
    SIGNED = "SIGNED"
    CLOSED = "CLOSED"


class Recording(SQLModel, table=True):
    """A recording (执法全过程记录) of one inspection; `not_before` is the time in the beacon it was opened on."""

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_inspection_id", "inspection_id", "opened_at", "id"),)

    id: UUID = Field(primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspections.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    opened_by: UUID = Field(foreign_key="accounts.id")
    device_id: UUID = Field(foreign_key="devices.id")
    beacon: str = Field(sa_type=TEXT)
    not_before: datetime = moment()
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


class Chain(SQLModel, table=True):
    """The statements of one device in one recording: how many came, and the last one known."""

    __tablename__ = "chains"

    recording_id: UUID = Field(primary_key=True, foreign_key="recordings.id")
    device_id: UUID = Field(primary_key=True, foreign_key="devices.id")
    count: int = Field(default=0, sa_type=BigInteger)
    last_seq: int = Field(default=-1, sa_type=BigInteger)
    last_hash: bytes = Field(default=bytes(32), sa_type=BYTES)
    closed_at: datetime | None = moment(nullable=True)
    """When the recording closed. It stands here, too, so that whoever waits for the chain sees it."""


class RecordingClosing(SQLModel, table=True):
    """A closing as its officer signed it; the newest is the one to co-sign, and one of them closes the recording."""

    __tablename__ = "closings"
    __table_args__ = (
        Index("ix_closings_recording_id", "recording_id", "signed_at", "id"),
        Index("uq_closings_closed", "recording_id", unique=True, postgresql_where=text("closed_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    recording_id: UUID = Field(foreign_key="recordings.id")
    closing: bytes = Field(sa_type=BYTES)
    closer_id: UUID = Field(foreign_key="accounts.id")
    device_id: UUID = Field(foreign_key="devices.id")
    algorithm: str = Field(sa_type=TEXT)
    public_key: bytes = Field(sa_type=BYTES)
    signature: bytes = Field(sa_type=BYTES)
    signed_at: datetime = moment()
    cosigner_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    cosigner_device_id: UUID | None = Field(default=None, foreign_key="devices.id")
    file: bytes | None = Field(default=None, sa_type=BYTES)
    """The closing with both signatures (protocol §9); there once the recording is closed."""
    closed_at: datetime | None = moment(nullable=True)
    closed_entry_id: UUID | None = Field(default=None)
