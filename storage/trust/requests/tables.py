"""The rows of requests: what was asked, how to be reached, each step, and what anybody reads of its clock."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import BYTES, DIVISION, TEXT, moment, one_of, text


class RequestKind(StrEnum):
    """What is asked: that an error be put right, or information (依申请公开)."""

    ERROR = "ERROR"
    INFORMATION = "INFORMATION"


class RequestState(StrEnum):
    """Where a request is."""

    OPEN = "OPEN"
    UNCLEAR = "UNCLEAR"
    THIRD_PARTY = "THIRD_PARTY"
    ANSWERED = "ANSWERED"


class RequestStepKind(StrEnum):
    """What becomes of a request."""

    ASKED = "ASKED"
    CLARIFIED = "CLARIFIED"
    CONSULTED = "CONSULTED"
    HEARD = "HEARD"
    EXTENDED = "EXTENDED"
    ANSWERED = "ANSWERED"


class AnswerPart(StrEnum):
    """What is said to one part of a request; the last two of an error."""

    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    NOT_HELD = "NOT_HELD"
    ELSEWHERE = "ELSEWHERE"
    ABANDONED = "ABANDONED"
    CORRECTED = "CORRECTED"
    NOT_WRONG = "NOT_WRONG"


class RequestOutcome(StrEnum):
    """What came of a request as a whole: that of its only part, or split."""

    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    NOT_HELD = "NOT_HELD"
    ELSEWHERE = "ELSEWHERE"
    ABANDONED = "ABANDONED"
    CORRECTED = "CORRECTED"
    NOT_WRONG = "NOT_WRONG"
    SPLIT = "SPLIT"


class Request(SQLModel, table=True):
    """One request. Its receipt (locator, and a secret of which the hash stands here) is the asker's way back in."""

    __tablename__ = "requests"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("state", RequestState),
        one_of("outcome", RequestOutcome),
        UniqueConstraint("number"),
        UniqueConstraint("locator"),
        CheckConstraint("(kind = 'ERROR') = (disclosure_id IS NOT NULL)", name="error_of_something"),
        CheckConstraint("(state = 'ANSWERED') = (closed_at IS NOT NULL)", name="closed_when_answered"),
        CheckConstraint("(state = 'ANSWERED') = (outcome IS NOT NULL)", name="answered_somehow"),
        Index("ix_requests_filed_at", "filed_at", "id"),
        Index("ix_requests_county", "county", "filed_at", "id"),
        Index("ix_requests_office", "office", "filed_at", "id"),
        Index("ix_requests_closed_at", "closed_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    number: str = Field(sa_type=TEXT)
    kind: RequestKind = Field(sa_type=TEXT)
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    disclosure_id: UUID | None = Field(default=None, foreign_key="disclosures.id")
    words: str = Field(sa_type=TEXT)
    locator: str = Field(sa_type=TEXT)
    secret_hash: bytes = Field(sa_type=BYTES)
    filed_at: datetime = moment()
    state: RequestState = Field(sa_type=TEXT)
    due_on: date | None = Field(default=None)
    over_at: datetime | None = moment(nullable=True)
    extended: bool = False
    outcome: RequestOutcome | None = Field(default=None, sa_type=TEXT)
    closed_at: datetime | None = moment(nullable=True)


class RequestContact(SQLModel, table=True):
    """How whoever asked wants to be reached: opened by an act, and erased some months after the answer."""

    __tablename__ = "request_contacts"

    request_id: UUID = Field(primary_key=True, foreign_key="requests.id")
    contact: str = Field(sa_type=TEXT)


class RequestStep(SQLModel, table=True):
    """One step of a request, by an officer or (`by_id` is none) by whoever asked; never changed."""

    __tablename__ = "request_steps"
    __table_args__ = (one_of("kind", RequestStepKind), UniqueConstraint("request_id", "ordinal"))

    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="requests.id")
    ordinal: int
    kind: RequestStepKind = Field(sa_type=TEXT)
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    words: str = Field(sa_type=TEXT)
    parts: str = Field(sa_type=TEXT)


class RequestYear(SQLModel, table=True):
    """How many requests were filed in a year: the next takes the next number."""

    __tablename__ = "request_years"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class PublicRequest(SQLModel, table=True):
    """What anybody reads of a request: its clock, and once it was answered what was worded for the public."""

    __tablename__ = "public_requests"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("state", RequestState),
        one_of("outcome", RequestOutcome),
        CheckConstraint("state = 'ANSWERED' OR (question IS NULL AND answer IS NULL)", name="worded_once_answered"),
        Index("ix_public_requests_filed_on", "filed_on", "number"),
    )

    number: str = Field(primary_key=True, sa_type=TEXT)
    kind: RequestKind = Field(sa_type=TEXT)
    county: str = Field(sa_type=DIVISION)
    agency: str = Field(sa_type=TEXT)
    filed_on: date
    due_on: date | None = Field(default=None)
    article: str = Field(sa_type=TEXT)
    state: RequestState = Field(sa_type=TEXT)
    extended: bool = False
    extension_reason: str | None = text(nullable=True)
    outcome: RequestOutcome | None = Field(default=None, sa_type=TEXT)
    grounds: str = Field(sa_type=TEXT)
    closed_on: date | None = Field(default=None)
    late: bool = False
    disclosure_id: UUID | None = Field(default=None)
    question: str | None = text(nullable=True)
    answer: str | None = text(nullable=True)
