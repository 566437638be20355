"""The row of the kernel itself: acts, by which a replay is told from a new act."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from storage.record.columns import BYTES, moment


class Act(SQLModel, table=True):
    """One operation id of one actor; kept 400 days, since a phone may return late."""

    __tablename__ = "acts"
    __table_args__ = {"postgresql_partition_by": "HASH (actor_id)"}  # SQLAlchemy reads it from the class.

    actor_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(primary_key=True)
    input_digest: bytes = Field(sa_type=BYTES)
    subject: UUID | None = Field(default=None)
    at: datetime = moment()
