"""What the steps say between the investigation's end and the legal review: discretion, notice, defence, hearing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from storage.casework.cases.steps import Delivery, Sanction, StepKind
from storage.record.law.discretion import Circumstance, DiscretionGround


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationEnded:
    """调查终结报告."""

    kind: ClassVar[StepKind] = StepKind.INVESTIGATION_ENDED
    facts: Annotated[str, "The facts that were established."]
    complex: Annotated[bool, "情节复杂或者重大违法: the heads decide together."] = False
    public_interest: Annotated[bool, "涉及重大公共利益: legal review is needed."] = False
    many_relations: Annotated[bool, "案件情况疑难复杂、涉及多个法律关系: legal review is needed."] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscretionSuggested:
    """The tier and range for one party's fine on one basis, beside which the case shows what the standard suggests."""

    kind: ClassVar[StepKind] = StepKind.DISCRETION_SUGGESTED
    standard: Annotated[str, "The item of the standard, as the paper is to name it."]
    basis: Annotated[str, "The key of the range of the law, as the fine will name it."]
    ground: Annotated[DiscretionGround, "从重, 一般, 从轻, 减轻, 不罚."]
    least: Annotated[int, "The least fine in fen; 0 for none."]
    most: Annotated[int, "The largest fine in fen; 0 for none."]
    reason: Annotated[str, "The facts behind the circumstances."]
    conduct: Annotated[UUID | None, "The conduct, as the fine will name it; null for all."] = None
    circumstances: Annotated[tuple[Circumstance, ...], "What officers state besides what the record shows."] = ()
    reckoned_on: Annotated[int, "Of a range in per cent: the gains or the income in fen; else 0."] = 0
    departure: Annotated[str, "Outside what the standard gives: the reason."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeServed:
    """行政处罚告知书, served on one party."""

    kind: ClassVar[StepKind] = StepKind.NOTICE_SERVED
    conducts: Annotated[tuple[UUID, ...], "The conducts that it is about."]
    sanctions: Annotated[tuple[Sanction, ...], "The penalty that is intended."]
    facts: Annotated[str, "The facts."]
    grounds: Annotated[str, "The grounds and the law."]
    rights_told: Annotated[bool, "Whether the right to state and defend is told."]
    delivery: Annotated[Delivery, "How it reached the party."]
    new_facts: Annotated[str, "Of a heavier notice after a defence: the new facts on which it rests."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingOffered:
    """行政处罚听证告知书."""

    kind: ClassVar[StepKind] = StepKind.HEARING_OFFERED
    delivery: Annotated[Delivery, "How it reached the party."]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefenceReceived:
    """陈述申辩: what the party says; taken even when it comes late."""

    kind: ClassVar[StepKind] = StepKind.DEFENCE_RECEIVED
    words: Annotated[str, "What it says."]
    evidence: Annotated[tuple[UUID, ...], "Sealed pieces that came with it."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefenceWaived:
    """The party gives up stating and defending, in writing."""

    kind: ClassVar[StepKind] = StepKind.DEFENCE_WAIVED
    signed: Annotated[bool, "Whether the party signed it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefenceExamined:
    """陈述申辩复核: each defence gets a written answer."""

    kind: ClassVar[StepKind] = StepKind.DEFENCE_EXAMINED
    defence: Annotated[UUID, "The step that received it."]
    accepted: Annotated[bool, "Whether it is accepted."]
    answer: Annotated[str, "The written answer: facts, reasons and evidence looked at again."]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingAsked:
    """The party asks for a hearing, in time."""

    kind: ClassVar[StepKind] = StepKind.HEARING_ASKED
    how: Annotated[str, "How it was asked for."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingWaived:
    """The party gives the hearing up, in writing."""

    kind: ClassVar[StepKind] = StepKind.HEARING_WAIVED
    signed: Annotated[bool, "Whether the party signed it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingNotified:
    """听证通知书: time, place and chair, told in time."""

    kind: ClassVar[StepKind] = StepKind.HEARING_NOTIFIED
    hearing_at: Annotated[datetime, "When the hearing is held."]
    place: Annotated[str, "Where."]
    chair: Annotated[UUID, "The account of the chair."]
    delivery: Annotated[Delivery, "How it reached the party."]
    closed_because: Annotated[str, "If it is not open: the secret or privacy that it is closed for."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingHeld:
    """听证笔录, entered by the chair; a party that stays away or leaves has given the hearing up."""

    kind: ClassVar[StepKind] = StepKind.HEARING_HELD
    notified: Annotated[UUID, "The step that notified it."]
    came: Annotated[bool, "Whether the party came and stayed."]
    agents: Annotated[int, "How many agents it brought."] = 0
    record_signed: Annotated[bool, "Whether party or agent signed the record."] = True
    refusal: Annotated[str, "If not: what the chair noted."] = ""
