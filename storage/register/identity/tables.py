"""The rows of people who sign in: accounts, what they may, and the sessions they hold."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Index, SQLModel

from storage.record.actor import Role
from storage.record.columns import BYTES, DIVISION, HASHES, TEXT, moment, one_of


class Account(SQLModel, table=True):
    """A person who can sign in. `county` and `office` say where he belongs, not what he sees."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("login"),
        Index("ix_accounts_name", "name", "id"),
        Index("ix_accounts_county", "county", "name", "id"),
        Index("ix_accounts_office", "office", "name", "id"),
        Index("ix_accounts_mine_id", "mine_id", "name", "id"),
    )

    id: UUID = Field(primary_key=True)
    login: str = Field(sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    county: str | None = Field(default=None, sa_type=DIVISION)
    office: str | None = Field(default=None, sa_type=TEXT)
    mine_id: UUID | None = Field(default=None)
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)
    sample: bool = False


class Password(SQLModel, table=True):
    """The Argon2id hash of an account's password, apart from the account so that no list can carry it.

    `first`: someone else chose it, so until its owner changes it, it opens nothing but that change.
    """

    __tablename__ = "passwords"

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    hash: str = Field(sa_type=TEXT)
    changed_at: datetime = moment()
    first: bool = False


class RoleGrant(SQLModel, table=True):
    """One role of one account with its one reach: a division (GB/T 2260; 52 is the province), an office or a mine."""

    __tablename__ = "role_grants"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("num_nonnulls(division, office, mine_id) = 1", name="has_one_reach"),
        Index("ix_role_grants_account_id", "account_id"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    role: Role = Field(sa_type=TEXT)
    division: str | None = Field(default=None, sa_type=DIVISION)
    office: str | None = Field(default=None, sa_type=TEXT)
    mine_id: UUID | None = Field(default=None)
    granted_at: datetime = moment()
    valid_to: datetime | None = moment(nullable=True)
    withdrawn_at: datetime | None = moment(nullable=True)


class Certificate(SQLModel, table=True):
    """An enforcement certificate (行政执法证件): without a valid one nobody inspects (行政处罚法42, 55)."""

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("number"), Index("ix_certificates_account_id", "account_id"))

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    number: str = Field(sa_type=TEXT)
    valid_from: date
    valid_to: date
    issued_at: datetime = moment()
    withdrawn_at: datetime | None = moment(nullable=True)


class Session(SQLModel, table=True):
    """One sign-in: the family of refresh tokens that came from it.

    `nonces` are those under which the previous token was already answered, so that no request is answered twice.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account_id", "account_id"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    device_id: UUID | None = Field(default=None)
    token_hash: bytes = Field(sa_type=BYTES, unique=True)
    previous_hash: bytes | None = Field(default=None, sa_type=BYTES, unique=True)
    nonces: list[bytes] = Field(default_factory=list, sa_type=HASHES)
    opened_at: datetime = moment()
    renewed_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    end_reason: str | None = Field(default=None, sa_type=TEXT)


class Attempt(SQLModel, table=True):
    """How often sign-in failed lately for one key: a hash of an account's login or of an address."""

    __tablename__ = "attempts"

    key: bytes = Field(primary_key=True, sa_type=BYTES)
    failures: int
    window_from: datetime = moment()
