"""What the law asks of exposing a case: when, by whom, which photos, how they are covered; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, DecisionOutcome
from storage.casework.cases.history import History
from storage.casework.cases.rulings import Ruling, served_at
from storage.field.evidence.tables import EvidenceState
from storage.field.inspections.tables import Basis
from storage.record.law import Law
from storage.record.ledger.proofs.pictures import MOST_PICTURES, MOST_REGIONS, TILE, Grid, Region
from storage.record.problems import BadInput
from storage.trust.disclosures import rules as disclosing
from storage.trust.exposures import problems
from storage.trust.exposures.problems import UnfitRegion, Unusable
from storage.trust.exposures.tables import ExposureState

BASIS = "政府信息公开条例第十九条、第三十七条，行政处罚法第四十八条"
TAKEN = ("image/jpeg", "image/png", "image/webp", "image/avif")
"""The types of photos that are decoded here."""
WHOLE = 10_000
"""Regions are asked for in ten-thousandths of the upright picture's sides, whatever size it is looked at in."""
LEAST_LEFT = 10
"""Of ten tiles one at the least stays: a picture that shows nothing proves nothing and tells nothing."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ALT = 60, 4_000, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A rectangle that an officer drew, in ten-thousandths of width and height."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo that is to be shown: which piece, what is to be covered, and its words for who cannot see it."""

    evidence_id: UUID
    regions: tuple[Asked, ...]
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A case as an officer words it for the public: what happened, what followed, and what others learn of it."""

    title: str
    facts: str
    handling: str
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What the record says of a piece that is named."""

    id: UUID
    state: str
    media_type: str | None
    basis: str
    sha256: bytes
    size: int
    object_name: str
    object_version: str | None


def ruling_of(history: History) -> Ruling:
    """处罚法48, 61: the last penalty that is served and in force; CaseNotOver without one."""
    served = [one for one in history.decisions() if _is_penalty(one) and served_at(one, history) is not None]
    if not served:
        raise problems.CaseNotOver()
    return served[-1]


def has_fallen(history: History) -> bool:
    """处罚法48: no penalty of the case is in force any more, or one was changed by a reconsideration or suit."""
    standing = [one for one in history.decisions() if _is_penalty(one)]
    return not standing or any(disclosing.is_changed(one, history) for one in standing)


def shown_until(history: History, law: Law) -> date | None:
    """令36: no longer than the first of the penalties that it tells of."""
    days = [disclosing.shown_until(one, law) for one in history.decisions() if _is_penalty(one)]
    return min((one for one in days if one is not None), default=None)


def must_be_worded(words: Words) -> None:
    """Each text is there, and none is a file of its own."""
    for name, most in (("title", LONGEST_TITLE), ("facts", LONGEST_TEXT), ("handling", LONGEST_TEXT),
                       ("lesson", LONGEST_TEXT)):  # fmt: skip
        text = getattr(words, name)
        if not text.strip() or len(text) > most:
            raise BadInput(field=name, reason=f"1-{most}")


def must_be_photos(photos: Sequence[Photo], *, nobody_recognisable: bool) -> None:
    """公开条例15; 个保法28, 31: nobody is recognised, a minor or a third person least of all; each has its words."""
    if not nobody_recognisable:
        raise problems.PeopleNotCovered()
    if len(photos) > MOST_PICTURES or len({one.evidence_id for one in photos}) < len(photos):
        raise BadInput(field="photos", reason=f"0-{MOST_PICTURES}")
    for at, one in enumerate(photos):
        if not one.alt.strip() or len(one.alt) > LONGEST_ALT:
            raise problems.PictureWithoutWords(picture=at + 1)
        _must_be_regions(at, one.regions)


def must_be_usable(id: UUID, piece: Piece | None, *, excluded: bool) -> None:
    """处罚法46: sealed evidence of this case; `excluded` where every step that names it was set aside.

    Of an inspection by the plan alone: one that was opened for a reason may have been led to by a report, and nothing
    here asks whether there was one, since the answer would tell it.
    """
    why: Unusable | None = None
    if piece is None:
        why = Unusable.NOT_OF_THE_CASE
    elif piece.basis != Basis.PLANNED:
        why = Unusable.NOT_PLANNED
    elif piece.state != EvidenceState.SEALED or piece.object_version is None:
        why = Unusable.NOT_SEALED
    elif excluded:
        why = Unusable.EXCLUDED
    elif piece.media_type not in TAKEN:
        why = Unusable.NO_PHOTO
    if why is not None:
        raise problems.PhotoNotUsable(evidence=str(id), reason=why.value)


def regions_of(at: int, asked: Sequence[Asked], grid: Grid) -> tuple[Region, ...]:
    """What was drawn, widened to whole tiles; RegionsUnfit where too little of the picture would be left."""
    found = tuple(dict.fromkeys(_widened(one, grid) for one in asked))
    if (grid.count - len(grid.covered(found))) * LEAST_LEFT < grid.count:
        raise problems.RegionsUnfit(picture=at + 1, reason=UnfitRegion.NOTHING_LEFT.value)
    return found


def must_be_a_draft(state: str) -> None:
    """Decided once."""
    if state != ExposureState.DRAFTED:
        raise problems.ExposureDecided()


def must_not_be_its_drafter(account: UUID, drafted_by: UUID) -> None:
    """Four eyes: nobody approves what he drafted."""
    if account == drafted_by:
        raise problems.ExposedByItsDrafter()


def _is_penalty(one: Ruling) -> bool:
    if isinstance(one.body, DecidedOnTheSpot):
        return True
    return isinstance(one.body, Decided) and one.body.outcome is DecisionOutcome.PENALTY


def _must_be_regions(at: int, asked: Sequence[Asked]) -> None:
    why: UnfitRegion | None = UnfitRegion.TOO_MANY if len(asked) > MOST_REGIONS else None
    for one in asked:
        if one.width <= 0 or one.height <= 0:
            why = UnfitRegion.EMPTY
        elif not (0 <= one.left <= one.left + one.width <= WHOLE and 0 <= one.top <= one.top + one.height <= WHOLE):
            why = UnfitRegion.OUTSIDE
    if why is not None:
        raise problems.RegionsUnfit(picture=at + 1, reason=why.value)


def _widened(one: Asked, grid: Grid) -> Region:
    left, right = _ends(one.left, one.width, grid.width)
    top, bottom = _ends(one.top, one.height, grid.height)
    return Region(left=left, top=top, right=right, bottom=bottom)


def _ends(first: int, length: int, size: int) -> tuple[int, int]:
    """The tiles that a stretch touches at all."""
    begin = min(first * size // WHOLE, size - 1) // TILE * TILE
    end = -(-(first + length) * size // WHOLE)
    return begin, min(max(-(-end // TILE) * TILE, begin + TILE), size)
