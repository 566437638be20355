"""The rows of facts: what was read out of each sealed piece, its preview, and which pieces look alike."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel

from storage.field.facts.likeness import BANDS
from storage.record.columns import BYTES, DIVISION, TEXT, TEXTS, moment


class Part(StrEnum):
    """What of a piece is read by itself."""

    PICTURE = "PICTURE"
    FILM = "FILM"
    EXIF = "EXIF"


class Why(StrEnum):
    """Why a part could not be read."""

    NOT_READ = "NOT_READ"
    TRUNCATED = "TRUNCATED"
    BOMB = "BOMB"
    TIMED_OUT = "TIMED_OUT"
    NO_DECODER = "NO_DECODER"
    TOO_LARGE = "TOO_LARGE"


class FactFlag(StrEnum):
    """What the file itself says against what was declared; shown, and nothing follows from it by itself."""

    EXIF_DATE_SPLIT = "EXIF_DATE_SPLIT"
    EXIF_POSITION_DIFFERS = "EXIF_POSITION_DIFFERS"
    EXIF_POSITION_IMPOSSIBLE = "EXIF_POSITION_IMPOSSIBLE"
    EXIF_TIME_DIFFERS = "EXIF_TIME_DIFFERS"
    LOOKS_LIKE = "LOOKS_LIKE"


class Facts(SQLModel, table=True):
    """One row a sealed piece, laid when it is sealed and filled later; `maker` is the version that filled it."""

    __tablename__ = "facts"
    __table_args__ = (
        Index("ix_facts_waiting", "retry_at"),
        Index("ix_facts_sha256", "sha256"),
        *(Index(f"ix_facts_band_{number}", f"band_{number}") for number in range(BANDS)),
    )

    evidence_id: UUID = Field(primary_key=True)
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    sha256: bytes = Field(sa_type=BYTES)
    object_name: str = Field(sa_type=TEXT)
    retry_at: datetime | None = moment(nullable=True)
    attempts: int = 0
    maker: int | None = Field(default=None)
    described_at: datetime | None = moment(nullable=True)
    entry_id: UUID | None = Field(default=None)
    digest: bytes | None = Field(default=None, sa_type=BYTES)
    flags: list[str] = Field(sa_type=TEXTS)
    not_read: list[str] = Field(sa_type=TEXTS)
    width: int | None = Field(default=None)
    height: int | None = Field(default=None)
    orientation: int | None = Field(default=None)
    camera: str | None = Field(default=None, sa_type=TEXT)
    exif_time: str | None = Field(default=None, sa_type=TEXT)
    exif_offset: str | None = Field(default=None, sa_type=TEXT)
    taken_at: datetime | None = moment(nullable=True)
    gps_time: str | None = Field(default=None, sa_type=TEXT)
    latitude: int | None = Field(default=None, sa_type=BigInteger)
    longitude: int | None = Field(default=None, sa_type=BigInteger)
    length_ms: int | None = Field(default=None, sa_type=BigInteger)
    likeness: int | None = Field(default=None, sa_type=BigInteger)
    band_0: int | None = Field(default=None)
    band_1: int | None = Field(default=None)
    band_2: int | None = Field(default=None)
    band_3: int | None = Field(default=None)


class Preview(SQLModel, table=True):
    """The small picture made of a piece: without metadata, never under a lock, never in the original's place."""

    __tablename__ = "previews"

    evidence_id: UUID = Field(primary_key=True)
    mine_id: UUID
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    object_name: str = Field(sa_type=TEXT)
    object_version: str = Field(sa_type=TEXT)
    media_type: str = Field(sa_type=TEXT)
    width: int
    height: int
    size: int
    sha256: bytes = Field(sa_type=BYTES)
    made_at: datetime = moment()


class Lookalike(SQLModel, table=True):
    """Two pieces that show the same: the one that was described later, and the earlier one. Distance in bits of 64."""

    __tablename__ = "lookalikes"
    __table_args__ = (Index("ix_lookalikes_other_id", "other_id"),)

    evidence_id: UUID = Field(primary_key=True)
    other_id: UUID = Field(primary_key=True)
    distance: int
