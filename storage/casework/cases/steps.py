"""What a step of a case is, and the things that steps speak of: officers, parties, conducts, sanctions, deliveries."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID


class StepKind(StrEnum):
    """Every step that a case can take; the order is that of the procedure."""

    PROPOSED = "PROPOSED"
    REGISTERED = "REGISTERED"
    NOT_REGISTERED = "NOT_REGISTERED"
    SCOPE_WIDENED = "SCOPE_WIDENED"
    OFFICERS_ASSIGNED = "OFFICERS_ASSIGNED"
    RECUSAL_ASKED = "RECUSAL_ASKED"
    RECUSAL_DECIDED = "RECUSAL_DECIDED"
    STATEMENT_TAKEN = "STATEMENT_TAKEN"
    EVIDENCE_ADDED = "EVIDENCE_ADDED"
    NOTED = "NOTED"
    RECORDED = "RECORDED"
    MADE_GOOD = "MADE_GOOD"
    EXCLUDED = "EXCLUDED"
    APPROVED = "APPROVED"
    REGISTER_KEPT = "REGISTER_KEPT"
    KEEPING_DECIDED = "KEEPING_DECIDED"
    SEIZED = "SEIZED"
    SEIZURE_EXTENDED = "SEIZURE_EXTENDED"
    SENT_FOR_TEST = "SENT_FOR_TEST"
    RELEASED = "RELEASED"
    CORRECTION_ORDERED = "CORRECTION_ORDERED"
    CORRECTION_CHECKED = "CORRECTION_CHECKED"
    INVESTIGATION_ENDED = "INVESTIGATION_ENDED"
    DISCRETION_SUGGESTED = "DISCRETION_SUGGESTED"
    NOTICE_SERVED = "NOTICE_SERVED"
    HEARING_OFFERED = "HEARING_OFFERED"
    DEFENCE_RECEIVED = "DEFENCE_RECEIVED"
    DEFENCE_WAIVED = "DEFENCE_WAIVED"
    DEFENCE_EXAMINED = "DEFENCE_EXAMINED"
    HEARING_ASKED = "HEARING_ASKED"
    HEARING_WAIVED = "HEARING_WAIVED"
    HEARING_NOTIFIED = "HEARING_NOTIFIED"
    HEARING_HELD = "HEARING_HELD"
    REVIEW_SUBMITTED = "REVIEW_SUBMITTED"
    REVIEW_RETURNED = "REVIEW_RETURNED"
    REVIEW_PASSED = "REVIEW_PASSED"
    DELIBERATED = "DELIBERATED"
    DECIDED = "DECIDED"
    DECIDED_ON_THE_SPOT = "DECIDED_ON_THE_SPOT"
    SPOT_REPORTED = "SPOT_REPORTED"
    SERVICE_CONFIRMED = "SERVICE_CONFIRMED"
    SERVED = "SERVED"
    PAID = "PAID"
    CASH_HANDED_IN = "CASH_HANDED_IN"
    INSTALMENTS_GRANTED = "INSTALMENTS_GRANTED"
    SURCHARGE_ORDERED = "SURCHARGE_ORDERED"
    URGED = "URGED"
    COURT_ASKED = "COURT_ASKED"
    COURT_RULED = "COURT_RULED"
    EXECUTED = "EXECUTED"
    RECONSIDERATION_FILED = "RECONSIDERATION_FILED"
    RECONSIDERATION_FORWARDED = "RECONSIDERATION_FORWARDED"
    SUIT_FILED = "SUIT_FILED"
    ANSWERED = "ANSWERED"
    OUTCOME_RECEIVED = "OUTCOME_RECEIVED"
    CORRECTED = "CORRECTED"
    REVOKED = "REVOKED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN_FROM_PUBLIC = "WITHDRAWN_FROM_PUBLIC"
    TRANSFER_STARTED = "TRANSFER_STARTED"
    TRANSFER_EVIDENCE_KEPT = "TRANSFER_EVIDENCE_KEPT"
    TRANSFER_REPORTED = "TRANSFER_REPORTED"
    TRANSFER_DECIDED = "TRANSFER_DECIDED"
    TRANSFER_DRAWN_UP = "TRANSFER_DRAWN_UP"
    TRANSFER_HANDED_OVER = "TRANSFER_HANDED_OVER"
    TRANSFER_ANSWERED = "TRANSFER_ANSWERED"
    TRANSFER_OBJECTED = "TRANSFER_OBJECTED"
    TRANSFER_GOODS_HANDED_OVER = "TRANSFER_GOODS_HANDED_OVER"
    PASSED_ON = "PASSED_ON"
    PASSED_ON_RECEIVED = "PASSED_ON_RECEIVED"
    CIRCULAR_ISSUED = "CIRCULAR_ISSUED"
    INTERVIEW_HELD = "INTERVIEW_HELD"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"


class PartyKind(StrEnum):
    """Whom the law punishes apart: units, and the persons responsible in them."""

    UNIT = "UNIT"
    PERSON = "PERSON"


class SanctionKind(StrEnum):
    """The kinds of 行政处罚法9, and the daily penalty of 安法112."""

    WARNING = "WARNING"
    CRITICISM = "CRITICISM"
    FINE = "FINE"
    DAILY_FINE = "DAILY_FINE"
    CONFISCATION = "CONFISCATION"
    LICENCE_SUSPENDED = "LICENCE_SUSPENDED"
    DOWNGRADED = "DOWNGRADED"
    LICENCE_REVOKED = "LICENCE_REVOKED"
    STOPPED = "STOPPED"
    SHUT_DOWN = "SHUT_DOWN"
    BARRED = "BARRED"


class ServiceWay(StrEnum):
    """The lawful ways of service (处罚法61; 民诉法87–95)."""

    DIRECT = "DIRECT"
    LEFT = "LEFT"
    ELECTRONIC = "ELECTRONIC"
    POST = "POST"
    ENTRUSTED = "ENTRUSTED"
    PUBLIC_NOTICE = "PUBLIC_NOTICE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """An officer who took part in a step, with the certificate that was valid on its day, if any."""

    account: UUID
    certificate: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whom the case is against."""

    id: Annotated[UUID, "Made by the client; later steps name it."]
    kind: Annotated[PartyKind, "A unit, or a person responsible in it."]
    name: Annotated[str, "Its name."]
    subject: Annotated[str, "The unit's credit code, or the person's id in the record."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """One act that the law forbids, the unit of one act, one fine. `ended_on` is None while it goes on."""

    id: Annotated[UUID, "Made by the client; later steps name it."]
    name: Annotated[str, "What was done, in the words of the standard."]
    clause: Annotated[str, "The clause that was broken."]
    began_on: Annotated[date, "The day on which it was done or began."]
    ended_on: Annotated[date | None, "The day on which it ended; null while it goes on."] = None
    life_or_health: Annotated[bool, "Whether it touches the life, health or safety of people."] = False
    harm: Annotated[bool, "Whether it did harm."] = False
    finding: Annotated[UUID | None, "The finding that it comes from."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """One penalty. `basis` names the range of fines in `storage/record/law`, where there is one."""

    kind: Annotated[SanctionKind, "Its kind."]
    sum: Annotated[int, "The sum in fen: of a fine or of what is confiscated; else 0."] = 0
    basis: Annotated[str, "Of a fine: the key of its range in the law, e.g. fine_major_hazard_unit."] = ""
    reckoned_on: Annotated[int, "Of a fine whose range is in per cent: the gains or the income in fen; else 0."] = 0
    days: Annotated[int, "The days of a stop, of a suspended licence, or that a daily penalty counts; else 0."] = 0
    conduct: Annotated[UUID | None, "The conduct that it is for; null: each that the decision names."] = None
    terms: Annotated[str, "Of a stop to rectify: what is to be put right before work goes on; else empty."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a paper reached a party. The step's `at` is the moment from which the party's time runs."""

    way: Annotated[ServiceWay, "The way of service."]
    proof: Annotated[str, "What proves it: the signed receipt, the post's receipt, the film."]
    receiver: Annotated[str, "Who received it."] = ""
    witness: Annotated[str, "Who witnessed that it was left at the domicile."] = ""
    filmed: Annotated[bool, "Whether leaving it was filmed."] = False
    published_on: Annotated[date | None, "The day of the public notice."] = None
    reason: Annotated[str, "Why nothing but a public notice was possible."] = ""


class Body(Protocol):
    """What a step says beyond who, when and of whom: a frozen dataclass of `bodies/`."""

    kind: ClassVar[StepKind]


B = TypeVar("B", bound=Body, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[B]):
    """One step. `at` is when it was done (or reached the party), `by` whose hand entered it."""

    id: UUID
    at: datetime
    by: UUID
    body: B
    party: UUID | None = None
    officers: tuple[Officer, ...] = ()

    @property
    def kind(self) -> StepKind:
        """The kind that its body has."""
        return self.body.kind
