"""The rows of recordings and of the chain that each device keeps in them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, TEXT, moment


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


class Chain(SQLModel, table=True):
    """The statements of one device in one recording: how many came, and the last one known."""

    __tablename__ = "chains"

    recording_id: UUID = Field(primary_key=True, foreign_key="recordings.id")
    device_id: UUID = Field(primary_key=True, foreign_key="devices.id")
    count: int = 0
    last_seq: int = -1
    last_hash: bytes = Field(default=bytes(32), sa_type=BYTES)
