"""The rows of disclosures, and beside them the few tables that the public's role may read."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import BigInteger, CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import BYTES, DIVISION, TEXT, TEXTS, moment, one_of, text


class DisclosureKind(StrEnum):
    """What is published."""

    PENALTY = "PENALTY"
    RESULT = "RESULT"
    COMMITMENT = "COMMITMENT"
    BREACH = "BREACH"
    BLACKLISTING = "BLACKLISTING"
    LICENCE = "LICENCE"
    LIST = "LIST"
    FIGURES = "FIGURES"
    EXPOSURE = "EXPOSURE"


class SourceKind(StrEnum):
    """From what of the record a copy is made."""

    DECISION = "DECISION"
    INSPECTION = "INSPECTION"
    COMMITMENT = "COMMITMENT"
    BREACH = "BREACH"
    EXPOSURE = "EXPOSURE"
    LISTING = "LISTING"
    LIST = "LIST"
    FIGURES = "FIGURES"


class DisclosureState(StrEnum):
    """How a disclosure stands: the first two are shown."""

    SHOWN = "SHOWN"
    DISPUTED = "DISPUTED"
    WITHDRAWN = "WITHDRAWN"
    REPAIRED = "REPAIRED"
    EXPIRED = "EXPIRED"


class EventKind(StrEnum):
    """What becomes of a disclosure."""

    PUBLISHED = "PUBLISHED"
    CORRECTED = "CORRECTED"
    DISPUTED = "DISPUTED"
    REPAIRED = "REPAIRED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    RESTORED = "RESTORED"


class MetAs(StrEnum):
    """How a duty to publish was answered."""

    PUBLISHED = "PUBLISHED"
    WITHHELD = "WITHHELD"
    FELL = "FELL"


class Disclosure(SQLModel, table=True):
    """One thing that was published. The source is the agency's to know: the public's role reads no row of this."""

    __tablename__ = "disclosures"
    __table_args__ = (
        one_of("kind", DisclosureKind),
        one_of("source_kind", SourceKind),
        one_of("state", DisclosureState),
        UniqueConstraint("source_kind", "source_id"),
        Index("ix_disclosures_published_at", "published_at", "id"),
        Index("ix_disclosures_county", "county", "published_at", "id"),
        Index("ix_disclosures_office", "office", "published_at", "id"),
        Index("ix_disclosures_mine_id", "mine_id", "published_at", "id"),
        Index("ix_disclosures_exposed", "matter_id", postgresql_where="kind = 'EXPOSURE'"),
        Index("ix_disclosures_shown_until", "shown_until", "id", postgresql_where="state IN ('SHOWN', 'DISPUTED')"),
    )

    id: UUID = Field(primary_key=True)
    kind: DisclosureKind = Field(sa_type=TEXT)
    source_kind: SourceKind = Field(sa_type=TEXT)
    source_id: UUID
    matter_id: UUID | None = Field(default=None)
    mine_id: UUID | None = Field(default=None, foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    state: DisclosureState = Field(sa_type=TEXT)
    edition: int
    published_by: UUID = Field(foreign_key="accounts.id")
    published_at: datetime = moment()
    due_on: date | None = Field(default=None)
    late: bool
    shown_until: date | None = Field(default=None)


class DisclosureEdition(SQLModel, table=True):
    """One text of a disclosure: its copy, until the longest period is over. `worded` is the agency's alone.

    `harmed`: it told what harmed somebody, so that nobody reads it any more once there is another.
    """

    __tablename__ = "disclosure_editions"

    disclosure_id: UUID = Field(primary_key=True, foreign_key="disclosures.id")
    edition: int = Field(primary_key=True)
    content: bytes | None = Field(default=None, sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    basis: str = Field(sa_type=TEXT)
    taken_out: str = Field(sa_type=TEXT)
    worded: str = Field(sa_type=TEXT)
    harmed: bool = False
    made_by: UUID = Field(foreign_key="accounts.id")
    made_at: datetime = moment()


class DisclosureEvent(SQLModel, table=True):
    """What became of a disclosure, with the entry that says so: payload and salt are public, as the act itself is."""

    __tablename__ = "disclosure_events"
    __table_args__ = (one_of("kind", EventKind), Index("uq_disclosure_events_seq", "seq", unique=True))

    disclosure_id: UUID = Field(primary_key=True, foreign_key="disclosures.id")
    ordinal: int = Field(primary_key=True)
    kind: EventKind = Field(sa_type=TEXT)
    basis: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    edition: int
    digest: bytes = Field(sa_type=BYTES)
    at: datetime = moment()
    entry_id: UUID
    payload: bytes = Field(sa_type=BYTES)
    salt: bytes = Field(sa_type=BYTES)
    seq: int = Field(sa_type=BigInteger)


class PublicRow(SQLModel, table=True):
    """What is shown now: one flat row a disclosure, for pages, search and bulk. `seq` is that of its last event."""

    __tablename__ = "public_rows"
    __table_args__ = (
        Index("uq_public_rows_seq", "seq", unique=True),
        Index("ix_public_rows_kind", "kind", "seq"),
        Index("ix_public_rows_city", "city", "seq"),
        Index("ix_public_rows_county", "county", "seq"),
        Index("ix_public_rows_mine_id", "mine_id", "seq"),
        Index("ix_public_rows_credit_code", "credit_code", "seq"),
        Index("ix_public_rows_year", "year", "seq"),
        Index("ix_public_rows_grams", "grams", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    id: UUID = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    kind: DisclosureKind = Field(sa_type=TEXT)
    disputed: bool
    edition: int
    city: str = Field(sa_type=DIVISION)
    county: str = Field(sa_type=DIVISION)
    agency: str = Field(sa_type=TEXT)
    mine_id: UUID | None = Field(default=None)
    mine: str = Field(sa_type=TEXT)
    party: str = Field(sa_type=TEXT)
    credit_code: str | None = text(nullable=True)
    number: str = Field(sa_type=TEXT)
    title: str = Field(sa_type=TEXT)
    day: date
    year: int
    amount: int | None = Field(default=None, sa_type=BigInteger)
    published_at: datetime = moment()
    changed_at: datetime = moment()
    late: bool
    due_on: date | None = Field(default=None)
    shown_until: date | None = Field(default=None)
    content: bytes = Field(sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    searched: str = Field(sa_type=TEXT)
    grams: list[str] = Field(sa_type=TEXTS)
    line: str = Field(default="", sa_type=TEXT)
    """Its line of CSV, which the database writes whenever it writes the row: a million of them are cheap to take."""


class PublicGone(SQLModel, table=True):
    """The tombstone of a disclosure that is shown no more: what may be said of it, and nothing else.

    Of whom it was is kept of what was withdrawn alone, whose reason is public (处罚法48): a page of that mine says so.
    What was repaired or expired is used against nobody any more, and names nobody.
    """

    __tablename__ = "public_gone"
    __table_args__ = (
        one_of("gone_as", DisclosureState),
        CheckConstraint("gone_as NOT IN ('SHOWN', 'DISPUTED')", name="is_gone"),
        CheckConstraint(
            "gone_as = 'WITHDRAWN' OR (mine_id IS NULL AND mine IS NULL AND credit_code IS NULL)",
            name="names_what_was_withdrawn",
        ),
        Index("uq_public_gone_seq", "seq", unique=True),
        Index("ix_public_gone_mine_id", "mine_id", "seq", postgresql_where="mine_id IS NOT NULL"),
        Index("ix_public_gone_credit_code", "credit_code", "seq", postgresql_where="credit_code IS NOT NULL"),
    )

    id: UUID = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    kind: DisclosureKind = Field(sa_type=TEXT)
    gone_as: DisclosureState = Field(sa_type=TEXT)
    county: str = Field(sa_type=DIVISION)
    basis: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    published_at: datetime = moment()
    gone_at: datetime = moment()
    mine_id: UUID | None = Field(default=None)
    mine: str | None = text(nullable=True)
    credit_code: str | None = text(nullable=True)


class PublicHead(SQLModel, table=True):
    """How far the stream of events has come: its one row is locked last in each act, so that numbers are never seen
    out of their order."""

    __tablename__ = "public_head"
    __table_args__ = (CheckConstraint("one", name="is_one"),)

    one: bool = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)


class DisclosureDuty(SQLModel, table=True):
    """Something that must be published by a day; derived from the record, for whoever counts what is overdue."""

    __tablename__ = "disclosure_duties"
    __table_args__ = (
        one_of("source_kind", SourceKind),
        one_of("kind", DisclosureKind),
        one_of("met_as", MetAs),
        CheckConstraint("(met_at IS NULL) = (met_as IS NULL)", name="met_somehow"),
        Index("ix_disclosure_duties_start_at", "start_at", "source_id"),
        Index("ix_disclosure_duties_county", "county", "start_at", "source_id"),
        Index("ix_disclosure_duties_office", "office", "start_at", "source_id"),
        Index("ix_disclosure_duties_open", "over_at", "source_id", postgresql_where="met_at IS NULL"),
    )

    source_kind: SourceKind = Field(primary_key=True, sa_type=TEXT)
    source_id: UUID = Field(primary_key=True)
    kind: DisclosureKind = Field(sa_type=TEXT)
    matter_id: UUID | None = Field(default=None)
    mine_id: UUID | None = Field(default=None, foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    start_at: datetime = moment()
    due_on: date | None = Field(default=None)
    over_at: datetime | None = moment(nullable=True)
    met_at: datetime | None = moment(nullable=True)
    met_as: MetAs | None = Field(default=None, sa_type=TEXT)


class Withheld(SQLModel, table=True):
    """That a duty was answered by an article why it is not published; never changed."""

    __tablename__ = "disclosure_withheld"
    __table_args__ = (one_of("source_kind", SourceKind), UniqueConstraint("source_kind", "source_id"))

    id: UUID = Field(primary_key=True)
    source_kind: SourceKind = Field(sa_type=TEXT)
    source_id: UUID
    kind: DisclosureKind = Field(sa_type=TEXT)
    mine_id: UUID | None = Field(default=None, foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    withheld_by: UUID = Field(foreign_key="accounts.id")
    withheld_at: datetime = moment()
