"""The rows of inspections, of the officers who carry them out and of the places they cover."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index, SQLModel

from storage.record.columns import DIVISION, TEXT, TEXTS, moment, one_of


class Basis(StrEnum):
    """Why an inspection is opened: by the plan, or for a stated reason."""

    PLANNED = "PLANNED"
    REASONED = "REASONED"


class InspectionFlag(StrEnum):
    """What the record shows of an opening that the law would have otherwise, and that was not refused for it."""

    NO_PLACE_UNDERGROUND = "NO_PLACE_UNDERGROUND"
    NO_PLACE_ON_SURFACE = "NO_PLACE_ON_SURFACE"
    MINE_IS_CLOSED = "MINE_IS_CLOSED"


class Inspection(SQLModel, table=True):
    """One inspection of one mine. Division and office are the mine's when it was opened."""

    __tablename__ = "inspections"
    __table_args__ = (
        one_of("basis", Basis),
        Index("ix_inspections_opened_at", "opened_at", "id"),
        Index("ix_inspections_county", "county", "opened_at", "id"),
        Index("ix_inspections_office", "office", "opened_at", "id"),
        Index("ix_inspections_mine_id", "mine_id", "opened_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    basis: Basis = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    flags: list[str] = Field(sa_type=TEXTS)
    lead_id: UUID = Field(foreign_key="accounts.id")
    opened_by: UUID = Field(foreign_key="accounts.id")
    opened_at: datetime = moment()


class InspectionOfficer(SQLModel, table=True):
    """An officer of an inspection, the certificate that was valid when it opened, and when he joined on his device."""

    __tablename__ = "inspection_officers"
    __table_args__ = (Index("ix_inspection_officers_account_id", "account_id"),)

    inspection_id: UUID = Field(primary_key=True, foreign_key="inspections.id")
    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    certificate_id: UUID = Field(foreign_key="certificates.id")
    joined_at: datetime | None = moment(nullable=True)
    device_id: UUID | None = Field(default=None)


class InspectionPlace(SQLModel, table=True):
    """A place that an inspection covers, on the surface or underground."""

    __tablename__ = "inspection_places"
    __table_args__ = (Index("ix_inspection_places_inspection_id", "inspection_id"),)

    id: UUID = Field(primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspections.id")
    ordinal: int
    name: str = Field(sa_type=TEXT)
    underground: bool
