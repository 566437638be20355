"""The Merkle tree of RFC 6962, kept in tiles of height 8 (C2SP tlog-tiles): pure functions over bytes.

A tile is the bytes of up to 256 hashes of 32 bytes. Tile (level, index) holds the roots of the perfect subtrees of
2^(8·level) leaves numbered 256·index and on. A partial tile is a prefix of the full one, so a tile loaded later, when
the tree was larger, serves every smaller size too.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

TileKey = tuple[int, int]
Tiles = Mapping[TileKey, bytes]


class TileMissing(LookupError):
    """A tile that the caller had to load is not there, or is shorter than the size of the tree demands."""


class Extension(NamedTuple):
    """The tree after appending: its size in leaves, its root, and every tile that is new or longer than before."""

    size: int
    root: bytes
    changed_tiles: dict[TileKey, bytes]


def leaf_hash(digest: bytes) -> bytes:
    """RFC 6962 §2.1: the hash of a leaf whose data is `digest`."""
    return sha256(b"\x00" + digest).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 §2.1: the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def edge_tiles(size: int) -> list[TileKey]:
    """The partial tiles on the right edge of a tree of `size` leaves: what `extend` and `root` need."""
    keys = []
    level, count = 0, size
    while count:
        if count % WIDTH:
            keys.append((level, count // WIDTH))
        level, count = level + 1, count // WIDTH
    return keys


def extend(size: int, leaf_hashes: Iterable[bytes], tiles: Tiles) -> Extension:
    """Append leaf hashes to a tree of `size` leaves of which `tiles` holds the right edge (`edge_tiles`)."""
    changed: dict[TileKey, bytes] = {}
    added = b"".join(leaf_hashes)
    if len(added) % HASH_SIZE:
        raise ValueError("a leaf hash has 32 bytes")
    new_size = size + len(added) // HASH_SIZE
    level, count = 0, size
    while added:
        index, width = divmod(count, WIDTH)
        row = (_tile(tiles, (level, index), width)[: width * HASH_SIZE] if width else b"") + added
        step = WIDTH * HASH_SIZE
        carried = []
        for start in range(0, len(row), step):
            tile = row[start : start + step]
            changed[level, index] = tile
            index += 1
            if len(tile) == step:
                carried.append(_perfect_root(tile))
        added = b"".join(carried)
        level, count = level + 1, count // WIDTH
    # Unchanged tiles of upper levels still belong to the edge.
    return Extension(new_size, root(new_size, {**tiles, **changed}), changed)


def root(size: int, tiles: Tiles) -> bytes:
    """The root of the tree of `size` leaves, from its right edge (`edge_tiles`)."""
    return _range_root(0, size, tiles)


def inclusion_tiles(position: int, size: int) -> list[TileKey]:
    """The tiles to load for `inclusion_proof`: at most two a level."""
    return _tiles_of(_inclusion_ranges(position, size))


def inclusion_proof(position: int, size: int, tiles: Tiles) -> list[bytes]:
    """RFC 6962 §2.1.1: the audit path of the leaf at `position` (from 0) in the tree of `size` leaves."""
    return [_range_root(start, end, tiles) for start, end in _inclusion_ranges(position, size)]


def consistency_tiles(old: int, new: int) -> list[TileKey]:
    """The tiles to load for `consistency_proof`: at most three a level."""
    return _tiles_of(_consistency_ranges(old, new))


def consistency_proof(old: int, new: int, tiles: Tiles) -> list[bytes]:
    """RFC 6962 §2.1.2: the proof that the tree of `new` leaves begins with the tree of `old`; empty for old = 0."""
    return [_range_root(start, end, tiles) for start, end in _consistency_ranges(old, new)]


def verify_inclusion(leaf_hash: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 §2.1.3.2: does the path lead from the leaf hash to the root?"""
    computed = inclusion_root(leaf_hash, position, size, proof)
    return computed is not None and computed == root


