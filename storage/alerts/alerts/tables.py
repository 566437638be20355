"""The rows of alerts: drills, incidents, how far each climbed in its chains, and who was told of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlmodel import Field, Index, SQLModel

from storage.alerts.alerts.kinds import AlertKind
from storage.alerts.rosters.rules import Chain
from storage.record.columns import DIVISION, TEXT, TEXTS, moment, one_of


class Incident(SQLModel, table=True):
    """One cause that somebody must know of: an entry of the ledger, and whatever joins it while it is open."""

    __tablename__ = "incidents"
    __table_args__ = (
        one_of("kind", AlertKind),
        Index("ix_incidents_open", "kind", "subject", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_incidents_raised_at", "raised_at", "id"),
        Index("ix_incidents_county", "county", "raised_at", "id"),
        Index("ix_incidents_office", "office", "raised_at", "id"),
        Index("ix_incidents_mine_id", "mine_id", "raised_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    kind: AlertKind = Field(sa_type=TEXT)
    subject: UUID
    cause: UUID
    county: str | None = Field(default=None, sa_type=DIVISION)
    office: str | None = Field(default=None, sa_type=TEXT)
    mine_id: UUID | None = Field(default=None, foreign_key="mines.id")
    urgent: bool
    drill: bool
    happened_at: datetime = moment()
    raised_at: datetime = moment()
    joined: int
    ended_at: datetime | None = moment(nullable=True)


class Drill(SQLModel, table=True):
    """An alarm that somebody asked for to see who comes; its incident has this id as its subject."""

    __tablename__ = "drills"
    __table_args__ = (
        CheckConstraint("(county IS NULL) <> (office IS NULL)", name="of_one_seat"),
        CheckConstraint("kind <> 'DRILL'", name="of_something"),
        one_of("kind", AlertKind),
    )

    id: UUID = Field(primary_key=True)
    county: str | None = Field(default=None, sa_type=DIVISION, foreign_key="divisions.code")
    office: str | None = Field(default=None, sa_type=TEXT, foreign_key="offices.code")
    kind: AlertKind = Field(sa_type=TEXT)
    drilled_by: UUID = Field(foreign_key="accounts.id")
    drilled_at: datetime = moment()


class Silence(SQLModel, table=True):
    """By which channels an account does not want to be told of a kind; never of an urgent one."""

    __tablename__ = "alert_silences"
    __table_args__ = (one_of("kind", AlertKind),)

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    kind: AlertKind = Field(primary_key=True, sa_type=TEXT)
    channels: list[str] = Field(sa_type=TEXTS)
    kept_at: datetime = moment()


class Climb(SQLModel, table=True):
    """How far an incident climbed in one chain: the rung that is next, and when; nobody waits once a person has it."""

    __tablename__ = "climbs"
    __table_args__ = (
        one_of("chain", Chain),
        CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken_by_somebody"),
        Index("ix_climbs_due", "next_at", "id", postgresql_where=text("taken_at IS NULL AND next_at IS NOT NULL")),
        UniqueConstraint("incident_id", "chain"),
    )

    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incidents.id")
    chain: Chain = Field(sa_type=TEXT)
    county: str | None = Field(default=None, sa_type=DIVISION)
    office: str | None = Field(default=None, sa_type=TEXT)
    began_at: datetime = moment()
    round: int = Field(sa_type=SmallInteger)
    rung: int = Field(sa_type=SmallInteger)
    next_at: datetime | None = moment(nullable=True)
    taken_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    taken_at: datetime | None = moment(nullable=True)


class Alert(SQLModel, table=True):
    """What one account is to know of one incident."""

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("chain", Chain),
        UniqueConstraint("incident_id", "account_id"),
        Index("ix_alerts_account_id", "account_id", "raised_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incidents.id")
    account_id: UUID = Field(foreign_key="accounts.id")
    county: str | None = Field(default=None, sa_type=DIVISION)
    office: str | None = Field(default=None, sa_type=TEXT)
    mine_id: UUID | None = Field(default=None)
    chain: Chain | None = Field(default=None, sa_type=TEXT)
    rung: int = Field(sa_type=SmallInteger)
    raised_at: datetime = moment()
    read_at: datetime | None = moment(nullable=True)


class FollowCursor(SQLModel, table=True):
    """Up to where the ledger was followed; one row, moved with the incidents that came of it."""

    __tablename__ = "follow_cursors"

    name: str = Field(primary_key=True, sa_type=TEXT)
    log: int = Field(sa_type=SmallInteger)
    position: int = Field(sa_type=BigInteger)
