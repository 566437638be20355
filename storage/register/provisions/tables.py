"""The rows of provisions: what was drafted, and what a second person decided of it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import BigInteger, CheckConstraint, Field, Index, SQLModel

from storage.record.columns import TEXT, TEXTS, moment, one_of, text


class ProvisionKind(StrEnum):
    """What a provision changes: a number or closed list of the law, a day of the calendar, or an item of the law."""

    PARAMETER = "PARAMETER"
    DAY = "DAY"
    FINDING_KIND = "FINDING_KIND"
    POWER = "POWER"
    DISCRETION = "DISCRETION"
    FORM = "FORM"


class Provision(SQLModel, table=True):
    """One change. `number` or `listed` is its value; of a DAY 1 says that it is a working day, 0 that it is off.

    Of an item `content` is what it says, as canonical JSON; none, where the item ends.
    """

    __tablename__ = "provisions"
    __table_args__ = (
        one_of("kind", ProvisionKind),
        CheckConstraint(
            "CASE WHEN kind IN ('PARAMETER', 'DAY') THEN content IS NULL AND (number IS NULL) <> (listed IS NULL)"
            " ELSE number IS NULL AND listed IS NULL END",
            name="one_value",
        ),
        CheckConstraint("kind <> 'DAY' OR number IN (0, 1)", name="a_day_works_or_not"),
        CheckConstraint("decided_by IS NULL OR decided_by <> drafted_by", name="takes_two_people"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)",
            name="decided_whole",
        ),
        Index("ix_provisions_drafted_at", "drafted_at", "id"),
        Index("ix_provisions_approved", "decided_at", "id", postgresql_where="approved"),
    )

    id: UUID = Field(primary_key=True)
    kind: ProvisionKind = Field(sa_type=TEXT)
    key: str = Field(sa_type=TEXT)
    number: int | None = Field(default=None, sa_type=BigInteger)
    listed: list[str] | None = Field(default=None, sa_type=TEXTS)
    content: str | None = text(nullable=True)
    article: str = Field(sa_type=TEXT)
    in_force_from: date
    in_force_to: date | None = Field(default=None)
    note: str = Field(sa_type=TEXT)
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    approved: bool | None = Field(default=None)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    decision_note: str | None = text(nullable=True)
