"""Bundles of a picture with covered tiles, made from fixed pixels and keys, and what fails in those that are wrong."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import pictures
from storage.record.ledger.proofs.canonical import canonical, from_base64url, parse_canonical, to_base64url
from storage.record.ledger.proofs.disclosures import COPY_VERSION
from storage.record.ledger.proofs.pictures import RENDITION, TILE, Region
from storage.record.ledger.proofs.rasters import PNG, Raster
from tests.vectors import disclosed, sample

WIDTH, HEIGHT = 70, 50
SECRET = bytes(range(32))
REGIONS = (Region(left=16, top=0, right=48, bottom=16), Region(left=64, top=32, right=70, bottom=50))


def raster(*, changed: tuple[int, int] | None = None, width: int = WIDTH, height: int = HEIGHT) -> Raster:
    """Pixels of no photo; `changed` is a place whose red is another by one."""
    pixels = bytearray((row * 7 + column * 3 + at * 50) % 256 for row in range(height) for column in range(width)
                       for at in range(3))  # fmt: skip
    if changed is not None:
        pixels[(changed[1] * width + changed[0]) * 3] ^= 1
    return Raster(width, height, bytes(pixels))


def png(of: Raster, *, more: bytes = b"", filter: int = 0, tail: bytes = b"") -> bytes:
    """A PNG without filters; `more` are chunks before the pixels, `tail` is hidden behind them."""
    line = of.width * 3
    rows = b"".join(bytes((filter,)) + of.pixels[at : at + line] for at in range(0, len(of.pixels), line))
    head = of.width.to_bytes(4, "big") + of.height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    packed = zlib.compress(rows, 0) + tail
    return PNG + chunk(b"IHDR", head) + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def ending(of: Raster) -> bytes:
    """The checksum with which packed pixels end."""
    line = of.width * 3
    rows = b"".join(bytes((0,)) + of.pixels[at : at + line] for at in range(0, len(of.pixels), line))
    return zlib.adler32(rows).to_bytes(4, "big")


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def member(file: bytes, regions: Sequence[Region] = REGIONS, **changes: Any) -> dict[str, Any]:
    """What a copy says of the picture."""
    said = {
        "alt": "井下工作面", "file": sha256(file).hexdigest(), "size": len(file), "original": "ab" * 32,
        "rendition": RENDITION, "reduced": 4, "width": WIDTH, "height": HEIGHT, "tile": TILE,
        "root": pictures.root_of(raster(), SECRET).hex(),
        "regions": [{"left": one.left, "top": one.top, "right": one.right, "bottom": one.bottom} for one in regions],
    }  # fmt: skip
    return said | changes


def made(
    file: bytes | None = None, regions: Sequence[Region] = REGIONS, *, server: sample.Server | None = None,
    told: Sequence[Region] | None = None, **changes: Any,
) -> bytes:  # fmt: skip
    """A bundle that holds, unless what is handed in does not."""
    proven = pictures.proven(raster(), regions, SECRET)
    shown = file if file is not None else png(pictures.covered(raster(), regions))
    said = member(shown, regions if told is None else told, **changes)
    return bundled(shown, said, proven, server=server)


def bundled(
    shown: bytes, said: dict[str, Any], proven: pictures.Proven, *, server: sample.Server | None = None
) -> bytes:
    """The bundle of this file, of which a copy says this."""
    copy = canonical({"v": COPY_VERSION, "kind": "EXPOSURE", "pictures": [said]})
    first = disclosed.entry("published", 0, digest=sha256(copy).hexdigest())
    entry = replace(first, data=first.data | {"kind": "EXPOSURE"})
    disclosure = disclosed.made([entry], copy=copy, server=server)
    return pictures.bundle(disclosure=disclosure, ordinal=0, picture=shown, values=proven.values, hints=proven.hints)


def flipped(at: tuple[int, int], regions: Sequence[Region] = REGIONS) -> bytes:
    """The covered picture with one bit of one pixel turned, after it was covered."""
    shown = bytearray(pictures.covered(raster(), regions).pixels)
    shown[(at[1] * WIDTH + at[0]) * 3] ^= 1
    return png(Raster(WIDTH, HEIGHT, bytes(shown)))


def picture_vectors() -> dict[str, Any]:
    """Bundles, with what fails in each."""
    return {
        "trust": sample.server().keys.document(),
        "bundles": [_case(name, data, trusted=trusted) for name, (data, trusted) in _cases().items()],
    }  # fmt: skip


def changed(**members: Any) -> bytes:
    """A good bundle with other members."""
    return canonical(parse_canonical(made(), pictures.LIMIT) | members)


def _cases() -> dict[str, tuple[bytes, bool]]:
    whole = parse_canonical(made(), pictures.LIMIT)
    proof, file = whole["proof"], from_base64url(whole["picture"])
    covered = pictures.covered(raster(), REGIONS)
    outside = Region(left=64, top=48, right=80, bottom=64)
    return {
        "two regions": (made(), True),
        "nothing covered": (made(regions=()), True),
        "all covered": (made(regions=(Region(left=0, top=0, right=WIDTH, bottom=HEIGHT),)), True),
        "without trusted keys": (made(), False),
        "forged with fresh keys": (made(server=sample.server("forger")), True),
        "one pixel outside changed": (made(flipped((3, 20))), True),
        "one pixel inside changed": (made(flipped((20, 3))), True),
        "another file": (changed(picture=to_base64url(file[:-1])), True),
        "another original's root": (made(root="cd" * 32), True),
        "a region outside": (made(told=[outside]), True),
        "a region that is no whole tile": (made(told=[Region(left=3, top=0, right=16, bottom=16)]), True),
        "a region of nothing": (made(told=[Region(left=16, top=16, right=16, bottom=32)]), True),
        "one value too few": (changed(proof=proof[:-1]), True),
        "one value too many": (changed(proof=[*proof, "00" * 32]), True),
        "another value": (changed(proof=["00" * 32, *proof[1:]]), True),
        "no such picture": (changed(ordinal=1), True),
        "hints that are none": (changed(hints="AAAA"), True),
        "a comment in the file": (made(png(covered, more=chunk(b"tEXt", b"Comment\0who"))), True),
        "something behind the pixels": (made(png(covered, tail=b"hidden")), True),
        "something behind the pixels that ends as they do": (made(png(covered, tail=b"x" + ending(covered))), True),
        "an unknown filter": (made(png(covered, filter=9)), True),
        "a picture of another size": (made(width=WIDTH - 1), True),
        "no bundle": (b"{}", True),
    }  # fmt: skip


def _case(name: str, data: bytes, *, trusted: bool) -> dict[str, Any]:
    verdict = pictures.verify_bundle(data, sample.server().keys.document() if trusted else None)
    failed = verdict.failed
    return {
        "name": name, "bundle": data.decode(), "trusted": trusted, "status": verdict.status.value,
        "failing": failed.name if failed else None, "detail": failed.detail if failed else None,
        "summary": verdict.summary,
    }  # fmt: skip
