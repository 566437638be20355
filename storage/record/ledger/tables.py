"""The rows of the ledger: entries and what they hide, their positions, the tree and its checkpoints."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger, text
from sqlmodel import Field, Index, SQLModel

from storage.record import tables as _kernel  # The naming convention must stand before the first table.
from storage.record.columns import BYTES, DIVISION, MOMENT, TEXT, moment

assert _kernel  # noqa: S101 # Keeps the import, which is for its effect.


class Entry(SQLModel, table=True):
    """What the log commits to: a salted digest. Immutable to every role."""

    __tablename__ = "entries"
    __table_args__ = {"postgresql_partition_by": "RANGE (id)"}  # SQLAlchemy reads it from the class.

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=TEXT)
    digest: bytes = Field(sa_type=BYTES)
    at: datetime = moment()
    database_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("clock_timestamp()")})


class Payload(SQLModel, table=True):
    """What an entry says, and the salt that keeps its digest from being guessed. Only a lawful erasure removes it."""

    __tablename__ = "payloads"
    __table_args__ = (
        Index("ix_payloads_subject", "subject"),
        Index("ix_payloads_actor_id", "actor_id", "entry_id"),
        {"postgresql_partition_by": "RANGE (entry_id)"},
    )

    entry_id: UUID = Field(primary_key=True)
    subject: UUID
    actor_id: UUID
    salt: bytes = Field(sa_type=BYTES)
    payload: bytes = Field(sa_type=BYTES)
    county: str | None = Field(default=None, sa_type=DIVISION)
    office: str | None = Field(default=None, sa_type=TEXT)
    mine_id: UUID | None = Field(default=None)


class Unsequenced(SQLModel, table=True):
    """The queue between acts and the tree: filled by the table of entries itself, emptied by the sequencer."""

    __tablename__ = "unsequenced"

    entry_id: UUID = Field(primary_key=True)
    digest: bytes = Field(sa_type=BYTES)


class Position(SQLModel, table=True):
    """Where an entry stands in the log, once and for ever."""

    __tablename__ = "positions"

    log: int = Field(primary_key=True, sa_type=SmallInteger)
    position: int = Field(primary_key=True, sa_type=BigInteger)
    entry_id: UUID = Field(unique=True)


class TreeHead(SQLModel, table=True):
    """The one row that a batch locks: the log in use, its size and root."""

    __tablename__ = "tree_head"

    log: int = Field(primary_key=True, sa_type=SmallInteger)
    origin: str = Field(sa_type=TEXT)
    size: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=BYTES)


class Tile(SQLModel, table=True):
    """Up to 256 hashes of one level of the tree (C2SP tlog-tiles); a partial tile grows in place."""

    __tablename__ = "tiles"

    log: int = Field(primary_key=True, sa_type=SmallInteger)
    level: int = Field(primary_key=True, sa_type=SmallInteger)
    index: int = Field(primary_key=True, sa_type=BigInteger)
    hashes: bytes = Field(sa_type=BYTES)


class Checkpoint(SQLModel, table=True):
    """A signed tree head. It is shown to nobody before it lies locked in the store (`shown_at`)."""

    __tablename__ = "checkpoints"

    log: int = Field(primary_key=True, sa_type=SmallInteger)
    size: int = Field(primary_key=True, sa_type=BigInteger)
    root: bytes = Field(sa_type=BYTES)
    note: str = Field(sa_type=TEXT)
    shown_at: datetime = moment()
