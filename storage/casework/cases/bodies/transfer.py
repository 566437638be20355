"""What the steps say by which a case goes to the police, or a matter to another department."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from storage.casework.cases.steps import StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferStarted:
    """移送启动: the conduct may be a crime."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_STARTED
    crime: Annotated[str, "The crime and its article."]
    facts: Annotated[str, "The facts that point to it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEvidenceKept:
    """保存证据."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_EVIDENCE_KEPT
    evidence: Annotated[tuple[UUID, ...], "The sealed pieces."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReported:
    """提出书面报告: by two officers or more, to the head."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_REPORTED
    report: Annotated[str, "The report."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDecided:
    """负责人审批: the head approves the transfer, or refuses it with reasons."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_DECIDED
    approved: Annotated[bool, "Whether the case is transferred."]
    reason: Annotated[str, "Why."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDrawnUp:
    """制作移送文书: 移送书, the report, lists of goods, test reports."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_DRAWN_UP
    papers: Annotated[str, "The papers."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferHandedOver:
    """移交材料 to the police of the same level."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_HANDED_OVER
    police: Annotated[str, "Which police."]
    receipt: Annotated[str, "Their receipt."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAnswered:
    """The police open a case, or do not."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_ANSWERED
    opened: Annotated[bool, "Whether the police opened a case."]
    reason: Annotated[str, "Their reason."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferObjected:
    """The agency asks the police to look again, or the procurator to supervise."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_OBJECTED
    to: Annotated[str, "To whom."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferGoodsHandedOver:
    """What was seized goes to the police with the case."""

    kind: ClassVar[StepKind] = StepKind.TRANSFER_GOODS_HANDED_OVER
    receipt: Annotated[str, "Their receipt."]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """What another department must handle is passed on."""

    kind: ClassVar[StepKind] = StepKind.PASSED_ON
    to: Annotated[str, "To which department."]
    matter: Annotated[str, "What it is about."]
    closure_for: Annotated[UUID | None, "Of a proposal to close the mine (条例70): the finding that asks it."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOnReceived:
    """The other department's receipt."""

    kind: ClassVar[StepKind] = StepKind.PASSED_ON_RECEIVED
    passed: Annotated[UUID, "The step that passed it on."]
    receipt: Annotated[str, "Its receipt."]
