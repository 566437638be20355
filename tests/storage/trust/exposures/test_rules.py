"""Tests of the rules of exposures: what is widened, what is left, until when it is shown, who may."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.field.evidence.tables import EvidenceState
from storage.field.inspections.tables import Basis
from storage.record.ledger.proofs.pictures import TILE, Grid
from storage.record.problems import BadInput
from storage.trust.exposures import problems, rules
from storage.trust.exposures.problems import Unusable
from storage.trust.exposures.rules import WHOLE, Asked, Photo, Piece
from tests.factories.exposures import REGION

pytestmark = pytest.mark.quick

PIECE = Piece(
    id=uuid4(), state="SEALED", media_type="image/jpeg", basis="PLANNED", sha256=bytes(32), size=1, object_name="x",
    object_version="v",
)  # fmt: skip


@given(st.integers(1, 960), st.integers(1, 960), st.integers(0, WHOLE - 1), st.integers(0, WHOLE - 1), st.data())
def test_a_region_is_widened_to_whole_tiles_and_never_loses_a_pixel_that_was_drawn(
    width: int, height: int, left: int, top: int, data: st.DataObject
) -> None:
    asked = Asked(left=left, top=top, width=data.draw(st.integers(1, WHOLE - left)),
                  height=data.draw(st.integers(1, WHOLE - top)))  # fmt: skip
    found = rules._widened(asked, Grid(width, height))
    for first, last, size, begin, length in ((found.left, found.right, width, asked.left, asked.width),
                                             (found.top, found.bottom, height, asked.top, asked.height)):  # fmt: skip
        assert 0 <= first < last <= size
        assert first % TILE == 0
        assert last % TILE == 0 or last == size
        assert first * WHOLE <= begin * size
        assert last * WHOLE >= (begin + length) * size or last == size


def test_something_of_a_picture_is_left() -> None:
    grid = Grid(160, 160)
    most = Asked(left=0, top=0, width=WHOLE, height=9_000)
    assert len(grid.covered(rules.regions_of(0, [most], grid))) == 90
    more = Asked(left=0, top=0, width=WHOLE, height=9_001)
    with pytest.raises(problems.RegionsUnfit):
        rules.regions_of(0, [more], grid)
    assert rules.regions_of(0, [REGION, REGION], grid) == rules.regions_of(0, [REGION], grid)


@pytest.mark.parametrize("state", [*EvidenceState])
@pytest.mark.parametrize("basis", [*Basis])
def test_a_piece_is_shown_only_where_it_is_sealed_and_of_a_planned_inspection(
    state: EvidenceState, basis: Basis
) -> None:
    piece = replace(PIECE, state=state.value, basis=basis.value)
    if state is EvidenceState.SEALED and basis is Basis.PLANNED:
        rules.must_be_usable(piece.id, piece, excluded=False)
        return
    with pytest.raises(problems.PhotoNotUsable) as told:
        rules.must_be_usable(piece.id, piece, excluded=False)
    assert told.value.parameters["reason"] == ("NOT_PLANNED" if basis is Basis.REASONED else "NOT_SEALED")


def test_a_piece_that_was_set_aside_or_is_no_photo_is_not_shown() -> None:
    for piece, excluded, why in (
        (PIECE, True, Unusable.EXCLUDED), (None, False, Unusable.NOT_OF_THE_CASE),
        (replace(PIECE, media_type="image/heic"), False, Unusable.NO_PHOTO),
        (replace(PIECE, media_type=None), False, Unusable.NO_PHOTO),
        (replace(PIECE, object_version=None), False, Unusable.NOT_SEALED),
    ):  # fmt: skip
        with pytest.raises(problems.PhotoNotUsable) as told:
            rules.must_be_usable(PIECE.id, piece, excluded=excluded)
        assert told.value.parameters == {"evidence": str(PIECE.id), "reason": why.value}


def test_one_photo_is_shown_once_and_seven_are_too_many() -> None:
    photo = Photo(evidence_id=uuid4(), regions=(), alt="照片")
    rules.must_be_photos([photo], nobody_recognisable=True)
    for photos in ([photo, photo], [Photo(evidence_id=uuid4(), regions=(), alt="照片") for _ in range(7)]):
        with pytest.raises(BadInput):
            rules.must_be_photos(photos, nobody_recognisable=True)
    with pytest.raises(problems.PictureWithoutWords):
        rules.must_be_photos([Photo(evidence_id=uuid4(), regions=(), alt="字" * 301)], nobody_recognisable=True)
