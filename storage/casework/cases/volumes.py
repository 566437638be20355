"""What of a case goes into which volume of its file (案卷): the main one (正卷) or the second (副卷)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.problems import unlawful
from storage.casework.cases.steps import PartyKind, StepKind
from storage.record import glossary
from storage.record.ledger.proofs.entries import Entry


class Volume(StrEnum):
    """What of a case a pack holds: the main volume, for courts and parties, or both volumes."""

    MAIN = "MAIN"
    WHOLE = "WHOLE"


class Withheld(StrEnum):
    """Why a step is not given out."""

    SECOND_VOLUME = "SECOND_VOLUME"
    OTHER_PARTY = "OTHER_PARTY"
    ERASED = "ERASED"
    NOT_FOR_PARTY = "NOT_FOR_PARTY"


_K = StepKind
_HOW_IT_IS_FILED = "调查终结报告、审核意见、结案审批等归副卷（参照《市场监督管理行政处罚程序规定》案卷归档条款）"
_WORK_IN_PROGRESS = "行政执法过程中的讨论记录、过程稿、请示报告可以不公开（政府信息公开条例第十六条）"
_CRIMINAL = "涉嫌犯罪案件移送（行政执法机关移送涉嫌犯罪案件的规定）；侦查未终结不得泄露"
SECOND: Final[dict[StepKind, str]] = {
    _K.NOTED: _WORK_IN_PROGRESS,
    _K.INVESTIGATION_ENDED: _HOW_IT_IS_FILED,
    _K.DISCRETION_SUGGESTED: _HOW_IT_IS_FILED,
    _K.REVIEW_SUBMITTED: _HOW_IT_IS_FILED,
    _K.REVIEW_RETURNED: _HOW_IT_IS_FILED,
    _K.REVIEW_PASSED: _HOW_IT_IS_FILED,
    _K.DELIBERATED: _WORK_IN_PROGRESS,
    _K.TRANSFER_STARTED: _CRIMINAL,
    _K.TRANSFER_EVIDENCE_KEPT: _CRIMINAL,
    _K.TRANSFER_REPORTED: _CRIMINAL,
    _K.TRANSFER_DECIDED: _CRIMINAL,
    _K.TRANSFER_DRAWN_UP: _CRIMINAL,
    _K.TRANSFER_HANDED_OVER: _CRIMINAL,
    _K.TRANSFER_ANSWERED: _CRIMINAL,
    _K.TRANSFER_OBJECTED: _CRIMINAL,
    _K.TRANSFER_GOODS_HANDED_OVER: _CRIMINAL,
    _K.PASSED_ON: _WORK_IN_PROGRESS,
    _K.PASSED_ON_RECEIVED: _WORK_IN_PROGRESS,
    _K.CLOSED: _HOW_IT_IS_FILED,
}
"""The steps of the second volume, each with the reason; every other one is of the main volume.

To be confirmed by a legal office and an archive: coal-mine safety has no rule of its own for the two volumes.
"""
KINDS: Final[dict[str, StepKind]] = {f"case.{kind.value.lower()}": kind for kind in StepKind}
"""The kind of step by the kind of its entry."""


def withheld_of(steps: Sequence[Entry], volume: Volume, *, own: bool) -> dict[int, Withheld]:
    """Which of these steps are not given out, by ordinal; `own`: to the mine that the case is against.

    A film of a step goes where the step goes. What is about a person goes to no mine, nor what names one as a party:
    the decision on him is his own (处罚法50; 个人信息保护法13).
    """
    kinds = {entry.data["step"]: KINDS[entry.kind] for entry in steps}
    persons = {one["id"] for entry in steps for one in _parties(entry) if one["kind"] != PartyKind.UNIT}
    found: dict[int, Withheld] = {}
    for entry in steps:
        kind = KINDS[entry.kind]
        filed_as = kinds.get(entry.data["body"].get("step"), kind) if kind is _K.RECORDED else kind
        if volume is Volume.MAIN and filed_as in SECOND:
            found[entry.data["ordinal"]] = Withheld.SECOND_VOLUME
        elif own and (entry.data.get("party") in persons or any(one["id"] in persons for one in _parties(entry))):
            found[entry.data["ordinal"]] = Withheld.OTHER_PARTY
    return found


def holes_in(steps: Sequence[Entry], *, own: bool) -> dict[int, Withheld]:
    """The ordinals before the last step of which there is nothing to give: the payload was erased by law.

    A mine's sight ends before the second volume: of what it does not see it is told that, and not which of the two.
    """
    there = {entry.data["ordinal"] for entry in steps}
    why = Withheld.NOT_FOR_PARTY if own else Withheld.ERASED
    return {one: why for one in range(max(there, default=0)) if one not in there}


def must_be_served(steps: Sequence[Entry]) -> None:
    """处罚法61: the party has the pack once the decision was served on the unit; DecisionNotServed."""
    units = {one["id"] for entry in steps for one in _parties(entry) if one["kind"] == PartyKind.UNIT}
    served = (_K.SERVED, _K.DECIDED_ON_THE_SPOT)
    if not any(KINDS[entry.kind] in served and entry.data.get("party") in units for entry in steps):
        raise unlawful(problems.DecisionNotServed)


def said_of(why: Withheld) -> str:
    """The reason as people read it, in both languages."""
    return " / ".join(glossary.sentence(f"WITHHELD_{why}", language) for language in ("zh", "en"))


def findings_of(steps: Sequence[Entry]) -> list[UUID]:
    """The findings on which the case rests, as these steps name them."""
    conducts = (one for entry in steps for one in entry.data["body"].get("conducts", ()))
    return list(dict.fromkeys(UUID(one["finding"]) for one in conducts if type(one) is dict and "finding" in one))


def pieces_of(steps: Sequence[Entry]) -> list[UUID]:
    """The pieces of evidence that these steps name."""
    return list(dict.fromkeys(UUID(one) for entry in steps for one in entry.data["body"].get("evidence", ())))


def _parties(entry: Entry) -> Sequence[Mapping[str, Any]]:
    parties: Sequence[Mapping[str, Any]] = entry.data["body"].get("parties", ())
    return parties
