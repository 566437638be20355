"""The rows of commitments: what was said, laid, signed, sealed and stamped, and what ended it; only added."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy import text as sql_text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.promises.keys.tables import SigningWay
from storage.record.columns import BYTES, DIVISION, IDS, TEXT, TEXTS, moment, one_of, text


class AnswerOutcome(StrEnum):
    """What a mine says of a clause: it is met; not yet, but by a day and with a measure; it is not met."""

    MET = "MET"
    NOT_YET = "NOT_YET"
    NOT_MET = "NOT_MET"


class ClauseStanding(StrEnum):
    """How a clause stands today by what the mine said of it. Only what is not met, or late, can be a breach."""

    OPEN = "OPEN"
    MET = "MET"
    NOT_YET = "NOT_YET"
    DAY_PASSED = "DAY_PASSED"
    NOT_MET = "NOT_MET"


class ContradictionKind(StrEnum):
    """What speaks against a clause that is said to be met."""

    FINDING = "FINDING"
    REFUSAL = "REFUSAL"


class EndCause(StrEnum):
    """Why a signed commitment no longer stands."""

    SUPERSEDED = "SUPERSEDED"
    PRINCIPAL_CHANGED = "PRINCIPAL_CHANGED"
    FACTS_CHANGED = "FACTS_CHANGED"


class ClauseAnswer(SQLModel, table=True):
    """What a mine said of one clause; the last one holds. `clause_digest` is of the clause as it read then."""

    __tablename__ = "clause_answers"
    __table_args__ = (
        one_of("outcome", AnswerOutcome),
        CheckConstraint("(outcome = 'NOT_YET') = (by_day IS NOT NULL)", name="not_yet_by_a_day"),
        CheckConstraint("(outcome = 'NOT_YET') = (measure IS NOT NULL)", name="not_yet_with_a_measure"),
        Index("ix_clause_answers_mine_id", "mine_id", "year", "key", "answered_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    key: str = Field(sa_type=TEXT)
    clause_digest: bytes = Field(sa_type=BYTES)
    outcome: AnswerOutcome = Field(sa_type=TEXT)
    by_day: date | None = Field(default=None)
    measure: str | None = text(nullable=True)
    words: str = Field(sa_type=TEXT)
    evidence: list[UUID] = Field(sa_type=IDS)
    answered_by: UUID = Field(foreign_key="accounts.id")
    answered_at: datetime = moment()


class Preview(SQLModel, table=True):
    """What was laid before a principal: canonical JSON, its SHA-256, a nonce that stands in it, its PDF in the store.

    Signed by nobody. `disasters` is what the register held then of what the promise rests on, sorted.
    """

    __tablename__ = "commitment_previews"
    __table_args__ = (Index("ix_commitment_previews_mine_id", "mine_id", "year", "laid_at", "id"),)

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    template_id: UUID = Field(foreign_key="templates.id")
    principal: UUID = Field(foreign_key="accounts.id")
    nonce: bytes = Field(sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    content: bytes = Field(sa_type=BYTES)
    supersedes: bytes | None = Field(default=None, sa_type=BYTES)
    disasters: list[str] = Field(sa_type=TEXTS)
    pdf_sha256: bytes = Field(sa_type=BYTES)
    pdf_size: int
    object_name: str = Field(sa_type=TEXT)
    object_version: str = Field(sa_type=TEXT)
    laid_at: datetime = moment()


class Commitment(SQLModel, table=True):
    """A signed commitment: the bytes, the principal's signature over them, and the one that it supersedes.

    Each supersedes the last one of its mine and year, so of two signatures at once the database takes one. Whether it
    still stands is reckoned when it is read (`commitments_standing` of the database), never stored.
    `checked` and `agreed` are the entries by which key and way came to count; `entry_id` is that of the signature.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        one_of("way", SigningWay),
        CheckConstraint("(way = 'INK') = (scan IS NOT NULL)", name="ink_by_its_scan"),
        CheckConstraint("(way <> 'INK') = (key_id IS NOT NULL AND checked IS NOT NULL)", name="key_that_was_checked"),
        CheckConstraint("(way <> 'INK') = (key IS NOT NULL AND signature IS NOT NULL)", name="signed_by_its_key"),
        CheckConstraint("(way IN ('KEY', 'PASSKEY')) = (agreed IS NOT NULL)", name="way_agreed_upon"),
        CheckConstraint("(way = 'PASSKEY') = (client IS NOT NULL AND authenticator IS NOT NULL AND counter IS NOT NULL"
                        " AND origin IS NOT NULL AND relying_party IS NOT NULL)", name="passkey_with_its_assertion"),
        UniqueConstraint("preview_id"),
        UniqueConstraint("supersedes"),
        Index("uq_commitments_first", "mine_id", "year", unique=True,
              postgresql_where=sql_text("supersedes IS NULL")),
        Index("ix_commitments_signed_at", "signed_at", "id"),
        Index("ix_commitments_county", "county", "signed_at", "id"),
        Index("ix_commitments_office", "office", "signed_at", "id"),
        Index("ix_commitments_mine_id", "mine_id", "signed_at", "id"),
        Index("ix_commitments_digest", "digest"),
        Index("ix_commitments_key_id", "key_id", postgresql_where=sql_text("key_id IS NOT NULL")),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    year: int
    template_id: UUID = Field(foreign_key="templates.id")
    preview_id: UUID = Field(foreign_key="commitment_previews.id")
    supersedes: UUID | None = Field(default=None, foreign_key="commitments.id")
    principal: UUID = Field(foreign_key="accounts.id")
    way: SigningWay = Field(sa_type=TEXT)
    algorithm: str | None = Field(default=None, sa_type=TEXT)
    key: bytes | None = Field(default=None, sa_type=BYTES)
    key_id: UUID | None = Field(default=None, foreign_key="signing_keys.id")
    signature: bytes | None = Field(default=None, sa_type=BYTES)
    authenticator: bytes | None = Field(default=None, sa_type=BYTES)
    client: bytes | None = Field(default=None, sa_type=BYTES)
    counter: int | None = Field(default=None, sa_type=BigInteger)
    origin: str | None = Field(default=None, sa_type=TEXT)
    relying_party: str | None = Field(default=None, sa_type=TEXT)
    scan: bytes | None = Field(default=None, sa_type=BYTES)
    checked: UUID | None = Field(default=None)
    agreed: UUID | None = Field(default=None)
    digest: bytes = Field(sa_type=BYTES)
    content: bytes = Field(sa_type=BYTES)
    disasters: list[str] = Field(sa_type=TEXTS)
    pdf_sha256: bytes = Field(sa_type=BYTES)
    pdf_size: int
    object_name: str = Field(sa_type=TEXT)
    object_version: str = Field(sa_type=TEXT)
    signed_at: datetime = moment()
    entry_id: UUID


