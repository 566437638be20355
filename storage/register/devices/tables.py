"""The rows of enrolled phones and docks with their public keys."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, TEXT, moment, one_of


class DeviceKind(StrEnum):
    """What signs: a phone in the hand, or a dock that takes over from cameras."""

    PHONE = "PHONE"
    DOCK = "DOCK"


class Algorithm(StrEnum):
    """How a device signs; the names that the proofs use."""

    ES256 = "ES256"
    ED25519 = "Ed25519"


class Device(SQLModel, table=True):
    """A device whose key signs statements. What was signed before loss or revocation stays valid."""

    __tablename__ = "devices"
    __table_args__ = (
        one_of("kind", DeviceKind),
        one_of("algorithm", Algorithm),
        Index("ix_devices_owner_id", "owner_id", "enrolled_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    owner_id: UUID = Field(foreign_key="accounts.id")
    kind: DeviceKind = Field(sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    algorithm: str = Field(sa_type=TEXT)
    public_key: bytes = Field(sa_type=BYTES, unique=True)
    enrolled_at: datetime = moment()
    valid_to: datetime = moment()
    lost_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
