"""A picture's bundle held against the original that somebody has: its digest, its pixels, and the covered ones, too."""

from collections.abc import Mapping
from typing import Any

from storage.record.ledger.proofs import disclosures, pictures
from storage.record.ledger.proofs.canonical import from_base64url, parse_canonical
from storage.record.ledger.proofs.pictures import Grid, regions_of, share
from storage.record.ledger.proofs.rasters import Raster, read
from storage.record.ledger.proofs.verdicts import Checks, Status, Verdict, printable

NOT_DECODED = "the original cannot be decoded here"
NO_SECRET = "no secret given: what is covered is not compared"  # noqa: S105 # What is said without one.


def verify_with_original(
    data: bytes, trust: Mapping[str, Any] | None, *, digest: str, rendition: Raster | None, secret: bytes | None
) -> Verdict:
    """All checks of the bundle, and whether it was made of this original: `rendition` is made of it by whoever asks."""
    found = pictures.verify_bundle(data, trust)
    if found.status is Status.BROKEN:
        return found
    checks, (member, shown) = Checks(list(found.checks)), _of(data)
    checks.run("original", lambda: _original(member, digest))
    if rendition is None:
        checks.skip("rendition", NOT_DECODED)
    else:
        checks.run("rendition", lambda: _rendition(member, shown, rendition))
    if secret is None or rendition is None:
        checks.skip("root", NO_SECRET if secret is None else NOT_DECODED)
    else:
        checks.run("root", lambda: _root(member, rendition, secret))
    made = tuple(checks.made)
    failed = next((check for check in made if check.ok is False), None)
    if failed is not None:
        return Verdict(Status.BROKEN, made, printable(f"BROKEN: picture: {failed.name}: {failed.detail}"))
    return Verdict(found.status, made, found.summary)


def _of(data: bytes) -> tuple[dict[str, Any], Raster]:
    """What a bundle that holds says of its picture, and the picture."""
    whole = parse_canonical(data, pictures.LIMIT)
    disclosure = parse_canonical(whole["disclosure"].encode(), disclosures.LIMIT)
    copy = parse_canonical(disclosure["copy"].encode(), disclosures.COPY_LIMIT)
    return copy["pictures"][whole["ordinal"]], read(from_base64url(whole["picture"]))


def _original(member: Mapping[str, Any], digest: str) -> tuple[bool, str]:
    if member["original"] != digest:
        raise ValueError(f"the original has digest {digest}; the copy names {member['original']}")
    return True, f"digest {digest}"


def _rendition(member: Mapping[str, Any], shown: Raster, mine: Raster) -> tuple[bool, str]:
    """Every tile that is not covered, pixel by pixel."""
    if (mine.width, mine.height) != (shown.width, shown.height):
        raise ValueError(f"the original renders to {mine.width} x {mine.height} pixels, not as the copy says")
    grid = Grid(shown.width, shown.height)
    for tile in sorted(set(range(grid.count)) - grid.covered(regions_of(member))):
        at = grid.place(tile)
        box = (at.left, at.top, at.right, at.bottom)
        if shown.rows_of(*box) != mine.rows_of(*box):
            raise ValueError(f"the tile at {at.left}, {at.top} is not that of the original, or another decoder made it")
    return True, f"every pixel that is not covered is the original's; {share(member)}"


def _root(member: Mapping[str, Any], mine: Raster, secret: bytes) -> tuple[bool, str]:
    root = pictures.root_of(mine, secret).hex()
    if root != member["root"]:
        raise ValueError(f"the original comes to root {root} under this secret; the copy names {member['root']}")
    return True, "what is covered was the original's, too"
