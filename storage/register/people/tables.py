"""The rows of people of mines: who they are, what posts and qualifications they hold, where and when they work."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlmodel import Field, Index, SQLModel

from storage.record import tables as _kernel  # The naming convention must stand before the first table.
from storage.record.columns import BYTES, DIVISION, TEXT, TEXTS, moment, one_of

assert _kernel  # noqa: S101 # Keeps the import, which is for its effect.


class PostKind(StrEnum):
    """The posts at a mine that the law speaks of (安全生产法5, 24-30; 煤矿安全生产条例18-22)."""

    PRINCIPAL = "PRINCIPAL"
    ACTUAL_CONTROLLER = "ACTUAL_CONTROLLER"
    MINE_MANAGER = "MINE_MANAGER"
    CHIEF_ENGINEER = "CHIEF_ENGINEER"
    DEPUTY_SAFETY = "DEPUTY_SAFETY"
    DEPUTY_PRODUCTION = "DEPUTY_PRODUCTION"
    DEPUTY_MECHANICAL = "DEPUTY_MECHANICAL"
    DEPUTY_VENTILATION = "DEPUTY_VENTILATION"
    DEPUTY_OTHER = "DEPUTY_OTHER"
    SAFETY_MANAGER = "SAFETY_MANAGER"
    SPECIAL_OPERATOR = "SPECIAL_OPERATOR"
    TEAM_LEADER = "TEAM_LEADER"
    WORKER = "WORKER"


class Craft(StrEnum):
    """The kinds of special operation in coal mines (特种作业人员安全技术培训考核管理规定, 附件 9 煤矿安全作业)."""

    UNDERGROUND_ELECTRICIAN = "UNDERGROUND_ELECTRICIAN"
    BLASTER = "BLASTER"
    SAFETY_MONITORING = "SAFETY_MONITORING"
    GAS_INSPECTOR = "GAS_INSPECTOR"
    SAFETY_INSPECTOR = "SAFETY_INSPECTOR"
    HOIST_OPERATOR = "HOIST_OPERATOR"
    SHEARER_OPERATOR = "SHEARER_OPERATOR"
    ROADHEADER_OPERATOR = "ROADHEADER_OPERATOR"
    GAS_DRAINAGE = "GAS_DRAINAGE"
    OUTBURST_PREVENTION = "OUTBURST_PREVENTION"
    WATER_EXPLORATION = "WATER_EXPLORATION"


class QualificationKind(StrEnum):
    """What shows that somebody may hold a post (安全生产法27, 28, 30)."""

    KNOWLEDGE_AND_ABILITY = "KNOWLEDGE_AND_ABILITY"
    SPECIAL_OPERATION = "SPECIAL_OPERATION"
    SAFETY_ENGINEER = "SAFETY_ENGINEER"
    TRAINING = "TRAINING"


class ExamCategory(StrEnum):
    """As what somebody is examined: the post decides."""

    PRINCIPAL = "PRINCIPAL"
    MANAGER = "MANAGER"
    SPECIAL_OPERATOR = "SPECIAL_OPERATOR"
    WORKER = "WORKER"


class PostFlag(StrEnum):
    """What is remarkable about a post; it is kept all the same."""

    OVERLAPS = "OVERLAPS"


class Validity(StrEnum):
    """How a qualification stands on a day; reckoned, never stored."""

    NOT_YET_VALID = "NOT_YET_VALID"
    VALID = "VALID"
    EXPIRES_SOON = "EXPIRES_SOON"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


class WorkplaceKind(StrEnum):
    """What is done at a workplace."""

    COAL_FACE = "COAL_FACE"
    HEADING = "HEADING"
    ROADWAY = "ROADWAY"
    CHAMBER = "CHAMBER"
    SHAFT = "SHAFT"
    CONTROL_ROOM = "CONTROL_ROOM"
    SURFACE = "SURFACE"


class ShiftKind(StrEnum):
    """The shifts of a day."""

    MORNING = "MORNING"
    MIDDLE = "MIDDLE"
    NIGHT = "NIGHT"


def _in_order(first: str, last: str) -> CheckConstraint:
    return CheckConstraint(f"{last} >= {first}", name="days_in_order")


class Person(SQLModel, table=True):
    """One person in the register of one mine; whoever works at two mines stands in both.

    Of an identity number only a keyed hash, for matching, and its last four characters are kept (个人信息保护法6).
    """

    __tablename__ = "persons"
    __table_args__ = (
        UniqueConstraint("mine_id", "number_hash"),
        UniqueConstraint("mine_id", "account_id"),
        Index("ix_persons_name", "name", "id"),
        Index("ix_persons_county", "county", "name", "id"),
        Index("ix_persons_office", "office", "name", "id"),
        Index("ix_persons_mine_id", "mine_id", "name", "id"),
        Index("ix_persons_number_hash", "number_hash"),
        Index("ix_persons_account_id", "account_id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    number_hash: bytes | None = Field(default=None, sa_type=BYTES)
    number_tail: str | None = Field(default=None, sa_type=TEXT)
    account_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    registered_at: datetime = moment()
    sample: bool = False


class Post(SQLModel, table=True):
    """A post that somebody holds from one day to another, both included; days of Asia/Shanghai."""

    __tablename__ = "posts"
    __table_args__ = (
        one_of("kind", PostKind),
        one_of("craft", Craft),
        CheckConstraint("(kind = 'SPECIAL_OPERATOR') = (craft IS NOT NULL)", name="craft_of_special_operators"),
        _in_order("from_day", "to_day"),
        Index("ix_posts_person_id", "person_id"),
        Index("ix_posts_mine_id", "mine_id", "kind", "from_day"),
        Index("uq_posts_principal", "mine_id", unique=True,
              postgresql_where=text("kind = 'PRINCIPAL' AND to_day IS NULL")),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="persons.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    kind: PostKind = Field(sa_type=TEXT)
    craft: Craft | None = Field(default=None, sa_type=TEXT)
    flags: list[str] = Field(default_factory=list, sa_type=TEXTS)
    from_day: date
    to_day: date | None = Field(default=None)
    recorded_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class Qualification(SQLModel, table=True):
    """A certificate with its validity, both days included; an identity number in its number is blotted out."""

    __tablename__ = "qualifications"
    __table_args__ = (
        one_of("kind", QualificationKind),
        one_of("craft", Craft),
        CheckConstraint("(kind = 'SPECIAL_OPERATION') = (craft IS NOT NULL)", name="craft_of_special_operation"),
        _in_order("valid_from", "valid_to"),
        Index("ix_qualifications_person_id", "person_id", "valid_to"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="persons.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    kind: QualificationKind = Field(sa_type=TEXT)
    craft: Craft | None = Field(default=None, sa_type=TEXT)
    number: str = Field(sa_type=TEXT)
    issuer: str = Field(sa_type=TEXT)
    valid_from: date
    valid_to: date
    recorded_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    end_reason: str | None = Field(default=None, sa_type=TEXT)


class Workplace(SQLModel, table=True):
    """A place of a mine where people work, from one day to another."""

    __tablename__ = "workplaces"
    __table_args__ = (
        one_of("kind", WorkplaceKind),
        _in_order("from_day", "to_day"),
        Index("ix_workplaces_mine_id", "mine_id", "name", "id"),
        Index("uq_workplaces_name", "mine_id", "name", unique=True, postgresql_where=text("to_day IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    kind: WorkplaceKind = Field(sa_type=TEXT)
    underground: bool
    from_day: date
    to_day: date | None = Field(default=None)
    recorded_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class Shift(SQLModel, table=True):
    """A shift of a mine: minutes of the day in Asia/Shanghai; one that ends before it starts passes midnight."""

    __tablename__ = "shifts"
    __table_args__ = (
        one_of("kind", ShiftKind),
        CheckConstraint("starts BETWEEN 0 AND 1439 AND ends BETWEEN 0 AND 1439 AND starts <> ends", name="minutes"),
        _in_order("from_day", "to_day"),
        Index("ix_shifts_mine_id", "mine_id", "starts", "id"),
        Index("uq_shifts_kind", "mine_id", "kind", unique=True, postgresql_where=text("to_day IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    kind: ShiftKind = Field(sa_type=TEXT)
    starts: int
    ends: int
    from_day: date
    to_day: date | None = Field(default=None)
    recorded_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class Assignment(SQLModel, table=True):
    """Who works where in which shift, from one day to another, both included."""

    __tablename__ = "assignments"
    __table_args__ = (
        _in_order("from_day", "to_day"),
        Index("ix_assignments_person_id", "person_id"),
        Index("ix_assignments_mine_id", "mine_id", "shift_id", "workplace_id"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="persons.id")
    workplace_id: UUID = Field(foreign_key="workplaces.id")
    shift_id: UUID = Field(foreign_key="shifts.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    from_day: date
    to_day: date | None = Field(default=None)
    recorded_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
