"""The rows of papers, of the series that number them, of what was signed or refused on them, and of their PDFs."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy import text as sql_text
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, TEXT, moment, one_of


class PaperState(StrEnum):
    """How far a paper has come."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"


class PaperSubject(StrEnum):
    """What a paper is about."""

    MINE = "MINE"
    INSPECTION = "INSPECTION"
    SCHEME = "SCHEME"
    EXAM = "EXAM"
    FINDING = "FINDING"
    MEASURE = "MEASURE"
    CASE = "CASE"


class SignedWay(StrEnum):
    """How somebody signed: with the key of his device, by hand on the glass, or in ink on the printed paper."""

    KEY = "KEY"
    HAND = "HAND"
    INK = "INK"


class Paper(SQLModel, table=True):
    """One paper. `written` is what people wrote; once issued, `body` is all that it says and `digest` its SHA-256.

    `step_id` is the step of the case or measure that it stands for, named by the drafter or found when it is issued.
    """

    __tablename__ = "papers"
    __table_args__ = (
        one_of("state", PaperState),
        one_of("subject_kind", PaperSubject),
        UniqueConstraint("mark", "word", "year", "ordinal"),
        Index("ix_papers_subject_id", "subject_id", "drafted_at", "id"),
        Index("ix_papers_step_id", "step_id", postgresql_where="step_id IS NOT NULL"),
        Index("ix_papers_mine_id", "mine_id", "issued_at", "id",
              postgresql_where=sql_text("state = 'ISSUED' AND NOT internal")),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    subject_kind: PaperSubject = Field(sa_type=TEXT)
    subject_id: UUID
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    form: str = Field(sa_type=TEXT)
    version: str = Field(sa_type=TEXT)
    internal: bool
    state: PaperState = Field(sa_type=TEXT)
    written: bytes = Field(sa_type=BYTES)
    drafted_by: UUID = Field(foreign_key="accounts.id")
    drafted_at: datetime = moment()
    mark: str | None = Field(default=None, sa_type=TEXT)
    word: str | None = Field(default=None, sa_type=TEXT)
    year: int | None = Field(default=None)
    ordinal: int | None = Field(default=None)
    number: str | None = Field(default=None, sa_type=TEXT)
    body: bytes | None = Field(default=None, sa_type=BYTES)
    digest: bytes | None = Field(default=None, sa_type=BYTES)
    issued_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    issued_at: datetime | None = moment(nullable=True)
    issued_entry_id: UUID | None = Field(default=None)
    step_id: UUID | None = Field(default=None)


class PaperSeries(SQLModel, table=True):
    """The last number of one agency, kind of paper and year; each number is allotted in the act that issues."""

    __tablename__ = "paper_series"

    mark: str = Field(primary_key=True, sa_type=TEXT)
    word: str = Field(primary_key=True, sa_type=TEXT)
    year: int = Field(primary_key=True)
    last: int


class PaperSignature(SQLModel, table=True):
    """What was signed at one place of a paper, in which way; `statement` names the digest of the paper's body."""

    __tablename__ = "paper_signatures"
    __table_args__ = (one_of("way", SignedWay), UniqueConstraint("paper_id", "place"))

    id: UUID = Field(primary_key=True)
    paper_id: UUID = Field(foreign_key="papers.id")
    place: str = Field(sa_type=TEXT)
    way: SignedWay = Field(sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    account_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    statement: bytes = Field(sa_type=BYTES)
    device_id: UUID | None = Field(default=None, foreign_key="devices.id")
    algorithm: str | None = Field(default=None, sa_type=TEXT)
    public_key: bytes | None = Field(default=None, sa_type=BYTES)
    signature: bytes | None = Field(default=None, sa_type=BYTES)
    evidence_id: UUID | None = Field(default=None, foreign_key="evidence.id")
    recorded_by: UUID = Field(foreign_key="accounts.id")
    signed_at: datetime = moment()


class PaperRefusal(SQLModel, table=True):
    """That somebody would not or could not sign at a place, why, and who or which film bears witness."""

    __tablename__ = "paper_refusals"
    __table_args__ = (UniqueConstraint("paper_id", "place"),)

    id: UUID = Field(primary_key=True)
    paper_id: UUID = Field(foreign_key="papers.id")
    place: str = Field(sa_type=TEXT)
    name: str = Field(sa_type=TEXT)
    reason: str = Field(sa_type=TEXT)
    witness: str | None = Field(default=None, sa_type=TEXT)
    evidence_id: UUID | None = Field(default=None, foreign_key="evidence.id")
    recorded_by: UUID = Field(foreign_key="accounts.id")
    refused_at: datetime = moment()


class PaperPrint(SQLModel, table=True):
    """A PDF made from a paper and what was signed on it: `shows` is the digest of both, `sha256` that of its bytes.

    `stamped_sha256` is of the bytes in the store: the same, with the agency's stamp behind them.
    """

    __tablename__ = "paper_prints"

    paper_id: UUID = Field(primary_key=True, foreign_key="papers.id")
    shows: bytes = Field(primary_key=True, sa_type=BYTES)
    maker: int
    object_name: str = Field(sa_type=TEXT)
    object_version: str = Field(sa_type=TEXT)
    size: int
    sha256: bytes = Field(sa_type=BYTES)
    stamped_sha256: bytes = Field(sa_type=BYTES)
    made_at: datetime = moment()
