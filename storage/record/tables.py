"""The row of the kernel itself: acts, by which a replay is told from a new act."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import MetaData
from sqlmodel import Field, SQLModel

from storage.record.columns import BYTES, moment

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Act(SQLModel, table=True):
    """One operation id of one actor; kept 400 days, since a phone may return late."""

    __tablename__ = "acts"
    __table_args__ = {"postgresql_partition_by": "HASH (actor_id)"}  # SQLAlchemy reads it from the class.

    actor_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(primary_key=True)
    input_digest: bytes = Field(sa_type=BYTES)
    subject: UUID | None = Field(default=None)
    at: datetime = moment()
