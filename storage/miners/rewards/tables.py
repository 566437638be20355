"""The rows of rewards: one for each report and case, from the proposal to the payment, filled step by step."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, UniqueConstraint
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, IDS, TEXT, moment, one_of


class RewardGrade(StrEnum):
    """The grade of what was reported: it decides the share of the fine (R3)."""

    FIRST = "FIRST"
    SECOND = "SECOND"


class RewardState(StrEnum):
    """Where a reward stands."""

    PROPOSED = "PROPOSED"
    DECIDED = "DECIDED"
    REJECTED = "REJECTED"
    CLAIMED = "CLAIMED"
    PAID = "PAID"


class Payout(StrEnum):
    """How it reaches him: in cash at a counter that he names, or to an account that the payer alone can read."""

    CASH = "CASH"
    ACCOUNT = "ACCOUNT"


class Reward(SQLModel, table=True):
    """One reward. `fine` is that of the case when it was proposed, `sharers` how many were first in the same hour.

    `hands` are the people who took in or verified the report: none of them decides or pays. `payee` are the reporter's
    words, for an account encrypted; what he claims is dated to the hour.
    """

    __tablename__ = "rewards"
    __table_args__ = (
        one_of("grade", RewardGrade),
        one_of("state", RewardState),
        one_of("payout", Payout),
        CheckConstraint("decided_by <> proposed_by", name="takes_two_people"),
        CheckConstraint("(claimed_hour IS NULL) = (payee IS NULL)", name="claimed_with_a_payee"),
        CheckConstraint("amount > 0 AND sharers > 0", name="worth_something"),
        UniqueConstraint("report_id", "case_id"),
        Index("ix_rewards_proposed_at", "proposed_at", "id"),
        Index("ix_rewards_county", "county", "proposed_at", "id"),
        Index("ix_rewards_office", "office", "proposed_at", "id"),
        Index("ix_rewards_mine_id", "mine_id", "proposed_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="reports.id")
    case_id: UUID = Field(foreign_key="cases.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    grade: RewardGrade = Field(sa_type=TEXT)
    fine: int = Field(sa_type=BigInteger)
    percent: int = Field(sa_type=SmallInteger)
    sharers: int = Field(sa_type=SmallInteger)
    amount: int = Field(sa_type=BigInteger)
    hands: list[UUID] = Field(sa_type=IDS)
    state: RewardState = Field(sa_type=TEXT)
    proposed_by: UUID = Field(foreign_key="accounts.id")
    proposed_at: datetime = moment()
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    words: str | None = Field(default=None, sa_type=TEXT)
    payout: Payout | None = Field(default=None, sa_type=TEXT)
    payee: str | None = Field(default=None, sa_type=TEXT)
    signature: bytes | None = Field(default=None, sa_type=BYTES)
    claimed_hour: datetime | None = moment(nullable=True)
    paid_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    paid_at: datetime | None = moment(nullable=True)
    paid_how: str | None = Field(default=None, sa_type=TEXT)
