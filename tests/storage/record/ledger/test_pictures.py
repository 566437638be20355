"""Tests of the proof that a picture shows what it did wherever it is not covered, and of what a forger is told."""

import random
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.ledger.proofs import pictures, rasters
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.pictures import TILE, Grid, Region, verify_bundle
from storage.record.ledger.proofs.rasters import Raster
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.vectors import sample
from tests.vectors.pictured import HEIGHT, REGIONS, SECRET, WIDTH, chunk, flipped, made, png, raster

pytestmark = pytest.mark.quick

TRUST = sample.server().keys.document()


def failing(data: bytes) -> tuple[str, str]:
    """The check that failed first, and what it says."""
    found = verify_bundle(data, TRUST)
    assert found.status is Status.BROKEN
    assert found.failed is not None
    return found.failed.name, found.failed.detail


@st.composite
def covered_grids(draw: st.DrawFn) -> tuple[int, int, list[Region]]:
    """A size, and regions of whole tiles in it."""
    grid = Grid(draw(st.integers(1, 100)), draw(st.integers(1, 100)))
    places = draw(st.lists(st.tuples(st.integers(0, grid.count - 1), st.integers(0, grid.count - 1)), max_size=4))
    regions = []
    for first, second in places:
        one, two = grid.place(first), grid.place(second)
        regions.append(Region(left=min(one.left, two.left), top=min(one.top, two.top),
                              right=max(one.right, two.right), bottom=max(one.bottom, two.bottom)))  # fmt: skip
    return grid.width, grid.height, regions


@given(covered_grids())
def test_whatever_is_covered_the_rest_comes_to_the_root_of_the_whole(drawn: tuple[int, int, list[Region]]) -> None:
    width, height, regions = drawn
    whole = raster(width=width, height=height)
    proven = pictures.proven(whole, regions, SECRET)
    shown = pictures.covered(whole, regions)
    assert pictures.root_of(whole, SECRET) == proven.root
    assert pictures.found_root(shown, regions, proven.values) == (proven.root, proven.hints)
    pictures.must_be_filled(shown, regions)
    hidden = Grid(width, height).covered(regions)
    assert len(proven.hints) == Grid(width, height).count * pictures.HINT
    assert hidden or proven.values == (SECRET,)


def test_a_published_value_leads_to_no_salt_of_a_covered_tile() -> None:
    whole = raster()
    grid, hidden = Grid(WIDTH, HEIGHT), Grid(WIDTH, HEIGHT).covered(REGIONS)
    proven = pictures.proven(whole, REGIONS, SECRET)

    def salts(low: int, high: int, seed: bytes) -> dict[int, bytes]:
        if high - low == 1:
            return {low: seed}
        middle = low + pictures._split(high - low)
        left = salts(low, middle, pictures._child(b"\x02", seed))
        return left | salts(middle, high, pictures._child(b"\x03", seed))

    every = salts(0, grid.count, SECRET)
    secret = {every[one] for one in hidden}
    reached = set(proven.values)
    for value in proven.values:
        for count in range(1, grid.count + 1):
            reached |= set(salts(0, count, value).values())
    assert secret
    assert not secret & reached
    assert SECRET not in reached


def test_two_pictures_that_differ_under_the_cover_alone_are_told_apart_by_the_root_and_by_nothing_published() -> None:
    one, other = raster(), raster(changed=(20, 3))
    mine, theirs = (pictures.proven(each, REGIONS, SECRET) for each in (one, other))
    assert mine.root != theirs.root
    assert pictures.covered(one, REGIONS) == pictures.covered(other, REGIONS)
    differing = [at for at, pair in enumerate(zip(mine.values, theirs.values, strict=True)) if pair[0] != pair[1]]
    assert len(differing) == 1, "one hash of a covered part, which nobody can try out without its salts"
    assert mine.hints == theirs.hints


@pytest.mark.parametrize("at", [(0, 0), (15, 0), (69, 20), (0, 49), (63, 49), (48, 0), (16, 16)])
def test_one_pixel_outside_is_named_by_its_tile(at: tuple[int, int]) -> None:
    name, detail = failing(made(flipped(at)))
    assert name == "tiles"
    assert detail.startswith(f"the tile at {at[0] // TILE * TILE}, {at[1] // TILE * TILE} differs")


