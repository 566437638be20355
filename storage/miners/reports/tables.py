"""The rows of protected reports. Ids are of version 4 and no time is finer than the hour: a dump dates nothing."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Index, SQLModel

from storage.record.columns import BYTES, DIVISION, IDS, TEXT, moment, one_of


class ReceiptForm(StrEnum):
    """How a receipt is written."""

    DIGITS = "DIGITS"
    WORDS = "WORDS"


class ReportKind(StrEnum):
    """What somebody entrusts to us."""

    REPORT = "REPORT"
    REFUSAL = "REFUSAL"
    RETALIATION = "RETALIATION"


class ReportMode(StrEnum):
    """How far he can be known: named (identity locked away), by a contact that is locked away, or not at all."""

    NAMED = "NAMED"
    CONTACT = "CONTACT"
    ANONYMOUS = "ANONYMOUS"


class ReportWhen(StrEnum):
    """Whether what he says may be acted upon at once and openly, or later within a routine check."""

    NOW = "NOW"
    LATER = "LATER"


class ReportChannel(StrEnum):
    """By which way it came: by himself, by telephone, in person."""

    SELF = "SELF"
    TELEPHONE = "TELEPHONE"
    IN_PERSON = "IN_PERSON"


class ReportStepKind(StrEnum):
    """The steps of a report."""

    FILED = "FILED"
    ACCEPTED = "ACCEPTED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    PASSED_ON = "PASSED_ON"
    VERIFYING = "VERIFYING"
    SUBSTANTIATED = "SUBSTANTIATED"
    UNSUBSTANTIATED = "UNSUBSTANTIATED"
    FED_BACK = "FED_BACK"
    ENDED = "ENDED"


class KeyHalf(StrEnum):
    """What a wrap holds of a key: all, or one half of that of an identity (a for custodians, b for officers)."""

    WHOLE = "WHOLE"
    A = "A"
    B = "B"


class Filing(SQLModel, table=True):
    """One envelope from a reporter's client that waits for its hour: a new report, or one more message of one.

    Spread over partitions by a hash of its locator, so that not even the order within the hour stands in a dump.
    `failed` counts the batches in which it could not go on: they pass it by, and it is tried apart.
    """

    __tablename__ = "filings"
    __table_args__ = (
        one_of("form", ReceiptForm),
        one_of("kind", ReportKind),
        one_of("mode", ReportMode),
        one_of("acted_on", ReportWhen),
        one_of("channel", ReportChannel),
        Index("uq_filings_begun", "form", "locator", unique=True, postgresql_where=text("begins")),
        Index("ix_filings_id", "id"),
        Index("ix_filings_identity_id", "identity_id", postgresql_where=text("identity_id IS NOT NULL")),
        {"postgresql_partition_by": "HASH (form, locator)"},
    )

    form: ReceiptForm = Field(primary_key=True, sa_type=TEXT)
    locator: str = Field(primary_key=True, sa_type=TEXT)
    id: UUID = Field(primary_key=True)
    report_id: UUID
    begins: bool
    urgent: bool
    worked: bool
    kind: ReportKind = Field(sa_type=TEXT)
    mode: ReportMode = Field(sa_type=TEXT)
    acted_on: ReportWhen = Field(sa_type=TEXT)
    channel: ReportChannel = Field(sa_type=TEXT)
    taken_by: UUID | None = Field(default=None)
    mine_id: UUID
    condition: str | None = Field(default=None, sa_type=TEXT)
    danger_to_life: bool
    box_key: bytes = Field(sa_type=BYTES)
    login_key: bytes = Field(sa_type=BYTES)
    claim_key: bytes = Field(sa_type=BYTES)
    digest: bytes = Field(sa_type=BYTES)
    ciphertext: bytes = Field(sa_type=BYTES)
    wraps: list[dict[str, str]] = Field(sa_type=JSONB)
    identity: bytes | None = Field(default=None, sa_type=BYTES)
    identity_id: UUID | None = Field(default=None)
    halves: list[dict[str, str]] = Field(sa_type=JSONB)
    files: list[UUID] = Field(sa_type=IDS)
    failed: int = Field(default=0, sa_type=SmallInteger)


class FilingFile(SQLModel, table=True):
    """The bytes of a file that waits for the message that names it, then for the store.

    `rounds` counts the batches that passed it by: nobody needs a time to see that its message never came.
    """

    __tablename__ = "filing_files"
    __table_args__ = (one_of("form", ReceiptForm), {"postgresql_partition_by": "HASH (id)"})

    id: UUID = Field(primary_key=True)
    form: ReceiptForm = Field(sa_type=TEXT)
    locator: str = Field(sa_type=TEXT)
    message_id: UUID
    frames: int
    rounds: int = Field(sa_type=SmallInteger)
    body: bytes = Field(sa_type=BYTES)


class Report(SQLModel, table=True):
    """One report: what the desk knows without opening it. Its id is random, and so is every order by it."""

    __tablename__ = "reports"
    __table_args__ = (
        one_of("kind", ReportKind),
        one_of("mode", ReportMode),
        one_of("acted_on", ReportWhen),
        one_of("channel", ReportChannel),
        one_of("state", ReportStepKind),
        Index("ix_reports_county", "county", "state", "id"),
        Index("ix_reports_office", "office", "state", "id"),
        Index("ix_reports_state", "state", "id"),
    )

    id: UUID = Field(primary_key=True)
    kind: ReportKind = Field(sa_type=TEXT)
    mode: ReportMode = Field(sa_type=TEXT)
    acted_on: ReportWhen = Field(sa_type=TEXT)
    channel: ReportChannel = Field(sa_type=TEXT)
    taken_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    urgent: bool
    worked: bool
    hour: datetime = moment()
    state: ReportStepKind = Field(sa_type=TEXT)
    box_key: bytes = Field(sa_type=BYTES)
    ended: date | None = Field(default=None)
    erased: bool = False


class ReportReceipt(SQLModel, table=True):
    """What opens a report for its reporter: the locator and his public keys. No desk sees it."""

    __tablename__ = "report_receipts"
    __table_args__ = (one_of("form", ReceiptForm), UniqueConstraint("form", "locator"))

    report_id: UUID = Field(primary_key=True, foreign_key="reports.id")
    form: ReceiptForm = Field(sa_type=TEXT)
    locator: str = Field(sa_type=TEXT)
    login_key: bytes = Field(sa_type=BYTES)
    claim_key: bytes = Field(sa_type=BYTES)
    message_id: UUID
    digest: bytes = Field(sa_type=BYTES)


class ReportMessage(SQLModel, table=True):
    """One encrypted message of a thread; without an author it is the reporter's. Its content goes with the erasure."""

    __tablename__ = "report_messages"
    __table_args__ = (Index("ix_report_messages_report_id", "report_id"),)

    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="reports.id")
    author_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    identity: bool = False
    hour: datetime = moment()
    digest: bytes = Field(sa_type=BYTES)
    ciphertext: bytes | None = Field(default=None, sa_type=BYTES)


