"""The rows of measures, of the findings that they answer, of their steps, and of the deadlines that run in them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import BigInteger, CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from storage.record.columns import DIVISION, TEXT, TEXTS, moment, one_of, text


class Turn(StrEnum):
    """What may become of a measure: facts, which are never refused, and acts of law, which are."""

    ORDERED = "ORDERED"
    FINDING_NAMED = "FINDING_NAMED"
    CONFIRMED = "CONFIRMED"
    APPROVED = "APPROVED"
    DISAPPROVED = "DISAPPROVED"
    TOLD = "TOLD"
    HEADS_COUNTED = "HEADS_COUNTED"
    FOLLOWER_NAMED = "FOLLOWER_NAMED"
    EXTENSION_ASKED = "EXTENSION_ASKED"
    EXTENSION_GRANTED = "EXTENSION_GRANTED"
    EXTENSION_REFUSED = "EXTENSION_REFUSED"
    CORRECTION_REPORTED = "CORRECTION_REPORTED"
    RECHECKED = "RECHECKED"
    RECHECK_SIGNED = "RECHECK_SIGNED"
    LIFTED = "LIFTED"
    CLOSED_OUT = "CLOSED_OUT"
    SUPERVISED = "SUPERVISED"
    HANDED_OVER = "HANDED_OVER"
    HANDOVER_RECEIVED = "HANDOVER_RECEIVED"
    TRACKED = "TRACKED"
    VERIFIED = "VERIFIED"
    VERIFICATION_SIGNED = "VERIFICATION_SIGNED"
    MINE_NOTIFIED = "MINE_NOTIFIED"
    SUPPLIER_NOTIFIED = "SUPPLIER_NOTIFIED"
    RESTART_ASKED = "RESTART_ASKED"
    ACCEPTANCE_HELD = "ACCEPTANCE_HELD"
    RESTART_SIGNED = "RESTART_SIGNED"
    RESTART_AGREED = "RESTART_AGREED"
    RESTART_APPROVED = "RESTART_APPROVED"
    ANNOUNCED = "ANNOUNCED"


class Hand(StrEnum):
    """For whom somebody acts: the local department, the branch office of the administration, government, the mine."""

    DEPARTMENT = "DEPARTMENT"
    OFFICE = "OFFICE"
    GOVERNMENT = "GOVERNMENT"
    MINE = "MINE"


class StepOutcome(StrEnum):
    """What a re-check, an on-site verification or an acceptance found; what was announced."""

    CORRECTED = "CORRECTED"
    NOT_CORRECTED = "NOT_CORRECTED"
    REFUSED = "REFUSED"
    PASSED = "PASSED"
    FAILED = "FAILED"
    STOP = "STOP"
    RESTART = "RESTART"


class MeasureState(StrEnum):
    """Where a measure stands, told from its steps and kept for lists."""

    OPEN = "OPEN"
    REPORTED = "REPORTED"
    NOT_CORRECTED = "NOT_CORRECTED"
    CORRECTED = "CORRECTED"
    DISAPPROVED = "DISAPPROVED"
    LIFTED = "LIFTED"
    CLOSED_OUT = "CLOSED_OUT"
    RESTARTED = "RESTARTED"


class Lacking(StrEnum):
    """What a measure lacks, each with its article; some of it is for an officer, some for the mine to bring."""

    NO_FINDING = "NO_FINDING"
    MEASURE_NOT_CONFIRMED = "MEASURE_NOT_CONFIRMED"
    NOT_APPROVED = "NOT_APPROVED"
    NOT_RECORDED = "NOT_RECORDED"
    PEOPLE_NOT_TOLD = "PEOPLE_NOT_TOLD"
    HEAD_COUNT_NOT_ZERO = "HEAD_COUNT_NOT_ZERO"
    NO_FOLLOWER = "NO_FOLLOWER"
    FOLLOWER_LEFT = "FOLLOWER_LEFT"
    NOT_CORRECTED = "NOT_CORRECTED"
    RECHECK_NOT_SIGNED = "RECHECK_NOT_SIGNED"
    NOT_SUPERVISED = "NOT_SUPERVISED"
    NOT_HANDED_OVER = "NOT_HANDED_OVER"
    HANDOVER_NOT_RECEIVED = "HANDOVER_NOT_RECEIVED"
    MONTH_NOT_TRACKED = "MONTH_NOT_TRACKED"
    NOT_VERIFIED_ON_SITE = "NOT_VERIFIED_ON_SITE"
    MINE_NOT_NOTIFIED = "MINE_NOT_NOTIFIED"
    SUPPLIER_NOT_NOTIFIED = "SUPPLIER_NOT_NOTIFIED"
    LIFTING_DUE = "LIFTING_DUE"
    ACCEPTANCE_DUE = "ACCEPTANCE_DUE"
    SIGNATURE_DUE = "SIGNATURE_DUE"
    NOT_ANNOUNCED = "NOT_ANNOUNCED"


class Measure(SQLModel, table=True):
    """One measure as it was ordered, with the state that its steps give it. `mine_before` is what it leads back to.

    `approver_id` and `enforces` are what was said on site: held against the record where the law asks for them, and
    no reason to lose an order that protects life.
    """

    __tablename__ = "measures"
    __table_args__ = (
        one_of("state", MeasureState),
        Index("ix_measures_ordered_at", "ordered_at", "id"),
        Index("ix_measures_county", "county", "ordered_at", "id"),
        Index("ix_measures_office", "office", "ordered_at", "id"),
        Index("ix_measures_mine_id", "mine_id", "ordered_at", "id"),
        Index("ix_measures_inspection_id", "inspection_id", "ordered_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspections.id")
    mine_id: UUID = Field(foreign_key="mines.id")
    county: str = Field(sa_type=DIVISION)
    office: str = Field(sa_type=TEXT)
    kind: str = Field(sa_type=TEXT)
    article: str = Field(sa_type=TEXT)
    paper: str = Field(sa_type=TEXT)
    danger: bool
    urgent: bool
    safe: bool
    reason: str = Field(sa_type=TEXT)
    days: int | None = Field(default=None)
    decision: str = Field(sa_type=TEXT)
    approver_id: UUID | None = Field(default=None)
    enforces: UUID | None = Field(default=None)
    mine_before: str = Field(sa_type=TEXT)
    state: MeasureState = Field(sa_type=TEXT)
    ordered_at: datetime = moment()
    ordered_by: UUID = Field(foreign_key="accounts.id")
    recorded_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


class MeasureFinding(SQLModel, table=True):
    """A finding that a measure answers."""

    __tablename__ = "measure_findings"
    __table_args__ = (Index("ix_measure_findings_finding_id", "finding_id"),)

    measure_id: UUID = Field(primary_key=True, foreign_key="measures.id")
    finding_id: UUID = Field(primary_key=True, foreign_key="findings.id")


class MeasureStep(SQLModel, table=True):
    """One step, never changed. `at` is when it was done, `recorded_at` when the server took it.

    `subject_id` is the account that is named, the finding, or the step that is signed; `number` the people counted;
    `words` what was said, how, or why; `underground` whether the place is.
    """

    __tablename__ = "measure_steps"
    __table_args__ = (
        one_of("kind", Turn),
        one_of("hand", Hand),
        one_of("outcome", StepOutcome),
        CheckConstraint("number >= 0", name="number_is_a_count"),
        UniqueConstraint("measure_id", "ordinal"),
        Index("ix_measure_steps_follower", "subject_id", postgresql_where="kind = 'FOLLOWER_NAMED'"),
    )

    id: UUID = Field(primary_key=True)
    measure_id: UUID = Field(foreign_key="measures.id")
    ordinal: int
    kind: Turn = Field(sa_type=TEXT)
    hand: Hand = Field(sa_type=TEXT)
    at: datetime = moment()
    recorded_at: datetime = moment()
    recorded_by: UUID = Field(foreign_key="accounts.id")
    certificate_id: UUID | None = Field(default=None, foreign_key="certificates.id")
    subject_id: UUID | None = Field(default=None)
    until_day: date | None = Field(default=None)
    number: int | None = Field(default=None)
    outcome: StepOutcome | None = Field(default=None, sa_type=TEXT)
    words: str = Field(sa_type=TEXT)
    place_id: UUID | None = Field(default=None, foreign_key="inspection_places.id")
    underground: bool
    evidence: list[str] = Field(sa_type=TEXTS)


class MeasureDeadline(SQLModel, table=True):
    """A deadline that runs in a measure. `ends` is empty while the holidays that decide it are not published.

    `overrun_of` is the end of which the record told that it was overrun; `law` the edition by which it was derived.
    """

    __tablename__ = "measure_deadlines"
    __table_args__ = (
        Index("ix_measure_deadlines_open", "ends_at", "measure_id", postgresql_where="met_at IS NULL"),
        Index("ix_measure_deadlines_overrun", "ends_at", "measure_id", "key", "number",
              postgresql_where="met_at IS NULL AND (overrun_of IS NULL OR overrun_of < ends_at)"),
        Index("ix_measure_deadlines_law", "law", "measure_id", "key", "number", postgresql_where="met_at IS NULL"),
    )  # fmt: skip

    measure_id: UUID = Field(primary_key=True, foreign_key="measures.id")
    key: str = Field(primary_key=True, sa_type=TEXT)
    number: int = Field(primary_key=True)
    article: str = Field(sa_type=TEXT)
    start: date
    ends: date | None = Field(default=None)
    ends_at: datetime | None = moment(nullable=True)
    alarm: date | None = Field(default=None)
    provisional: bool
    note: str | None = text(nullable=True)
    met_at: datetime | None = moment(nullable=True)
    overrun_of: datetime | None = moment(nullable=True)
    law: int = Field(sa_type=BigInteger)
