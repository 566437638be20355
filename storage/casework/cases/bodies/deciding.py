"""What the steps say by which a case is reviewed, deliberated, decided and served."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from storage.casework.cases.steps import Conduct, Delivery, Party, Sanction, StepKind


class ReviewPoint(StrEnum):
    """What a legal review looks at (国办发〔2018〕118号)."""

    SUBJECT = "SUBJECT"
    POWERS = "POWERS"
    FACTS = "FACTS"
    EVIDENCE = "EVIDENCE"
    LAW = "LAW"
    DISCRETION = "DISCRETION"
    PROCEDURE = "PROCEDURE"
    PAPERS = "PAPERS"


class DecisionOutcome(StrEnum):
    """How a decision ends the matter for one party (处罚法57)."""

    PENALTY = "PENALTY"
    SLIGHT = "SLIGHT"
    FIRST_TIME = "FIRST_TIME"
    NO_FAULT = "NO_FAULT"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNote:
    """A note of a legal review, bound to a page of a paper or to a second of a film or sound."""

    point: Annotated[ReviewPoint, "The point that it is about."]
    words: Annotated[str, "What is noted."]
    paper: Annotated[UUID | None, "The paper of the case."] = None
    page: Annotated[int | None, "Its page, from 1."] = None
    piece: Annotated[UUID | None, "The sealed piece of the case: a film or sound."] = None
    second: Annotated[int | None, "The second of it, from 0."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubmitted:
    """The draft for one party goes to legal review."""

    kind: ClassVar[StepKind] = StepKind.REVIEW_SUBMITTED
    sanctions: Annotated[tuple[Sanction, ...], "The penalty of the draft."]
    papers: Annotated[str, "What is submitted."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReturned:
    """法制审核 sends the draft back."""

    kind: ClassVar[StepKind] = StepKind.REVIEW_RETURNED
    submitted: Annotated[UUID, "The submission."]
    notes: Annotated[str, "What is to be put right, in short."]
    remarks: Annotated[tuple[ReviewNote, ...], "What is to be put right, each at its page or second."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPassed:
    """法制审核 passes the draft."""

    kind: ClassVar[StepKind] = StepKind.REVIEW_PASSED
    submitted: Annotated[UUID, "The submission."]
    checked: Annotated[tuple[ReviewPoint, ...], "The points that were looked at: all eight."]
    reviewed_before: Annotated[bool, "Whether the reviewer has reviewed penalties before."]
    qualification: Annotated[str, "The number of his 法律职业资格; needed the first time."] = ""
    remarks: Annotated[tuple[ReviewNote, ...], "What he noted all the same, each at its page or second."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliberated:
    """集体讨论: heads together."""

    kind: ClassVar[StepKind] = StepKind.DELIBERATED
    heads: Annotated[tuple[UUID, ...], "The accounts of the heads who took part."]
    opinion: Annotated[str, "What they agreed on."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """行政处罚决定书 (or 不予行政处罚决定书) for one party, by the head."""

    kind: ClassVar[StepKind] = StepKind.DECIDED
    outcome: Annotated[DecisionOutcome, "A penalty, or on which ground there is none."]
    conducts: Annotated[tuple[UUID, ...], "The conducts that it decides on."]
    facts: Annotated[str, "Facts and evidence."]
    grounds: Annotated[str, "The grounds and the law."]
    sanctions: Annotated[tuple[Sanction, ...], "The penalty; empty where there is none."] = ()
    departure: Annotated[str, "Outside the suggested range: the reason."] = ""
    remedies: Annotated[str, "Where and by when to ask for reconsideration or sue."] = ""
    pay_to: Annotated[str, "Of a fine: where and by when to pay."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedOnTheSpot:
    """当场处罚决定书: opens a case and decides it at once."""

    kind: ClassVar[StepKind] = StepKind.DECIDED_ON_THE_SPOT
    number: Annotated[str, "The number of the form."]
    discovered_on: Annotated[date, "The day on which the conduct was discovered."]
    parties: Annotated[tuple[Party, ...], "The party: one."]
    conducts: Annotated[tuple[Conduct, ...], "What was done."]
    sanctions: Annotated[tuple[Sanction, ...], "A warning or a small fine."]
    facts: Annotated[str, "The facts, which are clear."]
    grounds: Annotated[str, "The grounds and the law."]
    heard: Annotated[bool, "Whether facts, grounds and rights were told and the party was heard."]
    handed_over: Annotated[bool, "Whether the form was handed over on the spot."]
    remedies: Annotated[str, "Where and by when to ask for reconsideration."]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotReported:
    """当场处罚 is reported to the agency for filing."""

    kind: ClassVar[StepKind] = StepKind.SPOT_REPORTED
    decision: Annotated[UUID, "The decision."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfirmed:
    """送达地址确认书."""

    kind: ClassVar[StepKind] = StepKind.SERVICE_CONFIRMED
    address: Annotated[str, "Where papers are to be sent."]
    electronic: Annotated[bool, "Whether the party agrees to be served electronically."]
    signed: Annotated[bool, "Whether the party signed it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """送达: the decision reached the party."""

    kind: ClassVar[StepKind] = StepKind.SERVED
    decision: Annotated[UUID, "The decision."]
    delivery: Annotated[Delivery, "How it reached the party."]
