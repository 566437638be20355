"""The rows of refusals, of their steps, of the reports behind them, of later checks, and of retaliation.

What the mine may know stands alone in `refusals`: no number of people, no time finer than the alarm, ids of version 4.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy import text as sql_text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import DIVISION, IDS, TEXT, moment, one_of
from storage.register.people.tables import ShiftKind


class DangerKind(StrEnum):
    """What a place is refused for, beside a clause that is not met (安法55; 条例20)."""

    GAS = "GAS"
    VENTILATION = "VENTILATION"
    COAL_DUST = "COAL_DUST"
    WATER = "WATER"
    FIRE = "FIRE"
    ROOF = "ROOF"
    ROCK_BURST = "ROCK_BURST"
    BLASTING = "BLASTING"
    HOISTING = "HOISTING"
    ELECTRICITY = "ELECTRICITY"
    MONITORING = "MONITORING"
    OVERCROWDING = "OVERCROWDING"
    UNTRAINED = "UNTRAINED"
    OTHER = "OTHER"


class RefusalStepKind(StrEnum):
    """From the mark on a place to its lifting."""

    MADE = "MADE"
    JOINED = "JOINED"
    CHECK_ORDERED = "CHECK_ORDERED"
    CHECKED = "CHECKED"
    SUBSTANTIATED = "SUBSTANTIATED"
    UNSUBSTANTIATED = "UNSUBSTANTIATED"
    ORDERED = "ORDERED"
    LIFTED = "LIFTED"


class RefusalState(StrEnum):
    """Where a refusal stands, told from its steps and kept for lists; checked once two officers checked it."""

    MADE = "MADE"
    CHECK_ORDERED = "CHECK_ORDERED"
    CHECKED = "CHECKED"
    SUBSTANTIATED = "SUBSTANTIATED"
    UNSUBSTANTIATED = "UNSUBSTANTIATED"
    ORDERED = "ORDERED"
    LIFTED = "LIFTED"


class RetaliationStepKind(StrEnum):
    """What becomes of an obstruction, or of revenge in any form (条例20; 实施意见三（六）2)."""

    REPORTED = "REPORTED"
    LOOKED_INTO = "LOOKED_INTO"
    ESTABLISHED = "ESTABLISHED"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"


class Refusal(SQLModel, table=True):
    """A place that is refused for a shift: the condition in plain, and until when; all of it the mine may read.

    `place_key` is by what two refusals are of one place: its workplace, or its name without blanks.
    """

    __tablename__ = "refusals"
    __table_args__ = (
        one_of("shift", ShiftKind),
        one_of("danger", DangerKind),
        CheckConstraint("danger IS NOT NULL OR clause <> '' OR clause_key <> ''", name="says_why"),
        Index("uq_refusals_standing", "mine_id", "place_key", "day", "shift", unique=True,
              postgresql_where=sql_text("lifted_at IS NULL")),
        Index("ix_refusals_made_at", "made_at", "id"),
        Index("ix_refusals_county", "county", "made_at", "id"),
        Index("ix_refusals_office", "office", "made_at", "id"),
        Index("ix_refusals_mine_id", "mine_id", "made_at", "id"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    workplace_id: UUID | None = Field(default=None, foreign_key="workplaces.id")
    place: str = Field(sa_type=TEXT)
    place_key: str = Field(sa_type=TEXT)
    day: date
    shift: ShiftKind = Field(sa_type=TEXT)
    clause: str = Field(sa_type=TEXT)
    clause_key: str = Field(sa_type=TEXT)
    danger: DangerKind | None = Field(default=None, sa_type=TEXT)
    since: date
    made_at: datetime = moment()
    lifted_at: datetime | None = moment(nullable=True)


class RefusalStanding(SQLModel, table=True):
    """What of a refusal is the agency's alone: how far it is, and how many reports it has. `id` is the refusal's."""

    __tablename__ = "refusal_standings"
    __table_args__ = (one_of("state", RefusalState),)

    id: UUID = Field(primary_key=True, foreign_key="refusals.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    state: RefusalState = Field(sa_type=TEXT)
    reports: int


class RefusalStep(SQLModel, table=True):
    """One step, never changed. Nobody takes MADE and JOINED: they come of reports, and their time is a minute."""

    __tablename__ = "refusal_steps"
    __table_args__ = (one_of("kind", RefusalStepKind), UniqueConstraint("refusal_id", "ordinal"))

    id: UUID = Field(primary_key=True)
    refusal_id: UUID = Field(foreign_key="refusals.id")
    ordinal: int
    kind: RefusalStepKind = Field(sa_type=TEXT)
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    certificate_id: UUID | None = Field(default=None, foreign_key="certificates.id")
    words: str = Field(sa_type=TEXT)
    officers: list[UUID] = Field(sa_type=IDS)
    inspection_id: UUID | None = Field(default=None, foreign_key="inspections.id")
    scheme_id: UUID | None = Field(default=None, foreign_key="schemes.id")
    findings: list[UUID] = Field(sa_type=IDS)
    measure_id: UUID | None = Field(default=None, foreign_key="measures.id")


class RefusalFiling(SQLModel, table=True):
    """What became of a report that refuses or tells of revenge; with neither id it waits for a routine check.

    The one row that ties a report to a refusal: seen by the reporter, by verification and by reward, and by nobody
    else.
    """

    __tablename__ = "refusal_filings"
    __table_args__ = (
        CheckConstraint("refusal_id IS NULL OR retaliation_id IS NULL", name="of_one_thing"),
        Index("ix_refusal_filings_refusal_id", "refusal_id"),
        Index("ix_refusal_filings_retaliation_id", "retaliation_id"),
        Index("ix_refusal_filings_waiting", "county", "report_id",
              postgresql_where=sql_text("refusal_id IS NULL AND retaliation_id IS NULL")),
    )  # fmt: skip

    report_id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    refusal_id: UUID | None = Field(default=None, foreign_key="refusals.id")
    retaliation_id: UUID | None = Field(default=None, foreign_key="retaliations.id")


class CheckTask(SQLModel, table=True):
    """What the officers on site are given: words of the verification officer, never the report, and no way to it."""

    __tablename__ = "check_tasks"
    __table_args__ = (
        Index("ix_check_tasks_ordered_at", "ordered_at", "id"),
        Index("ix_check_tasks_county", "county", "ordered_at", "id"),
        Index("ix_check_tasks_office", "office", "ordered_at", "id"),
        Index("ix_check_tasks_mine_id", "mine_id", "ordered_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    words: str = Field(sa_type=TEXT)
    ordered_by: UUID = Field(foreign_key="accounts.id")
    ordered_at: datetime = moment()


class LaterCheck(SQLModel, table=True):
    """What was done about a report that waits: a task within a routine check, or sooner, for danger to life alone."""

    __tablename__ = "later_checks"
    __table_args__ = (
        CheckConstraint("sooner = (task_id IS NULL)", name="waits_or_not"),
        CheckConstraint("NOT sooner OR danger <> ''", name="sooner_for_danger_alone"),
        Index("ix_later_checks_report_id", "report_id"),
    )

    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="refusal_filings.report_id")
    task_id: UUID | None = Field(default=None, foreign_key="check_tasks.id")
    sooner: bool
    danger: str = Field(sa_type=TEXT)
    by_id: UUID = Field(foreign_key="accounts.id")
    at: datetime = moment()


class Retaliation(SQLModel, table=True):
    """An obstruction, or revenge on whoever refused or reported: a matter of its own, with clocks of its own.

    `upper` is the division above the mine's county: whoever is told, is told one level up.
    """

    __tablename__ = "retaliations"
    __table_args__ = (one_of("state", RetaliationStepKind), Index("ix_retaliations_reported_at", "reported_at", "id"))

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    upper: str = Field(sa_type=DIVISION)
    state: RetaliationStepKind = Field(sa_type=TEXT)
    reported_at: datetime = moment()


class RetaliationStep(SQLModel, table=True):
    """One step of it, never changed."""

    __tablename__ = "retaliation_steps"
    __table_args__ = (one_of("kind", RetaliationStepKind), UniqueConstraint("retaliation_id", "ordinal"))

    id: UUID = Field(primary_key=True)
    retaliation_id: UUID = Field(foreign_key="retaliations.id")
    ordinal: int
    kind: RetaliationStepKind = Field(sa_type=TEXT)
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    words: str = Field(sa_type=TEXT)
    case_id: UUID | None = Field(default=None, foreign_key="cases.id")


class RetaliationDeadline(SQLModel, table=True):
    """A clock that runs against the authority in it. `ends` is empty while the holidays that decide it are unknown.

    `overrun_of` is the end of which the record told that it was overrun; `law` the edition by which it was derived.
    """

    __tablename__ = "retaliation_deadlines"
    __table_args__ = (
        Index("ix_retaliation_deadlines_overrun", "ends_at", "retaliation_id", "key",
              postgresql_where=sql_text("met_at IS NULL AND (overrun_of IS NULL OR overrun_of < ends_at)")),
        Index("ix_retaliation_deadlines_law", "law", "retaliation_id", "key",
              postgresql_where=sql_text("met_at IS NULL")),
    )  # fmt: skip

    retaliation_id: UUID = Field(primary_key=True, foreign_key="retaliations.id")
    key: str = Field(primary_key=True, sa_type=TEXT)
    start: date
    article: str = Field(sa_type=TEXT)
    ends: date | None = Field(default=None)
    ends_at: datetime | None = moment(nullable=True)
    alarm: date | None = Field(default=None)
    met_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)
