"""The rows of signing keys: registered by whoever signs with them, checked by an officer in person; only added."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import BYTES, DIVISION, TEXT, moment, one_of


class SigningWay(StrEnum):
    """How a principal signs; ink is the lower level, and shown so."""

    KEY = "KEY"
    PASSKEY = "PASSKEY"
    TOKEN = "TOKEN"  # noqa: S105 # A way of signing, no secret.
    INK = "INK"


class KeyPurpose(StrEnum):
    """For what a key signs: the principal's own signature, or the company's seal beside it."""

    SIGNATURE = "SIGNATURE"
    SEAL = "SEAL"


class IdentitySeen(StrEnum):
    """By what an officer knew who stood before him."""

    IDENTITY_CARD = "IDENTITY_CARD"
    OTHER_DOCUMENT = "OTHER_DOCUMENT"
    KNOWN_IN_PERSON = "KNOWN_IN_PERSON"


class SigningKey(SQLModel, table=True):
    """A key of one person for one mine: of his device, a passkey, or a CA's token. It counts once it was checked."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        one_of("purpose", KeyPurpose),
        one_of("way", SigningWay),
        CheckConstraint("way <> 'INK' AND (purpose = 'SIGNATURE' OR way <> 'PASSKEY')", name="way_has_a_key"),
        CheckConstraint("(way = 'KEY') = (device_id IS NOT NULL)", name="key_of_a_device"),
        CheckConstraint("(way = 'PASSKEY') = (credential_id IS NOT NULL)", name="passkey_has_its_id"),
        CheckConstraint("(way = 'PASSKEY') = (challenge_id IS NOT NULL)", name="passkey_by_its_challenge"),
        CheckConstraint("(way = 'TOKEN') = (certificate IS NOT NULL)", name="token_has_its_certificate"),
        UniqueConstraint("mine_id", "account_id", "purpose", "public_key"),
        UniqueConstraint("credential_id"),
        UniqueConstraint("challenge_id"),
        Index("ix_signing_keys_mine_id", "mine_id", "registered_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    purpose: KeyPurpose = Field(sa_type=TEXT)
    account_id: UUID = Field(foreign_key="accounts.id")
    way: SigningWay = Field(sa_type=TEXT)
    algorithm: str = Field(sa_type=TEXT)
    public_key: bytes = Field(sa_type=BYTES)
    device_id: UUID | None = Field(default=None, foreign_key="devices.id")
    credential_id: bytes | None = Field(default=None, sa_type=BYTES)
    challenge_id: UUID | None = Field(default=None, foreign_key="passkey_challenges.id")
    certificate: bytes | None = Field(default=None, sa_type=BYTES)
    counter: int = Field(default=0, sa_type=BigInteger)
    registered_at: datetime = moment()


class KeyEnding(SQLModel, table=True):
    """That a key signs no more: lost, or no longer its holder's. What it signed before stays valid."""

    __tablename__ = "signing_key_endings"

    key_id: UUID = Field(primary_key=True, foreign_key="signing_keys.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    ended_by: UUID = Field(foreign_key="accounts.id")
    ended_at: datetime = moment()


class KeyCheck(SQLModel, table=True):
    """That an officer saw in person whose key it is, by which document; `entry_id` is what a signature names."""

    __tablename__ = "signing_key_checks"
    __table_args__ = (one_of("seen", IdentitySeen),)

    key_id: UUID = Field(primary_key=True, foreign_key="signing_keys.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    seen: IdentitySeen = Field(sa_type=TEXT)
    checked_by: UUID = Field(foreign_key="accounts.id")
    checked_at: datetime = moment()
    entry_id: UUID


class Agreement(SQLModel, table=True):
    """The agreement on signatures between a principal and the agency (电子签名法13), by the digest of its paper."""

    __tablename__ = "signing_agreements"
    __table_args__ = (UniqueConstraint("mine_id", "principal"),)

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    principal: UUID = Field(foreign_key="accounts.id")
    paper: bytes = Field(sa_type=BYTES)
    recorded_by: UUID = Field(foreign_key="accounts.id")
    agreed_at: datetime = moment()
    entry_id: UUID


class PasskeyChallenge(SQLModel, table=True):
    """What a new passkey is asked to answer, once and soon; whoever asked for it answers."""

    __tablename__ = "passkey_challenges"

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    account_id: UUID = Field(foreign_key="accounts.id")
    challenge: bytes = Field(sa_type=BYTES)
    asked_at: datetime = moment()