class ReportWrap(SQLModel, table=True):
    """The content key of one message, or a half of it, wrapped for one key."""

    __tablename__ = "report_wraps"
    __table_args__ = (one_of("half", KeyHalf), Index("ix_report_wraps_key_id", "key_id"))

    message_id: UUID = Field(primary_key=True, foreign_key="report_messages.id")
    key_id: UUID = Field(primary_key=True)
    half: KeyHalf = Field(primary_key=True, sa_type=TEXT)
    wrapped: bytes = Field(sa_type=BYTES)


class ReportFile(SQLModel, table=True):
    """One encrypted file of a message, under a random name in the store; without a version it is on its way there."""

    __tablename__ = "report_files"
    __table_args__ = (
        Index("ix_report_files_message_id", "message_id"),
        Index("ix_report_files_on_their_way", "id", postgresql_where=text("object_version IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    message_id: UUID = Field(foreign_key="report_messages.id")
    report_id: UUID = Field(foreign_key="reports.id")
    frames: int
    object_name: str = Field(sa_type=TEXT)
    object_version: str | None = Field(default=None, sa_type=TEXT)


class ReportStep(SQLModel, table=True):
    """One step of a report, by whom, in which hour; what is said to the reporter is a message of the thread."""

    __tablename__ = "report_steps"
    __table_args__ = (one_of("kind", ReportStepKind), Index("ix_report_steps_report_id", "report_id"))

    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="reports.id")
    number: int = Field(sa_type=SmallInteger)
    kind: ReportStepKind = Field(sa_type=TEXT)
    by_id: UUID = Field(foreign_key="accounts.id")
    hour: datetime = moment()
    article: str | None = Field(default=None, sa_type=TEXT)
    passed_to: str | None = Field(default=None, sa_type=TEXT)
    inspection_id: UUID | None = Field(default=None, foreign_key="inspections.id")


class ReportDeadline(SQLModel, table=True):
    """One clock that runs against the authority in one report."""

    __tablename__ = "report_deadlines"
    __table_args__ = (
        Index("ix_report_deadlines_overrun", "ends_at", "report_id", "key",
              postgresql_where=text("met_at IS NULL AND (overrun_of IS NULL OR overrun_of < ends_at)")),
        Index("ix_report_deadlines_law", "law", "report_id", "key", postgresql_where=text("met_at IS NULL")),
    )  # fmt: skip

    report_id: UUID = Field(primary_key=True, foreign_key="reports.id")
    key: str = Field(primary_key=True, sa_type=TEXT)
    start: date
    count: int | None = Field(default=None)
    article: str = Field(sa_type=TEXT)
    ends: date
    ends_at: datetime = moment()
    alarm: date
    met_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)


class ReportKey(SQLModel, table=True):
    """The public key of a recipient or custodian, named by its hash; `replaces` one that was lost."""

    __tablename__ = "report_keys"
    __table_args__ = (
        Index("uq_report_keys_in_use", "account_id", unique=True, postgresql_where=text("ended_hour IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    public_key: bytes = Field(sa_type=BYTES)
    replaces: UUID | None = Field(default=None)
    hour: datetime = moment()
    ended_hour: datetime | None = moment(nullable=True)


class ReportKeyBox(SQLModel, table=True):
    """The private half, wrapped in its owner's client by his pass-phrase: nobody else reads even the wrapping."""

    __tablename__ = "report_key_boxes"

    key_id: UUID = Field(primary_key=True, foreign_key="report_keys.id")
    account_id: UUID = Field(foreign_key="accounts.id")
    sealed: bytes = Field(sa_type=BYTES)


class ReportKeyShare(SQLModel, table=True):
    """One of three shares of a private key, wrapped for one custodian; any two make it whole again."""

    __tablename__ = "report_key_shares"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 3", name="of_three"),)

    key_id: UUID = Field(primary_key=True, foreign_key="report_keys.id")
    number: int = Field(primary_key=True, sa_type=SmallInteger)
    custodian_key_id: UUID = Field(foreign_key="report_keys.id")
    wrapped: bytes = Field(sa_type=BYTES)


class ReportKeyRecovery(SQLModel, table=True):
    """A share that a custodian wrapped again, for the key that takes the place of a lost one."""

    __tablename__ = "report_key_recoveries"

    key_id: UUID = Field(primary_key=True, foreign_key="report_keys.id")
    number: int = Field(primary_key=True, sa_type=SmallInteger)
    new_key_id: UUID = Field(primary_key=True, foreign_key="report_keys.id")
    by_id: UUID = Field(foreign_key="accounts.id")
    wrapped: bytes = Field(sa_type=BYTES)
    hour: datetime = moment()


class IdentityRequest(SQLModel, table=True):
    """That an officer asked to open an identity, why, and who released the custodians' half for him."""

    __tablename__ = "identity_requests"
    __table_args__ = (
        CheckConstraint("(released_by IS NULL) = (wrapped IS NULL)", name="released_whole"),
        Index("ix_identity_requests_report_id", "report_id"),
    )

    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="reports.id")
    asked_by: UUID = Field(foreign_key="accounts.id")
    key_id: UUID = Field(foreign_key="report_keys.id")
    reason: str = Field(sa_type=TEXT)
    hour: datetime = moment()
    released_by: UUID | None = Field(default=None, foreign_key="accounts.id")
    released_hour: datetime | None = moment(nullable=True)
    wrapped: bytes | None = Field(default=None, sa_type=BYTES)


class ReportCount(SQLModel, table=True):
    """What everybody may know: how many reports of a county came in a quarter, and which clocks were overrun."""

    __tablename__ = "report_counts"

    county: str = Field(primary_key=True, sa_type=DIVISION)
    year: int = Field(primary_key=True, sa_type=SmallInteger)
    quarter: int = Field(primary_key=True, sa_type=SmallInteger)
    filed: int
    told_late: int
    decided_late: int
    fed_back_late: int


class ReportBatch(SQLModel, table=True):
    """The hour of the last batch; one row, so that a worker that starts anew knows whether it is due."""

    __tablename__ = "report_batches"

    id: int = Field(primary_key=True, sa_type=SmallInteger)
    hour: datetime = moment()
