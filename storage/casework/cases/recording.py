"""Which steps the law wants recorded, how, and what of it is there; pure (处罚法47; 国办发〔2018〕118号)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from storage.casework.cases.bodies.deciding import Served
from storage.casework.cases.bodies.facts import Recorded, RecordingMedium, RegisterKept, Released, Seized
from storage.casework.cases.bodies.notice import HearingHeld, HearingOffered, NoticeServed
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import ServiceWay

ARTICLE = "行政处罚法第四十七条，国办发〔2018〕118号"


class Completeness(StrEnum):
    """What there is of a recording."""

    RECORDED = "RECORDED"
    GAP = "GAP"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One recording that a step should have. `whole` is 全程音像记录: from beginning to end, and never just text."""

    step: UUID
    medium: RecordingMedium
    whole: bool
    there: Completeness
    evidence: tuple[UUID, ...] = ()
    gap: str = ""


def wanted_of(step: AnyStep) -> tuple[tuple[RecordingMedium, bool], ...]:
    """What the law wants of a step besides its text: (medium, whether the whole of it).

    Seizing things is filmed from beginning to end; what easily leads to dispute, as hearings, leaving papers at a
    domicile and public notices, is filmed or photographed. A statement may be taken in writing alone.
    """
    match step.body:
        case Seized() | Released():
            return ((RecordingMedium.FILM, True),)
        case HearingHeld(came=True):
            return ((RecordingMedium.FILM, False),)
        case RegisterKept():
            return ((RecordingMedium.PICTURE, False),)
        case NoticeServed() | HearingOffered() | Served():
            way = step.body.delivery.way
            return {
                ServiceWay.LEFT: ((RecordingMedium.FILM, False),),
                ServiceWay.PUBLIC_NOTICE: ((RecordingMedium.PICTURE, False),),
            }.get(way, ())
        case _:
            return ()


def completeness_of(history: History) -> tuple[Wanted, ...]:
    """Every recording that is wanted, with the pieces that are it or the reason why there are none."""
    found = []
    for step in history:
        for medium, whole in wanted_of(step):
            told = [one.body for one in history.of(Recorded) if (one.body.step, one.body.medium) == (step.id, medium)]
            pieces = tuple(piece for one in told for piece in one.evidence)
            gap = next((one.gap for one in reversed(told) if one.gap), "")
            there = Completeness.RECORDED if pieces else Completeness.GAP if gap else Completeness.MISSING
            found.append(Wanted(step.id, medium, whole, there, pieces, gap))
    return tuple(found)


def pieces_of(step: AnyStep) -> tuple[UUID, ...]:
    """The sealed pieces that a step names."""
    pieces: tuple[UUID, ...] = getattr(step.body, "evidence", ())
    return pieces
