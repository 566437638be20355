"""The rows of the kernel itself: acts, by which a replay is told from a new act, and the workers' heartbeats."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.record.columns import BYTES, TEXT, moment


class Act(SQLModel, table=True):
    """One operation id of one actor; kept 400 days, since a phone may return late."""

    __tablename__ = "acts"
    __table_args__ = {"postgresql_partition_by": "HASH (actor_id)"}  # SQLAlchemy reads it from the class.

    actor_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(primary_key=True)
    input_digest: bytes = Field(sa_type=BYTES)
    subject: UUID | None = Field(default=None)
    at: datetime = moment()


class Heartbeat(SQLModel, table=True):
    """That one kind of worker lives, and what waits for it; nothing in it names a person or a piece."""

    __tablename__ = "heartbeats"
    __table_args__ = (
        CheckConstraint(
            "worker IN ('describing', 'keeping', 'ledger', 'sealing', 'sweeping', 'telling')", name="worker_is_listed"
        ),
    )

    worker: str = Field(primary_key=True, sa_type=TEXT)
    beat_at: datetime = moment()
    started_at: datetime = moment()
    faults: int = 0
    waiting: int = 0
    oldest_at: datetime | None = moment(nullable=True)