@pytest.mark.parametrize("at", [(16, 0), (47, 15), (69, 49)])
def test_one_pixel_inside_is_named_by_its_region(at: tuple[int, int]) -> None:
    name, detail = failing(made(flipped(at)))
    assert (name, f"row {at[1]}" in detail) == ("covered", True)


def test_a_picture_of_another_original_does_not_come_to_the_root() -> None:
    other = pictures.proven(raster(changed=(3, 3)), REGIONS, SECRET)
    whole = parse_canonical(made(), pictures.LIMIT)
    changed = canonical(whole | {"proof": [one.hex() for one in other.values]})
    assert verify_bundle(changed, TRUST).status is Status.VERIFIED, "its covered part is the same"
    assert failing(made(png(pictures.covered(raster(changed=(3, 3)), REGIONS))))[0] == "tiles"


def test_the_file_of_a_bundle_is_recognised_by_its_name_or_by_itself(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(canonical(TRUST))
    for name in ("one.picture.json", "picture"):
        (tmp_path / name).write_bytes(made())
        found = verify_path(tmp_path / name, keys)
        assert (found.status, found.complete) == (Status.VERIFIED, True)
        assert found.summary.startswith("VERIFIED: picture 1, 4 of 20 tiles covered (20.0 %); VERIFIED: disclosure of")


def test_nonsense_is_broken_and_never_a_fault() -> None:
    whole = made()
    for data in (b"", b"{}", b"[]", whole[:-1], whole + b"\n", b"\xff" * 90, b'{"v":"pithead/picture-bundle/1"}'):
        assert verify_bundle(data, TRUST).status is Status.BROKEN
    dice = random.Random(7)
    for _ in range(60):
        turned = bytearray(whole)
        turned[dice.randrange(whole.index(b'"picture"'), len(turned))] ^= 1 << dice.randrange(8)
        assert verify_bundle(bytes(turned), TRUST).status is Status.BROKEN


@pytest.mark.parametrize(
    "data",
    [
        b"",
        rasters.PNG,
        png(raster())[:-4],
        png(raster()) + b"x",
        png(raster()).replace(b"IEND", b"IENX"),
        png(raster(), more=chunk(b"tEXt", b"a\0b")),
        png(raster(), more=chunk(b"gAMA", b"\0\0\0\1")),
        png(raster(), more=chunk(b"iCCP", b"x\0\0")),
        png(raster(), filter=5),
        png(raster(), tail=b"more"),
        rasters.PNG + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        png(Raster(2, 2, bytes(9))),
    ],
)
def test_a_png_that_could_hold_anything_besides_its_pixels_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        rasters.read(data)


def test_a_png_that_unpacks_without_an_end_is_given_up() -> None:
    head = (1000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    bomb = zlib.compress(bytes(50_000_000), 9)
    with pytest.raises(ValueError, match="more or fewer"):
        rasters.read(rasters.PNG + chunk(b"IHDR", head) + chunk(b"IDAT", bomb) + chunk(b"IEND", b""))


def test_every_filter_of_png_is_undone() -> None:
    width, rows = 5, [bytes(range(at, at + 15)) for at in (3, 60, 120, 200, 31)]
    written, above = [], bytes(15)
    for kind, row in enumerate(rows):
        written.append(bytes((kind,)) + _filtered(kind, row, above))
        above = row
    head = width.to_bytes(4, "big") + (5).to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    body = chunk(b"IDAT", zlib.compress(b"".join(written)))
    assert rasters.read(rasters.PNG + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")).pixels == b"".join(rows)


def _filtered(kind: int, row: bytes, above: Sequence[int]) -> bytes:
    found = bytearray()
    for at, value in enumerate(row):
        left, corner = (row[at - 3], above[at - 3]) if at >= 3 else (0, 0)
        guess = left + above[at] - corner
        near = min((left, above[at], corner), key=lambda one: abs(guess - one))
        found.append((value - (0, left, above[at], (left + above[at]) // 2, near)[kind]) % 256)
    return bytes(found)
