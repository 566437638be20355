"""What the steps say after a decision: payment, enforcement, reconsideration and suit, correction, closing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from storage.casework.cases.steps import Delivery, SanctionKind, StepKind


class PaymentWay(StrEnum):
    """How a fine is paid."""

    BANK = "BANK"
    CASH = "CASH"


class CashGround(StrEnum):
    """Why officers took cash themselves (处罚法68, 69)."""

    SMALL = "SMALL"
    HARD_LATER = "HARD_LATER"
    REMOTE_AND_ASKED = "REMOTE_AND_ASKED"


class Result(StrEnum):
    """How a reconsideration or suit ended."""

    UPHELD = "UPHELD"
    WITHDRAWN = "WITHDRAWN"
    NOT_TAKEN = "NOT_TAKEN"
    REVOKED = "REVOKED"
    REDO = "REDO"
    CHANGED = "CHANGED"


class ClosingGround(StrEnum):
    """Why a case is closed."""

    DONE = "DONE"
    COURT = "COURT"
    TRANSFERRED = "TRANSFERRED"
    NOT_DECIDABLE = "NOT_DECIDABLE"


class Term(StrEnum):
    """How long the file is kept (档案法21)."""

    PERMANENT = "PERMANENT"
    LONG = "LONG"
    SHORT = "SHORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One part of a fine and its day."""

    due_on: Annotated[date, "By when."]
    sum: Annotated[int, "How much, in fen."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment."""

    kind: ClassVar[StepKind] = StepKind.PAID
    decision: Annotated[UUID, "The decision."]
    sum: Annotated[int, "How much, in fen."]
    way: Annotated[PaymentWay, "To the bank, or in cash to the officers."]
    cash_ground: Annotated[CashGround | None, "Of cash: why officers took it."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CashHandedIn:
    """Cash that officers took is handed in."""

    kind: ClassVar[StepKind] = StepKind.CASH_HANDED_IN
    paid: Annotated[UUID, "The payment."]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentsGranted:
    """延期（分期）缴纳罚款批准书, by the head on the party's application."""

    kind: ClassVar[StepKind] = StepKind.INSTALMENTS_GRANTED
    decision: Annotated[UUID, "The decision."]
    asked_on: Annotated[date, "When the party applied."]
    reason: Annotated[str, "The hardship."]
    parts: Annotated[tuple[Instalment, ...], "The parts; one for a later day."]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurchargeOrdered:
    """加处罚款决定书."""

    kind: ClassVar[StepKind] = StepKind.SURCHARGE_ORDERED
    decision: Annotated[UUID, "The decision."]
    sum: Annotated[int, "How much, in fen: no more than has grown."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Urged:
    """催告书."""

    kind: ClassVar[StepKind] = StepKind.URGED
    decision: Annotated[UUID, "The decision."]
    delivery: Annotated[Delivery, "How it reached the party."]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtAsked:
    """申请人民法院强制执行."""

    kind: ClassVar[StepKind] = StepKind.COURT_ASKED
    decision: Annotated[UUID, "The decision."]
    court: Annotated[str, "The court."]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtRuled:
    """The court allows enforcement, or does not."""

    kind: ClassVar[StepKind] = StepKind.COURT_RULED
    asked: Annotated[UUID, "The application."]
    allowed: Annotated[bool, "Whether the court enforces."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """A penalty that is no fine was carried out."""

    kind: ClassVar[StepKind] = StepKind.EXECUTED
    decision: Annotated[UUID, "The decision."]
    sanction: Annotated[SanctionKind, "Which penalty of it."]
    how: Annotated[str, "How."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconsiderationFiled:
    """行政复议: the step's `at` is when the agency received the copy, or the application itself."""

    kind: ClassVar[StepKind] = StepKind.RECONSIDERATION_FILED
    decision: Annotated[UUID, "The decision."]
    organ: Annotated[str, "The organ of reconsideration."]
    filed_on: Annotated[date, "The day of the application; no surcharge grows from it."]
    through_agency: Annotated[bool, "Whether it came to the agency, which forwards it."] = False
    simple: Annotated[bool, "Whether the organ uses the simple procedure."] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconsiderationForwarded:
    """The agency upholds its decision and forwards the application."""

    kind: ClassVar[StepKind] = StepKind.RECONSIDERATION_FORWARDED
    filed: Annotated[UUID, "The application."]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitFiled:
    """行政诉讼: the step's `at` is when the agency received the copy."""

    kind: ClassVar[StepKind] = StepKind.SUIT_FILED
    decision: Annotated[UUID, "The decision."]
    court: Annotated[str, "The court."]
    filed_on: Annotated[date, "The day of the suit; no surcharge grows from it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """答复 or 答辩, with the evidence and its index."""

    kind: ClassVar[StepKind] = StepKind.ANSWERED
    filed: Annotated[UUID, "The application or suit."]
    papers: Annotated[str, "What was handed in."]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReceived:
    """How the reconsideration or suit ended; the step's `at` is when it reached the party."""

    kind: ClassVar[StepKind] = StepKind.OUTCOME_RECEIVED
    filed: Annotated[UUID, "The application or suit."]
    result: Annotated[Result, "How it ended."]
    decided_on: Annotated[date, "The day on which it was decided."]
    fine: Annotated[int, "If the penalty was changed: the fine that stands, in fen."] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """补正: a slip of the pen in a decision, never its substance."""

    kind: ClassVar[StepKind] = StepKind.CORRECTED
    decision: Annotated[UUID, "The decision."]
    wrong: Annotated[str, "The words that are wrong."]
    right: Annotated[str, "The words that are right."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """撤销: the agency takes its decision back."""

    kind: ClassVar[StepKind] = StepKind.REVOKED
    decision: Annotated[UUID, "The decision."]
    reason: Annotated[str, "Why."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """公示: the decision was published."""

    kind: ClassVar[StepKind] = StepKind.PUBLISHED
    decision: Annotated[UUID, "The decision."]
    where: Annotated[str, "Where."]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnFromPublic:
    """A published decision was changed or revoked: it is withdrawn, and the reason published."""

    kind: ClassVar[StepKind] = StepKind.WITHDRAWN_FROM_PUBLIC
    decision: Annotated[UUID, "The decision."]
    reason: Annotated[str, "The reason that was published."]


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularIssued:
    """通报."""

    kind: ClassVar[StepKind] = StepKind.CIRCULAR_ISSUED
    to: Annotated[str, "Whom it goes to."]
    words: Annotated[str, "What it says."]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewHeld:
    """约谈."""

    kind: ClassVar[StepKind] = StepKind.INTERVIEW_HELD
    of: Annotated[str, "Who was talked to."]
    words: Annotated[str, "What was said."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """结案审批."""

    kind: ClassVar[StepKind] = StepKind.CLOSED
    ground: Annotated[ClosingGround, "Why the case ends."]
    report: Annotated[str, "What was done and how it ended."]
    papers: Annotated[tuple[UUID, ...], "The papers that it rests on: 结案审批表, with what the head approved."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """归档."""

    kind: ClassVar[StepKind] = StepKind.ARCHIVED
    term: Annotated[Term, "How long the file is kept."]
    papers: Annotated[tuple[UUID, ...], "The papers that it rests on: 卷内目录, which knows all others."] = ()
