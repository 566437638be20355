"""The rows of credit: requests for repair, entries of the blacklist, requests to leave it early, joint sanctions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy import text as sql_text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from storage.casework.cases.steps import PartyKind
from storage.record.columns import DIVISION, IDS, TEXT, moment, one_of, text
from storage.trust.disclosures.rules import PenaltyClass


class FraudGround(StrEnum):
    """Why what a party was granted is taken back."""

    FALSE_PROOF = "FALSE_PROOF"
    FACTS_HIDDEN = "FACTS_HIDDEN"
    PLEDGE_BROKEN = "PLEDGE_BROKEN"


class ListingSubject(StrEnum):
    """Whom an entry names."""

    MINE = "MINE"
    PERSON = "PERSON"


class ListingGround(StrEnum):
    """Why somebody is listed: the closed list of 令11, articles 6 and 7, as far as it speaks of mines and people."""

    GRAVE_ACCIDENT = "GRAVE_ACCIDENT"
    ACCIDENTS_WITHIN_A_YEAR = "ACCIDENTS_WITHIN_A_YEAR"
    FINED_MANIFOLD = "FINED_MANIFOLD"
    ACCIDENT_CONCEALED = "ACCIDENT_CONCEALED"
    NO_RESCUE_OR_FLED = "NO_RESCUE_OR_FLED"
    WITHOUT_LICENCE = "WITHOUT_LICENCE"
    REFUSES_TO_PERFORM = "REFUSES_TO_PERFORM"
    OTHER_GRAVE = "OTHER_GRAVE"


class ListingState(StrEnum):
    """Where an entry is."""

    PROPOSED = "PROPOSED"
    TOLD = "TOLD"
    LISTED = "LISTED"
    NOT_LISTED = "NOT_LISTED"
    REMOVED = "REMOVED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class ListingFault(StrEnum):
    """Why an entry is taken back as if it had never been right."""

    DECISION_FELL = "DECISION_FELL"
    LISTED_IN_ERROR = "LISTED_IN_ERROR"


class SanctioningAgency(StrEnum):
    """Who is asked to act on an entry, by what it is in charge of; any other is named."""

    DEVELOPMENT_AND_REFORM = "DEVELOPMENT_AND_REFORM"
    ENERGY = "ENERGY"
    NATURAL_RESOURCES = "NATURAL_RESOURCES"
    FINANCE_AND_BANKS = "FINANCE_AND_BANKS"
    MARKET_REGULATION = "MARKET_REGULATION"
    HUMAN_RESOURCES = "HUMAN_RESOURCES"
    TAXES = "TAXES"
    PUBLIC_SECURITY = "PUBLIC_SECURITY"
    PROCUREMENT = "PROCUREMENT"
    TRADE_UNION = "TRADE_UNION"
    OTHER = "OTHER"


def _whole(done: str, said: str) -> CheckConstraint:
    says = f"({done}_at IS NULL) = ({done}_by IS NULL) AND ({done}_at IS NULL) = ({said} IS NULL)"
    return CheckConstraint(says, name=f"{done}_whole")


def _scoped(table: str, at: str) -> tuple[Index, ...]:
    """The indexes along which lists are read within a reach."""
    scopes = ((f"ix_{table}_{one}", one) for one in ("county", "office", "mine_id"))
    return (Index(f"ix_{table}_{at}", at, "id"), *(Index(name, one, at, "id") for name, one in scopes))


class Repair(SQLModel, table=True):
    """A party's request that a penalty stops being shown; examined, decided and taken back, each once, by two people.

    `received`: an officer handed it in for a person who came to the desk. `pledge` are the principal's own words,
    `pledge_piece` a signed paper. `overrun_of` is the end of which the record told; `law` the edition that gave it.
    """

    __tablename__ = "credit_repairs"
    __table_args__ = (
        one_of("grade", PenaltyClass),
        one_of("party", PartyKind),
        one_of("restored_for", FraudGround),
        _whole("examined", "favoured"),
        _whole("decided", "granted"),
        _whole("restored", "restored_for"),
        CheckConstraint("(pledge IS NULL) <> (pledge_piece IS NULL)", name="one_pledge"),
        CheckConstraint("decided_by <> examined_by AND decided_by <> asked_by", name="takes_two_people"),
        CheckConstraint("restored_by <> decided_by", name="restored_by_another"),
        CheckConstraint("restored_at IS NULL OR granted", name="restored_what_was_granted"),
        Index("uq_credit_repairs_open", "disclosure_id", unique=True, postgresql_where=sql_text("decided_at IS NULL")),
        Index("ix_credit_repairs_over_at", "over_at", "id", postgresql_where=sql_text("decided_at IS NULL")),
        *_scoped("credit_repairs", "asked_at"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    disclosure_id: UUID = Field(foreign_key="disclosures.id")
    decision_id: UUID = Field(foreign_key="case_steps.id")
    case_id: UUID = Field(foreign_key="cases.id")
    party: PartyKind = Field(sa_type=TEXT)
    grade: PenaltyClass = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    words: str = Field(sa_type=TEXT)
    proof: list[UUID] = Field(sa_type=IDS)
    measures: list[UUID] = Field(sa_type=IDS)
    pledge: str | None = text(nullable=True)
    pledge_piece: UUID | None = Field(default=None, foreign_key="evidence.id")
    received: bool
    asked_by: UUID = Field(foreign_key="accounts.id")
    asked_at: datetime = moment()
    due_on: date | None = Field(default=None)
    over_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)
    favoured: bool | None = Field(default=None)
    examination: str | None = text(nullable=True)
    examined_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    examined_at: datetime | None = moment(nullable=True)
    granted: bool | None = Field(default=None)
    decision: str | None = text(nullable=True)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    restored_for: FraudGround | None = Field(default=None, sa_type=TEXT)
    restoration: str | None = text(nullable=True)
    restored_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    restored_at: datetime | None = moment(nullable=True)


class Listing(SQLModel, table=True):
    """An entry of the blacklist from its proposal on: told, answered, decided, and how it ended.

    It rests on a penalty (谁处罚谁决定); `consequence_id` is the breach's proposal that it came from, if it did.
    `subject_id` is the mine's or the person's. `until` is its last day; a restoration begins it anew.
    """

    __tablename__ = "blacklistings"
    __table_args__ = (
        one_of("subject", ListingSubject),
        one_of("ground", ListingGround),
        one_of("state", ListingState),
        one_of("withdrawn_for", ListingFault),
        CheckConstraint("(subject = 'PERSON') = (person_id IS NOT NULL)", name="person_of_persons"),
        CheckConstraint("subject_id = coalesce(person_id, mine_id)", name="subject_is_one_of_them"),
        _whole("told", "telling"),
        _whole("answered", "answer"),
        _whole("decided", "entered"),
        _whole("withdrawn", "withdrawn_for"),
        CheckConstraint("decided_by <> proposed_by", name="takes_two_people"),
        CheckConstraint("decided_at IS NULL OR told_at IS NOT NULL", name="told_before_decided"),
        CheckConstraint("entered IS NOT TRUE OR (until IS NOT NULL AND disclosure_id IS NOT NULL)",
                        name="public_while_in"),
        Index("uq_blacklistings_open", "decision_id", "subject_id", unique=True,
              postgresql_where=sql_text("state IN ('PROPOSED', 'TOLD', 'LISTED')")),
        Index("ix_blacklistings_person_id", "person_id", postgresql_where=sql_text("state = 'LISTED'")),
        Index("ix_blacklistings_until", "until", "id", postgresql_where=sql_text("state = 'LISTED'")),
        Index("ix_blacklistings_over_at", "over_at", "id", postgresql_where=sql_text("decided_at IS NULL")),
        *_scoped("blacklistings", "proposed_at"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    subject: ListingSubject = Field(sa_type=TEXT)
    subject_id: UUID
    person_id: UUID | None = Field(default=None, foreign_key="persons.id")
    decision_id: UUID = Field(foreign_key="case_steps.id")
    case_id: UUID = Field(foreign_key="cases.id")
    consequence_id: UUID | None = Field(default=None, foreign_key="breach_consequences.id")
    ground: ListingGround = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    words: str = Field(sa_type=TEXT)
    state: ListingState = Field(sa_type=TEXT)
    proposed_by: UUID = Field(foreign_key="accounts.id")
    proposed_at: datetime = moment()
    telling: str | None = text(nullable=True)
    told_piece: UUID | None = Field(default=None, foreign_key="evidence.id")
    told_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    told_at: datetime | None = moment(nullable=True)
    answer_ends: date | None = Field(default=None)
    due_on: date | None = Field(default=None)
    over_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)
    answer: str | None = text(nullable=True)
    evidence: list[UUID] | None = Field(default=None, sa_type=IDS, nullable=True)
    heard: bool | None = Field(default=None)
    answered_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    answered_at: datetime | None = moment(nullable=True)
    entered: bool | None = Field(default=None)
    decision: str | None = text(nullable=True)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    disclosure_id: UUID | None = Field(default=None, foreign_key="disclosures.id")
    until: date | None = Field(default=None)
    ended_at: datetime | None = moment(nullable=True)
    withdrawn_for: ListingFault | None = Field(default=None, sa_type=TEXT)
    withdrawal: str | None = text(nullable=True)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    withdrawn_at: datetime | None = moment(nullable=True)


class Removal(SQLModel, table=True):
    """A request to leave the list early, its decision, and that it was taken back since it was got by fraud."""

    __tablename__ = "blacklist_removals"
    __table_args__ = (
        one_of("restored_for", FraudGround),
        _whole("decided", "granted"),
        _whole("restored", "restored_for"),
        CheckConstraint("decided_by <> asked_by", name="takes_two_people"),
        CheckConstraint("restored_by <> decided_by", name="restored_by_another"),
        CheckConstraint("restored_at IS NULL OR granted", name="restored_what_was_granted"),
        Index("uq_blacklist_removals_open", "listing_id", unique=True, postgresql_where=sql_text("decided_at IS NULL")),
        Index("ix_blacklist_removals_listing_id", "listing_id", "asked_at"),
        Index("ix_blacklist_removals_over_at", "over_at", "id", postgresql_where=sql_text("decided_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    listing_id: UUID = Field(foreign_key="blacklistings.id")
    words: str = Field(sa_type=TEXT)
    proof: list[UUID] = Field(sa_type=IDS)
    received: bool
    asked_by: UUID = Field(foreign_key="accounts.id")
    asked_at: datetime = moment()
    due_on: date | None = Field(default=None)
    over_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)
    granted: bool | None = Field(default=None)
    decision: str | None = text(nullable=True)
    decided_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    decided_at: datetime | None = moment(nullable=True)
    restored_for: FraudGround | None = Field(default=None, sa_type=TEXT)
    restoration: str | None = text(nullable=True)
    restored_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    restored_at: datetime | None = moment(nullable=True)


class Sanction(SQLModel, table=True):
    """What another agency was asked to do about an entry, by when, and what it answered on which day."""

    __tablename__ = "joint_sanctions"
    __table_args__ = (
        one_of("agency", SanctioningAgency),
        CheckConstraint("(agency = 'OTHER') = (named IS NOT NULL)", name="others_are_named"),
        _whole("answered", "done"),
        Index("ix_joint_sanctions_listing_id", "listing_id", "asked_at"),
        Index("ix_joint_sanctions_over_at", "over_at", "id", postgresql_where=sql_text("answered_at IS NULL")),
        *_scoped("joint_sanctions", "asked_at"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    listing_id: UUID = Field(foreign_key="blacklistings.id")
    agency: SanctioningAgency = Field(sa_type=TEXT)
    named: str | None = text(nullable=True)
    asked: str = Field(sa_type=TEXT)
    basis: str = Field(sa_type=TEXT)
    due_on: date
    over_at: datetime = moment()
    overrun_of: datetime | None = moment(nullable=True)
    asked_by: UUID = Field(foreign_key="accounts.id")
    asked_at: datetime = moment()
    done: bool | None = Field(default=None)
    answer: str | None = text(nullable=True)
    answered_on: date | None = Field(default=None)
    answered_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    answered_at: datetime | None = moment(nullable=True)


class ListedPeople(SQLModel, table=True):
    """How many people who hold a post at a mine are listed: a number without names, which anybody reads.

    `changes` only grows, so that whoever keeps pages sees that it moved.
    """

    __tablename__ = "public_listed"

    mine_id: UUID = Field(primary_key=True, foreign_key="mines.id")
    people: int
    changes: int = Field(sa_type=BigInteger)
    counted_at: datetime = moment()
