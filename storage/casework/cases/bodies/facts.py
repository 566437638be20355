"""What the steps say that keep facts, make their defects good, and hold things for the case."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from storage.casework.cases.steps import StepKind


class DefectKind(StrEnum):
    """What can be wrong with a fact that is kept all the same."""

    TOO_FEW_OFFICERS = "TOO_FEW_OFFICERS"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    CERTIFICATE_NOT_VALID = "CERTIFICATE_NOT_VALID"
    OFFICER_RECUSED = "OFFICER_RECUSED"
    NOT_SIGNED = "NOT_SIGNED"
    NO_EVIDENCE = "NO_EVIDENCE"
    NOT_APPROVED = "NOT_APPROVED"
    PAPERS_NOT_HANDED_OVER = "PAPERS_NOT_HANDED_OVER"
    NOT_WITNESSED = "NOT_WITNESSED"


class ApprovalOf(StrEnum):
    """What a head approves before it is done, or within a day when it was urgent."""

    REGISTER_KEPT = "REGISTER_KEPT"
    SEIZED = "SEIZED"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTaken:
    """询问笔录: signed by officers and by whoever was asked, or with the refusal noted."""

    kind: ClassVar[StepKind] = StepKind.STATEMENT_TAKEN
    of: Annotated[str, "Who was asked."]
    signed: Annotated[bool, "Whether he signed."]
    refusal: Annotated[str, "If he did not: the reason that was noted."] = ""
    evidence: Annotated[tuple[UUID, ...], "The sealed pieces that hold it."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded:
    """Evidence is put to the case."""

    kind: ClassVar[StepKind] = StepKind.EVIDENCE_ADDED
    name: Annotated[str, "What it is."]
    proves: Annotated[str, "What it is to prove."]
    evidence: Annotated[tuple[UUID, ...], "The sealed pieces."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A fact of the case that no other step holds."""

    kind: ClassVar[StepKind] = StepKind.NOTED
    words: Annotated[str, "What happened."]
    evidence: Annotated[tuple[UUID, ...], "Sealed pieces that show it."] = ()


class RecordingMedium(StrEnum):
    """How a step is recorded (处罚法47; 国办发〔2018〕118号)."""

    PICTURE = "PICTURE"
    SOUND = "SOUND"
    FILM = "FILM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """执法全过程记录: the pieces that record a step, or why there are none."""

    kind: ClassVar[StepKind] = StepKind.RECORDED
    step: Annotated[UUID, "The step that they record."]
    medium: Annotated[RecordingMedium, "Picture, sound or film."]
    evidence: Annotated[tuple[UUID, ...], "The sealed pieces."] = ()
    gap: Annotated[str, "If there are none: the reason."] = ""
    transcript: Annotated[str, "Of sound: what is said in it; may be told later, of the same pieces."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeGood:
    """A defect of a fact is made good, by two officers with certificates.

    What the law wants of two officers, each of them who did not enter it confirms by his own act, in which he names
    himself: `NOT_CONFIRMED`.
    """

    kind: ClassVar[StepKind] = StepKind.MADE_GOOD
    step: Annotated[UUID, "The step with the defect."]
    defect: Annotated[DefectKind, "Which of its defects."]
    how: Annotated[str, "How it was made good."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A fact is set aside: no decision rests on it; or what was entered late did not come when that said."""

    kind: ClassVar[StepKind] = StepKind.EXCLUDED
    step: Annotated[UUID, "The step that is set aside."]
    reason: Annotated[str, "Why."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The head approves what needs it, beforehand (without `step`) or within a day."""

    kind: ClassVar[StepKind] = StepKind.APPROVED
    of: Annotated[ApprovalOf, "What is approved."]
    step: Annotated[UUID | None, "The urgent step that is approved afterwards."] = None
    reason: Annotated[str, "Why it is needed."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterKept:
    """先行登记保存: evidence that may vanish is registered and kept."""

    kind: ClassVar[StepKind] = StepKind.REGISTER_KEPT
    items: Annotated[tuple[str, ...], "What is kept."]
    list_handed_over: Annotated[bool, "Whether the list was handed over on the spot."]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingDecided:
    """What becomes of evidence that was registered and kept."""

    kind: ClassVar[StepKind] = StepKind.KEEPING_DECIDED
    kept: Annotated[UUID, "The step that kept it."]
    outcome: Annotated[str, "What becomes of it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seized:
    """查封扣押."""

    kind: ClassVar[StepKind] = StepKind.SEIZED
    items: Annotated[tuple[str, ...], "What is sealed off or taken."]
    urgent: Annotated[bool, "Whether it had to be done before it could be approved."]
    reasons_told: Annotated[bool, "Whether reasons, grounds, rights and remedies were told on the spot."]
    papers_handed_over: Annotated[bool, "Whether the decision and the list were handed over on the spot."]
    record_signed: Annotated[bool, "Whether the party signed the record, or his refusal was noted."]
    party_present: Annotated[bool, "Whether the party was there."] = True
    witness: Annotated[str, "If the party was absent: the witness."] = ""
    measure: Annotated[UUID | None, "The order on site by which it was done: approved, extended and lifted there."] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeizureExtended:
    """延长查封扣押期限."""

    kind: ClassVar[StepKind] = StepKind.SEIZURE_EXTENDED
    seized: Annotated[UUID, "The seizure."]
    reason: Annotated[str, "Why the case is complex."]
    told_in_writing: Annotated[bool, "Whether the party was told the reasons in writing."]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForTest:
    """The party is told in writing how long what was seized is tested: those days do not count."""

    kind: ClassVar[StepKind] = StepKind.SENT_FOR_TEST
    seized: Annotated[UUID, "The seizure."]
    first: Annotated[date, "The first day of the test."]
    last: Annotated[date, "Its last day."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """解除查封扣押: things go back, or where the decision sends them."""

    kind: ClassVar[StepKind] = StepKind.RELEASED
    seized: Annotated[UUID, "The seizure."]
    outcome: Annotated[str, "What became of the things."]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionOrdered:
    """责令限期改正."""

    kind: ClassVar[StepKind] = StepKind.CORRECTION_ORDERED
    what: Annotated[str, "What is to be corrected."]
    due_on: Annotated[date, "By when."]
    finding: Annotated[UUID | None, "The finding that it comes from."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionChecked:
    """复查: whether it was corrected, and if not, whether it was refused."""

    kind: ClassVar[StepKind] = StepKind.CORRECTION_CHECKED
    ordered: Annotated[UUID, "The order."]
    corrected: Annotated[bool, "Whether it is corrected."]
    refused: Annotated[bool, "Whether the party refused to correct it."] = False
