"""The rows of exposures and of their pictures, of objects that were laid for them, and the one table for the public."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, TEXT, moment, one_of


class ExposureState(StrEnum):
    """How far an exposure has come: what was published stands as its disclosure does."""

    DRAFTED = "DRAFTED"
    PUBLISHED = "PUBLISHED"
    DROPPED = "DROPPED"


class Exposure(SQLModel, table=True):
    """One typical case as an officer worded it for the public; decided once, by another. `content` is the copy."""

    __tablename__ = "exposures"
    __table_args__ = (
        one_of("state", ExposureState),
        CheckConstraint("(state = 'DRAFTED') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_whole"),
        CheckConstraint("(state = 'PUBLISHED') = (disclosure_id IS NOT NULL)", name="published_as_one"),
        CheckConstraint("state <> 'PUBLISHED' OR decided_by <> drafted_by", name="takes_two_people"),
        Index("ix_exposures_drafted_at", "drafted_at", "id"),
        Index("ix_exposures_county", "county", "drafted_at", "id"),
        Index("ix_exposures_office", "office", "drafted_at", "id"),
        Index("ix_exposures_mine_id", "mine_id", "drafted_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    state: ExposureState = Field(sa_type=TEXT)
    content: bytes = Field(sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    disclosure_id: UUID | None = Field(default=None, foreign_key="disclosures.id")


class ExposureObject(SQLModel, table=True):
    """The name of an object in the store, laid down before its bytes go there, so that none is ever left unknown."""

    __tablename__ = "exposure_objects"
    __table_args__ = (Index("ix_exposure_objects_open", "laid_at", postgresql_where="removed_at IS NULL"),)

    object_name: str = Field(primary_key=True, sa_type=TEXT)
    case_id: UUID = Field(foreign_key="cases.id")
    laid_by: UUID = Field(foreign_key="accounts.id")
    laid_at: datetime = moment()
    removed_at: datetime | None = moment(nullable=True)


class ExposurePicture(SQLModel, table=True):
    """One covered picture: the piece that it was made of, the secret of its tree, and where the covered one lies.

    `secret` is told to nobody who may not open the original: with it covered tiles could be tried out.
    """

    __tablename__ = "exposure_pictures"
    __table_args__ = (Index("ix_exposure_pictures_evidence_id", "evidence_id"),
                      Index("uq_exposure_pictures_object_name", "object_name", unique=True))  # fmt: skip

    exposure_id: UUID = Field(primary_key=True, foreign_key="exposures.id")
    ordinal: int = Field(primary_key=True)
    evidence_id: UUID = Field(foreign_key="evidence.id")
    original: bytes = Field(sa_type=BYTES)
    secret: bytes = Field(sa_type=BYTES)
    root: bytes = Field(sa_type=BYTES)
    proof: bytes = Field(sa_type=BYTES)
    hints: bytes = Field(sa_type=BYTES)
    sha256: bytes = Field(sa_type=BYTES)
    size: int
    object_name: str = Field(sa_type=TEXT)
    object_version: str = Field(sa_type=TEXT)


class PublicPicture(SQLModel, table=True):
    """What anybody may have of a picture while its disclosure is shown: the covered one, and what proves it."""

    __tablename__ = "public_pictures"

    disclosure_id: UUID = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    sha256: bytes = Field(sa_type=BYTES)
    size: int
    proof: bytes = Field(sa_type=BYTES)
    hints: bytes = Field(sa_type=BYTES)
    object_name: str = Field(sa_type=TEXT)
    object_version: str = Field(sa_type=TEXT)
