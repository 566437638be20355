"""A picture of which parts are covered, and the proof that the rest is what it was: its tree, its check offline.

The tree of a picture has a leaf for each tile; its salts are made from one secret, down the same tree. What is
published are the seeds of the largest parts without a covered tile, and the hashes of the largest covered parts:
so whoever has the file makes every other leaf anew, and nobody can try out what a covered tile may have shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from storage.record.ledger.proofs import disclosures, rasters
from storage.record.ledger.proofs.canonical import (
    canonical,
    from_base64url,
    is_hash,
    is_integer,
    parse_canonical,
    to_base64url,
)
from storage.record.ledger.proofs.rasters import Raster
from storage.record.ledger.proofs.verdicts import Checks, Status, Verdict, printable

RENDITION: Final = "pithead/rendition/1"
"""How a picture is made of its original before its tiles are cut."""
VERSION: Final = "pithead/picture-bundle/1"
SUFFIX: Final = ".picture.json"
LIMIT: Final = 8_388_608
"""The most bytes of a bundle."""
TILE: Final = 16
SECRET: Final = 32
"""Bytes of the secret of a picture."""
FILL: Final = bytes((128, 128, 128))
"""What every pixel of a covered tile becomes, whatever it was: so nothing of it is left to undo."""
MOST_REGIONS: Final = 40
MOST_PICTURES: Final = 6
HINT: Final = 4
"""Bytes of each leaf that stand in a bundle to say which tile differs; nothing is proven by them."""
_LEAF, _NODE, _LEFT, _RIGHT = b"\x00", b"\x01", b"\x02", b"\x03"
_MEMBERS = {"v", "disclosure", "ordinal", "picture", "proof", "hints"}
_PICTURE = {"alt", "file", "size", "original", "rendition", "reduced", "width", "height", "tile", "root", "regions"}
_REGION = {"left", "top", "right", "bottom"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A rectangle of whole tiles, in pixels; right and bottom are the first that do not belong to it."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Grid:
    """How a picture is cut: tiles of `TILE` pixels a side, row by row; at the right and lower edge they may be less."""

    width: int
    height: int

    @property
    def across(self) -> int:
        """Tiles in a row."""
        return -(-self.width // TILE)

    @property
    def count(self) -> int:
        """Tiles of the picture."""
        return self.across * -(-self.height // TILE)

    def place(self, tile: int) -> Region:
        """The pixels of a tile."""
        top, left = (part * TILE for part in divmod(tile, self.across))
        return Region(left=left, top=top, right=min(left + TILE, self.width), bottom=min(top + TILE, self.height))

    def covered(self, regions: Sequence[Region]) -> frozenset[int]:
        """The tiles of these regions."""
        return frozenset(
            row * self.across + column
            for one in regions
            for row in range(one.top // TILE, -(-one.bottom // TILE))
            for column in range(one.left // TILE, -(-one.right // TILE))
        )


@dataclass(frozen=True, slots=True)
class Proven:
    """What a tree comes to: its root, the values that are published of it, and the beginnings of its leaves."""

    root: bytes
    values: tuple[bytes, ...]
    hints: bytes


def covered(raster: Raster, regions: Sequence[Region]) -> Raster:
    """The picture with these regions filled; what stood there is nowhere in it."""
    line, rows = raster.width * rasters.BYTES, bytearray(raster.pixels)
    for one in regions:
        fill = FILL * (one.right - one.left)
        for row in range(one.top, one.bottom):
            at = row * line + one.left * rasters.BYTES
            rows[at : at + len(fill)] = fill
    return Raster(raster.width, raster.height, bytes(rows))


def proven(raster: Raster, regions: Sequence[Region], secret: bytes) -> Proven:
    """The tree of an uncovered picture under its secret, and what of it is published beside the covered one."""
    grid = Grid(raster.width, raster.height)
    hidden, leaves = grid.covered(regions), list[bytes]()
    values: list[bytes] = []

    def walk(low: int, high: int, seed: bytes, *, told: bool) -> bytes:
        many = sum(one in hidden for one in range(low, high)) if not told else 0
        ends = not told and many in (0, high - low)
        place = len(values)
        if ends:
            values.append(seed)
        if high - low == 1:
            found = _leaf(seed, _tile(raster, grid, low))
            leaves.append(found)
        else:
            middle = low + _split(high - low)
            left = walk(low, middle, _child(_LEFT, seed), told=told or ends)
            found = _node(left, walk(middle, high, _child(_RIGHT, seed), told=told or ends))
        if ends and many:
            values[place] = found
        return found

    root = walk(0, grid.count, secret, told=False)
    hints = b"".join(bytes(HINT) if at in hidden else leaf[:HINT] for at, leaf in enumerate(leaves))
    return Proven(root, tuple(values), hints)


def root_of(raster: Raster, secret: bytes) -> bytes:
    """The root of an uncovered picture under its secret: for whoever holds the original and was told the secret."""
    return proven(raster, (), secret).root


def found_root(raster: Raster, regions: Sequence[Region], values: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The root that a covered picture comes to by the published values, and the beginnings of its leaves.

    ValueError where there are more or fewer values than its regions ask for.
    """
    grid, left = Grid(raster.width, raster.height), list(reversed(values))
    hidden, hints = grid.covered(regions), bytearray()

    def of_seed(low: int, high: int, seed: bytes) -> bytes:
        if high - low == 1:
            leaf = _leaf(seed, _tile(raster, grid, low))
            hints.extend(leaf[:HINT])
            return leaf
        middle = low + _split(high - low)
        first = of_seed(low, middle, _child(_LEFT, seed))
        return _node(first, of_seed(middle, high, _child(_RIGHT, seed)))

    def walk(low: int, high: int) -> bytes:
        many = sum(one in hidden for one in range(low, high))
        if many and many < high - low:
            middle = low + _split(high - low)
            first = walk(low, middle)
            return _node(first, walk(middle, high))
        if not left:
            raise ValueError("the proof has fewer values than the regions ask for")
        value = left.pop()
        if many:
            hints.extend(bytes(HINT * many))
            return value
        return of_seed(low, high, value)

    root = walk(0, grid.count)
    if left:
        raise ValueError("the proof has more values than the regions ask for")
    return root, bytes(hints)


