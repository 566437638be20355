"""What the steps say that open a case: proposal, registration, scope, officers and their recusal."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from storage.casework.cases.steps import Conduct, Party, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """立案呈批: officers propose a case; the officers of the step investigate it."""

    kind: ClassVar[StepKind] = StepKind.PROPOSED
    cause: Annotated[str, "The cause of the case (案由)."]
    discovered_on: Annotated[date, "The day on which the conduct was discovered; limitation is counted to it."]
    parties: Annotated[tuple[Party, ...], "Whom it is against: units and persons apart."]
    conducts: Annotated[tuple[Conduct, ...], "What was done."]
    inspection: Annotated[UUID | None, "The inspection that it comes from."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """立案: the head approves the proposal."""

    kind: ClassVar[StepKind] = StepKind.REGISTERED
    opinion: Annotated[str, "The head's opinion."] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRegistered:
    """不予立案: the head refuses the proposal, with the reason."""

    kind: ClassVar[StepKind] = StepKind.NOT_REGISTERED
    reason: Annotated[str, "Why no case is opened."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeWidened:
    """The head adds parties or conducts that the investigation found."""

    kind: ClassVar[StepKind] = StepKind.SCOPE_WIDENED
    reason: Annotated[str, "What the investigation found."]
    parties: Annotated[tuple[Party, ...], "Parties that are added."] = ()
    conducts: Annotated[tuple[Conduct, ...], "Conducts that are added."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersAssigned:
    """The head names the officers who investigate from now on: those of the step."""

    kind: ClassVar[StepKind] = StepKind.OFFICERS_ASSIGNED
    reason: Annotated[str, "Why they change."]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalAsked:
    """回避申请: by a party, or by the officer himself."""

    kind: ClassVar[StepKind] = StepKind.RECUSAL_ASKED
    officer: Annotated[UUID, "The account of the officer."]
    reason: Annotated[str, "The interest or relation that is stated."]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalDecided:
    """回避决定: by the head; the investigation goes on until then."""

    kind: ClassVar[StepKind] = StepKind.RECUSAL_DECIDED
    asked: Annotated[UUID, "The step that asked for it."]
    granted: Annotated[bool, "Whether the officer is recused."]
    reason: Annotated[str, "Why."]
