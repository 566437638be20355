"""The rows of addresses, of sends and of each attempt at one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlmodel import Field, Index, SQLModel

from storage.alerts.alerts.kinds import Channel
from storage.record.columns import TEXT, moment, one_of


class SendState(StrEnum):
    """Where a send stands: waiting, handed to its channel, given up, needless since somebody has it, or unwanted."""

    WAITING = "WAITING"
    HANDED_ON = "HANDED_ON"
    FAILED = "FAILED"
    NEEDLESS = "NEEDLESS"
    SILENCED = "SILENCED"


class DeliveryOutcome(StrEnum):
    """What came of one attempt."""

    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    BUSY = "BUSY"
    SILENT = "SILENT"
    GONE = "GONE"
    NO_ADDRESS = "NO_ADDRESS"
    NO_CHANNEL = "NO_CHANNEL"


class Address(SQLModel, table=True):
    """A way to reach an account. `target`: telephone number (E.164), token of a push service, mail address, URL.

    `secret` signs what is sent to a webhook. Closed by its owner, or by the channel that said it is gone.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        one_of("channel", Channel),
        UniqueConstraint("account_id", "channel", "target"),
        Index("ix_addresses_open", "account_id", "channel", postgresql_where=text("closed_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    channel: Channel = Field(sa_type=TEXT)
    service: str = Field(sa_type=TEXT)
    target: str = Field(sa_type=TEXT)
    secret: str = Field(default="", sa_type=TEXT)
    kept_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)
    closed_for: str | None = Field(default=None, sa_type=TEXT)


class Send(SQLModel, table=True):
    """The intent to reach one account by one channel in one round; the id is the dedup key that each repeat carries."""

    __tablename__ = "sends"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", SendState),
        UniqueConstraint("alert_id", "channel", "round"),
        CheckConstraint("(state = 'WAITING') = (settled_at IS NULL)", name="settled_once"),
        Index("ix_sends_due", "due_at", "id", postgresql_where=text("state = 'WAITING'")),
    )

    id: UUID = Field(primary_key=True)
    alert_id: UUID = Field(foreign_key="alerts.id")
    account_id: UUID = Field(foreign_key="accounts.id")
    channel: Channel = Field(sa_type=TEXT)
    round: int = Field(sa_type=SmallInteger)
    urgent: bool
    drill: bool
    state: SendState = Field(default=SendState.WAITING, sa_type=TEXT)
    due_at: datetime = moment()
    made_at: datetime = moment()
    leased_until: datetime | None = moment(nullable=True)
    attempts: int = Field(default=0, sa_type=SmallInteger)
    settled_at: datetime | None = moment(nullable=True)


class DeliveryMonth(SQLModel, table=True):
    """That the attempts of a month of Guizhou were told in the ledger: how many, and the digest of them all."""

    __tablename__ = "delivery_months"
    __table_args__ = (UniqueConstraint("month"),)

    id: UUID = Field(primary_key=True)
    month: str = Field(sa_type=TEXT)
    attempts: int
    digest: str = Field(sa_type=TEXT)
    told_at: datetime = moment()


class Delivery(SQLModel, table=True):
    """One attempt of a send and what came of it; insert-only: the log that answers why nobody was told."""

    __tablename__ = "deliveries"
    __table_args__ = (
        one_of("outcome", DeliveryOutcome),
        Index("ix_deliveries_send_id", "send_id", "attempt"),
        Index("ix_deliveries_ended_at", "ended_at"),
    )

    id: UUID = Field(primary_key=True)
    send_id: UUID = Field(foreign_key="sends.id")
    attempt: int = Field(sa_type=SmallInteger)
    address_id: UUID | None = Field(default=None, foreign_key="addresses.id")
    outcome: DeliveryOutcome = Field(sa_type=TEXT)
    detail: str = Field(sa_type=TEXT)
    begun_at: datetime = moment()
    ended_at: datetime = moment()