def inclusion_root(leaf_hash: bytes, position: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that the path leads to; None if its length cannot belong to this position and size."""
    if not 0 <= position < size:
        return None
    node, last, result = position, size - 1, leaf_hash
    for sibling in proof:
        if last == 0 or len(sibling) != HASH_SIZE:
            return None
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return result if last == 0 else None


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 §2.1.4.2: does the tree with the new root begin with the tree with the old one?"""
    if not 0 <= old_size <= new_size or any(len(item) != HASH_SIZE for item in proof):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def tile_path(level: int, index: int, width: int) -> str:
    """The C2SP tlog-tiles path of a tile, `tile/L/x001/x234/067` and `.p/W` if it is partial (1 <= width <= 256)."""
    return f"tile/{level}/{_index_path(index, width)}"


def entries_path(index: int, width: int) -> str:
    """The C2SP tlog-tiles path of the entry bundle beside tile (0, index)."""
    return f"tile/entries/{_index_path(index, width)}"


def entry_bundle(digests: Iterable[bytes]) -> bytes:
    """C2SP tlog-tiles: the leaves' data, each after its length in two bytes, most significant first."""
    return b"".join([len(digest).to_bytes(2, "big") + digest for digest in digests])


def _index_path(index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= WIDTH:
        raise ValueError("a tile has an index from 0 and 1 to 256 hashes")
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups)) + ("" if width == WIDTH else f".p/{width}")


def _tile(tiles: Tiles, key: TileKey, width: int) -> bytes:
    tile = tiles.get(key, b"")
    if len(tile) < width * HASH_SIZE:
        raise TileMissing(f"tile {key[0]}/{key[1]} needs {width} hashes and has {len(tile) // HASH_SIZE}")
    return tile


def _perfect_root(row: bytes) -> bytes:
    """The root over 2^n hashes that stand side by side; one pass a level, no object but the hashes."""
    new = sha256
    hashes = row
    while len(hashes) > HASH_SIZE:
        hashes = b"".join([new(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, len(hashes), 64)])
    return hashes


def _perfect_nodes(start: int, end: int) -> list[tuple[int, int]]:
    """The perfect subtrees (height, index) that make up the leaves [start, end), `start` being aligned; left first."""
    nodes = []
    while start < end:
        height = (end - start).bit_length() - 1
        nodes.append((height, start >> height))
        start += 1 << height
    return nodes


def _place(height: int, index: int) -> tuple[TileKey, int, int]:
    """Where a perfect subtree stands: its tile, the first hash in it, and how many hashes it covers."""
    level, within = divmod(height, HEIGHT)
    first = index << within
    return (level, first // WIDTH), first % WIDTH, 1 << within


def _range_root(start: int, end: int, tiles: Tiles) -> bytes:
    """The root over the leaves [start, end)."""
    result: bytes | None = None
    for height, index in reversed(_perfect_nodes(start, end)):
        key, first, count = _place(height, index)
        tile = _tile(tiles, key, first + count)
        perfect = _perfect_root(tile[first * HASH_SIZE : (first + count) * HASH_SIZE])
        result = perfect if result is None else node_hash(perfect, result)
    return EMPTY_ROOT if result is None else result


def _tiles_of(ranges: Iterable[tuple[int, int]]) -> list[TileKey]:
    return sorted({_place(*node)[0] for start, end in ranges for node in _perfect_nodes(start, end)})


def _split(count: int) -> int:
    """RFC 6962: the largest power of two smaller than `count` (>= 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def _inclusion_ranges(position: int, size: int) -> list[tuple[int, int]]:
    """The leaves under each hash of the audit path, nearest first."""
    if not 0 <= position < size:
        raise ValueError(f"position {position} is not in a tree of {size}")
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The leaves under each hash of the consistency proof, in the order of RFC 6962 §2.1.2."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    if old in (0, new):
        return []
    ranges = []
    start, end, whole = 0, new, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    # The verifier already holds the old root when the old tree is a subtree of the new one.
    return ([] if whole else [(start, end)]) + ranges[::-1]
