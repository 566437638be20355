"""The rows of mines and of the divisions and branch offices that supervise them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import DIVISION, TEXT, TEXTS, moment, one_of


class MineState(StrEnum):
    """What a mine is doing."""

    PRODUCING = "PRODUCING"
    BUILDING = "BUILDING"
    STOPPED = "STOPPED"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class Disaster(StrEnum):
    """The disasters that a mine is known to face."""

    GAS_OUTBURST = "GAS_OUTBURST"
    HIGH_GAS = "HIGH_GAS"
    WATER = "WATER"
    FIRE = "FIRE"
    COAL_DUST = "COAL_DUST"
    ROCK_BURST = "ROCK_BURST"
    ROOF = "ROOF"


class Division(SQLModel, table=True):
    """An administrative division of Guizhou (GB/T 2260)."""

    __tablename__ = "divisions"

    code: str = Field(primary_key=True, sa_type=DIVISION)
    name: str = Field(sa_type=TEXT)
    parent: str | None = Field(default=None, sa_type=DIVISION)


class Office(SQLModel, table=True):
    """A branch office (监察执法处) of the mine safety administration."""

    __tablename__ = "offices"

    code: str = Field(primary_key=True, sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    sample: bool = False


class Mine(SQLModel, table=True):
    """A coal mine with its one direct supervisor (煤矿安全生产条例40)."""

    __tablename__ = "mines"
    __table_args__ = (
        one_of("state", MineState),
        UniqueConstraint("credit_code"),
        Index("ix_mines_name", "name", "id"),
        Index("ix_mines_county", "county", "name", "id"),
        Index("ix_mines_office", "office", "name", "id"),
    )

    id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=TEXT)
    credit_code: str = Field(sa_type=TEXT)
    county: str = Field(sa_type=DIVISION, foreign_key="divisions.code")
    office: str = Field(sa_type=TEXT, foreign_key="offices.code")
    supervisor: str = Field(sa_type=DIVISION, foreign_key="divisions.code")
    state: MineState = Field(sa_type=TEXT)
    disasters: list[str] = Field(sa_type=TEXTS)
    latitude: int = Field(sa_type=BigInteger)
    longitude: int = Field(sa_type=BigInteger)
    registered_at: datetime = moment()
    sample: bool = False