def must_be_filled(raster: Raster, regions: Sequence[Region]) -> None:
    """ValueError where a covered tile shows anything but the fill."""
    for one in regions:
        wanted = FILL * (one.right - one.left)
        for row in range(one.top, one.bottom):
            if raster.rows_of(one.left, row, one.right, row + 1) != wanted:
                raise ValueError(f"the covered region at {one.left}, {one.top} shows something in row {row}")


def bundle(*, disclosure: bytes, ordinal: int, picture: bytes, values: Sequence[bytes], hints: bytes) -> bytes:
    """The file that proves one picture of a disclosure, with the disclosure's own bundle in it."""
    return canonical({
        "v": VERSION, "disclosure": disclosure.decode(), "ordinal": ordinal, "picture": to_base64url(picture),
        "proof": [one.hex() for one in values], "hints": to_base64url(hints),
    })  # fmt: skip


def is_bundle(data: bytes) -> bool:
    """Do these bytes look like a bundle of a picture, whatever their file is called?"""
    return data.endswith(f'"v":"{VERSION}"}}'.encode())


def verify_bundle(data: bytes, trust: Mapping[str, Any] | None) -> Verdict:
    """Check a picture's bundle: the disclosure in it, the file, and that all but the covered tiles is what it was."""
    checks = Checks()
    parts = checks.run("bundle", lambda: _read(data))
    shown = checks.run("disclosure", lambda: _disclosure(parts, trust), parts)
    member = checks.run("member", lambda: _member(parts, shown), parts, shown)
    raster = checks.run("picture", lambda: _raster(parts, member), parts, member)
    checks.run("covered", lambda: _filled(raster, member), raster, member)
    checks.run("tiles", lambda: _tiles(parts, raster, member), parts, raster, member)
    made = tuple(checks.made)
    failed = next((check for check in made if check.ok is False), None)
    if failed is not None or member is None or shown is None:
        where = f"{failed.name}: {failed.detail}" if failed else "nothing was checked"
        return Verdict(Status.BROKEN, made, printable(f"BROKEN: picture: {where}"))
    told = f"picture {parts['ordinal'] + 1}, {share(member)}; {shown.summary}" if parts else ""
    return Verdict(shown.status, made, printable(f"{shown.status.value}: {told}"))


def regions_of(member: Mapping[str, Any]) -> list[Region]:
    """The covered regions of a picture as its copy names them."""
    return [Region(**one) for one in member["regions"]]


def share(member: Mapping[str, Any]) -> str:
    """How much of a picture is covered, in words."""
    grid = Grid(member["width"], member["height"])
    hidden = len(grid.covered(regions_of(member)))
    return f"{hidden} of {grid.count} tiles covered ({hidden * 1000 // grid.count / 10} %)"


def _read(data: bytes) -> tuple[dict[str, Any], str]:
    members = parse_canonical(data, LIMIT)
    if members.keys() != _MEMBERS or members["v"] != VERSION:
        raise ValueError(f"not an object of {', '.join(sorted(_MEMBERS))} with v {VERSION}")
    if not is_integer(members["ordinal"], at_least=0, at_most=MOST_PICTURES - 1):
        raise ValueError(f"ordinal is no number from 0 to {MOST_PICTURES - 1}")
    if type(members["disclosure"]) is not str:
        raise ValueError("disclosure is no text")
    if type(members["proof"]) is not list or not all(is_hash(one) for one in members["proof"]):
        raise ValueError("proof is no list of hashes")
    return members, f"canonical, {len(data)} bytes"


