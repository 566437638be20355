"""The rows of inspection schemes: items allotted to officers, approval, law talks, and the classes of mines."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import DIVISION, IDS, TEXT, TEXTS, moment, one_of


class Cause(StrEnum):
    """What opens an inspection: the plan, or what no cap may ever refuse."""

    PLAN = "PLAN"
    REPORT = "REPORT"
    ALARM = "ALARM"
    ACCIDENT = "ACCIDENT"
    RECHECK = "RECHECK"
    CLOSER_WATCH = "CLOSER_WATCH"


class Side(StrEnum):
    """What is looked at: papers or workplaces (实施意见三（十四）3)."""

    PAPERS = "PAPERS"
    PLACES = "PLACES"


class Manner(StrEnum):
    """How it is judged: by its kind, or by measuring (实施意见三（十四）3)."""

    QUALITATIVE = "QUALITATIVE"
    QUANTITATIVE = "QUANTITATIVE"


class ItemOutcome(StrEnum):
    """What became of an item."""

    CHECKED = "CHECKED"
    NOT_CHECKED = "NOT_CHECKED"


class MineClass(StrEnum):
    """How safe a mine is held to be, A the safest (实施意见三（二）3)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Scheme(SQLModel, table=True):
    """One scheme. What it rested on when it was drafted stands with it: state, disasters, class, count and cap."""

    __tablename__ = "schemes"
    __table_args__ = (
        one_of("cause", Cause),
        one_of("mine_class", MineClass),
        CheckConstraint("approved_by <> drafted_by", name="takes_two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
        CheckConstraint("(returned_reason IS NULL) = (returned_at IS NULL)", name="returned_for_a_reason"),
        CheckConstraint("approved_at IS NULL OR returned_at IS NULL", name="approved_or_returned"),
        UniqueConstraint("inspection_id"),
        Index("ix_schemes_drafted_at", "drafted_at", "id"),
        Index("ix_schemes_county", "county", "drafted_at", "id"),
        Index("ix_schemes_office", "office", "drafted_at", "id"),
        Index("ix_schemes_mine_id", "mine_id", "drafted_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    cause: Cause = Field(sa_type=TEXT)
    reference: str = Field(sa_type=TEXT)
    scheduled_for: date
    lead_id: UUID = Field(foreign_key="accounts.id")
    officers: list[UUID] = Field(sa_type=IDS)
    mine_state: str = Field(sa_type=TEXT)
    disasters: list[str] = Field(sa_type=TEXTS)
    mine_class: MineClass | None = Field(default=None, sa_type=TEXT)
    counted: int
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    returned_at: datetime | None = moment(nullable=True)
    returned_reason: str | None = Field(default=None, sa_type=TEXT)
    approved_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    approved_at: datetime | None = moment(nullable=True)
    inspection_id: UUID | None = Field(default=None, foreign_key="inspections.id")
    linked_at: datetime | None = moment(nullable=True)


class SchemeItem(SQLModel, table=True):
    """One thing to check: its power, side and manner, and the officer who answers for it."""

    __tablename__ = "scheme_items"
    __table_args__ = (
        one_of("side", Side),
        one_of("manner", Manner),
        one_of("outcome", ItemOutcome),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered_with_an_outcome"),
        UniqueConstraint("scheme_id", "ordinal"),
        Index("ix_scheme_items_officer_id", "officer_id"),
    )

    id: UUID = Field(primary_key=True)
    scheme_id: UUID = Field(foreign_key="schemes.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    ordinal: int
    power: str = Field(sa_type=TEXT)
    text: str = Field(sa_type=TEXT)
    side: Side = Field(sa_type=TEXT)
    underground: bool
    manner: Manner = Field(sa_type=TEXT)
    why: str = Field(sa_type=TEXT)
    officer_id: UUID = Field(foreign_key="accounts.id")
    outcome: ItemOutcome | None = Field(default=None, sa_type=TEXT)
    answer: str | None = Field(default=None, sa_type=TEXT)
    answered_at: datetime | None = moment(nullable=True)


class LawTalk(SQLModel, table=True):
    """The talk on the law before an inspection (实施意见三（十二）1), as it was held; a short one is kept."""

    __tablename__ = "law_talks"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="ends_after_it_starts"),
        Index("ix_law_talks_inspection_id", "inspection_id"),
    )

    id: UUID = Field(primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspections.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    speaker: str = Field(sa_type=TEXT)
    listeners: int
    topics: str = Field(sa_type=TEXT)
    recorded_by: UUID = Field(foreign_key="accounts.id")
    recorded_at: datetime = moment()


class MineClassification(SQLModel, table=True):
    """The class of a mine from a day on; the newest that has begun holds."""

    __tablename__ = "mine_classes"
    __table_args__ = (one_of("mine_class", MineClass), Index("ix_mine_classes_mine_id", "mine_id", "from_day", "id"))

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    mine_class: MineClass = Field(sa_type=TEXT)
    from_day: date
    reason: str = Field(sa_type=TEXT)
    set_by: UUID = Field(foreign_key="accounts.id")
    set_at: datetime = moment()