class CommitmentSeal(SQLModel, table=True):
    """The company's seal beside the principal's signature; by key, token or ink."""

    __tablename__ = "commitment_seals"
    __table_args__ = (
        one_of("way", SigningWay),
        CheckConstraint("way <> 'PASSKEY'", name="no_passkey"),
        CheckConstraint("(way = 'INK') = (scan IS NOT NULL)", name="ink_by_its_scan"),
        CheckConstraint("(way <> 'INK') = (key_id IS NOT NULL AND key IS NOT NULL AND signature IS NOT NULL)",
                        name="sealed_by_its_key"),
    )  # fmt: skip

    commitment_id: UUID = Field(primary_key=True, foreign_key="commitments.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    way: SigningWay = Field(sa_type=TEXT)
    algorithm: str | None = Field(default=None, sa_type=TEXT)
    key: bytes | None = Field(default=None, sa_type=BYTES)
    key_id: UUID | None = Field(default=None, foreign_key="signing_keys.id")
    signature: bytes | None = Field(default=None, sa_type=BYTES)
    scan: bytes | None = Field(default=None, sa_type=BYTES)
    sealed_by: UUID = Field(foreign_key="accounts.id")
    sealed_at: datetime = moment()
    entry_id: UUID


class CommitmentStamp(SQLModel, table=True):
    """The PDF of a signed commitment with the authority's stamp behind it; one row for each level that was reached."""

    __tablename__ = "commitment_stamps"

    commitment_id: UUID = Field(primary_key=True, foreign_key="commitments.id")
    level: str = Field(primary_key=True, sa_type=TEXT)
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    stamp_key: str = Field(sa_type=TEXT)
    object_name: str = Field(sa_type=TEXT)
    object_version: str = Field(sa_type=TEXT)
    size: int
    sha256: bytes = Field(sa_type=BYTES)
    stamped_at: datetime = moment()
    entry_id: UUID


class CommitmentEnding(SQLModel, table=True):
    """That a signed commitment no longer stands, and since when the record says so; the cause stands for good."""

    __tablename__ = "commitment_endings"
    __table_args__ = (one_of("cause", EndCause),)

    commitment_id: UUID = Field(primary_key=True, foreign_key="commitments.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    cause: EndCause = Field(sa_type=TEXT)
    ended_at: datetime = moment()