def _disclosure(parts: Any, trust: Mapping[str, Any] | None) -> tuple[Verdict, str]:
    found = disclosures.verify_bundle(parts["disclosure"].encode(), trust)
    if found.status is Status.BROKEN:
        raise ValueError(found.summary)
    return found, found.summary


def _member(parts: Any, shown: Any) -> tuple[dict[str, Any], str]:
    """What the copy, whose digest the log holds, says of this picture."""
    copy = parse_canonical(parse_canonical(parts["disclosure"].encode(), disclosures.LIMIT)["copy"].encode(),
                           disclosures.COPY_LIMIT)  # fmt: skip
    those, at = copy.get("pictures"), parts["ordinal"]
    if type(those) is not list or len(those) <= at or type(those[at]) is not dict:
        raise ValueError(f"the copy has no picture {at + 1}")
    one = those[at]
    if one.keys() != _PICTURE or one["rendition"] != RENDITION or one["tile"] != TILE:
        raise ValueError(f"it is no object of {', '.join(sorted(_PICTURE))}, or made in a way that is not known")
    if not all(is_hash(one[name]) for name in ("file", "original", "root")):
        raise ValueError("file, original or root is no digest")
    if not all(is_integer(one[name], at_least=1) for name in ("size", "reduced", "width", "height")):
        raise ValueError("a size is no number")
    _must_be_regions(one)
    return one, f"original {one['original']}, root {one['root']}"


def _must_be_regions(one: Mapping[str, Any]) -> None:
    grid, found = Grid(one["width"], one["height"]), one["regions"]
    if grid.width * grid.height > rasters.MOST_PIXELS:
        raise ValueError(f"it is larger than {rasters.MOST_PIXELS} pixels")
    if type(found) is not list or len(found) > MOST_REGIONS:
        raise ValueError(f"regions is no list of at most {MOST_REGIONS}")
    for at, each in enumerate(found):
        if type(each) is not dict or each.keys() != _REGION or not all(is_integer(side) for side in each.values()):
            raise ValueError(f"region {at} is no object of {', '.join(sorted(_REGION))}")
        if not all(_is_of_tiles(*ends) for ends in ((each["left"], each["right"], grid.width),
                                                    (each["top"], each["bottom"], grid.height))):  # fmt: skip
            raise ValueError(f"region {at} is none of whole tiles within the picture")


def _is_of_tiles(first: int, last: int, size: int) -> bool:
    return 0 <= first < last <= size and first % TILE == 0 and (last % TILE == 0 or last == size)


def _raster(parts: Any, member: Any) -> tuple[Raster, str]:
    data = from_base64url(parts["picture"])
    if (digest := sha256(data).hexdigest()) != member["file"] or len(data) != member["size"]:
        raise ValueError(f"the file has digest {digest} and {len(data)} bytes; the copy names {member['file']}")
    found = rasters.read(data)
    if (found.width, found.height) != (member["width"], member["height"]):
        raise ValueError(f"the file is {found.width} x {found.height} pixels large, not as the copy says")
    return found, f"{found.width} x {found.height} pixels, digest {digest}"


def _filled(raster: Any, member: Any) -> tuple[bool, str]:
    must_be_filled(raster, regions_of(member))
    return True, share(member)


def _tiles(parts: Any, raster: Any, member: Any) -> tuple[bool, str]:
    root, hints = found_root(raster, regions_of(member), [bytes.fromhex(one) for one in parts["proof"]])
    if root.hex() != member["root"]:
        raise ValueError(f"{_which(raster, hints, parts['hints'])}: the tiles come to root {root.hex()}")
    grid = Grid(raster.width, raster.height)
    return True, f"every pixel of {grid.count - len(grid.covered(regions_of(member)))} tiles is what it was"


def _which(raster: Raster, found: bytes, told: Any) -> str:
    """Which tiles differ, as far as the hints say; they prove nothing, and a forger may have changed them as well."""
    try:
        those = list(_different(found, from_base64url(told)))
    except ValueError:
        those = []
    if not those:
        return "something differs"
    first = Grid(raster.width, raster.height).place(those[0])
    more = f" and {len(those) - 1} more" if len(those) > 1 else ""
    return f"the tile at {first.left}, {first.top}{more} differs"


def _different(found: bytes, told: bytes) -> Iterator[int]:
    for at in range(0, len(found), HINT):
        if found[at : at + HINT] != told[at : at + HINT]:
            yield at // HINT


def _tile(raster: Raster, grid: Grid, tile: int) -> bytes:
    at = grid.place(tile)
    return raster.rows_of(at.left, at.top, at.right, at.bottom)


def _split(count: int) -> int:
    """The largest power of two below the count, as in the log's own tree."""
    return int(1 << ((count - 1).bit_length() - 1))


def _leaf(salt: bytes, pixels: bytes) -> bytes:
    return sha256(_LEAF + salt + pixels).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def _child(side: bytes, seed: bytes) -> bytes:
    return sha256(side + seed).digest()
