"""The rows of breaches: what was found of a clause, what was answered and decided, its clocks, and what follows."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy import text as sql_text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import BYTES, DIVISION, IDS, TEXT, moment, one_of, text


class BreachSource(StrEnum):
    """From what a breach is known; alarms come with the area that keeps them."""

    FINDING = "FINDING"
    REFUSAL = "REFUSAL"
    INSPECTION = "INSPECTION"


class BreachState(StrEnum):
    """Where a breach is, as its row shows: found, answered, standing or withdrawn, corrected."""

    FOUND = "FOUND"
    ANSWERED = "ANSWERED"
    STANDS = "STANDS"
    WITHDRAWN = "WITHDRAWN"
    CORRECTED = "CORRECTED"


class BreachConsequenceKind(StrEnum):
    """What may follow a breach: a talk (约谈), a notice (通报), a proposal for the blacklist (失信联合惩戒建议)."""

    TALK = "TALK"
    NOTICE = "NOTICE"
    BLACKLIST_PROPOSAL = "BLACKLIST_PROPOSAL"


class BreachConsequenceOf(StrEnum):
    """Whom it concerns (实施意见三（六）2: 煤矿企业及主要负责人)."""

    COMPANY = "COMPANY"
    PRINCIPAL = "PRINCIPAL"


class Breach(SQLModel, table=True):
    """A clause that was found not kept; answer, decision and correction are each filled once, in this order.

    `clause_digest` is of the clause as it was signed; `findings` are those by which it shows, `day` that on which it
    was seen. `correct_by` is given by whoever accepts.
    """

    __tablename__ = "breaches"
    __table_args__ = (
        one_of("source", BreachSource),
        UniqueConstraint("source", "source_id", "key"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (accepted IS NULL)",
                        name="answered_whole"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (stands IS NULL)",
                        name="decided_whole"),
        CheckConstraint("(corrected_at IS NULL) = (corrected_by IS NULL)", name="corrected_whole"),
        CheckConstraint("corrected_at IS NULL OR stands", name="corrected_what_stands"),
        CheckConstraint("decided_by <> found_by", name="takes_two_people"),
        CheckConstraint("accepted IS TRUE OR correct_by IS NULL", name="corrects_what_is_accepted"),
        Index("ix_breaches_standing", "mine_id", "year", "key", postgresql_where=sql_text("stands")),
        Index("ix_breaches_found_at", "found_at", "id"),
        Index("ix_breaches_county", "county", "found_at", "id"),
        Index("ix_breaches_office", "office", "found_at", "id"),
        Index("ix_breaches_mine_id", "mine_id", "found_at", "id"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    commitment_id: UUID = Field(foreign_key="commitments.id")
    year: int
    key: str = Field(sa_type=TEXT)
    clause_digest: bytes = Field(sa_type=BYTES)
    title: str = Field(sa_type=TEXT)
    source: BreachSource = Field(sa_type=TEXT)
    source_id: UUID
    day: date
    findings: list[UUID] = Field(sa_type=IDS)
    words: str = Field(sa_type=TEXT)
    found_by: UUID = Field(foreign_key="accounts.id")
    found_at: datetime = moment()
    accepted: bool | None = Field(default=None)
    answer: str | None = text(nullable=True)
    correct_by: date | None = Field(default=None)
    evidence: list[UUID] | None = Field(default=None, sa_type=IDS, nullable=True)
    answered_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    answered_at: datetime | None = moment(nullable=True)
    stands: bool | None = Field(default=None)
    decision: str | None = text(nullable=True)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    correction: str | None = text(nullable=True)
    corrected_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    corrected_at: datetime | None = moment(nullable=True)


class BreachDeadline(SQLModel, table=True):
    """A clock of a breach: the mine's to answer, the authority's to decide. `ends` is empty while nobody knows it.

    `overrun_of` is the end of which the record told that it was overrun; `law` the edition by which it was derived.
    """

    __tablename__ = "breach_deadlines"
    __table_args__ = (
        Index("ix_breach_deadlines_overrun", "ends_at", "breach_id", "key",
              postgresql_where=sql_text("met_at IS NULL AND (overrun_of IS NULL OR overrun_of < ends_at)")),
        Index("ix_breach_deadlines_law", "law", "breach_id", "key", postgresql_where=sql_text("met_at IS NULL")),
    )  # fmt: skip

    breach_id: UUID = Field(primary_key=True, foreign_key="breaches.id")
    key: str = Field(primary_key=True, sa_type=TEXT)
    start: date
    article: str = Field(sa_type=TEXT)
    ends: date | None = Field(default=None)
    ends_at: datetime | None = moment(nullable=True)
    alarm: date | None = Field(default=None)
    met_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)


class BreachConsequence(SQLModel, table=True):
    """What is to follow breaches that stand: proposed by one person, decided by another. A proposal is no entry in a
    blacklist: that one has a procedure of its own.
    """

    __tablename__ = "breach_consequences"
    __table_args__ = (
        one_of("kind", BreachConsequenceKind),
        one_of("against", BreachConsequenceOf),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)",
                        name="decided_whole"),
        CheckConstraint("decided_by <> proposed_by", name="takes_two_people"),
        Index("ix_breach_consequences_proposed_at", "proposed_at", "id"),
        Index("ix_breach_consequences_county", "county", "proposed_at", "id"),
        Index("ix_breach_consequences_office", "office", "proposed_at", "id"),
        Index("ix_breach_consequences_mine_id", "mine_id", "proposed_at", "id"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    kind: BreachConsequenceKind = Field(sa_type=TEXT)
    against: BreachConsequenceOf = Field(sa_type=TEXT)
    breaches: list[UUID] = Field(sa_type=IDS)
    words: str = Field(sa_type=TEXT)
    proposed_by: UUID = Field(foreign_key="accounts.id")
    proposed_at: datetime = moment()
    approved: bool | None = Field(default=None)
    decision: str | None = text(nullable=True)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
