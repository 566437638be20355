"""The Merkle tree in tiles against a naive reading of RFC 6962."""

import random
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.record.ledger.proofs import merkle

pytestmark = pytest.mark.quick


@cache
def leaf(position: int) -> bytes:
    return merkle.leaf_hash(sha256(str(position).encode()).digest())


@cache
def naive_root(start: int, end: int) -> bytes:
    if start == end:
        return sha256(b"").digest()
    if end - start == 1:
        return leaf(start)
    middle = start + naive_split(end - start)
    return sha256(b"\x01" + naive_root(start, middle) + naive_root(middle, end)).digest()


def naive_split(count: int) -> int:
    split = 1
    while split * 2 < count:
        split *= 2
    return split


def naive_path(position: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + naive_split(end - start)
    if position < middle:
        return [*naive_path(position, start, middle), naive_root(middle, end)]
    return [*naive_path(position, middle, end), naive_root(start, middle)]


def naive_consistency(old: int, start: int, end: int, whole: bool) -> list[bytes]:
    if old == end:
        return [] if whole else [naive_root(start, end)]
    middle = start + naive_split(end - start)
    if old <= middle:
        return [*naive_consistency(old, start, middle, whole), naive_root(middle, end)]
    return [*naive_consistency(old, middle, end, False), naive_root(start, middle)]


def grown(*batches: int) -> tuple[int, dict[merkle.TileKey, bytes]]:
    """A tree grown batch by batch, each time handing over nothing but the right edge."""
    size, tiles = 0, dict[merkle.TileKey, bytes]()
    for batch in batches:
        edge = {key: tiles[key] for key in merkle.edge_tiles(size)}
        extension = merkle.extend(size, [leaf(at) for at in range(size, size + batch)], edge)
        for key, tile in extension.changed_tiles.items():
            assert tile.startswith(tiles.get(key, b"")), "a partial tile is a prefix of the fuller one"
        tiles.update(extension.changed_tiles)
        size = extension.size
        assert extension.root == naive_root(0, size)
    return size, tiles


def test_every_root_up_to_600_is_that_of_the_rfc() -> None:
    size, tiles = grown(*[1] * 600)
    for smaller in range(size + 1):
        assert merkle.root(smaller, tiles) == naive_root(0, smaller)


def test_every_inclusion_proof_is_that_of_the_rfc_and_verifies_from_its_tiles_alone() -> None:
    _, tiles = grown(600)
    chosen = random.Random(6962)
    for size in range(1, 601):
        for position in {0, size - 1, size // 2, chosen.randrange(size), chosen.randrange(size)}:
            needed = {key: tiles[key] for key in merkle.inclusion_tiles(position, size)}
            proof = merkle.inclusion_proof(position, size, needed)
            assert proof == naive_path(position, 0, size)
            assert merkle.verify_inclusion(leaf(position), position, size, proof, naive_root(0, size))


def test_every_consistency_proof_is_that_of_the_rfc_and_verifies_from_its_tiles_alone() -> None:
    _, tiles = grown(600)
    chosen = random.Random(9162)
    for new in range(1, 601):
        for old in {0, 1, new, new - 1, new // 2, chosen.randrange(new), chosen.randrange(new)}:
            needed = {key: tiles[key] for key in merkle.consistency_tiles(old, new)}
            proof = merkle.consistency_proof(old, new, needed)
            assert proof == (naive_consistency(old, 0, new, True) if old else [])
            assert merkle.verify_consistency(old, new, naive_root(0, old), naive_root(0, new), proof)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=6), st.data())
def test_larger_trees_grown_in_any_batches_prove_the_same(batches: list[int], data: st.DataObject) -> None:
    size, tiles = grown(*batches)
    position = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert merkle.inclusion_proof(position, size, tiles) == naive_path(position, 0, size)
    assert merkle.consistency_proof(old, size, tiles) == naive_consistency(old, 0, size, True)


def test_a_tree_of_three_tile_levels_is_that_of_the_rfc() -> None:
    size, tiles = grown(65_000, 1_000)
    assert (2, 0) in tiles
    for position in (0, 255, 256, 65_535, 65_536, size - 1):
        assert merkle.inclusion_proof(position, size, tiles) == naive_path(position, 0, size)
    for old in (1, 256, 65_535, 65_536, 65_537):
        assert merkle.consistency_proof(old, size, tiles) == naive_consistency(old, 0, size, True)


@given(st.integers(1, 2**40), st.data())
def test_a_proof_needs_few_tiles_however_large_the_tree(size: int, data: st.DataObject) -> None:
    levels = (size.bit_length() + 7) // 8
    position, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    assert len(merkle.inclusion_tiles(position, size)) <= 2 * levels
    assert len(merkle.consistency_tiles(old, size)) <= 3 * levels


@settings(deadline=None)
@given(st.integers(2, 600), st.data())
def test_a_proof_changed_anywhere_proves_nothing(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    proof = naive_path(position, 0, size)
    whole = naive_root(0, size)
    changed = data.draw(st.integers(0, len(proof) - 1))
    wrong = [*proof[:changed], bytes(32), *proof[changed + 1 :]]
    assert not merkle.verify_inclusion(leaf(position), position, size, wrong, whole)
    assert not merkle.verify_inclusion(leaf(position), position, size, proof[:-1], whole)
    assert not merkle.verify_inclusion(leaf(position), position, size, [*proof, bytes(32)], whole)
    assert not merkle.verify_inclusion(bytes(32), position, size, proof, whole)
    assert not merkle.verify_inclusion(leaf(position), size, size, proof, whole)
    old = data.draw(st.integers(1, size - 1))
    steps = naive_consistency(old, 0, size, True)
    assert not merkle.verify_consistency(old, size, naive_root(0, old), whole, steps[:-1])
    assert not merkle.verify_consistency(old, size, naive_root(0, old), whole, [*steps[:-1], bytes(32)])
    assert not merkle.verify_consistency(old, size, bytes(32), whole, steps)


def test_a_missing_or_short_tile_is_named() -> None:
    _, tiles = grown(300)
    with pytest.raises(merkle.TileMissing, match="tile 0/1 needs 44 hashes and has 0"):
        merkle.root(300, {(1, 0): tiles[1, 0]})
    with pytest.raises(merkle.TileMissing, match="tile 0/1 needs 44 hashes and has 40"):
        merkle.extend(300, [leaf(300)], {(1, 0): tiles[1, 0], (0, 1): tiles[0, 1][: 40 * 32]})


def test_paths_and_entry_bundles_are_those_of_tlog_tiles() -> None:
    assert merkle.tile_path(0, 1_234_067, 256) == "tile/0/x001/x234/067"
    assert merkle.tile_path(0, 1_234_067, 5) == "tile/0/x001/x234/067.p/5"
    assert merkle.tile_path(3, 0, 1) == "tile/3/000.p/1"
    assert merkle.entries_path(1_000, 256) == "tile/entries/x001/000"
    assert merkle.entry_bundle([b"\x07" * 32, b"\x08" * 32]) == b"\0\x20" + b"\x07" * 32 + b"\0\x20" + b"\x08" * 32
    with pytest.raises(ValueError, match="1 to 256"):
        merkle.tile_path(0, 0, 257)
