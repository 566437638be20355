"""The rows of duty rosters: plans, hand-overs, absences, and the signs of life of duty desks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import DIVISION, IDS, TEXT, moment, one_of


class Away(StrEnum):
    """Why somebody on the roster is passed over."""

    EXCUSED = "EXCUSED"
    UNDERGROUND = "UNDERGROUND"


def _one_seat() -> CheckConstraint:
    """A seat is a division (县、市、省的主管部门) or a branch office, never both."""
    return CheckConstraint("(county IS NULL) <> (office IS NULL)", name="of_one_seat")


class DutyPlan(SQLModel, table=True):
    """Who answers for a seat in a period, the first first. The newest plan that covers a minute holds in it."""

    __tablename__ = "duty_plans"
    __table_args__ = (
        _one_seat(),
        CheckConstraint("ends_at > begins_at", name="ends_after_it_begins"),
        Index("ix_duty_plans_county", "county", "ends_at", "planned_at", "id"),
        Index("ix_duty_plans_office", "office", "ends_at", "planned_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    county: str | None = Field(default=None, sa_type=DIVISION, foreign_key="divisions.code")
    office: str | None = Field(default=None, sa_type=TEXT, foreign_key="offices.code")
    begins_at: datetime = moment()
    ends_at: datetime = moment()
    accounts: list[UUID] = Field(sa_type=IDS)
    planned_by: UUID = Field(foreign_key="accounts.id")
    planned_at: datetime = moment()


class DutyHandover(SQLModel, table=True):
    """One shift handed over: what the one who goes says, and when the one who comes took it."""

    __tablename__ = "duty_handovers"
    __table_args__ = (
        _one_seat(),
        CheckConstraint("taken_at >= given_at", name="taken_after_it_was_given"),
        CheckConstraint("from_id <> to_id", name="between_two_people"),
        Index("ix_duty_handovers_county", "county", "given_at", "id"),
        Index("ix_duty_handovers_office", "office", "given_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    county: str | None = Field(default=None, sa_type=DIVISION, foreign_key="divisions.code")
    office: str | None = Field(default=None, sa_type=TEXT, foreign_key="offices.code")
    from_id: UUID = Field(foreign_key="accounts.id")
    to_id: UUID = Field(foreign_key="accounts.id")
    words: str = Field(sa_type=TEXT)
    given_at: datetime = moment()
    taken_at: datetime | None = moment(nullable=True)


class DutyAbsence(SQLModel, table=True):
    """Somebody who cannot be reached: excused until a time, or underground until he says that he is up."""

    __tablename__ = "duty_absences"
    __table_args__ = (
        one_of("away", Away),
        CheckConstraint("(away = 'UNDERGROUND') = (until IS NULL)", name="excused_until_a_time"),
        CheckConstraint("until > since", name="ends_after_it_begins"),
        CheckConstraint("ended_at >= since", name="ended_after_it_began"),
        Index("ix_duty_absences_account_id", "account_id", "since", "id"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    away: Away = Field(sa_type=TEXT)
    since: datetime = moment()
    until: datetime | None = moment(nullable=True)
    reason: str = Field(sa_type=TEXT)
    said_by: UUID = Field(foreign_key="accounts.id")
    ended_at: datetime | None = moment(nullable=True)


class DeskSign(SQLModel, table=True):
    """When the duty page of an account was last heard of. No act: it is overwritten, and names no deed."""

    __tablename__ = "desk_signs"

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    seen_at: datetime = moment()
